//! The runner as a program: what it does about targets that fail on purpose.

#![cfg(test)]

use std::path::Path;
use std::process::{Command, Output};

fn fuzz(arguments: &[&str], findings: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ttshop-fuzz"));
    command.args(["run", "--seed", "7", "--grace", "1", "--corpus", "nowhere"]).args(arguments);
    command.arg("--findings").arg(findings).output().unwrap()
}

/// Runs a planted target and answers the input that was kept.
fn kept(target: &str) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let output = fuzz(&["--seconds", "1", "--target", target], directory.path());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "{said}");
    let repeat = format!("cargo xtask fuzz --target {target} --input ");
    let line = said.lines().find_map(|line| line.trim().strip_prefix(&repeat));
    let path = line.unwrap_or_else(|| panic!("no way to repeat it: {said}"));
    std::fs::read(path).unwrap()
}

#[test]
fn a_panic_an_abort_and_a_hang_fail_the_run_and_keep_the_same_input() {
    let panics = kept("planted-panic");
    assert!(panics.starts_with(b"{\"code\":") && panics != b"{\"code\":0}", "{panics:?}");
    assert_eq!(kept("planted-abort"), panics);
    assert_eq!(kept("planted-hang"), panics);
}

#[test]
fn a_kept_input_fails_again_and_a_healthy_one_does_not() {
    let directory = tempfile::tempdir().unwrap();
    let replay = |target: &str, input: &[u8]| {
        let path = directory.path().join("input");
        std::fs::write(&path, input).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ttshop-fuzz"));
        command.args(["replay", target]).arg(&path).output().unwrap()
    };
    let failed = replay("planted-panic", b"{\"code\":1}");
    assert!(!failed.status.success());
    assert!(String::from_utf8_lossy(&failed.stderr).contains("a planted panic"));
    assert!(replay("planted-panic", b"{\"code\":0}").status.success());
}

#[test]
fn a_healthy_target_passes() {
    let directory = tempfile::tempdir().unwrap();
    let output = fuzz(&["--seconds", "1", "--target", "envelope"], directory.path());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("inputs,") && said.starts_with("seed 7,"), "{said}");
}
