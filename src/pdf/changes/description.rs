//! The description of a document: its information dictionary (ISO 32000-2, 14.3.3) and its metadata stream (14.3.2).
//! Programs that sign often set the date and their own name there; a title or an author is content, in either of them.

use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Object};
use crate::pdf::reader::Reader;
use crate::pdf::view::View;

use super::audit::Audit;
use super::change::{ChangeClass, ChangeKind, Part};
use super::references::User;

/// Entries of the information dictionary that say when and by which program the file was written.
const OF_THE_PROGRAM: [&[u8]; 3] = [b"ModDate", b"CreationDate", b"Producer"];

/// Compares the information dictionaries that two trailers name.
pub(super) fn information(
    audit: &mut Audit<'_, '_, '_>,
    before: Option<&Object>,
    after: Option<&Object>,
) -> Result<(), PdfError> {
    let is_untouched = |after: &Object| after.as_reference().is_none_or(|after| audit.is_untouched(after));
    if before == after && after.is_none_or(is_untouched) {
        return Ok(());
    }
    let earlier = match before {
        Some(before) => audit.before.resolve(before)?,
        None => Object::Dictionary(Dictionary::new()),
    };
    let later = match after {
        Some(after) => audit.after.resolve(after)?,
        None => Object::Null,
    };
    let (Object::Dictionary(earlier), Object::Dictionary(later)) = (earlier, later) else {
        audit.change(ChangeKind::TrailerEntry { key: "Info".into() });
        return Ok(());
    };
    let differing = earlier.differing(&later);
    let is_of_the_program = differing.iter().all(|key| {
        let is_text = later
            .get(&key.to_text())
            .is_none_or(|value| value.as_string().is_some());
        OF_THE_PROGRAM.contains(&key.0.as_slice()) && is_text
    });
    let reference = after.and_then(Object::as_reference);
    // What is something else as well says more than who wrote the file.
    let is_alone = match before.and_then(Object::as_reference) {
        Some(before) => audit.is_of_trailers(before)?,
        None => true,
    };
    if !is_of_the_program || !is_alone || !later.duplicates().is_empty() {
        let part = Part::Information;
        let object = reference.or(before.and_then(Object::as_reference));
        match object {
            Some(_) => audit.change(ChangeKind::Replaced { part }),
            None => audit.change(ChangeKind::TrailerEntry { key: "Info".into() }),
        }
    } else if !differing.is_empty() {
        audit.change(ChangeKind::Description);
    }
    // Named by now, permitted or not.
    audit.role(reference, before.and_then(Object::as_reference));
    Ok(())
}

/// Compares the metadata streams that two catalogues name.
pub(super) fn metadata(
    audit: &mut Audit<'_, '_, '_>,
    before: Option<&Object>,
    after: Option<&Object>,
) -> Result<(), PdfError> {
    let (earlier, later) = (
        before.and_then(Object::as_reference),
        after.and_then(Object::as_reference),
    );
    if before == after && later.is_none_or(|later| audit.is_untouched(later)) {
        return Ok(());
    }
    let root = audit.before.revision().root().map(|root| User::Object(root.number));
    let mut is_plain = false;
    if let Some(later) = later {
        let object = audit.after.object(later)?;
        is_plain = object.value.as_stream().is_some_and(|stream| {
            let entries = &stream.dictionary;
            let is_known = |key: &[u8]| matches!(key, b"Length" | b"Filter" | b"DecodeParms" | b"Type" | b"Subtype");
            entries.is("Type", "Metadata")
                && entries.is("Subtype", "XML")
                && entries.duplicates().is_empty()
                && entries.iter().all(|(key, _)| is_known(&key.0))
        });
        is_plain &= audit.is_fresh(later) || audit.is_used_by(later, root.as_slice());
    }
    if is_plain {
        audit.role(later, earlier);
    }
    let is_of_the_program = is_plain && say_the_same(audit, before, after)?;
    audit.change(match is_of_the_program {
        true => ChangeKind::Description,
        false => ChangeKind::CatalogEntry { key: "Metadata".into() },
    });
    Ok(())
}

/// Tells of a description that goes with validation data alone as of these.
pub(super) fn tell_of_data(changes: &mut [ChangeKind]) {
    let is_data = |change: &ChangeKind| change.class() == ChangeClass::ValidationData;
    let is_description = |change: &ChangeKind| *change == ChangeKind::Description;
    let is_alone = changes.iter().all(|change| is_data(change) || is_description(change));
    if is_alone && changes.iter().any(is_data) {
        for change in changes.iter_mut().filter(|change| is_description(change)) {
            *change = ChangeKind::DescriptionOfData;
        }
    }
}

/// Whether two metadata streams say the same but for what concerns the program.
fn say_the_same(audit: &Audit<'_, '_, '_>, before: Option<&Object>, after: Option<&Object>) -> Result<bool, PdfError> {
    let (Some(earlier), Some(later)) = (packet(&audit.before, before)?, packet(&audit.after, after)?) else {
        return Ok(false);
    };
    let file = audit.after.file();
    let Reader { limits, usage, .. } = &file.reader;
    Ok(file.known.packets.say_the_same(&earlier, &later, limits, usage)?)
}

/// The data of a metadata stream, none where there is no stream; `None` where they cannot be had.
fn packet(view: &View<'_, '_>, metadata: Option<&Object>) -> Result<Option<Vec<u8>>, PdfError> {
    match metadata.map_or(Ok(Object::Null), |metadata| view.resolve(metadata))? {
        Object::Null => Ok(Some(Vec::new())),
        Object::Stream(stream) => match view.decoded(&stream) {
            Ok(data) => Ok(Some(data)),
            Err(PdfError::Filter { .. }) => Ok(None),
            Err(error) => Err(error),
        },
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_is_set_with_validation_data_alone_goes_with_them() {
        let told = |mut changes: Vec<ChangeKind>| {
            tell_of_data(&mut changes);
            changes
        };
        let (data, description) = (ChangeKind::ValidationData, ChangeKind::Description);
        assert_eq!(
            told(vec![description.clone(), data.clone()]),
            [ChangeKind::DescriptionOfData, data.clone()]
        );
        let filled = ChangeKind::FieldFilled { field: "a".into() };
        for other in [
            vec![description.clone()],
            vec![description.clone(), filled.clone()],
            vec![data, filled, description],
        ] {
            assert_eq!(told(other.clone()), other);
        }
    }
}
