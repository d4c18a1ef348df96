//! What a seal says: `SES_SealInfo` (GB/T 38540), read and written.

use chrono::{DateTime, SubsecRound, Utc};
use der::Tag;
use der::asn1::ObjectIdentifier;

use super::{SealError, SealFault, read};
use crate::asn1::oid;
use crate::asn1::read::{Reader, context};
use crate::asn1::write::{self, Writer, encode};
use crate::crypto::{Digest, DigestAlgorithm};

/// `SES_Header.id` (GB/T 38540).
const HEADER_ID: &str = "ES";
/// Most certificates or digests in the list of signers. An office has a few dozen seal keepers.
pub const MAX_SIGNERS: usize = 1024;
/// Most extensions of a seal or of a signature. Those met have one.
pub const MAX_EXTENSIONS: usize = 32;

/// Which edition of the standard an object follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealVersion {
    /// GM/T 0031-2014.
    V1,
    /// GB/T 38540-2020.
    V4,
    /// GM/T 0031-2025.
    V5,
}

/// Whose seal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealKind {
    /// 1: an organisation's.
    Organisation,
    /// 2: a person's.
    Personal,
    /// A value that the business defines.
    Other(u32),
}

/// Who may sign with a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerList {
    /// Type 1: the certificates themselves, DER.
    Certificates(Vec<Vec<u8>>),
    /// Type 2: name of the digest algorithm and digest of each certificate.
    Digests(Vec<(String, Vec<u8>)>),
}

/// The picture of a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealImage {
    /// Format: `SVGZ` (SVG in gzip), `SVG`, `PNG`.
    pub format: String,
    /// The picture's bytes.
    pub data: Vec<u8>,
    /// Width in millimetres.
    pub width_mm: u32,
    /// Height in millimetres.
    pub height_mm: u32,
}

/// One entry of `ExtensionDatas`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealExtension {
    /// What it is.
    pub id: ObjectIdentifier,
    /// Whether who does not know it must refuse.
    pub critical: bool,
    /// Its value.
    pub value: Vec<u8>,
}

/// Everything that a seal's maker signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealInfo {
    /// Edition of the standard.
    pub version: SealVersion,
    /// Identifier of the maker's product, ASCII.
    pub vendor: String,
    /// Identifier of the seal (`esID`), ASCII.
    pub id: String,
    /// Whose it is.
    pub kind: SealKind,
    /// Its name.
    pub name: String,
    /// Who may sign with it.
    pub signers: SignerList,
    /// When it was made, to the second.
    pub created: DateTime<Utc>,
    /// First moment of its validity, to the second.
    pub valid_from: DateTime<Utc>,
    /// Last moment of its validity, to the second.
    pub valid_until: DateTime<Utc>,
    /// Its picture.
    pub image: SealImage,
    /// Further data.
    pub extensions: Vec<SealExtension>,
}

impl SealVersion {
    /// `SES_Header.version`.
    pub fn number(self) -> u32 {
        match self {
            Self::V1 => 1,
            Self::V4 => 4,
            Self::V5 => 5,
        }
    }

    /// The edition of a header's number; numbers below 4 are of the first.
    pub fn from_number(number: u32) -> Result<Self, SealError> {
        match number {
            1..=3 => Ok(Self::V1),
            4 => Ok(Self::V4),
            5 => Ok(Self::V5),
            other => Err(SealError::UnknownVersion(other)),
        }
    }
}

impl SealKind {
    fn number(self) -> u32 {
        match self {
            Self::Organisation => 1,
            Self::Personal => 2,
            Self::Other(number) => number,
        }
    }
}

