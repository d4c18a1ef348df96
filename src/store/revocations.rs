//! Revocation beyond the first act: what was on hold is released or revoked for good, and every change is counted, so
//! that a list or an answer of before is known to be out of date.

use chrono::{DateTime, Utc};

use crate::hex;
use crate::store::certificates::reason_written;
use crate::store::change::Write;
use crate::store::error::{Conflict, StoreError};
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};
use crate::x509::RevocationReason;

/// Notes that what is revoked has changed.
const COUNT: &str = "INSERT INTO revocation_count (ca, shard, changes)
    SELECT ca, COALESCE(shard, -1), 1 FROM certificate WHERE ca = $1 AND serial = $2
    ON CONFLICT (ca, shard) DO UPDATE SET changes = revocation_count.changes + 1";

/// Takes the answer that was signed beforehand out of use. Its time keeps out a later one that knows nothing of the
/// change.
const FORGET: &str = "INSERT INTO ocsp_answer (ca, serial, der, this_update, next_update)
    VALUES ($1, $2, $3, $4, 0) ON CONFLICT (ca, serial) DO UPDATE
    SET der = excluded.der, this_update = excluded.this_update, next_update = 0";

/// What every change of a revocation does beside: counts, and forgets the answer.
pub(super) fn noted<'a>(ca: &'a str, serial: &'a [u8], at: DateTime<Utc>) -> [Step<'a>; 2] {
    const NOTHING: &[u8] = &[];
    [step!(COUNT, ca, serial), step!(FORGET, ca, serial, NOTHING, at)]
}

/// A certificate on hold that is revoked for good. The time since when it is revoked stays that of the hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRevocation {
    /// The authority that issued the certificate.
    pub ca: String,
    /// Its serial.
    pub serial: Vec<u8>,
    /// Why.
    pub reason: RevocationReason,
    /// When this was decided.
    pub decided_at: DateTime<Utc>,
    /// Since when the key is known or suspected not to be trusted.
    pub invalid_since: Option<DateTime<Utc>>,
}

impl Write for HeldRevocation {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "UPDATE certificate_revocation SET reason = $3, invalid_since = $4, changed_at = $5
            WHERE ca = $1 AND serial = $2 AND reason = $6";
        let reason = reason_written(self.reason);
        let mut steps = vec![step!(
            SQL,
            &self.ca,
            &self.serial,
            reason,
            self.invalid_since,
            self.decided_at,
            reason_written(RevocationReason::CertificateHold)
        )];
        steps.extend(noted(&self.ca, &self.serial, self.decided_at));
        steps
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        not_on_hold(conn, &self.ca, &self.serial).await
    }
}

/// A certificate that is taken off its hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRelease {
    /// The authority that issued the certificate.
    pub ca: String,
    /// Its serial.
    pub serial: Vec<u8>,
    /// When.
    pub released_at: DateTime<Utc>,
}

impl Write for HoldRelease {
    fn steps(&self) -> Vec<Step<'_>> {
        const KEEP: &str = "INSERT INTO certificate_release (ca, serial, held_at, released_at)
            SELECT ca, serial, revoked_at, $3 FROM certificate_revocation
            WHERE ca = $1 AND serial = $2 AND reason = $4";
        const TAKE: &str = "DELETE FROM certificate_revocation WHERE ca = $1 AND serial = $2 AND reason = $3";
        const STATE: &str =
            "UPDATE certificate SET state = 'issued' WHERE ca = $1 AND serial = $2 AND state = 'revoked'";
        let hold = reason_written(RevocationReason::CertificateHold);
        let mut steps = vec![
            step!(KEEP, &self.ca, &self.serial, self.released_at, hold),
            step!(TAKE, &self.ca, &self.serial, hold),
            step!(STATE, &self.ca, &self.serial),
        ];
        steps.extend(noted(&self.ca, &self.serial, self.released_at));
        steps
    }

    async fn refusal(&self, _: usize, conn: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        not_on_hold(conn, &self.ca, &self.serial).await
    }
}

async fn not_on_hold(conn: &mut Conn<'_>, ca: &str, serial: &[u8]) -> Result<StoreError, StoreError> {
    const SQL: &str = "SELECT state AS value FROM certificate WHERE ca = $1 AND serial = $2";
    let found: Option<String> = conn.optional(SQL, args![ca, serial]).await?;
    Ok(Conflict::state(
        "certificate",
        hex::encode(serial),
        "certificateHold",
        found,
    ))
}

/// A hold that was released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedHold {
    /// The certificate's serial.
    pub serial: Vec<u8>,
    /// When it was put on hold.
    pub held_at: DateTime<Utc>,
    /// When it was released.
    pub released_at: DateTime<Utc>,
}

impl FromRow for ReleasedHold {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            serial: row.get("serial")?,
            held_at: row.time("held_at")?,
            released_at: row.time("released_at")?,
        })
    }
}

impl Store {
    /// How often what an authority revoked has changed.
    pub async fn revocation_changes(&self, ca: &str) -> Result<u64, StoreError> {
        const SQL: &str =
            "SELECT CAST(COALESCE(SUM(changes), 0) AS BIGINT) AS value FROM revocation_count WHERE ca = $1";
        let changes: Option<i64> = self.optional(SQL, args![ca]).await?;
        Ok(changes.and_then(|changes| u64::try_from(changes).ok()).unwrap_or(0))
    }

    /// The holds of an authority that began before a time and were released after it, by serial.
    pub async fn releases_since(&self, ca: &str, time: DateTime<Utc>) -> Result<Vec<ReleasedHold>, StoreError> {
        const SQL: &str = "SELECT serial, held_at, released_at FROM certificate_release
            WHERE ca = $1 AND held_at <= $2 AND released_at >= $2 ORDER BY serial";
        self.all(SQL, args![ca, time]).await
    }
}
