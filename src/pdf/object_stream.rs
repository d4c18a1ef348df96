//! Object streams (ISO 32000-2, 7.5.7): several objects in the data of one stream, behind a table of their numbers and
//! offsets.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::rc::Rc;

use super::error::PdfError;
use super::file::PdfFile;
use super::limits::LimitReached;
use super::parser::Parser;
use super::reader::Reader;

/// A decoded object stream (7.5.7).
pub(super) struct ObjectStream {
    pub(super) data: Vec<u8>,
    /// Object numbers with the offsets of their values in the data.
    pub(super) objects: Vec<(u32, usize)>,
}

/// Object streams that were read, the last of them: as many as have this many bytes, and one at least.
pub(super) struct ObjectStreams<K> {
    held: HashMap<K, Rc<ObjectStream>>,
    oldest_first: VecDeque<K>,
    bytes: usize,
}

impl<K> ObjectStreams<K> {
    /// Bytes of decoded object streams that are held. Those let go are read again when they are asked for, within the
    /// budgets.
    const HELD_BYTES: usize = 32 << 20;
}

impl<K> Default for ObjectStreams<K> {
    fn default() -> Self {
        Self {
            held: HashMap::new(),
            oldest_first: VecDeque::new(),
            bytes: 0,
        }
    }
}

impl<K: Copy + Eq + Hash> ObjectStreams<K> {
    pub(super) fn get(&self, key: K) -> Option<Rc<ObjectStream>> {
        self.held.get(&key).map(Rc::clone)
    }

    /// Holds one that is not held.
    pub(super) fn hold(&mut self, key: K, stream: &Rc<ObjectStream>) {
        self.bytes += stream.bytes();
        while self.bytes > Self::HELD_BYTES
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.bytes -= self.held.remove(&oldest).map_or(0, |let_go| let_go.bytes());
        }
        self.held.insert(key, Rc::clone(stream));
        self.oldest_first.push_back(key);
    }
}

impl ObjectStream {
    /// How much memory it takes.
    fn bytes(&self) -> usize {
        self.data.capacity() + self.objects.capacity() * size_of::<(u32, usize)>()
    }

    /// Reads the pairs of object number and offset before `First`.
    pub(super) fn parse(data: Vec<u8>, count: usize, first: usize, file: &PdfFile<'_>) -> Result<Self, PdfError> {
        let table = data.get(..first).unwrap_or_default();
        let Reader { limits, usage, .. } = &file.reader;
        usage.lexed(limits, table.len() as u64)?;
        let allowed = limits.xref_entries as u64;
        if count as u64 > allowed {
            let unit = "objects in an object stream";
            return Err(LimitReached { unit, allowed }.into());
        }
        let mut parser = Parser::new(table, 0, true, limits, usage);
        let mut objects = Vec::with_capacity(count.min(table.len() / 4));
        let wrong = PdfError::ObjectStream {
            container: 0,
            rule: "table",
        };
        for _ in 0..count {
            let mut next = || {
                parser.skip_white();
                parser.unsigned("a number").map_err(|_| wrong.clone())
            };
            let (number, offset) = (next()?, next()?);
            let number = u32::try_from(number).map_err(|_| wrong.clone())?;
            let offset = usize::try_from(offset)
                .ok()
                .and_then(|offset| offset.checked_add(first));
            objects.push((number, offset.ok_or(wrong.clone())?));
        }
        Ok(Self { data, objects })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::limits::Limits;
    use crate::pdf::testing::document;

    fn stream(bytes: usize) -> Rc<ObjectStream> {
        Rc::new(ObjectStream {
            data: Vec::with_capacity(bytes),
            objects: Vec::new(),
        })
    }

    #[test]
    fn the_budget_of_objects_is_that_of_entries() {
        let bytes = document(SectionKind::Table, &["<</Type/Catalog>>"]);
        let limits = Limits {
            xref_entries: 2,
            ..Limits::UPLOAD
        };
        let file = PdfFile::open(&bytes, &limits).unwrap();
        let parse =
            |count| ObjectStream::parse(b"1 0 2 1 3 2 ".to_vec(), count, 12, &file).map(|read| read.objects.len());
        assert_eq!(parse(2), Ok(2));
        let reached = LimitReached {
            unit: "objects in an object stream",
            allowed: 2,
        };
        assert_eq!(parse(3), Err(reached.into()));
    }

    #[test]
    fn the_oldest_object_streams_are_let_go_and_the_last_is_held_however_large() {
        const THIRD: usize = ObjectStreams::<u32>::HELD_BYTES / 3;
        let mut streams = ObjectStreams::default();
        for number in 0..4 {
            streams.hold(number, &stream(THIRD));
        }
        assert_eq!(
            [0, 1, 2, 3].map(|number| streams.get(number).is_some()),
            [false, true, true, true]
        );
        streams.hold(4, &stream(4 * THIRD));
        assert_eq!(
            [1, 3, 4].map(|number| streams.get(number).is_some()),
            [false, false, true]
        );
        streams.hold(5, &stream(THIRD));
        assert_eq!([4, 5].map(|number| streams.get(number).is_some()), [false, true]);
    }
}
