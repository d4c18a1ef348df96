-- What an authority's daily work asks of a certificate without reading it. Rows of before have NULL.
ALTER TABLE certificate ADD COLUMN is_authority BIGINT;
-- The part of the revocation list that it names; NULL where it names the complete list.
ALTER TABLE certificate ADD COLUMN shard BIGINT;
-- SHA-256 of its SubjectPublicKeyInfo and of its subject, DER: a key is certified for one subject.
ALTER TABLE certificate ADD COLUMN key_sha256 BYTEA;
ALTER TABLE certificate ADD COLUMN subject_sha256 BYTEA;
CREATE INDEX certificate_key ON certificate (key_sha256) WHERE key_sha256 IS NOT NULL;
CREATE INDEX certificate_of_authority ON certificate (ca) WHERE is_authority = 1;

CREATE INDEX certificate_shard ON certificate (ca, shard) WHERE shard IS NOT NULL;

-- When it came to be as it is, and the part of its certificate.
ALTER TABLE certificate_revocation ADD COLUMN changed_at BIGINT;
ALTER TABLE certificate_revocation ADD COLUMN shard BIGINT;
CREATE INDEX certificate_revocation_shard ON certificate_revocation (ca, shard) WHERE shard IS NOT NULL;
CREATE INDEX certificate_revocation_change ON certificate_revocation (ca, changed_at);

-- How often what is revoked has changed, by part: a list that was made at another count is out of date. Part -1 counts
-- certificates that name the complete list.
CREATE TABLE revocation_count (
    ca TEXT COLLATE "C" NOT NULL,
    shard BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    PRIMARY KEY (ca, shard)
);

-- Certificates that were taken off a hold.
CREATE TABLE certificate_release (
    ca TEXT COLLATE "C" NOT NULL,
    serial BYTEA NOT NULL,
    held_at BIGINT NOT NULL,
    released_at BIGINT NOT NULL,
    PRIMARY KEY (ca, serial, released_at)
);
CREATE INDEX certificate_release_time ON certificate_release (ca, released_at);

ALTER TABLE crl ADD COLUMN changes BIGINT;

-- The newest list of each part, and the newest delta list (part -1) with the number that it continues.
CREATE TABLE crl_part (
    ca TEXT COLLATE "C" NOT NULL,
    part BIGINT NOT NULL,
    number BIGINT NOT NULL,
    base BIGINT,
    der BYTEA NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    changes BIGINT NOT NULL,
    PRIMARY KEY (ca, part)
);

-- Answers to status requests, signed beforehand.
CREATE TABLE ocsp_answer (
    ca TEXT COLLATE "C" NOT NULL,
    serial BYTEA NOT NULL,
    der BYTEA NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    PRIMARY KEY (ca, serial)
);
CREATE INDEX ocsp_answer_due ON ocsp_answer (next_update);
