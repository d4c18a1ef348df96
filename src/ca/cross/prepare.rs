//! From partner and terms to the part that is signed: what is refused, and what the certificate says.

use chrono::{DateTime, Utc};

use super::terms::Policies;
use super::{CrossError, Mode, Partner, Terms};
use crate::asn1::oid;
use crate::ca::constraint;
use crate::ca::issue::prepare_amended;
use crate::ca::lint::Standing;
use crate::ca::{IssueError, Issuer, Order, Prepared, Profile, Publication, Subject, SubjectKey};
use crate::crypto::SignatureAlgorithm;
use crate::licence::skeleton::skeleton;
use crate::trust::names::covers;
use crate::x509::{
    AccessDescription, Certificate, Extension, Extensions, GeneralName, Name, NameConstraints, SerialNumber, build,
};

/// Our authorities: their keys, the organisations under which their names lie, and the hosts and addresses that some of
/// them certify and nothing else.
#[derive(Debug, Clone, Default)]
pub struct OwnSpace {
    authorities: Vec<Certificate>,
    spaces: Vec<Name>,
    /// Permitted subtrees of our authorities' name constraints, of all forms but directory names.
    hosts: Vec<GeneralName>,
}

impl OwnSpace {
    /// Of these authorities.
    pub fn of(authorities: Vec<Certificate>) -> Self {
        let mut spaces: Vec<Name> = Vec::new();
        for space in authorities.iter().map(|authority| organisation_of(authority.subject())) {
            if !spaces.contains(&space) {
                spaces.push(space);
            }
        }
        let constraints = authorities
            .iter()
            .filter_map(|one| one.extensions().name_constraints.as_ref());
        let mut hosts: Vec<GeneralName> = Vec::new();
        for base in constraints.flat_map(|constraints| &constraints.value.permitted) {
            if !matches!(base, GeneralName::Directory(_)) && !hosts.contains(base) {
                hosts.push(base.clone());
            }
        }
        Self {
            authorities,
            spaces,
            hosts,
        }
    }

    /// The part of our space that a constraint of a partner lies in.
    fn claimed_by(&self, base: &GeneralName) -> Option<String> {
        match base {
            GeneralName::Directory(name) => self.holding(name).map(ToString::to_string),
            other => self
                .hosts
                .iter()
                .find(|own| covers(own, other))
                .map(ToString::to_string),
        }
    }

    /// The space that a name lies in, or whose organisation it names in whatever other place of the tree.
    fn holding(&self, name: &Name) -> Option<&Name> {
        let organisations = name
            .attributes()
            .filter(|attribute| attribute.oid == oid::ORGANIZATION_NAME);
        let organisations: Vec<String> = organisations.filter_map(|found| found.text().map(skeleton)).collect();
        let is_named = |space: &Name| {
            let own = space.organization().map(skeleton);
            own.is_some_and(|own| organisations.contains(&own))
        };
        self.spaces
            .iter()
            .find(|space| name.is_within(space) || is_named(space))
    }
}

/// An authority of another partner that is certified at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// The short name of the partner.
    pub partner: String,
    /// The name of its authority.
    pub subject: Name,
}

/// A cross-certificate that is to be issued.
#[derive(Debug, Clone, Copy)]
pub struct CrossOrder<'a> {
    /// The authority that issues.
    pub issuer: &'a Certificate,
    /// How its key signs.
    pub algorithm: SignatureAlgorithm,
    /// Where it publishes.
    pub publication: &'a Publication,
    /// The authority that is certified.
    pub partner: &'a Partner,
    /// The partner's short name: its other authorities are no strangers to this one.
    pub partner_name: &'a str,
    /// What was agreed on.
    pub terms: &'a Terms,
    /// What is ours.
    pub own: &'a OwnSpace,
    /// Authorities that are certified already.
    pub neighbours: &'a [Neighbour],
    /// Now.
    pub now: DateTime<Utc>,
    /// Its serial number.
    pub serial: &'a SerialNumber,
}

/// Makes the part to be signed.
///
/// # Errors
/// What the partner may not have, or the terms must not say.
pub fn prepare(order: &CrossOrder<'_>) -> Result<Prepared, CrossError> {
    strangers_name(order)?;
    let profile = profile(order)?;
    let subject = Subject::named(order.partner.subject().clone(), None);
    let order_of_profile = Order {
        profile: &profile,
        subject: &subject,
        key: &SubjectKey::of_partner(order.partner),
        issuer: Issuer::Authority {
            certificate: order.issuer,
            algorithm: order.algorithm,
            publication: order.publication,
        },
        not_before: order.now,
        serial: order.serial.clone(),
    };
    let prepared = prepare_amended(
        &order_of_profile,
        Standing::Partner(&profile),
        |extensions, validity| {
            // Never beyond the partner's own certificate.
            if let Some(not_after) = order.partner.not_after() {
                validity.not_after = validity.not_after.min(not_after);
            }
            amend(order, extensions);
        },
    )?;
    Ok(prepared)
}

/// The profile of the mode with what was agreed on.
fn profile(order: &CrossOrder<'_>) -> Result<Profile, CrossError> {
    let terms = order.terms;
    let mut profile = Profile::standard(terms.mode.profile()).map_err(IssueError::from)?;
    let Policies { own, mappings } = terms.read_policies()?;
    profile.policies = own;
    profile.policy_mappings = mappings;
    profile.name_constraints = names(order)?;
    profile.validity = terms.validity()?;
    profile.inhibit_any_policy = terms.inhibit_any_policy.or(profile.inhibit_any_policy);
    let constraints = &mut profile.policy_constraints;
    constraints.require_explicit_policy = terms.require_explicit_policy.or(constraints.require_explicit_policy);
    profile.path_length = Some(path_length(order, profile.path_length)?);
    Ok(profile)
}

