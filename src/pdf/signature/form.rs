//! Walks the form of a document (ISO 32000-2, 12.7.3 and 12.7.4) for its signature fields.

use std::collections::HashSet;
use std::rc::Rc;

use crate::pdf::error::PdfError;
use crate::pdf::field_name::FieldNames;
use crate::pdf::limits::LimitReached;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::view::View;
use crate::pdf::widgets::{self, WidgetPlace};

/// A signature field (12.7.5.5), filled or not.
#[derive(Debug, Clone, PartialEq)]
pub struct FormField {
    /// Its full name: partial names joined by full stops (12.7.4.2).
    pub name: String,
    /// The object of the field; `None` if it is written inside its parent.
    pub object: Option<Reference>,
    /// Its value as it is written: mostly a reference; `None` if the field is empty.
    pub value: Option<Object>,
    /// The field's own dictionary.
    pub dictionary: Dictionary,
}

/// What a field has from those above it.
#[derive(Clone)]
struct Inherited {
    name: Rc<str>,
    is_signature: bool,
    /// Its value, as it is written.
    value: Option<Object>,
}

impl FormField {
    /// Where its widgets are shown: itself, or its children.
    ///
    /// # Errors
    /// When a page cannot be read, or a budget is used up.
    pub fn places(&self, view: &View<'_, '_>) -> Result<Vec<WidgetPlace>, PdfError> {
        let widgets: Vec<Reference> = match view.get(&self.dictionary, "Kids")? {
            Object::Array(kids) => kids.iter().filter_map(Object::as_reference).collect(),
            _ => self.object.into_iter().collect(),
        };
        widgets::places(view, &widgets)
    }
}

struct Walk<'v, 'f, 's> {
    view: &'v View<'f, 's>,
    seen: HashSet<Reference>,
    nodes: usize,
    names: FieldNames,
    found: Vec<FormField>,
}

/// The signature fields of a form, in its order.
pub(super) fn signature_fields(view: &View<'_, '_>) -> Result<Vec<FormField>, PdfError> {
    let catalog = view.catalog()?;
    let form = match view.get(&catalog, "AcroForm")? {
        Object::Null => return Ok(Vec::new()),
        Object::Dictionary(form) => form,
        _ => {
            return Err(PdfError::Type {
                what: "the catalogue's AcroForm",
                expected: "a dictionary",
            });
        }
    };
    let mut walk = Walk {
        view,
        seen: HashSet::new(),
        nodes: 0,
        names: FieldNames::new(&view.file().reader.limits),
        found: Vec::new(),
    };
    let root = Inherited {
        name: Rc::from(""),
        is_signature: false,
        value: None,
    };
    walk.children(&view.get(&form, "Fields")?, &root, 0)?;
    Ok(walk.found)
}

impl Walk<'_, '_, '_> {
    /// Whether any child is a field of its own: has a partial name.
    fn children(&mut self, children: &Object, inherited: &Inherited, depth: usize) -> Result<bool, PdfError> {
        let children = match children {
            Object::Array(children) => children.as_slice(),
            Object::Null => &[],
            _ => {
                return Err(PdfError::Type {
                    what: "a form's Fields or Kids",
                    expected: "an array",
                });
            }
        };
        let limits = &self.view.file().reader.limits;
        if depth > limits.tree_depth {
            return Err(LimitReached {
                unit: "levels of form fields",
                allowed: limits.tree_depth as u64,
            }
            .into());
        }
        let mut any_field = false;
        for child in children {
            self.nodes += 1;
            if self.nodes > limits.tree_nodes {
                return Err(LimitReached {
                    unit: "form fields",
                    allowed: limits.tree_nodes as u64,
                }
                .into());
            }
            let object = child.as_reference();
            if object.is_some_and(|object| !self.seen.insert(object)) {
                continue;
            }
            match self.view.resolve(child)? {
                Object::Dictionary(dictionary) => any_field |= self.field(object, dictionary, inherited, depth)?,
                Object::Null => {}
                _ => {
                    return Err(PdfError::Type {
                        what: "a form field",
                        expected: "a dictionary",
                    });
                }
            }
        }
        Ok(any_field)
    }

    /// Visits a field or a widget; gives whether it has a partial name.
    fn field(
        &mut self,
        object: Option<Reference>,
        dictionary: Dictionary,
        inherited: &Inherited,
        depth: usize,
    ) -> Result<bool, PdfError> {
        let mut here = inherited.clone();
        let partial = self.view.get(&dictionary, "T")?;
        let partial = partial.as_string();
        here.name = self.names.below(&here.name, partial)?;
        if let Object::Name(kind) = self.view.get(&dictionary, "FT")? {
            here.is_signature = &kind == "Sig";
        }
        let value = match self.view.get(&dictionary, "V")? {
            Object::Null => None,
            _ => dictionary.get("V").cloned(),
        };
        // A widget that is an object of its own may have the value of its field as well.
        let is_again = partial.is_none() && value == inherited.value;
        here.value.clone_from(&value);
        let children = self.view.get(&dictionary, "Kids")?;
        let place = self.found.len();
        let has_fields = self.children(&children, &here, depth + 1)?;
        if here.is_signature && ((value.is_some() && !is_again) || (partial.is_some() && !has_fields)) {
            self.names.count(here.name.len())?;
            self.found.insert(
                place,
                FormField {
                    name: here.name.to_string(),
                    object,
                    value,
                    dictionary,
                },
            );
        }
        Ok(partial.is_some())
    }
}
