//! Every class of attack on signed documents: made from a licence of ours and from an upload that somebody signed, with
//! a signer who is trusted, so that nothing but the attack can be what is wrong. None may be called valid; the controls
//! have to be.

mod alterations;
mod boundless;
mod controls;
mod cover;
pub(crate) mod forge;
mod keyed;
mod messages;
mod signed;
#[path = "../../tools/attacks/mod.rs"]
pub(crate) mod tool;
mod verdicts;

use yinxin::clock::Clock;
use yinxin::cms::build::SigningIdentity;
use yinxin::cms::{SignedAttributes, SignedData};
use yinxin::crypto::key::Suite;
use yinxin::pdf::Limits;
use yinxin::trust::{Anchor, Service, Snapshot};
use yinxin::verify::{self, ChangesAfter, Conclusion, Context, Indication, Report, SignatureKind, SignatureReport};

use crate::support::app::TestApp;
use crate::support::city::{City, Holder, now};
use crate::support::documents::of_objects;
use forge::{Kind, Spot};
use tool::Attack;
use tool::target::Target;
use tool::vanished::Vanished;
use verdicts::wrong;

/// A city with one signer, whom its anchor makes trusted.
pub(crate) struct Office {
    pub(crate) city: City,
    signer: Holder,
}

impl Office {
    pub(crate) fn new() -> Self {
        let city = City::new(Suite::International);
        let signer = city.organisation();
        Self { city, signer }
    }

    /// A page with a script in it, signed all the same.
    pub(crate) fn signed_with_script(&self) -> Vec<u8> {
        let bodies = [CATALOG, PAGES, PAGE, CONTENT, "<</S/JavaScript/JS(a)>>"];
        forge::sign(&of_objects("1.7", &bodies), &self.identity(), Kind::Approval)
    }

    pub(crate) fn identity(&self) -> SigningIdentity {
        let chain = [self.city.issuing.clone()];
        SigningIdentity::new(self.signer.key.clone(), self.signer.certificate.clone(), &chain).unwrap()
    }

    /// A signed page whose message has no attribute that names its certificate, in the form that does not ask for it.
    pub(crate) fn signed_as_pkcs7(&self) -> Vec<u8> {
        let signed = forge::sign(&upload(), &self.identity(), Kind::Approval);
        let form = b"ETSI.CAdES.detached";
        let at = signed.windows(form.len()).position(|bytes| bytes == form).unwrap();
        let mut signed = signed;
        signed[at..at + form.len()].copy_from_slice(b"adbe.pkcs7.detached");
        let digest = forge::digest_of(&signed, self.identity().digest());
        let mut message = forge::Message::of(&self.signer, &digest);
        message.attributes.truncate(2);
        message.carried.extend_from_slice(self.city.issuing.der());
        forge::with_message(&signed, &message.der())
    }

    pub(crate) fn judge(&self, bytes: &[u8]) -> Report {
        let anchor = Anchor::new("root", self.city.root.clone(), &Service::ALL);
        let lists = self.city.lists(now(), &[]);
        let snapshot = Snapshot::new(vec![anchor], Vec::new(), lists.to_vec());
        verify::document(&bytes.to_vec(), None, &Context::new(&snapshot, now())).report
    }
}

/// A page under a form with two fields, as somebody brings it.
pub(crate) fn upload() -> Vec<u8> {
    of_objects(
        "1.7",
        &[
            "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</ProcSet[/PDF]>>/Annots[6 0 R 7 0 R]>>",
            "<</Length 23>>stream\n1 0 0 rg 9 9 80 80 re f\nendstream",
            "<</Fields[6 0 R 7 0 R]/DA(/Helv 0 Tf)>>",
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(Amount)/V(100)/F 4/P 3 0 R/Rect[50 50 200 80]/AP<</N 8 0 R>>>>",
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(Note)/F 4/P 3 0 R/Rect[50 90 200 120]>>",
            "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 1>>stream\n \nendstream",
        ],
    )
}

