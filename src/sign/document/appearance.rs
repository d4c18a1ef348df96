//! What a seal looks like on a page (ISO 32000-2 section 12.5.5): its picture once, as vector, true to size; around it,
//! where a page is turned or shows a slice alone, a frame of a few bytes.

use super::draft::Draft;
use super::place::Window;
use crate::draw::Picture;
use crate::draw::deflate::smallest_zlib;
use crate::draw::pdf::POINTS_PER_MM;
use crate::pdf::{Dictionary, Object, Reference, Stream, StreamData};
use crate::sign::SignError;

/// Grid of a seal on the page: 0.1 mm, as that of the picture in the seal object.
const STEPS_PER_MM: f64 = 10.0;

/// The picture of a seal as PDF operators, made once for many documents.
#[derive(Debug, Clone, PartialEq)]
pub struct SealPicture {
    width_mm: f64,
    height_mm: f64,
    /// Deflated.
    content: Vec<u8>,
}

impl SealPicture {
    /// The picture at its true size.
    pub fn new(picture: &Picture) -> Self {
        Self {
            width_mm: picture.width_mm,
            height_mm: picture.height_mm,
            content: smallest_zlib(&picture.to_pdf_content(STEPS_PER_MM)),
        }
    }

    /// Its size in millimetres.
    pub(super) fn size_mm(&self) -> (f64, f64) {
        (self.width_mm, self.height_mm)
    }

    fn whole(&self) -> Window {
        Window([0.0, 0.0, self.width_mm, self.height_mm])
    }
}

/// The appearances of one seal in one revision; those that look alike are one object.
pub(super) struct Appearances<'p> {
    picture: &'p SealPicture,
    object: Option<Reference>,
    frames: Vec<(u16, Window, Reference)>,
}

impl<'p> Appearances<'p> {
    pub(super) fn new(picture: &'p SealPicture) -> Self {
        Self {
            picture,
            object: None,
            frames: Vec::new(),
        }
    }

    /// The appearance dictionary's `N` for a window of the seal on a page that is turned by `rotation` degrees.
    pub(super) fn of(&mut self, draft: &mut Draft<'_, '_>, rotation: u16, window: Window) -> Result<Object, SignError> {
        let picture = match self.object {
            Some(picture) => picture,
            None => *self.object.insert(draft.add(&self.seal())?),
        };
        if rotation == 0 && window == self.picture.whole() {
            return Ok(Object::Reference(picture));
        }
        let known = self
            .frames
            .iter()
            .find(|(turned, shown, _)| (*turned, *shown) == (rotation, window));
        let frame = match known {
            Some((.., frame)) => *frame,
            None => {
                let frame = draft.add(&self.frame(picture, rotation, window))?;
                self.frames.push((rotation, window, frame));
                frame
            }
        };
        Ok(Object::Reference(frame))
    }

    fn seal(&self) -> Object {
        let dictionary = form(self.whole_box(), Dictionary::new()).with("Filter", Object::name("FlateDecode"));
        stream(dictionary, self.picture.content.clone())
    }

    /// A form that shows a part of the seal, turned against the page so that it stands upright (ISO 32000-2 algorithm
    /// 8).
    fn frame(&self, picture: Reference, rotation: u16, Window([left, top, right, bottom]): Window) -> Object {
        let up = |y: f64| self.picture.height_mm - y;
        let bounds = [left, up(bottom), right, up(top)].map(|mm| real(mm * POINTS_PER_MM));
        let seals = Dictionary::new().with("Seal", Object::Reference(picture));
        let resources = Dictionary::new().with("XObject", Object::Dictionary(seals));
        let mut dictionary = form(bounds.to_vec(), resources);
        let matrix = match rotation {
            90 => Some([0, 1, -1, 0, 0, 0]),
            180 => Some([-1, 0, 0, -1, 0, 0]),
            270 => Some([0, -1, 1, 0, 0, 0]),
            _ => None,
        };
        if let Some(matrix) = matrix {
            dictionary.set("Matrix", Object::Array(matrix.map(Object::Integer).to_vec()));
        }
        stream(dictionary, b"/Seal Do".to_vec())
    }

    fn whole_box(&self) -> Vec<Object> {
        let (width, height) = self.picture.size_mm();
        [0.0, 0.0, width, height].map(|mm| real(mm * POINTS_PER_MM)).to_vec()
    }
}

fn form(bounds: Vec<Object>, resources: Dictionary) -> Dictionary {
    Dictionary::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("BBox", Object::Array(bounds))
        .with("Resources", Object::Dictionary(resources))
}

pub(super) fn stream(dictionary: Dictionary, data: Vec<u8>) -> Object {
    let data = StreamData::Held(data);
    Object::Stream(Stream { dictionary, data })
}

fn real(points: f64) -> Object {
    Object::number((points * 1000.0).round() / 1000.0)
}
