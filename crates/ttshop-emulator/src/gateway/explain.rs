//! What `x-emulator-explain` says.

use ttshop_sign::SentRequest;

use crate::gateway::Call;
use crate::world::Credentials;

/// Why a call is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Explained {
    /// Holds nothing that the caller sent.
    pub(crate) verdict: String,
    /// For the caller alone.
    pub(crate) detail: Option<String>,
}

impl<T: Into<String>> From<T> for Explained {
    fn from(verdict: T) -> Self {
        Self { verdict: verdict.into(), detail: None }
    }
}

/// How much of an explanation fits into a header.
const EXPLANATION_LENGTH_MAX: usize = 1_000;

/// Why a signature is wrong, and what should have been signed.
pub(crate) fn signature(call: &Call<'_>, credentials: &Credentials) -> Explained {
    let request = SentRequest {
        path: call.path,
        query: call.raw_query,
        host: call.header("host"),
        content_type: call.content_type(),
        access_token: call.header("x-tts-access-token"),
        body: call.bytes(),
        sign: call.param("sign"),
    };
    let explanation = ttshop_sign::explain(&request, &credentials.app_secret);
    Explained {
        verdict: explanation.verdict.to_string(),
        detail: Some(format!("string to sign: {}", explanation.string_to_sign)),
    }
}

/// The text as a header's value: printable ASCII, of bounded length.
pub(crate) fn header_text(explained: &Explained) -> String {
    let detail = explained.detail.as_deref().map(|detail| format!("; {detail}")).unwrap_or_default();
    let text = explained.verdict.clone() + &detail;
    let escaped = text.chars().flat_map(|c| {
        let plain = c == ' ' || c.is_ascii_graphic();
        if plain { vec![c] } else { c.escape_unicode().collect() }
    });
    escaped.take(EXPLANATION_LENGTH_MAX).collect()
}
