//! Where a story is played.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::task::JoinError;
use yinxin::store::{Change, Store, StoreError, StoreSettings};

use crate::support::TempFolder;
use crate::support::postgres::Cluster;

/// A story, by its name.
pub(super) struct Story {
    pub(super) name: &'static str,
    pub(super) run: fn(Place) -> Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// An empty database of a story's own.
#[derive(Clone)]
pub(super) struct Place {
    settings: StoreSettings,
    pub(super) store: Store,
}

impl Place {
    async fn open(location: String) -> Self {
        let settings = StoreSettings::at(location);
        let store = Store::open(&settings).await.expect("the database opens");
        Self { settings, store }
    }

    /// Another store on the same database, as another process has.
    pub(super) async fn another_store(&self) -> Store {
        Store::open(&self.settings).await.expect("the database opens again")
    }

    /// Commits a change that `write` puts together.
    pub(super) async fn commit(&self, write: impl FnOnce(&mut Change)) -> Result<(), StoreError> {
        let mut change = Change::new();
        write(&mut change);
        self.store.commit(change).await
    }
}

/// Plays a story in a fresh file.
pub(super) async fn on_sqlite<F: Future<Output = ()>>(story: impl FnOnce(Place) -> F) {
    let folder = TempFolder::new("store");
    let place = Place::open(format!("sqlite:{}", folder.path().join("store.db").display())).await;
    let store = place.store.clone();
    story(place).await;
    store.close().await;
}

const TEMPLATE: &str = "yinxin_template";

/// Makes the database that those of the stories are copied from.
pub(super) async fn make_template(cluster: &Cluster) {
    let address = cluster.create_database(TEMPLATE, "template0").await;
    Place::open(address).await.store.close().await;
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// Plays a story in a fresh database of the server.
pub(super) async fn on_postgres(cluster: &Cluster, story: Story) -> Result<(), JoinError> {
    let name = format!("story_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let place = Place::open(cluster.create_database(&name, TEMPLATE).await).await;
    let store = place.store.clone();
    let outcome = tokio::spawn((story.run)(place)).await;
    store.close().await;
    outcome
}
