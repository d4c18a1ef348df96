//! Importing: many applications from one file. Each row is a licence or a refusal of its own; an import that was broken off
//! goes on where it stopped, and no row is ever issued twice, because the row's outcome is written in the transaction that
//! issues its licence.

mod rows;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::task::JoinSet;

pub use rows::{Format, MAX_ROWS, Row, read};

use crate::crypto::DigestAlgorithm;
use crate::id::ImportId;
use crate::licence::application::Application;
use crate::licence::credit_code::CreditCode;
use crate::problem::{Explain, Problem};
use crate::service::actor::{Actor, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::identities::hex;
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
    /// Imports a file. `authority` issues the rows that name none; `photo` gives the contents of a photo file by its name;
    /// `done` is told of each row as it is finished.
    ///
    /// # Errors
    /// Where the actor may not issue at all, or store or keys fail: what was acknowledged stays, and the import can go on.
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
            let prepared = self.prepare(actor, &mut run, &row, authority.or(own), &photo).await?;
            let (import, code, application) = match prepared {
                Prepared::Finished(result) => {
                    done(&result);
                    results.push(result);
                    continue;
                }
                Prepared::ToIssue {
                    import,
                    code,
                    application,
                } => (import, code, application),
            };
            // Of two rows with one number the earlier is issued: the later waits until it is.
            let is_new = run
                .numbers
                .insert((application.licence_type.clone(), application.licence_number.clone()));
            while tasks.len() >= IN_FLIGHT || (!is_new && !tasks.is_empty()) {
                finish(tasks.join_next().await, &mut results, &mut done)?;
            }
            tasks.spawn(Arc::clone(self).issue_row(
                actor.clone(),
                import,
                code,
                row.number,
                row.reference,
                *application,
            ));
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
        row: &Row,
        authority: Option<CreditCode>,
        photo: &impl Fn(&str) -> Option<Vec<u8>>,
    ) -> ServiceResult<Prepared> {
        let refused = |problems| {
            Prepared::Finished(RowResult {
                row: row.number,
                reference: row.reference.clone(),
                outcome: Err(problems),
                before: false,
            })
        };
        let code = match row.authority.as_deref().map(str::parse::<CreditCode>) {
            Some(Ok(code)) => code,
            Some(Err(error)) => {
                let problem = Problem::new("authority-malformed")
                    .field("authority")
                    .param("reason", error);
                return Ok(refused(vec![problem]));
            }
            None => match authority {
                Some(code) => code,
                None => return Ok(refused(vec![Problem::new("field-required").field("authority")])),
            },
        };
        let application = match &row.application {
            Ok(application) => application.clone(),
            Err(problem) => return Ok(refused(vec![problem.clone()])),
        };
        if let Err(denied) = actor.may(Scope::Issue, &code) {
            return Ok(refused(ServiceError::from(denied).problems()));
        }
        let import = match self.begin_import(run, &code).await {
            Ok(import) => import,
            Err(error @ ServiceError::NotFound { .. }) => return Ok(refused(error.problems())),
            Err(error) => return Err(error),
        };
        if let Some(identifier) = import.1.get(&row.number) {
            return Ok(Prepared::Finished(RowResult {
                row: row.number,
                reference: row.reference.clone(),
                outcome: Ok(identifier.clone()),
                before: true,
            }));
        }
        let picture = match row.photo_file.as_deref() {
            None => None,
            Some(name) => match photo(name) {
                Some(picture) => Some(picture),
                None => {
                    let problem = Problem::new("photo-file-missing")
                        .field("photoFile")
                        .param("value", name);
                    return Ok(refused(vec![problem]));
                }
            },
        };
        let application = Box::new(rows::with_photo(application, picture));
        Ok(Prepared::ToIssue {
            import: import.0,
            code,
            application,
        })
    }

    /// The import of an authority from this file, with the rows that it has issued already.
    async fn begin_import<'r>(&self, run: &'r mut Run, code: &CreditCode) -> ServiceResult<&'r (ImportId, Issued)> {
        if !run.imports.contains_key(code) {
            self.authority(code).await?;
            let import = self
                .store()
                .begin_import(NewImport {
                    id: ImportId::new(self.now()),
                    authority: code.to_string(),
                    key: hex(&run.sha256),
                    file_sha256: run.sha256,
                    created_at: self.now(),
                })
                .await?;
            let (mut issued, mut after) = (Issued::new(), 0);
            loop {
                let page = self.store().import_rows(import.id, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = last.row;
                issued.extend(page.into_iter().filter_map(|row| match row.outcome {
                    RowOutcome::Issued(identifier) => Some((row.row, identifier)),
                    RowOutcome::Refused(_) => None,
                }));
            }
            run.imports.insert(*code, (import.id, issued));
        }
        run.imports
            .get(code)
            .ok_or_else(|| ServiceError::internal("an import that was begun is gone"))
    }

    async fn issue_row(
        self: Arc<Self>,
        actor: Actor,
        import: ImportId,
        code: CreditCode,
        row: u32,
        reference: Option<String>,
        application: Application,
    ) -> ServiceResult<RowResult> {
        let issued = self
            .issue_licence(&actor, &code, &application, Together::Row { import, row })
            .await;
        let outcome = match issued {
            Ok(licence) => Ok(licence.identifier.to_string()),
            Err(error @ (ServiceError::Unavailable(_) | ServiceError::Internal(_))) => return Err(error),
            Err(error) => {
                let problems = error.problems();
                self.record_refusal(&actor, import, row, &problems).await?;
                Err(problems)
            }
        };
        Ok(RowResult {
            row,
            reference,
            outcome,
            before: false,
        })
    }

    async fn record_refusal(
        &self,
        actor: &Actor,
        import: ImportId,
        row: u32,
        problems: &[Problem],
    ) -> ServiceResult<()> {
        // Only codes and fields: the values that were refused may be personal.
        let codes: Vec<_> = problems
            .iter()
            .map(|problem| serde_json::json!([problem.field, problem.code]))
            .collect();
        let codes = serde_json::Value::from(codes);
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

/// The rows that an import has issued, with their identifiers.
type Issued = HashMap<u32, String>;

struct Run {
    imports: HashMap<CreditCode, (ImportId, Issued)>,
    sha256: [u8; 32],
    /// Types and numbers seen so far.
    numbers: HashSet<(String, String)>,
}

enum Prepared {
    Finished(RowResult),
    ToIssue {
        import: ImportId,
        code: CreditCode,
        application: Box<Application>,
    },
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
