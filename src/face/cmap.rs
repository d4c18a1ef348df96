//! The `ToUnicode` map: which character each code means (ISO 32000-1, 9.10.3).

use std::fmt::Write as _;

/// Codes that one array of a range may name: those that share the first byte.
const RANGE: usize = 256;

/// A map of codes 1, 2, 3 … to characters. One array of destinations a range says it in four digits a character.
pub(super) fn to_unicode(characters: impl ExactSizeIterator<Item = char>) -> String {
    let mut map = String::with_capacity(400 + 6 * characters.len());
    map.push_str(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)\
         /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\n\
         endcodespacerange\n",
    );
    let last = characters.len();
    let ranges = last / RANGE + 1;
    let _ = writeln!(map, "{ranges} beginbfrange");
    let mut characters = characters.enumerate().peekable();
    for first in (0..=last).step_by(RANGE) {
        let from = first.max(1);
        let to = (first + RANGE - 1).min(last);
        let _ = write!(map, "<{from:04X}><{:04X}>[", to.max(from));
        while let Some((_, character)) = characters.next_if(|(index, _)| *index < to) {
            map.push('<');
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(map, "{unit:04X}");
            }
            map.push('>');
        }
        map.push_str("]\n");
    }
    map.push_str("endbfrange\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_from_one_and_rare_characters_are_surrogate_pairs() {
        let map = to_unicode("证𠮷".chars().collect::<Vec<_>>().into_iter());
        assert!(
            map.contains("1 beginbfrange\n<0001><0002>[<8BC1><D842DFB7>]\nendbfrange"),
            "{map}"
        );
    }

    #[test]
    fn a_range_never_crosses_a_first_byte() {
        let many: Vec<char> = std::iter::repeat_n('一', 300).collect();
        let map = to_unicode(many.into_iter());
        assert!(
            map.contains("2 beginbfrange\n<0001><00FF>[") && map.contains("\n<0100><012C>["),
            "{map}"
        );
        assert_eq!(map.matches("<4E00>").count(), 300);
    }
}
