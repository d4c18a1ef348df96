//! Every file that fuzzing kept, through the functions that the fuzz targets call: none panics. What once brought a
//! parser down stays among them.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::support::project;

#[path = "../tools/fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "a crate of its own for the fuzz targets")]
mod parsers;

/// Most bytes of all files together: they come along with every copy of the sources.
const MAX_CORPUS_BYTES: u64 = 500_000;

#[test]
fn what_fuzzing_kept_brings_no_parser_down() {
    let corpus = project::root().join("fixtures/corpus");
    let (mut size, mut fallen) = (0, Vec::new());
    for (name, target) in parsers::TARGETS {
        let files: Vec<_> = std::fs::read_dir(corpus.join(name))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(!files.is_empty(), "{name}");
        for file in files {
            let bytes = std::fs::read(file.path()).unwrap();
            size += bytes.len() as u64;
            if catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_err() {
                fallen.push(file.path());
            }
        }
    }
    assert!(fallen.is_empty(), "{fallen:?}");
    assert!(size <= MAX_CORPUS_BYTES, "{size} bytes");
}

#[test]
fn every_parser_has_a_program_that_fuzzes_it() {
    let programs = project::root().join("tools/fuzz/src/bin");
    let mut found: Vec<String> = std::fs::read_dir(programs)
        .unwrap()
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    found.sort();
    assert_eq!(found, parsers::TARGETS.map(|(name, _)| name));
}
