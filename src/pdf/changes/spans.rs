//! What revisions show, from one to another, found by a revision: those that it does not show are passed over without
//! being looked at one by one.

use std::ops::Range;

/// Something that revisions show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span<T> {
    /// First revision (from 1) that shows it.
    from: u32,
    /// First revision after that which no longer does.
    until: u32,
    pub(super) value: T,
    /// The last `until` of the half of the list whose middle it is.
    latest: u32,
}

impl<T> Span<T> {
    pub(super) fn new(value: T, revisions: &Range<usize>) -> Self {
        Self {
            from: number(revisions.start),
            until: number(revisions.end),
            value,
            latest: 0,
        }
    }
}

/// Prepares a list that is sorted by the first revision: each half of it, halved again and again, says at its middle
/// how long any of it lasts.
pub(super) fn settle<T>(spans: &mut [Span<T>]) -> u32 {
    let middle = spans.len() / 2;
    let (before, rest) = spans.split_at_mut(middle);
    let Some((span, after)) = rest.split_first_mut() else {
        return 0;
    };
    span.latest = span.until.max(settle(before)).max(settle(after));
    span.latest
}

/// What a revision shows of a list that was settled, in its order.
pub(super) fn shown<T>(spans: &[Span<T>], revision: usize) -> impl Iterator<Item = &Span<T>> {
    Shown {
        revision: number(revision),
        open: vec![Open::Half(spans)],
    }
}

struct Shown<'a, T> {
    revision: u32,
    open: Vec<Open<'a, T>>,
}

enum Open<'a, T> {
    Half(&'a [Span<T>]),
    Middle(&'a Span<T>),
}

impl<'a, T> Iterator for Shown<'a, T> {
    type Item = &'a Span<T>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.open.pop()? {
                Open::Middle(span) if span.until > self.revision => return Some(span),
                Open::Middle(_) => {}
                Open::Half(spans) => {
                    let (before, rest) = spans.split_at(spans.len() / 2);
                    let Some((span, after)) = rest.split_first().filter(|(span, _)| span.latest > self.revision) else {
                        continue;
                    };
                    if span.from <= self.revision {
                        self.open.extend([Open::Half(after), Open::Middle(span)]);
                    }
                    self.open.push(Open::Half(before));
                }
            }
        }
    }
}

/// A revision's number; files have far fewer than this holds.
fn number(revision: usize) -> u32 {
    u32::try_from(revision).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_revision_shows_what_begins_by_it_and_ends_after_it(
            ranges in proptest::collection::vec((1_usize..9, 1_usize..5), 0..30),
            revision in 1_usize..12,
        ) {
            let mut spans: Vec<_> = ranges.iter().map(|(from, length)| Span::new(*length, &(*from..from + length))).collect();
            spans.sort_unstable();
            settle(&mut spans);
            let expected: Vec<_> = spans.iter().filter(|span| (span.from..span.until).contains(&number(revision))).collect();
            prop_assert_eq!(shown(&spans, revision).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn of_many_that_ended_few_are_looked_at() {
        const MANY: usize = 100_000;
        let mut spans: Vec<_> = (0..MANY).map(|place| Span::new(place, &(1..2))).collect();
        spans[3] = Span::new(3, &(1..9));
        settle(&mut spans);
        let mut found = Shown {
            revision: 5,
            open: vec![Open::Half(spans.as_slice())],
        };
        assert_eq!(found.next().map(|span| span.value), Some(3));
        // What is still open are the halves beside the way to it.
        assert!(found.open.len() <= 2 * MANY.ilog2() as usize, "{}", found.open.len());
        assert_eq!(found.next(), None);
    }
}
