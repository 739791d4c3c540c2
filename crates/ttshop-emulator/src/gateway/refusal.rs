//! How the gateway says no: code, HTTP status and message of PLATFORM.md 3.8 and 4.2.
//!
//! Where no source shows the HTTP status of a code, it is 400: the gateway's statuses that were seen live for a bad request
//! are 400 and 401, and 401 is kept for what a new token or consent would cure.

use serde::Serialize;

use crate::gateway::explain::Explained;

/// A call that is not carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// None: the refusal comes from the edge, in plain text and without an envelope.
    pub(crate) code: Option<i64>,
    pub(crate) message: String,
    /// What `x-emulator-explain` says, if explanations are on.
    pub(crate) explanation: Option<Explained>,
    pub(crate) retry_after: Option<u32>,
}

pub(crate) const BAD_REQUEST: i64 = 36_009_004;

impl Refusal {
    pub(crate) fn new(status: u16, code: i64, message: impl Into<String>) -> Self {
        Self { status, code: Some(code), message: message.into(), explanation: None, retry_after: None }
    }

    /// The refusal of any code: the gateway's own with their HTTP status, all others as business errors.
    pub(crate) fn of_code(code: i64, message: impl Into<String>) -> Self {
        let status = match code {
            36_009_002 | 36_009_037 => 429,
            36_009_003 => 500,
            36_009_009 => 404,
            36_009_043 | 36_009_044 | 105_001 | 105_002 | 105_005 | 106_001 => 401,
            36_009_000..=36_009_999 | 101_000 | 105_004 | 106_013 => 400,
            _ => 200,
        };
        Self::new(status, code, message)
    }

    /// A business error inside an endpoint: HTTP 200 with a code (PLATFORM.md 3.8).
    pub(crate) fn business(code: i64, message: impl Into<String>) -> Self {
        Self::new(200, code, message)
    }

    #[must_use]
    pub(crate) fn explained(mut self, explanation: impl Into<Explained>) -> Self {
        self.explanation = Some(explanation.into());
        self
    }

    pub(crate) fn unknown_family() -> Self {
        let message = "404 page not found".into();
        Self { status: 404, code: None, message, explanation: None, retry_after: None }
    }

    pub(crate) fn path() -> Self {
        Self::new(404, 36_009_009, "Invalid path. The requested path does not match any endpoint.")
    }

    pub(crate) fn method() -> Self {
        Self::new(400, 36_009_010, "Invalid HTTP method. The method is not supported by this endpoint.")
    }

    pub(crate) fn version() -> Self {
        Self::new(400, 36_009_014, "Invalid API version. The version name is invalid or was retired.")
    }

    pub(crate) fn stray_version() -> Self {
        Self::new(
            400,
            BAD_REQUEST,
            "Invalid API version. The 'version' parameter is not used by this endpoint.",
        )
    }

    pub(crate) fn app_key() -> Self {
        Self::new(400, BAD_REQUEST, "Invalid 'app_key'. The 'app_key' is missing, disabled or unknown.")
    }

    pub(crate) fn address(caller: std::net::IpAddr) -> Self {
        let message =
            format!("Access denied. The IP address {caller} is not in the IP allow list of the app.");
        Self::new(400, 36_009_033, message)
    }

    pub(crate) fn timestamp(why: &str) -> Self {
        Self::new(400, BAD_REQUEST, format!("Invalid timestamp. {why}"))
    }

    pub(crate) fn sign_missing() -> Self {
        Self::new(400, BAD_REQUEST, "Invalid 'sign'. The 'sign' parameter is a required field.")
    }

    pub(crate) fn sign(status: u16) -> Self {
        Self::new(status, 106_001, "Invalid 'sign'. The signature does not match the request.")
    }

    pub(crate) fn token_header() -> Self {
        let message = "Invalid 'x-tts-access-token'. The access token header is missing or malformed.";
        Self::new(401, BAD_REQUEST, message)
    }

    pub(crate) fn token() -> Self {
        Self::new(401, 105_001, "The access token is invalid. It is unknown or was revoked.")
    }

    pub(crate) fn deauthorized() -> Self {
        Self::new(401, 105_001, "The access token is invalid. Your token has been deauthorized.")
    }

    pub(crate) fn token_expired() -> Self {
        Self::new(401, 105_002, "Expired credentials. The access token has expired, refresh it.")
    }

