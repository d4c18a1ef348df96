//! Texts that look alike: what is left of one when all that does not show, and all that only shows otherwise, is taken away.

use hanconv::t2s;
use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection;

/// The letters and digits of a text in their compatibility forms (NFKC) and in lower case, without blanks, marks and fillers: what a
/// number or code says, however it is written.
pub fn plain(text: &str) -> String {
    letters(&compatible(text))
}

/// What people see of a name (after the skeletons of UTS 39 section 4): two names with one skeleton can be taken for each other. As
/// [`plain`], with one letter for all that look like it in any script, and one ideograph for its simplified and traditional forms.
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

/// The ideograph that a radical or a stroke looks like, where NFKC has none for it.
fn unified(character: char) -> char {
    if !matches!(character, '\u{2e80}'..='\u{2ef3}' | '\u{31c0}'..='\u{31e3}') {
        return character;
    }
    let mut pairs = UNIFIED_IDEOGRAPHS.chars();
    while let (Some(alike), Some(ideograph)) = (pairs.next(), pairs.next()) {
        if alike == character {
            return ideograph;
        }
    }
    character
}

/// `Equivalent_Unified_Ideograph` of the Unicode Character Database, for CJK Radicals Supplement and CJK Strokes: each before the
/// ideograph that it equals.
const UNIFIED_IDEOGRAPHS: &str = "\
    ⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑\
    ⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王\
    ⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑\
    ⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長\
    ⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼\
    ⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟㇆𠃌㇏乀㇐一㇑丨㇒丿㇓丿\
    ㇔丶㇕𠃍㇖乛㇗𠃊㇘𠃎㇙𠄌㇚亅㇛𡿨㇜𠃋㇝乀㇞𠃑㇟乚㇠乙㇡𠄎";

/// Whether a character shows nothing and no writing needs it: default ignorables (Unicode 5.21) but for the joiners and variation
/// selectors, which Mongolian and rare Chinese names are written with.
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
        let known = UNIFIED_IDEOGRAPHS.chars().step_by(2);
        assert!(
            known
                .clone()
                .all(|alike| plain(&alike.to_string()).chars().count() == 1)
        );
        assert!(known.count() > 110);
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
