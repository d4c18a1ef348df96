//! Name constraints: which names an authority's certificates may hold (RFC 5280 sections 4.2.1.10 and 6.1.3 (b) and
//! (c)).
//!
//! The standard narrows a permitted and widens an excluded set on the way down. The same follows when each authority's
//! own constraints are held against every certificate below it, which needs no state and lets a path be judged as it
//! grows.

use std::fmt;

use super::{dns, email, ip, uri};
use crate::asn1::oid;
use crate::trust::Reason;
use crate::trust::budget::{Budget, Exhausted};
use crate::x509::{Certificate, GeneralName, Name, NameConstraints};

/// A name in its form. Those of the forms that no standard says how to compare are known by their tag only.
#[derive(Debug, Clone, Copy)]
enum Form<'a> {
    Email(&'a str),
    /// A SmtpUTF8Mailbox, which the constraints of e-mail addresses reach (RFC 9598 section 6).
    Utf8Mailbox(&'a str),
    Dns(&'a str),
    Directory(&'a Name),
    Uri(&'a str),
    Ip(&'a [u8]),
    Other(u8),
}

impl<'a> From<&'a GeneralName> for Form<'a> {
    fn from(name: &'a GeneralName) -> Self {
        if let Some(mailbox) = name.utf8_mailbox() {
            return Self::Utf8Mailbox(mailbox);
        }
        match name {
            GeneralName::Rfc822(text) => Self::Email(text),
            GeneralName::Dns(text) => Self::Dns(text),
            GeneralName::Directory(name) => Self::Directory(name),
            GeneralName::Uri(text) => Self::Uri(text),
            GeneralName::Ip(octets) => Self::Ip(octets),
            GeneralName::Other { tag, .. } => Self::Other(*tag),
        }
    }
}

/// As a [`GeneralName`] is shown; of a form that is not compared its tag alone.
impl fmt::Display for Form<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(text) | Self::Utf8Mailbox(text) => write!(f, "e-mail {text}"),
            Self::Dns(text) => write!(f, "DNS {text}"),
            Self::Directory(name) => write!(f, "directory {name}"),
            Self::Uri(text) => write!(f, "URI {text}"),
            Self::Ip(octets) => GeneralName::Ip(octets.to_vec()).fmt(f),
            Self::Other(tag) => write!(f, "of form {tag}"),
        }
    }
}

impl Form<'_> {
    /// Context-specific tag of the form (RFC 5280 section 4.2.1.6).
    fn tag(self) -> u8 {
        match self {
            Self::Email(_) | Self::Utf8Mailbox(_) => 1,
            Self::Dns(_) => 2,
            Self::Directory(_) => 4,
            Self::Uri(_) => 6,
            Self::Ip(_) => 7,
            Self::Other(tag) => tag,
        }
    }

    /// Whether a constraint of this form has the syntax that the standard gives it.
    fn is_constraint(self) -> bool {
        match self {
            Self::Email(base) => email::is_constraint(base),
            // RFC 9598 section 6: constraints are not of this form.
            Self::Utf8Mailbox(_) => false,
            Self::Dns(base) => base.is_empty() || dns::is_host(base),
            Self::Directory(_) => true,
            Self::Uri(base) => dns::is_host_constraint(base),
            Self::Ip(base) => ip::is_constraint(base),
            // A form above whose content could not be read has its tag; the others have nothing to be judged by.
            Self::Other(tag) => !matches!(tag, 1 | 2 | 4 | 6 | 7),
        }
    }

    /// Whether a name of this form can be held against a constraint.
    fn is_comparable(self) -> bool {
        match self {
            Self::Email(name) => email::parts(name).is_some(),
            Self::Utf8Mailbox(name) => email::utf8_parts(name).is_some(),
            Self::Dns(name) => dns::is_presented(name),
            Self::Directory(_) => true,
            Self::Uri(name) => uri::host(name).is_some(),
            Self::Ip(name) => ip::is_address(name),
            Self::Other(_) => false,
        }
    }

    /// Whether the whole name lies in the subtree of a constraint of the same form.
    fn is_within(self, base: Self) -> bool {
        match (self, base) {
            (Self::Email(name), Self::Email(base)) => {
                email::parts(name).is_some_and(|parts| email::is_within(parts, base))
            }
            (Self::Utf8Mailbox(name), Self::Email(base)) => {
                email::utf8_parts(name).is_some_and(|parts| email::is_within(parts, base))
            }
            (Self::Dns(name), Self::Dns(base)) => dns::is_within(name, base),
            (Self::Directory(name), Self::Directory(base)) => name.is_within(base),
            (Self::Uri(name), Self::Uri(base)) => uri::host(name).is_some_and(|host| dns::is_host_within(host, base)),
            (Self::Ip(name), Self::Ip(base)) => ip::is_within(name, base),
            _ => false,
        }
    }

    /// Whether some part of what the name stands for lies in the subtree.
    fn overlaps(self, base: Self) -> bool {
        match (self, base) {
            (Self::Dns(name), Self::Dns(base)) => dns::overlaps(name, base),
            _ => self.is_within(base),
        }
    }
}

