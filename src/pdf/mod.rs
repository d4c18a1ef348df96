//! The PDF container (ISO 32000-2): read lazily, revisions, append, reserve and fill a signature.
