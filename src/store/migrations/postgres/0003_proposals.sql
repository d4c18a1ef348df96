-- People with keys of their own, and what they propose and approve.
CREATE TABLE officer (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    public_key BYTEA NOT NULL,
    key_sha256 BYTEA NOT NULL UNIQUE,
    enrolled_at BIGINT NOT NULL,
    removed_at BIGINT
);
-- One person is one officer: two keys of the same person are not two people.
CREATE UNIQUE INDEX officer_person ON officer (organisation, name) WHERE removed_at IS NULL;

CREATE TABLE proposal (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    act TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    sha256 BYTEA NOT NULL,
    proposer TEXT COLLATE "C" NOT NULL REFERENCES officer (id),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'carried-out', 'rejected', 'withdrawn', 'failed')),
    proposed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_at BIGINT,
    outcome TEXT COLLATE "C"
);
CREATE INDEX proposal_time ON proposal (proposed_at, id);

CREATE TABLE proposal_statement (
    proposal TEXT COLLATE "C" NOT NULL REFERENCES proposal (id),
    decision TEXT COLLATE "C" NOT NULL,
    officer TEXT COLLATE "C" NOT NULL REFERENCES officer (id),
    statement TEXT COLLATE "C" NOT NULL,
    signature BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (proposal, decision)
);
