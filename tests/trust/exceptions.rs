//! Cases whose verdict differs from the one that a suite expects, each with the reason why.

use std::collections::BTreeMap;

/// By case; from lines `case | why`.
pub(super) fn parse(text: &str) -> BTreeMap<&str, &str> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (case, why) = line
                .split_once(" | ")
                .unwrap_or_else(|| panic!("no reason in \"{line}\""));
            assert!(!why.trim().is_empty(), "no reason for {case}");
            (case, why)
        })
        .collect()
}

/// Fails unless the cases that differ are exactly the exceptions: one that agrees unexpectedly fails too.
pub(super) fn assert_exactly(exceptions: &str, different: &[(&str, String)]) {
    let exceptions = parse(exceptions);
    let unexpected: Vec<_> = different
        .iter()
        .filter(|(case, _)| !exceptions.contains_key(case))
        .collect();
    let agree: Vec<_> = exceptions
        .keys()
        .filter(|case| different.iter().all(|(other, _)| other != *case))
        .collect();
    assert!(
        unexpected.is_empty() && agree.is_empty(),
        "different without an exception: {unexpected:#?}\nexceptions that agree: {agree:?}"
    );
}
