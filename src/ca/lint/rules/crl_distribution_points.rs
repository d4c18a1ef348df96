//! Every certificate that is not self-signed says over HTTP where its revocation list is.

#[cfg(test)]
use super::sample::Fixtures;
use super::{Examined, Rule, Severity};

pub(super) static RULE: Rule = Rule {
    name: "crl_distribution_points",
    clause: "RFC 5280 section 4.2.1.13",
    severity: Severity::Error,
    check,
    #[cfg(test)]
    fixtures: Fixtures {
        good: |_| (),
        bad: |draft| draft.extensions.crl_distribution_points = None,
    },
};

fn check(examined: &Examined<'_>) -> Option<String> {
    examined.issuer?;
    let points = examined.certificate.extensions().crl_distribution_points.as_ref();
    let urls = points.map(|points| {
        points
            .value
            .iter()
            .filter_map(|point| point.name.as_ref()?.url())
            .count()
    });
    match urls {
        None => Some("cRLDistributionPoints is absent".into()),
        Some(0) => Some("no distribution point has an HTTP address".into()),
        Some(_) => None,
    }
}
