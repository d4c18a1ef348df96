//! What is not sealed: each with its own reason, before any key is used.

use yinxin::crypto::key::Suite;
use yinxin::i18n::{self, Language};
use yinxin::problem::Explain;
use yinxin::sign::document::{Act, Hits, Order, PageList, Place, ValidationData, prepare};
use yinxin::sign::{DocumentFault, Permission, SignError, SignatureForm};

use super::{Office, Wish, at, corpus};
use crate::support::documents::{claims, of_objects};

/// The code of the refusal.
fn refusal(office: &Office, document: &[u8], wish: &Wish<'_>) -> &'static str {
    match office.seal(document, wish) {
        Ok(_) => panic!("it was sealed"),
        Err(error) => told(&error),
    }
}

/// The code of a refusal, which has its words in every language and quotes what they ask for.
fn told(error: &SignError) -> &'static str {
    let problem = error.problems().remove(0);
    for language in Language::ALL {
        let words = i18n::problem(language, &problem);
        assert!(!words.contains("{$") && !words.contains(problem.code), "{words}");
    }
    problem.code
}

fn placed() -> Wish<'static> {
    Wish {
        places: at(50.0, 60.0),
        ..Wish::default()
    }
}

fn in_field(field: &str) -> Wish<'_> {
    Wish {
        field: Some(field),
        ..Wish::default()
    }
}

/// A document of one page, with these entries in its catalogue and further objects from number 4 on.
fn with(catalog: &str, further: &[&str]) -> Vec<u8> {
    let catalog = format!("<</Type/Catalog/Pages 2 0 R{catalog}>>");
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>";
    let bodies = [catalog.as_str(), "<</Type/Pages/Count 1/Kids[3 0 R]>>", page];
    of_objects("1.7", &[&bodies, further].concat())
}

/// One with a layer, configured so.
fn layers(configuration: &str) -> Vec<u8> {
    let entries = format!("/OCProperties<</OCGs[4 0 R]/D<<{configuration}>>>>");
    with(&entries, &["<</Type/OCG/Name(Draft)>>"])
}

#[test]
fn a_document_is_refused_for_what_is_in_it() {
    let office = Office::new();
    let sound = corpus::pages(1);
    let locked = {
        let bytes = String::from_utf8(sound.clone()).unwrap();
        let locked = bytes.replace("/Root 1 0 R>>", "/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2>>>>");
        locked.into_bytes()
    };
    let short = String::from_utf8(sound.clone())
        .unwrap()
        .replace("/Size 7", "/Size 6")
        .into_bytes();
    for (code, document) in [
        ("document-beyond-size", short),
        ("pdf-not-a-pdf", b"<html></html>".to_vec()),
        ("document-not-from-start", [b"\n", sound.as_slice()].concat()),
        ("document-tail", [sound.as_slice(), b"extra"].concat()),
        ("pdf-encrypted", locked),
        ("pdf-cut-short", sound[..sound.len() - 30].to_vec()),
        (
            "document-javascript",
            with("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>", &[]),
        ),
        (
            "document-javascript",
            with(
                "/Names<</JavaScript 4 0 R>>",
                &["<</Names[(a)5 0 R]>>", "<</S/JavaScript/JS()>>"],
            ),
        ),
        ("document-hidden-layers", layers("/OFF[4 0 R]")),
        ("document-hidden-layers", layers("/BaseState/OFF")),
        (
            "document-hidden-layers",
            layers("/AS[<</Event/Print/OCGs[4 0 R]/Category[/Print]>>]"),
        ),
        (
            "document-second-catalogue",
            with("", &["<</Type/Catalog/Pages 2 0 R>>"]),
        ),
        (
            "document-second-page-tree",
            with("", &["<</Type/Pages/Count 0/Kids[]>>"]),
        ),
        (
            "document-second-body",
            with("", &["null\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R>>"]),
        ),
        (
            "document-freed-body",
            with("/Refers 90 0 R", &["null\nendobj\n90 0 obj\n<</Subtype/Stamp>>"]),
        ),
        ("document-xfa", with("/AcroForm<</Fields[]/XFA(x)>>", &[])),
        (
            "document-without-pages",
            of_objects(
                "1.7",
                &["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>"],
            ),
        ),
        (
            "document-page-tree",
            of_objects(
                "1.7",
                &["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[2 0 R]>>"],
            ),
        ),
        (
            "page-turned-askew",
            corpus::page("1.7", "/MediaBox[0 0 595 842]/Rotate 45", &[]),
        ),
        (
            "page-turned-askew",
            corpus::page("1.7", "/MediaBox[0 0 595 842]/Rotate(90)", &[]),
        ),
        (
            "page-shows-nothing",
            corpus::page("1.7", "/MediaBox[0 0 595 842]/CropBox[900 900 1000 1000]", &[]),
        ),
        (
            "document-shown-to-some",
            corpus::page("1.7", "/MediaBox[0 0 595 842]/Annots(none)", &[]),
        ),
    ] {
        assert_eq!(refusal(&office, &document, &placed()), code);
    }
    // A layer that is shown is no fault, nor what an earlier save left behind.
    let shown = office.seal(&layers("/ON[4 0 R]"), &placed());
    assert!(shown.is_ok(), "{shown:?}");
    let left_behind = office.seal(&with("", &["<</Type/Annot/Subtype/Text/Contents(old)>>"]), &placed());
    assert!(left_behind.is_ok(), "{left_behind:?}");
    let unlisted = with("", &["null\nendobj\n90 0 obj\n<</Subtype/Stamp>>"]);
    assert!(office.seal(&unlisted, &placed()).is_ok());
}

