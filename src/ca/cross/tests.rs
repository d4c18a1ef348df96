//! Two cities and a bridge between three, by both suites; and everything that is refused.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::asn1::oid;
use crate::ca::{self, Issuer, Order, Profile, ProfileKind, Publication, Subject, SubjectKey, new_serial};
use crate::crypto::key::{KeyAlgorithm, Signer, SoftwareKey};
use crate::trust::{Anchor, Purpose, Query, Reason, Revocation, Service, Snapshot, Validation, validate};
use crate::x509::{Certificate, GeneralName, NameConstraints};

const SEALS: &str = "2.25.1785436243.3.2";
const HIGH: &str = "1.2.156.112559.9.1";

fn noon() -> DateTime<Utc> {
    "2026-05-28T12:00:00Z".parse().unwrap()
}

/// A city with a root and an authority that issues under it.
struct City {
    name: &'static str,
    root: Certificate,
    root_key: SoftwareKey,
    issuing: Certificate,
    issuing_key: SoftwareKey,
}

impl City {
    fn new(name: &'static str, algorithm: KeyAlgorithm) -> Self {
        let (root_key, issuing_key) = (key(algorithm), key(algorithm));
        let subject = |kind: &str| Subject::service(name, kind).unwrap();
        let itself = Issuer::Itself {
            algorithm: root_key.algorithm(),
        };
        let root = issue(ProfileKind::Root, &subject("根 CA"), &root_key, itself, &root_key);
        let publication = Publication::under("http://pki.example.org", "root");
        let by_root = Issuer::Authority {
            certificate: &root,
            algorithm: root_key.algorithm(),
            publication: &publication,
        };
        let issuing = issue(
            ProfileKind::Issuing,
            &subject("签章 CA"),
            &issuing_key,
            by_root,
            &root_key,
        );
        Self {
            name,
            root,
            root_key,
            issuing,
            issuing_key,
        }
    }

    /// An organisation of the city that seals.
    fn signer(&self) -> Certificate {
        let subject = Subject::organisation(self.name, "11159900MB0000211R").unwrap();
        let publication = Publication::under("http://pki.example.org", "issuing");
        let by_issuing = Issuer::Authority {
            certificate: &self.issuing,
            algorithm: self.issuing_key.algorithm(),
            publication: &publication,
        };
        let algorithm = KeyAlgorithm::ALL
            .into_iter()
            .find(|one| one.kind() == self.issuing_key.kind())
            .unwrap();
        issue(
            ProfileKind::OrganisationSigner,
            &subject,
            &key(algorithm),
            by_issuing,
            &self.issuing_key,
        )
    }

    fn own(&self) -> OwnSpace {
        OwnSpace::of(vec![self.root.clone(), self.issuing.clone()])
    }

    /// Certifies the authority in `der` by its root.
    fn certify(&self, der: &[u8], terms: &Terms) -> Result<Certificate, CrossError> {
        self.certify_beside(der, terms, &[])
    }

    fn certify_beside(&self, der: &[u8], terms: &Terms, neighbours: &[Neighbour]) -> Result<Certificate, CrossError> {
        let partner = Partner::from_der(der, noon())?;
        let prepared = prepare(&CrossOrder {
            issuer: &self.root,
            algorithm: self.root_key.algorithm(),
            publication: &Publication::under("http://pki.example.org", "root"),
            partner: &partner,
            partner_name: "partner",
            terms,
            own: &self.own(),
            neighbours,
            now: noon(),
            serial: &new_serial().unwrap(),
        })?;
        Ok(prepared.issue(&self.root_key)?.into_certificate())
    }

    /// Whether it relies on a certificate by these others.
    fn judge(&self, target: &Certificate, others: &[Certificate]) -> Validation {
        let anchor = Anchor::new(self.name, self.root.clone(), &Service::ALL);
        let snapshot = Snapshot::new(vec![anchor], others.to_vec(), Vec::new());
        let query = Query::new(target, Purpose::GovernmentSealing, noon()).revocation(Revocation::Off);
        validate(&query, &snapshot)
    }
}

fn key(algorithm: KeyAlgorithm) -> SoftwareKey {
    SoftwareKey::generate(algorithm).unwrap()
}

fn issue(kind: ProfileKind, subject: &Subject, key: &SoftwareKey, issuer: Issuer<'_>, by: &SoftwareKey) -> Certificate {
    let prepared = ca::prepare(&Order {
        profile: &Profile::standard(kind).unwrap(),
        subject,
        key: &SubjectKey::of(key),
        issuer,
        not_before: noon() - TimeDelta::hours(1),
        serial: new_serial().unwrap(),
    });
    prepared.unwrap().issue(by).unwrap().into_certificate()
}

