//! The report on a file: the words of ETSI EN 319 102-1 for each signature, one conclusion for each and for the file.
//!
//! A verdict is data. Its JSON form is the one that the command line and the API print; `schema_version` rises when a
//! reader of the form would have to change.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::block::{BlockIndication, BlockReport, in_terms};
use super::level::Level;
use super::replay::Replay;
use crate::licence::standing::Standing;
use crate::pdf::changes::ChangeKind;
use crate::preview::Order;
use crate::problem::Problem;
use crate::trust;

/// Version of the JSON form.
pub const SCHEMA_VERSION: u32 = 1;

/// What is said of a file.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Report {
    /// Version of this form.
    pub schema_version: u32,
    /// Name of the file, as it was given.
    pub file: Option<String>,
    /// SHA-256 of the file in lower-case hexadecimal.
    pub sha256: Option<String>,
    /// The one word for the file: the worst of its business signatures.
    pub conclusion: Conclusion,
    /// The time as of which it was judged, exact.
    #[serde(with = "rfc3339_exact")]
    pub validation_time: DateTime<Utc>,
    /// Sequence number of the recognition list that was used.
    pub list_sequence: Option<u64>,
    /// Why, most useful first.
    pub reasons: Vec<Problem>,
    /// Each signature in the order of its signing.
    pub signatures: Vec<SignatureReport>,
    /// What the register says of the licence; `None` where the file is none of ours.
    pub licence: Option<LicenceReport>,
    /// What a verification receipt says of another file, where the file is a genuine receipt: `conclusion` is of the
    /// receipt itself.
    pub receipt: Option<ReceiptReport>,
    /// Whether a second reader, another program's, was asked if it sees the same document.
    pub second_reader: SecondReaderReport,
    /// What it rests on beside the file: with the same, the same comes out again.
    pub replay: Replay,
}

/// Whether a second reader was asked about a file. What it objected to is among the reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SecondReaderReport {
    /// Whether it was.
    pub asked: bool,
    /// That it was, or why not.
    pub note: Problem,
}

/// The one word for a signature or a file, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// TOTAL-PASSED, and nothing after it but validation data or further valid signatures.
    Valid,
    /// TOTAL-PASSED, and the document's own rules permit what was changed later.
    ValidWithPermittedChanges,
    /// It cannot be decided: no trusted chain, no revocation answer, an unknown algorithm, two readers that disagree.
    Indeterminate,
    /// The signed bytes are intact, and something was changed afterwards.
    Changed,
    /// TOTAL-FAILED, a seal that fails, a signer who may not sign this.
    Invalid,
    /// No business signature in the file.
    Unsigned,
    /// Not a PDF, needs a password, or broken before any signature can be judged.
    Unreadable,
}

impl Report {
    /// The signature that the file is judged by: the first worst one of its business signatures.
    pub fn main_signature(&self) -> Option<&SignatureReport> {
        let business = || {
            self.signatures
                .iter()
                .filter(|signature| signature.kind == SignatureKind::Signature)
        };
        let worst = business().map(|signature| signature.conclusion).max()?;
        business().find(|signature| signature.conclusion == worst)
    }

    /// What is to be looked at before and after: the pages that may have changed since the signature that the file is
    /// judged by. `None` where its bytes are not proved to be intact, nothing came after it that can show, or nobody
    /// knows what did.
    pub fn to_compare(&self) -> Option<Order> {
        let main = self.main_signature()?;
        let is_changed = match main.changes_after {
            ChangesAfter::None | ChangesAfter::ValidationData | ChangesAfter::Unknown => false,
            ChangesAfter::Permitted | ChangesAfter::NotPermitted | ChangesAfter::Unparsable => true,
        };
        let signed_length = main
            .signed_length
            .filter(|_| is_changed && main.is_intact() == Some(true))?;
        let order = Order {
            signed_length,
            pages: main
                .change_list
                .iter()
                .flat_map(|change| change.pages.iter().copied())
                .collect(),
            other_pages: main.unlisted_changes > 0 || main.change_list.iter().any(|change| change.other_pages),
        };
        (order.other_pages || !order.pages.is_empty()).then_some(order)
    }