#[test]
fn a_document_that_looks_otherwise_on_paper_or_in_use_is_refused() {
    let office = Office::new();
    for (code, document) in [
        (
            "document-hidden-layers",
            with(
                "",
                &["<</Type/OCMD/OCGs 5 0 R/VE[/Not 5 0 R]>>", "<</Type/OCG/Name(a)>>"],
            ),
        ),
        (
            "document-otherwise-on-paper",
            with(
                "",
                &[
                    "<</Type/Annot/Subtype/Stamp/Rect[0 0 595 842]/F 36/AP<</N 5 0 R>>>>",
                    "null",
                ],
            ),
        ),
        (
            "document-changes-in-use",
            with("/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next<</S/Hide/T(a)>>>>", &[]),
        ),
        ("document-rests-outside", with("/OpenAction<</S/Launch/F(a)>>", &[])),
        (
            "document-undrawn-values",
            with(
                "/AcroForm<</Fields[4 0 R]/NeedAppearances true>>",
                &["<</FT/Tx/T(a)/V(1)>>"],
            ),
        ),
    ] {
        assert_eq!(refusal(&office, &document, &placed()), code);
    }
}

#[test]
fn a_place_or_field_is_refused_that_is_not_there_or_not_free() {
    let office = Office::new();
    let form = corpus::form(true, "");
    let small = corpus::form(true, "/Ff 0").as_slice().to_vec();
    let small = String::from_utf8(small)
        .unwrap()
        .replace("470.1 270.1]/Ff 0", "390.0 190.0]/Ff 0");
    assert_eq!(refusal(&office, &form, &in_field("Nobody")), "signature-field-unknown");
    assert_eq!(refusal(&office, &form, &in_field("Name")), "signature-field-unknown");
    assert_eq!(
        refusal(&office, small.as_bytes(), &in_field("Clerk")),
        "signature-field-too-small"
    );
    for name in ["", "a.b", "Name"] {
        let new = Wish {
            field: Some(name),
            ..placed()
        };
        assert_eq!(refusal(&office, &form, &new), "signature-field-not-new", "{name}");
    }
    let both = Wish {
        field: Some("Clerk"),
        ..placed()
    };
    assert_eq!(refusal(&office, &form, &both), "signature-field-placed");
    let filled = office.seal(&form, &in_field("Clerk")).unwrap();
    assert_eq!(refusal(&office, &filled, &in_field("Clerk")), "signature-field-filled");
    let beyond = Wish {
        places: at(5.0, 5.0),
        ..Wish::default()
    };
    assert_eq!(refusal(&office, &form, &beyond), "seal-outside-page");
    let keyword = Wish {
        places: vec![Place::Keyword {
            text: "permit".to_owned(),
            hits: Hits::Nth(2),
            pages: PageList::all(),
        }],
        ..Wish::default()
    };
    assert_eq!(refusal(&office, &form, &keyword), "keyword-hit-not-found");
    let demanding = corpus::form(true, "/SV<</Ff 16/LegalAttestation[(I agree)]>>");
    assert_eq!(refusal(&office, &demanding, &in_field("Clerk")), "signature-field-seed");
    let kind = corpus::form(true, "/SV<</Ff 2/SubFilter[/adbe.pkcs7.detached]>>");
    let other_key = "signature-field-wants-other-key";
    assert_eq!(refusal(&office, &kind, &in_field("Clerk")), other_key);
}

