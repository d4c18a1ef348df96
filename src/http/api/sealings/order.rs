//! How documents are to be sealed, as the API is told it, and the form that brings it together with them.

use axum::extract::Request;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::crypto::DigestAlgorithm;
use crate::http::App;
use crate::http::bearer::acting_authority;
use crate::http::form;
use crate::http::intake::{self, PdfFile};
use crate::http::problem::Failure;
use crate::problem::Problem;
use crate::service::actor::{Actor, Scope};
use crate::service::sealings::batch::BroughtFile;
use crate::service::sealings::{Level, REASON, SealingOrder, SealingTask};
use crate::sign::document::{Act, Edge, Hits, PageList, Place};
use crate::sign::{Permission, SignatureForm};

/// How the document is to be sealed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "level": "b-lt",
    "places": [{"pages": "-1", "x": 150, "y": 240}, {"across": "right"}],
    "reason": "同意"
}))]
pub(super) struct SealingRequest {
    /// Credit code of the organisation whose seal it is; the token's own where it is left out.
    authority: Option<String>,
    /// `b-b`, `b-t`, `b-lt` or `b-lta`; `b-lt` where it is left out.
    level: Option<String>,
    /// Certify instead of approve: 1 permits nothing after, 2 forms and signatures, 3 annotations too.
    certify: Option<i64>,
    /// `pades`, or `gm` for readers that know SM2 in the form of GB/T 35275 alone; `pades` where it is left out.
    form: Option<String>,
    /// Seal nothing: give the signatures that are there the level, or renew the archive time stamp.
    #[serde(default)]
    extend: bool,
    /// Signature field that waits and has its place; with places, the name of a new one.
    field: Option<String>,
    /// Where the seal is shown; nowhere without any.
    #[serde(default)]
    #[schema(value_type = Vec<PlaceRequest>)]
    places: Vec<Value>,
    /// Why, in the signature.
    reason: Option<String>,
    /// Where, in the signature.
    location: Option<String>,
}

/// A place of the seal, in millimetres from the upper left corner of the page as it is shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum PlaceRequest {
    /// Its centre at a point.
    At(PointRequest),
    /// Its centre on a text of the pages.
    Keyword(KeywordRequest),
    /// Cut in slices across the edges of pages.
    Across(EdgeRequest),
}

/// The seal's centre at a point of each page.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PointRequest {
    /// `1`, `2-5`, `-1` for the last, `all`, joined by commas.
    #[schema(example = "-1")]
    pages: Word,
    /// Millimetres to the right.
    x: f64,
    /// Millimetres down.
    y: f64,
}

/// A text, or a number that stands without quotes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged, expecting = "expected a text or a whole number")]
enum Word {
    Text(String),
    Number(i64),
}

impl Word {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

/// The seal's centre on a text of the pages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeywordRequest {
    /// The text; white space does not count.
    #[schema(example = "（盖章）")]
    keyword: String,
    /// `every` where it is left out, `first`, or a number from 1.
    #[schema(example = "first")]
    hit: Option<Word>,
    /// As above; all where it is left out.
    pages: Option<Word>,
}

/// The seal across the edges of pages.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EdgeRequest {
    /// `right`, `left`, `top` or `bottom`.
    #[schema(example = "right")]
    across: String,
    /// As above; all where it is left out.
    pages: Option<Word>,
    /// Millimetres of its centre along the edge; the middle where it is left out.
    along: Option<f64>,
    /// Pages after which another seal begins.
    every: Option<usize>,
}

/// The form in which a document is brought.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the form, which is read part by part")]
pub(super) struct SealingForm {
    /// How it is to be sealed; `application/json`.
    order: SealingRequest,
    /// The document.
    #[schema(value_type = PdfFile)]
    document: (),
}

/// The form in which documents are brought together.
#[derive(ToSchema)]
#[expect(dead_code, reason = "as above")]
pub(super) struct BatchForm {
    /// How they are to be sealed; `application/json`.
    order: SealingRequest,
    /// The documents, a part of this name each.
    #[schema(value_type = Vec<PdfFile>)]
    document: (),
}

/// The parts of a form.
pub(super) struct Form {
    /// The order, JSON.
    pub(super) order: Vec<u8>,
    /// The documents, with the names of their files.
    pub(super) documents: Vec<BroughtFile>,
}

impl Form {
    /// Reads the parts `order` and `document`, of which there may be so many.
    ///
    /// # Errors
    /// At the first document beyond `most`, or a second order, whatever comes after it; where the form breaks off, is
    /// too large or has no order, or a document cannot be kept.
    pub(super) async fn read(request: Request, app: &App, most: usize) -> Result<Self, Failure> {
        let mut form = form::Form::of(request, app).await?;
        let mut room = app.service.spool().room();
        let (mut order, mut documents) = (None, Vec::new());
        while let Some(part) = form.next().await? {
            match part.name() {
                Some(name @ "order") if order.is_some() => return Err(intake::doubled(name)),
                Some("order") => order = Some(intake::beside(part).await?),
                Some("document") if documents.len() == most => return Err(too_many(most)),
                Some("document") => {
                    let name = part.file_name().unwrap_or_default().to_owned();
                    let mut hasher = DigestAlgorithm::Sha256.hasher();
                    let document = intake::part(&mut room, part, |piece| hasher.update(piece)).await?;
                    let sha256 = hasher.finish().first_32();
                    documents.push(BroughtFile::new(&name, document, sha256));
                }
                _ => intake::unknown(part, &["order", "document"]).await?,
            }
        }
        Ok(Self {
            order: order.ok_or_else(|| missing("order"))?,
            documents,
        })
    }

