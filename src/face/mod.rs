//! The licence face: a template baked once, filled fast.
//!
//! [`Face::bake`] reads `face.toml` and `art.svg` of a licence type (README of `templates/types`) and makes everything
//! that all licences of the type share: the static content stream, its glyphs, the metadata schema, colour profile and
//! dictionaries. [`Face::fill`] adds one licence's values, QR code, photo, seal picture and validation data, and gives
//! the first revision of a PDF/A-3b file (ISO 19005-3; PDF 1.7, ISO 32000-1): `licence.json` attached with relationship
//! `Data`, the same data in XMP (GB/T 36903, GB/T 36905), and one empty signature field whose value is the next free
//! object, which `sign` appends. It knows no keys, no payloads and no trust: texts and bytes come in, a file goes out.

mod appearance;
mod bake;
mod cmap;
mod colour;
mod container;
mod error;
mod fill;
mod items;
mod jpeg;
mod layout;
mod page;
pub mod paper;
mod structure;
mod template;
#[cfg(test)]
mod tests;
mod xmp;

pub use appearance::{SealAppearance, ValidationData};
pub use bake::Face;
pub use container::FirstRevision;
pub use error::{FaceError, TemplateProblem};
pub use fill::FaceInput;
pub use items::{
    AUTHORITY, HOLDER_CODE, HOLDER_NAME, IDENTIFIER, ISSUED_DATE, NUMBER, VALIDITY, VERIFICATION_CODE, VERIFY_ADDRESS,
};
pub use xmp::STANDARD_METADATA;

/// Name of the signature field.
pub const SIGNATURE_FIELD: &str = "IssuerSeal";
/// Name of the attached record.
pub const RECORD_FILE: &str = "licence.json";
