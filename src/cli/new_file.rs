//! A file that a command writes where none is yet. It gets its place when it is whole: what is broken off before leaves
//! nothing there that stands in the way of the next try, and what is there already stays.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{File, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, NamedTempFile};

/// What its name begins and ends with until then, in the folder of its place: nobody who looks for documents takes it
/// for one. A program that is killed leaves it behind.
const NAME: (&str, &str) = (".yinxin-", ".part");

/// Who may read and write it, before the umask: as with every new file.
const MODE: u32 = 0o666;

/// Where those are that have no place yet; `None` when there are to be none any more.
static UNPLACED: Mutex<Option<BTreeSet<PathBuf>>> = Mutex::new(Some(BTreeSet::new()));

/// A file that is not in its place yet; dropped, it is gone.
#[derive(Debug)]
pub(super) struct NewFile {
    file: NamedTempFile,
    place: PathBuf,
    listed: Listed,
}

/// That a file is among those without a place; dropped, it is not.
#[derive(Debug)]
struct Listed(PathBuf);

/// A whole file that did not get its place; dropped, it is gone.
#[derive(Debug)]
pub(super) struct Unplaced {
    /// What the operating system said.
    pub(super) reason: io::Error,
    file: NamedTempFile,
    _listed: Listed,
}

/// Removes all files that have no place yet, and lets none begin any more: the program ends, whatever its threads do.
pub(super) fn give_up() {
    for path in unplaced().take().into_iter().flatten() {
        // It may be gone, or in its place, by now.
        let _ = std::fs::remove_file(path);
    }
}

fn unplaced() -> MutexGuard<'static, Option<BTreeSet<PathBuf>>> {
    UNPLACED.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Listed {
    fn drop(&mut self) {
        unplaced().as_mut().map(|unplaced| unplaced.remove(&self.0));
    }
}

impl NewFile {
    /// Begins a file for `place`.
    ///
    /// # Errors
    /// Where something is there, or no file can be made there.
    pub(super) fn begin(place: &Path) -> io::Result<Self> {
        // A link that leads nowhere is something, too.
        match place.symlink_metadata() {
            Ok(there) if there.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(_) => return Err(ErrorKind::AlreadyExists.into()),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Err(_) if place.as_os_str().as_bytes().ends_with(b"/") => return Err(ErrorKind::IsADirectory.into()),
            Err(_) => {}
        }
        let mut builder = Builder::new();
        builder
            .prefix(NAME.0)
            .suffix(NAME.1)
            .permissions(Permissions::from_mode(MODE));
        let mut unplaced = unplaced();
        let listed = unplaced.as_mut().ok_or(ErrorKind::Interrupted)?;
        let file = builder.tempfile_in(folder(place))?;
        listed.insert(file.path().to_owned());
        Ok(Self {
            listed: Listed(file.path().to_owned()),
            file,
            place: place.to_owned(),
        })
    }

    /// Writes the rest and puts it in its place.
    ///
    /// # Errors
    /// Where one of that fails; nothing is left then.
    pub(super) fn end(mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.put().map_err(|unplaced| unplaced.reason)
    }

    /// What is written so far, and where to write on.
    pub(super) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Puts it in its place, all of it on the disk.
    ///
    /// # Errors
    /// Where that fails, or something is there meanwhile.
    pub(super) fn put(self) -> Result<(), Unplaced> {
        if let Err(reason) = self.file().sync_all() {
            return Err(Unplaced {
                reason,
                file: self.file,
                _listed: self.listed,
            });
        }
        if let Err(error) = self.file.persist_noclobber(&self.place) {
            return Err(Unplaced {
                reason: error.error,
                file: error.file,
                _listed: self.listed,
            });
        }
        // It is there; that its name outlives a failure of power is more than some file systems promise.
        let _ = File::open(folder(&self.place)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

impl Unplaced {
    /// Leaves it under the name that it has, which is given.
    pub(super) fn leave(mut self) -> PathBuf {
        self.file.disable_cleanup(true);
        self.file.path().to_owned()
    }
}

fn folder(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if folder.as_os_str() != OsStr::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// It gives up what the whole program has: this test is a process of its own.
    #[test]
    fn what_has_no_place_yet_is_gone_once_the_program_gives_up_and_no_more_is_begun() {
        let folder = tempfile::tempdir().unwrap();
        let [whole, dropped, begun] = ["whole", "dropped", "begun"].map(|name| folder.path().join(name));
        let names = || fs::read_dir(folder.path()).unwrap().count();
        NewFile::begin(&whole).and_then(|file| file.end(b"all")).unwrap();
        drop(NewFile::begin(&dropped).unwrap());
        let begun = NewFile::begin(&begun).unwrap();
        assert_eq!((names(), unplaced().as_ref().map(BTreeSet::len)), (2, Some(1)));
        give_up();
        assert_eq!(names(), 1);
        assert!(begun.put().is_err());
        assert_eq!(NewFile::begin(&dropped).unwrap_err().kind(), ErrorKind::Interrupted);
        assert_eq!((names(), fs::read(&whole).unwrap()), (1, b"all".to_vec()));
    }
}
