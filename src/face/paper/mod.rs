//! Papers: documents in Chinese and English that flow over pages of A4, such as a receipt of a verification.
//!
//! Blocks go in, the bytes of a PDF/A-3b file (ISO 19005-3) come out, with files attached and nothing signed yet:
//! `sign::document` does that. What strangers wrote may stand in it: a character that no font has becomes
//! [`REPLACEMENT`], and pages and characters are counted.

mod file;
mod flow;
mod image;

pub use image::{Image, ImageError, MAX_IMAGE_DOTS};

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::FaceError;
use crate::draw::FontSet;
use crate::licence::text::Bilingual;

/// Stands for a character that no font has (U+3013, the mark that printers put where a type is missing).
pub const REPLACEMENT: char = '〓';
/// Most pages: thirty signatures with their reasons take twenty. What is beyond is left to the attachment.
pub const MAX_PAGES: usize = 40;

/// What a paper says.
pub struct Paper<'a> {
    /// Title of the document.
    pub title: &'a str,
    /// What stands on it, in order.
    pub blocks: &'a [Block],
    /// What stands at the foot of every page.
    pub footer: &'a str,
    /// What stands last where not everything has room on [`MAX_PAGES`].
    pub cut: &'a Bilingual,
    /// Files that go with it.
    pub attachments: &'a [Attachment<'a>],
    /// When it is made.
    pub created: DateTime<Utc>,
    /// Random; names the document for good.
    pub document_id: [u8; 16],
}

/// A file that goes with a paper.
pub struct Attachment<'a> {
    /// Its name, of ASCII.
    pub name: &'a str,
    /// Its media type.
    pub media_type: &'a str,
    /// Its bytes.
    pub data: &'a [u8],
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title over all.
    Title(Bilingual),
    /// A judgement in its colour.
    Verdict(Sign, Bilingual, Bilingual),
    /// A heading.
    Heading(Bilingual),
    /// A label with what stands beside it.
    Fact(Bilingual, String),
    /// The same in small type: digests, names of certificates.
    Detail(Bilingual, String),
    /// A text in both languages.
    Text(Bilingual),
    /// Two pictures to be held against each other: side by side, or one above the other where one is wider than high.
    Panels(Box<[Panel; 2]>),
}

/// A picture under its caption, in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    /// The colour of caption and frame.
    pub sign: Sign,
    /// What the picture shows.
    pub caption: Bilingual,
    /// The picture.
    pub image: Option<Arc<Image>>,
    /// What stands in the place of a picture that there is none of.
    pub missing: Bilingual,
}

/// How a judgement looks: a colour and a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Green, a check.
    Check,
    /// Grey, a dash.
    Dash,
    /// Amber, an exclamation mark.
    Exclamation,
    /// Red, a cross.
    Cross,
}

