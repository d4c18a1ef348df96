//! Status of printed codes: the IETF Token Status List (draft-ietf-oauth-status-list), a bit field for many licences at
//! once.
//!
//! [`list`] is the field itself with its CBOR and JSON forms, [`token`] the signed and dated statement that carries it.
//! A licence has its place from its first printed code on, because codes cannot be recalled. Left out: the JWT form of
//! the token, and date and reason of a state, which only the register tells.

pub mod list;
pub mod token;

pub use list::{EntryBits, StatusList, StatusListError};
pub use token::{STATUS_LIST_TTL, SignedStatusList, StatusListToken, StatusTokenError};

/// Licences of one list: 32 KiB at two bits each, which a phone fetches at once and compresses to little; 39 lists for
/// five million licences.
pub const STATUS_LIST_ENTRIES: u32 = 1 << 17;

/// Where the status of one licence stands. Places are given in the order of issuing; gaps are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatusIndex {
    /// Number of the list: the last part of its address.
    pub list: u32,
    /// Place in the list, below [`STATUS_LIST_ENTRIES`].
    pub index: u32,
}

impl StatusIndex {
    /// The place of the licence that got the number `ordinal`, counted from 0; none above the last list.
    pub fn from_ordinal(ordinal: u64) -> Option<Self> {
        let entries = u64::from(STATUS_LIST_ENTRIES);
        let list = u32::try_from(ordinal / entries).ok()?;
        let index = u32::try_from(ordinal % entries).ok()?;
        Some(Self { list, index })
    }

    /// The number from which [`StatusIndex::from_ordinal`] gives this place.
    pub fn ordinal(self) -> u64 {
        u64::from(self.list) * u64::from(STATUS_LIST_ENTRIES) + u64::from(self.index)
    }
}

/// The status of one licence in a list (draft-ietf-oauth-status-list section 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// In force, or not issued yet.
    Valid,
    /// Taken away for good: revoked, withdrawn, cancelled or superseded. Which of them, the register says.
    Revoked,
    /// Out of force until it is resumed.
    Suspended,
    /// A value of a use of its own, which says nothing here.
    Other(u8),
}

impl Status {
    /// The status that a list's value stands for.
    pub fn from_value(value: u8) -> Self {
        match value {
            0 => Self::Valid,
            1 => Self::Revoked,
            2 => Self::Suspended,
            other => Self::Other(other),
        }
    }

    /// The value that stands for it in a list.
    pub fn value(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Revoked => 1,
            Self::Suspended => 2,
            Self::Other(value) => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_of_the_second_list_follows_the_last_of_the_first() {
        let last = StatusIndex {
            list: 0,
            index: STATUS_LIST_ENTRIES - 1,
        };
        let next = StatusIndex { list: 1, index: 0 };
        assert_eq!(StatusIndex::from_ordinal(last.ordinal() + 1), Some(next));
        assert_eq!(StatusIndex::from_ordinal(5_060_000).map(|place| place.list), Some(38));
        assert_eq!(StatusIndex::from_ordinal(u64::MAX), None);
    }

    #[test]
    fn values_are_those_of_the_draft() {
        for (value, status) in [
            (0, Status::Valid),
            (1, Status::Revoked),
            (2, Status::Suspended),
            (3, Status::Other(3)),
        ] {
            assert_eq!(Status::from_value(value), status);
            assert_eq!(status.value(), value);
        }
    }
}
