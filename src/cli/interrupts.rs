//! Being told to stop, by the terminal or by whoever runs the program.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Hears that the program is to stop, which without it ends it there and then.
#[derive(Debug)]
pub(super) struct Interrupts(Option<[Signal; 2]>);

impl Interrupts {
    /// From now on whoever asks for the next decides what becomes of it.
    pub(super) fn heard() -> Self {
        let [interrupt, terminate] = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
        // Where the operating system gives none, the program ends as it would without.
        Self(interrupt.ok().zip(terminate.ok()).map(<[Signal; 2]>::from))
    }

    /// The program ends as soon as it is told to.
    pub(super) fn unheard() -> Self {
        Self(None)
    }

    /// Waits until the program is told to stop, from now on or again.
    pub(super) async fn next(&mut self) {
        match &mut self.0 {
            Some([interrupt, terminate]) => {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            }
            None => std::future::pending().await,
        }
    }
}
