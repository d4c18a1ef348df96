//! Importing: many applications from one file. Each row is a licence or a refusal of its own; an import that was broken
//! off goes on where it stopped, and no row is ever issued twice, because the row's outcome is written in the
//! transaction that issues its licence.

mod rows;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::task::JoinSet;

pub use rows::{Format, MAX_ROWS, Row, read};

use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::id::ImportId;
use crate::licence::application::Application;
use crate::licence::credit_code::CreditCode;
use crate::problem::{Explain, Problem};
use crate::service::actor::{Actor, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::issue_licence::Together;
use crate::service::{Service, events};
use crate::store::{Change, ImportRow, NewImport, RowOutcome};

/// Rows that are worked on at once: enough to fill a group commit while the workers are busy.
const IN_FLIGHT: usize = 64;

/// Outcomes that are read at a time when an import goes on.
const PAGE: u32 = 1_000;

/// A file to be imported.
pub struct ImportFile {
    /// SHA-256 of the file: the same file is the same import.
    pub sha256: [u8; 32],
    /// Its rows.
    pub rows: Vec<Row>,
}

impl ImportFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Where it is no table.
    pub fn read(bytes: &[u8], format: Format) -> ServiceResult<Self> {
        let sha256 = DigestAlgorithm::Sha256.digest(bytes).first_32();
        Ok(Self {
            sha256,
            rows: read(bytes, format).map_err(ServiceError::refused)?,
        })
    }
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowResult {
    /// Number of the row, from 1.
    pub row: u32,
    /// The department's own number of it.
    pub reference: Option<String>,
    /// The identifier, or everything that is wrong.
    pub outcome: Result<String, Vec<Problem>>,
    /// Whether an earlier run had issued it.
    pub before: bool,
}

impl Service {
    /// Imports a file. `authority` issues the rows that name none; `photo` gives the contents of a photo file by its
    /// name; `done` is told of each row as it is finished.
    ///
    /// # Errors
    /// Where the actor may not issue at all, or store or keys fail: what was acknowledged stays, and the import can go
    /// on.
    pub async fn import_licences(
        self: &Arc<Self>,
        actor: &Actor,
        file: ImportFile,
        authority: Option<CreditCode>,
        photo: impl Fn(&str) -> Option<Vec<u8>>,
        mut done: impl FnMut(&RowResult),
    ) -> ServiceResult<Vec<RowResult>> {
        let own = actor.may_in_own(Scope::Issue)?.copied();
        let mut run = Run {
            imports: HashMap::new(),
            sha256: file.sha256,
            numbers: HashSet::new(),
        };
        let (mut tasks, mut results) = (JoinSet::new(), Vec::with_capacity(file.rows.len()));
        for row in file.rows {
            let pending = match self.prepare(actor, &mut run, row, authority.or(own), &photo).await? {
                Prepared::Finished(result) => {
                    done(&result);
                    results.push(result);
                    continue;
                }
                Prepared::Pending(pending) => pending,
            };
            // Of two rows with one number the earlier is issued: the later waits until it is.
            let is_new = pending.application.as_ref().map_or(true, |application| {
                let number = (application.licence_type.clone(), application.licence_number.clone());
                run.numbers.insert(number)
            });
            while tasks.len() >= IN_FLIGHT || (!is_new && !tasks.is_empty()) {
                finish(tasks.join_next().await, &mut results, &mut done)?;
            }
            tasks.spawn(Arc::clone(self).finish_row(actor.clone(), pending));
        }
        while !tasks.is_empty() {
            finish(tasks.join_next().await, &mut results, &mut done)?;
        }
        results.sort_by_key(|result| result.row);
        Ok(results)
    }

    /// What is to be done with a row.
    async fn prepare(
        &self,
        actor: &Actor,
        run: &mut Run,
        row: Row,
        authority: Option<CreditCode>,
        photo: &impl Fn(&str) -> Option<Vec<u8>>,
    ) -> ServiceResult<Prepared> {
        let finished = |row: Row, outcome, before| {
            Ok(Prepared::Finished(RowResult {
                row: row.number,
                reference: row.reference,
                outcome,
                before,
            }))
        };
        let code = match issuer_of(&row, authority) {
            Ok(code) => code,
            Err(problem) => return finished(row, Err(vec![problem]), false),
        };
        if let Err(denied) = actor.may(Scope::Issue, &code) {
            return finished(row, Err(ServiceError::from(denied).problems()), false);
        }
        let begun = match self.begin_import(run, &code).await {
            Ok(begun) => begun,
            Err(error @ ServiceError::NotFound { .. }) => return finished(row, Err(error.problems()), false),
            Err(error) => return Err(error),
        };
        let refused_before = match begun.outcomes.get(&row.number) {
            Some(RowOutcome::Issued(identifier)) => return finished(row, Ok(identifier.clone()), true),
            Some(RowOutcome::Refused(codes)) => Some(codes.clone()),
            None => None,
        };
        Ok(Prepared::Pending(Box::new(PendingRow {
            import: begun.id,
            code,
            number: row.number,
            reference: row.reference,
            application: row
                .application
                .and_then(|application| complete(application, row.photo_file.as_deref(), photo)),
            refused_before,
        })))
    }

    /// The import of an authority from this file, with what became of its rows already.
    async fn begin_import<'r>(&self, run: &'r mut Run, code: &CreditCode) -> ServiceResult<&'r Begun> {
        if !run.imports.contains_key(code) {
            self.authority(code).await?;
            let import = self
                .store()
                .begin_import(NewImport {
                    id: ImportId::new(self.now()),
                    authority: code.to_string(),
                    key: hex::encode(&run.sha256),
                    file_sha256: run.sha256,
                    created_at: self.now(),
                })
                .await?;
            let (mut outcomes, mut after) = (HashMap::new(), 0);
            loop {
                let page = self.store().import_rows(import.id, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = last.row;
                outcomes.extend(page.into_iter().map(|row| (row.row, row.outcome)));
            }
            let id = import.id;
            run.imports.insert(*code, Begun { id, outcomes });
        }
        run.imports
            .get(code)
            .ok_or_else(|| ServiceError::internal("an import that was begun is gone"))
    }

    /// Issues the licence of a row, or records why not.
    async fn finish_row(self: Arc<Self>, actor: Actor, pending: Box<PendingRow>) -> ServiceResult<RowResult> {
        let together = Together::Row {
            import: pending.import,
            row: pending.number,
        };
        let issued = match &pending.application {
            Err(problem) => Err(ServiceError::refused(problem.clone())),
            Ok(application) => self.issue_licence(&actor, &pending.code, application, together).await,
        };
        let outcome = match issued {
            Ok(licence) => Ok(licence.identifier.to_string()),
            Err(error) if error.is_transient() || matches!(error, ServiceError::Internal(_)) => return Err(error),
            Err(error) => {
                let problems = error.problems();
                self.record_refusal(&actor, &pending, &problems).await?;
                Err(problems)
            }
        };
        Ok(RowResult {
            row: pending.number,
            reference: pending.reference,
            outcome,
            before: false,
        })
    }

    /// Records a refusal, once: an import that goes on is refused the same row again for the same reasons.
    async fn record_refusal(&self, actor: &Actor, pending: &PendingRow, problems: &[Problem]) -> ServiceResult<()> {
        // Only codes and fields: the values that were refused may be personal.
        let codes: Vec<_> = problems
            .iter()
            .map(|problem| serde_json::json!([problem.field, problem.code]))
            .collect();
        let codes = serde_json::Value::from(codes);
        if pending.refused_before.as_ref() == Some(&codes.to_string()) {
            return Ok(());
        }
        let (import, row) = (pending.import, pending.number);
        let mut change = Change::new();
        change.put_import_row(ImportRow {
            import,
            row,
            outcome: RowOutcome::Refused(codes.to_string()),
        });
        change.record(events::entry(
            self.now(),
            actor,
            "import.refuse-row",
            &format!("{import}/{row}"),
            &codes,
        )?);
        Ok(self.store().commit(change).await?)
    }
}

