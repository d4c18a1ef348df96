//! A PostgreSQL of the tests' own: made for them, reached through a socket in its folder, stopped when dropped.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::TempFolder;

/// Where Debian keeps the versions of PostgreSQL.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The account that the server runs as when the tests run as root, which it refuses to do itself.
const ACCOUNT: &str = "postgres";

/// How long the server may take to start or stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server with a data folder of its own.
pub(crate) struct Cluster {
    server: Child,
    place: Place,
}

impl Cluster {
    /// Makes the data folder and starts the server. Fails, rather than skips, where PostgreSQL is not installed.
    pub(crate) fn start() -> Self {
        let place = Place {
            folder: TempFolder::new("postgres"),
            programs: newest_version().join("bin"),
        };
        place.prepare();
        let cluster = Self {
            server: place.launch(),
            place,
        };
        wait_until("the server answers", || cluster.place.is_ready());
        cluster
    }

    /// The address of a database.
    pub(crate) fn address(&self, database: &str) -> String {
        format!(
            "postgres://postgres@localhost/{database}?host={}",
            self.place.folder.path().display()
        )
    }

    /// Makes a database; as a copy of `template`, to which nobody may be connected.
    pub(crate) async fn create_database(&self, name: &str, template: &str) -> String {
        let mut connection = PgConnection::connect(&self.address("postgres"))
            .await
            .expect("the server answers");
        let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
        connection
            .execute(AssertSqlSafe(sql))
            .await
            .expect("a database is made");
        connection.close().await.expect("the connection closes");
        self.address(name)
    }

    /// The process of the server.
    fn pid(&self) -> Option<String> {
        let text = fs::read_to_string(self.place.data().join("postmaster.pid")).ok()?;
        text.lines().next().map(str::to_owned)
    }
}

impl Drop for Cluster {
    /// Asks for a fast shutdown (SIGINT), which does not wait for clients.
    fn drop(&mut self) {
        if let Some(pid) = self.pid() {
            let _ = Command::new("kill").args(["-INT", &pid]).status();
            let _ = self.server.wait();
        }
    }
}

/// The folder of a server, and the programs that work on it.
struct Place {
    folder: TempFolder,
    programs: PathBuf,
}

impl Place {
    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn prepare(&self) {
        if is_root() {
            let status = Command::new("chown").arg(ACCOUNT).arg(self.folder.path()).status();
            assert!(
                status.expect("chown runs").success(),
                "the folder is given to {ACCOUNT}"
            );
        }
        let made = self
            .program("initdb")
            .arg("-D")
            .arg(self.data())
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ])
            .output()
            .expect("initdb runs");
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
    }

    fn launch(&self) -> Child {
        let log = fs::File::create(self.folder.path().join("log")).expect("a log file");
        self.program("postgres")
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.folder.path())
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=200",
            ])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the log file"))
            .stderr(log)
            .spawn()
            .expect("postgres starts")
    }

    fn is_ready(&self) -> bool {
        let status = self
            .program("pg_isready")
            .arg("-q")
            .arg("-h")
            .arg(self.folder.path())
            .status();
        status.expect("pg_isready runs").success()
    }

    /// A program of PostgreSQL, under the account that it runs as.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            Command::new("runuser")
        } else {
            Command::new(&program)
        };
        if is_root() {
            command.args(["-u", ACCOUNT, "--"]).arg(&program);
        }
        command.current_dir(self.folder.path());
        command
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("id runs");
    output.stdout.trim_ascii() == b"0"
}

fn newest_version() -> PathBuf {
    let versions =
        fs::read_dir(VERSIONS).unwrap_or_else(|error| panic!("PostgreSQL is not installed: {VERSIONS}: {error}"));
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    versions
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.join("bin/postgres").exists())
        .max_by_key(number)
        .unwrap_or_else(|| panic!("no PostgreSQL server below {VERSIONS}"))
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "{what} within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
