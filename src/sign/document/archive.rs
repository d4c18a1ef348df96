//! A document time stamp (ISO 32000-2 section 12.8.5; ETSI EN 319 142-1 section 5.4.3): proves that all that stands
//! before it was there, and renews the proof when the one before grows old.

use chrono::{DateTime, Utc};

use super::draft::Draft;
use super::{DocumentValidation, earlier, field, open, pages, store};
use crate::cms::timestamp::{Imprint, TimeStampToken};
use crate::crypto::DigestAlgorithm;
use crate::pdf::signature::{Reserved, reserve};
use crate::pdf::{Dictionary, Object, ReadAt};
use crate::sign::steps::{changing_id, digests};
use crate::sign::{SignError, Stamped};

/// The beginning of the name of the field of a document time stamp.
const FIELD_STEM: &str = "TimeStamp";

/// A document with room for a time stamp over all of it.
pub struct TimeStamped {
    reserved: Reserved,
    imprint: Imprint,
}

/// Reserves room for a document time stamp of `room` bytes, with further validation data before it. The imprint is by
/// `algorithm`.
///
/// # Errors
/// When the document cannot be read or may not be signed.
pub fn prepare_time_stamp(
    document: &dyn ReadAt,
    validation: &DocumentValidation,
    algorithm: DigestAlgorithm,
    room: usize,
    time: DateTime<Utc>,
) -> Result<TimeStamped, SignError> {
    let opened = open(document)?;
    let mut draft = Draft::new(&opened)?;
    let pages = pages::pages(&draft.view())?;
    let stamp = draft.allocate();
    let name = field::free_name(&field::root_names(&draft.view())?, FIELD_STEM);
    field::add(&mut draft, &name, stamp, &pages, (&[], None))?;
    store::add_by_signature(&mut draft, validation)?;
    let update = draft.finish()?;
    let entries = Dictionary::new()
        .with("Type", Object::name("DocTimeStamp"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.RFC3161"));
    let id = changing_id(update.length(), time);
    let reserved = reserve(update, stamp, &entries, room, &id)?;
    earlier::must_stay(&opened.file, document, || Ok(reserved.preview()?))?;
    let digest = digests(document, &reserved, algorithm, false)?.own;
    Ok(TimeStamped {
        reserved,
        imprint: Imprint::new(algorithm, &digest),
    })
}

impl TimeStamped {
    /// What a time-stamping authority is asked to stamp.
    pub fn imprint(&self) -> &Imprint {
        &self.imprint
    }

    /// Adds the token.
    ///
    /// # Errors
    /// When the token is of something else, or does not fit the room that was reserved for it.
    pub fn stamp(self, token: &[u8]) -> Result<Stamped, SignError> {
        if !TimeStampToken::parse(token)?.info.imprint.matches(&self.imprint) {
            return Err(SignError::TimeStampOfAnother);
        }
        Ok(Stamped::of(self.reserved.fill(token)?))
    }
}

/// Adds validation data to a document, in a revision of its own.
///
/// # Errors
/// When the document cannot be read or may not be signed.
pub fn add_validation_data(
    document: &dyn ReadAt,
    validation: &DocumentValidation,
    time: DateTime<Utc>,
) -> Result<Vec<u8>, SignError> {
    let opened = open(document)?;
    let mut draft = Draft::new(&opened)?;
    store::add_by_signature(&mut draft, validation)?;
    let update = draft.finish()?;
    let id = changing_id(update.length(), time);
    let revision = update.finish(&id)?;
    earlier::must_stay(&opened.file, document, || Ok(revision.clone()))?;
    Ok(revision)
}
