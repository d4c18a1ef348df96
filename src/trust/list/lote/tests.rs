//! The JSON: what is written is read back, and what is broken is refused.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::crypto::key::Suite;
use crate::trust::list::testing::{authority, decision, first, list_signer};
use crate::trust::list::{
    AssuranceMapping, Bounds, ListDigest, ListError, Names, Pointer, RecognitionList, Status, StatusReason,
};
use crate::trust::tests::world::{days, named, noon};
use crate::trust::{PolicySettings, Service};
use crate::x509::{GeneralName, NameConstraints};

/// A list that uses every member.
fn full() -> RecognitionList {
    let signer = list_signer(Suite::National);
    let oid = |text| der::asn1::ObjectIdentifier::new(text).unwrap();
    let mut list = first(&signer);
    list.sequence = 7;
    list.previous = Some(ListDigest([7; 32]));
    list.pointers.push(Pointer {
        location: "https://other.example/list".into(),
        operator: Names::new("邻市", ""),
        signers: vec![
            signer.certificate.clone(),
            list_signer(Suite::International).certificate,
        ],
    });
    let entity = &mut list.entities[0];
    entity.bounds = Bounds {
        regions: vec!["150200".parse().unwrap(), "150300".parse().unwrap()],
        names: Some(NameConstraints {
            permitted: vec![
                GeneralName::Directory(named("包头")),
                GeneralName::Dns("baotou.example".into()),
                GeneralName::Rfc822("baotou.example".into()),
                GeneralName::Uri(".baotou.example".into()),
            ],
            excluded: vec![GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0])],
        }),
        path_length: Some(1),
        policies: PolicySettings {
            acceptable: vec![oid("1.2.3")],
            require_explicit: true,
            inhibit_mapping: true,
            inhibit_any: true,
        },
    };
    entity.mappings.push(AssuranceMapping {
        from: oid("1.2.3"),
        to: oid("1.2.156.1"),
        approved_by: "甲、乙".into(),
        approved_at: noon(),
    });
    let mut stamping = entity.services[0].clone();
    stamping.service = Service::TimeStamping;
    stamping.certificate = authority("时间戳");
    for status in [Status::Suspended, Status::Granted, Status::Withdrawn] {
        let decision = decision(status, noon(), StatusReason::Unspecified);
        stamping.history = stamping.history.with(decision).unwrap();
    }
    entity.services.push(stamping);
    list
}

fn json_of(list: &RecognitionList) -> Value {
    serde_json::from_slice(&list.encode().unwrap()).unwrap()
}

/// The full list with one value of its JSON replaced.
fn with(pointer: &str, value: Value) -> Result<RecognitionList, ListError> {
    let mut json = json_of(&full());
    *json.pointer_mut(&format!("/LoTE{pointer}")).unwrap() = value;
    RecognitionList::decode(&serde_json::to_vec(&json).unwrap())
}

const SCHEME: &str = "/ListAndSchemeInformation";
const ENTITY: &str = "/TrustedEntitiesList/0";
const SERVICE: &str = "/TrustedEntitiesList/0/TrustedEntityServices/0/ServiceInformation";
const OURS: &str = "/TrustedEntitiesList/0/TrustedEntityInformation/TEInformationExtensions/0";

#[test]
fn a_list_comes_back_as_it_was_written() {
    let list = full();
    assert_eq!(RecognitionList::decode(&list.encode().unwrap()), Ok(list));
}

