//! Numbers leased in blocks, so that issuing a licence does not ask the database for each.
//!
//! What is left of a block when the process ends is lost: serials and status indexes may have gaps, and never repeat.

use std::collections::HashMap;
use std::ops::Range;

use tokio::sync::Mutex;

use crate::service::Service;
use crate::service::error::ServiceResult;
use crate::store::Counter;

/// Numbers of one block: large enough that the lease costs nothing beside the licences, small enough that few are lost.
const BLOCK: u32 = 64;

/// The blocks that this process holds.
#[derive(Debug, Default)]
pub(super) struct Leases {
    blocks: Mutex<HashMap<String, Range<u64>>>,
}

impl Service {
    /// The next number of a counter, from the block at hand or a new one.
    pub(super) async fn next_number(&self, counter: &Counter) -> ServiceResult<u64> {
        let key = format!("{counter:?}");
        let mut blocks = self.leases().blocks.lock().await;
        if let Some(number) = blocks.get_mut(&key).and_then(Range::next) {
            return Ok(number);
        }
        let mut block = self.store().lease(counter, BLOCK).await?;
        let first = block.next().unwrap_or(block.end);
        blocks.insert(key, block);
        Ok(first)
    }
}
