//! `yinxin verify --pictures`: pictures of the pages that changed since they were signed, as files for people.
//!
//! `contract.pdf` becomes `contract-page-1-signed.png` and `contract-page-1-now.png`, where `contract.pdf` is the only
//! file that was given; of several files the path is in the name, so that no picture takes the place of another.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::instance::previews;
use crate::cli::output::{say, sentence};
use crate::config::Config;
use crate::pdf::FileSource;
use crate::preview::{Area, PagePictures, Png};
use crate::problem::Problem;
use crate::service::previews::Previews;
use crate::verify::Report;

/// Draws into a folder.
pub(super) struct Pictures {
    folder: PathBuf,
    several: bool,
    previews: Previews,
}

/// What was drawn of a file.
#[derive(Debug, Serialize)]
pub(super) struct Drawn {
    pages: Vec<DrawnPage>,
    /// Why there are no pictures, or not all.
    remarks: Vec<Problem>,
}

/// The pictures of a page.
#[derive(Debug, Serialize)]
struct DrawnPage {
    page: usize,
    before: Option<PathBuf>,
    after: Option<PathBuf>,
    areas: Vec<Area>,
}

impl Pictures {
    /// Draws into this folder, which is made where there is none, of one file or of `several`.
    pub(super) fn into(folder: &Path, several: bool, config: &Config) -> Result<Self, CliError> {
        std::fs::create_dir_all(folder).map_err(CliError::file(folder))?;
        Ok(Self {
            folder: folder.to_owned(),
            several,
            previews: previews(config)?,
        })
    }

    /// Draws the pages of a file that changed since they were signed; `None` where none did that shows.
    pub(super) async fn draw(&self, file: &Path, report: &Report) -> std::io::Result<Option<Drawn>> {
        let source = FileSource::new(std::fs::File::open(file)?)?;
        let Some(pictures) = self.previews.of(&source, report).await else {
            return Ok(None);
        };
        let pages = pictures.pages.iter().map(|page| self.write(file, page));
        Ok(Some(Drawn {
            pages: pages.collect::<Result<_, _>>()?,
            remarks: pictures.remarks,
        }))
    }

    fn write(&self, file: &Path, page: &PagePictures) -> std::io::Result<DrawnPage> {
        let number = page.page;
        let write = |picture: &Option<Png>, moment: &str| {
            let Some(picture) = picture else { return Ok(None) };
            let name = format!("{}-page-{number}-{moment}.png", self.stem(file));
            let path = self.folder.join(name);
            std::fs::write(&path, &picture.0).map(|()| Some(path))
        };
        Ok(DrawnPage {
            page: number,
            before: write(&page.before, "signed")?,
            after: write(&page.after, "now")?,
            areas: page.areas.clone(),
        })
    }

    /// What the names of a file's pictures begin with.
    fn stem(&self, file: &Path) -> String {
        let named = file.with_extension("");
        if self.several {
            let parts = named.components().filter_map(|part| match part {
                std::path::Component::Normal(part) => Some(part.to_string_lossy()),
                _ => None,
            });
            return parts.collect::<Vec<_>>().join("-");
        }
        named
            .file_name()
            .unwrap_or(OsStr::new("document"))
            .to_string_lossy()
            .into_owned()
    }
}

impl Drawn {
    /// In words: where the pictures are, and why there are not more.
    pub(super) fn words(&self) -> Vec<String> {
        let place = |picture: &Option<PathBuf>| {
            picture
                .as_ref()
                .map_or("-".to_owned(), |path| path.display().to_string())
        };
        let page = |page: &DrawnPage| {
            let (number, before, after) = (page.page.to_string(), place(&page.before), place(&page.after));
            let params = [("page", number.as_str()), ("before", &before), ("after", &after)];
            say("cli-verify-pictures", &params)
        };
        let remarks = self.remarks.iter().map(sentence);
        self.pages.iter().map(page).chain(remarks).collect()
    }
}
