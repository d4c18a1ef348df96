//! Licences: one row for each version, as issued, with its state.
//!
//! An identifier is issued once (GB/T 36904). A licence number belongs to one licence of its type and issuer, in all
//! its versions: the claim to it is a row of its own, so that the database itself keeps two licences from sharing one.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use crate::credential::StatusIndex;
use crate::store::change::Write;
use crate::store::error::{Conflict, StoreError};
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// A keyed digest (HMAC-SHA-256) of personal data, by which rows are found without the data being kept in clear.
pub type LookupHash = [u8; 32];

/// Which version of which licence: the parts of a licence identifier (GB/T 36904) without its root and check character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LicenceKey {
    /// Type code.
    pub type_code: String,
    /// Code of the issuer.
    pub issuer: String,
    /// The issuer's serial.
    pub serial: String,
    /// Version, from 1.
    pub version: u32,
}

impl fmt::Display for LicenceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}.{}.{}.{:03}",
            self.type_code, self.issuer, self.serial, self.version
        )
    }
}

/// A licence version to be issued. Its document is put in the same change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLicence {
    /// Its identifier.
    pub key: LicenceKey,
    /// Its number (证照编号).
    pub number: String,
    /// Credit code of the authority that issues it, which must be registered.
    pub authority: String,
    /// Its state, as a word of the licence states.
    pub state: String,
    /// Date of issue, in Beijing.
    pub issued_on: Option<NaiveDate>,
    /// First day of its validity.
    pub valid_from: Option<NaiveDate>,
    /// Last day of its validity; `None` for one without end.
    pub valid_until: Option<NaiveDate>,
    /// Digest of the holder's name.
    pub holder_name_hash: Option<LookupHash>,
    /// Digest of the holder's code.
    pub holder_code_hash: Option<LookupHash>,
    /// What is personal in its record, encrypted by whoever issues.
    pub personal: Option<Vec<u8>>,
    /// SHA-256 of its document.
    pub document_sha256: [u8; 32],
    /// Its place in the status lists.
    pub status_index: Option<StatusIndex>,
    /// Digest of its verification code (核验码).
    pub verification_code_hash: Option<LookupHash>,
    /// When it was issued, to the microsecond.
    pub created_at: DateTime<Utc>,
}

/// A licence version as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredLicence {
    /// Its row: rises in the order of issue, and parts licences of the same microsecond.
    pub row: i64,
    /// What was issued; its `state` is the present one.
    pub licence: NewLicence,
    /// Since when it is in its state.
    pub state_at: DateTime<Utc>,
    /// Why it is in its state, where a reason is needed.
    pub state_reason: Option<String>,
}

/// The columns of [`StoredLicence`]; a macro, as statements are constants.
macro_rules! licence_columns {
    () => {
        "id, type_code, issuer, serial, version, number, authority, state, issued_on, valid_from, valid_until, \
         holder_name_hash, holder_code_hash, personal, document_sha256, status_list, status_place, \
         verification_code_hash, created_at, state_at, state_reason"
    };
}
pub(super) use licence_columns;

impl FromRow for StoredLicence {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            row: row.get("id")?,
            licence: NewLicence {
                key: LicenceKey {
                    type_code: row.get("type_code")?,
                    issuer: row.get("issuer")?,
                    serial: row.get("serial")?,
                    version: row.count("version")?,
                },
                number: row.get("number")?,
                authority: row.get("authority")?,
                state: row.get("state")?,
                issued_on: row.date_option("issued_on")?,
                valid_from: row.date_option("valid_from")?,
                valid_until: row.date_option("valid_until")?,
                holder_name_hash: row.bytes_option("holder_name_hash")?,
                holder_code_hash: row.bytes_option("holder_code_hash")?,
                personal: row.get("personal")?,
                document_sha256: row.bytes("document_sha256")?,
                status_index: status_index(row)?,
                verification_code_hash: row.bytes_option("verification_code_hash")?,
                created_at: row.time("created_at")?,
            },
            state_at: row.time("state_at")?,
            state_reason: row.get("state_reason")?,
        })
    }
}