impl SignerList {
    /// The list of type 2, by SM3, which keeps a seal small.
    pub fn of<'a>(certificates: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let sm3 = DigestAlgorithm::Sm3;
        let entry = |der| (sm3.name().to_owned(), sm3.digest(der).as_ref().to_vec());
        Self::Digests(certificates.into_iter().map(entry).collect())
    }

    /// Checks that a certificate (DER) is listed.
    ///
    /// # Errors
    /// [`SealFault::SignerNotListed`], or [`SealFault::UnknownListDigest`] where only that kept it from being found.
    pub fn check(&self, certificate: &[u8]) -> Result<(), SealFault> {
        match self {
            Self::Certificates(list) if list.iter().any(|listed| listed == certificate) => Ok(()),
            Self::Certificates(_) => Err(SealFault::SignerNotListed),
            Self::Digests(_) if self.listing_digests(certificate).next().is_some() => Ok(()),
            Self::Digests(list) => {
                let unknown = list.iter().find(|(name, _)| digest_algorithm(name).is_none());
                Err(unknown.map_or(SealFault::SignerNotListed, |(name, _)| {
                    SealFault::UnknownListDigest(name.clone())
                }))
            }
        }
    }

    /// The digest algorithm by which a certificate (DER) is listed, where nothing better than one that no signature may
    /// rest on lists it.
    pub fn weak_listing(&self, certificate: &[u8]) -> Option<DigestAlgorithm> {
        let mut weak = None;
        for algorithm in self.listing_digests(certificate) {
            if algorithm.is_trusted() {
                return None;
            }
            weak = Some(algorithm);
        }
        weak
    }

    /// The algorithms by whose digest a certificate is listed, each digested once, however long the list.
    fn listing_digests(&self, certificate: &[u8]) -> impl Iterator<Item = DigestAlgorithm> {
        let list: &[(String, Vec<u8>)] = match self {
            Self::Certificates(_) => &[],
            Self::Digests(list) => list,
        };
        let mut digests: Vec<(DigestAlgorithm, Digest)> = Vec::new();
        list.iter().filter_map(move |(name, listed)| {
            let algorithm = digest_algorithm(name)?;
            let known = digests.iter().find(|(known, _)| *known == algorithm);
            let digest = match known {
                Some((_, digest)) => *digest,
                None => {
                    let digest = algorithm.digest(certificate);
                    digests.push((algorithm, digest));
                    digest
                }
            };
            (digest.as_ref() == listed).then_some(algorithm)
        })
    }

    fn len(&self) -> usize {
        match self {
            Self::Certificates(list) => list.len(),
            Self::Digests(list) => list.len(),
        }
    }
}

/// The algorithm that a `CertDigestObj.type` names: by its identifier, or by its name with or without hyphen. MD5 tells
/// no two certificates apart.
fn digest_algorithm(name: &str) -> Option<DigestAlgorithm> {
    if let Ok(oid) = ObjectIdentifier::new(name) {
        return DigestAlgorithm::from_oid(&oid).filter(|algorithm| *algorithm != DigestAlgorithm::Md5);
    }
    let plain = |text: &str| text.replace('-', "").to_ascii_uppercase();
    [
        DigestAlgorithm::Sm3,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ]
    .into_iter()
    .find(|algorithm| plain(algorithm.name()) == plain(name))
}

impl SealExtension {
    /// The extension that names the seal's owner by its unified social credit code, as certificates do (GM/T 0015).
    pub fn credit_code(code: &str) -> Self {
        let value = encode(|w| w.primitive(write::PRINTABLE_STRING, code.as_bytes()));
        Self {
            id: oid::CREDIT_CODE,
            critical: false,
            value,
        }
    }
}

impl SealInfo {
    /// The unified social credit code of the owner, where the seal has it.
    pub fn owner(&self) -> Option<String> {
        self.owners().next().flatten()
    }

    /// What each extension says that names the owner; `None` where it cannot be read.
    fn owners(&self) -> impl Iterator<Item = Option<String>> {
        let naming = self.extensions.iter();
        let naming = naming.filter(|extension| extension.id == oid::CREDIT_CODE);
        naming.map(|extension| {
            let mut r = Reader::new(&extension.value).ok()?;
            let tag = if r.next_is(Tag::Utf8String) {
                Tag::Utf8String
            } else {
                Tag::PrintableString
            };
            r.string(tag).ok().map(str::to_owned)
        })
    }

    /// Checks that the extensions leave nothing open: that none is critical and unknown, and that they name one owner
    /// at most, as certificates do (GB 32100 section 4), by characters that look like no others.
    ///
    /// # Errors
    /// [`SealFault::CriticalExtension`], [`SealFault::Owners`].
    pub(super) fn check_extensions(&self) -> Result<(), SealFault> {
        check_critical(&self.extensions, &[oid::CREDIT_CODE])?;
        let mut owners = self.owners();
        let Some(first) = owners.next() else { return Ok(()) };
        let is_plain = first
            .as_ref()
            .is_none_or(|code| code.bytes().all(|octet| octet.is_ascii_graphic()));
        match is_plain && owners.all(|owner| owner == first) {
            true => Ok(()),
            false => Err(SealFault::Owners),
        }
    }

