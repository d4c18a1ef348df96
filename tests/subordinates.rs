//! Authorities below authorities, founded by two officers and by an operator, judged by OpenSSL, and a licence under
//! them.

use std::path::Path;

use serde_json::{Value, json};
use yinxin::ca::SubordinateTerms;
use yinxin::crypto::key::{KeyAlgorithm, Suite};
use yinxin::problem::Explain as _;
use yinxin::service::Service;
use yinxin::service::actor::Actor;
use yinxin::service::certificate_authorities::NewCertificateAuthority;
use yinxin::service::city::Role;
use yinxin::service::error::ServiceResult;
use yinxin::service::keys::NewKey;
use yinxin::service::organisations::Equipment;
use yinxin::service::proposals::Act;
use yinxin::verify::Conclusion;
use yinxin::x509::Certificate;

use crate::proposals::house::{House, code};
use crate::support::TempFolder;
use crate::support::acts;
use crate::support::app::TestApp;
use crate::support::judges;

/// An authority under `parent`, with these tiers below it.
pub(crate) fn under(parent: &str, name: &str, terms: SubordinateTerms) -> NewCertificateAuthority {
    NewCertificateAuthority {
        name: name.to_owned(),
        key: NewKey::Make(KeyAlgorithm::P256),
        parent: Some(parent.to_owned()),
        organisation: "云州市".to_owned(),
        common_name: name.to_owned(),
        terms,
    }
}

pub(crate) fn tiers(path_length: u32) -> SubordinateTerms {
    SubordinateTerms {
        path_length: Some(path_length),
        ..Default::default()
    }
}

async fn found(service: &Service, new: NewCertificateAuthority) -> ServiceResult<Certificate> {
    acts::found(service, new).await
}

/// Writes certificates as PEM.
fn write(folder: &Path, name: &str, certificates: &[&Certificate]) {
    let pem = |one: &&Certificate| der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, one.der()).unwrap();
    let text: String = certificates.iter().map(pem).collect();
    std::fs::write(folder.join(name), text).unwrap();
}

#[tokio::test]
async fn two_officers_found_four_tiers_that_openssl_accepts_and_no_fifth() {
    let (house, first, second) = House::with_two().await;
    let root = crate::proposals::house::found("root");
    house.agree(root, &first, &second).await.unwrap();
    for (parent, name, length) in [("root", "province", 2), ("province", "city", 1), ("city", "county", 0)] {
        let act = Act::FoundCa(under(parent, name, tiers(length)));
        house.agree(act, &first, &second).await.unwrap();
    }
    let fifth = Act::FoundCa(under("county", "township", SubordinateTerms::default()));
    assert_eq!(code(house.agree(fifth, &first, &second).await), "ca-depth-used-up");
    let deeper = Act::FoundCa(under("city", "county-2", tiers(1)));
    assert_eq!(code(house.agree(deeper, &first, &second).await), "ca-path-length");
    // An operator alone founds nothing any more.
    assert_eq!(
        code(found(&house.service, under("root", "other", tiers(0))).await),
        "denied-two-officers"
    );

    let folder = TempFolder::new("tiers");
    let request = openssl_request(folder.path(), "云州报社", "DNS:www.example.org");
    let leaf = acts::issue(&house.service, "county", "tls-server", &request)
        .await
        .unwrap();
    let authorities = house.service.certificate_authorities().await.unwrap();
    let certificate = |name: &str| {
        let row = authorities.iter().find(|row| row.name == name).unwrap();
        Certificate::from_der(&row.certificate).unwrap()
    };
    write(folder.path(), "root.pem", &[&certificate("root")]);
    let between = ["province", "city", "county"].map(certificate);
    write(folder.path(), "between.pem", &between.each_ref());
    write(folder.path(), "leaf.pem", &[&leaf]);
    let time = house.now().timestamp().to_string();
    let verify = [
        "verify",
        "-x509_strict",
        "-attime",
        &time,
        "-CAfile",
        "root.pem",
        "-untrusted",
        "between.pem",
    ];
    let said = judges::run(folder.path(), "openssl", &[&verify[..], &["leaf.pem"]].concat());
    assert!(said.accepted, "{}", said.said);

    // Bouncy Castle asks for the list of each authority, too.
    let store = house.store().await;
    for name in ["root", "province", "city", "county"] {
        let list = store.latest_crl(name).await.unwrap().unwrap();
        std::fs::write(folder.path().join(format!("{name}.crl")), list.der).unwrap();
        std::fs::write(folder.path().join(format!("{name}.cer")), certificate(name).der()).unwrap();
    }
    std::fs::write(folder.path().join("leaf.cer"), leaf.der()).unwrap();
    let time = house.now().format("%FT%TZ").to_string();
    let mut arguments = vec!["--time", &time, "--anchor", "root.cer", "--crl", "root.crl"];
    for of_tier in [
        ["--cert", "province.cer", "--crl", "province.crl"],
        ["--cert", "city.cer", "--crl", "city.crl"],
        ["--cert", "county.cer", "--crl", "county.crl"],
    ] {
        arguments.extend(of_tier);
    }
    arguments.push("leaf.cer");
    let said = judges::bouncy_castle(folder.path(), &arguments);
    assert!(said.accepted, "{}", said.said);
}

/// A root, and below it an authority for the names of one city with another below that.
async fn constrained(service: &Service) {
    let root = NewCertificateAuthority {
        parent: None,
        ..under("", "root", SubordinateTerms::default())
    };
    found(service, root).await.unwrap();
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let terms = SubordinateTerms {
        permitted: texts(&[
            "O=云州市,C=CN",
            "dns:example.org",
            "email:example.org",
            "ip:10.0.0.0/8",
            "uri:.example.org",
        ]),
        excluded: texts(&["dns:secret.example.org"]),
        ..tiers(1)
    };
    found(service, under("root", "city", terms)).await.unwrap();
    found(service, under("city", "district", tiers(0))).await.unwrap();
}

