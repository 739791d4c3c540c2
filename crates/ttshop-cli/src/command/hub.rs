//! `ttshop hub`: the hub, run from flags or from a file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde::Serialize;
use ttshop_clock::SystemClock;

use crate::config::{self, AppSection, DEFAULT_TEXT, HubConfig, MASTER_KEY, SinkSection};
use crate::failure::Failure;
use crate::input::SecretSource;
use crate::node::{self, HubNode, Plan};
use crate::output::Output;
use crate::shutdown;

const EXAMPLES: &str = "\
Examples:
  ttshop hub config > hub.toml
  ttshop hub --config hub.toml
  ttshop hub --app-key K --service-id S --secret-file app.secret --data-dir data
  ttshop hub --app-key K --service-id S --public-url https://hub.example.com \\
             --api-url http://127.0.0.1:9000 --auth-url http://127.0.0.1:9000 --consent-url http://127.0.0.1:9000";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Print the default configuration with every key explained.
    #[command(after_help = "Examples:\n  ttshop hub config > hub.toml")]
    Config,
}

#[derive(Args, Debug)]
struct Flags {
    /// The configuration file; flags win over it.
    #[arg(long, value_name = "FILE", env = "TTSHOP_HUB_CONFIG")]
    config: Option<PathBuf>,
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", env = "TTSHOP_HUB_LISTEN")]
    listen: Option<SocketAddr>,
    /// Folder of the database and of generated keys.
    #[arg(long, value_name = "DIR", env = "TTSHOP_HUB_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// How sellers' browsers and the platform reach the hub.
    #[arg(long, value_name = "URL", env = "TTSHOP_HUB_PUBLIC_URL")]
    public_url: Option<String>,
    /// Permit an address that other machines can reach.
    #[arg(long)]
    allow_public_listen: bool,
    /// File of the master key.
    #[arg(long, value_name = "FILE", env = "TTSHOP_HUB_MASTER_KEY_FILE")]
    master_key_file: Option<PathBuf>,
    /// File of the key for the REST API.
    #[arg(long, value_name = "FILE", env = "TTSHOP_HUB_API_KEY_FILE")]
    api_key_file: Option<PathBuf>,
    /// Seconds between two sweeps of a shop.
    #[arg(long, value_name = "SECONDS")]
    sweep_every: Option<u64>,
    #[command(flatten)]
    app: AppFlags,
    #[command(flatten)]
    sink: SinkFlags,
}

/// One app by flags, for those who need no file.
#[derive(Args, Debug)]
#[command(next_help_heading = "One app without a file")]
struct AppFlags {
    /// The hub's own name for the app, part of its URLs.
    #[arg(long, value_name = "NAME", default_value = "main")]
    app_name: String,
    /// The app key of Partner Center.
    #[arg(long, value_name = "KEY", env = "TTSHOP_APP_KEY", requires = "service_id")]
    app_key: Option<String>,
    /// The service id in its authorise link.
    #[arg(long, value_name = "ID", env = "TTSHOP_SERVICE_ID")]
    service_id: Option<String>,
    #[command(flatten)]
    secret: SecretSource,
    /// Base URL of signed calls, if not the platform's.
    #[arg(long, value_name = "URL", env = "TTSHOP_API_URL")]
    api_url: Option<String>,
    /// Base URL of the token endpoints, if not the platform's.
    #[arg(long, value_name = "URL", env = "TTSHOP_AUTH_URL")]
    auth_url: Option<String>,
    /// Base URL of the consent page, if not the platform's.
    #[arg(long, value_name = "URL", env = "TTSHOP_CONSENT_URL")]
    consent_url: Option<String>,
}

/// One sink by flags.
#[derive(Args, Debug)]
#[command(next_help_heading = "One sink without a file")]
struct SinkFlags {
    /// Where events are posted.
    #[arg(long, value_name = "URL")]
    sink_url: Option<String>,
    /// Permit a loopback or private address and plain http, for a receiver beside the hub.
    #[arg(long, requires = "sink_url")]
    sink_allow_private: bool,
}

pub(crate) async fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    match arguments.action {
        Some(Action::Config) => output.line(DEFAULT_TEXT.trim_end()),
        None => serve(merge(arguments.flags)?, output).await,
    }
}

async fn serve(config: HubConfig, output: Output) -> Result<(), Failure> {
    let ended = shutdown::signal()?;
    let apps = config.apps.iter().map(node::app).collect::<Result<Vec<_>, _>>()?;
    let secrets = config::open_or_create(&config)?;
    for (what, path) in &secrets.generated {
        output.note(format!("generated the {what} `{}`", path.display()));
    }
    if secrets.generated.iter().any(|(what, _)| *what == MASTER_KEY) {
        output.note("keep a copy of the master key elsewhere: without it no stored token opens");
    }
    let announcement = Announcement::of(&config);
    let clock = Arc::new(SystemClock::new());
    let hub = HubNode::start(Plan { config, secrets, apps, clock }).await?;
    announcement.print(&hub, output)?;
    ended.await;
    output.note("stopping: open requests and deliveries end first");
    hub.shutdown().await;
    Ok(())
}

