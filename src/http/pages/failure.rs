//! The page that says why nothing was done.

use askama::Template;

use crate::http::pages::frame::Frame;
use crate::http::pages::words::Words;
use crate::http::problem::{Failure, ProblemDetails};
use crate::i18n::Language;

#[derive(Template)]
#[template(path = "pages/failure.html")]
struct FailurePage {
    frame: Frame,
    details: ProblemDetails,
}

/// The page for a failure.
pub(in crate::http) fn page(failure: &Failure, language: Language) -> String {
    let page = FailurePage {
        frame: Frame {
            t: Words(language),
            address: None,
        },
        details: failure.details(language),
    };
    // Without a page the status of the answer still stands.
    page.render().unwrap_or_default()
}
