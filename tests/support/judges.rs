//! Programs that are not ours and judge what we make: thin wrappers around those of `tools/judges` and of the system.

use std::path::Path;
use std::process::Command;

use crate::support::project;

/// What a judge said of something.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// Whether its exit code was 0.
    pub(crate) accepted: bool,
    /// Everything that it printed.
    pub(crate) said: String,
}

/// Runs a program of the system in a folder.
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) -> Verdict {
    hear(Command::new(program).args(arguments).current_dir(folder))
}

/// Bouncy Castle on a certification path or on the signatures of lists: the arguments of `PathJudge.java`.
pub(crate) fn bouncy_castle(folder: &Path, arguments: &[&str]) -> Verdict {
    java(folder, &["bcprov", "bcpkix", "bcutil"], "PathJudge.java", arguments)
}

/// A script of `tools/judges` for Node.js.
pub(crate) fn node(folder: &Path, judge: &str, arguments: &[&str]) -> Verdict {
    let judge = project::root().join("tools/judges").join(judge);
    hear(Command::new("node").arg(judge).args(arguments).current_dir(folder))
}

fn java(folder: &Path, jars: &[&str], judge: &str, arguments: &[&str]) -> Verdict {
    let class_path: Vec<String> = jars.iter().map(|jar| format!("/usr/share/java/{jar}.jar")).collect();
    let judge = project::root().join("tools/judges").join(judge);
    // For a program of two seconds, starting fast is worth more than running fast.
    let quick = [
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "--class-path",
        &class_path.join(":"),
    ];
    hear(
        Command::new("java")
            .args(quick)
            .arg(judge)
            .args(arguments)
            .current_dir(folder),
    )
}

fn hear(command: &mut Command) -> Verdict {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; tools/setup installs it"));
    let said = [output.stdout, output.stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat();
    Verdict {
        accepted: output.status.success(),
        said,
    }
}
