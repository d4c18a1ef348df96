//! Certificates, revocation lists and status responses out of files, PEM (RFC 7468) or DER, any number in each.
//!
//! A file of PEM may say anything between its blocks. A file of DER holds structures one after the other. A message
//! that carries certificates and lists alone (`.p7c`, RFC 5652 section 5; RFC 5272 section 4.1) stands for what is in
//! it. A structure that cannot be read is left out, and said so: it never makes anything more trusted.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::asn1::{walk, write};
use crate::cli::error::CliError;
use crate::cms::SignedData;
use crate::problem::Problem;
use crate::x509::{Certificate, Crl, OcspResponse};

/// Most structures in one file. The largest bags of the public suites hold a hundred.
const MAX_STRUCTURES: usize = 10_000;

/// Identifier octet of what every structure here is.
const SEQUENCE: u8 = 0x30;

/// What was read, in the order of the files.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) certificates: Vec<Certificate>,
    pub(super) crls: Vec<Crl>,
    pub(super) ocsp_responses: Vec<OcspResponse>,
    /// What could not be read.
    pub(super) unread: Vec<Unread>,
}

/// A structure, or a whole file, that could not be read.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Unread {
    /// The file, as it was named.
    pub(super) file: String,
    /// What is wrong with it.
    pub(super) cause: String,
}

/// What a file is expected to hold, beside messages that carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Certificates,
    Lists,
    Responses,
}

impl Kind {
    /// Labels of its blocks in PEM (RFC 7468 sections 5, 6, 8 and 9, and those of common programs).
    fn labels(self) -> &'static [&'static str] {
        match self {
            Self::Certificates => &["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "PKCS7", "CMS"],
            Self::Lists => &["X509 CRL", "CRL", "PKCS7", "CMS"],
            Self::Responses => &["OCSP RESPONSE"],
        }
    }
}

/// The one structure in a file of PEM or DER, as DER; `what` names it where the file holds neither.
pub(super) fn one(file: &Path, what: &'static str) -> Result<Vec<u8>, CliError> {
    let bytes = std::fs::read(file).map_err(CliError::file(file))?;
    der_of(&bytes)
        .ok_or_else(|| CliError::wrong(what, Problem::new("neither-der-nor-pem").param("value", file.display())))
}

/// The DER inside PEM, or the bytes themselves.
pub(super) fn der_of(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.first() == Some(&SEQUENCE) {
        return Some(bytes.to_vec());
    }
    der::pem::decode_vec(bytes).ok().map(|(_, der)| der)
}

/// Reads files of one kind.
pub(super) fn read(files: &[PathBuf], kind: Kind) -> Result<Found, CliError> {
    let mut found = Found::default();
    for file in files {
        let bytes = std::fs::read(file).map_err(CliError::file(file))?;
        found.add_file(file, &bytes, kind);
    }
    Ok(found)
}

impl Found {
    fn add_file(&mut self, file: &Path, bytes: &[u8], kind: Kind) {
        let (structures, fault) = structures(bytes, kind);
        let mut unread: Vec<String> = Vec::new();
        for der in structures {
            if let Err(cause) = self.add(&der, kind) {
                unread.push(cause);
            }
        }
        let file = file.display().to_string();
        self.unread.extend(unread.into_iter().chain(fault).map(|cause| Unread {
            file: file.clone(),
            cause,
        }));
    }

    fn add(&mut self, der: &[u8], kind: Kind) -> Result<(), String> {
        if kind != Kind::Responses
            && let Some(message) = message(der)
        {
            let message = message?;
            let (certificates, crls) = (message.certificates.iter(), message.crls.iter());
            // Each is tried, whatever became of those before.
            let faults: Vec<String> = match kind {
                Kind::Certificates => certificates.filter_map(|der| self.add_certificate(der).err()).collect(),
                _ => crls.filter_map(|der| self.add_crl(der).err()).collect(),
            };
            return faults.into_iter().next().map_or(Ok(()), Err);
        }
        match kind {
            Kind::Certificates => self.add_certificate(der),
            Kind::Lists => self.add_crl(der),
            Kind::Responses => OcspResponse::from_der(der)
                .map(|response| self.ocsp_responses.push(response))
                .map_err(|error| error.to_string()),
        }
    }

    fn add_certificate(&mut self, der: &[u8]) -> Result<(), String> {
        let read = Certificate::from_der(der);
        read.map(|certificate| self.certificates.push(certificate))
            .map_err(|error| error.to_string())
    }

