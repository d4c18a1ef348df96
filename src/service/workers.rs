//! Where pure work runs: as many pieces at once as there are cores, so that asynchronous code only ever waits.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Work that did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the work was broken off")]
pub struct BrokenOff;

/// A pool for pure work.
#[derive(Debug, Clone)]
pub struct Workers {
    places: Arc<Semaphore>,
}

impl Workers {
    /// A pool of as many places as the machine has cores.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            places: Arc::new(Semaphore::new(cores)),
        }
    }

    /// Runs `work` when a place is free.
    ///
    /// # Errors
    /// Where the work panicked: one request fails, the service goes on.
    pub async fn run<T, F>(&self, work: F) -> Result<T, BrokenOff>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let _place = self.places.acquire().await.map_err(|_| BrokenOff)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| BrokenOff)
    }
}

impl Default for Workers {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_fails_alone_and_gives_its_place_back() {
        let workers = Workers::new();
        for _ in 0..std::thread::available_parallelism().unwrap().get() {
            let broken = workers.run(|| -> u8 { panic!("on purpose") }).await;
            assert_eq!(broken, Err(BrokenOff));
        }
        assert_eq!(workers.run(|| 7).await, Ok(7));
    }
}
