//! Pictures on a paper: PNG files (ISO/IEC 15948) in red, green and blue, whose compressed rows stand in a PDF as they
//! are (ISO 32000-1, 7.4.4.4, predictors of PNG).
//!
//! They are read as strictly as what strangers send, since what a paper holds is signed: no more dots than are allowed,
//! rows to the last byte and none beyond. Colour profiles and other remarks in a file are passed over.

use flate2::{Decompress, FlushDecompress, Status};

/// Most dots of a picture: those of an A3 page at 120 to the inch are 2.8 million.
pub const MAX_IMAGE_DOTS: u64 = 3 << 20;
/// First bytes of a PNG file.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Eight bits a channel, three channels, deflate, adaptive filters, not interlaced (ISO/IEC 15948, 11.2.2).
const KIND: [u8; 5] = [8, 2, 0, 0, 0];
/// Channels of a dot, a byte each.
const CHANNELS: u64 = 3;
/// The last type of filter of a row (ISO/IEC 15948, 9.2).
const LAST_FILTER: u8 = 4;
/// How much of the rows is unpacked at once, in bytes.
const PIECE: usize = 64 << 10;

/// A picture that a paper can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Rows with a byte for the filter of each before it, as a zlib stream.
    pub(super) rows: Vec<u8>,
}

/// Why a picture cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// It is no PNG file, or something stands behind its end.
    #[error("the picture is no PNG file to its end")]
    Form,
    /// It is not in three channels of 8 bits.
    #[error("the picture is not in red, green and blue of 8 bits each, row by row")]
    Kind,
    /// It is too large, or has no dots.
    #[error("the picture has {width} by {height} dots, where it may have {MAX_IMAGE_DOTS}")]
    Size {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// Its rows are not as many and as long as it says.
    #[error("the rows of the picture cannot be unpacked to its last dot")]
    Rows,
}

impl Image {
    /// Reads a PNG file.
    ///
    /// # Errors
    /// Where it is none that a paper can show.
    pub fn of_png(png: &[u8]) -> Result<Self, ImageError> {
        let mut rest = png.strip_prefix(SIGNATURE).ok_or(ImageError::Form)?;
        let (kind, header) = chunk(&mut rest)?;
        let [w0, w1, w2, w3, h0, h1, h2, h3, of_kind @ ..] = header else {
            return Err(ImageError::Form);
        };
        if kind != b"IHDR" {
            return Err(ImageError::Form);
        }
        if *of_kind != KIND {
            return Err(ImageError::Kind);
        }
        let [width, height] = [[*w0, *w1, *w2, *w3], [*h0, *h1, *h2, *h3]].map(u32::from_be_bytes);
        let dots = u64::from(width) * u64::from(height);
        if dots == 0 || dots > MAX_IMAGE_DOTS {
            return Err(ImageError::Size { width, height });
        }
        let mut rows = Vec::new();
        loop {
            match chunk(&mut rest)? {
                (b"IDAT", data) => rows.extend_from_slice(data),
                (b"IEND", _) if rest.is_empty() => break,
                (b"IEND", _) => return Err(ImageError::Form),
                _ => {}
            }
        }
        let image = Self { width, height, rows };
        image.is_whole().then_some(image).ok_or(ImageError::Rows)
    }

    /// How many bytes it takes in a file.
    pub fn size_bytes(&self) -> usize {
        self.rows.len()
    }

    /// Whether the rows unpack to as many bytes as they must, each row with a filter that there is, and nothing
    /// follows.
    fn is_whole(&self) -> bool {
        let row = 1 + u64::from(self.width) * CHANNELS;
        let whole = row * u64::from(self.height);
        let (mut unpack, mut piece) = (Decompress::new(true), vec![0; PIECE]);
        loop {
            let (before_in, before_out) = (unpack.total_in(), unpack.total_out());
            let Some(input) = usize::try_from(before_in).ok().and_then(|at| self.rows.get(at..)) else {
                return false;
            };
            let Ok(status) = unpack.decompress(input, &mut piece, FlushDecompress::None) else {
                return false;
            };
            let (read, done) = (unpack.total_in(), unpack.total_out());
            let mut filters =
                (before_out.next_multiple_of(row)..done).step_by(usize::try_from(row).unwrap_or(usize::MAX));
            let is_known = |at: u64| {
                let filter = usize::try_from(at - before_out).ok().and_then(|at| piece.get(at));
                filter.is_some_and(|filter| *filter <= LAST_FILTER)
            };
            if done > whole || !filters.all(is_known) {
                return false;
            }
            match status {
                Status::StreamEnd => return done == whole && read == self.rows.len() as u64,
                Status::Ok | Status::BufError if (read, done) == (before_in, before_out) => return false,
                Status::Ok | Status::BufError => {}
            }
        }
    }
}

