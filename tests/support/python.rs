//! Judges that are written in Python, below `tools/judges`.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output};

use super::project;

/// The interpreter that has what `tools/setup` installs: `YINXIN_PYTHON`, else that of the build tree, else the
/// system's.
fn interpreter() -> PathBuf {
    let installed = project::root().join("target/tools/venv/bin/python");
    match env::var_os("YINXIN_PYTHON") {
        Some(named) => named.into(),
        None if installed.exists() => installed,
        None => "python3".into(),
    }
}

/// Runs a judge with arguments.
pub(crate) fn judge(script: &str, arguments: &[&OsStr]) -> Output {
    let script = project::root().join("tools/judges").join(script);
    Command::new(interpreter())
        .arg(script)
        .args(arguments)
        .output()
        .expect("python runs")
}
