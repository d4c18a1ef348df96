//! Two cities that certify each other, from the acts of their officers to the verdicts of other programs on what they
//! publish.

mod listed;

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use tokio::runtime::Runtime;
use yinxin::ca::Subject;
use yinxin::ca::cross::{CertificatePair, Mode, Terms};
use yinxin::clock::ManualClock;
use yinxin::cms::SignedData;
use yinxin::crypto::key::{KeyAlgorithm, SoftwareKey};
use yinxin::service::Service;
use yinxin::service::actor::Actor;
use yinxin::service::certificate_authorities::NewCertificateAuthority;
use yinxin::service::certificates::FormerCertificate;
use yinxin::service::cross_certificates::NewCrossCertificate;
use yinxin::service::error::ServiceError;
use yinxin::service::keys::NewKey;
use yinxin::service::proposals::Act;
use yinxin::service::validation_data::KnownValidationData;
use yinxin::trust::{Purpose, Query, validate};
use yinxin::x509::{Certificate, Crl, RevocationReason, SerialNumber};

use crate::support::TempFolder;
use crate::support::acts;
use crate::support::app::{self, app, request};
use crate::support::judges::{Verdict, bouncy_castle, run};
use crate::support::program;

/// Our policy of seals, which both cities use.
const SEALS: &str = "2.25.1785436243.3.2";

/// A policy of the first city alone.
const HIGH: &str = "1.2.156.112559.9.1";

/// The time on the clock of the services.
const NOW: &str = "2026-11-01T02:00:00Z";

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(NOW.parse().unwrap()))
}

/// A city of its own: a root, an authority under it, nothing else.
struct City {
    organisation: &'static str,
    algorithm: KeyAlgorithm,
    service: Arc<Service>,
    folder: TempFolder,
    runtime: Runtime,
}

impl City {
    fn new(organisation: &'static str, algorithm: KeyAlgorithm) -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = TempFolder::new("cross");
        let service = runtime.block_on(app::open(
            &folder,
            &format!("http://{}.example", algorithm.name()),
            &clock(),
        ));
        let city = Self {
            organisation,
            algorithm,
            service,
            folder,
            runtime,
        };
        city.found("root", None);
        city.found("issuing", Some("root"));
        city
    }

    fn found(&self, name: &str, parent: Option<&str>) {
        let new = NewCertificateAuthority {
            name: name.to_owned(),
            key: NewKey::Make(self.algorithm),
            parent: parent.map(str::to_owned),
            organisation: self.organisation.to_owned(),
            common_name: format!("{name} CA"),
            terms: yinxin::ca::SubordinateTerms::default(),
        };
        self.runtime.block_on(acts::found(&self.service, new)).unwrap();
    }

    fn certificate(&self, ca: &str) -> Vec<u8> {
        self.runtime
            .block_on(self.service.ca_certificate(ca))
            .unwrap()
            .bytes
            .to_vec()
    }

    /// An organisation that seals, by name, certified by the authority under the root.
    fn signer(&self, organisation: &str) -> Certificate {
        let key = SoftwareKey::generate(self.algorithm).unwrap();
        let subject = Subject::organisation(organisation, "11159900MB0000211R").unwrap();
        let issued = acts::certify(&self.service, ("issuing", "organisation-signer"), &subject, &key);
        self.runtime.block_on(issued)
    }

    /// Certifies an authority by the root.
    fn certify(&self, partner: &str, der: &[u8], terms: Terms) -> Result<Certificate, ServiceError> {
        let new = NewCrossCertificate {
            ca: "root".to_owned(),
            partner: partner.to_owned(),
            authority: BASE64_STANDARD.encode(der),
            terms,
        };
        self.runtime.block_on(acts::make(&self.service, Act::IssueCross(new)))
    }

    fn accept(&self, serial: &SerialNumber, der: &[u8]) -> Result<(), ServiceError> {
        let accepted = self
            .service
            .accept_cross_certificate(&Actor::Operator, "root", serial, der);
        self.runtime.block_on(accepted)
    }

    fn revoke(&self, serial: &SerialNumber) -> Result<(), ServiceError> {
        self.revoke_because(serial, RevocationReason::CessationOfOperation)
    }

    fn revoke_because(&self, serial: &SerialNumber, reason: RevocationReason) -> Result<(), ServiceError> {
        let former = FormerCertificate {
            ca: "root".to_owned(),
            serial: serial.clone(),
            reason,
            invalid_since: None,
        };
        let revoked = acts::act(&self.service, Act::RevokeCross(former));
        self.runtime.block_on(revoked).map(drop)
    }

