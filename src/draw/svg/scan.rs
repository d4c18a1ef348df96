//! Numbers and lists as SVG writes them: `1.5-.3e1,4`.

/// Reads numbers, flags and letters from an attribute value.
pub(super) struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.trim() }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next letter, if one stands here.
    pub(super) fn letter(&mut self) -> Option<char> {
        let letter = self.rest.chars().next().filter(char::is_ascii_alphabetic)?;
        self.rest = self.rest[1..].trim_start();
        Some(letter)
    }

    /// The next word of letters.
    pub(super) fn word(&mut self) -> Option<&'a str> {
        let length = self
            .rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(self.rest.len());
        let word = &self.rest[..length];
        self.rest = self.rest[length..].trim_start();
        (length > 0).then_some(word)
    }

    /// Takes a character if it stands here.
    pub(super) fn take(&mut self, wanted: char) -> bool {
        let Some(rest) = self.rest.strip_prefix(wanted) else {
            return false;
        };
        self.rest = rest.trim_start();
        true
    }

    /// The next finite number, and the comma or space after it.
    pub(super) fn number(&mut self) -> Option<f64> {
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| {
            bytes
                .get(from..)
                .map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count())
        };
        let mut end = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
        end += digits(end);
        if bytes.get(end) == Some(&b'.') {
            end += 1 + digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            end += if exponent > 0 { 1 + sign + exponent } else { 0 };
        }
        let value: f64 = self.rest[..end].parse().ok().filter(|value: &f64| value.is_finite())?;
        self.rest = self.rest[end..].trim_start();
        self.take(',');
        Some(value)
    }

    /// The next `N` numbers.
    pub(super) fn numbers<const N: usize>(&mut self) -> Option<[f64; N]> {
        let mut values = [0.0; N];
        for value in &mut values {
            *value = self.number()?;
        }
        Some(values)
    }
}
