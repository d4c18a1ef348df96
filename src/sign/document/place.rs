//! Where a seal is shown: at coordinates on pages, on a keyword, or cut in slices across the edges of pages (骑缝章).
//!
//! Lengths are millimetres on the page as it is shown, from the upper left corner of what is visible of it, whatever
//! its rotation and boxes.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::DocumentFault;
use super::pages::Page;
use crate::draw::Point;
use crate::pdf::page_text::{Glyph, find};
use crate::pdf::{PdfError, Rectangle};
use crate::sign::SignError;

/// Most spots of one seal in one document: a seal on every page of the thickest volumes that are made, several times
/// over. A word that stands everywhere is no place.
pub(super) const MAX_SPOTS: usize = 10_000;

/// One rule for where a seal is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Place {
    /// With its centre at a point of each of these pages.
    At {
        /// The pages.
        pages: PageList,
        /// Millimetres to the right.
        x_mm: f64,
        /// Millimetres down.
        y_mm: f64,
    },
    /// With its centre on a text of the pages, moved as far as it needs to lie wholly on its page.
    Keyword {
        /// The text; white space in it does not count.
        text: String,
        /// Which of its places.
        hits: Hits,
        /// The pages that are searched.
        pages: PageList,
    },
    /// Cut in as many slices as there are pages, one at the edge of each.
    Across {
        /// The pages.
        pages: PageList,
        /// The edge that the slices lie at.
        edge: Edge,
        /// Millimetres of the seal's centre along the edge, from above or from the left; the middle of the page where
        /// it is left out.
        along_mm: Option<f64>,
        /// After how many pages the next whole seal begins; `None` for one seal over all pages.
        every: Option<usize>,
    },
}

/// Which places of a keyword are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hits {
    /// All.
    Every,
    /// The first.
    First,
    /// That one, from 1, over all pages.
    Nth(usize),
}

/// An edge of the page as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edge {
    /// Right: pages fanned out to the right show the seal whole, the first page the leftmost slice.
    Right,
    /// Left: fanned out to the left, the first page the rightmost slice.
    Left,
    /// Above: fanned out upwards, the first page the lowest slice.
    Top,
    /// Below: fanned out downwards, the first page the topmost slice.
    Bottom,
}

/// Pages by number: `1`, `2-5`, `-1` for the last, `all`, joined by commas. A range leads from an earlier page to a
/// later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageList(Vec<(i64, i64)>);

/// What a list of pages is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no list of pages such as 1, 2-5, -1 or all, each range from the earlier page to the later")]
pub struct PageListError(String);

/// Reads the text of a page.
pub(super) type TextOf<'a> = dyn Fn(&Page) -> Result<Vec<Glyph>, PdfError> + 'a;

/// One place, resolved.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    /// Index of the page, from 0.
    pub(super) page: usize,
    /// Where, in user space.
    pub(super) rectangle: Rectangle,
    /// What of the seal is shown there.
    pub(super) window: Window,
}

/// A part of the seal's picture, which may be larger than the seal: left, top, right, bottom in millimetres from its
/// upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window(pub(super) [f64; 4]);

impl FromStr for Hits {
    type Err = ();

    /// `every`, `first`, or a number from 1.
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "every" => Ok(Self::Every),
            "first" => Ok(Self::First),
            number => number
                .parse()
                .ok()
                .filter(|number| *number > 0)
                .map(Self::Nth)
                .ok_or(()),
        }
    }
}

impl Hits {
    /// The number of the one that is meant; `None` where all are.
    fn only(self) -> Option<usize> {
        match self {
            Self::Every => None,
            Self::First => Some(1),
            Self::Nth(number) => Some(number),
        }
    }
}

impl Edge {
    /// The edge of that name: right, left, top or bottom.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "right" => Some(Self::Right),
            "left" => Some(Self::Left),
            "top" => Some(Self::Top),
            "bottom" => Some(Self::Bottom),
            _ => None,
        }
    }
}

impl PageList {
    /// Every page.
    pub fn all() -> Self {
        Self(vec![(1, -1)])
    }

    /// The indexes from 0 of the pages of a document, each once, rising.
    fn resolve(&self, pages: usize) -> Result<Vec<usize>, DocumentFault> {
        let index = |page: i64| {
            let from_end = usize::try_from(page.unsigned_abs())
                .ok()
                .filter(|back| (1..=pages).contains(back));
            let index = match page {
                1.. => from_end.map(|page| page - 1),
                _ => from_end.map(|back| pages - back),
            };
            index.ok_or(DocumentFault::PageMissing { page, pages })
        };
        let mut chosen = vec![false; pages];
        for (from, to) in &self.0 {
            let (first, last) = (index(*from)?, index(*to)?);
            if first > last {
                return Err(DocumentFault::PagesReversed {
                    from: *from,
                    to: *to,
                    pages,
                });
            }
            chosen
                .iter_mut()
                .take(last + 1)
                .skip(first)
                .for_each(|page| *page = true);
        }
        Ok((0..pages).filter(|page| chosen[*page]).collect())
    }
}

