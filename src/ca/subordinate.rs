//! Authorities below authorities: what one may be given, to whatever depth those above it allow (RFC 5280 sections
//! 4.2.1.4, 4.2.1.9 and 4.2.1.10).
//!
//! A path ends where the shortest path length above it ends, and a name is good only where every authority above it
//! permits it. A certificate that says more than its issuers may give is no danger, but it promises what no path keeps;
//! it is refused here, with the authority that forbids it, before anything is signed.

use der::asn1::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use super::constraint::{self, ConstraintError};
use super::space::{SpaceError, check_space};
use super::{Profile, ProfileError, ProfileKind};
use crate::asn1::oid;
use crate::problem::{Explain, Problem};
use crate::trust::names::covers;
use crate::x509::{Certificate, GeneralName, Name, NameConstraints};

/// What an authority is given beyond its name. What is left out is as narrow as usual: no authority below it, the
/// policies of its issuer, no names but those of its issuer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SubordinateTerms {
    /// How many tiers of authorities may follow it; none when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_length: Option<u32>,
    /// Policies for which it certifies, as object identifiers; those of its issuer where none is named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// Names that it may certify: `O=某区,C=CN`, `dns:example.org`, `email:example.org`, `uri:.example.org`,
    /// `ip:192.0.2.0/24`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permitted: Vec<String>,
    /// Names that it may not certify, in the same form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
}

/// Why an authority is not certified below another.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubordinateError {
    /// No authority may follow: the path length of an authority above is used up.
    #[error("no authority may follow below \"{authority}\", whose path length of {path_length} is used up")]
    DepthUsedUp {
        /// The authority whose path length it is.
        authority: String,
        /// Its path length.
        path_length: u32,
    },
    /// More tiers are asked for than an authority above leaves.
    #[error("a path length of {asked} is more than the {allowed} that \"{authority}\" leaves")]
    PathLength {
        /// What is asked for.
        asked: u32,
        /// What is left.
        allowed: u32,
        /// The authority that leaves no more.
        authority: String,
    },
    /// A policy that is no object identifier.
    #[error("policy \"{0}\" is no object identifier")]
    PolicySyntax(String),
    /// A policy that an authority above does not have.
    #[error("policy {policy} is none of \"{authority}\"")]
    PolicyWider {
        /// The policy.
        policy: String,
        /// The authority above.
        authority: String,
    },
    /// A constraint that cannot be read.
    #[error(transparent)]
    Constraint(#[from] ConstraintError),
    /// Permitted names that an authority above may not certify itself.
    #[error("the permitted {name} is more than \"{authority}\" may certify")]
    NamesWider {
        /// The names.
        name: String,
        /// The authority above.
        authority: String,
    },
    /// The authority's own name is none that an authority above may certify.
    #[error(transparent)]
    OwnName(#[from] SpaceError),
    /// The profile cannot be read.
    #[error(transparent)]
    Profile(#[from] ProfileError),
}

impl Explain for SubordinateError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::DepthUsedUp { authority, path_length } => Problem::new("ca-depth-used-up")
                .field("parent")
                .param("authority", authority)
                .param("limit", path_length),
            Self::PathLength {
                asked,
                allowed,
                authority,
            } => Problem::new("ca-path-length")
                .field("pathLength")
                .param("value", asked)
                .param("limit", allowed)
                .param("authority", authority),
            Self::PolicySyntax(policy) => Problem::new("ca-policy-syntax")
                .field("policies")
                .param("value", policy),
            Self::PolicyWider { policy, authority } => Problem::new("ca-policy-wider")
                .field("policies")
                .param("value", policy)
                .param("authority", authority),
            Self::Constraint(error) => return error.problems(),
            Self::NamesWider { name, authority } => Problem::new("ca-names-wider")
                .field("permitted")
                .param("value", name)
                .param("authority", authority),
            Self::OwnName(error) => return error.problems(),
            Self::Profile(error) => Problem::new("certificate-not-issued").param("reason", error),
        }]
    }
}

/// The profile of an authority under `issuers`: its issuer first, the root last.
///
/// # Errors
/// What the issuers do not allow, and which of them.
pub fn subordinate_profile(
    issuers: &[Certificate],
    subject: &Name,
    terms: &SubordinateTerms,
) -> Result<Profile, SubordinateError> {
    let mut profile = Profile::standard(ProfileKind::Issuing)?;
    profile.path_length = Some(path_length(issuers, terms.path_length.unwrap_or(0))?);
    profile.policies = policies(issuers, &terms.policies, profile.policies)?;
    profile.name_constraints = names(issuers, terms)?;
    check_space(issuers, subject, &[])?;
    Ok(profile)
}

