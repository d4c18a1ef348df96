//! Just enough XML: start tags, end tags and attributes with their lines. No entities but the five, no DTD, no CDATA.

use super::{SvgError, SvgErrorKind};

/// An attribute.
#[derive(Debug, Clone)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    pub(super) line: usize,
}

/// What stands next in the document.
#[derive(Debug, Clone)]
pub(super) enum Token<'a> {
    Start {
        name: &'a str,
        attributes: Vec<Attribute<'a>>,
        empty: bool,
        line: usize,
    },
    End {
        name: &'a str,
        line: usize,
    },
}

/// Reads tokens one by one; text between tags is skipped.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// The next tag, or nothing at the end of the document.
    pub(super) fn token(&mut self) -> Result<Option<Token<'a>>, SvgError> {
        loop {
            let Some(offset) = self.rest().find('<') else {
                self.advance(self.rest().len());
                return Ok(None);
            };
            self.advance(offset);
            if self.rest().starts_with("<!--") {
                self.skip_past("-->", "a comment without end")?;
            } else if self.rest().starts_with("<?") {
                self.skip_past("?>", "a processing instruction without end")?;
            } else if self.rest().starts_with("<!") {
                return Err(self.malformed("a document type or CDATA section"));
            } else {
                return self.tag().map(Some);
            }
        }
    }

    fn tag(&mut self) -> Result<Token<'a>, SvgError> {
        let line = self.line;
        if self.rest().starts_with("</") {
            self.advance(2);
            let name = self.name()?;
            self.space();
            self.expect('>')?;
            return Ok(Token::End { name, line });
        }
        self.advance(1);
        let name = self.name()?;
        let mut attributes = Vec::new();
        loop {
            self.space();
            if self.rest().starts_with("/>") {
                self.advance(2);
                return Ok(Token::Start {
                    name,
                    attributes,
                    empty: true,
                    line,
                });
            }
            if self.rest().starts_with('>') {
                self.advance(1);
                return Ok(Token::Start {
                    name,
                    attributes,
                    empty: false,
                    line,
                });
            }
            attributes.push(self.attribute()?);
        }
    }

    fn attribute(&mut self) -> Result<Attribute<'a>, SvgError> {
        let line = self.line;
        let name = self.name()?;
        self.space();
        self.expect('=')?;
        self.space();
        let Some(quote) = self.rest().chars().next().filter(|quote| matches!(quote, '"' | '\'')) else {
            return Err(self.malformed("an attribute value without quotes"));
        };
        self.advance(1);
        let Some(length) = self.rest().find(quote) else {
            return Err(self.malformed("an attribute value without end"));
        };
        let value = &self.rest()[..length];
        if value.contains(['<', '&']) {
            return Err(self.malformed("a markup character in an attribute value"));
        }
        self.advance(length + 1);
        Ok(Attribute { name, value, line })
    }

    fn name(&mut self) -> Result<&'a str, SvgError> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')))
            .unwrap_or(rest.len());
        if length == 0 {
            return Err(self.malformed("a name was expected"));
        }
        self.advance(length);
        Ok(&rest[..length])
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.advance(rest.len() - rest.trim_start().len());
    }

    fn expect(&mut self, wanted: char) -> Result<(), SvgError> {
        if !self.rest().starts_with(wanted) {
            return Err(self.malformed("a tag that does not end"));
        }
        self.advance(wanted.len_utf8());
        Ok(())
    }

    fn skip_past(&mut self, end: &str, problem: &'static str) -> Result<(), SvgError> {
        let offset = self.rest().find(end).ok_or_else(|| self.malformed(problem))?;
        self.advance(offset + end.len());
        Ok(())
    }

    fn advance(&mut self, bytes: usize) {
        self.line += self.rest()[..bytes].matches('\n').count();
        self.at += bytes;
    }

    fn malformed(&self, what: &'static str) -> SvgError {
        SvgError {
            line: self.line,
            kind: SvgErrorKind::Malformed(what),
        }
    }
}
