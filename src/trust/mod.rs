//! Path building and validation (RFC 5280 section 6), revocation. Pure: bytes, a snapshot and a time in; a result out.
