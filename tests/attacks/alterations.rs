//! What may be done to a message before its genuine signer signs it: each breaks one rule, and only that.

use yinxin::asn1::oid;
use yinxin::cms::attribute::{content_type, message_digest, signing_certificate_v2};
use yinxin::crypto::{Digest, DigestAlgorithm};
use yinxin::verify::SubIndication;

use super::forge::{Message, attribute};

/// A message that was altered, what it comes to, and for which reason.
pub(super) struct Altered {
    pub(super) name: &'static str,
    pub(super) sub: SubIndication,
    pub(super) reason: String,
    pub(super) alter: Alteration,
}

type Alteration = Box<dyn Fn(&mut Message<'_>)>;

/// All of them, for a message of this digest.
pub(super) fn all(digest: Digest, algorithm: DigestAlgorithm) -> Vec<Altered> {
    let mut all = of_signers_and_content();
    all.extend(of_one_value(digest, algorithm));
    all.extend(of_other_values(algorithm));
    all
}

fn altered(name: &'static str, sub: SubIndication, reason: &str, alter: Alteration) -> Altered {
    let reason = reason.to_owned();
    Altered {
        name,
        sub,
        reason,
        alter,
    }
}

/// One whose form is not right.
fn malformed(name: &'static str, fault: &str, alter: Alteration) -> Altered {
    let reason = format!("signature-fault: {fault}");
    altered(name, SubIndication::FormatFailure, &reason, alter)
}

fn of_signers_and_content() -> Vec<Altered> {
    let attached = |name, alter| {
        let reason = "signature-message: content is attached";
        altered(name, SubIndication::FormatFailure, reason, alter)
    };
    vec![
        malformed(
            "two signers",
            "2 signers where exactly one is required",
            Box::new(|message| message.signers = 2),
        ),
        malformed(
            "no signer",
            "0 signers where exactly one is required",
            Box::new(|message| message.signers = 0),
        ),
        attached(
            "the document attached",
            Box::new(|message| message.content = Some(message.covered.clone())),
        ),
        attached(
            "another document attached",
            Box::new(|message| message.content = Some(b"another document".to_vec())),
        ),
    ]
}

/// Attributes that have to be there, once and with one value.
fn of_one_value(digest: Digest, algorithm: DigestAlgorithm) -> Vec<Altered> {
    let other = algorithm.digest(b"another document");
    let missing = |name, attribute, alter| {
        let fault = format!("signed attribute {attribute} is missing");
        malformed(name, &fault, alter)
    };
    let not_single = |name, attribute, alter| {
        let fault = format!("signed attribute {attribute} does not have exactly one value");
        malformed(name, &fault, alter)
    };
    let remove = |place: usize| -> Alteration { Box::new(move |message| drop(message.attributes.remove(place))) };
    vec![
        // The first that is looked for.
        missing(
            "no attributes",
            "signingCertificateV2",
            Box::new(|message| message.attributes.clear()),
        ),
        missing("no content type", "contentType", remove(0)),
        missing("no digest", "messageDigest", remove(1)),
        missing("no certificate named", "signingCertificateV2", remove(2)),
        not_single(
            "two content types",
            "contentType",
            Box::new(|message| message.attributes.push(content_type(oid::ID_DATA).to_der())),
        ),
        not_single(
            "a content type of two values",
            "contentType",
            Box::new(|message| message.attributes[0] = attribute(content_type(oid::ID_DATA), 2)),
        ),
        not_single(
            "one digest twice",
            "messageDigest",
            Box::new(move |message| message.attributes.push(message_digest(&digest).to_der())),
        ),
        not_single(
            "two digests",
            "messageDigest",
            Box::new(move |message| message.attributes.push(message_digest(&other).to_der())),
        ),
        not_single(
            "a digest of two values",
            "messageDigest",
            Box::new(move |message| message.attributes[1] = attribute(message_digest(&digest), 2)),
        ),
    ]
}

fn of_other_values(algorithm: DigestAlgorithm) -> Vec<Altered> {
    let other = algorithm.digest(b"another document");
    let named = move |certificate: &[u8]| signing_certificate_v2(algorithm, [certificate].into_iter()).to_der();
    let differs = |name, alter| altered(name, SubIndication::HashFailure, "document-digest-differs", alter);
    vec![
        malformed(
            "another content type",
            "content type 1.2.840.113549.1.9.16.1.4 is signed where the message says 1.2.840.113549.1.7.1",
            Box::new(|message| message.attributes[0] = content_type(oid::CT_TST_INFO).to_der()),
        ),
        differs(
            "another digest",
            Box::new(move |message| message.attributes[1] = message_digest(&other).to_der()),
        ),
        differs(
            "another digest algorithm",
            Box::new(|message| message.digest = DigestAlgorithm::Sha512),
        ),
        altered(
            "another certificate named",
            SubIndication::NoSigningCertificateFound,
            "signature-fault: the signer's certificate is not in the message",
            Box::new(move |message| message.attributes[2] = named(b"other")),
        ),
    ]
}
