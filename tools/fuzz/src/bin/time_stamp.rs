//! libFuzzer on `time_stamp`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| yinxin_fuzz::time_stamp(bytes));
