//! The names of signatures in the security store (ISO 32000-2 clause 12.8.4.3, table 261; ETSI EN 319 142-1 clause
//! 5.4.2.2): the SHA-1, in upper-case hexadecimal, of the hexadecimal string `Contents` of the signature dictionary. Of
//! that string nearly all programs digest the bytes for which it stands, padding included, and so do we; others are
//! understood too.

use super::read::SignatureField;
use crate::crypto::DigestAlgorithm;
use crate::hex;
use crate::pdf::object::Object;

impl SignatureField {
    /// The key of what the security store has for this signature alone.
    pub fn validation_key(&self) -> Option<String> {
        self.contents().map(key)
    }

    /// The keys under which programs enter this signature, the one that we write first: of its bytes, of its bytes
    /// without the padding, and of its digits in either case.
    pub fn validation_keys(&self) -> Vec<String> {
        let Some(contents) = self.contents() else {
            return Vec::new();
        };
        let digits = hex::encode(contents);
        let mut keys = vec![key(contents)];
        keys.extend(self.signature.as_deref().ok().map(key));
        keys.push(key(digits.as_bytes()));
        keys.push(key(digits.to_uppercase().as_bytes()));
        keys
    }

    fn contents(&self) -> Option<&[u8]> {
        self.dictionary.get("Contents").and_then(Object::as_string)
    }
}

fn key(digested: &[u8]) -> String {
    hex::encode(DigestAlgorithm::Sha1.digest(digested).as_ref()).to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::append::SectionKind;
    use crate::pdf::signature::reserve;
    use crate::pdf::testing::{document, id, open};

    /// Keys of a signature whose `Contents` is `<300302010100000000>`, by `sha1sum` on its bytes, on the first five,
    /// and on its digits, of which none is a letter.
    #[test]
    fn the_keys_are_digests_of_the_bytes_with_and_without_padding_and_of_the_digits() {
        let catalog = "<</Type/Catalog/AcroForm<</Fields[2 0 R]>>>>";
        let base = document(SectionKind::Table, &[catalog, "<</FT/Sig/T(Seal)/V 3 0 R>>"]);
        let entries = crate::pdf::Dictionary::new().with("Type", Object::name("Sig"));
        let reserved = reserve(open(&base).update().unwrap(), id(3), &entries, 9, &[1; 16]).unwrap();
        let bytes = [base.as_slice(), &reserved.fill(&[0x30, 3, 2, 1, 1]).unwrap()].concat();
        let signatures = open(&bytes).signatures().unwrap().to_vec();
        let of_digits = "EE94AEC21FC92E44DC2EC7F03DC91D317E187655";
        assert_eq!(
            signatures[0].validation_keys(),
            [
                "B1B0C6B5EACCF52F437E726FB0EB1B5192FFA3D9",
                "90D80B0214715C2117F1DB310CC56F1E87DC4775",
                of_digits,
                of_digits
            ]
        );
        assert_eq!(
            signatures[0].validation_key().as_deref(),
            Some("B1B0C6B5EACCF52F437E726FB0EB1B5192FFA3D9")
        );
    }
}
