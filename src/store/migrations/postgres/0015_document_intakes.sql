-- Large documents that are being brought in parts, before anything names them.
CREATE TABLE document_intake (
    id BYTEA PRIMARY KEY,
    sha256 BYTEA NOT NULL,
    -- Until when whoever brings it is waited for; then its parts are given up.
    held_until BIGINT NOT NULL
);
CREATE INDEX document_intake_of ON document_intake (sha256);
CREATE INDEX document_intake_held ON document_intake (held_until);
