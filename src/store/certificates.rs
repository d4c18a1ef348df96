//! Certificates: the serial is recorded before anything is signed.
//!
//! A serial is reserved with the digest of what will be signed; only that is then completed. A crash between the two
//! leaves a reserved serial that was never used, never a certificate that nobody knows of.

use chrono::{DateTime, Utc};

use crate::hex;
use crate::store::change::Write;
use crate::store::error::{Conflict, StoreError};
use crate::store::open::Store;
use crate::store::revocations::noted;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};
use crate::x509::RevocationReason;

/// The first step of issuing: a serial, bound to what will be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialReservation {
    /// The authority that will sign.
    pub ca: String,
    /// The serial: the content bytes of its DER INTEGER, at most 20 (RFC 5280 section 4.1.2.2).
    pub serial: Vec<u8>,
    /// SHA-256 of the TBSCertificate.
    pub tbs_sha256: [u8; 32],
    /// The profile that it was made by.
    pub profile: String,
    /// The subject, as people read it.
    pub subject: String,
    /// Whether it is an authority's.
    pub is_authority: bool,
    /// The part of the revocation list that it names; `None` where it names the complete list.
    pub shard: Option<u64>,
    /// SHA-256 of its SubjectPublicKeyInfo.
    pub key_sha256: [u8; 32],
    /// SHA-256 of its subject, DER.
    pub subject_sha256: [u8; 32],
    /// When it was reserved.
    pub reserved_at: DateTime<Utc>,
}

impl Write for SerialReservation {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO certificate (ca, serial, tbs_sha256, profile, subject, state, reserved_at,
            is_authority, shard, key_sha256, subject_sha256)
            VALUES ($1, $2, $3, $4, $5, 'reserved', $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            &self.ca,
            &self.serial,
            &self.tbs_sha256,
            &self.profile,
            &self.subject,
            self.reserved_at,
            u32::from(self.is_authority),
            self.shard,
            &self.key_sha256,
            &self.subject_sha256
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("certificate serial", hex::encode(&self.serial)))
    }
}

/// The last step of issuing: what was signed under a reserved serial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletedCertificate {
    /// The authority that signed.
    pub ca: String,
    /// The reserved serial.
    pub serial: Vec<u8>,
    /// SHA-256 of the TBSCertificate; the one that was reserved.
    pub tbs_sha256: [u8; 32],
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// SHA-256 of the certificate.
    pub sha256: [u8; 32],
    /// First second of its validity.
    pub not_before: DateTime<Utc>,
    /// Last second of its validity.
    pub not_after: DateTime<Utc>,
    /// When it was signed.
    pub issued_at: DateTime<Utc>,
}

impl Write for CompletedCertificate {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE certificate
            SET state = 'issued', der = $4, sha256 = $5, not_before = $6, not_after = $7, issued_at = $8
            WHERE ca = $1 AND serial = $2 AND tbs_sha256 = $3 AND state = 'reserved'";
        vec![step!(
            SQL,
            &self.ca,
            &self.serial,
            &self.tbs_sha256,
            &self.der,
            &self.sha256,
            self.not_before,
            self.not_after,
            self.issued_at
        )]
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        refusal(conn, &self.ca, &self.serial, "reserved").await
    }
}

/// A revocation (RFC 5280 section 5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRevocation {
    /// The authority that issued the certificate.
    pub ca: String,
    /// Its serial.
    pub serial: Vec<u8>,
    /// Why.
    pub reason: RevocationReason,
    /// From when on it is revoked.
    pub revoked_at: DateTime<Utc>,
    /// Since when the key is known or suspected not to be trusted (RFC 5280 section 5.3.2).
    pub invalid_since: Option<DateTime<Utc>>,
}

impl CertificateRevocation {
    /// Whether it is a hold, which can be lifted or made final.
    pub fn is_hold(&self) -> bool {
        self.reason == RevocationReason::CertificateHold
    }

    /// Since when the certificate is on hold; `None` where it is revoked for good.
    pub fn held_since(&self) -> Option<DateTime<Utc>> {
        self.is_hold().then_some(self.revoked_at)
    }
}