    /// The certificates in the published bundle of the root.
    fn bundle(&self) -> Vec<Vec<u8>> {
        let bundle = self.runtime.block_on(self.service.ca_bundle("root")).unwrap();
        SignedData::parse(&bundle.bytes).unwrap().certificates
    }

    fn crl(&self, ca: &str) -> Vec<u8> {
        self.runtime.block_on(self.service.crl(ca)).unwrap().bytes.to_vec()
    }
}

/// Sub-authorities of both cities hold anyPolicy, which counts for that one certificate.
fn terms() -> Terms {
    Terms {
        inhibit_any_policy: Some(1),
        ..Terms::direct(&[SEALS], 365)
    }
}

/// What the two publish, and a certificate to be judged, as files.
struct Published {
    folder: TempFolder,
}

impl Published {
    fn new(own: &City, partners: &[&City], target: &Certificate) -> Self {
        let this = Self {
            folder: TempFolder::new("published"),
        };
        this.write("anchor", "CERTIFICATE", &[own.certificate("root")]);
        let cities = || std::iter::once(own).chain(partners.iter().copied());
        let bundles: Vec<Vec<u8>> = cities().flat_map(City::bundle).collect();
        this.write("bundles", "CERTIFICATE", &bundles);
        // Bouncy Castle gives up where one of several certificates of a list's signer has no path, as the partner's for
        // us.
        let anchor = Certificate::from_der(&own.certificate("root")).unwrap();
        for (number, der) in bundles.iter().enumerate() {
            let certificate = Certificate::from_der(der).unwrap();
            if !certificate.is_self_issued() && certificate.subject() != anchor.subject() {
                this.write(&format!("one-{number}"), "CERTIFICATE", std::slice::from_ref(der));
            }
        }
        let lists: Vec<Vec<u8>> = cities()
            .flat_map(|city| [city.crl("root"), city.crl("issuing")])
            .collect();
        this.write("lists", "X509 CRL", &lists);
        for (number, list) in lists.iter().enumerate() {
            this.write(&format!("list-{number}"), "X509 CRL", std::slice::from_ref(list));
        }
        this.write("target", "CERTIFICATE", &[target.der().to_vec()]);
        this
    }

