//! Certificates: reserved, issued, revoked, listed.

use yinxin::store::{
    Certificate, CertificateAuthority, CertificateFilter, CertificateRevocation, CertificateState, CertificateStatus,
    CompletedCertificate, Conflict, Counter, Crl, SerialReservation, StoreError,
};
use yinxin::x509::RevocationReason;

use super::place::Place;
use super::samples::time;

stories![
    a_certificate_is_issued_under_a_reserved_serial,
    a_serial_is_reserved_once_by_an_authority,
    only_what_was_reserved_is_completed,
    a_certificate_is_revoked_once_and_listed,
    the_newest_crl_is_the_one_with_the_highest_number,
    a_certificate_authority_is_found_by_its_name,
    the_certificates_of_an_authority_are_listed_newest_first_a_page_at_a_time,
];

const CA: &str = "city-issuing";

fn reservation(serial: &[u8]) -> SerialReservation {
    SerialReservation {
        ca: CA.to_owned(),
        serial: serial.to_vec(),
        tbs_sha256: [7; 32],
        profile: "signer".to_owned(),
        subject: "CN=某局".to_owned(),
        is_authority: false,
        shard: None,
        key_sha256: [8; 32],
        subject_sha256: [9; 32],
        reserved_at: time(0),
    }
}

fn completion(serial: &[u8]) -> CompletedCertificate {
    let mut sha256 = [0; 32];
    sha256[..serial.len()].copy_from_slice(serial);
    CompletedCertificate {
        ca: CA.to_owned(),
        serial: serial.to_vec(),
        tbs_sha256: [7; 32],
        der: [b"certificate ", serial].concat(),
        sha256,
        not_before: time(0),
        not_after: time(1000),
        issued_at: time(1),
    }
}

fn revocation(serial: &[u8]) -> CertificateRevocation {
    CertificateRevocation {
        ca: CA.to_owned(),
        serial: serial.to_vec(),
        reason: RevocationReason::KeyCompromise,
        revoked_at: time(50),
        invalid_since: Some(time(40)),
    }
}

async fn issue(place: &Place, serial: &[u8]) {
    place
        .commit(|change| _ = change.reserve_serial(reservation(serial)))
        .await
        .unwrap();
    place
        .commit(|change| _ = change.complete_certificate(completion(serial)))
        .await
        .unwrap();
}

async fn find(place: &Place, serial: &[u8]) -> Certificate {
    place
        .store
        .certificate(CA, serial)
        .await
        .unwrap()
        .expect("the certificate is there")
}

async fn a_certificate_is_issued_under_a_reserved_serial(place: Place) {
    place
        .commit(|change| _ = change.reserve_serial(reservation(&[1])))
        .await
        .unwrap();
    assert_eq!(find(&place, &[1]).await.state, CertificateState::Reserved);
    place
        .commit(|change| _ = change.complete_certificate(completion(&[1])))
        .await
        .unwrap();
    let done = completion(&[1]);
    let expected = CertificateState::Issued {
        der: done.der,
        sha256: done.sha256,
        not_before: done.not_before,
        not_after: done.not_after,
        issued_at: done.issued_at,
        revoked: false,
    };
    assert_eq!(find(&place, &[1]).await.state, expected);
    let by_digest = place.store.certificate_by_sha256(&done.sha256).await.unwrap();
    assert_eq!(by_digest, Some(find(&place, &[1]).await));
}

async fn a_serial_is_reserved_once_by_an_authority(place: Place) {
    place
        .commit(|change| _ = change.reserve_serial(reservation(&[0xAB])))
        .await
        .unwrap();
    let refusal = place
        .commit(|change| _ = change.reserve_serial(reservation(&[0xAB])))
        .await
        .unwrap_err();
    assert_eq!(refusal.to_string(), "certificate serial \"ab\" is already in the store");
    let other = SerialReservation {
        ca: "another".to_owned(),
        ..reservation(&[0xAB])
    };
    place.commit(|change| _ = change.reserve_serial(other)).await.unwrap();
}

async fn only_what_was_reserved_is_completed(place: Place) {
    let complete = async |completion| place.commit(|change| _ = change.complete_certificate(completion)).await;
    let refusal = complete(completion(&[1])).await.unwrap_err();
    assert!(matches!(refusal, StoreError::NotFound { .. }), "{refusal}");
    place
        .commit(|change| _ = change.reserve_serial(reservation(&[1])))
        .await
        .unwrap();
    let other = CompletedCertificate {
        tbs_sha256: [8; 32],
        ..completion(&[1])
    };
    let refusal = complete(other).await.unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::OtherContent { .. })),
        "{refusal}"
    );
    complete(completion(&[1])).await.unwrap();
    let refusal = complete(completion(&[1])).await.unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "certificate \"01\" is in state issued, not reserved"
    );
}

