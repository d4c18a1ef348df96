//! Opens the files that a command is given to read.

use std::fs::{File, FileType};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use crate::problem::Problem;

/// Opens a document. What is no file is refused before it is opened: a pipe would keep whoever opens it waiting, and a
/// device may have no end.
///
/// # Errors
/// Where it is none, or cannot be opened.
pub(super) fn open(path: &Path) -> Result<File, Problem> {
    let kind = path.metadata().map(|found| found.file_type());
    let special = kind.as_ref().ok().and_then(special);
    if let Some(code) = special {
        return Err(Problem::new(code).param("file", path.display()));
    }
    let opened = kind.and_then(|_| File::open(path));
    opened.map_err(|error| Problem::of_file(path.display(), &error))
}

/// What it is, where it is neither file nor folder.
fn special(kind: &FileType) -> Option<&'static str> {
    match () {
        () if kind.is_fifo() => Some("file-is-pipe"),
        () if kind.is_socket() => Some("file-is-socket"),
        () if kind.is_char_device() || kind.is_block_device() => Some("file-is-device"),
        () => None,
    }
}
