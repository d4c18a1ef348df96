//! Signatures made by hand: any dictionary on any document, and any message with the signer's own key, so that what is
//! refused is refused for its form alone.

use std::rc::Rc;
use std::sync::Arc;

use yinxin::asn1::oid;
use yinxin::asn1::write::{self, context, encode};
use yinxin::cms::Form;
use yinxin::cms::attribute::{Attribute, content_type, message_digest, signing_certificate_v2};
use yinxin::cms::build::{Content, SigningIdentity};
use yinxin::crypto::key::Signer;
use yinxin::crypto::{Digest, DigestAlgorithm};
use yinxin::pdf::signature::reserve;
use yinxin::pdf::{Dictionary, Limits, Object, PdfFile, Reference};
use yinxin::x509::Certificate;

use super::tool::updates::appearance;
use crate::support::city::Holder;

/// Room for a signature in bytes.
const ROOM: usize = 6_000;

/// What a signature says of later changes.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// An approval without rules.
    Approval,
    /// A certification of that permission.
    Certification(i64),
    /// An approval that locks all fields, or those beside one.
    Locking(Option<&'static str>),
}

/// Where a forged signature is shown.
#[derive(Clone, Copy)]
pub(crate) enum Spot {
    /// In a new field, which shows nothing.
    Nowhere,
    /// In a new field with these corners, whose picture covers what is below it.
    New([i64; 4]),
    /// In the empty field that is this object, with such a picture.
    Waiting(u32),
}

/// A document signed without looking at it: an invisible field on its first page.
pub(crate) fn sign(document: &[u8], identity: &SigningIdentity, kind: Kind) -> Vec<u8> {
    sign_at(document, identity, kind, Spot::Nowhere)
}

/// The same at a spot of the first page.
pub(crate) fn sign_at(document: &[u8], identity: &SigningIdentity, kind: Kind, spot: Spot) -> Vec<u8> {
    sign_in(document, identity, kind, spot, None)
}

/// The same with a dictionary of that number, which may be taken; of a fresh one where it is left out.
pub(crate) fn sign_in(
    document: &[u8],
    identity: &SigningIdentity,
    kind: Kind,
    spot: Spot,
    number: Option<Reference>,
) -> Vec<u8> {
    let file = PdfFile::open(&document, &Limits::UPLOAD).unwrap();
    let view = file.latest();
    let mut update = file.update().unwrap();
    let signature = number.unwrap_or_else(|| update.allocate());
    let waiting = match spot {
        Spot::Waiting(number) => Some(Reference::new(number)),
        Spot::Nowhere | Spot::New(_) => None,
    };
    let field = waiting.unwrap_or_else(|| update.allocate());
    let mut catalog = view.catalog().unwrap();
    let page = Reference::new(3);
    let mut entries = view.object(page).unwrap().value.as_dictionary().unwrap().clone();
    let mut annotations = entries
        .get("Annots")
        .and_then(Object::as_array)
        .unwrap_or_default()
        .to_vec();
    if waiting.is_none() {
        annotations.push(Object::Reference(field));
        entries.set("Annots", Object::Array(annotations));
        update.put(page, &Object::Dictionary(entries)).unwrap();
    }
    let name = format!("Seal{}", signature.number);
    let corners = match spot {
        Spot::New(corners) => corners,
        Spot::Nowhere | Spot::Waiting(_) => [0; 4],
    };
    let mut widget = Dictionary::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::String(name.into_bytes()))
        .with("F", Object::Integer(132))
        .with("Rect", Object::Array(corners.map(Object::Integer).to_vec()))
        .with("P", Object::Reference(page));
    if let Some(waiting) = waiting {
        widget = view.object(waiting).unwrap().value.as_dictionary().unwrap().clone();
    }
    widget.set("V", Object::Reference(signature));
    if !matches!(spot, Spot::Nowhere) {
        let picture = update.add(&appearance()).unwrap();
        let states = Dictionary::new().with("N", Object::Reference(picture));
        widget.set("AP", Object::Dictionary(states));
    }
    update.put(field, &Object::Dictionary(widget)).unwrap();

    let mut form = match view.get(&catalog, "AcroForm").unwrap() {
        Object::Dictionary(form) => form,
        _ => Dictionary::new(),
    };
    let mut fields = form
        .get("Fields")
        .and_then(Object::as_array)
        .unwrap_or_default()
        .to_vec();
    if waiting.is_none() {
        fields.push(Object::Reference(field));
    }
    form.set("Fields", Object::Array(fields));
    form.set("SigFlags", Object::Integer(3));
    if let Some(holder) = catalog.get("AcroForm").and_then(Object::as_reference) {
        update.put(holder, &Object::Dictionary(form)).unwrap();
    } else {
        catalog.set("AcroForm", Object::Dictionary(form));
    }
    if matches!(kind, Kind::Certification(_)) {
        let named = Dictionary::new().with("DocMDP", Object::Reference(signature));
        catalog.set("Perms", Object::Dictionary(named));
    }
    let root = view.revision().root().unwrap();
    update.put(root, &Object::Dictionary(catalog)).unwrap();
    let mut entries = Dictionary::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"));
    if let Some(transform) = transform(kind) {
        entries.set("Reference", Object::Array(vec![Object::Dictionary(transform)]));
    }
    let reserved = reserve(update, signature, &entries, ROOM, &[7; 16]).unwrap();
    let [first, second] = reserved.signed_bytes();
    let mut hasher = identity.digest().hasher();
    [document, first, second].iter().for_each(|part| hasher.update(part));
    let message = identity
        .sign(Form::Pkcs7, Content::Detached(&hasher.finish()), &[])
        .unwrap();
    [document, &reserved.fill(&message.finish(&[])).unwrap()].concat()
}

