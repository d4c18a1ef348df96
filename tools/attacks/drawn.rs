//! Shadow attacks by what readers draw or leave out for an entry that stands elsewhere: no picture is another, and the
//! page shows what its signer did not see.

use yinxin::pdf::{Dictionary, Object, Reference};

use super::nobody::time_stamped_in;
use super::shadow::{FORM, document, page};
use super::target::Target;
use super::{Attack, Error};

/// The form's only field.
const FIELD: u32 = 6;

/// Documents to be signed, by the name of the attack.
pub(super) fn prepared() -> Vec<Attack> {
    let with = |field: &str, form: &str| {
        let mut bodies = page("", "9 9 9 9 re f");
        bodies[5] = format!("<</Type/Annot/F 4/P 3 0 R/Rect[50 50 200 80]{field}>>");
        bodies[4] = format!("<<{form}>>");
        bodies
    };
    let listed = "/Fields[6 0 R]/DA(/Helv 0 Tf)/NeedAppearances true";
    let drawn = "/AP<</N 7 0 R>>";
    let button = format!("/Subtype/Widget/FT/Btn/Ff 65536/T(a)/MK<</CA(100)>>{drawn}");
    let list = format!("/Subtype/Widget/FT/Ch/T(a)/Opt[(100)]{drawn}");
    let signature = |subtype: &str| with(&format!("{subtype}/FT/Sig/T(a){drawn}"), "/Fields[6 0 R]");
    let text = "/Subtype/FreeText/DA(/Fx 20 Tf)/Contents(900)";
    let mut annotation = with(
        text,
        "/Fields[]/Type/Annot/Subtype/FreeText/Rect[50 50 200 80]/Contents(900)",
    );
    annotation[2] = annotation[2].replace("/Annots[6 0 R]", "/Annots[5 0 R]");
    let outside = "/Subtype/Widget/FT/Tx/T(a)/V(900)";
    let cases = [
        ("button-drawn-anew", with(&button, listed)),
        ("list-drawn-anew", with(&list, listed)),
        ("text-without-picture", with(text, "/Fields[]")),
        ("value-beside-the-form", with(outside, "/Fields[]")),
        ("form-that-is-an-annotation", annotation),
        ("field-that-is-a-window", signature("/Subtype/Popup")),
        ("field-that-is-nothing", signature("")),
    ];
    cases
        .map(|(name, bodies)| Attack::new(format!("shadow-{name}"), document(&bodies)))
        .into()
}

/// Raises what was prepared under that name; `None` where it is none of these.
pub(super) fn raise(name: &str, target: &Target) -> Result<Option<Vec<u8>>, Error> {
    let form = |change: &dyn Fn(&mut Dictionary)| {
        let mut form = target.form.clone();
        change(&mut form);
        target.updated(|update| Ok(update.put(Reference::new(FORM), &Object::Dictionary(form))?))
    };
    let text = || Object::String(b"/Fx 20 Tf".to_vec());
    Ok(Some(match name {
        "shadow-button-drawn-anew" | "shadow-list-drawn-anew" => form(&|form| {
            form.remove("NeedAppearances");
        })?,
        "shadow-text-without-picture" => form(&|form| {
            let font = [("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Helvetica")];
            let font = font.iter().fold(Dictionary::new(), |font, (key, name)| {
                font.with(key, Object::name(name))
            });
            let fonts = Dictionary::new().with("Fx", Object::Dictionary(font));
            form.set(
                "DR",
                Object::Dictionary(Dictionary::new().with("Font", Object::Dictionary(fonts))),
            );
        })?,
        "shadow-value-beside-the-form" | "shadow-form-that-is-an-annotation" => form(&|form| form.set("DA", text()))?,
        "shadow-field-that-is-a-window" | "shadow-field-that-is-nothing" => {
            time_stamped_in(target, FIELD, &[("Subtype", Object::name("Widget"))])?
        }
        _ => return Ok(None),
    }))
}
