//! Where everything on a paper stands: lines, panels and rules on sheets of A4, in millimetres.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Block, Image, MAX_PAGES, Panel, Paper, REPLACEMENT, Sign};
use crate::draw::font::Typeface;
use crate::draw::font::program::MAX_GLYPHS;
use crate::draw::{Color, FontSet, Path, Picture, Point, Shape};
use crate::face::layout::{MM_PER_POINT, Measure};
use crate::face::page::Ink;
use crate::face::template::Align;
use crate::licence::text::Bilingual;

/// A4 (ISO 216).
pub(super) const WIDTH: f64 = 210.0;
/// See [`WIDTH`].
pub(super) const HEIGHT: f64 = 297.0;
const LEFT: f64 = 22.0;
const TEXT_WIDTH: f64 = WIDTH - 2.0 * LEFT;
const TOP: f64 = 24.0;
/// Where text ends.
const BOTTOM: f64 = 272.0;
/// Baseline of the foot.
const FOOT: f64 = 284.0;
/// Where values begin, from the left margin.
const VALUES: f64 = 42.0;
/// Sizes of the parts of a label, in points.
const LABEL: [f64; 2] = [9.0, 6.8];
/// Size of a value, in points.
const FACT: f64 = 10.0;
/// The same of one that machines compare.
const DETAIL: f64 = 7.8;
/// Most height of a value that is kept on one sheet.
const MOST_TOGETHER: f64 = (BOTTOM - TOP) / 2.0;
/// Between two pictures.
const GAP: f64 = 6.0;
/// Height of the caption of a picture.
const CAPTION: f64 = 7.0;
/// Width of the frame around a picture.
const FRAME: f64 = 0.35;
/// Height of what stands in the place of a picture.
const MISSING: f64 = 30.0;
/// Distance of baselines in sizes.
const LEADING: f64 = 1.5;
/// Distinct characters of a paper: each needs a glyph in each face.
const MAX_CHARACTERS: usize = MAX_GLYPHS / 2 - 16;

const INK: Color = Color::rgb(0x1f, 0x24, 0x2b);
const GREY: Color = Color::rgb(0x66, 0x6e, 0x78);
const RULE: Color = Color::rgb(0xd9, 0xdd, 0xe2);
const RED: Color = Color::rgb(0xb3, 0x26, 0x1e);

/// One page.
pub(super) struct Sheet {
    pub(super) picture: Picture,
    pub(super) runs: Vec<Run>,
    pub(super) images: Vec<PlacedImage>,
}

/// A picture of dots at its place.
pub(super) struct PlacedImage {
    pub(super) image: Arc<Image>,
    /// Its upper left corner.
    pub(super) corner: Point,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A line of text at its place.
pub(super) struct Run {
    pub(super) text: String,
    pub(super) at: Point,
    pub(super) align: Align,
    pub(super) ink: Ink,
}

impl Sheet {
    fn new() -> Self {
        Self {
            picture: Picture::new(WIDTH, HEIGHT),
            runs: Vec::new(),
            images: Vec::new(),
        }
    }
}

impl Sign {
    /// Its colour, and that of the panel behind it.
    fn colors(self) -> (Color, Color) {
        match self {
            Self::Check => (Color::rgb(0x1a, 0x7f, 0x4b), Color::rgb(0xe9, 0xf6, 0xef)),
            Self::Dash => (Color::rgb(0x5b, 0x64, 0x70), Color::rgb(0xf0, 0xf2, 0xf4)),
            Self::Exclamation => (Color::rgb(0xb2, 0x6a, 0x00), Color::rgb(0xfd, 0xf3, 0xe1)),
            Self::Cross => (RED, Color::rgb(0xfc, 0xec, 0xea)),
        }
    }

