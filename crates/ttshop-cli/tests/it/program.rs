//! The binary under test.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program with an environment of its own: no variable of the caller reaches it.
pub(crate) fn ttshop(home: &Path) -> Command {
    let mut command = Command::new(binary());
    command.env_clear().env("HOME", home).env("TTSHOP_LOG", "warn");
    command
}

/// Where the binary is.
pub(crate) fn binary() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_ttshop"))
}

/// Runs a command to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    ttshop(home.path()).args(arguments).output().unwrap()
}

/// What a successful command printed.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    let (stdout, stderr) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{arguments:?} failed: {stderr}\n{stdout}");
    stdout
}