    /// Length of the version that was signed, from the first byte of the file, where it is intact and was changed since
    /// in what nobody permitted.
    pub fn signed_length(&self) -> Option<u64> {
        let main = self.main_signature()?;
        let is_changed = self.conclusion == Conclusion::Changed && main.is_intact() == Some(true);
        main.signed_length.filter(|_| is_changed)
    }

    /// On whose recognition the file rests.
    pub fn recognition(&self) -> Option<&RecognitionReport> {
        self.main_signature()?.recognition.as_ref()
    }

    /// Whether it rests on that of an authority of others: then the register of those is the one that knows a licence.
    pub fn is_of_others(&self) -> bool {
        self.recognition().is_some_and(|recognition| !recognition.own)
    }
}

impl Conclusion {
    /// As it stands in the JSON form, and in the keys of texts: `valid-with-permitted-changes`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ValidWithPermittedChanges => "valid-with-permitted-changes",
            Self::Indeterminate => "indeterminate",
            Self::Changed => "changed",
            Self::Invalid => "invalid",
            Self::Unsigned => "unsigned",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Main status indication (ETSI EN 319 102-1 clause 5.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub enum Indication {
    /// All checks passed.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// The information at hand does not suffice.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
    /// A check failed for good.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
}

/// Sub-indication (ETSI EN 319 102-1 clause 5.1.3, tables 5 and 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are those of the standard, which defines them")]
pub enum SubIndication {
    FormatFailure,
    HashFailure,
    SigCryptoFailure,
    Revoked,
    Expired,
    NotYetValid,
    SigConstraintsFailure,
    ChainConstraintsFailure,
    CertificateChainGeneralFailure,
    CryptoConstraintsFailure,
    NoSigningCertificateFound,
    NoCertificateChainFound,
    RevokedNoPoe,
    RevokedCaNoPoe,
    OutOfBoundsNoPoe,
    CryptoConstraintsFailureNoPoe,
    TryLater,
    TimestampOrderFailure,
}

impl From<trust::SubIndication> for SubIndication {
    fn from(sub: trust::SubIndication) -> Self {
        use trust::SubIndication as Trust;
        match sub {
            Trust::CertificateChainGeneralFailure => Self::CertificateChainGeneralFailure,
            Trust::ChainConstraintsFailure => Self::ChainConstraintsFailure,
            Trust::CryptoConstraintsFailure => Self::CryptoConstraintsFailure,
            Trust::CryptoConstraintsFailureNoPoe => Self::CryptoConstraintsFailureNoPoe,
            Trust::Expired => Self::Expired,
            Trust::NoCertificateChainFound => Self::NoCertificateChainFound,
            Trust::NotYetValid => Self::NotYetValid,
            Trust::OutOfBoundsNoPoe => Self::OutOfBoundsNoPoe,
            Trust::Revoked => Self::Revoked,
            Trust::RevokedCaNoPoe => Self::RevokedCaNoPoe,
            Trust::RevokedNoPoe => Self::RevokedNoPoe,
            Trust::TryLater => Self::TryLater,
        }
    }
}

/// What a signature is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureKind {
    /// Somebody's signature.
    Signature,
    /// A document time stamp (ETSI EN 319 142-1 clause 5.4.3).
    DocumentTimestamp,
}

/// What comes after the revision that a signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangesAfter {
    /// Nothing.
    None,
    /// Only data for validation: a DSS, document time stamps.
    ValidationData,
    /// Changes that the document's own rules permit.
    Permitted,
    /// Changes that nobody permitted.
    NotPermitted,
    /// Bytes that cannot be read as a revision.
    Unparsable,
    /// Nobody can say: what the signature covers means nothing, or what follows it is too much to be gone through, or
    /// cannot be read from where it lies.
    Unknown,
}

impl ChangesAfter {
    /// Whether nothing but what is permitted was changed; `None` where nobody can say.
    pub fn are_permitted(self) -> Option<bool> {
        (self != Self::Unknown).then_some(self <= Self::Permitted)
    }

