//! Yinxin (印信): one program with which a city issues electronic licences, seals them, lets holders show them by QR
//! code and lets anyone verify them.
//!
//! Modules stand in one total order, from the ground up: a module imports only from those above it in this list. Up to
//! and including [`verify`] everything is pure: no async, no network, no files, no clock; whatever is needed comes as
//! an argument.

pub mod clock;
pub mod hex;
pub mod id;
pub mod ideograph;
pub mod legible;
pub mod problem;
pub mod asn1;
pub mod crypto;
pub mod draw;
pub mod x509;
pub mod cms;
pub mod pdf;
pub mod preview;
pub mod licence;
pub mod trust;
pub mod ca;
pub mod seal;
pub mod credential;
pub mod face;
pub mod ledger;
pub mod sign;
pub mod verify;
pub mod keystore;
pub mod store;
pub mod service;
pub mod i18n;
pub mod telemetry;
pub mod http;
pub mod config;
pub mod cli;
