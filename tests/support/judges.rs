//! Programs that are not ours and judge what we make: thin wrappers around those of `tools/judges` and of the system.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use yinxin::x509::Certificate;

use crate::support::{TempFolder, project, python};

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

/// Bouncy Castle on a status request or response: the arguments of `StatusJudge.java`.
pub(crate) fn bouncy_castle_status(folder: &Path, arguments: &[&str]) -> Verdict {
    java(folder, &["bcprov", "bcpkix", "bcutil"], "StatusJudge.java", arguments)
}

/// PDFBox on what the security store of a PDF says of each signature: `ValidationInformationJudge.java`.
pub(crate) fn pdfbox_validation_information(folder: &Path, file: &str) -> Verdict {
    let jars = ["pdfbox2", "fontbox2", "commons-logging"];
    java(folder, &jars, "ValidationInformationJudge.java", &[file])
}

/// A script of `tools/judges` for Node.js.
pub(crate) fn node(folder: &Path, judge: &str, arguments: &[&str]) -> Verdict {
    let judge = project::root().join("tools/judges").join(judge);
    hear(Command::new("node").arg(judge).args(arguments).current_dir(folder))
}

/// PDFBox preflight on a PDF/A-3 file: says what PDF/A-1b forbids and PDF/A-3 does not permit.
pub(crate) fn preflight(folder: &Path, file: &str) -> Verdict {
    let jars = [
        "preflight",
        "pdfbox2",
        "fontbox2",
        "xmpbox",
        "commons-logging",
        "javax.activation",
        "jaxb-api",
        "bcprov",
        "commons-io",
    ];
    java(folder, &jars, "PreflightJudge.java", &[file])
}

/// Whether gmssl-pyx finds that the certificate's SM2 key signed the message.
pub(crate) fn gmssl_accepts(certificate: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let folder = TempFolder::new("gmssl");
    let spki = Certificate::from_der(certificate).unwrap().public_key_info().to_vec();
    let paths = ["key", "message", "signature"].map(|name| folder.path().join(name));
    for (path, bytes) in paths.iter().zip([&spki[spki.len() - 64..], message, signature]) {
        std::fs::write(path, bytes).unwrap();
    }
    let output = python::judge(
        "gmssl_verify.py",
        &paths.each_ref().map(|path| path.as_os_str() as &OsStr),
    );
    match output.status.code() {
        Some(0) => true,
        Some(3) => false,
        other => panic!("{other:?}: {}", String::from_utf8_lossy(&output.stderr)),
    }
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
