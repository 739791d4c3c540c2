//! Calls of any operation, made from the catalogue.

use reqwest::Method;
use serde_json::Value;
use ttshop_catalogue::{Cipher, Operation, UserType};
use ttshop_emulator::{SampleRequest, Switches, WorldSpec};

use crate::client::{Peer, Request, frozen};

const BOUNDARY: &str = "ttshop-boundary";
const FORM: &str = "multipart/form-data; boundary=ttshop-boundary";

/// A peer that may call as often as it likes, and is answered by contract: nothing that a sample names has to exist.
pub(crate) async fn peer() -> Peer {
    let switches = Switches { quota_per_second: 1_000_000, contract_only: true, ..Switches::default() };
    Peer::start(frozen().world(WorldSpec::two_shops()).switches(switches)).await
}

/// The sample as a call with the token and the cipher that the operation takes.
pub(crate) fn call(peer: &Peer, operation: &Operation, sample: &SampleRequest) -> Request {
    let connection = &peer.connection;
    let shop = &connection.shops[0];
    let method = Method::from_bytes(operation.method.as_str().as_bytes()).unwrap();
    let mut request = peer.request(method, &sample.path).with(&[("shop_cipher", "")]);
    request = match operation.takes {
        Cipher::Shop => request.with(&[("shop_cipher", &shop.cipher)]),
        Cipher::CategoryAsset => {
            let cipher = &connection.partners[0].category_assets[0].cipher;
            request.with(&[("category_asset_cipher", cipher)])
        }
        Cipher::None => request,
    };
    request.token = match operation.user_types.first() {
        Some(UserType::Creator) => connection.creators[0].access_token.clone(),
        Some(UserType::Partner) => connection.partners[0].access_token.clone(),
        Some(UserType::Seller) | None => shop.access_token.clone(),
    };
    for (name, value) in &sample.query {
        request = request.with(&[(name, value)]);
    }
    if operation.multipart.is_empty() {
        request.body = sample.body.as_ref().map(Value::to_string);
        return request;
    }
    request.form = Some(form(sample));
    request.content_type(Some(FORM))
}

fn form(sample: &SampleRequest) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, value) in &sample.texts {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        form.extend_from_slice(part.as_bytes());
    }
    for file in &sample.files {
        let (part, name) = (file.part, file.file_name);
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{name}\"\r\n\r\n"
        );
        form.extend_from_slice(&[head.as_bytes(), &file.bytes, b"\r\n"].concat());
    }
    form.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    form
}
