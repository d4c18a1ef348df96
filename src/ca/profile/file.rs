//! A profile as its file says it, and what its names stand for.

use core::net::IpAddr;

use chrono::TimeDelta;
use der::asn1::ObjectIdentifier;
use serde::Deserialize;

use super::{NameForm, Profile, SubjectPart};
use crate::asn1::oid;
use crate::ca::ProfileError;
use crate::x509::build;
use crate::x509::{GeneralName, KeyUsage, NameConstraints, PolicyConstraints, PolicyMapping};

/// Longest validity of any certificate, in days: thirty years, as the longest-lived roots in public use have.
const MAX_VALIDITY_DAYS: u32 = 30 * 365;

/// Purposes by the names that profiles use: those of RFC 5280 section 4.2.1.12 without `id-kp-`, and ours.
const PURPOSES: [(&str, ObjectIdentifier); 8] = [
    ("clientAuth", oid::KP_CLIENT_AUTH),
    ("credentialSigning", oid::KP_CREDENTIAL_SIGNING),
    ("documentSigning", oid::KP_DOCUMENT_SIGNING),
    ("OCSPSigning", oid::KP_OCSP_SIGNING),
    ("sealMaking", oid::KP_SEAL_MAKING),
    ("serverAuth", oid::KP_SERVER_AUTH),
    ("timeStamping", oid::KP_TIME_STAMPING),
    ("trustListSigning", oid::KP_TRUST_LIST_SIGNING),
];

/// Policies by the names that profiles use; any other stands in its dotted form.
const POLICIES: [(&str, ObjectIdentifier); 6] = [
    ("any", oid::ANY_POLICY),
    ("enterpriseSigning", oid::ENTERPRISE_SIGNING_POLICY),
    ("governmentSeal", oid::GOVERNMENT_SEAL_POLICY),
    ("personSigning", oid::PERSON_SIGNING_POLICY),
    ("timeStamping", oid::TSA_POLICY),
    ("verification", oid::VERIFICATION_POLICY),
];

/// The file as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    description: String,
    #[serde(default)]
    self_signed: bool,
    #[serde(default)]
    certification_authority: bool,
    path_length: Option<u32>,
    validity_days: u32,
    subject: Vec<SubjectPart>,
    #[serde(default)]
    alternative_names: Vec<NameForm>,
    key_usage: Vec<String>,
    #[serde(default)]
    extended_key_usage: Vec<String>,
    #[serde(default)]
    extended_key_usage_critical: bool,
    #[serde(default)]
    ocsp_no_check: bool,
    #[serde(default = "yes")]
    status_address: bool,
    #[serde(default)]
    policies: Vec<String>,
    #[serde(default)]
    policy_mappings: Vec<Mapping>,
    require_explicit_policy: Option<u32>,
    inhibit_policy_mapping: Option<u32>,
    inhibit_any_policy: Option<u32>,
    #[serde(default)]
    name_constraints: Constraints,
}

fn yes() -> bool {
    true
}

/// One pair of `policyMappings`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mapping {
    issuer_domain: String,
    subject_domain: String,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Constraints {
    permitted: Subtrees,
    excluded: Subtrees,
}

/// Bases of subtrees (RFC 5280 section 4.2.1.10), by form.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Subtrees {
    directory: Vec<Directory>,
    dns: Vec<String>,
    email: Vec<String>,
    uri: Vec<String>,
    ip: Vec<String>,
}

/// The beginning of a distinguished name.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Directory {
    country: Option<String>,
    province: Option<String>,
    locality: Option<String>,
    organisation: Option<String>,
    unit: Option<String>,
}

/// Reads a profile.
pub(super) fn read(profile: &str, text: &str) -> Result<Profile, ProfileError> {
    let file: File = toml::from_str(text).map_err(|error| ProfileError::Syntax {
        profile: profile.to_owned(),
        reason: error.to_string(),
    })?;
    let reading = Reading { profile };
    let (days, limit) = (file.validity_days, MAX_VALIDITY_DAYS);
    if days == 0 || days > limit {
        let profile = profile.to_owned();
        return Err(ProfileError::Validity { profile, days, limit });
    }
    let key_usages = file.key_usage.iter().map(|name| reading.key_usage(name));
    let profile = Profile {
        name: profile.to_owned(),
        description: file.description,
        self_signed: file.self_signed,
        certification_authority: file.certification_authority,
        path_length: file.path_length,
        validity: TimeDelta::days(i64::from(days)),
        subject: file.subject,
        alternative_names: file.alternative_names,
        key_usage: key_usages
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .fold(KeyUsage::default(), |all, usage| all | usage),
        purposes: reading.each(&file.extended_key_usage, |reading, name| reading.purpose(name))?,
        purposes_critical: file.extended_key_usage_critical,
        ocsp_no_check: file.ocsp_no_check,
        status_address: file.status_address,
        policies: reading.each(&file.policies, |reading, name| reading.policy(name))?,
        policy_mappings: reading.each(&file.policy_mappings, Reading::mapping)?,
        policy_constraints: PolicyConstraints {
            require_explicit_policy: file.require_explicit_policy,
            inhibit_policy_mapping: file.inhibit_policy_mapping,
        },
        inhibit_any_policy: file.inhibit_any_policy,
        name_constraints: NameConstraints {
            permitted: reading.subtrees(&file.name_constraints.permitted)?,
            excluded: reading.subtrees(&file.name_constraints.excluded)?,
        },
    };
    match misplaced(&profile) {
        None => Ok(profile),
        Some(field) => Err(ProfileError::Misplaced {
            profile: profile.name,
            field,
        }),
    }
}

