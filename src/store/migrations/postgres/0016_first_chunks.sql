-- The first chunk of a document that is being brought: it waits here, as the document is there once it stands among the others.
ALTER TABLE document_intake ADD COLUMN first BYTEA;
