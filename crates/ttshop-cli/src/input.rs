//! What arguments point at: files, standard input, variables.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use ttshop_types::SecretText;

use crate::config::SecretPointer;
use crate::environment;
use crate::failure::Failure;

/// The largest body or secret file that is read, in bytes: more than the platform takes.
const INPUT_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Where the app secret comes from. It is never an argument: arguments are visible to everyone on the machine.
#[derive(Args, Clone, Debug)]
pub(crate) struct SecretSource {
    /// The variable that holds the app secret.
    #[arg(long, value_name = "NAME", default_value = "TTSHOP_APP_SECRET", conflicts_with = "secret_file")]
    secret_env: String,
    /// The file that holds the app secret; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

impl SecretSource {
    /// The secret, if the variable is set or a file is named.
    pub(crate) fn read(&self) -> Result<Option<SecretText>, Failure> {
        let Some(path) = &self.secret_file else {
            return Ok(environment::variable(&self.secret_env).map(|secret| SecretText::from(secret.trim())));
        };
        let bytes = read_input(path)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::new(format!("the secret in `{}` is no text", path.display())))?;
        if text.trim().is_empty() {
            return Err(Failure::new(format!("the secret file `{}` is empty", path.display())));
        }
        Ok(Some(SecretText::from(text.trim())))
    }

    /// Where the secret is, without reading it.
    pub(crate) fn pointer(&self) -> SecretPointer {
        match &self.secret_file {
            Some(path) => SecretPointer::File(path.clone()),
            None => SecretPointer::Env(self.secret_env.clone()),
        }
    }

    /// The secret, which must be there.
    pub(crate) fn require(&self) -> Result<SecretText, Failure> {
        self.read()?.ok_or_else(|| {
            Failure::usage(format!(
                "the app secret is missing: the variable `{}` is not set",
                self.secret_env
            ))
            .remedy("set it, or name another with `--secret-env`, or a file with `--secret-file`")
        })
    }
}

/// A body given as text, or as `@file`; `@-` reads standard input.
pub(crate) fn body(argument: &str) -> Result<Vec<u8>, Failure> {
    match argument.strip_prefix('@') {
        Some(path) => read_input(Path::new(path)),
        None => Ok(argument.as_bytes().to_vec()),
    }
}

fn read_input(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| Failure::of(format!("failed to read `{}`", path.display()), &error);
    let mut bytes = Vec::new();
    let limit = INPUT_BYTES_MAX + 1;
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        std::fs::File::open(path).map_err(failed)?.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > INPUT_BYTES_MAX {
        let text = format!("`{}` holds more than {INPUT_BYTES_MAX} bytes", path.display());
        return Err(Failure::new(text));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_itself_and_an_at_sign_names_a_file() {
        assert_eq!(body("{}").unwrap(), b"{}");
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("body.json");
        std::fs::write(&path, "[1]").unwrap();
        assert_eq!(body(&format!("@{}", path.display())).unwrap(), b"[1]");
        assert!(body("@no/such/file").is_err());
    }

    #[test]
    fn a_secret_file_is_trimmed_and_never_empty() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        std::fs::write(&path, "s3cret\n").unwrap();
        let source = SecretSource { secret_env: "UNSET".into(), secret_file: Some(path.clone()) };
        assert_eq!(source.require().unwrap(), SecretText::from("s3cret"));
        std::fs::write(&path, "\n").unwrap();
        assert!(source.require().is_err());
    }
}
