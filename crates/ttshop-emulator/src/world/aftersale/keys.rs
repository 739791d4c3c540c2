//! Idempotency keys: the same key does a thing once and is answered alike (PLATFORM.md 12 #26).

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::world::ReturnNo;
use crate::world::aftersale::stage::ReturnStatus;

/// How many keys a shop remembers.
const KEYS_MAX: usize = 10_000;

/// What was done under a key.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Done {
    /// A decision, whose answer is empty.
    Decided,
    Created {
        number: ReturnNo,
        status: ReturnStatus,
    },
}

/// The keys of one shop; the oldest are forgotten first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Keys {
    done: BTreeMap<String, (u64, Done)>,
    oldest_first: VecDeque<String>,
}

/// The key was used for another request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reused;

impl Keys {
    /// What was done under the key for the request with this hash.
    pub(crate) fn find(&self, key: &str, request: u64) -> Result<Option<Done>, Reused> {
        match self.done.get(key) {
            Some((known, _)) if *known != request => Err(Reused),
            found => Ok(found.map(|(_, done)| *done)),
        }
    }

    pub(crate) fn remember(&mut self, key: &str, request: u64, done: Done) {
        if self.done.insert(key.into(), (request, done)).is_none() {
            self.oldest_first.push_back(key.into());
        }
        if self.oldest_first.len() > KEYS_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.done.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_bound_to_its_request_and_old_ones_are_forgotten() {
        let mut keys = Keys::default();
        keys.remember("a", 1, Done::Decided);
        assert!(matches!(keys.find("a", 1), Ok(Some(Done::Decided))));
        assert_eq!(keys.find("a", 2).unwrap_err(), Reused);
        for number in 0..KEYS_MAX {
            keys.remember(&number.to_string(), 1, Done::Decided);
        }
        assert!(matches!(keys.find("a", 2), Ok(None)));
        assert_eq!((keys.done.len(), keys.oldest_first.len()), (KEYS_MAX, KEYS_MAX));
    }
}