impl Paper<'_> {
    /// The file.
    ///
    /// # Errors
    /// None but for fonts without the letters of their own labels.
    pub fn write(&self, fonts: &FontSet) -> Result<Vec<u8>, FaceError> {
        let sheets = flow::lay_out(self, fonts);
        file::write(self, fonts, &sheets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::font::tests::fonts;
    use crate::pdf::{Limits, Object, PdfFile};

    fn both(zh: &str, en: &str) -> Bilingual {
        Bilingual {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    fn paper(blocks: &[Block]) -> Vec<u8> {
        let attachment = Attachment {
            name: "report.json",
            media_type: "application/json",
            data: b"{}",
        };
        Paper {
            title: "核验回执",
            blocks,
            footer: "https://licences.example",
            cut: &both("以下从略", "The rest is left out"),
            attachments: &[attachment],
            created: DateTime::from_timestamp(0, 0).unwrap(),
            document_id: [7; 16],
        }
        .write(fonts())
        .unwrap()
    }

    fn pages(document: Vec<u8>) -> usize {
        let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
        let latest = file.latest();
        let catalog = latest.catalog().unwrap();
        let Object::Dictionary(tree) = latest.get(&catalog, "Pages").unwrap() else {
            panic!("no tree")
        };
        let Object::Array(kids) = latest.get(&tree, "Kids").unwrap() else {
            panic!("no pages")
        };
        kids.len()
    }

    #[test]
    fn blocks_flow_over_as_many_pages_as_they_need_and_no_more_than_there_may_be() {
        let fact = Block::Fact(both("原因", "Reason"), "很长的一段话。".repeat(40));
        assert_eq!(pages(paper(std::slice::from_ref(&fact))), 1);
        let few = pages(paper(&vec![fact.clone(); 20]));
        assert!((2..MAX_PAGES).contains(&few), "{few}");
        assert_eq!(pages(paper(&vec![fact; 400])), MAX_PAGES);
    }

    #[test]
    fn a_label_and_its_value_stand_beside_each_other_on_one_page() {
        let label = both("签名证书本身（X.509 验证）", "Certificate by itself (X.509 validation)");
        let marks: Vec<char> = "甲乙丙丁戊己庚辛壬癸".chars().collect();
        for before in 0..60 {
            let mut blocks = vec![Block::Text(both("前", "before")); before];
            blocks.push(Block::Heading(both("标题", "Heading")));
            let value = |mark: &char| Block::Fact(label.clone(), format!("{mark}\n{mark}\n{mark}\n{mark}"));
            blocks.extend(marks.iter().map(value));
            let paper = Paper {
                title: "核验回执",
                blocks: &blocks,
                footer: "",
                cut: &both("以下从略", "The rest is left out"),
                attachments: &[],
                created: DateTime::from_timestamp(0, 0).unwrap(),
                document_id: [7; 16],
            };
            let sheets = flow::lay_out(&paper, fonts());
            let places = |text: &str| {
                let on = |(sheet, page): (usize, &flow::Sheet)| {
                    let runs = page.runs.iter().filter(|run| run.text.starts_with(text));
                    runs.map(|run| (sheet, run.at.y)).collect::<Vec<_>>()
                };
                sheets.iter().enumerate().flat_map(on).collect::<Vec<_>>()
            };
            let labels = places("签名证书本身");
            assert_eq!(labels.len(), marks.len(), "{before}");
            for (mark, (sheet, top)) in marks.iter().zip(labels.clone()) {
                let lines = places(&mark.to_string());
                assert!(lines.iter().all(|(on, _)| *on == sheet), "{before}: {mark} {lines:?}");
                assert!((lines[0].1 - top).abs() < 1.0, "{before}: {mark} {top} {lines:?}");
            }
            assert_eq!(places("标题")[0].0, labels[0].0, "{before}: a heading over nothing");
        }
    }

    fn panel(image: Option<[u32; 2]>) -> Panel {
        let image = image.map(|[width, height]| {
            let rows = image::tests::rows(width as usize, height as usize);
            Arc::new(Image::of_png(&image::tests::png(width, height, [8, 2, 0, 0, 0], &rows)).unwrap())
        });
        Panel {
            sign: Sign::Check,
            caption: both("第 1 页", "Page 1"),
            image,
            missing: both("没有", "None"),
        }
    }

    #[test]
    fn two_high_pictures_stand_beside_each_other_and_two_wide_ones_above() {
        let placed = |sizes: [Option<[u32; 2]>; 2]| {
            let block = Block::Panels(Box::new(sizes.map(panel)));
            let paper = Paper {
                title: "回执",
                blocks: &[block],
                footer: "",
                cut: &both("略", "Cut"),
                attachments: &[],
                created: DateTime::UNIX_EPOCH,
                document_id: [7; 16],
            };
            let sheets = flow::lay_out(&paper, fonts());
            assert_eq!(sheets.len(), 1);
            sheets[0].images.iter().map(|image| image.corner).collect::<Vec<_>>()
        };
        let [one, other] = placed([Some([200, 300]); 2])[..] else {
            panic!()
        };
        assert!(one.y == other.y && one.x < other.x, "{one:?} {other:?}");
        let [one, other] = placed([Some([300, 200]); 2])[..] else {
            panic!()
        };
        assert!(one.y < other.y && one.x == other.x, "{one:?} {other:?}");
        // The longest strip there can be has room on a sheet.
        assert_eq!(placed([Some([1, 2000]), Some([2000, 1])]).len(), 2);
        assert_eq!(placed([None, Some([200, 300])]).len(), 1);
    }

    #[test]
    fn pictures_stand_in_the_file_as_they_are_and_no_more_of_them_than_there_are_pages_for() {
        let block = Block::Panels(Box::new([Some([200, 300]), None].map(panel)));
        let document = paper(&vec![block.clone(); 2]);
        let needle = b"/Predictor 15";
        let count = document.windows(needle.len()).filter(|window| window == needle).count();
        assert_eq!(count, 2);
        assert_eq!(pages(paper(&vec![block; 3 * MAX_PAGES])), MAX_PAGES);
    }

    #[test]
    fn what_no_font_has_is_replaced_and_never_refused() {
        let strange = "a\u{10FFFF}\u{1F600}\u{0}\u{202E}文";
        let document = paper(&[Block::Fact(both("文件名", "Name"), strange.to_owned())]);
        assert_eq!(pages(document), 1);
        assert_eq!(flow::printable(strange, fonts()), "a〓〓〓〓文");
    }
}
