//! Chains of each algorithm from the delivered profiles, and what is refused on the way.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::asn1::oid;
use crate::ca::ocsp::{OcspError, StatusResponder};
use crate::crypto::DigestAlgorithm;
use crate::crypto::key::{KeyAlgorithm, Signer, SoftwareKey, Suite};
use crate::x509::{
    Certificate, GeneralName, KeyUsage, NameConstraints, OcspResponse, OcspStatus, PolicyMapping, RevocationReason,
    SerialNumber,
};

fn noon() -> DateTime<Utc> {
    "2026-05-28T12:00:00Z".parse().unwrap()
}

fn publication() -> Publication {
    Publication::under("http://pki.example.org/", "seal")
}

/// An authority with its key.
struct Authority {
    algorithm: KeyAlgorithm,
    certificate: Certificate,
    key: SoftwareKey,
}

fn issue(kind: ProfileKind, subject: &Subject, key: &SubjectKey, by: &Authority) -> Result<Certificate, IssueError> {
    let publication = publication();
    let prepared = prepare(&Order {
        profile: &Profile::standard(kind).unwrap(),
        subject,
        key,
        issuer: Issuer::Authority {
            certificate: &by.certificate,
            algorithm: by.key.algorithm(),
            publication: &publication,
        },
        not_before: noon(),
        serial: new_serial().unwrap(),
    })?;
    // What the delivered profiles say is not even worth a notice.
    assert_eq!(prepared.findings(), []);
    prepared.issue(&by.key).map(IssuedCertificate::into_certificate)
}

fn root(algorithm: impl Into<KeyAlgorithm>) -> Authority {
    let algorithm = algorithm.into();
    let key = SoftwareKey::generate(algorithm).unwrap();
    let prepared = prepare(&Order {
        profile: &Profile::standard(ProfileKind::Root).unwrap(),
        subject: &Subject::service("示例市", "根 CA").unwrap(),
        key: &SubjectKey::of(&key),
        issuer: Issuer::Itself {
            algorithm: key.algorithm(),
        },
        not_before: noon(),
        serial: new_serial().unwrap(),
    });
    Authority {
        algorithm,
        certificate: prepared.unwrap().issue(&key).unwrap().into_certificate(),
        key,
    }
}

fn issuing(root: &Authority) -> Authority {
    let key = SoftwareKey::generate(root.algorithm).unwrap();
    let subject = Subject::service("示例市", "签章 CA").unwrap();
    let certificate = issue(ProfileKind::Issuing, &subject, &SubjectKey::of(&key), root).unwrap();
    Authority {
        algorithm: root.algorithm,
        certificate,
        key,
    }
}

fn bureau() -> Subject {
    Subject::organisation("示例市市场监督管理局", "11159900MB0000211R").unwrap()
}

#[test]
fn root_issuing_and_organisation_form_a_chain_by_each_algorithm() {
    for algorithm in KeyAlgorithm::ALL {
        let root = root(algorithm);
        let issuing = issuing(&root);
        let key = SoftwareKey::generate(algorithm).unwrap();
        let signer = issue(
            ProfileKind::OrganisationSigner,
            &bureau(),
            &SubjectKey::of(&key),
            &issuing,
        )
        .unwrap();
        assert!(root.certificate.is_self_issued() && root.certificate.is_ca());
        assert_eq!(signer.verify_signed_by(issuing.key.public_key()), Ok(()));
        assert_eq!(issuing.certificate.verify_signed_by(root.key.public_key()), Ok(()));
        assert_eq!(signer.issuer().der(), issuing.certificate.subject().der());
        assert_eq!(signer.credit_code(), Some("11159900MB0000211R"));
        assert!(signer.allows(KeyUsage::NON_REPUDIATION) && !signer.is_ca());
        // A licence carries three certificates and has 40 KiB.
        assert!(signer.der().len() < 720, "{} bytes", signer.der().len());
    }
}