#[test]
fn what_a_field_demands_of_its_signature_is_respected() {
    let office = Office::new();
    let seed = |entries: &str| corpus::form(true, &format!("/SV<<{entries}>>"));
    let certify = |permission| Wish {
        act: Act::Certify(permission),
        ..in_field("Clerk")
    };
    let approval = seed("/MDP<</P 0>>");
    assert_eq!(
        refusal(&office, &approval, &certify(Permission::Forms)),
        "signature-field-wants-approval"
    );
    assert!(office.seal(&approval, &in_field("Clerk")).is_ok());
    let certification = seed("/MDP<</P 2>>");
    for wish in [in_field("Clerk"), certify(Permission::Annotations)] {
        let refused = office.seal(&certification, &wish).unwrap_err();
        assert_eq!(told(&refused), "signature-field-wants-certification");
        assert_eq!(refused.problems()[0].params["permission"], "2");
    }
    assert!(office.seal(&certification, &certify(Permission::Forms)).is_ok());
    for (demand, is_met) in [(1, false), (0, true)] {
        let stamped = seed(&format!("/TimeStamp<</URL(http://tsa.example/)/Ff {demand}>>"));
        let order = Order {
            act: Act::Approve,
            form: SignatureForm::Pades,
            field: Some("Clerk"),
            places: &[],
            claims: claims(),
            validation: &ValidationData::default(),
            stamp_room: 0,
        };
        let told = prepare(&stamped, office.hand(), &order).err().map(|error| told(&error));
        assert_eq!(
            told,
            (!is_met).then_some("signature-field-wants-time-stamp"),
            "{demand}"
        );
        assert!(office.seal(&stamped, &in_field("Clerk")).is_ok());
    }
    for broken in ["/MDP<</P 4>>", "/MDP<</P(2)>>"] {
        assert_eq!(
            refusal(&office, &seed(broken), &in_field("Clerk")),
            "signature-field-seed"
        );
    }
}

#[test]
fn of_the_kinds_that_a_field_lists_the_first_is_used_that_the_signer_has() {
    let lists = |first: &str, second: &str| corpus::form(true, &format!("/SV<</Ff 2/SubFilter[/{first}/{second}]>>"));
    let pades_first = lists("ETSI.CAdES.detached", "adbe.pkcs7.detached");
    let gm_first = lists("adbe.pkcs7.detached", "ETSI.CAdES.detached");
    let of_form = |form| Wish {
        form,
        ..in_field("Clerk")
    };
    let office = Office::new();
    for document in [&pades_first, &gm_first] {
        assert!(office.seal(document, &of_form(SignatureForm::Pades)).is_ok());
    }
    let national = Office::of(Suite::National);
    for (document, used, other) in [
        (&pades_first, SignatureForm::Pades, SignatureForm::Gm),
        (&gm_first, SignatureForm::Gm, SignatureForm::Pades),
    ] {
        assert!(national.seal(document, &of_form(used)).is_ok());
        let refused = national.seal(document, &of_form(other)).unwrap_err();
        assert_eq!(told(&refused), "signature-field-wants-form");
        assert_eq!(refused.problems()[0].params["form"], used.name());
    }
}

