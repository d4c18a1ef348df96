//! A document of one page with one signature of any form in it.

use yinxin::pdf::signature::reserve;
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, Reference};

use super::documents::of_objects;

const BODIES: [&str; 5] = [
    "<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[5 0 R FURTHER]>>>>",
    "<</Type/Pages/Count 1/Kids[3 0 R]>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>/Annots[5 0 R]>>",
    "<</Length 23>>stream\n1 0 0 rg 9 9 80 80 re f\nendstream",
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/F 132/Rect[0 0 0 0]/P 3 0 R>>",
];

/// The page signed under this `SubFilter`, by what `sign` makes of the signed bytes and the numbers of their range.
pub(crate) fn filled(sub_filter: &str, sign: impl FnOnce(&[u8], [u64; 4]) -> Vec<u8>) -> Vec<u8> {
    filled_among("", sub_filter, sign)
}

/// The same beside further fields, for which `6 0 R` is the signature.
pub(crate) fn filled_among(further: &str, sub_filter: &str, sign: impl FnOnce(&[u8], [u64; 4]) -> Vec<u8>) -> Vec<u8> {
    let bodies = BODIES.map(|body| body.replace(" FURTHER", further));
    let base = of_objects("1.7", &bodies.each_ref().map(String::as_str));
    let (update, signature) = {
        let file = PdfFile::open(&base, &Limits::UPLOAD).unwrap();
        let mut update = file.update().unwrap();
        let signature = update.allocate();
        let field = Reference::new(5);
        let Object::Dictionary(widget) = file.latest().object(field).unwrap().value.clone() else {
            panic!("no field")
        };
        let widget = widget.with("V", Object::Reference(signature));
        update.put(field, &Object::Dictionary(widget)).unwrap();
        (update, signature)
    };
    let entries = Dictionary::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name(sub_filter));
    let reserved = reserve(update, signature, &entries, 1 << 15, &[7; 16]).unwrap();
    let [first, second] = reserved.signed_ranges();
    let range = [
        first.start,
        first.end - first.start,
        second.start,
        second.end - second.start,
    ];
    let bytes = [base.as_slice(), &reserved.signed_bytes().concat()].concat();
    let revision = reserved.fill(&sign(&bytes, range)).unwrap();
    [base, revision].concat()
}
