//! Other people's documents: where two readers part nothing is called valid, and what is broken is not called unsigned.

use std::process::Command;

use yinxin::asn1::oid;
use yinxin::ca::timestamp::StampSerial;
use yinxin::cms::build::{Content, SigningIdentity};
use yinxin::cms::timestamp::Imprint;
use yinxin::cms::{Attribute, Form};
use yinxin::crypto::DigestAlgorithm;
use yinxin::crypto::key::Suite;
use yinxin::problem::Problem;
use yinxin::trust::{Anchor, AnchorConstraints, Service, Snapshot};
use yinxin::verify::{self, Conclusion, Context, MAX_SIGNATURES, Report, SignatureReport};

use crate::attacks::forge::{self, Kind};
use crate::support::city::{City, now};
use crate::support::filled_field::filled_among;
use crate::support::{TempFolder, documents};

/// A document of one page; `others` are more entries of its cross-reference table, whatever they say.
fn page(others: &[u64]) -> Vec<u8> {
    document_of(&["<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE, CONTENT], others)
}

const PAGES: &str = "<</Type/Pages/Count 1/Kids[3 0 R]>>";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>";
const CONTENT: &str = "<</Length 23>>stream\n1 0 0 rg 9 9 80 80 re f\nendstream";

/// The same page under a form whose fields, so many, all have one and the same signature.
fn page_with_fields(count: usize) -> Vec<u8> {
    let fields: String = (0..count)
        .map(|number| format!("<</FT/Sig/T({number})/V 5 0 R>>"))
        .collect();
    let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[{fields}]>>>>");
    let signature = "<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<00>>>";
    document_of(&[&catalog, PAGES, PAGE, CONTENT, signature], &[])
}

fn document_of(bodies: &[&str], others: &[u64]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, body) in bodies.iter().enumerate() {
        offsets.push(bytes.len() as u64);
        bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).bytes());
    }
    offsets.extend(others);
    let (start, size) = (bytes.len(), offsets.len() + 1);
    bytes.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    bytes.extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}

fn signed(city: &City, page: Vec<u8>) -> Vec<u8> {
    let signer = city.organisation();
    let chain = [city.issuing.clone()];
    let identity = SigningIdentity::new(signer.key, signer.certificate, &chain).unwrap();
    documents::signed(page, &identity, &documents::claims()).unwrap()
}

fn judged(city: &City, bytes: &[u8]) -> Report {
    let anchor = Anchor::new("root", city.root.clone(), &Service::ALL);
    let snapshot = Snapshot::new(vec![anchor], Vec::new(), Vec::new());
    verify::document(&bytes.to_vec(), None, &Context::new(&snapshot, now())).report
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn two_readers_that_disagree_are_told_with_the_place() {
    let city = City::new(Suite::International);
    let sound = judged(&city, &signed(&city, page(&[])));
    assert!(
        !codes(&sound.reasons).iter().any(|code| code.starts_with("readers")),
        "{sound:?}"
    );
    // An object that nothing refers to, where none is: we pass over it, the other reader takes it for a fault.
    let signer = city.organisation();
    let identity = SigningIdentity::new(signer.key, signer.certificate, std::slice::from_ref(&city.issuing)).unwrap();
    let report = judged(&city, &forge::sign(&page(&[3]), &identity, Kind::Approval));
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
    assert!(codes(&report.reasons).contains(&"readers-disagree-file"), "{report:?}");
}

#[test]
fn linearised_files_and_object_streams_are_read_in_any_number_of_updates() {
    let city = City::new(Suite::International);
    let folder = TempFolder::new("updates");
    std::fs::write(folder.path().join("page.pdf"), page(&[])).unwrap();
    let (linearised, streams) = ("--linearize", "--object-streams=generate");
    for options in [&[linearised][..], &[streams], &[linearised, streams], &["--qdf"]] {
        let done = Command::new("qpdf")
            .args(options)
            .args(["page.pdf", "other.pdf"])
            .current_dir(folder.path())
            .status();
        assert!(done.unwrap().success(), "{options:?}");
        let mut bytes = std::fs::read(folder.path().join("other.pdf")).unwrap();
        for signatures in 1..=3 {
            bytes = signed(&city, bytes);
            let report = judged(&city, &bytes);
            // Nothing is wrong but that nobody hands over a revocation list here.
            let codes = codes(&report.reasons);
            assert!(
                codes.iter().all(|code| *code == "no-revocation-data"),
                "{options:?} {report:?}"
            );
            assert_eq!(report.signatures.len(), signatures);
            let revisions = report.signatures.iter().map(|signature| signature.revision);
            assert!(revisions.eq((2..).take(signatures).map(Some)), "{report:?}");
        }
    }
}

#[test]
fn a_signed_document_cut_short_is_not_called_unsigned() {
    let city = City::new(Suite::International);
    let bytes = signed(&city, page(&[]));
    let unsigned = page(&[]).len();
    for cut in [unsigned + 40, (unsigned + bytes.len()) / 2, bytes.len() - 10] {
        let report = judged(&city, &bytes[..cut]);
        assert_eq!(report.conclusion, Conclusion::Unreadable, "{cut}: {report:?}");
        assert_eq!(codes(&report.reasons), ["document-tail-unreadable"]);
        assert_eq!(report.reasons[0].params["from"], unsigned.to_string());
    }
}

#[test]
fn of_signatures_that_are_equally_bad_each_is_explained() {
    let city = City::new(Suite::International);
    let strangers = [City::new(Suite::National), City::new(Suite::International)];
    let document = strangers
        .iter()
        .fold(page(&[]), |bytes, stranger| signed(stranger, bytes));
    let report = judged(&city, &signed(&strangers[1], document));
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report:?}");
    let signatures = report.signatures.iter();
    let reasons: Vec<_> = signatures.flat_map(|signature| &signature.reasons).collect();
    assert!(
        reasons.iter().all(|reason| report.reasons.contains(reason)),
        "{report:?}"
    );
    assert!(report.reasons.len() < reasons.len(), "each is told once: {report:?}");
    assert!(reasons.starts_with(&[&report.reasons[0]]), "in their order: {report:?}");
}

