//! Writes attacks on signed documents that need no key, for any verifier to judge.
//!
//! `cargo run --example attacks -- SIGNED.pdf FOLDER` writes all of them on one document, and into the same folder
//! documents to be signed by somebody else; `cargo run --example attacks -- --raise NAME SIGNED.pdf FOLDER` raises what
//! was prepared in one.

#[path = "mod.rs"]
mod attacks;

use std::path::Path;

const USAGE: &str = "usage: attacks [--raise NAME] SIGNED.pdf FOLDER";

fn main() -> Result<(), attacks::Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--raise", name, signed, folder] => {
            let attack = attacks::shadow::raise(name, &std::fs::read(signed)?)?;
            write(folder, "", &[attack])
        }
        [signed, folder] => {
            write(folder, "", &attacks::on(&std::fs::read(signed)?)?)?;
            write(folder, "to-sign-", &attacks::shadow::prepared()?)?;
            let read_otherwise = attacks::readers::prepared().into_iter();
            let read_otherwise = read_otherwise.map(|(code, bytes, _)| attacks::Attack::new(code, bytes));
            write(folder, "to-sign-", &read_otherwise.collect::<Vec<_>>())
        }
        _ => Err(USAGE.into()),
    }
}

fn write(folder: &str, stem: &str, attacks: &[attacks::Attack]) -> Result<(), attacks::Error> {
    std::fs::create_dir_all(folder)?;
    for attack in attacks {
        std::fs::write(
            Path::new(folder).join(format!("{stem}{}.pdf", attack.name)),
            &attack.bytes,
        )?;
    }
    Ok(())
}
