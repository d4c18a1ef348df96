//! The document security store (ISO 32000-2, 12.8.4.3, tables 261 and 262): certificates, revocation lists and OCSP
//! answers as streams, and the same by signature under `VRI`.

use std::collections::{BTreeMap, BTreeSet};

use crate::asn1::walk;
use crate::pdf::error::PdfError;
use crate::pdf::object::{Dictionary, Object, Reference};
use crate::pdf::view::View;

use super::audit::Audit;
use super::change::ChangeKind;
use super::references::User;

/// What a store was read to hold.
#[derive(Default, PartialEq)]
struct Store {
    /// Dictionaries and arrays that are objects of their own, by their role.
    holders: BTreeMap<String, Reference>,
    /// Streams of validation data.
    data: BTreeSet<Reference>,
    /// Keys of `VRI`.
    signatures: BTreeSet<String>,
    /// Something in it is no validation data.
    is_malformed: bool,
}

/// Compares the store before and after an update, and gives its objects their roles.
pub(super) fn audit(
    audit: &mut Audit<'_, '_, '_>,
    before: Option<&Object>,
    after: Option<&Object>,
) -> Result<(), PdfError> {
    let earlier = read(&audit.before, before)?;
    let later = read(&audit.after, after)?;
    let mut is_malformed = later.is_malformed;
    for data in &later.data {
        if audit.is_fresh(*data) {
            is_malformed |= !is_data(&audit.after, *data)?;
            audit.role(Some(*data), None);
        }
    }
    // A list of certificates that a page uses as its content, too, is more than validation data.
    let root = audit.before.revision().root();
    let users: Vec<User> = earlier
        .holders
        .values()
        .copied()
        .chain(root)
        .map(|holder| User::Object(holder.number))
        .collect();
    for (role, holder) in &later.holders {
        audit.list_role(Some(*holder), earlier.holders.get(role).copied(), &users);
    }
    if earlier != later {
        audit.change(ChangeKind::ValidationData);
    }
    if is_malformed {
        audit.change(ChangeKind::StoreForm);
    }
    if !earlier.data.is_subset(&later.data) || !earlier.signatures.is_subset(&later.signatures) {
        audit.change(ChangeKind::StoreShrunk);
    }
    Ok(())
}

fn read(view: &View<'_, '_>, value: Option<&Object>) -> Result<Store, PdfError> {
    let mut store = Store::default();
    let Some(value) = value else { return Ok(store) };
    let Some(dictionary) = store.dictionary(view, value, "DSS".into())? else {
        return Ok(store);
    };
    for (key, value) in dictionary.iter() {
        match key.to_text().as_str() {
            "Type" => store.is_malformed |= value.as_name().is_none(),
            key @ ("Certs" | "CRLs" | "OCSPs") => store.list(view, value, key.into())?,
            "VRI" => {
                let Some(signatures) = store.dictionary(view, value, "VRI".into())? else {
                    continue;
                };
                for (key, value) in signatures.iter() {
                    store.signatures.insert(key.to_text());
                    store.signature(view, value, format!("VRI/{}", key.to_text()))?;
                }
            }
            _ => store.is_malformed = true,
        }
    }
    Ok(store)
}

impl Store {
    fn dictionary(
        &mut self,
        view: &View<'_, '_>,
        value: &Object,
        role: String,
    ) -> Result<Option<Dictionary>, PdfError> {
        self.holder(value, role);
        match view.resolve(value)? {
            Object::Dictionary(dictionary) if dictionary.duplicates().is_empty() => Ok(Some(dictionary)),
            _ => {
                self.is_malformed = true;
                Ok(None)
            }
        }
    }

    fn holder(&mut self, value: &Object, role: String) {
        if let Some(reference) = value.as_reference() {
            self.holders.insert(role, reference);
        }
    }