/// The signed attributes and the signature of each signer.
fn signed_part(document: &[u8]) -> Vec<(Option<SignedAttributes>, Vec<u8>)> {
    let message = SignedData::parse(&forge::message_of(document)).unwrap();
    let parts = message.signers.into_iter();
    parts
        .map(|signer| (signer.signed_attributes, signer.signature))
        .collect()
}

/// Attacks on one document, and there are at least as many as were once found.
fn attacks_on(document: &[u8]) -> Vec<Attack> {
    let attacks = tool::on(document).unwrap();
    assert!(attacks.len() > 120, "{} attacks", attacks.len());
    attacks
}

#[test]
fn each_attack_on_a_licence_has_the_verdict_of_its_class() {
    for suite in Suite::ALL {
        let app = TestApp::new(suite);
        let licence = app.document(&app.issue(0));
        // The register, which has no other document than the one that was issued, would refuse whatever was changed.
        let judge = |bytes: &[u8]| signed::judged_at(&app, bytes, app.clock.now());
        assert_eq!(judge(&licence).conclusion, Conclusion::Valid);
        let attacks = attacks_on(&licence).into_iter();
        let wrong: Vec<_> = attacks
            .filter_map(|Attack { name, bytes }| wrong(&name, &judge(&bytes)))
            .collect();
        assert!(wrong.is_empty(), "{suite:?}: {wrong:#?}");
    }
}

#[test]
fn each_attack_on_a_signed_upload_has_the_verdict_of_its_class_whatever_was_certified() {
    let office = Office::new();
    let kinds = [
        Kind::Approval,
        Kind::Certification(1),
        Kind::Certification(2),
        Kind::Certification(3),
        Kind::Locking(None),
    ];
    let mut all_wrong = Vec::new();
    for (place, kind) in kinds.into_iter().enumerate() {
        let signed = forge::sign(&upload(), &office.identity(), kind);
        let report = office.judge(&signed);
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        let genuine = signed_part(&signed);
        // A message has parts that nothing signs, such as its version: with what is signed untouched they mean nothing.
        let is_harmless = |name: &str, report: &Report, bytes: &[u8]| {
            name.starts_with("flip-message-") && report.conclusion == Conclusion::Valid && signed_part(bytes) == genuine
        };
        let attacks = attacks_on(&signed).into_iter();
        all_wrong.extend(attacks.filter_map(|Attack { name, bytes }| {
            let report = office.judge(&bytes);
            let wrong = wrong(&name, &report).filter(|_| !is_harmless(&name, &report, &bytes));
            wrong.map(|wrong| format!("{place}: {wrong}"))
        }));
    }
    assert!(all_wrong.is_empty(), "{all_wrong:#?}");
}

#[test]
fn a_signature_that_is_made_to_vanish_before_another_signs_is_found_and_fails() {
    let office = Office::new();
    let other = office.city.organisation();
    let chain = [office.city.issuing.clone()];
    let other = SigningIdentity::new(other.key, other.certificate, &chain).unwrap();
    let report = office.judge(&forge::sign(&upload(), &other, Kind::Approval));
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
    for kind in [Kind::Approval, Kind::Certification(2)] {
        let signed = forge::sign(&upload(), &office.identity(), kind);
        let both = office.judge(&forge::sign(&signed, &other, Kind::Approval));
        assert!(both.conclusion <= Conclusion::ValidWithPermittedChanges, "{both:?}");
        for vanished in tool::vanished::all(&signed).unwrap() {
            let Vanished {
                attack,
                signature,
                field,
            } = vanished;
            let spot = field.map_or(Spot::Nowhere, |field| Spot::Waiting(field.number));
            let bytes = forge::sign_in(&attack.bytes, &other, Kind::Approval, spot, signature);
            let report = office.judge(&bytes);
            assert_eq!(wrong(&attack.name, &report), None, "{report:?}");
            let fails =
                |one: &&SignatureReport| one.kind == SignatureKind::Signature && one.conclusion >= Conclusion::Changed;
            assert!(
                report.signatures.iter().any(|one| fails(&one)),
                "{}: {report:?}",
                attack.name
            );
        }
    }
}