/// Holds the constraints of an authority, which is named where something is wrong, against every name of a certificate
/// below it. Gives the first thing that is wrong.
pub(in crate::trust) fn check(
    constraints: &NameConstraints,
    authority: &dyn Fn() -> String,
    certificate: &Certificate,
    budget: &mut Budget,
) -> Result<Option<Reason>, Exhausted> {
    let bases = constraints.permitted.iter().chain(&constraints.excluded);
    if let Some(base) = bases.clone().find(|base| !Form::from(*base).is_constraint()) {
        return Ok(Some(Reason::NameConstraintsUnusable {
            authority: authority(),
            cause: format!("the constraint {base} is not of its form"),
        }));
    }
    let total = bases.count();
    let alternatives = certificate.extensions().subject_alt_name.as_ref();
    let alternatives = alternatives.map_or(&[][..], |names| &names.value);
    for (_, name) in names(certificate.subject(), alternatives) {
        budget.name_comparisons(total)?;
        if let Some(fault) = fault(constraints, name) {
            return Ok(Some(fault.reason(authority(), certificate, name)));
        }
    }
    Ok(None)
}

/// A name that lies outside of what constraints leave to an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misplaced {
    /// The name, with its form.
    pub name: String,
    /// Whether it is the subject or stands in it; otherwise it is an alternative name.
    pub in_subject: bool,
    /// What is wrong with it.
    pub fault: Fault,
}

/// Holds constraints against the names that a certificate is to have, before there is one. Gives the first that they do
/// not allow; where there are too many to compare ([`MAX_NAME_COMPARISONS`]), the first that was not compared.
///
/// [`MAX_NAME_COMPARISONS`]: crate::trust::budget::MAX_NAME_COMPARISONS
pub fn misplaced(constraints: &NameConstraints, subject: &Name, alternatives: &[GeneralName]) -> Option<Misplaced> {
    let total = constraints.permitted.len() + constraints.excluded.len();
    let mut budget = Budget::default();
    names(subject, alternatives).find_map(|(in_subject, name)| {
        let fault = match budget.name_comparisons(total) {
            Ok(()) => fault(constraints, name)?,
            Err(Exhausted { .. }) => Fault::Incomparable,
        };
        let name = name.to_string();
        Some(Misplaced {
            name,
            in_subject,
            fault,
        })
    })
}

/// Whether a name has the syntax of its form, so that it can be held against constraints.
pub fn is_comparable(name: &GeneralName) -> bool {
    Form::from(name).is_comparable()
}

/// Whether every name in the subtree of `inner` lies in that of `outer`. Subtrees of different forms have no name in
/// common.
pub fn covers(outer: &GeneralName, inner: &GeneralName) -> bool {
    match (Form::from(outer), Form::from(inner)) {
        (Form::Email(outer), Form::Email(inner)) => email::covers(outer, inner),
        (Form::Dns(outer), Form::Dns(inner)) => dns::is_within(inner, outer),
        (Form::Directory(outer), Form::Directory(inner)) => inner.is_within(outer),
        (Form::Uri(outer), Form::Uri(inner)) => dns::covers_hosts(outer, inner),
        (Form::Ip(outer), Form::Ip(inner)) => ip::covers(outer, inner),
        _ => false,
    }
}

