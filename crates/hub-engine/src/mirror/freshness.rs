//! Whether a version can still hide a later one.

use std::time::Duration;

use hub_core::MirrorVersion;

/// How long after its update an order must have been read for its version to be the last of that second. The platform
/// counts in whole seconds, an answer is some time on its way, and two clocks are never quite one.
const SETTLED_AFTER: Duration = Duration::from_secs(5);

/// Whether every change that carries this `update_time` had happened when the order was read.
///
/// An order may change twice in one second. If it was read in between and the second change is never announced, its
/// `update_time` says that nothing is missing. Only another read, after that second, tells.
pub(crate) fn is_settled(version: &MirrorVersion) -> bool {
    version.fetched_at >= version.updated_at + SETTLED_AFTER
}
