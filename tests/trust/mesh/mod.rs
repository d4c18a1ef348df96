//! Random meshes of authorities, judged by the validator and by a slow reference that is written apart: both say valid,
//! or neither, and the policies that hold along the path are the same.

mod plan;
mod reference;
mod revocation;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};
use der::asn1::ObjectIdentifier;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use yinxin::asn1::oid;
use yinxin::crypto::key::{Signer, SoftwareKey, Suite};
use yinxin::trust::{Anchor, PolicySettings, Purpose, Query, Reason, Service, Snapshot, validate};
use yinxin::x509::build::{self, CertificateFields, CrlFields};
use yinxin::x509::{
    BasicConstraints, Certificate, Crl, Extension, Extensions, GeneralName, KeyUsage, Name, NameConstraints,
    PolicyConstraints, PolicyMapping, RevocationReason, RevokedEntry, SerialNumber, Validity,
};

use plan::{ANY, Fault, Link, MAX_AUTHORITIES, Mesh, Names, Policy, TARGET};

/// Meshes that are judged; `YINXIN_MESHES` asks for more.
const MESHES: u32 = 200;

static KEYS: LazyLock<Vec<SoftwareKey>> = LazyLock::new(|| {
    let keys = (0..=MAX_AUTHORITIES).map(|_| SoftwareKey::generate(Suite::International).unwrap());
    keys.collect()
});

fn noon() -> DateTime<Utc> {
    "2026-05-28T12:00:00Z".parse().unwrap()
}

