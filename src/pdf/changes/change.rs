//! One change that a later revision makes: what it does, to which part of the document, and of what class it is.

use std::fmt;
use std::ops::Range;

use crate::pdf::object::Reference;
use crate::problem::Problem;

use super::reach::Reach;
use super::shown::{Hiding, Shown};

/// One change of a later revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Number of the revision that makes it, from 1.
    pub revision: usize,
    /// How many revisions the file has.
    pub revisions: usize,
    /// What it does.
    pub kind: ChangeKind,
    /// The pages on which it can show.
    pub reach: Reach,
}

/// What a change is as far as permissions go, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeClass {
    /// A security store or a document time stamp: nothing that a reader sees.
    ValidationData,
    /// A further signature, or an empty field for one.
    Signing,
    /// Dates and producer in the description of the document, or nothing at all.
    Description,
    /// The value or the appearance of a form field.
    FormFilling,
    /// A note or a mark beside the content.
    Annotation,
    /// Anything else, whatever it is for.
    Content,
}

/// What a change does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// The document security store is added or grows.
    ValidationData,
    /// A document time stamp is added.
    TimeStamp {
        /// Full name of its field.
        field: String,
    },
    /// An empty signature field that was there is signed.
    Signed {
        /// Full name of the field.
        field: String,
        /// What it newly shows.
        shown: Option<Shown>,
    },
    /// A signature field is added, empty or signed.
    SignatureField {
        /// Its full name.
        field: String,
        /// Whether it shows on a page, now or as soon as it is signed.
        visible: bool,
        /// What it shows by now.
        shown: Option<Shown>,
    },
    /// The description of the document has another date or producer.
    Description,
    /// The same in an update that adds validation data and nothing else: programs that do set date and producer.
    DescriptionOfData,
    /// Nothing: what it writes was there before.
    Repeated,
    /// A form field is filled, emptied, or looks otherwise.
    FieldFilled {
        /// Full name of the field.
        field: String,
    },
    /// A note or a mark is put on a page.
    Annotation {
        /// What it is, by its subtype.
        what: String,
    },
    /// A mark is put on a page so that what it stands on cannot be read any more.
    Blot {
        /// What it is, by its subtype.
        what: String,
    },
    /// Something has an appearance that some readers draw beyond its place.
    DrawsAnywhere {
        /// What it is in the document.
        part: Part,
    },
    /// Something of a form field changes that no filling in changes.
    FieldEntry {
        /// Full name of the field.
        field: String,
        /// Key of the entry, without the solidus.
        key: String,
    },
    /// A form field is added that is no signature field, or whose parts are no plain signature field's.
    FieldAdded {
        /// Its full name.
        field: String,
    },
    /// Another object takes the place of one that was signed.
    Replaced {
        /// What it is in the document.
        part: Part,
    },
    /// An object is added that has no part in any permitted change.
    Added {
        /// What it is in the document.
        part: Part,
    },
    /// An object that was signed is taken away.
    Freed {
        /// What it was in the document.
        part: Part,
    },
    /// An object is added whose number the document before it already refers to.
    ReferenceFilled {
        /// Its number.
        number: u32,
    },
    /// An entry of the document catalogue changes.
    CatalogEntry {
        /// Its key, without the solidus.
        key: String,
    },
    /// An entry of the trailer changes.
    TrailerEntry {
        /// Its key, without the solidus.
        key: String,
    },
    /// An entry of the form itself changes.
    Form {
        /// Its key, without the solidus.
        key: String,
    },
    /// The document security store holds what is no validation data.
    StoreForm,
    /// Validation data that were there before are gone from the store.
    StoreShrunk,
    /// Bytes that are part of no object.
    Bytes(Range<u64>),
    /// What a reader that searches for objects would take for one, or for a trailer, stands inside another object.
    Hidden {
        /// Where, in bytes.
        at: u64,
    },
    /// It is written in a way that not every reader takes alike.
    Ambiguous {
        /// Where, in bytes.
        at: u64,
        /// What is not written as all readers take it.
        rule: &'static str,
    },
    /// An object of the signed document that cannot be read, so that nothing can be said of what it refers to.
    Unreadable {
        /// The object.
        object: Reference,
    },
}

