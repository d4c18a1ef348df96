//! Who becomes an officer, and who ceases to be one.

use yinxin::crypto::PublicKey;
use yinxin::crypto::key::{Signer as _, Suite};
use yinxin::service::actor::Actor;
use yinxin::service::officers::{FormerOfficer, NewOfficer};
use yinxin::service::proposals::{Act, SignedStatement, Statement, Verdict, key_digest};

use super::house::{House, Person, code, found, target};
use crate::support::TempFolder;
use crate::support::acts;
use crate::support::judges::run;

#[tokio::test]
async fn the_operator_enrols_the_first_two_and_then_decides_nothing_alone() {
    let house = House::new().await;
    let [first, second, third] = ["王一", "李二", "张三"].map(|name| Person::new(name, Suite::National));
    house.enrol(&first).await.unwrap();
    let alone = house
        .service
        .mandate_for(&Actor::Operator, found("root-2"))
        .await
        .map(|_| ());
    assert_eq!(code(alone), "denied-two-officers");
    house.enrol(&second).await.unwrap();
    assert_eq!(code(house.enrol(&third).await), "denied-two-officers");
    house
        .agree(Act::EnrolOfficer(third.as_new_officer()), &first, &second)
        .await
        .unwrap();
    assert_eq!(house.service.officers(&Actor::Operator).await.unwrap().len(), 3);
}

#[tokio::test]
async fn two_officers_are_always_left() {
    let (house, first, second) = House::with_two().await;
    let former = FormerOfficer {
        officer: house.officer(&second).await.id,
    };
    let refused = house.agree(Act::RemoveOfficer(former), &first, &second).await;
    assert_eq!(code(refused), "officers-too-few");
    assert!(house.officer(&second).await.removed_at.is_none());
}

#[tokio::test]
async fn a_person_and_a_key_are_enrolled_once() {
    let (house, first, second) = House::with_two().await;
    let same_person = Person::new(first.name, Suite::National).as_new_officer();
    let same_key = NewOfficer::new("另一人", "云州市", first.key.public_key());
    for twice in [same_person, same_key] {
        let refused = house.agree(Act::EnrolOfficer(twice), &first, &second).await;
        assert_eq!(code(refused), "already-exists");
    }
}

#[tokio::test]
async fn an_officer_needs_a_name_and_a_usable_key() {
    let house = House::new().await;
    let good = Person::new("王一", Suite::National).as_new_officer();
    let nameless = NewOfficer {
        name: String::new(),
        ..good.clone()
    };
    assert_eq!(
        code(acts::act(&house.service, Act::EnrolOfficer(nameless)).await),
        "officer-name"
    );
    let keyless = NewOfficer {
        public_key: "AAAA".to_owned(),
        ..good
    };
    assert_eq!(
        code(acts::act(&house.service, Act::EnrolOfficer(keyless)).await),
        "officer-key-unusable"
    );
}

/// A key that OpenSSL made, with what signs a file with it.
struct Foreign {
    folder: TempFolder,
    sign: &'static [&'static str],
    key: PublicKey,
}

impl Foreign {
    fn new(make: &[&str], sign: &'static [&'static str]) -> Self {
        let folder = TempFolder::new("officer-key");
        let openssl = |arguments: &[&str]| {
            let done = run(folder.path(), "openssl", arguments);
            assert!(done.accepted, "{}", done.said);
        };
        openssl(&[&["genpkey", "-out", "key"], make].concat());
        openssl(&["pkey", "-in", "key", "-pubout", "-outform", "DER", "-out", "spki"]);
        let key = PublicKey::from_spki(&folder.read("spki")).unwrap();
        Self { folder, sign, key }
    }

    fn sign(&self, text: String) -> SignedStatement {
        std::fs::write(self.folder.path().join("statement"), &text).unwrap();
        let done = run(self.folder.path(), "openssl", self.sign);
        assert!(done.accepted, "{}", done.said);
        let signature = self.folder.read("signature");
        SignedStatement { text, signature }
    }
}

#[tokio::test]
async fn officers_sign_with_keys_of_other_programs_and_other_algorithms() {
    const EC: &[&str] = &["dgst", "-sha384", "-sign", "key", "-out", "signature", "statement"];
    const RSA: &[&str] = &["dgst", "-sha256", "-sign", "key", "-out", "signature", "statement"];
    const ED: &[&str] = &[
        "pkeyutl",
        "-sign",
        "-rawin",
        "-inkey",
        "key",
        "-in",
        "statement",
        "-out",
        "signature",
    ];
    let (house, first, second) = House::with_two().await;
    let kinds = [
        Foreign::new(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], EC),
        Foreign::new(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], RSA),
        Foreign::new(&["-algorithm", "ED25519"], ED),
    ];
    for (at, foreign) in kinds.iter().enumerate() {
        let new = NewOfficer::new(&format!("officer {at}"), "云州市", &foreign.key);
        house.agree(Act::EnrolOfficer(new), &first, &second).await.unwrap();
        let proposed = house.propose(found(&format!("root-{at}")), &first).await.unwrap();
        let decision = Verdict::Approve.of(target(proposed.id, &proposed.hash, None));
        let instance = house.service.instance().await.unwrap();
        let signed = foreign.sign(Statement::new(&instance, &foreign.key, decision, house.now()).text());
        let decided = house
            .service
            .decide_proposal(proposed.id, Verdict::Approve, &signed, None)
            .await;
        assert_eq!(decided.unwrap().state, "carried-out");
        let relied = [key_digest(first.key.public_key()), key_digest(&foreign.key)];
        house.record(proposed.id).await.check(&relied).unwrap();
    }
    let weak = Foreign::new(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], RSA);
    let weak = NewOfficer::new("weak", "云州市", &weak.key);
    let refused = house.agree(Act::EnrolOfficer(weak), &first, &second).await;
    assert_eq!(code(refused), "officer-key-weak");
}
