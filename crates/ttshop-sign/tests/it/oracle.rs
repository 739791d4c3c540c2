//! The same signature by another way: one string, a map for the order, and HMAC spelled out over plain SHA-256.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

pub(crate) fn sign(secret: &str, path: &str, params: &[(String, String)], body: &[u8]) -> String {
    let sorted: BTreeMap<&[u8], &str> = params
        .iter()
        .filter(|(key, _)| key != "sign" && key != "access_token" && key != "x-tts-access-token")
        .map(|(key, value)| (key.as_bytes(), value.as_str()))
        .collect();
    let mut message = format!("{secret}{path}").into_bytes();
    for (key, value) in sorted {
        message = [&message, key, value.as_bytes()].concat();
    }
    message = [&message, body, secret.as_bytes()].concat();
    hmac(secret.as_bytes(), &message)
}

pub(crate) fn hmac(key: &[u8], message: &[u8]) -> String {
    let mut block = if key.len() > 64 { Sha256::digest(key).to_vec() } else { key.to_vec() };
    block.resize(64, 0);
    let padded = |pad: u8| block.iter().map(|byte| byte ^ pad).collect::<Vec<_>>();
    let inner = Sha256::digest([padded(0x36), message.to_vec()].concat());
    hex::encode(Sha256::digest([padded(0x5c), inner.to_vec()].concat()))
}
