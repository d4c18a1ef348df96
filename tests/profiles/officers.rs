//! Commands on certificates once officers are enrolled: what takes two is proposed, and no operator does it alone.

use super::own::House;
use crate::subordinates::{openssl_request, openssl_request_saying};

const LI: [&str; 4] = ["--by", "li.key", "--by-passphrase-file", "pass"];
const WHY: [&str; 2] = ["--reason", "为测试"];

/// A house whose operator had a signer certified before two officers came; the serial number of that, and its request.
fn with_officers() -> (House, String, String) {
    let house = House::new();
    let names = ["--organisation", "示例市", "--common-name", "CA"];
    house.good(&[&["ca", "root", "root"][..], &names].concat());
    house.good(&[&["ca", "sub", "issuing", "--parent", "root"][..], &names].concat());
    let request = openssl_request_saying(&house.path(""), "示例市", "keyUsage=digitalSignature");
    std::fs::write(house.path("request"), request).unwrap();
    let request = house.path("request").to_str().unwrap().to_owned();
    let signer = issue("organisation-signer", &request);
    let issued = house.good(&[&words(&signer)[..], &["--json"]].concat());
    let serial = issued.json_lines()[0]["serial"].as_str().unwrap().to_owned();
    for (name, key) in [("王一", "wang"), ("李二", "li")] {
        let file = |name: &str| house.path(name).to_str().unwrap().to_owned();
        let pass = file("pass");
        house.good_alone(&[
            "officer",
            "key",
            &file(&format!("{key}.key")),
            "--passphrase-file",
            &pass,
        ]);
        let public = file(&format!("{key}.pub.pem"));
        house.good(&[
            "officer",
            "enrol",
            name,
            "--organisation",
            "示例市",
            "--public-key",
            &public,
        ]);
    }
    (house, serial, request)
}

fn issue(profile: &str, request: &str) -> Vec<String> {
    let organisation = [
        "--organisation",
        "示例市市场监督管理局",
        "--credit-code",
        "11159903MB030010XW",
    ];
    let mut act = ["ca", "issue", "issuing", "--profile", profile, "--request", request].to_vec();
    if profile == "organisation-signer" {
        act.extend(organisation);
    }
    act.into_iter().map(str::to_owned).collect()
}

fn words(act: &[String]) -> Vec<&str> {
    act.iter().map(String::as_str).collect()
}

#[test]
fn no_operator_does_alone_what_two_officers_decide() {
    let (house, serial, request) = with_officers();
    let signers = || {
        let listed = house.good(&[
            "ca",
            "certificates",
            "issuing",
            "--profile",
            "organisation-signer",
            "--json",
        ]);
        let listed = listed.json_lines().into_iter();
        listed
            .map(|one| one["status"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let by_li: Vec<String> = LI
        .iter()
        .map(|word| match word.starts_with("--") {
            true => (*word).to_owned(),
            false => house.path(word).to_str().unwrap().to_owned(),
        })
        .chain(WHY.map(str::to_owned))
        .collect();
    let on_signer = |what: &str, more: &[&str]| {
        let act = [&["ca", what, "issuing", &serial][..], more].concat();
        act.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for act in [
        issue("organisation-signer", &request),
        on_signer("renew", &[]),
        on_signer("rekey", &["--request", &request]),
        on_signer("revoke", &["--because", "keyCompromise"]),
    ] {
        let alone = house.run(&words(&act));
        assert_eq!(alone.code, Some(1), "{act:?}: {alone:?}");
        assert!(alone.error.contains("proposal by one of them"), "{alone:?}");
        let proposed = house.good(&words(&[&act[..], &by_li, &["--json".to_owned()]].concat()));
        assert_eq!(proposed.json_lines()[0]["state"], "open", "{act:?}: {proposed:?}");
        assert_eq!(signers(), ["good"], "{act:?}");
    }
}

#[test]
fn daily_work_is_the_operators_still_and_an_officers_at_once() {
    let (house, _, _) = with_officers();
    let request = openssl_request(&house.path(""), "示例报社", "DNS:www.example.org");
    std::fs::write(house.path("host"), request).unwrap();
    let host = issue("tls-server", house.path("host").to_str().unwrap());
    let issued = house.good(&[&words(&host)[..], &["--json"]].concat());
    let first = issued.json_lines()[0]["serial"].as_str().unwrap().to_owned();
    let file = |name: &str| house.path(name).to_str().unwrap().to_owned();
    let (key, pass, out) = (file("wang.key"), file("pass"), file("renewed.cer"));
    let by = [
        "--by",
        &key,
        "--by-passphrase-file",
        &pass,
        "--reason",
        "到期",
        "--json",
    ];
    let renewed = house.good(&[&["ca", "renew", "issuing", &first, "--out", &out][..], &by].concat());
    assert_eq!(renewed.json_lines()[0]["state"], "carried-out", "{renewed:?}");
    let written = yinxin::x509::Certificate::from_der(&std::fs::read(&out).unwrap()).unwrap();
    let (serial, again) = (written.serial().to_string(), file("again.cer"));
    assert_ne!(serial, first);
    house.good(&["ca", "certificates", "issuing", "--serial", &serial, "--out", &again]);
    assert_eq!(std::fs::read(&again).unwrap(), written.der());
    house.good(&["ca", "revoke", "issuing", &first, "--because", "superseded"]);
    for (odd, said) in [(["revoke", "xyz"], "hexadecimal"), (["renew", ""], "hexadecimal")] {
        let refused = house.run(&["ca", odd[0], "issuing", odd[1]]);
        assert!(refused.code == Some(2) && refused.error.contains(said), "{refused:?}");
    }
    let bored = house.run(&["ca", "revoke", "issuing", &serial, "--because", "bored"]);
    assert!(bored.code == Some(2) && bored.error.contains("RFC 5280"), "{bored:?}");
}