/// RFC 5280 section 4.2.1.9: an authority counts every authority below it that is not issued by its own name.
fn path_length(issuers: &[Certificate], asked: u32) -> Result<u32, SubordinateError> {
    let mut between = 0;
    for issuer in issuers {
        let constraints = issuer.extensions().basic_constraints.as_ref();
        if let Some(path_length) = constraints.and_then(|found| found.value.path_length) {
            let authority = issuer.subject().to_string();
            // The new authority is one more after those between.
            let Some(allowed) = path_length.checked_sub(between + 1) else {
                return Err(SubordinateError::DepthUsedUp { authority, path_length });
            };
            if asked > allowed {
                return Err(SubordinateError::PathLength {
                    asked,
                    allowed,
                    authority,
                });
            }
        }
        between += u32::from(!issuer.is_self_issued());
    }
    Ok(asked)
}

/// RFC 5280 section 4.2.1.4: on a path counts what every certificate asserts; a root asserts all where it says nothing.
fn policies(
    issuers: &[Certificate],
    asked: &[String],
    usual: Vec<ObjectIdentifier>,
) -> Result<Vec<ObjectIdentifier>, SubordinateError> {
    let listed = |issuer: &Certificate| {
        issuer
            .extensions()
            .certificate_policies
            .clone()
            .map(|found| found.value)
    };
    let issuer = issuers.first().and_then(listed).unwrap_or(usual);
    if asked.is_empty() {
        return Ok(issuer);
    }
    let read = |text: &String| ObjectIdentifier::new(text).map_err(|_| SubordinateError::PolicySyntax(text.clone()));
    let asked = asked.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    for authority in issuers {
        let Some(own) = listed(authority) else { continue };
        let has = |policy| own.contains(policy) || own.contains(&oid::ANY_POLICY);
        if let Some(policy) = asked.iter().find(|policy| !has(policy)) {
            return Err(SubordinateError::PolicyWider {
                policy: policy.to_string(),
                authority: authority.subject().to_string(),
            });
        }
    }
    Ok(asked)
}

/// What is permitted lies within what every authority above permits, and outside of what it excludes.
fn names(issuers: &[Certificate], terms: &SubordinateTerms) -> Result<NameConstraints, SubordinateError> {
    let own = NameConstraints {
        permitted: constraint::read_all("permitted", &terms.permitted)?,
        excluded: constraint::read_all("excluded", &terms.excluded)?,
    };
    for authority in issuers {
        let Some(above) = &authority.extensions().name_constraints else {
            continue;
        };
        if let Some(name) = own.permitted.iter().find(|name| is_wider(name, &above.value)) {
            return Err(SubordinateError::NamesWider {
                name: name.to_string(),
                authority: authority.subject().to_string(),
            });
        }
    }
    Ok(own)
}

