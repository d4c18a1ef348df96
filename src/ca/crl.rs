//! Revocation and revocation lists (RFC 5280 section 5).
//!
//! Revoking is a change of state that the store records; here it is checked and becomes an entry. A list is made whole
//! from all entries, signed, read back and verified.

use chrono::{DateTime, TimeDelta, Utc};

use super::issue::key_identifier;
use super::{ProfileKind, RevokeError};
use crate::crypto::key::{Signer, SigningError};
use crate::x509::build::{self, BuildError, CrlFields};
use crate::x509::{
    AuthorityKeyIdentifier, Certificate, Crl, DistributionPoint, Extension, Extensions, IssuingDistributionPoint,
    KeyUsage, ReadError, RevocationReason, RevokedEntry, SignatureError,
};

/// A list that was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrlError {
    /// The issuer's certificate does not allow its key to sign lists (RFC 5280 section 4.2.1.3).
    #[error("the issuer's certificate does not allow cRLSign")]
    NotAllowed,
    /// The key offered is not the one in the issuer's certificate.
    #[error("the key offered for signing is not the issuer's")]
    WrongKey,
    /// The next list would be due before this one is made.
    #[error("the next update {next_update} is not after this update {this_update}")]
    Dates {
        /// When this list is made.
        this_update: DateTime<Utc>,
        /// When the next one is due.
        next_update: DateTime<Utc>,
    },
    /// The list would be relied on for longer than is good.
    #[error("a list of this authority lasts from 1 to {limit} days, not {days}")]
    Lifetime {
        /// The days asked for.
        days: u32,
        /// The most.
        limit: u32,
    },
    /// A value that cannot be written.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The key did not sign.
    #[error(transparent)]
    Signing(#[from] SigningError),
    /// What was written cannot be read by the other parser.
    #[error("the list cannot be read back: {0}")]
    ReadBack(ReadError),
    /// What was read back is not what was meant.
    #[error("the list reads back with {read} entries instead of {written}")]
    Differs {
        /// Entries found.
        read: usize,
        /// Entries meant.
        written: usize,
    },
    /// The signature just made does not verify.
    #[error("the signature just made does not verify: {0}")]
    OwnSignature(SignatureError),
}

/// Most days of a list that speaks of bodies, persons or hosts (CA/Browser Forum Baseline Requirements section 4.9.7).
const MAX_DAYS: u32 = 10;

/// Most days of a list that speaks of authorities and their services alone: five years, as long as a cross-certificate
/// lasts. Whoever relies on such a list learns of a revocation only by a newer one; for an authority that is kept
/// offline there is no other way.
const MAX_DAYS_OF_AUTHORITIES: u32 = 1826;

/// Whom the certificates of an authority are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certified {
    /// Authorities and what serves them: time stamping, signers of lists, responders.
    Authorities,
    /// Others too.
    Anybody,
}

impl Certified {
    /// By the names of the profiles of all that it issued; one that is not delivered may be about anybody.
    pub fn by_profiles<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let serves = |name| ProfileKind::from_name(name).is_some_and(ProfileKind::serves_authorities);
        match names.into_iter().all(serves) {
            true => Self::Authorities,
            false => Self::Anybody,
        }
    }

    /// How long a list lasts that was asked to last that many days.
    ///
    /// # Errors
    /// None, or more than is good.
    pub fn lifetime(self, days: u32) -> Result<TimeDelta, CrlError> {
        let limit = match self {
            Self::Authorities => MAX_DAYS_OF_AUTHORITIES,
            Self::Anybody => MAX_DAYS,
        };
        match days {
            days if (1..=limit).contains(&days) => Ok(TimeDelta::days(days.into())),
            days => Err(CrlError::Lifetime { days, limit }),
        }
    }
}

/// What a list is to say.
#[derive(Debug, Clone)]
pub struct CrlOrder<'a> {
    /// Greater than that of every list before (RFC 5280 section 5.2.3).
    pub number: u64,
    /// Now.
    pub this_update: DateTime<Utc>,
    /// When the next one will be there at the latest.
    pub next_update: DateTime<Utc>,
    /// Everything that is revoked, in any order.
    pub entries: &'a [RevokedEntry],
    /// The number of the complete list that this one continues, for a delta list; critical (RFC 5280 section 5.2.4).
    pub base_number: Option<u64>,
    /// Where the delta lists are that continue this one (RFC 5280 section 5.2.6).
    pub freshest: Option<DistributionPoint>,
    /// `issuingDistributionPoint`, for a list that covers a part only; critical (RFC 5280 section 5.2.5).
    pub distribution_point: Option<&'a IssuingDistributionPoint>,
}

impl<'a> CrlOrder<'a> {
    /// A complete list that says nothing of delta lists.
    pub fn complete(number: u64, this_update: DateTime<Utc>, lifetime: TimeDelta, entries: &'a [RevokedEntry]) -> Self {
        Self {
            number,
            this_update,
            next_update: this_update + lifetime,
            entries,
            base_number: None,
            freshest: None,
            distribution_point: None,
        }
    }
}