#[test]
fn a_field_that_lists_reasons_or_digests_is_signed_with_one_of_them_or_the_refusal_names_what_it_wants() {
    let office = Office::new();
    let seed = |entries: &str| corpus::form(true, &format!("/SV<<{entries}>>"));
    let reasons = |flags: u8, other: &str| seed(&format!("/Ff {flags}/Reasons[(Read) {other}]"));
    let given: String = claims()
        .reason
        .encode_utf16()
        .map(|unit| format!("{unit:04X}"))
        .collect();
    assert!(
        office
            .seal(&reasons(8, &format!("<FEFF{given}>")), &in_field("Clerk"))
            .is_ok()
    );
    assert!(
        office.seal(&reasons(0, "(Agreed)"), &in_field("Clerk")).is_ok(),
        "no demand"
    );
    let refused = office.seal(&reasons(8, "(Agreed)"), &in_field("Clerk")).unwrap_err();
    assert_eq!(told(&refused), "signature-field-wants-reason");
    assert_eq!(refused.problems()[0].params["known"], "Read / Agreed");

    for digests in ["/SHA512/SHA256", "(sha512)(sha256)"] {
        let asked = seed(&format!("/Ff 64/DigestMethod[{digests}]"));
        assert!(office.seal(&asked, &in_field("Clerk")).is_ok(), "{digests}");
    }
    for (entries, entry) in [
        ("/Ff 64/DigestMethod[/SHA512]", "DigestMethod"),
        ("/Ff 8/Reasons[(.)]", "Reasons"),
        ("/Ff 32/AddRevInfo true", "AddRevInfo"),
        ("/Ff 128/LockDocument true", "Ff"),
    ] {
        let refused = office.seal(&seed(entries), &in_field("Clerk")).unwrap_err();
        assert_eq!(told(&refused), "signature-field-seed", "{entries}");
        assert_eq!(refused.problems()[0].params["entry"], entry);
    }
}

#[test]
fn where_all_fields_are_locked_a_new_one_is_told_to_be_locked_and_no_name_that_nobody_gave() {
    let office = Office::new();
    let locked = corpus::form(true, "/Lock<</Type/SigFieldLock/Action/All>>");
    let sealed = office.seal(&locked, &in_field("Clerk")).unwrap();
    let beside = Wish {
        places: at(60.0, 60.0),
        ..Wish::default()
    };
    let refused = office.seal(&sealed, &beside).unwrap_err();
    assert_eq!(told(&refused), "signature-field-new-locked");
    assert_eq!(refused.problems()[0].params["by"], "Clerk");
}

/// A page with these entries that lists this of its annotations, and a waiting field `Clerk` (object 4) with these.
fn waiting(page: &str, listed: &str, field: &str) -> Vec<u8> {
    let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{page}/Annots[{listed}]>>");
    let field = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Clerk)/P 3 0 R{field}>>");
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>";
    of_objects("1.7", &[catalog, "<</Type/Pages/Count 1/Kids[3 0 R]>>", &page, &field])
}

#[test]
fn a_seal_that_would_not_show_in_its_field_is_refused() {
    let office = Office::new();
    let place = "/Rect[300 100 470.1 270.1]";
    for (code, page, listed, field) in [
        ("signature-field-hidden", "", "4 0 R", "/F 2/Rect[300 100 470.1 270.1]"),
        ("signature-field-hidden", "", "4 0 R", "/F 36/Rect[300 100 470.1 270.1]"),
        ("signature-field-nowhere", "", "", "/F 4/Rect[300 100 470.1 270.1]"),
        ("signature-field-nowhere", "", "4 0 R", "/F 4"),
        ("signature-field-nowhere", "", "4 0 R", "/F 4/Rect[300 100 470.1]"),
        ("signature-field-nowhere", "", "4 0 R", "/F 4/Kids[]"),
        (
            "signature-field-outside-page",
            "",
            "4 0 R",
            "/F 4/Rect[3000 100 3170.1 270.1]",
        ),
        (
            "signature-field-outside-page",
            "/CropBox[0 0 400 842]",
            "4 0 R",
            "/F 4/Rect[300 100 470.1 270.1]",
        ),
    ] {
        let document = waiting(page, listed, field);
        assert_eq!(refusal(&office, &document, &in_field("Clerk")), code, "{page} {field}");
    }
    let shown = office.seal(&waiting("", "4 0 R", &format!("/F 4{place}")), &in_field("Clerk"));
    assert!(shown.is_ok(), "{shown:?}");
    let half = waiting("", "4 0 R", "/F 4/Rect[-50 100 250 270.1]");
    let half = office.seal(&half, &in_field("Clerk"));
    assert!(half.is_ok(), "of the field a part is not on the page, of the seal none");
}

