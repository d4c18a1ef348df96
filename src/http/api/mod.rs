//! The programming interface, one file per resource, described by an OpenAPI document that is made from the handlers.

mod certificates;
mod cross_certificates;
pub(super) mod docs;
mod health;
mod licence_types;
mod licences;
mod lists;
mod ocsp;
mod proposals;
mod sealings;
mod trust_list;
mod verifications;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{self, Content, Ref, ResponseBuilder};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::App;
use crate::http::problem::ProblemDetails;
use crate::http::uploads::{Uploads, in_turn};

/// The document without its paths, which the routes bring.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yinxin 印信",
        description = "Electronic licences of a city: issue, show, revoke, verify. Refusals are problem details (RFC 9457) in the language of Accept-Language, Chinese or English.",
    ),
    components(schemas(ProblemDetails)),
    modifiers(&Credentials),
    tags(
        (name = "licences", description = "Licences of a department; a bearer token is needed"),
        (name = "sealings", description = "Documents that a department brings to be sealed; a bearer token is needed"),
        (name = "verification", description = "For anyone: documents, identifiers, printed codes"),
        (name = "lists", description = "Signed lists for whoever checks without asking"),
        (name = "proposals", description = "Acts that need two people: one officer proposes, another approves the exact hash"),
        (name = "certificates", description = "Certificates of an authority, for its officers; what changes them is proposed as an act"),
    )
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
        let statement = "Officer STATEMENT.SIGNATURE: what an officer states and signs, both base64url";
        let field = ApiKeyValue::with_description("Authorization", statement);
        components.add_security_scheme("officer", SecurityScheme::ApiKey(ApiKey::Header(field)));
    }
}

/// The routes with their description; `uploads` limits the bodies of verification and sealing.
pub(super) fn router(uploads: &Uploads) -> OpenApiRouter<App> {
    let mut documents = OpenApiRouter::new()
        .routes(routes!(verifications::create_verification))
        .routes(routes!(verifications::create_verification_receipt))
        .routes(routes!(sealings::create_sealing))
        .routes(routes!(sealings::batches::create_sealing_batch))
        .layer((from_fn_with_state(uploads.clone(), in_turn), uploads.size()));
    describe_waiting(documents.get_openapi_mut());
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(licences::issue_licence, licences::list_licences))
        .routes(routes!(licences::get_licence))
        .routes(routes!(licences::get_licence_document))
        .routes(routes!(licences::change_licence_state))
        .routes(routes!(licence_types::list_licence_types))
        .merge(documents)
        .routes(routes!(sealings::get_sealed_document))
        .routes(routes!(sealings::batches::get_sealing_batch))
        .routes(routes!(proposals::create_proposal, proposals::list_proposals))
        .routes(routes!(proposals::get_proposal))
        .routes(routes!(proposals::approve_proposal))
        .routes(routes!(proposals::reject_proposal))
        .routes(routes!(proposals::withdraw_proposal))
        .routes(routes!(lists::get_crl))
        .routes(routes!(lists::get_partial_crl))
        .routes(routes!(lists::get_ca_certificate))
        .routes(routes!(certificates::list_certificates))
        .routes(routes!(certificates::get_certificate))
        .routes(routes!(cross_certificates::list_cross_certificates))
        .routes(routes!(cross_certificates::get_cross_certificate))
        .routes(routes!(lists::get_status_list))
        .routes(routes!(lists::get_keys))
        .routes(routes!(trust_list::get_trust_list))
        .routes(routes!(trust_list::get_numbered_trust_list))
        .routes(routes!(lists::get_seal_status))
        .routes(routes!(lists::create_time_stamp))
        .routes(routes!(ocsp::create_certificate_status))
        .routes(routes!(ocsp::get_certificate_status))
}

/// Adds to each route that takes documents what it answers where one does not come, or no turn for it does.
fn describe_waiting(openapi: &mut openapi::OpenApi) {
    let routes = openapi.paths.paths.values_mut();
    for operation in routes.filter_map(|item| item.post.as_mut()) {
        for (status, description) in [
            ("408", "Too little of the document came in time"),
            ("503", "No turn came in time; Retry-After says when to ask again"),
        ] {
            let problem = Content::new(Some(Ref::from_schema_name("ProblemDetails")));
            let response = ResponseBuilder::new()
                .description(description)
                .content("application/problem+json", problem);
            operation
                .responses
                .responses
                .insert(status.to_owned(), response.build().into());
        }
    }
}

/// Routes that are asked by machines of whoever runs the service, as often as they like.
pub(super) fn open_router() -> Router<App> {
    Router::new()
        .route("/healthz", get(health::get_health))
        .route("/readyz", get(health::get_readiness))
        .route("/metrics", get(health::get_metrics))
}