    fn write(&self, name: &str, label: &str, ders: &[Vec<u8>]) {
        let pem = |der: &Vec<u8>| {
            let text = BASE64_STANDARD.encode(der);
            let lines: Vec<_> = text
                .as_bytes()
                .chunks(64)
                .map(|line| std::str::from_utf8(line).unwrap())
                .collect();
            format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
        };
        let text: String = ders.iter().map(pem).collect();
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// What `yinxin path` says.
    fn path(&self, more: &[&str]) -> Value {
        let [target, anchor, bundles, lists] = ["target", "anchor", "bundles", "lists"].map(|name| self.file(name));
        let arguments = [
            "path",
            &target,
            "--anchor",
            &anchor,
            "--untrusted",
            &bundles,
            "--crl",
            &lists,
        ];
        let arguments = [&arguments, &["--time", NOW, "--json"][..], more].concat();
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        program::run(&arguments).json_lines().remove(0)
    }

    /// What OpenSSL says, with policies and lists.
    fn openssl(&self, policy: &str) -> Verdict {
        let time = NOW
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
            .timestamp()
            .to_string();
        let options = [
            "verify",
            "-x509_strict",
            "-attime",
            &time,
            "-policy_check",
            "-explicit_policy",
            "-policy",
            policy,
        ];
        let files = [
            "-crl_check_all",
            "-CRLfile",
            "lists",
            "-CAfile",
            "anchor",
            "-untrusted",
            "bundles",
            "target",
        ];
        run(self.folder.path(), "openssl", &[&options[..], &files].concat())
    }

    /// What Bouncy Castle says, with policies and lists.
    fn bouncy_castle(&self, policy: &str) -> Verdict {
        let mut arguments = vec!["--time", NOW, "--policy", policy, "--anchor", "anchor"];
        let names: Vec<String> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        for name in &names {
            match name.split_once('-') {
                Some(("one", _)) => arguments.extend(["--cert", name]),
                Some(("list", _)) => arguments.extend(["--crl", name]),
                _ => {}
            }
        }
        arguments.push("target");
        bouncy_castle(self.folder.path(), &arguments)
    }
}

fn code(error: &ServiceError) -> String {
    use yinxin::problem::Explain;
    error.problems()[0].code.to_owned()
}

#[test]
fn two_cities_rely_on_each_other_by_what_they_publish_until_one_revokes() {
    let (one, other) = (
        City::new("甲市", KeyAlgorithm::P256),
        City::new("乙市", KeyAlgorithm::Sm2),
    );
    let by_one = one.certify("乙市", &other.certificate("root"), terms()).unwrap();
    let by_other = other.certify("甲市", &one.certificate("root"), terms()).unwrap();
    one.accept(by_one.serial(), by_other.der()).unwrap();
    other.accept(by_other.serial(), by_one.der()).unwrap();
    for (own, partner) in [(&one, &other), (&other, &one)] {
        // Each bundle alone holds both halves of the pair.
        assert!(
            [&by_one, &by_other]
                .iter()
                .all(|half| own.bundle().contains(&half.der().to_vec()))
        );
        let published = Published::new(own, &[partner], &partner.signer(partner.organisation));
        let said = published.path(&["--policy", SEALS, "--explicit-policy"]);
        assert_eq!(said["valid"], true, "{said}");
        assert_eq!(said["policies"], serde_json::json!([SEALS]));
        assert_eq!(said["path"].as_array().unwrap().len(), 4);
    }
    let views = one.runtime.block_on(one.service.cross_certificates("root")).unwrap();
    let pair = BASE64_STANDARD.decode(&views[0].pair).unwrap();
    let pair = CertificatePair::from_der(&pair).unwrap();
    assert_eq!((pair.issued_by(), pair.issued_to()), (Some(&by_one), Some(&by_other)));
    assert!(views[0].mutual && views[0].state.name() == "in-force");

    // Revoked by one, it is over in that direction alone.
    one.revoke(by_one.serial()).unwrap();
    assert_eq!(code(&one.revoke(by_one.serial()).unwrap_err()), "state-changed");
    let published = Published::new(&one, &[&other], &other.signer("乙市"));
    assert_eq!(published.path(&[])["reasons"][0]["code"], "certificate-revoked");
    let published = Published::new(&other, &[&one], &one.signer("甲市"));
    assert_eq!(published.path(&[])["valid"], true);
    // Another program on the same data knows it too.
    let again = one
        .runtime
        .block_on(app::open(&one.folder, "http://p-256.example", &clock()));
    let views = one.runtime.block_on(again.cross_certificates("root")).unwrap();
    assert_eq!(views[0].state.name(), "revoked");
}

#[test]
fn other_programs_find_the_same_paths_with_the_same_policies() {
    // Bouncy Castle for SM2, OpenSSL for the other suite: each of the two cities certifies the other, with a mapping
    // one way.
    for (algorithm, sm2) in [(KeyAlgorithm::P256, false), (KeyAlgorithm::Sm2, true)] {
        let (one, other) = (City::new("甲市", algorithm), City::new("乙市", algorithm));
        let mapped = Terms {
            policies: vec![HIGH.to_owned()],
            mappings: vec![(HIGH.to_owned(), SEALS.to_owned())],
            permitted: vec!["O=乙市,C=CN".to_owned()],
            ..terms()
        };
        one.certify("乙市", &other.certificate("root"), mapped).unwrap();
        other.certify("甲市", &one.certificate("root"), terms()).unwrap();
        let ask = |published: &Published, policy: &str| {
            let ours = published.path(&["--policy", policy, "--explicit-policy"])["valid"] == true;
            let theirs = if sm2 {
                published.bouncy_castle(policy)
            } else {
                published.openssl(policy)
            };
            assert_eq!(ours, theirs.accepted, "{}", theirs.said);
            ours
        };
        let there = Published::new(&one, &[&other], &other.signer("乙市"));
        assert!(ask(&there, HIGH) && !ask(&there, SEALS));
        let back = Published::new(&other, &[&one], &one.signer("甲市"));
        assert!(ask(&back, SEALS) && !ask(&back, HIGH));
        // A name that the partner may not certify: our own, and one outside of what was agreed on.
        for name in ["甲市", "丙市"] {
            let claimed = Published::new(&one, &[&other], &other.signer(name));
            assert!(!ask(&claimed, HIGH), "{name}");
        }
    }
}

#[test]
fn a_bridge_brings_two_cities_together_that_certify_only_it() {
    let (one, other) = (
        City::new("甲市", KeyAlgorithm::Sm2),
        City::new("乙市", KeyAlgorithm::P256),
    );
    let hub = City::new("互认桥", KeyAlgorithm::P384);
    for city in [&one, &other] {
        let member = Terms {
            mode: Mode::Member,
            inhibit_any_policy: Some(1),
            ..terms()
        };
        hub.certify(city.organisation, &city.certificate("root"), member)
            .unwrap();
        let bridge = Terms {
            mode: Mode::Bridge,
            inhibit_any_policy: Some(2),
            ..terms()
        };
        city.certify("互认桥", &hub.certificate("root"), bridge).unwrap();
    }
    for (own, partner) in [(&one, &other), (&other, &one)] {
        let published = Published::new(own, &[&hub, partner], &partner.signer(partner.organisation));
        let said = published.path(&["--policy", SEALS, "--explicit-policy"]);
        assert_eq!(said["valid"], true, "{said}");
        assert_eq!(said["path"].as_array().unwrap().len(), 5);
        // What the hub certified for the one may not speak for the names of the one itself.
        let impostor = Published::new(own, &[&hub, partner], &partner.signer(own.organisation));
        assert_eq!(impostor.path(&[])["reasons"][0]["code"], "name-excluded");
    }
}

#[test]
fn a_service_finds_the_way_through_a_bridge_by_what_it_keeps_of_others() {
    let (one, other) = (
        City::new("甲市", KeyAlgorithm::Sm2),
        City::new("乙市", KeyAlgorithm::P256),
    );
    let hub = City::new("互认桥", KeyAlgorithm::Ed25519);
    let member = Terms {
        mode: Mode::Member,
        ..terms()
    };
    hub.certify("乙市", &other.certificate("root"), member).unwrap();
    let bridge = Terms {
        mode: Mode::Bridge,
        inhibit_any_policy: Some(2),
        ..terms()
    };
    one.certify("互认桥", &hub.certificate("root"), bridge).unwrap();

    let signer = other.signer("乙市");
    let is_relied_on = |service: &Service| {
        let query = Query::new(&signer, Purpose::GovernmentSealing, NOW.parse().unwrap());
        validate(&query, &service.trust()).is_passed()
    };
    let kept = KnownValidationData {
        certificates: [hub.bundle(), vec![other.certificate("issuing")]]
            .concat()
            .iter()
            .map(|der| Certificate::from_der(der).unwrap())
            .collect(),
        crls: [hub.crl("root"), other.crl("root"), other.crl("issuing")]
            .map(|der| Crl::from_der(&der).unwrap())
            .to_vec(),
    };
    assert!(!is_relied_on(&one.service));
    let by_a_stranger = one.service.keep_validation_data(&Actor::Anonymous, &kept);
    assert!(matches!(
        one.runtime.block_on(by_a_stranger),
        Err(ServiceError::Denied(_))
    ));
    let another_program = one
        .runtime
        .block_on(app::open(&one.folder, one.service.public_url(), &clock()));
    // Twice is as good as once.
    for _ in 0..2 {
        let keeping = one.service.keep_validation_data(&Actor::Operator, &kept);
        one.runtime.block_on(keeping).unwrap();
    }
    assert!(is_relied_on(&one.service));
    // Another program on the same data notices it before it judges.
    assert!(!is_relied_on(&another_program));
    let judged = another_program.verify_document(b"no document".to_vec(), None);
    one.runtime.block_on(judged).unwrap();
    assert!(is_relied_on(&another_program));
    // What is kept finds paths and recognises nobody: the hub that is not certified leads nowhere.
    let keeping = other.service.keep_validation_data(&Actor::Operator, &kept);
    other.runtime.block_on(keeping).unwrap();
    let foreign = one.signer("甲市");
    let query = Query::new(&foreign, Purpose::GovernmentSealing, NOW.parse().unwrap());
    assert!(!validate(&query, &other.service.trust()).is_passed());
}

#[test]
fn what_must_not_be_certified_is_refused_and_leaves_nothing_behind() {
    let (one, other) = (
        City::new("甲市", KeyAlgorithm::P256),
        City::new("乙市", KeyAlgorithm::P256),
    );
    let root = other.certificate("root");
    let refused = |partner: &str, der: &[u8], terms: Terms| code(&one.certify(partner, der, terms).unwrap_err());
    assert_eq!(refused("甲市", &one.certificate("issuing"), terms()), "cross-own-key");
    assert_eq!(refused("乙市", other.signer("乙市").der(), terms()), "not-an-authority");
    assert_eq!(refused("乙市", b"nothing", terms()), "cross-unreadable");
    assert_eq!(refused(" ", &root, terms()), "cross-partner-name");
    assert_eq!(
        refused("乙市", &root, Terms::direct(&["2.5.29.32.0"], 365)),
        "cross-any-policy"
    );
    assert!(
        one.runtime
            .block_on(one.service.cross_certificates("root"))
            .unwrap()
            .is_empty()
    );
    // The same names from another partner, while the first certificate stands.
    let first = one.certify("乙市", &root, terms()).unwrap();
    let impostor = City::new("乙市", KeyAlgorithm::P256);
    assert_eq!(
        refused("另一家", &impostor.certificate("root"), terms()),
        "cross-overlap"
    );
    one.revoke(first.serial()).unwrap();
    assert!(one.certify("另一家", &impostor.certificate("root"), terms()).is_ok());
    // One person does not revoke it on the way for other certificates.
    let second = one.runtime.block_on(one.service.cross_certificates("root")).unwrap()[1]
        .serial
        .clone();
    let serial = second.parse().unwrap();
    let alone = acts::revoke(&one.service, "root", &serial, RevocationReason::Superseded);
    assert_eq!(
        code(&one.runtime.block_on(alone).unwrap_err()),
        "cross-not-revoked-here"
    );
    // A certificate for another than us is not taken in.
    assert_eq!(code(&one.accept(&serial, &root).unwrap_err()), "cross-not-for-us");
}

#[test]
fn the_interface_shows_cross_certificates_and_the_command_writes_the_act() {
    let app = app();
    let list = app.ask(request(
        "GET",
        "/api/v1/ca/root-international/cross-certificates",
        None,
        "",
    ));
    assert_eq!(list.json()["crossCertificates"], serde_json::json!([]));
    for unknown in [
        "nobody/cross-certificates",
        "root-international/cross-certificates/01",
        "root-international/cross-certificates/xy",
    ] {
        let answer = app.ask(request("GET", &format!("/api/v1/ca/{unknown}"), None, ""));
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (404, "not-found"),
            "{unknown}"
        );
    }
}

