//! A second reader's opinion: lopdf reads the same bytes, and what both see is compared: the pages in their order, the bytes
//! that draw them, and the signature dictionaries. Two readers that disagree see two documents, and then nobody can say what was
//! signed.
//!
//! lopdf loads whole files, so it is asked below [`SIZE_LIMIT`] only. It is strict here: by default it would rebuild what it
//! cannot read. It bounds its own nesting and, as it is told to, its decompression.

use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::PdfError;
use super::file::PdfFile;
use super::limits::LimitReached;
use super::object::{Object, Reference};

/// Largest file that the second reader is given, in bytes: it holds the file several times over.
pub const SIZE_LIMIT: u64 = 16 << 20;

/// What the second reader says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecondOpinion {
    /// It sees the same pages and signatures.
    Agree,
    /// It sees something else.
    Disagree {
        /// Where the two readings part.
        place: Disagreement,
    },
    /// It was not asked: the file is larger than [`SIZE_LIMIT`].
    NotAsked,
}

/// Where two readings part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disagreement {
    /// The second reader does not open the file; its reason, or none if it failed altogether.
    NotOpened(Option<String>),
    /// One of the two cannot follow the pages that the other sees.
    Pages {
        /// How many pages this module sees.
        ours: usize,
        /// How many the second reader sees.
        theirs: usize,
    },
    /// Another object is the page of that number (from 1), or other bytes draw it.
    Page(usize),
    /// Another signature dictionary, or another signature in it, has that object number.
    Signature(u32),
}

/// What both readers are asked: of each page its object and the encoded bytes that draw it; of each signature dictionary its
/// `Contents`.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    pages: Vec<(Reference, Vec<u8>)>,
    signatures: BTreeMap<u32, Vec<u8>>,
}

impl PdfFile<'_> {
    /// Asks the second reader. An error is one of this module's own reading: a budget used up, or pages that it cannot follow.
    pub fn second_opinion(&self) -> Result<SecondOpinion, PdfError> {
        if self.length() > SIZE_LIMIT {
            return Ok(SecondOpinion::NotAsked);
        }
        let ours = self.own_reading()?;
        let bytes = self.bytes(0..self.length())?;
        let limit = self.reader.limits.decoded_stream_bytes;
        let numbers: Vec<u32> = ours.signatures.keys().copied().collect();
        // The second reader is foreign code on untrusted bytes. It owns all that it touches, so that nothing of ours is left
        // half-written if it panics; and a panic is an answer: it cannot read the file.
        let theirs = catch_unwind(AssertUnwindSafe(|| foreign_reading(&bytes, limit, &numbers)));
        Ok(match theirs {
            Ok(Ok(theirs)) => compare(&ours, &theirs),
            Ok(Err(reason)) => disagree(Disagreement::NotOpened(Some(reason))),
            Err(_panic) => disagree(Disagreement::NotOpened(None)),
        })
    }

    fn own_reading(&self) -> Result<Reading, PdfError> {
        let mut pages = Vec::new();
        for page in self.page_objects()? {
            pages.push((page, self.page_bytes(page)?));
        }
        let mut signatures = BTreeMap::new();
        for signature in self.signatures()?.iter().filter(|signature| !signature.is_orphan()) {
            if let (Some(object), Some(Object::String(contents))) =
                (signature.object, signature.dictionary.get("Contents"))
            {
                signatures.insert(object.number, contents.clone());
            }
        }
        Ok(Reading { pages, signatures })
    }

    /// The pages in their order (ISO 32000-2, 7.7.3).
    fn page_objects(&self) -> Result<Vec<Reference>, PdfError> {
        const WRONG: PdfError = PdfError::Type {
            what: "a node of the page tree",
            expected: "a reference to a dictionary",
        };
        let view = self.latest();
        let limits = &self.reader.limits;
        let root = view
            .catalog()?
            .get("Pages")
            .and_then(Object::as_reference)
            .ok_or(WRONG)?;
        let mut pages = Vec::new();
        let mut seen = HashSet::new();
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if seen.len() >= limits.tree_nodes {
                return Err(LimitReached {
                    unit: "nodes of the page tree",
                    allowed: limits.tree_nodes as u64,
                }
                .into());
            }
            if !seen.insert(node) {
                return Err(PdfError::Type {
                    what: "the page tree",
                    expected: "a tree",
                });
            }
            let object = view.object(node)?;
            let Object::Dictionary(dictionary) = &object.value else {
                return Err(WRONG);
            };
            match view.get(dictionary, "Kids")? {
                Object::Array(kids) if !dictionary.is("Type", "Page") => {
                    for kid in kids.iter().rev() {
                        open.push(kid.as_reference().ok_or(WRONG)?);
                    }
                }
                _ => pages.push(node),
            }
        }
        Ok(pages)
    }

    /// The encoded data of a page's content streams, one after another.
    fn page_bytes(&self, page: Reference) -> Result<Vec<u8>, PdfError> {
        let view = self.latest();
        let object = view.object(page)?;
        let contents = match object.value.as_dictionary().and_then(|page| page.get("Contents")) {
            Some(contents) => view.resolve(contents)?,
            None => Object::Null,
        };
        let parts = match contents {
            Object::Array(parts) => parts,
            other => vec![other],
        };
        let mut bytes = Vec::new();
        for part in &parts {
            if let Object::Stream(stream) = view.resolve(part)? {
                bytes.extend_from_slice(&self.encoded(&stream)?);
            }
        }
        Ok(bytes)
    }
}