impl FromStr for PageList {
    type Err = PageListError;

    fn from_str(text: &str) -> Result<Self, PageListError> {
        let wrong = || PageListError(text.to_owned());
        let number = |text: &str| {
            text.trim()
                .parse()
                .ok()
                .filter(|page: &i64| *page != 0)
                .ok_or_else(wrong)
        };
        let range = |part: &str| -> Result<(i64, i64), PageListError> {
            let part = part.trim();
            // A minus at the start belongs to the number.
            match part.get(1..).and_then(|rest| rest.find('-')) {
                _ if part == "all" => Ok((1, -1)),
                Some(at) => {
                    let (first, last) = (number(&part[..=at])?, number(&part[at + 2..])?);
                    // Counted from both ends, only the document tells which comes first.
                    let is_known = (first > 0) == (last > 0);
                    if is_known && first > last {
                        Err(wrong())
                    } else {
                        Ok((first, last))
                    }
                }
                None => number(part).map(|page| (page, page)),
            }
        };
        text.split(',').map(range).collect::<Result<_, _>>().map(Self)
    }
}

/// Finds all spots of a seal of that size.
///
/// # Errors
/// When a page is missing, the seal would lie beyond one, a keyword is not there, or the text of a page cannot be read.
pub(super) fn resolve(
    read: &TextOf<'_>,
    places: &[Place],
    pages: &[Page],
    size: (f64, f64),
) -> Result<Vec<Spot>, SignError> {
    let mut spots = Vec::new();
    for place in places {
        must_have_room(spots.len())?;
        match place {
            Place::Keyword {
                text,
                hits,
                pages: list,
            } => {
                let searched = list.resolve(pages.len())?;
                for (index, center) in keyword(read, (text, *hits), pages, &searched)? {
                    spots.push(whole(index, &pages[index], pages[index].inside(center, size), size)?);
                }
            }
            Place::At {
                pages: list,
                x_mm,
                y_mm,
            } => {
                for index in list.resolve(pages.len())? {
                    spots.push(whole(index, &pages[index], Point::new(*x_mm, *y_mm), size)?);
                }
            }
            Place::Across {
                pages: list,
                edge,
                along_mm,
                every,
            } => {
                let chosen = list.resolve(pages.len())?;
                let group = every.unwrap_or(chosen.len()).max(1);
                for group in chosen.chunks(group) {
                    for (place, index) in group.iter().enumerate() {
                        let share = (place, group.len());
                        spots.push(slice(*index, &pages[*index], (*edge, *along_mm), share, size)?);
                    }
                }
            }
        }
    }
    must_have_room(spots.len())?;
    Ok(spots)
}

/// Refuses more spots than a seal may have.
fn must_have_room(spots: usize) -> Result<(), DocumentFault> {
    match spots > MAX_SPOTS {
        true => Err(DocumentFault::TooManySpots(MAX_SPOTS)),
        false => Ok(()),
    }
}

/// The centres of the wanted places of a text, with the index of the page of each.
fn keyword(
    read: &TextOf<'_>,
    (text, wanted): (&str, Hits),
    pages: &[Page],
    searched: &[usize],
) -> Result<Vec<(usize, Point)>, SignError> {
    let mut centers = Vec::new();
    let mut found = 0;
    for index in searched {
        let page = &pages[*index];
        for [left, bottom, right, top] in find(&read(page)?, text) {
            found += 1;
            if wanted.only().is_none_or(|number| number == found) {
                let center = Point::new((left + right) / 2.0, (bottom + top) / 2.0);
                centers.push((*index, page.shown_at(center)));
            }
        }
        must_have_room(centers.len())?;
        if wanted.only().is_some_and(|number| number <= found) {
            break;
        }
    }
    let text = || text.to_owned();
    match wanted.only() {
        _ if !centers.is_empty() => Ok(centers),
        Some(wanted) if found > 0 => Err(DocumentFault::KeywordHitNotFound {
            text: text(),
            found,
            wanted,
        }
        .into()),
        _ => Err(DocumentFault::KeywordNotFound(text()).into()),
    }
}

/// A whole seal with its centre at a point of a page.
fn whole(index: usize, page: &Page, center: Point, (width, height): (f64, f64)) -> Result<Spot, DocumentFault> {
    let corner = |sign: f64| Point::new(center.x + sign * width / 2.0, center.y + sign * height / 2.0);
    spot(
        index,
        page,
        (corner(-1.0), corner(1.0)),
        Window([0.0, 0.0, width, height]),
    )
}

