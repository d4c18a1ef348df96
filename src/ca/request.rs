//! Certification requests (PKCS#10, RFC 2986): made for keys of our own, and checked when others make them.

use super::{IssueError, NameForm, Profile, Subject, SubjectKey};
use crate::asn1::oid;
use crate::crypto::key::Signer;
use crate::crypto::{KeyIdentity, Weakness};
use crate::problem::{Explain, Problem};
use crate::x509::{
    CREDIT_CODE_PREFIX, CertificationRequest, Extensions, GeneralName, Name, ReadError, SignatureError, build,
};

/// Asks for a certificate of `signer`'s key under the subject's name; the request proves possession of the key.
///
/// # Errors
/// Where the key does not sign.
pub fn request(subject: &Subject, signer: &dyn Signer) -> Result<CertificationRequest, IssueError> {
    let info = build::request(subject.name(), signer.public_key().spki(), &Extensions::default())?;
    let der = build::signed(&info, signer.algorithm(), &signer.sign(&info)?);
    let request = CertificationRequest::from_der(&der).map_err(IssueError::ReadBack)?;
    request.prove_possession().map_err(IssueError::OwnSignature)?;
    Ok(request)
}

/// Why a request is not granted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It is no request.
    #[error("the request cannot be read: {0}")]
    Unreadable(#[from] ReadError),
    /// Whoever asks does not hold the key, or the key is of no kind that is certified (RFC 2986 section 3).
    #[error("the request does not prove possession of its key: {0}")]
    Possession(SignatureError),
    /// The key is encoded in another way than the one by which keys are certified (RFC 3279 section 2.3, RFC 5480
    /// section 2).
    #[error("the key is not in its canonical encoding")]
    KeyEncoding,
    /// The key is known to be weak.
    #[error("the key is weak: {0}")]
    Weak(Weakness),
    /// An authority's name is asked for.
    #[error("the name {0} belongs to an authority")]
    AuthorityName(String),
    /// A requested extension that the profile does not allow.
    #[error("profile \"{profile}\" does not allow the requested {extension}")]
    Extension {
        /// The profile.
        profile: String,
        /// The extension, or what it asks for.
        extension: String,
    },
}

impl Explain for RequestError {
    fn problems(&self) -> Vec<Problem> {
        vec![match self {
            Self::Unreadable(cause) => Problem::new("request-unreadable").param("reason", cause),
            Self::Possession(cause) => Problem::new("request-possession").param("reason", cause),
            Self::KeyEncoding => Problem::new("request-key-encoding"),
            Self::Weak(cause) => Problem::new("request-key-weak").param("reason", cause),
            Self::AuthorityName(name) => Problem::new("request-authority-name").param("name", name),
            Self::Extension { profile, extension } => Problem::new("request-extension")
                .param("profile", profile)
                .param("extension", extension),
        }]
    }
}

/// A request that passed every check which needs no other certificate: its key, and the subject as it names itself.
#[derive(Debug, Clone)]
pub struct AcceptedRequest {
    key: SubjectKey,
    subject: Subject,
    key_info: Vec<u8>,
}

impl AcceptedRequest {
    /// Checks a request against the profile by which its certificate would be made. `authorities` are the names that
    /// nobody may ask for.
    ///
    /// # Errors
    /// What is wrong with it, the first thing found.
    pub fn check(der: &[u8], profile: &Profile, authorities: &[Name]) -> Result<Self, RequestError> {
        let request = CertificationRequest::from_der(der)?;
        let key = request.prove_possession().map_err(RequestError::Possession)?;
        // One key, one encoding: names that are certified for it are looked for by that.
        if key.spki() != request.public_key_info() {
            return Err(RequestError::KeyEncoding);
        }
        if let Some(weakness) = key.weakness() {
            return Err(RequestError::Weak(weakness));
        }
        if authorities.contains(request.subject()) {
            return Err(RequestError::AuthorityName(request.subject().to_string()));
        }
        if let Some(extension) = beyond(request.extensions(), profile) {
            return Err(RequestError::Extension {
                profile: profile.name.clone(),
                extension,
            });
        }
        let key = SubjectKey::from_request(&request).map_err(RequestError::Possession)?;
        let identifier = request.subject().text(&oid::ORGANIZATION_IDENTIFIER);
        let credit_code = identifier.and_then(|text| text.strip_prefix(CREDIT_CODE_PREFIX));
        let names = request.extensions().subject_alt_name.as_ref();
        let names = names.map(|names| names.value.clone()).unwrap_or_default();
        Ok(Self {
            key,
            subject: Subject::named(request.subject().clone(), credit_code.map(str::to_owned)).also_named(names),
            key_info: request.public_key_info().to_vec(),
        })
    }

