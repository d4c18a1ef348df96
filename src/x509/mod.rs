//! Certificates, requests, CRLs, names and extensions (RFC 5280, GB/T 20518): read and write, no policy.
