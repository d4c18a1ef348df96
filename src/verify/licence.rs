//! Our own licences: the data inside, and whether this signer may issue this licence.
//!
//! An answer is good only if signer, seal and issuer belong together: the credit code in the signer's certificate is
//! the issuer in the identifier and the owner of the seal, the certificate says that the organisation may issue this
//! type, and the data are the same wherever they stand in the file. Otherwise any recognised enterprise could issue a
//! business licence.

use std::collections::HashMap;
use std::fmt::Display;

use chrono::{DateTime, Utc};

use super::attached::attached;
use super::report::{ChangesAfter, Indication, LicenceReport, SignatureKind};
use super::signature::Judged;
use crate::clock::beijing;
use crate::licence::holder::HolderCategory;
use crate::licence::mask::mask_name;
use crate::licence::record::LicenceRecord;
use crate::licence::standing::Standing;
use crate::pdf::{Object, PdfError, PdfFile};
use crate::problem::{Explain, Problem};

/// Name of the attached record.
const RECORD_FILE: &str = "licence.json";

/// Largest metadata that are read, in bytes. Those of ours have a few thousand.
const MAX_METADATA_BYTES: usize = 1 << 20;

/// What a file holds of a licence.
pub(super) enum Found {
    /// No record: the file is no licence.
    None,
    /// A record.
    Record(Box<LicenceRecord>),
    /// A record that cannot be read, or that may be where the file was not read: why.
    Unreadable(Vec<Problem>),
}

/// Looks for the attached record (ISO 32000-2 clause 7.11.4, relationship `Data`).
pub(super) fn find(file: &PdfFile<'_>) -> Found {
    let unreadable = |reason: &dyn Display| {
        Found::Unreadable(vec![Problem::new("licence-record-unreadable").param("reason", reason)])
    };
    match attached(&file.latest(), RECORD_FILE) {
        Ok(None) => Found::None,
        Ok(Some(Ok(bytes))) => match LicenceRecord::parse(&bytes) {
            Ok(record) => Found::Record(Box::new(record)),
            Err(error) => unreadable(&error),
        },
        Ok(Some(Err(error))) => unreadable(&error),
        Err(error) => Found::Unreadable(error.problems()),
    }
}

/// Whether a file would be taken for one of our licences: whoever seals it vouches for what the data inside say.
///
/// # Errors
/// When a budget ends before that is known, or the source fails.
pub fn is_licence(file: &PdfFile<'_>) -> Result<bool, PdfError> {
    attached(&file.latest(), RECORD_FILE).map(|attached| attached.is_some())
}

/// Whether the metadata of the file say the same as the record. `None` where the file has none that can be read.
pub(super) fn metadata_agrees(file: &PdfFile<'_>, record: &LicenceRecord) -> Option<bool> {
    let view = file.latest();
    let catalog = view.catalog().ok()?;
    let Ok(Object::Stream(stream)) = view.get(&catalog, "Metadata") else {
        return None;
    };
    let text = String::from_utf8(view.decoded_within(&stream, MAX_METADATA_BYTES).ok()?).ok()?;
    let elements = elements(&text);
    let agrees = |(name, value): &(String, String)| {
        let found = elements.get(name.as_str());
        found.is_some_and(|found| *found == escaped(value))
    };
    Some(record.metadata().iter().all(agrees))
}

/// The texts of the elements, as they are written, by their local names; of several the first.
fn elements(text: &str) -> HashMap<&str, &str> {
    let mut elements = HashMap::new();
    for (tag, value) in text.split('<').filter_map(|part| part.split_once('>')) {
        if let Some((prefix, name)) = tag.rsplit_once(':')
            && !prefix.starts_with('/')
        {
            elements.entry(name).or_insert(value);
        }
    }
    elements
}

/// A value as XML writes it.
fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Holds the business signatures of a licence to what a licence must be; those that fall short are no longer valid.
pub(super) fn bind(file: &PdfFile<'_>, record: &LicenceRecord, judged: &mut [Judged]) {
    let signatures = judged
        .iter()
        .filter(|one| one.report.kind == SignatureKind::Signature)
        .count();
    let agrees = metadata_agrees(file, record);
    for one in judged
        .iter_mut()
        .filter(|one| one.report.kind == SignatureKind::Signature)
    {
        let reasons = unauthorised(one, record);
        one.report.authorised = Some(reasons.is_empty());
        if !reasons.is_empty() {
            one.fail(reasons);
        } else if agrees != Some(true) {
            one.fail(vec![Problem::new("licence-data-disagree")]);
        } else if let Some(problem) = not_as_issued(one, signatures) {
            one.doubt(problem);
        } else if one.report.changes_after == ChangesAfter::ValidationData {
            one.report.notes.push(Problem::new("note-licence-extended"));
        }
    }
}

