//! How a comparison is ordered from another process, and what that answers: a line of JSON with the order and then the
//! document go in, a line of JSON for each thing told comes out, as soon as it is known.

use std::io::{self, BufRead, Write};

use super::comparison::{Order, Told, compare};
use super::document::ChineseFont;

/// Reads an order and a document, and tells what comes of them.
///
/// # Errors
/// Where the order cannot be read, or nobody reads the answer.
pub fn answer(mut input: impl BufRead, mut output: impl Write, chinese: Option<ChineseFont>) -> io::Result<()> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let order: Order = serde_json::from_str(&line)?;
    let mut document = Vec::new();
    input.read_to_end(&mut document)?;
    let mut written = Ok(());
    let done = compare(document, &order, chinese, |told| {
        if written.is_ok() {
            written = write(&mut output, &told);
        }
    });
    written?;
    match done {
        Ok(()) => Ok(()),
        Err(error) => write(&mut output, &Told::Failed(error)),
    }
}

fn write(output: &mut impl Write, told: &Told) -> io::Result<()> {
    let mut line = serde_json::to_vec(told)?;
    line.push(b'\n');
    output.write_all(&line)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preview::PreviewError;

    #[test]
    fn what_fails_is_an_answer_and_what_is_no_order_is_none() {
        let mut output = Vec::new();
        let order = b"{\"signed_length\":3,\"pages\":[1],\"other_pages\":false}\nno document";
        answer(order.as_slice(), &mut output, None).unwrap();
        let told: Told = serde_json::from_slice(&output).unwrap();
        assert_eq!(told, Told::Failed(PreviewError::BeforeUnreadable));
        assert!(answer(b"%PDF-1.7".as_slice(), &mut output, None).is_err());
    }
}
