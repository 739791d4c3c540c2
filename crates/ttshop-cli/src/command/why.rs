//! `ttshop why`: what an error code means, who must act, and how.

use clap::Args;
use serde::Serialize;
use ttshop::{Actor, Explanation, Retryable};
use ttshop_catalogue::{OPERATIONS, error_code};

use crate::failure::Failure;
use crate::output::{Output, Tone};

/// How many operations that document the code are named in text; JSON names all.
const OPERATIONS_SHOWN_MAX: usize = 6;

const EXAMPLES: &str = "\
Examples:
  ttshop why 105002
  ttshop why 36009004 'Invalid sign'
  ttshop why 21023012 --json";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The `code` of the answer.
    code: i64,
    /// The `message` of the answer: some codes mean several things.
    message: Option<String>,
}

/// The way out.
#[derive(Serialize)]
struct Remedy {
    /// Who must act.
    who: &'static str,
    /// What to do.
    #[serde(rename = "remedy")]
    what: &'static str,
    /// Whether the same call may succeed later without anyone's help.
    #[serde(rename = "retry")]
    may_retry: bool,
    /// The same in words.
    #[serde(skip)]
    retry: &'static str,
}

impl Remedy {
    fn of(code: i64, message: Option<&str>) -> Self {
        let explanation = Explanation::of(code, message.unwrap_or_default());
        let advice = explanation.advice;
        let who = match advice.actor {
            Actor::Time => "nobody, it passes",
            Actor::Developer => "the developer of the caller",
            Actor::Operator => "the operator of the app",
            Actor::Seller => "the seller",
            Actor::Platform => "the platform's support, if it lasts",
        };
        let retry = match explanation.retryable {
            Retryable::Soon => "yes, after a short wait",
            Retryable::Later => "later: in hours, or when the platform is done",
            Retryable::AfterCure => "once the cause is cured",
            Retryable::Never => "no, it would fail again",
        };
        let may_retry = matches!(explanation.retryable, Retryable::Soon | Retryable::Later);
        Self { who, what: advice.remedy, may_retry, retry }
    }
}

/// What is known about a code.
#[derive(Serialize)]
struct Answer {
    code: i64,
    meaning: &'static str,
    families: &'static [&'static str],
    cases: Vec<&'static str>,
    #[serde(flatten)]
    remedy: Remedy,
    operations: Vec<&'static str>,
}

pub(crate) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let code = arguments.code;
    let Some(known) = error_code(code) else {
        return Err(Failure::new(format!("the code {code} is not in the catalogue"))
            .remedy("keep the request_id of the answer and ask the platform's support"));
    };
    let mut operations: Vec<_> = OPERATIONS
        .iter()
        .filter(|operation| operation.error_codes.contains(&code))
        .map(|operation| operation.key)
        .collect();
    operations.dedup();
    let answer = Answer {
        code,
        meaning: known.meaning,
        families: known.families,
        cases: cases_that_fit(known.cases, arguments.message.as_deref()),
        remedy: Remedy::of(code, arguments.message.as_deref()),
        operations,
    };
    if output.wants_json() {
        return output.json(&answer);
    }
    output.line(as_text(&answer, output))
}

/// Words that every other message holds.
const EMPTY_WORDS: [&str; 8] = ["", "invalid", "is", "the", "a", "error", "missing", "header"];

/// The cases that share a word with the message; all of them where none does.
fn cases_that_fit(cases: &[&'static str], message: Option<&str>) -> Vec<&'static str> {
    let message = message.unwrap_or_default().to_lowercase();
    let is_word = |word: &&str| !EMPTY_WORDS.contains(word);
    let words: Vec<_> = message.split(|c: char| !c.is_alphanumeric() && c != '_').filter(is_word).collect();
    let shared = |case: &&&str| case.split([' ', ',']).filter(|word| words.contains(word)).count();
    let best = cases.iter().map(|case| shared(&case)).max().unwrap_or(0);
    cases.iter().filter(|case| shared(case) == best).copied().collect()
}

fn as_text(answer: &Answer, output: Output) -> String {
    let title = output.paint(answer.code, Tone::Title);
    let mut lines = vec![format!("{title}  {}", answer.meaning)];
    lines.extend(answer.cases.iter().map(|case| format!("  perhaps: {case}")));
    lines.push(format!("who acts: {}", answer.remedy.who));
    lines.push(format!("remedy:   {}", answer.remedy.what));
    lines.push(format!("retry:    {}", answer.remedy.retry));
    lines.push(format!("answered by: {}", answer.families.join(", ")));
    if !answer.operations.is_empty() {
        let hidden = answer.operations.len().saturating_sub(OPERATIONS_SHOWN_MAX);
        let shown =
            answer.operations.iter().take(OPERATIONS_SHOWN_MAX).copied().collect::<Vec<_>>().join(", ");
        let more = if hidden > 0 { format!(" and {hidden} more") } else { String::new() };
        lines.push(format!("documented for: {shown}{more}"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_picks_the_case() {
        let cases = &["sign missing", "timestamp over 5 minutes old", "shop_cipher unexpected"];
        assert_eq!(cases_that_fit(cases, Some("Invalid timestamp")), ["timestamp over 5 minutes old"]);
        assert_eq!(cases_that_fit(cases, Some("Invalid sign")), ["sign missing"]);
        assert_eq!(cases_that_fit(cases, Some("no idea")).len(), 3);
        assert_eq!(cases_that_fit(cases, None).len(), 3);
    }

    #[test]
    fn an_expired_token_is_worth_another_try_and_a_wrong_sign_is_not() {
        assert!(Remedy::of(105_002, None).may_retry);
        assert!(!Remedy::of(106_001, None).may_retry);
        assert!(Remedy::of(36_009_004, Some("Invalid timestamp")).what.contains("clock"));
    }
}
