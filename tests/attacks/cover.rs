//! A signature over what others signed: its own is sound, and its picture takes the place of their page. Seals of a
//! seal's size are the control: they are permitted, and told.

use yinxin::pdf::{Dictionary, Object, Reference};
use yinxin::verify::{Conclusion, Report};

use super::Office;
use super::forge::{self, Kind, Spot};
use super::tool::target::Target;
use super::tool::updates::appearance;
use crate::support::documents::of_objects;

/// The whole page.
const PAGE: [i64; 4] = [0, 0, 595, 842];
/// Text beside a name, 110 mm by 40 mm at the foot of the page.
const WIDE: [i64; 4] = [250, 40, 562, 154];
/// A seal of 42 mm.
const SEAL: [i64; 4] = [300, 100, 419, 219];

/// A page with an empty signature field of these corners, which is object 6.
fn prepared(corners: [i64; 4]) -> Vec<u8> {
    prepared_on("/MediaBox[0 0 595 842]", corners)
}

/// The same on a page with these entries.
fn prepared_on(entries: &str, corners: [i64; 4]) -> Vec<u8> {
    let corners = corners.map(|corner| corner.to_string()).join(" ");
    let field = format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Cover)/F 4/P 3 0 R/Rect[{corners}]>>");
    let page = format!("<</Type/Page/Parent 2 0 R{entries}/Contents 4 0 R/Annots[6 0 R]>>");
    of_objects(
        "1.7",
        &[
            "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            &page,
            "<</Length 23>>stream\n1 0 0 rg 9 9 80 80 re f\nendstream",
            "<</Fields[6 0 R]>>",
            &field,
        ],
    )
}

/// What is said of the first signature: its conclusion, and the code and parameters of its only reason.
fn told(report: &Report) -> (Conclusion, &'static str, Vec<&str>) {
    let first = &report.signatures[0];
    assert_eq!(first.reasons.len(), 1, "{report:?}");
    let params = ["name", "page"].map(|name| first.reasons[0].params[name].as_str());
    (first.conclusion, first.reasons[0].code, params.to_vec())
}

#[test]
fn a_picture_over_the_signed_page_is_a_change_whoever_signs_for_it() {
    let office = Office::new();
    for kind in [Kind::Approval, Kind::Certification(2), Kind::Certification(3)] {
        let signed = forge::sign(&prepared(PAGE), &office.identity(), kind);
        assert_eq!(office.judge(&signed).conclusion, Conclusion::Valid);
        let covered = forge::sign_at(&signed, &office.identity(), Kind::Approval, Spot::Waiting(6));
        let report = office.judge(&covered);
        assert_eq!(report.conclusion, Conclusion::Changed, "{report:?}");
        let expected = (Conclusion::Changed, "signature-hides-content", vec!["Cover", "1"]);
        assert_eq!(told(&report), expected);
        let signer = &report.signatures[1].signer.as_ref().unwrap().name;
        assert_eq!(&report.signatures[0].reasons[0].params["signer"], signer);
    }
    let signed = forge::sign(&prepared(SEAL), &office.identity(), Kind::Approval);
    let covered = forge::sign_at(&signed, &office.identity(), Kind::Approval, Spot::New(PAGE));
    let (conclusion, code, _) = told(&office.judge(&covered));
    assert_eq!((conclusion, code), (Conclusion::Changed, "signature-hides-content"));
}

#[test]
fn a_page_of_small_units_is_as_large_as_any_other() {
    let office = Office::new();
    let small = prepared_on("/MediaBox[0 0 595 842]/UserUnit 0.2", PAGE);
    let signed = forge::sign(&small, &office.identity(), Kind::Approval);
    let covered = forge::sign_at(&signed, &office.identity(), Kind::Approval, Spot::Waiting(6));
    let expected = (Conclusion::Changed, "signature-hides-content", vec!["Cover", "1"]);
    assert_eq!(told(&office.judge(&covered)), expected);
}

#[test]
fn signatures_that_cover_a_page_together_are_a_change_of_what_was_signed_before_all_of_them() {
    let office = Office::new();
    let signed_at = |signed: &[u8], corners| {
        let identity = office.identity();
        forge::sign_at(signed, &identity, Kind::Approval, Spot::New(corners))
    };
    let first = |report: &Report| (report.signatures[0].conclusion, report.signatures[0].reasons[0].code);
    let beside = (Conclusion::ValidWithPermittedChanges, "signature-over-content");
    let signed = forge::sign(&prepared(SEAL), &office.identity(), Kind::Approval);
    // Five tiles of 60 mm cover less than a third of the page, six more.
    let tiles = [[0, 0], [170, 0], [340, 0], [0, 170], [170, 170], [340, 170]];
    let tiles = tiles.map(|[x, y]| [x, y, x + 170, y + 170]);
    let [few @ .., last] = tiles;
    let five: Vec<u8> = few
        .into_iter()
        .fold(signed.clone(), |signed, tile| signed_at(&signed, tile));
    assert_eq!(first(&office.judge(&five)), beside);
    let report = office.judge(&signed_at(&five, last));
    assert_eq!(
        first(&report),
        (Conclusion::Changed, "signatures-hide-content"),
        "{report:?}"
    );
    assert_eq!(report.signatures[0].reasons.len(), 6, "each is told");
    assert_eq!(report.conclusion, Conclusion::Changed);
    let second = &report.signatures[1];
    assert_eq!((second.conclusion, second.reasons[0].code), beside, "{report:?}");
    let same = [few[0]; 7];
    let stacked = same.into_iter().fold(signed, |signed, tile| signed_at(&signed, tile));
    assert_eq!(first(&office.judge(&stacked)), beside, "one place is covered once");
}

