//! Bytes altered, appended, put before and cut off, without regard to what they mean.

use super::target::Target;
use super::{Attack, Error};

/// How many places are altered, spread over the whole file.
const FLIPS: usize = 48;
/// What a reader that repairs files would find after the end: another content of the page, and a trailer for it.
const BODY: &str = "\n4 0 obj\n<</Length 30>>\nstream\n0 0 0 rg 0 0 999 999 re f\nendstream\nendobj\n";

/// Flips in every region, appended and truncated bytes.
pub(crate) fn all(signed: &[u8]) -> Result<Vec<Attack>, Error> {
    let target = Target::read(signed)?;
    let mut attacks = Vec::new();
    for step in 0..FLIPS {
        attacks.push(flipped(&target, signed.len() * step / FLIPS));
    }
    let (first, second) = target.gap;
    let signature = (first + 1..second - 1).step_by((second - first) / 12);
    attacks.extend(signature.map(|at| flipped(&target, at)));
    for (name, added) in [
        ("byte", "x".to_owned()),
        ("blank-lines", "\n\n\n".to_owned()),
        ("zeros", "\0".repeat(64)),
        ("comment", "% harmless\n".to_owned()),
        ("body-without-section", BODY.to_owned()),
        (
            "body-with-trailer-alone",
            format!("{BODY}trailer\n<</Root {}>>\n", target.root),
        ),
        (
            "body-with-end",
            format!("{BODY}startxref\n{}\n%%EOF\n", target.startxref),
        ),
        ("end-of-file-again", format!("startxref\n{}\n%%EOF\n", target.startxref)),
        ("section-that-is-none", format!("{BODY}startxref\n9\n%%EOF\n")),
        ("section-beyond-the-end", "startxref\n99999999\n%%EOF\n".to_owned()),
    ] {
        attacks.push(Attack::new(
            format!("appended-{name}"),
            [signed, added.as_bytes()].concat(),
        ));
    }
    attacks.push(Attack::new("appended-itself", [signed, signed].concat()));
    attacks.push(Attack::new("prepended-byte", [b"\n", signed].concat()));
    for cut in [1, 2, 7, 30, 200] {
        let bytes = signed[..signed.len() - cut].to_vec();
        attacks.push(Attack::new(format!("truncated-{cut}"), bytes));
    }
    Ok(attacks)
}

/// One bit of one byte altered. The case of a hexadecimal digit and white space are bytes like any other.
fn flipped(target: &Target, at: usize) -> Attack {
    let mut bytes = target.bytes.clone();
    bytes[at] ^= if bytes[at].is_ascii_alphanumeric() { 1 } else { 0x20 };
    let (first, second) = target.gap;
    let region = if (first..second).contains(&at) {
        "message"
    } else {
        "signed"
    };
    Attack::new(format!("flip-{region}-{at}"), bytes)
}
