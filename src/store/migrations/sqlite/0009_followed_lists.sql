-- Lists of others that are looked for at an address.
ALTER TABLE partner_list ADD COLUMN address TEXT;
-- When it was looked for last.
ALTER TABLE partner_list ADD COLUMN checked_at INTEGER;
-- Code of the problem for which it was not taken in then; nothing where it was.
ALTER TABLE partner_list ADD COLUMN fault TEXT;
