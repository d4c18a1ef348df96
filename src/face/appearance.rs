//! What many licences of one authority share: the look of its seal and its validation data, compressed once.

use crate::draw::Picture;
use crate::draw::deflate::{smallest_zlib, zlib};

/// Level for what is compressed once.
const LEVEL: u32 = 9;

/// Grid of a seal on the page: 0.1 mm, as that of the picture in the seal object.
const STEPS_PER_MM: f64 = 10.0;

/// A seal picture as the appearance stream of a signature widget.
#[derive(Debug, Clone, PartialEq)]
pub struct SealAppearance {
    pub(super) width_mm: f64,
    pub(super) height_mm: f64,
    pub(super) content: Vec<u8>,
}

impl SealAppearance {
    /// The picture at its true size.
    pub fn new(picture: &Picture) -> Self {
        let content = smallest_zlib(&picture.to_pdf_content(STEPS_PER_MM));
        Self {
            width_mm: picture.width_mm,
            height_mm: picture.height_mm,
            content,
        }
    }
}

/// Certificates and revocation lists of the document security store (ETSI EN 319 142-1, 5.4.2.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ValidationData {
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) crls: Vec<Vec<u8>>,
}

impl ValidationData {
    /// From DER; equal ones are kept once, in order.
    pub fn new<D: AsRef<[u8]>>(certificates: impl IntoIterator<Item = D>, crls: impl IntoIterator<Item = D>) -> Self {
        Self {
            certificates: streams(certificates),
            crls: streams(crls),
        }
    }
}

fn streams<D: AsRef<[u8]>>(ders: impl IntoIterator<Item = D>) -> Vec<Vec<u8>> {
    let mut streams: Vec<Vec<u8>> = Vec::new();
    for der in ders {
        let stream = zlib(der.as_ref(), LEVEL);
        if !streams.contains(&stream) {
            streams.push(stream);
        }
    }
    streams
}
