//! Validation: an application against its licence type. Either everything is right and a [`ValidLicence`] comes out, or all
//! that is wrong is told at once.

use chrono::NaiveDate;

use crate::licence::application::Application;
use crate::licence::authority::Authority;
use crate::licence::date;
use crate::licence::field::{FieldKind, FieldSpec, Repeats, is_forbidden};
use crate::licence::holder::{HolderCategory, HolderCode, HolderCodeType};
use crate::licence::identifier::{Identifier, Serial};
use crate::licence::licence_type::{LicenceType, PHOTO, ValidityRule};
use crate::licence::rule::{FieldProblem, Invalid, Rule};

/// A licence whose every value is right for its type. Made by [`LicenceType::validate`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidLicence {
    pub(super) type_slug: String,
    pub(super) holder_name: String,
    pub(super) holder_category: HolderCategory,
    pub(super) holder_code: HolderCode,
    pub(super) number: String,
    pub(super) issued: NaiveDate,
    pub(super) effective: NaiveDate,
    pub(super) expiring: Option<NaiveDate>,
    pub(super) fields: Vec<(String, String)>,
    pub(super) photo: Option<Vec<u8>>,
    pub(super) serial: Option<Serial>,
}

impl ValidLicence {
    /// Slug of the type that it was validated against.
    pub fn type_slug(&self) -> &str {
        &self.type_slug
    }

    /// Name of the holder.
    pub fn holder_name(&self) -> &str {
        &self.holder_name
    }

    /// Category of the holder.
    pub fn holder_category(&self) -> HolderCategory {
        self.holder_category
    }

    /// Code of the holder.
    pub fn holder_code(&self) -> &HolderCode {
        &self.holder_code
    }

    /// Licence number.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Day of issue.
    pub fn issued(&self) -> NaiveDate {
        self.issued
    }

    /// First day.
    pub fn effective(&self) -> NaiveDate {
        self.effective
    }

    /// Last day; `None` when there is no end.
    pub fn expiring(&self) -> Option<NaiveDate> {
        self.expiring
    }

    /// Canonical values of the fields that are filled, in the order of the type.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The photograph, JPEG.
    pub fn photo(&self) -> Option<&[u8]> {
        self.photo.as_deref()
    }

    /// The serial that the issuer wants in the identifier.
    pub fn serial(&self) -> Option<&Serial> {
        self.serial.as_ref()
    }

    /// Everything that the face shows, by name: the items of [`crate::licence::licence_type::ITEMS`] that have a text, then the fields.
    /// The verification code is not among them: it is made later.
    pub fn face_values(
        &self,
        licence_type: &LicenceType,
        identifier: &Identifier,
        authority: &Authority,
    ) -> Vec<(String, String)> {
        let end = self.expiring.map_or_else(|| LONG_TERM.to_owned(), date::chinese);
        let items = [
            ("licenceType", licence_type.catalogue.name.zh.clone()),
            ("holderName", self.holder_name.clone()),
            ("holderCategory", self.holder_category.catalogue_name().to_owned()),
            ("holderCodeType", self.holder_code.kind().name().to_owned()),
            ("holderCode", self.holder_code.as_str().to_owned()),
            ("licenceNumber", self.number.clone()),
            ("issuerName", authority.name.zh.clone()),
            ("issuerCode", authority.code.to_string()),
            ("issuedDate", date::chinese(self.issued)),
            ("effectiveDate", date::chinese(self.effective)),
            ("expiringDate", end.clone()),
            ("validity", format!("{}至{end}", date::chinese(self.effective))),
            ("identifier", identifier.to_string()),
            ("version", identifier.version.to_string()),
            ("serial", identifier.serial.to_string()),
        ];
        let display = |(name, value): &(String, String)| {
            let shown = licence_type
                .field(name)
                .map_or_else(|| value.clone(), |field| field.display(value));
            (name.clone(), shown)
        };
        items
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .chain(self.fields.iter().map(display))
            .collect()
    }
}

