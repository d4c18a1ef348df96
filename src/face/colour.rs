//! The colour profile of a page: sRGB (IEC 61966-2-1) as a matrix profile of ICC.1:2001, in under half a kilobyte.

/// Red, green and blue of sRGB and the white of the connection space, adapted to D50 (ICC.1, annex E), in 1/65536.
const PRIMARIES: [(&[u8; 4], [i32; 3]); 4] = [
    (b"wtpt", [0xF6D6, 0x1_0000, 0xD32D]),
    (b"rXYZ", [0x6FA0, 0x38F5, 0x0390]),
    (b"gXYZ", [0x6297, 0xB787, 0x18DA]),
    (b"bXYZ", [0x249F, 0x0F84, 0xB6CF]),
];
/// Points of the tone curve: between them it is straight, and nowhere further than 0.2 % from the formula.
const CURVE_POINTS: u16 = 48;
/// Header of a profile (ICC.1, 6.1).
const HEADER: usize = 128;

/// The profile.
pub(super) fn srgb() -> Vec<u8> {
    let mut tags: Vec<([u8; 4], Vec<u8>)> = vec![(*b"desc", description("sRGB")), (*b"cprt", text("No copyright"))];
    tags.extend(PRIMARIES.map(|(tag, xyz)| {
        (
            *tag,
            [b"XYZ \0\0\0\0", xyz.map(i32::to_be_bytes).as_flattened()].concat(),
        )
    }));
    tags.push((*b"rTRC", curve()));
    let table = HEADER + 4 + 12 * (tags.len() + 2);
    let mut directory = Vec::new();
    let mut data = Vec::new();
    for (tag, bytes) in &tags {
        entry(&mut directory, *tag, table + data.len(), bytes.len());
        data.extend_from_slice(bytes);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let shared = curve().len();
    for tag in [*b"gTRC", *b"bTRC"] {
        entry(
            &mut directory,
            tag,
            table + data.len() - shared.next_multiple_of(4),
            shared,
        );
    }
    let mut profile = header(table + data.len());
    profile.extend(word(tags.len() + 2));
    profile.extend(directory);
    profile.extend(data);
    profile
}

fn header(size: usize) -> Vec<u8> {
    let mut header = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &word(size));
    put(8, &[2, 0x10, 0, 0]);
    put(12, b"mntrRGB XYZ ");
    put(24, &[7, 0xEA, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
    put(36, b"acsp");
    put(68, &[0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]);
    header
}

fn entry(directory: &mut Vec<u8>, tag: [u8; 4], offset: usize, length: usize) {
    directory.extend(tag);
    directory.extend(word(offset));
    directory.extend(word(length));
}

fn word(value: usize) -> [u8; 4] {
    #[expect(clippy::cast_possible_truncation, reason = "the profile has a few hundred bytes")]
    let word = value as u32;
    word.to_be_bytes()
}

fn text(words: &str) -> Vec<u8> {
    [b"text\0\0\0\0", words.as_bytes(), &[0]].concat()
}

/// `textDescriptionType` (ICC.1, 6.5.17): ASCII, then empty Unicode and Macintosh forms.
fn description(words: &str) -> Vec<u8> {
    let mut tag = [b"desc\0\0\0\0", &word(words.len() + 1)[..], words.as_bytes(), &[0]].concat();
    tag.resize(tag.len() + 4 + 4 + 2 + 1 + 67, 0);
    tag
}

fn curve() -> Vec<u8> {
    let mut tag = [b"curv\0\0\0\0", &word(CURVE_POINTS.into())[..]].concat();
    for point in 0..CURVE_POINTS {
        let encoded = f64::from(point) / f64::from(CURVE_POINTS - 1);
        let linear = if encoded <= 0.040_45 {
            encoded / 12.92
        } else {
            ((encoded + 0.055) / 1.055).powf(2.4)
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 65,535"
        )]
        tag.extend(((linear * 65_535.0).round() as u16).to_be_bytes());
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_small_and_its_tags_lie_inside_it() {
        let profile = srgb();
        assert!(profile.len() < 600, "{}", profile.len());
        let word = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(word(0), profile.len());
        for tag in 0..word(HEADER) {
            let at = HEADER + 4 + 12 * tag;
            assert!(word(at + 4) + word(at + 8) <= profile.len());
            assert_eq!(word(at + 4) % 4, 0);
        }
    }

    #[test]
    fn red_green_and_blue_add_up_to_white() {
        for axis in 0..3 {
            let sum: i32 = PRIMARIES[1..].iter().map(|(_, xyz)| xyz[axis]).sum();
            assert!((sum - PRIMARIES[0].1[axis]).abs() < 16, "axis {axis}");
        }
    }
}
