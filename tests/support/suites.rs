//! Outside test suites: folders of cases that are not part of the project.
//!
//! `tools/test` finds their folder and names it in `YINXIN_SUITES`. A suite that is absent skips its tests, unless
//! `YINXIN_REQUIRE_SUITES` is set: then it fails them.

use std::env;
use std::path::PathBuf;

/// The folder of a suite, by its name in `tools/suites.txt`; `None`, with a note, where it is absent and not required.
pub(crate) fn suite(name: &str) -> Option<PathBuf> {
    let listed = include_str!("../../tools/suites.txt").lines().any(|line| line == name);
    assert!(listed, "suite {name} is not listed in tools/suites.txt");
    let folder = env::var_os("YINXIN_SUITES").map(|suites| PathBuf::from(suites).join(name));
    let found = folder.filter(|folder| folder.is_dir());
    let required = env::var("YINXIN_REQUIRE_SUITES").is_ok_and(|value| !value.is_empty() && value != "0");
    assert!(
        found.is_some() || !required,
        "suite {name} is absent from YINXIN_SUITES, and YINXIN_REQUIRE_SUITES is set"
    );
    if found.is_none() {
        eprintln!("absent suite: {name}");
    }
    found
}

#[test]
fn every_listed_suite_holds_files_where_it_is_present() {
    for name in include_str!("../../tools/suites.txt").lines() {
        let Some(folder) = suite(name) else { continue };
        assert!(
            folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()),
            "suite {name} is empty"
        );
    }
}
