//! Work on many files: some at once, each told as soon as it is done, with a bar of progress meanwhile.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use tokio::task::{JoinError, JoinSet};

use crate::cli::error::CliError;
use crate::cli::output::json;

/// Files that are worked on at once: pure work has a thread a core, and one more is read meanwhile.
const AT_ONCE: usize = 4;

/// How work on many files is told.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct BatchArguments {
    /// One JSON object a file, as soon as it is done; in place of the progress bar and the table
    #[arg(long, help_heading = "Output")]
    pub(super) json: bool,
    /// No progress bar
    #[arg(long, help_heading = "Output")]
    quiet: bool,
}

impl BatchArguments {
    /// For what is told when all is done.
    pub(super) fn silent(self) -> Self {
        Self {
            json: false,
            quiet: true,
        }
    }

    /// Does `work` on each file, and gives what came of it in the order of the files.
    ///
    /// # Errors
    /// Where the work on a file ended before it said what came of it, which is a fault of the program.
    pub(super) async fn each<T, W>(self, files: Vec<PathBuf>, work: impl Fn(PathBuf) -> W) -> Result<Vec<T>, CliError>
    where
        T: Serialize + Send + 'static,
        W: Future<Output = T> + Send + 'static,
    {
        let bar = self.bar(files.len());
        let mut names = HashMap::new();
        let mut running = JoinSet::new();
        let mut waiting = files.into_iter().enumerate();
        let mut done = Vec::new();
        loop {
            while running.len() < AT_ONCE
                && let Some((number, file)) = waiting.next()
            {
                let (name, work) = (file.clone(), work(file));
                let task = running.spawn(async move { (number, work.await) });
                names.insert(task.id(), name);
            }
            let Some(finished) = running.join_next().await else {
                break;
            };
            let broken_off = |error: JoinError| {
                let name = names.get(&error.id()).cloned().unwrap_or_default();
                CliError::failed(format!("{}: {error}", name.display()))
            };
            let (number, told) = finished.map_err(broken_off)?;
            if self.json {
                json(&told);
            }
            bar.inc(1);
            done.push((number, told));
        }
        bar.finish_and_clear();
        done.sort_by_key(|(number, _)| *number);
        Ok(done.into_iter().map(|(_, told)| told).collect())
    }

    /// On the error stream, and only where that is a terminal.
    fn bar(self, files: usize) -> ProgressBar {
        if self.json || self.quiet || files < 2 {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(files as u64);
        match ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }
}
