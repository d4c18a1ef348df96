//! What an order of a sealing may say, and how much of it: all of it is written into the document that is signed, and
//! what is refused is told again. Lengths are Unicode characters, as people count them.

use super::SealingOrder;
use crate::legible::legible;
use crate::problem::Problem;
use crate::service::error::{ServiceError, ServiceResult};
use crate::sign::document::Place;

/// Longest reason and location of a signature, in characters: a paragraph.
const MAX_CLAIM: usize = 500;
/// Longest full name of a signature field, in characters.
const MAX_FIELD: usize = 200;
/// Longest keyword, in characters: a line of a page.
const MAX_KEYWORD: usize = 100;
/// Most rules for the places of one seal.
const MAX_PLACES: usize = 200;

impl SealingOrder {
    /// Refuses an order that says too much, or what means nothing.
    ///
    /// # Errors
    /// All that is wrong with it, each with its field.
    pub(super) fn must_be_bounded(&self) -> ServiceResult<()> {
        let mut problems = Vec::new();
        if self.reason.trim().is_empty() {
            problems.push(Problem::new("reason-empty").field("reason"));
        }
        let texts = [
            ("reason", Some(self.reason.as_str()), MAX_CLAIM),
            ("location", self.location.as_deref(), MAX_CLAIM),
            ("field", self.field.as_deref(), MAX_FIELD),
        ];
        problems.extend(
            texts
                .into_iter()
                .filter_map(|(field, text, limit)| too_long(field, text?, limit).or_else(|| illegible(field, text?))),
        );
        if self.places.len() > MAX_PLACES {
            let problem = Problem::new("seal-places-listed").field("places");
            problems.push(problem.param("limit", MAX_PLACES));
        }
        let places = self.places.iter().take(MAX_PLACES).enumerate();
        problems.extend(places.filter_map(|(index, place)| of_place(&format!("places[{index}]"), place)));
        match problems.is_empty() {
            true => Ok(()),
            false => Err(ServiceError::Refused(problems)),
        }
    }
}

/// What is wrong with a place; `name` is its own.
fn of_place(name: &str, place: &Place) -> Option<Problem> {
    let within = |member: &str| format!("{name}.{member}");
    match place {
        Place::Keyword { text, .. } if text.trim().is_empty() => {
            Some(Problem::new("field-required").field(within("keyword")))
        }
        Place::Keyword { text, .. } => too_long(&within("keyword"), text, MAX_KEYWORD),
        Place::Across { every: Some(0), .. } => Some(Problem::new("seal-every-zero").field(within("every"))),
        Place::Across { .. } | Place::At { .. } => None,
    }
}

/// What is written into a document is read by whoever has it, in a line of its own.
fn illegible(field: &str, text: &str) -> Option<Problem> {
    let shown = legible(text);
    (shown != text).then(|| Problem::new("text-illegible").field(field).param("value", shown))
}

fn too_long(field: &str, text: &str, limit: usize) -> Option<Problem> {
    let count = text.chars().count();
    let problem = || Problem::new("text-too-long").field(field).param("count", count);
    (count > limit).then(|| problem().param("limit", limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::sealings::Level;
    use crate::sign::SignatureForm;
    use crate::sign::document::{Act, Edge, Hits, PageList};

    fn order() -> SealingOrder {
        SealingOrder {
            authority: "11159900MB0000211R".parse().unwrap(),
            level: Level::B,
            act: Act::Approve,
            form: SignatureForm::Pades,
            field: None,
            places: Vec::new(),
            reason: "同意".to_owned(),
            location: None,
        }
    }

    /// Code and field of each refusal.
    fn refused(order: &SealingOrder) -> Vec<(&'static str, String)> {
        match order.must_be_bounded() {
            Ok(()) => Vec::new(),
            Err(ServiceError::Refused(problems)) => {
                let told = problems.into_iter();
                told.map(|problem| (problem.code, problem.field.unwrap())).collect()
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    fn keyword(text: &str) -> Place {
        Place::Keyword {
            text: text.to_owned(),
            hits: Hits::Every,
            pages: PageList::all(),
        }
    }

    fn across(every: usize) -> Place {
        Place::Across {
            pages: PageList::all(),
            edge: Edge::Right,
            along_mm: None,
            every: Some(every),
        }
    }

    #[test]
    fn each_text_of_an_order_has_its_longest() {
        let full = SealingOrder {
            reason: "因".repeat(MAX_CLAIM),
            location: Some("地".repeat(MAX_CLAIM)),
            field: Some("域".repeat(MAX_FIELD)),
            places: vec![keyword(&"章".repeat(MAX_KEYWORD)), across(1)],
            ..order()
        };
        assert_eq!(refused(&full), []);
        let beyond = SealingOrder {
            reason: "因".repeat(MAX_CLAIM + 1),
            location: Some("地".repeat(MAX_CLAIM + 1)),
            field: Some("域".repeat(MAX_FIELD + 1)),
            places: vec![keyword(&"章".repeat(MAX_KEYWORD + 1))],
            ..order()
        };
        let fields = ["reason", "location", "field", "places[0].keyword"];
        assert_eq!(
            refused(&beyond),
            fields.map(|field| ("text-too-long", field.to_owned()))
        );
        let ServiceError::Refused(problems) = beyond.must_be_bounded().unwrap_err() else {
            panic!()
        };
        assert_eq!(problems[0].params["count"], (MAX_CLAIM + 1).to_string());
        assert_eq!(problems[0].params["limit"], MAX_CLAIM.to_string());
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let empty = SealingOrder {
            reason: " ".to_owned(),
            places: vec![keyword(" "), across(0)],
            ..order()
        };
        let expected = [
            ("reason-empty", "reason"),
            ("field-required", "places[0].keyword"),
            ("seal-every-zero", "places[1].every"),
        ];
        assert_eq!(refused(&empty), expected.map(|(code, field)| (code, field.to_owned())));
        let many = SealingOrder {
            places: vec![across(1); MAX_PLACES + 1],
            ..order()
        };
        assert_eq!(refused(&many), [("seal-places-listed", "places".to_owned())]);
    }

    #[test]
    fn a_text_that_hides_what_it_says_is_refused() {
        let hiding = SealingOrder {
            reason: "同意\u{1b}[2K".to_owned(),
            location: Some("\u{202e}地".to_owned()),
            ..order()
        };
        let told = |field: &str| ("text-illegible", field.to_owned());
        assert_eq!(refused(&hiding), [told("reason"), told("location")]);
    }
}
