//! File metadata of GB/T 36903: the record as name and value pairs, as they go into a document's own metadata.

use chrono::NaiveDate;

use crate::licence::date;
use crate::licence::record::LicenceRecord;

impl LicenceRecord {
    /// Pairs of pinyin name and value in the order of the standard: dates of eight digits, items of the face with the
    /// prefix `KZ_`. An item without a value has no pair.
    pub fn metadata(&self) -> Vec<(String, String)> {
        let day = |date: NaiveDate| Some(date::basic(date));
        let text = |text: &str| Some(text.to_owned());
        let standard = [
            ("ZZMC", text(&self.certificate_name)),
            ("ZZLXMC", text(&self.certificate_type_name)),
            ("ZZLXDM", Some(self.certificate_type_code.to_string())),
            ("ZZBH", text(&self.certificate_number)),
            ("ZZBS", Some(self.certificate_identifier.to_string())),
            ("ZZBFJG", text(&self.certificate_issuing_authority_name)),
            ("ZZBFJGDM", Some(self.certificate_issuing_authority_code.to_string())),
            ("ZZBFRQ", day(self.certificate_issued_date)),
            ("CZZT", text(&self.certificate_holder_name)),
            ("CZZTDM", text(&self.certificate_holder_code)),
            ("CZZTDMLX", text(&self.certificate_holder_type_name)),
            ("CZZTDMLXDM", text(self.certificate_holder_type_code.code())),
            ("ZZYXQQSRQ", day(self.certificate_effective_date)),
            ("ZZYXQJZRQ", self.certificate_expiring_date.and_then(day)),
        ];
        let standard = standard
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let face = self
            .fields
            .iter()
            .map(|(name, value)| (format!("KZ_{name}"), value.clone()));
        standard.chain(face).collect()
    }
}
