//! What pyHanko signs in each form, level and algorithm that it has, we verify with its verdict.

use std::collections::BTreeMap;

use serde_json::Value;
use yinxin::clock::{Clock, SystemClock};
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{self, Conclusion, Context, Indication, ProofKind, Report, SubIndication};
use yinxin::x509::{Certificate, Crl};

use super::codes;
use crate::support::{TempFolder, python};

/// The cases by their names, with the folder of their files.
struct Signed {
    folder: TempFolder,
    verdicts: BTreeMap<String, Value>,
    root: Certificate,
    crl: Crl,
}

impl Signed {
    fn all() -> Self {
        let folder = TempFolder::new("pyhanko-signed");
        let output = python::judge("pyhanko_sign.py", &[folder.path().as_os_str()]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let verdicts = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        Self {
            root: Certificate::from_der(&folder.read("root.der")).unwrap(),
            crl: Crl::from_der(&folder.read("root.crl")).unwrap(),
            verdicts: verdicts
                .map(|one| (one["case"].as_str().unwrap().to_owned(), one))
                .collect(),
            folder,
        }
    }

    /// Ours on a file; by what is in it alone, or with the list of the authority at hand.
    fn judge(&self, file: &str, with_list: bool) -> Report {
        let anchor = Anchor::new("pyHanko", self.root.clone(), &Service::ALL);
        let lists = with_list.then(|| self.crl.clone()).into_iter().collect();
        let snapshot = Snapshot::new(vec![anchor], Vec::new(), lists);
        let bytes = self.folder.read(&format!("{file}.pdf"));
        verify::document(&bytes, None, &Context::new(&snapshot, SystemClock.now())).report
    }
}

/// The algorithms that no kept crate verifies, by their cases.
const UNKNOWN: [(&str, &str); 2] = [
    ("ed448", "Ed448 (1.3.101.113)"),
    ("brainpool-512", "brainpoolP512r1 (1.3.36.3.3.2.8.1.1.13)"),
];

#[test]
fn pyhanko_and_we_have_one_verdict_on_each_form_level_and_algorithm() {
    let signed = Signed::all();
    assert!(signed.verdicts.len() > 20, "{:?}", signed.verdicts.keys());
    for (case, verdict) in &signed.verdicts {
        assert_eq!(
            (&verdict["good"], &verdict["changed_good"]),
            (&Value::Bool(true), &Value::Bool(false))
        );
        let level = verdict["level"].as_str();
        // From B-LT on, the file alone tells of revocation.
        let is_complete = matches!(level, Some("B-LT" | "B-LTA")) || case == "adobe-archival";
        let report = signed.judge(case, !is_complete);
        let first = &report.signatures[0];
        if let Some((_, name)) = UNKNOWN.iter().find(|(unknown, _)| unknown == case) {
            assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
            assert_eq!(first.sub_indication, Some(SubIndication::CryptoConstraintsFailureNoPoe));
            assert_eq!(codes(&first.reasons), ["algorithm-unsupported"]);
            assert_eq!(first.reasons[0].params["algorithm"], *name);
            // The digest of the one is known, that of the other is not.
            let changed = signed.judge(&format!("{case}-changed"), true);
            let told = (changed.conclusion, changed.signatures[0].sub_indication);
            let expected = match case.as_str() {
                "brainpool-512" => (Conclusion::Invalid, SubIndication::HashFailure),
                _ => (Conclusion::Indeterminate, SubIndication::CryptoConstraintsFailureNoPoe),
            };
            assert_eq!(told, (expected.0, Some(expected.1)));
            continue;
        }
        let conclusion = match case.as_str() {
            "two" => Conclusion::ValidWithPermittedChanges,
            _ => Conclusion::Valid,
        };
        assert_eq!(report.conclusion, conclusion, "{case}: {report:#?}");
        assert_eq!(first.indication, Indication::TotalPassed, "{case}");
        let expected = level.map(|level| format!("PAdES-{level}"));
        assert_eq!(first.level, expected.as_deref(), "{case}");
        let changed = signed.judge(&format!("{case}-changed"), true);
        assert_eq!(changed.conclusion, Conclusion::Invalid, "{case}: {changed:?}");
        assert_eq!(changed.signatures[0].sub_indication, Some(SubIndication::HashFailure));
    }
    claims_are_named(&signed);
    validation_information_is_found(&signed);
    without_a_list_revocation_is_open(&signed);
}

fn claims_are_named(signed: &Signed) {
    let report = signed.judge("claims", true);
    let first = &report.signatures[0];
    let policy = first.policy.as_ref().unwrap();
    assert_eq!(policy.id.as_deref(), Some("2.16.724.1.3.1.1.2.1.9"));
    assert_eq!(policy.hash, Some(("SHA-256".to_owned(), "0".repeat(64))));
    assert_eq!(first.commitments, ["proof-of-approval"]);
    assert!(
        first
            .signed_after
            .is_some_and(|after| Some(after) <= first.best_signature_time),
        "{first:?}"
    );
}

fn validation_information_is_found(signed: &Signed) {
    let lta = signed.judge("b-lta", false);
    let first = &lta.signatures[0];
    let found = first.validation_information.as_ref().unwrap();
    assert!(found.certificates > 0 && found.crls > 0, "{found:?}");
    assert_eq!(first.time_proof.as_ref().unwrap().kind, ProofKind::SignatureTimeStamp);
    assert_eq!(signed.judge("b-t", true).signatures[0].validation_information, None);
}

fn without_a_list_revocation_is_open(signed: &Signed) {
    let report = signed.judge("b-t", false);
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
    assert_eq!(report.signatures[0].sub_indication, Some(SubIndication::TryLater));
}
