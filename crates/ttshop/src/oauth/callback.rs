//! What the consent page sends back.

use ttshop_types::SecretText;
use url::form_urlencoded;

/// A consent.
#[derive(Clone, Debug)]
pub struct Callback {
    /// Exchange it within half an hour, once.
    pub code: SecretText,
    /// The state of the link; missing when the app was installed from the app store.
    pub state: Option<String>,
}

/// A callback without consent.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The user refused.
    #[error("the authorisation was refused")]
    Refused {
        /// The platform's word, such as `auth_denied`; the documentation names several.
        reason: Option<String>,
        /// The state of the link.
        state: Option<String>,
    },
    /// There is neither a code nor an error.
    #[error("the callback has no `code`")]
    CodeMissing {
        /// The state of the link.
        state: Option<String>,
    },
}

impl Callback {
    /// Reads the query of a callback, without its question mark. Unknown parameters are ignored.
    ///
    /// # Errors
    /// The user refused, which is any `error` or the literal `code=null`, or there is no code.
    pub fn parse(query: &str) -> Result<Self, CallbackError> {
        let (mut code, mut state, mut error) = (None, None, None);
        for (key, value) in form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            match &*key {
                "code" => code = Some(value.into_owned()),
                "state" => state = Some(value.into_owned()),
                "error" => error = Some(value.into_owned()),
                _ => {}
            }
        }
        match code {
            Some(code) if error.is_none() && code != "null" => Ok(Self { code: code.into(), state }),
            None if error.is_none() => Err(CallbackError::CodeMissing { state }),
            _ => Err(CallbackError::Refused { reason: error, state }),
        }
    }
}