/// What only authorities say, and only delegated responders.
fn misplaced(profile: &Profile) -> Option<&'static str> {
    let constraints = profile.policy_constraints;
    let of_authorities = [
        ("path_length", profile.path_length.is_some()),
        ("policy_mappings", !profile.policy_mappings.is_empty()),
        ("require_explicit_policy", constraints.require_explicit_policy.is_some()),
        ("inhibit_policy_mapping", constraints.inhibit_policy_mapping.is_some()),
        ("inhibit_any_policy", profile.inhibit_any_policy.is_some()),
        ("name_constraints", profile.constrains_names()),
    ];
    let responder = profile.purposes.contains(&oid::KP_OCSP_SIGNING);
    of_authorities
        .into_iter()
        .filter(|_| !profile.certification_authority)
        .chain([("ocsp_no_check", profile.ocsp_no_check && !responder)])
        .find_map(|(field, stands)| stands.then_some(field))
}

/// Looks names up for one profile.
#[derive(Clone, Copy)]
struct Reading<'a> {
    profile: &'a str,
}

impl Reading<'_> {
    fn unknown(self, kind: &'static str, name: &str) -> ProfileError {
        ProfileError::UnknownName {
            profile: self.profile.to_owned(),
            kind,
            name: name.to_owned(),
        }
    }

    fn each<T, U>(
        self,
        from: &[T],
        read: impl Fn(Self, &T) -> Result<U, ProfileError>,
    ) -> Result<Vec<U>, ProfileError> {
        from.iter().map(|item| read(self, item)).collect()
    }

    fn key_usage(self, name: &str) -> Result<KeyUsage, ProfileError> {
        KeyUsage::from_name(name).ok_or_else(|| self.unknown("key usage", name))
    }

    fn purpose(self, name: &str) -> Result<ObjectIdentifier, ProfileError> {
        find(&PURPOSES, name).ok_or_else(|| self.unknown("purpose", name))
    }

    fn policy(self, name: &str) -> Result<ObjectIdentifier, ProfileError> {
        let dotted = || ObjectIdentifier::new(name).ok();
        find(&POLICIES, name)
            .or_else(dotted)
            .ok_or_else(|| self.unknown("policy", name))
    }

    /// RFC 5280 section 4.2.1.5: never from or to anyPolicy.
    fn mapping(self, mapping: &Mapping) -> Result<PolicyMapping, ProfileError> {
        let specific = |name: &String| {
            let policy = self.policy(name)?;
            let any = || self.unknown("policy of a mapping", name);
            if policy == oid::ANY_POLICY {
                Err(any())
            } else {
                Ok(policy)
            }
        };
        Ok(PolicyMapping {
            issuer_domain: specific(&mapping.issuer_domain)?,
            subject_domain: specific(&mapping.subject_domain)?,
        })
    }

    fn subtrees(self, subtrees: &Subtrees) -> Result<Vec<GeneralName>, ProfileError> {
        let mut bases = self.each(&subtrees.directory, Reading::directory)?;
        bases.extend(subtrees.dns.iter().cloned().map(GeneralName::Dns));
        bases.extend(subtrees.email.iter().cloned().map(GeneralName::Rfc822));
        bases.extend(subtrees.uri.iter().cloned().map(GeneralName::Uri));
        for network in &subtrees.ip {
            let octets = network_octets(network).ok_or_else(|| self.unknown("network", network))?;
            bases.push(GeneralName::Ip(octets));
        }
        Ok(bases)
    }

    fn directory(self, base: &Directory) -> Result<GeneralName, ProfileError> {
        let attributes: Vec<_> = [
            (oid::COUNTRY_NAME, &base.country),
            (oid::STATE_OR_PROVINCE_NAME, &base.province),
            (oid::LOCALITY_NAME, &base.locality),
            (oid::ORGANIZATION_NAME, &base.organisation),
            (oid::ORGANIZATIONAL_UNIT_NAME, &base.unit),
        ]
        .into_iter()
        .filter_map(|(oid, value)| Some((oid, value.as_deref()?)))
        .collect();
        // A base without attributes holds every name.
        if attributes.is_empty() {
            return Err(self.unknown("directory name", ""));
        }
        let name = build::name(&attributes).map_err(|error| self.unknown("directory name", &error.to_string()))?;
        Ok(GeneralName::Directory(name))
    }
}

fn find(table: &[(&str, ObjectIdentifier)], name: &str) -> Option<ObjectIdentifier> {
    table.iter().find(|(known, _)| *known == name).map(|(_, oid)| *oid)
}

