//! `yinxin ca ceremony`: a root that is kept offline, from a script, with two people and a transcript.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};

use crate::cli::error::CliError;
use crate::cli::new_file::NewFile;
use crate::cli::output::{CliResult, OutputArguments, say};
use crate::cli::structures::der_of;
use crate::clock::SystemClock;
use crate::crypto::key::Signer;
use crate::hex;
use crate::keystore::{ForeignKeyFile, Keystore, Passphrase};
use crate::problem::Problem;
use crate::service::ceremony::{Agenda, CeremonyError, Participants, Script, Step, Transcript, perform};
use crate::service::error::ServiceError;

/// Name of the file with the transcript.
const TRANSCRIPT: &str = "transcript.json";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Ceremony {
    #[command(subcommand)]
    command: Option<Command>,
    /// The script; without --agenda its hash and steps are shown and nothing is done
    #[arg(required = true)]
    script: Option<PathBuf>,
    /// The hash that both people read and compared; the ceremony is held
    #[arg(long, requires = "folder", requires = "passphrase_file")]
    agenda: Option<String>,
    /// A person's own key file (PKCS#8, PEM or DER, mode 600); once for each person
    #[arg(long = "person", value_name = "KEY")]
    people: Vec<PathBuf>,
    /// File with the passphrase of that key, mode 600; in the order of --person
    #[arg(long = "person-passphrase-file", value_name = "FILE")]
    passphrases: Vec<PathBuf>,
    /// Folder for the root's key, the certificates, the list and transcript.json
    #[arg(long)]
    folder: Option<PathBuf>,
    /// File for the transcript; by default transcript.json in the folder
    #[arg(long, value_name = "FILE")]
    transcript: Option<PathBuf>,
    /// File with the passphrase of the root's key, mode 600
    #[arg(long)]
    passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a transcript by itself: the chain, the people, the steps, the signatures
    Check {
        /// The transcript
        transcript: PathBuf,
        /// Write the root's certificate to a file, DER
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        output: OutputArguments,
    },
}

pub(super) fn run(ceremony: &Ceremony) -> CliResult {
    match (&ceremony.command, &ceremony.script) {
        (
            Some(Command::Check {
                transcript,
                out,
                output,
            }),
            _,
        ) => check(transcript, out.as_deref(), *output)?,
        (None, Some(script)) => hold(ceremony, script)?,
        (None, None) => return Err(CliError::needed("script")),
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(error: CeremonyError) -> CliError {
    ServiceError::explained(error).into()
}

/// Shows what is to be done, or does it.
fn hold(ceremony: &Ceremony, path: &Path) -> Result<(), CliError> {
    let text = std::fs::read_to_string(path).map_err(CliError::file(path))?;
    let beside = path.parent().unwrap_or(Path::new("."));
    let read = |file: &str| {
        let bytes = std::fs::read(beside.join(file)).map_err(|error| error.to_string())?;
        // What was written as text stands for what it holds.
        Ok(der_of(&bytes).unwrap_or(bytes))
    };
    let agenda = Agenda::new(&text, read).map_err(refused)?;
    let found = agenda.hash();
    let (Some(expected), Some(folder), Some(passphrase)) =
        (&ceremony.agenda, &ceremony.folder, &ceremony.passphrase_file)
    else {
        let printed = serde_json::json!({ "agenda": found, "steps": steps(&agenda.script) });
        ceremony.output.print(&printed, || agenda_words(&agenda.script, &found));
        return Ok(());
    };
    if *expected != found {
        let expected = expected.clone();
        return Err(refused(CeremonyError::OtherAgenda { expected, found }));
    }
    let people = ceremony.signers()?;
    let transcript = ceremony.transcript.clone().unwrap_or_else(|| folder.join(TRANSCRIPT));
    let outputs = agenda
        .script
        .steps
        .iter()
        .filter_map(Step::output)
        .map(|file| folder.join(file));
    // Nothing is signed that could not be kept.
    if let Some(there) = outputs.chain([transcript.clone()]).find(|file| file.exists()) {
        let problem = Problem::new("ceremony-output-there").param("value", there.display());
        return Err(CliError::wrong("file", problem));
    }
    let keys = Keystore::open(folder.clone(), Passphrase::from_file_or_new(passphrase)?)?;
    let participants = Participants {
        people: &people,
        keys: &keys,
        clock: &SystemClock,
    };
    let made = perform(&agenda, &participants).map_err(refused)?;
    for (file, bytes) in &made.outputs {
        write_new(&folder.join(file), bytes)?;
    }
    write_new(&transcript, made.transcript.text().as_bytes())?;
    let files: Vec<_> = made.outputs.iter().map(|(file, _)| file.as_str()).collect();
    let shown = transcript.display().to_string();
    let printed = serde_json::json!({ "transcript": shown, "files": files });
    let params = [("transcript", shown.as_str()), ("files", &files.join(", "))];
    ceremony.output.print(&printed, || say("cli-ceremony-held", &params));
    Ok(())
}

impl Ceremony {
    fn signers(&self) -> Result<Vec<Arc<dyn Signer>>, CliError> {
        let open = |(at, path): (usize, &PathBuf)| {
            let passphrase = self.passphrases.get(at).map(|file| Passphrase::from_file(file));
            let file = ForeignKeyFile {
                path: path.clone(),
                passphrase: passphrase.transpose()?,
            };
            Ok(Arc::new(file.read()?) as Arc<dyn Signer>)
        };
        self.people.iter().enumerate().map(open).collect()
    }
}

fn check(path: &Path, out: Option<&Path>, output: OutputArguments) -> Result<(), CliError> {
    let text = std::fs::read_to_string(path).map_err(CliError::file(path))?;
    let transcript = Transcript::parse(&text).map_err(refused)?;
    let root = transcript.check().map_err(refused)?;
    let script = Script::parse(&transcript.header.script).map_err(refused)?;
    if let Some(out) = out {
        std::fs::write(out, root.der()).map_err(CliError::file(out))?;
    }
    let people: Vec<_> = script.people.iter().map(|person| person.name.as_str()).collect();
    let printed = serde_json::json!({
        "holds": true,
        "agenda": transcript.header.agenda,
        "started": transcript.header.started,
        "people": people,
        "root": root.subject().to_string(),
        "root_sha256": hex::encode(root.fingerprint()),
        "steps": steps(&script),
    });
    let params = [
        ("name", script.name.as_str()),
        ("root", &root.subject().to_string()),
        ("people", &people.join(", ")),
        ("fingerprint", &hex::encode(root.fingerprint())),
    ];
    output.print(&printed, || say("cli-ceremony-holds", &params));
    Ok(())
}

fn steps(script: &Script) -> Vec<&'static str> {
    script.steps.iter().map(|step| step.name()).collect()
}

fn agenda_words(script: &Script, hash: &str) -> String {
    let people: Vec<_> = script.people.iter().map(|person| person.name.as_str()).collect();
    let params = [
        ("name", script.name.as_str()),
        ("people", &people.join(", ")),
        ("steps", &steps(script).join(", ")),
        ("hash", hash),
    ];
    say("cli-ceremony-agenda", &params)
}

/// Writes a file that is not there yet: nothing of an earlier ceremony is overwritten.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let written = NewFile::begin(path).and_then(|file| file.end(bytes));
    written.map_err(CliError::file(path))
}
