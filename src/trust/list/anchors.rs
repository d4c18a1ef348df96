//! From a list to what the validator relies on.

use super::{Bounds, Entity, EntityService, History, OWN_ENTITY, RecognitionList};
use crate::trust::{Anchor, AnchorConstraints, Snapshot};
use crate::x509::{Certificate, Crl, PolicyMapping};

impl RecognitionList {
    /// The authorities of the list as anchors, with their constraints and the times over which they are recognised;
    /// those that are withdrawn are among them, for what was made before.
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
        let same_key = |other: &&&EntityService| other.certificate.key_identity() == certificate.key_identity();
        let of_key: Vec<&History> = all.iter().filter(same_key).map(|other| &other.history).collect();
        Anchor {
            name: entity.names.zh.clone(),
            is_own: entity.id == OWN_ENTITY,
            certificate: certificate.clone(),
            recognised: entity
                .services_of(certificate)
                .flat_map(|service| service.history.recognitions(service.service, &of_key))
                .collect(),
            lost: entity
                .services_of(certificate)
                .flat_map(|service| service.history.losses(service.service, &of_key))
                .chain(History::compromises(&of_key))
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
    use crate::trust::list::{AssuranceMapping, Decision, EntityService, RecognitionList, Status, StatusReason};
    use crate::trust::tests::world::{Draft, Party, days, named, noon, present};
    use crate::trust::{PolicySettings, Purpose, Query, Revocation, Service, Validation, validate};
    use crate::x509::Certificate;

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
            (Some("11150100MB1234562R"), "body-not-permitted"),
            (None, "body-not-permitted"),
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

    /// A list of two authorities, of which the first certified the key of the second under this name.
    struct Vouched {
        list: RecognitionList,
        cross: Certificate,
        signer: Party,
    }

    impl Vouched {
        fn for_a(kind: fn(&mut Draft), under: Option<&str>) -> Self {
            let [voucher, lost] =
                ["包头认证中心", "赤峰认证中心"].map(|name| Draft::authority(name, Suite::International).self_signed());
            let name = under.map_or_else(|| lost.certificate.subject().clone(), named);
            let cross = Draft::authority("名", Suite::International)
                .change(|draft| {
                    draft.subject = name.clone();
                    draft.key = lost.key_copy();
                })
                .issued_by(&voucher);
            let signer = Draft::signer("某企业", Suite::International)
                .change(kind)
                .issued_by(&cross);
            let mut list = first(&list_signer(Suite::International));
            list.entities[0].services = Service::ALL
                .map(|service| EntityService {
                    service,
                    certificate: voucher.certificate.clone(),
                    history: granted(noon() - days(300)),
                })
                .to_vec();
            list.entities[1].services[0].certificate = lost.certificate.clone();
            Self {
                list,
                cross: cross.certificate,
                signer,
            }
        }

        /// The second authority lost its recognition for this service, since a day before it was recognised or since
        /// that many days.
        fn lost(mut self, service: Service, days_ago: i64, reason: StatusReason) -> Self {
            let decided = noon() - days(1);
            let decision = Decision {
                since: noon() - days(days_ago),
                ..decision(Status::Withdrawn, decided, reason)
            };
            let lost = &mut self.list.entities[1].services[0];
            (lost.service, lost.history) = (service, granted(noon() - days(100)).with(decision).unwrap());
            self
        }

        fn asked(&self, query: impl FnOnce(Query<'_>) -> Query<'_>, purpose: Purpose) -> &'static str {
            let query = query(Query::new(&self.signer.certificate, purpose, noon()).revocation(Revocation::Off));
            code(&validate(
                &query,
                &self.list.snapshot(vec![self.cross.clone()], Vec::new()),
            ))
        }

        fn signing(&self) -> &'static str {
            self.asked(|query| query, Purpose::EnterpriseSigning)
        }
    }

    #[test]
    fn no_other_authority_brings_back_a_key_that_is_compromised_whatever_it_was_recognised_for() {
        let vouched = || Vouched::for_a(|_| (), None);
        assert_eq!(vouched().signing(), "", "who is recognised may vouch for others");
        let (seals, signing) = (Service::GovernmentSeals, Service::EnterpriseSigning);
        for (service, days_ago) in [(signing, 50), (signing, 100), (signing, 200), (seals, 50), (seals, 200)] {
            let lost = vouched().lost(service, days_ago, StatusReason::Compromise);
            assert_eq!(lost.signing(), "authority-not-recognised", "{service:?} {days_ago}");
            let any = lost.asked(|query| query, Purpose::Any);
            assert_eq!(any, "authority-not-recognised", "{service:?} {days_ago}");
        }
        let renamed = Vouched::for_a(|_| (), Some("新名认证中心")).lost(seals, 50, StatusReason::Compromise);
        assert_eq!(renamed.signing(), "authority-not-recognised");
        // Nor does another name bring back a key whose recognition ended for what is asked.
        for reason in [StatusReason::RulesBroken, StatusReason::Ceased] {
            let renamed = Vouched::for_a(|_| (), Some("新名认证中心")).lost(signing, 1, reason);
            assert_eq!(renamed.signing(), "authority-not-recognised", "{reason:?}");
        }
        // One that gave up its seals in good standing may be vouched for in what it was never recognised for.
        assert_eq!(vouched().lost(seals, 1, StatusReason::Ceased).signing(), "");
        assert_eq!(
            vouched().lost(signing, 1, StatusReason::Ceased).signing(),
            "authority-not-recognised"
        );
    }

    #[test]
    fn an_authority_that_lost_its_name_in_one_service_is_not_believed_about_time_through_another() {
        let stamping = |draft: &mut Draft| draft.extensions.ext_key_usage = present(true, vec![oid::KP_TIME_STAMPING]);
        let vouched = || Vouched::for_a(stamping, None);
        // Its own clock says that it was before.
        let asked =
            |vouched: &Vouched| vouched.asked(|query| query.recognised_at(noon() - days(80)), Purpose::TimeStamping);
        assert_eq!(asked(&vouched()), "");
        let signing = Service::EnterpriseSigning;
        for reason in [StatusReason::Compromise, StatusReason::RulesBroken] {
            let lost = vouched().lost(signing, 1, reason);
            assert_eq!(asked(&lost), "authority-not-recognised", "{reason:?}");
        }
        assert_eq!(asked(&vouched().lost(signing, 1, StatusReason::Ceased)), "");
    }
}