    fn add_crl(&mut self, der: &[u8]) -> Result<(), String> {
        let read = Crl::from_der(der);
        read.map(|crl| self.crls.push(crl)).map_err(|error| error.to_string())
    }
}

/// A message of signed data, recognised by the identifier that it begins with.
fn message(der: &[u8]) -> Option<Result<SignedData, String>> {
    let root = walk::element(der, 0, der.len()).ok()?;
    let first = walk::children(der, root).next()?;
    (first.tag == write::OBJECT_IDENTIFIER).then(|| SignedData::parse(der).map_err(|error| error.to_string()))
}

/// The structures in a file, and what is wrong with the rest of it.
fn structures(bytes: &[u8], kind: Kind) -> (Vec<Vec<u8>>, Option<String>) {
    if bytes.first() == Some(&SEQUENCE) {
        return one_after_the_other(bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    let mut structures = Vec::new();
    let mut rest = &*text;
    while let Some((_, block)) = rest.split_once("-----BEGIN ") {
        let Some((label, body)) = block.split_once("-----") else {
            break;
        };
        let Some((body, after)) = body.split_once(&format!("-----END {label}-----")) else {
            return (structures, Some(format!("the block {label} has no end")));
        };
        rest = after;
        if !kind.labels().contains(&label) {
            continue;
        }
        let text: String = body.split_whitespace().collect();
        match STANDARD.decode(text) {
            Ok(der) if structures.len() < MAX_STRUCTURES => structures.push(der),
            Ok(_) => return (structures, Some(format!("more than {MAX_STRUCTURES} blocks"))),
            Err(error) => return (structures, Some(format!("the block {label} is not base64: {error}"))),
        }
    }
    let fault = structures
        .is_empty()
        .then(|| format!("neither DER nor PEM with a block {}", kind.labels()[0]));
    (structures, fault)
}

/// Structures of DER: each takes what follows it where that begins no other, so that trailing data is refused with it.
fn one_after_the_other(bytes: &[u8]) -> (Vec<Vec<u8>>, Option<String>) {
    let mut structures = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if structures.len() == MAX_STRUCTURES {
            return (structures, Some(format!("more than {MAX_STRUCTURES} structures")));
        }
        let end = match walk::element(bytes, at, bytes.len()) {
            Ok(element) if bytes.get(element.end) == Some(&SEQUENCE) => element.end,
            _ => bytes.len(),
        };
        structures.push(bytes[at..end].to_vec());
        at = end;
    }
    (structures, None)
}

#[cfg(test)]
mod tests {
    use der::pem::{LineEnding, encode_string};

    use super::*;
    use crate::cms::testing::certificate;
    use crate::crypto::key::{SoftwareKey, Suite};

    fn self_signed(suite: Suite) -> Certificate {
        certificate(&SoftwareKey::generate(suite).unwrap(), "somebody", None)
    }

    fn found(bytes: &[u8]) -> Found {
        let mut found = Found::default();
        found.add_file(Path::new("file"), bytes, Kind::Certificates);
        found
    }

    #[test]
    fn certificates_are_found_in_pem_between_words_and_in_der_one_after_the_other() {
        let (one, other) = (self_signed(Suite::International), self_signed(Suite::National));
        let pem =
            |certificate: &Certificate| encode_string("CERTIFICATE", LineEnding::CRLF, certificate.der()).unwrap();
        let text = format!("subject=one\n{}\nissuer=other\n{}", pem(&one), pem(&other));
        let der = [one.der(), other.der()].concat();
        for bytes in [text.into_bytes(), der] {
            let found = found(&bytes);
            assert_eq!(found.certificates, [one.clone(), other.clone()]);
            assert!(found.unread.is_empty());
        }
    }

    #[test]
    fn what_trails_a_certificate_is_refused_with_it() {
        let mut der = self_signed(Suite::International).der().to_vec();
        der.push(0);
        let found = found(&der);
        assert!(found.certificates.is_empty());
        assert_eq!(found.unread.len(), 1);
    }

    #[test]
    fn a_file_of_another_kind_says_what_it_lacks() {
        for bytes in [
            &b""[..],
            b"no certificate",
            b"-----BEGIN X509 CRL-----\n-----END X509 CRL-----",
        ] {
            let found = found(bytes);
            assert!(found.certificates.is_empty());
            assert!(found.unread[0].cause.contains("CERTIFICATE"), "{:?}", found.unread);
        }
        assert!(
            found(b"-----BEGIN CERTIFICATE-----\nMII").unread[0]
                .cause
                .contains("no end")
        );
    }
}
