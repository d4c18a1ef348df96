//! One event and its entry in the ledger.

use chrono::{DateTime, SubsecRound, Utc};

use crate::id::EventId;
use crate::ledger::leaf::{Commitment, LeafHash, Salt, commit_detail, commit_event};

/// Decimal digits of a second that the ledger keeps: microseconds, as every database does.
const SUBSECOND_DIGITS: u16 = 6;

/// What happened: who did what to which thing, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its own identifier.
    pub id: EventId,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// Who did it: a token, a user, or a part of the program. No personal data.
    pub actor: String,
    /// What was done, as `subject.verb`: `licence.issue`, `certificate.revoke`.
    pub action: String,
    /// To what: a licence identifier, a certificate serial, a seal. No personal data.
    pub subject: String,
    /// The particulars as canonical JSON (RFC 8785); may hold personal data, and can be erased.
    pub detail: Vec<u8>,
}

/// The random bytes of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salts {
    /// Salt of the event's commitment; stays.
    pub event: Salt,
    /// Salt of the detail's commitment; erased with the detail.
    pub detail: Salt,
}

/// An event as the ledger keeps it: with its salts and its leaf hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    event: Event,
    salts: Salts,
    detail_commitment: Commitment,
    leaf: LeafHash,
}

impl LedgerEntry {
    /// Commits to an event. Its time is cut to whole microseconds first: what is finer is not kept.
    pub fn new(mut event: Event, salts: Salts) -> Self {
        event.time = event.time.trunc_subsecs(SUBSECOND_DIGITS);
        let detail_commitment = commit_detail(&salts.detail, &event.detail);
        let leaf = leaf(&event, &salts.event, &detail_commitment);
        Self {
            event,
            salts,
            detail_commitment,
            leaf,
        }
    }

    /// What happened.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The random bytes that the commitments were made with.
    pub fn salts(&self) -> &Salts {
        &self.salts
    }

    /// The commitment to the detail, which stays when the detail is erased.
    pub fn detail_commitment(&self) -> &Commitment {
        &self.detail_commitment
    }

    /// The leaf in the Merkle log.
    pub fn leaf(&self) -> &LeafHash {
        &self.leaf
    }
}

/// The leaf of an event whose detail is known by its commitment alone: how an event is checked after its detail was
/// erased. The `detail` of `event` is not looked at.
pub fn leaf(event: &Event, salt: &Salt, detail_commitment: &Commitment) -> LeafHash {
    let time = event.time.timestamp_micros().to_be_bytes();
    let parts: [&[u8]; 6] = [
        event.id.as_bytes(),
        &time,
        event.actor.as_bytes(),
        event.action.as_bytes(),
        event.subject.as_bytes(),
        detail_commitment,
    ];
    LeafHash::of(&commit_event(salt, parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        let time = DateTime::from_timestamp_micros(1_760_000_000_123_456).unwrap();
        Event {
            id: EventId::new(time),
            time,
            actor: "token 1".into(),
            action: "licence.issue".into(),
            subject: "1.2.156.3005.2.x".into(),
            detail: br#"{"holder":"x"}"#.to_vec(),
        }
    }

    const SALTS: Salts = Salts {
        event: [1; 16],
        detail: [2; 16],
    };

    #[test]
    fn every_part_of_an_event_moves_its_leaf() {
        let first = LedgerEntry::new(event(), SALTS);
        let changed: [fn(&mut Event); 5] = [
            |e| e.time += chrono::TimeDelta::microseconds(1),
            |e| e.actor.push('x'),
            |e| e.action.push('x'),
            |e| e.subject.push('x'),
            |e| e.detail.push(b' '),
        ];
        for change in changed {
            let mut other = first.event().clone();
            change(&mut other);
            assert_ne!(LedgerEntry::new(other, SALTS).leaf(), first.leaf());
        }
        let other_salts = Salts {
            event: [3; 16],
            ..SALTS
        };
        assert_ne!(
            LedgerEntry::new(first.event().clone(), other_salts).leaf(),
            first.leaf()
        );
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let first = Event {
            actor: "ab".into(),
            action: "c".into(),
            ..event()
        };
        let second = Event {
            actor: "a".into(),
            action: "bc".into(),
            ..first.clone()
        };
        assert_ne!(
            LedgerEntry::new(first, SALTS).leaf(),
            LedgerEntry::new(second, SALTS).leaf()
        );
    }

    #[test]
    fn an_event_stays_provable_after_its_detail_is_erased() {
        let entry = LedgerEntry::new(event(), SALTS);
        let erased = Event {
            detail: Vec::new(),
            ..entry.event().clone()
        };
        assert_eq!(
            leaf(&erased, &entry.salts().event, entry.detail_commitment()),
            *entry.leaf()
        );
    }

    #[test]
    fn time_finer_than_a_microsecond_is_not_kept() {
        let mut fine = event();
        fine.time += chrono::TimeDelta::nanoseconds(999);
        assert_eq!(LedgerEntry::new(fine, SALTS).event().time, event().time);
    }

    #[test]
    fn leaf_hash_is_that_of_a_certificate_log() {
        // SHA-256 of 33 zero bytes, from an outside tool.
        let leaf = LeafHash::of(&[0; 32]);
        assert_eq!(
            leaf.to_string(),
            "7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9"
        );
    }
}