#[test]
fn every_profile_for_end_entities_is_issued_by_each_algorithm() {
    for algorithm in KeyAlgorithm::ALL {
        let issuing = issuing(&root(algorithm));
        for kind in [
            ProfileKind::SealMaker,
            ProfileKind::CredentialSigner,
            ProfileKind::ListSigner,
            ProfileKind::OcspResponder,
            ProfileKind::TlsClient,
            ProfileKind::TlsServer,
            ProfileKind::Tsa,
        ] {
            let key = SoftwareKey::generate(algorithm).unwrap();
            let mut subject = Subject::service("示例市", kind.name()).unwrap();
            if kind == ProfileKind::TlsServer {
                subject = subject.also_named(vec![GeneralName::Dns("seal.example.gov.cn".to_owned())]);
            }
            let certificate = issue(kind, &subject, &SubjectKey::of(&key), &issuing).unwrap();
            let purposes = certificate.extensions().ext_key_usage.as_ref().unwrap();
            assert_eq!(purposes.critical, kind == ProfileKind::Tsa);
        }
    }
}

#[test]
fn a_request_becomes_a_certificate_of_its_key() {
    let issuing = issuing(&root(Suite::National));
    let key = SoftwareKey::generate(Suite::National).unwrap();
    let request = request(&bureau(), &key).unwrap();
    let proven = SubjectKey::from_request(&request).unwrap();
    let certificate = issue(ProfileKind::OrganisationSigner, &bureau(), &proven, &issuing).unwrap();
    assert_eq!(certificate.public_key_info(), key.public_key().spki());
}

#[test]
fn what_is_recorded_before_signing_is_what_is_signed() {
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let serial = new_serial().unwrap();
    let prepared = prepare(&Order {
        profile: &Profile::standard(ProfileKind::Root).unwrap(),
        subject: &Subject::service("示例市", "根 CA").unwrap(),
        key: &SubjectKey::of(&key),
        issuer: Issuer::Itself {
            algorithm: key.algorithm(),
        },
        not_before: noon(),
        serial: serial.clone(),
    })
    .unwrap();
    let (recorded, hash) = (prepared.serial().clone(), prepared.hash());
    let certificate = prepared.issue(&key).unwrap().into_certificate();
    assert_eq!((certificate.serial(), &recorded), (&serial, &serial));
    let digest = DigestAlgorithm::Sha256.digest(certificate.signed_part());
    assert_eq!(hash.as_slice(), digest.as_ref());
}

#[test]
fn an_organisation_without_its_credit_code_is_refused() {
    let issuing = issuing(&root(Suite::International));
    let key = SubjectKey::of(&SoftwareKey::generate(Suite::International).unwrap());
    let subject = Subject::service("示例市", "无代码").unwrap();
    let error = issue(ProfileKind::OrganisationSigner, &subject, &key, &issuing).unwrap_err();
    assert_eq!(
        error,
        IssueError::SubjectPart {
            profile: "organisation-signer".into(),
            part: "credit-code"
        }
    );
}

#[test]
fn an_end_entity_cannot_issue() {
    let issuing = issuing(&root(Suite::International));
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let certificate = issue(
        ProfileKind::OrganisationSigner,
        &bureau(),
        &SubjectKey::of(&key),
        &issuing,
    )
    .unwrap();
    let fake = Authority {
        certificate,
        key,
        ..issuing
    };
    let subject = Subject::service("示例市", "假").unwrap();
    let key = SubjectKey::of(&SoftwareKey::generate(Suite::International).unwrap());
    let Err(IssueError::Lint(findings)) = issue(ProfileKind::SealMaker, &subject, &key, &fake) else {
        panic!("a certificate of an end entity issued another");
    };
    assert!(
        findings.iter().any(|finding| finding.rule == "issuer-is-authority"),
        "{findings:?}"
    );
}

