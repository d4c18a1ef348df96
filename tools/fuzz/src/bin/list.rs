//! libFuzzer on `list`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yinxin_fuzz::list(bytes));
