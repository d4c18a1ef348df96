//! Keys, seals and settings.

use yinxin::store::{Conflict, KeyPlace, KeyRecord, Seal, SealChange, SealState, SealTransition, Setting};

use super::place::Place;
use super::samples::{ISSUER, time};

stories![
    a_key_is_kept_with_its_place,
    a_seal_moves_from_the_state_that_it_is_in,
    a_setting_is_what_it_was_set_to_last,
];

async fn a_key_is_kept_with_its_place(place: Place) {
    let key = |name: &str, place| KeyRecord {
        name: name.to_owned(),
        suite: "international".to_owned(),
        place,
        public_key: b"SPKI".to_vec(),
        created_at: time(0),
    };
    let keys = [
        key("a", KeyPlace::File("keys/a.p8".to_owned())),
        key("b", KeyPlace::Sealed(b"EncryptedPrivateKeyInfo".to_vec())),
        key("c", KeyPlace::Token("pkcs11:object=c".to_owned())),
    ];
    for key in keys.clone() {
        place.commit(|change| _ = change.add_key(key)).await.unwrap();
    }
    assert_eq!(place.store.keys().await.unwrap(), keys);
    assert_eq!(place.store.key("b").await.unwrap().as_ref(), Some(&keys[1]));
    let refusal = place
        .commit(|change| _ = change.add_key(keys[0].clone()))
        .await
        .unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::Exists { what: "key", .. })),
        "{refusal}"
    );
}

fn seal(es_id: &str) -> Seal {
    Seal {
        es_id: es_id.to_owned(),
        owner: ISSUER.to_owned(),
        name: "某局电子证照专用章".to_owned(),
        der: b"SESeal".to_vec(),
        signer_sha256: [5; 32],
        valid_from: time(0),
        valid_until: time(1000),
        state: SealState::Active,
        state_at: time(0),
    }
}

async fn a_seal_moves_from_the_state_that_it_is_in(place: Place) {
    place
        .commit(|change| _ = change.add_seal(seal("1")).add_seal(seal("2")))
        .await
        .unwrap();
    let transition = |from, to| SealTransition {
        es_id: "1".to_owned(),
        from,
        to,
        at: time(9),
    };
    let revocation = transition(SealState::Active, SealState::Revoked);
    place
        .commit(|change| _ = change.move_seal(revocation.clone()))
        .await
        .unwrap();
    let revoked = Seal {
        state: SealState::Revoked,
        state_at: time(9),
        ..seal("1")
    };
    assert_eq!(place.store.seal("1").await.unwrap().as_ref(), Some(&revoked));
    assert_eq!(place.store.seals().await.unwrap(), [revoked.clone(), seal("2")]);
    assert_eq!(place.store.seals_of(ISSUER).await.unwrap(), [revoked, seal("2")]);
    assert_eq!(place.store.seals_of("another").await.unwrap(), []);
    let change = SealChange {
        es_id: "1".to_owned(),
        since: time(9),
        state: SealState::Revoked,
    };
    assert_eq!(place.store.seal_changes().await.unwrap(), [change]);
    let refusal = place
        .commit(|change| _ = change.move_seal(revocation))
        .await
        .unwrap_err();
    assert!(
        matches!(refusal.conflict(), Some(Conflict::StateChanged { .. })),
        "{refusal}"
    );
}

async fn a_setting_is_what_it_was_set_to_last(place: Place) {
    let setting = |value: &str| Setting {
        name: "instance.name".to_owned(),
        value: value.to_owned(),
        set_at: time(0),
    };
    assert_eq!(place.store.setting("instance.name").await.unwrap(), None);
    for value in ["甲市", "乙市"] {
        place
            .commit(|change| _ = change.put_setting(setting(value)))
            .await
            .unwrap();
    }
    assert_eq!(
        place.store.setting("instance.name").await.unwrap().as_deref(),
        Some("乙市")
    );
}
