//! Licences that others issued: those stand in a register of theirs, which is not asked. What is said of them is that
//! the signature holds, on whose recognition it rests, and what the file says of its own days. Whether they speak for a
//! body of ours is asked before (`own_bodies`).

use crate::licence::public_view::PublicView;
use crate::licence::record::LicenceRecord;
use crate::licence::state::LicenceState;
use crate::service::Service;
use crate::verify::{Conclusion, LicenceReport, Report};

impl Service {
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
