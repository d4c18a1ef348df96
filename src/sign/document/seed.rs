//! What a waiting field demands of its signature (ISO 32000-2 table 237): met, or refused with what would meet it.

use std::fmt::{self, Display};

use super::{Act, DocumentFault, Order};
use crate::cms::build::SigningIdentity;
use crate::legible::clipped;
use crate::pdf::signature::FormField;
use crate::pdf::text::decode_text;
use crate::pdf::{Dictionary, Object, PdfError, View};
use crate::problem::Problem;
use crate::sign::{SignError, SignatureForm};

/// The flags of a seed value dictionary (its entry `Ff`) with the entries that they make demands, but for those that
/// ask for what is made here anyway: Filter, SubFilter and V.
const FLAGS: [(i64, &str); 4] = [
    (1 << 3, "Reasons"),
    (1 << 4, "LegalAttestation"),
    (1 << 5, "AddRevInfo"),
    (1 << 6, "DigestMethod"),
];
/// Those of Filter, SubFilter and V.
const KEPT: i64 = 0b111;

/// Most characters of the reasons that a refusal lists.
const MAX_REASONS: usize = 200;

/// What a field demands, and the signature that was asked for does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demand {
    /// A certification that permits so much, from 1 to 3 (`MDP`).
    Certification(i64),
    /// A signature that certifies nothing (`MDP` 0).
    Approval,
    /// A signature of this form (`SubFilter`), which the signer has.
    Form(SignatureForm),
    /// A signature of this form (`SubFilter`), which the key of the signer does not make.
    FormOfOtherKeys(SignatureForm),
    /// A time stamp (`TimeStamp`).
    TimeStamp,
    /// One of these reasons (`Reasons`).
    Reason(String),
    /// What no order makes: the entry, of its seed value dictionary.
    Unmet(&'static str),
}

impl Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certification(permission) => write!(f, "a certification with the permission {permission}"),
            Self::Approval => f.write_str("a signature that certifies nothing"),
            Self::Form(form) | Self::FormOfOtherKeys(form) => write!(f, "the form {}", form.name()),
            Self::TimeStamp => f.write_str("a time stamp"),
            Self::Reason(reasons) => write!(f, "one of the reasons {reasons}"),
            Self::Unmet(entry) => write!(f, "what is not offered: /{entry}"),
        }
    }
}

impl Demand {
    /// What is told of a field that demands it.
    pub(super) fn problem(&self, field: &str) -> Problem {
        let problem = |code| Problem::new(code).param("name", field);
        match self {
            Self::Certification(permission) => {
                problem("signature-field-wants-certification").param("permission", permission)
            }
            Self::Approval => problem("signature-field-wants-approval"),
            Self::Form(form) => problem("signature-field-wants-form").param("form", form.name()),
            Self::FormOfOtherKeys(form) => problem("signature-field-wants-other-key").param("form", form.name()),
            Self::TimeStamp => problem("signature-field-wants-time-stamp"),
            Self::Reason(reasons) => problem("signature-field-wants-reason").param("known", reasons),
            Self::Unmet(entry) => problem("signature-field-seed").param("entry", entry),
        }
    }
}