/// Whether a constraint has the syntax of its form.
pub fn is_constraint(base: &GeneralName) -> bool {
    Form::from(base).is_constraint()
}

/// What is wrong with one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is of a form that is constrained and cannot be compared.
    Incomparable,
    /// It lies in an excluded subtree.
    Excluded,
    /// It lies in none of the permitted subtrees of its form.
    NotPermitted,
}

/// What is wrong, as it follows the name: `lies in an excluded subtree`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Incomparable => "cannot be compared with the name constraints",
            Self::Excluded => "lies in an excluded subtree",
            Self::NotPermitted => "lies in no permitted subtree",
        })
    }
}

impl Fault {
    fn reason(self, authority: String, certificate: &Certificate, name: Form<'_>) -> Reason {
        let (subject, name) = (certificate.subject().to_string(), name.to_string());
        match self {
            Self::Incomparable => Reason::NameConstraintsUnusable {
                authority,
                cause: format!("the name {name} in the certificate of {subject} cannot be compared"),
            },
            Self::Excluded => Reason::NameExcluded {
                subject,
                name,
                authority,
            },
            Self::NotPermitted => Reason::NameNotPermitted {
                subject,
                name,
                authority,
            },
        }
    }
}

fn fault(constraints: &NameConstraints, name: Form<'_>) -> Option<Fault> {
    let of_form = |bases: &'_ [GeneralName]| bases.iter().any(|base| Form::from(base).tag() == name.tag());
    let (permitted, excluded) = (of_form(&constraints.permitted), of_form(&constraints.excluded));
    // RFC 5280 section 4.2.1.10: a constrained form that is not processed refuses the certificate where such a name
    // occurs.
    if (permitted || excluded) && !name.is_comparable() {
        return Some(Fault::Incomparable);
    }
    if excluded && constraints.excluded.iter().any(|base| name.overlaps(base.into())) {
        return Some(Fault::Excluded);
    }
    if permitted && !constraints.permitted.iter().any(|base| name.is_within(base.into())) {
        return Some(Fault::NotPermitted);
    }
    None
}