    fn signature(&mut self, view: &View<'_, '_>, value: &Object, role: String) -> Result<(), PdfError> {
        let Some(dictionary) = self.dictionary(view, value, role.clone())? else {
            return Ok(());
        };
        for (key, value) in dictionary.iter() {
            match key.to_text().as_str() {
                "Type" => self.is_malformed |= value.as_name().is_none(),
                "TU" => self.is_malformed |= value.as_string().is_none(),
                "TS" => self.data(value),
                key @ ("Cert" | "CRL" | "OCSP") => self.list(view, value, format!("{role}/{key}"))?,
                _ => self.is_malformed = true,
            }
        }
        Ok(())
    }

    fn list(&mut self, view: &View<'_, '_>, value: &Object, role: String) -> Result<(), PdfError> {
        self.holder(value, role);
        match view.resolve(value)? {
            Object::Array(elements) => elements.iter().for_each(|element| self.data(element)),
            _ => self.is_malformed = true,
        }
        Ok(())
    }

    fn data(&mut self, value: &Object) {
        match value.as_reference() {
            Some(reference) => {
                self.data.insert(reference);
            }
            None => self.is_malformed = true,
        }
    }
}

/// A stream without any entry but those of its encoding, which decodes to one piece of validation data.
fn is_data(view: &View<'_, '_>, reference: Reference) -> Result<bool, PdfError> {
    let object = view.object(reference)?;
    let Object::Stream(stream) = &object.value else {
        return Ok(false);
    };
    if !stream.dictionary.duplicates().is_empty() || !stream.dictionary.iter().all(|(key, _)| is_encoding_key(&key.0)) {
        return Ok(false);
    }
    match view.decoded(stream) {
        Ok(data) => Ok(is_of_validation(&data)),
        Err(PdfError::Filter { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_encoding_key(key: &[u8]) -> bool {
    matches!(key, b"Length" | b"Filter" | b"DecodeParms" | b"Type")
}

/// Whether bytes are, by their form, wholly one of what validates: a certificate or a list (RFC 5280 sections 4.1 and
/// 5.1), an OCSP response (RFC 6960 section 4.2.1), bare or not, or a time stamp (RFC 5652 section 3). What they say is
/// asked where they are used.
fn is_of_validation(data: &[u8]) -> bool {
    let Ok(root) = walk::check(data) else {
        return false;
    };
    let tags: Vec<u8> = walk::children(data, root).take(5).map(|child| child.tag).collect();
    root.tag == 0x30
        && matches!(
            tags[..],
            [0x30, 0x30, 0x03] | [0x30, 0x30, 0x03, 0xa0] | [0x0a] | [0x0a, 0xa0] | [0x06, 0xa0]
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cms::testing::identities;

    #[test]
    fn validation_data_are_one_structure_of_those_that_validate_from_end_to_end() {
        let certificate = identities("anyone")[0].certificate().der().to_vec();
        assert!(is_of_validation(&certificate));
        let with = |tags: &[u8]| {
            let children: Vec<u8> = tags.iter().flat_map(|tag| [*tag, 0]).collect();
            [&[0x30, children.len() as u8], &children[..]].concat()
        };
        for known in [
            &[0x30, 0x30, 3][..],
            &[0x30, 0x30, 3, 0xa0],
            &[0x0a],
            &[0x0a, 0xa0],
            &[6, 0xa0],
        ] {
            assert!(is_of_validation(&with(known)), "{known:x?}");
        }
        for unknown in [
            &[][..],
            &[2, 2, 2],
            &[0x30, 0x30, 3, 0xa0, 0x30],
            &[0x30, 4, 3],
            &[0x0a, 4],
            &[6, 4],
        ] {
            assert!(!is_of_validation(&with(unknown)), "{unknown:x?}");
        }
        let text = b"BT (text) Tj ET";
        let claimed = [&[0x30, text.len() as u8], &text[..]].concat();
        assert!(!is_of_validation(&claimed));
        for other in [
            &[&certificate[..], b"0"].concat(),
            &certificate[..certificate.len() - 1],
        ] {
            assert!(!is_of_validation(other));
        }
    }
}
