//! The bodies that are ours: those of the register, those that run our authorities, and those that lie where all bodies
//! are ours. Kept with the snapshot of what is relied on, and made anew with it.
//!
//! An authority of others that speaks for one of them is not heard, and one officer alone certifies none of them.

use std::collections::HashSet;
use std::sync::Arc;

use crate::licence::authority::Authority;
use crate::licence::record::LicenceRecord;
use crate::licence::skeleton::{plain, skeleton};
use crate::trust::Snapshot;
use crate::verify::{NamedBody, ORGANS};
use crate::x509::{Attribute, Certificate, Name};

/// Characters of a credit code (GB 32100 clause 4).
const CODE_LENGTH: usize = 18;

/// Characters of the shortest name that is looked for inside of others: a name of one of ours with something before or
/// after it reads as that of one of ours, and shorter ones are parts of words.
const SHORTEST_NAME: usize = 6;

/// The bodies that are ours.
#[derive(Default)]
pub(super) struct OwnBodies {
    /// The credit codes of the register, plain.
    codes: HashSet<String>,
    /// Skeletons of their names, and of the organisations that run our authorities.
    names: HashSet<String>,
    /// Tells where all bodies are ours.
    snapshot: Arc<Snapshot>,
}

impl OwnBodies {
    /// The bodies of the register, those that run these authorities, and those of the snapshot's own regions.
    pub(super) fn new(registered: &[Authority], authorities: &[Certificate], snapshot: Arc<Snapshot>) -> Self {
        let of_register = registered.iter().flat_map(|body| [&*body.name.zh, &*body.name.en]);
        let running = authorities
            .iter()
            .filter_map(|authority| authority.subject().organization());
        let mut names: HashSet<String> = of_register.chain(running).map(skeleton).collect();
        names.remove("");
        Self {
            codes: registered.iter().map(|body| plain(body.code.as_str())).collect(),
            names,
            snapshot,
        }
    }

    /// Whether the issuer that a licence names is one of them.
    pub(super) fn issue(&self, record: &LicenceRecord) -> bool {
        self.have_code(record.certificate_issuing_authority_code.as_str())
            || self.have_name(&record.certificate_issuing_authority_name)
    }

    /// Whether whoever signed under an authority of others, or under none, calls itself one of them.
    pub(super) fn have(&self, body: &NamedBody<'_>) -> bool {
        if body.authority.is_none() {
            return body.codes.iter().chain(&body.names).any(|text| self.are_meant_by(text));
        }
        body.codes.iter().any(|code| self.have_code(code)) || body.names.iter().any(|name| self.have_name(name))
    }

    /// Whether a name can be taken for that of one of them: by any text in it that is the name of one, or holds the
    /// code of one, or of another organ of our regions. An enterprise of our regions is named for itself.
    pub(super) fn are_in(&self, name: &Name) -> bool {
        name.attributes()
            .filter_map(Attribute::text)
            .any(|text| self.are_meant_by(text))
    }

    /// The same of one text.
    pub(super) fn are_meant_by(&self, text: &str) -> bool {
        let shown = plain(text);
        let at = shown.char_indices().rev().nth(CODE_LENGTH - 1).map_or(0, |(at, _)| at);
        let code = &shown[at..];
        self.have_name(text)
            || self.codes.iter().any(|own| shown.contains(own.as_str()))
            || code.starts_with(ORGANS) && code.chars().count() == CODE_LENGTH && self.snapshot.is_of_own_region(code)
    }

    fn have_code(&self, code: &str) -> bool {
        let code = plain(code);
        self.snapshot.is_of_own_region(&code) || self.codes.contains(&code)
    }

    fn have_name(&self, name: &str) -> bool {
        let shown = skeleton(name);
        let is_inside = |own: &String| own.chars().count() >= SHORTEST_NAME && shown.contains(own.as_str());
        self.names.contains(&shown) || self.names.iter().any(is_inside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licence::authority::AuthorityLevel;
    use crate::licence::text::Bilingual;

    const CODE: &str = "11159903MB030010XW";

    fn bodies() -> OwnBodies {
        let bureau = Authority {
            code: CODE.parse().unwrap(),
            name: Bilingual {
                zh: "示例市市场监督管理局".to_owned(),
                en: "Market Regulation Office".to_owned(),
            },
            region: "159903".parse().unwrap(),
            level: AuthorityLevel::City,
            parent: None,
        };
        OwnBodies::new(&[bureau], &[], Arc::default())
    }

    #[test]
    fn a_body_is_meant_by_its_code_or_name_however_they_are_written() {
        let own = bodies();
        for meant in [
            CODE,
            "NTRCN-11159903MB030010XW",
            "１１159903mb030010xw",
            "示例市市场监督管理局",
            "示例市 市场监督管理局",
            "MARKET  regulation Office",
            "示例巿市场监督管理局",
            "示例市市場監督管理局",
            "示例市市场监督管理局（本部）",
            "示例市市场监督管理局印章",
            "M\u{430}rket Regulation Office",
        ] {
            assert!(own.are_meant_by(meant), "{meant}");
        }
        for other in ["", "示例市某某有限公司", "NTRCN-91159903MA030010XW", "示例市市场"] {
            assert!(!own.are_meant_by(other), "{other}");
        }
    }
}
