//! libFuzzer on `scanner`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yinxin_fuzz::scanner(bytes));
