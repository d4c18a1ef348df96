//! Which language the reader of an answer wants: `lang` in the address before `Accept-Language`.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};

use crate::i18n::Language;

/// The reader's language, for handlers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader(pub(super) Language);

impl Reader {
    /// The language of a request with this address and these header fields.
    pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let mut pairs = uri.query().unwrap_or_default().split('&');
        let chosen = pairs.find_map(|pair| pair.strip_prefix("lang=").and_then(Language::from_tag));
        let accepted = || {
            let field = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            Language::from_accept_language(field.unwrap_or_default())
        };
        Self(chosen.unwrap_or_else(accepted))
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_before_the_header() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, "en".parse().unwrap());
        let of = |uri: &str| Reader::of(&uri.parse().unwrap(), &headers).0;
        assert_eq!(of("/v"), Language::En);
        assert_eq!(of("/v?lang=zh-CN"), Language::Zh);
        assert_eq!(of("/v?a=b&lang=xx"), Language::En);
    }
}
