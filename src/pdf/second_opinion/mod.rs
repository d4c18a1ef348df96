//! A second reader's opinion: lopdf reads the same bytes, and what both see is compared: the pages in their order, the
//! bytes that draw them, and the signature dictionaries. Two readers that disagree see two documents, and then nobody
//! can say what was signed. What a hybrid file shows to readers of tables alone is compared too.
//!
//! lopdf loads whole files, so it is asked below [`SIZE_LIMIT`] only. It is strict here: by default it would rebuild
//! what it cannot read. It bounds its own nesting and, as it is told to, what each stream decodes to; all else that it
//! would do is counted before it is asked.

mod drawn;
mod foreseen;
mod given;
mod hidden;
mod object;
mod tree;
mod types;

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use self::given::Withheld;
use super::error::PdfError;
use super::file::PdfFile;
use super::limits::LimitReached;
use super::object::{Dictionary, Object, Reference, StreamData};
use super::page_tree::BrokenTree;
use crate::crypto::{Digest, DigestAlgorithm};
use crate::problem::Problem;

/// Largest file that the second reader is given, in bytes: it holds the file several times over.
pub const SIZE_LIMIT: u64 = 16 << 20;

/// By what the bytes that draw pages are compared.
const DRAWN_BY: DigestAlgorithm = DigestAlgorithm::Sha256;

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
    /// It was not asked: the file is larger than [`SIZE_LIMIT`], or has more in it than it is given.
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
    /// Readers differ in which cross-reference sections there are.
    Sections,
    /// Readers take other objects from the object stream of that number.
    ObjectStream(u32),
    /// Readers differ in where the object of that number is, or whether it is one.
    Entry(u32),
    /// Some readers take the file for a linearised one, and begin with another section.
    Linearised,
    /// A name in the object of that number ends before its end to some readers.
    Name(u32),
    /// The object of that number refers to one of another generation, which some readers do not ask for.
    Generation(u32),
    /// An entry of the page of that number is null, where some readers take that of its parent and others none.
    Inherited(u32),
    /// The object of that number is a reference, which some readers follow and others do not.
    Chain(u32),
    /// The stream of that number is decoded otherwise by some readers.
    Filters(u32),
    /// The stream of that number draws, or text is drawn by it, and its filters give no such bytes to some readers.
    Undecoded(u32),
    /// The object of that number has values inside one another beyond what every reader follows.
    Nested(u32),
    /// The trailer of the cross-reference section at that offset has such values.
    NestedTrailer(u64),
    /// A dictionary in the object of that number has several values under one key.
    Repeated(u32),
    /// The object of that number refers to one that was freed, which some readers show.
    Freed(u32),
    /// The node of the page tree of that number says of itself otherwise than those around it.
    Tree(u32),
    /// An entry of the object of that number, by which something is drawn, is missing, or none that the standard has.
    Type(u32),
    /// What draws the page of that number stands where some readers do not look.
    Contents(u32),
    /// A reader of tables alone parts there from one that sees what a hybrid file hides (ISO 32000-2, 7.5.8.4).
    Hidden(Box<Disagreement>),
}

impl Disagreement {
    /// Whether it was seen before the second reader was asked, which it then was not.
    pub fn is_foreseen(&self) -> bool {
        !matches!(
            self,
            Self::NotOpened(_) | Self::Pages { .. } | Self::Page(_) | Self::Signature(_)
        )
    }

