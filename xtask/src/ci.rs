//! Everything that must hold before a change is taken, in one command.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use cargo_metadata::{Metadata, MetadataCommand};

use crate::tidy::root;

/// Crates that have examples in their documentation are the published ones; these are not.
const UNPUBLISHED: [&str; 3] = ["ttshop-cli", "ttshop-fuzz", "ttshop-testkit"];
/// For all targets together.
const FUZZ_SECONDS: &str = "60";
const THIRD_PARTY: &str = "tests/third_party/run.py";

/// One program to run.
struct Stage {
    name: &'static str,
    program: OsString,
    arguments: Vec<OsString>,
    /// Whether it is pointless once the build has failed.
    needs_build: bool,
    /// Why it cannot run on this machine.
    skip: Option<&'static str>,
}

enum Outcome {
    Passed,
    Failed,
    Skipped(&'static str),
}

/// Runs every stage, also after one has failed, and ends with a table of them.
pub(crate) fn run() -> Result<()> {
    let root = root()?;
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("failed to read the workspace's metadata")?;
    let target = metadata.target_directory.as_std_path();
    let mut report = Vec::new();
    let mut built = true;
    for stage in stages(&root, target, &metadata) {
        let (outcome, duration) = if stage.needs_build && !built {
            (Outcome::Skipped("the build failed"), Duration::ZERO)
        } else {
            stage.run(&root)?
        };
        built &= !(stage.name == "build" && matches!(outcome, Outcome::Failed));
        report.push((stage.name, outcome, duration));
    }
    conclude(&report)
}

fn stages(root: &Path, target: &Path, metadata: &Metadata) -> Vec<Stage> {
    // The benchmarks are a workspace of their own, and to build what they compare with takes minutes: here only their lock file is held
    // to the manifests, and their form.
    let bench_lock = ["tree", "--manifest-path", "bench/Cargo.toml", "--locked", "--depth", "0"];
    let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    vec![
        Stage::cargo("fmt", &["fmt", "--all", "--check", "--", "--color", "never"]),
        Stage::cargo("clippy", &clippy),
        Stage::cargo("bench fmt", &["fmt", "--manifest-path", "bench/Cargo.toml", "--check"]),
        Stage::cargo("bench lock", &bench_lock),
        Stage::cargo("features", &["xtask", "features"]),
        Stage::cargo("build", &["build", "--workspace", "--all-targets", "--locked"]),
        tests().after_build(),
        doc_tests(metadata).after_build(),
        Stage::cargo("fuzz", &["xtask", "fuzz", "--seconds", FUZZ_SECONDS]).after_build(),
        deny(),
        third_party(root, target).after_build(),
    ]
}

/// The tests of every crate, `xtask tidy` among them.
fn tests() -> Stage {
    if answers("cargo", &["nextest", "--version"]) {
        Stage::cargo("test", &["nextest", "run", "--workspace", "--profile", "ci", "--locked"])
    } else {
        Stage::cargo("test", &["test", "--workspace", "--all-targets", "--no-fail-fast", "--locked"])
    }
}

fn doc_tests(metadata: &Metadata) -> Stage {
    let mut arguments = vec!["test", "--doc", "--locked"];
    for package in metadata.packages.iter().filter(|package| package.name.starts_with("ttshop")) {
        let has_library = package.targets.iter().any(|target| target.is_lib() && target.doctest);
        if has_library && !UNPUBLISHED.contains(&package.name.as_str()) {
            arguments.extend(["--package", package.name.as_str()]);
        }
    }
    Stage::cargo("doc test", &arguments)
}

/// Licences, bans and sources. Advisories change by the day and need the network: they are no property of a commit.
fn deny() -> Stage {
    let stage = Stage::cargo("deny", &["deny", "--locked", "check", "bans", "licenses", "sources"]);
    stage.unless(answers("cargo", &["deny", "--version"]), "cargo-deny is not installed")
}

/// A published client, not written here, against the emulator.
fn third_party(root: &Path, target: &Path) -> Stage {
    let binary = format!("ttshop{}", std::env::consts::EXE_SUFFIX);
    let arguments: [PathBuf; 5] = [
        root.join(THIRD_PARTY),
        "--binary".into(),
        target.join("debug").join(binary),
        "--venv".into(),
        target.join("third-party-venv"),
    ];
    let stage = Stage {
        name: "third-party client",
        program: "python3".into(),
        arguments: arguments.into_iter().map(PathBuf::into_os_string).collect(),
        needs_build: true,
        skip: None,
    };
    stage.unless(answers("python3", &["-c", "import venv, ensurepip"]), "python3 with venv is not installed")
}

impl Stage {
    fn cargo(name: &'static str, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(OsString::from).collect();
        Self { name, program: "cargo".into(), arguments, needs_build: false, skip: None }
    }

