//! Whether a path stays among the authorities of whoever judges.

use super::*;
use crate::x509::build;

/// A name with an organisation.
fn of(organisation: &str, common_name: &str) -> Name {
    let attributes = [(oid::ORGANIZATION_NAME, organisation), (oid::COMMON_NAME, common_name)];
    build::name(&attributes).unwrap()
}

fn authority(organisation: &str, common_name: &str) -> Draft {
    let name = of(organisation, common_name);
    Draft::authority(common_name, Suite::International).change(|draft| draft.subject = name)
}

/// A root, self-issued.
fn root(organisation: &str) -> Party {
    let name = of(organisation, "根");
    authority(organisation, "根")
        .change(|draft| draft.issuer = name)
        .self_signed()
}

/// A recognised authority of others, for the bodies of one region.
fn recognised(name: &str, party: &Party, region: &str) -> Anchor {
    let within = AnchorConstraints {
        regions: vec![region.parse().unwrap()],
        ..AnchorConstraints::default()
    };
    Anchor {
        is_own: false,
        ..Anchor::new(name, party.certificate.clone(), &Service::ALL).within(within)
    }
}

/// Signs for the body of this code.
fn body(code: &str, issuer: &Party) -> Party {
    let code = code.to_owned();
    Draft::signer("机构", Suite::International)
        .change(|draft| draft.extensions.credit_code = present(false, code))
        .issued_by(issuer)
}

/// The key of an authority of others certified by us, signed as often as asked: each copy says the same under another
/// signature.
fn crossed(theirs: &Party, ours: &Party) -> Certificate {
    let (subject, key) = (theirs.certificate.subject().clone(), theirs.key_copy());
    let draft = Draft::authority("根", Suite::International).change(|draft| {
        draft.subject = subject;
        draft.key = key;
        draft.serial = SerialNumber::from_random([9; 16]);
    });
    draft.issued_by(ours).certificate
}

struct Two {
    ours: Party,
    issuing: Party,
    licence: Party,
    theirs: Party,
    elsewhere: Party,
}

impl Two {
    /// Ours certifies through an authority of that organisation.
    fn new(issuing: &str) -> Self {
        let (ours, theirs) = (root("甲市"), root("乙市"));
        let issuing = authority(issuing, "签发").issued_by(&ours);
        Self {
            licence: Draft::signer("甲市机构", Suite::International).issued_by(&issuing),
            elsewhere: Draft::signer("乙市机构", Suite::International).issued_by(&theirs),
            ours,
            issuing,
            theirs,
        }
    }

    fn snapshot(&self, intermediates: Vec<Certificate>) -> Snapshot {
        let anchor = Anchor::new("甲市", self.ours.certificate.clone(), &Service::ALL);
        Snapshot::new(vec![anchor], intermediates, Vec::new())
    }

    fn knowing(&self, snapshot: Snapshot) -> Snapshot {
        snapshot.with_own_authorities([&self.ours, &self.issuing].map(|party| party.certificate.clone()))
    }
}

fn asked(signer: &Party, offered: &[Certificate], snapshot: &Snapshot) -> Validation {
    let query = sealing(&signer.certificate)
        .revocation(Revocation::Off)
        .with(offered, &[]);
    let validation = validate(&query, snapshot);
    assert!(validation.is_passed(), "{:?}", validation.reasons);
    validation
}

#[test]
fn a_copy_of_a_cross_certificate_under_another_signature_leads_to_others_all_the_same() {
    let two = Two::new("甲市");
    let (kept, copy) = (crossed(&two.theirs, &two.ours), crossed(&two.theirs, &two.ours));
    assert_ne!(kept.fingerprint(), copy.fingerprint());
    for snapshot in [
        two.snapshot(vec![kept.clone()]),
        two.snapshot(Vec::new()),
        two.knowing(two.snapshot(vec![kept.clone()])),
        two.knowing(two.snapshot(Vec::new())),
    ] {
        let validation = asked(&two.elsewhere, std::slice::from_ref(&copy), &snapshot);
        assert!(!validation.is_own);
        assert!(snapshot.crosses(&validation.path[1], &validation.path[2]));
    }
}

#[test]
fn what_our_own_authorities_certify_is_ours_with_and_without_knowing_them() {
    let two = Two::new("甲市");
    let issuing = vec![two.issuing.certificate.clone()];
    for snapshot in [two.snapshot(issuing.clone()), two.knowing(two.snapshot(issuing))] {
        let validation = asked(&two.licence, &[], &snapshot);
        assert!(validation.is_own);
        assert!(!snapshot.crosses(&validation.path[1], &validation.path[2]));
    }
}

#[test]
fn an_authority_of_another_name_is_ours_only_where_it_is_known() {
    let two = Two::new("甲市下属单位");
    let snapshot = two.snapshot(vec![two.issuing.certificate.clone()]);
    assert!(!asked(&two.licence, &[], &snapshot).is_own);
    assert!(asked(&two.licence, &[], &two.knowing(snapshot)).is_own);
}

#[test]
fn an_authority_that_took_our_name_is_not_ours_where_ours_are_known() {
    let two = Two::new("甲市");
    let theirs = authority("甲市", "签发").issued_by(&two.ours);
    let signer = Draft::signer("乙市机构", Suite::International).issued_by(&theirs);
    let snapshot = two.knowing(two.snapshot(vec![theirs.certificate.clone()]));
    assert!(!asked(&signer, &[], &snapshot).is_own);
}

#[test]
fn a_cross_certified_partner_speaks_for_no_body_that_the_list_gives_to_another() {
    let two = Two::new("甲市");
    let other = root("丙市");
    let cross = crossed(&two.theirs, &two.ours);
    let elsewhere = body("11150400MB9000103P", &two.theirs);
    for (anchors, expected) in [
        (vec![], ""),
        (vec![recognised("丙市", &other, "150500")], ""),
        (vec![recognised("丙市", &other, "150400")], "body-of-others"),
    ] {
        let own = Anchor::new("甲市", two.ours.certificate.clone(), &Service::ALL);
        let anchors = std::iter::once(own).chain(anchors).collect();
        let snapshot = Snapshot::new(anchors, vec![cross.clone()], Vec::new());
        let query = sealing(&elsewhere.certificate).revocation(Revocation::Off);
        assert_eq!(outcome(&validate(&query, &snapshot)).1, expected);
    }
}

#[test]
fn an_enterprise_too_is_certified_by_others_in_their_regions_alone() {
    let theirs = root("乙市");
    let snapshot = |region| Snapshot::new(vec![recognised("乙市", &theirs, region)], Vec::new(), Vec::new());
    let signer = body("91150400MA0N0001XA", &theirs);
    let query = Query::new(&signer.certificate, Purpose::EnterpriseSigning, noon()).revocation(Revocation::Off);
    assert_eq!(outcome(&validate(&query, &snapshot("150400"))).1, "");
    assert_eq!(outcome(&validate(&query, &snapshot("150500"))).1, "body-not-permitted");
}
