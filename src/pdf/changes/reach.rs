//! On which pages a change can show, so that those pages can be looked at as they were and as they are.
//!
//! A change of a page names it. One of the document as a whole, or of an object whose part is not known, can show
//! anywhere; one of a resource shows on the page that is named and may on others that share it.

use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::object::Reference;
use crate::pdf::widgets::places;

use super::audit::Audit;
use super::change::{ChangeKind, Part};

/// The pages on which a change can show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Their numbers, from 1.
    pub pages: BTreeSet<usize>,
    /// Whether it can show on pages that are not named, too.
    pub elsewhere: bool,
}

impl Reach {
    /// Any page.
    pub(super) fn anywhere() -> Self {
        Self {
            pages: BTreeSet::new(),
            elsewhere: true,
        }
    }

    fn of_pages(pages: impl IntoIterator<Item = usize>) -> Self {
        let mut reach = Self::default();
        for page in pages {
            if reach.pages.len() < NAMED_PAGES {
                reach.pages.insert(page);
            } else {
                reach.elsewhere |= !reach.pages.contains(&page);
            }
        }
        reach
    }
}

/// How many pages are named for one change.
const NAMED_PAGES: usize = 100;

/// What a change is about that stands on pages in widgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject<'c> {
    /// A form field, by its full name.
    Field(&'c str),
    /// Notes of a kind.
    Notes(&'c str),
}

/// How far each of the changes of an update reaches.
pub(super) fn reaches(audit: &Audit<'_, '_, '_>, changes: &[ChangeKind]) -> Vec<Reach> {
    let subjects: BTreeSet<Subject<'_>> = changes.iter().filter_map(Subject::of).collect();
    let all: BTreeSet<Reference> = subjects
        .iter()
        .flat_map(|subject| subject.widgets(audit))
        .copied()
        .collect();
    let all: Vec<Reference> = all.into_iter().collect();
    // Where a widget stands decides nothing: where it cannot be found, it is looked for everywhere.
    let found = places(&audit.after, &all).ok().map(|places| {
        let mut pages: BTreeMap<Reference, Vec<usize>> = BTreeMap::new();
        for place in places {
            pages.entry(place.widget).or_default().push(place.page);
        }
        pages
    });
    let of_subject = |subject: Subject<'_>| match &found {
        Some(pages) => {
            let widgets = subject.widgets(audit).iter();
            Reach::of_pages(widgets.filter_map(|widget| pages.get(widget)).flatten().copied())
        }
        None => Reach::anywhere(),
    };
    let known: BTreeMap<Subject<'_>, Reach> = subjects
        .iter()
        .map(|subject| (*subject, of_subject(*subject)))
        .collect();
    let of_widgets = |change| {
        Subject::of(change)
            .and_then(|subject| known.get(&subject))
            .cloned()
            .unwrap_or_default()
    };
    changes.iter().map(|change| reach(change, of_widgets)).collect()
}

impl<'c> Subject<'c> {
    fn of(change: &'c ChangeKind) -> Option<Self> {
        match change {
            ChangeKind::FieldFilled { field } | ChangeKind::FieldEntry { field, .. } => Some(Self::Field(field)),
            ChangeKind::Annotation { what } | ChangeKind::Blot { what } => Some(Self::Notes(what)),
            ChangeKind::Replaced { part } | ChangeKind::Added { part } | ChangeKind::Freed { part } => match part {
                Part::Field(field) => Some(Self::Field(field)),
                _ => None,
            },
            _ => None,
        }
    }

    fn widgets<'a>(self, audit: &'a Audit<'_, '_, '_>) -> &'a [Reference] {
        match self {
            Self::Field(name) => audit.widgets_of(name),
            Self::Notes(what) => audit.notes.get(what).map_or(&[], Vec::as_slice),
        }
    }
}