    pub(crate) fn user_type() -> Self {
        Self::new(400, 101_000, "Invalid token. The 'user_type' of the token does not fit this endpoint.")
    }

    pub(crate) fn scope() -> Self {
        Self::new(
            401,
            105_005,
            "Access denied. The app or the token lacks the access scope of this endpoint.",
        )
    }

    pub(crate) fn cipher_missing() -> Self {
        Self::new(400, 106_013, "The 'shop_cipher' is required for this request.")
    }

    pub(crate) fn unexpected(parameter: &str) -> Self {
        let message =
            format!("Unexpected identifier. The '{parameter}' parameter is not required for this request.");
        Self::new(400, BAD_REQUEST, message)
    }

    pub(crate) fn shop_id() -> Self {
        Self::new(
            400,
            BAD_REQUEST,
            "Invalid identifier. The 'shop_id' parameter is not used by this endpoint.",
        )
    }

    pub(crate) fn pairing() -> Self {
        Self::new(400, 101_000, "Invalid token. The token is not tied to the shop of this 'shop_cipher'.")
    }

    pub(crate) fn asset_pairing() -> Self {
        Self::new(
            400,
            101_000,
            "Invalid 'category_asset_cipher'. The token is not tied to this category asset.",
        )
    }

    pub(crate) fn shop_inactive() -> Self {
        Self::new(401, 36_009_043, "The shop is inactive.")
    }

    pub(crate) fn seller_inactive() -> Self {
        Self::new(401, 36_009_044, "The seller is inactive.")
    }

    pub(crate) fn throttled(retry_after: Option<u32>) -> Self {
        Self {
            retry_after,
            ..Self::new(429, 36_009_002, "Too many requests. Please slow down and try again.")
        }
    }

    pub(crate) fn sandbox_quota(retry_after: Option<u32>) -> Self {
        Self {
            retry_after,
            ..Self::new(429, 36_009_037, "The hourly request quota of the test shop is used up.")
        }
    }

    pub(crate) fn too_large() -> Self {
        Self::new(400, 36_009_021, "The uploaded content is too large.")
    }

    pub(crate) fn content_type() -> Self {
        let message = "Invalid 'content-type'. It must be 'application/json' or 'multipart/form-data'.";
        Self::new(400, 36_009_022, message)
    }

    pub(crate) fn multipart() -> Self {
        Self::new(400, 36_009_023, "Invalid 'content-type'. It must be 'multipart/form-data'.")
    }

    /// Parameter validation (PLATFORM.md 4.2: generic use of the code).
    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::new(400, BAD_REQUEST, message)
    }

    pub(crate) fn internal() -> Self {
        Self::new(500, 36_009_003, "Internal error. Please try again. If it persists, contact support.")
    }
}

/// Live messages end with a link (PLATFORM.md 4.1); clients must not match whole messages.
const MORE_DETAILS: &str = " For more details: https://m.tiktok.shop/s/emulated";

#[derive(Serialize)]
struct Envelope<'a> {
    code: i64,
    data: Option<()>,
    message: &'a str,
    request_id: &'a str,
}

impl Refusal {
    /// The body of the answer.
    pub(crate) fn write(&self, request_id: &str) -> Vec<u8> {
        let Some(code) = self.code else { return self.message.clone().into_bytes() };
        let message = format!("{}{MORE_DETAILS}", self.message);
        let envelope = Envelope { code, data: None, message: &message, request_id };
        serde_json::to_vec(&envelope).expect("an envelope of texts and numbers serialises")
    }
}

/// An answer with code 0. `data` is written straight into the envelope: pages of orders are long, and copying them would
/// cost as much as half of writing them.
#[derive(Debug)]
pub(crate) struct Success {
    /// The envelope up to the end of `data`.
    written: Vec<u8>,
}

impl Success {
    /// Writes `data`; `bytes` is about how long it gets.
    pub(crate) fn new(bytes: usize, data: &impl Serialize) -> Self {
        let mut written = Vec::with_capacity(bytes);
        written.extend_from_slice(b"{\"code\":0,\"data\":");
        serde_json::to_writer(&mut written, data).expect("our own values serialise, and memory takes them");
        Self { written }
    }

    /// The whole body.
    pub(crate) fn finish(mut self, request_id: &str) -> Vec<u8> {
        self.written.extend_from_slice(b",\"message\":\"Success\",\"request_id\":\"");
        self.written.extend_from_slice(request_id.as_bytes());
        self.written.extend_from_slice(b"\"}");
        self.written
    }
}
