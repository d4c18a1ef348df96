//! libFuzzer on `seal`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yinxin_fuzz::seal(bytes));
