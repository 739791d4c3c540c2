//! The question and the answer of an explanation.

use std::fmt;

use ttshop_types::SecretText;

use super::attempt::Attempt;
use super::mistake::Mistake;
use crate::{Signature, is_multipart};

/// A request exactly as it was sent.
#[derive(Clone, Copy)]
pub struct SentRequest<'a> {
    /// The path of the request line, without host and query.
    pub path: &'a str,
    /// The query as sent, still percent-encoded, without the question mark.
    pub query: &'a str,
    /// The host it was sent to, if known.
    pub host: Option<&'a str>,
    /// The `content-type` header.
    pub content_type: Option<&'a str>,
    /// The `x-tts-access-token` header.
    pub access_token: Option<&'a str>,
    /// The bytes sent.
    pub body: &'a [u8],
    /// The signature to judge; `None` takes the query's own `sign`.
    pub sign: Option<&'a str>,
}

/// A request carries tokens and buyers' data: only the path is shown.
impl fmt::Debug for SentRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentRequest").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What was to be signed, what was received, and where they part.
#[derive(Clone)]
pub struct Explanation {
    /// The signed text, with the secret shown as `<app_secret>`.
    pub string_to_sign: String,
    /// The correct signature.
    pub expected: Signature,
    /// The signature that came with the request.
    pub received: Option<String>,
    /// The judgement.
    pub verdict: Verdict,
}

/// The judgement on one signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is right.
    Correct,
    /// There is none.
    Missing,
    /// It is wrong, and this mistake alone produces it.
    Mistaken(Mistake),
    /// It is wrong for a reason that none of the known mistakes explains: often another secret.
    Unexplained,
}

/// Explains the signature of `request` under `app_secret`.
pub fn explain(request: &SentRequest<'_>, app_secret: &SecretText) -> Explanation {
    let correct = Attempt::correct(request);
    let expected = correct.sign(app_secret);
    let received = request.sign.map(str::to_owned).or_else(|| correct.sign_param());
    let verdict = match &received {
        None => Verdict::Missing,
        Some(text) if text.is_empty() => Verdict::Missing,
        Some(text) if expected.matches(text.as_bytes()) => Verdict::Correct,
        Some(text) => find(request, app_secret, text).map_or(Verdict::Unexplained, Verdict::Mistaken),
    };
    let mut string_to_sign = correct.string_to_sign();
    if request.content_type.is_some_and(is_multipart) {
        string_to_sign.push_str(" (the multipart body is not signed)");
    }
    Explanation { string_to_sign, expected, received, verdict }
}

fn find(request: &SentRequest<'_>, app_secret: &SecretText, received: &str) -> Option<Mistake> {
    let attempts = super::mistake::attempts(request);
    attempts.into_iter().find(|(_, attempt)| attempt.yields(app_secret, received)).map(|(mistake, _)| mistake)
}

/// The string to sign holds the body, and the body may hold buyers' data: only the verdict is shown.
impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation").field("verdict", &self.verdict).finish_non_exhaustive()
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Correct => f.write_str("the signature is correct"),
            Self::Missing => f.write_str("there is no signature: add the query parameter `sign`"),
            Self::Mistaken(mistake) => mistake.fmt(f),
            Self::Unexplained => f.write_str(
                "no known mistake explains this signature: check that the secret belongs to this app key, and compare \
                 the string to sign with yours",
            ),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "string to sign: {}", self.string_to_sign)?;
        writeln!(f, "expected: {}", self.expected.as_str())?;
        writeln!(f, "received: {}", self.received.as_deref().unwrap_or("nothing"))?;
        write!(f, "verdict:  {}", self.verdict)
    }
}
