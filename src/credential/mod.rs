//! The signed payload of a QR code, the issuer key set, the status list.
