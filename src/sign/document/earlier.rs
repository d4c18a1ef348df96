//! What was signed before stays as it was signed: a revision that is about to be added is judged as whoever verifies
//! the document will judge it. It is done before a key is used, and where nothing was signed before, nothing is read
//! again.

use super::DocumentFault;
use crate::pdf::signature::SignatureCoverage;
use crate::pdf::{Change, ChangesAfter, Extended, Limits, PdfFile, ReadAt};
use crate::sign::SignError;

/// Refuses a revision that an earlier signature of the document does not permit; `revision` gives its bytes, with
/// anything in the place of a signature that is not made yet.
///
/// # Errors
/// The first signature that it would break, or a budget used up: then nobody can say that it breaks none.
pub(super) fn must_stay(
    file: &PdfFile<'_>,
    document: &dyn ReadAt,
    revision: impl FnOnce() -> Result<Vec<u8>, SignError>,
) -> Result<(), SignError> {
    if file.signatures()?.is_empty() {
        return Ok(());
    }
    let extended = Extended::of(document, revision()?);
    let file = PdfFile::open(&extended, &Limits::UPLOAD)?;
    let last = file.revisions().len();
    for signature in file.signatures()? {
        // Of what means nothing by its own form nothing can be broken.
        let is_earlier = signature.revision.is_some_and(|revision| revision < last);
        if !is_earlier || signature.coverage == SignatureCoverage::Unclear {
            continue;
        }
        let change = match file.changes_after(signature)? {
            ChangesAfter::None | ChangesAfter::ValidationData(_) | ChangesAfter::Permitted(_) => continue,
            ChangesAfter::NotPermitted { refused, .. } => first_of(refused, last),
            ChangesAfter::Unparsable { .. } => None,
        };
        let field = signature.name().unwrap_or_default().to_owned();
        let change = change.map(Box::new);
        return Err(DocumentFault::BreaksEarlier { field, change }.into());
    }
    Ok(())
}

/// The first change of this revision; without one, the first of those before it.
fn first_of(changes: Vec<Change>, revision: usize) -> Option<Change> {
    let own = changes.iter().position(|change| change.revision == revision);
    changes.into_iter().nth(own.unwrap_or(0))
}