    /// Why a signature is not relied on because of them; `None` where they are permitted, and where nobody can say: why
    /// stands among the reasons then.
    pub fn refusal(self) -> Option<Problem> {
        match self {
            Self::None | Self::ValidationData | Self::Permitted | Self::Unknown => None,
            Self::NotPermitted => Some(Problem::new("changes-not-permitted")),
            Self::Unparsable => Some(Problem::new("changes-unparsable")),
        }
    }
}

/// What is said of one signature.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SignatureReport {
    /// A signature or a document time stamp.
    pub kind: SignatureKind,
    /// Full name of the signature field; `None` for a signature outside any field.
    #[serde(serialize_with = "quoted::option")]
    pub field: Option<String>,
    /// Its form, by the `SubFilter` of the dictionary: `ETSI.CAdES.detached`.
    #[serde(serialize_with = "quoted::option")]
    pub form: Option<String>,
    /// The one word for it.
    pub conclusion: Conclusion,
    /// Main status indication.
    pub indication: Indication,
    /// Sub-indication, where the indication is not TOTAL-PASSED.
    pub sub_indication: Option<SubIndication>,
    /// Whether the signature fits the signed bytes and its certificate, by itself (ETSI EN 319 102-1 clause 5.2.7).
    /// `None` where that was not reached: its range is not sound, the message cannot be read, the certificate is
    /// missing.
    pub cryptographic_verification: Option<BlockReport>,
    /// Whether the signer's certificate can be relied on, by itself, whatever else is wrong with the signature or was
    /// changed in the document (ETSI EN 319 102-1 clauses 5.2.6 and 5.6.2.1). `None` where that was not reached: the
    /// signature does not fit, or was not read.
    pub certificate_validation: Option<BlockReport>,
    /// `PAdES-B-B`, `PAdES-B-T`, `PAdES-B-LT`, `PAdES-B-LTA`; `None` where it is no PAdES signature.
    pub level: Option<&'static str>,
    /// The level whatever its form; `None` where that has none, or it was not reached.
    #[serde(skip)]
    pub fulfilled: Option<Level>,
    /// Name of the signature's algorithm.
    pub algorithm: Option<&'static str>,
    /// Who signed, by the certificate.
    pub signer: Option<SignerReport>,
    /// When the signer says that it was signed.
    #[serde(with = "rfc3339_option")]
    pub signing_time: Option<DateTime<Utc>>,
    /// The earliest time at which the signature is proved to have existed.
    #[serde(with = "rfc3339_option")]
    pub best_signature_time: Option<DateTime<Utc>>,
    /// The last moment at which the signer's whole path could still be relied on (ETSI EN 319 102-1 clause 5.6.2.2).
    #[serde(with = "rfc3339_option")]
    pub control_time: Option<DateTime<Utc>>,
    /// Whether `best_signature_time` is proved by a time stamp, or is merely the time of validation.
    pub time_is_proven: bool,
    /// What proves `best_signature_time`.
    pub time_proof: Option<ProofReport>,
    /// The time before which it did not exist, by a time stamp on the content that it signs along.
    #[serde(with = "rfc3339_option")]
    pub signed_after: Option<DateTime<Utc>>,
    /// The signature policy that the signer names; it is not held against it.
    pub policy: Option<PolicyReport>,
    /// What the signer commits itself to, by the names of ETSI EN 319 122-1 or by number: `proof-of-approval`.
    #[serde(serialize_with = "quoted::list")]
    pub commitments: Vec<String>,
    /// What the security store of the file has for this signature alone.
    pub validation_information: Option<ValidationInformation>,
    /// The revision that it signed, from 1.
    pub revision: Option<usize>,
    /// Revisions in the file.
    pub revisions: usize,
    /// Length of that revision in bytes: the file up to there is what was signed. `None` where what is covered means
    /// nothing.
    pub signed_length: Option<u64>,
    /// Whether the signature covers the file to its end.
    pub covers_whole_document: bool,
    /// What comes after the signed revision.
    pub changes_after: ChangesAfter,
    /// Why nobody can say what comes after it, where it is clear what it covers. It is among the reasons, too.
    #[serde(skip)]
    pub changes_unknown_for: Option<Problem>,
    /// The changes, by revision: the weightiest where there are very many.
    pub change_list: Vec<ChangeReport>,
    /// How many further changes there are, or more: of one update, no more than a thousand changes of content are
    /// counted.
    pub unlisted_changes: usize,
    /// Subjects of the certificates from the signer to the anchor.
    #[serde(serialize_with = "quoted::list")]
    pub path: Vec<String>,
    /// The recognised authority that the path ends in, and who stands on it; `None` where there is no such path.
    pub recognition: Option<RecognitionReport>,
    /// The seal inside, where there is one.
    pub seal: Option<SealReport>,
    /// Whether signer, seal and issuer belong together and may issue this licence; `None` where it is no licence of
    /// ours.
    pub authorised: Option<bool>,
    /// Why, most useful first.
    pub reasons: Vec<Problem>,
    /// What does not touch it and is to be known: an authority withdrawn since, a certificate revoked later, what the
    /// signed document holds beside what it shows.
    pub notes: Vec<Problem>,
    /// What is odd about how it is written; none of it decides.
    pub encoding_notes: Vec<Problem>,
}

