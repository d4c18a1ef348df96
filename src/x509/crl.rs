//! Certificate revocation lists, read (RFC 5280 section 5).
//!
//! A list may have hundreds of thousands of entries: each is kept as an offset into the encoding and a few numbers,
//! sorted by serial number, and found by binary search.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::{CertificateRevocationList, RevokedCertificate};

use super::read::{Frame, certificate_issuer, extensions, part};
use super::serial::number;
use super::signed::{SignatureError, Signed, SignedDer, range_within};
use super::validity::from_asn1;
use super::{Extensions, Name, ReadError, RevocationReason, SerialNumber};
use crate::asn1::write::SEQUENCE;
use crate::asn1::{oid, walk};
use crate::crypto::PublicKey;

const WHAT: &str = "revocation list";

/// Largest list that is read, in bytes: a million entries of about 40 bytes, and half again.
pub const MAX_CRL_BYTES: usize = 64 * 1024 * 1024;

/// One revocation list: its bytes and everything they say. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Crl(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    signed: SignedDer,
    issuer: Name,
    this_update: DateTime<Utc>,
    next_update: Option<DateTime<Utc>>,
    extensions: Extensions,
    /// Sorted by the serial's octets, then as found.
    entries: Vec<Entry>,
    /// Names of `certificateIssuer` extensions, to which entries refer.
    certificate_issuers: Vec<Name>,
    unknown_critical_entry_extension: Option<String>,
}

/// One entry, small.
#[derive(Debug)]
struct Entry {
    serial: Range<u32>,
    revoked_at: DateTime<Utc>,
    invalidity_date: Option<DateTime<Utc>>,
    reason: Option<RevocationReason>,
    certificate_issuer: Option<u32>,
}

/// What a list says about one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokedEntry {
    /// The certificate's serial number.
    pub serial: SerialNumber,
    /// `revocationDate`: when the authority revoked it.
    pub revoked_at: DateTime<Utc>,
    /// `reasonCode`; [`RevocationReason::Unspecified`] when absent (RFC 5280 section 5.3.1).
    pub reason: RevocationReason,
    /// `invalidityDate`: when it is known or suspected to have become invalid, often before the revocation.
    pub invalidity_date: Option<DateTime<Utc>>,
}

impl Crl {
    /// Reads a list, which must be the whole of `der`.
    ///
    /// # Errors
    /// What is malformed, or which extension cannot be read; that an entry of a list which is not an indirect one names
    /// an issuer of its own (RFC 5280 section 5.3.3): whoever reads it as indirect would hold nobody for revoked.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadError> {
        let frame = Frame::read(der, WHAT, MAX_CRL_BYTES)?;
        let structure = |part| ReadError::Structure { what: WHAT, part };
        let (_, parsed) = CertificateRevocationList::from_der(der).map_err(|error| structure(part(&error)))?;
        let tbs = &parsed.tbs_cert_list;
        frame.check_inner_algorithm(der, usize::from(tbs.version.is_some()))?;
        let date = |time| from_asn1(time).ok_or(structure("thisUpdate or nextUpdate"));
        let mut entries = Entries::with_capacity(tbs.revoked_certificates.len());
        // The third SEQUENCE of the signed part, behind algorithm and issuer, is revokedCertificates where there are
        // any.
        let list = walk::children(der, frame.signed)
            .filter(|part| part.tag == SEQUENCE)
            .nth(2);
        let elements = list.into_iter().flat_map(|list| walk::children(der, list));
        for (element, entry) in elements.zip(&tbs.revoked_certificates) {
            // The parser passes over entry extensions that it cannot read.
            let parts = 2 + usize::from(!entry.extensions().is_empty());
            if walk::children(der, element).count() != parts {
                return Err(structure("crlEntryExtensions"));
            }
            entries.add(der, entry)?;
        }
        if entries.list.len() != tbs.revoked_certificates.len() {
            return Err(structure("revokedCertificates"));
        }
        let Entries {
            mut list,
            certificate_issuers,
            unknown_critical,
        } = entries;
        let extensions = extensions(tbs.extensions())?;
        let point = extensions.issuing_distribution_point.as_ref();
        if !certificate_issuers.is_empty() && !point.is_some_and(|point| point.value.indirect) {
            return Err(structure("certificateIssuer"));
        }
        list.sort_by(|a, b| serial_octets(der, a).cmp(serial_octets(der, b)));
        Ok(Self(Arc::new(Inner {
            signed: frame.signed_der(der),
            issuer: Name::from_parser(&tbs.issuer)?,
            this_update: date(tbs.this_update)?,
            next_update: tbs.next_update.map(date).transpose()?,
            extensions,
            entries: list,
            certificate_issuers,
            unknown_critical_entry_extension: unknown_critical,
        })))
    }

    /// The whole encoding.
    pub fn der(&self) -> &[u8] {
        self.0.signed.der()
    }

    /// The `tbsCertList`: what the signature covers.
    pub fn signed_part(&self) -> &[u8] {
        self.0.signed.signed_part()
    }

    /// The `AlgorithmIdentifier` of the signature.
    pub fn signature_algorithm(&self) -> &[u8] {
        self.0.signed.algorithm()
    }

    /// The signature's octets.
    pub fn signature(&self) -> &[u8] {
        self.0.signed.signature()
    }

    /// Who signed it.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When it was made.
    pub fn this_update(&self) -> DateTime<Utc> {
        self.0.this_update
    }

    /// When the next one will have been made, at the latest.
    pub fn next_update(&self) -> Option<DateTime<Utc>> {
        self.0.next_update
    }

    /// Its extensions; those of its entries are in the entries.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// `cRLNumber`: the content octets of the INTEGER, big endian.
    pub fn number(&self) -> Option<&[u8]> {
        self.extensions()
            .crl_number
            .as_ref()
            .map(|number| number.value.as_slice())
    }

    /// SHA-256 of the whole encoding.
    pub fn fingerprint(&self) -> &[u8; 32] {
        self.0.signed.fingerprint()
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether nothing is revoked.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// The identifier of a critical extension, of the list or of any entry, that this program does not know: nothing
    /// can be concluded from such a list (RFC 5280 sections 5.2 and 5.3).
    pub fn unknown_critical(&self) -> Option<&str> {
        self.extensions()
            .unknown_critical()
            .next()
            .or(self.0.unknown_critical_entry_extension.as_deref())
    }

    /// The entry for a certificate of `issuer` with this serial number. In an indirect list an entry belongs to the
    /// issuer that it, or the nearest entry before it, names (RFC 5280 section 5.3.3).
    pub fn entry(&self, issuer: &Name, serial: &SerialNumber) -> Option<RevokedEntry> {
        let entries = &self.0.entries;
        let wanted = serial.as_bytes();
        let first = entries.partition_point(|entry| serial_octets(self.der(), entry) < wanted);
        let own = entries[first..]
            .iter()
            .take_while(|entry| serial_octets(self.der(), entry) == wanted)
            .filter(|entry| self.issuer_of(entry) == issuer)
            .map(|entry| self.revoked(entry));
        // Of several, which a list should not have, one that revokes.
        own.min_by_key(|entry| entry.reason == RevocationReason::RemoveFromCrl)
    }

    /// All entries, by serial number.
    pub fn entries(&self) -> impl Iterator<Item = RevokedEntry> {
        self.0.entries.iter().map(|entry| self.revoked(entry))
    }

    /// Checks that `key` made the list's signature.
    ///
    /// # Errors
    /// The algorithm is not known, does not fit the key, or the signature does not match.
    pub fn verify_signed_by(&self, key: &PublicKey) -> Result<(), SignatureError> {
        self.0.signed.verify(key)
    }

    fn issuer_of(&self, entry: &Entry) -> &Name {
        entry
            .certificate_issuer
            .and_then(|index| self.0.certificate_issuers.get(index as usize))
            .unwrap_or(&self.0.issuer)
    }

    fn revoked(&self, entry: &Entry) -> RevokedEntry {
        RevokedEntry {
            serial: SerialNumber::from_content(serial_octets(self.der(), entry)),
            revoked_at: entry.revoked_at,
            reason: entry.reason.unwrap_or(RevocationReason::Unspecified),
            invalidity_date: entry.invalidity_date,
        }
    }
}

