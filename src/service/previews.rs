//! Pictures of pages before and after, drawn in processes of their own: a document that anyone may have sent is drawn
//! by a renderer that is not ours, and neither time nor memory nor a fault of it may cost the service anything.
//!
//! Each drawing is a process of this same program that knows nothing: no environment, no key, no folder, no file but a
//! font and the document on its standard input. It limits its own processor time and memory before it reads the first
//! byte ([`confine`]), and is ended when it takes too long. Whatever becomes of it, the verdict stands; instead of
//! pictures there is then a sentence.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{ChildStdin, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::pdf::ReadAt;
use crate::preview::{Order, PagePictures, PreviewError, Told};
use crate::problem::Problem;
use crate::verify::{ChangesAfter, Report};

/// The hidden subcommand that draws.
pub const SUBCOMMAND: &str = "draw-pages";
/// Largest document that is drawn, in bytes. The renderer holds it whole, and pictures of a page are wanted of papers,
/// not of books.
pub const MAX_DOCUMENT: u64 = 64 << 20;
/// Processor time of one drawing in seconds: 16 pages of text before and after take half of one.
pub const CPU_SECONDS: u64 = 2;
/// Memory of one drawing in bytes: the program, the document, and a page scanned at 600 dots per inch in four copies.
pub const ADDRESS_SPACE: u64 = 768 << 20;
/// How long one drawing, or waiting for it to begin, takes at most on a machine that has other work, too.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes of its answer: eight pictures of photographs fit, as base64.
pub const MAX_ANSWER: u64 = 24 << 20;
/// How many drawings run at a time.
const PLACES: usize = 2;
/// How much of a document is handed over at once, in bytes.
const PIECE: usize = 64 << 10;

/// Pictures of the pages that changed since they were signed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Pictures {
    /// The pages that look otherwise, in order.
    pub pages: Vec<PagePictures>,
    /// Why there are no pictures, or not all.
    pub remarks: Vec<Problem>,
}

impl Pictures {
    fn none(remark: Problem) -> Self {
        Self {
            pages: Vec::new(),
            remarks: vec![remark],
        }
    }
}

/// Draws, a bounded number of documents at a time.
#[derive(Debug)]
pub struct Previews {
    program: OsString,
    /// Font for Chinese text whose own is not in the document.
    font: Option<PathBuf>,
    places: Semaphore,
}

impl Previews {
    /// Has pages drawn by that program, which is this one.
    pub fn by(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into().into_os_string(),
            font: None,
            places: Semaphore::new(PLACES),
        }
    }

    /// Has pages drawn by the program that runs here.
    ///
    /// # Errors
    /// Where the system does not say which that is.
    pub fn by_this_program() -> io::Result<Self> {
        // By this name Linux finds it even after another version took its place in the folder.
        let running = PathBuf::from("/proc/self/exe");
        match running.exists() {
            true => Ok(Self::by(running)),
            false => std::env::current_exe().map(Self::by),
        }
    }

    /// Draws Chinese text whose own font is not in the document by this font file.
    #[must_use]
    pub fn with_font(mut self, file: PathBuf) -> Self {
        self.font = Some(file);
        self
    }

    /// The pages of a document that look otherwise than the signature that it is judged by signed them; `None` where
    /// nothing was changed since, or nothing that can show. Of other bytes than those that were judged there are none.
    pub async fn of(&self, document: &(impl ReadAt + Sync), report: &Report) -> Option<Pictures> {
        let order = report.to_compare()?;
        let (mut pictures, sha256) = self.compare(document, &order).await;
        if sha256.is_some() && sha256 != report.sha256 {
            return Some(Pictures::none(Problem::new("pictures-of-other-bytes")));
        }
        let main = report.main_signature()?;
        if pictures == Pictures::default() {
            // What is permitted and does not show needs no word.
            if main.changes_after == ChangesAfter::Permitted {
                return None;
            }
            pictures.remarks.push(Problem::new("pictures-alike"));
        }
        Some(pictures)
    }

    /// Draws the pages of a document before and after; with the SHA-256 digest of what they were drawn from, where that
    /// was handed over to its end.
    async fn compare(&self, document: &(impl ReadAt + Sync), order: &Order) -> (Pictures, Option<String>) {
        let size = document.len();
        if size > MAX_DOCUMENT {
            let remark = Problem::new("pictures-too-large").param("size", size >> 20);
            return (Pictures::none(remark.param("limit", MAX_DOCUMENT >> 20)), None);
        }
        let Ok(Ok(_place)) = timeout(PATIENCE, self.places.acquire()).await else {
            return (Pictures::none(Problem::new("pictures-busy")), None);
        };
        let mut sha256 = None;
        let pictures = match self.draw(document, order, &mut sha256).await {
            Ok(answer) => told(&answer),
            Err(error) => {
                tracing::warn!(%error, "pages cannot be drawn");
                Pictures::none(Problem::new("pictures-stopped"))
            }
        };
        (pictures, sha256)
    }

    /// What a process that draws says until it ends or is ended.
    async fn draw(
        &self,
        document: &(impl ReadAt + Sync),
        order: &Order,
        sha256: &mut Option<String>,
    ) -> io::Result<Vec<u8>> {
        let mut command = Command::new(&self.program);
        command.arg(SUBCOMMAND).env_clear().current_dir("/");
        if let Some(font) = &self.font {
            command.arg("--font").arg(font);
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.kill_on_drop(true).spawn()?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let mut answer = Vec::new();
        let mut output = output.take(MAX_ANSWER);
        // Whatever one that was ended said before is worth being shown.
        let exchange = async {
            tokio::join!(
                hand_over(input, document, order, sha256),
                output.read_to_end(&mut answer)
            )
        };
        let in_time = timeout(PATIENCE, exchange).await;
        process.start_kill()?;
        process.wait().await?;
        match in_time {
            // One that ends early reads no more.
            Ok((Err(error), _)) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            Ok((_, Err(error))) => Err(error),
            Ok(_) | Err(_) => Ok(answer),
        }
    }
}