#[test]
fn members_are_named_as_in_the_standard() {
    let json = json_of(&full());
    let scheme = &json["LoTE"]["ListAndSchemeInformation"];
    assert_eq!(scheme["LoTEVersionIdentifier"], 1);
    assert_eq!(scheme["LoTESequenceNumber"], 7);
    assert_eq!(scheme["ListIssueDateTime"], "2026-05-28T12:00:00Z");
    assert_eq!(
        scheme["SchemeOperatorName"][0],
        json!({"lang": "zh", "value": "示例市数据局"})
    );
    assert_eq!(
        scheme["PointersToOtherLoTE"][1]["ServiceDigitalIdentities"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let service = &json["LoTE"]["TrustedEntitiesList"][0]["TrustedEntityServices"][1];
    assert!(
        service["ServiceInformation"]["ServiceStatus"]
            .as_str()
            .unwrap()
            .ends_with("/withdrawn")
    );
    assert_eq!(service["ServiceHistory"].as_array().unwrap().len(), 3);
}

#[test]
fn a_list_of_another_program_is_read_without_what_we_add() {
    let certificate = &json_of(&full())["LoTE"]["TrustedEntitiesList"][0]["TrustedEntityServices"][0]["ServiceInformation"]
        ["ServiceDigitalIdentity"];
    let list = json!({"LoTE": {
        "ListAndSchemeInformation": {
            "LoTEVersionIdentifier": 1, "LoTESequenceNumber": 1,
            "SchemeOperatorName": [{"lang": "en", "value": "Elsewhere"}],
            "SchemeOperatorAddress": {"SchemeOperatorPostalAddress": [], "SchemeOperatorElectronicAddress": []},
            "ListIssueDateTime": "2026-05-28T12:00:00Z", "NextUpdate": "2026-06-28T12:00:00Z",
            "SchemeExtensions": [{"extension": "urn:elsewhere", "critical": false}],
        },
        "TrustedEntitiesList": [{
            "TrustedEntityInformation": {"TEName": [{"lang": "en", "value": "Elsewhere CA"}], "TEAddress": {}},
            "TrustedEntityServices": [{"ServiceInformation": {
                "ServiceTypeIdentifier": "urn:yinxin:lote:service:time-stamping",
                "ServiceName": [{"lang": "en", "value": "TSA"}],
                "ServiceDigitalIdentity": certificate,
                "ServiceStatus": "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted",
                "StatusStartingTime": "2026-01-01T00:00:00+08:00",
            }}],
        }],
    }});
    let list = RecognitionList::decode(&serde_json::to_vec(&list).unwrap()).unwrap();
    assert_eq!(list.check(), Ok(()));
    assert_eq!(list.entities[0].id, "Elsewhere CA");
    let decision = list.entities[0].services[0].history.latest().unwrap();
    assert_eq!(
        (decision.status, decision.reason),
        (Status::Granted, StatusReason::Unspecified)
    );
}

#[test]
fn another_layout_says_its_number() {
    let other = with(&format!("{SCHEME}/LoTEVersionIdentifier"), 2.into());
    assert_eq!(other, Err(ListError::Version { version: 2 }));
}

#[test]
fn values_that_cannot_be_read_are_named() {
    let field = |pointer: String, value: Value| match with(&pointer, value) {
        Err(ListError::Value { field, .. }) => field,
        other => panic!("{pointer}: {other:?}"),
    };
    assert_eq!(field(format!("{SCHEME}/NextUpdate"), "tomorrow".into()), "next update");
    let fraction = "2026-05-28T12:00:00.5Z".into();
    assert_eq!(field(format!("{SCHEME}/ListIssueDateTime"), fraction), "issue time");
    assert_eq!(field(format!("{SERVICE}/ServiceStatus"), "urn:x".into()), "status");
    assert_eq!(
        field(format!("{SERVICE}/ServiceTypeIdentifier"), "urn:x".into()),
        "service type"
    );
    let object = "ServiceDigitalIdentity/X509Certificates/0/val";
    assert_eq!(field(format!("{SERVICE}/{object}"), "MAA=".into()), "certificate");
    assert_eq!(field(format!("{OURS}/value/bounds/regions/0"), "x".into()), "region");
    assert_eq!(field(format!("{OURS}/value/bounds/policies/0"), "1.x".into()), "policy");
    assert_eq!(field(format!("{OURS}/value/id"), "a\nb".into()), "entity");
    assert_eq!(
        field(format!("{OURS}/value/id"), "x".repeat(MAX_TEXT + 1).into()),
        "entity"
    );
    assert_eq!(
        field(format!("{OURS}/value/bounds/names/permitted/0/directory"), "!".into()),
        "name constraint"
    );
    assert_eq!(
        field(format!("{SCHEME}/SchemeExtensions/0/value/previous"), "00".into()),
        "previous"
    );
}

#[test]
fn what_must_be_understood_and_is_not_is_refused() {
    let content = |pointer: &str, value: Value| match with(pointer, value) {
        Err(ListError::Content { reason }) => reason,
        other => panic!("{pointer}: {other:?}"),
    };
    let critical = json!({"extension": "urn:elsewhere", "critical": true, "value": {}});
    assert!(content(OURS, critical).contains("urn:elsewhere"));
    assert!(content(&format!("{OURS}/value"), json!({"id": "x", "bounds": {}, "more": 1})).contains("unknown field"));
    let extensions = "/TrustedEntitiesList/0/TrustedEntityInformation/TEInformationExtensions";
    let twice = json_of(&full()).pointer(&format!("/LoTE{OURS}")).cloned().unwrap();
    assert!(content(extensions, json!([twice, twice])).contains("twice"));
    assert!(content(SCHEME, json!([])).contains("invalid"));
    let trailing = [full().encode().unwrap(), b" {}".to_vec()].concat();
    assert!(matches!(
        RecognitionList::decode(&trailing),
        Err(ListError::Content { .. })
    ));
}

#[test]
fn a_second_pointer_to_the_list_itself_names_no_signers() {
    let pointers = format!("{SCHEME}/PointersToOtherLoTE");
    let whole = json_of(&full()).pointer(&format!("/LoTE{pointers}")).cloned().unwrap();
    let own = whole.as_array().unwrap().iter().find(|one| {
        let location = full().location;
        one.to_string().contains(&location)
    });
    let twice = with(&pointers, json!([own, own]));
    assert!(matches!(twice, Err(ListError::DuplicatePointer { .. })), "{twice:?}");
}

#[test]
fn budgets_are_reached() {
    let count = |pointer: String, length: usize| {
        let one = json_of(&full()).pointer(&format!("/LoTE{pointer}/0")).cloned().unwrap();
        match with(&pointer, Value::Array(vec![one; length])) {
            Err(ListError::Count { what, found, .. }) => {
                assert_eq!(found, length);
                what
            }
            other => panic!("{pointer}: {other:?}"),
        }
    };
    assert_eq!(count("/TrustedEntitiesList".into(), MAX_ENTITIES + 1), "entities");
    assert_eq!(
        count(format!("{SCHEME}/PointersToOtherLoTE"), MAX_POINTERS + 1),
        "pointers"
    );
    let identities = format!("{SCHEME}/PointersToOtherLoTE/0/ServiceDigitalIdentities");
    assert_eq!(count(identities.clone(), MAX_SIGNERS + 1), "signers");
    // Several certificates of one are as many signers.
    let several = |length: usize| {
        let mut one = json_of(&full())
            .pointer(&format!("/LoTE{identities}/0"))
            .cloned()
            .unwrap();
        let certificate = one["X509Certificates"][0].take();
        one["X509Certificates"] = Value::Array(vec![certificate; length]);
        with(&identities, json!([one, one]))
    };
    assert!(several(MAX_SIGNERS / 2).is_ok());
    let more = several(MAX_SIGNERS / 2 + 1);
    assert!(
        matches!(
            more,
            Err(ListError::Count {
                what: "signers",
                found: 10,
                ..
            })
        ),
        "{more:?}"
    );
    let services = format!("{ENTITY}/TrustedEntityServices");
    assert_eq!(count(services, MAX_SERVICES + 1), "services of an entity");
    assert_eq!(count(format!("{OURS}/value/bounds/regions"), MAX_BOUNDS + 1), "regions");
    assert_eq!(
        count(format!("{OURS}/value/assurance"), MAX_BOUNDS + 1),
        "assurance levels"
    );
    assert_eq!(
        count(format!("{OURS}/value/bounds/names/permitted"), MAX_BOUNDS + 1),
        "name constraints"
    );
    let history = format!("{ENTITY}/TrustedEntityServices/1/ServiceHistory");
    assert_eq!(count(history, 261), "decisions about a service");
    let none = with(&format!("{SERVICE}/ServiceDigitalIdentity/X509Certificates"), json!([]));
    assert!(matches!(none, Err(ListError::Count { found: 0, .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_list_comes_back_as_it_was_written(
        sequence in 1..u64::MAX,
        texts in proptest::collection::vec("[^\\p{Cc}]{0,40}", 6),
        issued in 0..4_000_000_000_i64,
        previous in proptest::array::uniform32(any::<u8>()),
        statuses in proptest::collection::vec((0..3_usize, 0..7_usize, 0..1_000_i64), 0..12),
    ) {
        let mut list = first(&SIGNER);
        let time = |seconds| chrono::DateTime::from_timestamp(seconds, 0).unwrap();
        (list.sequence, list.previous) = (sequence, Some(ListDigest(previous)));
        (list.issued, list.next_update) = (time(issued), time(issued + 1));
        list.operator = Names::new(&texts[0], &texts[1]);
        list.name = Names::new(&texts[2], &texts[3]);
        list.entities[0].names = Names::new(&texts[4], &texts[5]);
        let history = &mut list.entities[1].services[0].history;
        for (position, (status, reason, later)) in statuses.into_iter().enumerate() {
            let since = noon() + days(1_000 * i64::try_from(position).unwrap() + later);
            let decision = decision(Status::ALL[status], since, StatusReason::ALL[reason]);
            *history = history.with(decision).unwrap();
        }
        prop_assert_eq!(RecognitionList::decode(&list.encode().unwrap()), Ok(list));
    }

    #[test]
    fn no_damage_to_the_json_is_a_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = ENCODED.clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(list) = RecognitionList::decode(&bytes) {
            let _ = list.check();
        }
    }
}

static SIGNER: std::sync::LazyLock<crate::trust::tests::world::Party> =
    std::sync::LazyLock::new(|| list_signer(Suite::International));

static ENCODED: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| full().encode().unwrap());
