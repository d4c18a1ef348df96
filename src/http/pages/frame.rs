//! What every page has around its content.

use crate::http::pages::words::Words;

/// Title, language and official address of a page.
pub(super) struct Frame {
    /// Texts.
    pub(super) t: Words,
    /// Official address, told in words where the page belongs to the instance's own routes.
    pub(super) address: Option<String>,
}