/// Slice `place` (from 0) of `count` at an edge of a page.
fn slice(
    index: usize,
    page: &Page,
    (edge, along): (Edge, Option<f64>),
    (place, count): (usize, usize),
    (width, height): (f64, f64),
) -> Result<Spot, DocumentFault> {
    let (page_width, page_height) = page.size_mm();
    // Pages fanned out to the left or upwards show the slices the other way round.
    let place = match edge {
        Edge::Right | Edge::Bottom => place,
        Edge::Left | Edge::Top => count - 1 - place,
    };
    let share = |size: f64, place: usize| size * place as f64 / count as f64;
    let (from, to, window) = match edge {
        Edge::Right | Edge::Left => {
            let (left, right) = (share(width, place), share(width, place + 1));
            let top = along.unwrap_or(page_height / 2.0) - height / 2.0;
            let x = if edge == Edge::Left {
                0.0
            } else {
                page_width - (right - left)
            };
            let (from, to) = (Point::new(x, top), Point::new(x + right - left, top + height));
            (from, to, [left, 0.0, right, height])
        }
        Edge::Top | Edge::Bottom => {
            let (above, below) = (share(height, place), share(height, place + 1));
            let left = along.unwrap_or(page_width / 2.0) - width / 2.0;
            let y = if edge == Edge::Top {
                0.0
            } else {
                page_height - (below - above)
            };
            let (from, to) = (Point::new(left, y), Point::new(left + width, y + below - above));
            (from, to, [0.0, above, width, below])
        }
    };
    spot(index, page, (from, to), Window(window))
}

