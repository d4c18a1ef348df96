//! One certificate of each profile, in the purpose that it is for.

use chrono::{DateTime, TimeDelta, Utc};
use der::asn1::ObjectIdentifier;
use yinxin::ca::{
    self, CrlOrder, Issuer, Order, Profile, ProfileKind, Publication, Subject, SubjectKey, new_serial, prepare,
};
use yinxin::clock::{Clock, SystemClock};
use yinxin::crypto::key::{KeyAlgorithm, Signer, SoftwareKey};
use yinxin::x509::{Certificate, GeneralName, NameConstraints, PolicyMapping};

use crate::support::TempFolder;
use crate::support::judges::{Verdict, bouncy_castle, run};

/// Policies of two partners.
const OURS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.3005.9.1");
const THEIRS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.3005.9.2");

struct Party {
    certificate: Certificate,
    key: SoftwareKey,
}

/// A folder with the certificates and lists that were made, in DER.
struct House {
    folder: TempFolder,
    now: DateTime<Utc>,
}

impl House {
    fn new() -> Self {
        Self {
            folder: TempFolder::new("profiles"),
            now: SystemClock.now() - TimeDelta::minutes(1),
        }
    }

    fn certify(&self, profile: &Profile, subject: &Subject, key: &SoftwareKey, by: Option<&Party>) -> Certificate {
        let publication = Publication::under("http://pki.example.org", "city");
        let order = Order {
            profile,
            subject,
            key: &SubjectKey::of(key),
            issuer: match by {
                None => Issuer::Itself {
                    algorithm: key.algorithm(),
                },
                Some(by) => Issuer::Authority {
                    certificate: &by.certificate,
                    algorithm: by.key.algorithm(),
                    publication: &publication,
                },
            },
            not_before: self.now,
            serial: new_serial().unwrap(),
        };
        let signer = by.map_or(key, |by| &by.key);
        prepare(&order).unwrap().issue(signer).unwrap().into_certificate()
    }

    /// A new key with a certificate, which lies in the folder as `name.cer` with a list of its own where it makes
    /// lists.
    fn issue(&self, name: &str, profile: &Profile, subject: &Subject, by: Option<&Party>) -> Party {
        let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
        let certificate = self.certify(profile, subject, &key, by);
        self.write(&format!("{name}.cer"), certificate.der());
        let party = Party { certificate, key };
        if profile.certification_authority {
            let order = CrlOrder::complete(1, self.now, TimeDelta::days(7), &[]);
            let list = ca::crl::build(&party.certificate, &party.key, &order).unwrap();
            self.write(&format!("{name}.crl"), list.der());
        }
        party
    }

    fn root(&self, name: &str) -> Party {
        let subject = Subject::service(name, "Root").unwrap();
        self.issue(name, &standard(ProfileKind::Root), &subject, None)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.folder.path().join(name), bytes).unwrap();
    }

    fn openssl(&self, anchor: &str, untrusted: &[&str], more: &[&str], target: &str) -> Verdict {
        let mut arguments = vec!["verify".to_owned(), "-x509_strict".to_owned()];
        for (option, name) in
            std::iter::once(("-CAfile", anchor)).chain(untrusted.iter().map(|name| ("-untrusted", *name)))
        {
            arguments.extend([option.to_owned(), self.pem(name)]);
        }
        arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
        arguments.push(self.pem(target));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        run(self.folder.path(), "openssl", &arguments)
    }

    fn pem(&self, name: &str) -> String {
        let (der, pem) = (format!("{name}.cer"), format!("{name}.pem"));
        let convert = ["x509", "-inform", "DER", "-in", &der, "-out", &pem];
        assert!(run(self.folder.path(), "openssl", &convert).accepted);
        pem
    }

    fn bouncy_castle(&self, anchor: &str, authorities: &[&str], target: &str) -> Verdict {
        let mut arguments = vec!["--anchor".to_owned(), format!("{anchor}.cer")];
        arguments.extend(["--crl".to_owned(), format!("{anchor}.crl")]);
        for name in authorities {
            arguments.extend(["--cert".to_owned(), format!("{name}.cer")]);
            arguments.extend(["--crl".to_owned(), format!("{name}.crl")]);
        }
        arguments.push(format!("{target}.cer"));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        bouncy_castle(self.folder.path(), &arguments)
    }
}

