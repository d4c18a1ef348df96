//! Status lists of seals, each of the authority whose maker signed it: a list says nothing of the seals of others, and
//! its number counts among its own alone.

use crate::seal::status::SealStatusList;
use crate::trust::Validation;
use crate::x509::Certificate;

/// Whose makers make a seal, or sign a status list of seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealAuthority {
    /// Name of the recognised anchor; `None` for authorities of whoever judges, which have several.
    anchor: Option<String>,
    /// Organisation of the maker.
    organisation: Option<String>,
}

impl SealAuthority {
    /// That of a maker whose certificate was judged.
    pub fn of(maker: &Certificate, validation: &Validation) -> Self {
        Self {
            anchor: validation.anchor.clone().filter(|_| !validation.is_own),
            organisation: maker.subject().organization().map(str::to_owned),
        }
    }

    /// Whether it is one of others that is recognised, of whose seals our register knows nothing.
    pub(super) fn is_recognised(&self) -> bool {
        self.anchor.is_some()
    }
}

/// The newest list of each authority.
#[derive(Debug, Clone, Default)]
pub struct SealLists(Vec<(SealAuthority, SealStatusList)>);

impl SealLists {
    /// Takes a list, unless a newer one of the same authority is there.
    pub fn add(&mut self, authority: SealAuthority, list: SealStatusList) {
        match self.0.iter_mut().find(|(known, _)| *known == authority) {
            Some((_, known)) if known.number < list.number => *known = list,
            Some(_) => {}
            None => self.0.push((authority, list)),
        }
    }

    /// The list that speaks of the seals of an authority: its own, else the newest of others under the same anchor.
    pub(super) fn of(&self, authority: &SealAuthority) -> Option<&SealStatusList> {
        let own = self.0.iter().find(|(known, _)| known == authority);
        let under_anchor = || {
            let same = self.0.iter().filter(|(known, _)| known.anchor == authority.anchor);
            same.max_by_key(|(_, list)| list.number)
        };
        own.or_else(under_anchor).map(|(_, list)| list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::now;

    fn authority(anchor: Option<&str>, organisation: &str) -> SealAuthority {
        SealAuthority {
            anchor: anchor.map(str::to_owned),
            organisation: Some(organisation.to_owned()),
        }
    }

    fn list(number: u64) -> SealStatusList {
        SealStatusList {
            number,
            issued: now(),
            next_update: now(),
            seals: Default::default(),
        }
    }

    #[test]
    fn a_list_of_a_neighbour_takes_the_place_of_none_of_ours_whatever_its_number() {
        let (ours, neighbour) = (authority(None, "青岚市"), authority(Some("云岭市"), "云岭市"));
        let in_folder = authority(None, "云岭市");
        let mut lists = SealLists::default();
        for (of, number) in [(&ours, 1), (&ours, 2), (&neighbour, 9), (&in_folder, 7), (&ours, 1)] {
            lists.add(of.clone(), list(number));
        }
        let number = |of: &SealAuthority| lists.of(of).map(|list| list.number);
        assert_eq!(
            (number(&ours), number(&neighbour), number(&in_folder)),
            (Some(2), Some(9), Some(7))
        );
        assert_eq!(number(&authority(Some("山河市"), "青岚市")), None, "of another anchor");
        assert_eq!(
            number(&authority(Some("云岭市"), "云岭市印章")),
            Some(9),
            "another maker of the same"
        );
    }
}
