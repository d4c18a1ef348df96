//! Foreign signed documents, sound, damaged and attacked: the container reads every one calmly and says what follows
//! the bytes that were signed. Whether a signature itself is good is not asked here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use yinxin::pdf::signature::{DictionaryHistory, SignatureCoverage};
use yinxin::pdf::{ChangesAfter, Limits, PdfError, PdfFile, SecondOpinion, SignatureField};
use yinxin::problem::Problem;
use yinxin::trust::Snapshot;
use yinxin::verify::Conclusion::{Changed, Indeterminate, Invalid, Unreadable, Unsigned};
use yinxin::verify::{self, ChangesAfter as Seen, Conclusion, Context, Indication, Report};

use crate::support::city::now;
use crate::support::suites::suite;

/// Files whose manifest counts other signatures than the form leads to, or that are not opened: what we count, and why.
const OTHER_COUNTS: [(&str, usize, &str); 3] = [
    (
        "rub-nds/hide-and-replace__variant-1__4_original-document-shadowed-signed-manipulated.pdf",
        1,
        "the second is a picture of one: text inside a stream",
    ),
    ("dss/encrypted.pdf", 0, "encrypted files are not opened"),
    ("dss/malformed-pades.pdf", 0, "it does not begin as a PDF"),
];

#[test]
fn every_file_is_read_calmly_and_its_signatures_are_counted() {
    for case in cases() {
        let Ok(file) = PdfFile::open(&case.bytes, &Limits::UPLOAD) else {
            assert!(
                matches!(
                    case.error(),
                    PdfError::Encrypted | PdfError::NotPdf | PdfError::NotFromStart { .. }
                ),
                "{}: {}",
                case.name,
                case.error()
            );
            continue;
        };
        let signatures = file
            .signatures()
            .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let exception = OTHER_COUNTS
            .iter()
            .find(|(name, ..)| *name == case.name)
            .map(|(_, count, _)| *count);
        assert_eq!(signatures.len(), exception.unwrap_or(case.count), "{}", case.name);
        for signature in signatures {
            file.changes_after(signature)
                .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        }
        let opinion = file.second_opinion();
        assert!(
            matches!(opinion, Ok(_) | Err(PdfError::Limit(_))),
            "{}: {opinion:?}",
            case.name
        );
    }
}

#[test]
fn what_is_intact_covers_its_revision() {
    for case in cases().into_iter().filter(|case| case.must.starts_with("intact")) {
        let file = PdfFile::open(&case.bytes, &Limits::UPLOAD).unwrap();
        let first = &file.signatures().unwrap()[0];
        assert!(is_sound(first), "{}: {first:?}", case.name);
        let changes = file.changes_after(first).unwrap();
        if case.must == "intact_but_changed" {
            assert!(
                matches!(changes, ChangesAfter::NotPermitted { .. } | ChangesAfter::Permitted(_)),
                "{}: {changes:?}",
                case.name
            );
        }
        assert_eq!(file.second_opinion(), Ok(SecondOpinion::Agree), "{}", case.name);
    }
}

#[test]
fn no_attack_passes_as_validation_data() {
    for case in cases().into_iter().filter(|case| case.kind.starts_with("attack class")) {
        let file = PdfFile::open(&case.bytes, &Limits::UPLOAD).unwrap();
        let first = &file.signatures().unwrap()[0];
        let changes = file.changes_after(first).unwrap();
        let caught = !is_sound(first)
            || matches!(
                changes,
                ChangesAfter::NotPermitted { .. } | ChangesAfter::Unparsable { .. }
            );
        assert!(caught, "{}: {changes:?}", case.name);
    }
}

