//! Rust source as far as the rules on layers need it: tokens with their lines, and the paths that a file names.
//!
//! Comments are dropped, string literals kept apart, everything else is an identifier, `::` or a single character. This
//! is no parser: it knows nothing of macros and leaves name resolution out.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or a keyword.
    Identifier,
    /// The contents of a string literal.
    Text,
    /// `::`, or one character of punctuation, or a number.
    Mark,
}

/// One token of a source file.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its characters; of a string literal only what stands between the quotes.
    pub(crate) text: String,
    /// Line, from 1.
    pub(crate) line: usize,
}

/// A path that a file names, with the groups of `use` declarations spread out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    /// Its segments: `crate`, `crypto`, `key`.
    pub(crate) segments: Vec<String>,
    /// Line of its last segment, from 1.
    pub(crate) line: usize,
}

/// One source file, split.
pub(crate) struct Source {
    /// Its tokens, in order.
    pub(crate) tokens: Vec<Token>,
    /// Line where the unit tests at its end begin; past the end where there are none.
    pub(crate) tests_from: usize,
}

impl Source {
    /// Splits the text of a file.
    pub(crate) fn new(text: &str) -> Self {
        let tokens = Lexer {
            characters: text.chars().collect(),
            at: 0,
            line: 1,
            tokens: Vec::new(),
        }
        .run();
        let tests_from = tokens
            .windows(8)
            .find(|window| {
                let texts: Vec<&str> = window.iter().map(|token| token.text.as_str()).collect();
                texts == ["#", "[", "cfg", "(", "test", ")", "]", "mod"]
            })
            .map_or(usize::MAX, |window| window[0].line);
        Self { tokens, tests_from }
    }

    /// Every path of two segments or more, and every single name that a `use` declaration brings in.
    pub(crate) fn paths(&self) -> Vec<Path> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let starts = self.tokens[at].kind == Kind::Identifier && !self.follows_a_path(at);
            let declared = at > 0 && self.tokens[at - 1].text == "use";
            if starts && (declared || self.is_mark(at + 1, "::")) {
                at = self.spread(at, &[], &mut found);
            } else {
                at += 1;
            }
        }
        found
    }

    fn is_mark(&self, at: usize, text: &str) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Mark && token.text == text)
    }

    fn follows_a_path(&self, at: usize) -> bool {
        at > 1 && self.is_mark(at - 1, "::") && self.tokens[at - 2].kind == Kind::Identifier
    }

    /// Reads one path that starts at a token, adds what it names below `prefix`, and returns the index behind it.
    fn spread(&self, mut at: usize, prefix: &[String], found: &mut Vec<Path>) -> usize {
        let mut segments = prefix.to_vec();
        let mut line = self.tokens.get(at).map_or(0, |token| token.line);
        while let Some(token) = self.tokens.get(at) {
            match (token.kind, token.text.as_str()) {
                (Kind::Identifier, name) => segments.push(name.to_owned()),
                (Kind::Mark, "*") => segments.push("*".to_owned()),
                (Kind::Mark, "{") => return self.spread_group(at + 1, &segments, found),
                _ => break,
            }
            line = token.line;
            at += 1;
            if !self.is_mark(at, "::") || self.is_mark(at + 1, "<") {
                break;
            }
            at += 1;
        }
        found.push(Path { segments, line });
        at
    }

    fn spread_group(&self, mut at: usize, prefix: &[String], found: &mut Vec<Path>) -> usize {
        while at < self.tokens.len() && !self.is_mark(at, "}") {
            let token = &self.tokens[at];
            let begins = token.kind == Kind::Identifier || ["*", "{"].contains(&token.text.as_str());
            at = if begins { self.spread(at, prefix, found) } else { at + 1 };
            if self.tokens.get(at).is_some_and(|token| token.text == "as") {
                at += 2;
            }
        }
        at + 1
    }
}