    /// The key.
    pub fn key(&self) -> &SubjectKey {
        &self.key
    }

    /// The subject as it names itself.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The key's `SubjectPublicKeyInfo`.
    pub fn public_key_info(&self) -> &[u8] {
        &self.key_info
    }

    /// Which key it is.
    pub fn key_identity(&self) -> KeyIdentity {
        KeyIdentity::of_spki(&self.key_info)
    }
}

/// What a request asks for and the profile does not give. What the profile says, the certificate says anyway; a request
/// adds nothing but names of the forms that the profile allows.
fn beyond(requested: &Extensions, profile: &Profile) -> Option<String> {
    let usage = requested.key_usage.as_ref().map(|usage| usage.value);
    if let Some(usage) = usage.filter(|usage| !profile.key_usage.contains(*usage)) {
        return Some(format!("key usage \"{usage}\""));
    }
    let purposes = requested.ext_key_usage.iter().flat_map(|purposes| &purposes.value);
    let mut others = purposes.filter(|purpose| !profile.purposes.contains(purpose));
    if let Some(purpose) = others.next() {
        return Some(oid::name(purpose).map_or_else(|| purpose.to_string(), str::to_owned));
    }
    let constraints = requested.basic_constraints.as_ref().map(|found| found.value);
    if constraints.is_some_and(|found| found.ca && !profile.certification_authority) {
        return Some("authority in basicConstraints".to_owned());
    }
    let names = requested.subject_alt_name.iter().flat_map(|names| &names.value);
    let allowed =
        |name: &&GeneralName| NameForm::of(name).is_some_and(|form| profile.alternative_names.contains(&form));
    if let Some(name) = names.clone().find(|name| !allowed(name)) {
        return Some(format!("name {name}"));
    }
    let passed = Extensions {
        key_usage: requested.key_usage.clone(),
        ext_key_usage: requested.ext_key_usage.clone(),
        basic_constraints: requested.basic_constraints.clone(),
        subject_alt_name: requested.subject_alt_name.clone(),
        // The identifier of the key is computed here in any case.
        subject_key_identifier: requested.subject_key_identifier.clone(),
        ..Extensions::default()
    };
    (passed != *requested).then(|| {
        let unknown = requested.unknown.first();
        unknown.map_or_else(
            || "extension".to_owned(),
            |extension| format!("extension {}", extension.oid),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;
    use crate::ca::ProfileKind;
    use crate::crypto::key::{KeyAlgorithm, SoftwareKey};
    use crate::x509::build;

    #[test]
    fn a_key_is_certified_in_its_usual_encoding_alone() {
        let key = SoftwareKey::generate(KeyAlgorithm::Sm2).unwrap();
        let usual = key.public_key().spki();
        let curve = write::encode(|w| w.oid(oid::SM2_CURVE));
        // Under the identifier of SM2 itself, without parameters.
        let other = write::encode(|w| {
            w.sequence(|w| {
                w.sequence(|w| w.raw(&curve));
                w.bit_string(&usual[usual.len() - 65..]);
            });
        });
        let name = build::name(&[(oid::COMMON_NAME, "张三")]).unwrap();
        let profile = Profile::standard(ProfileKind::Person).unwrap();
        let checked = |key_info: &[u8]| {
            let info = build::request(&name, key_info, &Extensions::default()).unwrap();
            let der = build::signed(&info, key.algorithm(), &key.sign(&info).unwrap());
            AcceptedRequest::check(&der, &profile, &[])
        };
        assert_eq!(checked(usual).unwrap().key_identity(), key.public_key().identity());
        assert!(matches!(checked(&other), Err(RequestError::KeyEncoding)));
    }
}