/// What is said once the hub answers.
#[derive(Debug)]
struct Announcement {
    apps: Vec<String>,
    api_key_file: PathBuf,
}

/// The same for scripts, on one line.
#[derive(Serialize)]
struct Ready<'a> {
    listen: SocketAddr,
    url: &'a str,
    api_key_file: &'a Path,
    apps: Vec<ReadyApp>,
}

#[derive(Serialize)]
struct ReadyApp {
    name: String,
    connect_url: String,
    callback_url: String,
    webhook_url: String,
}

impl Announcement {
    fn of(config: &HubConfig) -> Self {
        Self {
            apps: config.apps.iter().map(|app| app.name.clone()).collect(),
            api_key_file: config.storage.api_key_file(),
        }
    }

    fn print(&self, hub: &HubNode, output: Output) -> Result<(), Failure> {
        let url = hub.url();
        let apps = self.apps.iter().map(|name| ReadyApp {
            name: name.clone(),
            connect_url: format!("{url}/connect/{name}"),
            callback_url: format!("{url}/callback/{name}"),
            webhook_url: format!("{url}/webhooks/{name}"),
        });
        let ready =
            Ready { listen: hub.address(), url, api_key_file: &self.api_key_file, apps: apps.collect() };
        if output.wants_json() {
            return output.json(&ready);
        }
        output.line(format!("hub      {url} (listening on {})", ready.listen))?;
        output.line(format!("API key  in `{}`", self.api_key_file.display()))?;
        for app in &ready.apps {
            output.line(format!("\napp `{}`", app.name))?;
            output.line(format!("  connect a shop   {}", app.connect_url))?;
            output.line(format!("  redirect URL     {} (enter it in Partner Center)", app.callback_url))?;
            output.line(format!("  webhook URL      {}", app.webhook_url))?;
        }
        output.line("\nCtrl-C ends it.")
    }
}

/// Defaults, then the file, then the flags; checked once.
fn merge(flags: Flags) -> Result<HubConfig, Failure> {
    let mut config = flags.config.as_deref().map(config::load).transpose()?.unwrap_or_default();
    let server = &mut config.server;
    server.listen = flags.listen.unwrap_or(server.listen);
    server.public_url = flags.public_url.or_else(|| server.public_url.take());
    server.allow_public_listen |= flags.allow_public_listen;
    let storage = &mut config.storage;
    storage.data_dir = flags.data_dir.unwrap_or_else(|| std::mem::take(&mut storage.data_dir));
    storage.master_key_file = flags.master_key_file.or_else(|| storage.master_key_file.take());
    storage.api_key_file = flags.api_key_file.or_else(|| storage.api_key_file.take());
    config.sweep.every_seconds = flags.sweep_every.unwrap_or(config.sweep.every_seconds);
    if let Some(app) = flags.app.section() {
        config.apps.retain(|known| known.name != app.name);
        config.apps.push(app);
    }
    if let Some(url) = flags.sink.sink_url {
        config.sinks.retain(|known| known.name != SINK_NAME);
        let allow_private = flags.sink.sink_allow_private;
        config.sinks.push(SinkSection { name: SINK_NAME.into(), url, secret: None, allow_private });
    }
    config::check(&config)?;
    Ok(config)
}

/// The name of the sink that flags describe.
const SINK_NAME: &str = "main";

impl AppFlags {
    fn section(self) -> Option<AppSection> {
        Some(AppSection {
            name: self.app_name,
            key: self.app_key?,
            secret: self.secret.pointer(),
            previous_secrets: Vec::new(),
            service_id: self.service_id?,
            api_url: self.api_url,
            auth_url: self.auth_url,
            consent_url: self.consent_url,
            accept_stateless_callbacks: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn merged(arguments: &[&str]) -> Result<HubConfig, Failure> {
        let line = std::iter::once("hub").chain(arguments.iter().copied());
        merge(Line::parse_from(line).arguments.flags)
    }

    #[test]
    fn flags_win_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hub.toml");
        std::fs::write(&path, "[server]\nlisten = \"127.0.0.1:1\"\n[sweep]\nevery_seconds = 7\n").unwrap();
        let path = path.to_str().unwrap();
        let app = ["--app-key", "k", "--service-id", "s"];
        let config = merged(&[&["--config", path, "--listen", "127.0.0.1:2"], &app[..]].concat()).unwrap();
        assert_eq!(config.server.listen.port(), 2);
        assert_eq!(config.sweep.every_seconds, 7);
        assert_eq!(config.apps[0].name, "main");
    }

    #[test]
    fn a_hub_that_everyone_can_reach_must_be_meant() {
        let app = ["--app-key", "k", "--service-id", "s", "--listen", "0.0.0.0:8480"];
        assert!(merged(&app).unwrap_err().to_string().contains("--allow-public-listen"));
        assert!(merged(&[&app[..], &["--allow-public-listen"]].concat()).is_ok());
    }
}
