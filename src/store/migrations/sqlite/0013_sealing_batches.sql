-- Documents that were brought together, to be sealed one after the other.
CREATE TABLE sealing_batch (
    id TEXT PRIMARY KEY,
    authority TEXT NOT NULL REFERENCES authority (code),
    -- Token of whoever brought them; none for an operator.
    token TEXT REFERENCES token (id),
    -- How they are to be sealed, encrypted.
    task BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE sealing_batch_file (
    batch TEXT NOT NULL REFERENCES sealing_batch (id),
    number BIGINT NOT NULL,
    -- Its name, encrypted.
    name BLOB NOT NULL,
    source_sha256 BLOB NOT NULL,
    -- Who works on it, until when, and how many did before.
    claim BLOB,
    claimed_until BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    -- What became of it: a sealing, or encrypted problems.
    sealing TEXT REFERENCES sealing (id),
    problems BLOB,
    PRIMARY KEY (batch, number)
);
CREATE INDEX sealing_batch_file_waiting ON sealing_batch_file (number, batch) WHERE sealing IS NULL AND problems IS NULL;
