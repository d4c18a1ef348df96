//! What a waiting field demands of its signature (ISO 32000-2 table 237). What is not made here is refused.

use super::{Act, DocumentFault, Order};
use crate::cms::build::SigningIdentity;
use crate::pdf::signature::FormField;
use crate::pdf::{Dictionary, Object, PdfError, View};
use crate::sign::{SignError, SignatureForm};

/// The flags of a seed value dictionary that ask for what is made here anyway: Filter, SubFilter and V.
const KEPT: i64 = 0b111;

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
    let refused = |entry| DocumentFault::SeedValue {
        field: field.name.clone(),
        entry,
    };
    let demands = |dictionary: &Dictionary| -> Result<i64, PdfError> {
        Ok(view.get(dictionary, "Ff")?.as_integer().unwrap_or(0))
    };
    let required = demands(&seed)?;
    if required & 1 != 0 && seed.get("Filter").is_some() && !seed.is("Filter", "Adobe.PPKLite") {
        return Err(refused("Filter").into());
    }
    // The first of the list that the signer has is the one to use.
    if required & 2 != 0
        && let Object::Array(kinds) = view.get(&seed, "SubFilter")?
        && forms(&kinds).find(|form| form.check(signer).is_ok()) != Some(order.form)
    {
        return Err(refused("SubFilter").into());
    }
    if required & !KEPT != 0 {
        return Err(refused("Ff").into());
    }
    // Of these no flag says whether they are demands: they are.
    if let Object::Dictionary(kind) = view.get(&seed, "MDP")?
        && kind.get("P").is_some()
        && view.get(&kind, "P")? != Object::Integer(number(act))
    {
        return Err(refused("MDP").into());
    }
    if let Object::Dictionary(stamp) = view.get(&seed, "TimeStamp")?
        && demands(&stamp)? != 0
        && order.stamp_room == 0
    {
        return Err(refused("TimeStamp").into());
    }
    if let Object::Dictionary(certificate) = view.get(&seed, "Cert")?
        && demands(&certificate)? != 0
    {
        return Err(refused("Cert").into());
    }
    Ok(())
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
