//! What has to be said of each attack: one word for a class, and its own for what in it is different; several only
//! where it depends on which byte was hit.

use yinxin::verify::Conclusion::{self, Changed, Indeterminate, Invalid, Unreadable};
use yinxin::verify::Report;

/// The verdicts on what a name begins with, the narrower before the wider.
const VERDICTS: [(&str, &[Conclusion]); 25] = [
    ("appended-", &[Changed]),
    ("boundless-", &[Changed]),
    ("evil-annotation-", &[Changed]),
    // Of a signer whom nobody knows any more, of somebody else's key, or in a file that is none.
    ("flip-message-", &[Invalid, Indeterminate, Unreadable]),
    ("flip-signed-", &[Invalid, Unreadable]),
    // The rest of the line is a comment, and the dictionary has no end.
    ("forgery-range-null", &[Unreadable]),
    // A form that is not said is not looked into; a licence is no licence then.
    ("forgery-sub-filter-gone", &[Invalid, Indeterminate]),
    ("forgery-", &[Invalid]),
    // A licence has no data any more beside its title.
    ("incremental-saving-title-in-metadata", &[Changed, Invalid]),
    ("incremental-saving-", &[Changed]),
    // Object 1, which it frees, is the catalogue of the documents here.
    ("misread-table-from-one", &[Changed, Unreadable]),
    ("misread-", &[Changed]),
    ("prepended-", &[Unreadable]),
    ("sections-encrypted", &[Unreadable]),
    ("sections-without-what-came-before", &[Unreadable]),
    ("sections-", &[Changed]),
    ("shadow-", &[Changed]),
    // Its value is the genuine dictionary, where it was not signed.
    ("sneaky-signature-of-nobody", &[Invalid]),
    ("sneaky-signature-", &[Changed]),
    ("spoofed-dictionary-orphaned", &[Changed]),
    ("spoofed-dictionary-", &[Invalid]),
    // The last line is still there without its end, which is signed.
    ("truncated-1", &[Invalid]),
    ("truncated-", &[Unreadable]),
    // Its form fails where something else has its number, and is sound where nothing but the way to it was taken.
    ("vanished-", &[Changed, Invalid]),
    ("wrapping-", &[Invalid]),
];

/// What is wrong with the verdict on an attack: its name and the verdict, with the reason that is given first.
pub(super) fn wrong(name: &str, report: &Report) -> Option<String> {
    let known = VERDICTS.iter().find(|(start, _)| name.starts_with(start));
    let (_, right) = known.unwrap_or_else(|| panic!("no verdict is known of {name}"));
    // A byte of the name of its form makes it one of a form that nobody knows, and that is not looked into.
    let is_of_no_form = report.conclusion == Indeterminate
        && name.starts_with("flip-signed-")
        && report.reasons[0].code == "signature-form-unsupported";
    let is_right = right.contains(&report.conclusion) || is_of_no_form;
    (!is_right).then(|| format!("{name}: {:?} ({:?})", report.conclusion, report.reasons.first()))
}
