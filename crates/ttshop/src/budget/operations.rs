//! The operations that are called, each with its rule and the bound of its calls in flight.

use std::collections::HashMap;

use ttshop_catalogue::Method;

use super::guard::Guard;
use super::ready::Ready;
use super::rules::Rules;

/// One operation, over all shops.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) rule: u8,
    pub(super) in_flight: u32,
    pub(super) guard: Guard,
    /// Lanes that could go on and wait for room under the guard.
    pub(super) parked: Ready,
}

/// All operations. There are as many as paths in the program, so none is forgotten.
#[derive(Default, Debug)]
pub(super) struct Operations {
    operations: Vec<Operation>,
    places: HashMap<(Method, &'static str), u16>,
}

impl Operations {
    pub(super) fn get(&self, place: u16) -> &Operation {
        &self.operations[usize::from(place)]
    }

    pub(super) fn get_mut(&mut self, place: u16) -> &mut Operation {
        &mut self.operations[usize::from(place)]
    }

    pub(super) fn find(&self, method: Method, path: &'static str) -> Option<u16> {
        self.places.get(&(method, path)).copied()
    }

    /// The operation's place, made if there is none; none when there are too many.
    pub(super) fn find_or_add(
        &mut self,
        (method, path): (Method, &'static str),
        rules: &Rules,
        in_flight_max: u32,
    ) -> Option<u16> {
        if let Some(place) = self.find(method, path) {
            return Some(place);
        }
        let place = u16::try_from(self.operations.len()).ok()?;
        let (guard, parked) = (Guard::new(in_flight_max), Ready::default());
        let rule = rules.find(path);
        self.operations.push(Operation { method, path, rule, in_flight: 0, guard, parked });
        self.places.insert((method, path), place);
        Some(place)
    }

    /// The smallest bound of calls in flight.
    pub(super) fn in_flight_limit(&self) -> Option<u32> {
        self.operations.iter().map(|operation| operation.guard.limit()).min()
    }
}
