//! `yinxin draw-pages`, which nobody calls by hand: draws pages of a document that comes on standard input, before and
//! after.
//!
//! It runs for [`Previews`](crate::service::previews::Previews), without a runtime and within limits that it sets
//! itself first.

use std::io::{self, BufReader};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use crate::preview;
use crate::service::previews::confine;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Font for Chinese text whose own is not in the document
    #[arg(long)]
    font: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> ExitCode {
    // No file can be opened later. Without it such text stays away from the pictures.
    let font = arguments
        .font
        .as_ref()
        .and_then(|path| std::fs::read(path).ok())
        .map(Arc::new);
    let answer = |()| preview::answer(BufReader::new(io::stdin().lock()), io::stdout().lock(), font);
    let answered = confine().and_then(answer);
    match answered {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
