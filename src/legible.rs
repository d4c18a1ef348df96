//! Texts of strangers as people may be shown them: nothing in one moves the cursor, begins a line or turns the
//! direction of reading.

use std::borrow::Cow;

/// The text with every such character in its escaped form, `\u{202e}`: a name may say what it wants, and not look like
/// another line or another name.
pub fn legible(text: &str) -> Cow<'_, str> {
    escaped(text, |character| is_control(character) || character == '\n')
}

/// The same of a text of several lines.
pub fn legible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, is_control)
}

/// The beginning of a text of more than `most` characters, with a sign that there is more; else the text.
pub fn clipped(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

fn escaped(text: &str, is_hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match is_hidden(character) {
            true => shown.extend(character.escape_unicode()),
            false => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// Controls but the end of a line, line separators, and what decides the direction of reading (Unicode annex 9 section
/// 2).
fn is_control(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_the_cursor_or_turns_the_reading_is_shown_as_what_it_is() {
        let text = "A\u{1b}[2K\rB\u{202e}局\u{85}\n示例市";
        assert_eq!(legible(text), "A\\u{1b}[2K\\u{d}B\\u{202e}局\\u{85}\\u{a}示例市");
        assert_eq!(legible_lines(text), "A\\u{1b}[2K\\u{d}B\\u{202e}局\\u{85}\n示例市");
        assert!(matches!(legible("示例市市场监督管理局 (No. 2)"), Cow::Borrowed(_)));
    }

    #[test]
    fn of_a_long_text_the_beginning_is_shown() {
        assert_eq!(clipped("示例市", 2), "示例…");
        assert_eq!(clipped("示例市", 3), "示例市");
    }
}
