//! Judges the cases of an x509-limbo file and prints the results in the form that the project compares.
//!
//! `cargo run --release --example limbo -- FILE`

#[path = "../tests/support/limbo.rs"]
mod limbo;

use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: limbo FILE")?;
    let now = yinxin::clock::Clock::now(&yinxin::clock::SystemClock);
    let cases = limbo::run(&std::fs::read(path)?, now)?;
    let agree = cases.iter().filter(|case| case.valid == case.expected).count();
    eprintln!("{agree} of {} cases as expected", cases.len());
    let results: Vec<_> = cases
        .into_iter()
        .map(|case| {
            json!({
                "id": case.id,
                "actual_result": if case.valid { "SUCCESS" } else { "FAILURE" },
                "context": if case.reason.is_empty() { None } else { Some(case.reason) },
            })
        })
        .collect();
    println!("{}", json!({ "version": 1, "harness": "yinxin", "results": results }));
    Ok(())
}
