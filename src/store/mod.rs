//! The database behind one interface: SQLite and PostgreSQL; documents in chunks.