fn terms() -> Terms {
    Terms::direct(&[SEALS], 365)
}

#[test]
fn two_cities_rely_on_each_other_over_all_pairs_of_suites() {
    for (one, other) in [
        (KeyAlgorithm::P256, KeyAlgorithm::Sm2),
        (KeyAlgorithm::Sm2, KeyAlgorithm::P384),
        (KeyAlgorithm::Ed25519, KeyAlgorithm::P256),
    ] {
        let cities = [City::new("甲市", one), City::new("乙市", other)];
        for (own, partner) in [(&cities[0], &cities[1]), (&cities[1], &cities[0])] {
            let cross = own.certify(partner.issuing.der(), &terms()).unwrap();
            assert_eq!(cross.subject().der(), partner.issuing.subject().der());
            assert_eq!(cross.key_identifier(), partner.issuing.key_identifier());
            let verdict = own.judge(&partner.signer(), &[cross]);
            assert!(verdict.is_passed(), "{:?}", verdict.reasons);
            assert_eq!(verdict.policies, [oid::GOVERNMENT_SEAL_POLICY]);
        }
    }
}

#[test]
fn a_cross_certificate_says_what_was_agreed_on_and_no_more() {
    let (own, partner) = (
        City::new("甲市", KeyAlgorithm::P256),
        City::new("乙市", KeyAlgorithm::Sm2),
    );
    let agreed = Terms {
        mappings: vec![(SEALS.to_owned(), HIGH.to_owned())],
        permitted: vec!["O=乙市,C=CN".to_owned(), "dns:b.example.org".to_owned()],
        repository: Some("http://b.example.org/ca/root.p7c".to_owned()),
        ..terms()
    };
    let cross = own.certify(partner.issuing.der(), &agreed).unwrap();
    let extensions = cross.extensions();
    let constraints = extensions.policy_constraints.as_ref().unwrap();
    assert!(constraints.critical);
    assert_eq!(constraints.value.require_explicit_policy, Some(0));
    assert_eq!(constraints.value.inhibit_policy_mapping, Some(0));
    assert_eq!(extensions.inhibit_any_policy.as_ref().unwrap().value, 0);
    assert_eq!(
        extensions.basic_constraints.as_ref().unwrap().value.path_length,
        Some(1)
    );
    assert_eq!(extensions.policy_mappings.as_ref().unwrap().value.len(), 1);
    let names = &extensions.name_constraints.as_ref().unwrap().value;
    let text = |names: &[GeneralName]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(text(&names.permitted), ["directory O=乙市,C=CN", "DNS b.example.org"]);
    assert_eq!(text(&names.excluded), ["directory O=甲市,C=CN"]);
    let found = |access: &Option<crate::x509::Extension<Vec<crate::x509::AccessDescription>>>| {
        access.as_ref().unwrap().value[0].location.to_string()
    };
    assert_eq!(
        found(&extensions.authority_info_access),
        "URI http://pki.example.org/ca/root.p7c"
    );
    assert_eq!(
        found(&extensions.subject_info_access),
        "URI http://b.example.org/ca/root.p7c"
    );
    assert_eq!(cross.validity().not_after, noon() + TimeDelta::days(365));
    let longer = own
        .certify(
            partner.issuing.der(),
            &Terms {
                validity_days: 1825,
                ..terms()
            },
        )
        .unwrap();
    assert!(longer.validity().not_after <= partner.issuing.validity().not_after);
}

#[test]
fn a_mapping_lets_the_partners_policy_stand_for_ours_and_nothing_else_does() {
    let (own, partner) = (
        City::new("甲市", KeyAlgorithm::P256),
        City::new("乙市", KeyAlgorithm::P256),
    );
    let signer = partner.signer();
    // The partner's certificates have its seal policy, which stands for our policy HIGH.
    let mapped = Terms {
        mappings: vec![(HIGH.to_owned(), SEALS.to_owned())],
        ..Terms::direct(&[HIGH], 365)
    };
    let verdict = own.judge(&signer, &[own.certify(partner.issuing.der(), &mapped).unwrap()]);
    assert!(verdict.is_passed(), "{:?}", verdict.reasons);
    assert_eq!(
        verdict.policies.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [HIGH]
    );
    let unmapped = own
        .certify(partner.issuing.der(), &Terms::direct(&[HIGH], 365))
        .unwrap();
    let verdict = own.judge(&signer, &[unmapped]);
    assert!(
        matches!(verdict.reasons[..], [Reason::NoValidPolicy { .. }]),
        "{:?}",
        verdict.reasons
    );
}

