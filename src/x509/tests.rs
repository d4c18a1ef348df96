//! What one stack writes the other reads back as it was; damaged encodings are refused calmly.

use std::hash::{Hash as _, Hasher};

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::asn1::oid;
use crate::crypto::SignatureAlgorithm;
use crate::crypto::key::{Signer, SoftwareKey, Suite};

fn noon() -> DateTime<Utc> {
    "2026-05-28T12:00:00Z".parse().unwrap()
}

fn named(common_name: &str) -> Name {
    build::name(&[(oid::COUNTRY_NAME, "CN"), (oid::COMMON_NAME, common_name)]).unwrap()
}

fn present<T>(critical: bool, value: T) -> Option<Extension<T>> {
    Some(Extension { critical, value })
}

/// One of every extension that is written.
fn every_extension() -> Extensions {
    let uri = |text: &str| GeneralName::Uri(text.to_owned());
    let full = |text| Some(DistributionPointName::Full(vec![uri(text)]));
    Extensions {
        authority_key_identifier: present(
            false,
            AuthorityKeyIdentifier {
                key_identifier: Some(vec![1; 20]),
                issuer: vec![GeneralName::Directory(named("上级"))],
                serial: Some(SerialNumber::from_content(&[9, 9])),
            },
        ),
        subject_key_identifier: present(false, vec![2; 20]),
        key_usage: present(
            true,
            KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN | KeyUsage::DECIPHER_ONLY,
        ),
        certificate_policies: present(false, vec![oid::GOVERNMENT_SEAL_POLICY, oid::ANY_POLICY]),
        policy_mappings: present(
            true,
            vec![PolicyMapping {
                issuer_domain: oid::TSA_POLICY,
                subject_domain: oid::GOVERNMENT_SEAL_POLICY,
            }],
        ),
        subject_alt_name: present(
            false,
            vec![
                GeneralName::Rfc822("a@example.org".into()),
                GeneralName::Dns("example.org".into()),
                GeneralName::Ip(vec![192, 0, 2, 1]),
            ],
        ),
        basic_constraints: present(
            true,
            BasicConstraints {
                ca: true,
                path_length: Some(3),
            },
        ),
        name_constraints: present(
            true,
            NameConstraints {
                permitted: vec![GeneralName::Directory(named("内"))],
                excluded: vec![GeneralName::Dns("example.com".into())],
            },
        ),
        policy_constraints: present(
            true,
            PolicyConstraints {
                require_explicit_policy: Some(0),
                inhibit_policy_mapping: Some(2),
            },
        ),
        ext_key_usage: present(true, vec![oid::KP_SEAL_MAKING, oid::KP_TIME_STAMPING]),
        crl_distribution_points: present(
            false,
            vec![DistributionPoint {
                name: full("http://example.org/a.crl"),
                reasons: Some(ReasonFlags(0b10)),
                crl_issuer: vec![GeneralName::Directory(named("代发"))],
            }],
        ),
        inhibit_any_policy: present(true, 1),
        authority_info_access: present(
            false,
            vec![AccessDescription {
                method: oid::AD_CA_ISSUERS,
                location: uri("http://example.org/a.crt"),
            }],
        ),
        subject_info_access: present(
            false,
            vec![AccessDescription {
                method: oid::AD_CA_REPOSITORY,
                location: uri("http://example.org/a.p7c"),
            }],
        ),
        freshest_crl: present(
            false,
            vec![DistributionPoint {
                name: full("http://example.org/delta.crl"),
                reasons: None,
                crl_issuer: Vec::new(),
            }],
        ),
        credit_code: present(false, "91350100M000100Y43".into()),
        licence_types: present(
            false,
            vec!["11100000000013338W011".into(), "11100000MB0143028R001".into()],
        ),
        unknown: vec![UnknownExtension {
            oid: oid::TSA_POLICY.to_string(),
            critical: true,
            value: vec![5, 0],
        }],
        ..every_list_extension()
    }
}

