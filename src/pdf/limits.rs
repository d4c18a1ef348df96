//! Budgets of work and memory that an unknown document may use. Time is not measured: work is counted.
//!
//! ISO 32000-2 sets no limits; ISO 32000-1, Annex C names those of a known implementation, and they are kept where they
//! are wide enough for real documents.

use std::cell::Cell;

use thiserror::Error;

/// What a document may use; each field counts the unit in its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Arrays and dictionaries inside one another. Real files stay below 20.
    pub nesting_depth: u32,
    /// Values parsed in the whole file (numbers, names, strings, containers), repeated parsing included.
    pub parsed_values: u64,
    /// Bytes of memory of the objects that are kept of a file, and of the one that is parsed. The large tagged
    /// documents known, of a hundred thousand objects, take half of it.
    pub held_bytes: u64,
    /// Bytes run through the lexer, repeated parsing and what was looked at in vain included. No file is parsed more
    /// than a few times over.
    pub lexed_bytes: u64,
    /// Bytes of one object up to the end of its value, or of one cross-reference table: they are held while it is
    /// parsed. The largest table has twenty for each of `xref_entries`, the largest string two for each of
    /// `string_bytes`.
    pub object_bytes: u64,
    /// Bytes of one string, decoded. The largest are signatures that carry revocation lists.
    pub string_bytes: usize,
    /// Bytes of one name. ISO 32000-1, C.2 says 127; some producers write longer ones.
    pub name_bytes: usize,
    /// Revisions of one file.
    pub revisions: usize,
    /// Cross-reference entries in all sections together.
    pub xref_entries: usize,
    /// Bytes that one stream may decode to.
    pub decoded_stream_bytes: usize,
    /// Bytes that all streams together may decode to.
    pub decoded_total_bytes: u64,
    /// Encoded bytes of streams that updates write again, each as often as it is compared with what was there. A large
    /// stream may be written again a few times; writers repeat none in every revision.
    pub compared_bytes: u64,
    /// Filters on one stream.
    pub filters: usize,
    /// Nodes of the tree of form fields, or of pages.
    pub tree_nodes: usize,
    /// Depth of the tree of form fields, or of pages.
    pub tree_depth: usize,
    /// Bytes of the full names of form fields that one walk through the form makes. A hundred thousand fields have room
    /// for 160 each.
    pub field_name_bytes: u64,
    /// Bytes of such names, and of other words of a document, in the changes that are told, each as often as a
    /// signature is told of it.
    pub told_name_bytes: u64,
    /// Bytes before the end of the file that are searched for the last `startxref`.
    pub tail_bytes: u64,
    /// Signatures of one file, those that no field leads to among them.
    pub signatures: usize,
    /// Bytes of the `Contents` of all signatures together, each as often as a field has it: it is held.
    pub signature_bytes: usize,
    /// Bytes that draw pages, each stream once, where two readings are compared.
    pub page_bytes: u64,
    /// Glyphs of one page: a hundred times a dense page.
    pub page_glyphs: u64,
    /// Glyphs that the appearance of one form field paints: four dense pages.
    pub field_glyphs: u64,
    /// Glyphs that are painted in all, each as often as it is: a book of five thousand pages of Chinese text.
    pub glyphs: u64,
    /// Bytes of the text that those glyphs stand for, and of the text that stands beside marked content, as often as it
    /// is said: such a book takes three for a character.
    pub text_bytes: u64,
    /// Characters in their compatible forms, taken apart (NFKD), of that text and of the values of form fields, as
    /// often as they are compared. One character may have 18, one code 576.
    pub text_characters: u64,
}

impl Limits {
    /// Highest object number (ISO 32000-1, C.2: 8,388,607 indirect objects).
    pub const OBJECT_NUMBER: u32 = 8_388_607;

    /// What the service allows for an upload: the largest real files known pass, with a factor of
    /// ten where a limit says nothing else of itself.
    pub const UPLOAD: Self = Self {
        nesting_depth: 64,
        parsed_values: 2_000_000,
        held_bytes: 128 << 20,
        lexed_bytes: 256 << 20,
        object_bytes: 32 << 20,
        string_bytes: 8 << 20,
        name_bytes: 4096,
        revisions: 1_000,
        xref_entries: 1_000_000,
        decoded_stream_bytes: 64 << 20,
        decoded_total_bytes: 256 << 20,
        compared_bytes: 1 << 30,
        filters: 8,
        tree_nodes: 100_000,
        tree_depth: 64,
        field_name_bytes: 16 << 20,
        told_name_bytes: 32 << 20,
        tail_bytes: 1 << 20,
        signatures: 1_000,
        signature_bytes: 32 << 20,
        page_bytes: 256 << 20,
        page_glyphs: 500_000,
        field_glyphs: 20_000,
        glyphs: 10_000_000,
        text_bytes: 32 << 20,
        text_characters: 16_000_000,
    };
}

