//! How a command fails: one text with its causes joined once, a remedy where we know one, and an exit code.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use serde::Serialize;

/// Why a command ended without doing its job.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    /// What failed, with its causes.
    error: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    /// The platform's code, where the platform refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<i64>,
    /// The platform's name for the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip)]
    exit: Exit,
}

/// The exit codes that scripts may rely on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Exit {
    /// The reader of our output went away: nobody is left to tell.
    Quiet,
    /// The job failed.
    Failed,
    /// The command was not understood.
    Usage,
}

impl Failure {
    /// The job failed, as this text says.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { error: text.into(), remedy: None, code: None, request_id: None, exit: Exit::Failed }
    }

    /// The job failed while doing `what`, because of `cause` and its causes.
    pub(crate) fn of(what: impl fmt::Display, cause: &dyn Error) -> Self {
        Self::new(format!("{what}: {}", chain(cause)))
    }

    /// The command was not understood.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::new(text) }
    }

    /// Says what to do about it.
    #[must_use]
    pub(crate) fn remedy(mut self, text: impl Into<String>) -> Self {
        self.remedy = Some(text.into());
        self
    }

    /// Names the platform's code and the call it belongs to.
    #[must_use]
    pub(crate) fn answered(mut self, code: Option<i64>, request_id: Option<String>) -> Self {
        self.code = code;
        self.request_id = request_id;
        self
    }

    /// Output could not be written. A closed pipe is no failure: the reader has seen enough.
    pub(crate) fn output(cause: &std::io::Error) -> Self {
        let exit = if cause.kind() == std::io::ErrorKind::BrokenPipe { Exit::Quiet } else { Exit::Failed };
        Self { exit, ..Self::of("failed to write the output", cause) }
    }

    /// Whether there is anybody left to tell.
    pub(crate) fn is_quiet(&self) -> bool {
        self.exit == Exit::Quiet
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self.exit {
            Exit::Quiet => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::from(1),
            Exit::Usage => ExitCode::from(2),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.error)?;
        if let Some(request_id) = &self.request_id {
            write!(f, "\nrequest_id: {request_id}")?;
        }
        if let Some(remedy) = &self.remedy {
            write!(f, "\nremedy: {remedy}")?;
        }
        Ok(())
    }
}

/// An error and its causes in one line; a cause that its parent already quotes is not said twice.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("failed to open `{0}`")]
    struct Open(&'static str, #[source] std::io::Error);

    #[test]
    fn causes_are_joined_once() {
        let missing = std::io::Error::new(std::io::ErrorKind::NotFound, "no such file");
        let failure =
            Failure::of("failed to read the profile", &Open("emulator", missing)).remedy("create it");
        assert_eq!(
            failure.to_string(),
            "failed to read the profile: failed to open `emulator`: no such file\nremedy: create it"
        );
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        assert!(Failure::output(&std::io::ErrorKind::BrokenPipe.into()).is_quiet());
        assert!(!Failure::output(&std::io::ErrorKind::StorageFull.into()).is_quiet());
    }
}