/// The partner's key identifier as its own certificates have it (RFC 5280 section 4.2.1.2), and where bundles are found
/// (section 4.2.2).
fn amend(order: &CrossOrder<'_>, extensions: &mut Extensions) {
    extensions.subject_key_identifier = Some(plain(order.partner.key_identifier().to_vec()));
    let bundle = access(oid::AD_CA_ISSUERS, order.publication.bundle_url());
    extensions.authority_info_access = Some(plain(vec![bundle]));
    let repository = order.terms.repository.as_deref().or(order.partner.repository());
    extensions.subject_info_access = repository.map(|url| plain(vec![access(oid::AD_CA_REPOSITORY, url)]));
}

/// Refuses keys and names that are ours, and names that are another partner's.
fn strangers_name(order: &CrossOrder<'_>) -> Result<(), CrossError> {
    let (subject, own) = (order.partner.subject(), order.own);
    let is_own_key = |authority: &&Certificate| authority.key_identity() == order.partner.key().identity();
    if let Some(authority) = own.authorities.iter().find(is_own_key) {
        return Err(CrossError::OwnKey(authority.subject().to_string()));
    }
    if let Some(space) = own.holding(subject) {
        return Err(CrossError::OwnName {
            name: subject.to_string(),
            own: space.to_string(),
        });
    }
    let space = organisation_of(subject);
    let others = order
        .neighbours
        .iter()
        .filter(|other| other.partner != order.partner_name);
    let mut overlapping =
        others.filter(|other| other.subject.is_within(&space) || subject.is_within(&organisation_of(&other.subject)));
    match overlapping.next() {
        Some(other) => Err(overlap(subject, other)),
        None => Ok(()),
    }
}

fn overlap(name: &Name, other: &Neighbour) -> CrossError {
    CrossError::Overlap {
        name: name.to_string(),
        other: other.subject.to_string(),
        partner: other.partner.clone(),
    }
}

/// What the partner may certify. Our own names are excluded always; names of another partner's authorities are not
/// permitted but to the hub of a bridge, which leads there.
fn names(order: &CrossOrder<'_>) -> Result<NameConstraints, CrossError> {
    let permitted = constraint::read_all("permitted", &order.terms.permitted)?;
    for name in &permitted {
        if let Some(own) = order.own.claimed_by(name) {
            let name = name.to_string();
            return Err(CrossError::OwnName { name, own });
        }
        let GeneralName::Directory(name) = name else { continue };
        let others = order
            .neighbours
            .iter()
            .filter(|other| other.partner != order.partner_name);
        let mut others = others.filter(|_| order.terms.mode != Mode::Bridge);
        if let Some(other) = others.find(|other| name.is_within(&organisation_of(&other.subject))) {
            return Err(overlap(name, other));
        }
    }
    let own = order.own.spaces.iter().cloned().map(GeneralName::Directory);
    let own = own.chain(order.own.hosts.iter().cloned());
    Ok(NameConstraints {
        permitted,
        excluded: own
            .chain(constraint::read_all("excluded", &order.terms.excluded)?)
            .collect(),
    })
}

/// RFC 5280 section 4.2.1.9: one less than the issuer's own, at the most.
fn path_length(order: &CrossOrder<'_>, usual: Option<u32>) -> Result<u32, CrossError> {
    let asked = order.terms.path_length.or(usual).unwrap_or(0);
    let own = order.issuer.extensions().basic_constraints.as_ref();
    let own = own.and_then(|found| found.value.path_length);
    const LARGEST: u32 = u8::MAX as u32;
    match own.map_or(Some(LARGEST), |own| own.checked_sub(1)) {
        Some(allowed) if asked <= allowed => Ok(asked),
        allowed => Err(CrossError::PathLength {
            asked,
            allowed: allowed.unwrap_or(0),
        }),
    }
}

/// The name of the organisation in a name: its beginning up to organizationName; the whole where it has none.
fn organisation_of(name: &Name) -> Name {
    let mut attributes = Vec::new();
    for attribute in name.attributes() {
        let Some(text) = attribute.text() else { break };
        attributes.push((attribute.oid, text));
        if attribute.oid == oid::ORGANIZATION_NAME {
            return build::name(&attributes).unwrap_or_else(|_| name.clone());
        }
    }
    name.clone()
}

/// Checks a certificate that a partner issued for our authority, the other half of a pair.
///
/// # Errors
/// It is not for our authority with its name and key, or the partner did not sign it.
pub fn accept(certificate: &Certificate, own: &Certificate, partner: &Partner) -> Result<(), CrossError> {
    let is_ours = certificate.subject().der() == own.subject().der()
        && certificate.key_identity() == own.key_identity()
        && certificate.is_ca();
    if !is_ours {
        return Err(CrossError::NotForUs(own.subject().to_string()));
    }
    let not_by_partner = |reason: String| CrossError::NotByPartner {
        partner: partner.subject().to_string(),
        reason,
    };
    if certificate.issuer() != partner.subject() {
        return Err(not_by_partner(format!("its issuer is {}", certificate.issuer())));
    }
    certificate
        .verify_signed_by(partner.key())
        .map_err(|error| not_by_partner(error.to_string()))
}

fn access(method: der::asn1::ObjectIdentifier, url: &str) -> AccessDescription {
    let location = GeneralName::Uri(url.to_owned());
    AccessDescription { method, location }
}

fn plain<T>(value: T) -> Extension<T> {
    Extension { critical: false, value }
}
