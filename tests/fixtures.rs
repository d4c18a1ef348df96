//! The fixtures: what their generator writes, right where they are to be right and wrong where they are to be wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use chrono::NaiveDate;
use yinxin::licence::application::{Application, Photo};
use yinxin::licence::catalogue::{self, Catalogue};
use yinxin::licence::credit_code::CreditCode;
use yinxin::licence::region::RegionCode;
use yinxin::problem::Explain;

use crate::support::project;

/// Problems that only the service can find, since they need the authority or the fonts.
const BEYOND_THE_TYPE: [&str; 2] = ["authority-not-entitled", "character-without-font"];

/// A row of an import file.
struct Row {
    reference: String,
    application: Application,
}

fn read(path: &str) -> String {
    fs::read_to_string(project::root().join("fixtures").join(path)).unwrap()
}

fn records(path: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(read(path).as_bytes())
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

fn row(line: &str) -> Row {
    let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
    let object = value.as_object_mut().unwrap();
    let reference = object.remove("reference").unwrap().as_str().unwrap().to_owned();
    object.remove("authority").unwrap();
    let photo = object.remove("photoFile").map(|file| {
        let path = format!("fixtures/licences/{}", file.as_str().unwrap());
        Photo::Bytes(fs::read(project::root().join(path)).unwrap())
    });
    let application = serde_json::from_value(value).unwrap();
    Row {
        reference,
        application: Application { photo, ..application },
    }
}

/// The code and field of the first problem of an application, on a day soon after the data were made.
fn first_problem(catalogue: &Catalogue, application: &Application) -> Option<(String, String)> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    let licence_type = catalogue.of(application).unwrap();
    let invalid = licence_type.validate(application, today).err()?;
    let problems = invalid.problems();
    assert_eq!(problems.len(), 1, "{invalid}");
    Some((
        problems[0].code.to_owned(),
        problems[0].field.clone().unwrap_or_default(),
    ))
}

#[test]
fn the_generator_writes_the_fixtures_byte_for_byte() {
    let python = project::root().join("target/tools/venv/bin/python");
    let generator = project::root().join("tools/fixtures/generate.py");
    let output = Command::new(python)
        .arg(generator)
        .arg("--check")
        .output()
        .expect("tools/setup installed Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_row_is_right_but_those_that_must_be_refused_each_for_its_own_reason() {
    let catalogue = catalogue::embedded().unwrap();
    let expected: BTreeMap<String, (String, String)> = records("refused.csv")
        .into_iter()
        .map(|mut refused| {
            let mut take = |column| refused.remove(column).unwrap();
            (take("reference"), (take("problem"), take("field")))
        })
        .collect();
    let reasons: BTreeSet<&str> = expected.values().map(|(problem, _)| problem.as_str()).collect();
    assert_eq!((expected.len(), reasons.len()), (30, 30));

    let rows: Vec<Row> = read("licences/all.jsonl").lines().map(row).collect();
    assert_eq!(rows.len(), 2000);
    for row in rows {
        let of_the_type = expected
            .get(&row.reference)
            .filter(|(problem, _)| !BEYOND_THE_TYPE.contains(&problem.as_str()));
        assert_eq!(
            first_problem(&catalogue, &row.application).as_ref(),
            of_the_type,
            "{}",
            row.reference
        );
    }
}

#[test]
fn the_single_application_is_right_and_takes_no_number_of_the_data_set() {
    let application: Application = serde_json::from_str(&read("application.json")).unwrap();
    assert_eq!(first_problem(&catalogue::embedded().unwrap(), &application), None);
    let number = &application.licence_number;
    assert!(!number.is_empty() && !read("licences/all.jsonl").contains(number.as_str()));
}

#[test]
fn thirty_authorities_stand_in_four_tiers_and_issue_what_their_tier_may() {
    let catalogue = catalogue::embedded().unwrap();
    let authorities = records("authorities.csv");
    let mut known = BTreeSet::new();
    let mut tiers = BTreeSet::new();
    for authority in &authorities {
        let code: CreditCode = authority["code"].parse().unwrap();
        let region: RegionCode = authority["region"].parse().unwrap();
        assert_eq!(region.level().name(), authority["level"], "{}", authority["name"]);
        assert!(
            authority["parent"].is_empty() || known.contains(&authority["parent"]),
            "{}",
            authority["name"]
        );
        for kind in authority["licenceTypes"].split_whitespace() {
            assert!(
                catalogue.by_slug(kind).unwrap().may_be_issued_by(region.level()),
                "{} issues {kind}",
                authority["name"]
            );
        }
        known.insert(code.to_string());
        tiers.insert(authority["level"].clone());
    }
    assert_eq!((known.len(), tiers.len()), (30, 4));
}
