//! Lists of proposals, newest first, a page at a time.
//!
//! A page starts after the last row of the page before (keyset paging). What is done as it is proposed is entered all
//! day, so that whoever looks for what waits asks for that alone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::id::ProposalId;
use crate::store::error::StoreError;
use crate::store::licence_list::CursorError;
use crate::store::open::Store;
use crate::store::proposals::{Proposal, ProposalState, ProposalStatement};
use crate::store::sql::{Arg, Statement};

/// Which proposals are listed: those that meet all that is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ProposalFilter {
    /// In this state.
    pub state: Option<ProposalState>,
    /// That expire after this time.
    pub expires_after: Option<DateTime<Utc>>,
    /// That expire at this time or earlier.
    pub expires_until: Option<DateTime<Utc>>,
}

/// The place in a list after which the next page starts. As text: microseconds and identifier, joined by a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalCursor {
    proposed_at: DateTime<Utc>,
    id: ProposalId,
}

impl fmt::Display for ProposalCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.proposed_at.timestamp_micros(), self.id)
    }
}

impl FromStr for ProposalCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let read = || {
            let (micros, id) = text.split_once('.')?;
            Some(Self {
                proposed_at: DateTime::from_timestamp_micros(micros.parse().ok()?)?,
                id: id.parse().ok()?,
            })
        };
        read().ok_or_else(|| CursorError::new(text))
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalPage {
    /// The proposals, newest first.
    pub proposals: Vec<Proposal>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<ProposalCursor>,
}

fn statement<'a>(filter: ProposalFilter, after: Option<&'a ProposalCursor>, limit: u32) -> Statement<'a> {
    let mut statement = Statement::new(
        "SELECT id, act, content, sha256, proposer, state, proposed_at, expires_at, decided_at, outcome FROM proposal",
    );
    if let Some(state) = filter.state {
        statement.and("state = ?", [state.as_str().into()]);
    }
    if let Some(time) = filter.expires_after {
        statement.and("expires_at > ?", [time.into()]);
    }
    if let Some(time) = filter.expires_until {
        statement.and("expires_at <= ?", [time.into()]);
    }
    if let Some(after) = after {
        let place = [after.proposed_at.into(), after.id.to_string().into()];
        statement.and("(proposed_at, id) < (?, ?)", place);
    }
    statement.ending(" ORDER BY proposed_at DESC, id DESC LIMIT ?", limit.into());
    statement
}

impl Store {
    /// A page of the proposals that meet a filter, newest first: at most `limit`, from 1, after a place in the list.
    pub async fn proposal_page(
        &self,
        filter: ProposalFilter,
        after: Option<&ProposalCursor>,
        limit: u32,
    ) -> Result<ProposalPage, StoreError> {
        // One more than asked for tells whether there is a next page.
        let Statement { sql, args } = statement(filter, after, limit.saturating_add(1));
        let mut proposals: Vec<Proposal> = self.all(AssertSqlSafe(sql), &args).await?;
        let is_last = proposals.len() <= limit as usize;
        proposals.truncate(limit as usize);
        let next = proposals.last().filter(|_| !is_last).map(|last| ProposalCursor {
            proposed_at: last.proposed_at,
            id: last.id,
        });
        Ok(ProposalPage { proposals, next })
    }

    /// What was stated about these proposals, in the order in which it came.
    pub async fn statements_of(&self, proposals: &[ProposalId]) -> Result<Vec<ProposalStatement>, StoreError> {
        if proposals.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=proposals.len()).map(|number| format!("${number}")).collect();
        let sql = format!(
            "SELECT proposal, decision, officer, statement, signature, received_at FROM proposal_statement
            WHERE proposal IN ({}) ORDER BY received_at, decision DESC",
            places.join(", ")
        );
        let args: Vec<Arg<'_>> = proposals.iter().map(|id| id.to_string().into()).collect();
        self.all(AssertSqlSafe(sql), &args).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_that_is_set_adds_its_condition_and_argument() {
        let filter = ProposalFilter {
            state: Some(ProposalState::Open),
            expires_after: Some(DateTime::UNIX_EPOCH),
            expires_until: None,
        };
        let statement = statement(filter, None, 10);
        let (_, conditions) = statement.sql.split_once(" WHERE ").unwrap();
        assert_eq!(
            conditions,
            "state = $1 AND expires_at > $2 ORDER BY proposed_at DESC, id DESC LIMIT $3"
        );
    }

    #[test]
    fn a_place_in_a_list_is_read_back_from_its_text() {
        let cursor = ProposalCursor {
            proposed_at: DateTime::from_timestamp_micros(5).unwrap(),
            id: ProposalId::new(DateTime::UNIX_EPOCH),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor.clone()));
        for odd in ["", "5", "5.", "x.y", &format!(".{}", cursor.id)] {
            assert!(odd.parse::<ProposalCursor>().is_err(), "{odd}");
        }
    }
}