/// Writes the order and the document, and says which document that was before the process knows its end.
async fn hand_over(
    mut input: ChildStdin,
    document: &(impl ReadAt + Sync),
    order: &Order,
    sha256: &mut Option<String>,
) -> io::Result<()> {
    let mut hasher = DigestAlgorithm::Sha256.hasher();
    let mut line = serde_json::to_vec(order)?;
    line.push(b'\n');
    input.write_all(&line).await?;
    let length = document.len();
    let mut at = 0;
    while at < length {
        let piece = usize::try_from(length - at).map_or(PIECE, |left| left.min(PIECE));
        let bytes = document.window(at, piece)?;
        hasher.update(&bytes);
        input.write_all(&bytes).await?;
        at += piece as u64;
    }
    *sha256 = Some(hex::encode(hasher.finish().as_ref()));
    input.shutdown().await
}

/// What a process that draws said, line by line. One without an end was ended.
fn told(answer: &[u8]) -> Pictures {
    let mut pictures = Pictures::default();
    for line in answer.split(|byte| *byte == b'\n') {
        match serde_json::from_slice(line) {
            Ok(Told::Page(page)) => pictures.pages.push(page),
            Ok(Told::End { left_out, not_compared }) => {
                let counted = [("pictures-left-out", left_out), ("pictures-not-compared", not_compared)];
                let remarks = counted.into_iter().filter(|(_, count)| *count > 0);
                pictures
                    .remarks
                    .extend(remarks.map(|(code, count)| Problem::new(code).param("count", count)));
                return pictures;
            }
            Ok(Told::Failed(error)) => {
                pictures.remarks.push(refused(&error));
                return pictures;
            }
            Err(_) => break,
        }
    }
    pictures.remarks.push(Problem::new("pictures-stopped"));
    pictures
}

fn refused(error: &PreviewError) -> Problem {
    Problem::new(match error {
        PreviewError::SignedLength { .. } | PreviewError::BeforeUnreadable => "pictures-before-unreadable",
        PreviewError::AfterUnreadable => "pictures-after-unreadable",
        PreviewError::Picture { .. } => "pictures-stopped",
    })
}

/// Limits this process to what one drawing may take: processor time, memory, no file of its own, no trace of a crash.
/// Nothing that it does later can raise them.
///
/// # Errors
/// Where the system does not limit it.
pub fn confine() -> io::Result<()> {
    let limits = [
        (Resource::Cpu, CPU_SECONDS),
        (Resource::As, ADDRESS_SPACE),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        // The three that are open already.
        (Resource::Nofile, 3),
    ];
    for (resource, most) in limits {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}
