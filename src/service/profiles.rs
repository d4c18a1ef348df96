//! The certificate profiles that an instance issues by: those delivered, and those of a folder of its own.

use crate::ca::{Profile, ProfileKind};
use crate::problem::Problem;
use crate::service::Service;
use crate::service::error::{ServiceError, ServiceResult};

/// The profiles of an instance, by name.
pub(super) struct Profiles {
    delivered: Vec<Profile>,
    own: Vec<Profile>,
}

impl Profiles {
    /// Puts profiles of the house beside those delivered.
    pub(super) fn new(own: Vec<Profile>) -> ServiceResult<Self> {
        let delivered = ProfileKind::ALL.into_iter().map(Profile::standard);
        let delivered: Vec<_> = delivered.collect::<Result<_, _>>().map_err(ServiceError::internal)?;
        // What a delivered name says must be the same everywhere.
        let taken = own.iter().find(|own| ProfileKind::from_name(&own.name).is_some());
        match taken {
            None => Ok(Self { delivered, own }),
            Some(own) => Err(ServiceError::Conflict(
                Problem::new("profile-delivered").param("name", &own.name),
            )),
        }
    }
}

impl Service {
    /// The profiles: those delivered, then those of the house.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.delivered.iter().chain(&self.profiles.own)
    }

    /// A profile that was delivered.
    ///
    /// # Errors
    /// Where it was not, which does not happen: all kinds are.
    pub(super) fn delivered_profile(&self, kind: ProfileKind) -> ServiceResult<&Profile> {
        let mut delivered = self.profiles.delivered.iter();
        let found = delivered.find(|profile| profile.name == kind.name());
        found.ok_or_else(|| ServiceError::internal(format!("the profile {} was not delivered", kind.name())))
    }

    /// The profile of that name, for the certificate of somebody who asks for one.
    ///
    /// # Errors
    /// Where there is none, or it makes authorities, which are founded or recognised by two people.
    pub(super) fn profile_for_requests(&self, name: &str) -> ServiceResult<&Profile> {
        let found = self.profiles().find(|profile| profile.name == name);
        let profile = found.ok_or_else(|| ServiceError::not_found("certificate profile", name))?;
        if profile.certification_authority {
            return Err(ServiceError::refused(
                Problem::new("profile-of-authorities")
                    .field("profile")
                    .param("name", name),
            ));
        }
        Ok(profile)
    }
}