#[test]
fn a_mesh_is_judged_as_by_a_reference_that_tries_every_path() {
    let meshes = std::env::var("YINXIN_MESHES").ok().and_then(|count| count.parse().ok());
    let config = Config {
        cases: meshes.unwrap_or(MESHES),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = match meshes {
        Some(_) => TestRunner::new(config),
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    let (valid, with_policies, given_up) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
    let judged = runner.run(&plan::mesh(), |mesh| match compare(&mesh)? {
        None => {
            count(&given_up);
            Ok(())
        }
        Some(None) => Ok(()),
        Some(Some(policies)) => {
            count(&valid);
            if policies > 0 {
                count(&with_policies);
            }
            Ok(())
        }
    });
    if let Err(error) = judged {
        panic!("{error}");
    }
    // Otherwise little would be compared.
    let meshes = meshes.unwrap_or(MESHES);
    assert!(
        (meshes / 5..meshes * 4 / 5).contains(&valid.get()),
        "{} are valid",
        valid.get()
    );
    assert!(
        with_policies.get() >= meshes / 10,
        "{} have policies",
        with_policies.get()
    );
    assert!(given_up.get() <= meshes / 20, "{} were given up", given_up.get());
}

/// Judges a mesh both ways. Gives the number of policies where it is valid; nothing where the validator ran out of
/// work.
fn compare(mesh: &Mesh) -> Result<Option<Option<usize>>, TestCaseError> {
    let fail = |what: String| Err(TestCaseError::fail(format!("{what}: {mesh:#?}")));
    let certificates: Vec<Certificate> = (0..mesh.links.len()).map(|number| certificate(mesh, number)).collect();
    let anchors = mesh.anchors.iter().map(|authority| {
        let certificate = self_signed(mesh, *authority);
        Anchor::new("anchor", certificate, &[Service::GovernmentSeals])
    });
    let (target, others) = certificates.split_last().unwrap();
    let snapshot = Snapshot::new(anchors.collect(), others.to_vec(), lists(mesh));
    let query = Query::new(target, Purpose::Any, noon()).policies(PolicySettings {
        acceptable: mesh
            .settings
            .acceptable
            .iter()
            .map(|policy| policy_oid(*policy))
            .collect(),
        require_explicit: mesh.settings.explicit,
        inhibit_mapping: mesh.settings.inhibit_mapping,
        inhibit_any: mesh.settings.inhibit_any,
    });
    let ours = validate(&query, &snapshot);
    if matches!(ours.reasons.first(), Some(Reason::BudgetExhausted { .. })) {
        return Ok(None);
    }
    let expected: BTreeMap<Vec<usize>, BTreeSet<Policy>> = reference::paths(mesh)
        .into_iter()
        .filter_map(|path| reference::judge(mesh, &path).map(|policies| (path, policies)))
        .collect();
    if !ours.is_passed() {
        return match expected.is_empty() {
            true => Ok(Some(None)),
            false => fail(format!("refused for {:?}, and {expected:?} are valid", ours.reasons)),
        };
    }
    // The anchor, last, is no part of the path (RFC 5280 section 6.1).
    let steps = ours.path.iter().rev().skip(1);
    let path: Option<Vec<usize>> = steps
        .map(|step| certificates.iter().position(|other| other == step))
        .collect();
    let Some(policies) = path.as_ref().and_then(|path| expected.get(path)) else {
        return fail(format!("the path {path:?} passed and is not among {expected:?}"));
    };
    let found: BTreeSet<_> = ours.policies.iter().copied().collect();
    let wanted: BTreeSet<_> = policies.iter().map(|policy| policy_oid(*policy)).collect();
    match found == wanted {
        true => Ok(Some(Some(found.len()))),
        false => fail(format!("along {path:?} {found:?} hold, not {wanted:?}")),
    }
}

fn policy_oid(policy: Policy) -> ObjectIdentifier {
    match policy {
        ANY => oid::ANY_POLICY,
        _ => ObjectIdentifier::new(&format!("1.2.156.112559.9.{policy}")).unwrap(),
    }
}

fn organisation(number: u8) -> String {
    format!("机构 {number}")
}

fn domain(number: u8) -> String {
    format!("d{number}.example.org")
}

fn name(organisation_number: u8, common_name: &str) -> Name {
    let organisation = organisation(organisation_number);
    build::name(&[
        (oid::COUNTRY_NAME, "CN"),
        (oid::ORGANIZATION_NAME, &organisation),
        (oid::COMMON_NAME, common_name),
    ])
    .unwrap()
}

fn name_of(mesh: &Mesh, authority: usize) -> Name {
    let authority = mesh.authorities[authority];
    name(authority.organisation, &format!("CA {}", authority.name))
}

fn base(names: Names) -> GeneralName {
    match names {
        Names::Organisation(number) => {
            let organisation = organisation(number);
            let name = build::name(&[(oid::COUNTRY_NAME, "CN"), (oid::ORGANIZATION_NAME, &organisation)]);
            GeneralName::Directory(name.unwrap())
        }
        Names::Domain(number) => GeneralName::Dns(domain(number)),
    }
}

fn critical<T>(value: T) -> Option<Extension<T>> {
    Some(Extension { critical: true, value })
}

fn serial(number: usize) -> SerialNumber {
    SerialNumber::from_content(&[1, u8::try_from(number).unwrap()])
}

/// The certificate of a link.
fn certificate(mesh: &Mesh, number: usize) -> Certificate {
    let link = &mesh.links[number];
    let (subject, key) = match link.to {
        Some(to) => (name_of(mesh, to), &KEYS[to]),
        None => (name(TARGET, "target"), &KEYS[MAX_AUTHORITIES]),
    };
    let mut validity = Validity {
        not_before: noon() - TimeDelta::days(365),
        not_after: noon() + TimeDelta::days(365),
    };
    if link.fault == Some(Fault::Expired) {
        validity.not_after = noon() - TimeDelta::days(1);
    }
    sign(
        &serial(number),
        (link.from, &name_of(mesh, link.from)),
        validity,
        (&subject, key),
        &extensions(link),
    )
}

fn self_signed(mesh: &Mesh, authority: usize) -> Certificate {
    let name = name_of(mesh, authority);
    let validity = Validity {
        not_before: noon() - TimeDelta::days(365),
        not_after: noon() + TimeDelta::days(365),
    };
    sign(
        &serial(255),
        (authority, &name),
        validity,
        (&name, &KEYS[authority]),
        &authority_extensions(true, true, None),
    )
}

fn sign(
    serial: &SerialNumber,
    (issuer_key, issuer): (usize, &Name),
    validity: Validity,
    (subject, key): (&Name, &SoftwareKey),
    extensions: &Extensions,
) -> Certificate {
    let signer = &KEYS[issuer_key];
    let fields = CertificateFields {
        serial,
        algorithm: signer.algorithm(),
        issuer,
        validity,
        subject,
        public_key_info: key.public_key().spki(),
        extensions,
    };
    let signed_part = build::certificate(&fields).unwrap();
    let signature = signer.sign(&signed_part).unwrap();
    Certificate::from_der(&build::signed(&signed_part, signer.algorithm(), &signature)).unwrap()
}

fn authority_extensions(ca: bool, signs: bool, path_length: Option<usize>) -> Extensions {
    let usage = if signs {
        KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN
    } else {
        KeyUsage::CRL_SIGN
    };
    let path_length = path_length.filter(|_| ca).map(|length| u32::try_from(length).unwrap());
    Extensions {
        key_usage: critical(usage),
        basic_constraints: critical(BasicConstraints { ca, path_length }),
        ..Extensions::default()
    }
}

fn extensions(link: &Link) -> Extensions {
    let mut extensions = match link.to {
        Some(_) => {
            let (ca, signs) = (
                link.fault != Some(Fault::NoAuthority),
                link.fault != Some(Fault::MayNotSign),
            );
            authority_extensions(ca, signs, link.path_length)
        }
        None => Extensions {
            subject_alt_name: critical(vec![GeneralName::Dns(format!("host.{}", domain(TARGET)))]),
            ..Extensions::default()
        },
    };
    let number = |number: usize| u32::try_from(number).unwrap();
    let policies = link
        .policies
        .iter()
        .map(|policies| policies.iter().map(|policy| policy_oid(*policy)).collect());
    extensions.certificate_policies = policies.map(critical).next().flatten();
    let mappings: Vec<_> = link
        .mappings
        .iter()
        .map(|(from, to)| PolicyMapping {
            issuer_domain: policy_oid(*from),
            subject_domain: policy_oid(*to),
        })
        .collect();
    extensions.policy_mappings = if mappings.is_empty() { None } else { critical(mappings) };
    if link.explicit.or(link.inhibit_mapping).is_some() {
        extensions.policy_constraints = critical(PolicyConstraints {
            require_explicit_policy: link.explicit.map(number),
            inhibit_policy_mapping: link.inhibit_mapping.map(number),
        });
    }
    extensions.inhibit_any_policy = link.inhibit_any.map(number).and_then(critical);
    if link.permitted.or(link.excluded).is_some() {
        extensions.name_constraints = critical(NameConstraints {
            permitted: link.permitted.map(base).into_iter().collect(),
            excluded: link.excluded.map(base).into_iter().collect(),
        });
    }
    extensions
}

/// A list by each authority, of everything that was revoked under its name.
fn lists(mesh: &Mesh) -> Vec<Crl> {
    let numbers = 0..mesh.authorities.len();
    numbers.map(|authority| list(mesh, authority)).collect()
}

fn list(mesh: &Mesh, authority: usize) -> Crl {
    let issuer = |link: &Link| mesh.authorities[link.from].name;
    let revoked = mesh
        .links
        .iter()
        .enumerate()
        .filter(|(_, link)| issuer(link) == mesh.authorities[authority].name && link.fault == Some(Fault::Revoked));
    let entries: Vec<_> = revoked
        .map(|(number, _)| RevokedEntry {
            serial: serial(number),
            revoked_at: noon() - TimeDelta::days(30),
            reason: RevocationReason::CessationOfOperation,
            invalidity_date: None,
        })
        .collect();
    signed_list(mesh, authority, &entries, noon())
}

/// A list made a day before `time`.
fn signed_list(mesh: &Mesh, authority: usize, entries: &[RevokedEntry], time: DateTime<Utc>) -> Crl {
    let (name, key) = (name_of(mesh, authority), &KEYS[authority]);
    let fields = CrlFields {
        algorithm: key.algorithm(),
        issuer: &name,
        this_update: time - TimeDelta::days(1),
        next_update: time + TimeDelta::days(6),
        entries,
        extensions: &Extensions {
            crl_number: Some(Extension {
                critical: false,
                value: vec![1],
            }),
            ..Extensions::default()
        },
    };
    let signed_part = build::crl(&fields).unwrap();
    let signature = key.sign(&signed_part).unwrap();
    Crl::from_der(&build::signed(&signed_part, key.algorithm(), &signature)).unwrap()
}