/// What is to be known of a document that is signed so.
fn remarks(office: &Office, document: &[u8], wish: &Wish<'_>) -> Vec<&'static str> {
    let order = Order {
        act: wish.act,
        form: wish.form,
        field: wish.field,
        places: &wish.places,
        claims: claims(),
        validation: &wish.validation,
        stamp_room: 0,
    };
    let document = document.to_vec();
    let prepared = prepare(&document, office.hand(), &order).unwrap();
    prepared.remarks().iter().map(|remark| remark.problem().code).collect()
}

#[test]
fn a_field_that_is_meant_to_be_invisible_is_signed_and_that_is_told() {
    let office = Office::new();
    for field in ["/F 132/Rect[0 0 0 0]", "/F 2/Rect[9 9 9 90]"] {
        for listed in ["4 0 R", ""] {
            let document = waiting("", listed, field);
            assert_eq!(remarks(&office, &document, &in_field("Clerk")), ["seal-unseen"]);
            assert!(office.seal(&document, &in_field("Clerk")).is_ok());
        }
    }
    assert_eq!(
        remarks(&office, &corpus::form(true, ""), &in_field("Clerk")),
        [""; 0],
        "it shows"
    );
}

#[test]
fn a_certification_permits_no_more_than_the_lock_of_its_field_and_that_is_told() {
    let office = Office::new();
    let locked = corpus::form(true, "/Lock<</Type/SigFieldLock/Action/All/P 1>>");
    let certify = |permission| Wish {
        act: Act::Certify(permission),
        ..in_field("Clerk")
    };
    let asked = certify(Permission::Annotations);
    assert_eq!(remarks(&office, &locked, &asked), ["certification-narrowed"]);
    let sealed = office.seal(&locked, &asked).unwrap();
    let permissions = String::from_utf8_lossy(&sealed)
        .matches("/P 1/Type /TransformParams")
        .count();
    assert_eq!(permissions, 1, "the certification says what the lock says");
    let told = remarks(&office, &locked, &certify(Permission::NoChanges));
    assert_eq!(told, [""; 0], "it is what was asked for");
}

#[test]
fn a_lock_that_permits_what_no_standard_knows_is_refused() {
    let office = Office::new();
    let locked = corpus::form(true, "/Lock<</Type/SigFieldLock/Action/All/P 7>>");
    for act in [Act::Approve, Act::Certify(Permission::Forms)] {
        let wish = Wish {
            act,
            ..in_field("Clerk")
        };
        assert_eq!(refusal(&office, &locked, &wish), "signature-field-lock");
    }
}

#[test]
fn an_empty_field_that_others_could_cover_the_page_from_is_refused() {
    let office = Office::new();
    let with_field_on = |entries: &str, corners: &str| {
        let field = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Cover)/F 4/P 3 0 R/Rect[{corners}]>>");
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{entries}/Annots[4 0 R]>>");
        let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>";
        of_objects("1.7", &[catalog, "<</Type/Pages/Count 1/Kids[3 0 R]>>", &page, &field])
    };
    let with_field = |corners: &str| with_field_on("", corners);
    let large = with_field("595 842 0 0");
    assert_eq!(refusal(&office, &large, &placed()), "signature-field-too-large");
    let chosen = office.seal(&large, &in_field("Cover"));
    assert!(chosen.is_ok(), "signed in it, nobody else can: {chosen:?}");
    for corners in ["300 20 570 80", "250 40 562 154"] {
        let line = office.seal(&with_field(corners), &placed());
        assert!(line.is_ok(), "a signature line: {line:?}");
    }
    let small = with_field_on("/UserUnit 0.2", "595 842 0 0");
    assert_eq!(refusal(&office, &small, &placed()), "signature-field-too-large");
    let certify = |permission| Wish {
        act: Act::Certify(permission),
        ..placed()
    };
    assert_eq!(
        refusal(&office, &large, &certify(Permission::Forms)),
        "signature-field-too-large"
    );
    let closed = office.seal(&large, &certify(Permission::NoChanges));
    assert!(closed.is_ok(), "nobody may sign in it any more");
}