/// Those of lists alone.
fn every_list_extension() -> Extensions {
    let full = |url: &str| Some(DistributionPointName::Full(vec![GeneralName::Uri(url.into())]));
    Extensions {
        crl_number: present(false, vec![0x01, 0x00]),
        delta_crl_indicator: present(true, vec![0x05]),
        issuing_distribution_point: present(
            true,
            IssuingDistributionPoint {
                name: full("http://example.org/a.crl"),
                only_ca_certificates: true,
                only_some_reasons: Some(ReasonFlags(0b1_0000_0010)),
                indirect: true,
                ..Default::default()
            },
        ),
        ..Extensions::default()
    }
}

fn sample_certificate(suite: Suite, extensions: &Extensions) -> (Certificate, SoftwareKey) {
    let key = SoftwareKey::generate(suite).unwrap();
    let name = named("根");
    let fields = build::CertificateFields {
        serial: &SerialNumber::from_content(&[0x12, 0x34]),
        algorithm: key.algorithm(),
        issuer: &name,
        validity: Validity {
            not_before: noon(),
            not_after: noon() + TimeDelta::days(10_000),
        },
        subject: &name,
        public_key_info: key.public_key().spki(),
        extensions,
    };
    let signed_part = build::certificate(&fields).unwrap();
    let der = build::signed(&signed_part, key.algorithm(), &key.sign(&signed_part).unwrap());
    (Certificate::from_der(&der).unwrap(), key)
}

fn sample_crl(key: &SoftwareKey, entries: &[RevokedEntry]) -> Crl {
    let fields = build::CrlFields {
        algorithm: key.algorithm(),
        issuer: &named("根"),
        this_update: noon(),
        next_update: noon() + TimeDelta::days(7),
        entries,
        extensions: &Extensions {
            crl_number: present(false, vec![7]),
            ..Default::default()
        },
    };
    let signed_part = build::crl(&fields).unwrap();
    let der = build::signed(&signed_part, key.algorithm(), &key.sign(&signed_part).unwrap());
    Crl::from_der(&der).unwrap()
}

fn entry(serial: &[u8], reason: RevocationReason, invalidity_date: Option<DateTime<Utc>>) -> RevokedEntry {
    RevokedEntry {
        serial: SerialNumber::from_content(serial),
        revoked_at: noon(),
        reason,
        invalidity_date,
    }
}

fn sample_request(suite: Suite) -> (Vec<u8>, SoftwareKey) {
    let key = SoftwareKey::generate(suite).unwrap();
    let extensions = Extensions {
        key_usage: present(true, KeyUsage::DIGITAL_SIGNATURE),
        ..Default::default()
    };
    let info = build::request(&named("申请人"), key.public_key().spki(), &extensions).unwrap();
    (build::signed(&info, key.algorithm(), &key.sign(&info).unwrap()), key)
}

#[test]
fn every_extension_comes_back_as_it_was_written() {
    let written = every_extension();
    let (certificate, _) = sample_certificate(Suite::International, &written);
    assert_eq!(*certificate.extensions(), written);
    assert_eq!(certificate.extensions().unknown_critical().count(), 1);
}

#[test]
fn a_certificate_of_each_suite_says_what_was_written_and_verifies() {
    for suite in Suite::ALL {
        let (certificate, key) = sample_certificate(
            suite,
            &Extensions {
                credit_code: present(false, "91350100M000100Y43".into()),
                ..Default::default()
            },
        );
        assert_eq!(certificate.version(), 3);
        assert_eq!(certificate.serial().to_string(), "1234");
        assert_eq!(certificate.subject(), &named("根"));
        assert!(certificate.is_self_issued());
        // 10,000 days on lies beyond 2049, where GeneralizedTime begins.
        assert_eq!(certificate.validity().not_after, noon() + TimeDelta::days(10_000));
        assert_eq!(certificate.public_key_info(), key.public_key().spki());
        assert_eq!(certificate.credit_code(), Some("91350100M000100Y43"));
        assert_eq!(certificate.verify_signed_by(key.public_key()), Ok(()));
        let other = SoftwareKey::generate(suite).unwrap();
        assert!(certificate.verify_signed_by(other.public_key()).is_err());
    }
}

