//! Yinxin (印信): one program with which a city issues electronic licences, seals them, lets holders show them by QR code
//! and lets anyone verify them.
//!
//! Modules stand in one total order, from the ground up: a module imports only from those above it in this list. Up to and
//! including [`verify`] everything is pure: no async, no network, no files, no clock; whatever is needed comes as an argument.

pub mod asn1;
pub mod ca;
pub mod cli;
pub mod clock;
pub mod cms;
pub mod config;
pub mod credential;
pub mod crypto;
pub mod draw;
pub mod face;
pub mod http;
pub mod i18n;
pub mod id;
pub mod keystore;
pub mod ledger;
pub mod licence;
pub mod pdf;
pub mod problem;
pub mod seal;
pub mod service;
pub mod sign;
pub mod store;
pub mod telemetry;
pub mod trust;
pub mod verify;
pub mod x509;
