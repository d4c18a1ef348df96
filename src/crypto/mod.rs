//! Digests, signature algorithms, verification and (in `key`) signing. The only place that names a cryptography crate.
