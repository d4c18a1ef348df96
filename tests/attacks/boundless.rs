//! Appearances that some readers draw beyond their place, where the certification lets fields be filled in; and what
//! honest programs write for a field that shows nothing, which has to be accepted.

use yinxin::pdf::{Dictionary, Object, Reference};
use yinxin::verify::Conclusion;

use super::forge::{self, Kind};
use super::tool::Error;
use super::tool::boundless::{empty_field, form, forms, invisible};
use super::tool::target::Target;
use super::tool::updates::appearance;
use super::{Office, upload};

/// The text field of an upload.
const FIELD: u32 = 6;

/// Fills in the field that is that object, with that appearance.
fn filled(target: &Target, field: u32, form: &Object) -> Result<Vec<u8>, Error> {
    let entries = target.entries_of(field)?;
    target.updated(|update| {
        let states = Dictionary::new().with("N", Object::Reference(update.add(form)?));
        let entries = entries
            .with("V", Object::String(b"900".to_vec()))
            .with("AP", Object::Dictionary(states));
        Ok(update.put(Reference::new(field), &Object::Dictionary(entries))?)
    })
}

#[test]
fn a_field_is_filled_in_within_its_place_alone() {
    let office = Office::new();
    let signed = forge::sign(&upload(), &office.identity(), Kind::Certification(2));
    let target = Target::read(&signed).unwrap();
    let judged = |form: &Object| office.judge(&filled(&target, FIELD, form).unwrap());
    assert_eq!(judged(&appearance()).conclusion, Conclusion::ValidWithPermittedChanges);
    for (name, form) in forms() {
        let report = judged(&form);
        assert_eq!(report.conclusion, Conclusion::Changed, "{name}: {report:?}");
        let mut told = report.signatures[0].change_list.iter();
        let is_told = told.any(|change| change.problem.code == "change-draws-anywhere");
        assert!(is_told, "{name}: {report:?}");
    }
}

#[test]
fn a_field_that_shows_nothing_may_have_an_appearance_of_nothing() {
    let office = Office::new();
    let signed = forge::sign(&upload(), &office.identity(), Kind::Approval);
    let target = Target::read(&signed).unwrap();
    let nothing = ("BBox", Object::Array([0; 4].map(Object::Integer).to_vec()));
    let bounds = ("BBox", Object::Array([0, 0, 100, 100].map(Object::Integer).to_vec()));
    let deflated = ("Filter", Object::name("FlateDecode"));
    for (place, form) in [
        form(std::slice::from_ref(&nothing), b""),
        form(&[nothing, deflated], &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]),
        form(std::slice::from_ref(&bounds), b"% DSBlank\n"),
        form(&[bounds], b"q\nQ\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let report = office.judge(&empty_field(&target, invisible(&target), &form).unwrap());
        assert_eq!(report.signatures[0].change_list.len(), 1, "{place}: {report:?}");
        assert!(
            matches!(
                report.conclusion,
                Conclusion::Valid | Conclusion::ValidWithPermittedChanges
            ),
            "{place}: {report:?}"
        );
    }
}
