//! Runs the content of a page as far as text is concerned (ISO 32000-2 sections 8.4, 9.3 and 9.4).

use std::collections::HashMap;
use std::rc::Rc;

use crate::draw::{Affine, Point};
use crate::pdf::error::PdfError;
use crate::pdf::limits::LimitReached;
use crate::pdf::object::{Dictionary, Name, Object, Reference, Stream};
use crate::pdf::parser::{Fault, Parser};
use crate::pdf::text::decode_text;
use crate::pdf::view::View;

use super::font::{Font, number};
use super::marked::MarkedContent;
use super::{Glyph, count_compatible};

/// Forms inside one another. Real files stay below five.
pub(super) const MAX_FORMS: usize = 12;
/// Graphics states saved inside one another; ISO 32000-1 annex C says 28, producers make more.
pub(super) const MAX_SAVED: usize = 512;
/// Operands that are kept for an operator. The most that any takes are 32 components of a colour and their pattern
/// (ISO 32000-1 annex C).
const MAX_OPERANDS: usize = 64;
/// Steps that a form counts for beside its content: it costs as much to begin as so many values to read.
const FORM_STEPS: u64 = 4;
/// What a glyph covers below and above its base line, in ems.
const BELOW: f64 = -0.2;
const ABOVE: f64 = 0.9;
/// Where the origin of vertical writing lies above the base line, in ems (the default of DW2).
const VERTICAL_ORIGIN: f64 = 0.88;

/// Fonts that were read, by their object.
pub(super) type Fonts = HashMap<Reference, Rc<Font>>;
/// Fonts by what one content stream calls them.
type Named = HashMap<Name, Rc<Font>>;

/// A piece of a content stream.
pub(super) enum Token<'a> {
    Operand(Object),
    Operator(&'a [u8]),
}

/// The pieces of a content stream or a CMap.
pub(super) struct Tokens<'a> {
    parser: Parser<'a>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(view: &View<'a, '_>, data: &'a [u8]) -> Self {
        let reader = &view.file().reader;
        Self {
            parser: Parser::new(data, 0, true, &reader.limits, &reader.usage),
        }
    }

    /// The next one; `None` at the end, and where what follows is no content.
    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, PdfError> {
        match self.read() {
            Ok(next) => Ok(next),
            Err(Fault::Limit(reached)) => Err(reached.into()),
            Err(Fault::End | Fault::Syntax { .. }) => Ok(None),
        }
    }

    fn read(&mut self) -> Result<Option<Token<'a>>, Fault> {
        self.parser.skip_space()?;
        match self.parser.remaining().first() {
            None => Ok(None),
            Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'/' | b'(' | b'<' | b'[') => {
                self.parser.object().map(|operand| Some(Token::Operand(operand)))
            }
            Some(_) => match self.parser.operator()? {
                b"" => Ok(None),
                word => Ok(Some(Token::Operator(word))),
            },
        }
    }

    /// Passes over the data of an inline image, up to its EI between white space (section 8.9.7).
    fn skip_image(&mut self) {
        let data = self.parser.remaining();
        let is_white = |byte: Option<&u8>| byte.is_none_or(|byte| byte.is_ascii_whitespace() || *byte == 0);
        let ends = memchr::memmem::find_iter(data, b"EI");
        let end = ends
            .into_iter()
            .find(|at| *at > 0 && is_white(data.get(at - 1)) && is_white(data.get(at + 2)));
        self.parser.skip(end.map_or(data.len(), |end| end + 2));
    }
}

/// The state that text depends on (tables 51 and 102).
#[derive(Clone)]
struct State {
    map: Affine,
    font: Option<Rc<Font>>,
    size: f64,
    character_spacing: f64,
    word_spacing: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

struct Run<'v, 'f, 's> {
    view: &'v View<'f, 's>,
    fonts: &'v mut Fonts,
    state: State,
    saved: Vec<State>,
    text: Affine,
    line: Affine,
    glyphs: Vec<Glyph>,
    /// How many there may be.
    most: LimitReached,
    marked: MarkedContent,
    /// Whether the text that is given beside marked content counts for nothing.
    is_as_drawn: bool,
}

