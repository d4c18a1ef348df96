//! `yinxin trust`: the recognition list, ours and those of others.

mod act;
mod data;
mod files;
mod show;

pub(super) use files::{read_pin, refused, write_pin};

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliResult, OutputArguments};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Recognise an authority, or one more certificate or service of one in the list
    Add(act::Add),
    /// Withdraw recognition
    Withdraw(act::Change),
    /// Suspend recognition
    ///
    /// Once officers are enrolled, suspending `own` or from a time more than five minutes back takes two of them: --act
    /// prints what one proposes.
    Suspend(act::Change),
    /// Resume recognition that is suspended
    Resume(act::Change),
    /// Set the table of assurance levels of an authority
    Map(act::Map),
    /// Publish the next list
    Publish(act::Publish),
    /// Show the list
    Show {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Number of the list; the newest where it is left out
        #[arg(long)]
        sequence: Option<u64>,
        /// The lists of partners, as they were imported last, in place of ours
        #[arg(long, conflicts_with = "sequence")]
        partners: bool,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Check the list of anybody, without an instance
    Check(files::Check),
    /// Take in the list of a partner; recognises nobody
    Import(files::Import),
    /// Forget the list of a partner: it is looked for no more, and our next list does not point to it
    Forget {
        #[command(flatten)]
        instance: InstanceArguments,
        /// What the partner is called here
        name: String,
    },
    /// Take in certificates and revocation lists of others, which help to find paths; recognises nobody
    Data(data::Arguments),
    /// Write our list to a file
    Export {
        #[command(flatten)]
        instance: InstanceArguments,
        /// Number of the list; the newest where it is left out
        #[arg(long)]
        sequence: Option<u64>,
        /// File to write
        #[arg(long)]
        out: PathBuf,
        /// Write the content alone, JSON of ETSI TS 119 602, in place of the signed list
        #[arg(long)]
        content: bool,
        /// Write what a client follows the list with, too
        #[arg(long)]
        pin: Option<PathBuf>,
    },
}

pub(super) async fn run(command: Command) -> CliResult {
    match command {
        Command::Add(add) => act::add(add).await?,
        Command::Withdraw(change) => act::change(change, act::Kind::Withdraw).await?,
        Command::Suspend(change) => act::change(change, act::Kind::Suspend).await?,
        Command::Resume(change) => act::change(change, act::Kind::Resume).await?,
        Command::Map(map) => act::map(map).await?,
        Command::Publish(publish) => act::publish(publish).await?,
        Command::Show {
            instance,
            sequence,
            partners,
            output,
        } => show::run(&instance, sequence, partners, output).await?,
        Command::Check(check) => files::check(&check)?,
        Command::Import(import) => files::import(&import).await?,
        Command::Forget { instance, name } => files::forget(&instance, &name).await?,
        Command::Data(arguments) => data::run(&arguments).await?,
        Command::Export {
            instance,
            sequence,
            out,
            content,
            pin,
        } => files::export(&instance, sequence, &out, content, pin.as_deref()).await?,
    }
    Ok(ExitCode::SUCCESS)
}