#[test]
fn what_a_shadow_attack_raises_is_told_as_changed() {
    let office = Office::new();
    for Attack { name, bytes } in tool::shadow::prepared().unwrap() {
        let mut kinds = vec![Kind::Approval, Kind::Certification(2), Kind::Certification(3)];
        if name == tool::shadow::CERTIFIED {
            kinds.truncate(2);
        }
        for kind in kinds {
            let signed = forge::sign(&bytes, &office.identity(), kind);
            assert_eq!(office.judge(&signed).conclusion, Conclusion::Valid, "{name}");
            let raised = tool::shadow::raise(&name, &signed).unwrap();
            let report = office.judge(&raised.bytes);
            assert_eq!(wrong(&name, &report), None, "{report:?}");
            assert!(!report.signatures[0].change_list.is_empty(), "{name}: {report:?}");
        }
    }
}

#[test]
fn what_a_signer_may_not_have_seen_is_warned_of() {
    let office = Office::new();
    let prepared = tool::shadow::prepared().unwrap();
    let of = |name: &str| {
        let found = prepared.iter().find(|attack| attack.name == name).unwrap();
        let report = office.judge(&forge::sign(&found.bytes, &office.identity(), Kind::Approval));
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        let notes = report.signatures[0].notes.iter();
        notes.map(|note| note.code).collect::<Vec<_>>()
    };
    let second = ["shadow-second-catalog", "shadow-second-page-tree"];
    assert_eq!(of("shadow-hide-and-replace-catalogue"), second);
    assert_eq!(of("shadow-replace-font"), [""; 0]);
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R/OCProperties<</OCGs[]/D<</BaseState/OFF>>>>>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        "<</Length 1>>stream\n \nendstream",
        "<</S/JavaScript/JS(a)>>",
    ];
    let signed = forge::sign(&of_objects("1.7", &bodies), &office.identity(), Kind::Approval);
    let report = office.judge(&signed);
    let notes: Vec<_> = report.signatures[0].notes.iter().map(|note| note.code).collect();
    assert_eq!(notes, ["shadow-hidden-layer", "shadow-script"]);
}

#[test]
fn a_document_that_readers_take_in_two_ways_is_not_valid_from_the_first() {
    let office = Office::new();
    for (code, prepared, control) in tool::readers::prepared() {
        let told = |bytes: &[u8]| {
            let report = office.judge(&forge::sign(bytes, &office.identity(), Kind::Approval));
            let one = &report.signatures[0];
            let said = one.reasons.iter().chain(&one.notes).any(|problem| problem.code == code);
            (report.conclusion, said)
        };
        let expected = match code.starts_with("shadow-") {
            true => Conclusion::Valid,
            false => Conclusion::Indeterminate,
        };
        assert_eq!(told(&prepared), (expected, true), "{code}");
        assert_eq!(told(&control), (Conclusion::Valid, false), "{code}");
    }
}

#[test]
fn a_layer_that_a_purpose_or_another_configuration_switches_is_warned_of() {
    let office = Office::new();
    let with = |layers: &str| {
        let catalog = format!("<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R]{layers}>>>>");
        warnings(&office, &[&catalog, PAGES, PAGE, CONTENT, "<</Type/OCG/Name(a)>>"])
    };
    for layers in [
        "/D<</OFF[5 0 R]>>",
        "/D<</AS[<</Event/Print/OCGs[5 0 R]/Category[/Print]>>]>>",
        "/D<<>>/Configs[<</OFF[5 0 R]>>]",
        "/D<<>>/Configs[<<>><</BaseState/Unchanged>>]",
    ] {
        assert_eq!(with(layers), ["shadow-hidden-layer"], "{layers}");
    }
    assert_eq!(with("/D<</ON[5 0 R]/OFF[]/AS[]>>/Configs[<</BaseState/ON>>]"), [""; 0]);
}

/// The warnings on a document that somebody signs as it is.
fn warnings(office: &Office, bodies: &[&str]) -> Vec<String> {
    let signed = forge::sign(&of_objects("1.7", bodies), &office.identity(), Kind::Approval);
    warnings_on(office, &signed)
}

