//! One kept connection that sends prepared bytes.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_emulator::Connection;
use ttshop_sign::RequestSigner;

/// Larger than any answer that is measured.
const BUFFER_BYTES: usize = 4 << 20;

pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: vec![0; BUFFER_BYTES] }
    }

    /// Sends a request and reads the whole answer, which must be a success.
    pub(crate) async fn call(&mut self, request: &[u8]) -> &[u8] {
        self.stream.write_all(request).await.unwrap();
        let mut read = 0;
        let end = loop {
            let more = self.stream.read(&mut self.buffer[read..]).await.unwrap();
            assert!(more > 0, "the server hung up");
            read += more;
            if let Some(end) = head_of_whole(&self.buffer[..read]) {
                break end;
            }
        };
        let answer = &self.buffer[..read];
        let head = String::from_utf8_lossy(&answer[..read.min(2_000)]);
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{head}");
        &self.buffer[end..read]
    }
}

/// Where the body of a whole answer begins.
pub(crate) fn head_of_whole(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).ok()?.to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
    match length {
        Some(length) => (bytes.len() >= end + length.parse::<usize>().ok()?).then_some(end),
        None => bytes.ends_with(b"0\r\n\r\n").then_some(end),
    }
}

/// A signed call of the first shop, as bytes.
pub(crate) fn signed(
    connection: &Connection,
    method: &str,
    path: &str,
    params: &[(&str, &str)],
    body: &str,
) -> Vec<u8> {
    let timestamp = SystemClock::new().now().as_seconds().to_string();
    let shop = &connection.shops[0];
    let mut params = params.to_vec();
    params.extend([
        ("app_key", &*connection.app_key),
        ("shop_cipher", &*shop.cipher),
        ("timestamp", &*timestamp),
    ]);
    let signer = RequestSigner::new(connection.app_secret.as_str().into());
    let sign = signer.sign(path, &mut params, (!body.is_empty()).then_some(body.as_bytes()));
    params.push(("sign", &sign));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    let token = shop.access_token.as_deref().unwrap();
    format!(
        "{method} {path}?{query} HTTP/1.1\r\nhost: emulator\r\nx-tts-access-token: {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
