//! What `hub.toml` may say. Unknown keys are refused, because a misspelt setting is a setting that is not in force.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use hub_engine::CallRate;
use serde::Deserialize;
use ttshop_types::SecretText;

use crate::environment;
use crate::failure::Failure;

/// The documented default configuration, as `ttshop hub config` prints it.
pub(crate) const DEFAULT_TEXT: &str = include_str!("hub.default.toml");

/// The whole file.
#[derive(Clone, PartialEq, Eq, Default, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct HubConfig {
    /// Where the hub listens and how the world reaches it. Since 0.1.
    pub(crate) server: ServerSection,
    /// Where the hub keeps its truth and its keys. Since 0.1.
    pub(crate) storage: StorageSection,
    /// How the hub looks for what notifications missed. Since 0.1.
    pub(crate) sweep: SweepSection,
    /// How the hub calls the platform. Since 0.1.
    pub(crate) calls: CallsSection,
    /// The apps that sellers authorise; at least one. Since 0.1.
    pub(crate) apps: Vec<AppSection>,
    /// Where events go; none is fine. Since 0.1.
    pub(crate) sinks: Vec<SinkSection>,
}

/// `[server]`
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerSection {
    /// Address and port; port 0 takes a free one. Default `127.0.0.1:8480`. Since 0.1.
    pub(crate) listen: SocketAddr,
    /// How sellers' browsers and the platform reach the hub, without a slash at the end. Default: `listen`, over http.
    /// Since 0.1.
    pub(crate) public_url: Option<String>,
    /// Permits an address that other machines can reach. Put a proxy with TLS before it. Default false. Since 0.1.
    pub(crate) allow_public_listen: bool,
}

/// `[storage]`
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StorageSection {
    /// Folder of the database and of generated keys. Default `ttshop-data`. Since 0.1.
    pub(crate) data_dir: PathBuf,
    /// File of the master key, 64 hexadecimal digits, mode 0600. Default: `master.key` in `data_dir`, generated on the first
    /// start. Since 0.1.
    pub(crate) master_key_file: Option<PathBuf>,
    /// File of the key for the REST API, mode 0600. Default: `api.key` in `data_dir`, generated on the first start.
    /// Since 0.1.
    pub(crate) api_key_file: Option<PathBuf>,
}

/// `[sweep]`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SweepSection {
    /// Seconds between two sweeps of a shop. Default 300. Since 0.1.
    pub(crate) every_seconds: u64,
    /// Days that the first sweep of a shop looks back. Default 30. Since 0.1.
    pub(crate) backfill_days: u32,
}

/// `[calls]`
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CallsSection {
    /// Calls a second to start with, for each app, shop and operation. Default 40. Since 0.1.
    pub(crate) start_per_second: u32,
    /// Calls a second that are never exceeded. Default 50. Since 0.1.
    pub(crate) ceiling_per_second: u32,
    /// PEM file of authorities to trust besides the machine's own. Default: none. Since 0.1.
    pub(crate) ca_file: Option<PathBuf>,
}

/// `[[apps]]`
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppSection {
    /// The hub's own name for it, part of its URLs: letters, digits, `-`, `_`. Since 0.1.
    pub(crate) name: String,
    /// The app key of Partner Center. Since 0.1.
    pub(crate) key: String,
    /// Where its secret is. Since 0.1.
    pub(crate) secret: SecretPointer,
    /// Where earlier secrets are that notifications may still be signed with, newest first. Since 0.1.
    #[serde(default)]
    pub(crate) previous_secrets: Vec<SecretPointer>,
    /// The service id in its authorise link. Since 0.1.
    pub(crate) service_id: String,
    /// Base URL of signed calls. Default: the platform. Since 0.1.
    pub(crate) api_url: Option<String>,
    /// Base URL of the token endpoints. Default: the platform. Since 0.1.
    pub(crate) auth_url: Option<String>,
    /// Base URL of the consent page. Default: the platform's for sellers outside the United States. Since 0.1.
    pub(crate) consent_url: Option<String>,
    /// Accepts installations that the hub did not begin (the platform's app store). Default false. Since 0.1.
    #[serde(default)]
    pub(crate) accept_stateless_callbacks: bool,
}

