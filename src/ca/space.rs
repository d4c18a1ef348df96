//! The names that an authority may certify: those that every authority on the way to the root permits and none excludes
//! (RFC 5280 sections 4.2.1.10 and 6.1.3 (b) and (c)).
//!
//! A certificate with another name would be refused by whoever judges its path; here it is refused before it is signed,
//! with the name, what is wrong with it, and the authority whose constraints say so.

use crate::problem::{Explain, Problem};
use crate::trust::names::{Fault, misplaced};
use crate::x509::{Certificate, GeneralName, Name};

/// A name that an authority may not certify.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {fault} of \"{authority}\"")]
pub struct SpaceError {
    /// The name, with its form.
    pub name: String,
    /// Whether it is the subject or stands in it; otherwise it is an alternative name.
    pub in_subject: bool,
    /// What is wrong with it.
    pub fault: Fault,
    /// The authority whose constraints it breaks.
    pub authority: String,
}

impl Explain for SpaceError {
    fn problems(&self) -> Vec<Problem> {
        let problem = match self.fault {
            Fault::Incomparable => Problem::new("certified-name-incomparable"),
            Fault::Excluded => Problem::new("certified-name-excluded"),
            Fault::NotPermitted => Problem::new("certified-name-not-permitted"),
        };
        let field = if self.in_subject { "subject" } else { "subjectAltName" };
        let problem = problem.field(field).param("value", &self.name);
        vec![problem.param("authority", &self.authority)]
    }
}

/// Holds the names of a certificate to be against the constraints of its issuer and of all above it; `issuers` begins
/// with the issuer.
///
/// # Errors
/// The first name that one of them does not allow.
pub fn check_space(issuers: &[Certificate], subject: &Name, alternatives: &[GeneralName]) -> Result<(), SpaceError> {
    let found = issuers.iter().find_map(|authority| {
        let constraints = &authority.extensions().name_constraints.as_ref()?.value;
        let found = misplaced(constraints, subject, alternatives)?;
        Some(SpaceError {
            name: found.name,
            in_subject: found.in_subject,
            fault: found.fault,
            authority: authority.subject().to_string(),
        })
    });
    found.map_or(Ok(()), Err)
}