#[test]
fn an_issuing_authority_cannot_make_another() {
    let issuing = issuing(&root(Suite::International));
    let key = SubjectKey::of(&SoftwareKey::generate(Suite::International).unwrap());
    let subject = Subject::service("示例市", "下级 CA").unwrap();
    assert!(matches!(
        issue(ProfileKind::Issuing, &subject, &key, &issuing),
        Err(IssueError::Lint(_))
    ));
}

#[test]
fn another_key_than_the_issuers_is_refused_at_signing() {
    let mut issuing = issuing(&root(Suite::International));
    issuing.key = SoftwareKey::generate(Suite::International).unwrap();
    let key = SubjectKey::of(&SoftwareKey::generate(Suite::International).unwrap());
    let error = issue(ProfileKind::OrganisationSigner, &bureau(), &key, &issuing).unwrap_err();
    assert_eq!(error, IssueError::WrongKey);
}

#[test]
fn a_certificate_that_would_start_after_its_issuers_end_is_refused_and_a_long_one_is_cut() {
    let mut root = root(Suite::International);
    let key = SubjectKey::of(&SoftwareKey::generate(Suite::International).unwrap());
    let publication = publication();
    let ordered = |root: &Authority, not_before| {
        prepare(&Order {
            profile: &Profile::standard(ProfileKind::Tsa).unwrap(),
            subject: &Subject::service("示例市", "TSA").unwrap(),
            key: &key,
            issuer: Issuer::Authority {
                certificate: &root.certificate,
                algorithm: root.key.algorithm(),
                publication: &publication,
            },
            not_before,
            serial: new_serial().unwrap(),
        })
    };
    let end = root.certificate.validity().not_after;
    let late = ordered(&root, end + TimeDelta::seconds(1)).unwrap_err();
    assert!(matches!(late, IssueError::OutsideIssuerValidity { .. }));
    let cut = ordered(&root, end - TimeDelta::days(10))
        .unwrap()
        .issue(&root.key)
        .unwrap();
    assert_eq!(cut.certificate().validity().not_after, end);
    // And a self-signed profile takes no issuer.
    root.certificate = cut.into_certificate();
    let wrong = prepare(&Order {
        profile: &Profile::standard(ProfileKind::Tsa).unwrap(),
        subject: &Subject::service("示例市", "TSA").unwrap(),
        key: &key,
        issuer: Issuer::Itself {
            algorithm: root.key.algorithm(),
        },
        not_before: noon(),
        serial: new_serial().unwrap(),
    });
    assert!(matches!(wrong, Err(IssueError::IssuerKind { self_signed: false, .. })));
}

#[test]
fn a_serial_number_that_is_too_short_is_refused_by_its_rule() {
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let refused = prepare(&Order {
        profile: &Profile::standard(ProfileKind::Root).unwrap(),
        subject: &Subject::service("示例市", "根 CA").unwrap(),
        key: &SubjectKey::of(&key),
        issuer: Issuer::Itself {
            algorithm: key.algorithm(),
        },
        not_before: noon(),
        serial: SerialNumber::from_content(&[1]),
    });
    let Err(IssueError::Lint(findings)) = refused else {
        panic!("a serial number of one octet passed")
    };
    assert_eq!(
        findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(),
        ["serial-number-unguessable"]
    );
}

#[test]
fn a_server_has_names_and_only_names_of_the_forms_of_its_profile() {
    let issuing = issuing(&root(Suite::International));
    let key = SubjectKey::of(&SoftwareKey::generate(Suite::International).unwrap());
    let server = Subject::service("示例市", "seal").unwrap();
    assert!(matches!(
        issue(ProfileKind::TlsServer, &server, &key, &issuing),
        Err(IssueError::SubjectPart {
            part: "alternative-name",
            ..
        })
    ));
    let person = Subject::person("张三").unwrap();
    let mail = || vec![GeneralName::Rfc822("zhang@example.cn".to_owned())];
    assert!(issue(ProfileKind::Person, &person.clone().also_named(mail()), &key, &issuing).is_ok());
    assert!(matches!(
        issue(ProfileKind::TlsServer, &server.also_named(mail()), &key, &issuing),
        Err(IssueError::AlternativeName { .. })
    ));
    assert!(issue(ProfileKind::Person, &person, &key, &issuing).is_ok());
}