/// `[[sinks]]`
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SinkSection {
    /// The hub's own name for it: letters, digits, `-`, `_`. Since 0.1.
    pub(crate) name: String,
    /// Where events are posted. Since 0.1.
    pub(crate) url: String,
    /// Where its signing secret is (`whsec_...`). Default: `sink-<name>.secret` in `data_dir`, generated on the first start.
    /// Since 0.1.
    pub(crate) secret: Option<SecretPointer>,
    /// Permits loopback and private addresses and plain http: for a receiver beside the hub. Default false. Since 0.1.
    #[serde(default)]
    pub(crate) allow_private: bool,
}

/// A secret is never in the file itself: the file says where it is.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) enum SecretPointer {
    /// In this variable.
    Env(String),
    /// In this file.
    File(PathBuf),
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8480)),
            public_url: None,
            allow_public_listen: false,
        }
    }
}

impl Default for StorageSection {
    fn default() -> Self {
        Self { data_dir: PathBuf::from("ttshop-data"), master_key_file: None, api_key_file: None }
    }
}

impl StorageSection {
    /// Where the key for the REST API is.
    pub(crate) fn api_key_file(&self) -> PathBuf {
        self.api_key_file.clone().unwrap_or_else(|| self.data_dir.join("api.key"))
    }

    /// Where the master key is.
    pub(crate) fn master_key_file(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| self.data_dir.join("master.key"))
    }
}

impl Default for SweepSection {
    fn default() -> Self {
        Self { every_seconds: 300, backfill_days: 30 }
    }
}

impl Default for CallsSection {
    fn default() -> Self {
        let CallRate { start_per_second, ceiling_per_second } = CallRate::default();
        Self { start_per_second, ceiling_per_second, ca_file: None }
    }
}

impl CallsSection {
    /// How fast the engine may call.
    pub(crate) fn rate(&self) -> CallRate {
        let Self { start_per_second, ceiling_per_second, .. } = *self;
        CallRate { start_per_second, ceiling_per_second }
    }
}

impl SecretPointer {
    /// The secret, or why it is not there.
    pub(crate) fn read(&self) -> Result<SecretText, Failure> {
        let text = match self {
            Self::Env(name) => environment::variable(name)
                .ok_or_else(|| Failure::new(format!("the variable `{name}` is not set")))?,
            Self::File(path) => std::fs::read_to_string(path).map_err(|error| {
                Failure::of(format!("failed to read the secret file `{}`", path.display()), &error)
            })?,
        };
        Ok(SecretText::from(text.trim()))
    }
}

/// Reads a configuration file.
pub(crate) fn load(path: &Path) -> Result<HubConfig, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::of(format!("failed to read `{}`", path.display()), &error)
            .remedy("`ttshop hub config` prints a file to start from")
    })?;
    parse(&text).map_err(|error| {
        Failure::usage(format!("`{}` is no hub configuration: {error}", path.display()))
            .remedy("`ttshop hub config` prints every key with its meaning")
    })
}

fn parse(text: &str) -> Result<HubConfig, toml::de::Error> {
    toml::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_default_is_the_default() {
        assert_eq!(parse(DEFAULT_TEXT).unwrap(), HubConfig::default());
    }

    #[test]
    fn the_printed_examples_are_valid() {
        let uncommented: Vec<_> =
            DEFAULT_TEXT.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line)).collect();
        let config = parse(&uncommented.join("\n")).unwrap();
        assert_eq!(config.apps.len(), 1);
        assert_eq!(config.sinks.len(), 1);
        assert_eq!(config.apps[0].secret, SecretPointer::Env("TTSHOP_APP_SECRET".into()));
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        for text in ["lisen = 1", "[server]\nlisten_on = \"x\"", "[[apps]]\nname = \"a\"\nscret = 1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