    /// The strokes of its symbol in a circle of radius 1 around the origin.
    fn strokes(self) -> &'static [[f64; 4]] {
        match self {
            Self::Check => &[[-0.45, 0.05, -0.12, 0.38], [-0.12, 0.38, 0.46, -0.32]],
            Self::Dash => &[[-0.45, 0.0, 0.45, 0.0]],
            Self::Exclamation => &[[0.0, -0.5, 0.0, 0.15], [0.0, 0.45, 0.0, 0.5]],
            Self::Cross => &[[-0.35, -0.35, 0.35, 0.35], [-0.35, 0.35, 0.35, -0.35]],
        }
    }
}

/// The size in which a picture is shown in a box of this width and height at most; without one, that of a strip of
/// text.
fn size_within(image: Option<&Image>, width: f64, height: f64) -> [f64; 2] {
    let Some(image) = image else {
        return [width, MISSING];
    };
    let (wide, high) = (f64::from(image.width), f64::from(image.height));
    let scale = (width / wide).min(height / high);
    [wide * scale, high * scale]
}

fn ink(size: f64, color: Color) -> Ink {
    Ink {
        face: Typeface::Hei,
        size,
        color,
        tracking: 0.0,
        bold: 0.0,
    }
}

fn song(size: f64, color: Color, bold: f64) -> Ink {
    Ink {
        face: Typeface::Song,
        bold,
        ..ink(size, color)
    }
}

/// Height of a line.
fn step(size: f64) -> f64 {
    size * LEADING * MM_PER_POINT
}

/// A text with what no font has, and what is no character at all, replaced.
pub(super) fn printable(text: &str, fonts: &FontSet) -> String {
    let has = |face, character| fonts.advance(face, character).is_some();
    let known =
        |character: char| !character.is_control() && has(Typeface::Hei, character) && has(Typeface::Song, character);
    text.chars()
        .map(|character| match character {
            '\n' => '\n',
            character if known(character) => character,
            _ => REPLACEMENT,
        })
        .collect()
}

/// Lays out a paper.
pub(super) fn lay_out(paper: &Paper<'_>, fonts: &FontSet) -> Vec<Sheet> {
    let mut flow = Flow {
        fonts,
        sheets: vec![Sheet::new()],
        y: TOP,
        is_full: false,
        known: HashSet::new(),
    };
    for (index, block) in paper.blocks.iter().enumerate() {
        flow.block(block, paper.blocks.get(index + 1));
    }
    if flow.is_full {
        flow.close(paper.cut);
    }
    flow.feet(paper.footer);
    flow.sheets
}

struct Flow<'f> {
    fonts: &'f FontSet,
    sheets: Vec<Sheet>,
    /// Upper edge of what comes next.
    y: f64,
    /// Whether something had no room any more.
    is_full: bool,
    /// Characters that were used.
    known: HashSet<char>,
}

