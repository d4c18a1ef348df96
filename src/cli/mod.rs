//! The command line: one file per subcommand, a short dispatch.
//!
//! Every command that prints data takes `--json`. An error is one clause, then what can be done about it; the exit code
//! is 0 when all went well, 1 when something was refused or did not pass, 2 when the command could not run.

mod agreement;
mod authority;
mod batch;
mod bench;
mod brought;
mod ca;
mod ceremony;
mod certificates;
mod cross;
mod demo;
mod draw_pages;
mod error;
mod files;
mod instance;
mod interrupts;
mod keys;
mod layout;
mod licence;
mod lint;
mod misuse;
mod new_file;
mod officers;
mod offline_roots;
mod output;
mod papers;
mod path;
mod pictures;
mod places;
mod proposals;
mod replay;
mod report_words;
mod seal;
mod sealed_words;
mod serve;
mod sign;
mod structures;
mod suite;
mod trust;
mod trust_folder;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cli::error::CliError;
use crate::i18n::Language;
use crate::telemetry::{LogFormat, start_log};

/// Issues electronic licences, seals them, and lets anyone verify them.
#[derive(Debug, Parser)]
#[command(name = "yinxin", version, about, propagate_version = true)]
struct Arguments {
    /// Form of the log on standard error.
    #[arg(
        long,
        global = true,
        help_heading = "Output",
        value_enum,
        default_value = "text",
        env = "YINXIN_LOG_FORMAT"
    )]
    log_format: LogFormat,
    /// Language of what is said, zh or en; that of the terminal where it is left out.
    #[arg(long, global = true, help_heading = "Output", value_parser = language, env = "YINXIN_LANG")]
    lang: Option<Language>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A whole sample city in one process: authorities, seals, licences, service; says what to try
    Demo(demo::Arguments),
    /// The service, from a configuration file
    Serve(serve::Arguments),
    /// The certificate authority: city, root, sub, issue, profiles, certificates, renew, rekey, hold, release, lint,
    /// revoke, ceremony, request, import-certificate, import-crl, crl, cross, show
    #[command(subcommand)]
    Ca(ca::Command),
    /// The keys of authorities and services: list, create, import, adopt
    #[command(subcommand)]
    Keys(keys::Command),
    /// Officers, who have keys of their own: key, enrol, list, remove
    #[command(subcommand)]
    Officer(officers::Command),
    /// Acts that need two people: new, list, show, approve, reject, withdraw, check, sign
    #[command(subcommand)]
    Proposal(proposals::Command),
    /// The register of authorities: add, list, token, revoke-token
    #[command(subcommand)]
    Authority(authority::Command),
    /// The recognition list: add, withdraw, suspend, resume, map, publish, show, check, import, forget,
    /// data, export
    #[command(subcommand)]
    Trust(trust::Command),
    /// Electronic seals: make, show, revoke, status
    #[command(subcommand)]
    Seal(seal::Command),
    /// Licences: issue, import, show, revoke
    #[command(subcommand)]
    Licence(licence::Command),
    /// Seal PDF files that are brought, or give their signatures a higher level
    Sign(Box<sign::Arguments>),
    /// The verdict on PDF files
    Verify(verify::Arguments),
    /// Whether a certificate can be relied on, by certificates and lists in files
    Path(path::Arguments),
    /// What a unit of work costs on this machine
    Bench(bench::Arguments),
    /// Draws pages before and after, for this program itself
    #[command(hide = true)]
    DrawPages(draw_pages::Arguments),
}

fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| "neither zh nor en".to_owned())
}

/// Says what is wrong with the arguments, or the help that was asked for.
fn refuse(error: &clap::Error) -> ExitCode {
    if let Some(language) = misuse::language(std::env::args()) {
        output::speak(language);
    }
    match misuse::words(error) {
        Some(words) => {
            eprintln!("{words}");
            ExitCode::from(2)
        }
        None => error.exit(),
    }
}

/// Reads the arguments and runs the command.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    // Before there are threads, of which each reserves memory: it limits its own.
    if let Command::DrawPages(arguments) = &arguments.command {
        return draw_pages::run(arguments);
    }
    start_log(arguments.log_format);
    if let Some(language) = arguments.lang {
        output::speak(language);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return output::fail(&CliError::System {
                what: "the runtime".to_owned(),
                source: error,
            });
        }
    };
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Demo(arguments) => demo::run(arguments).await,
            Command::Serve(arguments) => serve::run(arguments).await,
            Command::Ca(command) => ca::run(command).await,
            Command::Keys(command) => keys::run(command).await,
            Command::Officer(command) => officers::run(command).await,
            Command::Proposal(command) => proposals::run(command).await,
            Command::Authority(command) => authority::run(command).await,
            Command::Trust(command) => trust::run(command).await,
            Command::Seal(command) => seal::run(command).await,
            Command::Licence(command) => licence::run(command).await,
            Command::Sign(arguments) => sign::run(*arguments).await,
            Command::Verify(arguments) => verify::run(arguments).await,
            Command::Path(arguments) => path::run(arguments).await,
            Command::Bench(arguments) => bench::run(arguments).await,
            Command::DrawPages(arguments) => Ok(draw_pages::run(&arguments)),
        }
    });
    if let Err(CliError::Interrupted { .. }) = &done {
        // What still keeps a thread is not waited for, and what it was writing is gone before it ends with the program.
        new_file::give_up();
        runtime.shutdown_background();
    }
    done.unwrap_or_else(|error| output::fail(&error))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_help_and_the_readme_list_every_command() {
        let readme = include_str!("../../README.md");
        let program = Arguments::command();
        let shown = program.get_subcommands().filter(|command| !command.is_hide_set());
        for command in shown {
            let name = command.get_name();
            let rows = readme
                .lines()
                .filter(|line| line.starts_with(&format!("| `yinxin {name}")));
            let rows: Vec<&str> = rows.filter_map(|row| row.split("` |").next()).collect();
            assert!(!rows.is_empty(), "{name} in the README");
            let about = command.get_about().unwrap().to_string();
            let listed = |text: &str, part: &str| {
                let mut words = text.split(|character: char| !character.is_alphanumeric() && character != '-');
                words.any(|word| word == part)
            };
            for part in command.get_subcommands().map(clap::Command::get_name) {
                assert!(listed(&about, part), "yinxin --help: {name} {part}");
                assert!(rows.iter().any(|row| listed(row, part)), "README: {name} {part}");
            }
        }
    }
}
