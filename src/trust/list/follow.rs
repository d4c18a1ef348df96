//! Following the lists of one maker: the first signer is pinned, the last list is kept, and each further one must be
//! its successor.
//!
//! Between two lists that a client sees there may be others that it did not. Their digests are then not compared, but
//! nothing that the older one said may be missing from the newer one, and its signer must be one that the older one
//! names. Who wants the chain whole follows each list in turn.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ListDigest, ListError, RecognitionList, SignedList, SignerId};

/// What to do with a list whose successor is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StalePolicy {
    /// Rely on it no more.
    #[default]
    Refuse,
    /// Rely on it and say so.
    Warn,
}

/// What a client keeps between two runs: whose lists it follows, and the last one that it saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Keys that may sign the next list.
    pub signers: Vec<SignerId>,
    /// Number of the last list; absent before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// SHA-256 of its content, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The list itself, in the compact form: what it says may not be missing from the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
}

/// Follows the lists of one maker.
#[derive(Debug, Clone)]
pub struct Follower {
    signers: Vec<SignerId>,
    seen: Option<Seen>,
}

/// The last list.
#[derive(Debug, Clone)]
struct Seen {
    signed: SignedList,
    list: RecognitionList,
}

impl Follower {
    /// Follows the lists of who holds one of these keys.
    pub fn of_signers(signers: Vec<SignerId>) -> Self {
        Self { signers, seen: None }
    }

    /// Believes the first list that is seen, and its signer from then on.
    ///
    /// # Errors
    /// The list carries no certificate of its signer, or is not accepted as [`follow`](Self::follow) says.
    pub fn trusting_first(first: &SignedList) -> Result<Self, ListError> {
        let signer = first.signer(&[]).ok_or_else(unnamed)?;
        let mut follower = Self::of_signers(vec![SignerId::of(signer)]);
        follower.follow(first)?;
        Ok(follower)
    }

    /// Goes on where a client stopped.
    ///
    /// # Errors
    /// A pin whose parts do not belong together.
    pub fn from_pin(pin: &Pin) -> Result<Self, ListError> {
        let seen = match &pin.list {
            Some(text) => {
                let signed = SignedList::parse(text.as_bytes())?;
                // The pin is the client's own: what it keeps was verified before.
                let list = RecognitionList::decode(signed.content())?;
                Some(Seen { signed, list })
            }
            None => None,
        };
        let kept = seen.as_ref().map(|seen| seen.list.sequence);
        if kept != pin.sequence || seen.as_ref().map(|seen| seen.signed.digest().to_string()) != pin.digest {
            return Err(ListError::value("pin", "the list in it is not the one that it names"));
        }
        Ok(Self {
            signers: pin.signers.clone(),
            seen,
        })
    }

    /// What to keep.
    pub fn pin(&self) -> Pin {
        let seen = self.seen.as_ref();
        Pin {
            signers: self.signers.clone(),
            sequence: seen.map(|seen| seen.list.sequence),
            digest: seen.map(|seen| seen.signed.digest().to_string()),
            list: seen.map(|seen| seen.signed.to_compact()),
        }
    }

    /// Keys that may sign the next list.
    pub fn signers(&self) -> &[SignerId] {
        &self.signers
    }

    /// The last list, whatever its age.
    pub fn last(&self) -> Option<&RecognitionList> {
        self.seen.as_ref().map(|seen| &seen.list)
    }

    /// The last list, for who relies on it at `now`, and whether its successor is due.
    ///
    /// # Errors
    /// [`ListError::Stale`] where it is and `policy` wants none that is; [`ListError::Empty`] where there is no list.
    pub fn current(&self, now: DateTime<Utc>, policy: StalePolicy) -> Result<(&RecognitionList, bool), ListError> {
        let list = self.last().ok_or(ListError::Empty)?;
        match list.is_stale(now) {
            true if policy == StalePolicy::Refuse => Err(ListError::Stale {
                next_update: list.next_update,
            }),
            stale => Ok((list, stale)),
        }
    }

    /// Accepts the next list; the last one once more changes nothing.
    ///
    /// # Errors
    /// A signer that is neither pinned nor rolled over to, a signature that does not match, a list that is not
    /// consistent or does not follow the last one. The follower then stays as it was.
    pub fn follow(&mut self, signed: &SignedList) -> Result<&RecognitionList, ListError> {
        let known = self.seen.as_ref().map_or(&[][..], |seen| &seen.list.signers);
        let signer = signed.signer(known).ok_or_else(unnamed)?;
        let id = SignerId::of(signer);
        let is_last = self
            .seen
            .as_ref()
            .is_some_and(|seen| seen.signed.digest() == signed.digest());
        if !is_last && !self.signers.contains(&id) {
            return Err(ListError::unknown_signer(id));
        }
        let list = signed.verify(signer)?;
        if is_last {
            return self.last().ok_or(ListError::Empty);
        }
        if let Some(seen) = &self.seen {
            seen.is_followed_by(&list)?;
        }
        self.signers = match list.signers.as_slice() {
            // A list that names nobody leaves the signing to its own signer.
            [] => vec![id],
            named => named.iter().map(SignerId::of).collect(),
        };
        let seen = self.seen.insert(Seen {
            signed: signed.clone(),
            list,
        });
        Ok(&seen.list)
    }
}

impl Seen {
    /// Whether `next`, another list, may come after this one.
    fn is_followed_by(&self, next: &RecognitionList) -> Result<(), ListError> {
        let (found, seen) = (next.sequence, self.list.sequence);
        if found < seen {
            return Err(ListError::FallingSequence { found, seen });
        }
        if found == seen {
            return Err(ListError::OtherContent { sequence: found });
        }
        let own: ListDigest = self.signed.digest();
        if let Some(named) = next.previous.filter(|named| found == seen + 1 && *named != own) {
            return Err(ListError::BrokenChain {
                sequence: found,
                found: named,
                seen: own,
            });
        }
        if next.issued < self.list.issued {
            return Err(ListError::FallingTime { sequence: found });
        }
        self.list.is_kept_by(next)
    }
}

impl RecognitionList {
    /// Whether all that this list says stands in `next` too.
    ///
    /// # Errors
    /// The first entity, service or history that does not.
    pub fn is_kept_by(&self, next: &Self) -> Result<(), ListError> {
        for entity in &self.entities {
            let removed = || ListError::EntityRemoved {
                entity: entity.id.clone(),
            };
            let kept = next.entity(&entity.id).ok_or_else(removed)?;
            for service in &entity.services {
                let same = kept
                    .services_of(&service.certificate)
                    .find(|other| other.service == service.service);
                let Some(same) = same else {
                    return Err(ListError::ServiceRemoved {
                        entity: entity.id.clone(),
                        service: service.service.name(),
                    });
                };
                if !same.history.continues(&service.history) {
                    return Err(ListError::HistoryRemoved {
                        entity: entity.id.clone(),
                        service: service.service.name(),
                    });
                }
            }
        }
        Ok(())
    }
}

fn unnamed() -> ListError {
    ListError::UnknownSigner {
        signer: "somebody who is not named".to_owned(),
    }
}