    /// Checks what a seal of ours must hold before it is signed.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub(super) fn check(&self) -> Result<(), SealError> {
        if self.version != SealVersion::V4 {
            return Err(SealError::Version(self.version));
        }
        for (field, value) in [
            ("esID", &self.id),
            ("vid", &self.vendor),
            ("picture.type", &self.image.format),
        ] {
            let text = |rule| {
                Err(SealError::Text {
                    field,
                    value: value.clone(),
                    rule,
                })
            };
            match value.as_str() {
                "" => return text("is empty"),
                value if !value.bytes().all(|byte| byte.is_ascii_graphic()) => {
                    return text("is not made of visible ASCII characters");
                }
                _ => {}
            }
        }
        if self.name.trim().is_empty() {
            return Err(SealError::Text {
                field: "name",
                value: self.name.clone(),
                rule: "is empty",
            });
        }
        if self.valid_until < self.valid_from {
            let (valid_from, valid_until) = (self.valid_from, self.valid_until);
            return Err(SealError::Dates {
                valid_from,
                valid_until,
            });
        }
        if self.signers.len() == 0 {
            return Err(SealError::NoSigners);
        }
        SealError::budget("signers", self.signers.len(), MAX_SIGNERS)
    }

    /// Reads `SES_SealInfo` from its DER.
    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, SealError> {
        let (version, vendor) = r.sequence(header)?;
        let id = r.string(Tag::Ia5String)?.to_owned();
        let property = r.sequence(Property::read)?;
        let image = r.sequence(|r| {
            let format = r.string(Tag::Ia5String)?.to_owned();
            let data = r.octet_string()?.to_vec();
            let (width_mm, height_mm) = (r.small_unsigned()?, r.small_unsigned()?);
            Ok::<_, SealError>(SealImage {
                format,
                data,
                width_mm,
                height_mm,
            })
        })?;
        let extensions = optional_extensions(r)?;
        let Property {
            kind,
            name,
            signers,
            created,
            valid_from,
            valid_until,
        } = property;
        Ok(Self {
            version,
            vendor,
            id,
            kind,
            name,
            signers,
            created,
            valid_from,
            valid_until,
            image,
            extensions,
        })
    }

    /// Its DER.
    pub(super) fn to_der(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(512 + self.image.data.len());
        w.sequence(|w| {
            w.sequence(|w| {
                w.primitive(write::IA5_STRING, HEADER_ID.as_bytes());
                w.unsigned(self.version.number().into());
                w.primitive(write::IA5_STRING, self.vendor.as_bytes());
            });
            w.primitive(write::IA5_STRING, self.id.as_bytes());
            w.sequence(|w| self.write_property(w));
            w.sequence(|w| {
                w.primitive(write::IA5_STRING, self.image.format.as_bytes());
                w.octet_string(&self.image.data);
                w.unsigned(self.image.width_mm.into());
                w.unsigned(self.image.height_mm.into());
            });
            if !self.extensions.is_empty() {
                write_extensions(w, &self.extensions);
            }
        });
        w.into_bytes()
    }

    /// `SES_ESPropertyInfo` (GB/T 38540).
    fn write_property(&self, w: &mut Writer) {
        w.unsigned(self.kind.number().into());
        w.primitive(write::UTF8_STRING, self.name.as_bytes());
        match &self.signers {
            SignerList::Certificates(list) => {
                w.unsigned(1);
                w.sequence(|w| list.iter().for_each(|der| w.octet_string(der)));
            }
            SignerList::Digests(list) => {
                w.unsigned(2);
                w.sequence(|w| {
                    for (name, digest) in list {
                        w.sequence(|w| {
                            w.primitive(write::PRINTABLE_STRING, name.as_bytes());
                            w.octet_string(digest);
                        });
                    }
                });
            }
        }
        for time in [self.created, self.valid_from, self.valid_until] {
            w.generalized_time(time.trunc_subsecs(0));
        }
    }
}

/// `SES_ESPropertyInfo`.
struct Property {
    kind: SealKind,
    name: String,
    signers: SignerList,
    created: DateTime<Utc>,
    valid_from: DateTime<Utc>,
    valid_until: DateTime<Utc>,
}

