//! What a second reader has to say before a document is sealed: whatever its verification would doubt is refused, with
//! the reason.

use axum::http::StatusCode;
use serde_json::{Value, json};
use yinxin::crypto::key::Suite;
use yinxin::verify::Conclusion;

use super::corpus;
use super::service::{order, seal, sealed};
use crate::support::app::{Answer, TestApp};
use crate::support::documents::of_objects;

fn refused(app: &TestApp, document: &[u8]) -> Vec<(String, String)> {
    let answer: Answer = seal(app, &app.token, &order("b-t"), document, None);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let told = answer.json();
    let text = |problem: &Value, key: &str| problem[key].as_str().unwrap().to_owned();
    let fields = told["fields"].as_array().unwrap().iter();
    fields
        .map(|problem| (text(problem, "code"), text(problem, "message")))
        .collect()
}

#[test]
fn a_document_that_another_program_reads_otherwise_is_not_sealed() {
    let app = TestApp::new(Suite::International);
    // A stream of another length than it says is read by one reader and not by another.
    let text = String::from_utf8(corpus::pages(1))
        .unwrap()
        .replace("/Length 61", "/Length 59");
    let told = refused(&app, text.as_bytes());
    let codes: Vec<_> = told.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["document-read-otherwise", "readers-disagree-file"]);
    assert!(told[1].1.starts_with("另一个阅读程序打不开此文件"), "{told:?}");
}

#[test]
fn pages_on_one_letterhead_are_sealed_and_verified() {
    let app = TestApp::new(Suite::International);
    let (count, letterhead) = (300, "0 0 m\n".repeat(175_000));
    let kids: String = (0..count).map(|page| format!("{} 0 R ", 4 + page)).collect();
    let tree = format!("<</Type/Pages/Count {count}/Kids[{kids}]/MediaBox[0 0 595 842]>>");
    let content = format!("<</Length {}>>stream\n{letterhead}\nendstream", letterhead.len());
    let page = "<</Type/Page/Parent 2 0 R/Contents 3 0 R>>";
    let bodies = ["<</Type/Catalog/Pages 2 0 R>>", tree.as_str(), &content];
    let document = of_objects("1.7", &[bodies.as_slice(), &vec![page; count]].concat());
    let (_, made) = sealed(&app, &order("b-t"), &document);
    let report = app.wait(app.service.verify_document(made, None)).unwrap();
    assert_eq!(report.conclusion, Conclusion::Valid, "{:?}", report.reasons);
}

#[test]
fn a_document_too_tangled_for_two_readers_is_refused_before_it_is_sealed() {
    let app = TestApp::new(Suite::International);
    let refused = |order: &Value, document: &[u8]| seal(&app, &app.token, order, document, None).json();
    let told = refused(&order("b-t"), &nested());
    let problem = &told["fields"][0];
    assert_eq!(problem["code"], "pdf-too-complex", "{told}");
    let said = problem["message"].as_str().unwrap();
    assert!(said.contains("相互重叠的对象"), "{said}");
    let raised = refused(&json!({ "extend": true, "level": "b-t" }), &nested());
    assert_eq!(raised["fields"][0]["code"], "pdf-too-complex", "{raised}");
}

/// A page, and a hundred streams each of which holds all that come after it.
fn nested() -> Vec<u8> {
    const COUNT: usize = 100;
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 1/Kids[3 0 R]>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ];
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, body) in (1..).zip(bodies) {
        offsets.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
    }
    let head = |number: usize, length: usize| format!("{number:03} 0 obj\n<</Length {length:06}>>stream\n");
    let each = head(0, 0).len();
    for place in 0..COUNT {
        offsets.push(bytes.len());
        bytes.extend(head(4 + place, each * (COUNT - 1 - place)).bytes());
    }
    bytes.extend(b"\nendstream\nendobj\n");
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", 4 + COUNT).bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    bytes.extend(
        format!(
            "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
            4 + COUNT
        )
        .bytes(),
    );
    bytes
}
