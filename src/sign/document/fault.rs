//! What keeps a document, a field or a place from being signed. Each is found before any key is used.

use super::seed::Demand;
use crate::pdf::{Change, Reference, Unsteady};
use crate::problem::{Explain, Problem};

/// A document, field or place that is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DocumentFault {
    /// The header stands later in the file (ISO 32000-2 section 7.5.2), so that two readers may count offsets
    /// differently.
    #[error("the document begins at byte {0} of the file instead of its first")]
    NotFromStart(u64),
    /// Bytes follow the last revision.
    #[error("bytes follow the document's last revision")]
    Tail,
    /// What the document shows may be another thing for others, by a script or otherwise.
    #[error("object {} may show something else to others ({})", .1.number, .0.code())]
    Unsteady(Unsteady, Reference),
    /// Readers draw the values of the form by themselves (ISO 32000-2 table 224).
    #[error("the form leaves it to the reader to draw its values")]
    UndrawnValues,
    /// Content that is hidden, or shown at some times alone (ISO 32000-2 section 8.11).
    #[error("the document has layers that are hidden or shown at some times alone")]
    HiddenLayers,
    /// A catalogue that a changed cross-reference would put in the place of the true one.
    #[error("object {} is a second document catalogue", .0.number)]
    SecondCatalog(Reference),
    /// The same of a page tree.
    #[error("object {} is the root of a second page tree", .0.number)]
    SecondPageTree(Reference),
    /// A body of an object in use that its cross-reference section does not list.
    #[error("object {0} has a second body that no cross-reference section lists")]
    SecondBody(u32),
    /// A body of a free number that something refers to.
    #[error("object {0} is free, and the document refers to it and holds a body for it")]
    FreedBody(u32),
    /// An object that says of the file that it is linearised, and longer than it is.
    #[error("object {0} says that the document is linearised and longer than it is")]
    Linearised(u32),
    /// An object with a number that the trailer's Size excludes.
    #[error("object {0} lies beyond the Size of the document")]
    BeyondSize(u32),
    /// A form of another kind, which is drawn by a program of its own (ISO 32000-2 section 12.7.8).
    #[error("the document is an XFA form")]
    Xfa,
    /// An earlier certification permits nothing, or a field that was signed closes the document (ISO 32000-2 table 236,
    /// `P`).
    #[error("a signature of the document permits no changes after it")]
    CertifiedNoChanges,
    /// An earlier certification permits filling fields that are there, and no others.
    #[error("the document is certified, and its certification permits signing in existing fields alone")]
    CertifiedFieldsOnly,
    /// A certification has to be the first signature (ISO 32000-2 section 12.8.2.2).
    #[error("the document is signed already, and a certification has to come first")]
    CertificationNotFirst,
    /// Seals beside the first are marks on signed pages, which would break an earlier signature.
    #[error("the document is signed already, and a further seal may show at one place, not at {0}")]
    PlacesAfterSignature(usize),
    /// What would be added, an earlier signature does not permit by the rules that it is verified by.
    #[error("the signature in {field} does not permit what would be added{}", .change.as_ref().map_or_else(String::new, |change| format!(": {change}")))]
    BreaksEarlier {
        /// Full name of the field of that signature.
        field: String,
        /// The change that it does not permit; none where its bytes are no revision of the document any more.
        change: Option<Box<Change>>,
    },
    /// The picture would be put into a widget that is an object beside its field, which common verifiers take for a
    /// change that no signature permits.
    #[error("the document is signed already, and the field {0} shows in widgets apart from it")]
    FieldWidgetsApart(String),
    /// An earlier signature locks a field that would have to be added for the seal.
    #[error("a new field is locked by the signature in {by}")]
    NewFieldLocked {
        /// The field of the earlier signature.
        by: String,
    },
    /// An earlier signature locks the field.
    #[error("the field {field} is locked by the signature in {by}")]
    FieldLocked {
        /// Its full name.
        field: String,
        /// Full name of the field of the signature that locks it.
        by: String,
    },
    /// There is no signature field of that name.
    #[error("there is no signature field {field}")]
    FieldNotFound {
        /// Its name.
        field: String,
        /// Fields that wait for a signature.
        waiting: Vec<String>,
    },
    /// A new signature field cannot have this name: it is empty, has a full stop, or is that of another field (ISO
    /// 32000-2 section 12.7.4.2).
    #[error("no new signature field can be named \"{0}\"")]
    FieldNotNew(String),
    /// The field has a signature.
    #[error("the field {0} is signed already")]
    FieldFilled(String),
    /// The field has its own place.
    #[error("the field {0} has its own place, and others were asked for")]
    FieldHasPlace(String),
    /// The seal at its true size does not fit the field.
    #[error("the field {field} is {:.1} mm by {:.1} mm, too small for the seal", .size_mm.0, .size_mm.1)]
    FieldTooSmall {
        /// Its full name.
        field: String,
        /// Its size in millimetres as the page is shown: width and height.
        size_mm: (f64, f64),
    },
    /// An empty field that covers more of a page than a seal does waits for whoever signs later.
    #[error(
        "the empty signature field {field} covers more of page {page} than a seal: {:.1} mm by {:.1} mm",
        .size_mm.0,
        .size_mm.1
    )]
    EmptyFieldTooLarge {
        /// Its full name.
        field: String,
        /// Number of the page, from 1.
        page: usize,
        /// Its size in millimetres: width and height.
        size_mm: (f64, f64),
    },
    /// Empty fields that wait for whoever signs later cover too much of that page together.
    #[error("the empty signature fields on page {0} cover more than a third of it")]
    EmptyFieldsTooLarge(usize),
    /// The field is hidden, or not shown on a screen: a seal in it would not show.
    #[error("the field {0} is hidden, and a seal in it would not show")]
    FieldHidden(String),
    /// The field has no widget with a rectangle that a page lists.
    #[error("the field {0} stands on no page, and a seal in it would not show")]
    FieldNowhere(String),
    /// A seal in the middle of the field would stand beyond the visible page.
    #[error(
        "the seal in the field {field} would not lie wholly on page {page}, which shows {:.1} mm by {:.1} mm",
        .size_mm.0,
        .size_mm.1
    )]
    FieldOutsidePage {
        /// Its full name.
        field: String,
        /// Number of the page, from 1.
        page: usize,
        /// Visible size in millimetres: width and height.
        size_mm: (f64, f64),
    },
    /// The lock of the field permits what no standard knows (ISO 32000-2 table 236, `P`).
    #[error("the lock of the field {0} says of what may follow what no standard knows")]
    LockUnknown(String),
    /// What the field demands of its signature (ISO 32000-2 table 237) is not what was asked for.
    #[error("the field {field} demands of its signature {demand}")]
    SeedValue {
        /// Its full name.
        field: String,
        /// What it demands.
        demand: Demand,
    },
    /// Without a page there is nothing that a signature could stand on.
    #[error("the document has no page")]
    NoPages,
    /// The page tree is none, so that nobody can say which page is which.
    #[error("the page tree is broken")]
    PageTree,
    /// A page is turned by no multiple of a right angle (ISO 32000-2 table 31, Rotate).
    #[error("page {0} is turned by no multiple of 90 degrees")]
    PageTurnedAskew(usize),
    /// Nothing is visible of a page.
    #[error("the boxes of page {0} leave nothing of it to be seen")]
    PageShowsNothing(usize),
    /// There is no page of that number.
    #[error("there is no page {page}, the document has {pages}")]
    PageMissing {
        /// The number that was asked for, from 1; negative ones count from the end.
        page: i64,
        /// How many pages there are.
        pages: usize,
    },
    /// Of a range that is counted from both ends, the first page stands behind the last.
    #[error("the pages {from}-{to} lead backwards in a document of {pages}")]
    PagesReversed {
        /// Its first page as it was asked for, from 1; negative ones count from the end.
        from: i64,
        /// Its last page, likewise.
        to: i64,
        /// How many pages there are.
        pages: usize,
    },
    /// A keyword is not on the pages.
    #[error("the text {0:?} is not on the pages")]
    KeywordNotFound(String),
    /// A keyword is not on the pages as often as was wanted.
    #[error("the text {text:?} is {found} times on the pages, and not {wanted}")]
    KeywordHitNotFound {
        /// The text.
        text: String,
        /// How often it was found.
        found: usize,
        /// Which of them was wanted, from 1.
        wanted: usize,
    },
    /// The places of the seal are more than any document needs.
    #[error("the seal would stand at more than {0} places")]
    TooManySpots(usize),
    /// The seal would stand beyond the visible page.
    #[error("the seal would not lie wholly on page {page}, which shows {:.1} mm by {:.1} mm", .size_mm.0, .size_mm.1)]
    SealOutsidePage {
        /// Number of the page, from 1.
        page: usize,
        /// Visible size in millimetres: width and height.
        size_mm: (f64, f64),
    },
}

