//! The hunt for secrets can fail: every form is found where it was planted.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ttshop_testkit::LeakHunt;

const SECRET: &[u8] = b"cipher+/canary==0123\xff";

fn check(printed: &[u8], form: &str) {
    let mut hunt = LeakHunt::default();
    hunt.know("canary", SECRET);
    let haystack = [b"before ".as_slice(), printed, b" after"].concat();
    let leaks = hunt.search("log", &haystack);
    assert!(leaks.iter().any(|leak| leak.form == form), "{form} was not found: {leaks:?}");
    assert!(hunt.search("log", b"before nothing after").is_empty());
}

#[test]
fn a_planted_secret_is_found_in_every_form() {
    check(SECRET, "raw");
    check(hex::encode(SECRET).as_bytes(), "hex");
    check(hex::encode_upper(SECRET).as_bytes(), "upper-case hex");
    check(format!("{SECRET:?}").as_bytes(), "list of bytes");
    check(b"cipher%2B%2Fcanary%3D%3D0123%FF", "percent-encoded");
}

#[test]
fn base64_is_found_wherever_it_begins() {
    for before in ["", "a", "ab"] {
        for after in ["", "z", "yz"] {
            let text = [before.as_bytes(), SECRET, after.as_bytes()].concat();
            check(STANDARD.encode(&text).as_bytes(), "base64");
            check(URL_SAFE_NO_PAD.encode(&text).as_bytes(), "url-safe base64");
        }
    }
}