#[test]
fn the_command_certifies_shows_and_revokes() {
    let other = City::new("乙市", KeyAlgorithm::Ed25519);
    let folder = TempFolder::new("cross-command");
    let file = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(file("partner.cer"), other.certificate("root")).unwrap();
    std::fs::write(file("pass"), "a passphrase for tests alone").unwrap();
    std::fs::set_permissions(file("pass"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let said = |arguments: &[&str]| {
        let instance = ["--data", &file("data"), "--passphrase-file", &file("pass")];
        let arguments: Vec<String> = arguments
            .iter()
            .chain(&instance)
            .map(|argument| (*argument).to_owned())
            .collect();
        let run = program::run(&arguments);
        assert_eq!(run.code, Some(0), "{run:?}");
        run
    };
    said(&[
        "ca",
        "root",
        "root",
        "--organisation",
        "甲市",
        "--common-name",
        "root CA",
    ]);
    let (partner, cross, pair) = (file("partner.cer"), file("cross.cer"), file("pair.der"));
    let new = [
        "ca",
        "cross",
        "new",
        "root",
        &partner,
        "--partner",
        "乙市",
        "--policy",
        SEALS,
        "--mode",
        "bridge",
    ];
    let terms = [
        "--map",
        "2.25.1785436243.3.2=1.2.3",
        "--permit",
        "O=乙市,C=CN",
        "--out",
        &cross,
        "--json",
    ];
    let made = said(&[&new[..], &terms].concat()).json_lines().remove(0);
    assert_eq!((&made["state"], &made["mutual"]), (&"in-force".into(), &false.into()));
    assert_eq!(made["terms"]["mappings"], serde_json::json!([[SEALS, "1.2.3"]]));
    let serial = made["serial"].as_str().unwrap();
    said(&["ca", "cross", "show", "root", serial, "--out", &pair]);
    let pair = CertificatePair::from_der(&std::fs::read(&pair).unwrap()).unwrap();
    assert_eq!(pair.issued_by().unwrap().der(), std::fs::read(&cross).unwrap());
    said(&["ca", "cross", "revoke", "root", serial]);
    let list = said(&["ca", "cross", "list", "root", "--lang", "zh"]);
    assert!(list.out.contains("乙市") && list.out.contains("已吊销"), "{list:?}");
}