/// One run over a file.
struct Run {
    imports: HashMap<CreditCode, Begun>,
    sha256: [u8; 32],
    /// Types and numbers seen so far.
    numbers: HashSet<(String, String)>,
}

/// The import of one authority, with what became of its rows in earlier runs.
struct Begun {
    id: ImportId,
    outcomes: HashMap<u32, RowOutcome>,
}

enum Prepared {
    /// Nothing is left to do.
    Finished(RowResult),
    /// It is to be issued, or its refusal recorded.
    Pending(Box<PendingRow>),
}

/// A row that belongs to an import and has no licence yet.
struct PendingRow {
    import: ImportId,
    code: CreditCode,
    number: u32,
    reference: Option<String>,
    application: Result<Application, Problem>,
    /// The refusal of an earlier run, as it was recorded.
    refused_before: Option<String>,
}

/// The authority that issues a row: its own, or the one of the whole file.
fn issuer_of(row: &Row, authority: Option<CreditCode>) -> Result<CreditCode, Problem> {
    match row.authority.as_deref().map(str::parse::<CreditCode>) {
        Some(code) => code.map_err(|error| {
            Problem::new("authority-malformed")
                .field("authority")
                .param("reason", error)
        }),
        None => authority.ok_or_else(|| match &row.application {
            Err(unreadable) => unreadable.clone(),
            Ok(_) => Problem::new("field-required").field("authority"),
        }),
    }
}

/// An application with the photo that its row names.
fn complete(
    application: Application,
    photo_file: Option<&str>,
    photo: &impl Fn(&str) -> Option<Vec<u8>>,
) -> Result<Application, Problem> {
    let picture = match photo_file {
        None => None,
        Some(name) => Some(photo(name).ok_or_else(|| {
            Problem::new("photo-file-missing")
                .field("photoFile")
                .param("value", name)
        })?),
    };
    Ok(rows::with_photo(application, picture))
}

fn finish(
    joined: Option<Result<ServiceResult<RowResult>, tokio::task::JoinError>>,
    results: &mut Vec<RowResult>,
    done: &mut impl FnMut(&RowResult),
) -> ServiceResult<()> {
    match joined {
        None => Ok(()),
        Some(Err(error)) => Err(ServiceError::internal(error)),
        Some(Ok(result)) => {
            let result = result?;
            done(&result);
            results.push(result);
            Ok(())
        }
    }
}