    /// What is to be said of it.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotOpened(reason) => {
                Problem::new("readers-disagree-file").param("reason", reason.as_deref().unwrap_or("-"))
            }
            Self::Pages { ours, theirs } => Problem::new("readers-disagree-pages")
                .param("ours", ours)
                .param("theirs", theirs),
            Self::Page(number) => Problem::new("readers-disagree-page").param("page", number),
            Self::Signature(object) => Problem::new("readers-disagree-signature").param("object", object),
            Self::Sections => Problem::new("readers-disagree-sections"),
            Self::ObjectStream(number) => Problem::new("readers-disagree-object-stream").param("object", number),
            Self::Entry(number) => Problem::new("readers-disagree-entry").param("object", number),
            Self::Linearised => Problem::new("readers-disagree-linearised"),
            Self::Name(number) => Problem::new("readers-disagree-name").param("object", number),
            Self::Generation(number) => Problem::new("readers-disagree-generation").param("object", number),
            Self::Inherited(number) => Problem::new("readers-disagree-inherited").param("object", number),
            Self::Chain(number) => Problem::new("readers-disagree-chain").param("object", number),
            Self::Filters(number) => Problem::new("readers-disagree-filters").param("object", number),
            Self::Undecoded(number) => Problem::new("readers-disagree-undecoded").param("object", number),
            Self::Nested(number) => Problem::new("readers-disagree-nested").param("object", number),
            Self::NestedTrailer(offset) => Problem::new("readers-disagree-nested-trailer").param("offset", offset),
            Self::Repeated(number) => Problem::new("readers-disagree-repeated").param("object", number),
            Self::Freed(number) => Problem::new("readers-disagree-freed").param("object", number),
            Self::Tree(number) => Problem::new("readers-disagree-tree").param("object", number),
            Self::Type(number) => Problem::new("readers-disagree-type").param("object", number),
            Self::Contents(number) => Problem::new("readers-disagree-contents").param("object", number),
            Self::Hidden(place) => match place.as_ref() {
                Self::Page(number) => Problem::new("readers-disagree-hidden-page").param("page", number),
                Self::Signature(object) => Problem::new("readers-disagree-hidden-signature").param("object", object),
                Self::Pages { ours, theirs } => Problem::new("readers-disagree-hidden-pages")
                    .param("ours", ours)
                    .param("theirs", theirs),
                _ => Problem::new("readers-disagree-hidden-file"),
            },
        }
    }
}

/// What both readers are asked: of each page its object and the digest of what draws it; of each signature dictionary
/// its `Contents`.
#[derive(Debug, PartialEq, Eq)]
struct Reading {
    pages: Vec<(Reference, Digest)>,
    /// How often a page names something that draws it.
    page_parts: usize,
    signatures: BTreeMap<u32, Vec<u8>>,
}

impl PdfFile<'_> {
    /// Asks the second reader. An error is one of this module's own reading: a budget used up, or pages that it cannot
    /// follow.
    pub fn second_opinion(&self) -> Result<SecondOpinion, PdfError> {
        if let Some(place) = self.foreseen()? {
            return Ok(disagree(place));
        }
        let is_small = self.length() <= SIZE_LIMIT;
        let is_hybrid = self.revisions().iter().any(|revision| revision.is_hybrid());
        if !is_small && !is_hybrid {
            return Ok(SecondOpinion::NotAsked);
        }
        let mut ours = self.own_reading()?;
        if is_hybrid && let Some(place) = self.hidden_difference(&ours)? {
            return Ok(disagree(Disagreement::Hidden(Box::new(place))));
        }
        if !is_small {
            return Ok(SecondOpinion::NotAsked);
        }
        let mut bytes = self.bytes(0..self.length())?;
        self.abridge(&mut bytes, &mut ours)?;
        match self.count_given(&mut bytes) {
            Ok(()) => {}
            Err(Withheld::TooMuch) => return Ok(SecondOpinion::NotAsked),
            Err(Withheld::Disagreement(place)) => return Ok(disagree(place)),
            Err(Withheld::Stopped(error)) => return Err(error),
        }
        let numbers: Vec<u32> = ours.signatures.keys().copied().collect();
        let asked = Asked {
            decoded_limit: self.reader.limits.decoded_stream_bytes,
            page_limit: ours.pages.len() + 1,
            page_parts: ours.page_parts,
            page_bytes: self.reader.limits.page_bytes,
            signatures: &numbers,
        };
        // The second reader is foreign code on untrusted bytes. It owns all that it touches, so that nothing of ours is
        // left half-written if it panics; and a panic is an answer: it cannot read the file.
        let theirs = catch_unwind(AssertUnwindSafe(|| foreign_reading(&bytes, &asked)));
        Ok(match theirs {
            Ok(Ok(theirs)) => compare(&ours, &theirs),
            Ok(Err(reason)) => disagree(Disagreement::NotOpened(Some(reason))),
            Err(_panic) => disagree(Disagreement::NotOpened(None)),
        })
    }

    /// Puts in the place of each signature that stands there in digits alone, which every reader decodes alike, a
    /// literal string that says where that is, and white space up to the same length, for the second reader and in our
    /// reading: it reads the bulk of a signed file digit by digit. No object, and no part of one, begins among such
    /// digits or in what takes their place.
    fn abridge(&self, bytes: &mut Cow<'_, [u8]>, ours: &mut Reading) -> Result<(), PdfError> {
        for (number, contents) in &mut ours.signatures {
            let object = self.latest().object(Reference::new(*number))?;
            let value = object
                .value
                .as_dictionary()
                .and_then(|signature| signature.get("Contents"));
            let Some(place) = object
                .contents
                .clone()
                .filter(|_| value.and_then(Object::as_string) == Some(contents))
            else {
                continue;
            };
            let Ok(start) = usize::try_from(place.start) else {
                continue;
            };
            let place = start..start + contents.len() * 2 + 2;
            let Some(digits) = bytes.get(place.clone()) else {
                continue;
            };
            let said = start.to_string();
            if is_in_digits(digits) && said.len() <= contents.len() * 2 {
                let (string, rest) = bytes.to_mut()[place].split_at_mut(said.len() + 2);
                string.copy_from_slice(format!("({said})").as_bytes());
                rest.fill(b' ');
                *contents = said.into_bytes();
            }
        }
        Ok(())
    }

    fn own_reading(&self) -> Result<Reading, PdfError> {
        let (mut pages, mut page_parts) = (Vec::new(), 0);
        let mut drawn = Drawn::within(self.reader.limits.page_bytes);
        self.latest().walk_pages(BrokenTree::Refused, |node| {
            if node.page.is_some() {
                let (digest, parts) = self.page_digest(node.dictionary, &mut drawn)?;
                pages.push((node.reference, digest));
                page_parts += parts;
            }
            Ok::<_, PdfError>(())
        })?;
        let mut signatures = BTreeMap::new();
        for signature in self.signatures()?.iter().filter(|signature| !signature.is_orphan()) {
            if let (Some(object), Some(Object::String(contents))) =
                (signature.object, signature.dictionary.get("Contents"))
            {
                signatures.insert(object.number, contents.clone());
            }
        }
        Ok(Reading {
            pages,
            page_parts,
            signatures,
        })
    }

    /// The digest of a page's content streams, as they are encoded, and how many it names.
    fn page_digest(&self, page: &Dictionary, drawn: &mut Drawn<Range<u64>>) -> Result<(Digest, usize), PdfError> {
        let view = self.latest();
        let parts = match view.get(page, "Contents")? {
            Object::Array(parts) => parts,
            other => vec![other],
        };
        let mut hasher = DRAWN_BY.hasher();
        for part in &parts {
            self.count_step()?;
            let Object::Stream(stream) = view.resolve(part)? else {
                continue;
            };
            if let StreamData::InFile(place) = &stream.data {
                let digest = drawn.digest(place.clone(), stream.data.encoded_bytes(), || {
                    let mut hasher = DRAWN_BY.hasher();
                    self.in_pieces(place.clone(), |piece| hasher.update(piece))?;
                    Ok::<_, PdfError>(hasher.finish())
                })?;
                digest.iter().for_each(|digest| hasher.update(digest.as_ref()));
            }
        }
        Ok((hasher.finish(), parts.len()))
    }
}

