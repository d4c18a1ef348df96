//! `yinxin sign` while something happens to its files: a time-stamping authority keeps it waiting meanwhile.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use rustix::process::{Pid, Signal, kill_process};
use yinxin::crypto::DigestAlgorithm;

use super::command::{city, sealing};
use crate::sealings::corpus;
use crate::support::program::{Program, Run, heard};

/// Files that `sign` works on at one time.
const AT_ONCE: usize = 4;

/// Bytes that a file may have where the disk has no room for more; those of the register have fewer.
const ROOM: usize = 16 << 20;
/// Bytes of a block of `ulimit -f` (POSIX, `ulimit`).
const ULIMIT_BLOCK: usize = 512;

/// An authority on this machine that keeps whoever asks waiting, until it goes.
struct Silent {
    address: String,
    asked: Receiver<()>,
    waiting: Arc<Mutex<Option<Vec<TcpStream>>>>,
}

impl Silent {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/tsa", listener.local_addr().unwrap());
        let waiting = Arc::new(Mutex::new(Some(Vec::new())));
        let (ask, asked) = channel();
        let kept = Arc::clone(&waiting);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if let Some(kept) = kept.lock().unwrap().as_mut() {
                    kept.push(stream.unwrap());
                }
                // The test may have ended.
                let _ = ask.send(());
            }
        });
        Self {
            address,
            asked,
            waiting,
        }
    }

    /// Waits until it was asked so many times more.
    fn is_asked(&self, times: usize) {
        (0..times).for_each(|_| self.asked.recv().unwrap());
    }

    /// Lets whoever waits go without an answer, and whoever comes.
    fn goes(&self) {
        self.waiting.lock().unwrap().take();
    }

    /// Begins to seal what is named, by its stamps or else by our own.
    fn sealing(&self, program: &Program, named: &str, more: &[&str]) -> Child {
        let config = program.file("config.toml", "[fetch]\nprivate_addresses = true\n");
        let arguments = [
            &sealing(named)[..],
            &["--tsa", &self.address, "--config", &config, "--json"],
            more,
        ]
        .concat();
        let mut command = program.command(&arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }
}

fn send(signal: Signal, child: &Child) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

fn ended(child: Child) -> Run {
    heard(child.wait_with_output().unwrap())
}

