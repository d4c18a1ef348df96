//! The verify page `/v`: a form that works without script, and its result.
//!
//! A printed code leads here with its digits behind `#`, which no server sees: a script puts them into the form and
//! sends it.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::http::App;
use crate::http::attachment;
use crate::http::form::Form;
use crate::http::intake;
use crate::http::language::Reader;
use crate::http::pages::frame::Frame;
use crate::http::pages::result::{ResultPage, ResultView};
use crate::http::pages::words::Words;
use crate::http::problem::Failure;
use crate::i18n;
use crate::problem::Problem;
use crate::service::error::ServiceError;
use crate::service::receipts::ReceiptOrder;
use crate::service::spool::Source;
use crate::service::verify::Knowledge;

#[derive(Template)]
#[template(path = "pages/verify.html")]
struct FormPage {
    frame: Frame,
    /// Largest file in megabytes.
    limit: String,
    /// What was wrong with what was sent before.
    problems: Vec<String>,
    /// Identifier that was sent before.
    identifier: String,
}

/// The texts of the form.
const TEXTS: [&str; 5] = ["identifier", "verificationCode", "holderName", "code", "pictures"];

/// What came with the form.
#[derive(Default)]
struct Sent {
    document: Option<(String, Source)>,
    texts: HashMap<String, String>,
}

impl Sent {
    /// A text that is not empty.
    fn text(&self, name: &str) -> Option<&str> {
        self.texts
            .get(name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }
}

fn frame(app: &App, words: Words) -> Frame {
    Frame {
        t: words,
        address: Some(format!("{}/v", app.service.public_url())),
    }
}

fn html(status: StatusCode, page: &impl Template) -> Result<Response, Failure> {
    let page = page.render().map_err(ServiceError::internal)?;
    Ok((status, Html(page)).into_response())
}

fn form(app: &App, words: Words, problems: &[Problem], identifier: &str) -> Result<Response, Failure> {
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = FormPage {
        frame: frame(app, words),
        limit: (app.limiter.upload_bytes() >> 20).to_string(),
        problems: problems.iter().map(|problem| i18n::problem(words.0, problem)).collect(),
        identifier: identifier.to_owned(),
    };
    html(status, &page)
}

/// The form.
pub(super) async fn show_form(State(app): State<App>, reader: Reader) -> Result<Response, Failure> {
    form(&app, Words(reader.0), &[], "")
}

/// The result.
pub(super) async fn show_result(State(app): State<App>, reader: Reader, request: Request) -> Result<Response, Failure> {
    let words = Words(reader.0);
    let sent = read(request, &app).await?;
    let identifier = sent.text("identifier").unwrap_or_default().to_owned();
    match judge(&app, words, sent).await {
        Ok(view) => html(
            StatusCode::OK,
            &ResultPage {
                frame: frame(&app, words),
                view,
            },
        ),
        Err(ServiceError::Refused(problems)) => form(&app, words, &problems, &identifier),
        Err(error) => Err(error.into()),
    }
}

/// The receipt for a document, to be kept.
pub(super) async fn give_receipt(
    State(app): State<App>,
    reader: Reader,
    request: Request,
) -> Result<Response, Failure> {
    let words = Words(reader.0);
    let sent = read(request, &app).await?;
    let pictures = sent.text("pictures").is_some();
    let mut file = String::new();
    let given = match sent.document {
        Some((name, document)) => {
            let order = ReceiptOrder {
                name: name.clone(),
                pictures,
            };
            file = name;
            app.service.receipt(document, order, i18n::receipt).await
        }
        None => Err(nothing()),
    };
    match given {
        Ok(receipt) => Ok(attachment::receipt(&file, receipt.document)),
        Err(ServiceError::Refused(problems)) => form(&app, words, &problems, ""),
        Err(error) => Err(error.into()),
    }
}

async fn judge(app: &App, words: Words, sent: Sent) -> Result<ResultView, ServiceError> {
    let (service, now) = (&app.service, app.service.now());
    if let Some(code) = sent.text("code") {
        let report = service.verify_code(code, sent.text("identifier")).await?;
        return Ok(ResultView::of_code(words, &report, service.public_url(), now));
    }
    if let Some(identifier) = sent.text("identifier") {
        let code = sent
            .text("verificationCode")
            .map(|code| Knowledge::VerificationCode(code.to_owned()));
        let knowledge = code.or(sent
            .text("holderName")
            .map(|name| Knowledge::HolderName(name.to_owned())));
        let knowledge = knowledge.ok_or_else(nothing)?;
        return match service.verify_identifier(identifier, &knowledge).await {
            Ok(licence) => Ok(ResultView::of_licence(words, &licence, now)),
            Err(ServiceError::NotFound { .. }) => Ok(ResultView::of_unknown(words, now)),
            Err(error) => Err(error),
        };
    }
    let (name, document) = sent.document.ok_or_else(nothing)?;
    let verified = service.verify_file(Arc::clone(&document), name).await?;
    let pictures = service.previews().of(&document, &verified.report).await;
    let as_signed = service.as_signed(document, &verified.report).await?;
    let view = ResultView::of_document(words, &verified, now).with_pictures(words, pictures.as_ref());
    Ok(view.with_as_signed(words, &verified, as_signed.as_deref()))
}

fn nothing() -> ServiceError {
    ServiceError::refused(Problem::new("nothing-to-verify"))
}

async fn read(request: Request, app: &App) -> Result<Sent, Failure> {
    let mut form = Form::of(request, app).await?;
    let mut sent = Sent::default();
    while let Some(part) = form.next().await? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            // A browser sends an unnamed file where none was chosen.
            Some(file) if file.is_empty() => {}
            Some(_) if sent.document.is_some() => return Err(intake::not_alone()),
            Some(file) => {
                let document = intake::part(&mut app.service.spool().room(), part, |_| {}).await?;
                sent.document = Some((file, document));
            }
            None if !TEXTS.contains(&name.as_str()) => intake::unknown(part, &TEXTS).await?,
            None if sent.texts.contains_key(&name) => return Err(intake::doubled(&name)),
            None => {
                let text = intake::beside(part).await?;
                sent.texts.insert(name, String::from_utf8_lossy(&text).into_owned());
            }
        }
    }
    Ok(sent)
}
