//! `CertificationRequestInfo` (RFC 2986 section 4.1).

use der::Encode;

use super::{BuildError, extension};
use crate::asn1::{oid, write};
use crate::x509::{Extensions, Name};

/// Writes a `CertificationRequestInfo` that asks for a certificate of `public_key_info` under this name with these
/// extensions.
///
/// # Errors
/// Which value cannot be written.
pub fn request(subject: &Name, public_key_info: &[u8], extensions: &Extensions) -> Result<Vec<u8>, BuildError> {
    let requested = extension::extensions(extensions)?;
    let requested = if requested.is_empty() {
        None
    } else {
        Some(requested.to_der()?)
    };
    Ok(write::encode(|w| {
        w.sequence(|w| {
            w.unsigned(0);
            w.raw(subject.der());
            w.raw(public_key_info);
            w.constructed(write::context(0), |w| {
                if let Some(requested) = &requested {
                    // RFC 2985 section 5.4.2.
                    w.sequence(|w| {
                        w.oid(oid::EXTENSION_REQUEST);
                        w.constructed(write::SET, |w| w.raw(requested));
                    });
                }
            });
        });
    }))
}