impl Limits {
    /// With no more than `limit` bytes for one stream, which has so many encoded.
    pub(super) fn of_stream(self, encoded: u64, limit: usize) -> Result<Self, LimitReached> {
        let decoded_stream_bytes = limit.min(self.decoded_stream_bytes);
        let allowed = decoded_stream_bytes as u64;
        let unit = "bytes in a stream";
        match encoded > allowed {
            true => Err(LimitReached { unit, allowed }),
            false => Ok(Self {
                decoded_stream_bytes,
                ..self
            }),
        }
    }
}

/// A budget that was used up: what was counted and how much was allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("more than {allowed} {unit}")]
pub struct LimitReached {
    /// What was counted; the key of its text in each language is `unit-` and this, hyphenated.
    pub unit: &'static str,
    /// How much of it was allowed.
    pub allowed: u64,
}

/// What has been used so far of those budgets that run over the whole file.
#[derive(Debug, Default)]
pub(super) struct Usage {
    values: Cell<u64>,
    lexed: Cell<u64>,
    decoded: Cell<u64>,
    compared: Cell<u64>,
    held: Cell<u64>,
    told: Cell<u64>,
    glyphs: Cell<u64>,
    text: Cell<u64>,
    characters: Cell<u64>,
    /// Names that not every reader takes for the same.
    names: Cell<u64>,
}

impl Usage {
    /// Counts parsed values.
    pub(super) fn values(&self, limits: &Limits, count: u64) -> Result<(), LimitReached> {
        add(&self.values, count, limits.parsed_values, "parsed values")
    }

    /// Counts a name that is written in a way in which not every reader takes it for the same.
    pub(super) fn note_name(&self) {
        self.names.set(self.names.get() + 1);
    }

    /// How many of them were counted.
    pub(super) fn names_so_far(&self) -> u64 {
        self.names.get()
    }

    /// How many values were counted.
    pub(super) fn values_so_far(&self) -> u64 {
        self.values.get()
    }

    /// Counts the values of some work from the first on, and takes nothing for them from the budget of those that are
    /// read otherwise.
    pub(super) fn with_values_apart<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = self.values.replace(0);
        let done = work();
        self.values.set(before);
        done
    }

    /// Counts memory of an object that is kept.
    pub(super) fn hold(&self, limits: &Limits, bytes: u64) -> Result<(), LimitReached> {
        add(&self.held, bytes, limits.held_bytes, MEMORY)
    }

    /// Whether so much may be held beside the objects that are kept.
    pub(super) fn may_hold(&self, limits: &Limits, bytes: u64) -> Result<(), LimitReached> {
        let allowed = limits.held_bytes;
        match self.held.get().saturating_add(bytes) > allowed {
            true => Err(LimitReached { unit: MEMORY, allowed }),
            false => Ok(()),
        }
    }

    /// Counts bytes run through the lexer.
    pub(super) fn lexed(&self, limits: &Limits, bytes: u64) -> Result<(), LimitReached> {
        add(&self.lexed, bytes, limits.lexed_bytes, "bytes read as objects")
    }

    /// Counts decoded bytes.
    pub(super) fn decoded(&self, limits: &Limits, bytes: u64) -> Result<(), LimitReached> {
        add(
            &self.decoded,
            bytes,
            limits.decoded_total_bytes,
            "decoded bytes in all streams",
        )
    }

    /// Counts bytes of streams that are compared.
    pub(super) fn compared(&self, limits: &Limits, bytes: u64) -> Result<(), LimitReached> {
        add(
            &self.compared,
            bytes,
            limits.compared_bytes,
            "bytes of streams compared",
        )
    }

    /// Counts bytes of a name in a change.
    pub(super) fn told(&self, limits: &Limits, bytes: u64) -> Result<(), LimitReached> {
        let unit = "bytes in names of what changes";
        add(&self.told, bytes, limits.told_name_bytes, unit)
    }

    /// Counts a glyph that is painted.
    pub(super) fn glyph(&self, limits: &Limits) -> Result<(), LimitReached> {
        add(&self.glyphs, 1, limits.glyphs, "glyphs of all pages")
    }

    /// Counts bytes of the text of pages.
    pub(super) fn text(&self, limits: &Limits, bytes: u64) -> Result<(), LimitReached> {
        add(&self.text, bytes, limits.text_bytes, "bytes of text on pages")
    }

    /// Counts characters that are compared.
    pub(super) fn characters(&self, limits: &Limits, count: u64) -> Result<(), LimitReached> {
        let unit = "characters of text compared";
        add(&self.characters, count, limits.text_characters, unit)
    }

    /// Decoded bytes that are still allowed.
    pub(super) fn decoded_left(&self, limits: &Limits) -> u64 {
        limits.decoded_total_bytes.saturating_sub(self.decoded.get())
    }
}

const MEMORY: &str = "bytes of memory for objects";

fn add(used: &Cell<u64>, count: u64, allowed: u64, unit: &'static str) -> Result<(), LimitReached> {
    let total = used.get().saturating_add(count);
    used.set(total);
    if total > allowed {
        Err(LimitReached { unit, allowed })
    } else {
        Ok(())
    }
}