#[test]
fn blanks_after_an_unsigned_document_leave_it_unsigned() {
    let city = City::new(Suite::International);
    for blanks in [b"".as_slice(), b"\r\n\r\n", &[0; 2_000]] {
        let report = judged(&city, &[page(&[]).as_slice(), blanks].concat());
        assert_eq!(codes(&report.reasons), ["document-unsigned"]);
        assert_eq!(report.conclusion, Conclusion::Unsigned);
    }
}

#[test]
fn of_a_document_with_more_signatures_than_the_budget_none_is_judged() {
    let city = City::new(Suite::International);
    let most = judged(&city, &page_with_fields(MAX_SIGNATURES));
    assert_eq!(most.conclusion, Conclusion::Invalid, "{most:?}");
    assert_eq!(most.signatures.len(), MAX_SIGNATURES);
    let beyond = judged(&city, &page_with_fields(MAX_SIGNATURES + 1));
    assert_eq!(beyond.conclusion, Conclusion::Indeterminate, "{beyond:?}");
    assert_eq!(codes(&beyond.reasons), ["too-many-signatures"]);
    assert_eq!(beyond.signatures, []);
}

#[test]
fn a_signature_that_many_fields_share_is_judged_once() {
    let city = City::new(Suite::International);
    let signer = city.organisation();
    let identity = SigningIdentity::new(signer.key, signer.certificate, &[]).unwrap();
    let further: String = (2..=MAX_SIGNATURES)
        .map(|number| format!("<</FT/Sig/T({number})/V 6 0 R>>"))
        .collect();
    // Each alone takes the checks of nine signatures, which for all would be more than are spent on a file.
    let document = filled_among(&further, "ETSI.CAdES.detached", |bytes, _| {
        let digest = identity.digest().digest(bytes);
        let message = identity.sign(Form::Pkcs7, Content::Detached(&digest), &[]).unwrap();
        let imprint = Imprint::of(DigestAlgorithm::Sha256, message.signature());
        let serial = StampSerial::random().unwrap();
        let token = city.time_stamping().stamp(imprint, now(), serial).unwrap();
        let mut tokens = Attribute::single(oid::SIGNATURE_TIME_STAMP_TOKEN, token.clone());
        tokens.values = vec![token; 8];
        message.finish(&[tokens])
    });
    let report = judged(&city, &document);
    assert_eq!(report.signatures.len(), MAX_SIGNATURES);
    let first = &report.signatures[0];
    assert!(
        first.cryptographic_verification.as_ref().unwrap().is_passed(),
        "{first:?}"
    );
    for other in &report.signatures[1..] {
        assert_ne!(other.field, first.field);
        let same = SignatureReport {
            field: first.field.clone(),
            ..other.clone()
        };
        assert_eq!(same, *first);
    }
}

#[test]
fn nobody_signs_for_a_body_of_our_regions_under_an_authority_of_others() {
    let (ours, theirs) = (City::new(Suite::International), City::new(Suite::International));
    let bytes = signed(&theirs, page(&[]));
    for (region, expected) in [("159900", Conclusion::Invalid), ("150400", Conclusion::Indeterminate)] {
        let own = Anchor::new("own", ours.root.clone(), &Service::ALL).within(AnchorConstraints {
            regions: vec![region.parse().unwrap()],
            ..AnchorConstraints::default()
        });
        let partner = Anchor {
            is_own: false,
            ..Anchor::new("partner", theirs.root.clone(), &Service::ALL)
        };
        let snapshot = Snapshot::new(vec![own, partner], Vec::new(), Vec::new());
        let report = verify::document(&bytes.clone(), None, &Context::new(&snapshot, now())).report;
        assert_eq!(report.conclusion, expected, "{report:?}");
        let is_refused = codes(&report.reasons).contains(&"own-body-certified-elsewhere");
        assert_eq!(is_refused, expected == Conclusion::Invalid, "{report:?}");
    }
}
