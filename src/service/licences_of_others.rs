//! Licences that others issued: those stand in a register of theirs, which is not asked. What is said of them is that the signature
//! holds, on whose recognition it rests, and what the file says of its own days.
//!
//! A recognised authority vouches for the bodies of its own place. One that certifies a body of ours, by its code, by its name, or
//! within our regions, vouches for what is not its own: nothing that is sealed so passes, whatever the signature is worth.

use crate::licence::public_view::PublicView;
use crate::licence::record::LicenceRecord;
use crate::licence::region::RegionCode;
use crate::licence::state::LicenceState;
use crate::problem::Problem;
use crate::service::Service;
use crate::service::error::ServiceResult;
use crate::trust::Snapshot;
use crate::verify::{Conclusion, LicenceReport, RecognitionReport, Report};

impl Service {
    /// Adds what is known of a licence that rests on the recognition of others.
    pub(super) async fn add_foreign(
        &self,
        report: &mut Report,
        record: &LicenceRecord,
        recognition: &RecognitionReport,
        snapshot: &Snapshot,
    ) -> ServiceResult<()> {
        let issuer = &record.certificate_issuing_authority_name;
        if self.names_a_body_of_ours(record, snapshot).await? {
            let problem = Problem::new("own-body-certified-elsewhere").param("issuer", issuer);
            report
                .reasons
                .insert(0, problem.param("authority", &recognition.authority));
            report.conclusion = Conclusion::Invalid;
            return Ok(());
        }
        // What did not pass was not proved to be said by anybody.
        if report.conclusion < Conclusion::Indeterminate {
            report.licence = Some(self.foreign_licence(record));
        }
        Ok(())
    }

    /// Whether the issuer that a licence names is one of ours: a registered body, by code or by name, or one that lies where all
    /// bodies are ours.
    pub(super) async fn names_a_body_of_ours(
        &self,
        record: &LicenceRecord,
        snapshot: &Snapshot,
    ) -> ServiceResult<bool> {
        let code = record.certificate_issuing_authority_code;
        let name = letters(&record.certificate_issuing_authority_name);
        let is_registered = self.authorities().await?.iter().any(|body| {
            let names = [&body.name.zh, &body.name.en];
            body.code == code || names.iter().any(|own| letters(own) == name)
        });
        // GB 32100 section 4.3: the region stands behind the two characters of the registering body.
        let region: Option<RegionCode> = code.as_str().get(2..8).and_then(|digits| digits.parse().ok());
        let own = snapshot.anchors().iter().filter(|anchor| anchor.is_own);
        let mut regions = own.flat_map(|anchor| &anchor.constraints.regions);
        Ok(is_registered || region.is_some_and(|region| regions.any(|own| own.contains(&region))))
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

/// A name without blanks, marks and whatever else does not show.
fn letters(name: &str) -> String {
    name.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