#[test]
fn a_partner_certifies_neither_our_names_nor_any_outside_of_its_own() {
    let (own, partner) = (
        City::new("甲市", KeyAlgorithm::P256),
        City::new("乙市", KeyAlgorithm::P256),
    );
    let impostor = City {
        name: "甲市",
        ..City::new("乙市", KeyAlgorithm::P256)
    };
    let cross = own.certify(impostor.issuing.der(), &terms()).unwrap();
    let verdict = own.judge(&impostor.signer(), &[cross]);
    assert!(
        matches!(verdict.reasons[..], [Reason::NameExcluded { .. }]),
        "{:?}",
        verdict.reasons
    );
    let elsewhere = Terms {
        permitted: vec!["O=丙市,C=CN".to_owned()],
        ..terms()
    };
    let cross = own.certify(partner.issuing.der(), &elsewhere).unwrap();
    let verdict = own.judge(&partner.signer(), &[cross]);
    assert!(
        verdict
            .reasons
            .iter()
            .any(|reason| matches!(reason, Reason::NameNotPermitted { .. })),
        "{:?}",
        verdict.reasons
    );
}

#[test]
fn hosts_that_our_own_authorities_certify_are_not_a_partners_to_certify() {
    let base = City::new("甲市", KeyAlgorithm::P256);
    let profile = Profile {
        name_constraints: NameConstraints {
            permitted: vec![GeneralName::Dns("jia.example.org".to_owned())],
            excluded: Vec::new(),
        },
        ..Profile::standard(ProfileKind::Issuing).unwrap()
    };
    let publication = Publication::under("http://pki.example.org", "root");
    let prepared = ca::prepare(&Order {
        profile: &profile,
        subject: &Subject::service("甲市", "网站 CA").unwrap(),
        key: &SubjectKey::of(&base.issuing_key),
        issuer: Issuer::Authority {
            certificate: &base.root,
            algorithm: base.root_key.algorithm(),
            publication: &publication,
        },
        not_before: noon(),
        serial: new_serial().unwrap(),
    });
    let issuing = prepared.unwrap().issue(&base.root_key).unwrap().into_certificate();
    let own = City { issuing, ..base };
    let partner = City::new("乙市", KeyAlgorithm::P256);
    let permitting = |name: &str| Terms {
        permitted: vec![name.to_owned()],
        ..terms()
    };
    for claimed in ["dns:jia.example.org", "dns:www.jia.example.org"] {
        let error = own.certify(partner.issuing.der(), &permitting(claimed)).unwrap_err();
        assert!(
            matches!(&error, CrossError::OwnName { own, .. } if own == "DNS jia.example.org"),
            "{error}"
        );
    }
    let cross = own
        .certify(partner.issuing.der(), &permitting("dns:example.org"))
        .unwrap();
    let excluded = &cross.extensions().name_constraints.as_ref().unwrap().value.excluded;
    assert!(excluded.contains(&GeneralName::Dns("jia.example.org".to_owned())));
}

#[test]
fn a_bridge_leads_from_member_to_member_and_not_to_a_bridge_behind_it() {
    let member = |name, algorithm| City::new(name, algorithm);
    let (one, other) = (member("甲市", KeyAlgorithm::Sm2), member("乙市", KeyAlgorithm::P256));
    let (hub, far_hub, far) = (
        member("桥", KeyAlgorithm::P256),
        member("远桥", KeyAlgorithm::P256),
        member("丙市", KeyAlgorithm::P256),
    );
    let bridge = Terms {
        mode: Mode::Bridge,
        path_length: Some(1),
        ..terms()
    };
    let to_hub = one.certify(hub.root.der(), &bridge).unwrap();
    let of_member = Terms {
        mode: Mode::Member,
        ..terms()
    };
    let to_other = hub.certify(other.issuing.der(), &of_member).unwrap();
    let verdict = one.judge(&other.signer(), &[to_hub.clone(), to_other]);
    assert!(verdict.is_passed(), "{:?}", verdict.reasons);
    assert_eq!(verdict.path.len(), 4);
    let to_far_hub = hub.certify(far_hub.root.der(), &bridge).unwrap();
    let to_far = far_hub.certify(far.issuing.der(), &of_member).unwrap();
    let verdict = one.judge(&far.signer(), &[to_hub, to_far_hub, to_far]);
    assert!(
        verdict
            .reasons
            .iter()
            .any(|reason| matches!(reason, Reason::PathLength { .. })),
        "{:?}",
        verdict.reasons
    );
}