impl Signed for Crl {
    fn parts(&self) -> &SignedDer {
        &self.0.signed
    }
}

/// Lists are equal when their bytes are.
impl PartialEq for Crl {
    fn eq(&self, other: &Self) -> bool {
        self.der() == other.der()
    }
}

impl Eq for Crl {}

fn serial_octets<'a>(der: &'a [u8], entry: &Entry) -> &'a [u8] {
    der.get(entry.serial.start as usize..entry.serial.end as usize)
        .unwrap_or_default()
}

/// The entries as they are gathered.
struct Entries {
    list: Vec<Entry>,
    certificate_issuers: Vec<Name>,
    unknown_critical: Option<String>,
}

impl Entries {
    fn with_capacity(capacity: usize) -> Self {
        Self {
            list: Vec::with_capacity(capacity),
            certificate_issuers: Vec::new(),
            unknown_critical: None,
        }
    }

    fn add(&mut self, der: &[u8], parsed: &RevokedCertificate<'_>) -> Result<(), ReadError> {
        let date = |time| {
            from_asn1(time).ok_or(ReadError::Structure {
                what: WHAT,
                part: "revocationDate",
            })
        };
        let serial = range_within(der, number(parsed.raw_serial()));
        let mut entry = Entry {
            // Offsets fit 32 bits: MAX_CRL_BYTES is below four gigabytes.
            serial: u32::try_from(serial.start).unwrap_or(0)..u32::try_from(serial.end).unwrap_or(0),
            revoked_at: date(parsed.revocation_date)?,
            invalidity_date: None,
            reason: None,
            // RFC 5280 section 5.3.3: without the extension the issuer is that of the entry before.
            certificate_issuer: self.list.last().and_then(|last| last.certificate_issuer),
        };
        for extension in parsed.extensions() {
            let unreadable = || ReadError::Extension {
                oid: extension.oid.to_id_string(),
            };
            match extension.parsed_extension() {
                ParsedExtension::ReasonCode(code) => {
                    entry.reason = Some(RevocationReason::from_code(code.0).ok_or_else(unreadable)?);
                }
                ParsedExtension::InvalidityDate(time) => entry.invalidity_date = Some(date(*time)?),
                _ if extension.oid.as_bytes() == oid::CERTIFICATE_ISSUER.as_bytes() => {
                    let name = certificate_issuer(extension.value).ok_or_else(unreadable)?;
                    entry.certificate_issuer = u32::try_from(self.certificate_issuers.len()).ok();
                    self.certificate_issuers.push(name);
                }
                ParsedExtension::ParseError { .. } => return Err(unreadable()),
                _ if extension.critical && self.unknown_critical.is_none() => {
                    self.unknown_critical = Some(extension.oid.to_id_string());
                }
                _ => {}
            }
            walk::check(extension.value).map_err(|_| unreadable())?;
        }
        self.list.push(entry);
        Ok(())
    }
}
