//! What a configuration must not say: unsafe or impossible starts are refused with a remedy.

use std::collections::BTreeSet;

use hub_engine::CallRate;
use url::Url;

use super::HubConfig;
use crate::failure::Failure;

/// How long the name of an app or a sink may be.
const NAME_LENGTH_MAX: usize = 40;

/// Refuses a configuration that cannot work, or that would be unsafe.
pub(crate) fn check(config: &HubConfig) -> Result<(), Failure> {
    check_listen(config)?;
    check_public_url(config)?;
    if config.apps.is_empty() {
        return Err(Failure::usage("the hub serves no app").remedy(
            "name one in `[[apps]]` of the configuration, or with `--app-key`, `--service-id` and the app secret",
        ));
    }
    check_names("app", config.apps.iter().map(|app| app.name.as_str()))?;
    check_names("sink", config.sinks.iter().map(|sink| sink.name.as_str()))?;
    if config.sweep.every_seconds == 0 {
        return Err(Failure::usage("`sweep.every_seconds` is 0").remedy("use 1 or more; 300 is a good start"));
    }
    check_rate(config.calls.rate())
}

fn check_rate(rate: CallRate) -> Result<(), Failure> {
    if rate.start_per_second == 0 || rate.start_per_second > rate.ceiling_per_second {
        return Err(Failure::usage(
            "`calls.start_per_second` is not between 1 and `calls.ceiling_per_second`",
        )
        .remedy("leave both out to start at 40 and stay below 50"));
    }
    Ok(())
}

fn check_listen(config: &HubConfig) -> Result<(), Failure> {
    let listen = config.server.listen;
    if listen.ip().is_loopback() || config.server.allow_public_listen {
        return Ok(());
    }
    Err(Failure::usage(format!("refused to listen on `{listen}`: other machines can reach it")).remedy(
        "listen on 127.0.0.1 behind a proxy with TLS, or say `--allow-public-listen` if that is what you want",
    ))
}

fn check_public_url(config: &HubConfig) -> Result<(), Failure> {
    let Some(text) = &config.server.public_url else { return Ok(()) };
    let url = Url::parse(text)
        .map_err(|error| Failure::of(format!("the public URL `{text}` cannot be read"), &error))?;
    let loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && loopback) {
        return Ok(());
    }
    Err(Failure::usage(format!("refused the public URL `{text}`: sellers would be sent over plain http"))
        .remedy("use https; plain http is for loopback addresses"))
}

fn check_names<'a>(kind: &str, names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    for name in names {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if name.is_empty() || name.len() > NAME_LENGTH_MAX || !name.bytes().all(fits) {
            return Err(Failure::usage(format!("`{name}` is no name for a {kind}"))
                .remedy(format!("use up to {NAME_LENGTH_MAX} letters, digits, `-` and `_`")));
        }
        if !seen.insert(name) {
            return Err(Failure::usage(format!("there are two {kind}s named `{name}`")).remedy("rename one"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{AppSection, SecretPointer};

    fn config() -> HubConfig {
        let app = AppSection {
            name: "main".into(),
            key: "key".into(),
            secret: SecretPointer::Env("X".into()),
            previous_secrets: Vec::new(),
            service_id: "1".into(),
            api_url: None,
            auth_url: None,
            consent_url: None,
            accept_stateless_callbacks: false,
        };
        HubConfig { apps: vec![app], ..HubConfig::default() }
    }

    fn refusal(change: impl FnOnce(&mut HubConfig)) -> String {
        let mut config = config();
        change(&mut config);
        check(&config).unwrap_err().to_string()
    }

    #[test]
    fn the_default_with_an_app_is_accepted() {
        check(&config()).unwrap();
    }

    #[test]
    fn unsafe_starts_are_refused() {
        let text = refusal(|config| config.server.listen = "0.0.0.0:80".parse().unwrap());
        assert!(text.contains("--allow-public-listen"), "{text}");
        let text = refusal(|config| config.server.public_url = Some("http://hub.example.com".into()));
        assert!(text.contains("https"), "{text}");
        let mut meant = config();
        meant.server.listen = "0.0.0.0:80".parse().unwrap();
        meant.server.allow_public_listen = true;
        check(&meant).unwrap();
    }

    #[test]
    fn impossible_starts_are_refused() {
        assert!(refusal(|config| config.apps.clear()).contains("no app"));
        assert!(refusal(|config| config.apps[0].name = "a/b".into()).contains("no name"));
        assert!(refusal(|config| config.apps.push(config.apps[0].clone())).contains("two apps"));
        assert!(refusal(|config| config.sweep.every_seconds = 0).contains("every_seconds"));
        for (start, ceiling) in [(0, 50), (51, 50), (0, 0)] {
            let text = refusal(|config| {
                config.calls.start_per_second = start;
                config.calls.ceiling_per_second = ceiling;
            });
            assert!(text.contains("start_per_second"), "{text}");
        }
    }
}
