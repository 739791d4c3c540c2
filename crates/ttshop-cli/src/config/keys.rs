//! The hub's own keys: read from files of mode 0600, generated on the first start.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ttshop_types::SecretText;

use super::HubConfig;
use crate::failure::Failure;
use crate::profile::write_private;

/// The store's own folder in the data folder.
const STORE_DIR: &str = "store";
/// What messages call the key that wraps every stored secret.
pub(crate) const MASTER_KEY: &str = "master key";
/// The least length of an API key, in characters.
const API_KEY_LENGTH_MIN: usize = 24;

/// What the hub needs to know and must not tell.
#[derive(Debug)]
pub(crate) struct HubSecrets {
    /// Wraps every stored secret: 64 hexadecimal digits.
    pub(crate) master_key: SecretText,
    /// Opens the REST API.
    pub(crate) api_key: SecretText,
    /// Signing secrets of the sinks, in their order.
    pub(crate) sinks: Vec<SecretText>,
    /// Where the store is.
    pub(crate) store: PathBuf,
    /// Files that were generated just now, for a remark.
    pub(crate) generated: Vec<(&'static str, PathBuf)>,
}

/// Reads the hub's keys, and generates those that no one made yet.
pub(crate) fn open_or_create(config: &HubConfig) -> Result<HubSecrets, Failure> {
    let dir = &config.storage.data_dir;
    fs::create_dir_all(dir).map_err(|error| {
        Failure::of(format!("failed to create the data folder `{}`", dir.display()), &error)
    })?;
    let store = dir.join(STORE_DIR);
    let mut generated = Vec::new();
    let master_file = config.storage.master_key_file();
    if store.exists() && !master_file.exists() {
        let text =
            format!("the master key `{}` is gone, and the store was sealed under it", master_file.display());
        return Err(Failure::new(text).remedy("restore the key from your copy; a new one would open nothing"));
    }
    let master_key = key(&master_file, MASTER_KEY, &mut generated, |bytes| hex::encode(bytes))?;
    let api_file = config.storage.api_key_file();
    let api_key = key(&api_file, "API key", &mut generated, |bytes| format!("tts_{}", hex::encode(bytes)))?;
    if api_key.expose().len() < API_KEY_LENGTH_MIN {
        let text = format!(
            "the API key in `{}` is shorter than {API_KEY_LENGTH_MIN} characters",
            api_file.display()
        );
        return Err(Failure::new(text).remedy("remove the file to have one generated"));
    }
    let mut sinks = Vec::new();
    for sink in &config.sinks {
        sinks.push(match &sink.secret {
            Some(pointer) => pointer.read()?,
            None => {
                let path = dir.join(format!("sink-{}.secret", sink.name));
                key(&path, "sink secret", &mut generated, sink_secret)?
            }
        });
    }
    Ok(HubSecrets { master_key, api_key, sinks, store, generated })
}

fn sink_secret(bytes: &[u8; 32]) -> String {
    format!("whsec_{}", STANDARD.encode(bytes))
}

fn key(
    path: &Path,
    what: &'static str,
    generated: &mut Vec<(&'static str, PathBuf)>,
    write: impl FnOnce(&[u8; 32]) -> String,
) -> Result<SecretText, Failure> {
    let failed = |error: std::io::Error| {
        Failure::of(format!("failed to read the {what} `{}`", path.display()), &error)
    };
    if path.exists() {
        check_mode(path, what)?;
        let text = fs::read_to_string(path).map_err(failed)?;
        return Ok(SecretText::from(text.trim()));
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::of(format!("failed to generate the {what}"), &error))?;
    let secret = SecretText::from(write(&bytes));
    write_private(path, secret.expose().as_bytes())
        .map_err(|error| Failure::of(format!("failed to write the {what} `{}`", path.display()), &error))?;
    generated.push((what, path.to_owned()));
    Ok(secret)
}

#[cfg(unix)]
fn check_mode(path: &Path, what: &str) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(path)
        .map_err(|error| Failure::of(format!("failed to read the {what} `{}`", path.display()), &error))?;
    if metadata.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    Err(Failure::new(format!("the {what} `{}` can be read by others", path.display()))
        .remedy(format!("chmod 600 {}", path.display())))
}

#[cfg(not(unix))]
fn check_mode(_path: &Path, _what: &str) -> Result<(), Failure> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::config::SinkSection;

    fn config(dir: &Path) -> HubConfig {
        let mut config = HubConfig::default();
        config.storage.data_dir = dir.join("data");
        config.sinks = vec![SinkSection {
            name: "erp".into(),
            url: "https://erp.example.com".into(),
            secret: None,
            allow_private: false,
        }];
        config
    }

    #[test]
    fn keys_are_generated_once_for_the_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        let first = open_or_create(&config).unwrap();
        assert_eq!(first.generated.len(), 3);
        for (what, path) in &first.generated {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600, "{what}");
        }
        let second = open_or_create(&config).unwrap();
        assert!(second.generated.is_empty());
        assert_eq!(first.master_key, second.master_key);
        assert_eq!(first.sinks, second.sinks);
    }

    #[test]
    fn a_lost_master_key_is_not_replaced_under_a_store() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        let secrets = open_or_create(&config).unwrap();
        fs::create_dir(&secrets.store).unwrap();
        fs::remove_file(config.storage.data_dir.join("master.key")).unwrap();
        assert!(open_or_create(&config).unwrap_err().to_string().contains("restore the key"));
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        open_or_create(&config).unwrap();
        let path = config.storage.data_dir.join("api.key");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(open_or_create(&config).unwrap_err().to_string().contains("chmod 600"));
    }
}