/// Refuses a field that demands another signature than the order makes, signed by that key.
pub(super) fn check(
    view: &View<'_, '_>,
    field: &FormField,
    (order, act): (&Order<'_>, Act),
    signer: &SigningIdentity,
) -> Result<(), SignError> {
    let Object::Dictionary(seed) = view.get(&field.dictionary, "SV")? else {
        return Ok(());
    };
    let refused = |demand| DocumentFault::SeedValue {
        field: field.name.clone(),
        demand,
    };
    let demands = |dictionary: &Dictionary| -> Result<i64, PdfError> {
        Ok(view.get(dictionary, "Ff")?.as_integer().unwrap_or(0))
    };
    let required = demands(&seed)?;
    if required & 1 != 0 && seed.get("Filter").is_some() && !seed.is("Filter", "Adobe.PPKLite") {
        return Err(refused(Demand::Unmet("Filter")).into());
    }
    // The first of the list that the signer has is the one to use.
    if required & 2 != 0
        && let Object::Array(kinds) = view.get(&seed, "SubFilter")?
    {
        match forms(&kinds).find(|form| form.check(signer).is_ok()) {
            Some(form) if form == order.form => {}
            Some(form) => return Err(refused(Demand::Form(form)).into()),
            None => {
                let other = forms(&kinds).next().map(Demand::FormOfOtherKeys);
                return Err(refused(other.unwrap_or(Demand::Unmet("SubFilter"))).into());
            }
        }
    }
    let unmet = flagged(view, &seed, required & !KEPT, (order, signer))?;
    if let Some(demand) = unmet {
        return Err(refused(demand).into());
    }
    // Of these no flag says whether they are demands: they are.
    if let Object::Dictionary(kind) = view.get(&seed, "MDP")?
        && kind.get("P").is_some()
    {
        match view.get(&kind, "P")? {
            Object::Integer(demanded) if demanded == number(act) => {}
            Object::Integer(0) => return Err(refused(Demand::Approval).into()),
            Object::Integer(demanded @ 1..=3) => return Err(refused(Demand::Certification(demanded)).into()),
            _ => return Err(refused(Demand::Unmet("MDP")).into()),
        }
    }
    if let Object::Dictionary(stamp) = view.get(&seed, "TimeStamp")?
        && demands(&stamp)? != 0
        && order.stamp_room == 0
    {
        return Err(refused(Demand::TimeStamp).into());
    }
    if let Object::Dictionary(certificate) = view.get(&seed, "Cert")?
        && demands(&certificate)? != 0
    {
        return Err(refused(Demand::Unmet("Cert")).into());
    }
    Ok(())
}

/// What the flags demand beyond [`KEPT`] and is not met.
fn flagged(
    view: &View<'_, '_>,
    seed: &Dictionary,
    required: i64,
    (order, signer): (&Order<'_>, &SigningIdentity),
) -> Result<Option<Demand>, PdfError> {
    for (flag, entry) in FLAGS {
        if required & flag == 0 {
            continue;
        }
        let listed = match view.get(seed, entry)? {
            Object::Array(listed) => listed,
            _ => return Ok(Some(Demand::Unmet(entry))),
        };
        let unmet = match entry {
            "Reasons" => unmet_reason(&listed, order.claims.reason),
            "DigestMethod" => {
                // Names by the standard; texts by common writers.
                let digest = signer.digest().name().replace('-', "");
                let is_listed = listed.iter().any(|listed| match listed {
                    Object::Name(name) => *name == *digest,
                    Object::String(text) => decode_text(text).eq_ignore_ascii_case(&digest),
                    _ => false,
                });
                (!is_listed).then_some(Demand::Unmet(entry))
            }
            _ => Some(Demand::Unmet(entry)),
        };
        if unmet.is_some() {
            return Ok(unmet);
        }
    }
    let is_unknown = required & !FLAGS.iter().fold(0, |all, (flag, _)| all | flag) != 0;
    Ok(is_unknown.then_some(Demand::Unmet("Ff")))
}

/// The reasons that a field offers, where the one that is given is none of them. One that asks for none (an empty list
/// or a full stop alone) is not met: the dictionary of a signature here always has one.
fn unmet_reason(listed: &[Object], given: &str) -> Option<Demand> {
    let text = |reason: &Object| match reason {
        Object::String(bytes) => Some(decode_text(bytes)),
        _ => None,
    };
    let reasons: Vec<String> = listed.iter().filter_map(text).collect();
    if reasons.iter().all(|reason| reason == ".") {
        return Some(Demand::Unmet("Reasons"));
    }
    if reasons.iter().any(|reason| reason == given) {
        return None;
    }
    Some(Demand::Reason(clipped(&reasons.join(" / "), MAX_REASONS).into_owned()))
}

/// The forms of signatures that a list of names has, in its order.
fn forms(kinds: &[Object]) -> impl Iterator<Item = SignatureForm> {
    let form = |kind: &Object| {
        let mut forms = SignatureForm::ALL.into_iter();
        forms.find(|form| *kind == Object::name(form.sub_filter()))
    };
    kinds.iter().filter_map(form)
}

/// How `MDP` counts what a signature means: 0 for an approval, and the permissions of a certification.
fn number(act: Act) -> i64 {
    match act {
        Act::Approve => 0,
        Act::Certify(permission) => permission as i64,
    }
}