#[test]
fn a_cross_certificate_says_what_was_agreed_with_the_partner() {
    let root = root(Suite::International);
    let partner = issuing(&self::root(Suite::National));
    let [ours, theirs] = ["1.2.3", "1.2.4"].map(|text| der::asn1::ObjectIdentifier::new(text).unwrap());
    let profile = Profile {
        policies: vec![ours],
        policy_mappings: vec![PolicyMapping {
            issuer_domain: ours,
            subject_domain: theirs,
        }],
        name_constraints: NameConstraints {
            permitted: vec![GeneralName::Directory(partner.certificate.subject().clone())],
            excluded: vec![GeneralName::Dns("example.gov.cn".to_owned())],
        },
        ..Profile::standard(ProfileKind::Cross).unwrap()
    };
    let publication = publication();
    let prepared = prepare(&Order {
        profile: &profile,
        subject: &Subject::named(partner.certificate.subject().clone(), None),
        key: &SubjectKey::of(&partner.key),
        issuer: Issuer::Authority {
            certificate: &root.certificate,
            algorithm: root.key.algorithm(),
            publication: &publication,
        },
        not_before: noon(),
        serial: new_serial().unwrap(),
    });
    let cross = prepared.unwrap().issue(&root.key).unwrap().into_certificate();
    let extensions = cross.extensions();
    assert!(extensions.policy_mappings.as_ref().unwrap().critical);
    assert_eq!(
        extensions.name_constraints.as_ref().unwrap().value,
        profile.name_constraints
    );
    assert_eq!(extensions.inhibit_any_policy.as_ref().unwrap().value, 0);
    assert_eq!(cross.subject().der(), partner.certificate.subject().der());
}

#[test]
fn a_list_revokes_what_it_names_by_each_algorithm() {
    for algorithm in KeyAlgorithm::ALL {
        let issuing = issuing(&root(algorithm));
        let key = SoftwareKey::generate(algorithm).unwrap();
        let certificate = issue(
            ProfileKind::OrganisationSigner,
            &bureau(),
            &SubjectKey::of(&key),
            &issuing,
        )
        .unwrap();
        let since = noon() - TimeDelta::days(2);
        let entry = revoke(&certificate, RevocationReason::KeyCompromise, noon(), Some(since)).unwrap();
        let order = CrlOrder::complete(300, noon(), TimeDelta::days(7), std::slice::from_ref(&entry));
        let crl = crl::build(&issuing.certificate, &issuing.key, &order).unwrap();
        assert_eq!(crl.entry(certificate.issuer(), certificate.serial()), Some(entry));
        assert_eq!(crl.number(), Some(&[1, 44][..]));
        let authority = crl.extensions().authority_key_identifier.as_ref().unwrap();
        assert_eq!(
            authority.value.key_identifier.as_deref(),
            issuing.certificate.key_identifier()
        );
    }
}

#[test]
fn who_may_not_sign_lists_signs_none() {
    let issuing = issuing(&root(Suite::International));
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let leaf = issue(
        ProfileKind::OrganisationSigner,
        &bureau(),
        &SubjectKey::of(&key),
        &issuing,
    )
    .unwrap();
    let order = CrlOrder::complete(1, noon(), TimeDelta::days(7), &[]);
    assert_eq!(crl::build(&leaf, &key, &order).unwrap_err(), CrlError::NotAllowed);
    assert_eq!(
        crl::build(&issuing.certificate, &key, &order).unwrap_err(),
        CrlError::WrongKey
    );
    let late = CrlOrder {
        next_update: noon(),
        ..order
    };
    assert!(matches!(
        crl::build(&issuing.certificate, &issuing.key, &late),
        Err(CrlError::Dates { .. })
    ));
}

