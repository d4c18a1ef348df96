//! Validation: an application against its licence type. Either everything is right and a [`ValidLicence`] comes out, or
//! all that is wrong is told at once.

use chrono::NaiveDate;

use crate::licence::application::Application;
use crate::licence::date;
use crate::licence::field::{FieldKind, FieldSpec, Repeats, is_forbidden};
use crate::licence::holder::{HolderCategory, HolderCode, HolderCodeType};
use crate::licence::identifier::Serial;
use crate::licence::licence_type::{LicenceType, PHOTO};
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

/// One validation under way: each method reads one part, and returns `None` only after having noted why.
pub(super) struct Check<'a> {
    pub(super) licence_type: &'a LicenceType,
    pub(super) application: &'a Application,
    problems: Vec<FieldProblem>,
}

impl Check<'_> {
    pub(super) fn refuse(&mut self, field: &str, value: &str, rule: Rule) {
        let value = value.chars().take(MAX_QUOTED_CHARS).collect();
        self.problems.push(FieldProblem {
            field: field.to_owned(),
            value,
            rule,
        });
    }

    /// `result`'s value, its rule noted for `field` when it has none.
    pub(super) fn note<T>(&mut self, field: &str, value: &str, result: Result<T, Rule>) -> Option<T> {
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
/// Characters of a wrong value that an error quotes; more would make answers as long as their questions.
const MAX_QUOTED_CHARS: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::licence::catalogue;
    use crate::licence::licence_type::ValidityRule;
    use crate::problem::Explain;

    const JPEG: [u8; 6] = [0xff, 0xd8, 0xff, 0xe0, 0xff, 0xd9];

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 5).unwrap()
    }

    fn type_of(slug: &str) -> LicenceType {
        LicenceType::clone(catalogue::embedded().unwrap().by_slug(slug).unwrap())
    }

    /// What is said of the made-up licence of `slug` once `spoil` has been at it: `field: code`.
    fn refusals(slug: &str, spoil: impl FnOnce(&mut Application)) -> Vec<String> {
        let licence_type = type_of(slug);
        let mut application = Application::example(&licence_type, Some(JPEG.to_vec()));
        spoil(&mut application);
        match licence_type.validate(&application, today()) {
            Ok(_) => Vec::new(),
            Err(invalid) => {
                let told = invalid.problems().into_iter();
                told.map(|problem| format!("{}: {}", problem.field.unwrap_or_default(), problem.code))
                    .collect()
            }
        }
    }

    fn set(name: &'static str, value: &'static str) -> impl FnOnce(&mut Application) {
        move |application| {
            application.fields.insert(name.into(), value.into());
        }
    }

    #[test]
    fn every_type_accepts_its_own_example() {
        for licence_type in catalogue::embedded().unwrap().types() {
            let application = Application::example(licence_type, Some(JPEG.to_vec()));
            let valid = licence_type.validate(&application, today());
            assert!(valid.is_ok(), "{}: {}", licence_type.slug, valid.unwrap_err());
            assert_eq!(valid.unwrap().fields().count(), application.fields.len());
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let told = refusals("food-business-permit", |application| {
            application.holder_name = " ".into();
            application.holder_code = "92159901MA0QY34H9A".into();
            application.fields.remove("domicile");
            application.fields.insert("colour".into(), "red".into());
            application.licence_number = "JY21599010001237".into();
            application.expiring_date = Some("2026-02-30".into());
            application.serial = Some("a_1".into());
        });
        let expected = [
            "holderName: field-required",
            "holderCode: credit-code-check-character",
            "colour: field-unknown",
            "domicile: field-required",
            "licenceNumber: number-check-character",
            "expiringDate: date-impossible",
            "serial: serial-form",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn the_holder_must_be_of_a_category_and_code_that_the_type_takes() {
        let by = |slug, category: Option<&str>, kind: &str, code: &str| {
            refusals(slug, |application| {
                application.holder_category = category.map(str::to_owned);
                (application.holder_code_type, application.holder_code) = (kind.to_owned(), code.to_owned());
            })
        };
        let school = |category| by("private-school-permit", category, "001", "92159901MA0QY34H9B");
        assert_eq!(school(None), ["holderCategory: holder-category-not-allowed"]);
        assert_eq!(
            school(Some("natural-person")),
            ["holderCategory: holder-category-not-allowed"]
        );
        assert_eq!(school(Some("tree")), ["holderCategory: holder-category-not-allowed"]);
        let title = |category, kind, code| by("real-estate-title", category, kind, code);
        assert_eq!(title(None, "001", "91159900MA0QX12G77"), [""; 0]);
        assert_eq!(
            title(Some("legal-person"), "111", "159901198506122041"),
            ["holderCategory: holder-category-contradicts-code"]
        );
        assert_eq!(
            title(None, "888", "1"),
            ["holderCodeType: holder-code-type-not-allowed"]
        );
        assert_eq!(title(None, "414", "E 1"), ["holderCode: document-number-form"]);
        assert_eq!(title(None, "414", ""), ["holderCode: field-required"]);
        assert_eq!(
            title(None, "111", "159901198506122040"),
            ["holderCode: resident-id-check-character"]
        );
        let told = by("food-business-permit", None, "111", "159901198506122041");
        assert_eq!(told[0], "holderCodeType: holder-code-type-not-allowed");
    }

    #[test]
    fn each_kind_of_value_has_its_own_refusal() {
        let food = |name, value| refusals("food-business-permit", set(name, value));
        assert_eq!(food("businessForm", "4"), ["businessForm: value-not-listed"]);
        assert_eq!(food("complaintPhone", "打电话"), ["complaintPhone: phone-form"]);
        assert_eq!(
            food("signatory", "陈\u{200b}志远"),
            ["signatory: text-forbidden-character"]
        );
        assert_eq!(
            food("signatory", "一二三四五六七八九十一二三四五六七八九十一"),
            ["signatory: text-too-long"]
        );
        let construction = |name, value| refusals("construction-permit", set(name, value));
        assert_eq!(construction("contractPeriod", "两年"), ["contractPeriod: integer-form"]);
        assert_eq!(
            construction("contractPrice", "1.23456"),
            ["contractPrice: decimal-form"]
        );
        let business = |name, value| refusals("business-licence", set(name, value));
        assert_eq!(business("registeredCapital", "五百"), ["registeredCapital: money-form"]);
        assert_eq!(business("establishedDate", "去年"), ["establishedDate: date-form"]);
        assert_eq!(business("copyNumber", "0-1"), ["copyNumber: pattern-mismatch"]);
    }

    #[test]
    fn a_number_must_have_the_form_of_its_kind_and_agree_with_the_rest() {
        let number = |slug, number: &str| refusals(slug, |application| application.licence_number = number.into());
        assert_eq!(number("business-licence", ""), ["licenceNumber: field-required"]);
        assert_eq!(
            number("business-licence", "150100000012345"),
            ["licenceNumber: pattern-mismatch"]
        );
        assert_eq!(
            number("business-licence", "91159900701234563P"),
            ["licenceNumber: number-not-holder-code"]
        );
        assert_eq!(
            number("construction-permit", "159901202613050101"),
            ["licenceNumber: number-date"]
        );
        assert_eq!(
            number("road-transport-permit", "蒙交运管许可青字900101000123号"),
            ["licenceNumber: number-region"]
        );
        assert_eq!(
            number("disability-certificate", "15990219780921301424"),
            ["licenceNumber: number-contradicts-field"]
        );
        assert_eq!(
            number("disability-certificate", "15990119900307101344"),
            ["licenceNumber: number-not-holder-code"]
        );
        assert_eq!(
            number("medical-institution-licence", "4601234581599011"),
            ["licenceNumber: pattern-mismatch"]
        );
        assert_eq!(number("private-school-permit", "教民1599004000001号"), [""; 0]);
        assert_eq!(
            number("residence-permit", "159901199003071011"),
            ["licenceNumber: number-not-holder-code"]
        );
    }

    #[test]
    fn sex_and_birthday_must_be_those_of_the_identity_number() {
        assert_eq!(
            refusals("residence-permit", set("sex", "女")),
            ["sex: field-contradicts-holder-code"]
        );
        assert_eq!(
            refusals("residence-permit", set("birthDate", "1990-03-08")),
            ["birthDate: field-contradicts-holder-code"]
        );
    }

    #[test]
    fn days_must_follow_one_another() {
        let on = |effective: &str, expiring: &str| {
            refusals("food-business-permit", |application| {
                application.effective_date = Some(effective.into());
                application.expiring_date = Some(expiring.into());
            })
        };
        assert_eq!(on("2026-03-05", "2026-03-04"), ["expiringDate: dates-reversed"]);
        assert_eq!(on("2022-01-01", "2026-03-04"), ["expiringDate: expired-before-issue"]);
        assert_eq!(on("2026-03-05", "2031-03-06"), ["expiringDate: end-too-late"]);
        assert_eq!(on("2026-03-05", "2031-03-05"), [""; 0]);
        assert_eq!(on("2026-03-05", ""), ["expiringDate: field-required"]);
        assert_eq!(on("昨天", "2031-03-04"), ["effectiveDate: date-form"]);
        let issued = refusals("food-business-permit", |application| {
            application.issued_date = Some("2026-03-06".into())
        });
        assert_eq!(issued, ["issuedDate: issued-in-future"]);
    }

    #[test]
    fn the_end_follows_the_rule_of_the_type() {
        let end =
            |slug, end: Option<&str>| refusals(slug, |application| application.expiring_date = end.map(str::to_owned));
        assert_eq!(
            end("real-estate-title", Some("2031-03-04")),
            ["expiringDate: end-not-allowed"]
        );
        assert_eq!(
            end("disability-certificate", Some("2031-03-04")),
            ["expiringDate: end-not-by-rule"]
        );
        assert_eq!(end("disability-certificate", None), [""; 0]);
        let certificate = type_of("disability-certificate");
        let mut application = Application::example(&certificate, Some(JPEG.to_vec()));
        application.expiring_date = None;
        let licence = certificate.validate(&application, today()).unwrap();
        assert_eq!(licence.expiring(), NaiveDate::from_ymd_opt(2036, 3, 4));
    }

    #[test]
    fn an_end_by_field_is_the_day_of_that_field() {
        let mut licence_type = type_of("business-licence");
        licence_type.validity.rule = ValidityRule::UntilField {
            field: "establishedDate".into(),
        };
        let mut application = Application::example(&licence_type, None);
        application
            .fields
            .insert("establishedDate".into(), "2030年1月1日".into());
        let end = licence_type.validate(&application, today()).unwrap().expiring();
        assert_eq!(end, NaiveDate::from_ymd_opt(2030, 1, 1));
        application.expiring_date = Some("2030-01-02".into());
        let invalid = licence_type.validate(&application, today()).unwrap_err();
        assert_eq!(invalid.0[0].rule.code(), "end-not-by-rule");
    }

    #[test]
    fn a_photograph_comes_where_the_face_has_one_and_nowhere_else() {
        use crate::licence::application::{MAX_PHOTO_BYTES, Photo};
        let photo = |slug, photo: Option<Photo>| refusals(slug, |application| application.photo = photo);
        assert_eq!(photo("residence-permit", None), ["photo: field-required"]);
        assert_eq!(
            photo("residence-permit", Some(Photo::Bytes(b"GIF89a".to_vec()))),
            ["photo: photo-format"]
        );
        assert_eq!(
            photo("residence-permit", Some(Photo::Base64("*".into()))),
            ["photo: photo-encoding"]
        );
        let large = Photo::Bytes(vec![0; MAX_PHOTO_BYTES + 1]);
        assert_eq!(photo("residence-permit", Some(large)), ["photo: photo-too-large"]);
        assert_eq!(
            photo("business-licence", Some(Photo::Bytes(JPEG.to_vec()))),
            ["photo: field-unknown"]
        );
        assert_eq!(
            refusals("residence-permit", set("photo", "/9j/")),
            ["photo: photo-as-text"]
        );
    }

    #[test]
    fn the_type_is_named_by_slug_or_code_and_must_be_this_one() {
        let named = |name: String| refusals("business-licence", |application| application.licence_type = name);
        assert_eq!(named("11100000MB0143028R001".into()), [""; 0]);
        assert_eq!(named("real-estate-title".into()), ["licenceType: type-other"]);
    }

    #[test]
    fn a_refusal_quotes_value_and_rule_but_no_endless_text() {
        let licence_type = type_of("food-business-permit");
        let mut application = Application::example(&licence_type, None);
        application.licence_number = "9".repeat(10_000);
        let invalid = licence_type.validate(&application, today()).unwrap_err();
        let problem = &invalid.problems()[0];
        assert_eq!(problem.params["pattern"], "JY[1-3][0-9]{13}");
        assert_eq!(problem.params["value"].len(), MAX_QUOTED_CHARS);
        assert!(
            invalid
                .to_string()
                .starts_with("the application breaks 1 rules, the first: licenceNumber \"9999")
        );
    }
}
