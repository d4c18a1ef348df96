-- Certificates and revocation lists of others. They help to find paths; nothing is believed of them.
CREATE TABLE validation_data (
    sha256 BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('certificate', 'crl')),
    der BYTEA NOT NULL,
    added_at BIGINT NOT NULL
);
