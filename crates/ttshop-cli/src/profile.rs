//! Saved connections: one file a profile, readable by its owner alone.
//!
//! A profile holds what `ttshop call` needs: where the platform is, the app, and each shop with its cipher and its tokens.

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ttshop_types::{AppKey, SecretText, ShopId};

use crate::environment;
use crate::failure::Failure;

/// The name `call` looks for when none is given.
pub(crate) const DEFAULT_NAME: &str = "default";

/// A saved connection.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// Where operations are called.
    pub(crate) api_url: String,
    /// Where tokens are exchanged and refreshed.
    pub(crate) auth_url: String,
    /// The app.
    pub(crate) app_key: AppKey,
    /// Its secret.
    pub(crate) app_secret: SecretText,
    /// Its shops.
    pub(crate) shops: Vec<ProfileShop>,
}

/// One shop of a profile.
#[derive(Clone, Debug)]
pub(crate) struct ProfileShop {
    /// A short name for the command line.
    pub(crate) alias: String,
    /// The platform's id.
    pub(crate) shop_id: ShopId,
    /// Its market.
    pub(crate) region: String,
    /// Its cipher.
    pub(crate) cipher: SecretText,
    /// Opens it.
    pub(crate) access_token: SecretText,
    /// Renews the token above.
    pub(crate) refresh_token: SecretText,
}

impl Profile {
    /// The shop with this id or alias; with `None`, the only shop there is.
    pub(crate) fn shop(&self, wanted: Option<&str>) -> Result<&ProfileShop, Failure> {
        let known: Vec<_> =
            self.shops.iter().map(|shop| format!("{} ({})", shop.alias, shop.shop_id)).collect();
        let remedy = format!("name one with `--shop`: {}", known.join(", "));
        match (wanted, self.shops.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => Err(Failure::usage("the profile has several shops").remedy(remedy)),
            (Some(wanted), shops) => shops
                .iter()
                .find(|shop| shop.shop_id.as_str() == wanted || shop.alias == wanted)
                .ok_or_else(|| Failure::usage(format!("the profile has no shop `{wanted}`")).remedy(remedy)),
        }
    }

    /// Gives every shop a short alias: its region, with a number where several share one.
    pub(crate) fn name_shops(&mut self) {
        let regions: Vec<_> = self.shops.iter().map(|shop| shop.region.to_lowercase()).collect();
        for (index, shop) in self.shops.iter_mut().enumerate() {
            let earlier = regions[..index].iter().filter(|region| **region == regions[index]).count();
            shop.alias = if earlier == 0 {
                regions[index].clone()
            } else {
                format!("{}{}", regions[index], earlier + 1)
            };
        }
    }
}

/// The folder of profiles.
#[derive(Clone, Debug)]
pub(crate) struct ProfileDir(PathBuf);

impl ProfileDir {
    /// The folder of the person who runs us.
    pub(crate) fn of_user() -> Result<Self, Failure> {
        environment::config_dir().map(|dir| Self(dir.join("profiles"))).ok_or_else(|| {
            Failure::new("there is no place for profiles").remedy("set `HOME` or `XDG_CONFIG_HOME`")
        })
    }

    /// Where a profile is kept.
    pub(crate) fn path(&self, name: &str) -> Result<PathBuf, Failure> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if name.is_empty() || !name.bytes().all(fits) {
            return Err(Failure::usage(format!("`{name}` is no profile name"))
                .remedy("use letters, digits, `-` and `_`"));
        }
        Ok(self.0.join(format!("{name}.json")))
    }

    /// Every profile's name, in order.
    pub(crate) fn names(&self) -> Result<Vec<String>, Failure> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::of("failed to list the profiles", &error)),
        };
        let mut names: Vec<_> = entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".json").map(str::to_owned))
            .collect();
        names.sort();
        Ok(names)
    }

    /// Reads a profile.
    pub(crate) fn load(&self, name: &str) -> Result<Profile, Failure> {
        let path = self.path(name)?;
        let text = fs::read_to_string(&path).map_err(|error| {
            Failure::of(format!("failed to read the profile `{name}`"), &error)
                .remedy("write one with `ttshop emulate --write-profile NAME` or `ttshop profile add NAME`")
        })?;
        let stored: StoredProfile = serde_json::from_str(&text).map_err(|error| {
            // The parser may quote what it met, so only the place is told.
            Failure::new(format!("the profile `{name}` is damaged at line {}", error.line()))
                .remedy(format!("correct or remove `{}`", path.display()))
        })?;
        Ok(stored.into())
    }

    /// Writes a profile, in place of an earlier one, for its owner's eyes alone.
    pub(crate) fn save(&self, name: &str, profile: &Profile) -> Result<PathBuf, Failure> {
        let path = self.path(name)?;
        let failed =
            |error: std::io::Error| Failure::of(format!("failed to write the profile `{name}`"), &error);
        fs::create_dir_all(&self.0).map_err(failed)?;
        let text = serde_json::to_string_pretty(&StoredProfile::from(profile))
            .map_err(|error| Failure::of(format!("failed to write the profile `{name}`"), &error))?;
        write_private(&path, text.as_bytes()).map_err(failed)?;
        Ok(path)
    }

    /// Removes a profile.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Failure> {
        fs::remove_file(self.path(name)?)
            .map_err(|error| Failure::of(format!("failed to remove the profile `{name}`"), &error))
    }
}