#[test]
fn a_wide_signature_in_blank_space_is_permitted_and_told() {
    let office = Office::new();
    let signed = forge::sign(&prepared(SEAL), &office.identity(), Kind::Approval);
    let wide = forge::sign_at(&signed, &office.identity(), Kind::Approval, Spot::New(WIDE));
    let report = office.judge(&wide);
    let expected = (Conclusion::ValidWithPermittedChanges, "signature-over-content");
    assert_eq!((told(&report).0, told(&report).1), expected);
}

#[test]
fn a_field_whose_rectangle_is_none_takes_all_of_its_page() {
    let office = Office::new();
    let bytes = String::from_utf8(prepared(SEAL)).unwrap();
    let odd = bytes.replace("/Rect[300 100 419 219]", "/Rect[0 0 595 842 0 0]");
    let signed = forge::sign(odd.as_bytes(), &office.identity(), Kind::Approval);
    let covered = forge::sign_at(&signed, &office.identity(), Kind::Approval, Spot::Waiting(6));
    let expected = (Conclusion::Changed, "signature-hides-content", vec!["Cover", "1"]);
    assert_eq!(told(&office.judge(&covered)), expected);
}

#[test]
fn a_seal_beside_another_is_permitted_and_told() {
    let office = Office::new();
    let judged = |kind, spot| {
        let signed = forge::sign(&prepared(SEAL), &office.identity(), kind);
        office.judge(&forge::sign_at(&signed, &office.identity(), Kind::Approval, spot))
    };
    let expected = (
        Conclusion::ValidWithPermittedChanges,
        "signature-over-content",
        vec!["Cover", "1"],
    );
    for kind in [Kind::Approval, Kind::Certification(2)] {
        let report = judged(kind, Spot::Waiting(6));
        assert_eq!(told(&report), expected);
        assert_eq!(report.signatures[1].conclusion, Conclusion::Valid, "{report:?}");
        assert_eq!(report.conclusion, Conclusion::ValidWithPermittedChanges);
    }
    let report = judged(Kind::Approval, Spot::New(SEAL));
    assert_eq!((told(&report).0, told(&report).1), (expected.0, expected.1));
}

#[test]
fn however_many_fields_draw_over_a_page_ten_of_a_kind_are_told_and_the_others_counted() {
    const MANY: usize = 40;
    const SIGNERS: usize = 3;
    let office = Office::new();
    let mut signed = prepared(SEAL);
    for _ in 0..SIGNERS {
        signed = forge::sign(&signed, &office.identity(), Kind::Approval);
    }
    let target = Target::read(&signed).unwrap();
    let covered = target.updated(|update| {
        let picture = update.add(&appearance())?;
        let states = Dictionary::new().with("N", Object::Reference(picture));
        let list = |entries: &Dictionary, key: &str| entries.get(key).and_then(Object::as_array).unwrap().to_vec();
        let mut annotations = list(&target.page_entries, "Annots");
        let mut fields = list(&target.form, "Fields");
        for number in 0..MANY {
            let entries = Dictionary::new()
                .with("Type", Object::name("Annot"))
                .with("Subtype", Object::name("Widget"))
                .with("FT", Object::name("Sig"))
                .with("T", Object::String(format!("Cover{number}").into_bytes()))
                .with("Rect", Object::Array(SEAL.map(Object::Integer).to_vec()))
                .with("AP", Object::Dictionary(states.clone()));
            let field = Object::Reference(update.add(&Object::Dictionary(entries))?);
            annotations.push(field.clone());
            fields.push(field);
        }
        let page = target.page_entries.clone().with("Annots", Object::Array(annotations));
        let form = target.form.clone().with("Fields", Object::Array(fields));
        update.put(target.page, &Object::Dictionary(page))?;
        Ok(update.put(Reference::new(5), &Object::Dictionary(form))?)
    });
    let report = office.judge(&covered.unwrap());
    assert_eq!(report.conclusion, Conclusion::Changed, "{report:?}");
    for signature in &report.signatures {
        let (last, told) = signature.reasons.split_last().unwrap();
        assert_eq!((told.len(), last.code), (10, "more-alike"), "{signature:?}");
        assert!(told.iter().all(|reason| reason.code == "unsigned-field-over-content"));
        assert_eq!(last.params["count"], (MANY - 10).to_string());
    }
}
