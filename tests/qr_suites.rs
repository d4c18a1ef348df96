//! Suites of others over the layers of a printed code: health certificates (Base45, zlib, COSE, CWT) and the examples
//! of the Token Status List draft.

use std::fs;
use std::io::Read;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, NaiveDateTime, Utc};
use ciborium::Value;
use flate2::read::ZlibDecoder;
use yinxin::credential::base45;
use yinxin::credential::cose::Sign1;
use yinxin::credential::status::{SignedStatusList, Status, StatusList, StatusTokenError};
use yinxin::crypto::{DigestAlgorithm, PublicKey};

use crate::support::suites::suite;

/// Bytes of a certificate payload after inflating: the longest of the suite has 1,200.
const MAX_INFLATED_BYTES: u64 = 16_384;

/// CWT claims (RFC 8392 section 4) and the health certificate's own.
const CLAIM_EXPIRES: i64 = 4;
const CLAIM_CERTIFICATE: i64 = -260;

/// Where our answer is another than the suite's, on purpose.
const EXCEPTIONS: [(&str, &str, &str); 2] = [
    ("DK_2DCode_raw_1.json", "EXPECTEDEXPIRATIONCHECK", EXPIRED_ON_THE_SECOND),
    (
        "DK_2DCode_raw_10.json",
        "EXPECTEDEXPIRATIONCHECK",
        EXPIRED_ON_THE_SECOND,
    ),
];

const EXPIRED_ON_THE_SECOND: &str =
    "the clock stands on the second of exp, on which a token must not be accepted any more (RFC 7519 section 4.1.4)";

/// What our layers make of one vector, step by step; `None` where an earlier step failed.
#[derive(Default)]
struct Steps {
    unprefixed: bool,
    base45: Option<Vec<u8>>,
    inflated: Option<Vec<u8>>,
    verified: Option<Value>,
    unexpired: bool,
}

fn steps(vector: &serde_json::Value) -> Steps {
    let mut steps = Steps::default();
    let Some(text) = vector["PREFIX"].as_str().and_then(|text| text.strip_prefix("HC1:")) else {
        return steps;
    };
    steps.unprefixed = true;
    let Ok(compressed) = base45::decode(text) else {
        return steps;
    };
    let mut inflated = Vec::new();
    let read = ZlibDecoder::new(compressed.as_slice())
        .take(MAX_INFLATED_BYTES)
        .read_to_end(&mut inflated);
    steps.base45 = Some(compressed);
    if read.is_err() {
        return steps;
    }
    let claims = Sign1::parse(&inflated).ok().and_then(|message| {
        let claims = message
            .verify(&signer_key(&vector["TESTCTX"], message.key_id())?)
            .ok()?
            .to_vec();
        ciborium::from_reader::<Value, _>(claims.as_slice()).ok()
    });
    steps.inflated = Some(inflated);
    let clock = vector["TESTCTX"]["VALIDATIONCLOCK"].as_str().and_then(clock_of);
    let expires = claims
        .as_ref()
        .and_then(|claims| claim(claims, CLAIM_EXPIRES)?.as_integer()?.try_into().ok());
    steps.unexpired = clock
        .zip(expires)
        .is_some_and(|(clock, expires): (_, i64)| clock.timestamp() < expires);
    steps.verified = claims;
    steps
}

/// Some vectors leave the zone out; they mean UTC.
fn clock_of(text: &str) -> Option<DateTime<Utc>> {
    text.parse()
        .ok()
        .or_else(|| Some(text.parse::<NaiveDateTime>().ok()?.and_utc()))
}

/// The certificate in the claims: a map with a version in it.
fn has_certificate(claims: &Value) -> bool {
    let certificate = claim(claims, CLAIM_CERTIFICATE)
        .and_then(|group| claim(group, 1))
        .and_then(Value::as_map);
    certificate.is_some_and(|entries| entries.iter().any(|(key, _)| key.as_text() == Some("ver")))
}

