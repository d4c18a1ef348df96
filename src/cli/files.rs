//! The files that a command is given: files, folders and patterns.

use std::collections::HashSet;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::cli::error::CliError;
use crate::problem::Problem;

/// The PDF files that the arguments name, each once however it is spelled, in order: a file as it is, a folder with all
/// below it, a pattern with `*` and `?` in the last part of its path.
///
/// # Errors
/// Where a folder cannot be read or holds no PDF file, or nothing fits a pattern. Whether a file named by itself is
/// there, and so the folder of a pattern, shows when it is opened.
pub(super) fn expand(named: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for path in named {
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            let before = files.len();
            below(path, &mut files)?;
            if files.len() == before {
                let problem = Problem::new("folder-without-documents").param("value", path.display());
                return Err(CliError::wrong("file", problem));
            }
        } else if name.as_bytes().iter().any(|byte| b"*?".contains(byte)) && !path.exists() {
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            let matching = |file: &Path| {
                let found = file.file_name();
                found.is_some_and(|found| matches(name.as_bytes(), found.as_bytes()))
            };
            let folder = folder.unwrap_or(Path::new("."));
            if !folder.is_dir() {
                // Like a file that is not there: the others are worked on all the same.
                files.push(path.clone());
                continue;
            }
            let before = files.len();
            files.extend(
                entries(folder)?
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

fn below(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), CliError> {
    for entry in entries(folder)? {
        // A link may lead back to where it is.
        if entry.is_dir() && !entry.is_symlink() {
            below(&entry, files)?;
        } else if entry.is_file() && is_pdf(&entry) {
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
/// was left behind half-written is no document. A byte that is of no character stands for itself, and is one to `?`.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    if name.starts_with(b".") && !pattern.starts_with(b".") {
        return false;
    }
    let (pattern, name) = (characters(pattern), characters(name));
    let (mut at, mut place) = (0, 0);
    let mut star = None;
    while place < name.len() {
        match pattern.get(at) {
            Some(Ok('*')) => {
                star = Some((at, place));
                at += 1;
            }
            Some(wanted) if *wanted == Ok('?') || *wanted == name[place] => {
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
    pattern[at..].iter().all(|rest| *rest == Ok('*'))
}

/// The characters of a name, and the bytes that are of none.
fn characters(name: &[u8]) -> Vec<Result<char, u8>> {
    let mut characters = Vec::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        characters.extend(chunk.valid().chars().map(Ok));
        characters.extend(chunk.invalid().iter().copied().map(Err));
    }
    characters
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
        let spelled = [
            "a.pdf",
            "deeper/../a.pdf",
            "link/*.pdf",
            "link/deeper",
            "deeper",
            "missing.pdf",
        ];
        let spelled = spelled.map(|name| folder.join(name));
        let found = expand(&spelled).unwrap();
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
    fn a_pattern_fits_names_of_bytes_that_are_no_characters() {
        for (pattern, fits) in [
            (&b"a*.pdf"[..], true),
            (b"a?.pdf", true),
            (b"a\xff.pdf", true),
            (b"a\xfe*.pdf", false),
            (b"a??.pdf", false),
        ] {
            assert_eq!(matches(pattern, b"a\xff.pdf"), fits, "{pattern:?}");
        }
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
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), fits, "{pattern} {name}");
        }
    }
}