fn standard(kind: ProfileKind) -> Profile {
    Profile::standard(kind).unwrap()
}

/// A subject that the profile takes.
fn subject(kind: ProfileKind) -> Subject {
    let subject = match kind {
        ProfileKind::Person => Subject::person("张三"),
        ProfileKind::Enterprise | ProfileKind::OrganisationSigner => {
            Subject::organisation("示例市市场监督管理局", "11159900MB0000211R")
        }
        _ => Subject::service("示例市", kind.name()),
    };
    let names = match kind {
        ProfileKind::TlsServer => vec![
            GeneralName::Dns("seal.example.gov.cn".to_owned()),
            GeneralName::Ip(vec![10, 0, 0, 7]),
        ],
        ProfileKind::TlsClient => vec![GeneralName::Uri("urn:example:approval".to_owned())],
        ProfileKind::Person => vec![GeneralName::Rfc822("zhang@example.gov.cn".to_owned())],
        _ => Vec::new(),
    };
    subject.unwrap().also_named(names)
}

#[test]
fn openssl_and_bouncy_castle_accept_each_profile_for_its_purpose_and_openssl_not_for_another() {
    let house = House::new();
    let root = house.root("root");
    let issuing = house.issue(
        "issuing",
        &standard(ProfileKind::Issuing),
        &subject(ProfileKind::Issuing),
        Some(&root),
    );
    let named = ["-verify_hostname", "seal.example.gov.cn"];
    let other = ["-verify_hostname", "other.example.gov.cn"];
    for (kind, good, bad) in [
        (
            ProfileKind::CredentialSigner,
            &["-purpose", "any"][..],
            &["-purpose", "sslserver"][..],
        ),
        (
            ProfileKind::Enterprise,
            &["-purpose", "smimesign"],
            &["-purpose", "timestampsign"],
        ),
        (
            ProfileKind::OcspResponder,
            &["-purpose", "ocsphelper"],
            &["-purpose", "sslserver"],
        ),
        (
            ProfileKind::OrganisationSigner,
            &["-purpose", "smimesign"],
            &["-purpose", "timestampsign"],
        ),
        (
            ProfileKind::Person,
            &["-verify_email", "zhang@example.gov.cn"],
            &["-verify_email", "li@example.gov.cn"],
        ),
        (ProfileKind::SealMaker, &["-purpose", "any"], &["-purpose", "sslclient"]),
        (
            ProfileKind::TlsClient,
            &["-purpose", "sslclient"],
            &["-purpose", "sslserver"],
        ),
        (
            ProfileKind::TlsServer,
            &["-purpose", "sslserver"],
            &["-purpose", "sslclient"],
        ),
        (ProfileKind::TlsServer, &named, &other),
        (
            ProfileKind::Tsa,
            &["-purpose", "timestampsign"],
            &["-purpose", "sslclient"],
        ),
    ] {
        let name = kind.name();
        house.issue(name, &standard(kind), &subject(kind), Some(&issuing));
        let accepted = house.openssl("root", &["issuing"], good, name);
        assert!(accepted.accepted, "{name}: {}", accepted.said);
        let refused = house.openssl("root", &["issuing"], bad, name);
        assert!(!refused.accepted, "{name}: {}", refused.said);
    }
    for kind in [ProfileKind::OcspResponder, ProfileKind::TlsServer, ProfileKind::Person] {
        let verdict = house.bouncy_castle("root", &["issuing"], kind.name());
        assert!(verdict.accepted, "{}: {}", kind.name(), verdict.said);
    }
    let shown = run(
        house.folder.path(),
        "openssl",
        &["x509", "-inform", "DER", "-in", "ocsp-responder.cer", "-noout", "-text"],
    );
    assert!(shown.said.contains("OCSP No Check"), "{}", shown.said);
}

/// The profile of a certificate for `partner`, with what was agreed.
fn agreed(kind: ProfileKind, partner: &str) -> Profile {
    let space = Profile::from_toml(
        "space",
        &format!(
            "description = \"x\"\nvalidity_days = 1\nsubject = []\nkey_usage = [\"keyCertSign\"]\n\
             certification_authority = true\n[name_constraints.permitted]\n\
             directory = [{{ country = \"CN\", organisation = \"{partner}\" }}]\n"
        ),
    );
    let name_constraints = match kind {
        ProfileKind::Cross => space.unwrap().name_constraints,
        _ => NameConstraints::default(),
    };
    Profile {
        policies: vec![OURS],
        policy_mappings: vec![PolicyMapping {
            issuer_domain: OURS,
            subject_domain: THEIRS,
        }],
        name_constraints,
        ..standard(kind)
    }
}