/// The streams that draw pages, by their places: each is digested once, however many pages it draws, as a letterhead
/// does.
struct Drawn<Place> {
    digests: HashMap<Place, Digest>,
    /// Bytes that may still be digested, and how many there were.
    left: u64,
    allowed: u64,
}

impl<Place: Hash + Eq> Drawn<Place> {
    fn within(allowed: u64) -> Self {
        Self {
            digests: HashMap::new(),
            left: allowed,
            allowed,
        }
    }

    /// The digest of the stream at a place, of so many bytes; `None` of one that is empty, and draws nothing.
    fn digest<E: From<LimitReached>>(
        &mut self,
        place: Place,
        bytes: u64,
        read: impl FnOnce() -> Result<Digest, E>,
    ) -> Result<Option<&Digest>, E> {
        if bytes == 0 {
            return Ok(None);
        }
        Ok(Some(match self.digests.entry(place) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let left = self.left.checked_sub(bytes);
                self.left = left.ok_or(LimitReached {
                    unit: "bytes that draw pages",
                    allowed: self.allowed,
                })?;
                place.insert(read()?)
            }
        }))
    }
}

/// Whether it is a hexadecimal string (ISO 32000-2, 7.3.4.3) of whole octets and of nothing but digits.
fn is_in_digits(string: &[u8]) -> bool {
    match string {
        [b'<', digits @ .., b'>'] => digits.len().is_multiple_of(2) && digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

/// What the second reader is asked, and what it may use.
struct Asked<'a> {
    /// Bytes that one stream may decode to.
    decoded_limit: usize,
    /// Pages that are looked at.
    page_limit: usize,
    /// How often they name something that draws them.
    page_parts: usize,
    /// Bytes that draw them.
    page_bytes: u64,
    /// Numbers of the signature dictionaries.
    signatures: &'a [u32],
}

fn foreign_reading(bytes: &[u8], asked: &Asked<'_>) -> Result<Reading, String> {
    let options = lopdf::LoadOptions {
        strict: true,
        max_decompressed_size: Some(asked.decoded_limit),
        ..lopdf::LoadOptions::default()
    };
    let document = lopdf::Document::load_mem_with_options(bytes, options).map_err(|error| error.to_string())?;
    let mut drawn = Drawn::within(asked.page_bytes);
    let mut page_parts = 0;
    let mut digest = |page: lopdf::ObjectId| {
        let mut hasher = DRAWN_BY.hasher();
        let contents = match page_parts > asked.page_parts {
            true => Vec::new(),
            false => document.get_page_contents(page),
        };
        page_parts += contents.len();
        if page_parts > asked.page_parts {
            hasher.update(b"more than was seen here");
            return Ok(hasher.finish());
        }
        for id in contents {
            let Ok(stream) = document.get_object(id).and_then(lopdf::Object::as_stream) else {
                continue;
            };
            let read = || Ok::<_, LimitReached>(DRAWN_BY.digest(&stream.content));
            let digest = drawn.digest(id, stream.content.len() as u64, read);
            let digest = digest.map_err(|reached| reached.to_string())?;
            digest.iter().for_each(|digest| hasher.update(digest.as_ref()));
        }
        Ok::<_, String>(hasher.finish())
    };
    let pages = document.page_iter().take(asked.page_limit);
    let pages: Result<Vec<_>, String> = pages
        .map(|(number, generation)| Ok((Reference { number, generation }, digest((number, generation))?)))
        .collect();
    let contents = |number: &u32| {
        let dictionary = document.get_dictionary((*number, 0)).ok()?;
        Some((*number, dictionary.get(b"Contents").ok()?.as_str().ok()?.to_vec()))
    };
    Ok(Reading {
        pages: pages?,
        page_parts: asked.page_parts,
        signatures: asked.signatures.iter().filter_map(contents).collect(),
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

    /// A document with a signature in these characters, which the second reader finds in object 7, and its bytes as it
    /// is given them.
    fn abridged(contents: &str) -> (Vec<u8>, Vec<u8>, Reading) {
        let form = "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>";
        let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>";
        let (content, null) = (stream("", "BT ET"), "null");
        let signature = format!("<</Type/Sig/ByteRange[0 1 2 3]/Contents{contents}>>");
        let bodies = [
            form,
            PAGES,
            page,
            &content,
            null,
            "<</FT/Sig/T(a)/V 7 0 R>>",
            &signature,
        ];
        let bytes = document(SectionKind::Table, &bodies);
        let file = open(&bytes);
        let mut given = Cow::Borrowed(bytes.as_slice());
        let mut ours = file.own_reading().unwrap();
        file.abridge(&mut given, &mut ours).unwrap();
        let given = given.into_owned();
        (bytes, given, ours)
    }

    #[test]
    fn a_signature_in_digits_alone_is_told_by_its_place() {
        let (bytes, given, ours) = abridged("<00aBff0011223344>");
        let place = bytes.windows(4).position(|four| four == b"<00a").unwrap();
        let said = place.to_string();
        assert_eq!(given.len(), bytes.len());
        assert_eq!(
            &given[place..place + 18],
            format!("{:18}", format!("({said})")).as_bytes()
        );
        assert_eq!(
            [&given[..place], &given[place + 18..]],
            [&bytes[..place], &bytes[place + 18..]]
        );
        assert_eq!(ours.signatures, BTreeMap::from([(7, said.into_bytes())]));
        assert_eq!(open(&bytes).second_opinion(), Ok(SecondOpinion::Agree));
        // In another form the readers have to read it themselves; and where there is no room to say the place.
        for contents in ["<00 aBff0011223344>", "<00aBff001122334>", "(0123456789abcdef)", "<0a>"] {
            let (bytes, given, ours) = abridged(contents);
            assert_eq!(given, bytes);
            assert!(ours.signatures[&7].len() < 17);
            assert_eq!(open(&bytes).second_opinion(), Ok(SecondOpinion::Agree), "{contents}");
        }
    }

    #[test]
    fn a_difference_is_placed() {
        let reading = |content: &[u8], signature: &[u8]| Reading {
            pages: vec![(id(3), DRAWN_BY.digest(content))],
            page_parts: 1,
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
            page_parts: 0,
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

    /// A hybrid document (7.5.8.4) whose page, object 3, has `contents`; object 5 is hidden from readers of tables
    /// alone.
    fn hybrid(contents: &str) -> Vec<u8> {
        let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents {contents}>>");
        let (shown, hidden) = (stream("", "BT ET"), stream("", "0 0 9 9 re f"));
        let mut bytes = b"%PDF-1.5\n".to_vec();
        let mut offsets = Vec::new();
        for (index, body) in ["<</Type/Catalog/Pages 2 0 R>>", PAGES, &page, &shown, &hidden]
            .iter()
            .enumerate()
        {
            offsets.push(bytes.len());
            bytes.extend(format!("{} 0 obj\n{body}\nendobj\n", index + 1).bytes());
        }
        let section = bytes.len();
        let head = "/Type/XRef/W[1 4 0]/Index[5 1]/Size 7/Filter/ASCIIHexDecode";
        let object = stream(head, &format!("01{:08x}", offsets[4]));
        bytes.extend(format!("6 0 obj\n{object}\nendobj\n").bytes());
        let table = bytes.len();
        let entries: String = offsets[..4]
            .iter()
            .map(|offset| format!("{offset:010} 00000 n \n"))
            .collect();
        let free = "0000000000 00000 f \n";
        let trailer = format!("<</Size 7/Root 1 0 R/XRefStm {section}>>");
        let table_text =
            format!("xref\n0 6\n0000000000 65535 f \n{entries}{free}trailer\n{trailer}\nstartxref\n{table}\n%%EOF\n");
        bytes.extend(table_text.bytes());
        bytes
    }

    #[test]
    fn what_a_hybrid_file_hides_is_seen_before_the_second_reader_is_asked() {
        let SecondOpinion::Disagree { place } = open(&hybrid("5 0 R")).second_opinion().unwrap() else {
            panic!("nothing is hidden");
        };
        assert!(place.is_foreseen(), "{place:?}");
    }

    #[test]
    fn what_a_hybrid_file_shows_to_some_readers_alone_is_placed() {
        let harmless = hybrid("4 0 R");
        assert!(open(&harmless).revisions()[0].is_hybrid());
        assert_eq!(open(&harmless).second_opinion(), Ok(SecondOpinion::Agree));
        for contents in ["5 0 R", "[4 0 R 5 0 R]"] {
            let place = Disagreement::Hidden(Box::new(Disagreement::Page(1)));
            assert_eq!(open(&hybrid(contents)).second_opinion(), Ok(disagree(place)));
        }
        // What a page draws by way of other objects, too.
        let drawn = hybrid("4 0 R/Resources<</XObject<</X 5 0 R>>>>");
        let place = Disagreement::Hidden(Box::new(Disagreement::Page(1)));
        assert_eq!(open(&drawn).second_opinion(), Ok(disagree(place)));
        // In a large file, too, which the second reader is not given.
        let padded = Padded(hybrid("5 0 R"));
        let file = PdfFile::open(&padded, &Limits::UPLOAD).unwrap();
        assert!(matches!(file.second_opinion(), Ok(SecondOpinion::Disagree { .. })));
    }

    #[test]
    fn what_draws_many_pages_is_digested_once() {
        let letterhead = |of_its_own: &str| {
            let page = "<</Type/Page/Parent 2 0 R/Contents[4 0 R 4 0 R]>>";
            let last = format!("<</Type/Page/Parent 2 0 R/Contents[4 0 R {of_its_own}]>>");
            let bodies = [
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[3 0 R 5 0 R 6 0 R]/Count 3>>",
                page,
                &stream("", "BT ET"),
                page,
                &last,
                &stream("", "0 0 m"),
            ];
            document(SectionKind::Table, &bodies)
        };
        let asked = |bytes: &Vec<u8>, page_bytes| {
            let limits = Limits {
                page_bytes,
                ..Limits::UPLOAD
            };
            PdfFile::open(bytes, &limits).unwrap().second_opinion()
        };
        let reached = |allowed| {
            let unit = "bytes that draw pages";
            Err(LimitReached { unit, allowed }.into())
        };
        let shared = letterhead("4 0 R");
        assert_eq!(asked(&shared, 5), Ok(SecondOpinion::Agree));
        assert_eq!(asked(&shared, 4), reached(4));
        let with_own = letterhead("7 0 R");
        assert_eq!(asked(&with_own, 10), Ok(SecondOpinion::Agree));
        assert_eq!(asked(&with_own, 9), reached(9));
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
        let bytes = paged("<</Type/Page/Parent 2 0 R>>");
        let padded = Padded(bytes);
        let file = PdfFile::open(&padded, &Limits::UPLOAD).unwrap();
        assert_eq!(file.second_opinion(), Ok(SecondOpinion::NotAsked));
    }
}
