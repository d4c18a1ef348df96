//! Just enough of JPEG (ITU-T T.81) to embed a photo: its size and number of channels.

use super::FaceError;

/// Most bytes of a photo: a licence has at most 40 KiB.
const MAX_BYTES: usize = 24 * 1024;

/// What a PDF must say about a JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct JpegInfo {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) grey: bool,
}

/// Reads the frame header of a photo.
pub(super) fn info(jpeg: &[u8]) -> Result<JpegInfo, FaceError> {
    if jpeg.len() > MAX_BYTES {
        return Err(FaceError::PhotoUnusable("more than 24 KiB"));
    }
    frame(jpeg).ok_or(FaceError::PhotoUnusable("no frame header"))?
}

fn frame(jpeg: &[u8]) -> Option<Result<JpegInfo, FaceError>> {
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let (marker, after) = rest.split_first_chunk::<2>()?;
        let (length, _) = after.split_first_chunk::<2>()?;
        let segment = after.get(2..usize::from(u16::from_be_bytes(*length)))?;
        match marker {
            // SOF0 to SOF2: Huffman-coded baseline, extended or progressive (T.81, table B.1).
            [0xFF, 0xC0..=0xC2] => return Some(read_frame(segment)),
            [0xFF, 0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF] => {
                return Some(Err(FaceError::PhotoUnusable("lossless or arithmetic coding")));
            }
            [0xFF, 0xDA] => return None,
            [0xFF, _] => rest = after.get(usize::from(u16::from_be_bytes(*length))..)?,
            _ => return None,
        }
    }
}

fn read_frame(segment: &[u8]) -> Result<JpegInfo, FaceError> {
    let [precision, h0, h1, w0, w1, channels, ..] = *segment else {
        return Err(FaceError::PhotoUnusable("a frame header cut short"));
    };
    let (width, height) = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
    match (precision, channels) {
        _ if width == 0 || height == 0 => Err(FaceError::PhotoUnusable("no width or height")),
        (8, 1) => Ok(JpegInfo {
            width,
            height,
            grey: true,
        }),
        (8, 3) => Ok(JpegInfo {
            width,
            height,
            grey: false,
        }),
        (8, _) => Err(FaceError::PhotoUnusable("neither one nor three channels")),
        _ => Err(FaceError::PhotoUnusable("not 8 bits a channel")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn photo(marker: u8, channels: u8) -> Vec<u8> {
        let mut jpeg = vec![
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, marker, 0, 8, 8, 0, 200, 0, 150, channels,
        ];
        jpeg.extend([0xFF, 0xDA, 0, 2]);
        jpeg
    }

    #[test]
    fn the_frame_header_is_found_behind_other_segments() {
        assert_eq!(
            info(&photo(0xC0, 3)),
            Ok(JpegInfo {
                width: 150,
                height: 200,
                grey: false
            })
        );
        assert_eq!(
            info(&photo(0xC2, 1)),
            Ok(JpegInfo {
                width: 150,
                height: 200,
                grey: true
            })
        );
    }

    #[test]
    fn what_a_page_cannot_show_is_refused() {
        assert_eq!(
            info(&photo(0xC0, 4)),
            Err(FaceError::PhotoUnusable("neither one nor three channels"))
        );
        assert_eq!(
            info(&photo(0xC9, 3)),
            Err(FaceError::PhotoUnusable("lossless or arithmetic coding"))
        );
        assert_eq!(info(b"\x89PNG"), Err(FaceError::PhotoUnusable("no frame header")));
        assert_eq!(
            info(&[0xFF, 0xD8, 0xFF, 0xC0, 0, 3, 8]),
            Err(FaceError::PhotoUnusable("a frame header cut short"))
        );
        assert_eq!(
            info(&vec![0; MAX_BYTES + 1]),
            Err(FaceError::PhotoUnusable("more than 24 KiB"))
        );
    }
}
