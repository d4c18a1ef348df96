//! The catalogue of licence types (证照目录, GB/T 36902): built from folders, found by slug or by type code.
//!
//! The folders of `templates/types` travel inside the program; a service may be given others.

use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::licence::application::Application;
use crate::licence::licence_type::{LicenceType, LicenceTypeError};
use crate::licence::rule::Invalid;
use crate::licence::type_code::TypeCode;
use crate::licence::validate::unknown_type;

/// The texts of one licence type's folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeFolder<'a> {
    /// Name of the folder.
    pub slug: &'a str,
    /// The type: [`LicenceType::from_toml`] reads it.
    pub type_toml: &'a str,
    /// The layout of its face.
    pub face_toml: Option<&'a str>,
    /// The art of its face.
    pub art_svg: Option<&'a str>,
}

/// All licence types of an installation, in the order of their slugs.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    types: Vec<Arc<LicenceType>>,
}

/// Why folders make no catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// One type is wrong.
    #[error(transparent)]
    Type(#[from] LicenceTypeError),
    /// Two types have the same slug.
    #[error("two folders are named {slug}")]
    SlugTwice {
        /// The slug.
        slug: String,
    },
    /// Two types have the same code.
    #[error("{first} and {second} have the same type code {code}")]
    CodeTwice {
        /// The code.
        code: TypeCode,
        /// One slug.
        first: String,
        /// The other.
        second: String,
    },
}

impl Catalogue {
    /// Reads the types of `folders`.
    pub fn from_folders<'a>(folders: impl IntoIterator<Item = TypeFolder<'a>>) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::default();
        for folder in folders {
            let read = LicenceType::from_toml(folder.slug, folder.type_toml)?;
            if catalogue.by_slug(&read.slug).is_some() {
                return Err(CatalogueError::SlugTwice { slug: read.slug });
            }
            if let Some(first) = catalogue.by_code(read.code()) {
                let (code, first) = (read.code(), first.slug.clone());
                return Err(CatalogueError::CodeTwice {
                    code,
                    first,
                    second: read.slug,
                });
            }
            catalogue.types.push(Arc::new(read));
        }
        catalogue.types.sort_by(|left, right| left.slug.cmp(&right.slug));
        Ok(catalogue)
    }

    /// Every type.
    pub fn types(&self) -> &[Arc<LicenceType>] {
        &self.types
    }

    /// The names of the folders of all types.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.types.iter().map(|known| known.slug.as_str())
    }

    /// The type whose folder has that name.
    pub fn by_slug(&self, slug: &str) -> Option<&Arc<LicenceType>> {
        self.types.iter().find(|known| known.slug == slug)
    }

    /// The type with that code.
    pub fn by_code(&self, code: TypeCode) -> Option<&Arc<LicenceType>> {
        self.types.iter().find(|known| known.code() == code)
    }

    /// The type that an application names, by slug or by code.
    pub fn of(&self, application: &Application) -> Result<&Arc<LicenceType>, Invalid> {
        let name = application.licence_type.trim();
        self.by_slug(name)
            .or_else(|| name.parse().ok().and_then(|code| self.by_code(code)))
            .ok_or_else(|| unknown_type(application))
    }
}

/// The folders that travel inside the program, in the order of their names.
pub fn embedded_folders() -> Vec<TypeFolder<'static>> {
    let text = |folder: &'static Dir<'static>, name: &str| {
        folder
            .files()
            .find(|file| file.path().file_name().is_some_and(|own| own == name))?
            .contents_utf8()
    };
    let read = |folder: &'static Dir<'static>| {
        Some(TypeFolder {
            slug: folder.path().file_name()?.to_str()?,
            type_toml: text(folder, "type.toml")?,
            face_toml: text(folder, "face.toml"),
            art_svg: text(folder, "art.svg"),
        })
    };
    let mut folders: Vec<_> = FOLDERS.dirs().filter_map(read).collect();
    folders.sort_by_key(|folder| folder.slug);
    folders
}

/// The catalogue of the types that travel inside the program.
pub fn embedded() -> Result<Catalogue, CatalogueError> {
    Catalogue::from_folders(embedded_folders())
}

static FOLDERS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates/types");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licence::licence_type::CodeSource;

    #[test]
    fn nine_types_travel_inside_and_are_right() {
        let catalogue = embedded().unwrap();
        let slugs: Vec<_> = catalogue.types().iter().map(|known| known.slug.as_str()).collect();
        assert_eq!(
            slugs,
            [
                "business-licence",
                "construction-permit",
                "disability-certificate",
                "food-business-permit",
                "medical-institution-licence",
                "private-school-permit",
                "real-estate-title",
                "residence-permit",
                "road-transport-permit",
            ]
        );
    }

    #[test]
    fn only_published_codes_are_called_national() {
        let catalogue = embedded().unwrap();
        let national = catalogue
            .types()
            .iter()
            .filter(|known| known.catalogue.code_source == CodeSource::National);
        let codes: Vec<_> = national.map(|known| known.code().to_string()).collect();
        assert_eq!(
            codes,
            [
                "11100000MB0143028R001",
                "11100000MB03271699001",
                "11100000000019713D008"
            ]
        );
    }

    #[test]
    fn a_type_is_found_by_slug_and_by_code() {
        let catalogue = embedded().unwrap();
        let of = |name: &str| {
            catalogue.of(&Application {
                licence_type: name.into(),
                ..Application::default()
            })
        };
        assert_eq!(of("real-estate-title").unwrap().catalogue.name.zh, "不动产权证书");
        assert_eq!(of("11100000MB03271699001").unwrap().slug, "real-estate-title");
        assert_eq!(of("driving-licence").unwrap_err().0[0].rule.code(), "type-unknown");
    }

    #[test]
    fn a_slug_or_code_that_comes_twice_is_refused() {
        let folder = embedded_folders()[0];
        let again = TypeFolder {
            slug: "another",
            ..folder
        };
        assert!(matches!(
            Catalogue::from_folders([folder, again]),
            Err(CatalogueError::CodeTwice { .. })
        ));
        assert!(matches!(
            Catalogue::from_folders([folder, folder]),
            Err(CatalogueError::SlugTwice { .. })
        ));
    }
}
