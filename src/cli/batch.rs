//! Work on many files: some at once, each told as soon as it is done, with a bar of progress meanwhile.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use tokio::task::{Id, JoinError, JoinSet};

use crate::cli::error::CliError;
use crate::cli::interrupts::Interrupts;
use crate::cli::output::{json, remark, say};

/// Files that are worked on at once: while one waits for the disk or a time stamp, others use the cores.
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

/// What came of many files.
#[derive(Debug)]
pub(super) struct Done<T> {
    /// Of each that was worked on to its end, in the order of the files.
    pub(super) told: Vec<T>,
    /// Why there is nothing of the others.
    pub(super) broken_off: Option<CliError>,
}

impl<T> Done<T> {
    /// What came of all.
    ///
    /// # Errors
    /// Where there is nothing of some.
    pub(super) fn all(self) -> Result<Vec<T>, CliError> {
        match self.broken_off {
            None => Ok(self.told),
            Some(why) => Err(why),
        }
    }
}

impl BatchArguments {
    /// For what is told when all is done.
    pub(super) fn silent(self) -> Self {
        Self {
            json: false,
            quiet: true,
        }
    }

    /// Does `work` on each file. Where work ends before it says what came of it, which is a fault of the program, or
    /// the program is told to stop, no more is begun and what is under way is finished; told again, that is dropped.
    pub(super) async fn each<T, W>(
        self,
        files: Vec<PathBuf>,
        mut interrupts: Interrupts,
        work: impl Fn(PathBuf) -> W,
    ) -> Done<T>
    where
        T: Serialize + Send + 'static,
        W: Future<Output = T> + Send + 'static,
    {
        let bar = self.bar(files.len());
        let all = files.len();
        let mut names = HashMap::new();
        let mut running = JoinSet::new();
        let mut waiting = files.into_iter().enumerate();
        let mut done = Vec::new();
        let (mut broken_off, mut is_interrupted) = (None, false);
        loop {
            while broken_off.is_none()
                && !is_interrupted
                && running.len() < AT_ONCE
                && let Some((number, file)) = waiting.next()
            {
                let (name, work) = (file.clone(), work(file));
                let task = running.spawn(async move { (number, work.await) });
                names.insert(task.id(), name);
            }
            let finished = tokio::select! {
                finished = running.join_next() => finished,
                () = interrupts.next() => {
                    if is_interrupted {
                        running.abort_all();
                    } else {
                        is_interrupted = true;
                        let under_way = running.len().to_string();
                        bar.suspend(|| remark(&say("cli-stopping", &[("count", &under_way)])));
                    }
                    continue;
                }
            };
            match finished {
                None => break,
                Some(Ok((number, told))) => {
                    if self.json {
                        json(&told);
                    }
                    bar.inc(1);
                    done.push((number, told));
                }
                Some(Err(error)) if error.is_cancelled() => {}
                Some(Err(error)) => broken_off = Some(fault(&names, &error)),
            }
        }
        bar.finish_and_clear();
        if is_interrupted && done.len() < all {
            broken_off.get_or_insert(CliError::Interrupted { left: all - done.len() });
        }
        done.sort_by_key(|(number, _)| *number);
        Done {
            told: done.into_iter().map(|(_, told)| told).collect(),
            broken_off,
        }
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

/// Work that ended before it said what came of its file.
fn fault(names: &HashMap<Id, PathBuf>, error: &JoinError) -> CliError {
    let name = names.get(&error.id()).cloned().unwrap_or_default();
    CliError::failed(format!("{}: {error}", name.display()))
}
