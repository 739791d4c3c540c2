//! Which crate may use which other crate of the workspace.

use super::repository::{Crate, Dependency, Repository};
use super::violation::Violation;

const TYPES: &str = "ttshop-types";
const CLOCK: &str = "ttshop-clock";
const SIGN: &str = "ttshop-sign";
const CATALOGUE: &str = "ttshop-catalogue";
const API: &str = "ttshop-api";
const SDK: &str = "ttshop";
const EMULATOR: &str = "ttshop-emulator";
const TESTKIT: &str = "ttshop-testkit";
const CORE: &str = "hub-core";
const STORE: &str = "hub-store";
const STORE_SQLITE: &str = "hub-store-sqlite";
const ENGINE: &str = "hub-engine";
const HTTP: &str = "hub-http";
const CLI: &str = "ttshop-cli";
const FUZZ: &str = "ttshop-fuzz";

/// One crate and what it may name.
struct Arrows {
    of: &'static str,
    /// In `[dependencies]` and `[build-dependencies]`.
    uses: &'static [&'static str],
    /// In `[dev-dependencies]` on top.
    tests_use: &'static [&'static str],
}

/// The drawing of ARCHITECTURE.md as a table. The emulator and the hub never name each other, in tests neither.
const ALLOWED: &[Arrows] = &[
    Arrows { of: TYPES, uses: &[], tests_use: &[] },
    Arrows { of: CLOCK, uses: &[TYPES], tests_use: &[] },
    Arrows { of: SIGN, uses: &[TYPES], tests_use: &[] },
    Arrows { of: CATALOGUE, uses: &[TYPES], tests_use: &[] },
    Arrows { of: API, uses: &[TYPES, SIGN, CATALOGUE], tests_use: &[] },
    Arrows { of: SDK, uses: &[TYPES, CLOCK, SIGN, CATALOGUE, API], tests_use: &[EMULATOR, TESTKIT] },
    Arrows { of: EMULATOR, uses: &[TYPES, CLOCK, SIGN, CATALOGUE, API], tests_use: &[] },
    Arrows { of: CORE, uses: &[TYPES], tests_use: &[] },
    Arrows { of: STORE, uses: &[TYPES, CORE], tests_use: &[] },
    Arrows { of: STORE_SQLITE, uses: &[TYPES, CORE, STORE], tests_use: &[] },
    Arrows {
        of: ENGINE,
        uses: &[TYPES, CLOCK, SIGN, CATALOGUE, API, SDK, CORE, STORE],
        tests_use: &[TESTKIT],
    },
    Arrows {
        of: HTTP,
        uses: &[TYPES, CLOCK, SIGN, CATALOGUE, API, SDK, CORE, STORE, ENGINE],
        tests_use: &[TESTKIT],
    },
    Arrows {
        of: TESTKIT,
        uses: &[TYPES, CLOCK, SIGN, CATALOGUE, API, SDK, EMULATOR, CORE, STORE, STORE_SQLITE, ENGINE, HTTP],
        tests_use: &[],
    },
    Arrows {
        of: CLI,
        uses: &[TYPES, CLOCK, SIGN, CATALOGUE, API, SDK, EMULATOR, CORE, STORE, STORE_SQLITE, ENGINE, HTTP],
        tests_use: &[TESTKIT],
    },
    Arrows { of: FUZZ, uses: &[TYPES, CLOCK, SIGN, CATALOGUE, API], tests_use: &[] },
    Arrows { of: "xtask", uses: &[], tests_use: &[] },
];

pub(crate) fn check(repository: &Repository) -> Vec<Violation> {
    let names: Vec<&str> = repository.crates.iter().map(|owner| owner.name.as_str()).collect();
    let mut violations = Vec::new();
    for owner in &repository.crates {
        let Some(arrows) = ALLOWED.iter().find(|arrows| arrows.of == owner.name) else {
            let what = format!("the table of allowed dependencies does not know `{}`", owner.name);
            violations.push(Violation::new(&owner.manifest(), 1, what, "add it to xtask/src/tidy/arrows.rs"));
            continue;
        };
        let internal =
            owner.dependencies.iter().filter(|dependency| names.contains(&dependency.name.as_str()));
        for dependency in internal.filter(|dependency| !arrows.allow(dependency)) {
            violations.push(forbidden(repository, owner, dependency));
        }
    }
    violations
}

