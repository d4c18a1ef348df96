//! A house with officers: an instance without licences, a clock that the test moves, and people with their own keys.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use yinxin::ca::SubordinateTerms;
use yinxin::clock::{Clock as _, ManualClock};
use yinxin::crypto::key::{KeyAlgorithm, Signer as _, SoftwareKey, Suite};
use yinxin::id::ProposalId;
use yinxin::keystore::token::Token;
use yinxin::keystore::{Keystore, Passphrase};
use yinxin::problem::Explain as _;
use yinxin::service::actor::Actor;
use yinxin::service::certificate_authorities::NewCertificateAuthority;
use yinxin::service::error::{ServiceError, ServiceResult};
use yinxin::service::idempotency::RequestEnd;
use yinxin::service::keys::NewKey;
use yinxin::service::officers::NewOfficer;
use yinxin::service::proposals::{
    Act, Content, Decided, Decision, ProposalRecord, Quorum, SignedStatement, Step, Target, Verdict, key_digest,
};
use yinxin::service::spool::Spool;
use yinxin::service::{Parts, Service};
use yinxin::store::{Officer, Store, StoreSettings, StoredEvent};

use crate::support::TempFolder;
use crate::support::acts;
use crate::support::app::{fonts, own_stamping, previews};

/// An instance with its officers.
pub(crate) struct House {
    pub(crate) service: Arc<Service>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) folder: TempFolder,
}

/// A person with a key.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) key: SoftwareKey,
}

impl Person {
    pub(crate) fn new(name: &'static str, suite: Suite) -> Self {
        Self {
            name,
            key: SoftwareKey::generate(suite).unwrap(),
        }
    }

    pub(crate) fn as_new_officer(&self) -> NewOfficer {
        NewOfficer::new(self.name, "云州市密码管理局", self.key.public_key())
    }
}

/// Founding a root of this name.
pub(crate) fn found(name: &str) -> Act {
    found_under(None, name, NewKey::Make(KeyAlgorithm::P256))
}

/// Founding an authority with this key under another.
pub(crate) fn found_under(parent: Option<&str>, name: &str, key: NewKey) -> Act {
    Act::FoundCa(NewCertificateAuthority {
        name: name.to_owned(),
        key,
        parent: parent.map(str::to_owned),
        organisation: "云州市".to_owned(),
        common_name: name.to_owned(),
        terms: SubordinateTerms::default(),
    })
}

fn location(folder: &TempFolder) -> StoreSettings {
    StoreSettings::at(format!("sqlite:{}", folder.path().join("yinxin.sqlite").display()))
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(answer: ServiceResult<T>) -> &'static str {
    answer.unwrap_err().problems()[0].code
}

impl House {
    /// A house without officers.
    pub(crate) async fn new() -> Self {
        Self::with_token(None).await
    }

    /// The same with a token for keys.
    pub(crate) async fn with_token(token: Option<Token>) -> Self {
        let clock = Arc::new(ManualClock::at("2026-11-01T02:00:00Z".parse().unwrap()));
        Self::start(TempFolder::new("house"), clock, token).await
    }

    /// The same house after it was closed and opened again: nothing is left in memory.
    pub(crate) async fn restarted(self) -> Self {
        self.service.close().await;
        Self::start(self.folder, self.clock, None).await
    }

    async fn start(folder: TempFolder, clock: Arc<ManualClock>, token: Option<Token>) -> Self {
        let passphrase = Passphrase::new("a passphrase for tests alone".to_owned()).unwrap();
        let keys = Keystore::open(folder.path().join("keys"), passphrase).unwrap();
        let service = Service::start(Parts {
            clock: clock.clone(),
            store: Store::open(&location(&folder)).await.unwrap(),
            keys: keys.with_token(token),
            fonts: Box::new(|| Ok(fonts())),
            licence_types: None,
            profiles: Vec::new(),
            public_url: "https://licences.example".to_owned(),
            stamping: own_stamping(),
            spool: Spool::default(),
            previews: previews(),
        });
        Self {
            service: Arc::new(service.await.unwrap()),
            clock,
            folder,
        }
    }

    /// A house with two officers, of both suites.
    pub(crate) async fn with_two() -> (Self, Person, Person) {
        Self::new().await.and_two().await
    }

    /// This house and two officers, of both suites.
    pub(crate) async fn and_two(self) -> (Self, Person, Person) {
        let house = self;
        let [first, second] = [
            Person::new("王一", Suite::National),
            Person::new("李二", Suite::International),
        ];
        for person in [&first, &second] {
            house.enrol(person).await.unwrap();
        }
        (house, first, second)
    }

