-- People with keys of their own, and what they propose and approve.
CREATE TABLE officer (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    public_key BLOB NOT NULL,
    key_sha256 BLOB NOT NULL UNIQUE,
    enrolled_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;
-- One person is one officer: two keys of the same person are not two people.
CREATE UNIQUE INDEX officer_person ON officer (organisation, name) WHERE removed_at IS NULL;

CREATE TABLE proposal (
    id TEXT NOT NULL PRIMARY KEY,
    act TEXT NOT NULL,
    content TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    proposer TEXT NOT NULL REFERENCES officer (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'carried-out', 'rejected', 'withdrawn', 'failed')),
    proposed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    decided_at INTEGER,
    outcome TEXT
) STRICT;
CREATE INDEX proposal_time ON proposal (proposed_at, id);

CREATE TABLE proposal_statement (
    proposal TEXT NOT NULL REFERENCES proposal (id),
    decision TEXT NOT NULL,
    officer TEXT NOT NULL REFERENCES officer (id),
    statement TEXT NOT NULL,
    signature BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (proposal, decision)
) STRICT;