/// The part that an object has in a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// The document catalogue.
    Catalog,
    /// A node of the page tree.
    PageTree,
    /// The page of that number, from 1.
    Page(usize),
    /// The content of that page.
    PageContent(usize),
    /// A font, a picture or another resource of that page.
    PageResource(usize),
    /// An annotation of that page, or its appearance.
    PageAnnotation(usize),
    /// A form field, by its full name.
    Field(String),
    /// What hangs on an entry of the catalogue, by its key.
    CatalogEntry(String),
    /// The information dictionary.
    Information,
    /// Nothing that is known; what the object says it is.
    Other(String),
}

impl ChangeKind {
    /// What it is as far as permissions go.
    pub fn class(&self) -> ChangeClass {
        match self {
            Self::ValidationData | Self::TimeStamp { .. } | Self::DescriptionOfData => ChangeClass::ValidationData,
            Self::Signed { .. } | Self::SignatureField { .. } => ChangeClass::Signing,
            Self::Description | Self::Repeated => ChangeClass::Description,
            Self::FieldFilled { .. } => ChangeClass::FormFilling,
            Self::Annotation { .. } => ChangeClass::Annotation,
            _ => ChangeClass::Content,
        }
    }

    /// The form field that it concerns, by its full name.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::TimeStamp { field }
            | Self::Signed { field, .. }
            | Self::SignatureField { field, .. }
            | Self::FieldFilled { field }
            | Self::FieldEntry { field, .. }
            | Self::FieldAdded { field } => Some(field),
            _ => None,
        }
    }

    /// The form field that it names, as what it concerns or whose part it is.
    pub(super) fn field_named(&self) -> Option<&str> {
        match self {
            Self::Replaced {
                part: Part::Field(field),
            }
            | Self::Added {
                part: Part::Field(field),
            }
            | Self::Freed {
                part: Part::Field(field),
            }
            | Self::DrawsAnywhere {
                part: Part::Field(field),
            } => Some(field),
            other => other.field(),
        }
    }

    /// What a signature field newly shows.
    pub fn shown(&self) -> Option<&Shown> {
        match self {
            Self::Signed { shown, .. } | Self::SignatureField { shown, .. } => shown.as_ref(),
            _ => None,
        }
    }

    /// The same, to be added to.
    pub(super) fn shown_mut(&mut self) -> Option<&mut Shown> {
        match self {
            Self::Signed { shown, .. } | Self::SignatureField { shown, .. } => shown.as_mut(),
            _ => None,
        }
    }

    /// A signature field that hides what was signed: its name, what it shows, and why that hides it.
    fn hiding(&self) -> Option<(&str, &Shown, Hiding)> {
        let shown = self.shown()?;
        Some((self.field()?, shown, shown.hides?))
    }
}

