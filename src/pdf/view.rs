//! A document as of one revision: what a reader saw when the file ended there.

use std::rc::Rc;

use super::error::PdfError;
use super::file::{IndirectObject, PdfFile};
use super::filter::{self, Step};
use super::limits::LimitReached;
use super::object::{Dictionary, Object, Reference, Stream, StreamData};
use super::object_stream::ObjectStream;
use super::parser::{Fault, Parser};
use super::places::{self, Places};
use super::reader::Reader;
use super::revision::Revision;
use super::xref::{self, Entry};

/// Objects that may be needed to read an object: the length of a stream, in an object stream, whose length is again an
/// object.
const READ_THROUGH: u32 = 8;
/// References that may lead from one to the next.
pub(super) const REFERENCE_CHAIN: usize = 8;

/// A document as of one revision.
#[derive(Clone, Copy)]
pub struct View<'f, 's> {
    pub(super) file: &'f PdfFile<'s>,
    /// The revision's place among those of the file.
    pub(super) index: usize,
}

/// For which views of a document an object that was read holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    /// For all that see it where the revision of that number lists it.
    Listed(usize),
    /// For that of the revision of that index alone: reading it took other objects.
    View(usize),
}

impl<'f, 's> View<'f, 's> {
    /// The file that is viewed.
    pub fn file(&self) -> &'f PdfFile<'s> {
        self.file
    }

    /// The revision's number, from 1.
    pub fn number(&self) -> usize {
        self.index + 1
    }