struct Lexer {
    characters: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer {
    fn run(mut self) -> Vec<Token> {
        while let Some(character) = self.peek(0) {
            match character {
                '/' if self.peek(1) == Some('/') => self.skip_line(),
                '/' if self.peek(1) == Some('*') => self.skip_block(),
                '"' => self.text(0),
                'r' | 'b' | 'c' if self.opens_text() => self.prefixed_text(),
                '\'' => self.quote(),
                c if c.is_alphabetic() || c == '_' => self.identifier(),
                ':' if self.peek(1) == Some(':') => {
                    self.push(Kind::Mark, "::".to_owned());
                    self.at += 2;
                }
                c => {
                    if !c.is_whitespace() {
                        self.push(Kind::Mark, c.to_string());
                    }
                    self.advance();
                }
            }
        }
        self.tokens
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn advance(&mut self) {
        if self.peek(0) == Some('\n') {
            self.line += 1;
        }
        self.at += 1;
    }

    fn push(&mut self, kind: Kind, text: String) {
        self.tokens.push(Token {
            kind,
            text,
            line: self.line,
        });
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.at += 1;
        }
    }

    fn skip_block(&mut self) {
        let mut depth = 0;
        while let Some(character) = self.peek(0) {
            match (character, self.peek(1)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => {
                    self.advance();
                    continue;
                }
            }
            self.at += 2;
            if depth == 0 {
                return;
            }
        }
    }

    /// Whether `r"`, `r#"`, `b"`, `br"` and the like start here.
    fn opens_text(&self) -> bool {
        let rest = self.characters[self.at..].iter();
        let prefix = rest.clone().take_while(|c| ['r', 'b', 'c'].contains(c)).count();
        let hashes = rest.clone().skip(prefix).take_while(|c| **c == '#').count();
        prefix <= 2 && rest.clone().nth(prefix + hashes) == Some(&'"')
    }

    fn prefixed_text(&mut self) {
        let mut raw = false;
        while self.peek(0).is_some_and(char::is_alphabetic) {
            raw |= self.peek(0) == Some('r');
            self.at += 1;
        }
        let mut hashes = 0;
        while self.peek(0) == Some('#') {
            hashes += 1;
            self.at += 1;
        }
        if raw { self.raw_text(hashes) } else { self.text(hashes) }
    }

    fn raw_text(&mut self, hashes: usize) {
        self.at += 1;
        let start = self.at;
        let line = self.line;
        while let Some(character) = self.peek(0) {
            let closed = character == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if closed {
                break;
            }
            self.advance();
        }
        self.finish_text(start, line, hashes + 1);
    }

    fn text(&mut self, hashes: usize) {
        self.at += 1;
        let start = self.at;
        let line = self.line;
        while let Some(character) = self.peek(0).filter(|c| *c != '"') {
            self.advance();
            if character == '\\' {
                self.advance();
            }
        }
        self.finish_text(start, line, hashes + 1);
    }

    fn finish_text(&mut self, start: usize, line: usize, closing: usize) {
        let end = self.at.min(self.characters.len());
        let text = self.characters[start..end].iter().collect();
        self.tokens.push(Token {
            kind: Kind::Text,
            text,
            line,
        });
        self.at += closing;
    }

    /// A character literal is skipped; the quote of a lifetime is dropped and its name read as an identifier.
    fn quote(&mut self) {
        if self.peek(1) == Some('\\') {
            self.at += 3;
            while self.peek(0).is_some_and(|c| c != '\'') {
                self.at += 1;
            }
            self.at += 1;
        } else if self.peek(2) == Some('\'') {
            self.at += 3;
        } else {
            self.at += 1;
        }
    }

    fn identifier(&mut self) {
        let start = self.at;
        while self.peek(0).is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.at += 1;
        }
        let text = self.characters[start..self.at].iter().collect();
        self.push(Kind::Identifier, text);
    }
}
