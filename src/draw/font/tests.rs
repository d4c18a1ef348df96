//! Tests of fonts need the font files; a missing folder fails them, it does not skip them.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::{FONT_FILES, FontSet};

/// The folder that `tools/setup` fills.
fn folder() -> PathBuf {
    let default = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".local/share/yinxin/fonts");
    std::env::var_os("YINXIN_FONTS").map_or_else(default, PathBuf::from)
}

/// A font file of the folder.
pub(crate) fn read(name: &str) -> Arc<[u8]> {
    let path = folder().join(name);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; run tools/setup", path.display()));
    Arc::from(bytes)
}

/// The fonts of the product, opened once for all tests.
pub(crate) fn fonts() -> &'static FontSet {
    static FONTS: OnceLock<FontSet> = OnceLock::new();
    FONTS.get_or_init(|| FontSet::load(FONT_FILES.map(|name| (name.to_owned(), read(name))).to_vec()).unwrap())
}
