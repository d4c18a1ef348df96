//! Authorities (机构): who issues licences, in their tree of regions.

use chrono::{DateTime, Utc};

use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Conn, FromRow, Row, Step, args, step};

/// An organisation that issues licences or stands above one that does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its unified social credit code (GB 32100), its key.
    pub code: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// Its region: six digits or more of GB/T 2260.
    pub region: String,
    /// Its level: a word of the licence types' authority levels.
    pub level: String,
    /// The code of the authority above it, which must be registered.
    pub parent: Option<String>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}

impl FromRow for Authority {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            code: row.get("code")?,
            name_zh: row.get("name_zh")?,
            name_en: row.get("name_en")?,
            region: row.get("region")?,
            level: row.get("level")?,
            parent: row.get("parent")?,
            created_at: row.time("created_at")?,
        })
    }
}

impl Write for Authority {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO authority (code, name_zh, name_en, region, level, parent, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        vec![step!(
            SQL,
            &self.code,
            &self.name_zh,
            &self.name_en,
            &self.region,
            &self.level,
            &self.parent,
            self.created_at
        )]
    }

    async fn refusal(&self, _: usize, _: &mut Conn<'_>) -> Result<StoreError, StoreError> {
        Ok(StoreError::exists("authority", &self.code))
    }
}

impl Store {
    /// The authority of a credit code.
    pub async fn authority(&self, code: &str) -> Result<Option<Authority>, StoreError> {
        const SQL: &str =
            "SELECT code, name_zh, name_en, region, level, parent, created_at FROM authority WHERE code = $1";
        self.optional(SQL, args![code]).await
    }

    /// All authorities, by code.
    pub async fn authorities(&self) -> Result<Vec<Authority>, StoreError> {
        const SQL: &str =
            "SELECT code, name_zh, name_en, region, level, parent, created_at FROM authority ORDER BY code";
        self.all(SQL, args![]).await
    }
}