impl SignatureReport {
    /// Both indications as the standard names them: `INDETERMINATE · REVOKED_NO_POE`.
    pub fn terms(&self) -> String {
        in_terms(self.indication, self.sub_indication)
    }

    /// Whether its bytes are those that were signed, whatever is said of the signer; `None` where that was not found
    /// out: it was not read, or is of an algorithm that is not supported.
    pub fn is_intact(&self) -> Option<bool> {
        match self.cryptographic_verification.as_ref()?.indication {
            BlockIndication::Passed => Some(true),
            BlockIndication::Indeterminate => None,
            BlockIndication::Failed => Some(false),
        }
    }

    /// Whether it is proven who signed: by a certificate that is relied on. Else its names are what whoever made it
    /// wrote into it.
    pub fn is_signer_proven(&self) -> bool {
        self.is_certificate_trusted() == Some(true)
    }

    /// Whether the path of its certificate holds by itself.
    pub fn is_certificate_trusted(&self) -> Option<bool> {
        self.certificate_validation.as_ref().map(BlockReport::is_passed)
    }
}

/// A change that was made after the revision that a signature covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeReport {
    /// The revision that makes it, from 1; `None` for bytes that are no revision.
    pub revision: Option<usize>,
    /// Whether the signature permits it.
    pub permission: Permission,
    /// The pages on which it can show, from 1.
    pub pages: Vec<usize>,
    /// Whether it can show on others, too.
    pub other_pages: bool,
    /// The change in English words.
    #[serde(serialize_with = "quoted::text")]
    pub text: String,
    /// The change by its code, for any language.
    #[serde(flatten)]
    pub problem: Problem,
    /// The change as it was found; `None` for bytes that are no revision.
    #[serde(skip)]
    pub kind: Option<ChangeKind>,
}

impl Permission {
    /// As it stands in the JSON form, and in the keys of texts: `not-permitted`.
    pub fn code(self) -> &'static str {
        match self {
            Self::ValidationData => "validation-data",
            Self::Permitted => "permitted",
            Self::NotPermitted => "not-permitted",
            Self::Unparsable => "unparsable",
        }
    }
}

/// Whether a signature permits a later change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// Data for validation, which every signature permits.
    ValidationData,
    /// Permitted by the document's own rules, or a further signature.
    Permitted,
    /// Not permitted.
    NotPermitted,
    /// Not readable, so that nobody can say.
    Unparsable,
}

/// The signature policy that a signer names (ETSI EN 319 122-1 clause 5.2.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PolicyReport {
    /// Its object identifier; `None` where the content implies it.
    #[serde(serialize_with = "quoted::option")]
    pub id: Option<String>,
    /// Digest algorithm and digest, in lower-case hexadecimal, of the policy document.
    #[serde(serialize_with = "quoted::pair")]
    #[schema(value_type = Option<[String; 2]>)]
    pub hash: Option<(String, String)>,
    /// Where it is published.
    #[serde(serialize_with = "quoted::option")]
    pub address: Option<String>,
}