/// The next chunk: its type and its data. Its checksum is passed over: rows have one of their own.
fn chunk<'p>(rest: &mut &'p [u8]) -> Result<(&'p [u8; 4], &'p [u8]), ImageError> {
    let taken = (|| {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let (_, after) = after.split_first_chunk::<4>()?;
        Some((kind, data, after))
    })();
    let (kind, data, after) = taken.ok_or(ImageError::Form)?;
    *rest = after;
    Ok((kind, data))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::draw::deflate::zlib;

    /// A PNG file of this header and these rows.
    pub(in crate::face::paper) fn png(width: u32, height: u32, kind: [u8; 5], rows: &[u8]) -> Vec<u8> {
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &kind].concat();
        let packed = zlib(rows, 6);
        let (first, second) = packed.split_at(packed.len() / 2);
        let parts: [(&[u8; 4], &[u8]); 5] = [
            (b"IHDR", &header),
            (b"tEXt", b"Comment\0none"),
            (b"IDAT", first),
            (b"IDAT", second),
            (b"IEND", b""),
        ];
        let mut file = SIGNATURE.to_vec();
        for (kind, data) in parts {
            let mut sum = flate2::Crc::new();
            sum.update(kind);
            sum.update(data);
            let length = u32::try_from(data.len()).unwrap().to_be_bytes();
            file.extend([&length[..], kind, data, &sum.sum().to_be_bytes()].concat());
        }
        file
    }

    /// Rows of grey without filters.
    pub(in crate::face::paper) fn rows(width: usize, height: usize) -> Vec<u8> {
        [&[0][..], &vec![0x80; width * 3]].concat().repeat(height)
    }

    #[test]
    fn the_rows_of_all_parts_are_taken_as_they_are() {
        let image = Image::of_png(&png(200, 300, KIND, &rows(200, 300))).unwrap();
        assert_eq!((image.width, image.height), (200, 300));
        assert_eq!(image.rows, zlib(&rows(200, 300), 6));
    }

    #[test]
    fn what_a_paper_cannot_show_is_refused() {
        let good = png(20, 30, KIND, &rows(20, 30));
        let cut = &good[..good.len() - 1];
        for broken in [b"".as_slice(), b"%PDF-1.7", cut, &[good.as_slice(), b"\0"].concat()] {
            assert_eq!(Image::of_png(broken), Err(ImageError::Form));
        }
        for kind in [[16, 2, 0, 0, 0], [8, 6, 0, 0, 0], [8, 3, 0, 0, 0], [8, 2, 0, 0, 1]] {
            assert_eq!(Image::of_png(&png(20, 30, kind, &rows(20, 30))), Err(ImageError::Kind));
        }
        for (width, height) in [(0, 30), (20, 0), (2048, 2048), (u32::MAX, u32::MAX)] {
            let file = png(width, height, KIND, b"");
            assert_eq!(Image::of_png(&file), Err(ImageError::Size { width, height }));
        }
    }

    #[test]
    fn rows_that_are_too_few_too_many_or_of_no_filter_are_refused() {
        let mut filtered = rows(20, 30);
        filtered[61 * 7] = 5;
        for rows in [rows(20, 29), rows(20, 31), rows(21, 30), filtered, Vec::new()] {
            assert_eq!(Image::of_png(&png(20, 30, KIND, &rows)), Err(ImageError::Rows));
        }
        let bomb = png(20, 30, KIND, &vec![0; 64 << 20]);
        assert_eq!(Image::of_png(&bomb), Err(ImageError::Rows));
    }
}
