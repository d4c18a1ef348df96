//! Files that are attached to a document as a whole (ISO 32000-2 clause 7.11.4, `AF` of the catalog).

use crate::pdf::{Dictionary, Object, View};

/// The attached file of this name; `None` where there is none.
pub(super) fn attached(view: &View<'_, '_>, searched: &str) -> Option<Result<Vec<u8>, String>> {
    let catalog = view.catalog().ok()?;
    let Ok(Object::Array(files)) = view.get(&catalog, "AF") else {
        return None;
    };
    files.iter().take(super::evidence::MAX_OBJECTS).find_map(|entry| {
        let Ok(Object::Dictionary(specification)) = view.resolve(entry) else {
            return None;
        };
        let named = |key| {
            view.get(&specification, key)
                .ok()
                .and_then(|name| name.as_string().map(<[u8]>::to_vec))
        };
        let name = named("UF").or_else(|| named("F"))?;
        let name = view.file().text(&name).ok()?;
        (name == searched).then(|| embedded(view, &specification))
    })
}

fn embedded(view: &View<'_, '_>, specification: &Dictionary) -> Result<Vec<u8>, String> {
    let files = view.get(specification, "EF").map_err(|error| error.to_string())?;
    let files = files.as_dictionary().ok_or("the attachment has no file")?;
    match view.get(files, "F").map_err(|error| error.to_string())? {
        Object::Stream(stream) => view.decoded(&stream).map_err(|error| error.to_string()),
        _ => Err("the attachment is no stream".to_owned()),
    }
}
