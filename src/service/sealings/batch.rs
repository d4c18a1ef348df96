//! Documents that are brought together: they are taken in as a whole, and sealed one after the other behind the answer,
//! each with a result of its own.
//!
//! What was taken in is durable: after a restart, or by another node, it is gone on with where it stopped. A file's
//! result is written in the transaction that records its sealing, so that none is sealed twice.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinSet;

use super::seal::is_passing;
use super::{Kept, SealingTask};
use crate::hex;
use crate::id::SealingBatchId;
use crate::licence::credit_code::CreditCode;
use crate::problem::{Explain, KeptProblem, Problem};
use crate::service::actor::{Actor, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::spool::Source;
use crate::service::{Service, events};
use crate::store::{
    self, Attempt, Change, ClaimedFile, FileOutcome, IdempotentAnswer, NewSealingBatch, SEALING_HOLD,
    SealingBatchOutcome,
};

/// Most documents of one batch: what an answer about all of them may hold.
pub const MAX_FILES: usize = 1_000;

/// Longest name of a file in characters: as many as file systems allow bytes.
const MAX_NAME: usize = 255;

/// Files that are worked on at once.
const AT_ONCE: usize = 2;

/// Times that a file is tried while something that it needs is away.
const MAX_ATTEMPTS: u32 = 5;

/// How long it waits between two of them.
const PAUSE: TimeDelta = TimeDelta::seconds(60);

/// How often files are looked for that another program left.
const LOOK: Duration = Duration::from_secs(30);

/// A document that is brought.
pub struct BroughtFile {
    /// Its name, which its result is told by: the beginning of a longer one.
    pub name: String,
    /// The document.
    pub document: Source,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

impl BroughtFile {
    /// A document with its SHA-256, under this name or the beginning of it.
    pub fn new(name: &str, document: Source, sha256: [u8; 32]) -> Self {
        Self {
            name: name.chars().take(MAX_NAME).collect(),
            document,
            sha256,
        }
    }
}

/// A batch as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchState {
    /// Its number.
    pub id: SealingBatchId,
    /// Credit code of the organisation.
    pub authority: String,
    /// When it was brought.
    pub created_at: DateTime<Utc>,
    /// Its files, in their order.
    pub files: Vec<FileState>,
}

/// A file of a batch as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FileState {
    /// Its place, from 1.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// SHA-256 of the document.
    pub source_sha256: [u8; 32],
    /// What became of it.
    pub result: FileResult,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum FileResult {
    /// Nothing yet.
    Waiting,
    /// It was sealed.
    Sealed(store::Sealing),
    /// It was refused.
    Refused(Vec<KeptProblem>),
}

/// The request that brings a batch, where it may be sent again.
pub struct BatchRequest {
    /// The hold on its key.
    pub attempt: Attempt,
    /// Makes its answer.
    pub answer: fn(&BatchState) -> IdempotentAnswer,
}

impl Service {
    /// Takes in documents that are to be sealed, or given a level, in one way.
    ///
    /// # Errors
    /// Where the actor may not use the seal, there is none, the organisation is not registered, or there are no
    /// documents or too many.
    pub async fn bring_documents(
        &self,
        actor: &Actor,
        task: &SealingTask,
        files: Vec<BroughtFile>,
        request: Option<BatchRequest>,
    ) -> ServiceResult<BatchState> {
        actor.may(Scope::Seal, task.authority())?;
        self.check_task(task).await?;
        let refused = |problem: Problem| Err(ServiceError::refused(problem.field("document")));
        match files.len() {
            0 => return refused(Problem::new("field-required")),
            1..=MAX_FILES => {}
            _ => return refused(Problem::new("batch-too-large").param("limit", MAX_FILES)),
        }
        let now = self.now();
        let id = SealingBatchId::new(now);
        let (mut change, mut kept, mut states) = (Change::new(), Vec::new(), Vec::new());
        for (number, file) in (1u32..).zip(files) {
            let (name, source_sha256) = (file.name, file.sha256);
            kept.push((self.personal.seal(&context(id), name.as_bytes())?, source_sha256));
            states.push(FileState {
                number,
                name,
                source_sha256,
                result: FileResult::Waiting,
            });
            self.keep_document(&mut change, file.document, source_sha256).await?;
        }
        let state = BatchState {
            id,
            authority: task.authority().to_string(),
            created_at: now,
            files: states,
        };
        let task = serde_json::to_vec(task).map_err(ServiceError::internal)?;
        change.add_sealing_batch(NewSealingBatch {
            batch: store::SealingBatch {
                id,
                authority: state.authority.clone(),
                token: actor.token(),
                task: self.personal.seal(&context(id), &task)?,
                created_at: now,
            },
            files: kept,
        });
        let told = serde_json::json!({ "authority": state.authority, "documents": state.files.len() });
        change.record(events::entry(now, actor, "document.bring", &id.to_string(), &told)?);
        if let Some(BatchRequest { attempt, answer }) = request {
            change.complete_request(self.completion(attempt, &answer(&state))?);
        }
        self.store().commit(change).await?;
        self.brought.notify_one();
        Ok(state)
    }

    /// A batch, with the result of each of its files.
    ///
    /// # Errors
    /// Where the actor may not see it, or it is not known.
    pub async fn sealing_batch(&self, actor: &Actor, id: SealingBatchId) -> ServiceResult<BatchState> {
        let own = actor.may_in_own(Scope::Seal)?;
        let unknown = || ServiceError::not_found("sealing batch", id);
        let batch = self.store().sealing_batch(id).await?.ok_or_else(unknown)?;
        // Another's is answered like one that is not there.
        if own.is_some_and(|own| own.as_str() != batch.authority) {
            return Err(unknown());
        }
        let mut files = Vec::new();
        for file in self.store().sealing_batch_files(id).await? {
            let name = self.personal.open(&context(id), &file.name)?;
            files.push(FileState {
                number: file.number,
                name: String::from_utf8(name).map_err(ServiceError::internal)?,
                source_sha256: file.source_sha256,
                result: self.result_of(id, file.outcome).await?,
            });
        }
        Ok(BatchState {
            id,
            authority: batch.authority,
            created_at: batch.created_at,
            files,
        })
    }

    /// Seals what was brought, whenever something is, until it is dropped.
    pub async fn keep_sealing(self: Arc<Self>) {
        loop {
            if let Err(error) = self.seal_waiting().await {
                tracing::error!(%error, "documents that wait could not be sealed");
            }
            tokio::select! {
                () = self.brought.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Seals every file that waits and that nobody works on.
    ///
    /// # Errors
    /// Where the store fails; what was not finished is taken again once its hold has ended.
    pub async fn seal_waiting(self: &Arc<Self>) -> ServiceResult<()> {
        let mut running = JoinSet::new();
        loop {
            while running.len() < AT_ONCE
                && let Some(file) = self.store().claim_sealing(self.now()).await?
            {
                running.spawn(Arc::clone(self).finish_file(file));
            }
            match running.join_next().await {
                None => return Ok(()),
                Some(finished) => finished.map_err(ServiceError::internal)??,
            }
        }
    }

    /// Brings one file to its result, or puts it off.
    async fn finish_file(self: Arc<Self>, file: ClaimedFile) -> ServiceResult<()> {
        let renew = |now| self.store().renew_sealing(file.clone(), now);
        match self.while_held(SEALING_HOLD, renew, self.seal_file(&file)).await {
            Ok(()) => Ok(()),
            // Whoever holds it now brings it to its result.
            Err(ServiceError::Conflict(problem)) => {
                tracing::info!(batch = %file.batch, number = file.number, code = problem.code, "taken over by another");
                Ok(())
            }
            Err(error) if is_passing(&error) && file.attempts < MAX_ATTEMPTS => {
                tracing::warn!(batch = %file.batch, number = file.number, %error, "put off");
                match self.store().delay_sealing(file, self.now() + PAUSE).await {
                    Err(error) if error.conflict().is_none() => Err(error.into()),
                    _ => Ok(()),
                }
            }
            Err(error) => self.refuse_file(file, &error.problems()).await,
        }
    }

    async fn seal_file(&self, file: &ClaimedFile) -> ServiceResult<()> {
        // Whatever ended the program that worked on it may end this one, too.
        if file.attempts > MAX_ATTEMPTS {
            return Err(ServiceError::refused(Problem::new("unavailable")));
        }
        let batch = self.store().sealing_batch(file.batch).await?;
        let batch = batch.ok_or_else(|| ServiceError::internal("the batch of a file is gone"))?;
        let actor = match batch.token {
            Some(token) => self.bearer(self.store().token(token).await?)?,
            None => Actor::Operator,
        };
        let task = self.personal.open(&context(batch.id), &batch.task)?;
        let task: SealingTask = serde_json::from_slice(&task).map_err(ServiceError::internal)?;
        let document = self.store().document(&file.source_sha256).await?;
        let document = document.ok_or_else(|| ServiceError::internal("the document of a file is gone"))?;
        let document = self.spooled(document).await?;
        let kept = Some(Kept::OfBatch(file.clone()));
        self.treat_document(&actor, &task, document, kept).await.map(drop)
    }

    async fn refuse_file(&self, file: ClaimedFile, problems: &[Problem]) -> ServiceResult<()> {
        let (batch, number) = (file.batch, file.number);
        let kept: Vec<KeptProblem> = problems.iter().map(KeptProblem::from).collect();
        let kept = serde_json::to_vec(&kept).map_err(ServiceError::internal)?;
        let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        let told = serde_json::json!({ "document": hex::encode(&file.source_sha256), "problems": codes });
        let subject = format!("{batch}/{number}");
        let mut change = Change::new();
        change.end_sealing_of_batch(SealingBatchOutcome {
            file,
            outcome: FileOutcome::Refused(self.personal.seal(&context(batch), &kept)?),
        });
        change.record(events::entry(
            self.now(),
            &Actor::Operator,
            "document.refuse",
            &subject,
            &told,
        )?);
        match self.store().commit(change).await.map_err(ServiceError::from) {
            Err(ServiceError::Conflict(_)) => Ok(()),
            done => done,
        }
    }

    async fn result_of(&self, id: SealingBatchId, outcome: Option<FileOutcome>) -> ServiceResult<FileResult> {
        Ok(match outcome {
            None => FileResult::Waiting,
            Some(FileOutcome::Sealed(sealing)) => {
                let sealing = self.store().sealing(sealing).await?;
                FileResult::Sealed(sealing.ok_or_else(|| ServiceError::internal("a sealing is gone"))?)
            }
            Some(FileOutcome::Refused(problems)) => {
                let problems = self.personal.open(&context(id), &problems)?;
                FileResult::Refused(serde_json::from_slice(&problems).map_err(ServiceError::internal)?)
            }
        })
    }

    /// Refuses at once what would be refused for every document.
    async fn check_task(&self, task: &SealingTask) -> ServiceResult<()> {
        match task {
            SealingTask::Seal(order) => {
                order.must_be_bounded()?;
                self.issuer(&order.authority).await.map(drop)
            }
            SealingTask::Extend { authority, level } => self.check_extension(authority, *level).await,
        }
    }
}

impl SealingTask {
    /// Credit code of the organisation that it is done for.
    pub fn authority(&self) -> &CreditCode {
        match self {
            Self::Seal(order) => &order.authority,
            Self::Extend { authority, .. } => authority,
        }
    }
}

/// What encrypted parts of a batch belong to.
fn context(id: SealingBatchId) -> String {
    format!("sealing batch {id}")
}
