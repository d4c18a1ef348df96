//! Work on what is held: a hold ends on its own, so that a crash blocks nothing, and is renewed here while the work
//! goes on, however long others take to answer.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::service::Service;
use crate::service::error::ServiceResult;
use crate::store::StoreError;

/// How often it is seen whether a hold has to be renewed; that costs a look at the clock.
const LOOK: Duration = Duration::from_millis(250);

/// Times that a hold is renewed before it would end: it outlives a database that is away meanwhile.
const RENEWALS: i32 = 3;

impl Service {
    /// Does work on what is held for a time, and renews the hold meanwhile; `renew` is given the present time.
    ///
    /// # Errors
    /// As the work, and where the hold ended all the same and another has taken it over.
    pub(super) async fn while_held<T, R>(
        &self,
        hold: TimeDelta,
        renew: impl Fn(DateTime<Utc>) -> R,
        work: impl Future<Output = ServiceResult<T>>,
    ) -> ServiceResult<T>
    where
        R: Future<Output = Result<(), StoreError>>,
    {
        let mut renewed = self.now();
        let renewing = async {
            loop {
                tokio::time::sleep(LOOK).await;
                let now = self.now();
                if now - renewed < hold / RENEWALS {
                    continue;
                }
                match renew(now).await {
                    Ok(()) => renewed = now,
                    Err(error) if error.conflict().is_some() => return error,
                    Err(error) => tracing::warn!(%error, "a hold was not renewed"),
                }
            }
        };
        // What is done is not dropped because the hold was looked at in the same moment.
        tokio::select! {
            biased;
            done = work => done,
            lost = renewing => Err(lost.into()),
        }
    }
}