impl LicenceType {
    /// Checks `application` against this type on the day `today` (in Beijing).
    ///
    /// # Errors
    /// All rules that are broken, in the order in which a form is read.
    pub fn validate(&self, application: &Application, today: NaiveDate) -> Result<ValidLicence, Invalid> {
        let mut check = Check {
            licence_type: self,
            application,
            problems: Vec::new(),
        };
        let code = self.code().to_string();
        if application.licence_type != self.slug && application.licence_type != code {
            let rule = Rule::OtherType {
                expected: self.slug.clone(),
            };
            check.refuse("licenceType", &application.licence_type, rule);
        }
        let holder_name = check.holder_name();
        let holder_code = check.holder_code();
        let holder_category = check.holder_category(holder_code.as_ref());
        let fields = check.fields(holder_code.as_ref());
        let number = check.number(holder_code.as_ref(), &fields);
        let term = check.term(&fields, today);
        let photo = check.photo();
        let serial = check.serial();
        let problems = check.problems;
        match (holder_name, holder_code, holder_category, number, term) {
            (Some(holder_name), Some(holder_code), Some(holder_category), Some(number), Some(term))
                if problems.is_empty() =>
            {
                Ok(ValidLicence {
                    type_slug: self.slug.clone(),
                    holder_name,
                    holder_category,
                    holder_code,
                    number,
                    issued: term.issued,
                    effective: term.effective,
                    expiring: term.expiring,
                    fields,
                    photo,
                    serial,
                })
            }
            _ => Err(Invalid(problems)),
        }
    }
}

/// Refuses an application whose type nobody knows.
pub fn unknown_type(application: &Application) -> Invalid {
    let value = application.licence_type.clone();
    Invalid(vec![FieldProblem {
        field: "licenceType".to_owned(),
        value,
        rule: Rule::UnknownType,
    }])
}

struct Term {
    issued: NaiveDate,
    effective: NaiveDate,
    expiring: Option<NaiveDate>,
}

/// One validation under way: each method reads one part, and returns `None` only after having noted why.
struct Check<'a> {
    licence_type: &'a LicenceType,
    application: &'a Application,
    problems: Vec<FieldProblem>,
}

