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

    /// Runs `work` when a place is free. Work that was begun keeps its place to its end, also when nobody waits for it
    /// any more: whoever asks and goes away again takes no more cores than there are.
    ///
    /// # Errors
    /// Where the work panicked: one request fails, the service goes on.
    pub async fn run<T, F>(&self, work: F) -> Result<T, BrokenOff>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| BrokenOff)?;
        let placed = move || {
            let _place = place;
            work()
        };
        tokio::task::spawn_blocking(placed).await.map_err(|_| BrokenOff)
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

    #[tokio::test]
    async fn work_that_nobody_waits_for_keeps_its_place_to_its_end() {
        let workers = Workers {
            places: Arc::new(Semaphore::new(1)),
        };
        let (begin, begun) = tokio::sync::oneshot::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let waiting = tokio::spawn({
            let workers = workers.clone();
            async move {
                workers
                    .run(move || {
                        begin.send(()).unwrap();
                        ended.recv().unwrap();
                    })
                    .await
            }
        });
        begun.await.unwrap();
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(workers.places.available_permits(), 0);
        end.send(()).unwrap();
        assert_eq!(workers.run(|| 7).await, Ok(7));
    }
}
