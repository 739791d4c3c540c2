//! What the environment says: the only place in the workspace that reads it by hand.
//!
//! Options read their variables through the argument parser; here is the rest.

use std::path::PathBuf;

/// The value of `name`, if it is set to something that is text.
pub(crate) fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    let value = std::env::var(name);
    value.ok().filter(|value| !value.is_empty())
}

/// Whether the person asked for text without colours (<https://no-color.org>).
pub(crate) fn no_color() -> bool {
    variable("NO_COLOR").is_some() || variable("TERM").is_some_and(|term| term == "dumb")
}

/// Where this person's settings live: `$XDG_CONFIG_HOME/ttshop`, else `~/.config/ttshop`.
pub(crate) fn config_dir() -> Option<PathBuf> {
    let base = variable("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let base = base.or_else(|| variable("HOME").map(|home| PathBuf::from(home).join(".config")));
    base.map(|base| base.join("ttshop"))
}