impl Change {
    /// The change for people: its code and what its text quotes.
    pub fn problem(&self) -> Problem {
        let problem = match &self.kind {
            kind if let Some((field, shown, hiding)) = kind.hiding() => Problem::new(match hiding {
                Hiding::Large => "change-signature-hides",
                Hiding::Together => "change-signatures-hide",
                Hiding::Unsigned => "change-unsigned-field-shows",
            })
            .param("name", field)
            .param("page", shown.page)
            .param("width", shown.width_mm)
            .param("height", shown.height_mm),
            ChangeKind::ValidationData => Problem::new("change-validation-data"),
            ChangeKind::TimeStamp { field } => Problem::new("change-time-stamp").param("name", field),
            ChangeKind::Signed { field, shown: None } => Problem::new("change-signed").param("name", field),
            ChangeKind::Signed {
                field,
                shown: Some(shown),
            } => Problem::new("change-signed-visible")
                .param("name", field)
                .param("page", shown.page),
            ChangeKind::SignatureField {
                field, visible: true, ..
            } => Problem::new("change-signature-field-visible").param("name", field),
            ChangeKind::SignatureField { field, .. } => Problem::new("change-signature-field").param("name", field),
            ChangeKind::Description | ChangeKind::DescriptionOfData => Problem::new("change-description"),
            ChangeKind::Repeated => Problem::new("change-repeated"),
            ChangeKind::FieldFilled { field } => Problem::new("change-field-filled").param("name", field),
            ChangeKind::Annotation { what } => Problem::new("change-annotation").param("what", what),
            ChangeKind::Blot { what } => Problem::new("change-annotation-hides").param("what", what),
            ChangeKind::DrawsAnywhere { part } => part.named(Problem::new("change-draws-anywhere")),
            ChangeKind::FieldEntry { field, key } => Problem::new("change-field-entry")
                .param("name", field)
                .param("key", key),
            ChangeKind::FieldAdded { field } => Problem::new("change-field-added").param("name", field),
            ChangeKind::Replaced { part } => part.named(Problem::new("change-replaced")),
            ChangeKind::Added { part } => part.named(Problem::new("change-added")),
            ChangeKind::Freed { part } => part.named(Problem::new("change-removed")),
            ChangeKind::ReferenceFilled { number } => Problem::new("change-reference-filled").param("object", number),
            ChangeKind::CatalogEntry { key } => Problem::new("change-catalog-entry").param("key", key),
            ChangeKind::TrailerEntry { key } => Problem::new("change-trailer-entry").param("key", key),
            ChangeKind::Form { key } => Problem::new("change-form-entry").param("key", key),
            ChangeKind::StoreForm => Problem::new("change-store-form"),
            ChangeKind::StoreShrunk => Problem::new("change-store-shrunk"),
            ChangeKind::Bytes(range) => Problem::new("change-bytes")
                .param("from", range.start)
                .param("to", range.end),
            ChangeKind::Hidden { at } => Problem::new("change-hidden").param("at", at),
            ChangeKind::Ambiguous { at, rule } => Problem::new("change-ambiguous").param("at", at).param("rule", rule),
            ChangeKind::Unreadable { object } => Problem::new("change-unreadable").param("object", object.number),
        };
        problem
            .param("revision", self.revision)
            .param("revisions", self.revisions)
    }
}

