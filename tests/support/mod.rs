//! What several tests share: places of the project, outside suites, and the programs that are not ours.

pub(crate) mod acts;
pub(crate) mod app;
pub(crate) mod archive;
pub(crate) mod city;
pub(crate) mod documents;
pub(crate) mod endless;
pub(crate) mod filled_field;
pub(crate) mod judges;
pub(crate) mod keys;
pub(crate) mod limbo;
pub(crate) mod odd_message;
pub(crate) mod odd_seal;
pub(crate) mod pkits;
pub(crate) mod postgres;
pub(crate) mod program;
pub(crate) mod project;
pub(crate) mod python;
pub(crate) mod rust_source;
pub(crate) mod soft_hsm;
pub(crate) mod suites;
mod temp_folder;

pub(crate) use temp_folder::TempFolder;