#[test]
fn each_anomaly_of_coverage_has_its_own_name() {
    let cases: BTreeMap<String, Case> = cases().into_iter().map(|case| (case.name.clone(), case)).collect();
    if cases.is_empty() {
        return;
    }
    let fault = |name: &str| -> String {
        let file = PdfFile::open(&cases[name].bytes, &Limits::UPLOAD).unwrap();
        let first = &file.signatures().unwrap()[0];
        match (first.faults.first(), first.coverage, &first.signature) {
            (Some(fault), ..) => fault.to_string(),
            (None, SignatureCoverage::Partial { end }, _) => format!("ends at {end}"),
            (None, _, Err(fault)) => fault.to_string(),
            (None, coverage, _) => format!("{coverage:?}"),
        }
    };
    assert_eq!(
        fault("pyhanko/one-byterange.pdf"),
        "ByteRange has 2 elements instead of four"
    );
    let gap = "bytes 690 to 6692 are left out, but Contents stands at 690 to 5882";
    assert_eq!(fault("pyhanko/signature-gap-too-big.pdf"), gap);
    assert_eq!(fault("pyhanko/tail-uncovered.pdf"), "ends at 7092");
    assert_eq!(fault("pyhanko/base.pdf"), "Contents is empty");
    assert_eq!(fault("dss/pdf-with-empty-sig.pdf"), "Contents is empty");
    let shifted = "ByteRange begins at byte 1 instead of 0";
    assert_eq!(
        fault("rub-nds-dsv/PDF_test_file_containing_an_invalid_signature.pdf"),
        shifted
    );
    assert!(fault("dss/pades-spoofing-replaced-reason.pdf").contains("are left out"));
}

/// It has no signed attributes at all, as its sub-filter allows, and rests on SHA-1.
const SOUND_BUT_WEAK: &str = "dss/pkcs7-no-message-digest.pdf";

#[test]
fn every_file_has_the_verdict_that_its_manifest_asks_for() {
    let snapshot = Snapshot::new(Vec::new(), Vec::new(), Vec::new());
    let context = Context::new(&snapshot, now());
    for case in cases() {
        let report = verify::document(&case.bytes, Some(&case.name), &context).report;
        let first = report.signatures.first();
        let changes = first.map(|signature| signature.changes_after);
        // No anchor is ours, so that what is sound in itself stays undecided.
        let is_right = match case.must.as_str() {
            "not_valid" if case.name == SOUND_BUT_WEAK => report.conclusion == Indeterminate,
            "not_valid" => matches!(report.conclusion, Changed | Invalid | Unreadable | Unsigned),
            "intact" => {
                let is_sound = first.is_some_and(|first| first.indication == Indication::Indeterminate);
                is_sound && matches!(changes, Some(Seen::None | Seen::Permitted)) && warnings(&report).is_empty()
            }
            "intact_but_changed" => {
                let is_changed = first.is_some_and(|first| !first.change_list.is_empty());
                report.conclusion == Indeterminate && is_changed && warnings(&report).is_empty()
            }
            "review" => is_as_reviewed(&case.name, &report),
            other => panic!("the manifest asks for {other}"),
        };
        assert!(is_right, "{}: {report:#?}", case.name);
    }
}

/// What is expected of a file of which its manifest says no more than that it is to be looked at.
struct Review {
    file: &'static str,
    conclusion: Conclusion,
    /// The codes of its reasons, each once, in their order.
    reasons: &'static [&'static str],
    /// What is warned of in what was signed, each once.
    notes: &'static [&'static str],
}

