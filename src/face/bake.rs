//! Baking: all that licences of one type share.

use toml::Spanned;

use super::items::{self, Item, ItemKind};
use super::page::{Ink, Page};
use super::template::{Align, FieldBox, Label, PageSize, PhotoBox, SealPlace, Source, Square, Style, Template, point};
use super::xmp::Schema;
use super::{FaceError, TemplateProblem, colour};
use crate::draw::deflate::{Shared, zlib};
use crate::draw::font::program::Subset;
use crate::draw::{Affine, Color, FontSet, Point, svg};
use crate::licence::licence_type::LicenceType;

/// Level for what is compressed once.
const LEVEL: u32 = 9;
/// Baseline of an English label below that of the Chinese one, in its own sizes.
const SMALL_LEADING: f64 = 1.25;

/// A baked template.
pub struct Face {
    pub(super) size: PageSize,
    pub(super) boxes: Vec<ItemBox>,
    pub(super) qr: Square,
    pub(super) seal: SealPlace,
    pub(super) photo: Option<PhotoBox>,
    /// Compressed static content.
    pub(super) content: Vec<u8>,
    /// Glyphs of the static content.
    pub(super) subset: Subset,
    /// Their descriptions.
    pub(super) glyphs: Shared,
    pub(super) schema: Schema,
    /// Compressed colour profile.
    pub(super) profile: Vec<u8>,
}

/// Where and how a value is drawn.
pub(super) struct ItemBox {
    pub(super) name: String,
    pub(super) at: Point,
    pub(super) align: Align,
    pub(super) ink: Ink,
    pub(super) text: super::layout::TextBox,
    pub(super) prefix: String,
    pub(super) suffix: String,
}

impl Face {
    /// Bakes the template of a licence type.
    pub fn bake(
        licence_type: &LicenceType,
        face_toml: &str,
        art_svg: &str,
        fonts: &FontSet,
    ) -> Result<Self, FaceError> {
        let name = &licence_type.slug;
        let file = format!("{name}/face.toml");
        let source = Source {
            file: &file,
            text: face_toml,
        };
        let template = source.read()?;
        let art = svg::parse(art_svg).map_err(|error| FaceError::Art {
            file: format!("{name}/art.svg"),
            error,
        })?;
        let items = items::of(licence_type);
        check_items(&source, &template, &items)?;
        let mut page = Page::new(fonts, Subset::default(), template.page.height);
        page.painter.picture(&art, Affine::IDENTITY);
        page.painter.content().begin_text();
        let mut baker = Baker {
            source: &source,
            style: &template.style,
            items: &items,
            page: &mut page,
        };
        baker.static_texts(&template)?;
        let boxes = template
            .fields
            .iter()
            .map(|field| baker.field(field))
            .collect::<Result<_, _>>()?;
        page.painter.content().end_text();
        let subset = page.subset;
        let own = items.iter().filter(|item| item.kind != ItemKind::Common);
        Ok(Self {
            size: template.page,
            boxes,
            qr: *template.qr.get_ref(),
            seal: *template.seal.get_ref(),
            photo: template.photo.as_ref().map(|photo| *photo.get_ref()),
            content: zlib(&page.painter.finish(), LEVEL),
            glyphs: subset.shared(),
            subset,
            schema: Schema::new(own.map(|item| format!("KZ_{}", item.name))),
            profile: zlib(&colour::srgb(), LEVEL),
        })
    }
}

/// Every item of the type stands on the face, and nothing else does.
fn check_items(source: &Source<'_>, template: &Template, items: &[Item]) -> Result<(), FaceError> {
    for field in &template.fields {
        let name = &field.get_ref().name;
        if !items
            .iter()
            .any(|item| item.name == *name && item.kind != ItemKind::Photo)
        {
            return Err(source.problem(field.span(), TemplateProblem::FieldUnknown(name.clone())));
        }
    }
    let shown = |name: &str| template.fields.iter().any(|field| field.get_ref().name == name);
    let needed = items
        .iter()
        .filter(|item| item.kind == ItemKind::Field)
        .map(|item| item.name.as_str());
    if let Some(name) = needed.chain(items::REQUIRED).find(|name| !shown(name)) {
        return Err(source.problem(0..0, TemplateProblem::FieldMissing(name.to_owned())));
    }
    if items.iter().any(|item| item.kind == ItemKind::Photo) != template.photo.is_some() {
        let span = template.photo.as_ref().map_or(0..0, Spanned::span);
        return Err(source.problem(span, TemplateProblem::PhotoBox));
    }
    Ok(())
}