impl Property {
    fn read(r: &mut Reader<'_>) -> Result<Self, SealError> {
        let kind = match r.small_unsigned()? {
            1 => SealKind::Organisation,
            2 => SealKind::Personal,
            other => SealKind::Other(other),
        };
        let name = if r.next_is(Tag::PrintableString) {
            r.string(Tag::PrintableString)?
        } else {
            r.string(Tag::Utf8String)?
        };
        let name = name.to_owned();
        let certificates = |r: &mut Reader<'_>| list(r, |r| Ok(r.octet_string()?.to_vec()));
        // GM/T 0031-2014 lists certificates and says nothing of a kind of list.
        let kind_of_list = if r.next_is(Tag::Sequence) {
            1
        } else {
            r.small_unsigned()?
        };
        let signers = match kind_of_list {
            1 => SignerList::Certificates(r.sequence(certificates)?),
            2 => SignerList::Digests(r.sequence(|r| {
                list(r, |r| {
                    r.sequence(|r| Ok((r.string(Tag::PrintableString)?.to_owned(), r.octet_string()?.to_vec())))
                })
            })?),
            other => {
                let value = other.to_string();
                return Err(SealError::Text {
                    field: "certListType",
                    value,
                    rule: "is neither 1 nor 2",
                });
            }
        };
        let (created, valid_from, valid_until) = (read::time(r)?, read::time(r)?, read::time(r)?);
        Ok(Self {
            kind,
            name,
            signers,
            created,
            valid_from,
            valid_until,
        })
    }
}

/// `SES_Header` (GB/T 38540).
fn header(r: &mut Reader<'_>) -> Result<(SealVersion, String), SealError> {
    let id = r.string(Tag::Ia5String)?;
    if id != HEADER_ID {
        return Err(SealError::Text {
            field: "header.id",
            value: id.to_owned(),
            rule: "is not \"ES\"",
        });
    }
    let version = SealVersion::from_number(r.small_unsigned()?)?;
    Ok((version, r.string(Tag::Ia5String)?.to_owned()))
}

/// Entries of `SES_CertList`, within the budget.
fn list<T>(
    r: &mut Reader<'_>,
    mut entry: impl FnMut(&mut Reader<'_>) -> Result<T, SealError>,
) -> Result<Vec<T>, SealError> {
    let mut entries = Vec::new();
    while !r.is_empty() {
        SealError::budget("signers", entries.len() + 1, MAX_SIGNERS)?;
        entries.push(entry(r)?);
    }
    Ok(entries)
}

/// The extensions that may follow: untagged in seals and tagged in signatures by the standard, either way in real
/// files.
pub(super) fn optional_extensions(r: &mut Reader<'_>) -> Result<Vec<SealExtension>, SealError> {
    if r.next_is(context(0, true)) {
        r.nested(context(0, true), |r| r.sequence(read_extensions))
    } else if r.next_is(Tag::Sequence) {
        r.sequence(read_extensions)
    } else {
        Ok(Vec::new())
    }
}

/// Checks that no extension is critical but those that are processed.
pub(super) fn check_critical(extensions: &[SealExtension], processed: &[ObjectIdentifier]) -> Result<(), SealFault> {
    let unknown = |extension: &&SealExtension| extension.critical && !processed.contains(&extension.id);
    match extensions.iter().find(unknown) {
        None => Ok(()),
        Some(extension) => Err(SealFault::CriticalExtension(extension.id)),
    }
}

/// Entries of `ExtensionDatas`. Samples write `critical` FALSE although it is the default.
fn read_extensions(r: &mut Reader<'_>) -> Result<Vec<SealExtension>, SealError> {
    let mut entries = Vec::new();
    while !r.is_empty() {
        SealError::budget("extensions", entries.len() + 1, MAX_EXTENSIONS)?;
        entries.push(r.sequence(|r| {
            let id = r.oid()?;
            let critical = r.next_is(Tag::Boolean) && r.boolean()?;
            Ok::<_, SealError>(SealExtension {
                id,
                critical,
                value: r.octet_string()?.to_vec(),
            })
        })?);
    }
    Ok(entries)
}

/// `ExtensionDatas`.
pub(super) fn write_extensions(w: &mut Writer, extensions: &[SealExtension]) {
    w.sequence(|w| {
        for extension in extensions {
            w.sequence(|w| {
                w.oid(extension.id);
                if extension.critical {
                    w.boolean_true();
                }
                w.octet_string(&extension.value);
            });
        }
    });
}