    /// The last revision that is seen.
    pub fn revision(&self) -> &'f Revision {
        &self.file.revisions[self.index]
    }

    /// Where an object is in this view: the number of the revision that says so, and its entry.
    pub fn place(&self, number: u32) -> Option<(usize, Entry)> {
        let revisions = &self.file.revisions;
        if self.index < places::FEW {
            let seen = revisions[..=self.index].iter().enumerate().rev();
            return seen
                .into_iter()
                .find_map(|(index, revision)| Some((index + 1, revision.entry(number)?)));
        }
        let places = self.file.places.get_or_init(|| Places::of(revisions));
        let listed = places.listed(number, self.index)?;
        Some((listed + 1, revisions[listed].entry(number)?))
    }

    /// An indirect object; null if it is free, undefined, or of another generation.
    pub fn object(&self, reference: Reference) -> Result<Rc<IndirectObject>, PdfError> {
        if let Some(known) = self.known(reference) {
            return Ok(known);
        }
        let depth = self.file.reading.get();
        if depth >= READ_THROUGH {
            let unit = "objects read through to read an object";
            return Err(LimitReached {
                unit,
                allowed: READ_THROUGH.into(),
            }
            .into());
        }
        self.file.reading.set(depth + 1);
        let read = self.read(reference).map(Rc::new);
        self.file.reading.set(depth);
        let read = read?;
        let Reader { limits, usage, .. } = &self.file.reader;
        usage.hold(limits, read.value.held_bytes() + size_of::<IndirectObject>() as u64)?;
        let key = (self.scope(reference, &read.value), reference);
        self.file.objects.borrow_mut().insert(key, Rc::clone(&read));
        Ok(read)
    }

    /// The same for whoever passes through all objects of a file: what was not read before is not kept.
    pub(super) fn passing(&self, reference: Reference) -> Result<Rc<IndirectObject>, PdfError> {
        match self.known(reference) {
            Some(known) => Ok(known),
            None => self.read(reference).map(Rc::new),
        }
    }

    /// As [`resolve`](Self::resolve) for whoever passes through; no further than to the object that is referred to.
    pub(super) fn glance(&self, object: &Object) -> Result<Object, PdfError> {
        let read = object.as_reference().map(|reference| self.passing(reference));
        let read = read.transpose()?;
        let object = read.as_ref().map_or(object, |read| &read.value);
        self.file.count_steps(steps_to_copy(object))?;
        Ok(object.clone())
    }

    /// An object that was read before and holds for this view.
    pub(super) fn known(&self, reference: Reference) -> Option<Rc<IndirectObject>> {
        let objects = self.file.objects.borrow();
        let of_view = || objects.get(&(Scope::View(self.index), reference));
        let of_place = || {
            let (listed, _) = self.place(reference.number)?;
            objects.get(&(Scope::Listed(listed), reference))
        };
        of_view().or_else(of_place).map(Rc::clone)
    }

    /// An object of the file itself is the same wherever it is seen, unless its length is another object.
    fn scope(&self, reference: Reference, value: &Object) -> Scope {
        let length = value.as_stream().and_then(|stream| stream.dictionary.get("Length"));
        match self.place(reference.number) {
            Some((listed, Entry::InFile { .. })) if length.is_none_or(|length| length.as_reference().is_none()) => {
                Scope::Listed(listed)
            }
            _ => Scope::View(self.index),
        }
    }

    /// The object itself, or what a reference leads to.
    pub fn resolve(&self, object: &Object) -> Result<Object, PdfError> {
        self.look(object, |value| {
            if let steps @ 1.. = steps_to_copy(value) {
                self.file.count_steps(steps)?;
            }
            Ok(value.clone())
        })?
    }

    /// What is made of the object itself, or of what a reference leads to, where it lies: it is not copied.
    pub(super) fn look<T>(&self, object: &Object, make: impl FnOnce(&Object) -> T) -> Result<T, PdfError> {
        let Object::Reference(first) = object else {
            return Ok(make(object));
        };
        let mut reference = *first;
        for _ in 1..REFERENCE_CHAIN {
            match &self.object(reference)?.value {
                Object::Reference(next) => reference = *next,
                value => return Ok(make(value)),
            }
        }
        Err(LimitReached {
            unit: "references one after another",
            allowed: REFERENCE_CHAIN as u64,
        }
        .into())
    }

    /// The value of a key, its reference followed; null if it is absent.
    pub fn get(&self, dictionary: &Dictionary, key: &str) -> Result<Object, PdfError> {
        dictionary
            .get(key)
            .map_or(Ok(Object::Null), |value| self.resolve(value))
    }

    /// The document catalogue (7.7.2).
    pub fn catalog(&self) -> Result<Dictionary, PdfError> {
        let root = self.revision().root().ok_or(PdfError::Type {
            what: "the trailer's Root",
            expected: "a reference",
        })?;
        match &self.object(root)?.value {
            Object::Dictionary(catalog) => Ok(catalog.clone()),
            _ => Err(PdfError::Type {
                what: "the document catalogue",
                expected: "a dictionary",
            }),
        }
    }

    /// The data of a stream, decoded, where its filters are among those that the structure may use.
    pub fn decoded(&self, stream: &Stream) -> Result<Vec<u8>, PdfError> {
        self.decoded_within(stream, self.file.reader.limits.decoded_stream_bytes)
    }

    /// The same, of a stream that has no more than `limit` bytes, neither encoded nor after any step of decoding.
    pub fn decoded_within(&self, stream: &Stream, limit: usize) -> Result<Vec<u8>, PdfError> {
        let reader = &self.file.reader;
        let limits = reader.limits.of_stream(stream.data.encoded_bytes(), limit)?;
        let steps = self.steps(stream)?;
        filter::decode(&self.file.encoded(stream)?, &steps, &limits, &reader.usage)
    }

    /// The data of a stream, decoded, behind whose end nothing stands.
    pub(super) fn decoded_whole(&self, stream: &Stream) -> Result<Vec<u8>, PdfError> {
        let reader = &self.file.reader;
        let limits = reader
            .limits
            .of_stream(stream.data.encoded_bytes(), reader.limits.decoded_stream_bytes)?;
        let steps = self.steps(stream)?;
        filter::decode_whole(&self.file.encoded(stream)?, &steps, &limits, &reader.usage)
    }

    /// By what the data of a stream are decoded.
    fn steps(&self, stream: &Stream) -> Result<Vec<Step>, PdfError> {
        xref::steps(&stream.dictionary, |value| {
            let parts = self.look(value, |value| filter::parts(value, &self.file.reader.limits))??;
            let parts = parts.iter().map(|part| self.look(part, filter::part)?);
            parts.collect()
        })
    }

    /// The numbers of the objects that an object stream holds, in its order.
    pub(super) fn contained(&self, container: u32) -> Result<Vec<u32>, PdfError> {
        Ok(self
            .container(container)?
            .objects
            .iter()
            .map(|(number, _)| *number)
            .collect())
    }

    pub(super) fn read(&self, reference: Reference) -> Result<IndirectObject, PdfError> {
        let undefined = IndirectObject {
            reference,
            value: Object::Null,
            extent: None,
            contents: None,
        };
        match self.place(reference.number) {
            Some((listed, Entry::InFile { offset, generation })) if generation == reference.generation => {
                self.read_in_file(reference, offset, self.file.revisions[listed - 1].range.end)
            }
            Some((_, Entry::Compressed { container, index })) if reference.generation == 0 => {
                let value = self.read_compressed(reference.number, container, index)?;
                Ok(IndirectObject { value, ..undefined })
            }
            _ => Ok(undefined),
        }
    }

    /// An object of the file itself, at an offset of the revision that ends there.
    pub(super) fn read_in_file(&self, reference: Reference, offset: u64, end: u64) -> Result<IndirectObject, PdfError> {
        if offset >= end {
            return Err(PdfError::BeyondRevision { reference, offset });
        }
        let reader = &self.file.reader;
        let (indirect, after, contents) = reader.parse(offset..end, |parser| {
            let indirect = parser.indirect()?;
            Ok((indirect, parser.offset(), parser.take_contents()))
        })?;
        if indirect.reference != reference {
            return Err(PdfError::OtherObject {
                expected: reference,
                found: indirect.reference,
                offset,
            });
        }
        let (data, dictionary) = match (indirect.data, indirect.value) {
            (Some(data), Object::Dictionary(dictionary)) => (data, dictionary),
            (_, value) => {
                return Ok(IndirectObject {
                    reference,
                    value,
                    extent: Some(offset..after),
                    contents,
                });
            }
        };
        let wrong = PdfError::StreamLength { offset };
        let length = self.get(&dictionary, "Length")?.as_unsigned();
        let data_end = length
            .and_then(|length| data.checked_add(length))
            .filter(|data_end| *data_end <= end);
        let data_end = data_end.ok_or(wrong.clone())?;
        let after = reader
            .parse(data_end..end, xref::parse_stream_end)
            .map_err(|error| match error {
                PdfError::Syntax { .. } => wrong,
                other => other,
            })?;
        let stream = Stream {
            dictionary,
            data: StreamData::InFile(data..data_end),
        };
        Ok(IndirectObject {
            reference,
            value: Object::Stream(stream),
            extent: Some(offset..after),
            contents,
        })
    }

    fn read_compressed(&self, number: u32, container: u32, index: u32) -> Result<Object, PdfError> {
        let wrong = |rule| PdfError::ObjectStream { container, rule };
        let stream = self.container(container)?;
        let (found, start) = *stream
            .objects
            .get(index as usize)
            .ok_or_else(|| wrong("an index is beyond its N"))?;
        if found != number {
            return Err(wrong("another object stands at an index"));
        }
        let rest = stream
            .data
            .get(start..)
            .ok_or_else(|| wrong("an object lies beyond its end"))?;
        let Reader { limits, usage, .. } = &self.file.reader;
        let mut parser = Parser::new(rest, start as u64, true, limits, usage);
        let value = parser.object();
        usage.lexed(limits, parser.examined())?;
        value.map_err(|fault| match fault {
            Fault::Limit(reached) => reached.into(),
            Fault::End | Fault::Syntax { .. } => wrong("one of its objects cannot be parsed"),
        })
    }

    fn container(&self, number: u32) -> Result<Rc<ObjectStream>, PdfError> {
        let wrong = |rule| PdfError::ObjectStream {
            container: number,
            rule,
        };
        if !matches!(self.place(number), Some((_, Entry::InFile { generation: 0, .. }))) {
            return Err(wrong("it is not an object of the file itself"));
        }
        let object = self.object(Reference::new(number))?;
        let stream = object
            .value
            .as_stream()
            .filter(|stream| stream.dictionary.is("Type", "ObjStm"));
        let stream = stream.ok_or_else(|| wrong("its Type is not ObjStm"))?;
        let is_reference = |key: &str| {
            stream
                .dictionary
                .get(key)
                .is_some_and(|value| value.as_reference().is_some())
        };
        let scope = if ["N", "First", "Filter", "DecodeParms"].into_iter().any(is_reference) {
            Scope::View(self.index)
        } else {
            self.scope(Reference::new(number), &object.value)
        };
        if let Some(known) = self.file.containers.borrow().get((scope, number)) {
            return Ok(known);
        }
        let count = |key: &str| -> Result<usize, PdfError> {
            let value = self.get(&stream.dictionary, key)?.as_integer();
            value
                .and_then(|value| usize::try_from(value).ok())
                .ok_or_else(|| wrong("its N or First is no count"))
        };
        let (count, first) = (count("N")?, count("First")?);
        let data = self.decoded(stream)?;
        let parsed = Rc::new(
            ObjectStream::parse(data, count, first, self.file).map_err(|error| match error {
                PdfError::Limit(reached) => PdfError::Limit(reached),
                _ => wrong("its table of objects is not as its N and First say"),
            })?,
        );
        self.file.containers.borrow_mut().hold((scope, number), &parsed);
        Ok(parsed)
    }
}

/// Steps that copying a value counts for: none for a small one, which costs no more than to find it.
fn steps_to_copy(value: &Object) -> u64 {
    const ELEMENTS: usize = 16;
    const BYTES: usize = 1024;
    let steps = match value {
        Object::Array(elements) => elements.len() / ELEMENTS,
        Object::String(bytes) => bytes.len() / BYTES,
        _ => 0,
    };
    steps as u64
}
