//! Licences that others issued: those stand in a register of theirs, which is not asked. What is said of them is that the signature
//! holds, on whose recognition it rests, and what the file says of its own days.
//!
//! A recognised authority vouches for the bodies of its own place. One that certifies a body of ours, by its code, by its name, or
//! within our regions, vouches for what is not its own: nothing that is sealed so passes, whatever the signature is worth.

use crate::licence::authority::Authority;
use crate::licence::public_view::PublicView;
use crate::licence::record::LicenceRecord;
use crate::licence::skeleton::skeleton;
use crate::licence::state::LicenceState;
use crate::service::Service;
use crate::service::error::ServiceResult;
use crate::trust::Snapshot;
use crate::verify::{Conclusion, LicenceReport, NamedBody, Report};

/// The bodies that are ours: registered ones, by code or by name, and those that lie where all bodies are ours.
pub(super) struct OwnBodies<'s> {
    registered: Vec<Authority>,
    snapshot: &'s Snapshot,
}

impl OwnBodies<'_> {
    /// Whether the issuer that a licence names is one of them.
    pub(super) fn issue(&self, record: &LicenceRecord) -> bool {
        self.have_code(record.certificate_issuing_authority_code.as_str())
            || self.have_name(&record.certificate_issuing_authority_name)
    }

    /// Whether whoever signed under an authority of others is one of them.
    pub(super) fn have(&self, body: &NamedBody<'_>) -> bool {
        body.codes.iter().any(|code| self.have_code(code)) || body.names.iter().any(|name| self.have_name(name))
    }

    fn have_code(&self, code: &str) -> bool {
        self.snapshot.is_of_own_region(code) || self.registered.iter().any(|body| body.code.as_str() == code)
    }

    fn have_name(&self, name: &str) -> bool {
        let name = skeleton(name);
        let is_named = |body: &Authority| [&body.name.zh, &body.name.en].iter().any(|own| skeleton(own) == name);
        !name.is_empty() && self.registered.iter().any(is_named)
    }
}

impl Service {
    /// The bodies that are ours by the register and by this snapshot.
    pub(super) async fn own_bodies<'s>(&self, snapshot: &'s Snapshot) -> ServiceResult<OwnBodies<'s>> {
        Ok(OwnBodies {
            registered: self.authorities().await?,
            snapshot,
        })
    }

    /// Adds what is known of a licence that rests on the recognition of others.
    pub(super) fn add_foreign(&self, report: &mut Report, record: &LicenceRecord) {
        // What did not pass was not proved to be said by anybody.
        if report.conclusion < Conclusion::Indeterminate {
            report.licence = Some(self.foreign_licence(record));
        }
    }

    /// What the file says of itself, as a stranger may see it.
    fn foreign_licence(&self, record: &LicenceRecord) -> LicenceReport {
        let mut shown = LicenceReport::of_document(record, true, self.now());
        if let Ok(known) = self.licence_type(&record.certificate_type_code.to_string()) {
            let view = PublicView::new(known, record, LicenceState::Issued, self.today());
            shown.type_name = [view.licence_type.zh, view.licence_type.en];
            shown.number = view.licence_number;
            shown.holder = view.holder_name;
        }
        shown
    }
}
