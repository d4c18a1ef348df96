//! Decodes what a document's structure may be encoded with (ISO 32000-2, 7.4): Flate with predictors, ASCIIHex and
//! ASCII85. Any other filter is left to those who draw pages.

use std::io::Read;

use super::characters::{hex_value, is_white};
use super::error::PdfError;
use super::limits::{LimitReached, Limits, Usage};
use super::object::{Dictionary, Name, Object};

/// One step of decoding: the filter and its parameters, both resolved.
pub(super) struct Step {
    pub(super) filter: Name,
    pub(super) parameters: Option<Dictionary>,
}

pub(super) const NOT_TOGETHER: PdfError = PdfError::Filter {
    rule: "its Filter and DecodeParms do not go together",
};

/// What a stream's entry lists: filters, or their parameters; or the only one, that stands without a list. Many streams
/// may share one list: of a longer one than is allowed no element is looked at.
pub(super) fn parts(value: &Object, limits: &Limits) -> Result<Vec<Object>, PdfError> {
    match value {
        Object::Null => Ok(Vec::new()),
        Object::Array(elements) => {
            check_number(elements.len(), limits)?;
            elements.iter().map(part).collect()
        }
        single => Ok(vec![part(single)?]),
    }
}

/// A filter, its parameters, or a reference to either; what is none of them may be large, and is not copied.
pub(super) fn part(value: &Object) -> Result<Object, PdfError> {
    match value {
        Object::Null | Object::Name(_) | Object::Dictionary(_) | Object::Reference(_) => Ok(value.clone()),
        _ => Err(NOT_TOGETHER),
    }
}

fn check_number(filters: usize, limits: &Limits) -> Result<(), LimitReached> {
    let reached = LimitReached {
        unit: "filters on a stream",
        allowed: limits.filters as u64,
    };
    (filters <= limits.filters).then_some(()).ok_or(reached)
}

/// Decodes data through the steps in order.
pub(super) fn decode(data: &[u8], steps: &[Step], limits: &Limits, usage: &Usage) -> Result<Vec<u8>, PdfError> {
    through(data, steps, limits, usage, Rest::Ignored)
}

/// The same of data behind whose end, in each step, nothing stands but white space: some readers take what does for
/// data, too.
pub(super) fn decode_whole(data: &[u8], steps: &[Step], limits: &Limits, usage: &Usage) -> Result<Vec<u8>, PdfError> {
    through(data, steps, limits, usage, Rest::Refused)
}

/// What becomes of data behind their own end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Ignored,
    Refused,
}

fn through(data: &[u8], steps: &[Step], limits: &Limits, usage: &Usage, rest: Rest) -> Result<Vec<u8>, PdfError> {
    check_number(steps.len(), limits)?;
    let mut data = std::borrow::Cow::Borrowed(data);
    for step in steps {
        match one_step(step, &data, limits, usage, rest) {
            Ok(decoded) => {
                usage.decoded(limits, decoded.len() as u64)?;
                data = decoded.into();
            }
            Err(error) => {
                // What is wrong at its end was gone through all the same, and may be asked for again.
                usage.decoded(limits, data.len() as u64)?;
                return Err(error);
            }
        }
    }
    Ok(data.into_owned())
}

