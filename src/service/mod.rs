//! Use cases, one file each: the only place where keys, store, clock and network meet. Rights are checked here,
//! transactions begin and end here, and every change is recorded as an event with it.
//!
//! A [`Service`] is one running instance; it is cheap to share behind an `Arc`. Pure work goes to [`workers::Workers`].

pub mod actor;
pub mod authorities;
pub mod certificate_authorities;
pub mod ceremony;
pub mod certificates;
pub mod change_licence_state;
pub mod city;
pub mod cross_certificates;
mod documents;
pub mod error;
mod events;
mod faces;
pub mod fetch;
mod holds;
mod identities;
pub mod idempotency;
pub mod import_licences;
pub mod issue_licence;
mod issuance;
mod issuers;
pub mod keys;
mod known;
mod leases;
pub mod licences;
mod licences_of_others;
pub mod lists;
pub mod officers;
pub mod offline_roots;
pub mod organisations;
mod own_bodies;
pub mod part_times;
mod personal_data;
pub mod previews;
mod profiles;
pub mod proposals;
pub mod publications;
pub mod receipt_pictures;
pub mod receipts;
pub mod recognition;
mod revocation_lists;
pub mod sealings;
pub mod seals;
mod signed_text;
pub mod spool;
pub mod time_stamp_sources;
pub mod time_stamps;
pub mod tokens;
mod trust;
pub mod validation_data;
pub mod verify;
pub mod workers;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use tokio::sync::Notify;

use crate::ca::Profile;
use crate::clock::{Clock, beijing};
use crate::credential::Host;
use crate::keystore::Keystore;
use crate::licence::catalogue::Catalogue;
use crate::service::certificates::StatusResponders;
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::faces::Faces;
pub use crate::service::faces::{FontLoader, NamedFonts};
use crate::service::issuers::Issuers;
use crate::service::leases::Leases;
use crate::service::part_times::PartTimes;
use crate::service::personal_data::PersonalData;
use crate::service::previews::Previews;
use crate::service::profiles::Profiles;
use crate::service::publications::Publications;
use crate::service::spool::Spool;
use crate::service::time_stamp_sources::TimeStampSources;
use crate::service::time_stamps::TimeStamping;
use crate::service::trust::Relied;
use crate::service::workers::Workers;
use crate::store::Store;

/// What an instance is made of.
pub struct Parts {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// The database.
    pub store: Store,
    /// The keys.
    pub keys: Keystore,
    /// Reads the fonts, when one is first needed.
    pub fonts: FontLoader,
    /// Licence types and their faces that take the place of those built in.
    pub licence_types: Option<Vec<LicenceTypeFolder>>,
    /// Certificate profiles beside those delivered.
    pub profiles: Vec<Profile>,
    /// Address under which the public reaches the service, without a slash at the end.
    pub public_url: String,
    /// Where the time stamps of documents that are brought come from.
    pub stamping: TimeStampSources,
    /// Where what is brought is kept while it is worked on.
    pub spool: Spool,
    /// Who draws pages of documents that are verified.
    pub previews: Previews,
}

/// The files of one licence type, read from a folder.
#[derive(Debug, Clone)]
pub struct LicenceTypeFolder {
    /// Name of the folder.
    pub slug: String,
    /// `type.toml`.
    pub type_toml: String,
    /// `face.toml`.
    pub face_toml: String,
    /// `art.svg`.
    pub art_svg: String,
}

/// One running instance.
pub struct Service {
    clock: Arc<dyn Clock>,
    store: Store,
    keys: Keystore,
    profiles: Profiles,
    faces: Arc<Faces>,
    personal: PersonalData,
    workers: Workers,
    /// Those of strangers' files, behind which nobody else waits.
    verifiers: Workers,
    leases: Leases,
    issuers: Issuers,
    time_stamping: TimeStamping,
    stamping: TimeStampSources,
    previews: Previews,
    status_responders: StatusResponders,
    trust: Relied,
    part_times: Arc<PartTimes>,
    publications: Publications,
    spool: Spool,
    /// Told whenever documents are brought to be sealed.
    brought: Notify,
    public_url: String,
}

impl Service {
    /// Starts an instance.
    ///
    /// # Errors
    /// Where a licence type cannot be used, a profile has the name of one delivered, or the keys or the store do not
    /// open.
    pub async fn start(parts: Parts) -> ServiceResult<Self> {
        let personal = PersonalData::new(&parts.keys)?;
        let service = Self {
            clock: parts.clock,
            store: parts.store,
            keys: parts.keys,
            profiles: Profiles::new(parts.profiles)?,
            faces: Arc::new(Faces::new(parts.licence_types, parts.fonts)?),
            personal,
            workers: Workers::new(),
            verifiers: Workers::new(),
            leases: Leases::default(),
            issuers: Issuers::default(),
            time_stamping: TimeStamping::default(),
            stamping: parts.stamping,
            previews: parts.previews,
            status_responders: StatusResponders::default(),
            trust: Relied::default(),
            part_times: Arc::default(),
            publications: Publications::default(),
            spool: parts.spool,
            brought: Notify::new(),
            public_url: parts.public_url,
        };
        service.reload_trust().await?;
        Ok(service)
    }

    /// The licence types.
    pub fn types(&self) -> &Catalogue {
        self.faces.types()
    }

    /// Makes the faces now, so that the first who needs one does not wait, and what is wrong with them shows.
    ///
    /// # Errors
    /// Where a font or a face cannot be used.
    pub async fn prepare_faces(&self) -> ServiceResult<()> {
        let faces = Arc::clone(&self.faces);
        self.work(move || faces.fonts().map(drop)).await
    }

    /// Address under which the public reaches the service, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The host of that address, as printed codes name it.
    fn public_host(&self) -> ServiceResult<Host> {
        let host = self
            .public_url
            .split_once("://")
            .map_or(self.public_url.as_str(), |(_, host)| host);
        host.parse()
            .map_err(|error| ServiceError::refused_because("public-address-unusable", error))
    }

    /// Who draws pages of documents that are verified.
    pub fn previews(&self) -> &Previews {
        &self.previews
    }

    /// Where the time of issuing went so far.
    pub fn part_times(&self) -> &PartTimes {
        &self.part_times
    }

    /// Where what is brought is kept while it is worked on.
    pub fn spool(&self) -> &Spool {
        &self.spool
    }

    /// The present time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Today in Beijing.
    pub fn today(&self) -> NaiveDate {
        beijing(self.now()).date_naive()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn check(&self) -> ServiceResult<()> {
        Ok(self.store.check().await?)
    }

    /// Ends the instance: what was acknowledged is durable already, the rest is given up.
    pub async fn close(&self) {
        self.store.close().await;
    }

    fn store(&self) -> &Store {
        &self.store
    }

    fn keys(&self) -> &Keystore {
        &self.keys
    }

    fn leases(&self) -> &Leases {
        &self.leases
    }

    /// Runs pure work on the workers.
    async fn work<T, F>(&self, work: F) -> ServiceResult<T>
    where
        T: Send + 'static,
        F: FnOnce() -> ServiceResult<T> + Send + 'static,
    {
        self.workers.run(work).await.map_err(ServiceError::from)?
    }

    /// Runs the verification of what a stranger sent.
    async fn verify_with<T, F>(&self, work: F) -> ServiceResult<T>
    where
        T: Send + 'static,
        F: FnOnce() -> ServiceResult<T> + Send + 'static,
    {
        self.verifiers.run(work).await.map_err(ServiceError::from)?
    }
}
