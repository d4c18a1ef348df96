//! Ideographs that stand under other code points too, as radicals and strokes.

/// The ideograph that a radical or a stroke looks like, where NFKC has none for it.
pub fn unified(character: char) -> char {
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

/// `Equivalent_Unified_Ideograph` of the Unicode Character Database, for CJK Radicals Supplement and CJK Strokes: each
/// before the ideograph that it equals.
const UNIFIED_IDEOGRAPHS: &str = "\
    ⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑\
    ⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王\
    ⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑\
    ⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長\
    ⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼\
    ⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟㇆𠃌㇏乀㇐一㇑丨㇒丿㇓丿\
    ㇔丶㇕𠃍㇖乛㇗𠃊㇘𠃎㇙𠄌㇚亅㇛𡿨㇜𠃋㇝乀㇞𠃑㇟乚㇠乙㇡𠄎";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_radical_of_the_table_has_one_ideograph_and_others_stay_as_they_are() {
        let radicals = UNIFIED_IDEOGRAPHS.chars().step_by(2);
        assert!(radicals.clone().all(|radical| unified(radical) != radical));
        assert!(radicals.count() > 110 && UNIFIED_IDEOGRAPHS.chars().count().is_multiple_of(2));
        assert_eq!(['人', 'A', '\u{2f00}'].map(unified), ['人', 'A', '\u{2f00}']);
    }
}
