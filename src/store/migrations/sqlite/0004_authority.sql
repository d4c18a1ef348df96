-- What an authority's daily work asks of a certificate without reading it. Rows of before have NULL.
ALTER TABLE certificate ADD COLUMN is_authority INTEGER;
-- The part of the revocation list that it names; NULL where it names the complete list.
ALTER TABLE certificate ADD COLUMN shard INTEGER;
-- SHA-256 of its SubjectPublicKeyInfo and of its subject, DER: a key is certified for one subject.
ALTER TABLE certificate ADD COLUMN key_sha256 BLOB;
ALTER TABLE certificate ADD COLUMN subject_sha256 BLOB;
CREATE INDEX certificate_key ON certificate (key_sha256) WHERE key_sha256 IS NOT NULL;
CREATE INDEX certificate_of_authority ON certificate (ca) WHERE is_authority = 1;

CREATE INDEX certificate_shard ON certificate (ca, shard) WHERE shard IS NOT NULL;

-- When it came to be as it is, and the part of its certificate.
ALTER TABLE certificate_revocation ADD COLUMN changed_at INTEGER;
ALTER TABLE certificate_revocation ADD COLUMN shard INTEGER;
CREATE INDEX certificate_revocation_shard ON certificate_revocation (ca, shard) WHERE shard IS NOT NULL;
CREATE INDEX certificate_revocation_change ON certificate_revocation (ca, changed_at);

-- How often what is revoked has changed, by part: a list that was made at another count is out of date. Part -1 counts
-- certificates that name the complete list.
CREATE TABLE revocation_count (
    ca TEXT NOT NULL,
    shard INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    PRIMARY KEY (ca, shard)
) STRICT, WITHOUT ROWID;

-- Certificates that were taken off a hold.
CREATE TABLE certificate_release (
    ca TEXT NOT NULL,
    serial BLOB NOT NULL,
    held_at INTEGER NOT NULL,
    released_at INTEGER NOT NULL,
    PRIMARY KEY (ca, serial, released_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_release_time ON certificate_release (ca, released_at);

ALTER TABLE crl ADD COLUMN changes INTEGER;

-- The newest list of each part, and the newest delta list (part -1) with the number that it continues.
CREATE TABLE crl_part (
    ca TEXT NOT NULL,
    part INTEGER NOT NULL,
    number INTEGER NOT NULL,
    base INTEGER,
    der BLOB NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    PRIMARY KEY (ca, part)
) STRICT;

-- Answers to status requests, signed beforehand.
CREATE TABLE ocsp_answer (
    ca TEXT NOT NULL,
    serial BLOB NOT NULL,
    der BLOB NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    PRIMARY KEY (ca, serial)
) STRICT;
CREATE INDEX ocsp_answer_due ON ocsp_answer (next_update);