    /// Enrols a person, as the operator.
    pub(crate) async fn enrol(&self, person: &Person) -> ServiceResult<Officer> {
        acts::act(&self.service, Act::EnrolOfficer(person.as_new_officer())).await?;
        Ok(self.officer(person).await)
    }

    /// Has two officers do an act.
    pub(crate) async fn agree(&self, act: Act, proposer: &Person, approver: &Person) -> ServiceResult<Decided> {
        let proposed = self.propose(act, proposer).await?;
        self.decide(Verdict::Approve, &proposed, approver).await
    }

    pub(crate) async fn content(&self, act: Act, person: &Person) -> Content {
        let instance = self.service.instance().await.unwrap();
        let key = key_digest(person.key.public_key());
        // What the service refuses to count is refused when it is proposed.
        let officers = self.service.quorum_of(&act).await.unwrap_or(Quorum::Two);
        Content::new(
            &instance,
            &key,
            (act, officers),
            "为测试",
            self.now(),
            TimeDelta::days(7),
        )
    }

    pub(crate) async fn propose(&self, act: Act, person: &Person) -> ServiceResult<Decided> {
        let content = self.content(act, person).await;
        let signed = self.sign_proposal(&content, person);
        self.service.propose(&content.canonical(), &signed, None).await
    }

    pub(crate) fn sign_proposal(&self, content: &Content, person: &Person) -> SignedStatement {
        let decision = Decision::About(Step::Propose, target(content.id, &content.hash(), None));
        SignedStatement::sign(&content.instance, decision, self.now(), &person.key).unwrap()
    }

    pub(crate) async fn decide(&self, verdict: Verdict, on: &Decided, person: &Person) -> ServiceResult<Decided> {
        let reason = (verdict != Verdict::Approve).then_some("不合规定");
        let signed = self.sign(verdict, target(on.id, &on.hash, reason), person).await;
        self.service.decide_proposal(on.id, verdict, &signed, None).await
    }

    /// Has a person approve in a request that ends with it.
    pub(crate) async fn approve_within(
        &self,
        end: RequestEnd,
        on: &Decided,
        person: &Person,
    ) -> ServiceResult<Decided> {
        let signed = self.sign(Verdict::Approve, target(on.id, &on.hash, None), person).await;
        self.service
            .decide_proposal(on.id, Verdict::Approve, &signed, Some(end))
            .await
    }

    /// Has two people approve at the same time, of whose approvals one counts.
    pub(crate) async fn approve_at_once(&self, on: &Decided, [one, other]: [&Person; 2]) {
        let (one, other) = tokio::join!(
            self.decide(Verdict::Approve, on, one),
            self.decide(Verdict::Approve, on, other)
        );
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }

    pub(crate) async fn sign(&self, verdict: Verdict, target: Target, person: &Person) -> SignedStatement {
        let instance = self.service.instance().await.unwrap();
        SignedStatement::sign(&instance, verdict.of(target), self.now(), &person.key).unwrap()
    }

    pub(crate) async fn record(&self, id: ProposalId) -> ProposalRecord {
        self.service.proposal(&Actor::Operator, id).await.unwrap()
    }

    /// The identifier of a person's office.
    pub(crate) async fn officer(&self, person: &Person) -> Officer {
        let officers = self.service.officers(&Actor::Operator).await.unwrap();
        let of_key = |officer: &Officer| officer.public_key == person.key.public_key().spki();
        officers.into_iter().find(of_key).unwrap()
    }

    /// The events of one subject, as an auditor reads them from the database.
    pub(crate) async fn events(&self, subject: &str) -> Vec<StoredEvent> {
        self.store().await.events_of(subject).await.unwrap()
    }

    /// The database, as another program opens it.
    pub(crate) async fn store(&self) -> Store {
        Store::open(&location(&self.folder)).await.unwrap()
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Whether an authority of that name was founded.
    pub(crate) async fn has(&self, name: &str) -> bool {
        let authorities = self.service.certificate_authorities().await.unwrap();
        authorities.iter().any(|authority| authority.name == name)
    }
}

/// What a statement is about.
pub(crate) fn target(proposal: ProposalId, hash: &str, reason: Option<&str>) -> Target {
    Target {
        proposal,
        hash: hash.to_owned(),
        reason: reason.map(str::to_owned),
    }
}

/// A refusal that is a conflict.
pub(crate) fn is_conflict<T>(answer: &ServiceResult<T>) -> bool {
    matches!(answer, Err(ServiceError::Conflict(_)))
}