impl fmt::Display for ProfileDir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

/// Replaces a file whole, with mode 0600 from its first byte on.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let dir = path.parent().unwrap_or_else(|| Path::new("."));
    // The temporary file is created with mode 0600, and renaming keeps it.
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// A profile as it is kept: the one place where secrets become plain text, in a file of mode 0600.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredProfile {
    api_url: String,
    auth_url: String,
    app_key: String,
    app_secret: String,
    shops: Vec<StoredShop>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredShop {
    alias: String,
    shop_id: String,
    region: String,
    cipher: String,
    access_token: String,
    refresh_token: String,
}

impl From<&Profile> for StoredProfile {
    fn from(profile: &Profile) -> Self {
        Self {
            api_url: profile.api_url.clone(),
            auth_url: profile.auth_url.clone(),
            app_key: profile.app_key.as_str().to_owned(),
            app_secret: profile.app_secret.expose().clone(),
            shops: profile.shops.iter().map(StoredShop::from).collect(),
        }
    }
}

impl From<&ProfileShop> for StoredShop {
    fn from(shop: &ProfileShop) -> Self {
        Self {
            alias: shop.alias.clone(),
            shop_id: shop.shop_id.as_str().to_owned(),
            region: shop.region.clone(),
            cipher: shop.cipher.expose().clone(),
            access_token: shop.access_token.expose().clone(),
            refresh_token: shop.refresh_token.expose().clone(),
        }
    }
}

impl From<StoredProfile> for Profile {
    fn from(stored: StoredProfile) -> Self {
        Self {
            api_url: stored.api_url,
            auth_url: stored.auth_url,
            app_key: stored.app_key.into(),
            app_secret: stored.app_secret.into(),
            shops: stored.shops.into_iter().map(ProfileShop::from).collect(),
        }
    }
}

impl From<StoredShop> for ProfileShop {
    fn from(stored: StoredShop) -> Self {
        Self {
            alias: stored.alias,
            shop_id: stored.shop_id.into(),
            region: stored.region,
            cipher: stored.cipher.into(),
            access_token: stored.access_token.into(),
            refresh_token: stored.refresh_token.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(id: &str, region: &str) -> ProfileShop {
        ProfileShop {
            alias: String::new(),
            shop_id: id.into(),
            region: region.into(),
            cipher: "cipher-canary".into(),
            access_token: "access-canary".into(),
            refresh_token: "refresh-canary".into(),
        }
    }

    fn profile() -> Profile {
        let mut profile = Profile {
            api_url: "http://127.0.0.1:1".into(),
            auth_url: "http://127.0.0.1:2".into(),
            app_key: "key".into(),
            app_secret: "secret-canary".into(),
            shops: vec![shop("1", "US"), shop("2", "GB"), shop("3", "US")],
        };
        profile.name_shops();
        profile
    }

    #[test]
    fn shops_are_found_by_id_and_by_alias() {
        let profile = profile();
        assert_eq!(profile.shop(Some("gb")).unwrap().shop_id, ShopId::from("2"));
        assert_eq!(profile.shop(Some("us2")).unwrap().shop_id, ShopId::from("3"));
        assert_eq!(profile.shop(Some("1")).unwrap().alias, "us");
        assert!(profile.shop(None).unwrap_err().to_string().contains("us2 (3)"));
        assert!(profile.shop(Some("de")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_profile_is_for_its_owner_alone_and_reads_back() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let profiles = ProfileDir(dir.path().join("profiles"));
        let path = profiles.save("emulator", &profile()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(profiles.load("emulator").unwrap().app_secret, "secret-canary".into());
        assert_eq!(profiles.names().unwrap(), ["emulator"]);
        profiles.remove("emulator").unwrap();
        assert!(profiles.load("emulator").is_err());
    }

    #[test]
    fn names_stay_inside_the_folder() {
        let profiles = ProfileDir(PathBuf::from("profiles"));
        for name in ["", "../x", "a/b", "a.b", "ü"] {
            assert!(profiles.path(name).is_err(), "{name}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        assert!(!format!("{:?}", profile()).contains("canary"));
    }

    #[test]
    fn a_damaged_profile_is_not_quoted() {
        let dir = tempfile::tempdir().unwrap();
        let profiles = ProfileDir(dir.path().to_owned());
        fs::write(dir.path().join("bad.json"), r#"{"app_secret": 7, "secret-canary": 1}"#).unwrap();
        assert!(!profiles.load("bad").unwrap_err().to_string().contains("canary"));
    }
}