/// The glyphs of a page, whose content is no longer than one stream may be. The fonts that it takes are added to those
/// that are known.
pub(super) fn page(view: &View<'_, '_>, page: Reference, fonts: &mut Fonts) -> Result<Vec<Glyph>, PdfError> {
    let object = view.object(page)?;
    let Some(dictionary) = object.value.as_dictionary() else {
        return Ok(Vec::new());
    };
    let limits = &view.file().reader.limits;
    let mut content = Vec::new();
    let parts = match view.get(dictionary, "Contents")? {
        Object::Array(parts) => parts,
        single => vec![single],
    };
    for part in &parts {
        if let Object::Stream(stream) = view.resolve(part)? {
            let room = limits.decoded_stream_bytes.saturating_sub(content.len());
            content.extend_from_slice(&view.decoded_within(&stream, room)?);
            content.push(b'\n');
        }
    }
    let most = LimitReached {
        unit: "glyphs of one page",
        allowed: limits.page_glyphs,
    };
    let mut run = Run::new(view, fonts, most);
    run.content(&content, &resources(view, dictionary)?, 0)?;
    Ok(run.glyphs)
}

/// The glyphs of a form that is painted by itself, as the appearance of an annotation is, with their own text alone;
/// `resources` where it has none.
pub(super) fn form(
    view: &View<'_, '_>,
    form: &Stream,
    resources: &Dictionary,
    fonts: &mut Fonts,
) -> Result<Vec<Glyph>, PdfError> {
    let most = LimitReached {
        unit: "glyphs of one form field",
        allowed: view.file().reader.limits.field_glyphs,
    };
    let mut run = Run::new(view, fonts, most);
    run.is_as_drawn = true;
    run.form(form, resources, 0)?;
    Ok(run.glyphs)
}

/// The resources of a page, its own or those of a node above it (section 7.8.3).
fn resources(view: &View<'_, '_>, page: &Dictionary) -> Result<Dictionary, PdfError> {
    let mut node = page.clone();
    for _ in 0..view.file().reader.limits.tree_depth {
        if let Object::Dictionary(resources) = view.get(&node, "Resources")? {
            return Ok(resources);
        }
        match view.get(&node, "Parent")? {
            Object::Dictionary(parent) => node = parent,
            _ => break,
        }
    }
    Ok(Dictionary::new())
}

impl<'v, 'f, 's> Run<'v, 'f, 's> {
    fn new(view: &'v View<'f, 's>, fonts: &'v mut Fonts, most: LimitReached) -> Self {
        Self {
            view,
            fonts,
            state: State {
                map: Affine::IDENTITY,
                font: None,
                size: 0.0,
                character_spacing: 0.0,
                word_spacing: 0.0,
                scale: 1.0,
                leading: 0.0,
                rise: 0.0,
            },
            saved: Vec::new(),
            text: Affine::IDENTITY,
            line: Affine::IDENTITY,
            glyphs: Vec::new(),
            most,
            marked: MarkedContent::default(),
            is_as_drawn: false,
        }
    }

    fn content(&mut self, data: &[u8], resources: &Dictionary, depth: usize) -> Result<(), PdfError> {
        let view = *self.view;
        let mut tokens = Tokens::new(&view, data);
        let (mut operands, mut named) = (Vec::new(), Named::new());
        let outside = self.marked.depth();
        while let Some(token) = tokens.next()? {
            match token {
                Token::Operand(operand) if operands.len() < MAX_OPERANDS => operands.push(operand),
                Token::Operand(_) => {}
                Token::Operator(b"ID") => tokens.skip_image(),
                Token::Operator(b"Do") => {
                    self.paint(&operands, resources, depth)?;
                    operands.clear();
                }
                Token::Operator(b"Tf") => {
                    self.set_font(&operands, resources, &mut named)?;
                    operands.clear();
                }
                Token::Operator(b"BDC") => {
                    let text = match self.is_as_drawn {
                        true => None,
                        false => self.actual_text(&operands, resources)?,
                    };
                    self.marked.begin(text, &self.glyphs);
                    operands.clear();
                }
                Token::Operator(operator) => {
                    self.operator(operator, &operands)?;
                    operands.clear();
                }
            }
        }
        self.marked.end_to(outside, &mut self.glyphs);
        Ok(())
    }

