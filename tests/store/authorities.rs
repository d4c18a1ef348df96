//! Authorities and their tokens.

use yinxin::id::TokenId;
use yinxin::store::{NewToken, StoreError, TokenRevocation};

use super::place::Place;
use super::samples::{authority, time};

stories![
    an_authority_is_registered_once,
    an_authority_stands_below_one_that_is_registered,
    a_token_is_found_by_its_secret_alone,
    a_revoked_token_keeps_the_time_of_its_first_revocation,
];

async fn an_authority_is_registered_once(place: Place) {
    let city = authority("A", None);
    place
        .commit(|change| _ = change.register_authority(city.clone()))
        .await
        .unwrap();
    let refusal = place
        .commit(|change| _ = change.register_authority(city.clone()))
        .await
        .unwrap_err();
    assert_eq!(refusal.to_string(), "authority \"A\" is already in the store");
    assert_eq!(place.store.authority("A").await.unwrap(), Some(city));
    assert_eq!(place.store.authority("B").await.unwrap(), None);
}

async fn an_authority_stands_below_one_that_is_registered(place: Place) {
    let refusal = place
        .commit(|change| _ = change.register_authority(authority("A", Some("none"))))
        .await
        .unwrap_err();
    assert!(matches!(refusal, StoreError::Dangling(_)), "{refusal:?}");
}

fn token(secret: u8) -> NewToken {
    NewToken {
        id: TokenId::new(time(0)),
        secret_sha256: [secret; 32],
        authority: "A".to_owned(),
        name: "窗口系统".to_owned(),
        scopes: ["licence:issue".to_owned(), "licence:read".to_owned()].into(),
        created_at: time(0),
        expires_at: Some(time(100)),
    }
}

async fn a_token_is_found_by_its_secret_alone(place: Place) {
    let given = token(1);
    place
        .commit(|change| _ = change.register_authority(authority("A", None)).add_token(given.clone()))
        .await
        .unwrap();
    let found = place.store.token_by_secret(&[1; 32]).await.unwrap().unwrap();
    assert_eq!(
        (found.id, &found.authority, &found.name),
        (given.id, &given.authority, &given.name)
    );
    assert_eq!((&found.scopes, found.expires_at), (&given.scopes, given.expires_at));
    assert!(found.is_usable(time(99)));
    assert!(!found.is_usable(time(100)), "it expires");
    assert_eq!(place.store.token_by_secret(&[2; 32]).await.unwrap(), None);
}

async fn a_revoked_token_keeps_the_time_of_its_first_revocation(place: Place) {
    let given = token(1);
    let revoke = |id, seconds| TokenRevocation {
        id,
        revoked_at: time(seconds),
    };
    place
        .commit(|change| _ = change.register_authority(authority("A", None)).add_token(given.clone()))
        .await
        .unwrap();
    for seconds in [10, 20] {
        place
            .commit(|change| _ = change.revoke_token(revoke(given.id, seconds)))
            .await
            .unwrap();
    }
    let found = place.store.token_by_secret(&[1; 32]).await.unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(time(10)));
    assert!(found.is_usable(time(9)));
    assert!(!found.is_usable(time(10)));
    let refusal = place
        .commit(|change| _ = change.revoke_token(revoke(TokenId::new(time(0)), 1)))
        .await
        .unwrap_err();
    assert!(matches!(refusal, StoreError::NotFound { what: "token", .. }));
}
