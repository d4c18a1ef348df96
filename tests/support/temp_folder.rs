//! A folder that lives as long as one test.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A new empty folder outside the checkout, removed when dropped.
pub(crate) struct TempFolder(PathBuf);

static COUNT: AtomicU32 = AtomicU32::new(0);

impl TempFolder {
    /// Makes one; the name helps to find it while the test runs.
    pub(crate) fn new(name: &str) -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        if number == 0 {
            remove_abandoned();
        }
        let path = std::env::temp_dir().join(format!("yinxin-{name}-{}-{number}", std::process::id()));
        // A killed run of the same number may have left its own.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).expect("a folder for the test");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The bytes of a file in it.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

/// Removes what processes that are gone left: those that were killed, and those whose folder lasted as long as they did.
fn remove_abandoned() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        if process(&entry.file_name().to_string_lossy()).is_some_and(is_gone) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// The process that made the folder of this name; `None` for what is none of ours.
fn process(name: &str) -> Option<u32> {
    let (named, number) = name.strip_prefix("yinxin-")?.rsplit_once('-')?;
    number.parse::<u32>().ok()?;
    named.rsplit_once('-')?.1.parse().ok()
}

fn is_gone(process: u32) -> bool {
    !Path::new("/proc").join(process.to_string()).exists()
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
