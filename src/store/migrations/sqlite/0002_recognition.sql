-- Our recognition list, every one that was published.
CREATE TABLE recognition_list (
    sequence INTEGER NOT NULL PRIMARY KEY,
    sha256 BLOB NOT NULL,
    signed BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    next_update INTEGER NOT NULL
) STRICT;

-- Lists of others: what is kept to follow each.
CREATE TABLE partner_list (
    name TEXT NOT NULL PRIMARY KEY,
    pin TEXT NOT NULL,
    imported_at INTEGER NOT NULL
) STRICT;
