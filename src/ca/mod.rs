//! The authority: profiles, issue once, revoke, CRL, time stamping.

pub mod timestamp;