/// What the security store has for one signature alone, its `VRI` (ISO 32000-2 clause 12.8.4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValidationInformation {
    /// How many certificates.
    pub certificates: usize,
    /// How many revocation lists.
    pub crls: usize,
    /// How many status responses.
    pub ocsp_responses: usize,
    /// When it was put together, by whoever did (`TU`).
    #[serde(with = "rfc3339_option")]
    pub made: Option<DateTime<Utc>>,
    /// When it was put together, by a time stamp (`TS`). Of what that is, no standard says: it proves nothing.
    #[serde(with = "rfc3339_option")]
    pub stamped: Option<DateTime<Utc>>,
}

/// What proves that a signature existed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProofReport {
    /// What kind of proof it is.
    pub kind: ProofKind,
    /// Name of the authority that gave it.
    #[serde(serialize_with = "quoted::text")]
    pub authority: String,
    /// The field of the document time stamp.
    #[serde(serialize_with = "quoted::option")]
    pub field: Option<String>,
}

/// A kind of proof of existence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProofKind {
    /// A time stamp over the signature value (RFC 3161 appendix A).
    SignatureTimeStamp,
    /// A document time stamp over the revision and whatever came before.
    DocumentTimeStamp,
}

/// On whose recognition a signature rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecognitionReport {
    /// The authority that the path ends in, as the recognition list names it.
    pub authority: String,
    /// Whether the path stays among the authorities of whoever judges; what others issued is in a register of theirs.
    pub own: bool,
    /// From when on it is recognised for this; `None` where it was not at the time that counts.
    #[serde(with = "rfc3339_option")]
    pub since: Option<DateTime<Utc>>,
    /// Who stands on the path, the signer first.
    pub steps: Vec<PathStep>,
}

/// A certificate on a path, as people name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PathStep {
    /// Its part.
    pub role: PathRole,
    /// Common name of its subject.
    #[serde(serialize_with = "quoted::text")]
    pub name: String,
    /// Organisation of its subject.
    #[serde(serialize_with = "quoted::option")]
    pub organisation: Option<String>,
}

/// The part of a certificate on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PathRole {
    /// That of the signer.
    Signer,
    /// That of an authority, issued by the next one of the same organisation.
    Authority,
    /// That of an authority, issued by the next one, of another organisation.
    CrossCertified,
    /// That which is relied on.
    Anchor,
}

impl PathRole {
    /// As it stands in the JSON form, and in the keys of texts: `cross-certified`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Signer => "signer",
            Self::Authority => "authority",
            Self::CrossCertified => "cross-certified",
            Self::Anchor => "anchor",
        }
    }
}

/// The signer, as the certificate names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignerReport {
    /// The organisation's or person's name.
    #[serde(serialize_with = "quoted::text")]
    pub name: String,
    /// The whole subject as text.
    #[serde(serialize_with = "quoted::text")]
    pub subject: String,
    /// Unified social credit code in the certificate.
    #[serde(serialize_with = "quoted::option")]
    pub credit_code: Option<String>,
    /// Serial number of the certificate in lower-case hexadecimal.
    #[serde(serialize_with = "quoted::text")]
    pub serial: String,
}

/// The electronic seal inside a signature (GB/T 38540).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SealReport {
    /// Identifier of the seal, `esID`.
    #[serde(serialize_with = "quoted::text")]
    pub id: String,
    /// Name of the seal.
    #[serde(serialize_with = "quoted::text")]
    pub name: String,
    /// Credit code of the organisation that owns it.
    #[serde(serialize_with = "quoted::option")]
    pub owner: Option<String>,
    /// From when it may be used.
    #[serde(with = "rfc3339")]
    pub valid_from: DateTime<Utc>,
    /// Until when it may be used.
    #[serde(with = "rfc3339")]
    pub valid_until: DateTime<Utc>,
    /// Its edition: 1 for GM/T 0031-2014, 4 for GB/T 38540-2020, 5 for GM/T 0031-2025.
    pub version: u32,
    /// Whether every check of the seal and its signature passed.
    pub valid: bool,
}

