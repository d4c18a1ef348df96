-- The certificates of an authority, newest first.
CREATE INDEX certificate_newest ON certificate (ca, issued_at, serial) WHERE issued_at IS NOT NULL;