impl Part {
    /// Names it in a text: its word, and the number or name that goes with it.
    fn named(&self, problem: Problem) -> Problem {
        let (word, value) = match self {
            Self::Catalog => ("catalog", String::new()),
            Self::PageTree => ("page-tree", String::new()),
            Self::Page(number) => ("page", number.to_string()),
            Self::PageContent(number) => ("page-content", number.to_string()),
            Self::PageResource(number) => ("page-resource", number.to_string()),
            Self::PageAnnotation(number) => ("page-annotation", number.to_string()),
            Self::Field(name) => ("field", name.clone()),
            Self::CatalogEntry(key) => ("catalog-entry", key.clone()),
            Self::Information => ("information", String::new()),
            Self::Other(what) => ("object", what.clone()),
        };
        problem.param("part", word).param("value", value)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalog => f.write_str("the document catalogue"),
            Self::PageTree => f.write_str("the page tree"),
            Self::Page(number) => write!(f, "page {number}"),
            Self::PageContent(number) => write!(f, "the content of page {number}"),
            Self::PageResource(number) => write!(f, "a resource of page {number}"),
            Self::PageAnnotation(number) => write!(f, "an annotation of page {number}"),
            Self::Field(name) => write!(f, "a part of the form field \"{name}\""),
            Self::CatalogEntry(key) => write!(f, "a part of /{key} of the document catalogue"),
            Self::Information => f.write_str("the information dictionary"),
            Self::Other(what) => write!(f, "an object ({what})"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "revision {} of {} ", self.revision, self.revisions)?;
        match &self.kind {
            kind if let Some((field, shown, hiding)) = kind.hiding() => {
                let page = shown.page;
                match hiding {
                    Hiding::Large => write!(f, "covers more of page {page} than a seal does")?,
                    Hiding::Together => write!(f, "covers, with other signatures, more than a third of page {page}")?,
                    Hiding::Unsigned => write!(f, "draws on page {page} where nobody signed")?,
                }
                let (width, height) = (shown.width_mm, shown.height_mm);
                write!(f, ": the field \"{field}\" draws over {width} mm by {height} mm")
            }
            ChangeKind::ValidationData => f.write_str("adds validation data"),
            ChangeKind::TimeStamp { field } => write!(f, "adds the document time stamp \"{field}\""),
            ChangeKind::Signed { field, shown: None } => write!(f, "signs the field \"{field}\""),
            ChangeKind::Signed {
                field,
                shown: Some(shown),
            } => write!(f, "signs the field \"{field}\", which shows on page {}", shown.page),
            ChangeKind::SignatureField {
                field, visible: true, ..
            } => {
                write!(f, "adds the signature field \"{field}\", which shows on a page")
            }
            ChangeKind::SignatureField { field, .. } => write!(f, "adds the signature field \"{field}\""),
            ChangeKind::Description | ChangeKind::DescriptionOfData => {
                f.write_str("changes the description of the document")
            }
            ChangeKind::Repeated => f.write_str("writes again what was there"),
            ChangeKind::FieldFilled { field } => write!(f, "fills in the form field \"{field}\""),
            ChangeKind::Annotation { what } => write!(f, "adds an annotation ({what})"),
            ChangeKind::Blot { what } => write!(f, "blots out what was signed with an annotation ({what})"),
            ChangeKind::DrawsAnywhere { part } => {
                write!(f, "has an appearance that some readers draw beyond its place: {part}")
            }
            ChangeKind::FieldEntry { field, key } => write!(f, "changes /{key} of the form field \"{field}\""),
            ChangeKind::FieldAdded { field } => write!(f, "adds the form field \"{field}\""),
            ChangeKind::Replaced { part } => write!(f, "replaces {part}"),
            ChangeKind::Added { part } => write!(f, "adds {part}"),
            ChangeKind::Freed { part } => write!(f, "removes {part}"),
            ChangeKind::ReferenceFilled { number } => {
                write!(
                    f,
                    "adds object {number}, to which the document before it already refers"
                )
            }
            ChangeKind::CatalogEntry { key } => write!(f, "changes /{key} of the document catalogue"),
            ChangeKind::TrailerEntry { key } => write!(f, "changes /{key} of the trailer"),
            ChangeKind::Form { key } => write!(f, "changes /{key} of the form"),
            ChangeKind::StoreForm => f.write_str("puts into the security store what is no validation data"),
            ChangeKind::StoreShrunk => f.write_str("removes validation data"),
            ChangeKind::Bytes(range) => write!(
                f,
                "has bytes {} to {} that are part of no object",
                range.start, range.end
            ),
            ChangeKind::Hidden { at } => {
                write!(f, "hides an object or a trailer inside another object, at byte {at}")
            }
            ChangeKind::Ambiguous { at, rule } => {
                write!(
                    f,
                    "is written in a way that readers take differently, at byte {at}: {rule}"
                )
            }
            ChangeKind::Unreadable { object } => {
                write!(f, "follows a document whose object {} cannot be read", object.number)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_words() {
        let change = Change {
            revision: 3,
            revisions: 3,
            kind: ChangeKind::Replaced {
                part: Part::PageContent(1),
            },
            reach: Reach::default(),
        };
        assert_eq!(change.to_string(), "revision 3 of 3 replaces the content of page 1");
        let problem = change.problem();
        assert_eq!(problem.code, "change-replaced");
        assert_eq!(problem.params["part"], "page-content");
        assert_eq!(problem.params["value"], "1");
    }
}
