#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    ttshop_libfuzzer::run("values", input);
});
