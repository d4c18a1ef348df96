-- Times are microseconds since 1970 UTC, dates YYYY-MM-DD. STRICT: a column holds nothing but its type.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    set_at INTEGER NOT NULL
) STRICT;

CREATE TABLE authority (
    code TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    region TEXT NOT NULL,
    level TEXT NOT NULL,
    parent TEXT REFERENCES authority (code),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX authority_parent ON authority (parent);

CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    secret_sha256 BLOB NOT NULL UNIQUE,
    authority TEXT NOT NULL REFERENCES authority (code),
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;
CREATE INDEX token_authority ON token (authority);

CREATE TABLE key_record (
    name TEXT NOT NULL PRIMARY KEY,
    suite TEXT NOT NULL,
    place TEXT NOT NULL,
    address TEXT,
    sealed BLOB,
    public_key BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE certificate_authority (
    name TEXT NOT NULL PRIMARY KEY,
    suite TEXT NOT NULL,
    key_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    certificate BLOB NOT NULL,
    parent TEXT REFERENCES certificate_authority (name),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE certificate (
    ca TEXT NOT NULL,
    serial BLOB NOT NULL,
    tbs_sha256 BLOB NOT NULL,
    profile TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('reserved', 'issued', 'revoked')),
    reserved_at INTEGER NOT NULL,
    der BLOB,
    sha256 BLOB UNIQUE,
    not_before INTEGER,
    not_after INTEGER,
    issued_at INTEGER,
    PRIMARY KEY (ca, serial),
    CHECK (state = 'reserved' OR der IS NOT NULL)
) STRICT;

CREATE TABLE certificate_revocation (
    ca TEXT NOT NULL,
    serial BLOB NOT NULL,
    reason INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL,
    invalid_since INTEGER,
    PRIMARY KEY (ca, serial),
    FOREIGN KEY (ca, serial) REFERENCES certificate (ca, serial)
) STRICT;

CREATE TABLE crl (
    ca TEXT NOT NULL,
    number INTEGER NOT NULL,
    der BLOB NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    PRIMARY KEY (ca, number)
) STRICT;

CREATE TABLE seal (
    es_id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    der BLOB NOT NULL,
    signer_sha256 BLOB NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_at INTEGER NOT NULL
) STRICT;
CREATE INDEX seal_owner ON seal (owner);

CREATE TABLE seal_status_list (
    version INTEGER NOT NULL PRIMARY KEY,
    der BLOB NOT NULL,
    issued_at INTEGER NOT NULL
) STRICT;

-- Which licence has a number, in all its versions.
CREATE TABLE licence_number (
    number TEXT NOT NULL,
    type_code TEXT NOT NULL,
    issuer TEXT NOT NULL,
    serial TEXT NOT NULL,
    PRIMARY KEY (number, type_code, issuer)
) STRICT, WITHOUT ROWID;

CREATE TABLE licence (
    id INTEGER NOT NULL PRIMARY KEY,
    type_code TEXT NOT NULL,
    issuer TEXT NOT NULL,
    serial TEXT NOT NULL,
    version INTEGER NOT NULL,
    number TEXT NOT NULL,
    authority TEXT NOT NULL REFERENCES authority (code),
    state TEXT NOT NULL,
    issued_on TEXT,
    valid_from TEXT,
    valid_until TEXT,
    holder_name_hash BLOB,
    holder_code_hash BLOB,
    personal BLOB,
    document_sha256 BLOB NOT NULL,
    status_list INTEGER,
    status_place INTEGER,
    verification_code_hash BLOB,
    created_at INTEGER NOT NULL,
    state_at INTEGER NOT NULL,
    state_reason TEXT,
    CONSTRAINT licence_identifier UNIQUE (serial, issuer, type_code, version)
) STRICT;
CREATE INDEX licence_number_prefix ON licence (number);
CREATE INDEX licence_created ON licence (created_at, id);
CREATE INDEX licence_authority ON licence (authority, created_at, id);
CREATE INDEX licence_type ON licence (type_code, created_at, id);
CREATE INDEX licence_holder_code ON licence (holder_code_hash) WHERE holder_code_hash IS NOT NULL;
CREATE INDEX licence_holder_name ON licence (holder_name_hash) WHERE holder_name_hash IS NOT NULL;

CREATE TABLE document_chunk (
    sha256 BLOB NOT NULL,
    number INTEGER NOT NULL,
    size INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (sha256, number)
) STRICT;

CREATE TABLE event (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    time INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail BLOB,
    detail_salt BLOB,
    detail_commitment BLOB NOT NULL,
    salt BLOB NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX event_subject ON event (subject);

CREATE TABLE idempotency_key (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    attempt BLOB NOT NULL,
    body_sha256 BLOB NOT NULL,
    held_until INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    status INTEGER,
    body BLOB,
    PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX idempotency_key_expires ON idempotency_key (expires_at);

CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT;

CREATE TABLE status_entry (
    list INTEGER NOT NULL,
    place INTEGER NOT NULL,
    status INTEGER NOT NULL,
    PRIMARY KEY (list, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
    id TEXT NOT NULL PRIMARY KEY,
    authority TEXT NOT NULL,
    key TEXT NOT NULL,
    file_sha256 BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (authority, key)
) STRICT;

CREATE TABLE import_row (
    import TEXT NOT NULL REFERENCES import (id),
    number INTEGER NOT NULL,
    identifier TEXT,
    problems TEXT,
    PRIMARY KEY (import, number)
) STRICT, WITHOUT ROWID;
