//! Settings that belong to the data: the name of the instance, what is not known before the first start.

use chrono::{DateTime, Utc};

use crate::store::change::Write;
use crate::store::error::StoreError;
use crate::store::open::Store;
use crate::store::sql::{Step, args, step};

/// A named value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name: `instance.name`.
    pub name: String,
    /// Its value.
    pub value: String,
    /// When it was set.
    pub set_at: DateTime<Utc>,
}

impl Write for Setting {
    fn steps(&self) -> Vec<Step<'_>> {
        const SQL: &str = "INSERT INTO setting (name, value, set_at) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at";
        vec![step!(SQL, &self.name, &self.value, self.set_at)]
    }
}

impl Store {
    /// The value of a setting, if it was ever set.
    pub async fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.optional("SELECT value FROM setting WHERE name = $1", args![name])
            .await
    }
}