impl FromRow for CertificateRevocation {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let serial: Vec<u8> = row.get("serial")?;
        Ok(Self {
            ca: row.get("ca")?,
            reason: reason_read(row.get("reason")?, &serial)?,
            serial,
            revoked_at: row.time("revoked_at")?,
            invalid_since: row.time_option("invalid_since")?,
        })
    }
}

impl Write for CertificateRevocation {
    fn steps(&self) -> Vec<Step<'_>> {
        const REVOKE: &str =
            "UPDATE certificate SET state = 'revoked' WHERE ca = $1 AND serial = $2 AND state = 'issued'";
        const LIST: &str = "INSERT INTO certificate_revocation
            (ca, serial, reason, revoked_at, invalid_since, changed_at, shard)
            SELECT ca, serial, $3, $4, $5, $4, shard FROM certificate WHERE ca = $1 AND serial = $2";
        let reason = reason_written(self.reason);
        let mut steps = vec![
            step!(REVOKE, &self.ca, &self.serial),
            step!(
                LIST,
                &self.ca,
                &self.serial,
                reason,
                self.revoked_at,
                self.invalid_since
            ),
        ];
        steps.extend(noted(&self.ca, &self.serial, self.revoked_at));
        steps
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        refusal(conn, &self.ca, &self.serial, "issued").await
    }
}

/// A certificate, or the serial reserved for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The authority that issues it.
    pub ca: String,
    /// Its serial: the content bytes of its DER INTEGER.
    pub serial: Vec<u8>,
    /// The profile that it was made by.
    pub profile: String,
    /// The subject, as people read it.
    pub subject: String,
    /// SHA-256 of its TBSCertificate.
    pub tbs_sha256: [u8; 32],
    /// When its serial was reserved.
    pub reserved_at: DateTime<Utc>,
    /// How far it came.
    pub state: CertificateState,
}

/// How far a certificate came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateState {
    /// A serial is reserved; nothing is known to be signed.
    Reserved,
    /// It is issued.
    Issued {
        /// The certificate, DER.
        der: Vec<u8>,
        /// SHA-256 of the certificate.
        sha256: [u8; 32],
        /// First second of its validity.
        not_before: DateTime<Utc>,
        /// Last second of its validity.
        not_after: DateTime<Utc>,
        /// When it was signed.
        issued_at: DateTime<Utc>,
        /// Whether it was revoked; [`Store::revocation`] tells when and why.
        revoked: bool,
    },
}

impl FromRow for Certificate {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        let (state, serial): (String, Vec<u8>) = (row.get("state")?, row.get("serial")?);
        Ok(Self {
            ca: row.get("ca")?,
            profile: row.get("profile")?,
            subject: row.get("subject")?,
            tbs_sha256: row.bytes("tbs_sha256")?,
            reserved_at: row.time("reserved_at")?,
            state: match state.as_str() {
                "reserved" => CertificateState::Reserved,
                "issued" | "revoked" => CertificateState::Issued {
                    der: row.get("der")?,
                    sha256: row.bytes("sha256")?,
                    not_before: row.time("not_before")?,
                    not_after: row.time("not_after")?,
                    issued_at: row.time("issued_at")?,
                    revoked: state == "revoked",
                },
                other => {
                    let what = format!("state of certificate {}", hex::encode(&serial));
                    return Err(StoreError::corrupt(what, format!("\"{other}\" is none")));
                }
            },
            serial,
        })
    }
}

/// Why a certificate could not leave the state that it should be in.
async fn refusal(conn: &mut Conn<'_>, ca: &str, serial: &[u8], expected: &str) -> Result<StoreError, StoreError> {
    const SQL: &str = "SELECT state AS value FROM certificate WHERE ca = $1 AND serial = $2";
    let found: Option<String> = conn.optional(SQL, args![ca, serial]).await?;
    Ok(Conflict::state("certificate", hex::encode(serial), expected, found))
}