/// How far a change reaches; `of_widgets` says it of one that is about widgets.
fn reach<'c>(change: &'c ChangeKind, of_widgets: impl Fn(&'c ChangeKind) -> Reach) -> Reach {
    match change {
        ChangeKind::ValidationData
        | ChangeKind::TimeStamp { .. }
        | ChangeKind::Description
        | ChangeKind::DescriptionOfData
        | ChangeKind::Repeated
        | ChangeKind::StoreForm
        | ChangeKind::StoreShrunk => Reach::default(),
        ChangeKind::Signed { shown, .. } | ChangeKind::SignatureField { shown, .. } => match shown {
            Some(shown) => Reach::of_pages(shown.patches.iter().map(|patch| patch.page)),
            None => Reach::default(),
        },
        ChangeKind::FieldFilled { .. }
        | ChangeKind::FieldEntry { .. }
        | ChangeKind::Annotation { .. }
        | ChangeKind::Blot { .. } => of_widgets(change),
        ChangeKind::Replaced { part } | ChangeKind::Added { part } | ChangeKind::Freed { part } => match part {
            Part::Page(page) | Part::PageContent(page) | Part::PageAnnotation(page) => Reach::of_pages([*page]),
            Part::PageResource(page) => Reach {
                elsewhere: true,
                ..Reach::of_pages([*page])
            },
            Part::Field(_) => of_widgets(change),
            Part::Information => Reach::default(),
            Part::Catalog | Part::PageTree | Part::CatalogEntry(_) | Part::Other(_) => Reach::anywhere(),
        },
        ChangeKind::FieldAdded { .. }
        | ChangeKind::ReferenceFilled { .. }
        | ChangeKind::CatalogEntry { .. }
        | ChangeKind::TrailerEntry { .. }
        | ChangeKind::Form { .. }
        | ChangeKind::Bytes(_)
        | ChangeKind::Hidden { .. }
        | ChangeKind::Ambiguous { .. }
        | ChangeKind::DrawsAnywhere { .. }
        | ChangeKind::Unreadable { .. } => Reach::anywhere(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::{SectionKind, Update};
    use crate::pdf::object::{Dictionary, Object};
    use crate::pdf::testing::{append, document, id, open, stream};

    /// Two pages (3 and 4), each with a content (5 and 6), of a form whose field "Name" (8) has a widget on each (9 and
    /// 10).
    fn two_pages() -> Vec<u8> {
        let content = stream("", "BT ET");
        let bodies = [
            "<</Type/Catalog/Pages 2 0 R/AcroForm 7 0 R>>",
            "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
            "<</Type/Page/Parent 2 0 R/Contents 5 0 R/Annots[9 0 R]>>",
            "<</Type/Page/Parent 2 0 R/Contents 6 0 R/Annots[10 0 R]>>",
            &content,
            &content,
            "<</Fields[8 0 R]>>",
            "<</FT/Tx/T(Name)/Kids[9 0 R 10 0 R]>>",
            "<</Type/Annot/Subtype/Widget/Parent 8 0 R/Rect[0 0 9 9]>>",
            "<</Type/Annot/Subtype/Widget/Parent 8 0 R/Rect[0 0 9 9]>>",
        ];
        document(SectionKind::Table, &bodies)
    }

    /// How far what an update of them does reaches, taken together.
    fn reach_of(write: impl FnOnce(&mut Update)) -> (Vec<usize>, bool) {
        let bytes = append(two_pages(), write);
        let found = open(&bytes).found_in(2).unwrap();
        let pages: BTreeSet<usize> = found.iter().flat_map(|(_, reach)| reach.pages.clone()).collect();
        (
            pages.into_iter().collect(),
            found.iter().any(|(_, reach)| reach.elsewhere),
        )
    }

    fn put(update: &mut Update, number: u32, entries: Dictionary) {
        update.put(id(number), &Object::Dictionary(entries)).unwrap();
    }

    #[test]
    fn a_change_of_a_page_names_it() {
        assert_eq!(
            reach_of(|update| update.put(id(6), &Object::Null).unwrap()),
            (vec![2], false)
        );
        let page = Dictionary::new().with("Type", Object::name("Page"));
        assert_eq!(reach_of(|update| put(update, 3, page)), (vec![1], false));
    }

    #[test]
    fn a_field_that_is_filled_in_names_the_pages_of_its_widgets() {
        let field = Dictionary::new()
            .with("FT", Object::name("Tx"))
            .with("T", Object::String(b"Name".to_vec()))
            .with("V", Object::String(b"Wang".to_vec()))
            .with(
                "Kids",
                Object::Array([9, 10].map(|number| Object::Reference(id(number))).to_vec()),
            );
        assert_eq!(reach_of(|update| put(update, 8, field)), (vec![1, 2], false));
    }

    #[test]
    fn a_note_names_its_page() {
        let reach = reach_of(|update| {
            let note = Dictionary::new()
                .with("Type", Object::name("Annot"))
                .with("Subtype", Object::name("Text"))
                .with("Rect", Object::Array([1, 1, 9, 9].map(Object::Integer).to_vec()));
            put(update, 11, note);
            let page = Dictionary::new()
                .with("Type", Object::name("Page"))
                .with("Parent", Object::Reference(id(2)))
                .with("Contents", Object::Reference(id(6)))
                .with(
                    "Annots",
                    Object::Array([10, 11].map(|number| Object::Reference(id(number))).to_vec()),
                );
            put(update, 4, page);
        });
        assert_eq!(reach, (vec![2], false));
    }

    #[test]
    fn a_change_of_the_document_reaches_any_page_and_one_that_changes_nothing_none() {
        let tree = Dictionary::new().with("Type", Object::name("Pages"));
        assert_eq!(reach_of(|update| put(update, 2, tree)), (vec![], true));
        let form = Dictionary::new().with("Fields", Object::Array(vec![Object::Reference(id(8))]));
        assert_eq!(
            reach_of(|update| put(update, 7, form)),
            (vec![], false),
            "written again"
        );
    }
}
