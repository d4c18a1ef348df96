-- Cross-certificates beside their rows in `certificate`: with whom, on which terms, and what came back.
CREATE TABLE cross_certificate (
    ca TEXT COLLATE "C" NOT NULL,
    serial BYTEA NOT NULL,
    partner TEXT COLLATE "C" NOT NULL,
    -- What the two agreed on, JSON.
    terms TEXT COLLATE "C" NOT NULL,
    -- What the partner handed over: its certificate or request, DER.
    handed_over BYTEA NOT NULL,
    -- The certificate that the partner issued to our authority, DER.
    issued_to BYTEA,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (ca, serial)
);