    fn after_build(self) -> Self {
        Self { needs_build: true, ..self }
    }

    fn unless(self, possible: bool, reason: &'static str) -> Self {
        Self { skip: (!possible).then_some(reason), ..self }
    }

    #[expect(clippy::disallowed_methods, reason = "the time a stage takes is the machine's own")]
    fn run(&self, root: &Path) -> Result<(Outcome, Duration)> {
        let mut out = std::io::stdout();
        if let Some(reason) = self.skip {
            writeln!(out, "\n== {}: skipped, {reason}", self.name)?;
            return Ok((Outcome::Skipped(reason), Duration::ZERO));
        }
        let words: Vec<_> = self.arguments.iter().map(|argument| argument.to_string_lossy()).collect();
        writeln!(out, "\n== {}: {} {}", self.name, self.program.to_string_lossy(), words.join(" "))?;
        let started = Instant::now();
        let status = Command::new(&self.program)
            .args(&self.arguments)
            .current_dir(root)
            .status()
            .with_context(|| format!("failed to start `{}`", self.program.to_string_lossy()))?;
        let outcome = if status.success() { Outcome::Passed } else { Outcome::Failed };
        Ok((outcome, started.elapsed()))
    }
}

/// Whether a program is there and does as asked.
fn answers(program: &str, arguments: &[&str]) -> bool {
    let silent = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    silent.is_ok_and(|status| status.success())
}

fn conclude(report: &[(&'static str, Outcome, Duration)]) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "\n{:<20} {:>8}  result", "stage", "seconds")?;
    for (name, outcome, duration) in report {
        writeln!(out, "{name:<20} {:>8}  {}", duration.as_secs(), outcome.text())?;
    }
    let total: Duration = report.iter().map(|(_, _, duration)| *duration).sum();
    let count =
        |wanted: fn(&Outcome) -> bool| report.iter().filter(|(_, outcome, _)| wanted(outcome)).count();
    let passed = count(|outcome| matches!(outcome, Outcome::Passed));
    let failed = count(|outcome| matches!(outcome, Outcome::Failed));
    let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
    writeln!(out, "ci: {passed} passed, {failed} failed, {skipped} skipped, {} s", total.as_secs())?;
    // A skipped stage was impossible here, or its failed build is counted already.
    ensure!(failed == 0, "failed stages: {failed}");
    Ok(())
}

impl Outcome {
    fn text(&self) -> String {
        match self {
            Self::Passed => "passed".to_owned(),
            Self::Failed => "FAILED".to_owned(),
            Self::Skipped(reason) => format!("skipped: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_stage_fails_the_run_and_a_skipped_one_does_not() {
        let second = Duration::from_secs(1);
        let skipped = || ("b", Outcome::Skipped("not here"), Duration::ZERO);
        assert!(conclude(&[("a", Outcome::Passed, second), skipped()]).is_ok());
        let said = conclude(&[("a", Outcome::Passed, second), skipped(), ("c", Outcome::Failed, second)]);
        assert_eq!(said.unwrap_err().to_string(), "failed stages: 1");
    }

    #[test]
    fn doc_tests_name_the_published_crates_only() {
        let manifest = root().unwrap().join("Cargo.toml");
        let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
        let stage = doc_tests(&metadata);
        let named = |name: &str| stage.arguments.iter().any(|argument| argument == name);
        assert!(named("ttshop-types") && named("ttshop-sign"), "{:?}", stage.arguments);
        assert!(!named("ttshop-cli") && !named("hub-core"), "{:?}", stage.arguments);
    }

    #[test]
    fn a_stage_reports_how_its_program_ended() {
        let root = root().unwrap();
        let passed = Stage::cargo("a", &["--version"]).run(&root).unwrap().0;
        assert!(matches!(passed, Outcome::Passed));
        let failed = Stage::cargo("a", &["no-such-command"]).run(&root).unwrap().0;
        assert!(matches!(failed, Outcome::Failed));
        let skipped = Stage::cargo("a", &["no-such-command"]).unless(false, "why").run(&root).unwrap().0;
        assert!(matches!(skipped, Outcome::Skipped("why")));
    }
}
