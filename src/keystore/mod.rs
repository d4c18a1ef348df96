//! Opens key files and gives `Signer`s.
