//! `ttshop sign`: the signature of a request, and why another one is wrong.

use clap::Args;
use serde::Serialize;
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_sign::{Explanation, RequestSigner, SentRequest, Verdict, explain, signed_body};
use ttshop_types::SecretText;
use url::Url;

use crate::failure::Failure;
use crate::input::{self, SecretSource};
use crate::output::{Output, Tone};

const EXAMPLES: &str = "\
Examples:
  export TTSHOP_APP_SECRET=...
  ttshop sign --url 'https://open-api.tiktokglobalshop.com/authorization/202309/shops?app_key=29a39d&timestamp=1623812664'
  ttshop sign --method POST --url 'https://host/order/202309/orders/search?app_key=K&timestamp=T' --body @body.json --signed-url
  ttshop sign --url 'https://host/path?app_key=K&timestamp=T&sign=abc...' --explain";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The method; it is not signed, but a GET with a body deserves a remark.
    #[arg(long, default_value = "GET")]
    method: String,
    /// The whole URL with its query, percent-encoded as it is sent.
    #[arg(long)]
    url: Url,
    /// The exact body: text, `@file`, or `@-` for standard input.
    #[arg(long)]
    body: Option<String>,
    /// The content type; a multipart body is not signed.
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    #[command(flatten)]
    secret: SecretSource,
    /// Set the parameter `timestamp` to now before signing.
    #[arg(long)]
    stamp: bool,
    /// Print the URL with its `sign`, instead of the signature alone.
    #[arg(long, conflicts_with = "explain")]
    signed_url: bool,
    /// Show the string to sign (the secret stays hidden) and judge the URL's own `sign`, or the one of `--sign`.
    #[arg(long)]
    explain: bool,
    /// The signature to judge.
    #[arg(long, value_name = "SIGNATURE", requires = "explain")]
    sign: Option<String>,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Signed<'a> {
    sign: &'a str,
    url: &'a str,
}

/// What `--explain --json` prints.
#[derive(Serialize)]
struct Explained<'a> {
    string_to_sign: &'a str,
    expected: &'a str,
    received: Option<&'a str>,
    correct: bool,
    verdict: String,
    mistake: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let secret = arguments.secret.require()?;
    let body = arguments.body.as_deref().map(input::body).transpose()?.unwrap_or_default();
    if arguments.method.eq_ignore_ascii_case("get") && !body.is_empty() {
        output.note("remark: a GET with a body is rare; what is signed here is exactly what you gave");
    }
    if arguments.explain {
        return explain_request(arguments, &body, &secret, output);
    }
    let url = if arguments.stamp { stamped(&arguments.url) } else { arguments.url.clone() };
    let sign = sign_url(&url, arguments.content_type.as_deref(), &body, &secret);
    let url = with_sign(&url, &sign);
    if output.wants_json() {
        return output.json(&Signed { sign: &sign, url: url.as_str() });
    }
    output.line(if arguments.signed_url { url.as_str() } else { &sign })
}

fn explain_request(
    arguments: &Arguments,
    body: &[u8],
    secret: &SecretText,
    output: Output,
) -> Result<(), Failure> {
    let sent = SentRequest {
        path: arguments.url.path(),
        query: arguments.url.query().unwrap_or_default(),
        host: arguments.url.host_str(),
        content_type: arguments.content_type.as_deref(),
        access_token: None,
        body,
        sign: arguments.sign.as_deref(),
    };
    let explanation = explain(&sent, secret);
    if output.wants_json() {
        output.json(&Explained::from(&explanation))?;
    } else {
        let tone = match explanation.verdict {
            Verdict::Correct => Tone::Good,
            Verdict::Missing => Tone::Plain,
            Verdict::Mistaken(_) | Verdict::Unexplained => Tone::Bad,
        };
        output.line(output.paint(&explanation, tone))?;
    }
    match explanation.verdict {
        Verdict::Correct | Verdict::Missing => Ok(()),
        Verdict::Mistaken(_) | Verdict::Unexplained => Err(Failure::new("the signature is wrong")),
    }
}

impl<'a> From<&'a Explanation> for Explained<'a> {
    fn from(explanation: &'a Explanation) -> Self {
        let mistake = match explanation.verdict {
            Verdict::Mistaken(mistake) => Some(format!("{mistake:?}")),
            Verdict::Correct | Verdict::Missing | Verdict::Unexplained => None,
        };
        Self {
            string_to_sign: &explanation.string_to_sign,
            expected: explanation.expected.as_str(),
            received: explanation.received.as_deref(),
            correct: explanation.verdict == Verdict::Correct,
            verdict: explanation.verdict.to_string(),
            mistake,
        }
    }
}

fn sign_url(url: &Url, content_type: Option<&str>, body: &[u8], secret: &SecretText) -> String {
    let decoded: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let mut params: Vec<_> = decoded.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let body = signed_body(content_type, body);
    RequestSigner::new(secret.clone()).sign(url.path(), &mut params, body).as_str().to_owned()
}

fn stamped(url: &Url) -> Url {
    let now = SystemClock::new().now().as_seconds().to_string();
    with_param(url, "timestamp", &now)
}

fn with_sign(url: &Url, sign: &str) -> Url {
    with_param(url, "sign", sign)
}

/// The URL with one parameter set; the others keep their values and their order.
fn with_param(url: &Url, key: &str, value: &str) -> Url {
    let kept: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| name != key).collect();
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(kept).append_pair(key, value);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://open-api.tiktokglobalshop.com/authorization/202309/shops?app_key=29a39d&timestamp=1623812664";
    /// Printed in the platform's own documentation for this request.
    const SIGN: &str = "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8";

    #[test]
    fn the_documented_request_gets_the_documented_signature() {
        let url = Url::parse(URL).unwrap();
        assert_eq!(sign_url(&url, None, b"", &"e59af819cc".into()), SIGN);
    }

    #[test]
    fn a_signed_url_verifies() {
        let url = with_sign(&Url::parse(&format!("{URL}&shop_cipher=a%2Bb%2F%3D")).unwrap(), "stale");
        let sign = sign_url(&url, None, b"", &"e59af819cc".into());
        let signed = with_sign(&url, &sign);
        assert_eq!(sign_url(&signed, None, b"", &"e59af819cc".into()), sign);
        assert_eq!(signed.query_pairs().filter(|(key, _)| key == "sign").count(), 1);
    }
}
