//! Applies a seal and a signature to a PDF: `Prepared`, `Signed`, `Stamped`. No network.