impl Flow<'_> {
    /// A block, and for a heading what it stands over.
    fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block {
            Block::Title(text) => self.title(text),
            Block::Verdict(sign, title, meaning) => self.verdict(*sign, title, meaning),
            Block::Heading(text) => self.heading(text, next.and_then(|next| self.row_height(next))),
            Block::Fact(label, value) => self.fact(label, value, ink(FACT, INK)),
            Block::Detail(label, value) => self.fact(label, value, ink(DETAIL, INK)),
            Block::Text(text) => {
                self.lines(&text.zh, LEFT, TEXT_WIDTH, ink(9.5, INK));
                self.lines(&text.en, LEFT, TEXT_WIDTH, ink(8.0, GREY));
                self.y += 1.8;
            }
            Block::Panels(panels) => self.panels(panels),
        }
    }

    fn title(&mut self, text: &Bilingual) {
        let middle = WIDTH / 2.0;
        self.room(24.0);
        self.run(
            &text.zh,
            Point::new(middle, self.y + 7.5),
            Align::Center,
            Ink {
                tracking: 2.5,
                ..song(23.0, INK, 0.12)
            },
        );
        self.run(
            &text.en,
            Point::new(middle, self.y + 14.0),
            Align::Center,
            ink(10.0, GREY),
        );
        self.bar(LEFT, self.y + 18.0, TEXT_WIDTH, 0.7, RED);
        self.bar(LEFT, self.y + 19.2, TEXT_WIDTH, 0.2, RED);
        self.y += 25.0;
    }

    /// A heading, on the sheet of the row that it stands over.
    fn heading(&mut self, text: &Bilingual, below: Option<f64>) {
        self.y += 4.0;
        self.room(9.0 + below.unwrap_or(13.0).min(MOST_TOGETHER));
        let large = song(12.5, INK, 0.08);
        let wide = self.measure(large).width(&text.zh);
        self.run(&text.zh, Point::new(LEFT, self.y + 5.0), Align::Left, large);
        self.run(
            &text.en,
            Point::new(LEFT + wide + 2.5, self.y + 5.0),
            Align::Left,
            ink(8.5, GREY),
        );
        self.bar(LEFT, self.y + 7.2, TEXT_WIDTH, 0.35, INK);
        self.y += 9.0;
    }

    /// A panel: a bar and a symbol in the colour of the judgement, its title, what it means.
    fn verdict(&mut self, sign: Sign, title: &Bilingual, meaning: &Bilingual) {
        const TEXT: f64 = LEFT + 24.0;
        const ROOM: f64 = TEXT_WIDTH - 28.0;
        let (color, tint) = sign.colors();
        let parts = [
            (&title.zh, song(17.0, color, 0.15)),
            (&title.en, ink(10.5, color)),
            (&meaning.zh, ink(9.5, INK)),
            (&meaning.en, ink(8.0, GREY)),
        ];
        let heights = parts.iter().map(|(text, ink)| self.height(text, ROOM, *ink));
        let height = heights.sum::<f64>() + 7.0;
        self.room(height + 3.0);
        let (top, sheet) = (self.y, self.sheets.len());
        self.bar(LEFT, top, TEXT_WIDTH, height, tint);
        self.bar(LEFT, top, 1.6, height, color);
        self.symbol(sign, Point::new(LEFT + 12.5, top + height / 2.0), 6.0);
        self.y += 2.5;
        for (text, ink) in parts {
            self.lines(text, TEXT, ROOM, ink);
        }
        if self.sheets.len() == sheet {
            self.y = top + height + 3.0;
        }
    }

    fn symbol(&mut self, sign: Sign, center: Point, radius: f64) {
        let (color, _) = sign.colors();
        let white = Color::rgb(0xff, 0xff, 0xff);
        self.shape(Shape::filled(Path::circle(center, radius), color));
        for [x1, y1, x2, y2] in sign.strokes() {
            let mut path = Path::new();
            path.move_to(Point::new(center.x + x1 * radius, center.y + y1 * radius));
            path.line_to(Point::new(center.x + x2 * radius, center.y + y2 * radius));
            self.shape(Shape::stroked(path, white, radius * 0.2));
        }
    }

    /// Height of a label with its value; `None` where the block is none.
    fn row_height(&self, block: &Block) -> Option<f64> {
        let (label, value, size) = match block {
            Block::Fact(label, value) => (label, value, FACT),
            Block::Detail(label, value) => (label, value, DETAIL),
            _ => return None,
        };
        let [label, value] = self.heights(label, value, ink(size, INK));
        Some(label.max(value))
    }

    /// Heights of a label and of its value.
    fn heights(&self, label: &Bilingual, value: &str, of_value: Ink) -> [f64; 2] {
        let [large, small] = LABEL.map(|size| ink(size, GREY));
        let label = self.height(&label.zh, VALUES - 3.0, large) + self.height(&label.en, VALUES - 3.0, small);
        [label, self.height(value, TEXT_WIDTH - VALUES, of_value)]
    }

    /// Height of a text in lines of this width.
    fn height(&self, text: &str, width: f64, ink: Ink) -> f64 {
        let text = printable(text, self.fonts);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred lines")]
        let lines = self.measure(ink).lines(&text, width).len() as f64;
        lines * step(ink.size)
    }

    /// A label in both languages, with a value beside it; a hairline below. They begin on one sheet, and stand on it
    /// whole unless the value takes more than half of one.
    fn fact(&mut self, label: &Bilingual, value: &str, of_value: Ink) {
        let [large, small] = LABEL.map(|size| ink(size, GREY));
        let [of_label, below] = self.heights(label, value, of_value);
        self.room(of_label.max(if below <= MOST_TOGETHER { below } else { 0.0 }));
        let (top, sheet) = (self.y, self.sheets.len());
        self.lines(&label.zh, LEFT, VALUES - 3.0, large);
        self.y -= 0.8;
        self.lines(&label.en, LEFT, VALUES - 3.0, small);
        let below_label = self.y;
        self.y = top;
        self.lines(value, LEFT + VALUES, TEXT_WIDTH - VALUES, of_value);
        if self.sheets.len() == sheet {
            self.y = self.y.max(below_label);
        }
        self.y += 0.9;
        self.bar(LEFT, self.y, TEXT_WIDTH, 0.15, RULE);
        self.y += 1.1;
    }

    /// Two pictures, together on one sheet.
    fn panels(&mut self, panels: &[Panel; 2]) {
        let is_wide = |panel: &Panel| panel.image.as_ref().is_some_and(|image| image.width > image.height);
        let (width, most) = match panels.iter().any(is_wide) {
            true => (TEXT_WIDTH, (BOTTOM - TOP) / 2.0 - CAPTION - GAP),
            false => ((TEXT_WIDTH - GAP) / 2.0, BOTTOM - TOP - CAPTION - GAP),
        };
        let boxes = [0, 1].map(|place| size_within(panels[place].image.as_deref(), width, most));
        let heights = boxes.map(|[_, height]| CAPTION + height + GAP);
        let is_beside = width < TEXT_WIDTH;
        self.room(if is_beside {
            heights[0].max(heights[1])
        } else {
            heights[0] + heights[1]
        });
        let top = self.y;
        for (place, panel) in panels.iter().enumerate() {
            let x = if is_beside && place == 1 {
                LEFT + width + GAP
            } else {
                LEFT
            };
            self.panel(panel, x, boxes[place]);
            self.y = match (is_beside, place) {
                (true, 0) => top,
                (true, _) => top + heights[0].max(heights[1]),
                (false, _) => top + heights[..=place].iter().sum::<f64>(),
            };
        }
    }

    /// A picture in its frame, below its caption.
    fn panel(&mut self, panel: &Panel, x: f64, [width, height]: [f64; 2]) {
        let (color, tint) = panel.sign.colors();
        let (large, small) = (ink(9.0, color), ink(7.0, color));
        let caption = [&panel.caption.zh, &panel.caption.en].map(|text| self.admitted(text));
        let wide = self.measure(large).width(&caption[0]);
        let baseline = self.y + CAPTION - 2.2;
        self.run(&caption[0], Point::new(x, baseline), Align::Left, large);
        self.run(&caption[1], Point::new(x + wide + 2.0, baseline), Align::Left, small);
        let corner = Point::new(x, self.y + CAPTION);
        match &panel.image {
            Some(image) => {
                let image = Arc::clone(image);
                let placed = PlacedImage {
                    image,
                    corner,
                    width,
                    height,
                };
                if let Some(sheet) = self.sheets.last_mut().filter(|_| !self.is_full) {
                    sheet.images.push(placed);
                }
            }
            None => {
                self.bar(corner.x, corner.y, width, height, tint);
                let texts = [(&panel.missing.zh, large), (&panel.missing.en, small)];
                for (place, (text, ink)) in (0_u8..).zip(texts) {
                    let text = self.admitted(text);
                    let at = Point::new(
                        x + width / 2.0,
                        corner.y + height / 2.0 + f64::from(place) * step(ink.size),
                    );
                    self.run(&text, at, Align::Center, ink);
                }
            }
        }
        let frame = Path::rect(corner.x, corner.y, width, height);
        self.shape(Shape::stroked(frame, color, FRAME));
    }

    /// Lines of a text, on the next sheet where there is no more room.
    fn lines(&mut self, text: &str, x: f64, width: f64, ink: Ink) {
        let text = self.admitted(text);
        let lines: Vec<String> = self
            .measure(ink)
            .lines(&text, width)
            .into_iter()
            .map(str::to_owned)
            .collect();
        for line in lines {
            self.room(step(ink.size));
            if self.is_full {
                return;
            }
            self.y += step(ink.size);
            self.run(
                &line,
                Point::new(x, self.y - ink.size * MM_PER_POINT * 0.35),
                Align::Left,
                ink,
            );
        }
    }

    /// The last line of a paper that is cut.
    fn close(&mut self, cut: &Bilingual) {
        let words = format!("{}  {}", cut.zh, cut.en);
        self.is_full = false;
        self.run(
            &words,
            Point::new(WIDTH / 2.0, BOTTOM + 5.0),
            Align::Center,
            ink(8.5, RED),
        );
    }

    /// The foot of every page, with its number.
    fn feet(&mut self, footer: &str) {
        let footer = self.admitted(footer);
        let count = self.sheets.len();
        let small = ink(7.5, GREY);
        for (index, sheet) in self.sheets.iter_mut().enumerate() {
            let path = Path::rect(LEFT, FOOT - 5.0, TEXT_WIDTH, 0.2);
            sheet.picture.shapes.push(Shape::filled(path, RULE));
            let number = format!("{} / {count}", index + 1);
            for (text, x, align) in [(&footer, LEFT, Align::Left), (&number, WIDTH - LEFT, Align::Right)] {
                sheet.runs.push(Run {
                    text: text.clone(),
                    at: Point::new(x, FOOT),
                    align,
                    ink: small,
                });
            }
        }
    }

    /// Begins another sheet where the present one has no room of this height.
    fn room(&mut self, height: f64) {
        if self.y + height <= BOTTOM || self.is_full {
            return;
        }
        if self.sheets.len() == MAX_PAGES {
            self.is_full = true;
            return;
        }
        self.sheets.push(Sheet::new());
        self.y = TOP;
    }

    /// A text of characters that there are glyphs for, and room for those glyphs.
    fn admitted(&mut self, text: &str) -> String {
        let text = printable(text, self.fonts);
        let mut admit = |character: char| {
            let is_known = self.known.contains(&character);
            is_known || self.known.len() < MAX_CHARACTERS && self.known.insert(character)
        };
        text.chars()
            .map(|character| match character == '\n' || admit(character) {
                true => character,
                false => REPLACEMENT,
            })
            .collect()
    }

    fn measure(&self, ink: Ink) -> Measure<'_> {
        Measure {
            fonts: self.fonts,
            face: ink.face,
            size: ink.size,
            tracking: ink.tracking,
        }
    }

    fn run(&mut self, text: &str, at: Point, align: Align, ink: Ink) {
        if let Some(sheet) = self.sheets.last_mut().filter(|_| !self.is_full) {
            sheet.runs.push(Run {
                text: text.to_owned(),
                at,
                align,
                ink,
            });
        }
    }

    fn bar(&mut self, x: f64, y: f64, width: f64, height: f64, color: Color) {
        self.shape(Shape::filled(Path::rect(x, y, width, height), color));
    }

    fn shape(&mut self, shape: Shape) {
        if let Some(sheet) = self.sheets.last_mut().filter(|_| !self.is_full) {
            sheet.picture.shapes.push(shape);
        }
    }
}