#[test]
fn revocations_that_make_no_sense_are_refused() {
    let root = root(Suite::International);
    let leaf = issuing(&root).certificate;
    let revoked = |reason, since| revoke(&leaf, reason, noon(), since);
    assert!(revoked(RevocationReason::CaCompromise, None).is_ok());
    let off = RevocationReason::RemoveFromCrl;
    assert_eq!(revoked(off, None), Err(RevokeError::Reason(off)));
    let later = Some(noon() + TimeDelta::seconds(1));
    assert!(matches!(
        revoked(RevocationReason::KeyCompromise, later),
        Err(RevokeError::InvalidityDate { .. })
    ));
}

#[test]
fn addresses_stand_where_readers_look_for_them() {
    let issuing = issuing(&root(Suite::International));
    let extensions = issuing.certificate.extensions();
    let points = &extensions.crl_distribution_points.as_ref().unwrap().value;
    assert_eq!(
        points[0].name.as_ref().unwrap().url(),
        Some("http://pki.example.org/crl/seal.crl")
    );
    let methods = |certificate: &Certificate| {
        let access = certificate.extensions().authority_info_access.as_ref();
        let methods = access.map(|access| access.value.iter().map(|access| access.method).collect::<Vec<_>>());
        methods.unwrap_or_default()
    };
    // What a licence carries brings the lists that prove its status with it.
    assert_eq!(methods(&issuing.certificate), [oid::AD_CA_ISSUERS]);
    let key = SoftwareKey::generate(Suite::International).unwrap();
    let subject = Subject::service("示例市", "Credential Signer").unwrap();
    let signer = issue(ProfileKind::CredentialSigner, &subject, &SubjectKey::of(&key), &issuing).unwrap();
    assert_eq!(methods(&signer), [oid::AD_OCSP]);
}

#[test]
fn a_responder_is_certified_by_its_own_authority_and_for_this_alone() {
    for algorithm in KeyAlgorithm::ALL {
        let (first, second) = (issuing(&root(algorithm)), issuing(&root(algorithm)));
        let key = Arc::new(SoftwareKey::generate(algorithm).unwrap());
        let subject = Subject::service("示例市", "签章 CA OCSP").unwrap();
        let certify = |kind| issue(kind, &subject, &SubjectKey::of(&*key), &first).unwrap();
        let responder = |certificate, issuer: &Authority| {
            StatusResponder::new(Arc::<SoftwareKey>::clone(&key), certificate, &issuer.certificate)
        };
        let certificate = certify(ProfileKind::OcspResponder);
        assert!(matches!(
            responder(certificate.clone(), &second),
            Err(OcspError::OtherIssuer { .. })
        ));
        let other = certify(ProfileKind::CredentialSigner);
        assert!(matches!(responder(other, &first), Err(OcspError::Purpose(_))));
        let responder = responder(certificate, &first).unwrap();

        // One signature answers who asks by SHA-1, SHA-256 or, where that is at home, SM3.
        let known = (responder.certificate().serial().clone(), OcspStatus::Good, None);
        let signed = responder.pre_sign(&known, noon()).unwrap();
        let read = OcspResponse::from_der(&signed.der).unwrap();
        let named = read.answers().iter().map(|answer| {
            assert!(answer.id.names(responder.certificate(), &first.certificate));
            assert!(responder.answers_for(&answer.id));
            answer.id.algorithm.unwrap()
        });
        let mut expected = vec![DigestAlgorithm::Sha1, DigestAlgorithm::Sha256];
        expected.extend((algorithm == KeyAlgorithm::Sm2).then_some(DigestAlgorithm::Sm3));
        assert_eq!(named.collect::<Vec<_>>(), expected);
        assert_eq!(signed.next_update, noon() + ocsp::ANSWER_LIFETIME);
    }
}
