//! Columns and lines of a terminal, of whose columns a Chinese character takes two (Unicode Standard Annex 11).

use crate::legible::legible;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the terminal.
pub(super) const COLUMNS: usize = 100;

/// How far what stands below a row is set in.
const INDENT: usize = 4;

/// Rows of a table as lines: each column is as wide as its widest cell, the last as it comes.
pub(super) fn aligned<const CELLS: usize>(rows: &[[String; CELLS]]) -> Vec<String> {
    let legible = |row: &[String; CELLS]| row.each_ref().map(|cell| legible(cell).into_owned());
    let rows: Vec<_> = rows.iter().map(legible).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or_default();
    let widths: [usize; CELLS] = std::array::from_fn(width);
    let line = |row: &[String; CELLS]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| padded(cell, width + 2));
        cells.collect::<String>().trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// A text on lines below a row.
pub(super) fn paragraph(text: &str) -> Vec<String> {
    wrapped(&pieces(text))
}

/// Words of a text, and each Chinese character by itself: where a line may end.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for character in text.chars() {
        let ends = |piece: &String| match piece.chars().last() {
            // No line ends with a mark that opens something.
            Some('（' | '“') => false,
            Some(last) => last == ' ' || is_wide(last),
            None => true,
        };
        match pieces.last_mut() {
            Some(piece) if piece.ends_with(['（', '“']) => piece.push(character),
            Some(piece) if !ends(piece) && !is_wide(character) => piece.push(character),
            // No line begins with a mark that ends something.
            Some(piece) if "；，。）”".contains(character) => piece.push(character),
            _ => pieces.push(character.to_string()),
        }
    }
    pieces
}

/// Pieces on lines that are set in and end before the terminal does.
pub(super) fn wrapped(pieces: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if INDENT + line.width() + piece.trim_end().width() <= COLUMNS => line.push_str(piece),
            _ => lines.push(piece.clone()),
        }
    }
    lines.iter().map(|line| indented(line.trim_end())).collect()
}

fn indented(text: &str) -> String {
    format!("{}{text}", " ".repeat(INDENT))
}

/// Filled up with blanks to that many columns, one at least.
pub(super) fn padded(text: &str, to: usize) -> String {
    let blanks = to.saturating_sub(text.width()).max(1);
    format!("{text}{}", " ".repeat(blanks))
}

fn is_wide(character: char) -> bool {
    character.width() == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_takes_two_columns() {
        assert_eq!("赤峰 P-384，✓".width(), 4 + 1 + 5 + 2 + 1);
        assert_eq!(padded("包头", 6), "包头  ");
        assert_eq!(padded("呼和浩特", 6), "呼和浩特 ");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_none_begins_with_a_mark() {
        let text = "赤峰市公共资源交易中心自 2026-03-05 起不再被认可；没有证据，表明签名在此之前。".repeat(6);
        let lines = wrapped(&pieces(&text));
        assert!(lines.len() > 1);
        for line in &lines {
            assert!(line.width() <= COLUMNS + 2, "{line}");
            assert!(!line.trim_start().starts_with(['；', '，', '。']), "{line}");
        }
        assert_eq!(
            lines
                .iter()
                .map(|line| line.trim_start())
                .collect::<String>()
                .replace(' ', ""),
            text.replace(' ', "")
        );
    }
}
