//! The licence types that the city issues: what an application for each must say.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::App;
use crate::licence::application::Application;
use crate::licence::field::FieldSpec;
use crate::licence::licence_type::LicenceType;

/// A licence type.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LicenceTypeAnswer {
    /// Its name in applications.
    #[schema(example = "food-business-permit")]
    slug: String,
    /// GB/T 36902 type code.
    type_code: String,
    /// Name in Chinese.
    #[schema(example = "食品经营许可证")]
    name: String,
    /// Name in English.
    #[schema(example = "Food business permit")]
    name_en: String,
    /// Who issues it, in words.
    issuing_authority: String,
    /// Levels of the authorities that may issue it.
    #[schema(example = json!(["county"]))]
    levels: Vec<&'static str>,
    /// Items of its face.
    fields: Vec<FieldAnswer>,
    /// An application that is accepted, but for the photograph where the face has one.
    #[schema(value_type = Object)]
    example: Application,
}

/// One item of a face.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FieldAnswer {
    /// Its name in applications.
    name: String,
    /// What the face calls it, in Chinese.
    label: String,
    /// What the face calls it, in English.
    label_en: String,
    /// Whether an application must have it.
    required: bool,
}

/// The licence types.
#[utoipa::path(
    get,
    path = "/api/v1/licence-types",
    tag = "licences",
    responses((status = 200, description = "All types, by type code", body = Vec<LicenceTypeAnswer>))
)]
pub(super) async fn list_licence_types(State(app): State<App>) -> Json<Vec<LicenceTypeAnswer>> {
    let types = app.service.types().types();
    Json(types.iter().map(|licence_type| answer(licence_type)).collect())
}

fn answer(licence_type: &LicenceType) -> LicenceTypeAnswer {
    let catalogue = &licence_type.catalogue;
    LicenceTypeAnswer {
        slug: licence_type.slug.clone(),
        type_code: licence_type.code().to_string(),
        name: catalogue.name.zh.clone(),
        name_en: catalogue.name.en.clone(),
        issuing_authority: catalogue.issuing_authority.clone(),
        levels: licence_type.issuing.levels.iter().map(|level| level.name()).collect(),
        fields: licence_type.fields.iter().map(field).collect(),
        example: Application::example(licence_type, None),
    }
}

fn field(field: &FieldSpec) -> FieldAnswer {
    FieldAnswer {
        name: field.name.clone(),
        label: field.label.zh.clone(),
        label_en: field.label.en.clone(),
        required: field.required,
    }
}
