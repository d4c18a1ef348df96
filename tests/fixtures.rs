//! The fixtures are what their generator writes.

use std::process::Command;

use crate::support::project;

#[test]
fn the_generator_writes_the_fixtures_byte_for_byte() {
    let python = project::root().join("target/tools/venv/bin/python");
    let generator = project::root().join("tools/fixtures/generate.py");
    let output = Command::new(python)
        .arg(generator)
        .arg("--check")
        .output()
        .expect("tools/setup installed Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