fn is_wider(base: &GeneralName, above: &NameConstraints) -> bool {
    let same_form = |other: &&GeneralName| std::mem::discriminant(*other) == std::mem::discriminant(base);
    let mut permitted = above.permitted.iter().filter(same_form).peekable();
    let is_constrained = permitted.peek().is_some();
    is_constrained && !permitted.any(|other| covers(other, base))
        || above.excluded.iter().any(|other| covers(other, base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    use crate::ca::{Issuer, Order, Publication, Subject, SubjectKey, new_serial, prepare};
    use crate::crypto::key::{KeyAlgorithm, Signer, SoftwareKey};

    /// Authorities under one key, the newest first.
    struct Tiers {
        key: SoftwareKey,
        issuers: Vec<Certificate>,
    }

    impl Tiers {
        fn new() -> Self {
            let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
            let mut tiers = Self {
                key,
                issuers: Vec::new(),
            };
            tiers.add("根", &Profile::standard(ProfileKind::Root).unwrap());
            tiers
        }

        fn add(&mut self, name: &str, profile: &Profile) {
            let algorithm = self.key.algorithm();
            let publication = Publication::under("http://pki.example.org", "ca");
            let issuer = match self.issuers.first() {
                None => Issuer::Itself { algorithm },
                Some(certificate) => Issuer::Authority {
                    certificate,
                    algorithm,
                    publication: &publication,
                },
            };
            let order = Order {
                profile,
                subject: &Subject::service("云州市", name).unwrap(),
                key: &SubjectKey::of(&self.key),
                issuer,
                not_before: "2026-05-28T12:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap()
                    + TimeDelta::minutes(i64::try_from(self.issuers.len()).unwrap()),
                serial: new_serial().unwrap(),
            };
            let certificate = prepare(&order).unwrap().issue(&self.key).unwrap().into_certificate();
            self.issuers.insert(0, certificate);
        }

        fn below(&self, terms: &SubordinateTerms) -> Result<Profile, SubordinateError> {
            let name = Subject::service("云州市", "下级 CA").unwrap();
            subordinate_profile(&self.issuers, name.name(), terms)
        }

        fn found(&mut self, name: &str, terms: &SubordinateTerms) {
            let profile = self.below(terms).unwrap();
            self.add(name, &profile);
        }
    }

    fn tiers(path_length: u32) -> SubordinateTerms {
        SubordinateTerms {
            path_length: Some(path_length),
            ..Default::default()
        }
    }

    #[test]
    fn every_tier_takes_one_of_the_depth_until_it_is_used_up() {
        let mut city = Tiers::new();
        city.found("省", &tiers(2));
        let wider = city.below(&tiers(2)).unwrap_err();
        assert!(matches!(
            wider,
            SubordinateError::PathLength {
                asked: 2,
                allowed: 1,
                ..
            }
        ));
        city.found("市", &tiers(1));
        city.found("县", &SubordinateTerms::default());
        let used_up = city.below(&SubordinateTerms::default()).unwrap_err();
        assert!(
            matches!(used_up, SubordinateError::DepthUsedUp { path_length: 0, .. }),
            "{used_up}"
        );
        assert_eq!(used_up.problems()[0].field.as_deref(), Some("parent"));
    }

    #[test]
    fn an_authority_far_above_limits_the_depth_too() {
        let mut city = Tiers::new();
        city.found("省", &tiers(1));
        // Made elsewhere, and without a length of its own.
        let unlimited = Profile {
            path_length: None,
            ..Profile::standard(ProfileKind::Issuing).unwrap()
        };
        city.add("市", &unlimited);
        let used_up = city.below(&SubordinateTerms::default()).unwrap_err();
        let SubordinateError::DepthUsedUp { authority, path_length } = used_up else {
            panic!("{used_up}")
        };
        assert!(authority.contains("省") && path_length == 1);
    }

    #[test]
    fn policies_are_inherited_and_narrowed_and_never_widened() {
        let (one, other) = ("1.2.156.3005.9.1", "1.2.156.3005.9.2");
        let with = |policies: &[&str]| SubordinateTerms {
            policies: policies.iter().map(|text| (*text).to_owned()).collect(),
            ..tiers(1)
        };
        let mut city = Tiers::new();
        assert_eq!(city.below(&tiers(1)).unwrap().policies, [oid::ANY_POLICY]);
        city.found(
            "市",
            &SubordinateTerms {
                path_length: Some(2),
                ..with(&[one])
            },
        );
        let inherited = city.below(&tiers(0)).unwrap().policies;
        assert_eq!(inherited, [ObjectIdentifier::new_unwrap("1.2.156.3005.9.1")]);
        let wider = city.below(&with(&[one, other])).unwrap_err();
        assert!(matches!(&wider, SubordinateError::PolicyWider { policy, .. } if policy == other));
        let any = city.below(&with(&["2.5.29.32.0"])).unwrap_err();
        assert!(matches!(any, SubordinateError::PolicyWider { .. }));
        let odd = city.below(&with(&["1.x"])).unwrap_err();
        assert!(matches!(odd, SubordinateError::PolicySyntax(_)));
    }

    #[test]
    fn permitted_names_lie_within_those_of_every_authority_above() {
        let named = |permitted: &[&str], excluded: &[&str]| {
            let texts = |names: &[&str]| names.iter().map(|text| (*text).to_owned()).collect();
            SubordinateTerms {
                permitted: texts(permitted),
                excluded: texts(excluded),
                ..tiers(1)
            }
        };
        let mut city = Tiers::new();
        let terms = named(&["dns:example.org", "O=云州市,C=CN"], &["dns:secret.example.org"]);
        city.found(
            "市",
            &SubordinateTerms {
                path_length: Some(2),
                ..terms
            },
        );
        city.found("区", &named(&["dns:qu.example.org"], &[]));
        for wider in ["dns:example.com", "dns:secret.example.org", "O=邻市,C=CN", "C=CN"] {
            let terms = SubordinateTerms {
                path_length: None,
                ..named(&[wider], &[])
            };
            let error = city.below(&terms).unwrap_err();
            assert!(matches!(error, SubordinateError::NamesWider { .. }), "{wider}: {error}");
        }
        let narrower = named(&["dns:a.qu.example.org", "ip:10.0.0.0/8"], &["dns:b.qu.example.org"]);
        let profile = city
            .below(&SubordinateTerms {
                path_length: None,
                ..narrower
            })
            .unwrap();
        assert_eq!(profile.name_constraints.permitted.len(), 2);
        let elsewhere = Subject::service("邻市", "CA").unwrap();
        let error = subordinate_profile(&city.issuers, elsewhere.name(), &SubordinateTerms::default()).unwrap_err();
        let problem = &error.problems()[0];
        assert_eq!(
            (problem.code, problem.field.as_deref()),
            ("certified-name-not-permitted", Some("subject"))
        );
    }
}