#[test]
fn empty_fields_that_others_could_cover_the_page_from_together_are_refused() {
    let office = Office::new();
    let tiled = |count: u32| {
        let numbers: Vec<u32> = (4..4 + count).collect();
        let list: String = numbers.iter().map(|number| format!("{number} 0 R ")).collect();
        let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{list}]>>>>");
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[{list}]>>");
        let field = |number: &u32| {
            let (x, y) = ((number - 4) % 3 * 170, (number - 4) / 3 * 170);
            let corners = format!("{x} {y} {} {}", x + 170, y + 170);
            format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Tile{number})/F 4/P 3 0 R/Rect[{corners}]>>")
        };
        let above = [catalog, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(), page];
        let bodies: Vec<String> = above.into_iter().chain(numbers.iter().map(field)).collect();
        of_objects("1.7", &bodies.iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert_eq!(refusal(&office, &tiled(6), &placed()), "signature-fields-too-large");
    assert!(office.seal(&tiled(5), &placed()).is_ok());
    let chosen = office.seal(&tiled(6), &in_field("Tile4"));
    assert!(chosen.is_ok(), "the others leave enough of the page: {chosen:?}");
}

#[test]
fn what_an_earlier_signature_does_not_permit_is_not_done() {
    let office = Office::new();
    let certified = |permission| {
        let wish = Wish {
            act: Act::Certify(permission),
            ..in_field("Clerk")
        };
        office.seal(&corpus::form(true, ""), &wish).unwrap()
    };
    let closed = certified(Permission::NoChanges);
    assert_eq!(
        refusal(&office, &closed, &in_field("office.Head")),
        "document-certified-no-changes"
    );
    for permission in [Permission::Forms, Permission::Annotations] {
        assert_eq!(
            refusal(&office, &certified(permission), &placed()),
            "document-certified-fields-only"
        );
    }
    let closing = corpus::form(true, "/Lock<</Type/SigFieldLock/Action/Include/Fields[(Name)]/P 1>>");
    let certify = |field| Wish {
        act: Act::Certify(Permission::Forms),
        ..in_field(field)
    };
    for orders in [
        vec![certify("Clerk")],
        vec![certify("office.Head"), in_field("Clerk")],
        vec![in_field("Clerk")],
    ] {
        let closed = orders.iter().fold(closing.clone(), |document, order| {
            office.seal(&document, order).unwrap()
        });
        let further = if orders.len() == 1 {
            in_field("office.Head")
        } else {
            placed()
        };
        assert_eq!(refusal(&office, &closed, &further), "document-certified-no-changes");
    }
    let again = certify("office.Head");
    assert_eq!(
        refusal(&office, &certified(Permission::Forms), &again),
        "certification-not-first"
    );
    let signed = office.seal(&corpus::pages(2), &placed()).unwrap();
    let mut many = placed();
    many.places.extend(at(120.0, 200.0));
    assert_eq!(refusal(&office, &signed, &many), "seal-places-after-signature");
    for lock in ["/Lock<</Action/All>>", "/Lock<</Action/Include/Fields[(office)]>>"] {
        let locked = office.seal(&corpus::form(true, lock), &in_field("Clerk")).unwrap();
        let refused = office.seal(&locked, &in_field("office.Head"));
        let fault = DocumentFault::FieldLocked {
            field: "office.Head".to_owned(),
            by: "Clerk".to_owned(),
        };
        assert!(
            matches!(&refused, Err(SignError::Document(found)) if *found == fault),
            "{refused:?}"
        );
    }
    let open = "/Lock<</Action/Exclude/Fields[(office.Head)]>>";
    let open = office.seal(&corpus::form(true, open), &in_field("Clerk")).unwrap();
    assert!(office.seal(&open, &in_field("office.Head")).is_ok());
}
