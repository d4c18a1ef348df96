//! Judges the cases of the NIST path validation suite and prints verdict, policies and reason of each.
//!
//! `cargo run --release --example pkits -- DIR`

#[path = "../tests/support/pkits.rs"]
mod pkits;

use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: pkits DIR")?;
    let cases = pkits::run(folder.as_ref())?;
    let agree = cases.iter().filter(|case| case.agrees()).count();
    eprintln!("{agree} of {} cases as expected", cases.len());
    let results: Vec<_> = cases
        .into_iter()
        .map(|case| json!({ "id": case.id, "valid": case.valid, "policies": case.policies, "reason": case.reason }))
        .collect();
    println!("{}", json!({ "results": results }));
    Ok(())
}
