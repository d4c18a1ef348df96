//! The contract of the store: the same stories on SQLite and on PostgreSQL.
//!
//! Each story gets an empty database. On SQLite each is a test; on PostgreSQL all share one server, and each has a
//! database of its own, copied from one whose tables are made.

macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        /// Every story of this file, for [`super::every_story_holds_on_postgres`].
        pub(super) fn stories() -> Vec<$crate::store::place::Story> {
            vec![$($crate::store::place::Story {
                name: concat!(module_path!(), "::", stringify!($story)),
                run: |place| Box::pin($story(place)),
            }),+]
        }

        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                $crate::store::place::on_sqlite(super::$story).await;
            })+
        }
    };
}

mod authorities;
mod certificates;
mod documents;
mod durability;
mod events;
mod idempotency;
mod imports;
mod leases;
mod licence_list;
mod licences;
mod place;
mod proposals;
mod races;
mod registers;
mod samples;
mod sealing_batches;

use crate::support::postgres::Cluster;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_story_holds_on_postgres() {
    let stories = [
        authorities::stories(),
        certificates::stories(),
        documents::stories(),
        durability::stories(),
        events::stories(),
        idempotency::stories(),
        imports::stories(),
        leases::stories(),
        licence_list::stories(),
        licences::stories(),
        proposals::stories(),
        races::stories(),
        registers::stories(),
        sealing_batches::stories(),
    ];
    let cluster = Cluster::start();
    place::make_template(&cluster).await;
    let mut broken = Vec::new();
    for story in stories.into_iter().flatten() {
        let name = story.name;
        if place::on_postgres(&cluster, story).await.is_err() {
            broken.push(name);
        }
    }
    assert!(broken.is_empty(), "these do not hold: {broken:#?}");
}
