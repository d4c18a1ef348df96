//! The days of a licence: of issue, first and last, by the validity rule of its type.

use chrono::NaiveDate;

use crate::licence::date;
use crate::licence::licence_type::ValidityRule;
use crate::licence::rule::Rule;
use crate::licence::validate::Check;

/// The days of a valid licence.
pub(super) struct Term {
    pub(super) issued: NaiveDate,
    pub(super) effective: NaiveDate,
    pub(super) expiring: Option<NaiveDate>,
}

impl Check<'_> {
    /// An optional day: `Err(())` when one was given and is none, with the rule noted.
    fn day(&mut self, field: &str, given: Option<&str>) -> Result<Option<NaiveDate>, ()> {
        match given.map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => self
                .note(field, text, date::parse(text).map_err(Rule::Date))
                .map(Some)
                .ok_or(()),
        }
    }

    /// The days of the licence; the end as its type has it.
    pub(super) fn term(&mut self, fields: &[(String, String)], today: NaiveDate) -> Option<Term> {
        let issued = self.day("issuedDate", self.application.issued_date.as_deref());
        let effective = self.day("effectiveDate", self.application.effective_date.as_deref());
        let expiring = self.day("expiringDate", self.application.expiring_date.as_deref());
        let issued = issued.ok()?.unwrap_or(today);
        let effective = effective.ok()?.unwrap_or(issued);
        let end = self.end(expiring.ok()?, effective, fields);
        if issued > today {
            self.refuse("issuedDate", &date::canonical(issued), Rule::IssuedInFuture { today });
        }
        let expiring = self.note_end(end?, issued, effective)?;
        Some(Term {
            issued,
            effective,
            expiring,
        })
    }

    /// The last day by the rule of the type.
    fn end(
        &mut self,
        stated: Option<NaiveDate>,
        first: NaiveDate,
        fields: &[(String, String)],
    ) -> Option<Option<NaiveDate>> {
        let value = stated.map(date::canonical).unwrap_or_default();
        let last_day = |months: &u32| ValidityRule::last_day(first, *months).unwrap_or(NaiveDate::MAX);
        let result = match (&self.licence_type.validity.rule, stated) {
            (ValidityRule::LongTerm, Some(_)) => Err(Rule::EndNotAllowed),
            (ValidityRule::LongTerm | ValidityRule::AsStated, stated) => Ok(stated),
            (ValidityRule::Exactly { months }, stated) => match last_day(months) {
                expected if stated.is_none_or(|end| end == expected) => Ok(Some(expected)),
                // Some offices count the same day of the last month as the last.
                expected if stated == expected.succ_opt() => Ok(stated),
                expected => Err(Rule::EndNotByRule { expected }),
            },
            (ValidityRule::AtMost { .. }, None) => Err(Rule::Required),
            (ValidityRule::AtMost { months }, Some(end)) => match last_day(months) {
                latest if end <= latest || latest.succ_opt() == Some(end) => Ok(Some(end)),
                latest => Err(Rule::EndTooLate { latest }),
            },
            (ValidityRule::UntilField { field }, stated) => {
                let until = fields
                    .iter()
                    .find(|(name, _)| name == field)
                    .and_then(|(_, value)| date::parse(value).ok());
                match until {
                    Some(expected) if stated.is_some_and(|end| end != expected) => Err(Rule::EndNotByRule { expected }),
                    until => Ok(until.or(stated)),
                }
            }
        };
        self.note("expiringDate", &value, result)
    }

    fn note_end(
        &mut self,
        end: Option<NaiveDate>,
        issued: NaiveDate,
        effective: NaiveDate,
    ) -> Option<Option<NaiveDate>> {
        let value = end.map(date::canonical).unwrap_or_default();
        let result = match end {
            Some(end) if end < effective => Err(Rule::DatesReversed { effective }),
            Some(end) if end < issued => Err(Rule::ExpiredBeforeIssue { issued }),
            end => Ok(end),
        };
        self.note("expiringDate", &value, result)
    }
}
