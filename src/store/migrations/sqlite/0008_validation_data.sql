-- Certificates and revocation lists of others. They help to find paths; nothing is believed of them.
CREATE TABLE validation_data (
    sha256 BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('certificate', 'crl')),
    der BLOB NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;
