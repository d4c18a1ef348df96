//! Which certificates a list speaks about, and for which reasons (RFC 5280 section 6.3.3 (b) and (d)).

use super::ListFault;
use crate::x509::{
    Attribute, Certificate, Crl, DistributionPoint, DistributionPointName, GeneralName, Name, NormalName, ReasonFlags,
};

/// Reasons for which a certificate may be revoked, as a set; bit n is the named bit n of `ReasonFlags`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reasons(u16);

impl Reasons {
    /// None.
    pub(super) const NONE: Self = Self(0);
    /// `all-reasons` (RFC 5280 section 6.3.2 (a)): every named bit but the first, which is not used.
    pub(super) const ALL: Self = Self(0x1fe);

    fn of(flags: Option<ReasonFlags>) -> Self {
        flags.map_or(Self::ALL, |flags| Self(flags.0 & Self::ALL.0))
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Both together.
    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it has a reason that `known` does not.
    pub(super) fn adds_to(self, known: Self) -> bool {
        self.0 & !known.0 != 0
    }
}

/// A distribution point as the algorithm takes it: one of the certificate, or the one to be assumed beside them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Point<'s> {
    Named(&'s DistributionPoint),
    /// Named as the certificate's issuer, without reasons or another issuer of lists (RFC 5280 section 6.3.3, last
    /// paragraph).
    Assumed,
}

impl<'s> Point<'s> {
    /// The points of a certificate, and the assumed one behind them.
    pub(super) fn all_of(certificate: &'s Certificate) -> impl Iterator<Item = Self> {
        let named = certificate.extensions().crl_distribution_points.as_ref();
        let named = named.into_iter().flat_map(|points| &points.value).map(Self::Named);
        named.chain([Self::Assumed])
    }

    fn point(self) -> Option<&'s DistributionPoint> {
        match self {
            Self::Named(point) => Some(point),
            Self::Assumed => None,
        }
    }

    /// `cRLIssuer`; empty where the certificate's issuer signs the lists.
    fn crl_issuer(self) -> &'s [GeneralName] {
        self.point().map_or(&[], |point| &point.crl_issuer)
    }

    /// Names under which lists for the point are issued.
    pub(super) fn list_issuers(self, certificate: &'s Certificate) -> Vec<&'s Name> {
        if self.crl_issuer().is_empty() {
            return vec![certificate.issuer()];
        }
        self.crl_issuer().iter().filter_map(directory).collect()
    }
}

fn directory(name: &GeneralName) -> Option<&Name> {
    match name {
        GeneralName::Directory(name) => Some(name),
        _ => None,
    }
}

/// How many names [`reasons`] compares at most: those of the list's distribution point with those of the certificate's.
pub(super) fn comparisons(list: &Crl, point: Point<'_>) -> usize {
    let own = list.extensions().issuing_distribution_point.as_ref();
    let own = own.and_then(|own| own.value.name.as_ref()).map_or(0, count);
    let named = point.point().and_then(|point| point.name.as_ref());
    own.saturating_mul(named.map_or(point.crl_issuer().len().max(1), count))
}

fn count(name: &DistributionPointName) -> usize {
    match name {
        DistributionPointName::Full(names) => names.len(),
        DistributionPointName::RelativeToIssuer(_) => 1,
    }
}

/// The reasons for which a list, issued under one of the point's names, says whether the certificate is revoked; why it
/// says nothing otherwise.
pub(super) fn reasons(list: &Crl, point: Point<'_>, certificate: &Certificate) -> Result<Reasons, ListFault> {
    let own = list
        .extensions()
        .issuing_distribution_point
        .as_ref()
        .map(|own| &own.value);
    // (b) (1): another issuer of lists makes indirect ones.
    if !point.crl_issuer().is_empty() && !own.is_some_and(|own| own.indirect) {
        return Err(ListFault::Direct);
    }
    let asked = Reasons::of(point.point().and_then(|point| point.reasons));
    let Some(own) = own else { return Ok(asked) };
    // (b) (2) (i).
    if let Some(name) = &own.name
        && !names_meet(name, list, point, certificate)
    {
        return Err(ListFault::OtherPoint);
    }
    // (b) (2) (ii) to (iv).
    let other_kind = match certificate.is_ca() {
        true => own.only_user_certificates,
        false => own.only_ca_certificates,
    };
    if other_kind || own.only_attribute_certificates {
        return Err(ListFault::OtherKind);
    }
    // (d).
    Ok(asked.and(Reasons::of(own.only_some_reasons)))
}

/// RFC 5280 section 6.3.3 (b) (2) (i): a name of the list's distribution point is one of the certificate's, or of who
/// issues its lists where the point has no name.
fn names_meet(own: &DistributionPointName, list: &Crl, point: Point<'_>, certificate: &Certificate) -> bool {
    let assumed;
    let wanted = match point {
        Point::Assumed => {
            assumed = [GeneralName::Directory(certificate.issuer().clone())];
            PointNames::Full(&assumed)
        }
        Point::Named(named) => match &named.name {
            None => PointNames::Full(&named.crl_issuer),
            Some(DistributionPointName::Full(names)) => PointNames::Full(names),
            Some(DistributionPointName::RelativeToIssuer(attributes)) => {
                // RFC 5280 section 4.2.1.13: with more than one issuer of lists the name means nothing.
                match point.list_issuers(certificate)[..] {
                    [issuer] => PointNames::relative(issuer, attributes),
                    _ => return false,
                }
            }
        },
    };
    let own = match own {
        DistributionPointName::Full(names) => PointNames::Full(names),
        DistributionPointName::RelativeToIssuer(attributes) => PointNames::relative(list.issuer(), attributes),
    };
    own.meets(&wanted)
}

/// Names of a distribution point; the one relative to an issuer made whole.
enum PointNames<'s> {
    Full(&'s [GeneralName]),
    Whole(NormalName),
}

impl<'s> PointNames<'s> {
    fn relative(issuer: &Name, attributes: &'s [Attribute]) -> Self {
        Self::Whole(issuer.normal_with(attributes))
    }

    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Full(these), Self::Full(those)) => these.iter().any(|name| those.contains(name)),
            (Self::Whole(whole), Self::Full(names)) | (Self::Full(names), Self::Whole(whole)) => names
                .iter()
                .filter_map(directory)
                .any(|name| name.normal_with(&[]) == *whole),
            (Self::Whole(this), Self::Whole(that)) => this == that,
        }
    }
}
