//! What goes wrong on request.

use serde::Deserialize;
use serde_json::json;

use crate::contract::Partial;
use crate::control::reply::ok;
use crate::control::{ControlError, ControlRequest, Reply};
use crate::faults::{FAULT_MESSAGE_BYTES_MAX, FAULT_RULES_MAX, FaultKind, FaultRule, PAUSE_MS_MAX};
use crate::platform::Platform;
use crate::tier::{Tier, tier};

/// `GET faults`
pub(super) fn get_faults(platform: &Platform) -> Result<Reply, ControlError> {
    ok(&json!({ "rules": platform.world().faults.rules() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultRules {
    rules: Vec<FaultRule>,
}

/// `PUT faults`: replaces all rules.
pub(super) fn put_faults(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let FaultRules { rules } = request.json()?;
    if rules.len() > FAULT_RULES_MAX || rules.iter().any(|rule| rule.percent > 100) {
        let text = format!("at most {FAULT_RULES_MAX} rules, each of at most 100 percent");
        return Err(ControlError::Invalid(text));
    }
    let mut world = platform.world();
    rules.iter().try_for_each(|rule| possible(rule, world.switches.contract_only))?;
    world.faults.replace(rules);
    drop(world);
    get_faults(platform)
}

/// A rule names an operation and a code that exist, and asks for item failures only where the answer can tell of them.
pub(crate) fn possible(rule: &FaultRule, contract_only: bool) -> Result<(), ControlError> {
    let operations = || {
        let all = ttshop_catalogue::OPERATIONS.iter().copied();
        all.filter(|operation| rule.operation.as_deref().is_none_or(|key| key == operation.key))
    };
    if let (Some(key), None) = (&rule.operation, operations().next()) {
        return Err(ControlError::Invalid(format!("no operation is called `{key}`")));
    }
    let documented = |code| {
        ttshop_catalogue::error_code(code).is_some()
            || operations().any(|operation| operation.error_codes.contains(&code))
    };
    if let Some(code) = rule.code.filter(|code| !documented(*code)) {
        return Err(ControlError::Invalid(format!("no source documents the code {code}")));
    }
    if rule.message.as_deref().is_some_and(|message| message.len() > FAULT_MESSAGE_BYTES_MAX) {
        return Err(ControlError::Invalid(format!("a message has at most {FAULT_MESSAGE_BYTES_MAX} bytes")));
    }
    if rule.pause_ms.is_some_and(|pause| pause > PAUSE_MS_MAX) {
        return Err(ControlError::Invalid(format!("`pause_ms` is at most {PAUSE_MS_MAX}")));
    }
    let by_contract = |operation| contract_only || tier(operation) == Tier::Contract;
    let tells = |operation| by_contract(operation) && Partial::fits(operation);
    if rule.kind == FaultKind::Partial && (rule.operation.is_none() || !operations().any(tells)) {
        return Err(ControlError::Invalid(
            "`partial` needs an operation of the contract tier with `errors` in its answer".into(),
        ));
    }
    Ok(())
}