impl Arrows {
    fn allow(&self, dependency: &Dependency) -> bool {
        let name = dependency.name.as_str();
        // A crate's tests name the crate itself to switch its features on.
        let tests_itself = dependency.is_dev && name == self.of;
        tests_itself || self.uses.contains(&name) || (dependency.is_dev && self.tests_use.contains(&name))
    }
}

fn forbidden(repository: &Repository, owner: &Crate, dependency: &Dependency) -> Violation {
    let Dependency { name, is_dev } = dependency;
    let line = repository.line_starting(&owner.manifest(), &format!("{name}."));
    let how = if *is_dev { "in its tests " } else { "" };
    let cure = if name == TESTKIT {
        "use it as a dev-dependency of the SDK, the hub or the CLI only"
    } else {
        "move the code to where the arrow is allowed (ARCHITECTURE.md has the drawing)"
    };
    Violation::new(
        &owner.manifest(),
        line,
        format!("`{}` must not use `{name}` {how}", owner.name).trim_end(),
        cure,
    )
}

#[cfg(test)]
mod tests {
    use super::super::repository::planted::{library, repository};
    use super::*;

    fn found(owner: Crate) -> Vec<String> {
        let manifest = format!("[dependencies]\n{}.workspace = true\n", owner.dependencies[0].name);
        let path = owner.manifest();
        let others = ALLOWED.iter().filter(|arrows| arrows.of != owner.name);
        let mut crates: Vec<Crate> = others.map(|arrows| library(arrows.of, &[], &[])).collect();
        crates.push(owner);
        check(&repository(&[(&path, &manifest)], crates)).iter().map(Violation::to_string).collect()
    }

    #[test]
    fn an_arrow_to_the_left_is_allowed() {
        assert_eq!(found(library(ENGINE, &[SDK, STORE, TYPES, "tokio"], &[TESTKIT])), Vec::<String>::new());
    }

    #[test]
    fn the_emulator_may_not_name_the_hub_or_the_sdk() {
        let said = found(library(EMULATOR, &[CORE], &[SDK]));
        assert_eq!(said.len(), 2);
        assert!(
            said[0].starts_with(
                "crates/ttshop-emulator/Cargo.toml:2: `ttshop-emulator` must not use `hub-core`,"
            )
        );
        assert!(said[1].contains("must not use `ttshop` in its tests,"), "{said:?}");
    }

    #[test]
    fn only_tests_may_name_their_own_crate() {
        assert_eq!(found(library(API, &[], &[API])), Vec::<String>::new());
        assert_eq!(found(library(API, &[API], &[])).len(), 1);
    }

    #[test]
    fn the_testkit_is_for_tests_only() {
        assert_eq!(found(library(CLI, &[TESTKIT], &[])).len(), 1);
        assert_eq!(found(library(CORE, &[], &[TESTKIT])).len(), 1);
        assert_eq!(found(library(CLI, &[TYPES], &[TESTKIT])).len(), 0);
    }

    #[test]
    fn an_unknown_crate_is_refused() {
        let said = check(&repository(&[], vec![library("ttshop-news", &[], &[])]));
        assert!(said[0].what.contains("does not know `ttshop-news`"));
    }

    #[test]
    fn no_two_crates_use_each_other() {
        for arrows in ALLOWED {
            for used in arrows.uses {
                let back = ALLOWED.iter().find(|other| other.of == *used);
                assert!(back.is_some_and(|back| !back.uses.contains(&arrows.of)), "{} and {used}", arrows.of);
            }
        }
    }
}