/// Address and mask of a network in CIDR notation (RFC 4632 section 3.1), as RFC 5280 section 4.2.1.10 joins them.
fn network_octets(network: &str) -> Option<Vec<u8>> {
    let (address, prefix) = network.split_once('/')?;
    let mut octets = match address.parse().ok()? {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let (prefix, bits): (usize, _) = (prefix.parse().ok()?, octets.len() * 8);
    if prefix > bits {
        return None;
    }
    let mask = (0..octets.len()).map(|index| {
        let set = prefix.saturating_sub(index * 8).min(8);
        !u8::MAX.checked_shr(set as u32).unwrap_or(0)
    });
    let mask: Vec<u8> = mask.collect();
    let outside = octets.iter().zip(&mask).any(|(octet, mask)| octet & !mask != 0);
    octets.extend(mask);
    (!outside).then_some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(lines: &str) -> Result<Profile, ProfileError> {
        let head = "description = \"x\"\nvalidity_days = 1\nsubject = []\nkey_usage = [\"keyCertSign\"]\n";
        read("x", &format!("{head}certification_authority = true\n{lines}\n"))
    }

    fn refused(lines: &str) -> String {
        authority(lines).unwrap_err().to_string()
    }

    #[test]
    fn policies_and_constraints_of_an_authority_are_read() {
        let profile = authority(
            "policies = [\"governmentSeal\", \"1.2.3.4\"]
            require_explicit_policy = 0
            inhibit_policy_mapping = 1
            inhibit_any_policy = 2
            policy_mappings = [{ issuer_domain = \"governmentSeal\", subject_domain = \"1.2.3.4\" }]
            [name_constraints.permitted]
            directory = [{ country = \"CN\", organisation = \"示例市\" }]
            ip = [\"10.16.0.0/12\", \"2001:db8::/33\"]
            [name_constraints.excluded]
            dns = [\"example.gov.cn\"]",
        )
        .unwrap();
        assert_eq!(profile.policies[1].to_string(), "1.2.3.4");
        assert_eq!(profile.policy_mappings[0].subject_domain, profile.policies[1]);
        assert_eq!(profile.policy_constraints.require_explicit_policy, Some(0));
        assert_eq!(profile.inhibit_any_policy, Some(2));
        let [
            GeneralName::Directory(name),
            GeneralName::Ip(four),
            GeneralName::Ip(six),
        ] = profile.name_constraints.permitted.as_slice()
        else {
            panic!("{:?}", profile.name_constraints);
        };
        assert_eq!(name.organization(), Some("示例市"));
        assert_eq!(four, &[10, 16, 0, 0, 255, 240, 0, 0]);
        assert_eq!((six.len(), six[19], six[20], six[21]), (32, 255, 128, 0));
        assert_eq!(
            profile.name_constraints.excluded,
            [GeneralName::Dns("example.gov.cn".to_owned())]
        );
    }

    #[test]
    fn what_an_end_entity_cannot_say_is_named() {
        let end_entity = "description = \"x\"\nvalidity_days = 1\nsubject = []\nkey_usage = [\"digitalSignature\"]\n";
        for (line, field) in [
            ("path_length = 0", "path_length"),
            ("require_explicit_policy = 0", "require_explicit_policy"),
            ("inhibit_policy_mapping = 0", "inhibit_policy_mapping"),
            ("inhibit_any_policy = 0", "inhibit_any_policy"),
            (
                "policy_mappings = [{ issuer_domain = \"1.2.3\", subject_domain = \"1.2.4\" }]",
                "policy_mappings",
            ),
            ("[name_constraints.excluded]\ndns = [\"a.example\"]", "name_constraints"),
            ("ocsp_no_check = true", "ocsp_no_check"),
        ] {
            let error = read("x", &format!("{end_entity}{line}\n")).unwrap_err();
            assert_eq!(
                error,
                ProfileError::Misplaced {
                    profile: "x".to_owned(),
                    field
                }
            );
        }
    }

    #[test]
    fn a_value_that_stands_for_nothing_is_named() {
        for (line, why) in [
            ("policies = [\"governmentSea\"]", "unknown policy \"governmentSea\""),
            (
                "extended_key_usage = [\"codeSigning\"]",
                "unknown purpose \"codeSigning\"",
            ),
            (
                "policy_mappings = [{ issuer_domain = \"any\", subject_domain = \"1.2.4\" }]",
                "unknown policy of a mapping \"any\"",
            ),
            (
                "[name_constraints.permitted]\nip = [\"10.0.0.1/8\"]",
                "unknown network \"10.0.0.1/8\"",
            ),
            ("[name_constraints.permitted]\nip = [\"10.0.0.0/33\"]", "10.0.0.0/33"),
            (
                "[name_constraints.permitted]\ndirectory = [{}]",
                "unknown directory name",
            ),
            (
                "[name_constraints.permitted]\ndirectory = [{ country = \"China\" }]",
                "unknown directory name",
            ),
            ("alternative_names = [\"phone\"]", "phone"),
        ] {
            let said = refused(line);
            assert!(said.contains(why), "{said}");
        }
    }
}
