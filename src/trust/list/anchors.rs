//! From a list to what the validator relies on.

use super::{Bounds, Entity, EntityService, History, OWN_ENTITY, RecognitionList};
use crate::trust::{Anchor, AnchorConstraints, Snapshot};
use crate::x509::{Certificate, Crl, PolicyMapping};

impl RecognitionList {
    /// The authorities of the list as anchors, with their constraints and the times over which they are recognised; those that are
    /// withdrawn are among them, for what was made before.
    pub fn anchors(&self) -> Vec<Anchor> {
        let services: Vec<_> = self.entities.iter().flat_map(|entity| &entity.services).collect();
        self.entities
            .iter()
            .flat_map(|entity| anchors(entity, &services))
            .collect()
    }

    /// A snapshot of the list with certificates and revocation lists that may help.
    pub fn snapshot(&self, intermediates: Vec<Certificate>, crls: Vec<Crl>) -> Snapshot {
        Snapshot::new(self.anchors(), intermediates, crls).with_list_sequence(self.sequence)
    }
}

impl Bounds {
    /// The same as constraints of an anchor.
    fn constraints(&self, mappings: Vec<PolicyMapping>) -> AnchorConstraints {
        AnchorConstraints {
            names: self.names.clone(),
            regions: self.regions.clone(),
            path_length: self.path_length,
            policies: self.policies.clone(),
            mappings,
        }
    }
}

