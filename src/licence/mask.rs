//! Masks for what a stranger may see only in part: names, codes, addresses, telephone numbers.
//!
//! A mask keeps enough that somebody who holds the document recognises it, and too little to learn it: `张*`, `王*三`,
//! `1101**********002X`.

use serde::Deserialize;

/// How the value of a masked field is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mask {
    /// A person's name: [`mask_name`].
    Name,
    /// A number or code: [`mask_code`].
    Code,
    /// An address: [`mask_address`].
    Address,
    /// A telephone number: [`mask_phone`].
    Phone,
}

impl Mask {
    /// The masked text.
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::Name => mask_name(text),
            Self::Code => mask_code(text),
            Self::Address => mask_address(text),
            Self::Phone => mask_phone(text),
        }
    }
}

/// A name with its first and last characters kept (`王*三`, `乌***格`), of two characters the first (`张*`), of one
/// none.
pub fn mask_name(name: &str) -> String {
    match name.chars().count() {
        0..=1 => stars(name.chars().count()),
        2 => keep(name, 1, 0),
        _ => keep(name, 1, 1),
    }
}

/// A code with its first and last four characters kept (`1101**********002X`); shorter than twelve, the last two;
/// shorter than five, none.
pub fn mask_code(code: &str) -> String {
    match code.chars().count() {
        count @ 0..5 => stars(count),
        5..12 => keep(code, 0, 2),
        _ => keep(code, 4, 4),
    }
}

/// An address with its first six characters kept, at most half, and four stars for all the rest, whatever its length.
pub fn mask_address(address: &str) -> String {
    let kept = KEPT_OF_ADDRESS.min(address.chars().count() / 2);
    address.chars().take(kept).chain("****".chars()).collect()
}

/// A telephone number with its first three and last four digits kept when it has eleven, else the last two.
pub fn mask_phone(phone: &str) -> String {
    match phone.chars().count() {
        count @ 0..5 => stars(count),
        11 => keep(phone, 3, 4),
        _ => keep(phone, 0, 2),
    }
}

fn keep(text: &str, first: usize, last: usize) -> String {
    let count = text.chars().count();
    let kept = |at: usize| at < first || at + last >= count;
    text.chars()
        .enumerate()
        .map(|(at, character)| if kept(at) { character } else { '*' })
        .collect()
}

fn stars(count: usize) -> String {
    "*".repeat(count)
}

/// Characters of an address that tell the district and no more.
const KEPT_OF_ADDRESS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_keep_their_ends() {
        assert_eq!(mask_name("张三"), "张*");
        assert_eq!(mask_name("王小三"), "王*三");
        assert_eq!(mask_name("乌云其木格"), "乌***格");
        assert_eq!(mask_name("𠮷"), "*");
    }

    #[test]
    fn codes_keep_four_on_each_side() {
        assert_eq!(mask_code("11010519491231002X"), "1101**********002X");
        assert_eq!(mask_code("E12345678"), "*******78");
        assert_eq!(mask_code("123"), "***");
    }

    #[test]
    fn addresses_tell_the_district_but_not_their_length() {
        assert_eq!(mask_address("青岚市临河区解放街36号"), "青岚市临河区****");
        assert_eq!(mask_address("文化路8号"), "文化****");
    }

    #[test]
    fn mobile_numbers_are_masked_as_everywhere() {
        assert_eq!(mask_phone("13800001234"), "138****1234");
        assert_eq!(mask_phone("0470-5550123"), "**********23");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_mask_gives_the_whole_text_away(text in "[0-9A-Z\u{4e00}-\u{9fff}]{1,30}") {
            for mask in [Mask::Name, Mask::Code, Mask::Address, Mask::Phone] {
                prop_assert_ne!(mask.apply(&text), text.clone());
            }
        }
    }
}
