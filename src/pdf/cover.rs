//! How much of a page the signatures that come after another may cover, for whoever verifies a document and for whoever
//! is about to sign it.

use std::collections::BTreeMap;

use super::file::PdfFile;
use super::limits::LimitReached;
use super::page_box::Rectangle;
use super::widgets::WidgetPlace;

/// Area of the largest seal in square millimetres, 60 by 60 with a millimetre of rounding on each side: the largest in
/// use are 45 mm wide, and pictures of them have a margin.
const SEAL_AREA_MM2: f64 = 62.0 * 62.0;
/// The part of its page that a signature may take beyond a seal's area: a line of text beside a name, or a block of
/// them, in one of several columns.
const SHARE_OF_ONE: f64 = 1.0 / 8.0;
/// The largest page, A3, of which that part is taken, in square millimetres: on larger ones nothing is signed larger.
const LARGEST_PAGE_MM2: f64 = 297.0 * 420.0;
/// The part of its page that no signature may take, however small the page.
const SHARE_OF_SMALL_PAGE: f64 = 1.0 / 2.0;
/// Longest side of a signature in millimetres: lines of wide text beside a name stay below it.
const LENGTH_MM: f64 = 120.0;
/// One part in so many of its page, a third, is what all signatures after another may take together.
const PARTS_TOGETHER: u64 = 3;
/// Steps in which places on a page are told, from its left to its right and from its bottom to its top.
const GRADES: u16 = 10_000;
/// Comparisons of places that count as one step.
const COMPARED_IN_A_STEP: usize = 16;

/// What of a page a widget stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Patch {
    /// Number of the page, from 1.
    pub page: usize,
    /// Left, bottom, right and top within what is shown of it, in [`GRADES`].
    grades: [u16; 4],
}

impl Patch {
    /// That of a rectangle on a page of which so much is shown.
    pub(super) fn new(page: usize, rectangle: Rectangle, shown: Rectangle) -> Self {
        let [left, bottom, right, top] = rectangle.0;
        let grade = |value: f64, start: f64, length: f64| (value - start) / length * f64::from(GRADES);
        let along = |value| grade(value, shown.0[0], shown.width());
        let up = |value| grade(value, shown.0[1], shown.height());
        // A float that is cast stays within the bounds of the integer.
        let within = |value: f64| (value as u16).min(GRADES);
        let grades = [
            within(along(left).floor()),
            within(up(bottom).floor()),
            within(along(right).ceil()),
            within(up(top).ceil()),
        ];
        Self { page, grades }
    }
}

/// The first place with which a signature covers more of a page than a seal does: of all its places, that are sorted by
/// page.
pub fn larger_than_a_seal(places: &[WidgetPlace]) -> Option<&WidgetPlace> {
    let mut pages = places.chunk_by(|one, next| one.page == next.page);
    pages.find_map(|places| {
        let is_long = |place: &&WidgetPlace| place.width_mm.max(place.height_mm) > LENGTH_MM || place.leaves_its_place;
        let page = places.first()?.page_area_mm2;
        let most = SEAL_AREA_MM2
            .max(page.min(LARGEST_PAGE_MM2) * SHARE_OF_ONE)
            .min(page * SHARE_OF_SMALL_PAGE);
        let area: f64 = places.iter().map(WidgetPlace::area_mm2).sum();
        let long = places.iter().find(is_long);
        long.or_else(|| WidgetPlace::largest(places).filter(|_| area > most))
    })
}

/// The pages, rising, of which several fields together cover more than all signatures after another may; each field by
/// its patches. What lies below another is covered once.
///
/// # Errors
/// When a budget is used up.
pub fn covered_together<'p>(
    file: &PdfFile<'_>,
    fields: impl Iterator<Item = &'p [Patch]>,
) -> Result<Vec<usize>, LimitReached> {
    let mut pages: BTreeMap<usize, Vec<(usize, [u16; 4])>> = BTreeMap::new();
    for (field, patches) in fields.enumerate() {
        for patch in patches {
            file.count_step()?;
            pages.entry(patch.page).or_default().push((field, patch.grades));
        }
    }
    let mut covered = Vec::new();
    for (page, places) in pages {
        let is_of_several = places.first().map(|(field, _)| field) != places.last().map(|(field, _)| field);
        let grades = places.into_iter().map(|(_, grades)| grades).collect();
        if is_of_several && is_too_much(file, grades)? {
            covered.push(page);
        }
    }
    Ok(covered)
}