fn transform(kind: Kind) -> Option<Dictionary> {
    let (method, parameters) = match kind {
        Kind::Approval => return None,
        Kind::Certification(permission) => ("DocMDP", Dictionary::new().with("P", Object::Integer(permission))),
        Kind::Locking(None) => ("FieldMDP", Dictionary::new().with("Action", Object::name("All"))),
        Kind::Locking(Some(open)) => {
            let open = Object::Array(vec![Object::String(open.as_bytes().to_vec())]);
            let parameters = Dictionary::new().with("Action", Object::name("Exclude"));
            ("FieldMDP", parameters.with("Fields", open))
        }
    };
    Some(
        Dictionary::new()
            .with("Type", Object::name("SigRef"))
            .with("TransformMethod", Object::name(method))
            .with("TransformParams", Object::Dictionary(parameters)),
    )
}

/// Makes a time stamp over a signature value.
pub(super) type Stamping = Rc<dyn Fn(&[u8]) -> Vec<u8>>;

/// A message as it is to be made, right in everything that is not asked to be otherwise.
pub(super) struct Message<'a> {
    pub(super) key: &'a Arc<dyn Signer>,
    pub(super) certificate: &'a Certificate,
    /// The certificate that the message carries as the signer's, DER.
    pub(super) carried: Vec<u8>,
    pub(super) attributes: Vec<Vec<u8>>,
    pub(super) digest: DigestAlgorithm,
    pub(super) signers: usize,
    pub(super) content: Option<Vec<u8>>,
    /// Makes the time stamp over the signature value, where there is to be one.
    pub(super) stamping: Option<Stamping>,
    /// What is signed where there are no signed attributes.
    pub(super) covered: Vec<u8>,
}

impl<'a> Message<'a> {
    pub(super) fn of(holder: &'a Holder, digest: &Digest) -> Self {
        let der = holder.certificate.der();
        Self {
            key: &holder.key,
            certificate: &holder.certificate,
            carried: der.to_vec(),
            attributes: vec![
                content_type(oid::ID_DATA).to_der(),
                message_digest(digest).to_der(),
                signing_certificate_v2(holder.key.algorithm().message_digest(), [der].into_iter()).to_der(),
            ],
            digest: holder.key.algorithm().message_digest(),
            signers: 1,
            content: None,
            stamping: None,
            covered: Vec::new(),
        }
    }

