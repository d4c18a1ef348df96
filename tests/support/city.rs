//! A small authority of either suite for tests: root, issuing authority, and certificates of every delivered profile.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use yinxin::ca::crl::{self, CrlOrder};
use yinxin::ca::timestamp::TimeStampAuthority;
use yinxin::ca::{self, Issuer, Order, Profile, ProfileKind, Publication, Subject, SubjectKey};
use yinxin::cms::timestamp::Accuracy;
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::{Signer, SoftwareKey, Suite};
use yinxin::seal::signature::SealHolder;
use yinxin::seal::{Seal, SealExtension, SealImage, SealInfo, SealKind, SealMaker, SealVersion, SignerList};
use yinxin::x509::{CertId, Certificate, Crl, OcspAnswer, OcspResponse, OcspStatus, ResponderId, RevokedEntry, build};

/// The present of the tests.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-05-28T08:30:15Z".parse().unwrap()
}

/// The organisation of the tests and its credit code.
pub(crate) const ORGANISATION: (&str, &str) = ("示例市市场监督管理局", "11159900MB0000211R");

/// A root and an issuing authority below it.
pub(crate) struct City {
    pub(crate) root: Certificate,
    pub(crate) issuing: Certificate,
    root_key: SoftwareKey,
    key: SoftwareKey,
    suite: Suite,
    founded: DateTime<Utc>,
}

/// A certificate with its key.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) certificate: Certificate,
    pub(crate) key: Arc<dyn Signer>,
}

impl City {
    pub(crate) fn new(suite: Suite) -> Self {
        Self::founded_at(suite, now())
    }

    /// Whose certificates all begin the day before `founded`.
    pub(crate) fn founded_at(suite: Suite, founded: DateTime<Utc>) -> Self {
        let root_key = SoftwareKey::generate(suite).unwrap();
        let itself = Issuer::Itself {
            algorithm: root_key.algorithm(),
        };
        let root = issue(
            (ProfileKind::Root, founded),
            &service("根 CA"),
            &root_key,
            itself,
            &root_key,
        );
        let key = SoftwareKey::generate(suite).unwrap();
        let publication = Publication::under("http://pki.example.org/", "root");
        let by_root = Issuer::Authority {
            certificate: &root,
            algorithm: root_key.algorithm(),
            publication: &publication,
        };
        let issuing = issue(
            (ProfileKind::Issuing, founded),
            &service("签发 CA"),
            &key,
            by_root,
            &root_key,
        );
        Self {
            root,
            issuing,
            root_key,
            key,
            suite,
            founded,
        }
    }

    /// Lists of both authorities as of `time`, which revoke these certificates of the issuing one.
    pub(crate) fn lists(&self, time: DateTime<Utc>, revoked: &[RevokedEntry]) -> [Crl; 2] {
        let list = |certificate, key, entries| {
            let order = CrlOrder::complete(
                u64::try_from(time.timestamp()).unwrap(),
                time,
                TimeDelta::days(8),
                entries,
            );
            crl::build(certificate, key, &order).unwrap()
        };
        [
            list(&self.root, &self.root_key, &[]),
            list(&self.issuing, &self.key, revoked),
        ]
    }

    /// What the issuing authority says of a certificate: that it is good.
    pub(crate) fn status(&self, certificate: &Certificate, time: DateTime<Utc>) -> OcspResponse {
        let answer = OcspAnswer {
            id: CertId::new(DigestAlgorithm::Sha1, certificate, &self.issuing),
            status: OcspStatus::Good,
            this_update: time,
            next_update: Some(time + TimeDelta::days(1)),
            invalidity_date: None,
        };
        let fields = build::OcspFields {
            responder: &ResponderId::Name(self.issuing.subject().clone()),
            produced_at: time,
            answers: &[answer],
            nonce: None,
        };
        let data = build::ocsp_data(&fields).unwrap();
        let signature = self.key.sign(&data).unwrap();
        let der = build::ocsp_response(&data, self.key.algorithm(), &signature, &[]);
        OcspResponse::from_der(&der).unwrap()
    }

    /// A time-stamping authority of the city.
    pub(crate) fn time_stamping(&self) -> TimeStampAuthority {
        let holder = self.issue(ProfileKind::Tsa, &service("时间戳"));
        let chain = [self.issuing.clone()];
        TimeStampAuthority::new(holder.key, holder.certificate, &chain, Accuracy { micros: 500_000 }).unwrap()
    }

    /// A new key with a certificate of this kind.
    pub(crate) fn issue(&self, kind: ProfileKind, subject: &Subject) -> Holder {
        self.issue_from(kind, subject, self.founded)
    }

    /// The same, which begins the day before `founded`.
    pub(crate) fn issue_from(&self, kind: ProfileKind, subject: &Subject, founded: DateTime<Utc>) -> Holder {
        let key = SoftwareKey::generate(self.suite).unwrap();
        let publication = Publication::under("http://pki.example.org/", "issuing");
        let issuer = Issuer::Authority {
            certificate: &self.issuing,
            algorithm: self.key.algorithm(),
            publication: &publication,
        };
        let certificate = issue((kind, founded), subject, &key, issuer, &self.key);
        Holder {
            certificate,
            key: Arc::new(key),
        }
    }