    /// The document of a form that may have one.
    ///
    /// # Errors
    /// Where it has none.
    pub(super) fn only_document(&mut self) -> Result<BroughtFile, Failure> {
        self.documents.pop().ok_or_else(|| missing("document"))
    }

    /// What makes it the same request again: the order, and of each document the name and what is in it.
    pub(super) fn fingerprint(&self) -> Vec<u8> {
        let name = |document: &BroughtFile| DigestAlgorithm::Sha256.digest(document.name.as_bytes()).first_32();
        let documents = self.documents.iter();
        fingerprint(
            &self.order,
            documents.flat_map(|document| [name(document), document.sha256]),
        )
    }
}

/// An order, and the digests of what is brought with it.
pub(super) fn fingerprint(order: &[u8], brought: impl IntoIterator<Item = [u8; 32]>) -> Vec<u8> {
    let mut all = order.to_vec();
    all.extend(brought.into_iter().flatten());
    all
}

/// The refusal of more documents than may come together.
fn too_many(most: usize) -> Failure {
    let problem = match most {
        1 => Problem::new("document-not-alone"),
        most => Problem::new("batch-too-large").param("limit", most),
    };
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, problem.field("document"))
}

fn missing(name: &str) -> Failure {
    let problem = Problem::new("field-required").field(name);
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, problem)
}

impl SealingRequest {
    /// Refuses members that say how to seal where nothing is to be sealed.
    fn must_seal_nothing(&self) -> Result<(), Failure> {
        let given = [
            ("certify", self.certify.is_some()),
            ("form", self.form.is_some()),
            ("field", self.field.is_some()),
            ("places", !self.places.is_empty()),
            ("reason", self.reason.is_some()),
            ("location", self.location.is_some()),
        ];
        let given = given.into_iter().filter(|(_, is_given)| *is_given);
        let problems: Vec<_> = given
            .map(|(member, _)| Problem::new("extension-seals-nothing").field(member))
            .collect();
        match problems.is_empty() {
            true => Ok(()),
            false => Err(Failure {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                problems,
                retry_after: None,
            }),
        }
    }
}

/// What is to be done, as the use case takes it.
pub(super) fn sealing_task(actor: &Actor, asked: SealingRequest) -> Result<SealingTask, Failure> {
    let authority = acting_authority(actor, Scope::Seal, asked.authority.as_deref())?;
    let level = match &asked.level {
        Some(level) => by_rule("level", "level", level, Level::from_name)?,
        None => Level::Lt,
    };
    if asked.extend {
        asked.must_seal_nothing()?;
        return Ok(SealingTask::Extend { authority, level });
    }
    let act = match asked.certify {
        Some(number) => Act::Certify(by_rule("certify", "permission", &number.to_string(), |_| {
            Permission::from_number(number)
        })?),
        None => Act::Approve,
    };
    let form = match &asked.form {
        Some(form) => by_rule("form", "form", form, SignatureForm::from_name)?,
        None => SignatureForm::Pades,
    };
    let places = asked.places.into_iter().enumerate();
    let places = places.map(|(index, asked)| place(&format!("places[{index}]"), asked));
    let places = places.collect::<Result<_, _>>()?;
    Ok(SealingTask::Seal(SealingOrder {
        authority,
        level,
        act,
        form,
        field: asked.field,
        places,
        reason: asked.reason.unwrap_or_else(|| REASON.to_owned()),
        location: asked.location,
    }))
}

/// A place by its form, which its members tell.
///
/// # Errors
/// Where it is of none; `field` is its name.
fn place_request(field: &str, asked: Value) -> Result<PlaceRequest, Failure> {
    let has = |member: &str| asked.get(member).is_some();
    let read = match (has("keyword"), has("across")) {
        (true, _) => serde_json::from_value(asked).map(PlaceRequest::Keyword),
        (false, true) => serde_json::from_value(asked).map(PlaceRequest::Across),
        (false, false) => serde_json::from_value(asked).map(PlaceRequest::At),
    };
    read.map_err(|error| {
        let problem = Problem::new("place-form").field(field).param("reason", error);
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, problem)
    })
}

/// A value, or the refusal that names `field`, value and the `shape` that it is to have.
fn by_rule<T>(field: &str, shape: &str, value: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Failure> {
    parse(value).ok_or_else(|| {
        let problem = Problem::new("value-breaks-rule").field(field);
        let problem = problem.param("value", value).param("shape", shape);
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, problem)
    })
}

fn place(field: &str, asked: Value) -> Result<Place, Failure> {
    let within = |member: &str| format!("{field}.{member}");
    let pages = |pages: Option<Word>| match pages.map(Word::into_text) {
        Some(text) => by_rule(&within("pages"), "pages", &text, |text| text.parse::<PageList>().ok()),
        None => Ok(PageList::all()),
    };
    Ok(match place_request(field, asked)? {
        PlaceRequest::Keyword(keyword) => Place::Keyword {
            hits: match keyword.hit.map(Word::into_text) {
                Some(hit) => by_rule(&within("hit"), "hits", &hit, |hit| hit.parse().ok())?,
                None => Hits::Every,
            },
            pages: pages(keyword.pages)?,
            text: keyword.keyword,
        },
        PlaceRequest::At(point) => Place::At {
            pages: pages(Some(point.pages))?,
            x_mm: point.x,
            y_mm: point.y,
        },
        PlaceRequest::Across(edge) => Place::Across {
            pages: pages(edge.pages)?,
            edge: by_rule(&within("across"), "edge", &edge.across, Edge::from_name)?,
            along_mm: edge.along,
            every: edge.every,
        },
    })
}