/// The signer's key, if the message names its certificate: by the first 8 bytes of its SHA-256.
fn signer_key(context: &serde_json::Value, key_id: &[u8]) -> Option<PublicKey> {
    let certificate = BASE64_STANDARD.decode(context["CERTIFICATE"].as_str()?).ok()?;
    let named = DigestAlgorithm::Sha256
        .digest(&certificate)
        .as_ref()
        .starts_with(key_id);
    let (_, certificate) = x509_parser::parse_x509_certificate(&certificate).ok()?;
    PublicKey::from_spki(certificate.public_key().raw)
        .ok()
        .filter(|_| named)
}

fn claim(claims: &Value, name: i64) -> Option<&Value> {
    claims
        .as_map()?
        .iter()
        .find(|(key, _)| *key == Value::from(name))
        .map(|(_, value)| value)
}

#[test]
fn health_certificates_come_out_of_each_layer_as_expected() {
    let Some(folder) = suite("qr/dgc") else { return };
    let mut judged = 0;
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let vector: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let steps = steps(&vector);
        let expected = |step: &str| vector["EXPECTEDRESULTS"][step].as_bool();
        let mut compare = |step: &str, found: bool| {
            judged += usize::from(expected(step).is_some());
            let excepted = EXCEPTIONS.iter().any(|(vector, of, _)| *vector == name && *of == step);
            if expected(step).is_some_and(|expected| (expected != found) != excepted) {
                wrong.push(format!("{name}: {step} is {found}"));
            }
        };
        compare("EXPECTEDUNPREFIX", steps.unprefixed);
        compare("EXPECTEDB45DECODE", steps.base45.is_some());
        compare("EXPECTEDCOMPRESSION", steps.inflated.is_some());
        compare("EXPECTEDVERIFY", steps.verified.is_some());
        compare("EXPECTEDDECODE", steps.verified.as_ref().is_some_and(has_certificate));
        compare("EXPECTEDEXPIRATIONCHECK", steps.unexpired);
        if let (Some(bytes), Some(text)) = (&steps.base45, vector["BASE45"].as_str()) {
            assert_eq!(base45::encode(bytes), text, "{name}");
        }
    }
    assert!(judged > 250, "{judged} steps judged");
    assert!(
        wrong.is_empty(),
        "{} of {judged} steps:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn example(name: &str) -> Option<String> {
    let folder = suite("qr/token-status-list-examples")?;
    Some(fs::read_to_string(folder.join(name)).unwrap())
}

