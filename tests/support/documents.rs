//! Documents to be signed, and signing them.

use yinxin::cms::build::SigningIdentity;
use yinxin::sign::{Claims, SignError, document};

use super::city::now;

/// What the tests claim when they sign.
pub(crate) fn claims() -> Claims<'static> {
    Claims {
        name: Some("示例市市场监督管理局"),
        reason: "签发",
        location: None,
        time: now(),
    }
}

/// A document with a plain signature of level B-B at its end.
pub(crate) fn signed(
    mut document: Vec<u8>,
    identity: &SigningIdentity,
    claims: &Claims<'_>,
) -> Result<Vec<u8>, SignError> {
    let revision = document::sign(&document, identity, claims)?;
    document.extend_from_slice(&revision);
    Ok(document)
}

/// A document of one revision with a table, whose objects, from number 1 on, have these bodies; object 1 is the
/// catalogue.
pub(crate) fn of_objects(version: &str, bodies: &[&str]) -> Vec<u8> {
    let mut bytes = format!("%PDF-{version}\n").into_bytes();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", bodies.len() + 1);
    for (number, body) in (1..).zip(bodies) {
        table += &format!("{:010} 00000 n \n", bytes.len());
        bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
    }
    let (size, start) = (bodies.len() + 1, bytes.len());
    bytes.extend(format!("{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}
