//! How much of one kind a report tells: a stranger's file can have any number of things to say, once for each of its
//! signatures, and texts of any length among them. Nobody reads the eleventh; that there are more is told.

use std::collections::BTreeMap;

use super::report::Report;
use crate::problem::Problem;

/// Things of one kind that one list tells one by one.
pub(super) const OF_A_KIND: usize = 10;

/// The first of many, as many as are told, and how many there are beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Few<T> {
    pub(super) first: Vec<T>,
    pub(super) more: usize,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        let (first, more) = (Vec::new(), 0);
        Self { first, more }
    }
}

impl<T> Few<T> {
    pub(super) fn add(&mut self, one: T) {
        match self.first.len() < OF_A_KIND {
            true => self.first.push(one),
            false => self.more += 1,
        }
    }

    /// What is said of each, and of how many more the same holds.
    pub(super) fn tell(&self, each: impl Fn(&T) -> Problem) -> impl Iterator<Item = Problem> {
        self.first.iter().map(each).chain(more_alike(self.more))
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut few = Self::default();
        all.into_iter().for_each(|one| few.add(one));
        few
    }
}

/// That there are so many more like the last that was told.
fn more_alike(count: usize) -> Option<Problem> {
    (count > 0).then(|| Problem::new("more-alike").param("count", count))
}

/// The first problems of each code, in their order, and behind the last of a code how many more there are.
fn few(problems: &mut Vec<Problem>) {
    let mut left: BTreeMap<&'static str, usize> = BTreeMap::new();
    for problem in &*problems {
        *left.entry(problem.code).or_default() += 1;
    }
    if left.values().all(|count| *count <= OF_A_KIND) {
        return;
    }
    let mut told: BTreeMap<&'static str, usize> = BTreeMap::new();
    for problem in std::mem::take(problems) {
        let code = problem.code;
        let told = told.entry(code).or_default();
        *told += 1;
        if *told <= OF_A_KIND {
            problems.push(problem);
        }
        if *told == OF_A_KIND {
            problems.extend(more_alike(left.get(code).map_or(0, |all| all - OF_A_KIND)));
        }
    }
}

impl Report {
    /// Keeps of each kind of problem what is told.
    pub(super) fn bound(&mut self) {
        few(&mut self.reasons);
        for signature in &mut self.signatures {
            for list in [
                &mut signature.reasons,
                &mut signature.notes,
                &mut signature.encoding_notes,
            ] {
                few(list);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_problems_of_one_code_the_first_are_told_and_the_others_counted() {
        let numbered = |code, number: usize| Problem::new(code).param("number", number);
        let many = OF_A_KIND + 7;
        let mut list = vec![numbered("other", 0)];
        list.extend((0..many).map(|number| numbered("many", number)));
        list.push(numbered("other", 1));
        few(&mut list);
        let mut expected = vec![numbered("other", 0)];
        expected.extend((0..OF_A_KIND).map(|number| numbered("many", number)));
        expected.push(Problem::new("more-alike").param("count", 7));
        expected.push(numbered("other", 1));
        assert_eq!(list, expected);
        few(&mut list);
        assert_eq!(list, expected, "what is bounded stays");
    }
}
