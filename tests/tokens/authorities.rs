//! Authorities whose keys are on a token, founded by the program, judged by OpenSSL.

use std::path::Path;

use crate::support::program;
use crate::support::soft_hsm::{LABEL, PIN, SoftHsm, with_token};

/// Runs a command on a new instance with the token in its configuration.
struct House<'a> {
    hsm: &'a SoftHsm,
    config: String,
}

impl<'a> House<'a> {
    fn new(hsm: &'a SoftHsm) -> Self {
        let data = hsm.folder().join("data");
        std::fs::create_dir(&data).unwrap();
        hsm.private_file("data/passphrase", "passphrase");
        let pin = hsm.private_file("pin", PIN);
        let text = format!(
            "data = {data:?}\n[token]\nlibrary = {:?}\nlabel = {LABEL:?}\npin_file = {pin:?}\n",
            SoftHsm::library()
        );
        let config = hsm.private_file("config.toml", &text);
        Self {
            hsm,
            config: config.to_str().unwrap().to_owned(),
        }
    }

    fn run(&self, arguments: &[&str]) -> program::Run {
        let more = ["--config", &self.config, "--lang", "en"];
        let arguments: Vec<String> = [arguments, &more].concat().into_iter().map(str::to_owned).collect();
        program::run(&arguments)
    }

    fn good(&self, arguments: &[&str]) -> program::Run {
        let run = self.run(arguments);
        assert_eq!(run.code, Some(0), "{run:?}");
        run
    }

    fn pem(&self, ca: &str, kind: &str, name: &str) {
        let der = self.hsm.folder().join("der");
        let command = if kind == "crl" { "crl" } else { "show" };
        self.good(&["ca", command, ca, "--out", der.to_str().unwrap()]);
        let (converted, said) = self.hsm.openssl(&[kind, "-inform", "DER", "-in", "der", "-out", name]);
        assert!(converted, "{said}");
    }
}

#[test]
fn authorities_with_keys_on_a_token_are_judged_by_openssl_and_wait_for_their_token() {
    with_token(
        "tokens::authorities::authorities_with_keys_on_a_token_are_judged_by_openssl_and_wait_for_their_token",
        |hsm| {
            let house = House::new(hsm);
            let names = ["--organisation", "示例市", "--common-name"];
            let root = ["ca", "root", "root", "--hardware", "--algorithm", "p-384"];
            house.good(&[&root[..], &names, &["Root"]].concat());
            let sub = [
                "ca",
                "sub",
                "issuing",
                "--parent",
                "root",
                "--hardware",
                "--algorithm",
                "rsa-3072",
            ];
            house.good(&[&sub[..], &names, &["Issuing"]].concat());

            let keys = house.good(&["keys", "list", "--json"]).json_lines();
            let found: Vec<_> = keys
                .iter()
                .map(|key| (&key["name"], &key["algorithm"], &key["place"]))
                .collect();
            assert_eq!(found.len(), 2, "{keys:?}");
            assert!(found.iter().all(|(_, _, place)| *place == "token"), "{keys:?}");
            assert_eq!(keys[0]["algorithm"], "RSA-3072");
            assert!(keys[1]["address"].as_str().unwrap().contains("object=root"));
            assert!(!Path::new(&hsm.folder().join("data/keys/root.key")).exists());

            for (ca, kind, name) in [
                ("root", "x509", "root.pem"),
                ("issuing", "x509", "issuing.pem"),
                ("root", "crl", "root-list.pem"),
                ("issuing", "crl", "issuing-list.pem"),
            ] {
                house.pem(ca, kind, name);
            }
            let verify = ["verify", "-x509_strict", "-crl_check", "-CRLfile", "root-list.pem"];
            let (accepted, said) = hsm.openssl(&[&verify[..], &["-CAfile", "root.pem", "issuing.pem"]].concat());
            assert!(accepted, "{said}");
            for (list, ca) in [("root-list.pem", "root.pem"), ("issuing-list.pem", "issuing.pem")] {
                let (_, said) = hsm.openssl(&["crl", "-in", list, "-CAfile", ca, "-noout"]);
                assert!(said.contains("verify OK"), "{said}");
            }

            house.good(&[&["ca", "root", "paper", "--algorithm", "p-256"][..], &names, &["Paper"]].concat());
            hsm.remove();
            let refused = house.run(&["ca", "crl", "root"]);
            assert_ne!(refused.code, Some(0));
            assert!(
                refused.error.contains("not there") && refused.error.contains(LABEL),
                "{refused:?}"
            );
            assert!(!format!("{refused:?}").contains(PIN));
            // Even where the library cannot start, who needs no token goes on.
            std::fs::remove_dir(hsm.folder().join("tokens")).unwrap();
            house.good(&["ca", "crl", "paper"]);
            assert_ne!(house.run(&["ca", "crl", "root"]).code, Some(0));
            std::fs::create_dir(hsm.folder().join("tokens")).unwrap();
            hsm.put_back();
            house.good(&["ca", "crl", "root"]);
        },
    );
}

#[test]
fn a_key_made_on_the_token_by_others_is_adopted_and_names_are_taken_once() {
    with_token(
        "tokens::authorities::a_key_made_on_the_token_by_others_is_adopted_and_names_are_taken_once",
        |hsm| {
            let house = House::new(hsm);
            house.good(&["keys", "create", "first", "--hardware"]);
            house.good(&["keys", "adopt", "second", "--label", "first"]);
            let keys = house.good(&["keys", "list", "--json"]).json_lines();
            assert_eq!(keys[0]["sha256"], keys[1]["sha256"]);
            for (arguments, why) in [
                (&["keys", "create", "first"][..], "first"),
                (&["keys", "create", "first", "--hardware"], "first"),
                (&["keys", "adopt", "third"], "0 private keys labelled \"third\""),
                (&["keys", "adopt", "third", "--id", "0g"], "hexadecimal"),
                (
                    &["keys", "create", "third", "--hardware", "--algorithm", "sm2"],
                    "rsa-4096",
                ),
                (&["keys", "create", "third", "--algorithm", "rsa-3072"], "p-256"),
            ] {
                let refused = house.run(arguments);
                assert!(refused.code != Some(0) && refused.error.contains(why), "{refused:?}");
            }
        },
    );
}