/// The hexadecimal lines of an example, without the words around them.
fn hex_lines(text: &str) -> Vec<u8> {
    let digits: String = text
        .lines()
        .filter(|line| line.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .collect();
    let pairs = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

/// The list of an example, which its CBOR and its JSON have to agree on.
fn example_list(cbor: &str, json: &str) -> Option<StatusList> {
    let from_cbor = StatusList::from_cbor(&hex_lines(&example(cbor)?)).unwrap();
    let json = example(json)?;
    let object: String = json[json.find('{').unwrap()..].split_whitespace().collect();
    let from_json = StatusList::from_json(&serde_json::from_str(&object).unwrap()).unwrap();
    assert_eq!(from_cbor, from_json, "{cbor}");
    assert_eq!(StatusList::from_json(&from_json.to_json()), Ok(from_json));
    Some(from_cbor)
}

fn values(list: &StatusList, indexes: impl IntoIterator<Item = u32>) -> Vec<u8> {
    indexes.into_iter().map(|index| list.value(index).unwrap()).collect()
}

#[test]
fn short_lists_of_the_draft_have_the_values_of_its_text() {
    let one = example_list("status_list_encoding_cbor.md", "status_list_encoding_json.md");
    let Some(one) = one else { return };
    assert_eq!(values(&one, 0..16), [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    let two = example_list("status_list_encoding2_cbor.md", "status_list_encoding2_json.md").unwrap();
    assert_eq!(values(&two, 0..12), [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
}

/// The places of a long example that are not 0, with their values, as the draft's appendix of test vectors lists them.
type Places = &'static [(u32, u8)];

const ONE_BIT: Places = &[
    (0, 1),
    (1993, 1),
    (25460, 1),
    (159495, 1),
    (495669, 1),
    (554353, 1),
    (645645, 1),
    (723232, 1),
    (854545, 1),
    (934534, 1),
    (1000345, 1),
];
const TWO_BITS: Places = &[
    (0, 1),
    (1993, 2),
    (25460, 1),
    (159495, 3),
    (495669, 1),
    (554353, 1),
    (645645, 2),
    (723232, 1),
    (854545, 1),
    (934534, 2),
    (1000345, 3),
];
const FOUR_BITS: Places = &[
    (0, 1),
    (1993, 2),
    (35460, 3),
    (459495, 4),
    (595669, 5),
    (754353, 6),
    (845645, 7),
    (923232, 8),
    (924445, 9),
    (934534, 10),
    (1000345, 12),
    (1004534, 11),
    (1030203, 13),
    (1030204, 14),
    (1030205, 15),
];

#[test]
fn long_lists_of_the_draft_have_their_values_and_no_others() {
    for (places, cbor, json) in [
        (
            ONE_BIT,
            "status_list_encoding1_long_cbor.md",
            "status_list_encoding1_long_json.md",
        ),
        (
            TWO_BITS,
            "status_list_encoding2_long_cbor.md",
            "status_list_encoding2_long_json.md",
        ),
        (
            FOUR_BITS,
            "status_list_encoding4_cbor.md",
            "status_list_encoding4_json.md",
        ),
    ] {
        let Some(list) = example_list(cbor, json) else { return };
        assert_eq!(set_places(&list), places, "{cbor}");
    }
}

#[test]
fn the_list_of_eight_bits_has_each_value_once() {
    let list = example_list("status_list_encoding8_cbor.md", "status_list_encoding8_json.md");
    let Some(list) = list else { return };
    let places = set_places(&list);
    assert_eq!(places[..3], [(1199, 121), (4520, 213), (6805, 112)]);
    let mut values: Vec<u8> = places.into_iter().map(|(_, value)| value).collect();
    values.sort_unstable();
    assert_eq!(values, (1..=255).collect::<Vec<u8>>());
}

fn set_places(list: &StatusList) -> Vec<(u32, u8)> {
    assert_eq!(list.entries(), 1 << 20);
    (0..1 << 20)
        .map(|index| (index, list.value(index).unwrap()))
        .filter(|(_, value)| *value != 0)
        .collect()
}

/// `SubjectPublicKeyInfo` of the key that the draft signs its examples with (kid `12`).
const EXAMPLE_KEY: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200042371d69bfd03b3574f308f885a67f8981987f9869e\
    0156cf56eeef076ec2c57ae8dfdde44963f5bb3586d815de890928875b1c4a6481398096e60a25e9b39f53";

#[test]
fn the_token_of_the_draft_verifies_and_says_what_its_text_says() {
    let Some(text) = example("status_list_cwt.md") else {
        return;
    };
    let token = SignedStatusList::parse(&hex_lines(&text)).unwrap();
    assert_eq!(token.key_id(), b"12");
    let token = token
        .verify(&PublicKey::from_spki(&hex_lines(EXAMPLE_KEY)).unwrap())
        .unwrap();
    assert_eq!(token.subject, "https://example.com/statuslists/1");
    assert_eq!(token.issued.timestamp(), 1_686_920_170);
    assert_eq!(token.expires.map(|time| time.timestamp()), Some(2_291_720_170));
    assert_eq!(token.ttl.map(|ttl| ttl.num_seconds()), Some(43_200));
    assert_eq!(token.status(0), Ok(Status::Revoked));
    assert_eq!(token.status(1), Ok(Status::Valid));
}

#[test]
fn a_token_of_another_kind_signed_by_the_same_key_is_no_status_list() {
    let Some(text) = example("referenced_token_cwt.md") else {
        return;
    };
    let bytes = hex_lines(&text);
    assert!(
        Sign1::parse(&bytes)
            .unwrap()
            .verify(&PublicKey::from_spki(&hex_lines(EXAMPLE_KEY)).unwrap())
            .is_ok()
    );
    assert_eq!(SignedStatusList::parse(&bytes).err(), Some(StatusTokenError::Kind));
}