struct Baker<'a, 'f> {
    source: &'a Source<'a>,
    style: &'a Style,
    items: &'a [Item],
    page: &'a mut Page<'f>,
}

impl Baker<'_, '_> {
    fn static_texts(&mut self, template: &Template) -> Result<(), FaceError> {
        for text in &template.texts {
            let color = text.color.unwrap_or(self.style.ink).0;
            let ink = Ink {
                face: text.face.into(),
                size: text.size,
                color,
                tracking: text.tracking,
                bold: text.bold,
            };
            let words = text.text.get_ref();
            let measure = self.page.measure(ink);
            let lines = measure.lines(words, text.width.unwrap_or(f64::INFINITY));
            let mut at = point(text.at);
            for line in lines {
                let wide = measure.width(line);
                let left = at.x
                    - if text.align == Align::Left {
                        0.0
                    } else {
                        wide / if text.align == Align::Center { 2.0 } else { 1.0 }
                    };
                if left < 0.0 || left + wide > template.page.width || at.y > template.page.height {
                    return Err(self
                        .source
                        .problem(text.text.span(), TemplateProblem::OffPage(words.clone())));
                }
                let drawn = self.page.line(line, at, text.align, ink);
                drawn.map_err(|c| {
                    self.source
                        .problem(text.text.span(), TemplateProblem::CharacterMissing(c))
                })?;
                at.y += text.size * self.style.leading * super::layout::MM_PER_POINT;
            }
        }
        Ok(())
    }

    /// Draws the labels of a field and says where its value goes.
    fn field(&mut self, field: &Spanned<FieldBox>) -> Result<ItemBox, FaceError> {
        let (span, spec) = (field.span(), field.get_ref());
        let item = self.items.iter().find(|item| item.name == spec.name);
        let zh = spec
            .zh
            .as_deref()
            .or(item.map(|item| item.label.zh.as_str()))
            .unwrap_or_default();
        let en = spec
            .en
            .as_deref()
            .or(item.map(|item| item.label.en.as_str()))
            .unwrap_or_default();
        let at = point(spec.at);
        let drawn = self.labels(spec.label, zh, en, at);
        drawn.map_err(|c| self.source.problem(span, TemplateProblem::CharacterMissing(c)))?;
        let label_width = match spec.label {
            Label::None | Label::Above => spec.label_width.unwrap_or(0.0),
            Label::Both | Label::Inline => spec.label_width.unwrap_or(self.style.label_width),
        };
        let size = spec.size.unwrap_or(self.style.size);
        let left = at.x + label_width;
        let x = match spec.align {
            Align::Left => left,
            Align::Center => left + spec.width / 2.0,
            Align::Right => left + spec.width,
        };
        let below = if spec.label == Label::Above {
            size * 1.7 * super::layout::MM_PER_POINT
        } else {
            0.0
        };
        let color = spec.color.unwrap_or(self.style.ink).0;
        Ok(ItemBox {
            name: spec.name.clone(),
            at: Point::new(x, at.y + below),
            align: spec.align,
            ink: Ink {
                face: spec.face.into(),
                size,
                color,
                tracking: spec.tracking,
                bold: spec.bold,
            },
            text: super::layout::TextBox {
                width_mm: spec.width,
                lines: spec.lines,
                leading: spec.leading.unwrap_or(self.style.leading),
                size,
                min_size: spec.min_size.unwrap_or(self.style.min_size).min(size),
            },
            prefix: spec.prefix.clone(),
            suffix: spec.suffix.clone(),
        })
    }

    fn labels(&mut self, label: Label, zh: &str, en: &str, at: Point) -> Result<(), char> {
        let ink = |size: f64, color: Color| Ink {
            face: crate::draw::font::Typeface::Hei,
            size,
            color,
            tracking: 0.0,
            bold: 0.0,
        };
        let large = ink(self.style.label_size, self.style.label.0);
        let small = self.style.small_size.map(|size| ink(size, self.style.small.0));
        if label != Label::None {
            self.page.line(zh, at, Align::Left, large)?;
        }
        let Some(small) = small else { return Ok(()) };
        let below = match label {
            Label::None => return Ok(()),
            Label::Both => Point::new(
                at.x,
                at.y + small.size * SMALL_LEADING * super::layout::MM_PER_POINT + 0.4,
            ),
            Label::Inline | Label::Above => Point::new(at.x + self.page.measure(large).width(zh) + 1.2, at.y),
        };
        self.page.line(en, below, Align::Left, small)
    }
}