#[test]
fn a_root_of_a_partner_is_certified_with_its_sub_authorities_where_that_is_agreed() {
    let (own, partner) = (
        City::new("甲市", KeyAlgorithm::P256),
        City::new("乙市", KeyAlgorithm::P256),
    );
    // Its issuing authority has anyPolicy, which then counts for one certificate more.
    let agreed = Terms {
        path_length: Some(1),
        inhibit_any_policy: Some(1),
        ..terms()
    };
    let cross = own.certify(partner.root.der(), &agreed).unwrap();
    let verdict = own.judge(&partner.signer(), &[cross, partner.issuing.clone()]);
    assert!(verdict.is_passed(), "{:?}", verdict.reasons);
    let strict = own
        .certify(
            partner.root.der(),
            &Terms {
                path_length: Some(1),
                ..terms()
            },
        )
        .unwrap();
    assert!(
        !own.judge(&partner.signer(), &[strict, partner.issuing.clone()])
            .is_passed()
    );
}

#[test]
fn what_a_partner_may_not_have_is_refused_by_name() {
    let (own, partner) = (
        City::new("甲市", KeyAlgorithm::P256),
        City::new("乙市", KeyAlgorithm::P256),
    );
    let refused = |der: &[u8]| own.certify(der, &terms()).unwrap_err();
    assert!(matches!(refused(partner.signer().der()), CrossError::NotAuthority(_)));
    assert!(matches!(refused(own.issuing.der()), CrossError::OwnKey(_)));
    assert!(matches!(refused(b"\x30\x03\x02\x01\x00"), CrossError::Unreadable(_)));
    // A request under our name, by a stranger's key; and one under a name in our space.
    for common_name in ["根 CA", "另一个 CA"] {
        let claim = ca::request(
            &Subject::service("甲市", common_name).unwrap(),
            &key(KeyAlgorithm::P256),
        )
        .unwrap();
        assert!(matches!(refused(claim.der()), CrossError::OwnName { .. }));
    }
    // Our organisation's name in another place of the tree, and one that looks like it.
    for organisation in ["甲市", "\u{7532}\u{200b}市"] {
        let names = [
            (oid::COUNTRY_NAME, "CN"),
            (oid::STATE_OR_PROVINCE_NAME, "乙省"),
            (oid::ORGANIZATION_NAME, organisation),
            (oid::COMMON_NAME, "根 CA"),
        ];
        let name = crate::x509::build::name(&names).unwrap();
        let claim = ca::request(&Subject::named(name, None), &key(KeyAlgorithm::P256)).unwrap();
        assert!(matches!(refused(claim.der()), CrossError::OwnName { .. }));
    }
    // A request whose proof was spoilt.
    let good = ca::request(&Subject::service("乙市", "CA").unwrap(), &key(KeyAlgorithm::Sm2)).unwrap();
    assert!(own.certify(good.der(), &terms()).is_ok());
    let mut spoilt = good.der().to_vec();
    *spoilt.last_mut().unwrap() ^= 1;
    assert!(matches!(refused(&spoilt), CrossError::Possession(_)));
    let later = Partner::from_certificate(&partner.issuing, noon() + TimeDelta::days(36_500)).unwrap_err();
    assert!(matches!(later, CrossError::NotValidNow { .. }));
    let neighbours = [Neighbour {
        partner: "other".to_owned(),
        subject: partner.root.subject().clone(),
    }];
    let overlap = own
        .certify_beside(partner.issuing.der(), &terms(), &neighbours)
        .unwrap_err();
    assert!(matches!(overlap, CrossError::Overlap { .. }));
    let own_too = [Neighbour {
        partner: "partner".to_owned(),
        ..neighbours[0].clone()
    }];
    assert!(own.certify_beside(partner.issuing.der(), &terms(), &own_too).is_ok());
    let far = City::new("丙市", KeyAlgorithm::P256);
    let claims = Terms {
        permitted: vec!["O=乙市,C=CN".to_owned()],
        ..terms()
    };
    assert!(matches!(
        own.certify_beside(far.issuing.der(), &claims, &neighbours),
        Err(CrossError::Overlap { .. })
    ));
}

