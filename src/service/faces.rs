//! The faces of the licence types, with the fonts that fill them: read and baked once, when one is first needed. Fonts
//! are large, and whoever verifies or seals what is brought needs none.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::draw::FontSet;
use crate::face::Face;
use crate::licence::catalogue::{Catalogue, TypeFolder, embedded_folders};
use crate::service::LicenceTypeFolder;
use crate::service::error::{ServiceError, ServiceResult};

/// Font files by name.
pub type NamedFonts = Vec<(String, Arc<[u8]>)>;

/// Reads the fonts of an installation.
pub type FontLoader = Box<dyn Fn() -> ServiceResult<NamedFonts> + Send + Sync>;

/// The faces and fonts.
pub(super) struct Faces {
    types: Catalogue,
    /// `None` for those built in.
    folders: Option<Vec<LicenceTypeFolder>>,
    load: FontLoader,
    baked: OnceLock<Baked>,
    /// Held while they are made, so that they are made once.
    baking: Mutex<()>,
}

struct Baked {
    fonts: FontSet,
    by_slug: HashMap<String, Face>,
}

impl Faces {
    /// The faces of the types of these folders, not made yet.
    ///
    /// # Errors
    /// Where a type cannot be used.
    pub(super) fn new(folders: Option<Vec<LicenceTypeFolder>>, load: FontLoader) -> ServiceResult<Self> {
        let types = Catalogue::from_folders(borrowed(folders.as_deref()))
            .map_err(|error| ServiceError::refused_because("licence-type-unusable", error))?;
        Ok(Self {
            types,
            folders,
            load,
            baked: OnceLock::new(),
            baking: Mutex::default(),
        })
    }

    /// The types.
    pub(super) fn types(&self) -> &Catalogue {
        &self.types
    }

    /// The face of a type.
    ///
    /// # Errors
    /// Where it has none, or as [`Self::fonts`].
    pub(super) fn face(&self, slug: &str) -> ServiceResult<&Face> {
        let face = self.baked()?.by_slug.get(slug);
        face.ok_or_else(|| ServiceError::not_found("face of licence type", slug))
    }

    /// The fonts.
    ///
    /// # Errors
    /// Where one cannot be used, or the face of a type.
    pub(super) fn fonts(&self) -> ServiceResult<&FontSet> {
        Ok(&self.baked()?.fonts)
    }

    fn baked(&self) -> ServiceResult<&Baked> {
        if let Some(baked) = self.baked.get() {
            return Ok(baked);
        }
        // It guards nothing that a panic could leave half-made.
        let _baking = self.baking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(baked) = self.baked.get() {
            return Ok(baked);
        }
        let baked = self.bake()?;
        Ok(self.baked.get_or_init(|| baked))
    }

    fn bake(&self) -> ServiceResult<Baked> {
        let fonts = FontSet::load((self.load)()?);
        let fonts = fonts.map_err(|error| ServiceError::refused_because("font-unusable", error))?;
        let mut by_slug = HashMap::new();
        for folder in borrowed(self.folders.as_deref()) {
            let (Some(face_toml), Some(art_svg)) = (folder.face_toml, folder.art_svg) else {
                continue;
            };
            if let Some(licence_type) = self.types.by_slug(folder.slug) {
                let face = Face::bake(licence_type, face_toml, art_svg, &fonts).map_err(ServiceError::explained)?;
                by_slug.insert(folder.slug.to_owned(), face);
            }
        }
        Ok(Baked { fonts, by_slug })
    }
}

fn borrowed(folders: Option<&[LicenceTypeFolder]>) -> Vec<TypeFolder<'_>> {
    match folders {
        Some(folders) => folders.iter().map(LicenceTypeFolder::borrowed).collect(),
        None => embedded_folders(),
    }
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
