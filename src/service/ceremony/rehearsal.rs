//! What a script asks for, read before anything is done: a ceremony that cannot be held to its end is not begun, and no
//! key is made for it.

use chrono::TimeDelta;

use crate::ca::crl::Certified;
use crate::ca::{Profile, ProfileKind, Subject, SubjectKey};
use crate::service::ceremony::CeremonyError;
use crate::service::ceremony::script::{Agenda, Revoked, Step};
use crate::x509::{Certificate, CertificationRequest, RevokedEntry};

impl Agenda {
    /// Reads every step with its input: that the root comes first and once, and that subjects, requests, terms and
    /// entries can be used.
    ///
    /// # Errors
    /// The first step that could not be done, by its number from 1.
    pub(super) fn rehearse(&self) -> Result<(), CeremonyError> {
        let mut has_root = false;
        for (number, step) in (1..).zip(&self.script.steps) {
            let makes_root = matches!(step, Step::MakeRoot { .. } | Step::OpenRoot { .. });
            if makes_root == has_root {
                return Err(CeremonyError::RootOrder(number));
            }
            match step {
                Step::MakeRoot {
                    organisation,
                    common_name,
                    ..
                } => drop(subject(number, organisation, common_name)?),
                Step::OpenRoot { certificate } => drop(self.certificate(certificate)?),
                Step::Issue { request, profile, .. } => {
                    self.request(number, request)?;
                    issuing_profile(number, profile)?;
                }
                Step::PublishCrl { days, revoked, .. } => {
                    lifetime(number, *days)?;
                    entries(number, revoked)?;
                }
                Step::Export { .. } => {}
            }
            has_root = true;
        }
        match has_root {
            true => Ok(()),
            false => Err(CeremonyError::RootOrder(0)),
        }
    }

    fn input(&self, file: &str) -> &[u8] {
        self.inputs.get(file).map_or(&[], Vec::as_slice)
    }

    /// The certificate in an input.
    pub(super) fn certificate(&self, file: &str) -> Result<Certificate, CeremonyError> {
        Certificate::from_der(self.input(file)).map_err(|error| CeremonyError::Input {
            file: file.to_owned(),
            reason: error.to_string(),
        })
    }

    /// The request in an input, with its key, whose possession it proves.
    pub(super) fn request(&self, step: usize, file: &str) -> Result<(CertificationRequest, SubjectKey), CeremonyError> {
        let unusable = |reason: String| CeremonyError::Request { step, reason };
        let request = CertificationRequest::from_der(self.input(file)).map_err(|error| unusable(error.to_string()))?;
        let key = SubjectKey::from_request(&request).map_err(|error| unusable(error.to_string()))?;
        Ok((request, key))
    }
}

/// The subject of a root.
pub(super) fn subject(step: usize, organisation: &str, common_name: &str) -> Result<Subject, CeremonyError> {
    Subject::service(organisation, common_name).map_err(|source| CeremonyError::Subject { step, source })
}

/// The profile of an authority under the root.
pub(super) fn issuing_profile(step: usize, name: &str) -> Result<Profile, CeremonyError> {
    let kind = ProfileKind::from_name(name).filter(|kind| matches!(kind, ProfileKind::Issuing));
    let kind = kind.ok_or_else(|| CeremonyError::Profile {
        step,
        profile: name.to_owned(),
    })?;
    Ok(Profile::standard(kind)?)
}

/// How long a list of the root holds.
pub(super) fn lifetime(step: usize, days: u16) -> Result<TimeDelta, CeremonyError> {
    let lifetime = Certified::Authorities.lifetime(days.into());
    lifetime.map_err(|source| CeremonyError::Crl { step, source })
}

/// What a list of the root revokes.
pub(super) fn entries(step: usize, revoked: &[Revoked]) -> Result<Vec<RevokedEntry>, CeremonyError> {
    let entry = |revoked: &Revoked| {
        let since = revoked.since.to_string();
        Ok(RevokedEntry {
            serial: revoked.serial.clone(),
            revoked_at: since
                .parse()
                .map_err(|_| CeremonyError::Revocation { step, value: since })?,
            reason: revoked.reason,
            invalidity_date: None,
        })
    };
    revoked.iter().map(entry).collect()
}
