//! The answer of an operation of the contract tier.

use ttshop_catalogue::{Kind, Operation};

use crate::contract::context::Context;
use crate::contract::shape::Root;
use crate::contract::window::Window;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;

/// Room for an ordinary answer.
const ANSWER_BYTES: usize = 2_048;

/// Some of what the call asked for fails.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Partial {
    pub(crate) code: i64,
    pub(crate) message: String,
}

/// A plausible answer that fits the catalogue; nothing happens in the world.
pub(crate) fn reply(
    call: &Admitted<'_>,
    world: &World,
    partial: Option<&Partial>,
) -> Result<Success, Refusal> {
    let mut context = Context::new(call, world, partial);
    context.window = Window::open(call, &context, world)?;
    Ok(Success::new(ANSWER_BYTES, &Root::of_operation(&context, call.operation)))
}

impl Partial {
    /// Whether the answer of an operation can tell of items that failed.
    pub(crate) fn fits(operation: &Operation) -> bool {
        operation.response.field("errors").is_some_and(|errors| errors.schema.kind == Kind::Array)
    }
}
