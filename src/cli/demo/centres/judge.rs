//! What the city says of the licences that the centres sealed.

use std::path::Path;

use super::recognise::files;
use super::{Centre, Centres, FOLDER};
use crate::cli::error::CliError;
use crate::service::Service;
use crate::verify::Report;

/// One licence, judged.
pub(in crate::cli::demo) struct Judged<'c> {
    pub(super) centre: &'c Centre,
    pub(super) report: Report,
}

/// Judges every licence of every centre.
pub(in crate::cli::demo) async fn judge<'c>(
    service: &Service,
    centres: &'c Centres,
    fixtures: &Path,
) -> Result<Vec<Judged<'c>>, CliError> {
    let mut judged = Vec::new();
    for centre in &centres.all {
        let mut files = files(&fixtures.join(FOLDER).join(&centre.slug))?;
        files.sort_by_key(|file| file.file_stem().map(std::ffi::OsStr::to_owned));
        for file in files {
            if file.extension().is_none_or(|ending| ending != "pdf") {
                continue;
            }
            let bytes = std::fs::read(&file).map_err(CliError::file(&file))?;
            let name = file.display().to_string();
            let report = service.verify_document(bytes, Some(name)).await?;
            judged.push(Judged { centre, report });
        }
    }
    Ok(judged)
}
