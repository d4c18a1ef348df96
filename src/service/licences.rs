//! Seeing licences: the list of an authority, one licence, its document.

use serde::Serialize;

use crate::hex;
use crate::licence::credit_code::CreditCode;
use crate::licence::identifier::Identifier;
use crate::licence::record::LicenceRecord;
use crate::licence::standing::Standing;
use crate::licence::state::LicenceState;
use crate::service::Service;
use crate::service::actor::{Actor, Scope};
use crate::service::error::{ServiceError, ServiceResult};
use crate::service::issue_licence::licence_key;
use crate::store::{LicenceCursor, LicenceFilter, StoredLicence};

/// Most licences of one page of a list.
pub const MAX_PAGE: u32 = 200;

/// A licence as its authority sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LicenceDetail {
    /// Its identifier.
    pub identifier: Identifier,
    /// Its state in the register.
    pub state: LicenceState,
    /// Since when.
    pub state_since: chrono::DateTime<chrono::Utc>,
    /// Why, where a reason was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_reason: Option<String>,
    /// How it stands today.
    pub standing: Standing,
    /// SHA-256 of its document in lower-case hexadecimal.
    pub document_sha256: String,
    /// When it was issued.
    pub issued_at: chrono::DateTime<chrono::Utc>,
    /// Its data.
    pub record: LicenceRecord,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct LicenceList {
    /// The licences, newest first.
    pub licences: Vec<LicenceDetail>,
    /// Where the next page begins.
    pub next: Option<LicenceCursor>,
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct LicenceQuery {
    /// Credit code of the authority; a department's own where it is left out.
    pub authority: Option<CreditCode>,
    /// Slug or type code of the licence type.
    pub licence_type: Option<String>,
    /// State in the register.
    pub state: Option<LicenceState>,
    /// Beginning of the licence number.
    pub number_prefix: Option<String>,
    /// Issued on this day or later.
    pub issued_from: Option<chrono::NaiveDate>,
    /// Issued on this day or earlier.
    pub issued_until: Option<chrono::NaiveDate>,
    /// Name of the holder, whole.
    pub holder_name: Option<String>,
    /// Code of the holder, whole.
    pub holder_code: Option<String>,
}

impl Service {
    /// The licences that fit a query, a page at a time.
    ///
    /// # Errors
    /// Where the actor may not see the authority's licences, or the type is not known.
    pub async fn list_licences(
        &self,
        actor: &Actor,
        query: &LicenceQuery,
        after: Option<LicenceCursor>,
        limit: u32,
    ) -> ServiceResult<LicenceList> {
        let own = actor.may_in_own(Scope::Read)?.copied();
        let authority = match query.authority.or(own) {
            Some(authority) => {
                actor.may(Scope::Read, &authority)?;
                Some(authority.to_string())
            }
            None => None,
        };
        let type_code = match &query.licence_type {
            Some(name) => Some(self.licence_type(name)?.code().to_string()),
            None => None,
        };
        let filter = LicenceFilter {
            type_code,
            authority,
            state: query.state.map(|state| state.name().to_owned()),
            number_prefix: query.number_prefix.clone(),
            issued_from: query.issued_from,
            issued_until: query.issued_until,
            holder_code_hash: query
                .holder_code
                .as_deref()
                .map(|code| self.personal.lookup("holder-code", code)),
            holder_name_hash: query
                .holder_name
                .as_deref()
                .map(|name| self.personal.lookup("holder-name", name)),
        };
        let page = self.store().licences(&filter, after, limit.clamp(1, MAX_PAGE)).await?;
        let licences = page
            .licences
            .iter()
            .map(|stored| self.detail(stored))
            .collect::<ServiceResult<_>>()?;
        Ok(LicenceList {
            licences,
            next: page.next,
        })
    }

    /// One licence.
    ///
    /// # Errors
    /// Where it is not known, or the actor may not see it: which of these is not told.
    pub async fn licence(&self, actor: &Actor, identifier: &Identifier) -> ServiceResult<LicenceDetail> {
        self.detail(&self.visible_licence(actor, Scope::Read, identifier).await?)
    }

    /// The document of a licence.
    ///
    /// # Errors
    /// As [`Self::licence`].
    pub async fn licence_document(&self, actor: &Actor, identifier: &Identifier) -> ServiceResult<Vec<u8>> {
        let stored = self.visible_licence(actor, Scope::Read, identifier).await?;
        let reader = self.store().document(&stored.licence.document_sha256).await?;
        let reader = reader.ok_or_else(|| ServiceError::internal("the document of a licence is missing"))?;
        Ok(reader.read_to_end().await?)
    }

    /// A licence that the actor has this right to. One of another authority is as unknown as one that does not exist.
    pub(super) async fn visible_licence(
        &self,
        actor: &Actor,
        scope: Scope,
        identifier: &Identifier,
    ) -> ServiceResult<StoredLicence> {
        let own = actor.may_in_own(scope)?.copied();
        let stored = self.store().licence(&licence_key(identifier)).await?;
        stored
            .filter(|stored| own.is_none_or(|own| stored.licence.authority == own.as_str()))
            .ok_or_else(|| ServiceError::not_found("licence", identifier))
    }

    /// The licence type of a slug or type code.
    pub(super) fn licence_type(&self, name: &str) -> ServiceResult<&crate::licence::licence_type::LicenceType> {
        let by_code = || name.parse().ok().and_then(|code| self.types().by_code(code));
        let found = self.types().by_slug(name).or_else(by_code);
        found
            .map(AsRef::as_ref)
            .ok_or_else(|| ServiceError::not_found("licence type", name))
    }

    /// The record of a stored licence.
    pub(super) fn record(&self, stored: &StoredLicence) -> ServiceResult<LicenceRecord> {
        let personal = stored.licence.personal.as_deref().unwrap_or_default();
        let identifier = identifier_of(stored)?;
        let json = self.personal.open(&identifier.to_string(), personal)?;
        LicenceRecord::parse(&json).map_err(ServiceError::internal)
    }

    pub(super) fn detail(&self, stored: &StoredLicence) -> ServiceResult<LicenceDetail> {
        let record = self.record(stored)?;
        let state = state_of(stored)?;
        let licence_type = self.licence_type(&stored.licence.key.type_code)?;
        Ok(LicenceDetail {
            identifier: record.certificate_identifier.clone(),
            state,
            state_since: stored.state_at,
            state_reason: stored.state_reason.clone(),
            standing: Standing::on(state, &record.days(licence_type), self.today()),
            document_sha256: hex::encode(&stored.licence.document_sha256),
            issued_at: stored.licence.created_at,
            record,
        })
    }
}

/// The state of a stored licence.
pub(super) fn state_of(stored: &StoredLicence) -> ServiceResult<LicenceState> {
    let state = LicenceState::from_name(&stored.licence.state);
    state.ok_or_else(|| ServiceError::internal(format!("state {} of a stored licence", stored.licence.state)))
}

/// The identifier of a stored licence.
pub(super) fn identifier_of(stored: &StoredLicence) -> ServiceResult<Identifier> {
    let key = &stored.licence.key;
    let parts = (
        key.type_code.parse(),
        key.issuer.parse(),
        key.serial.parse(),
        format!("{:03}", key.version).parse(),
    );
    match parts {
        (Ok(type_code), Ok(issuer), Ok(serial), Ok(version)) => Ok(Identifier {
            type_code,
            issuer,
            serial,
            version,
        }),
        _ => Err(ServiceError::internal(format!("stored licence key {key}"))),
    }
}
