//! Faults on request: what the platform does on a bad day.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::dice::Dice;

/// How many rules there may be at once.
pub(crate) const FAULT_RULES_MAX: usize = 100;

/// How long the message of a rule may be.
pub(crate) const FAULT_MESSAGE_BYTES_MAX: usize = 1_024;

/// The rules in force; the first one that applies wins.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
}

/// When something goes wrong, and what.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// The operation by its key, such as `order.search_orders`; none means every operation.
    #[serde(default)]
    pub operation: Option<String>,
    /// Only calls of this shop.
    #[serde(default)]
    pub shop_id: Option<String>,
    /// How many of a hundred calls; 100 by default.
    #[serde(default = "always")]
    pub percent: u8,
    /// How many calls more; none means until the rule is removed.
    #[serde(default)]
    pub times: Option<u32>,
    /// What happens.
    pub kind: FaultKind,
    /// For `code` and `partial`: the code; by default the first one that the operation is documented to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// For `slow_body`: milliseconds of the machine's time before each piece; 500 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_ms: Option<u64>,
    /// For `code` and `partial`: the message; by default what the catalogue says about the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A fault that strikes one call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Strike {
    pub(crate) kind: FaultKind,
    pub(crate) code: i64,
    pub(crate) message: String,
    pub(crate) pause: Duration,
}

/// The pause of a slow body.
const PAUSE_MS_DEFAULT: u64 = 500;
/// The longest pause of a slow body.
pub(crate) const PAUSE_MS_MAX: u64 = 60_000;

/// The code of a fault whose operation documents none: internal error.
const CODE_DEFAULT: i64 = 36_009_003;

/// What goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 429 with 36009002.
    Throttle,
    /// 500 with 36009003; nothing happened.
    InternalError,
    /// 500 with 36009003 although the call took effect.
    InternalErrorAfter,
    /// 502 from an edge, in HTML.
    HtmlBadGateway,
    /// 503 without an envelope: protection outside the caller's quota.
    Overload,
    /// No answer, and no effect.
    TimeoutBefore,
    /// No answer, although the call took effect.
    TimeoutAfter,
    /// The answer ends in the middle.
    TruncatedBody,
    /// The answer comes in ten pieces, with `pause_ms` before each.
    SlowBody,
    /// A documented error; nothing happened.
    Code,
    /// Success, but half of what the call names failed: `errors` tells which. For operations of the contract tier.
    Partial,
}

impl FaultKind {
    /// The call takes effect before it fails.
    pub(crate) fn takes_effect(self) -> bool {
        match self {
            Self::InternalErrorAfter
            | Self::TimeoutAfter
            | Self::TruncatedBody
            | Self::SlowBody
            | Self::Partial => true,
            Self::Code
            | Self::Throttle
            | Self::InternalError
            | Self::HtmlBadGateway
            | Self::Overload
            | Self::TimeoutBefore => false,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::InternalError => "internal_error",
            Self::InternalErrorAfter => "internal_error_after",
            Self::HtmlBadGateway => "html_bad_gateway",
            Self::Overload => "overload",
            Self::TimeoutBefore => "timeout_before",
            Self::TimeoutAfter => "timeout_after",
            Self::TruncatedBody => "truncated_body",
            Self::SlowBody => "slow_body",
            Self::Code => "code",
            Self::Partial => "partial",
        }
    }
}

fn always() -> u8 {
    100
}

impl Faults {
    pub(crate) fn rules(&self) -> &[FaultRule] {
        &self.rules
    }

    /// Replaces all rules; those beyond the bound are the caller's mistake.
    pub(crate) fn replace(&mut self, rules: Vec<FaultRule>) {
        self.rules = rules;
    }

    /// One rule more, before the others; beyond the bound the last one makes room.
    pub(crate) fn add(&mut self, rule: FaultRule) {
        self.rules.insert(0, rule);
        self.rules.truncate(FAULT_RULES_MAX);
    }

    /// Takes one rule out.
    pub(crate) fn remove(&mut self, rule: &FaultRule) {
        if let Some(place) = self.rules.iter().position(|known| known == rule) {
            self.rules.remove(place);
        }
    }

    /// What goes wrong with this call, if anything.
    pub(crate) fn strike(
        &mut self,
        operation: &str,
        shop_id: Option<&str>,
        dice: &mut Dice,
    ) -> Option<Strike> {
        let rule = self.rules.iter_mut().find(|rule| {
            rule.times != Some(0)
                && rule.operation.as_deref().is_none_or(|wanted| wanted == operation)
                && rule.shop_id.as_deref().is_none_or(|wanted| Some(wanted) == shop_id)
        })?;
        if !dice.percent_of(rule.percent) {
            return None;
        }
        rule.times = rule.times.map(|left| left - 1);
        Some(rule.strike(operation))
    }
}

impl FaultRule {
    fn strike(&self, operation: &str) -> Strike {
        let documented = || ttshop_catalogue::by_key(operation)?.error_codes.first().copied();
        let code = self.code.or_else(documented).unwrap_or(CODE_DEFAULT);
        let meaning = || ttshop_catalogue::error_code(code).map_or("Request failed.", |known| known.meaning);
        let message = self.message.clone().unwrap_or_else(|| meaning().into());
        let pause = Duration::from_millis(self.pause_ms.unwrap_or(PAUSE_MS_DEFAULT));
        Strike { kind: self.kind, code, message, pause }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    #[test]
    fn a_rule_strikes_as_often_as_it_says() {
        let rule = FaultRule {
            operation: Some("order.search_orders".into()),
            shop_id: None,
            percent: 100,
            times: Some(2),
            kind: FaultKind::Throttle,
            code: None,
            pause_ms: None,
            message: None,
        };
        let (mut faults, mut dice) = (Faults::default(), Dice::new(1, Stream::Chaos));
        faults.replace(vec![rule]);
        assert_eq!(faults.strike("seller.get_active_shops", None, &mut dice), None);
        let struck =
            (0..5).filter(|_| faults.strike("order.search_orders", None, &mut dice).is_some()).count();
        assert_eq!(struck, 2);
    }
}
