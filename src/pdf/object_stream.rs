//! Object streams (ISO 32000-2, 7.5.7): several objects in the data of one stream, behind a table of their numbers and offsets.

use super::error::PdfError;
use super::file::PdfFile;
use super::parser::Parser;
use super::reader::Reader;

/// A decoded object stream (7.5.7).
pub(super) struct ObjectStream {
    pub(super) data: Vec<u8>,
    /// Object numbers with the offsets of their values in the data.
    pub(super) objects: Vec<(u32, usize)>,
}

impl ObjectStream {
    /// Reads the pairs of object number and offset before `First`.
    pub(super) fn parse(data: Vec<u8>, count: usize, first: usize, file: &PdfFile<'_>) -> Result<Self, PdfError> {
        let table = data.get(..first).unwrap_or_default();
        let Reader { limits, usage, .. } = &file.reader;
        usage.lexed(limits, table.len() as u64)?;
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
