//! A statement that is put together from constants, one for each condition that is set: the database can then use the
//! index that fits.

use crate::store::sql::Arg;

/// A statement that grows by its conditions.
pub(in crate::store) struct Statement<'a> {
    pub(in crate::store) sql: String,
    pub(in crate::store) args: Vec<Arg<'a>>,
}

impl<'a> Statement<'a> {
    /// A statement without conditions.
    pub(in crate::store) fn new(sql: &'static str) -> Self {
        Self {
            sql: sql.to_owned(),
            args: Vec::new(),
        }
    }

    /// Adds a condition; each `?` in it stands for one argument.
    pub(in crate::store) fn and(&mut self, condition: &'static str, args: impl IntoIterator<Item = Arg<'a>>) {
        let is_first = !self.sql.contains(" WHERE ");
        self.sql.push_str(if is_first { " WHERE " } else { " AND " });
        self.put(condition, args);
    }

    /// Adds what follows the conditions.
    pub(in crate::store) fn ending(&mut self, ending: &'static str, arg: Arg<'a>) {
        self.put(ending, [arg]);
    }

    fn put(&mut self, text: &'static str, args: impl IntoIterator<Item = Arg<'a>>) {
        let mut pieces = text.split('?');
        self.sql.push_str(pieces.next().unwrap_or_default());
        for (piece, arg) in pieces.zip(args) {
            self.args.push(arg);
            self.sql.push_str(&format!("${}{piece}", self.args.len()));
        }
    }
}
