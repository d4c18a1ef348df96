//! Things to keep, made up.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use yinxin::id::EventId;
use yinxin::ledger::{Event, LedgerEntry, Salts};
use yinxin::store::{Authority, Document, LicenceKey, NewLicence};

use super::place::Place;

/// Credit code of the issuer in the stories (GB 32100; a vector of GB/T 36904 identifiers in use).
pub(super) const ISSUER: &str = "11430000006122244L";

/// Type code of the licences in the stories.
pub(super) const TYPE_CODE: &str = "11100000000013338W011";

/// 2026-11-01 08:00:00 UTC and some microseconds, and `seconds` more.
pub(super) fn time(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_793_520_000_000_123).unwrap() + TimeDelta::seconds(seconds)
}

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn authority(code: &str, parent: Option<&str>) -> Authority {
    Authority {
        code: code.to_owned(),
        name_zh: format!("机构{code}"),
        name_en: format!("Authority {code}"),
        region: "430100".to_owned(),
        level: "city".to_owned(),
        parent: parent.map(str::to_owned),
        created_at: time(0),
    }
}

/// Registers [`ISSUER`].
pub(super) async fn register_issuer(place: &Place) {
    place
        .commit(|change| _ = change.register_authority(authority(ISSUER, None)))
        .await
        .unwrap();
}

pub(super) fn key(serial: &str, version: u32) -> LicenceKey {
    LicenceKey {
        type_code: TYPE_CODE.to_owned(),
        issuer: ISSUER.to_owned(),
        serial: serial.to_owned(),
        version,
    }
}

/// A licence with as little as is allowed.
pub(super) fn licence(serial: &str, number: &str) -> NewLicence {
    NewLicence {
        key: key(serial, 1),
        number: number.to_owned(),
        authority: ISSUER.to_owned(),
        state: "issued".to_owned(),
        issued_on: None,
        valid_from: None,
        valid_until: None,
        holder_name_hash: None,
        holder_code_hash: None,
        personal: None,
        document_sha256: *document(serial).sha256(),
        status_index: None,
        verification_code_hash: None,
        created_at: time(0),
    }
}

pub(super) fn document(text: &str) -> Document {
    Document::new(format!("document {text}").into_bytes())
}

pub(super) fn event(subject: &str) -> LedgerEntry {
    let event = Event {
        id: EventId::new(time(0)),
        time: time(0),
        actor: "token".to_owned(),
        action: "licence.issue".to_owned(),
        subject: subject.to_owned(),
        detail: br#"{"holder":"made up"}"#.to_vec(),
    };
    let salts = Salts {
        event: [1; 16],
        detail: [2; 16],
    };
    LedgerEntry::new(event, salts)
}
