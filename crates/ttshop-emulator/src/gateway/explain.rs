//! What `x-emulator-explain` says.

use ttshop_sign::SentRequest;

use crate::gateway::Call;
use crate::world::Credentials;

/// How much of an explanation fits into a header.
const EXPLANATION_LENGTH_MAX: usize = 1_000;

/// Why a signature is wrong, on one line.
pub(crate) fn signature(call: &Call<'_>, credentials: &Credentials) -> String {
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
    format!("{}; string to sign: {}", explanation.verdict, explanation.string_to_sign)
}

/// The text as a header's value: printable ASCII, of bounded length.
pub(crate) fn header_text(explanation: &str) -> String {
    let escaped = explanation.chars().flat_map(|c| {
        let plain = c == ' ' || c.is_ascii_graphic();
        if plain { vec![c] } else { c.escape_unicode().collect() }
    });
    escaped.take(EXPLANATION_LENGTH_MAX).collect()
}