impl Explain for DocumentFault {
    fn problems(&self) -> Vec<Problem> {
        let sized = |problem: Problem, (width, height): &(f64, f64)| {
            let millimetres = |value| format!("{value:.1}");
            problem
                .param("width", millimetres(width))
                .param("height", millimetres(height))
        };
        let problem = match self {
            Self::NotFromStart(offset) => Problem::new("document-not-from-start").param("offset", offset),
            Self::Tail => Problem::new("document-tail"),
            Self::Unsteady(unsteady, reference) => {
                let code = match unsteady {
                    Unsteady::Script => "document-javascript",
                    Unsteady::OnPaper => "document-otherwise-on-paper",
                    Unsteady::InUse => "document-changes-in-use",
                    Unsteady::Layer => "document-hidden-layers",
                    Unsteady::Outside => "document-rests-outside",
                    Unsteady::ToSome => "document-shown-to-some",
                };
                Problem::new(code).param("object", reference.number)
            }
            Self::UndrawnValues => Problem::new("document-undrawn-values"),
            Self::HiddenLayers => Problem::new("document-hidden-layers"),
            Self::SecondCatalog(_) => Problem::new("document-second-catalogue"),
            Self::SecondPageTree(_) => Problem::new("document-second-page-tree"),
            Self::SecondBody(number) => Problem::new("document-second-body").param("object", number),
            Self::FreedBody(number) => Problem::new("document-freed-body").param("object", number),
            Self::Linearised(number) => Problem::new("document-linearised").param("object", number),
            Self::BeyondSize(_) => Problem::new("document-beyond-size"),
            Self::Xfa => Problem::new("document-xfa"),
            Self::CertifiedNoChanges => Problem::new("document-certified-no-changes"),
            Self::CertifiedFieldsOnly => Problem::new("document-certified-fields-only"),
            Self::CertificationNotFirst => Problem::new("certification-not-first"),
            Self::PlacesAfterSignature(count) => Problem::new("seal-places-after-signature").param("count", count),
            Self::BreaksEarlier { field, .. } => Problem::new("signature-would-break").param("name", field),
            Self::FieldWidgetsApart(field) => Problem::new("signature-field-apart").param("name", field),
            Self::NewFieldLocked { by } => Problem::new("signature-field-new-locked").param("by", by),
            Self::FieldLocked { field, by } => Problem::new("signature-field-locked")
                .param("name", field)
                .param("by", by),
            Self::FieldNotFound { field, waiting } => match waiting.as_slice() {
                [] => Problem::new("signature-field-none").param("name", field),
                _ => Problem::new("signature-field-unknown")
                    .param("name", field)
                    .param("known", waiting.join(" / ")),
            },
            Self::FieldNotNew(field) => Problem::new("signature-field-not-new").param("name", field),
            Self::FieldFilled(field) => Problem::new("signature-field-filled").param("name", field),
            Self::FieldHasPlace(field) => Problem::new("signature-field-placed").param("name", field),
            Self::FieldTooSmall { field, size_mm } => {
                sized(Problem::new("signature-field-too-small").param("name", field), size_mm)
            }
            Self::EmptyFieldTooLarge { field, page, size_mm } => sized(
                Problem::new("signature-field-too-large")
                    .param("name", field)
                    .param("page", page),
                size_mm,
            ),
            Self::EmptyFieldsTooLarge(page) => Problem::new("signature-fields-too-large").param("page", page),
            Self::FieldHidden(field) => Problem::new("signature-field-hidden").param("name", field),
            Self::FieldNowhere(field) => Problem::new("signature-field-nowhere").param("name", field),
            Self::FieldOutsidePage { field, page, size_mm } => sized(
                Problem::new("signature-field-outside-page")
                    .param("name", field)
                    .param("page", page),
                size_mm,
            ),
            Self::LockUnknown(field) => Problem::new("signature-field-lock").param("name", field),
            Self::SeedValue { field, demand } => demand.problem(field),
            Self::NoPages => Problem::new("document-without-pages"),
            Self::PageTree => Problem::new("document-page-tree"),
            Self::PageTurnedAskew(page) => Problem::new("page-turned-askew").param("page", page),
            Self::PageShowsNothing(page) => Problem::new("page-shows-nothing").param("page", page),
            Self::PageMissing { page, pages } => Problem::new("page-missing").param("page", page).param("pages", pages),
            Self::PagesReversed { from, to, pages } => Problem::new("pages-reversed")
                .param("from", from)
                .param("to", to)
                .param("pages", pages),
            Self::KeywordNotFound(text) => Problem::new("keyword-not-found").param("text", text),
            Self::KeywordHitNotFound { text, found, wanted } => Problem::new("keyword-hit-not-found")
                .param("text", text)
                .param("found", found)
                .param("wanted", wanted),
            Self::TooManySpots(limit) => Problem::new("seal-places-too-many").param("limit", limit),
            Self::SealOutsidePage { page, size_mm } => {
                sized(Problem::new("seal-outside-page").param("page", page), size_mm)
            }
        };
        let mut problems = vec![problem.param("detail", self)];
        if let Self::BreaksEarlier { change, .. } = self {
            problems.extend(change.iter().map(|change| change.problem()));
        }
        problems
    }
}
