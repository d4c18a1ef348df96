//! How a message refers to the bytes that it signs: as what it leaves outside, as a digest inside, or as a whole copy
//! inside.

use super::examined::SignedBytes;
use super::judgement::Judgement;
use super::report::SubIndication;
use crate::cms::SignedData;
use crate::cms::verify::Judging;
use crate::crypto::{Digest, DigestAlgorithm, SignatureAlgorithm};
use crate::problem::Problem;

/// How a message refers to what it signs (ISO 32000-2 table 260, GB/T 35275).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reference {
    /// It leaves the bytes outside, and nothing else will do (ETSI EN 319 142-1 section 6.3).
    Outside,
    /// It leaves them outside, or carries their digest, as GB/T 35275 allows, or a copy.
    Any,
    /// It carries their SHA-1 (`adbe.pkcs7.sha1`).
    Sha1Inside,
}

/// The digest that the signer's form asks for.
pub(super) struct ContentDigest {
    pub(super) digest: Digest,
    /// The algorithm by which the message refers to the bytes, where it carries their digest.
    pub(super) carried_by: Option<DigestAlgorithm>,
}

/// Digests what the message signs, having made sure that this is the signed bytes or stands for them.
pub(super) fn digest(
    bytes: &SignedBytes<'_>,
    message: &SignedData,
    reference: Reference,
    judging: &Judging<'_>,
) -> Result<ContentDigest, Judgement> {
    let malformed = |reason: &str| {
        let problem = Problem::new("signature-message").param("reason", reason);
        Judgement::failed(SubIndication::FormatFailure, problem)
    };
    if let (None, Reference::Outside | Reference::Any, Some(algorithm)) =
        (&message.content, reference, judging.attributes_digest())
    {
        return Ok(ContentDigest {
            digest: bytes.digest(algorithm)?,
            carried_by: None,
        });
    }
    let mut hasher = judging.hasher().ok_or_else(|| {
        let problem = Problem::new("algorithm-unsupported").param("algorithm", judging.algorithm().name());
        let problem = problem.param("reason", "it signs the document without a digest");
        Judgement::indeterminate(SubIndication::CryptoConstraintsFailureNoPoe, problem)
    })?;
    let content = match (&message.content, reference) {
        (None, Reference::Sha1Inside) => return Err(malformed("the digest of the document is missing")),
        (Some(_), Reference::Outside) => return Err(malformed("content is attached")),
        (None, _) => {
            return Ok(ContentDigest {
                digest: bytes.fed_to(hasher)?,
                carried_by: None,
            });
        }
        (Some(content), _) => content,
    };
    let algorithm = match reference {
        Reference::Sha1Inside => DigestAlgorithm::Sha1,
        Reference::Any | Reference::Outside => judging.digest(),
    };
    let of_document = bytes.digest(algorithm)?;
    // Without attributes the signature is over the digest of this digest: GB/T 35275 alone knows such a form.
    let may_stand = reference == Reference::Sha1Inside
        || judging.attributes_digest().is_some()
        || judging.algorithm() == SignatureAlgorithm::Sm2Sm3;
    let is_digest = may_stand && content == of_document.as_ref();
    let is_copy = || {
        reference == Reference::Any && content.len() as u64 == bytes.len() && algorithm.digest(content) == of_document
    };
    if !is_digest && !is_copy() {
        let problem = Problem::new("document-digest-differs");
        return Err(Judgement::failed(SubIndication::HashFailure, problem));
    }
    hasher.update(content);
    Ok(ContentDigest {
        digest: hasher.finish(),
        carried_by: is_digest.then_some(algorithm),
    })
}
