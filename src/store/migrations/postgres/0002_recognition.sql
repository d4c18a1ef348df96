-- Our recognition list, every one that was published.
CREATE TABLE recognition_list (
    sequence BIGINT NOT NULL PRIMARY KEY,
    sha256 BYTEA NOT NULL,
    signed BYTEA NOT NULL,
    issued_at BIGINT NOT NULL,
    next_update BIGINT NOT NULL
);

-- Lists of others: what is kept to follow each.
CREATE TABLE partner_list (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    pin TEXT NOT NULL,
    imported_at BIGINT NOT NULL
);
