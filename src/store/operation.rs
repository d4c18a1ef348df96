//! What is done in one transaction.

use std::time::Duration;

use sqlx::PgPool;

use crate::store::error::StoreError;
use crate::store::sql::Conn;

/// Work that is durable as a whole or leaves no trace. It may be run again after the database gave it up, so it changes
/// nothing outside the database.
pub(super) trait Operation: Send + Sync + 'static {
    /// What it answers.
    type Output: Send + 'static;

    /// Does the work on a connection that stands in a transaction.
    fn run(&self, conn: &mut Conn<'_>) -> impl Future<Output = Result<Self::Output, StoreError>> + Send;
}

/// Times that PostgreSQL is asked to run an operation that it gave up because two of them waited for each other.
const POSTGRES_ATTEMPTS: u32 = 5;

/// How long an operation stands back before it is run again, more each time: the one that it waited for is to come
/// first, and would else find its place taken once more.
const STANDING_BACK: Duration = Duration::from_millis(25);

/// SQLSTATE of the losses that another attempt makes good: `serialization_failure` and `deadlock_detected`.
const RETRYABLE_STATES: [&str; 2] = ["40001", "40P01"];

/// Runs an operation in a transaction of its own.
pub(super) async fn apply_in_postgres<O: Operation>(pool: &PgPool, operation: &O) -> Result<O::Output, StoreError> {
    let mut attempt = 1;
    loop {
        match attempt_in_postgres(pool, operation).await {
            Err(error) if attempt < POSTGRES_ATTEMPTS && is_retryable(&error) => {
                tokio::time::sleep(STANDING_BACK * attempt).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn attempt_in_postgres<O: Operation>(pool: &PgPool, operation: &O) -> Result<O::Output, StoreError> {
    let mut transaction = pool.begin().await?;
    let output = operation.run(&mut Conn::Postgres(&mut transaction)).await?;
    transaction.commit().await?;
    Ok(output)
}

fn is_retryable(error: &StoreError) -> bool {
    let StoreError::Unavailable(sqlx::Error::Database(error)) = error else {
        return false;
    };
    error
        .code()
        .is_some_and(|code| RETRYABLE_STATES.contains(&code.as_ref()))
}