#[test]
fn a_weak_key_is_refused_before_anything_is_signed() {
    // A request by RSA with 1024 bits, made once with OpenSSL for this test.
    let der = include_bytes!("../../../fixtures/foreign/request-rsa-1024.der");
    let error = Partner::from_der(der, noon()).unwrap_err();
    assert!(matches!(error, CrossError::WeakKey { .. }), "{error}");
}

#[test]
fn what_terms_must_not_say_is_refused_by_name() {
    let (own, partner) = (
        City::new("甲市", KeyAlgorithm::P256),
        City::new("乙市", KeyAlgorithm::P256),
    );
    let refused = |terms: Terms| own.certify(partner.issuing.der(), &terms).unwrap_err();
    let any = oid::ANY_POLICY.to_string();
    let pair = |ours: &str, theirs: &str| vec![(ours.to_owned(), theirs.to_owned())];
    assert_eq!(refused(Terms::direct(&[&any], 365)), CrossError::AnyPolicy);
    assert_eq!(
        refused(Terms {
            mappings: pair(SEALS, &any),
            ..terms()
        }),
        CrossError::AnyPolicy
    );
    assert_eq!(
        refused(Terms {
            mappings: pair(&any, SEALS),
            ..terms()
        }),
        CrossError::AnyPolicy
    );
    assert_eq!(refused(Terms::direct(&[], 365)), CrossError::NoPolicy);
    assert!(matches!(refused(Terms::direct(&["seals"], 365)), CrossError::Policy(_)));
    assert!(matches!(
        refused(Terms {
            mappings: pair(HIGH, SEALS),
            ..terms()
        }),
        CrossError::MappingOfOther(_)
    ));
    for days in [0, 1826] {
        assert!(matches!(
            refused(Terms::direct(&[SEALS], days)),
            CrossError::Validity { .. }
        ));
    }
    assert!(matches!(
        refused(Terms {
            path_length: Some(256),
            ..terms()
        }),
        CrossError::PathLength { .. }
    ));
    let permitting = |name: &str| Terms {
        permitted: vec![name.to_owned()],
        ..terms()
    };
    assert!(matches!(
        refused(permitting("OU=局,O=甲市,C=CN")),
        CrossError::OwnName { .. }
    ));
    for wrong in ["乙市", "X=乙市", "O=,C=CN"] {
        assert!(
            matches!(refused(permitting(wrong)), CrossError::Constraint(_)),
            "{wrong}"
        );
    }
    let many = Terms {
        excluded: vec!["O=丁市,C=CN".to_owned(); terms::MAX_ITEMS + 1],
        ..terms()
    };
    assert!(matches!(refused(many), CrossError::TooMany { .. }));
}

#[test]
fn a_pair_holds_what_two_authorities_issued_to_each_other() {
    let (one, other) = (
        City::new("甲市", KeyAlgorithm::P256),
        City::new("乙市", KeyAlgorithm::Sm2),
    );
    let by_one = one.certify(other.root.der(), &terms()).unwrap();
    let by_other = other.certify(one.root.der(), &terms()).unwrap();
    let partner = Partner::from_certificate(&other.root, noon()).unwrap();
    assert_eq!(accept(&by_other, &one.root, &partner), Ok(()));
    assert!(matches!(
        accept(&by_one, &one.root, &partner),
        Err(CrossError::NotForUs(_))
    ));
    let stranger = City::new("丙市", KeyAlgorithm::P256)
        .certify(one.root.der(), &terms())
        .unwrap();
    assert!(matches!(
        accept(&stranger, &one.root, &partner),
        Err(CrossError::NotByPartner { .. })
    ));
    let pair = CertificatePair::new(Some(by_other.clone()), Some(by_one.clone())).unwrap();
    assert_eq!(CertificatePair::from_der(&pair.to_der()), Ok(pair));
    let half = CertificatePair::new(None, Some(by_one.clone())).unwrap();
    assert_eq!(CertificatePair::from_der(&half.to_der()), Ok(half));
    assert!(CertificatePair::new(Some(stranger), Some(by_one)).is_err());
    assert!(CertificatePair::new(None, None).is_err());
    assert!(CertificatePair::from_der(&[0x30, 0x00]).is_err());
}

#[test]
fn terms_stay_the_same_through_their_text() {
    let agreed = Terms {
        mappings: vec![(SEALS.to_owned(), HIGH.to_owned())],
        ..terms()
    };
    let text = serde_json::to_string(&agreed).unwrap();
    assert_eq!(serde_json::from_str::<Terms>(&text).unwrap(), agreed);
    assert!(serde_json::from_str::<Terms>(&text.replace("mode", "moda")).is_err());
}
