//! The files that a command is given: files, folders and patterns.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::cli::error::CliError;
use crate::problem::Problem;

/// The PDF files that the arguments name, each once however it is spelled, in order: a file as it is, a folder with all
/// below it, a pattern with `*` and `?` in the last part of its path. `wanted` leaves out what a folder or pattern
/// brings by accident.
///
/// # Errors
/// Where a folder cannot be read or holds no PDF file, or nothing fits a pattern. Whether a file named by itself is
/// there shows when it is opened.
pub(super) fn expand(named: &[PathBuf], wanted: impl Fn(&Path) -> bool + Copy) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for path in named {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            let before = files.len();
            below(path, wanted, &mut files)?;
            if files.len() == before {
                let problem = Problem::new("folder-without-documents").param("value", path.display());
                return Err(CliError::wrong("file", problem));
            }
        } else if name.contains(['*', '?']) && !path.exists() {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            let matching = |file: &Path| {
                let found = file.file_name().and_then(|found| found.to_str());
                found.is_some_and(|found| matches(name, found)) && wanted(file)
            };
            let before = files.len();
            files.extend(
                entries(folder.unwrap_or(Path::new(".")))?
                    .into_iter()
                    .filter(|file| file.is_file() && matching(file)),
            );
            if files.len() == before {
                let problem = Problem::new("pattern-without-files").param("value", path.display());
                return Err(CliError::wrong("file", problem));
            }
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    Ok(files)
}

/// A place for a file as no other spelling names it, whether a file is there or not. A folder that is not there is
/// named as it is spelled.
pub(super) fn place(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

fn below(folder: &Path, wanted: impl Fn(&Path) -> bool + Copy, files: &mut Vec<PathBuf>) -> Result<(), CliError> {
    for entry in entries(folder)? {
        // A link may lead back to where it is.
        if entry.is_dir() && !entry.is_symlink() {
            below(&entry, wanted, files)?;
        } else if entry.is_file() && is_pdf(&entry) && wanted(&entry) {
            files.push(entry);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let read = std::fs::read_dir(folder).map_err(CliError::file(folder))?;
    let paths = read.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(CliError::file(folder))?;
    paths.sort();
    Ok(paths)
}

fn is_pdf(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
}

/// Whether a name fits a pattern of `*` and `?`. As in a shell, one that begins with a dot is named by its dot: what
/// was left behind half-written is no document.
fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut place) = (0, 0);
    let mut star = None;
    while place < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || *wanted == name[place] => {
                at += 1;
                place += 1;
            }
            // The last star takes one more.
            _ => match star {
                Some((after, taken)) => {
                    star = Some((after, taken + 1));
                    at = after + 1;
                    place = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_named_in_several_ways_is_one_file() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path();
        std::fs::create_dir(folder.join("deeper")).unwrap();
        for name in ["a.pdf", "deeper/b.pdf"] {
            std::fs::write(folder.join(name), []).unwrap();
        }
        std::os::unix::fs::symlink(folder, folder.join("link")).unwrap();
        let all = |_: &Path| true;
        let spelled = [
            "a.pdf",
            "deeper/../a.pdf",
            "link/*.pdf",
            "link/deeper",
            "deeper",
            "missing.pdf",
        ];
        let spelled = spelled.map(|name| folder.join(name));
        let found = expand(&spelled, all).unwrap();
        let expected = ["a.pdf", "link/deeper/b.pdf", "missing.pdf"];
        assert_eq!(found, expected.map(|name| folder.join(name)));

        let there = folder.canonicalize().unwrap().join("deeper/new.pdf");
        for spelled in ["deeper/new.pdf", "deeper/../deeper/new.pdf", "link/deeper/new.pdf"] {
            assert_eq!(place(&folder.join(spelled)), there);
        }
        let nowhere = folder.join("none/new.pdf");
        assert_eq!(place(&nowhere), nowhere);
        assert!(place(Path::new("new.pdf")).is_absolute());
    }

    #[test]
    fn a_pattern_fits_whole_names() {
        for (pattern, name, fits) in [
            ("*.pdf", "a.pdf", true),
            ("*.pdf", "a.pdf.bak", false),
            ("合同-??.pdf", "合同-01.pdf", true),
            ("合同-??.pdf", "合同-1.pdf", false),
            ("a*b*c", "aXbYbc", true),
            ("a*b*c", "aXbYb", false),
            ("*", "", true),
            ("*", ".yinxin-a1b2c3.part", false),
            (".*", ".yinxin-a1b2c3.part", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