async fn a_certificate_is_revoked_once_and_listed(place: Place) {
    for serial in [[1], [2], [3]] {
        issue(&place, &serial).await;
    }
    for serial in [[3], [1]] {
        place
            .commit(|change| _ = change.revoke_certificate(revocation(&serial)))
            .await
            .unwrap();
    }
    let refusal = place
        .commit(|change| _ = change.revoke_certificate(revocation(&[1])))
        .await
        .unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "certificate \"01\" is in state revoked, not issued"
    );
    assert!(matches!(
        find(&place, &[1]).await.state,
        CertificateState::Issued { revoked: true, .. }
    ));
    assert!(matches!(
        find(&place, &[2]).await.state,
        CertificateState::Issued { revoked: false, .. }
    ));
    assert_eq!(
        place.store.revocations(CA).await.unwrap(),
        [revocation(&[1]), revocation(&[3])]
    );
    assert_eq!(place.store.revocation(CA, &[2]).await.unwrap(), None);
    let page = place.store.certificates(CA, Some(&[1]), 1).await.unwrap();
    assert_eq!(page, [find(&place, &[2]).await]);
}

async fn the_newest_crl_is_the_one_with_the_highest_number(place: Place) {
    let counter = Counter::CrlNumber { ca: CA.to_owned() };
    let crl = |number| Crl {
        ca: CA.to_owned(),
        number,
        der: format!("CRL {number}").into_bytes(),
        this_update: time(0),
        next_update: time(100),
        changes: Some(0),
    };
    assert_eq!(place.store.latest_crl(CA).await.unwrap(), None);
    for expected in 1..=11 {
        let number = place.store.lease(&counter, 1).await.unwrap().start;
        assert_eq!(number, expected);
        place
            .commit(|change| _ = change.publish_crl(crl(number)))
            .await
            .unwrap();
    }
    assert_eq!(place.store.latest_crl(CA).await.unwrap(), Some(crl(11)));
    let refusal = place
        .commit(|change| _ = change.publish_crl(crl(11)))
        .await
        .unwrap_err();
    assert!(matches!(refusal.conflict(), Some(Conflict::Exists { .. })), "{refusal}");
}

async fn a_certificate_authority_is_found_by_its_name(place: Place) {
    let root = CertificateAuthority {
        name: "root".to_owned(),
        suite: "national".to_owned(),
        key: "root-key".to_owned(),
        subject: "CN=根".to_owned(),
        certificate: b"root".to_vec(),
        parent: None,
        created_at: time(0),
    };
    let issuing = CertificateAuthority {
        name: "issuing".to_owned(),
        parent: Some("root".to_owned()),
        ..root.clone()
    };
    place
        .commit(|change| {
            _ = change
                .add_certificate_authority(root.clone())
                .add_certificate_authority(issuing.clone())
        })
        .await
        .unwrap();
    assert_eq!(
        place.store.certificate_authority("root").await.unwrap().as_ref(),
        Some(&root)
    );
    assert_eq!(
        place.store.certificate_authorities().await.unwrap(),
        [issuing, root.clone()]
    );
    let refusal = place
        .commit(|change| _ = change.add_certificate_authority(root))
        .await
        .unwrap_err();
    assert!(matches!(refusal.conflict(), Some(Conflict::Exists { .. })), "{refusal}");
}

async fn the_certificates_of_an_authority_are_listed_newest_first_a_page_at_a_time(place: Place) {
    // The same instant, so that the serial number decides; and one that is reserved alone.
    for serial in [[1], [3], [2], [4]] {
        issue(&place, &serial).await;
    }
    place
        .commit(|change| _ = change.reserve_serial(reservation(&[9])))
        .await
        .unwrap();
    place
        .commit(|change| _ = change.revoke_certificate(revocation(&[3])))
        .await
        .unwrap();
    let held = CertificateRevocation {
        reason: RevocationReason::CertificateHold,
        ..revocation(&[2])
    };
    place
        .commit(|change| _ = change.revoke_certificate(held))
        .await
        .unwrap();
    let mut after = None;
    let mut pages = Vec::new();
    loop {
        let filter = CertificateFilter::default();
        let page = place
            .store
            .certificate_page(CA, &filter, after.as_ref(), 2)
            .await
            .unwrap();
        pages.push(page.certificates.iter().map(|one| one.serial[0]).collect::<Vec<_>>());
        match page.next {
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => break,
        }
    }
    assert_eq!(pages, [vec![4, 3], vec![2, 1]]);
    let listed = async |filter: CertificateFilter| {
        let page = place.store.certificate_page(CA, &filter, None, 10).await.unwrap();
        page.certificates.iter().map(|one| one.serial[0]).collect::<Vec<_>>()
    };
    let of = |status| CertificateFilter {
        status: Some(status),
        ..CertificateFilter::default()
    };
    assert_eq!(listed(of(CertificateStatus::Good)).await, [4, 1]);
    assert_eq!(listed(of(CertificateStatus::OnHold)).await, [2]);
    assert_eq!(listed(of(CertificateStatus::Revoked)).await, [3]);
    let ending = |from, until| CertificateFilter {
        ends_from: Some(time(from)),
        ends_until: Some(time(until)),
        subject: Some("CN=某局".to_owned()),
        profile: Some("signer".to_owned()),
        ..CertificateFilter::default()
    };
    assert_eq!(listed(ending(1000, 1000)).await.len(), 4);
    assert_eq!(listed(ending(1001, 2000)).await.len(), 0);
    let other = CertificateFilter {
        subject: Some("CN=他局".to_owned()),
        ..CertificateFilter::default()
    };
    assert_eq!(listed(other).await.len(), 0);
}