fn warnings_on(office: &Office, signed: &[u8]) -> Vec<String> {
    let report = office.judge(signed);
    assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
    let notes = report.signatures[0].notes.iter();
    let told = notes.map(|note| match note.params.get("object") {
        Some(object) => format!("{} {object}", note.code),
        None => note.code.to_owned(),
    });
    told.collect()
}

const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &str = "<</Type/Pages/Count 1/Kids[3 0 R]>>";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>";
const CONTENT: &str = "<</Length 1>>stream\n \nendstream";

#[test]
fn a_body_that_no_section_lists_is_warned_of() {
    let office = Office::new();
    let twice = format!("{CONTENT}\nendobj\n4 0 obj\n{CONTENT}");
    assert_eq!(
        warnings(&office, &[CATALOG, PAGES, PAGE, &twice]),
        ["shadow-second-body 4"]
    );
    let listing = PAGE.replace("/Contents", "/Annots[90 0 R]/Contents");
    let freed = format!("{CONTENT}\nendobj\n90 0 obj\n<</Subtype/Stamp>>");
    assert_eq!(
        warnings(&office, &[CATALOG, PAGES, &listing, &freed]),
        ["shadow-freed-body 90"]
    );
    assert_eq!(warnings(&office, &[CATALOG, PAGES, PAGE, &freed]), [""; 0]);
}

#[test]
fn a_body_in_clear_inside_another_object_is_warned_of() {
    let office = Office::new();
    let catalog = "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.pdf) 5 0 R]>>>>>>";
    let file = "<</Type/Filespec/F(a.pdf)/EF<</F 6 0 R>>>>";
    let with = |entries: &str, data: &str| {
        let attached = format!(
            "<</Type/EmbeddedFile{entries}/Length {}>>stream\n{data}\nendstream",
            data.len()
        );
        warnings(&office, &[catalog, PAGES, PAGE, CONTENT, file, &attached])
    };
    let of = |number: u32| format!("{number} 0 obj\n{CONTENT}\nendobj\n");
    assert_eq!(with("", &of(4)), ["shadow-body-inside 6"]);
    assert_eq!(with("", &(of(1) + &of(4))), ["shadow-body-inside 6"]);
    // It would take the place of nothing.
    assert_eq!(with("", &of(90)), [""; 0]);
    let digits: String = of(4).bytes().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(with("/Filter/ASCIIHexDecode", &digits), [""; 0]);
}

#[test]
fn where_a_budget_ends_the_search_for_changes_nobody_knows_of_any() {
    let office = Office::new();
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let report = office.judge(&beyond_budget(&signed));
    let signature = &report.signatures[0];
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{signature:?}");
    assert_eq!(signature.changes_after, ChangesAfter::Unknown, "{signature:?}");
    assert_eq!(signature.indication, Indication::TotalPassed, "{signature:?}");
    assert!(signature.change_list.is_empty(), "{signature:?}");
    let reasons: Vec<_> = report.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(reasons, ["pdf-too-complex"]);
    assert_eq!(signature.reasons, report.reasons);
    // It would have to read what was beyond the budget.
    assert!(!report.second_reader.asked, "{:?}", report.second_reader);
}

/// The document with a sound revision of more values than are read.
pub(crate) fn beyond_budget(signed: &[u8]) -> Vec<u8> {
    let target = Target::read(signed).unwrap();
    let many = usize::try_from(Limits::UPLOAD.parsed_values).unwrap();
    let values = format!("[{}]", "0 ".repeat(many));
    target.appended(&[(target.next_number(), &values)], &target.following())
}

#[test]
fn a_report_says_whether_a_second_reader_was_asked_and_why_not() {
    let office = Office::new();
    let told = |bytes: &[u8]| {
        let second_reader = office.judge(bytes).second_reader;
        (second_reader.asked, second_reader.note.code)
    };
    assert_eq!(told(&office.signed_with_script()), (true, "note-second-reader-asked"));
    let length = 17 << 20;
    let filling = format!("<</Length {length}>>stream\n{}\nendstream", " ".repeat(length));
    let large = of_objects("1.7", &[CATALOG, PAGES, PAGE, CONTENT, &filling]);
    let large = forge::sign(&large, &office.identity(), Kind::Approval);
    assert_eq!(told(&large), (false, "note-second-reader-size"));
    assert_eq!(told(b"no document"), (false, "note-second-reader-needless"));
}