    /// A signer in the name of another, certified by its own key.
    pub(crate) fn self_signed(of: &Certificate) -> Holder {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let certificate = issue_as_authority(of, &key, (&standing_for(of), &key));
        Holder {
            certificate,
            key: Arc::new(key),
        }
    }

    /// A signer that another one certified for the same organisation, as if that were an authority.
    pub(crate) fn certified_by(signer: &Holder) -> Holder {
        let key = SoftwareKey::generate(Suite::International).unwrap();
        let subject = standing_for(&signer.certificate);
        let certificate = issue_as_authority(&signer.certificate, signer.key.as_ref(), (&subject, &key));
        Holder {
            certificate,
            key: Arc::new(key),
        }
    }

    /// A signer, its authority and the root of that, each in the name of another and with a key of its own.
    pub(crate) fn doubles(signer: &Certificate, issuing: &Certificate) -> (Holder, [Certificate; 2]) {
        let [root_key, key, own] = [(); 3].map(|()| SoftwareKey::generate(Suite::International).unwrap());
        let itself = Issuer::Itself {
            algorithm: root_key.algorithm(),
        };
        let root_name = Subject::named(issuing.issuer().clone(), None);
        let root = issue((ProfileKind::Root, now()), &root_name, &root_key, itself, &root_key);
        let publication = Publication::under("http://pki.example.org/", "double");
        let by = |certificate, key: &SoftwareKey| Issuer::Authority {
            certificate,
            algorithm: key.algorithm(),
            publication: &publication,
        };
        let kind = (ProfileKind::Issuing, now());
        let issuing = issue(kind, &named_as(issuing), &key, by(&root, &root_key), &root_key);
        let kind = (ProfileKind::OrganisationSigner, now());
        let certificate = issue(kind, &standing_for(signer), &own, by(&issuing, &key), &key);
        let key = Arc::new(own);
        (Holder { certificate, key }, [issuing, root])
    }

    /// A signer of the organisation of the tests.
    pub(crate) fn organisation(&self) -> Holder {
        let (name, code) = ORGANISATION;
        self.issue(
            ProfileKind::OrganisationSigner,
            &Subject::organisation(name, code).unwrap(),
        )
    }

    /// A seal of the organisation of the tests, with who may sign with it. The city must be of the national suite.
    pub(crate) fn seal(&self, picture: &str) -> SealHolder {
        let maker = self.issue(ProfileKind::SealMaker, &service("制章中心"));
        let signer = self.organisation();
        let info = SealInfo {
            version: SealVersion::V4,
            vendor: "yinxin".to_owned(),
            id: "45010000000001".to_owned(),
            kind: SealKind::Organisation,
            name: ORGANISATION.0.to_owned(),
            signers: SignerList::of([signer.certificate.der()]),
            created: now(),
            valid_from: now(),
            valid_until: now() + TimeDelta::days(365),
            image: SealImage {
                format: "SVG".to_owned(),
                data: picture.as_bytes().to_vec(),
                width_mm: 42,
                height_mm: 42,
            },
            extensions: vec![SealExtension::credit_code(ORGANISATION.1)],
        };
        let seal: Seal = SealMaker::new(maker.key, maker.certificate)
            .unwrap()
            .make(&info)
            .unwrap();
        SealHolder::new(signer.key, signer.certificate, seal).unwrap()
    }
}

/// A service of the city.
pub(crate) fn service(name: &str) -> Subject {
    Subject::service("示例市政务服务中心", name).unwrap()
}

/// The subject of a certificate.
fn named_as(certificate: &Certificate) -> Subject {
    let code = certificate.extensions().credit_code.as_ref();
    Subject::named(certificate.subject().clone(), code.map(|code| code.value.clone()))
}

/// The same, which may issue what that may.
fn standing_for(certificate: &Certificate) -> Subject {
    named_as(certificate).entitled_to(certificate.licence_types().iter().cloned())
}

/// A signer's certificate by the key and in the name of one that is no authority.
fn issue_as_authority(named: &Certificate, by: &dyn Signer, (subject, key): (&Subject, &dyn Signer)) -> Certificate {
    let itself = Issuer::Itself {
        algorithm: by.algorithm(),
    };
    let pretended = issue((ProfileKind::Root, now()), &named_as(named), by, itself, by);
    let publication = Publication::under("http://pki.example.org/", "signer");
    let issuer = Issuer::Authority {
        certificate: &pretended,
        algorithm: by.algorithm(),
        publication: &publication,
    };
    issue((ProfileKind::OrganisationSigner, now()), subject, key, issuer, by)
}

fn issue(
    (kind, founded): (ProfileKind, DateTime<Utc>),
    subject: &Subject,
    key: &dyn Signer,
    issuer: Issuer<'_>,
    by: &dyn Signer,
) -> Certificate {
    let prepared = ca::prepare(&Order {
        profile: &Profile::standard(kind).unwrap(),
        subject,
        key: &SubjectKey::of(key),
        issuer,
        not_before: founded - TimeDelta::days(1),
        serial: ca::new_serial().unwrap(),
    });
    prepared.unwrap().issue(by).unwrap().into_certificate()
}
