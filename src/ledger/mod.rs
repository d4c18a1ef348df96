//! Event leaves of the append-only record.
