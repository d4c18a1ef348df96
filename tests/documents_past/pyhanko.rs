//! What pyHanko signed, archived and renewed years ago: our verdict on each day is that of its AdES LTA validation.

use std::collections::BTreeSet;

use serde_json::Value;
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{Context, Indication, SignatureReport, document};
use yinxin::x509::{Certificate, Crl};

use crate::support::{TempFolder, python};

/// The case on which pyHanko's verdict is another, `OUT_OF_BOUNDS_NO_POE`: to slide the time it takes the newest list
/// about a certificate, though it be issued years after the certificate's end, and then asks that the certificate be
/// within its validity at that time. ETSI EN 319 102-1 clause 5.6.2.1.4 asks that of a time within the validity alone.
const LIST_TOO_LATE: &str = "list-too-late";

/// Ours on the first signature of a case, with the lists of the day, by the roots that the folder has.
fn judged(folder: &TempFolder, verdict: &Value) -> SignatureReport {
    let text = |member: &str| verdict[member].as_str().unwrap();
    let root = |name: &str, service| {
        let der = folder.read(&format!("{name}.der"));
        Anchor::new(name, Certificate::from_der(&der).unwrap(), &[service])
    };
    let mut anchors = vec![root("office", Service::EnterpriseSigning)];
    anchors.extend(["first", "second", "third"].map(|name| root(name, Service::TimeStamping)));
    let lists = verdict["lists"].as_array().unwrap().iter();
    let lists = lists.map(|name| Crl::from_der(&folder.read(name.as_str().unwrap())).unwrap());
    let known = Snapshot::new(anchors, Vec::new(), lists.collect());
    // Four hours after the first signature of a day; the lists are an hour old then.
    let time = format!("{}T06:00:00Z", text("day")).parse().unwrap();
    let bytes = folder.read(&format!("{}.pdf", text("case")));
    document(&bytes, None, &Context::new(&known, time))
        .report
        .signatures
        .remove(0)
}

#[test]
fn pyhanko_and_we_have_one_verdict_on_what_it_kept_for_years() {
    let folder = TempFolder::new("pyhanko-past");
    let output = python::judge("pyhanko_past.py", &[folder.path().as_os_str()]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let verdicts: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(verdicts.len(), 16);
    let mut outcomes = BTreeSet::new();
    for verdict in &verdicts {
        let report = judged(&folder, verdict);
        let passed = report.indication == Indication::TotalPassed;
        if verdict["case"] == LIST_TOO_LATE {
            assert!(passed, "{report:#?}");
            assert_eq!(verdict["sub_indication"], "OUT_OF_BOUNDS_NO_POE", "{verdict}");
            continue;
        }
        assert_eq!(Value::Bool(passed), verdict["passed"], "{verdict} {report:#?}");
        outcomes.insert((verdict["case"].to_string(), passed));
    }
    // Each level between the lowest and the highest passes on some days and not on others.
    assert_eq!(outcomes.len(), 8, "{outcomes:?}");
}