fn one_step(step: &Step, data: &[u8], limits: &Limits, usage: &Usage, rest: Rest) -> Result<Vec<u8>, PdfError> {
    let ends_at = |end: &[u8]| memchr::memmem::find(data, end).map_or(data.len(), |at| at + end.len());
    let nothing_after = |end: usize| match data[end..].iter().all(|byte| is_white(*byte)) || rest == Rest::Ignored {
        true => Ok(()),
        false => Err(PdfError::Filter {
            rule: "its data go on behind their end",
        }),
    };
    // Some readers take none of these for white space, and end there; no writer has them among digits.
    let no_odd_space = || match memchr::memchr2(0, 0x0c, data).is_none() {
        true => Ok(()),
        false => Err(PdfError::Filter {
            rule: "its digits have bytes between them that readers do not agree on",
        }),
    };
    match step.filter.0.as_slice() {
        b"FlateDecode" | b"Fl" => {
            let predictor = step.parameters.as_ref().map(Predictor::from_parameters).transpose()?;
            let (inflated, end) = inflate(data, limits, usage)?;
            nothing_after(end)?;
            let Some(predictor) = predictor else {
                return Ok(inflated);
            };
            let length = inflated.len() as u64;
            let undone = predictor.undo(inflated);
            if undone.is_err() {
                usage.decoded(limits, length)?;
            }
            undone
        }
        b"ASCIIHexDecode" | b"AHx" => {
            nothing_after(ends_at(b">"))?;
            no_odd_space()?;
            ascii_hex(data)
        }
        b"ASCII85Decode" | b"A85" => {
            let end = ends_at(b"~");
            nothing_after(end + usize::from(data.get(end) == Some(&b'>')))?;
            no_odd_space()?;
            ascii_85(data, limits, usage)
        }
        _ => Err(PdfError::Filter {
            rule: "its filter is not one of Flate, ASCIIHex and ASCII85",
        }),
    }
}

/// zlib data (7.4.4), and where they end. What follows is ignored, as 7.3.8.1 lets a line end stand there.
fn inflate(data: &[u8], limits: &Limits, usage: &Usage) -> Result<(Vec<u8>, usize), PdfError> {
    let allowed = allowed(limits, usage);
    let mut inflated = Vec::new();
    let mut decoder = flate2::read::ZlibDecoder::new(data);
    let read = decoder
        .by_ref()
        .take(allowed.saturating_add(1))
        .read_to_end(&mut inflated);
    if read.is_err() {
        usage.decoded(limits, decoder.total_out())?;
        return Err(PdfError::Filter {
            rule: "its data are no zlib data",
        });
    }
    match inflated.len() as u64 <= allowed {
        true => Ok((inflated, (decoder.total_in() as usize).min(data.len()))),
        false => Err(beyond(inflated.len(), limits, usage)),
    }
}

/// Bytes that one step may decode to.
fn allowed(limits: &Limits, usage: &Usage) -> u64 {
    usage.decoded_left(limits).min(limits.decoded_stream_bytes as u64)
}

/// What is said of a step that decoded more than it may.
fn beyond(decoded: usize, limits: &Limits, usage: &Usage) -> PdfError {
    let reached = usage.decoded(limits, decoded as u64).err();
    let of_one = LimitReached {
        unit: "decoded bytes in a stream",
        allowed: limits.decoded_stream_bytes as u64,
    };
    reached.unwrap_or(of_one).into()
}

/// No more bytes than half of the digits.
fn ascii_hex(data: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut digits = Vec::with_capacity(data.len());
    for &byte in data.iter().take_while(|byte| **byte != b'>') {
        match hex_value(byte) {
            Some(digit) => digits.push(digit),
            None if is_white(byte) => {}
            None => {
                return Err(PdfError::Filter {
                    rule: "its data are no hexadecimal digits",
                });
            }
        }
    }
    Ok(digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
        .collect())
}

/// 7.4.3: five characters from `!` to `u` for four bytes, `z` for four zero bytes, `~>` at the end. It can decode to
/// four times the bytes, and is broken off where that is more than it may.
fn ascii_85(data: &[u8], limits: &Limits, usage: &Usage) -> Result<Vec<u8>, PdfError> {
    const WRONG: PdfError = PdfError::Filter {
        rule: "its data are no base-85 digits",
    };
    let allowed = allowed(limits, usage);
    let mut decoded = Vec::with_capacity(data.len() / 5 * 4);
    let mut group = Vec::with_capacity(5);
    for &byte in data
        .iter()
        .take_while(|byte| **byte != b'~')
        .filter(|byte| !is_white(**byte))
    {
        match byte {
            b'z' if group.is_empty() => decoded.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => return Err(WRONG),
        }
        if group.len() == 5 {
            decoded.extend_from_slice(&group_value(&group).ok_or(WRONG)?);
            group.clear();
        }
        if decoded.len() as u64 > allowed {
            return Err(beyond(decoded.len(), limits, usage));
        }
    }
    match group.len() {
        0 => {}
        1 => return Err(WRONG),
        length => {
            group.resize(5, 84);
            decoded.extend_from_slice(&group_value(&group).ok_or(WRONG)?[..length - 1]);
        }
    }
    Ok(decoded)
}

