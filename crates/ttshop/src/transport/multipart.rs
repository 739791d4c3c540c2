//! Uploads: `multipart/form-data`, written here so that every transport carries plain bytes.

use bytes::{BufMut as _, Bytes, BytesMut};

use ttshop_api::{Part, PartContent};

/// The body of `parts`, and its content type. The boundary must not occur in the parts: take random letters.
pub(crate) fn encode_multipart(parts: &[Part], boundary: &str) -> (Bytes, String) {
    let mut body = BytesMut::new();
    for part in parts {
        let name = quoted(part.name);
        body.put(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"").as_bytes());
        match &part.content {
            PartContent::Text(text) => {
                body.put(&b"\r\n\r\n"[..]);
                body.put(text.as_bytes());
            }
            PartContent::File(file) => {
                let (file_name, content_type) = (quoted(&file.file_name), quoted(&file.content_type));
                let head = format!("; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n\r\n");
                body.put(head.as_bytes());
                body.put(&file.bytes[..]);
            }
        }
        body.put(&b"\r\n"[..]);
    }
    body.put(format!("--{boundary}--\r\n").as_bytes());
    (body.freeze(), format!("multipart/form-data; boundary={boundary}"))
}

/// Escapes what would end the quotation or the header, as browsers do.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
