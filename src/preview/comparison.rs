//! What is to be drawn, and what comes of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::area::{Area, differing};
use super::document::{ChineseFont, Document, Drawing};
use super::picture::{Png, frame};

/// Most pages that are drawn to see whether they differ.
pub const MAX_EXAMINED: usize = 16;
/// Most pages of which pictures are given.
pub const MAX_PICTURED: usize = 4;

/// What is to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Length in bytes of the document as it was signed.
    pub signed_length: u64,
    /// The pages that are known to be changed, from 1.
    pub pages: BTreeSet<usize>,
    /// Whether others may be, too.
    pub other_pages: bool,
}

/// A page before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PagePictures {
    /// Its number, from 1.
    pub page: usize,
    /// As it was signed, a PNG file in base64; `None` where there was no such page.
    #[schema(value_type = Option<String>, content_encoding = "base64", content_media_type = "image/png")]
    pub before: Option<Png>,
    /// As it is now, a PNG file in base64; `None` where there is no such page any more.
    #[schema(value_type = Option<String>, content_encoding = "base64", content_media_type = "image/png")]
    pub after: Option<Png>,
    /// Where they differ, framed in both; none where the page has another size now, or is there but once.
    pub areas: Vec<Area>,
}

/// What is told while drawing: pages that differ, then the end, or why there is nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// A page that differs.
    Page(PagePictures),
    /// All was drawn that is drawn.
    End {
        /// How many pages that are known to be changed were not looked at.
        left_out: usize,
        /// How many others that may be were not.
        not_compared: usize,
    },
    /// It failed.
    Failed(PreviewError),
}

/// Why nothing can be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PreviewError {
    /// The signed part is none of the document.
    #[error("{signed_length} bytes were signed of a document of {length} bytes")]
    SignedLength {
        /// Length of the signed part.
        signed_length: u64,
        /// Length of the document.
        length: usize,
    },
    /// The renderer makes nothing of the document as it was signed.
    #[error("the document as it was signed cannot be drawn")]
    BeforeUnreadable,
    /// The renderer makes nothing of the document as it is.
    #[error("the document as it is now cannot be drawn")]
    AfterUnreadable,
    /// A picture could not be written.
    #[error("a picture of page {page} cannot be written")]
    Picture {
        /// Number of the page.
        page: usize,
    },
}

/// Draws the pages of a document before and after, and tells of each that differs as soon as it is drawn.
///
/// # Errors
/// Where the document, as it was or as it is, cannot be drawn at all.
pub fn compare(
    document: Vec<u8>,
    order: &Order,
    chinese: Option<ChineseFont>,
    mut tell: impl FnMut(Told),
) -> Result<(), PreviewError> {
    let (document, length) = (Arc::new(document), order.signed_length);
    let signed = usize::try_from(length).ok().filter(|signed| *signed <= document.len());
    let signed = signed.ok_or(PreviewError::SignedLength {
        signed_length: length,
        length: document.len(),
    })?;
    let before = Document::of_prefix(&document, signed).ok_or(PreviewError::BeforeUnreadable)?;
    let after = Document::of_prefix(&document, document.len()).ok_or(PreviewError::AfterUnreadable)?;
    let pages = pages(order, before.page_count().max(after.page_count()));
    let (before, after) = (Drawing::of(&before, chinese.clone()), Drawing::of(&after, chinese));
    let mut pictured = 0;
    let mut examined = 0;
    for page in pages.iter().take(MAX_EXAMINED) {
        if pictured == MAX_PICTURED {
            break;
        }
        examined += 1;
        if let Some(pictures) = compare_page(&before, &after, *page)? {
            pictured += 1;
            tell(Told::Page(pictures));
        }
    }
    let unseen = pages.into_iter().skip(examined);
    let (left_out, not_compared): (Vec<usize>, Vec<usize>) = unseen.partition(|page| order.pages.contains(page));
    tell(Told::End {
        left_out: left_out.len(),
        not_compared: not_compared.len(),
    });
    Ok(())
}

