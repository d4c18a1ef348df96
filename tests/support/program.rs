//! The program as its users run it: a process of its own on a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use yinxin::clock::{Clock, SystemClock};
use yinxin::keystore::{Keystore, Passphrase};
use yinxin::service::spool::Spool;
use yinxin::service::{Parts, Service};
use yinxin::store::{Store, StoreSettings};

use super::app::{fonts, own_stamping, previews};
use super::{TempFolder, project};

/// A sample city in a folder, and the program on it.
pub(crate) struct Program {
    folder: TempFolder,
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    /// Its exit code.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Run {
    /// What it printed, as JSON: a value a line.
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        let line = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        self.out.lines().map(line).collect()
    }
}

impl Program {
    /// The city of the fixtures, in which these rows, one JSON object a line, were issued.
    pub(crate) fn new(name: &str, rows: &str) -> Self {
        Self::at("127.0.0.1:8080", name, rows)
    }

    /// The same under another address.
    pub(crate) fn at(address: &str, name: &str, rows: &str) -> Self {
        let folder = TempFolder::new(name);
        let fixtures = folder.path().join("fixtures");
        std::fs::create_dir_all(fixtures.join("licences")).unwrap();
        let authorities = project::root().join("fixtures/authorities.csv");
        std::fs::copy(authorities, fixtures.join("authorities.csv")).unwrap();
        std::fs::write(fixtures.join("licences/all.jsonl"), rows).unwrap();
        let portraits = project::root().join("fixtures/licences/portraits");
        for place in [folder.path(), &fixtures.join("licences")] {
            std::os::unix::fs::symlink(&portraits, place.join("portraits")).unwrap();
        }
        let program = Self { folder };
        let fixtures = fixtures.to_str().unwrap();
        let arguments = ["--no-serve", "--listen", address, "--fixtures", fixtures, "--data"];
        let run = hear(command("demo").args(arguments).arg(program.data()));
        assert_eq!(run.code, Some(0), "{run:?}");
        program
    }

    /// A place for files of the test.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file of the test, written.
    pub(crate) fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, contents).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The folder of the database and the keys.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Its database, opened by this process.
    pub(crate) async fn store(&self) -> Store {
        let location = format!("sqlite:{}", self.data().join("yinxin.sqlite").display());
        let settings = StoreSettings {
            location,
            ..StoreSettings::default()
        };
        Store::open(&settings).await.unwrap()
    }

    /// The city as a service in this process.
    pub(crate) async fn service(&self) -> Arc<Service> {
        self.service_by(Arc::new(SystemClock)).await
    }

    /// The same by another clock.
    pub(crate) async fn service_by(&self, clock: Arc<dyn Clock>) -> Arc<Service> {
        let passphrase = Passphrase::from_file(&self.data().join("passphrase")).unwrap();
        let service = Service::start(Parts {
            clock,
            store: self.store().await,
            keys: Keystore::open(self.data().join("keys"), passphrase).unwrap(),
            fonts: Box::new(|| Ok(fonts())),
            licence_types: None,
            profiles: Vec::new(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            stamping: own_stamping(),
            spool: Spool::default(),
            previews: previews(),
        });
        Arc::new(service.await.unwrap())
    }

    /// A command on the city: `["licence", "show", …]`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let (name, rest) = arguments.split_first().unwrap();
        let mut command = command(name);
        command.args(rest).arg("--data").arg(self.data());
        command
    }

    /// The same, with the most memory that it held, in bytes.
    pub(crate) fn measured(&self, arguments: &[&str]) -> (Run, u64) {
        let mut command = self.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut most = 0;
        while child.try_wait().unwrap().is_none() {
            // A process that has ended has none; what it says before is the most until then.
            let status = std::fs::read_to_string(&status).unwrap_or_default();
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse::<u64>().ok());
            most = peak.map_or(most, |kibibytes| kibibytes << 10);
            std::thread::sleep(Duration::from_millis(2));
        }
        (heard(child.wait_with_output().unwrap()), most)
    }

    /// Runs a command on the city to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        hear(&mut self.command(arguments))
    }
}

/// A subcommand of the program, told nothing by the environment but where the fonts are.
fn command(name: &str) -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_yinxin")));
    let ours = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(|name| name.starts_with("YINXIN_")));
    for (name, _) in ours.filter(|(name, _)| name != "YINXIN_FONTS") {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C.UTF-8").arg(name).stdin(Stdio::null());
    command
}

/// Runs a command that needs no city, to its end.
pub(crate) fn run(arguments: &[String]) -> Run {
    let (name, rest) = arguments.split_first().unwrap();
    hear(command(name).args(rest))
}

fn hear(command: &mut Command) -> Run {
    heard(command.output().unwrap())
}

/// What a run that ended came to.
pub(crate) fn heard(output: Output) -> Run {
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
    }
}
