//! A seal maker and the information of a seal, for unit tests.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{SealImage, SealInfo, SealKind, SealMaker, SealVersion, SignerList};
use crate::asn1::oid;
use crate::cms::testing::{certificate, now};
use crate::crypto::key::{SoftwareKey, Suite};
use crate::x509::Certificate;

/// A seal maker with its certificate.
pub(crate) fn maker() -> (SealMaker, Certificate) {
    let key = SoftwareKey::generate(Suite::National).unwrap();
    let certificate = certificate(&key, "maker", Some(oid::KP_SEAL_MAKING));
    (SealMaker::new(Arc::new(key), certificate.clone()).unwrap(), certificate)
}

/// A seal that these certificates, or a made-up one, may sign with; valid from a week ago for five years.
pub(crate) fn info(signers: &[&[u8]]) -> SealInfo {
    let signers = if signers.is_empty() {
        &[b"nobody".as_slice()]
    } else {
        signers
    };
    SealInfo {
        version: SealVersion::V4,
        vendor: "yinxin".to_owned(),
        id: "45010000000001".to_owned(),
        kind: SealKind::Organisation,
        name: "示例市市场监督管理局".to_owned(),
        signers: SignerList::of(signers.iter().copied()),
        created: now(),
        valid_from: now() - TimeDelta::days(7),
        valid_until: now() + TimeDelta::days(5 * 365),
        image: SealImage {
            format: "SVG".to_owned(),
            data: b"<svg/>".to_vec(),
            width_mm: 42,
            height_mm: 42,
        },
        extensions: Vec::new(),
    }
}