/// The pages to look at: those that are known to be changed first.
fn pages(order: &Order, count: usize) -> Vec<usize> {
    let known = order.pages.iter().copied().filter(|page| *page <= count);
    let others = (1..=count).filter(|page| order.other_pages && !order.pages.contains(page));
    known.chain(others).collect()
}

/// Draws a page before and after; `None` where both look alike.
fn compare_page(before: &Drawing<'_>, after: &Drawing<'_>, page: usize) -> Result<Option<PagePictures>, PreviewError> {
    let (mut before, mut after) = (before.page(page), after.page(page));
    let mut areas = Vec::new();
    if let (Some(before), Some(after)) = (&mut before, &mut after)
        && let Some(found) = differing(before, after)
    {
        if found.is_empty() {
            return Ok(None);
        }
        frame(before, &found);
        frame(after, &found);
        areas = found;
    }
    let png = |picture: Option<hayro::vello_cpu::Pixmap>| {
        let written = picture.map(|picture| Png::of(picture).ok_or(PreviewError::Picture { page }));
        written.transpose()
    };
    let (before, after) = (png(before)?, png(after)?);
    let differs = before.is_some() || after.is_some();
    Ok(differs.then_some(PagePictures {
        page,
        before,
        after,
        areas,
    }))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use hayro::vello_cpu::Pixmap;

    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::testing::{append, document, id, stream};
    use crate::pdf::{Dictionary, Object, Stream, StreamData};

    /// A document of so many pages, from object 3 on, all with object 4's content but the first, which has object 3's.
    fn pages_of(count: usize) -> Vec<u8> {
        let kids: Vec<String> = (0..count).map(|page| format!("{} 0 R", 5 + page)).collect();
        let tree = format!(
            "<</Type/Pages/MediaBox[0 0 72 72]/Count {count}/Kids[{}]>>",
            kids.join(" ")
        );
        let contents = [stream("", "1 0 0 rg 9 9 9 9 re f"), stream("", "0 1 0 rg 9 9 9 9 re f")];
        let page = |number: usize| {
            format!(
                "<</Type/Page/Parent 2 0 R/Contents {} 0 R>>",
                if number == 0 { 3 } else { 4 }
            )
        };
        let pages: Vec<String> = (0..count).map(page).collect();
        let mut bodies = vec!["<</Type/Catalog/Pages 2 0 R>>", &tree, &contents[0], &contents[1]];
        bodies.extend(pages.iter().map(String::as_str));
        document(SectionKind::Table, &bodies)
    }

    /// The same with another content in the place of this object.
    fn changed(bytes: &[u8], number: u32, content: &str) -> Vec<u8> {
        let content = Object::Stream(Stream {
            dictionary: Dictionary::new(),
            data: StreamData::Held(content.as_bytes().to_vec()),
        });
        append(bytes.to_vec(), |update| update.put(id(number), &content).unwrap())
    }

    fn order(signed: &[u8], pages: &[usize], other_pages: bool) -> Order {
        Order {
            signed_length: signed.len() as u64,
            pages: pages.iter().copied().collect(),
            other_pages,
        }
    }

    /// The pages that are told, and how many are left out: of those that are known to be changed, and of others.
    fn told(document: Vec<u8>, order: &Order) -> (Vec<PagePictures>, (usize, usize)) {
        let (mut pages, mut left) = (Vec::new(), None);
        compare(document, order, None, |told| match told {
            Told::Page(page) => pages.push(page),
            Told::End { left_out, not_compared } => left = Some((left_out, not_compared)),
            Told::Failed(error) => panic!("{error}"),
        })
        .unwrap();
        (pages, left.unwrap())
    }

    #[test]
    fn a_page_is_drawn_as_it_was_and_as_it_is() {
        let signed = pages_of(2);
        let (pages, left_out) = told(
            changed(&signed, 3, "0 0 1 rg 40 40 9 9 re f"),
            &order(&signed, &[1], false),
        );
        let [page] = pages.as_slice() else { panic!("{pages:?}") };
        assert_eq!((page.page, page.areas.len(), left_out), (1, 2, (0, 0)));
        // Two dots a point at most, the first row at the top.
        let dot = |picture: &Option<Png>, x, y| {
            let picture = Pixmap::from_png(Cursor::new(&picture.as_ref().unwrap().0)).unwrap();
            assert_eq!((picture.width(), picture.height()), (120, 120));
            let dot = picture.sample(x, y);
            [dot.r, dot.g, dot.b]
        };
        let (white, red, blue) = ([255; 3], [255, 0, 0], [0, 0, 255]);
        assert_eq!((dot(&page.before, 22, 98), dot(&page.before, 74, 46)), (red, white));
        assert_eq!((dot(&page.after, 22, 98), dot(&page.after, 74, 46)), (white, blue));
    }

    #[test]
    fn pages_that_look_alike_are_left_out() {
        let signed = pages_of(2);
        let same = changed(&signed, 3, "1 0 0 rg 9 9 9 9 re f 0 0 1 rg");
        assert_eq!(told(same, &order(&signed, &[1], true)).0, []);
        let second = changed(&signed, 4, "");
        let numbers = |other_pages: bool| {
            let (pages, _) = told(second.clone(), &order(&signed, &[1], other_pages));
            pages.iter().map(|page| page.page).collect::<Vec<_>>()
        };
        assert_eq!(numbers(true), [2]);
        assert_eq!(numbers(false), [0; 0]);
    }

    #[test]
    fn no_more_pages_are_drawn_than_anybody_looks_at() {
        let signed = pages_of(MAX_EXAMINED + 2);
        let all: Vec<usize> = (1..=MAX_EXAMINED + 2).collect();
        let (pages, left_out) = told(changed(&signed, 4, ""), &order(&signed, &all, true));
        assert_eq!(
            (pages.len(), left_out),
            (MAX_PICTURED, (MAX_EXAMINED + 2 - MAX_PICTURED - 1, 0))
        );
        // Of those that are alike, too, only so many are drawn.
        let (pages, left_out) = told(signed.clone(), &order(&signed, &all, false));
        assert_eq!((pages.len(), left_out), (0, (2, 0)));
    }

    #[test]
    fn pages_of_which_nothing_is_known_are_told_where_they_are_not_compared() {
        let signed = pages_of(MAX_EXAMINED + 4);
        let last = changed(&signed, 4 + u32::try_from(MAX_EXAMINED).unwrap() + 4, "");
        let (pages, left_out) = told(last, &order(&signed, &[], true));
        assert_eq!((pages.len(), left_out), (0, (0, 4)));
        let second = changed(&signed, 4, "");
        let (pages, left_out) = told(second, &order(&signed, &[1], true));
        // The first looks alike, the four behind it do not.
        assert_eq!(
            (pages.len(), left_out),
            (MAX_PICTURED, (0, MAX_EXAMINED + 4 - 1 - MAX_PICTURED))
        );
    }

    #[test]
    fn what_cannot_be_drawn_is_told_as_that() {
        let signed = pages_of(1);
        let refused = |document: &[u8], length: usize| {
            let order = order(&vec![0; length], &[1], false);
            compare(document.to_vec(), &order, None, |told| panic!("{told:?}")).unwrap_err()
        };
        let longer = signed.len() + 1;
        let error = PreviewError::SignedLength {
            signed_length: longer as u64,
            length: signed.len(),
        };
        assert_eq!(refused(&signed, longer), error);
        assert_eq!(refused(&signed, 9), PreviewError::BeforeUnreadable);
        assert_eq!(refused(b"no document", 3), PreviewError::BeforeUnreadable);
    }
}
