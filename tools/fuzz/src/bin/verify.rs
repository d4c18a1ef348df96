//! libFuzzer on `verify`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yinxin_fuzz::verify_trusting(bytes));