/// Whether these places, in [`GRADES`], are together more of a page than signatures may cover.
fn is_too_much(file: &PdfFile<'_>, mut places: Vec<[u16; 4]>) -> Result<bool, LimitReached> {
    let is_more = |area: u64| area * PARTS_TOGETHER > u64::from(GRADES) * u64::from(GRADES);
    let length = |from: u16, to: u16| u64::from(to.saturating_sub(from));
    let area = |[left, bottom, right, top]: &[u16; 4]| length(*left, *right) * length(*bottom, *top);
    if !is_more(places.iter().map(area).sum()) {
        return Ok(false);
    }
    places.sort_unstable_by_key(|[_, bottom, ..]| *bottom);
    let mut cuts: Vec<u16> = places.iter().flat_map(|[left, _, right, _]| [*left, *right]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut covered = 0;
    for cut in cuts.windows(2) {
        file.count_steps(1 + (places.len() / COMPARED_IN_A_STEP) as u64)?;
        let (from, to) = (cut[0], cut[1]);
        let (mut height, mut reached) = (0, 0);
        for [_, bottom, _, top] in places
            .iter()
            .filter(|[left, _, right, _]| *left <= from && *right >= to)
        {
            height += length(reached.max(*bottom), *top);
            reached = reached.max(*top);
        }
        covered += length(from, to) * height;
        if is_more(covered) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::Limits;
    use crate::pdf::object::Reference;
    use crate::pdf::testing::{document, open};

    const A4: (f64, f64) = (210.0, 297.0);

    fn empty() -> Vec<u8> {
        document(SectionKind::Table, &["<</Type/Catalog>>"])
    }

    /// A place of that size on a page of that one, in millimetres.
    fn place((width_mm, height_mm): (f64, f64), page: (f64, f64)) -> WidgetPlace {
        let [rectangle, shown] = [(width_mm, height_mm), page].map(|(right, top)| Rectangle([0.0, 0.0, right, top]));
        WidgetPlace {
            widget: Reference::new(4),
            patch: Patch::new(1, rectangle, shown),
            page: 1,
            width_mm,
            height_mm,
            page_area_mm2: page.0 * page.1,
            leaves_its_place: false,
        }
    }

    #[test]
    fn a_signature_takes_an_eighth_of_its_page_or_a_seal_but_never_half_of_it() {
        let exceeds = |size, page| larger_than_a_seal(&[place(size, page)]).is_some();
        for (size, page, expected) in [
            ((42.0, 42.0), A4, false),
            ((110.0, 40.0), A4, false),
            ((110.0, 70.0), A4, false),
            ((110.0, 71.0), A4, true),
            ((121.0, 5.0), A4, true),
            ((62.0, 62.0), (148.0, 210.0), false),
            ((62.0, 63.0), (148.0, 210.0), true),
            ((40.0, 40.0), (60.0, 60.0), false),
            ((43.0, 43.0), (60.0, 60.0), true),
            ((119.0, 119.0), (841.0, 1189.0), false),
        ] {
            assert_eq!(exceeds(size, page), expected, "{size:?} on {page:?}");
        }
        let tile = place((119.0, 119.0), (841.0, 1189.0));
        assert!(
            larger_than_a_seal(&[tile; 2]).is_some(),
            "tiles, of a large drawing too"
        );
        let leaving = WidgetPlace {
            leaves_its_place: true,
            ..place((9.0, 9.0), A4)
        };
        assert!(larger_than_a_seal(&[leaving]).is_some());
    }

    #[test]
    fn each_page_of_a_signature_is_looked_at_by_itself() {
        let on = |page| WidgetPlace {
            page,
            ..place((60.0, 60.0), A4)
        };
        assert_eq!(larger_than_a_seal(&[on(1), on(2), on(3)]), None);
        let places = [on(1), on(2), on(2), on(2), on(3)];
        assert_eq!(larger_than_a_seal(&places).unwrap().page, 2);
    }

    fn patch([left, bottom, right, top]: [f64; 4]) -> Patch {
        let shown = Rectangle([0.0, 0.0, 100.0, 100.0]);
        Patch::new(1, Rectangle([left, bottom, right, top]), shown)
    }

    fn covered(fields: &[&[Patch]]) -> Vec<usize> {
        let bytes = empty();
        covered_together(&open(&bytes), fields.iter().copied()).unwrap()
    }

    #[test]
    fn several_fields_cover_a_page_together_and_what_lies_below_another_once() {
        let [lower, upper] = [patch([0.0, 0.0, 100.0, 20.0]), patch([0.0, 50.0, 100.0, 70.0])];
        assert_eq!(covered(&[&[lower], &[upper]]), [1]);
        assert!(covered(&[&[lower], &[lower]]).is_empty());
        assert!(
            covered(&[&[lower, upper]]).is_empty(),
            "one alone is judged by its size"
        );
        let elsewhere = Patch { page: 2, ..upper };
        assert!(covered(&[&[lower], &[elsewhere], &[lower, elsewhere]]).is_empty());
        let beside = patch([100.0, -50.0, 300.0, 150.0]);
        assert!(
            covered(&[&[lower], &[beside]]).is_empty(),
            "what lies beyond the page covers nothing"
        );
        let beyond = patch([-50.0, -50.0, 150.0, 150.0]);
        assert_eq!(covered(&[&[lower], &[beyond]]), [1]);
    }

    #[test]
    fn comparing_many_places_is_counted() {
        let places: Vec<Patch> = (0..400)
            .map(|index| f64::from(index) / 10.0)
            .map(|corner| patch([corner, corner, corner + 50.0, corner + 50.0]))
            .collect();
        let bytes = empty();
        let covered = |parsed_values| {
            let limits = Limits {
                parsed_values,
                ..Limits::UPLOAD
            };
            let file = PdfFile::open(&bytes, &limits).unwrap();
            covered_together(&file, places.chunks(1))
        };
        assert!(covered(600).is_err());
        assert_eq!(covered(40_000), Ok(vec![1]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_covered_is_what_a_page_in_squares_shows(
            corners in proptest::collection::vec((0_u16..10, 0_u16..10, 1_u16..6, 1_u16..6), 2..12),
        ) {
            let places: Vec<[u16; 4]> = corners
                .iter()
                .map(|(x, y, width, height)| [*x, *y, (x + width).min(10), (y + height).min(10)])
                .collect();
            let is_covered = |x: u16, y: u16| {
                let holds = |[left, bottom, right, top]: &[u16; 4]| (*left..*right).contains(&x) && (*bottom..*top).contains(&y);
                places.iter().any(holds)
            };
            let squares = (0..10).flat_map(|x| (0..10).map(move |y| (x, y)));
            let count = squares.filter(|(x, y)| is_covered(*x, *y)).count();
            let bytes = empty();
            let graded = places.iter().map(|place| place.map(|square| square * (GRADES / 10)));
            prop_assert_eq!(is_too_much(&open(&bytes), graded.collect()), Ok(count * 3 > 100));
        }
    }
}