/// The authorities of an entity; `all` are the services of the whole list, for what else is said of their keys.
fn anchors(entity: &Entity, all: &[&EntityService]) -> Vec<Anchor> {
    let mapping = |row: &super::AssuranceMapping| PolicyMapping {
        issuer_domain: row.to,
        subject_domain: row.from,
    };
    let mappings: Vec<_> = entity.mappings.iter().map(mapping).collect();
    let mut certificates: Vec<&Certificate> = Vec::new();
    for service in &entity.services {
        if !certificates.contains(&&service.certificate) {
            certificates.push(&service.certificate);
        }
    }
    let anchor = |certificate: &Certificate| {
        let same_key = |other: &&&EntityService| other.certificate.public_key_info() == certificate.public_key_info();
        let of_key: Vec<&History> = all.iter().filter(same_key).map(|other| &other.history).collect();
        Anchor {
            name: entity.names.zh.clone(),
            is_own: entity.id == OWN_ENTITY,
            certificate: certificate.clone(),
            recognised: entity
                .services_of(certificate)
                .flat_map(|service| service.history.recognitions(service.service, &of_key))
                .collect(),
            constraints: entity.bounds.constraints(mappings.clone()),
        }
    };
    certificates.into_iter().map(anchor).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use der::asn1::ObjectIdentifier;

    use crate::asn1::oid;
    use crate::crypto::key::Suite;
    use crate::trust::list::testing::{decision, first, granted, list_signer};
    use crate::trust::list::{AssuranceMapping, RecognitionList, Status, StatusReason};
    use crate::trust::tests::world::{Draft, Party, days, noon, present};
    use crate::trust::{PolicySettings, Purpose, Query, Revocation, Validation, validate};

    /// Their levels of assurance, and ours.
    const THEIRS: ObjectIdentifier = oid::TSA_POLICY;
    const OURS: ObjectIdentifier = oid::GOVERNMENT_SEAL_POLICY;
    const OTHER: ObjectIdentifier = oid::KP_DOCUMENT_SIGNING;

    /// A list of which the second authority is `root`, and a body that it certifies.
    fn world(credit_code: Option<&str>) -> (RecognitionList, Party) {
        let root = Draft::authority("赤峰认证中心", Suite::National).self_signed();
        let code = credit_code.map(str::to_owned);
        let signer = Draft::signer("赤峰市数据局", Suite::National)
            .change(|draft| {
                draft.extensions.certificate_policies = present(false, vec![THEIRS]);
                draft.extensions.credit_code = code.and_then(|code| present(false, code));
            })
            .issued_by(&root);
        let mut list = first(&list_signer(Suite::International));
        list.entities[1].services[0].certificate = root.certificate.clone();
        (list, signer)
    }

    fn ask(list: &RecognitionList, signer: &Party, proven_at: DateTime<Utc>, policies: PolicySettings) -> Validation {
        let query = Query::new(&signer.certificate, Purpose::GovernmentSealing, noon())
            .revocation(Revocation::Off)
            .proven_at(proven_at)
            .policies(policies);
        validate(&query, &list.snapshot(Vec::new(), Vec::new()))
    }

    fn code(validation: &Validation) -> &'static str {
        validation.reasons.first().map_or("", |reason| reason.code())
    }

    fn any() -> PolicySettings {
        PolicySettings::default()
    }

    const CHIFENG: Option<&str> = Some("11150400MB1234562R");

    #[test]
    fn an_authority_of_the_list_is_relied_on_and_the_verdict_says_by_which_list() {
        let (list, signer) = world(CHIFENG);
        let validation = ask(&list, &signer, noon(), any());
        assert!(validation.is_passed(), "{:?}", validation.reasons);
        assert_eq!(validation.list_sequence, Some(1));
        assert_eq!(validation.anchor.as_deref(), Some("chifeng认证中心"));
    }

    #[test]
    fn the_status_counts_at_the_proven_time() {
        let (mut list, signer) = world(CHIFENG);
        let history = granted(noon() - days(50));
        let withdrawn = decision(Status::Withdrawn, noon() - days(10), StatusReason::Ceased);
        list.entities[1].services[0].history = history.with(withdrawn.clone()).unwrap();
        let at = |list: &RecognitionList, days_ago| code(&ask(list, &signer, noon() - days(days_ago), any()));
        assert_eq!(at(&list, 60), "authority-not-recognised");
        assert_eq!(at(&list, 20), "");
        assert_eq!(at(&list, 5), "authority-not-recognised");
        let mut compromised = withdrawn;
        compromised.since = noon() - days(30);
        compromised.reason = StatusReason::Compromise;
        list.entities[1].services[0].history = history.with(compromised).unwrap();
        assert_eq!(at(&list, 20), "authority-not-recognised");
        assert_eq!(at(&list, 40), "");
    }

    #[test]
    fn an_authority_certifies_the_bodies_of_its_regions_alone() {
        for (body, expected) in [
            (CHIFENG, ""),
            (Some("11150402MB1234562R"), ""),
            (Some("11150100MB1234562R"), "name-not-permitted"),
            (None, "name-not-permitted"),
        ] {
            let (list, signer) = world(body);
            assert_eq!(code(&ask(&list, &signer, noon(), any())), expected, "{body:?}");
        }
    }

    #[test]
    fn its_levels_of_assurance_count_as_the_table_says() {
        let (mut list, signer) = world(CHIFENG);
        let accepting = |policy| PolicySettings {
            acceptable: vec![policy],
            require_explicit: true,
            ..PolicySettings::default()
        };
        assert_eq!(ask(&list, &signer, noon(), accepting(THEIRS)).policies, [THEIRS]);
        let row = AssuranceMapping {
            from: THEIRS,
            to: OURS,
            approved_by: "甲、乙".to_owned(),
            approved_at: noon(),
        };
        list.entities[1].mappings = vec![row.clone()];
        let held = ask(&list, &signer, noon(), accepting(OURS));
        assert!(held.is_passed() && held.policies == [OURS], "{:?}", held.reasons);
        assert_eq!(code(&ask(&list, &signer, noon(), accepting(THEIRS))), "no-valid-policy");
        // A level that no row names counts for nothing.
        list.entities[1].mappings = vec![AssuranceMapping {
            from: OTHER,
            ..row.clone()
        }];
        assert_eq!(code(&ask(&list, &signer, noon(), accepting(OURS))), "no-valid-policy");
        assert!(ask(&list, &signer, noon(), any()).is_passed());
        // Nor does one that the authority may not assert.
        list.entities[1].mappings = vec![row];
        list.entities[1].bounds.policies.acceptable = vec![OTHER];
        assert_eq!(code(&ask(&list, &signer, noon(), accepting(OURS))), "no-valid-policy");
    }
}
