//! What must hold inside one list. Asked before a list is signed and after one is read, so that neither a hand nor a
//! stranger brings in what the other would refuse.

use std::collections::{HashMap, HashSet};

use super::{Entity, ListError, RecognitionList, Status, place_of};
use crate::asn1::oid::ANY_POLICY;
use crate::trust::Service;

impl RecognitionList {
    /// Whether it is consistent.
    ///
    /// # Errors
    /// The first thing that is not.
    pub fn check(&self) -> Result<(), ListError> {
        // The first list, and it alone, has none before it.
        if self.sequence == 0 || (self.sequence == 1) != self.previous.is_none() {
            return Err(ListError::ChainMissing {
                sequence: self.sequence,
            });
        }
        if self.next_update <= self.issued {
            return Err(ListError::Dates {
                issued: self.issued,
                next_update: self.next_update,
            });
        }
        if self.entities.is_empty() {
            return Err(ListError::Empty);
        }
        self.check_pointers()?;
        self.check_entities()?;
        self.check_certificates()?;
        self.check_claims()
    }

    /// Each place is pointed to once, and the list's own by itself alone: whoever stands at a pointer to it may sign
    /// the next.
    fn check_pointers(&self) -> Result<(), ListError> {
        let mut known = HashSet::from([place_of(&self.location)]);
        let twice = self.pointers.iter().find(|one| !known.insert(place_of(&one.location)));
        match twice {
            Some(pointer) => Err(ListError::DuplicatePointer {
                location: pointer.location.clone(),
            }),
            None => Ok(()),
        }
    }

    fn check_entities(&self) -> Result<(), ListError> {
        for (position, entity) in self.entities.iter().enumerate() {
            if entity.id.is_empty() {
                return Err(ListError::value("entity", &entity.id));
            }
            if self
                .entities
                .iter()
                .skip(position + 1)
                .any(|other| other.id == entity.id)
            {
                return Err(ListError::DuplicateEntity {
                    entity: entity.id.clone(),
                });
            }
            let maps_any = entity
                .mappings
                .iter()
                .any(|mapping| mapping.from == ANY_POLICY || mapping.to == ANY_POLICY);
            if maps_any {
                return Err(ListError::AnyPolicyMapped {
                    entity: entity.id.clone(),
                });
            }
        }
        Ok(())
    }

    fn check_certificates(&self) -> Result<(), ListError> {
        let mut known: HashMap<&[u8; 32], (&str, Vec<Service>)> = HashMap::new();
        for entity in &self.entities {
            for service in &entity.services {
                let certificate = &service.certificate;
                let subject = || certificate.subject().to_string();
                if !certificate.is_ca() {
                    return Err(ListError::NotAuthority {
                        subject: subject(),
                        entity: entity.id.clone(),
                    });
                }
                let (owner, services) = known
                    .entry(certificate.fingerprint())
                    .or_insert_with(|| (&entity.id, Vec::new()));
                if *owner != entity.id || services.contains(&service.service) {
                    return Err(ListError::DuplicateCertificate {
                        subject: subject(),
                        one: (*owner).to_owned(),
                        other: entity.id.clone(),
                    });
                }
                services.push(service.service);
            }
        }
        Ok(())
    }

    /// No two entities certify the authorities of one place: who may seal for a city is one authority's to say.
    /// Subtrees of names do not part them, since each chooses the names that it certifies, and none the region in a
    /// credit code. Several rightly certify the same enterprises.
    fn check_claims(&self) -> Result<(), ListError> {
        let claiming: Vec<&Entity> = self
            .entities
            .iter()
            .filter(|entity| claims_authorities(entity))
            .collect();
        for (position, one) in claiming.iter().enumerate() {
            for other in &claiming[position + 1..] {
                if let Some(space) = regions_in_common(one, other) {
                    return Err(ListError::OverlappingRegions {
                        one: one.id.clone(),
                        other: other.id.clone(),
                        space,
                    });
                }
            }
        }
        Ok(())
    }
}

/// Whether it is or may again be relied on for what authorities do.
fn claims_authorities(entity: &Entity) -> bool {
    entity.services.iter().any(|service| {
        matches!(service.service, Service::GovernmentSeals | Service::Credentials)
            && service
                .history
                .latest()
                .is_some_and(|latest| latest.status != Status::Withdrawn)
    })
}

/// A region that both certify; one that names none certifies all.
fn regions_in_common(one: &Entity, other: &Entity) -> Option<String> {
    let (one, other) = (&one.bounds.regions, &other.bounds.regions);
    match (one.as_slice(), other.as_slice()) {
        ([], []) => Some("every region".to_owned()),
        ([], [first, ..]) | ([first, ..], []) => Some(first.as_str().to_owned()),
        _ => {
            let pairs = one.iter().flat_map(|left| other.iter().map(move |right| (left, right)));
            pairs.into_iter().find_map(|(left, right)| match () {
                () if left.contains(right) => Some(right.as_str().to_owned()),
                () if right.contains(left) => Some(left.as_str().to_owned()),
                () => None,
            })
        }
    }
}