fn foreign_reading(bytes: &[u8], decoded_limit: usize, signatures: &[u32]) -> Result<Reading, String> {
    let options = lopdf::LoadOptions {
        strict: true,
        max_decompressed_size: Some(decoded_limit),
        ..lopdf::LoadOptions::default()
    };
    let document = lopdf::Document::load_mem_with_options(bytes, options).map_err(|error| error.to_string())?;
    let stream = |id: &lopdf::ObjectId| document.get_object(*id).and_then(lopdf::Object::as_stream);
    let pages = document.page_iter().map(|(number, generation)| {
        let contents = document.get_page_contents((number, generation));
        let bytes = contents
            .iter()
            .filter_map(|id| stream(id).ok())
            .flat_map(|stream| stream.content.iter().copied());
        (Reference { number, generation }, bytes.collect())
    });
    let contents = |number: &u32| {
        let dictionary = document.get_dictionary((*number, 0)).ok()?;
        Some((*number, dictionary.get(b"Contents").ok()?.as_str().ok()?.to_vec()))
    };
    Ok(Reading {
        pages: pages.collect(),
        signatures: signatures.iter().filter_map(contents).collect(),
    })
}

fn compare(ours: &Reading, theirs: &Reading) -> SecondOpinion {
    if ours.pages.len() != theirs.pages.len() {
        return disagree(Disagreement::Pages {
            ours: ours.pages.len(),
            theirs: theirs.pages.len(),
        });
    }
    let mut pages = ours.pages.iter().zip(&theirs.pages).enumerate();
    if let Some((index, _)) = pages.find(|(_, (ours, theirs))| ours != theirs) {
        return disagree(Disagreement::Page(index + 1));
    }
    let mut signatures = ours.signatures.iter();
    match signatures.find(|(number, contents)| theirs.signatures.get(number) != Some(contents)) {
        Some((number, _)) => disagree(Disagreement::Signature(*number)),
        None => SecondOpinion::Agree,
    }
}

fn disagree(place: Disagreement) -> SecondOpinion {
    SecondOpinion::Disagree { place }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::Limits;
    use crate::pdf::source::ReadAt;
    use crate::pdf::testing::{append, document, id, open, stream};

    const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";

    fn paged(page: &str) -> Vec<u8> {
        let content = stream("", "BT ET");
        document(
            SectionKind::Table,
            &["<</Type/Catalog/Pages 2 0 R>>", PAGES, page, &content],
        )
    }

    #[test]
    fn two_readers_agree_on_a_sound_document() {
        let bytes = paged("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>");
        assert_eq!(open(&bytes).second_opinion(), Ok(SecondOpinion::Agree));
        let updated = append(bytes, |update| {
            let page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R>>".as_bytes().to_vec();
            update.put(id(5), &Object::String(page)).unwrap();
        });
        assert_eq!(open(&updated).second_opinion(), Ok(SecondOpinion::Agree));
    }

    #[test]
    fn a_difference_is_placed() {
        let reading = |content: &[u8], signature: &[u8]| Reading {
            pages: vec![(id(3), content.to_vec())],
            signatures: BTreeMap::from([(7, signature.to_vec())]),
        };
        let ours = reading(b"a", b"s");
        assert_eq!(compare(&ours, &reading(b"a", b"s")), SecondOpinion::Agree);
        assert_eq!(compare(&ours, &reading(b"b", b"s")), disagree(Disagreement::Page(1)));
        assert_eq!(
            compare(&ours, &reading(b"a", b"t")),
            disagree(Disagreement::Signature(7))
        );
        let none = Reading {
            pages: Vec::new(),
            signatures: BTreeMap::new(),
        };
        assert_eq!(
            compare(&ours, &none),
            disagree(Disagreement::Pages { ours: 1, theirs: 0 })
        );
    }

    #[test]
    fn a_page_tree_that_is_none_is_an_error() {
        let bytes = paged("<</Type/Pages/Kids[2 0 R]>>");
        assert_eq!(
            open(&bytes).second_opinion(),
            Err(PdfError::Type {
                what: "the page tree",
                expected: "a tree"
            })
        );
        let limits = Limits {
            tree_nodes: 1,
            ..Limits::UPLOAD
        };
        let bytes = paged("<</Type/Page>>");
        let file = PdfFile::open(&bytes, &limits).unwrap();
        assert!(matches!(file.second_opinion(), Err(PdfError::Limit(_))));
    }

    /// A sound document at the front of a source that says it is larger than the second reader is given.
    struct Padded(Vec<u8>);

    impl ReadAt for Padded {
        fn len(&self) -> u64 {
            SIZE_LIMIT + 1
        }

        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
            let end = SIZE_LIMIT + 1 - self.0.len() as u64;
            for (index, byte) in buffer.iter_mut().enumerate() {
                let at = offset + index as u64;
                *byte = match at.checked_sub(end) {
                    Some(tail) => self.0[tail as usize],
                    None => self.0.get(at as usize).copied().unwrap_or(b' '),
                };
            }
            Ok(())
        }
    }

    #[test]
    fn a_large_file_is_not_given_to_it() {
        let bytes = paged("<</Type/Page>>");
        let padded = Padded(bytes);
        let file = PdfFile::open(&padded, &Limits::UPLOAD).unwrap();
        assert_eq!(file.second_opinion(), Ok(SecondOpinion::NotAsked));
    }
}
