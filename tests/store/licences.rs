//! Licences, one version at a time.

use yinxin::credential::StatusIndex;
use yinxin::store::{Conflict, LicenceKey, LicenceTransition, NewLicence, StoreError};

use super::place::Place;
use super::samples::{date, key, licence, register_issuer, time};

stories![
    a_licence_is_read_back_as_issued,
    an_identifier_is_issued_once,
    a_number_belongs_to_one_licence_in_all_its_versions,
    the_same_number_may_be_used_by_another_type,
    a_licence_moves_from_the_state_that_it_is_in,
    a_licence_of_an_unknown_authority_is_refused,
];

async fn issue(place: &Place, licence: NewLicence) -> Result<(), StoreError> {
    place.commit(|change| _ = change.issue_licence(licence)).await
}

async fn a_licence_is_read_back_as_issued(place: Place) {
    register_issuer(&place).await;
    let full = NewLicence {
        issued_on: Some(date("2026-11-01")),
        valid_from: Some(date("2026-11-02")),
        valid_until: Some(date("2031-11-01")),
        holder_name_hash: Some([1; 32]),
        holder_code_hash: Some([2; 32]),
        personal: Some(b"sealed".to_vec()),
        status_index: Some(StatusIndex { list: 3, index: 9 }),
        verification_code_hash: Some([4; 32]),
        ..licence("1", "湘〔2026〕1号")
    };
    issue(&place, full.clone()).await.unwrap();
    let bare = licence("2", "N2");
    issue(&place, bare.clone()).await.unwrap();
    for issued in [full, bare] {
        let stored = place.store.licence(&issued.key).await.unwrap().unwrap();
        assert_eq!((stored.state_at, stored.state_reason.as_deref()), (time(0), None));
        assert_eq!(stored.licence, issued);
    }
    assert_eq!(place.store.licence(&key("3", 1)).await.unwrap(), None);
}

async fn an_identifier_is_issued_once(place: Place) {
    register_issuer(&place).await;
    issue(&place, licence("1", "N1")).await.unwrap();
    let refusal = issue(&place, licence("1", "N2")).await.unwrap_err();
    assert_eq!(
        refusal.conflict(),
        Some(&Conflict::IdentifierIssued(key("1", 1).to_string()))
    );
}

async fn a_number_belongs_to_one_licence_in_all_its_versions(place: Place) {
    register_issuer(&place).await;
    issue(&place, licence("1", "N1")).await.unwrap();
    let second_version = NewLicence {
        key: key("1", 2),
        ..licence("1", "N1")
    };
    issue(&place, second_version.clone()).await.unwrap();
    let refusal = issue(&place, licence("2", "N1")).await.unwrap_err();
    let expected = Conflict::NumberUsed {
        number: "N1".to_owned(),
        serial: "1".to_owned(),
    };
    assert_eq!(refusal.conflict(), Some(&expected));
    let LicenceKey {
        type_code,
        issuer,
        serial,
        ..
    } = key("1", 1);
    let versions = place
        .store
        .licence_versions(&type_code, &issuer, &serial)
        .await
        .unwrap();
    assert_eq!(
        versions
            .iter()
            .map(|stored| stored.licence.key.version)
            .collect::<Vec<_>>(),
        [1, 2]
    );
}

async fn the_same_number_may_be_used_by_another_type(place: Place) {
    register_issuer(&place).await;
    issue(&place, licence("1", "N1")).await.unwrap();
    let mut other = licence("1", "N1");
    other.key.type_code.push('X');
    issue(&place, other).await.unwrap();
}

async fn a_licence_moves_from_the_state_that_it_is_in(place: Place) {
    register_issuer(&place).await;
    issue(&place, licence("1", "N1")).await.unwrap();
    let suspension = LicenceTransition {
        key: key("1", 1),
        from: "issued".to_owned(),
        to: "suspended".to_owned(),
        at: time(5),
        reason: Some("检查".to_owned()),
    };
    let transition = async |transition| place.commit(|change| _ = change.move_licence(transition)).await;
    transition(suspension.clone()).await.unwrap();
    let stored = place.store.licence(&key("1", 1)).await.unwrap().unwrap();
    assert_eq!((stored.licence.state.as_str(), stored.state_at), ("suspended", time(5)));
    assert_eq!(stored.state_reason.as_deref(), Some("检查"));
    let refusal = transition(suspension.clone()).await.unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::StateChanged { found, .. }) if found == "suspended"),
        "{refusal}"
    );
    let unknown = LicenceTransition {
        key: key("1", 2),
        ..suspension
    };
    let refusal = transition(unknown).await.unwrap_err();
    assert!(
        matches!(refusal, StoreError::NotFound { what: "licence", .. }),
        "{refusal}"
    );
}

async fn a_licence_of_an_unknown_authority_is_refused(place: Place) {
    let refusal = issue(&place, licence("1", "N1")).await.unwrap_err();
    assert!(matches!(refusal, StoreError::Dangling(_)), "{refusal:?}");
}
