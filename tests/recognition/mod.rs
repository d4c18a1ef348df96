//! Recognition of other authorities: two cities that recognise each other's licences, and everything that a list
//! refuses.

mod acts;
mod address;
mod centres;
mod command;
mod foreign;
mod published;
mod refused;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use yinxin::crypto::key::Suite;
use yinxin::service::error::ServiceError;
use yinxin::service::proposals::Act;
use yinxin::service::recognition::{ListPublication, NewRecognition, StatusChange};
use yinxin::trust::Service;
use yinxin::trust::list::{Bounds, Names, RecognitionList, StatusReason};

use crate::support::acts::decide;
use crate::support::app::TestApp;

/// A city that says which bodies are its own, so that others may be recognised for theirs.
fn city() -> TestApp {
    let app = TestApp::new(Suite::International);
    let publication = ListPublication {
        regions: Some(vec!["159901".parse().unwrap()]),
        ..ListPublication::default()
    };
    app.wait(async {
        decide(&app.service, Act::PublishList(publication.clone()))
            .await
            .unwrap();
    });
    app
}

/// Another city, whose licences the first one shall rely on.
fn partner() -> TestApp {
    TestApp::at("https://partner.example", Suite::International)
}

/// A root of the partner, for all that it does, for the bodies of one region.
fn recognition(app: &TestApp, partner: &TestApp, root: &str) -> NewRecognition {
    let authorities = app.wait(partner.service.certificate_authorities()).unwrap();
    let root = authorities.iter().find(|one| one.name == root).unwrap();
    NewRecognition {
        entity: "partner".to_owned(),
        names: Some(Names::new("邻市认证中心", "Partner CA")),
        certificate: BASE64_STANDARD.encode(&root.certificate),
        services: Service::ALL.to_vec(),
        since: Some("2020-01-01T00:00:00Z".parse().unwrap()),
        bounds: Some(Bounds {
            regions: vec!["159903".parse().unwrap()],
            ..Bounds::default()
        }),
        note: "互认协议".to_owned(),
    }
}

/// Recognises both roots of the partner: seals are made under the national one in every city.
fn recognise(app: &TestApp, partner: &TestApp, bodies_of: &str) -> RecognitionList {
    let international = NewRecognition {
        bounds: Some(Bounds {
            regions: vec![bodies_of.parse().unwrap()],
            ..Bounds::default()
        }),
        ..recognition(app, partner, "root-international")
    };
    let national = NewRecognition {
        bounds: None,
        ..recognition(app, partner, "root-national")
    };
    app.wait(async {
        decide(&app.service, Act::Recognise(international.clone()))
            .await
            .unwrap();
        decide(&app.service, Act::Recognise(national.clone())).await.unwrap()
    })
}

fn change(reason: StatusReason, since: Option<&str>) -> StatusChange {
    StatusChange {
        entity: "partner".to_owned(),
        services: Vec::new(),
        since: since.map(|since| since.parse().unwrap()),
        reason,
        note: String::new(),
        cross_certificates: Vec::new(),
    }
}

/// The code of the first problem of a refusal.
fn code(result: Result<RecognitionList, ServiceError>) -> String {
    use yinxin::problem::Explain;
    result.unwrap_err().problems()[0].code.to_owned()
}
