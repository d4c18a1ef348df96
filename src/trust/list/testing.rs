//! Lists made for a test.

use chrono::{DateTime, Utc};

use super::{
    Bounds, Decision, Entity, EntityService, History, Names, RecognitionList, SignedList, Status, StatusReason,
};
use crate::crypto::key::Suite;
use crate::trust::Service;
use crate::trust::tests::world::{Draft, Party, days, noon};
use crate::x509::Certificate;

/// Whoever signs lists.
pub(super) fn list_signer(suite: Suite) -> Party {
    Draft::signer("名录签发", suite).self_signed()
}

/// An authority of its own.
pub(super) fn authority(common_name: &str) -> Certificate {
    Draft::authority(common_name, Suite::International)
        .self_signed()
        .certificate
}

/// Granted from `since` on, by agreement.
pub(super) fn granted(since: DateTime<Utc>) -> History {
    History::new(decision(Status::Granted, since, StatusReason::Agreement)).unwrap()
}

/// A decision that holds from when it was made.
pub(super) fn decision(status: Status, since: DateTime<Utc>, reason: StatusReason) -> Decision {
    Decision {
        status,
        since,
        decided: since,
        reason,
        note: "说明".to_owned(),
    }
}

/// An entity with one certificate, recognised for government seals in a region.
pub(super) fn entity(id: &str, region: &str) -> Entity {
    let service = EntityService {
        service: Service::GovernmentSeals,
        certificate: authority(id),
        history: granted(noon() - days(100)),
    };
    Entity {
        id: id.to_owned(),
        names: Names::new(&format!("{id}认证中心"), &format!("{id} CA")),
        bounds: Bounds {
            regions: vec![region.parse().unwrap()],
            ..Bounds::default()
        },
        mappings: Vec::new(),
        services: vec![service],
    }
}

/// The first list, of two authorities, made at noon and good for a week.
pub(super) fn first(signer: &Party) -> RecognitionList {
    RecognitionList {
        operator: Names::new("示例市数据局", "Sample City Data Bureau"),
        name: Names::new("互认名录", "Recognition list"),
        territory: "CN".to_owned(),
        location: "https://city.example/api/v1/trust-list".to_owned(),
        sequence: 1,
        previous: None,
        issued: noon(),
        next_update: noon() + days(7),
        signers: vec![signer.certificate.clone()],
        pointers: Vec::new(),
        entities: vec![entity("baotou", "150200"), entity("chifeng", "150400")],
    }
}

/// The list after `list`, a day later, with the same content.
pub(super) fn next(list: &RecognitionList, signed: &SignedList) -> RecognitionList {
    RecognitionList {
        sequence: list.sequence + 1,
        previous: Some(signed.digest()),
        issued: list.issued + days(1),
        next_update: list.next_update + days(1),
        ..list.clone()
    }
}

pub(super) fn sign(list: &RecognitionList, signer: &Party) -> SignedList {
    SignedList::sign(list, std::slice::from_ref(&signer.certificate), &signer.key).unwrap()
}
