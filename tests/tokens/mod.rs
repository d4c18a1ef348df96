//! Keys on a PKCS#11 token, played by SoftHSM 2: made, found, signing many at a time, refused, lost and back.

mod absence;
mod authorities;
mod keys;
