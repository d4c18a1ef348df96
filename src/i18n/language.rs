//! The two languages, and which of them a reader prefers (RFC 9110 section 12.5.4).

/// A language that every text exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Chinese, written in simplified characters: the first language.
    #[default]
    Zh,
    /// English.
    En,
}

/// Ranges of an `Accept-Language` that are read; browsers send up to ten.
const MAX_RANGES: usize = 32;

impl Language {
    /// Both, the first one first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Its tag (RFC 5646), as pages declare it and the folder of its texts is called.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language that a tag or a range begins with: `zh-Hant` is Chinese, `en-GB` English.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|language| language.tag()[..2].eq_ignore_ascii_case(primary))
    }

    /// The one of the terminal: what `LC_ALL` or `LANG` begin with; English where they name neither, as terminals
    /// without a language often cannot show Chinese.
    pub fn of_environment() -> Self {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        set("LC_ALL")
            .or_else(|| set("LANG"))
            .and_then(|tag| Self::from_tag(&tag))
            .unwrap_or(Self::En)
    }

    /// The one that an `Accept-Language` field prefers; Chinese where it names neither.
    pub fn from_accept_language(field: &str) -> Self {
        let mut best = (Self::default(), 0.0);
        for range in field.split(',').take(MAX_RANGES) {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            // Of ranges of equal weight the first one counts, as browsers mean them.
            if let (Some(language), Some(weight)) = (Self::from_tag(tag), weight)
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_of_the_greatest_weight_decides() {
        for (field, language) in [
            ("en", Language::En),
            ("en-GB,en;q=0.9,zh-CN;q=0.8", Language::En),
            ("zh-TW, en;q=0.9", Language::Zh),
            ("en;q=0.5, zh;q=0.6", Language::Zh),
            ("de, en;q=0.3", Language::En),
            ("en, zh", Language::En),
        ] {
            assert_eq!(Language::from_accept_language(field), language, "{field}");
        }
    }

    #[test]
    fn chinese_is_the_answer_to_everything_else() {
        for field in ["", "*", "mn-CN, ru", "en;q=0", "en;q=x", &"de,".repeat(1_000)] {
            assert_eq!(Language::from_accept_language(field), Language::Zh, "{field}");
        }
    }

    #[test]
    fn ranges_above_the_budget_are_not_read() {
        let late = |count: usize| format!("{}en", "de,".repeat(count));
        assert_eq!(Language::from_accept_language(&late(MAX_RANGES - 1)), Language::En);
        assert_eq!(Language::from_accept_language(&late(MAX_RANGES)), Language::Zh);
    }
}