    fn operator(&mut self, operator: &[u8], operands: &[Object]) -> Result<(), PdfError> {
        let numbers: Vec<f64> = operands.iter().filter_map(number).collect();
        let state = &mut self.state;
        match (operator, numbers.as_slice()) {
            (b"q", _) if self.saved.len() < MAX_SAVED => self.saved.push(state.clone()),
            (b"Q", _) => {
                if let Some(saved) = self.saved.pop() {
                    self.state = saved;
                }
            }
            (b"cm", &[a, b, c, d, e, f]) => state.map = Affine([a, b, c, d, e, f]).then(state.map),
            (b"BT", _) => self.begin_at(Affine::IDENTITY),
            (b"Tc", &[spacing]) => state.character_spacing = spacing,
            (b"Tw", &[spacing]) => state.word_spacing = spacing,
            (b"Tz", &[percent]) => state.scale = percent / 100.0,
            (b"TL", &[leading]) => state.leading = leading,
            (b"Ts", &[rise]) => state.rise = rise,
            (b"Tm", &[a, b, c, d, e, f]) => self.begin_at(Affine([a, b, c, d, e, f])),
            (b"Td", &[x, y]) => self.next_line(x, y),
            (b"TD", &[x, y]) => {
                state.leading = -y;
                self.next_line(x, y);
            }
            (b"T*", _) => self.next_line(0.0, -self.state.leading),
            (b"Tj", _) => self.show_all(operands)?,
            (b"BMC", _) => self.marked.begin(None, &self.glyphs),
            (b"EMC", _) => self.marked.end(&mut self.glyphs),
            (b"'", _) => {
                self.next_line(0.0, -self.state.leading);
                self.show_all(operands)?;
            }
            (b"\"", &[words, characters]) => {
                (state.word_spacing, state.character_spacing) = (words, characters);
                self.next_line(0.0, -self.state.leading);
                self.show_all(operands)?;
            }
            (b"TJ", _) => {
                if let Some(Object::Array(parts)) = operands.first() {
                    self.show_all(parts)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_at(&mut self, map: Affine) {
        (self.text, self.line) = (map, map);
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.begin_at(Affine::translate(x, y).then(self.line));
    }

    /// Strings are shown; numbers move back by thousandths of an em (table 107, TJ).
    fn show_all(&mut self, parts: &[Object]) -> Result<(), PdfError> {
        for part in parts {
            if let (Some(back), true) = (number(part), self.state.font.is_some()) {
                self.advance(-back / 1000.0 * self.state.size);
            } else if let Object::String(bytes) = part {
                self.show(bytes)?;
            }
        }
        Ok(())
    }

    fn show(&mut self, bytes: &[u8]) -> Result<(), PdfError> {
        let Some(font) = self.state.font.clone() else {
            return Ok(());
        };
        let reader = &self.view.file().reader;
        for code in font.codes(bytes) {
            if self.glyphs.len() as u64 >= self.most.allowed {
                return Err(self.most.into());
            }
            reader.usage.glyph(&reader.limits)?;
            reader.usage.text(&reader.limits, code.text.len() as u64)?;
            count_compatible(self.view, &code.text)?;
            let State {
                size, scale, rise, map, ..
            } = self.state;
            let origin = match font.is_vertical {
                true => Affine::translate(-code.width / 2.0, -VERTICAL_ORIGIN),
                false => Affine::IDENTITY,
            };
            let to_page = origin
                .then(Affine([size * scale, 0.0, 0.0, size, 0.0, rise]))
                .then(self.text)
                .then(map);
            self.glyphs.push(Glyph {
                text: code.text,
                bounds: bounds(to_page, code.width),
            });
            let spacing = self.state.character_spacing + if code.is_space { self.state.word_spacing } else { 0.0 };
            let width = if font.is_vertical { -1.0 } else { code.width };
            self.advance(width * size + spacing);
        }
        Ok(())
    }

    /// Moves along the line (section 9.4.4).
    fn advance(&mut self, by: f64) {
        let is_vertical = self.state.font.as_ref().is_some_and(|font| font.is_vertical);
        let step = match is_vertical {
            true => Affine::translate(0.0, by),
            false => Affine::translate(by * self.state.scale, 0.0),
        };
        self.text = step.then(self.text);
    }

    /// A font is looked for once in a content stream, whatever names it: it need not be an object by itself.
    fn set_font(&mut self, operands: &[Object], resources: &Dictionary, named: &mut Named) -> Result<(), PdfError> {
        let [Object::Name(name), size] = operands else {
            return Ok(());
        };
        self.state.size = number(size).unwrap_or(0.0);
        if let Some(known) = named.get(name) {
            self.state.font = Some(Rc::clone(known));
            return Ok(());
        }
        if let Some(font) = self.font(name, resources)? {
            named.insert(name.clone(), Rc::clone(&font));
            self.state.font = Some(font);
        }
        Ok(())
    }

    fn font(&mut self, name: &Name, resources: &Dictionary) -> Result<Option<Rc<Font>>, PdfError> {
        let Object::Dictionary(fonts) = self.view.get(resources, "Font")? else {
            return Ok(None);
        };
        let Some(font) = fonts.get(&name.to_text()) else {
            return Ok(None);
        };
        let reference = font.as_reference();
        if let Some(known) = reference.and_then(|reference| self.fonts.get(&reference)) {
            return Ok(Some(Rc::clone(known)));
        }
        let Object::Dictionary(font) = self.view.resolve(font)? else {
            return Ok(None);
        };
        let font = Rc::new(Font::read(self.view, &font)?);
        self.fonts
            .extend(reference.map(|reference| (reference, Rc::clone(&font))));
        Ok(Some(font))
    }

    /// The text that the properties of marked content give (sections 14.6.2 and 14.9.4).
    fn actual_text(&self, operands: &[Object], resources: &Dictionary) -> Result<Option<String>, PdfError> {
        let properties = match operands {
            [_, Object::Name(name)] => match self.view.get(resources, "Properties")? {
                Object::Dictionary(lists) => self.view.get(&lists, &name.to_text())?,
                _ => return Ok(None),
            },
            [_, inline] => inline.clone(),
            _ => return Ok(None),
        };
        let Object::Dictionary(properties) = properties else {
            return Ok(None);
        };
        let Object::String(text) = self.view.get(&properties, "ActualText")? else {
            return Ok(None);
        };
        let text = decode_text(&text);
        let reader = &self.view.file().reader;
        reader.usage.text(&reader.limits, text.len() as u64)?;
        count_compatible(self.view, &text)?;
        Ok(Some(text))
    }

    /// Runs what a name stands for, where that is a form.
    fn paint(&mut self, operands: &[Object], resources: &Dictionary, depth: usize) -> Result<(), PdfError> {
        let ([Object::Name(name)], Object::Dictionary(objects)) = (operands, self.view.get(resources, "XObject")?)
        else {
            return Ok(());
        };
        let Object::Stream(form) = self.view.get(&objects, &name.to_text())? else {
            return Ok(());
        };
        if depth >= MAX_FORMS || !form.dictionary.is("Subtype", "Form") {
            return Ok(());
        }
        self.form(&form, resources, depth)
    }

    /// Runs a form (section 8.10).
    fn form(&mut self, form: &Stream, resources: &Dictionary, depth: usize) -> Result<(), PdfError> {
        self.view.file().count_steps(FORM_STEPS)?;
        let own = match self.view.get(&form.dictionary, "Resources")? {
            Object::Dictionary(own) => own,
            _ => resources.clone(),
        };
        let before = (self.state.clone(), self.saved.len(), self.text, self.line);
        self.state.map = matrix(self.view, form)?.then(self.state.map);
        let data = self.view.decoded(form)?;
        self.content(&data, &own, depth + 1)?;
        self.saved.truncate(before.1);
        (self.state, self.text, self.line) = (before.0, before.2, before.3);
        Ok(())
    }
}

fn matrix(view: &View<'_, '_>, form: &Stream) -> Result<Affine, PdfError> {
    let Object::Array(numbers) = view.get(&form.dictionary, "Matrix")? else {
        return Ok(Affine::IDENTITY);
    };
    let numbers: Vec<f64> = numbers.iter().filter_map(number).collect();
    Ok(numbers.try_into().map_or(Affine::IDENTITY, Affine))
}

/// The box around a glyph of that width.
fn bounds(map: Affine, width: f64) -> [f64; 4] {
    let corners = [(0.0, BELOW), (width, BELOW), (0.0, ABOVE), (width, ABOVE)];
    let corners = corners.map(|(x, y)| map.apply(Point::new(x, y)));
    let least = |of: fn(&Point) -> f64| corners.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Point) -> f64| corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    [least(|p| p.x), least(|p| p.y), most(|p| p.x), most(|p| p.y)]
}
