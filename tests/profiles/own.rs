//! Profiles that an officer gives in a folder: listed, issued by, refused.

use std::path::PathBuf;

use yinxin::ca::ProfileKind;

use crate::subordinates::openssl_request;
use crate::support::TempFolder;
use crate::support::judges::run;
use crate::support::program;

const VPN: &str = "description = \"Gateway of a department\"
validity_days = 90
subject = [\"common-name\", \"alternative-name\"]
alternative_names = [\"dns\"]
key_usage = [\"digitalSignature\"]
extended_key_usage = [\"serverAuth\", \"clientAuth\"]
policies = [\"1.2.156.3005.9.7\"]
";

pub(super) struct House {
    folder: TempFolder,
}

impl House {
    pub(super) fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder = TempFolder::new("own-profiles");
        for name in ["data", "profiles"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let passphrase = folder.path().join("data/passphrase");
        std::fs::write(&passphrase, "passphrase").unwrap();
        std::fs::set_permissions(&passphrase, std::fs::Permissions::from_mode(0o600)).unwrap();
        let house = Self { folder };
        let [data, profiles] = ["data", "profiles"].map(|name| house.path(name));
        house.write(
            "config.toml",
            &format!("data = {data:?}\ncertificate_profiles = {profiles:?}\n"),
        );
        house
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(super) fn run(&self, arguments: &[&str]) -> program::Run {
        let config = self.path("config.toml");
        let more = ["--config", config.to_str().unwrap(), "--lang", "en"];
        let arguments: Vec<String> = [arguments, &more].concat().into_iter().map(str::to_owned).collect();
        program::run(&arguments)
    }

    /// Runs a command that works on no house.
    pub(super) fn good_alone(&self, arguments: &[&str]) -> program::Run {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let run = program::run(&arguments);
        assert_eq!(run.code, Some(0), "{run:?}");
        run
    }

    pub(super) fn good(&self, arguments: &[&str]) -> program::Run {
        let run = self.run(arguments);
        assert_eq!(run.code, Some(0), "{run:?}");
        run
    }
}

#[test]
fn a_profile_of_the_house_is_listed_and_issued_by_and_makes_no_authorities() {
    let house = House::new();
    house.write("profiles/vpn.toml", VPN);
    let authority = VPN.replace("digitalSignature", "keyCertSign");
    house.write(
        "profiles/own-ca.toml",
        &format!("certification_authority = true\n{authority}"),
    );
    let listed = house.good(&["ca", "profiles", "--json"]).json_lines();
    let own: Vec<_> = listed.iter().filter(|profile| profile["delivered"] == false).collect();
    assert_eq!(
        (own[0]["name"].as_str(), own[1]["name"].as_str()),
        (Some("own-ca"), Some("vpn"))
    );
    assert_eq!(
        (listed.len(), &own[1]["validity_days"]),
        (ProfileKind::ALL.len() + 2, &serde_json::json!(90))
    );

    house.good(&[
        "ca",
        "root",
        "root",
        "--organisation",
        "示例市",
        "--common-name",
        "Root",
    ]);
    let names = ["--organisation", "示例市", "--common-name", "Issuing"];
    house.good(&[&["ca", "sub", "issuing", "--parent", "root"][..], &names].concat());
    let mut request = rcgen::CertificateParams::new(["vpn.example.gov.cn".to_owned()]).unwrap();
    request.distinguished_name.push(rcgen::DnType::CountryName, "CN");
    request
        .distinguished_name
        .push(rcgen::DnType::OrganizationName, "示例市");
    request.distinguished_name.push(rcgen::DnType::CommonName, "vpn");
    let request = request.serialize_request(&rcgen::KeyPair::generate().unwrap()).unwrap();
    std::fs::write(house.path("request"), request.der()).unwrap();
    let [request, out] = ["request", "vpn.cer"].map(|name| house.path(name));
    let issue = |profile: &str| {
        let files = ["--request", request.to_str().unwrap(), "--out", out.to_str().unwrap()];
        house.run(&[&["ca", "issue", "issuing", "--profile", profile][..], &files].concat())
    };
    let issued = issue("vpn");
    assert_eq!(issued.code, Some(0), "{issued:?}");
    let shown = run(
        house.folder.path(),
        "openssl",
        &["x509", "-inform", "DER", "-in", "vpn.cer", "-noout", "-text"],
    );
    for word in [
        "DNS:vpn.example.gov.cn",
        "1.2.156.3005.9.7",
        "TLS Web Client Authentication",
    ] {
        assert!(shown.said.contains(word), "{}", shown.said);
    }
    for (profile, why) in [
        ("own-ca", "makes authorities"),
        ("issuing", "makes authorities"),
        ("cross", "makes authorities"),
        ("nobody", "nobody"),
        ("organisation-signer", "organisation-signer"),
        ("credential-signer", "name DNS vpn.example.gov.cn"),
    ] {
        let refused = issue(profile);
        assert!(
            refused.code == Some(1) && refused.error.contains(why),
            "{profile}: {refused:?}"
        );
    }
}

#[test]
fn the_certificates_of_an_authority_are_listed_suspended_and_released() {
    let house = House::new();
    let names = ["--organisation", "示例市", "--common-name", "CA"];
    house.good(&[&["ca", "root", "root"][..], &names].concat());
    house.good(&[&["ca", "sub", "issuing", "--parent", "root"][..], &names].concat());
    let request = openssl_request(house.folder.path(), "示例市", "DNS:www.example.org");
    std::fs::write(house.path("request"), request).unwrap();
    let request = house.path("request");
    let issue = ["ca", "issue", "issuing", "--profile", "tls-server", "--request"];
    house.good(&[&issue[..], &[request.to_str().unwrap()]].concat());
    let list = ["ca", "certificates", "issuing", "--profile", "tls-server"];
    let listed = house.good(&[&list[..], &["--json"]].concat()).json_lines();
    assert_eq!((listed.len(), &listed[0]["status"]), (1, &"good".into()), "{listed:?}");
    let serial = listed[0]["serial"].as_str().unwrap();
    house.good(&["ca", "hold", "issuing", serial]);
    let held = house.good(&[&list[..], &["--status", "on-hold"]].concat());
    assert!(held.out.contains(serial) && held.out.contains("on-hold"), "{held:?}");
    assert_eq!(house.run(&["ca", "hold", "issuing", serial]).code, Some(1));
    house.good(&["ca", "release", "issuing", serial]);
    assert_eq!(house.good(&[&list[..], &["--status", "on-hold"]].concat()).out, "");
    assert_eq!(house.run(&["ca", "certificates", "nobody"]).code, Some(1));
    assert_eq!(house.run(&[&list[..], &["--status", "lost"]].concat()).code, Some(2));
}

#[test]
fn a_profile_of_the_house_that_cannot_be_used_is_named_at_the_start() {
    let house = House::new();
    for (name, text, why) in [
        ("tls-server", VPN, "tls-server has the name of one that is delivered"),
        ("wrong", "description = 1", "wrong.toml"),
        ("misplaced", &format!("path_length = 0\n{VPN}"), "misplaced.toml"),
    ] {
        let file = format!("profiles/{name}.toml");
        house.write(&file, text);
        let refused = house.run(&["ca", "profiles"]);
        assert!(refused.code != Some(0) && refused.error.contains(why), "{refused:?}");
        std::fs::remove_file(house.path(&file)).unwrap();
    }
}