fn spot(index: usize, page: &Page, (from, to): (Point, Point), window: Window) -> Result<Spot, DocumentFault> {
    if !page.shows(from, to) {
        return Err(DocumentFault::SealOutsidePage {
            page: index + 1,
            size_mm: page.size_mm(),
        });
    }
    Ok(Spot {
        page: index,
        rectangle: page.rectangle(from, to),
        window,
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::pdf::Reference;

    /// 100 mm wide and 200 mm high.
    fn page() -> Page {
        Page {
            reference: Reference::new(1),
            visible: Rectangle([0.0, 0.0, 100.0, 200.0]),
            rotation: 0,
            units_per_mm: 1.0,
        }
    }

    fn no_text(_: &Page) -> Result<Vec<Glyph>, PdfError> {
        Ok(Vec::new())
    }

    fn list(text: &str) -> PageList {
        text.parse().unwrap()
    }

    #[test]
    fn pages_are_named_from_either_end() {
        assert_eq!(list("all").resolve(3), Ok(vec![0, 1, 2]));
        assert_eq!(list("3, 1").resolve(3), Ok(vec![0, 2]));
        assert_eq!(list("2--1,-1").resolve(4), Ok(vec![1, 2, 3]));
        assert_eq!(
            list("4").resolve(3),
            Err(DocumentFault::PageMissing { page: 4, pages: 3 })
        );
        assert_eq!(
            list("-4").resolve(3),
            Err(DocumentFault::PageMissing { page: -4, pages: 3 })
        );
        for wrong in ["", "0", "1-", "a", "1,,2", "1-2-3"] {
            assert!(wrong.parse::<PageList>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_range_that_leads_backwards_is_refused_where_it_is_first_known() {
        for wrong in ["5-2", "-1--3", "1,5-2"] {
            assert!(wrong.parse::<PageList>().is_err(), "{wrong}");
        }
        assert_eq!(list("2-2,-2--2").resolve(3), Ok(vec![1]));
        assert_eq!(list("3--2").resolve(4), Ok(vec![2]));
        let reversed = |from, to, pages| Err(DocumentFault::PagesReversed { from, to, pages });
        assert_eq!(list("3--2").resolve(3), reversed(3, -2, 3));
        assert_eq!(list("-1-2").resolve(3), reversed(-1, 2, 3));
    }

    #[test]
    fn a_seal_beyond_the_page_is_refused() {
        let at = |x_mm, y_mm| {
            let pages = PageList::all();
            resolve(&no_text, &[Place::At { pages, x_mm, y_mm }], &[page()], (40.0, 30.0))
        };
        let upper_left = at(20.0, 15.0).unwrap();
        assert_eq!(upper_left[0].rectangle, Rectangle([0.0, 170.0, 40.0, 200.0]));
        for (x, y) in [(19.0, 100.0), (81.0, 100.0), (50.0, 14.0), (50.0, 186.0)] {
            let refused = at(x, y);
            let fault = matches!(
                refused,
                Err(SignError::Document(DocumentFault::SealOutsidePage { page: 1, .. }))
            );
            assert!(fault, "{x} {y}");
        }
    }

    #[test]
    fn a_keyword_draws_the_seal_to_each_place_that_is_meant() {
        let read = |_: &Page| {
            let glyph = |left: f64| Glyph {
                text: "印".to_owned(),
                bounds: [left, 90.0, left + 10.0, 110.0],
            };
            Ok(vec![glyph(20.0), glyph(85.0)])
        };
        let of = |text: &str, hits| {
            let place = Place::Keyword {
                text: text.to_owned(),
                hits,
                pages: PageList::all(),
            };
            let spots = resolve(&read, &[place], &[page(), page()], (40.0, 40.0))?;
            Ok(spots
                .iter()
                .map(|spot| (spot.page, spot.rectangle.0[0]))
                .collect::<Vec<_>>())
        };
        let every: Result<_, SignError> = of("印", Hits::Every);
        // The second would stand beyond the edge, and is moved.
        assert_eq!(every.unwrap(), [(0, 5.0), (0, 60.0), (1, 5.0), (1, 60.0)]);
        assert_eq!(of("印", Hits::First).unwrap(), [(0, 5.0)]);
        assert_eq!(of("印", Hits::Nth(3)).unwrap(), [(1, 5.0)]);
        let hit_missing = DocumentFault::KeywordHitNotFound {
            text: "印".to_owned(),
            found: 4,
            wanted: 5,
        };
        let missing = DocumentFault::KeywordNotFound("章".to_owned());
        for (text, hits, fault) in [("印", Hits::Nth(5), hit_missing), ("章", Hits::Every, missing)] {
            assert!(matches!(of(text, hits), Err(SignError::Document(missing)) if missing == fault));
        }
    }

    #[test]
    fn a_keyword_that_stands_everywhere_is_no_place() {
        let glyph = Glyph {
            text: "a".to_owned(),
            bounds: [20.0, 90.0, 30.0, 110.0],
        };
        let of = |count: usize| {
            let read = |_: &Page| Ok(vec![glyph.clone(); count]);
            let place = Place::Keyword {
                text: "a".to_owned(),
                hits: Hits::Every,
                pages: PageList::all(),
            };
            resolve(&read, &[place], &[page()], (40.0, 40.0))
        };
        assert_eq!(of(MAX_SPOTS).unwrap().len(), MAX_SPOTS);
        let refused = of(MAX_SPOTS + 1);
        assert!(
            matches!(
                refused,
                Err(SignError::Document(DocumentFault::TooManySpots(MAX_SPOTS)))
            ),
            "{refused:?}"
        );
    }

    #[test]
    fn one_hit_of_a_frequent_keyword_is_found_however_many_there_are_and_no_further_page_is_read() {
        let glyph = Glyph {
            text: "a".to_owned(),
            bounds: [20.0, 90.0, 30.0, 110.0],
        };
        let read_pages = Cell::new(0);
        let of = |hits| {
            read_pages.set(0);
            let read = |_: &Page| {
                read_pages.set(read_pages.get() + 1);
                Ok(vec![glyph.clone(); MAX_SPOTS])
            };
            let place = Place::Keyword {
                text: "a".to_owned(),
                hits,
                pages: PageList::all(),
            };
            let spots = resolve(&read, &[place], &vec![page(); 4], (40.0, 40.0)).unwrap();
            let [spot] = spots.as_slice() else {
                panic!("{}", spots.len())
            };
            (spot.page, read_pages.get())
        };
        assert_eq!(of(Hits::First), (0, 1));
        assert_eq!(of(Hits::Nth(2)), (0, 1));
        assert_eq!(of(Hits::Nth(2 * MAX_SPOTS + 1)), (2, 3));
    }

    #[test]
    fn slices_across_an_edge_make_the_seal_whole_again() {
        let across = |edge, every| {
            let place = Place::Across {
                pages: PageList::all(),
                edge,
                along_mm: Some(60.0),
                every,
            };
            resolve(&no_text, &[place], &vec![page(); 4], (40.0, 40.0)).unwrap()
        };
        let right = across(Edge::Right, None);
        let windows: Vec<_> = right.iter().map(|spot| spot.window.0).collect();
        assert_eq!(windows[0], [0.0, 0.0, 10.0, 40.0]);
        assert_eq!(windows[3], [30.0, 0.0, 40.0, 40.0]);
        assert_eq!(right[0].rectangle, Rectangle([90.0, 120.0, 100.0, 160.0]));
        assert_eq!(across(Edge::Left, None)[0].window.0, windows[3]);
        assert_eq!(
            across(Edge::Left, None)[0].rectangle,
            Rectangle([0.0, 120.0, 10.0, 160.0])
        );
        assert_eq!(across(Edge::Bottom, Some(2))[1].window.0, [0.0, 20.0, 40.0, 40.0]);
        assert_eq!(
            across(Edge::Top, Some(2))[2].rectangle,
            Rectangle([40.0, 180.0, 80.0, 200.0])
        );
    }
}