/// Makes and signs a list.
///
/// # Errors
/// The key may not sign it, the dates are in disorder, or a value cannot be written.
pub fn build(issuer: &Certificate, signer: &dyn Signer, order: &CrlOrder<'_>) -> Result<Crl, CrlError> {
    if !issuer.allows(KeyUsage::CRL_SIGN) {
        return Err(CrlError::NotAllowed);
    }
    if signer.public_key().identity() != issuer.key_identity() {
        return Err(CrlError::WrongKey);
    }
    if order.next_update <= order.this_update {
        return Err(CrlError::Dates {
            this_update: order.this_update,
            next_update: order.next_update,
        });
    }
    let fields = CrlFields {
        algorithm: signer.algorithm(),
        issuer: issuer.subject(),
        this_update: order.this_update,
        next_update: order.next_update,
        entries: order.entries,
        extensions: &extensions(issuer, order),
    };
    let signed_part = build::crl(&fields)?;
    let der = build::signed(&signed_part, signer.algorithm(), &signer.sign(&signed_part)?);
    let crl = Crl::from_der(&der).map_err(CrlError::ReadBack)?;
    if crl.len() != order.entries.len() {
        return Err(CrlError::Differs {
            read: crl.len(),
            written: order.entries.len(),
        });
    }
    crl.verify_signed_by(signer.public_key())
        .map_err(CrlError::OwnSignature)?;
    Ok(crl)
}

fn extensions(issuer: &Certificate, order: &CrlOrder<'_>) -> Extensions {
    let identifier = issuer
        .key_identifier()
        .map_or_else(|| key_identifier(issuer.public_key_info()), <[u8]>::to_vec);
    let authority = AuthorityKeyIdentifier {
        key_identifier: Some(identifier),
        ..Default::default()
    };
    Extensions {
        authority_key_identifier: Some(Extension {
            critical: false,
            value: authority,
        }),
        crl_number: Some(Extension {
            critical: false,
            value: integer_octets(order.number),
        }),
        delta_crl_indicator: order.base_number.map(|number| Extension {
            critical: true,
            value: integer_octets(number),
        }),
        freshest_crl: order.freshest.clone().map(|point| Extension {
            critical: false,
            value: vec![point],
        }),
        issuing_distribution_point: order.distribution_point.map(|point| Extension {
            critical: true,
            value: point.clone(),
        }),
        ..Extensions::default()
    }
}

/// Content octets of a non-negative INTEGER, minimal.
fn integer_octets(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(bytes.len() - 1);
    let significant = &bytes[zeros..];
    let pad = (significant[0] & 0x80 != 0).then_some(0);
    pad.into_iter().chain(significant.iter().copied()).collect()
}

/// Checks a revocation and makes its entry.
///
/// # Errors
/// `removeFromCRL` takes an entry off and is no reason to revoke; `cACompromise` is for authorities; `aACompromise` for
/// attribute authorities, which this program has not; a certificate cannot have become invalid after it is revoked.
pub fn revoke(
    certificate: &Certificate,
    reason: RevocationReason,
    revoked_at: DateTime<Utc>,
    invalidity_date: Option<DateTime<Utc>>,
) -> Result<RevokedEntry, RevokeError> {
    let fits = match reason {
        RevocationReason::RemoveFromCrl | RevocationReason::AaCompromise => false,
        RevocationReason::CaCompromise => certificate.is_ca(),
        _ => true,
    };
    if !fits {
        return Err(RevokeError::Reason(reason));
    }
    match invalidity_date.filter(|date| *date > revoked_at) {
        Some(invalidity_date) => Err(RevokeError::InvalidityDate {
            invalidity_date,
            revoked_at,
        }),
        None => Ok(RevokedEntry {
            serial: certificate.serial().clone(),
            revoked_at,
            reason,
            invalidity_date,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_lasts_for_years_only_where_all_that_was_certified_serves_authorities() {
        let of = |names: &[&str]| Certified::by_profiles(names.iter().copied()).lifetime(1826).is_ok();
        assert!(of(&[
            "root",
            "issuing",
            "cross",
            "bridge",
            "tsa",
            "ocsp-responder",
            "list-signer"
        ]));
        for other in [
            "organisation-signer",
            "person",
            "tls-server",
            "seal-maker",
            "credential-signer",
            "of-the-house",
        ] {
            assert!(!of(&["issuing", other]), "{other}");
        }
        let refused = Certified::Anybody.lifetime(11);
        assert_eq!(refused, Err(CrlError::Lifetime { days: 11, limit: 10 }));
        assert!(Certified::Authorities.lifetime(0).is_err() && Certified::Authorities.lifetime(1827).is_err());
    }

    #[test]
    fn a_list_number_is_a_minimal_positive_integer() {
        assert_eq!(integer_octets(0), [0]);
        assert_eq!(integer_octets(127), [127]);
        assert_eq!(integer_octets(128), [0, 128]);
        assert_eq!(integer_octets(256), [1, 0]);
    }
}
