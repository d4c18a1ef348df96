//! What an entry may be, and which objects are asked for what the entries that lead to them want.

use std::collections::HashSet;

use crate::pdf::error::{PdfError, unless_stopped};
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::view::View;

/// Kinds of objects (ISO 32000-2, 7.3), one or several.
pub(super) type Kinds = u16;

pub(super) const NULL: Kinds = 1;
pub(super) const BOOLEAN: Kinds = 1 << 1;
pub(super) const INTEGER: Kinds = 1 << 2;
pub(super) const REAL: Kinds = 1 << 3;
pub(super) const STRING: Kinds = 1 << 4;
pub(super) const NAME: Kinds = 1 << 5;
pub(super) const ARRAY: Kinds = 1 << 6;
pub(super) const DICTIONARY: Kinds = 1 << 7;
pub(super) const STREAM: Kinds = 1 << 8;
/// A number of either kind.
pub(super) const NUMBER: Kinds = INTEGER | REAL;
/// Of an object that cannot be read: what others make of it is not known.
const ANY: Kinds = Kinds::MAX;

/// Numbers from here on, and below its negative, are others to readers with 32 bits.
const WIDEST: f64 = 2_147_483_648.0;

/// What an entry may be.
pub(super) enum Shape {
    /// Of one of these kinds, whatever is in it. A number is one that readers hold.
    Of(Kinds),
    /// One of these names.
    Name(&'static [&'static str]),
    /// A whole number in this range that is a multiple of the last; a real number may be one.
    Whole(i64, i64, i64),
    /// An integer from the first to the last, written as one: some readers take a real number for none.
    Integer(i64, i64),
    /// One of these integers, written as one.
    OneOf(&'static [i64]),
    /// A number of which this holds.
    Number(fn(f64) -> bool),
    /// An array of numbers, as many as one of these; of any number where there is none.
    Numbers(&'static [usize]),
    /// An array of numbers two by two, of one pair or more.
    Pairs,
    /// A rectangle (7.9.5).
    Rectangle,
    /// A rectangle that something is seen through.
    Area,
    /// An array of no fewer elements, each of them so.
    Each(usize, &'static Shape),
    /// An array of these elements one after the other, of which so many may not be left out.
    Row(usize, &'static [Shape]),
    /// A colour space of one of these families (8.6.3): its name alone, where it asks for nothing further, or an array.
    Colours(&'static [&'static [Family]]),
    /// A dictionary with values that are so, under any names but that of its own type.
    Every(&'static Shape),
    /// A dictionary with these entries.
    Entries(&'static [Rule]),
    /// A stream with these entries.
    Stream(&'static [Rule]),
    /// What all of these are.
    All(&'static [Shape]),
    /// What one of these is. Of those of a kind, each asks first for what tells it from the others.
    Either(&'static [Shape]),
}

/// What a dictionary has under a key.
pub(super) struct Rule {
    pub(super) key: &'static str,
    pub(super) shape: Shape,
    /// Whether it may not be left out.
    pub(super) is_needed: bool,
}

/// What else is asked of a dictionary in which an entry is of a shape.
pub(super) type Variant = (Shape, &'static [Rule]);

/// An entry that may be left out.
pub(super) const fn may(key: &'static str, shape: Shape) -> Rule {
    let is_needed = false;
    Rule { key, shape, is_needed }
}

/// An entry that may not be left out.
pub(super) const fn must(key: &'static str, shape: Shape) -> Rule {
    let is_needed = true;
    Rule { key, shape, is_needed }
}

/// A family of colour spaces.
pub(super) struct Family {
    pub(super) name: &'static str,
    /// What an array goes on with after the name, and how much of it may not be left out.
    pub(super) needed: usize,
    pub(super) further: &'static [Shape],
}

/// A family of which an array goes on with all of these.
pub(super) const fn family(name: &'static str, further: &'static [Shape]) -> Family {
    let needed = further.len();
    Family { name, needed, further }
}

/// What may not stand where something else does.
pub(super) const NOTHING: Shape = Shape::Of(0);

/// Numbers, as many as there are.
pub(super) const NUMBERS: Shape = Shape::Numbers(&[]);

impl Shape {
    /// Kinds of which it is.
    fn kinds(&self) -> Kinds {
        match self {
            Self::Of(kinds) => *kinds,
            Self::Name(_) => NAME,
            Self::Whole(..) | Self::Number(_) => NUMBER,
            Self::Integer(..) | Self::OneOf(_) => INTEGER,
            Self::Numbers(_) | Self::Pairs | Self::Rectangle | Self::Area | Self::Each(..) | Self::Row(..) => ARRAY,
            Self::Colours(_) => NAME | ARRAY,
            Self::Every(_) | Self::Entries(_) => DICTIONARY,
            Self::Stream(_) => STREAM,
            Self::All(shapes) => shapes.iter().fold(ANY, |kinds, shape| kinds & shape.kinds()),
            Self::Either(shapes) => shapes.iter().fold(0, |kinds, shape| kinds | shape.kinds()),
        }
    }

    /// Whether a value of its kinds may be another all the same.
    fn asks_further(&self) -> bool {
        match self {
            Self::Of(kinds) => kinds & NUMBER != 0,
            _ => true,
        }
    }

    /// Whether a value is as it may be, by itself: of what has other values in it, none is.
    pub(super) fn is_plainly(&self, value: &Object) -> bool {
        match self {
            Self::Of(kinds) => kind(value) & kinds != 0 && value.as_number().is_none_or(is_held),
            Self::Name(names) => value
                .as_name()
                .is_some_and(|name| names.iter().any(|one| *name == **one)),
            Self::Whole(from, to, step) => value.as_number().is_some_and(|number| {
                let whole = number as i64;
                number.fract() == 0.0 && (*from..=*to).contains(&whole) && whole % step == 0
            }),
            Self::Integer(from, to) => value.as_integer().is_some_and(|number| (*from..=*to).contains(&number)),
            Self::OneOf(known) => value.as_integer().is_some_and(|number| known.contains(&number)),
            Self::Number(holds) => value.as_number().is_some_and(|number| is_held(number) && holds(number)),
            _ => false,
        }
    }
}

/// The kind of an object.
pub(super) fn kind(value: &Object) -> Kinds {
    match value {
        Object::Null => NULL,
        Object::Boolean(_) => BOOLEAN,
        Object::Integer(_) => INTEGER,
        Object::Real(_) => REAL,
        Object::String(_) => STRING,
        Object::Name(_) => NAME,
        Object::Array(_) => ARRAY,
        Object::Dictionary(_) => DICTIONARY,
        Object::Stream(_) => STREAM,
        Object::Reference(_) => ANY,
    }
}

/// What is wanted of an object by what leads to it.
struct Wanted {
    object: Reference,
    shape: &'static Shape,
    /// The object that leads to it.
    by: u32,
}

/// What the objects that were gone through are, and what is wanted of them.
#[derive(Default)]
pub(super) struct Asked {
    /// Kinds of the objects, by rising number.
    kinds: Vec<(u32, Kinds)>,
    open: Vec<Wanted>,
    known: HashSet<(u32, *const Shape)>,
}

impl Asked {
    /// Takes note of what an object is, or that it cannot be read. Objects come by rising number.
    pub(super) fn note(&mut self, number: u32, value: Option<&Object>) {
        self.kinds.push((number, value.map_or(ANY, kind)));
    }

    /// Whether the entries of a dictionary are as they may be, which stands in the object of that number.
    pub(super) fn has(&mut self, by: u32, dictionary: &Dictionary, rules: &'static [Rule]) -> bool {
        rules.iter().all(|rule| match dictionary.stated(rule.key) {
            Some(value) => self.is(by, value, &rule.shape),
            None => !rule.is_needed,
        })
    }

    /// Whether a value is as it may be, or a reference, which is asked further later.
    pub(super) fn is(&mut self, by: u32, value: &Object, shape: &'static Shape) -> bool {
        if let Some(object) = value.as_reference() {
            if self.known.insert((object.number, std::ptr::from_ref(shape))) {
                self.open.push(Wanted { object, shape, by });
            }
            return true;
        }
        match shape {
            Shape::Numbers(counts) => value.as_array().is_some_and(|numbers| {
                let is_counted = counts.is_empty() || counts.contains(&numbers.len());
                is_counted && numbers.iter().all(|number| self.is(by, number, &A_NUMBER))
            }),
            Shape::Pairs => {
                let count = value.as_array().map_or(0, <[Object]>::len);
                count > 0 && count.is_multiple_of(2) && self.is(by, value, &NUMBERS)
            }
            Shape::Rectangle => self.is(by, value, &FOUR_NUMBERS),
            Shape::Area => self.is(by, value, &FOUR_NUMBERS) && !is_without_area(value),
            Shape::Each(least, shape) => value.as_array().is_some_and(|elements| {
                elements.len() >= *least && elements.iter().all(|element| self.is(by, element, shape))
            }),
            Shape::Row(needed, shapes) => value
                .as_array()
                .is_some_and(|elements| self.is_row(by, elements, *needed, shapes)),
            Shape::Colours(families) => self.is_colour_space(by, value, families),
            Shape::Every(shape) => as_plain(value).is_some_and(|dictionary| {
                let mut named = dictionary.iter().filter(|(key, _)| **key != *"Type");
                named.all(|(_, value)| self.is(by, value, shape))
            }),
            Shape::Entries(rules) => as_plain(value).is_some_and(|dictionary| self.has(by, dictionary, rules)),
            Shape::Stream(rules) => value
                .as_stream()
                .is_some_and(|stream| self.has(by, &stream.dictionary, rules)),
            Shape::All(shapes) => shapes.iter().all(|shape| self.is(by, value, shape)),
            Shape::Either(shapes) => {
                let mut fitting = shapes.iter().filter(|shape| shape.kinds() & kind(value) != 0);
                fitting.any(|shape| self.is(by, value, shape))
            }
            _ => shape.is_plainly(value),
        }
    }

    fn is_row(&mut self, by: u32, elements: &[Object], needed: usize, shapes: &'static [Shape]) -> bool {
        let mut both = elements.iter().zip(shapes);
        (needed..=shapes.len()).contains(&elements.len()) && both.all(|(element, shape)| self.is(by, element, shape))
    }

    fn is_colour_space(&mut self, by: u32, value: &Object, families: &'static [&'static [Family]]) -> bool {
        let (name, further) = match value.as_array() {
            Some([name, further @ ..]) => (name.as_name(), further),
            _ => (value.as_name(), Default::default()),
        };
        let mut families = families.iter().copied().flatten();
        name.and_then(|name| families.find(|family| *name == *family.name))
            .is_some_and(|family| self.is_row(by, further, family.needed, family.further))
    }

    /// The first object that leads to one which is not what is wanted of it.
    ///
    /// # Errors
    /// When a budget is used up, or the source fails.
    pub(super) fn settle(mut self, view: &View<'_, '_>) -> Result<Option<u32>, PdfError> {
        let mut wanted = Vec::new();
        loop {
            if wanted.is_empty() {
                // One after the other, as they lie in object streams.
                wanted = std::mem::take(&mut self.open);
                wanted.sort_unstable_by_key(|wanted| std::cmp::Reverse(wanted.object.number));
            }
            let Some(Wanted { object, shape, by }) = wanted.pop() else {
                return Ok(None);
            };
            view.file().count_step()?;
            let place = self.kinds.binary_search_by_key(&object.number, |(number, _)| *number);
            // What nothing lists is null (7.3.10).
            let kind = place.map_or(NULL, |place| self.kinds[place].1);
            if kind & shape.kinds() == 0 {
                return Ok(Some(by));
            }
            if kind == ANY || kind == NULL || !shape.asks_further() {
                continue;
            }
            if let Some(read) = unless_stopped(view.passing(object))?
                && !self.is(object.number, &read.value, shape)
            {
                return Ok(Some(object.number));
            }
        }
    }
}

static A_NUMBER: Shape = Shape::Of(NUMBER);
static FOUR_NUMBERS: Shape = Shape::Numbers(&[4]);

fn is_held(number: f64) -> bool {
    (-WIDEST..WIDEST).contains(&number)
}

/// A dictionary that is no stream: not every reader takes one for the other.
fn as_plain(value: &Object) -> Option<&Dictionary> {
    value.as_dictionary().filter(|_| value.as_stream().is_none())
}

fn is_without_area(rectangle: &Object) -> bool {
    let numbers = rectangle.as_array().unwrap_or_default().iter();
    let numbers: Option<Vec<f64>> = numbers.map(Object::as_number).collect();
    numbers.is_some_and(|numbers| matches!(numbers[..], [left, bottom, right, top] if left == right || bottom == top))
}
