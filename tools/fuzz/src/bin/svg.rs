//! libFuzzer on `svg_picture`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yinxin_fuzz::svg_picture(bytes));
