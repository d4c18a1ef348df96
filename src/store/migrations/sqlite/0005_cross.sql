-- Cross-certificates beside their rows in `certificate`: with whom, on which terms, and what came back.
CREATE TABLE cross_certificate (
    ca TEXT NOT NULL,
    serial BLOB NOT NULL,
    partner TEXT NOT NULL,
    -- What the two agreed on, JSON.
    terms TEXT NOT NULL,
    -- What the partner handed over: its certificate or request, DER.
    handed_over BLOB NOT NULL,
    -- The certificate that the partner issued to our authority, DER.
    issued_to BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (ca, serial)
) STRICT;
