//! What the checks look at: the text of every tracked file and the shape of every crate.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use super::lexer::Lexed;
use super::modules::ModuleTree;
use super::tests_apart::{is_test_file, without_tests};

/// Directories that hold no part of the project, where git is not there to say so.
const UNTRACKED: [&str; 4] = [".git", "target", "__pycache__", "node_modules"];

pub(crate) struct Repository {
    /// By path relative to the root, with `/` between the parts; files that are not text are left out.
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) crates: Vec<Crate>,
    /// The Rust sources, by path.
    pub(crate) sources: BTreeMap<String, Source>,
}

pub(crate) struct Crate {
    pub(crate) name: String,
    /// Relative to the root.
    pub(crate) directory: String,
    pub(crate) dependencies: Vec<Dependency>,
    /// The first file of the library, the binaries, the tests and so on.
    pub(crate) roots: Vec<Root>,
}

pub(crate) struct Root {
    pub(crate) path: String,
    /// Whether only a test, a benchmark or an example starts here.
    pub(crate) is_test: bool,
}

pub(crate) struct Dependency {
    /// As the manifest names it.
    pub(crate) name: String,
    pub(crate) is_dev: bool,
}

pub(crate) struct Source {
    pub(crate) lexed: Lexed,
    /// The code with the items that only tests see blanked out.
    pub(crate) production: String,
    /// Whether the whole file is a test's.
    pub(crate) is_test: bool,
    pub(crate) is_generated: bool,
}

impl Repository {
    /// Reads the repository that this tool was built from.
    pub(crate) fn read() -> Result<Self> {
        let root = root()?;
        let texts = project_files(&root)?
            .into_iter()
            .filter_map(|path| fs::read_to_string(root.join(&path)).ok().map(|text| (path, text)))
            .collect();
        let metadata = MetadataCommand::new()
            .manifest_path(root.join("Cargo.toml"))
            .no_deps()
            .exec()
            .context("failed to read the workspace's metadata")?;
        let crates =
            metadata.packages.iter().map(|package| read_crate(&root, package)).collect::<Result<_>>()?;
        Ok(Self::new(texts, crates))
    }

    pub(crate) fn new(texts: BTreeMap<String, String>, crates: Vec<Crate>) -> Self {
        let mut sources: BTreeMap<String, Source> = texts
            .iter()
            .filter(|(path, _)| path.ends_with(".rs"))
            .map(|(path, text)| (path.clone(), Source::new(path, text)))
            .collect();
        let tests = ModuleTree::new(&sources, &crates).test_files();
        for (path, source) in &mut sources {
            source.is_test |= tests.contains(path);
        }
        Self { texts, crates, sources }
    }

    /// The Rust sources of one crate.
    pub(crate) fn sources_of<'a>(
        &'a self,
        directory: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a Source)> {
        self.sources.iter().filter(move |(path, _)| is_below(path, directory))
    }

    /// The line of a crate's manifest, or of any other file, that starts with `start`; the first one if none does.
    pub(crate) fn line_starting(&self, path: &str, start: &str) -> usize {
        let lines = self.texts.get(path).into_iter().flat_map(|text| text.lines());
        lines.zip(1..).find(|(line, _)| line.starts_with(start)).map_or(1, |(_, number)| number)
    }
}

impl Crate {
    pub(crate) fn manifest(&self) -> String {
        format!("{}/Cargo.toml", self.directory)
    }
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        let lexed = Lexed::new(text);
        let production = without_tests(&lexed.code);
        let is_test = is_test_file(&lexed.code);
        Self { lexed, production, is_test, is_generated: path.contains("/generated/") }
    }
}

/// Whether `path` is a file somewhere under `directory`.
pub(crate) fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

/// The repository's root: the parent of this crate's directory.
pub(crate) fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.parent().context("the xtask crate stands at the root of the file system")?.to_path_buf())
}

/// Files that git tracks or would track, so that a new file is judged before it is added; every file of a copy that git
/// does not know.
fn project_files(root: &Path) -> Result<Vec<String>> {
    let listing = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .stderr(Stdio::null())
        .output();
    let Some(output) = listing.ok().filter(|output| output.status.success()) else {
        return all_files(root);
    };
    let listing = String::from_utf8(output.stdout).context("a file's name is not UTF-8")?;
    Ok(listing.split_terminator('\0').map(str::to_owned).collect())
}

fn all_files(root: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    let mut directories = vec![root.to_path_buf()];
    while let Some(directory) = directories.pop() {
        let entries =
            fs::read_dir(&directory).with_context(|| format!("failed to list `{}`", directory.display()))?;
        for entry in entries {
            let path = entry.context("failed to read a directory")?.path();
            if !path.is_dir() {
                files.push(relative(root, &path)?);
            } else if !is_untracked(&path) {
                directories.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A `target` beside a manifest is cargo's; any other is a folder of ours.
fn is_untracked(path: &Path) -> bool {
    let named = |name: &str| path.file_name().is_some_and(|found| found == name);
    let is_ours = named("target") && !path.with_file_name("Cargo.toml").exists();
    UNTRACKED.into_iter().any(named) && !is_ours
}

/// `path` as the checks name it: below the root, with `/` between the parts.
fn relative(root: &Path, path: &Path) -> Result<String> {
    let inside =
        path.strip_prefix(root).with_context(|| format!("`{}` is outside the root", path.display()))?;
    Ok(inside.to_string_lossy().replace('\\', "/"))
}

fn read_crate(root: &Path, package: &Package) -> Result<Crate> {
    let directory = package.manifest_path.parent().context("a manifest has a directory")?;
    let mut roots = Vec::new();
    for target in &package.targets {
        let is_test = target.is_test() || target.is_bench() || target.is_example();
        roots.push(Root { path: relative(root, target.src_path.as_std_path())?, is_test });
    }
    let dependencies = package
        .dependencies
        .iter()
        .map(|dependency| Dependency {
            name: dependency.rename.clone().unwrap_or_else(|| dependency.name.clone()),
            is_dev: dependency.kind == DependencyKind::Development,
        })
        .collect();
    Ok(Crate {
        name: package.name.to_string(),
        directory: relative(root, directory.as_std_path())?,
        dependencies,
        roots,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_without_git_has_the_same_sources() {
        let root = root().unwrap();
        let sources = |files: Vec<String>| -> Vec<String> {
            files.into_iter().filter(|path| path.ends_with(".rs") && root.join(path).exists()).collect()
        };
        let found = sources(all_files(&root).unwrap());
        assert!(found.contains(&"xtask/src/tidy.rs".to_owned()), "{found:?}");
        let mut expected = sources(project_files(&root).unwrap());
        expected.sort();
        assert_eq!(found, expected);
    }
}

#[cfg(test)]
pub(crate) mod planted {
    //! Small repositories for the checks' own tests.

    use super::*;

    pub(crate) fn repository(files: &[(&str, &str)], crates: Vec<Crate>) -> Repository {
        Repository::new(
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
            crates,
        )
    }

    pub(crate) fn library(name: &str, dependencies: &[&str], dev_dependencies: &[&str]) -> Crate {
        let directory = format!("crates/{name}");
        let dependency = |is_dev| move |name: &&str| Dependency { name: (*name).to_owned(), is_dev };
        Crate {
            name: name.to_owned(),
            dependencies: dependencies
                .iter()
                .map(dependency(false))
                .chain(dev_dependencies.iter().map(dependency(true)))
                .collect(),
            roots: vec![Root { path: format!("{directory}/src/lib.rs"), is_test: false }],
            directory,
        }
    }
}
