//! Texts that look alike: what is left of one when all that does not show, and all that only shows otherwise, is taken
//! away.

use hanconv::t2s;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection;

use crate::ideograph::unified;

/// The letters and digits of a text in their compatibility forms (NFKC) and in lower case, without blanks, marks and
/// fillers: what a number or code says, however it is written.
pub fn plain(text: &str) -> String {
    letters(&compatible(text))
}

/// What people see of a name (after the skeletons of UTS 39 section 4): two names with one skeleton can be taken for
/// each other. As [`plain`], with one letter for all that look like it in any script, and one ideograph for its
/// simplified and traditional forms.
pub fn skeleton(name: &str) -> String {
    // Before the case is folded, since a capital may look like a small letter of another sort, and after it.
    let shown: String = confusable_detection::skeleton(&t2s(compatible(name))).collect();
    confusable_detection::skeleton(&letters(&shown))
        .map(|character| if character == 'i' { 'l' } else { character })
        .collect()
}

fn compatible(text: &str) -> String {
    let shown = text.chars().filter(|character| !is_filler(*character));
    shown.map(unified).nfkc().collect()
}

fn letters(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter(|character| character.is_alphanumeric() && !is_filler(*character))
        .collect()
}

/// Whether a character shows nothing and no writing needs it: default ignorables (Unicode 5.21) but for the joiners and
/// variation selectors, which Mongolian and rare Chinese names are written with.
pub fn is_filler(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}'
            | '\u{e01f0}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "示例市市场监督管理局";

    #[test]
    fn a_name_that_looks_like_another_has_its_skeleton() {
        for alike in [
            "\u{2f70}例市市场监督管理局",
            "示例市 市场监督管理局",
            "示例市\u{3164}市场监督管理局",
            "示例市\u{ffa0}市场\u{115f}监督\u{1160}管理局",
            "示例市\u{200b}市场\u{200d}监督管理局\u{fe00}",
            "示\u{e0100}例市市场监督管理局\u{2060}",
            "示例市・市场监督管理局",
        ] {
            assert_eq!(plain(alike), NAME, "{}", alike.escape_unicode());
        }
        assert_eq!(plain("Ｂｕｒｅａｕ ﬁve"), "bureaufive");
    }

    #[test]
    fn a_radical_in_place_of_its_ideograph_changes_no_skeleton() {
        assert_eq!(skeleton("\u{2ed8}岚市市场监督管理局"), skeleton("青岚市市场监督管理局"));
        assert_eq!(plain("\u{2ee2}\u{31d0}"), "马一");
    }

    #[test]
    fn a_letter_of_another_script_or_form_changes_no_skeleton() {
        for alike in [
            "示例巿市场监督管理局",
            "示例市市場監督管理局",
            "示例市市场监督管理局、",
            "示例市丶市场监督管理局",
        ] {
            assert_eq!(skeleton(alike), skeleton(NAME), "{}", alike.escape_unicode());
        }
        for alike in [
            "Qingl\u{430}n Information Bureau",
            "QINGLAN INFORMATION BUREAU",
            "QingIan lnformation Bureau",
            "Qinglan Inforrnati0n Bureau",
        ] {
            assert_eq!(
                skeleton(alike),
                skeleton("Qinglan Information Bureau"),
                "{}",
                alike.escape_unicode()
            );
        }
    }

    #[test]
    fn other_names_have_other_skeletons() {
        assert_ne!(skeleton("示例市市场监督管理分局"), skeleton(NAME));
        assert_ne!(skeleton("示例县市场监督管理局"), skeleton(NAME));
    }
}