impl LicenceReport {
    /// What the file itself says of the licence: from its dates alone it can be over or not begun, never in force.
    /// `of_others` says that it is in the register of another place.
    pub fn of_document(record: &LicenceRecord, of_others: bool, time: DateTime<Utc>) -> Self {
        let today = beijing(time).date_naive();
        let state = match record.certificate_expiring_date {
            Some(last) if last < today => Standing::Expired,
            _ if today < record.certificate_effective_date => Standing::NotYetValid,
            _ => Standing::Unknown,
        };
        let person = record.certificate_holder_category == HolderCategory::NaturalPerson;
        let name = &record.certificate_holder_name;
        Self {
            state,
            state_as_of: time,
            state_since: None,
            state_source: if of_others { "foreign" } else { "document" },
            identifier: record.certificate_identifier.to_string(),
            type_code: record.certificate_type_code.to_string(),
            type_name: [
                record.certificate_type_name.clone(),
                record.certificate_type_name.clone(),
            ],
            number: (!person).then(|| record.certificate_number.clone()),
            holder: Some(if person { mask_name(name) } else { name.clone() }),
            issuer: Some(record.certificate_issuing_authority_name.clone()),
            issuer_code: record.certificate_issuing_authority_code.to_string(),
            valid_from: Some(record.certificate_effective_date.to_string()),
            valid_until: record.certificate_expiring_date.map(|date| date.to_string()),
            superseded_by: None,
        }
    }
}

/// Whose licence it is: signed by another than the issuer that its data name, or one not entitled to its type.
fn unauthorised(judged: &Judged, record: &LicenceRecord) -> Vec<Problem> {
    let issuer = record.certificate_issuing_authority_code;
    let Some(certificate) = &judged.signer else {
        return vec![Problem::new("signer-unknown")];
    };
    let mut reasons = Vec::new();
    let signer = certificate.credit_code().unwrap_or_default();
    if signer != issuer.as_str() {
        reasons.push(
            Problem::new("signer-is-not-issuer")
                .param("signer", signer)
                .param("issuer", issuer),
        );
    }
    // The certificate vouches for the name that people read.
    let (named, name) = (
        certificate.subject().organization().unwrap_or_default(),
        &record.certificate_issuing_authority_name,
    );
    if named != name {
        reasons.push(
            Problem::new("signer-has-another-name")
                .param("signer", named)
                .param("issuer", name),
        );
    }
    let owner = judged
        .report
        .seal
        .as_ref()
        .map(|seal| seal.owner.as_deref().unwrap_or_default());
    match owner {
        None => reasons.push(Problem::new("licence-without-seal")),
        Some(owner) if owner != issuer.as_str() => {
            reasons.push(
                Problem::new("seal-owner-is-not-issuer")
                    .param("owner", owner)
                    .param("issuer", issuer),
            );
        }
        Some(_) => {}
    }
    let type_code = record.certificate_type_code.to_string();
    if !certificate.licence_types().contains(&type_code) {
        reasons.push(
            Problem::new("issuer-not-entitled")
                .param("type", type_code)
                .param("issuer", issuer),
        );
    }
    reasons
}

/// What every licence of ours has from birth: one certification of the whole file, with a time stamp that fits and all
/// that proves it, in the strict encoding. Anything else was not issued like that. This is about the form alone: whom
/// whoever judges relies on, for the time stamp too, makes no other file of it, but leaves open what it is. Document
/// time stamps and validation data may follow: they prolong what the licence proves.
fn not_as_issued(judged: &Judged, signatures: usize) -> Option<Problem> {
    let report = &judged.report;
    let whole = report.covers_whole_document || report.changes_after == ChangesAfter::ValidationData;
    let whole = whole && judged.certifies_all && signatures == 1;
    let strict = !judged.departures && judged.complete;
    if !(whole && strict) {
        return Some(Problem::new("licence-not-as-issued"));
    }
    // A time stamp that fits and is not relied on: no other reason may say yet that something is missing.
    let is_open = report.indication == Indication::TotalPassed && !report.time_is_proven;
    is_open.then(|| Problem::new("licence-time-not-proven"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_found_by_its_local_name_and_the_first_of_several_counts() {
        let text = "<x:a>1 &amp; 2</x:a><y:b z:c=\"d\"/><y:a>3</y:a><x:e></x:e>\n<plain>4</plain>";
        let found = elements(text);
        assert_eq!(found.get("a"), Some(&"1 &amp; 2"));
        assert_eq!(found.get("e"), Some(&""));
        assert_eq!((found.get("plain"), found.get("d")), (None, None));
    }
}