fn status_index(row: &Row<'_>) -> Result<Option<StatusIndex>, StoreError> {
    if row.get::<Option<i64>>("status_list")?.is_none() {
        return Ok(None);
    }
    Ok(Some(StatusIndex {
        list: row.count("status_list")?,
        index: row.count("status_place")?,
    }))
}

impl Write for NewLicence {
    fn steps(&self) -> Vec<Step<'_>> {
        // A claim that the licence has already, from an earlier version, holds.
        const CLAIM: &str = "INSERT INTO licence_number (number, type_code, issuer, serial) VALUES ($1, $2, $3, $4)
            ON CONFLICT (number, type_code, issuer) DO UPDATE SET serial = excluded.serial
            WHERE licence_number.serial = excluded.serial";
        const ISSUE: &str =
            "INSERT INTO licence (type_code, issuer, serial, version, number, authority, state, issued_on,
                valid_from, valid_until, holder_name_hash, holder_code_hash, personal, document_sha256, status_list,
                status_place, verification_code_hash, created_at, state_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)
            ON CONFLICT DO NOTHING";
        let key = &self.key;
        let claim = step!(CLAIM, &self.number, &key.type_code, &key.issuer, &key.serial);
        let issue = step!(
            ISSUE,
            &self.key.type_code,
            &self.key.issuer,
            &self.key.serial,
            self.key.version,
            &self.number,
            &self.authority,
            &self.state,
            self.issued_on,
            self.valid_from,
            self.valid_until,
            &self.holder_name_hash,
            &self.holder_code_hash,
            &self.personal,
            &self.document_sha256,
            self.status_index.map(|at| u64::from(at.list)),
            self.status_index.map(|at| u64::from(at.index)),
            &self.verification_code_hash,
            self.created_at,
        );
        vec![claim, issue]
    }

    async fn refusal(&self, step: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        const CLAIMANT: &str = "SELECT serial AS value FROM licence_number
            WHERE number = $1 AND type_code = $2 AND issuer = $3";
        if step > 0 {
            return Ok(Conflict::IdentifierIssued(self.key.to_string()).into());
        }
        let (number, key) = (self.number.clone(), &self.key);
        let serial = conn.one(CLAIMANT, args![&number, &key.type_code, &key.issuer]).await?;
        Ok(Conflict::NumberUsed { number, serial }.into())
    }
}

/// A change of state of a licence version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceTransition {
    /// Which licence version.
    pub key: LicenceKey,
    /// The state that it must be in.
    pub from: String,
    /// The state that it comes into.
    pub to: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why, where a reason is needed.
    pub reason: Option<String>,
}

impl Write for LicenceTransition {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE licence SET state = $6, state_at = $7, state_reason = $8
            WHERE type_code = $1 AND issuer = $2 AND serial = $3 AND version = $4 AND state = $5";
        let LicenceKey {
            type_code,
            issuer,
            serial,
            version,
        } = &self.key;
        vec![step!(
            SQL,
            type_code,
            issuer,
            serial,
            *version,
            &self.from,
            &self.to,
            self.at,
            &self.reason
        )]
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        const SQL: &str = "SELECT state AS value FROM licence
            WHERE type_code = $1 AND issuer = $2 AND serial = $3 AND version = $4";
        let LicenceKey {
            type_code,
            issuer,
            serial,
            version,
        } = &self.key;
        let found: Option<String> = conn.optional(SQL, args![type_code, issuer, serial, *version]).await?;
        Ok(Conflict::state("licence", &self.key, &self.from, found))
    }
}

impl Store {
    /// A licence version.
    pub async fn licence(&self, key: &LicenceKey) -> Result<Option<StoredLicence>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            licence_columns!(),
            " FROM licence WHERE type_code = $1 AND issuer = $2 AND serial = $3 AND version = $4"
        );
        self.optional(SQL, args![&key.type_code, &key.issuer, &key.serial, key.version])
            .await
    }

    /// All versions of a licence, oldest first.
    pub async fn licence_versions(
        &self,
        type_code: &str,
        issuer: &str,
        serial: &str,
    ) -> Result<Vec<StoredLicence>, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            licence_columns!(),
            " FROM licence WHERE type_code = $1 AND issuer = $2 AND serial = $3 ORDER BY version"
        );
        self.all(SQL, args![type_code, issuer, serial]).await
    }
}
