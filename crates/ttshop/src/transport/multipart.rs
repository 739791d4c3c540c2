//! Uploads: `multipart/form-data`, written here so that every transport carries plain bytes.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::request::Part;

/// The body of `parts`, and its content type. The boundary must not occur in the parts: take random letters.
pub(crate) fn encode_multipart(parts: &[Part], boundary: &str) -> (Bytes, String) {
    let mut body = BytesMut::new();
    for part in parts {
        body.put(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&part.name))
                .as_bytes(),
        );
        if let Some(file_name) = &part.file_name {
            body.put(format!("; filename=\"{}\"", quoted(file_name)).as_bytes());
        }
        body.put(&b"\r\n"[..]);
        if let Some(content_type) = &part.content_type {
            body.put(format!("Content-Type: {}\r\n", quoted(content_type)).as_bytes());
        }
        body.put(&b"\r\n"[..]);
        body.put(&part.data[..]);
        body.put(&b"\r\n"[..]);
    }
    body.put(format!("--{boundary}--\r\n").as_bytes());
    (body.freeze(), format!("multipart/form-data; boundary={boundary}"))
}

/// Escapes what would end the quotation or the header, as browsers do.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
