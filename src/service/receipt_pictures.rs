//! Pictures of changed pages for a receipt: those of [`previews`](super::previews), as many and as large as a paper
//! that is filed may hold.
//!
//! They are made where somebody asks for them. A receipt names a file and shows nothing of it, so that it can be handed
//! on; with pictures it shows whole pages, with whatever personal data stand there and whatever a forger wrote, and
//! takes seconds to make.

use std::sync::Arc;

use crate::face::paper::Image;
use crate::preview::{MAX_PICTURED, PagePictures, Png};
use crate::problem::Problem;
use crate::service::previews::Pictures;

/// Most bytes of the pictures of one receipt, together: eight pages of text take one tenth of it, eight photographs
/// five times as much. Pages beyond are told.
pub const MAX_PICTURE_BYTES: usize = 8 << 20;

/// What a receipt shows of the pages that changed; nothing at all where nothing that shows was changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptPictures {
    /// The pages that look otherwise, in order.
    pub pages: Vec<PageImages>,
    /// Why there are no pictures, or not all.
    pub remarks: Vec<Problem>,
}

/// A page before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageImages {
    /// Its number, from 1.
    pub page: usize,
    /// As it was signed; `None` where there was no such page.
    pub before: Option<Arc<Image>>,
    /// As it is now; `None` where there is no such page any more.
    pub after: Option<Arc<Image>>,
}

impl ReceiptPictures {
    /// As many of the pictures as there is room for on a receipt.
    pub(super) fn of(pictures: Pictures) -> Self {
        let mut kept = Self {
            pages: Vec::new(),
            remarks: pictures.remarks,
        };
        let (mut left, mut left_out, mut all_drawn) = (MAX_PICTURE_BYTES, 0, true);
        for page in pictures.pages {
            match PageImages::of(&page) {
                Some(images) if kept.pages.len() < MAX_PICTURED && images.size_bytes() <= left => {
                    left -= images.size_bytes();
                    kept.pages.push(images);
                }
                Some(_) => left_out += 1,
                // Whoever drew it was not what it should be.
                None => all_drawn = false,
            }
        }
        if !all_drawn {
            kept.remarks.push(Problem::new("pictures-stopped"));
        }
        if left_out > 0 {
            let remark = Problem::new("receipt-pictures-left-out").param("count", left_out);
            kept.remarks.push(remark.param("limit", MAX_PICTURE_BYTES >> 20));
        }
        kept
    }
}

impl PageImages {
    /// `None` where a picture is none.
    fn of(pictures: &PagePictures) -> Option<Self> {
        let image = |picture: &Option<Png>| match picture {
            Some(png) => Image::of_png(&png.0).ok().map(|image| Some(Arc::new(image))),
            None => Some(None),
        };
        Some(Self {
            page: pictures.page,
            before: image(&pictures.before)?,
            after: image(&pictures.after)?,
        })
    }

    /// How many bytes both take.
    fn size_bytes(&self) -> usize {
        [&self.before, &self.after]
            .into_iter()
            .flatten()
            .map(|image| image.size_bytes())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use hayro::vello_cpu::Pixmap;
    use hayro::vello_cpu::color::PremulRgba8;

    use super::*;

    /// A picture of this side that is white, or noise that nothing makes smaller.
    fn picture(side: u16, is_noise: bool) -> Png {
        let mut picture = Pixmap::new(side, side);
        let mut state = 1_u32;
        for y in 0..side {
            for x in 0..side {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let [r, g, b, _] = if is_noise { state.to_be_bytes() } else { [255; 4] };
                picture.set_pixel(x, y, PremulRgba8 { r, g, b, a: 255 });
            }
        }
        picture.recompute_may_have_transparency();
        Png(picture.into_png().unwrap())
    }

    fn kept(pages: Vec<[Option<&Png>; 2]>) -> (Vec<usize>, Vec<&'static str>) {
        let page = |(place, [before, after]): (usize, [Option<&Png>; 2])| PagePictures {
            page: place + 1,
            before: before.cloned(),
            after: after.cloned(),
            areas: Vec::new(),
        };
        let pages = pages.into_iter().enumerate().map(page).collect();
        let remarks = Vec::new();
        let kept = ReceiptPictures::of(Pictures { pages, remarks });
        let numbers = kept.pages.iter().map(|page| page.page).collect();
        (numbers, kept.remarks.iter().map(|remark| remark.code).collect())
    }

    #[test]
    fn a_receipt_holds_so_many_pages_and_bytes_and_tells_of_the_others() {
        let small = picture(20, false);
        let both = [Some(&small); 2];
        assert_eq!(kept(vec![both, [None, Some(&small)]]), (vec![1, 2], vec![]));
        let beyond = vec!["receipt-pictures-left-out"];
        assert_eq!(
            kept(vec![both; MAX_PICTURED + 1]),
            ((1..=MAX_PICTURED).collect(), beyond.clone())
        );
        let large = picture(1_300, true);
        assert!(
            (MAX_PICTURE_BYTES / 2..MAX_PICTURE_BYTES).contains(&large.0.len()),
            "{}",
            large.0.len()
        );
        // What is small still has room behind what has none.
        let pages = vec![[Some(&large), None], [None, Some(&large)], both];
        assert_eq!(kept(pages), (vec![1, 3], beyond));
    }

    #[test]
    fn what_is_no_picture_is_told_and_not_shown() {
        let (small, broken) = (picture(20, false), Png(b"no picture".to_vec()));
        let pages = vec![[Some(&small), Some(&broken)], [Some(&small); 2]];
        assert_eq!(kept(pages), (vec![2], vec!["pictures-stopped"]));
    }
}
