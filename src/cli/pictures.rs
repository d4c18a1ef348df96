//! `yinxin verify --pictures`: pictures of the pages that changed since they were signed, as files for people.
//!
//! `contract.pdf` becomes `contract-page-1-signed.png` and `contract-page-1-now.png`, where `contract.pdf` is the only
//! file that was given; of several files the path is in the name, and a number where two names are alike. What is there
//! already stays, and is told, so that no picture takes the place of another.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::instance::previews;
use crate::cli::new_file::NewFile;
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
    /// What the names of each file's pictures begin with.
    stems: HashMap<PathBuf, String>,
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
    /// Draws into this folder, which is made where there is none, of these files.
    pub(super) fn into(folder: &Path, files: &[PathBuf], config: &Config) -> Result<Self, CliError> {
        std::fs::create_dir_all(folder).map_err(CliError::file(folder))?;
        Ok(Self {
            folder: folder.to_owned(),
            stems: stems(files),
            previews: previews(config)?,
        })
    }

    /// Draws the pages of a file that changed since they were signed, from what was judged, whatever has its name now;
    /// `None` where none did that shows.
    pub(super) async fn draw(&self, file: &Path, source: &FileSource, report: &Report) -> Option<Drawn> {
        let pictures = self.previews.of(source, report).await?;
        let mut remarks = pictures.remarks;
        let pages = pictures.pages.iter().map(|page| self.write(file, page, &mut remarks));
        Some(Drawn {
            pages: pages.collect(),
            remarks,
        })
    }

    /// Writes the pictures of a page; why one is not written is a remark, since it changes no verdict.
    fn write(&self, file: &Path, page: &PagePictures, remarks: &mut Vec<Problem>) -> DrawnPage {
        let stem = self.stems.get(file).map_or("document", String::as_str);
        let number = page.page;
        let mut write = |picture: &Option<Png>, moment: &str| {
            let picture = picture.as_ref()?;
            let path = self.folder.join(format!("{stem}-page-{number}-{moment}.png"));
            match NewFile::begin(&path).and_then(|new| new.end(&picture.0)) {
                Ok(()) => Some(path),
                Err(error) => {
                    remarks.push(Problem::of_written(&path, &error));
                    None
                }
            }
        };
        DrawnPage {
            page: number,
            before: write(&page.before, "signed"),
            after: write(&page.after, "now"),
            areas: page.areas.clone(),
        }
    }
}

/// What the names of each file's pictures begin with: the name of the only one, else the path, with a number behind it
/// where an earlier file has the same.
fn stems(files: &[PathBuf]) -> HashMap<PathBuf, String> {
    let stem = |file: &PathBuf| match files {
        [_] => name_of(file),
        _ => path_of(file),
    };
    let mut earlier = HashSet::new();
    // No number makes the name that another file has without one.
    let mut taken: HashSet<String> = files.iter().map(stem).collect();
    let mut own = |file: &PathBuf| {
        let stem = stem(file);
        if earlier.insert(stem.clone()) {
            return stem;
        }
        let mut numbered = (2_usize..).map(|number| format!("{stem}-{number}"));
        numbered.find(|name| taken.insert(name.clone())).unwrap_or(stem)
    };
    files.iter().map(|file| (file.clone(), own(file))).collect()
}

fn name_of(file: &Path) -> String {
    let name = file.file_stem().unwrap_or(OsStr::new("document"));
    name.to_string_lossy().into_owned()
}

fn path_of(file: &Path) -> String {
    let named = file.with_extension("");
    let parts = named.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("-")
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
