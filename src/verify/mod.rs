//! Makes the `Report` for a document, a licence or a QR payload (ETSI EN 319 102-1).
