-- Documents that were brought and sealed, or whose signatures were given a higher level.
CREATE TABLE sealing (
    id TEXT PRIMARY KEY,
    -- Credit code of the organisation whose seal was applied, or that had a level raised.
    authority TEXT NOT NULL,
    level TEXT NOT NULL,
    -- SHA-256 of what was brought and of what was made of it.
    source_sha256 BLOB NOT NULL,
    document_sha256 BLOB NOT NULL,
    document_bytes BIGINT NOT NULL,
    sealed_at BIGINT NOT NULL
);
CREATE INDEX sealing_of_authority ON sealing (authority, sealed_at);