fn group_value(group: &[u8]) -> Option<[u8; 4]> {
    let value = group.iter().fold(0_u64, |value, digit| value * 85 + u64::from(*digit));
    u32::try_from(value).ok().map(u32::to_be_bytes)
}

/// How the rows of a stream were filtered before compression (7.4.4.4).
struct Predictor {
    /// 1 none, 2 TIFF, 10 to 15 PNG.
    kind: i64,
    /// Bytes of one row, without the tag byte of PNG.
    row: usize,
    /// Bytes of one pixel, at least 1.
    pixel: usize,
}

impl Predictor {
    fn from_parameters(parameters: &Dictionary) -> Result<Self, PdfError> {
        const WRONG: PdfError = PdfError::Filter {
            rule: "its predictor is none of ISO 32000-2, table 10",
        };
        // Wider rows than any image has; keeps the products below far from overflow.
        const WIDEST: i64 = 1 << 20;
        let number = |key: &str, default: i64| parameters.get(key).map_or(Some(default), |value| value.as_integer());
        let kind = number("Predictor", 1).ok_or(WRONG)?;
        let colors = number("Colors", 1)
            .filter(|colors| (1..=32).contains(colors))
            .ok_or(WRONG)?;
        let bits = number("BitsPerComponent", 8)
            .filter(|bits| [1, 2, 4, 8, 16].contains(bits))
            .ok_or(WRONG)?;
        let columns = number("Columns", 1)
            .filter(|columns| (1..=WIDEST).contains(columns))
            .ok_or(WRONG)?;
        if !matches!(kind, 1 | 2 | 10..=15) || (kind == 2 && bits != 8) {
            return Err(WRONG);
        }
        let row = (colors * bits * columns + 7) / 8;
        let pixel = (colors * bits + 7) / 8;
        Ok(Self {
            kind,
            row: row as usize,
            pixel: pixel as usize,
        })
    }

    fn undo(&self, data: Vec<u8>) -> Result<Vec<u8>, PdfError> {
        match self.kind {
            1 => Ok(data),
            2 => Ok(self.undo_tiff(data)),
            _ => self.undo_png(&data),
        }
    }

    fn undo_tiff(&self, mut data: Vec<u8>) -> Vec<u8> {
        for row in data.chunks_mut(self.row) {
            for index in self.pixel..row.len() {
                row[index] = row[index].wrapping_add(row[index - self.pixel]);
            }
        }
        data
    }

    /// Each row begins with the tag of its own PNG filter; the last row may be short.
    fn undo_png(&self, data: &[u8]) -> Result<Vec<u8>, PdfError> {
        let mut decoded: Vec<u8> = Vec::with_capacity(data.len());
        let mut above = vec![0; self.row];
        let mut current = Vec::with_capacity(self.row);
        for row in data.chunks(self.row + 1) {
            let Some((tag, row)) = row.split_first() else { continue };
            current.clear();
            for (index, byte) in row.iter().enumerate() {
                let left = index.checked_sub(self.pixel);
                let a = left.map_or(0, |left| current[left]);
                let b = above[index];
                let predicted = match tag {
                    0 => 0,
                    1 => a,
                    2 => b,
                    3 => ((u16::from(a) + u16::from(b)) / 2) as u8,
                    4 => paeth(a, b, left.map_or(0, |left| above[left])),
                    _ => {
                        return Err(PdfError::Filter {
                            rule: "a row has none of the five PNG filters",
                        });
                    }
                };
                current.push(byte.wrapping_add(predicted));
            }
            decoded.extend_from_slice(&current);
            above[..current.len()].copy_from_slice(&current);
        }
        Ok(decoded)
    }
}

fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let (left, above, corner) = (i16::from(a), i16::from(b), i16::from(c));
    let estimate = left + above - corner;
    let (to_left, to_above, to_corner) = (
        (estimate - left).abs(),
        (estimate - above).abs(),
        (estimate - corner).abs(),
    );
    if to_left <= to_above && to_left <= to_corner {
        a
    } else if to_above <= to_corner {
        b
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::pdf::object::Object;
    use proptest::prelude::*;

    fn step(filter: &str, parameters: Option<Dictionary>) -> Step {
        Step {
            filter: Name::from(filter),
            parameters,
        }
    }

    fn run(data: &[u8], step: Step) -> Result<Vec<u8>, PdfError> {
        decode(data, &[step], &Limits::UPLOAD, &Usage::default())
    }

    fn deflate(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    fn png(columns: i64) -> Option<Dictionary> {
        Some(
            Dictionary::new()
                .with("Predictor", Object::Integer(12))
                .with("Columns", Object::Integer(columns)),
        )
    }

    #[test]
    fn text_filters_are_decoded() {
        assert_eq!(run(b"48 65 6C6c 7>xx", step("ASCIIHexDecode", None)).unwrap(), b"Hellp");
        assert_eq!(
            run(b"87cURD]i,\"Ebo80~>", step("ASCII85Decode", None)).unwrap(),
            b"Hello World!"
        );
        assert_eq!(run(b"z!!~>", step("ASCII85Decode", None)).unwrap(), [0, 0, 0, 0, 0]);
        assert!(run(b"uuuuu~>", step("ASCII85Decode", None)).is_err());
        assert!(run(b"!~>", step("ASCII85Decode", None)).is_err());
    }

    #[test]
    fn data_behind_their_end_are_refused_where_all_of_them_count() {
        let run = |data: &[u8], filter| decode_whole(data, &[step(filter, None)], &Limits::UPLOAD, &Usage::default());
        let deflated = deflate(b"a");
        for (filter, data) in [
            ("ASCIIHexDecode", b"61>".as_slice()),
            ("ASCII85Decode", b"@/~>"),
            ("FlateDecode", &deflated),
        ] {
            assert_eq!(run(data, filter).unwrap(), b"a", "{filter}");
            assert_eq!(run(&[data, b"\r\n"].concat(), filter).unwrap(), b"a", "{filter}");
            assert!(run(&[data, b"\nn"].concat(), filter).is_err(), "{filter}");
        }
        assert_eq!(run(b"61", "ASCIIHexDecode").unwrap(), b"a", "no end of their own");
    }

    #[test]
    fn digits_have_no_white_space_between_them_that_ends_them_for_some_readers() {
        for odd in ["\x0c", "\0"] {
            for (filter, data) in [("ASCIIHexDecode", "61>"), ("ASCII85Decode", "@/~>")] {
                let begun = format!("{odd}{data}");
                assert!(run(begun.as_bytes(), step(filter, None)).is_err(), "{filter}: {odd:?}");
            }
        }
    }

    #[test]
    fn every_png_row_filter_is_undone() {
        let rows = deflate(&[0, 1, 2, 1, 1, 1, 2, 1, 1, 3, 1, 1, 4, 1, 1]);
        let decoded = run(&rows, step("FlateDecode", png(2))).unwrap();
        assert_eq!(decoded, [1, 2, 1, 2, 2, 3, 2, 3, 3, 4]);
        assert!(run(&deflate(&[5, 1, 2]), step("FlateDecode", png(2))).is_err());
    }

    #[test]
    fn an_image_filter_is_not_guessed() {
        assert!(matches!(
            run(b"", step("DCTDecode", None)),
            Err(PdfError::Filter { .. })
        ));
    }

    #[test]
    fn the_budgets_of_decoding_are_reached() {
        let data = deflate(&[0; 1000]);
        let unit = |limits: Limits, steps: &[Step]| match decode(&data, steps, &limits, &Usage::default()) {
            Err(PdfError::Limit(reached)) => reached.unit,
            other => panic!("{other:?}"),
        };
        let flate = || step("FlateDecode", None);
        let stream = Limits {
            decoded_stream_bytes: 999,
            ..Limits::UPLOAD
        };
        assert_eq!(unit(stream, &[flate()]), "decoded bytes in a stream");
        let total = Limits {
            decoded_total_bytes: 999,
            ..Limits::UPLOAD
        };
        assert_eq!(unit(total, &[flate()]), "decoded bytes in all streams");
        let filters = Limits {
            filters: 1,
            ..Limits::UPLOAD
        };
        assert_eq!(unit(filters, &[flate(), flate()]), "filters on a stream");
    }

    #[test]
    fn zeros_of_one_character_are_decoded_no_further_than_one_stream_or_all_may() {
        let data = deflate(&[b'z'; 100_000]);
        let steps = [step("FlateDecode", None), step("ASCII85Decode", None)];
        let decoded = |decoded_stream_bytes, decoded_total_bytes| {
            let limits = Limits {
                decoded_stream_bytes,
                decoded_total_bytes,
                ..Limits::UPLOAD
            };
            let usage = Usage::default();
            let result = decode(&data, &steps, &limits, &usage);
            let unit = result.map(|decoded| decoded.len()).map_err(|error| match error {
                PdfError::Limit(reached) => reached.unit,
                other => panic!("{other:?}"),
            });
            (unit, limits.decoded_total_bytes - usage.decoded_left(&limits))
        };
        let all = 500_000;
        assert_eq!(decoded(400_000, all), (Ok(400_000), all));
        let (of_one, counted) = decoded(100_000, u64::MAX);
        assert_eq!(of_one, Err("decoded bytes in a stream"));
        // What it was made of, that as far as it went, and what was gone through again.
        assert_eq!(counted, 100_000 + 100_004 + 100_000);
        let (of_all, _) = decoded(400_000, all - 1);
        assert_eq!(of_all, Err("decoded bytes in all streams"));
    }

    #[test]
    fn pixels_of_no_whole_bytes_count_as_those_that_they_reach_into() {
        // Three colours of four bits: twelve bits, in two bytes.
        let parameters = png(2).map(|parameters| {
            let with = parameters.with("Colors", Object::Integer(3));
            with.with("BitsPerComponent", Object::Integer(4))
        });
        let rows = deflate(&[1, 1, 2, 1]);
        assert_eq!(run(&rows, step("FlateDecode", parameters)).unwrap(), [1, 2, 2]);
    }

    #[test]
    fn what_is_wrong_at_its_end_counts_each_time_it_is_gone_through() {
        let limits = Limits {
            decoded_total_bytes: 3000,
            ..Limits::UPLOAD
        };
        let mut torn = deflate(&[0; 1000]);
        let last = torn.pop();
        torn.extend(last.map(|last| !last));
        let rows = deflate(&[[0; 1000].as_slice(), &[5, 5]].concat());
        let digits = [[b'6'; 1000].as_slice(), b"z"].concat();
        for (data, filter, parameters) in [
            (torn, "FlateDecode", None),
            (rows, "FlateDecode", png(99)),
            (digits, "ASCIIHexDecode", None),
        ] {
            let usage = Usage::default();
            let step = step(filter, parameters);
            let outcomes = [(); 4].map(|()| decode(&data, std::slice::from_ref(&step), &limits, &usage));
            assert!(matches!(outcomes[0], Err(PdfError::Filter { .. })), "{filter}");
            assert!(matches!(outcomes[3], Err(PdfError::Limit(_))), "{filter}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_data_are_survived(data in proptest::collection::vec(any::<u8>(), 0..200), kind in 0_i64..20, columns in -1_i64..9) {
            let parameters = Dictionary::new().with("Predictor", Object::Integer(kind)).with("Columns", Object::Integer(columns));
            let _ = run(&data, step("FlateDecode", None));
            let _ = run(&data, step("ASCII85Decode", None));
            let _ = run(&deflate(&data), step("FlateDecode", Some(parameters)));
        }
    }
}
