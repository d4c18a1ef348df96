//! Pages before and after, as the page shows them: pictures inside the page itself, so that nothing of a document is
//! kept to be fetched.

use crate::http::pages::words::Words;
use crate::i18n;
use crate::preview::{PagePictures, Png};
use crate::service::previews::Pictures;

/// Keys of what is said of a page as it was signed: its title, what its picture shows, that there was none.
const SIGNED: [&str; 3] = [
    "result-pictures-signed",
    "result-pictures-signed-described",
    "result-pictures-no-signed",
];
/// The same of a page as it is now.
const NOW: [&str; 3] = [
    "result-pictures-now",
    "result-pictures-now-described",
    "result-pictures-no-now",
];

/// What is shown of the pages that changed.
#[derive(Debug, Clone)]
pub(super) struct PicturesView {
    pub(super) pages: Vec<PageView>,
    /// Why there are no pictures, or not all.
    pub(super) remarks: Vec<String>,
}

/// A page before and after.
#[derive(Debug, Clone)]
pub(super) struct PageView {
    pub(super) title: String,
    pub(super) moments: [MomentView; 2],
}

/// A page at one moment.
#[derive(Debug, Clone)]
pub(super) struct MomentView {
    /// Its class: `signed` or `now`.
    pub(super) class: &'static str,
    pub(super) title: String,
    /// The picture as an address that holds it (RFC 2397); `None` where there was no such page.
    pub(super) picture: Option<String>,
    /// What stands for the picture where it is not seen, or in its place.
    pub(super) text: String,
}

impl PicturesView {
    pub(super) fn of(words: Words, pictures: &Pictures) -> Self {
        Self {
            pages: pictures.pages.iter().map(|page| PageView::of(words, page)).collect(),
            remarks: pictures
                .remarks
                .iter()
                .map(|remark| i18n::problem(words.0, remark))
                .collect(),
        }
    }
}

impl PageView {
    fn of(words: Words, page: &PagePictures) -> Self {
        let title = words.with("result-pictures-page", "page", &page.page.to_string());
        let moment = |class, [title, described, missing]: [&str; 3], picture: &Option<Png>| MomentView {
            class,
            title: words.get(title),
            picture: picture
                .as_ref()
                .map(|picture| format!("data:image/png;base64,{}", picture.base64())),
            text: words.get(if picture.is_some() { described } else { missing }),
        };
        Self {
            title,
            moments: [moment("signed", SIGNED, &page.before), moment("now", NOW, &page.after)],
        }
    }
}
