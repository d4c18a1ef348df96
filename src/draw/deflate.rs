//! Compression (RFC 1950, RFC 1951): zlib streams, and streams whose first part is compressed once and used many times.
//!
//! What all documents of a template share is compressed at leisure as [`Shared`]; the rest of a stream is compressed
//! with that as its window and joined to it, checksums included.

use flate2::{Compress, Compression, FlushCompress};
use zopfli::{Format, Options};

/// Header of a zlib stream: deflate, 32 KiB window, default level (RFC 1950, 2.2).
const ZLIB_HEADER: [u8; 2] = [0x78, 0x9c];
/// Bytes that a match can reach back (RFC 1951, 2).
const WINDOW: usize = 32 * 1024;
/// A whole zlib stream. `level` is 0 to 9.
pub fn zlib(data: &[u8], level: u32) -> Vec<u8> {
    let mut out = ZLIB_HEADER.to_vec();
    deflate(&mut out, &[], data, level, FlushCompress::Finish);
    out.extend_from_slice(&Adler::of(data).value().to_be_bytes());
    out
}

/// A whole zlib stream that took a hundred times the work and is some six in a hundred shorter: for what is compressed
/// once and lies in many files.
pub fn smallest_zlib(data: &[u8]) -> Vec<u8> {
    smallest(Format::Zlib, data)
}

/// A gzip file (RFC 1952) of the same kind; the same data give the same bytes.
pub fn smallest_gzip(data: &[u8]) -> Vec<u8> {
    smallest(Format::Gzip, data)
}

fn smallest(format: Format, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // Neither reading from memory nor writing to it fails.
    let _ = zopfli::compress(Options::default(), format, data, &mut out);
    out
}

/// A part of zlib streams that many share, compressed once.
#[derive(Debug, Clone)]
pub struct Shared {
    raw: Vec<u8>,
    blocks: Vec<u8>,
    adler: Adler,
}

impl Shared {
    /// Compresses the part, as small as can be.
    pub fn new(raw: Vec<u8>) -> Self {
        let mut blocks = Vec::new();
        deflate(&mut blocks, &[], &raw, 9, FlushCompress::Sync);
        Self {
            adler: Adler::of(&raw),
            raw,
            blocks,
        }
    }

    /// The bytes before compression.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// A whole stream: a front, this part and a rest, the new ones compressed at a level from 1 to 9.
    pub fn join(&self, front: &[u8], rest: &[u8], level: u32) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.blocks.len() + front.len() + rest.len() + 128);
        out.extend_from_slice(&ZLIB_HEADER);
        if !front.is_empty() {
            deflate(&mut out, &[], front, level, FlushCompress::Sync);
        }
        out.extend_from_slice(&self.blocks);
        deflate(&mut out, &self.raw, rest, level, FlushCompress::Finish);
        let adler = Adler::of(front).then(self.adler).then(Adler::of(rest));
        out.extend_from_slice(&adler.value().to_be_bytes());
        out
    }
}

/// Appends raw deflate blocks; matches may reach back into the window.
fn deflate(out: &mut Vec<u8>, window: &[u8], data: &[u8], level: u32, flush: FlushCompress) {
    let mut compress = Compress::new(Compression::new(level), false);
    if !window.is_empty() {
        // A fresh raw stream takes any dictionary; without it the result is only longer.
        let _ = compress.set_dictionary(&window[window.len().saturating_sub(WINDOW)..]);
    }
    // An incompressible block grows by 5 bytes in 16 KiB; a flush adds at most 10.
    out.reserve(data.len() + data.len() / 1024 + 64);
    let mut done = 0;
    loop {
        let before = compress.total_in();
        let status = compress.compress_vec(&data[done..], out, flush);
        done += usize::try_from(compress.total_in() - before).unwrap_or(0);
        let room_left = out.len() < out.capacity();
        match status {
            Ok(flate2::Status::StreamEnd) => return,
            Ok(_) if done == data.len() && room_left && flush_is_open(flush) => return,
            Ok(_) => out.reserve(1024),
            // The only error is a call without room or input, which neither arm above leads to.
            Err(_) => return,
        }
    }
}

fn flush_is_open(flush: FlushCompress) -> bool {
    !matches!(flush, FlushCompress::Finish)
}

/// The checksum of zlib streams (RFC 1950, 8.2), joinable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adler {
    a: u32,
    b: u32,
    length: usize,
}

/// The largest prime below 2^16.
const ADLER_BASE: u32 = 65_521;
/// Bytes that can be summed before 32 bits overflow (RFC 1950, 9).
const ADLER_CHUNK: usize = 5552;

impl Adler {
    /// Of some bytes.
    pub fn of(data: &[u8]) -> Self {
        let (mut a, mut b) = (1_u32, 0_u32);
        for chunk in data.chunks(ADLER_CHUNK) {
            for &byte in chunk {
                a += u32::from(byte);
                b += a;
            }
            a %= ADLER_BASE;
            b %= ADLER_BASE;
        }
        Self {
            a,
            b,
            length: data.len(),
        }
    }

    /// Of these bytes followed by others.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let before = (self.a + ADLER_BASE - 1) % ADLER_BASE;
        #[expect(clippy::cast_possible_truncation, reason = "reduced below 2^16 first")]
        let length = (next.length % ADLER_BASE as usize) as u32;
        Self {
            a: (before + next.a) % ADLER_BASE,
            b: (self.b + next.b + length * before % ADLER_BASE) % ADLER_BASE,
            length: self.length + next.length,
        }
    }

    /// The number at the end of the stream.
    pub fn value(self) -> u32 {
        self.b << 16 | self.a
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn inflate(stream: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        flate2::read::ZlibDecoder::new(stream).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn a_zlib_stream_inflates_at_every_level() {
        let data: Vec<u8> = (0..50_000_u32).map(|i| ((i * i) >> 7) as u8).collect();
        for level in [0, 1, 6, 9] {
            assert_eq!(inflate(&zlib(&data, level)), data, "level {level}");
        }
        assert_eq!(inflate(&zlib(b"", 6)), b"");
        let smallest = smallest_zlib(&data[..5000]);
        assert_eq!(inflate(&smallest), &data[..5000]);
        assert!(smallest.len() < zlib(&data[..5000], 9).len());
    }

    #[test]
    fn new_parts_join_the_shared_one_and_use_it_as_window() {
        let raw: Vec<u8> = (0..3000_u32).map(|i| ((i * i) >> 5) as u8).collect();
        let shared = Shared::new(raw.clone());
        for (front, rest) in [(&b"front"[..], &raw[500..1500]), (b"", b""), (b"", b"new")] {
            let stream = shared.join(front, rest, 6);
            assert_eq!(inflate(&stream), [front, &raw, rest].concat());
            assert!(
                stream.len() < shared.blocks.len() + 90,
                "a repeated rest costs little: {}",
                stream.len()
            );
        }
        assert_eq!(inflate(&Shared::new(Vec::new()).join(b"", b"all", 6)), b"all");
    }

    #[test]
    fn joined_checksums_are_those_of_the_joined_bytes() {
        let data: Vec<u8> = (0..200_000_u32).map(|i| (i % 251) as u8 | 0x80).collect();
        for cut in [0, 1, 65_521, 131_042, data.len()] {
            assert_eq!(
                Adler::of(&data[..cut]).then(Adler::of(&data[cut..])),
                Adler::of(&data),
                "cut at {cut}"
            );
        }
    }
}
