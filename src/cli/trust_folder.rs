//! What `yinxin verify` relies on: a certificate file, or a folder of certificates and revocation lists.
//!
//! In a folder `*.crt`, `*.cer` and `*.pem` are certificates: those that issued themselves are recognised for everything, the
//! others only help to find paths. `*.crl` are revocation lists.

use std::path::Path;

use crate::cli::ca::der_of;
use crate::cli::output::CliError;
use crate::trust::{Anchor, Service, Snapshot};
use crate::x509::{Certificate, Crl};

/// Reads what is trusted from a file or folder.
pub(super) fn read(path: &Path) -> Result<Snapshot, CliError> {
    let files = match path.is_dir() {
        true => {
            let mut files = Vec::new();
            for entry in std::fs::read_dir(path).map_err(CliError::file(path))? {
                files.push(entry.map_err(CliError::file(path))?.path());
            }
            files.sort();
            files
        }
        false => vec![path.to_owned()],
    };
    let (mut anchors, mut intermediates, mut crls) = (Vec::new(), Vec::new(), Vec::new());
    for file in &files {
        let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let bytes = || std::fs::read(file).map_err(CliError::file(file));
        match ending {
            "crl" => crls.push(Crl::from_der(&der(file, &bytes()?)?).map_err(|error| unusable(file, error))?),
            "crt" | "cer" | "pem" | "der" => {
                let certificate =
                    Certificate::from_der(&der(file, &bytes()?)?).map_err(|error| unusable(file, error))?;
                match certificate.is_self_issued() {
                    true => anchors.push(Anchor::new(&file.display().to_string(), certificate, &Service::ALL)),
                    false => intermediates.push(certificate),
                }
            }
            _ => {}
        }
    }
    // An empty list must never pass for one that was read.
    if anchors.is_empty() {
        return Err(CliError::value(
            "trust",
            path.display(),
            "holds no certificate of a root",
        ));
    }
    Ok(Snapshot::new(anchors, intermediates, crls))
}

fn der(file: &Path, bytes: &[u8]) -> Result<Vec<u8>, CliError> {
    der_of(bytes).ok_or_else(|| unusable(file, "neither DER nor PEM"))
}

fn unusable(file: &Path, reason: impl ToString) -> CliError {
    CliError::value("trust file", file.display(), reason)
}
