//! Numbers given out in blocks: serials, status list indexes, CRL numbers.
//!
//! A block belongs to whoever leased it; what is not used of it is lost, so numbers may have gaps but never repeat.

use std::ops::Range;

use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::operation::Operation;
use crate::store::sql::{Conn, args};

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counter {
    /// Serials of licences of a type and issuer in a year; the first is 1.
    LicenceSerial {
        /// Type code (GB/T 36904).
        type_code: String,
        /// Credit code of the issuer.
        issuer: String,
        /// The year.
        year: i32,
    },
    /// Places in the status lists, counted over all lists; the first is 0. See
    /// [`StatusIndex::from_ordinal`](crate::credential::StatusIndex::from_ordinal).
    StatusIndex,
    /// Certificates of an authority that name a part of its revocation list; the first is 0.
    CertificateIndex {
        /// Name of the authority.
        ca: String,
    },
    /// CRL numbers of an authority; the first is 1.
    CrlNumber {
        /// Name of the authority.
        ca: String,
    },
    /// Versions of the seal status list; the first is 1.
    SealStatusList,
}

impl Counter {
    /// Its key, and the first number of all.
    fn key_and_first(&self) -> (String, u64) {
        match self {
            Self::LicenceSerial {
                type_code,
                issuer,
                year,
            } => (format!("licence-serial/{type_code}/{issuer}/{year}"), 1),
            Self::StatusIndex => ("status-index".to_owned(), 0),
            Self::CertificateIndex { ca } => (format!("certificate-index/{ca}"), 0),
            Self::CrlNumber { ca } => (format!("crl-number/{ca}"), 1),
            Self::SealStatusList => ("seal-status-list".to_owned(), 1),
        }
    }
}

struct Lease {
    key: String,
    first: u64,
    count: u32,
}

impl Operation for Lease {
    type Output = Range<u64>;

    async fn run(&self, conn: &mut Conn<'_>) -> Result<Range<u64>, StoreError> {
        const SQL: &str = "INSERT INTO counter (name, next) VALUES ($1, $2 + $3)
            ON CONFLICT (name) DO UPDATE SET next = counter.next + $3 RETURNING next AS value";
        let next: i64 = conn.one(SQL, args![&self.key, self.first, self.count]).await?;
        let end = u64::try_from(next).map_err(|_| StoreError::corrupt("counter", format!("{next} is negative")))?;
        let start = end.checked_sub(self.count.into());
        start
            .map(|start| start..end)
            .ok_or_else(|| StoreError::corrupt("counter", format!("{end} is too small")))
    }
}

impl Store {
    /// Leases the next `count` numbers of a counter: they are the caller's, and nobody else's ever.
    pub async fn lease(&self, counter: &Counter, count: u32) -> Result<Range<u64>, StoreError> {
        let (key, first) = counter.key_and_first();
        self.apply(Lease { key, first, count }).await
    }
}