/// A reason as it stands in a column: its code in the ENUMERATED of RFC 5280 section 5.3.1.
pub(super) fn reason_written(reason: RevocationReason) -> u32 {
    u32::from(reason.code())
}

/// The reason of that code. What is none makes the row unusable: taken for no reason it would make a revoked
/// certificate good.
pub(super) fn reason_read(code: i64, serial: &[u8]) -> Result<RevocationReason, StoreError> {
    let reason = u8::try_from(code).ok().and_then(RevocationReason::from_code);
    reason.ok_or_else(|| {
        let what = format!("revocation of certificate {}", hex::encode(serial));
        StoreError::corrupt(what, format!("{code} is no reason of RFC 5280 section 5.3.1"))
    })
}

impl Store {
    /// The certificate of a serial.
    pub async fn certificate(&self, ca: &str, serial: &[u8]) -> Result<Option<Certificate>, StoreError> {
        const SQL: &str =
            "SELECT ca, serial, profile, subject, tbs_sha256, reserved_at, state, der, sha256, not_before,
            not_after, issued_at FROM certificate WHERE ca = $1 AND serial = $2";
        self.optional(SQL, args![ca, serial]).await
    }

    /// The certificate with this SHA-256.
    pub async fn certificate_by_sha256(&self, sha256: &[u8; 32]) -> Result<Option<Certificate>, StoreError> {
        const SQL: &str =
            "SELECT ca, serial, profile, subject, tbs_sha256, reserved_at, state, der, sha256, not_before,
            not_after, issued_at FROM certificate WHERE sha256 = $1";
        self.optional(SQL, args![sha256]).await
    }

    /// Certificates of an authority by serial, at most `limit`, those after a serial.
    pub async fn certificates(
        &self,
        ca: &str,
        after: Option<&[u8]>,
        limit: u32,
    ) -> Result<Vec<Certificate>, StoreError> {
        const SQL: &str =
            "SELECT ca, serial, profile, subject, tbs_sha256, reserved_at, state, der, sha256, not_before,
            not_after, issued_at FROM certificate WHERE ca = $1 AND serial > $2 ORDER BY serial LIMIT $3";
        self.all(SQL, args![ca, after.unwrap_or_default(), limit]).await
    }

    /// The authorities' certificates that an authority issued, DER, by serial. Those of before this was noted are left
    /// out.
    pub async fn authority_certificates(&self, ca: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT der AS value FROM certificate WHERE ca = $1 AND is_authority = 1
            AND state <> 'reserved' ORDER BY serial";
        self.all(SQL, args![ca]).await
    }

    /// The profiles of all that an authority certified, each once.
    pub async fn certificate_profiles(&self, ca: &str) -> Result<Vec<String>, StoreError> {
        const SQL: &str = "SELECT DISTINCT profile AS value FROM certificate WHERE ca = $1 ORDER BY profile";
        self.all(SQL, args![ca]).await
    }

    /// SHA-256 of the subjects for which a key was certified or is about to be, each once.
    pub async fn subjects_of_key(&self, key_sha256: &[u8; 32]) -> Result<Vec<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT DISTINCT subject_sha256 AS value FROM certificate WHERE key_sha256 = $1";
        self.all(SQL, args![key_sha256]).await
    }

    /// The revocation of a certificate.
    pub async fn revocation(&self, ca: &str, serial: &[u8]) -> Result<Option<CertificateRevocation>, StoreError> {
        const SQL: &str = "SELECT ca, serial, reason, revoked_at, invalid_since FROM certificate_revocation
            WHERE ca = $1 AND serial = $2";
        self.optional(SQL, args![ca, serial]).await
    }

    /// All revocations of an authority, by serial: what its next CRL lists.
    pub async fn revocations(&self, ca: &str) -> Result<Vec<CertificateRevocation>, StoreError> {
        const SQL: &str = "SELECT ca, serial, reason, revoked_at, invalid_since FROM certificate_revocation
            WHERE ca = $1 ORDER BY serial";
        self.all(SQL, args![ca]).await
    }
}
