//! Lists of the certificates of an authority, newest first, a page at a time.
//!
//! A page starts after the last row of the page before (keyset paging). Serial numbers that were reserved and never
//! signed under are not certificates and are left out.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use crate::hex;
use crate::store::certificates::{reason_read, reason_written};
use crate::store::error::StoreError;
use crate::store::licence_list::CursorError;
use crate::store::open::Store;
use crate::store::sql::{FromRow, Row, Statement};
use crate::x509::RevocationReason;

/// How a certificate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateStatus {
    /// Neither suspended nor revoked; it may have expired.
    Good,
    /// Suspended for the time being.
    OnHold,
    /// Revoked for good.
    Revoked,
}

impl CertificateStatus {
    /// All.
    pub const ALL: [Self; 3] = [Self::Good, Self::OnHold, Self::Revoked];

    /// Its name: `good`, `on-hold`, `revoked`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::OnHold => "on-hold",
            Self::Revoked => "revoked",
        }
    }

    /// The status of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Which certificates of an authority are listed: those that meet all that is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateFilter {
    /// Made by this profile.
    pub profile: Option<String>,
    /// That stand so.
    pub status: Option<CertificateStatus>,
    /// Of this subject, as people read it (RFC 4514).
    pub subject: Option<String>,
    /// That end at this time or later.
    pub ends_from: Option<DateTime<Utc>>,
    /// That end at this time or earlier.
    pub ends_until: Option<DateTime<Utc>>,
}

/// The place in a list after which the next page starts. As text: microseconds and serial number in hexadecimal, joined
/// by a hyphen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateCursor {
    issued_at: DateTime<Utc>,
    serial: Vec<u8>,
}

impl fmt::Display for CertificateCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.issued_at.timestamp_micros(), hex::encode(&self.serial))
    }
}

impl FromStr for CertificateCursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let read = || {
            let (micros, serial) = text.rsplit_once('-')?;
            Some(Self {
                issued_at: DateTime::from_timestamp_micros(micros.parse().ok()?)?,
                serial: hex::decode(serial).filter(|serial| !serial.is_empty())?,
            })
        };
        read().ok_or_else(|| CursorError::new(text))
    }
}

/// A certificate in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCertificate {
    /// Its serial number: the content bytes of its DER INTEGER.
    pub serial: Vec<u8>,
    /// The profile that it was made by.
    pub profile: String,
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// When it was signed.
    pub issued_at: DateTime<Utc>,
    /// Why it is suspended or revoked; `None` where it is neither.
    pub reason: Option<RevocationReason>,
    /// When it was suspended or revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When the key was or may have been lost.
    pub invalid_since: Option<DateTime<Utc>>,
}

impl FromRow for ListedCertificate {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let serial: Vec<u8> = row.get("serial")?;
        let code: Option<i64> = row.get("reason")?;
        let reason = code.map(|code| reason_read(code, &serial)).transpose()?;
        if reason.is_none() && row.get::<String>("state")? == "revoked" {
            let what = format!("revocation of certificate {}", hex::encode(&serial));
            return Err(StoreError::corrupt(what, "there is none"));
        }
        Ok(Self {
            serial,
            profile: row.get("profile")?,
            der: row.get("der")?,
            issued_at: row.time("issued_at")?,
            reason,
            revoked_at: row.time_option("revoked_at")?,
            invalid_since: row.time_option("invalid_since")?,
        })
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificatePage {
    /// The certificates, newest first.
    pub certificates: Vec<ListedCertificate>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<CertificateCursor>,
}

fn statement<'a>(
    ca: &'a str,
    filter: &'a CertificateFilter,
    after: Option<&'a CertificateCursor>,
    limit: u32,
) -> Statement<'a> {
    let mut statement = Statement::new(
        "SELECT c.serial AS serial, c.profile AS profile, c.der AS der, c.issued_at AS issued_at, c.state AS state, r.reason AS reason,
        r.revoked_at AS revoked_at, r.invalid_since AS invalid_since FROM certificate c
        LEFT JOIN certificate_revocation r ON r.ca = c.ca AND r.serial = c.serial",
    );
    statement.and("c.ca = ? AND c.state <> 'reserved'", [ca.into()]);
    if let Some(value) = &filter.profile {
        statement.and("c.profile = ?", [value.into()]);
    }
    let hold = reason_written(RevocationReason::CertificateHold);
    match filter.status {
        None => {}
        Some(CertificateStatus::Good) => statement.and("r.reason IS NULL", []),
        Some(CertificateStatus::OnHold) => statement.and("r.reason = ?", [hold.into()]),
        Some(CertificateStatus::Revoked) => statement.and("r.reason <> ?", [hold.into()]),
    }
    if let Some(value) = &filter.subject {
        statement.and("c.subject = ?", [value.into()]);
    }
    if let Some(time) = filter.ends_from {
        statement.and("c.not_after >= ?", [time.into()]);
    }
    if let Some(time) = filter.ends_until {
        statement.and("c.not_after <= ?", [time.into()]);
    }
    if let Some(after) = after {
        let place = [after.issued_at.into(), after.serial[..].into()];
        statement.and("(c.issued_at, c.serial) < (?, ?)", place);
    }
    statement.ending(" ORDER BY c.issued_at DESC, c.serial DESC LIMIT ?", limit.into());
    statement
}

impl Store {
    /// A page of the certificates of an authority that meet a filter, newest first: at most `limit`, from 1, after a
    /// place in the list.
    pub async fn certificate_page(
        &self,
        ca: &str,
        filter: &CertificateFilter,
        after: Option<&CertificateCursor>,
        limit: u32,
    ) -> Result<CertificatePage, StoreError> {
        // One more than asked for tells whether there is a next page.
        let Statement { sql, args } = statement(ca, filter, after, limit.saturating_add(1));
        let mut certificates: Vec<ListedCertificate> = self.all(AssertSqlSafe(sql), &args).await?;
        let is_last = certificates.len() <= limit as usize;
        certificates.truncate(limit as usize);
        let next = certificates.last().filter(|_| !is_last).map(|last| CertificateCursor {
            issued_at: last.issued_at,
            serial: last.serial.clone(),
        });
        Ok(CertificatePage { certificates, next })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_that_is_set_adds_its_condition_and_argument() {
        let filter = CertificateFilter {
            status: Some(CertificateStatus::OnHold),
            ends_until: Some(DateTime::UNIX_EPOCH),
            ..CertificateFilter::default()
        };
        let statement = statement("root", &filter, None, 10);
        let (_, conditions) = statement.sql.split_once(" WHERE ").unwrap();
        assert_eq!(
            conditions,
            "c.ca = $1 AND c.state <> 'reserved' AND r.reason = $2 AND c.not_after <= $3 \
             ORDER BY c.issued_at DESC, c.serial DESC LIMIT $4"
        );
    }

    #[test]
    fn a_place_in_a_list_is_read_back_from_its_text() {
        let cursor = CertificateCursor {
            issued_at: DateTime::from_timestamp_micros(-5).unwrap(),
            serial: vec![0x0a, 0xff],
        };
        assert_eq!(cursor.to_string(), "-5-0aff");
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for odd in ["", "5-", "5-0", "-0a", "x-0a"] {
            assert!(odd.parse::<CertificateCursor>().is_err(), "{odd}");
        }
    }
}
