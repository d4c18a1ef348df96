//! `yinxin proposal`: what one officer proposes and another decides.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand, ValueEnum};

use crate::cli::agreement::{OfficerKey, print_decided, public_key, sign, sign_proposal};
use crate::cli::error::CliError;
use crate::cli::instance::InstanceArguments;
use crate::cli::output::{CliResult, OutputArguments, line, remark, say};
use crate::cli::papers;
use crate::clock::rfc3339;
use crate::clock::{Clock as _, SystemClock};
use crate::id::ProposalId;
use crate::service::actor::Actor;
use crate::service::error::ServiceError;
use crate::service::proposals::{
    Act, Content, Decision, MAX_PAGE, ProposalRecord, Quorum, Standing, Target, Verdict, key_digest,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Propose an act that is described in a file
    ///
    /// Suspending takes one officer, and so does the daily work on certificates of persons, enterprises and hosts: it
    /// is done at once. Whatever else there is waits for another officer: signers of licences, roles of the instance,
    /// authorities, what dates back, suspending `own`.
    New {
        #[command(flatten)]
        instance: InstanceArguments,
        /// File with the act as JSON: {"act":"found-ca", …}
        act: PathBuf,
        /// Why
        #[arg(long)]
        reason: String,
        /// Days for which it stays open, at most 31
        #[arg(long, default_value_t = 7)]
        days: u16,
        #[command(flatten)]
        key: OfficerKey,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// List the proposals, newest first
    List {
        #[command(flatten)]
        instance: InstanceArguments,
        /// open, expired, carried-out, rejected, withdrawn or failed; all where it is left out
        #[arg(long)]
        state: Option<Standing>,
        /// At most so many
        #[arg(long, default_value_t = MAX_PAGE)]
        limit: u32,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Show a proposal with all that was stated about it
    Show {
        #[command(flatten)]
        instance: InstanceArguments,
        /// The proposal
        id: ProposalId,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Approve what another officer proposed; it is done with it
    Approve(Decide),
    /// Reject what another officer proposed
    Reject(Decide),
    /// Take back an own proposal
    Withdraw(Decide),
    /// Check a record (`proposal show --json`) by its signatures alone
    Check {
        /// The record
        record: PathBuf,
        /// Public keys or certificates of the officers; those that the record shows where none is named
        #[arg(long = "officer", value_name = "FILE")]
        officers: Vec<PathBuf>,
        #[command(flatten)]
        output: OutputArguments,
    },
    /// Sign a statement for the programming interface, away from the service; prints the Authorization field
    Sign(Sign),
}

#[derive(Debug, Args)]
pub(super) struct Decide {
    #[command(flatten)]
    instance: InstanceArguments,
    /// The proposal
    id: ProposalId,
    /// The hash that `proposal show` told, so that nothing else is decided than what was read
    #[arg(long)]
    hash: String,
    /// Why; needed to reject
    #[arg(long)]
    reason: Option<String>,
    #[command(flatten)]
    key: OfficerKey,
    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Purpose {
    Read,
    Propose,
    Approve,
    Reject,
    Withdraw,
}

#[derive(Debug, Args)]
pub(super) struct Sign {
    /// What for
    purpose: Purpose,
    /// The instance, as any record names it; needed to read and to propose
    #[arg(long)]
    instance_id: Option<String>,
    /// Record of the proposal, as the interface gave it; needed to decide
    #[arg(long)]
    record: Option<PathBuf>,
    /// File with the act as JSON; needed to propose
    #[arg(long)]
    act: Option<PathBuf>,
    /// File to write with the proposal, which is the body to send
    #[arg(long, requires = "act")]
    out: Option<PathBuf>,
    /// Officers that a proposal waits for, 1 or 2: where it is left out as many as the act itself says, 1 where a
    /// certificate decides
    #[arg(long, value_parser = officers)]
    officers: Option<Quorum>,
    /// Why; needed to propose and to reject
    #[arg(long)]
    reason: Option<String>,
    /// Days for which a proposal stays open, at most 31
    #[arg(long, default_value_t = 7)]
    days: u16,
    #[command(flatten)]
    key: OfficerKey,
}

pub(super) async fn run(command: Command) -> CliResult {
    match command {
        Command::New {
            instance,
            act,
            reason,
            days,
            key,
            output,
        } => {
            let (act, key) = (read_act(&act)?, key.open()?);
            let (_, service) = instance.open().await?;
            let (name, officers) = (service.instance().await?, service.quorum_of(&act).await?);
            let (content, signed) = sign_proposal(&name, &key, (act, officers), &reason, days, service.now())?;
            print_decided(&service.propose(&content.canonical(), &signed, None).await?, output);
            service.close().await;
        }
        Command::List {
            instance,
            state,
            limit,
            output,
        } => {
            let (_, service) = instance.open().await?;
            let (mut left, mut after) = (limit, None);
            while left > 0 {
                let page = service.proposals(&Actor::Operator, state, after.as_ref(), left).await?;
                for record in &page.proposals {
                    output.print(record, || words(record));
                    left -= 1;
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            service.close().await;
        }
        Command::Show { instance, id, output } => {
            let (_, service) = instance.open().await?;
            let record = service.proposal(&Actor::Operator, id).await?;
            output.print(&record, || whole(&record));
            service.close().await;
        }
        Command::Approve(decide) => run_decide(decide, Verdict::Approve).await?,
        Command::Reject(decide) => run_decide(decide, Verdict::Reject).await?,
        Command::Withdraw(decide) => run_decide(decide, Verdict::Withdraw).await?,
        Command::Check {
            record,
            officers,
            output,
        } => check(&record, &officers, output)?,
        Command::Sign(arguments) => sign_for_interface(&arguments, SystemClock.now())?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn run_decide(decide: Decide, verdict: Verdict) -> Result<(), CliError> {
    let key = decide.key.open()?;
    let (_, service) = decide.instance.open().await?;
    let target = Target {
        proposal: decide.id,
        hash: decide.hash,
        reason: decide.reason,
    };
    let signed = sign(&service.instance().await?, verdict.of(target), &key, service.now())?;
    let decided = service.decide_proposal(decide.id, verdict, &signed, None).await?;
    print_decided(&decided, decide.output);
    service.close().await;
    Ok(())
}

fn check(path: &Path, officers: &[PathBuf], output: OutputArguments) -> Result<(), CliError> {
    let record = read_record(path)?;
    let relied = officers
        .iter()
        .map(|file| Ok(key_digest(&public_key(file)?)))
        .collect::<Result<Vec<_>, CliError>>()?;
    record.check(&relied).map_err(ServiceError::explained)?;
    let printed = serde_json::json!({ "id": record.id, "state": record.state, "hash": record.hash, "holds": true });
    output.print(&printed, || whole(&record));
    if relied.is_empty() {
        remark(&say("cli-proposal-anybody", &[]));
    }
    Ok(())
}

fn sign_for_interface(arguments: &Sign, now: DateTime<Utc>) -> Result<(), CliError> {
    let key = arguments.key.open()?;
    let missing = CliError::needed;
    let instance = arguments.instance_id.as_deref().ok_or(missing("--instance-id"));
    let reason = arguments.reason.as_deref();
    let verdict = match arguments.purpose {
        Purpose::Read => {
            print_credentials(&sign(instance?, Decision::Read, &key, now)?.to_credentials());
            return Ok(());
        }
        Purpose::Propose => {
            let act = read_act(arguments.act.as_ref().ok_or(missing("--act"))?)?;
            let reason = reason.ok_or(missing("--reason"))?;
            let officers = arguments.officers.or(act.stated_quorum(now)).unwrap_or(Quorum::One);
            let (content, signed) = sign_proposal(instance?, &key, (act, officers), reason, arguments.days, now)?;
            let out = arguments.out.as_ref().ok_or(missing("--out"))?;
            std::fs::write(out, content.canonical()).map_err(CliError::file(out))?;
            print_credentials(&signed.to_credentials());
            return Ok(());
        }
        Purpose::Approve => Verdict::Approve,
        Purpose::Reject => Verdict::Reject,
        Purpose::Withdraw => Verdict::Withdraw,
    };
    let record = read_record(arguments.record.as_ref().ok_or(missing("--record"))?)?;
    record.check(&[]).map_err(ServiceError::explained)?;
    let content = Content::parse(&record.content).map_err(ServiceError::explained)?;
    let target = Target {
        proposal: record.id,
        hash: record.hash,
        reason: reason.map(str::to_owned),
    };
    print_credentials(&sign(&content.instance, verdict.of(target), &key, now)?.to_credentials());
    Ok(())
}

fn officers(text: &str) -> Result<Quorum, String> {
    let number: u8 = text
        .parse()
        .map_err(|error: std::num::ParseIntError| error.to_string())?;
    Quorum::try_from(number).map_err(|error| error.to_string())
}

fn print_credentials(credentials: &str) {
    line(&format!("Authorization: Officer {credentials}"));
}

fn read_act(path: &Path) -> Result<Act, CliError> {
    let text = std::fs::read_to_string(path).map_err(CliError::file(path))?;
    serde_json::from_str(&text).map_err(|error| CliError::unreadable("act", path.display(), error))
}

fn read_record(path: &Path) -> Result<ProposalRecord, CliError> {
    let text = std::fs::read_to_string(path).map_err(CliError::file(path))?;
    serde_json::from_str(&text).map_err(|error| CliError::unreadable("record", path.display(), error))
}

/// A proposal in one line.
fn words(record: &ProposalRecord) -> String {
    let state = say(&format!("proposal-state-{}", record.state), &[]);
    let (id, until) = (record.id.to_string(), rfc3339(record.expires));
    let proposer = record.statements.first().map_or("", |statement| &statement.name);
    let params = [
        ("id", id.as_str()),
        ("state", &state),
        ("act", &record.act),
        ("proposer", proposer),
        ("until", &until),
    ];
    say("cli-proposal", &params)
}

/// A proposal with its content and statements.
fn whole(record: &ProposalRecord) -> String {
    let mut text = words(record);
    text.push_str(&format!("\n{}", say("cli-proposal-hash", &[("hash", &record.hash)])));
    if let Ok(content) = Content::parse(&record.content) {
        // An act is a struct of texts and numbers: it always serialises.
        let mut act = serde_json::to_value(&content.act).unwrap_or_default();
        papers::in_words(&mut act);
        let act = serde_json::to_string_pretty(&act).unwrap_or_default();
        text.push_str(&format!(
            "\n{}\n{act}",
            say("cli-proposal-reason", &[("reason", &content.reason)])
        ));
    }
    for statement in &record.statements {
        let decision = say(&format!("proposal-decision-{}", statement.decision), &[]);
        let params = [
            ("decision", decision.as_str()),
            ("name", &statement.name),
            ("organisation", &statement.organisation),
        ];
        text.push_str(&format!("\n{}", say("cli-proposal-statement", &params)));
    }
    if let Some(outcome) = &record.outcome {
        text.push_str(&format!("\n{outcome}"));
    }
    text
}
