//! Certification requests for keys of our own (PKCS#10, RFC 2986).

use super::{IssueError, Subject};
use crate::crypto::key::Signer;
use crate::x509::{CertificationRequest, Extensions, build};

/// Asks for a certificate of `signer`'s key under the subject's name; the request proves possession of the key.
///
/// # Errors
/// Where the key does not sign.
pub fn request(subject: &Subject, signer: &dyn Signer) -> Result<CertificationRequest, IssueError> {
    let info = build::request(subject.name(), signer.public_key().spki(), &Extensions::default())?;
    let der = build::signed(&info, signer.algorithm(), &signer.sign(&info)?);
    let request = CertificationRequest::from_der(&der).map_err(IssueError::ReadBack)?;
    request.prove_possession().map_err(IssueError::OwnSignature)?;
    Ok(request)
}