    /// The message in DER, signed.
    pub(super) fn der(&self) -> Vec<u8> {
        let digest = |w: &mut write::Writer| w.sequence(|w| w.oid(self.digest.oid()));
        let mut signed = encode(|w| w.set_of(write::SET, &self.attributes));
        let over = match self.attributes.is_empty() {
            true => &self.covered,
            false => &signed,
        };
        let signature = self.key.sign(over).unwrap();
        let stamp = self.stamping.as_ref().map(|stamp| {
            let stamp = Attribute::single(oid::SIGNATURE_TIME_STAMP_TOKEN, stamp(&signature));
            stamp.to_der()
        });
        signed[0] = context(0);
        let signer = encode(|w| {
            w.sequence(|w| {
                w.unsigned(1);
                w.sequence(|w| {
                    w.raw(self.certificate.issuer().der());
                    w.primitive(write::INTEGER, self.certificate.serial().as_bytes());
                });
                digest(w);
                if !self.attributes.is_empty() {
                    w.raw(&signed);
                }
                w.raw(&self.key.algorithm().identifier_der());
                w.octet_string(&signature);
                if let Some(stamp) = &stamp {
                    w.constructed(context(1), |w| w.raw(stamp));
                }
            });
        });
        encode(|w| {
            w.sequence(|w| {
                w.oid(oid::ID_SIGNED_DATA);
                w.constructed(context(0), |w| {
                    w.sequence(|w| {
                        w.unsigned(1);
                        w.constructed(write::SET, digest);
                        w.sequence(|w| {
                            w.oid(oid::ID_DATA);
                            if let Some(content) = &self.content {
                                w.constructed(context(0), |w| w.octet_string(content));
                            }
                        });
                        w.constructed(context(0), |w| w.raw(&self.carried));
                        w.constructed(write::SET, |w| (0..self.signers).for_each(|_| w.raw(&signer)));
                    });
                });
            });
        })
    }
}

/// The digest of what the last signature of a document covers.
pub(super) fn digest_of(signed: &[u8], algorithm: DigestAlgorithm) -> Digest {
    algorithm.digest(&covered(signed))
}

/// What the last signature of a document covers.
pub(super) fn covered(signed: &[u8]) -> Vec<u8> {
    let (first, second) = gap(signed);
    [&signed[..first], &signed[second..]].concat()
}

/// The same document with another message as the signature.
pub(super) fn with_message(signed: &[u8], message: &[u8]) -> Vec<u8> {
    let (first, second) = gap(signed);
    assert!(
        2 * message.len() <= second - first - 2,
        "no room for {} bytes",
        message.len()
    );
    let mut bytes = signed.to_vec();
    bytes[first + 1..second - 1].fill(b'0');
    for (index, byte) in message.iter().enumerate() {
        let digits = format!("{byte:02x}");
        bytes[first + 1 + 2 * index..][..2].copy_from_slice(digits.as_bytes());
    }
    bytes
}

/// The message of the last signature, with what fills its room.
pub(super) fn message_of(signed: &[u8]) -> Vec<u8> {
    let file = PdfFile::open(&signed, &Limits::UPLOAD).unwrap();
    file.signatures().unwrap().last().unwrap().signature.clone().unwrap()
}

fn gap(signed: &[u8]) -> (usize, usize) {
    let file = PdfFile::open(&signed, &Limits::UPLOAD).unwrap();
    let range = file.signatures().unwrap().last().unwrap().byte_range.clone().unwrap();
    (range.first.end as usize, range.second.start as usize)
}

/// An attribute with any number of values.
pub(super) fn attribute(attribute: Attribute, values: usize) -> Vec<u8> {
    let mut attribute = attribute;
    let value = attribute.values[0].clone();
    attribute.values = vec![value; values];
    attribute.to_der()
}