#[tokio::test]
async fn an_authority_takes_its_terms_and_its_name_from_the_one_above() {
    let house = House::new().await;
    constrained(&house.service).await;
    let root = NewCertificateAuthority {
        parent: None,
        ..under("", "root-2", tiers(1))
    };
    assert_eq!(code(found(&house.service, root).await), "ca-terms-of-root");
    let stranger = NewCertificateAuthority {
        organisation: "邻市".to_owned(),
        ..under("city", "stranger", tiers(0))
    };
    assert_eq!(
        code(found(&house.service, stranger).await),
        "certified-name-not-permitted"
    );
}

/// Requests to the authority two below the constraints: profile, organisation, names, and the code, field and value of
/// the refusal.
const OUTSIDE: [[&str; 6]; 8] = [
    [
        "tls-server",
        "云州市",
        "DNS:www.example.com",
        "certified-name-not-permitted",
        "subjectAltName",
        "DNS www.example.com",
    ],
    [
        "tls-server",
        "云州市",
        "DNS:a.secret.example.org",
        "certified-name-excluded",
        "subjectAltName",
        "DNS a.secret.example.org",
    ],
    [
        "tls-server",
        "云州市",
        "DNS:*.example.org",
        "certified-name-excluded",
        "subjectAltName",
        "DNS *.example.org",
    ],
    [
        "tls-server",
        "云州市",
        "IP:192.0.2.1",
        "certified-name-not-permitted",
        "subjectAltName",
        "IP c0000201",
    ],
    [
        "tls-client",
        "云州市",
        "email:me@example.com",
        "certified-name-not-permitted",
        "subjectAltName",
        "e-mail me@example.com",
    ],
    [
        "tls-client",
        "云州市",
        "URI:https://www.example.com/a",
        "certified-name-not-permitted",
        "subjectAltName",
        "URI https://www.example.com/a",
    ],
    [
        "tls-client",
        "云州市",
        "URI:urn:a:b",
        "certified-name-incomparable",
        "subjectAltName",
        "URI urn:a:b",
    ],
    [
        "tls-client",
        "邻市",
        "email:me@example.org",
        "certified-name-not-permitted",
        "subject",
        "directory CN=x,O=邻市,C=CN",
    ],
];

#[tokio::test]
async fn names_outside_of_an_authoritys_space_are_refused_before_they_are_signed() {
    let house = House::new().await;
    let service = &house.service;
    constrained(service).await;
    let folder = TempFolder::new("space");
    let inside = openssl_request(folder.path(), "云州市", "DNS:www.example.org,IP:10.1.2.3");
    let issue = async |profile: &str, request: &[u8]| acts::issue(service, "district", profile, request).await;
    issue("tls-server", &inside).await.unwrap();
    for [profile, organisation, names, code, field, value] in OUTSIDE {
        let request = openssl_request(folder.path(), organisation, names);
        let error = issue(profile, &request).await.unwrap_err();
        let problem = &error.problems()[0];
        assert_eq!((problem.code, problem.field.as_deref()), (code, Some(field)), "{names}");
        assert_eq!(problem.params["value"], value);
        assert!(problem.params["authority"].contains("CN=city"), "{problem:?}");
    }
}

/// A request of OpenSSL with these alternative names, DER.
pub(crate) fn openssl_request(folder: &Path, organisation: &str, names: &str) -> Vec<u8> {
    openssl_request_saying(folder, organisation, &format!("subjectAltName={names}"))
}

/// A request of OpenSSL with this extension, DER.
pub(crate) fn openssl_request_saying(folder: &Path, organisation: &str, extension: &str) -> Vec<u8> {
    let subject = format!("/C=CN/O={organisation}/CN=x");
    let said = judges::run(
        folder,
        "openssl",
        &[
            "req",
            "-new",
            "-utf8",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "key.pem",
            "-subj",
            &subject,
            "-addext",
            extension,
            "-outform",
            "DER",
            "-out",
            "request.der",
        ],
    );
    assert!(said.accepted, "{}", said.said);
    std::fs::read(folder.join("request.der")).unwrap()
}

#[test]
fn a_licence_under_an_authority_of_the_third_tier_is_valid() {
    let app = TestApp::new(Suite::International);
    let root = Role::Root.name(Suite::International);
    let code = "11159903MB030010XW".parse().unwrap();
    let food = app.service.types().by_slug("food-business-permit").unwrap().code();
    app.wait(async {
        found(&app.service, under(&root, "province", tiers(1))).await.unwrap();
        found(&app.service, under("province", "county", tiers(0)))
            .await
            .unwrap();
        let equipment = Equipment {
            suite: Suite::International,
            ca: Some("county"),
            licence_types: &[food],
            seal_code: "1599030000002",
        };
        app.service
            .equip_authority(&Actor::Operator, &code, &equipment)
            .await
            .unwrap();
        let other = Equipment {
            suite: Suite::National,
            ..equipment
        };
        let refused = app.service.equip_authority(&Actor::Operator, &code, &other).await;
        assert_eq!(refused.unwrap_err().problems()[0].code, "ca-suite-differs");
    });
    let issued = app.issue(0);
    let report = app
        .wait(app.service.verify_document(app.document(&issued), None))
        .unwrap();
    assert_eq!(report.conclusion, Conclusion::Valid, "{:?}", report.reasons);
    let report: Value = serde_json::to_value(&report).unwrap();
    let path = report["signatures"][0]["path"].as_array().unwrap();
    assert_eq!(path.len(), 4, "{path:?}");
    assert_ne!(report["licence"], json!(null));
}
