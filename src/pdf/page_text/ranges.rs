//! What holds for ranges of codes, where a later range goes before an earlier one that it overlaps.

use std::collections::BTreeMap;

/// Values by ranges of codes.
#[derive(Debug, Clone)]
pub(super) struct Ranges<T> {
    /// By the first code, the last one and the value.
    ranges: BTreeMap<u32, (u32, T)>,
}

impl<T> Default for Ranges<T> {
    fn default() -> Self {
        Self {
            ranges: BTreeMap::new(),
        }
    }
}

impl<T: Clone> Ranges<T> {
    /// Lets the codes from `first` to `last` have a value; none where there is no code between them.
    pub(super) fn insert(&mut self, first: u32, last: u32, value: T) {
        if first > last {
            return;
        }
        while let Some((&from, _)) = self
            .ranges
            .range(..=last)
            .next_back()
            .filter(|(_, (to, _))| *to >= first)
        {
            let Some((to, earlier)) = self.ranges.remove(&from) else {
                break;
            };
            if to > last {
                self.ranges.insert(last + 1, (to, earlier.clone()));
            }
            if from < first {
                self.ranges.insert(from, (first - 1, earlier));
            }
        }
        self.ranges.insert(first, (last, value));
    }

    /// The value of a code.
    pub(super) fn get(&self, code: u32) -> Option<&T> {
        let (_, (last, value)) = self.ranges.range(..=code).next_back()?;
        (code <= *last).then_some(value)
    }

    /// Whether no code has a value.
    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_range_goes_before_an_earlier_one_and_leaves_the_rest_of_it() {
        let mut ranges = Ranges::default();
        for (first, last, value) in [
            (0, 9, 'a'),
            (3, 4, 'b'),
            (9, 12, 'c'),
            (4, 4, 'd'),
            (8, 7, 'e'),
            (11, u32::MAX, 'f'),
        ] {
            ranges.insert(first, last, value);
        }
        let values: String = (0..14).filter_map(|code| ranges.get(code)).collect();
        assert_eq!(values, "aaabdaaaaccfff");
        assert_eq!(ranges.get(u32::MAX), Some(&'f'));
        ranges.insert(0, u32::MAX, 'g');
        assert_eq!([0, 5, u32::MAX].map(|code| ranges.get(code)), [Some(&'g'); 3]);
    }
}