fn signer_of(policy: ObjectIdentifier) -> Profile {
    Profile {
        policies: vec![policy],
        subject: Vec::new(),
        ..standard(ProfileKind::Person)
    }
}

#[test]
fn a_partners_signer_is_accepted_over_a_cross_certificate_within_what_was_agreed() {
    let house = House::new();
    let (ours, partner) = (house.root("ours"), house.root("partner"));
    let subject = |organisation: &str| Subject::service(organisation, "Signer").unwrap();
    house.issue("inside", &signer_of(THEIRS), &subject("partner"), Some(&partner));
    house.issue("outside", &signer_of(THEIRS), &subject("stranger"), Some(&partner));
    house.issue("unmapped", &signer_of(OURS), &subject("partner"), Some(&partner));
    let name = Subject::named(partner.certificate.subject().clone(), None);
    let cross = house.certify(&agreed(ProfileKind::Cross, "partner"), &name, &partner.key, Some(&ours));
    house.write("cross.cer", cross.der());
    std::fs::copy(
        house.folder.path().join("partner.crl"),
        house.folder.path().join("cross.crl"),
    )
    .unwrap();
    let policy = OURS.to_string();
    let policies = ["-policy_check", "-policy", &policy];
    for (target, accepted, why) in [
        ("inside", true, "OK"),
        ("outside", false, "permitted subtree violation"),
        ("unmapped", false, "policy"),
    ] {
        let verdict = house.openssl("ours", &["cross"], &policies, target);
        assert!(
            verdict.accepted == accepted && verdict.said.contains(why),
            "{target}: {}",
            verdict.said
        );
        let verdict = house.bouncy_castle("ours", &["cross"], target);
        assert_eq!(verdict.accepted, accepted, "{target}: {}", verdict.said);
    }
}

#[test]
fn a_partner_behind_a_bridge_is_accepted_and_its_own_mappings_are_not() {
    let house = House::new();
    let (ours, bridge, partner) = (house.root("ours"), house.root("bridge"), house.root("partner"));
    let named = |party: &Party| Subject::named(party.certificate.subject().clone(), None);
    let to_bridge = Profile {
        policy_mappings: Vec::new(),
        ..agreed(ProfileKind::Bridge, "bridge")
    };
    let up = house.certify(&to_bridge, &named(&bridge), &bridge.key, Some(&ours));
    house.write("up.cer", up.der());
    let behind = Party {
        certificate: up,
        key: bridge.key,
    };
    let down = house.certify(
        &agreed(ProfileKind::Cross, "partner"),
        &named(&partner),
        &partner.key,
        Some(&behind),
    );
    house.write("down.cer", down.der());
    let subject = Subject::service("partner", "Signer").unwrap();
    house.issue("signer", &signer_of(THEIRS), &subject, Some(&partner));
    // The partner maps a policy of somebody else to its own, which the bridge was not given the right to.
    let stranger = Subject::service("partner", "Stranger").unwrap();
    let stranger = house.issue("stranger", &standard(ProfileKind::Root), &stranger, None);
    let further = ObjectIdentifier::new_unwrap("1.2.156.3005.9.3");
    let mapped = Profile {
        policies: vec![THEIRS],
        policy_mappings: vec![PolicyMapping {
            issuer_domain: THEIRS,
            subject_domain: further,
        }],
        ..standard(ProfileKind::Cross)
    };
    let on = Party {
        certificate: down,
        key: partner.key,
    };
    let onward = house.certify(&mapped, &named(&stranger), &stranger.key, Some(&on));
    house.write("onward.cer", onward.der());
    house.issue("stranger-signer", &signer_of(further), &subject, Some(&stranger));

    let policy = OURS.to_string();
    let policies = ["-policy_check", "-policy", &policy];
    let accepted = house.openssl("ours", &["up", "down"], &policies, "signer");
    assert!(accepted.accepted, "{}", accepted.said);
    let refused = house.openssl("ours", &["up", "down", "onward"], &policies, "stranger-signer");
    assert!(!refused.accepted, "{}", refused.said);
}