#[test]
fn sm2_with_null_parameters_is_read_like_sm2_without() {
    let (certificate, key) = sample_certificate(Suite::National, &Extensions::default());
    let absent = SignatureAlgorithm::Sm2Sm3.identifier_der();
    let null = crate::asn1::write::encode(|w| {
        w.sequence(|w| {
            w.oid(oid::SM2_WITH_SM3);
            w.primitive(crate::asn1::write::NULL, &[]);
        })
    });
    // Same length of length octets inside and out: only two bytes are added in each place.
    let inner = replace_once(certificate.signed_part(), &absent, &null);
    let inner = with_length(&inner);
    let signature = key.sign(&inner).unwrap();
    let der = crate::asn1::write::encode(|w| {
        w.sequence(|w| {
            w.raw(&inner);
            w.raw(&null);
            w.bit_string(&signature);
        })
    });
    assert_eq!(
        Certificate::from_der(&der).unwrap().verify_signed_by(key.public_key()),
        Ok(())
    );
}

fn replace_once(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

/// The contents of a SEQUENCE whose length is stale, under a right one.
fn with_length(stale: &[u8]) -> Vec<u8> {
    let header = crate::asn1::walk::element(stale, 0, usize::MAX).unwrap().content;
    crate::asn1::write::encode(|w| w.sequence(|w| w.raw(&stale[header..])))
}

#[test]
fn another_algorithm_inside_than_outside_is_refused() {
    let (certificate, _) = sample_certificate(Suite::International, &Extensions::default());
    let der = build::signed(
        certificate.signed_part(),
        SignatureAlgorithm::EcdsaSha384,
        certificate.signature(),
    );
    assert_eq!(Certificate::from_der(&der).unwrap_err(), ReadError::AlgorithmMismatch);
}

#[test]
fn the_same_extension_twice_is_refused() {
    let twice = UnknownExtension {
        oid: oid::TSA_POLICY.to_string(),
        critical: false,
        value: vec![5, 0],
    };
    let extensions = Extensions {
        unknown: vec![twice.clone(), twice],
        ..Default::default()
    };
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let fields = build::CertificateFields {
        serial: &SerialNumber::from_content(&[1]),
        algorithm: key.algorithm(),
        issuer: &named("根"),
        validity: Validity {
            not_before: noon(),
            not_after: noon(),
        },
        subject: &named("根"),
        public_key_info: key.public_key().spki(),
        extensions: &extensions,
    };
    let der = build::signed(&build::certificate(&fields).unwrap(), key.algorithm(), b"");
    assert!(matches!(
        Certificate::from_der(&der),
        Err(ReadError::DuplicateExtension { .. })
    ));
}

#[test]
fn data_behind_an_extension_value_are_refused() {
    let mut extensions = Extensions::default();
    let value = vec![0x30, 0x00, 0x05, 0x00];
    extensions.unknown.push(UnknownExtension {
        oid: oid::BASIC_CONSTRAINTS.to_string(),
        critical: true,
        value,
    });
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let fields = build::CertificateFields {
        serial: &SerialNumber::from_content(&[1]),
        algorithm: key.algorithm(),
        issuer: &named("根"),
        validity: Validity {
            not_before: noon(),
            not_after: noon(),
        },
        subject: &named("根"),
        public_key_info: key.public_key().spki(),
        extensions: &extensions,
    };
    let der = build::signed(&build::certificate(&fields).unwrap(), key.algorithm(), b"");
    assert_eq!(
        Certificate::from_der(&der).unwrap_err(),
        ReadError::Extension {
            oid: oid::BASIC_CONSTRAINTS.to_string()
        }
    );
}

#[test]
fn names_compare_by_their_meaning() {
    let utf8 = build::name(&[(oid::ORGANIZATION_NAME, "  Good   CA "), (oid::SERIAL_NUMBER, "a1")]).unwrap();
    let other = build::name(&[(oid::ORGANIZATION_NAME, "good ca"), (oid::SERIAL_NUMBER, "A1")]).unwrap();
    assert_eq!(utf8, other);
    assert_ne!(utf8.der(), other.der());
    // Full-width letters and brackets, and a composed and a decomposed letter, are the same after normalisation.
    let organization = |text: &str| build::name(&[(oid::ORGANIZATION_NAME, text)]).unwrap();
    assert_eq!(organization("赤峰（ＣＡ）"), organization("赤峰(ca)"));
    assert_eq!(organization("Caf\u{e9}"), organization("CAFE\u{301}"));
    assert_eq!(organization("印\u{200b}信"), organization("印信"));
    assert_ne!(organization("印信"), organization("印 信"));
    // The same attribute as a PrintableString.
    let printable = Name::from_der(b"\x30\x12\x31\x10\x30\x0e\x06\x03\x55\x04\x0a\x13\x07GOOD CA").unwrap();
    assert_eq!(printable, build::name(&[(oid::ORGANIZATION_NAME, "good ca")]).unwrap());
    assert_ne!(printable, build::name(&[(oid::COMMON_NAME, "good ca")]).unwrap());
    assert!(other.is_within(&printable) && !printable.is_within(&other));
}

#[test]
fn a_list_finds_its_entries_and_only_those() {
    let key = SoftwareKey::generate(Suite::National).unwrap();
    let compromised = noon() - TimeDelta::days(3);
    let crl = sample_crl(
        &key,
        &[
            entry(&[0x30], RevocationReason::KeyCompromise, Some(compromised)),
            entry(&[0x10, 0x01], RevocationReason::Unspecified, None),
            entry(&[0x20], RevocationReason::Superseded, None),
        ],
    );
    assert_eq!(crl.verify_signed_by(key.public_key()), Ok(()));
    assert_eq!((crl.len(), crl.number()), (3, Some(&[7][..])));
    assert_eq!(
        (crl.this_update(), crl.next_update()),
        (noon(), Some(noon() + TimeDelta::days(7)))
    );
    let found = crl.entry(&named("根"), &SerialNumber::from_content(&[0x30])).unwrap();
    assert_eq!(
        found,
        entry(&[0x30], RevocationReason::KeyCompromise, Some(compromised))
    );
    let plain = crl
        .entry(&named("根"), &SerialNumber::from_content(&[0x10, 0x01]))
        .unwrap();
    assert_eq!(plain.reason, RevocationReason::Unspecified);
    assert_eq!(crl.entry(&named("根"), &SerialNumber::from_content(&[0x11])), None);
    assert_eq!(crl.entry(&named("他"), &SerialNumber::from_content(&[0x30])), None);
}

#[test]
fn a_serial_number_with_octets_before_it_is_that_number_in_lists_and_certificates() {
    let (certificate, key) = sample_certificate(Suite::International, &Extensions::default());
    let padded = |der: &[u8]| replace_once(der, &[2, 2, 0x12, 0x34], &[2, 2, 0x00, 0x34]);
    let plain = SerialNumber::from_content(&[0x34]);
    let certificate = Certificate::from_der(&padded(certificate.der())).unwrap();
    assert_eq!(*certificate.serial(), plain);
    let crl = sample_crl(&key, &[entry(&[0x12, 0x34], RevocationReason::KeyCompromise, None)]);
    let crl = Crl::from_der(&padded(crl.der())).unwrap();
    assert_eq!(
        crl.entry(&named("根"), &plain),
        Some(entry(&[0x34], RevocationReason::KeyCompromise, None))
    );
}

/// Counts the octets that are hashed.
#[derive(Default)]
struct Counted(usize);

impl Hasher for Counted {
    fn write(&mut self, octets: &[u8]) {
        self.0 += octets.len();
    }

    fn finish(&self) -> u64 {
        0
    }
}

#[test]
fn however_long_a_name_is_looking_it_up_takes_as_many_octets() {
    let hashed = |name: &Name| {
        let mut counted = Counted::default();
        name.hash(&mut counted);
        counted.0
    };
    let unit = "云岭市".repeat(10);
    let mut attributes = vec![(oid::COMMON_NAME, "a")];
    attributes.resize(300, (oid::ORGANIZATIONAL_UNIT_NAME, unit.as_str()));
    let long = build::name(&attributes).unwrap();
    attributes[0].1 = "b";
    let other = build::name(&attributes).unwrap();
    assert_eq!([&named("a"), &long, &other].map(hashed), [32; 3]);
    assert_ne!(long, other);
    attributes[0].1 = " A ";
    assert_eq!(long, build::name(&attributes).unwrap());
}

#[test]
fn an_entry_that_names_an_issuer_is_refused_where_the_list_is_not_indirect() {
    let list = |indirect: bool| {
        use crate::asn1::write;
        let algorithm = SignatureAlgorithm::EcdsaSha256.identifier_der();
        let named_issuer = write::encode(|w| {
            w.sequence(|w| {
                w.primitive(write::INTEGER, &[0x30]);
                w.generalized_time(noon());
                w.sequence(|w| {
                    w.sequence(|w| {
                        w.oid(oid::CERTIFICATE_ISSUER);
                        w.boolean_true();
                        let name =
                            |w: &mut write::Writer| w.constructed(write::context(4), |w| w.raw(named("他").der()));
                        w.constructed(write::OCTET_STRING, |w| w.sequence(name));
                    });
                });
            });
        });
        let point = |w: &mut write::Writer| {
            w.sequence(|w| {
                w.oid(oid::ISSUING_DISTRIBUTION_POINT);
                w.boolean_true();
                let point = |w: &mut write::Writer| w.sequence(|w| w.primitive(write::context_primitive(4), &[0xff]));
                w.constructed(write::OCTET_STRING, point);
            });
        };
        let signed_part = write::encode(|w| {
            w.sequence(|w| {
                w.unsigned(1);
                w.raw(&algorithm);
                w.raw(named("根").der());
                w.generalized_time(noon());
                w.generalized_time(noon() + TimeDelta::days(7));
                w.sequence(|w| w.raw(&named_issuer));
                if indirect {
                    w.constructed(write::context(0), |w| w.sequence(point));
                }
            });
        });
        Crl::from_der(&build::signed(&signed_part, SignatureAlgorithm::EcdsaSha256, &[0; 8]))
    };
    let serial = SerialNumber::from_content(&[0x30]);
    let indirect = list(true).unwrap();
    assert!(indirect.entry(&named("他"), &serial).is_some());
    assert!(indirect.entry(&named("根"), &serial).is_none());
    assert!(matches!(
        list(false).unwrap_err(),
        ReadError::Structure {
            part: "certificateIssuer",
            ..
        }
    ));
}

#[test]
fn entry_extensions_that_cannot_be_read_are_refused_not_passed_over() {
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let crl = sample_crl(&key, &[entry(&[0x30], RevocationReason::KeyCompromise, None)]);
    // The OCTET STRING around the reason becomes a NULL of the same length.
    let reason = oid::CRL_REASONS.as_bytes();
    let at = crl.der().windows(3).position(|window| window == reason).unwrap();
    let mut bytes = crl.der().to_vec();
    bytes[at + 3] = 0x05;
    assert_eq!(
        Crl::from_der(&bytes).unwrap_err(),
        ReadError::Structure {
            what: "revocation list",
            part: "crlEntryExtensions"
        }
    );
}

#[test]
fn a_list_without_entries_is_empty() {
    let key = SoftwareKey::generate(Suite::International).unwrap();
    assert!(sample_crl(&key, &[]).is_empty());
}

#[test]
fn a_request_proves_possession_of_its_key_and_a_swapped_key_does_not() {
    for suite in Suite::ALL {
        let (der, key) = sample_request(suite);
        let request = CertificationRequest::from_der(&der).unwrap();
        assert_eq!(request.prove_possession().as_ref(), Ok(key.public_key()));
        assert_eq!(request.subject(), &named("申请人"));
        assert_eq!(
            request.extensions().key_usage,
            present(true, KeyUsage::DIGITAL_SIGNATURE)
        );
        let other = SoftwareKey::generate(suite).unwrap();
        let swapped = replace_once(&der, key.public_key().spki(), other.public_key().spki());
        assert!(
            CertificationRequest::from_der(&swapped)
                .unwrap()
                .prove_possession()
                .is_err()
        );
    }
}

/// Every cut is refused; every flipped byte is refused or read, never a panic, and never verifies.
fn damage(der: &[u8], read: impl Fn(&[u8]) -> Option<bool>) {
    for length in 0..der.len() {
        assert_eq!(read(&der[..length]), None, "cut at {length}");
    }
    assert_eq!(read(&[der, &[0]].concat()), None, "a byte behind");
    for at in 0..der.len() {
        for bit in [0x01, 0x20, 0x80, 0xff] {
            let mut bytes = der.to_vec();
            bytes[at] ^= bit;
            assert_ne!(read(&bytes), Some(true), "byte {at} with {bit:#x}");
        }
    }
}

#[test]
fn a_damaged_certificate_is_never_accepted_and_never_panics() {
    let (certificate, key) = sample_certificate(Suite::International, &every_extension());
    damage(certificate.der(), |bytes| {
        let certificate = Certificate::from_der(bytes).ok()?;
        Some(certificate.verify_signed_by(key.public_key()).is_ok())
    });
}

#[test]
fn a_damaged_list_is_never_accepted_and_never_panics() {
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let crl = sample_crl(&key, &[entry(&[0x30], RevocationReason::KeyCompromise, Some(noon()))]);
    damage(crl.der(), |bytes| {
        Some(Crl::from_der(bytes).ok()?.verify_signed_by(key.public_key()).is_ok())
    });
}

#[test]
fn a_damaged_request_is_never_accepted_and_never_panics() {
    let (der, _) = sample_request(Suite::International);
    damage(&der, |bytes| {
        Some(CertificationRequest::from_der(bytes).ok()?.prove_possession().is_ok())
    });
}

#[test]
fn more_bytes_than_the_limit_are_refused_unread() {
    let too_many = vec![0x30; MAX_CERTIFICATE_BYTES + 1];
    assert!(matches!(
        Certificate::from_der(&too_many),
        Err(ReadError::TooLarge { .. })
    ));
    assert!(matches!(
        CertificationRequest::from_der(&too_many),
        Err(ReadError::TooLarge { .. })
    ));
    assert!(matches!(
        Crl::from_der(&vec![0x30; MAX_CRL_BYTES + 1]),
        Err(ReadError::TooLarge { .. })
    ));
}

#[test]
fn an_authority_is_of_our_organisation_only_where_that_stands_in_the_same_place() {
    let name = |place: &[&str]| {
        let mut attributes = vec![(oid::COUNTRY_NAME, "CN")];
        attributes.extend(place.iter().map(|text| (oid::STATE_OR_PROVINCE_NAME, *text)));
        attributes.extend([(oid::ORGANIZATION_NAME, "甲市"), (oid::COMMON_NAME, "根 CA")]);
        build::name(&attributes).unwrap()
    };
    assert!(name(&[]).is_of_same_organisation(&name(&[])));
    assert!(!name(&[]).is_of_same_organisation(&name(&["乙省"])));
    assert!(
        named("根").is_of_same_organisation(&named("签发")),
        "where none names one"
    );
}