/// What a verification receipt says of the file that it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptReport {
    /// Name of that file.
    #[serde(serialize_with = "quoted::option")]
    pub file: Option<String>,
    /// Its SHA-256 in lower-case hexadecimal.
    #[serde(serialize_with = "quoted::option")]
    pub sha256: Option<String>,
    /// The conclusion on it, as in `conclusion` of a report.
    #[serde(serialize_with = "quoted::text")]
    pub conclusion: String,
    /// The state of the licence in it as of then, as in `licence` of a report; `None` where it is no licence of ours.
    #[serde(serialize_with = "quoted::option")]
    pub licence_state: Option<String>,
    /// Where that state comes from.
    #[serde(serialize_with = "quoted::option")]
    pub state_source: Option<String>,
    /// The time as of which it was judged.
    #[serde(serialize_with = "quoted::text")]
    pub validation_time: String,
}

/// What the register says of the licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LicenceReport {
    /// Its state at `state_as_of`.
    pub state: Standing,
    /// The time of the answer.
    #[serde(with = "rfc3339")]
    pub state_as_of: DateTime<Utc>,
    /// Day in Beijing since which the register has it so, `YYYY-MM-DD`.
    pub state_since: Option<String>,
    /// Where the state comes from: `register`, `status-list`, `document` (dates in the file alone), `foreign` (the
    /// same, where the licence is in the register of another place, which was not asked).
    pub state_source: &'static str,
    /// GB/T 36904 identifier.
    pub identifier: String,
    /// Type code.
    pub type_code: String,
    /// Name of the type in Chinese and English.
    pub type_name: [String; 2],
    /// Licence number, masked where the type's secrecy asks for it.
    pub number: Option<String>,
    /// Holder's name, masked where the type's secrecy asks for it.
    pub holder: Option<String>,
    /// Name of the issuing authority.
    pub issuer: Option<String>,
    /// Credit code of the issuing authority.
    pub issuer_code: String,
    /// First day of validity, `YYYY-MM-DD`.
    pub valid_from: Option<String>,
    /// Last day of validity, `YYYY-MM-DD`; `None` for licences without end.
    pub valid_until: Option<String>,
    /// Identifier of the licence that took its place.
    pub superseded_by: Option<String>,
}

/// Texts of a stranger's file: of a long one the beginning is written, as problems quote it. In the report itself they
/// are whole, for whoever compares them.
mod quoted {
    use serde::{Serialize, Serializer};

    use crate::problem::quoted;

    pub(in crate::verify) fn text<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&quoted(text))
    }

    pub(in crate::verify) fn option<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
        match text {
            Some(text) => serializer.serialize_some(&quoted(text)),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::verify) fn pair<S: Serializer>(
        texts: &Option<(String, String)>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let texts = texts.as_ref();
        texts
            .map(|(one, other)| (quoted(one), quoted(other)))
            .serialize(serializer)
    }

    pub(in crate::verify) fn list<S: Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(texts.iter().map(|text| quoted(text)))
    }
}

/// Times as RFC 3339 in UTC with `Z` and whole seconds.
pub(super) mod rfc3339 {
    use chrono::{DateTime, Utc};
    use serde::Serializer;

    use crate::clock;

    pub(in crate::verify) fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&clock::rfc3339(*time))
    }
}

/// The same with as many digits of a second as the time has.
mod rfc3339_exact {
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::Serializer;

    pub(in crate::verify) fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

pub(super) mod rfc3339_option {
    use chrono::{DateTime, Utc};
    use serde::Serializer;

    pub(in crate::verify) fn serialize<S: Serializer>(
        time: &Option<DateTime<Utc>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::rfc3339::serialize(time, serializer),
            None => serializer.serialize_none(),
        }
    }
}
