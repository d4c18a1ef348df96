//! Licence types, identifiers, holder codes, fields and states (GB/T 36901 to 36905, GB 32100, GB 11643).
//!
//! A [`licence_type::LicenceType`] is read from data; a department's [`application::Application`] is validated against
//! it and becomes a [`validate::ValidLicence`], from which the machine-readable [`record::LicenceRecord`] and the
//! values of the face are made. What a stranger may see of a record is a [`public_view::PublicView`], and what may
//! happen to a licence stands in [`state`]. Drawing (`face`), keeping (`store`) and the numbering of serials are
//! elsewhere.

pub mod application;
pub mod authority;
pub mod canonical_json;
pub mod catalogue;
pub mod credit_code;
pub mod date;
pub mod field;
pub mod holder;
pub mod identifier;
mod iso7064;
pub mod licence_type;
pub mod mask;
mod metadata;
pub mod number;
pub mod public_view;
pub mod record;
pub mod region;
pub mod resident_id;
pub mod rule;
pub mod skeleton;
pub mod standing;
pub mod state;
mod term;
pub mod text;
pub mod type_code;
pub mod validate;
