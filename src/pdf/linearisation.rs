//! Objects that readers take for the first of a file, and that say of it that it is linearised and how long it is (ISO
//! 32000-2, Annex F.3.3).

use super::error::{PdfError, unless_stopped};
use super::file::PdfFile;
use super::object::Object;

/// Bytes at the beginning of a file in which such an object is looked for wherever it stands. One that follows the
/// header and nothing but comments is found however long they are.
const BEGINNING: u64 = 1024;

/// Such an object.
pub(super) struct Linearisation {
    pub(super) number: u32,
    /// What it says the length of the file is, in bytes; several where its key is there more than once.
    pub(super) lengths: Vec<u64>,
    /// Offset after its value.
    pub(super) end: u64,
}

impl PdfFile<'_> {
    /// All of them.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn linearisations(&self) -> Result<Vec<Linearisation>, PdfError> {
        // What is looked at for this alone takes nothing from the budget of the values that are read: it is counted in
        // bytes.
        let usage = &self.reader.usage;
        let read_before = usage.count_values_from(0);
        let found = self.read_linearisations();
        usage.count_values_from(read_before);
        found
    }

    fn read_linearisations(&self) -> Result<Vec<Linearisation>, PdfError> {
        let beginning = 0..self.length().min(BEGINNING);
        let heads = self.heads(beginning, |_, _| false)?;
        let mut places: Vec<u64> = heads.into_iter().map(|(offset, _)| offset).chain([0]).collect();
        places.sort_unstable();
        places.dedup();
        let mut found = Vec::new();
        for place in places {
            self.reader.usage.count_values_from(0);
            let read = self.reader.parse(place..self.length(), |parser| {
                parser.skip_space()?;
                let reference = parser.header()?;
                let value = parser.object()?;
                Ok((reference.number, value, parser.offset()))
            });
            let Some((number, Object::Dictionary(dictionary), end)) = unless_stopped(read)? else {
                continue;
            };
            if dictionary.get("Linearized").is_some() {
                let replaced = dictionary.duplicates().iter().filter(|(key, _)| *key == *"L");
                let lengths = replaced.map(|(_, value)| value).chain(dictionary.get("L"));
                let lengths = lengths.filter_map(Object::as_number).map(|length| length as u64);
                found.push(Linearisation {
                    number,
                    lengths: lengths.collect(),
                    end,
                });
            }
        }
        Ok(found)
    }
}