const REVIEWS: [Review; 11] = [
    Review {
        file: "pyhanko/signed-encrypted-pubkey-with-catalog-ref.pdf",
        conclusion: Unreadable,
        reasons: &["pdf-encrypted"],
        notes: &[],
    },
    // Sound, by an unknown signer; what was laid over the field stands in the signed bytes.
    Review {
        file: "rub-nds/replace__variant-1__3_original-document-shadowed-signed.pdf",
        conclusion: Indeterminate,
        reasons: &["no-path"],
        notes: &["shadow-other-value"],
    },
    // What can be replaced there is a font, of which nobody can say that it is one too many.
    Review {
        file: "rub-nds/replace__variant-2__3_original-document-shadowed-signed.pdf",
        conclusion: Indeterminate,
        reasons: &["no-path"],
        notes: &[],
    },
    // The program that made it left the ends of objects behind the data of its streams.
    Review {
        file: "dss/pades-signed-filled-form.pdf",
        conclusion: Changed,
        reasons: &["changes-not-permitted", "algorithm-not-trusted", "no-path"],
        notes: &["shadow-body-inside", "shadow-script", "shadow-on-paper"],
    },
    // The later revisions change the permanent half of its identifier.
    Review {
        file: "dss/pades-tst-with-null-type.pdf",
        conclusion: Changed,
        reasons: &["changes-not-permitted", "no-path", "time-stamp-not-trusted"],
        notes: &[],
    },
    Review {
        file: "dss/pades-bes-no-certificates.pdf",
        conclusion: Indeterminate,
        reasons: &["signature-fault"],
        notes: &[],
    },
    Review {
        file: "dss/signature-referenced-from-multiple-fields.pdf",
        conclusion: Indeterminate,
        reasons: &["no-path"],
        notes: &[],
    },
    Review {
        file: "dss/encrypted.pdf",
        conclusion: Unreadable,
        reasons: &["pdf-encrypted"],
        notes: &[],
    },
    // Certified, and nothing came after; its time stamp rests on SHA-1.
    Review {
        file: "dss/certified-no-change-permitted.pdf",
        conclusion: Indeterminate,
        reasons: &["no-path", "time-stamp-not-trusted", "algorithm-not-trusted"],
        notes: &[],
    },
    // The store of validation data lost what earlier revisions had in it.
    Review {
        file: "dss/pades-revoc-removed-from-dss-dict.pdf",
        conclusion: Changed,
        reasons: &["changes-not-permitted", "no-path", "time-stamp-not-trusted"],
        notes: &[],
    },
    Review {
        file: "dss/self-issued-qesig.pdf",
        conclusion: Indeterminate,
        reasons: &["no-path"],
        notes: &[],
    },
];

/// Whether a report says what is expected of a file that is to be looked at.
fn is_as_reviewed(name: &str, report: &Report) -> bool {
    let expected = REVIEWS.iter().find(|review| review.file == name);
    let expected = expected.unwrap_or_else(|| panic!("nothing is expected of {name}"));
    report.conclusion == expected.conclusion
        && once(report.reasons.iter()) == expected.reasons
        && warnings(report) == expected.notes
}

/// What is warned of in what was signed, each once.
fn warnings(report: &Report) -> Vec<&'static str> {
    let mut codes = once(report.signatures.iter().flat_map(|signature| &signature.notes));
    codes.retain(|code| code.starts_with("shadow-"));
    codes
}

fn once<'p>(problems: impl Iterator<Item = &'p Problem>) -> Vec<&'static str> {
    let mut codes = Vec::new();
    for problem in problems {
        if !codes.contains(&problem.code) {
            codes.push(problem.code);
        }
    }
    codes
}

/// One file of the suite with what its manifest says.
struct Case {
    name: String,
    bytes: Vec<u8>,
    kind: String,
    must: String,
    count: usize,
}

impl Case {
    fn error(&self) -> PdfError {
        match PdfFile::open(&self.bytes, &Limits::UPLOAD) {
            Err(error) => error,
            Ok(_) => panic!("{} can be opened", self.name),
        }
    }
}

fn cases() -> Vec<Case> {
    let Some(folder) = suite("pdf") else { return Vec::new() };
    let manifest: Vec<Value> = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    manifest.iter().map(|entry| case(&folder, entry)).collect()
}

fn case(folder: &Path, entry: &Value) -> Case {
    let text = |key: &str| entry[key].as_str().unwrap().to_owned();
    let bytes = fs::read(folder.join(text("file"))).unwrap();
    let count = entry["signature_count"].as_u64().unwrap() as usize;
    Case {
        name: text("file"),
        bytes,
        kind: text("kind"),
        must: text("must"),
        count,
    }
}

fn is_sound(signature: &SignatureField) -> bool {
    signature.faults.is_empty()
        && signature.signature.is_ok()
        && signature.revision.is_some()
        && signature.history == DictionaryHistory::Same
}
