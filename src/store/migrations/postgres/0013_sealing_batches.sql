-- Documents that were brought together, to be sealed one after the other.
CREATE TABLE sealing_batch (
    id TEXT PRIMARY KEY,
    authority TEXT NOT NULL REFERENCES authority (code),
    -- Token of whoever brought them; none for an operator.
    token TEXT REFERENCES token (id),
    -- How they are to be sealed, encrypted.
    task BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE sealing_batch_file (
    batch TEXT NOT NULL REFERENCES sealing_batch (id),
    number BIGINT NOT NULL,
    -- Its name, encrypted.
    name BYTEA NOT NULL,
    source_sha256 BYTEA NOT NULL,
    -- Who works on it, until when, and how many did before.
    claim BYTEA,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    -- What became of it: a sealing, or encrypted problems.
    sealing TEXT REFERENCES sealing (id),
    problems BYTEA,
    PRIMARY KEY (batch, number)
);
CREATE INDEX sealing_batch_file_waiting ON sealing_batch_file (number, batch) WHERE sealing IS NULL AND problems IS NULL;
