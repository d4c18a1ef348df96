//! Extensions of certificates, lists and requests as owned values (RFC 5280 sections 4.2 and 5.2).

use der::asn1::ObjectIdentifier;

use super::{DistributionPoint, GeneralName, IssuingDistributionPoint, KeyUsage, SerialNumber};

/// An extension's value and whether who does not understand it must refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension<T> {
    /// The `critical` flag.
    pub critical: bool,
    /// The value.
    pub value: T,
}

/// `AuthorityKeyIdentifier` (RFC 5280 section 4.2.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuthorityKeyIdentifier {
    /// `keyIdentifier`.
    pub key_identifier: Option<Vec<u8>>,
    /// `authorityCertIssuer`; empty when absent.
    pub issuer: Vec<GeneralName>,
    /// `authorityCertSerialNumber`.
    pub serial: Option<SerialNumber>,
}

/// `BasicConstraints` (RFC 5280 section 4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BasicConstraints {
    /// The subject is a certification authority.
    pub ca: bool,
    /// How many intermediate certificates that are not self-issued may follow; any number when absent.
    pub path_length: Option<u32>,
}

/// One pair of `PolicyMappings` (RFC 5280 section 4.2.1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyMapping {
    /// `issuerDomainPolicy`.
    pub issuer_domain: ObjectIdentifier,
    /// `subjectDomainPolicy`.
    pub subject_domain: ObjectIdentifier,
}

/// `PolicyConstraints` (RFC 5280 section 4.2.1.11): certificates after which each begins to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PolicyConstraints {
    /// `requireExplicitPolicy`.
    pub require_explicit_policy: Option<u32>,
    /// `inhibitPolicyMapping`.
    pub inhibit_policy_mapping: Option<u32>,
}

/// `NameConstraints` (RFC 5280 section 4.2.1.10); empty lists when absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameConstraints {
    /// `permittedSubtrees`.
    pub permitted: Vec<GeneralName>,
    /// `excludedSubtrees`.
    pub excluded: Vec<GeneralName>,
}

/// `AccessDescription` of `AuthorityInfoAccess` and `SubjectInfoAccess` (RFC 5280 section 4.2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessDescription {
    /// What is found there: `id-ad-caIssuers`, `id-ad-ocsp`, `id-ad-caRepository`.
    pub method: ObjectIdentifier,
    /// Where.
    pub location: GeneralName,
}

/// An extension that this program does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownExtension {
    /// Its identifier in dotted form.
    pub oid: String,
    /// The `critical` flag.
    pub critical: bool,
    /// The content of `extnValue`.
    pub value: Vec<u8>,
}

/// All extensions of a certificate, a list or a request. Each field is `None` when the extension is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Extensions {
    /// Who signed: `id-ce-authorityKeyIdentifier`.
    pub authority_key_identifier: Option<Extension<AuthorityKeyIdentifier>>,
    /// `id-ce-subjectKeyIdentifier`.
    pub subject_key_identifier: Option<Extension<Vec<u8>>>,
    /// `id-ce-keyUsage`.
    pub key_usage: Option<Extension<KeyUsage>>,
    /// `id-ce-certificatePolicies`: the policy identifiers, in their order; qualifiers are not kept.
    pub certificate_policies: Option<Extension<Vec<ObjectIdentifier>>>,
    /// `id-ce-policyMappings`.
    pub policy_mappings: Option<Extension<Vec<PolicyMapping>>>,
    /// `id-ce-subjectAltName`.
    pub subject_alt_name: Option<Extension<Vec<GeneralName>>>,
    /// `id-ce-basicConstraints`.
    pub basic_constraints: Option<Extension<BasicConstraints>>,
    /// `id-ce-nameConstraints`.
    pub name_constraints: Option<Extension<NameConstraints>>,
    /// `id-ce-policyConstraints`.
    pub policy_constraints: Option<Extension<PolicyConstraints>>,
    /// `id-ce-extKeyUsage`: the purposes.
    pub ext_key_usage: Option<Extension<Vec<ObjectIdentifier>>>,
    /// `id-ce-cRLDistributionPoints`.
    pub crl_distribution_points: Option<Extension<Vec<DistributionPoint>>>,
    /// `id-ce-inhibitAnyPolicy`: certificates after which anyPolicy no longer counts.
    pub inhibit_any_policy: Option<Extension<u32>>,
    /// `id-pe-authorityInfoAccess`.
    pub authority_info_access: Option<Extension<Vec<AccessDescription>>>,
    /// `id-pe-subjectInfoAccess`.
    pub subject_info_access: Option<Extension<Vec<AccessDescription>>>,
    /// `id-ce-freshestCRL`: where the delta lists are (RFC 5280 sections 4.2.1.15 and 5.2.6).
    pub freshest_crl: Option<Extension<Vec<DistributionPoint>>>,
    /// Organisation code or unified social credit code of the subject (GM/T 0015), as text.
    pub credit_code: Option<Extension<String>>,
    /// Type codes of the licences that the subject may issue, as text; ours.
    pub licence_types: Option<Extension<Vec<String>>>,
    /// `id-ce-cRLNumber`: the content octets of the INTEGER.
    pub crl_number: Option<Extension<Vec<u8>>>,
    /// `id-ce-deltaCRLIndicator`: the number of the list that this one continues, as content octets of the INTEGER.
    pub delta_crl_indicator: Option<Extension<Vec<u8>>>,
    /// `id-ce-issuingDistributionPoint`.
    pub issuing_distribution_point: Option<Extension<IssuingDistributionPoint>>,
    /// What this program does not know, in the order found.
    pub unknown: Vec<UnknownExtension>,
}

impl Extensions {
    /// The identifiers of the critical extensions that this program does not know: who relies on the certificate or
    /// list must refuse it (RFC 5280 section 4.2).
    pub fn unknown_critical(&self) -> impl Iterator<Item = &str> {
        self.unknown
            .iter()
            .filter(|extension| extension.critical)
            .map(|extension| extension.oid.as_str())
    }
}