#[test]
fn an_object_that_cannot_be_read_is_warned_of_and_hides_no_other_warning() {
    let office = Office::new();
    let bodies = [
        CATALOG,
        PAGES,
        PAGE,
        CONTENT,
        "null",
        CATALOG,
        "<</S/JavaScript/JS(a)>>",
    ];
    let document = String::from_utf8(of_objects("1.7", &bodies)).unwrap();
    let row = |head: &str| format!("{:010} 00000 n", document.find(head).unwrap());
    // The entry of one object leads to another's body.
    let misled = document.replace(&row("5 0 obj"), &row("4 0 obj"));
    let signed = forge::sign(misled.as_bytes(), &office.identity(), Kind::Approval);
    assert_eq!(
        warnings_on(&office, &signed),
        [
            "shadow-unreadable 5",
            "shadow-second-body 5",
            "shadow-second-catalog 6",
            "shadow-script 7"
        ]
    );
}

#[test]
fn a_field_under_another_or_with_another_value_than_it_shows_is_warned_of() {
    let office = Office::new();
    let page = PAGE.replace("/Contents", "/Annots[5 0 R 6 0 R]/Contents");
    let field = |value: &str, picture: u32| {
        format!("<</Type/Annot/Subtype/Widget/FT/Tx/T(to)/V({value})/F 4/Rect[9 9 99 29]/AP<</N {picture} 0 R>>>>")
    };
    let picture = |text: &str| {
        let content = format!("BT /F 12 Tf 0 8 Td ({text}) Tj ET");
        let entries = "/Type/XObject/Subtype/Form/BBox[0 0 90 20]/Resources<</Font<</F 9 0 R>>>>";
        format!("<<{entries}/Length {}>>stream\n{content}\nendstream", content.len())
    };
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";
    let of = |below: &str, above: &str, shown: &str| {
        let (below, above) = (field(below, 7), field(above, 8));
        let (first, second) = (picture(shown), picture("Relief"));
        let bodies = [CATALOG, PAGES, &page, CONTENT, &below, &above, &first, &second, font];
        warnings(&office, &bodies)
    };
    assert_eq!(of("Relief", "Relief", "Relief"), [""; 0]);
    assert_eq!(of("Attacker", "Relief", "Attacker"), ["shadow-covered-field 5"]);
    assert_eq!(
        of("Relief", "Attacker", "Relief"),
        ["shadow-covered-field 5", "shadow-other-value 6"]
    );
}

#[test]
fn what_looks_otherwise_on_paper_in_use_or_elsewhere_is_warned_of() {
    let office = Office::new();
    let of = |catalog: &str, object: &str| {
        let bodies = [
            &format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
            object,
            "<</Type/OCG/Name(L)>>",
        ];
        let report = office.judge(&forge::sign(
            &of_objects("1.7", &bodies),
            &office.identity(),
            Kind::Approval,
        ));
        assert_eq!(report.conclusion, Conclusion::Valid, "{report:?}");
        let notes = report.signatures[0].notes.iter();
        notes.map(|note| note.code).collect::<Vec<_>>()
    };
    let stamp = "<</Type/Annot/Subtype/Stamp/Rect[0 0 595 842]/F 36/AP<</N 9 0 R>>>>";
    assert_eq!(of("", stamp), ["shadow-on-paper"]);
    assert_eq!(of("", "<</S/Hide/T(a)>>"), ["shadow-in-use"]);
    assert_eq!(
        of("", "<</Type/OCMD/OCGs 5 0 R/P/AllOff>>"),
        ["shadow-conditional-layer"]
    );
    assert_eq!(of("", "<</S/Launch/F(a)>>"), ["shadow-outside"]);
    let form = "/AcroForm<</Fields[4 0 R]/NeedAppearances true>>";
    assert_eq!(of(form, "<</FT/Tx/T(a)/V(1)>>"), ["shadow-values"]);
    assert_eq!(of("", "<</S/GoTo/D[3 0 R/Fit]>>"), [""; 0]);
}
