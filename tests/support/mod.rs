//! What several tests share: places of the project, and the programs that are not ours.

pub(crate) mod project;
pub(crate) mod rust_source;
mod temp_folder;

pub(crate) use temp_folder::TempFolder;