/// The names that constraints reach, and whether they stand in the subject: the subject itself, alternative names, and
/// the e-mail addresses of the subject where no alternative name is one (RFC 5280 section 4.2.1.10).
fn names<'a>(subject: &'a Name, alternatives: &'a [GeneralName]) -> impl Iterator<Item = (bool, Form<'a>)> {
    let alternatives = alternatives.iter().map(Form::from);
    let has_email = alternatives.clone().any(|name| matches!(name, Form::Email(_)));
    let addresses = subject
        .attributes()
        .filter(move |attribute| !has_email && attribute.oid == oid::EMAIL_ADDRESS)
        .filter_map(|attribute| attribute.text().map(Form::Email));
    let directory = (!subject.is_empty()).then_some(Form::Directory(subject));
    let in_subject = directory.into_iter().chain(addresses).map(|name| (true, name));
    in_subject.chain(alternatives.map(|name| (false, name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;
    use crate::x509::build;

    fn dns(text: &str) -> GeneralName {
        GeneralName::Dns(text.to_owned())
    }

    #[test]
    fn a_subtree_covers_what_is_narrower_and_nothing_of_another_form() {
        let email = |text: &str| GeneralName::Rfc822(text.to_owned());
        let uri = |text: &str| GeneralName::Uri(text.to_owned());
        let ip = |octets: &[u8]| GeneralName::Ip(octets.to_vec());
        for (outer, inner) in [
            (dns("example.org"), dns("a.example.org")),
            (dns(""), dns("example.org")),
            (email(".example.org"), email("a.example.org")),
            (email(".example.org"), email(".b.example.org")),
            (email("example.org"), email("me@example.org")),
            (uri(".example.org"), uri(".example.org")),
            (ip(&[10, 0, 0, 0, 255, 0, 0, 0]), ip(&[10, 7, 0, 0, 255, 255, 0, 0])),
        ] {
            assert!(covers(&outer, &inner), "{outer} covers {inner}");
            assert!(outer == inner || !covers(&inner, &outer), "{inner} covers {outer}");
        }
        for (one, other) in [
            (dns("example.org"), dns("notexample.org")),
            (dns("example.org"), uri("example.org")),
            (email("example.org"), email(".example.org")),
            (email("me@example.org"), email("you@example.org")),
            (ip(&[10, 0, 0, 0, 255, 0, 0, 0]), ip(&[0; 32])),
        ] {
            assert!(!covers(&one, &other) && !covers(&other, &one), "{one} and {other}");
        }
    }

    /// An `otherName` of the form SmtpUTF8Mailbox with this value.
    fn mailbox(value: &[u8]) -> GeneralName {
        let mut content = write::Writer::default();
        content.oid(oid::SMTP_UTF8_MAILBOX);
        content.constructed(write::context(0), |outer| outer.raw(value));
        GeneralName::Other {
            tag: 0,
            content: content.into_bytes(),
        }
    }

    #[test]
    fn constraints_of_addresses_reach_mailboxes_beyond_ascii() {
        let utf8 = |address: &str| {
            mailbox(&write::encode(|value| {
                value.primitive(write::UTF8_STRING, address.as_bytes())
            }))
        };
        let constraints = NameConstraints {
            permitted: vec![GeneralName::Rfc822(".example.org".to_owned())],
            excluded: vec![GeneralName::Rfc822("secret.example.org".to_owned())],
        };
        let nobody = build::name(&[]).unwrap();
        let found =
            |name: &GeneralName| misplaced(&constraints, &nobody, std::slice::from_ref(name)).map(|found| found.fault);
        assert_eq!(found(&utf8("张三@mail.example.org")), None);
        assert_eq!(found(&utf8("张三@secret.example.org")), Some(Fault::Excluded));
        assert_eq!(found(&utf8("张三@example.com")), Some(Fault::NotPermitted));
        // What cannot be read is not taken for a name of no constrained form.
        for odd in [
            utf8("zhang@mail.example.org"),
            mailbox(&[write::UTF8_STRING, 2, 0xff, 0xfe]),
            mailbox(&[]),
        ] {
            assert_eq!(found(&odd), Some(Fault::Incomparable), "{odd}");
        }
        assert!(!is_constraint(&utf8("张三@example.org")));
    }

    #[test]
    fn the_first_name_outside_is_given_with_its_place() {
        let subject = build::name(&[(oid::COUNTRY_NAME, "CN"), (oid::ORGANIZATION_NAME, "某市")]).unwrap();
        let other = build::name(&[(oid::COUNTRY_NAME, "CN"), (oid::ORGANIZATION_NAME, "邻市")]).unwrap();
        let constraints = NameConstraints {
            permitted: vec![GeneralName::Directory(subject.clone()), dns("example.org")],
            excluded: vec![dns("secret.example.org")],
        };
        let found = |subject: &Name, names: &[GeneralName]| {
            misplaced(&constraints, subject, names).map(|found| (found.name, found.in_subject, found.fault))
        };
        assert_eq!(found(&subject, &[dns("www.example.org")]), None);
        let outside = ("directory O=邻市,C=CN".to_owned(), true, Fault::NotPermitted);
        assert_eq!(found(&other, &[]), Some(outside));
        let excluded = ("DNS a.secret.example.org".to_owned(), false, Fault::Excluded);
        assert_eq!(found(&subject, &[dns("a.secret.example.org")]), Some(excluded));
        let odd = ("DNS -".to_owned(), false, Fault::Incomparable);
        assert_eq!(found(&subject, &[dns("-")]), Some(odd));
    }
}
