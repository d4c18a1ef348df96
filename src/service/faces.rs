//! The faces of the licence types, baked once, with the fonts that fill them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::draw::FontSet;
use crate::face::Face;
use crate::licence::catalogue::{Catalogue, TypeFolder, embedded_folders};
use crate::service::LicenceTypeFolder;
use crate::service::error::{ServiceError, ServiceResult};

/// The faces by slug of their type.
pub(super) struct Faces {
    pub(super) fonts: FontSet,
    by_slug: HashMap<String, Face>,
}

impl Faces {
    /// The face of a type.
    pub(super) fn face(&self, slug: &str) -> ServiceResult<&Face> {
        self.by_slug
            .get(slug)
            .ok_or_else(|| ServiceError::not_found("face of licence type", slug))
    }
}

/// Reads the types and bakes their faces.
pub(super) fn load(
    folders: Option<&[LicenceTypeFolder]>,
    fonts: Vec<(String, Arc<[u8]>)>,
) -> ServiceResult<(Catalogue, Faces)> {
    let fonts = FontSet::load(fonts).map_err(|error| ServiceError::refused_because("font-unusable", error))?;
    let folders: Vec<TypeFolder<'_>> = match folders {
        Some(folders) => folders.iter().map(LicenceTypeFolder::borrowed).collect(),
        None => embedded_folders(),
    };
    let faced: Vec<(String, &str, &str)> = folders
        .iter()
        .filter_map(|folder| Some((folder.slug.to_owned(), folder.face_toml?, folder.art_svg?)))
        .collect();
    let types = Catalogue::from_folders(folders)
        .map_err(|error| ServiceError::refused_because("licence-type-unusable", error))?;
    let mut by_slug = HashMap::new();
    for (slug, face_toml, art_svg) in faced {
        if let Some(licence_type) = types.by_slug(&slug) {
            let face = Face::bake(licence_type, face_toml, art_svg, &fonts).map_err(ServiceError::explained)?;
            by_slug.insert(slug, face);
        }
    }
    Ok((types, Faces { fonts, by_slug }))
}

impl LicenceTypeFolder {
    fn borrowed(&self) -> TypeFolder<'_> {
        TypeFolder {
            slug: &self.slug,
            type_toml: &self.type_toml,
            face_toml: Some(&self.face_toml),
            art_svg: Some(&self.art_svg),
        }
    }
}
