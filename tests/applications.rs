//! The city's data set against its licence types: each row is right, or refused for the reason that is stated for it.

use std::collections::BTreeMap;
use std::fs;

use chrono::NaiveDate;
use serde_json::Value;
use yinxin::licence::application::{Application, Photo};
use yinxin::licence::authority::AuthorityLevel;
use yinxin::licence::catalogue::{self, Catalogue};
use yinxin::problem::Explain;

use crate::support::project;

/// Reasons that lie outside of the licence type: whether a font has a character is known when the face is drawn.
const NOT_OF_THE_TYPE: [&str; 1] = ["character-without-font"];

#[test]
fn every_row_is_valid_or_refused_for_its_stated_reason() {
    let catalogue = catalogue::embedded().unwrap();
    let levels = authority_levels();
    let mut stated = stated_problems();
    let rows = fs::read_to_string(project::root().join("fixtures/licences/all.jsonl")).unwrap();
    let mut surprises = Vec::new();
    for line in rows.lines() {
        let mut row: Value = serde_json::from_str(line).unwrap();
        let reference = row["reference"].as_str().unwrap().to_owned();
        let authority = row["authority"].as_str().unwrap().to_owned();
        let told = problems(&catalogue, levels[&authority], &mut row);
        // One mistake may break two rules: a licence numbered by its holder's code repeats the holder's.
        let fine = match stated.remove(&reference) {
            Some(problem) => told.contains(&problem),
            None => told.is_empty(),
        };
        if !fine {
            surprises.push(format!("{reference}: {told:?}"));
        }
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
    assert!(stated.is_empty(), "no such rows: {stated:?}");
}

fn problems(catalogue: &Catalogue, level: AuthorityLevel, row: &mut Value) -> Vec<(String, String)> {
    let members = row.as_object_mut().unwrap();
    let photo = members.remove("photoFile");
    let photo =
        photo.map(|path| fs::read(project::root().join("fixtures/licences").join(path.as_str().unwrap())).unwrap());
    members.retain(|name, _| name != "reference" && name != "authority");
    let mut application: Application = serde_json::from_value(row.take()).unwrap();
    application.photo = photo.map(Photo::Bytes);
    let licence_type = catalogue.of(&application).unwrap();
    let entitled = licence_type.may_be_issued_by(level);
    let today = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    let told = licence_type
        .validate(&application, today)
        .map_or_else(|invalid| invalid.problems(), |_| Vec::new());
    let told = told
        .into_iter()
        .map(|problem| (problem.field.unwrap_or_default(), problem.code.to_owned()));
    let barred = (!entitled).then(|| ("authority".to_owned(), "authority-not-entitled".to_owned()));
    told.chain(barred).collect()
}

/// `field` and `problem` by the reference of the row.
fn stated_problems() -> BTreeMap<String, (String, String)> {
    let mut table = csv::Reader::from_path(project::root().join("fixtures/refused.csv")).unwrap();
    let rows = table.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.filter(|row| !NOT_OF_THE_TYPE.contains(&row["problem"].as_str()))
        .map(|row| (row["reference"].clone(), (row["field"].clone(), row["problem"].clone())))
        .collect()
}

fn authority_levels() -> BTreeMap<String, AuthorityLevel> {
    let mut table = csv::Reader::from_path(project::root().join("fixtures/authorities.csv")).unwrap();
    let rows = table.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.map(|row| {
        (
            row["code"].clone(),
            serde_json::from_value(row["level"].as_str().into()).unwrap(),
        )
    })
    .collect()
}