/// Documents in a folder of the test, of so many pages each.
fn brought(program: &Program, documents: &[(&str, usize)]) -> String {
    let folder = program.path("brought");
    fs::create_dir_all(&folder).unwrap();
    for (name, pages) in documents {
        fs::write(folder.join(name), corpus::pages(*pages)).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

/// What lies in a folder, in order.
fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn digest(path: &str) -> String {
    yinxin::hex::encode(DigestAlgorithm::Sha256.digest(&fs::read(path).unwrap()).as_ref())
}

/// How often something was sealed, by the register.
async fn recorded(program: &Program) -> usize {
    let events = program.store().await.events(0, 10_000).await.unwrap();
    events.iter().filter(|event| event.action == "document.seal").count()
}

#[test]
fn a_file_that_is_replaced_or_written_over_while_it_is_sealed_is_sealed_as_it_was() {
    let program = city("sign-replaced");
    let folder = brought(&program, &[("moved.pdf", 1), ("written.pdf", 1), ("other.pdf", 3)]);
    let silent = Silent::new();
    let [moved, written, other] = ["moved", "written", "other"].map(|name| format!("{folder}/{name}.pdf"));
    let under_way = silent.sealing(&program, &moved, &[&written]);
    silent.is_asked(2);
    fs::copy(&other, &written).unwrap();
    fs::rename(&other, &moved).unwrap();
    silent.goes();
    let run = ended(under_way);
    assert_eq!(run.code, Some(0), "{run:?}");
    for line in run.json_lines() {
        let out = line["out"].as_str().unwrap();
        assert_eq!(line["sha256"], digest(out), "{line}");
        let verdict = program.run(&["verify", out, "--json"]).json_lines().remove(0);
        assert_eq!(verdict["conclusion"], "valid", "{verdict}");
    }
}

#[test]
fn a_run_that_is_broken_off_or_killed_leaves_nothing_in_the_way_of_the_next() {
    let program = city("sign-broken-off");
    let folder = brought(&program, &[("a.pdf", 1), ("b.pdf", 1)]);
    let silent = Silent::new();
    let broken_off = silent.sealing(&program, &folder, &[]);
    silent.is_asked(2);
    send(Signal::INT, &broken_off);
    send(Signal::TERM, &broken_off);
    let run = ended(broken_off);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{run:?}");
    assert_eq!(names(&folder), ["a.pdf", "b.pdf"]);

    let mut killed = silent.sealing(&program, &folder, &[]);
    silent.is_asked(2);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let pattern = format!("{folder}/*");
    let next = program.run(&[&sealing(&pattern)[..], &["--json"]].concat());
    assert_eq!((next.code, next.json_lines().len()), (Some(0), 2), "{next:?}");
}

#[test]
fn an_interrupted_command_ends_what_is_under_way_and_begins_no_more() {
    let program = city("sign-interrupted");
    let documents: Vec<_> = (0..AT_ONCE + 2).map(|number| (format!("{number}.pdf"), 1)).collect();
    let documents: Vec<_> = documents.iter().map(|(name, pages)| (name.as_str(), *pages)).collect();
    let folder = brought(&program, &documents);
    let silent = Silent::new();
    let mut under_way = silent.sealing(&program, &folder, &["--lang", "en"]);
    silent.is_asked(AT_ONCE);
    send(Signal::INT, &under_way);
    let mut said = BufReader::new(under_way.stderr.take().unwrap());
    let mut words = String::new();
    while !words.contains("stopping; 4 file(s)") {
        assert!(said.read_line(&mut words).unwrap() > 0, "{words}");
    }
    silent.goes();
    let run = ended(under_way);
    said.read_to_string(&mut words).unwrap();
    assert_eq!((run.code, run.json_lines().len()), (Some(2), AT_ONCE), "{run:?}");
    assert!(run.json_lines().iter().all(|line| line["sealed"] == true), "{run:?}");
    assert!(words.contains("with 2 file(s) nothing was done"), "{words}");
    assert_eq!(names(&folder).len(), documents.len() + AT_ONCE);
}

#[test]
fn what_is_no_file_is_refused_before_it_is_opened() {
    let program = city("sign-no-files");
    let pipe = program.path("pipe.pdf").to_str().unwrap().to_owned();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let socket = program.path("socket.pdf").to_str().unwrap().to_owned();
    let _bound = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let out = program.path("out.pdf").to_str().unwrap().to_owned();
    for (named, code) in [
        (pipe.as_str(), "file-is-pipe"),
        (&socket, "file-is-socket"),
        ("/dev/zero", "file-is-device"),
    ] {
        let signed = program.run(&[&sealing(named)[..], &["--out", &out, "--json"]].concat());
        assert_eq!(signed.json_lines()[0]["problems"][0]["code"], code, "{signed:?}");
        let verified = program.run(&["verify", named, "--json"]);
        assert!(verified.out.contains(code), "{verified:?}");
        assert!(!program.path("out.pdf").exists());
    }
}

#[test]
fn a_sealed_file_keeps_the_bytes_of_the_name() {
    use std::os::unix::ffi::OsStrExt;
    let program = city("sign-names");
    let folder = brought(&program, &[("a.pdf", 1)]);
    let document = fs::read(format!("{folder}/a.pdf")).unwrap();
    let named = |bytes: &[u8]| std::path::Path::new(&folder).join(std::ffi::OsStr::from_bytes(bytes));
    for name in [b"a\xfe.pdf", b"a\xff.pdf"] {
        fs::write(named(name), &document).unwrap();
    }
    let run = program.run(&[&sealing(&folder)[..], &["--json"]].concat());
    assert_eq!((run.code, run.json_lines().len()), (Some(0), 3), "{run:?}");
    for name in [&b"a.sealed.pdf"[..], b"a\xfe.sealed.pdf", b"a\xff.sealed.pdf"] {
        assert!(named(name).exists(), "{run:?}");
    }
}

#[tokio::test]
async fn what_has_no_room_on_the_disk_is_not_recorded_as_sealed() {
    let program = city("sign-no-room");
    let brought = program.file("brought.pdf", of_size(ROOM));
    let out = program.path("out.pdf");
    let signing = program.command(&[&sealing(&brought)[..], &["--out", out.to_str().unwrap(), "--json"]].concat());
    let run = heard(with_room(&signing).output().unwrap());
    assert_eq!(run.json_lines()[0]["sealed"], false, "{run:?}");
    assert!(!out.exists());
    assert_eq!(recorded(&program).await, 0);
}

#[tokio::test]
async fn what_cannot_be_put_in_its_place_once_it_is_recorded_is_not_lost() {
    let program = city("sign-taken");
    let folder = brought(&program, &[("brought.pdf", 1)]);
    let silent = Silent::new();
    let under_way = silent.sealing(&program, &folder, &[]);
    silent.is_asked(1);
    let taken = format!("{folder}/brought.sealed.pdf");
    fs::write(&taken, "another's").unwrap();
    silent.goes();
    let run = ended(under_way);
    let line = run.json_lines().remove(0);
    assert_eq!((run.code, &line["sealed"]), (Some(1), &true.into()), "{run:?}");
    let problem = &line["problems"][0];
    assert_eq!(
        (&problem["code"], &problem["params"]["id"], &problem["params"]["file"]),
        (&"sealed-elsewhere".into(), &line["id"], &taken.as_str().into()),
        "{line}"
    );
    assert_eq!(digest(line["out"].as_str().unwrap()), line["sha256"], "{line}");
    assert_eq!(fs::read(&taken).unwrap(), b"another's");
    assert_eq!(recorded(&program).await, 1);
}

/// A document of so many bytes.
fn of_size(bytes: usize) -> Vec<u8> {
    let blank = |count: usize| {
        let ballast = format!("<</Length {count}>>stream\n{}\nendstream", " ".repeat(count));
        corpus::page("1.7", "/MediaBox[0 0 595 842]", &[&ballast])
    };
    let too_many = blank(bytes).len() - bytes;
    let document = blank(bytes - too_many);
    assert_eq!(document.len(), bytes);
    document
}

/// The command where no file may become longer than [`ROOM`]: whoever writes on is told so, and not stopped by the
/// signal.
fn with_room(command: &Command) -> Command {
    let mut limited = Command::new("sh");
    let limit = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", ROOM / ULIMIT_BLOCK);
    limited
        .args(["-c", &limit])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}