impl Check<'_> {
    fn refuse(&mut self, field: &str, value: &str, rule: Rule) {
        let value = value.chars().take(MAX_QUOTED_CHARS).collect();
        self.problems.push(FieldProblem {
            field: field.to_owned(),
            value,
            rule,
        });
    }

    /// `result`'s value, its rule noted for `field` when it has none.
    fn note<T>(&mut self, field: &str, value: &str, result: Result<T, Rule>) -> Option<T> {
        result.map_err(|rule| self.refuse(field, value, rule)).ok()
    }

    fn holder_name(&mut self) -> Option<String> {
        let name = self.application.holder_name.trim();
        let max_chars = self.licence_type.holder.name.max_chars;
        let result = match name.chars().find(|character| is_forbidden(*character)) {
            _ if name.is_empty() => Err(Rule::Required),
            Some(character) => Err(Rule::ForbiddenCharacter {
                code_point: u32::from(character),
            }),
            None if name.chars().count() > max_chars => Err(Rule::TooLong {
                max_chars,
                chars: name.chars().count(),
            }),
            None => Ok(name.to_owned()),
        };
        self.note("holderName", name, result)
    }

    fn holder_code(&mut self) -> Option<HolderCode> {
        let allowed = &self.licence_type.holder.code_types;
        let given = self.application.holder_code_type.trim();
        let kind = HolderCodeType::try_from(given.to_owned())
            .ok()
            .filter(|kind| allowed.contains(kind));
        let kind = kind.ok_or_else(|| Rule::HolderCodeType {
            allowed: allowed.iter().map(|kind| kind.code()).collect(),
        });
        let kind = self.note("holderCodeType", given, kind);
        let code = self.application.holder_code.trim();
        if code.is_empty() {
            self.refuse("holderCode", code, Rule::Required);
            return None;
        }
        self.note("holderCode", code, HolderCode::parse(kind?, code).map_err(Rule::from))
    }

    fn holder_category(&mut self, code: Option<&HolderCode>) -> Option<HolderCategory> {
        let allowed = &self.licence_type.holder.categories;
        let implied = code.map(HolderCode::category);
        let stated = match self.application.holder_category.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(given) => match CATEGORIES.iter().find(|category| category.name() == given) {
                Some(category) => Some(*category),
                None => {
                    let allowed = allowed.iter().map(|category| category.name()).collect();
                    self.refuse("holderCategory", given, Rule::HolderCategory { allowed });
                    return None;
                }
            },
        };
        let category = stated.or(implied)?;
        let result = match implied {
            _ if !allowed.contains(&category) => Err(Rule::HolderCategory {
                allowed: allowed.iter().map(|category| category.name()).collect(),
            }),
            // A person's code never names an organisation, nor the other way round.
            Some(implied)
                if (implied == HolderCategory::NaturalPerson) != (category == HolderCategory::NaturalPerson) =>
            {
                Err(Rule::HolderCategoryContradicts {
                    expected: implied.name(),
                })
            }
            _ => Ok(category),
        };
        self.note("holderCategory", category.name(), result)
    }

    fn fields(&mut self, holder: Option<&HolderCode>) -> Vec<(String, String)> {
        let (licence_type, application) = (self.licence_type, self.application);
        for (name, value) in &application.fields {
            if licence_type.field(name).is_none() {
                self.refuse(name, value, Rule::UnknownField);
            }
        }
        let mut canonical = Vec::with_capacity(licence_type.fields.len());
        for field in licence_type
            .fields
            .iter()
            .filter(|field| field.kind != FieldKind::Photo)
        {
            let given = application.fields.get(&field.name).map_or("", |value| value.trim());
            if given.is_empty() {
                if field.required {
                    self.refuse(&field.name, given, Rule::Required);
                }
                continue;
            }
            let read = field
                .read(given)
                .and_then(|value| agrees_with_holder(field, value, holder));
            canonical.extend(
                self.note(&field.name, given, read)
                    .map(|value| (field.name.clone(), value)),
            );
        }
        if let Some(text) = application.fields.get(PHOTO).filter(|_| licence_type.photo().is_some()) {
            self.refuse(PHOTO, text, Rule::PhotoAsText);
        }
        canonical
    }

    fn number(&mut self, holder: Option<&HolderCode>, fields: &[(String, String)]) -> Option<String> {
        let rule = &self.licence_type.number;
        let number = self.application.licence_number.trim();
        if number.is_empty() {
            self.refuse("licenceNumber", number, Rule::Required);
            return None;
        }
        if !rule.patterns.iter().any(|pattern| pattern.matches(number)) {
            let patterns = rule
                .patterns
                .iter()
                .map(|pattern| pattern.as_str().to_owned())
                .collect();
            self.refuse("licenceNumber", number, Rule::Pattern { patterns });
            return None;
        }
        let before = self.problems.len();
        for check in &rule.checks {
            let result = check.check(number, holder).map_err(Rule::Number);
            self.note("licenceNumber", number, result);
        }
        for part in &rule.parts {
            let value = fields
                .iter()
                .find(|(name, _)| *name == part.field)
                .map(|(_, value)| value.as_str());
            let expected = value.and_then(|value| {
                self.licence_type
                    .field(&part.field)
                    .and_then(|field| field.choice_code(value))
            });
            if let Some(expected) =
                expected.filter(|code| !number.chars().skip(part.at).collect::<String>().starts_with(code))
            {
                let (expected, field) = (expected.to_owned(), part.field.clone());
                let rule = Rule::NumberContradicts {
                    position: part.at + 1,
                    expected,
                    field,
                };
                self.refuse("licenceNumber", number, rule);
            }
        }
        (self.problems.len() == before).then(|| number.to_owned())
    }

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

    fn term(&mut self, fields: &[(String, String)], today: NaiveDate) -> Option<Term> {
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

    fn photo(&mut self) -> Option<Vec<u8>> {
        let result = match (self.licence_type.photo(), &self.application.photo) {
            (None, None) => return None,
            (None, Some(_)) => Err(Rule::UnknownField),
            (Some(field), None) if field.required => Err(Rule::Required),
            (Some(_), None) => return None,
            (Some(_), Some(photo)) => photo.to_jpeg(),
        };
        self.note(PHOTO, "", result)
    }

    fn serial(&mut self) -> Option<Serial> {
        let given = self
            .application
            .serial
            .as_deref()
            .map(str::trim)
            .filter(|serial| !serial.is_empty())?;
        self.note("serial", given, given.parse().map_err(|_| Rule::Serial))
    }
}

/// `value`, unless it says another sex or birthday than the holder's identity number (GB 11643 clause 4.1).
fn agrees_with_holder(field: &FieldSpec, value: String, holder: Option<&HolderCode>) -> Result<String, Rule> {
    let (Some(repeats), Some(HolderCode::Resident(id))) = (field.repeats, holder) else {
        return Ok(value);
    };
    match repeats {
        Repeats::HolderBirthDate if value != date::canonical(id.birth_date()) => Err(Rule::ContradictsHolderCode {
            expected: date::canonical(id.birth_date()),
        }),
        Repeats::HolderSex if field.choice_code(&value) != Some(id.sex().code()) => Err(Rule::ContradictsHolderCode {
            expected: id.sex().code().to_owned(),
        }),
        _ => Ok(value),
    }
}

/// Every category, for reading its name.
const CATEGORIES: [HolderCategory; 4] = [
    HolderCategory::NaturalPerson,
    HolderCategory::LegalPerson,
    HolderCategory::UnincorporatedOrganisation,
    HolderCategory::Other,
];
/// How the end of a licence without one is written.
const LONG_TERM: &str = "长期";
/// Characters of a wrong value that an error quotes; more would make answers as long as their questions.
const MAX_QUOTED_CHARS: usize = 120;
