//! Shadow attacks by objects of two uses: what an update may change of a form is also what the page is drawn by, so
//! that a change that looks like filling in, or like nothing at all, is another page.

use yinxin::pdf::{Dictionary, Object, Reference, Stream, StreamData};

use super::shadow::{FORM, OTHER, document, form_stream, held_form, page};
use super::target::Target;
use super::{Attack, Error};

/// The form's only field, and what it shows.
const FIELD: u32 = 6;
const PICTURE: u32 = 7;
/// What stands after the objects that all of them have.
const FURTHER: u32 = 10;

/// Documents to be signed, by the name of the attack.
pub(super) fn prepared() -> Vec<Attack> {
    let altered = |from: &'static str, to: &'static str| page("", "9 9 9 9 re f").map(|body| body.replace(from, to));
    let shared = page("/XObject 10 0 R", "/X Do").map(|body| body.replace("/DA", "/DR<</XObject 10 0 R>>/DA"));
    let layer = page("/Properties<</L 10 0 R>>", "/OC /L BDC 9 9 9 9 re f EMC")
        .map(|body| body.replace("/Catalog", "/Catalog/OCProperties<</OCGs[10 0 R]/D 6 0 R>>"));
    let undrawn = altered("/AP<</N 7 0 R>>", "").map(|body| body.replace("/DA(/Helv 0 Tf)", ""));
    let cases = [
        ("shared-resources", shared, vec!["<<>>"]),
        (
            "layers-of-a-field",
            layer,
            vec!["<</Type/OCG/Name(a)/Usage<</View<</ViewState/OFF>>>>>>"],
        ),
        ("undrawn-value", undrawn, vec![]),
        (
            "key-that-is-there-twice",
            page("/XObject 10 0 R", "/X Do"),
            vec!["<</X 7 0 R/X 7 0 R>>"],
        ),
        ("values-drawn-anew", altered("/DA", "/NeedAppearances true/DA"), vec![]),
    ];
    let made = cases.into_iter().map(|(name, page, further)| {
        let bodies: Vec<String> = page.into_iter().chain(further.into_iter().map(str::to_owned)).collect();
        Attack::new(format!("shadow-{name}"), document(&bodies))
    });
    made.chain([Attack::new("shadow-picture-with-objects", with_objects_in_a_picture())])
        .collect()
}

/// Raises what was prepared under that name; `None` where it is none of these.
pub(super) fn raise(name: &str, target: &Target) -> Result<Option<Vec<u8>>, Error> {
    let reference = |number| Object::Reference(Reference::new(number));
    let put = |number: u32, value: Object| target.updated(|update| Ok(update.put(Reference::new(number), &value)?));
    let form = |form: Dictionary| put(FORM, Object::Dictionary(form));
    Ok(Some(match name {
        "shadow-shared-resources" => target.updated(|update| {
            let picture = Object::Reference(update.add(&held_form(OTHER))?);
            let named = Dictionary::new().with("X", picture.clone());
            update.put(Reference::new(FURTHER), &Object::Dictionary(named))?;
            let grown = Dictionary::new()
                .with("XObject", reference(FURTHER))
                .with("Pattern", Object::Dictionary(Dictionary::new().with("P", picture)));
            let form = target.form.clone().with("DR", Object::Dictionary(grown));
            Ok(update.put(Reference::new(FORM), &Object::Dictionary(form))?)
        })?,
        "shadow-layers-of-a-field" => {
            let usage = Dictionary::new()
                .with("Event", Object::name("View"))
                .with("Category", Object::Array(vec![Object::name("View")]))
                .with("OCGs", Object::Array(vec![reference(FURTHER)]));
            let states = Object::Array(vec![Object::Dictionary(usage)]);
            put(FIELD, Object::Dictionary(target.entries_of(FIELD)?.with("AS", states)))?
        }
        "shadow-undrawn-value" => form(target.form.clone().with("DA", Object::String(b"/Helv 20 Tf".to_vec())))?,
        "shadow-key-that-is-there-twice" => target.appended(&[(FURTHER, "<</X 8 0 R/X 7 0 R>>")], &target.following()),
        "shadow-values-drawn-anew" => {
            let mut without = target.form.clone();
            without.remove("NeedAppearances");
            form(without)?
        }
        "shadow-picture-with-objects" => {
            let (entries, data) = picture_with_objects(9);
            let data = StreamData::Held(data.into_bytes());
            let dictionary = entries
                .into_iter()
                .fold(Dictionary::new(), |all, (key, value)| all.with(key, value));
            put(PICTURE, Object::Stream(Stream { dictionary, data }))?
        }
        _ => return Ok(None),
    }))
}

/// What a stream has that is the picture of a field and holds object 10 too, by which the page draws the object of that
/// number.
fn picture_with_objects(drawn: u32) -> (Vec<(&'static str, Object)>, String) {
    let corners = [0, 0, 9, 9].map(Object::Integer).to_vec();
    let entries = vec![
        ("Type", Object::name("ObjStm")),
        ("N", Object::Integer(1)),
        ("First", Object::Integer(5)),
        ("Subtype", Object::name("Form")),
        ("BBox", Object::Array(corners)),
    ];
    (entries, format!("10 0 <</X {drawn} 0 R>>"))
}

/// Such a document: objects 8 and 9 are the two pictures, and the cross-references stand in a stream, object 11.
fn with_objects_in_a_picture() -> Vec<u8> {
    let mut bodies = page("/XObject 10 0 R", "/X Do").to_vec();
    let (_, data) = picture_with_objects(8);
    let entries = "/Type/ObjStm/N 1/First 5/Subtype/Form/BBox[0 0 9 9]";
    bodies[6] = format!("<<{entries}/Length {}>>\nstream\n{data}\nendstream", data.len());
    bodies[7] = form_stream("9 9 9 9 re f");
    bodies[8] = form_stream(OTHER);
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut rows = vec![[0; 6]];
    let row = |offset: usize| {
        let [_, _, c, d] = u32::try_from(offset).unwrap_or(0).to_be_bytes();
        [1, 0, 0, c, d, 0]
    };
    for (index, body) in bodies.iter().enumerate() {
        rows.push(row(bytes.len()));
        bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).bytes());
    }
    let start = bytes.len();
    rows.extend([[2, 0, 0, 0, 7, 0], row(start)]);
    let rows = rows.concat();
    let entries = format!("/Type/XRef/W[1 4 1]/Size 12/Root 1 0 R/Length {}", rows.len());
    bytes.extend(format!("11 0 obj\n<<{entries}>>\nstream\n").bytes());
    bytes.extend(rows);
    bytes.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}
