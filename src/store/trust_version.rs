//! Whether anything came that changes what is relied on, or what may be issued with: asked before every verification,
//! so one query answers it.

use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{FromRow, Row, args};

/// The numbers of everything that trust is read from: authorities with the CRL of each and what they revoked,
/// recognition lists, cross-certificates, what is kept of others, the register of bodies, and the seals that changed
/// their state. Whatever is added changes one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustVersion(Vec<Mark>);

/// One kind of thing, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    of: String,
    number: u64,
}

impl FromRow for Mark {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            of: row.get("of")?,
            number: row.count("number")?,
        })
    }
}

impl Store {
    /// The present version.
    pub async fn trust_version(&self) -> Result<TrustVersion, StoreError> {
        const SQL: &str = "SELECT 'crl/' || name AS \"of\",
                COALESCE((SELECT MAX(number) FROM crl WHERE crl.ca = name), 0) AS number FROM certificate_authority
            UNION ALL SELECT 'revocations/' || ca, CAST(SUM(changes) AS BIGINT) FROM revocation_count GROUP BY ca
            UNION ALL SELECT 'seal-change', COUNT(*) FROM seal_change
            UNION ALL SELECT 'recognition-list', COALESCE(MAX(sequence), 0) FROM recognition_list
            UNION ALL SELECT 'authority', COUNT(*) FROM authority
            UNION ALL SELECT 'cross-certificate', COUNT(*) FROM cross_certificate
            UNION ALL SELECT 'validation-data', COUNT(*) FROM validation_data
            ORDER BY 1";
        self.all(SQL, args![]).await.map(TrustVersion)
    }
}
