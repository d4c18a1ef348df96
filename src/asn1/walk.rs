//! Walks a DER encoding (X.690 section 10) without interpreting it: every element ends exactly where its container
//! says, lengths are definite and of the shortest form, nesting is bounded, nothing trails.
//!
//! Readers of single structures tend to skip what they do not expect inside a SEQUENCE. A walk before them makes such
//! hiding places countable. Values of primitive elements are not judged.

/// Levels of nesting that are followed; deeper encodings are refused. The deepest structure of RFC 5280 (a policy
/// qualifier inside a certificate) has eleven.
pub const MAX_DEPTH: usize = 24;

/// Why bytes are not one well-formed DER element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WalkError {
    /// An element ends after its container or after the input.
    #[error("element at byte {at} runs past the end of what holds it")]
    Truncated {
        /// Offset of the element's first byte.
        at: usize,
    },
    /// Bytes follow the outermost element.
    #[error("{count} bytes trail the element")]
    TrailingData {
        /// How many bytes.
        count: usize,
    },
    /// Indefinite or needlessly long length, or a tag number above 30 (X.690 10.1).
    #[error("header of the element at byte {at} is not DER")]
    NotDer {
        /// Offset of the element's first byte.
        at: usize,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels at byte {at}")]
    TooDeep {
        /// Offset of the element's first byte.
        at: usize,
    },
}

/// One element: where it starts, where its contents start, where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element {
    /// The identifier octet: class, constructed bit and tag number.
    pub tag: u8,
    /// Offset of the identifier octet in the input.
    pub start: usize,
    /// Offset of the first content octet.
    pub content: usize,
    /// Offset behind the last content octet.
    pub end: usize,
}

impl Element {
    /// Whether the contents are elements themselves.
    pub fn is_constructed(&self) -> bool {
        self.tag & 0x20 != 0
    }

    /// The whole element in `input`, header included.
    pub fn bytes<'a>(&self, input: &'a [u8]) -> &'a [u8] {
        input.get(self.start..self.end).unwrap_or_default()
    }

    /// The content octets in `input`.
    pub fn value<'a>(&self, input: &'a [u8]) -> &'a [u8] {
        input.get(self.content..self.end).unwrap_or_default()
    }
}

/// Checks that `input` is exactly one well-formed element and returns it.
///
/// # Errors
/// What is malformed, with its offset.
pub fn check(input: &[u8]) -> Result<Element, WalkError> {
    let root = element(input, 0, input.len())?;
    if root.end < input.len() {
        return Err(WalkError::TrailingData {
            count: input.len() - root.end,
        });
    }
    // Ends of the containers that are open, innermost last: a walk without recursion.
    let mut open = Vec::with_capacity(MAX_DEPTH);
    let mut at = if root.is_constructed() {
        open.push(root.end);
        root.content
    } else {
        root.end
    };
    while let Some(&end) = open.last() {
        if at == end {
            open.pop();
            continue;
        }
        let inner = element(input, at, end)?;
        if !inner.is_constructed() {
            at = inner.end;
        } else if open.len() == MAX_DEPTH {
            return Err(WalkError::TooDeep { at });
        } else {
            open.push(inner.end);
            at = inner.content;
        }
    }
    Ok(root)
}

/// The elements directly inside `container`, which [`check`] has passed; stops at the first malformed one.
pub fn children(input: &[u8], container: Element) -> impl Iterator<Item = Element> {
    let mut at = container.content;
    std::iter::from_fn(move || {
        let next = (at < container.end)
            .then(|| element(input, at, container.end).ok())
            .flatten()?;
        at = next.end;
        Some(next)
    })
}

/// Reads the header of the element at `at`, which must end at or before `limit`.
///
/// # Errors
/// When it does not end there, or its header is not DER.
pub fn element(input: &[u8], at: usize, limit: usize) -> Result<Element, WalkError> {
    let truncated = WalkError::Truncated { at };
    let byte = |offset: usize| {
        if offset < limit {
            input.get(offset).copied()
        } else {
            None
        }
    };
    let tag = byte(at).ok_or(truncated)?;
    // No structure here has a tag number that needs the multi-byte form (X.690 8.1.2.4).
    if tag & 0x1f == 0x1f {
        return Err(WalkError::NotDer { at });
    }
    let first = byte(at + 1).ok_or(truncated)?;
    let (length, content) = if first < 0x80 {
        (usize::from(first), at + 2)
    } else {
        let count = usize::from(first & 0x7f);
        // 0x80 is the indefinite form; four octets already count four gigabytes.
        if count == 0 || count > 4 {
            return Err(WalkError::NotDer { at });
        }
        let mut length = 0_usize;
        for offset in at + 2..at + 2 + count {
            length = length << 8 | usize::from(byte(offset).ok_or(truncated)?);
        }
        if length < 0x80 || length >> (8 * (count - 1)) == 0 {
            return Err(WalkError::NotDer { at });
        }
        (length, at + 2 + count)
    };
    let end = content
        .checked_add(length)
        .filter(|end| *end <= limit)
        .ok_or(truncated)?;
    Ok(Element {
        tag,
        start: at,
        content,
        end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_sequences_pass_and_are_listed() {
        let der = [0x30, 0x07, 0x30, 0x02, 0x05, 0x00, 0x02, 0x01, 0x05];
        let root = check(&der).unwrap();
        let tags: Vec<u8> = children(&der, root).map(|child| child.tag).collect();
        assert_eq!(tags, [0x30, 0x02]);
    }

    #[test]
    fn a_byte_behind_the_element_is_trailing_data() {
        assert_eq!(check(&[0x05, 0x00, 0x00]), Err(WalkError::TrailingData { count: 1 }));
    }

    #[test]
    fn an_inner_element_longer_than_its_container_is_truncated() {
        assert_eq!(
            check(&[0x30, 0x03, 0x04, 0x02, 0xaa]),
            Err(WalkError::Truncated { at: 2 })
        );
    }

    #[test]
    fn a_long_form_length_that_fits_the_short_form_is_not_der() {
        assert_eq!(check(&[0x04, 0x81, 0x01, 0xaa]), Err(WalkError::NotDer { at: 0 }));
    }

    #[test]
    fn an_indefinite_length_is_not_der() {
        assert_eq!(check(&[0x30, 0x80, 0x00, 0x00]), Err(WalkError::NotDer { at: 0 }));
    }

    #[test]
    fn nesting_beyond_the_limit_is_refused() {
        let mut der = vec![0x05, 0x00];
        for _ in 0..MAX_DEPTH {
            let mut outer = vec![0x30, u8::try_from(der.len()).unwrap()];
            outer.append(&mut der);
            der = outer;
        }
        assert!(check(&der).is_ok());
        let mut outer = vec![0x30, u8::try_from(der.len()).unwrap()];
        outer.append(&mut der);
        assert!(matches!(check(&outer), Err(WalkError::TooDeep { .. })));
    }
}
