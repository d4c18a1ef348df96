-- Times are microseconds since 1970 UTC, dates YYYY-MM-DD. Texts are compared byte by byte, as SQLite does.
CREATE TABLE setting (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL,
    set_at BIGINT NOT NULL
);

CREATE TABLE authority (
    code TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name_zh TEXT COLLATE "C" NOT NULL,
    name_en TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    parent TEXT COLLATE "C" REFERENCES authority (code),
    created_at BIGINT NOT NULL
);
CREATE INDEX authority_parent ON authority (parent);

CREATE TABLE token (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    secret_sha256 BYTEA NOT NULL UNIQUE,
    authority TEXT COLLATE "C" NOT NULL REFERENCES authority (code),
    name TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX token_authority ON token (authority);

CREATE TABLE key_record (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    suite TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C",
    sealed BYTEA,
    public_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE certificate_authority (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    suite TEXT COLLATE "C" NOT NULL,
    key_name TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    certificate BYTEA NOT NULL,
    parent TEXT COLLATE "C" REFERENCES certificate_authority (name),
    created_at BIGINT NOT NULL
);

CREATE TABLE certificate (
    ca TEXT COLLATE "C" NOT NULL,
    serial BYTEA NOT NULL,
    tbs_sha256 BYTEA NOT NULL,
    profile TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('reserved', 'issued', 'revoked')),
    reserved_at BIGINT NOT NULL,
    der BYTEA,
    sha256 BYTEA UNIQUE,
    not_before BIGINT,
    not_after BIGINT,
    issued_at BIGINT,
    PRIMARY KEY (ca, serial),
    CHECK (state = 'reserved' OR der IS NOT NULL)
);

CREATE TABLE certificate_revocation (
    ca TEXT COLLATE "C" NOT NULL,
    serial BYTEA NOT NULL,
    reason BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL,
    invalid_since BIGINT,
    PRIMARY KEY (ca, serial),
    FOREIGN KEY (ca, serial) REFERENCES certificate (ca, serial)
);

CREATE TABLE crl (
    ca TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    der BYTEA NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    PRIMARY KEY (ca, number)
);

CREATE TABLE seal (
    es_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    owner TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    der BYTEA NOT NULL,
    signer_sha256 BYTEA NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    state_at BIGINT NOT NULL
);
CREATE INDEX seal_owner ON seal (owner);

CREATE TABLE seal_status_list (
    version BIGINT NOT NULL PRIMARY KEY,
    der BYTEA NOT NULL,
    issued_at BIGINT NOT NULL
);

-- Which licence has a number, in all its versions.
CREATE TABLE licence_number (
    number TEXT COLLATE "C" NOT NULL,
    type_code TEXT COLLATE "C" NOT NULL,
    issuer TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (number, type_code, issuer)
);

CREATE TABLE licence (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type_code TEXT COLLATE "C" NOT NULL,
    issuer TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    authority TEXT COLLATE "C" NOT NULL REFERENCES authority (code),
    state TEXT COLLATE "C" NOT NULL,
    issued_on TEXT COLLATE "C",
    valid_from TEXT COLLATE "C",
    valid_until TEXT COLLATE "C",
    holder_name_hash BYTEA,
    holder_code_hash BYTEA,
    personal BYTEA,
    document_sha256 BYTEA NOT NULL,
    status_list BIGINT,
    status_place BIGINT,
    verification_code_hash BYTEA,
    created_at BIGINT NOT NULL,
    state_at BIGINT NOT NULL,
    state_reason TEXT COLLATE "C",
    CONSTRAINT licence_identifier UNIQUE (serial, issuer, type_code, version)
);
CREATE INDEX licence_number_prefix ON licence (number);
CREATE INDEX licence_created ON licence (created_at, id);
CREATE INDEX licence_authority ON licence (authority, created_at, id);
CREATE INDEX licence_type ON licence (type_code, created_at, id);
CREATE INDEX licence_holder_code ON licence (holder_code_hash) WHERE holder_code_hash IS NOT NULL;
CREATE INDEX licence_holder_name ON licence (holder_name_hash) WHERE holder_name_hash IS NOT NULL;

CREATE TABLE document_chunk (
    sha256 BYTEA NOT NULL,
    number BIGINT NOT NULL,
    size BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (sha256, number)
);

-- A PDF is compressed already.
ALTER TABLE document_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE event (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    time BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    detail BYTEA,
    detail_salt BYTEA,
    detail_commitment BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    leaf BYTEA NOT NULL
);
CREATE INDEX event_subject ON event (subject);

CREATE TABLE idempotency_key (
    scope TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    attempt BYTEA NOT NULL,
    body_sha256 BYTEA NOT NULL,
    held_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    status BIGINT,
    body BYTEA,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_expires ON idempotency_key (expires_at);

CREATE TABLE counter (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);

CREATE TABLE status_entry (
    list BIGINT NOT NULL,
    place BIGINT NOT NULL,
    status BIGINT NOT NULL,
    PRIMARY KEY (list, place)
);

CREATE TABLE import (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    authority TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    file_sha256 BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (authority, key)
);

CREATE TABLE import_row (
    import TEXT COLLATE "C" NOT NULL REFERENCES import (id),
    number BIGINT NOT NULL,
    identifier TEXT COLLATE "C",
    problems TEXT COLLATE "C",
    PRIMARY KEY (import, number)
);
