//! `ttshop emulate`: the platform, emulated, until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_emulator::{Connection, Emulator, EmulatorClock, RunningEmulator, WorldSpec};
use ttshop_types::Timestamp;

use crate::failure::Failure;
use crate::output::{Output, TableRows, Tone};
use crate::profile::{Profile, ProfileDir, ProfileShop};
use crate::shutdown;

const EXAMPLES: &str = "\
Examples:
  ttshop emulate --listen 127.0.0.1:9000 --data-dir emulated --write-profile emulator
  ttshop emulate --json --listen 127.0.0.1:0 --data-dir \"$(mktemp -d)\"
  ttshop emulate --clock virtual@2026-11-27T00:00:00Z --orders 500 --seed 7
  ttshop emulate --scenario live-spike";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", env = "TTSHOP_EMULATOR_LISTEN", default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// Folder that keeps the world; without it the world is gone with the process.
    #[arg(long, value_name = "DIR", env = "TTSHOP_EMULATOR_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Same seed and same calls, same world and same answers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// `real`, or `virtual` (time stands still until the control API moves it), or `virtual@2026-11-27T00:00:00Z`.
    #[arg(long, value_name = "CLOCK", default_value = "real")]
    clock: ClockChoice,
    /// Say in the header `x-emulator-explain` why a call was refused.
    #[arg(long)]
    explain: bool,
    /// Orders of each shop at the start.
    #[arg(long, value_name = "N")]
    orders: Option<u32>,
    /// Begin a scenario that comes with the emulator, such as `live-spike`.
    #[arg(long, value_name = "NAME", conflicts_with = "scenario_file")]
    scenario: Option<String>,
    /// Begin the scenario of a file (docs/emulator.md says what it holds).
    #[arg(long, value_name = "FILE")]
    scenario_file: Option<PathBuf>,
    /// A host name under which the control API may be reached, beside this machine's own.
    #[arg(long, value_name = "NAME")]
    control_host: Vec<String>,
    /// Save a profile for `ttshop call`.
    #[arg(long, value_name = "NAME")]
    write_profile: Option<String>,
}

/// Which time the emulated platform lives in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ClockChoice {
    Real,
    Virtual(Option<Timestamp>),
}

impl FromStr for ClockChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('@') {
            None if text == "real" => Ok(Self::Real),
            None if text == "virtual" => Ok(Self::Virtual(None)),
            Some(("virtual", instant)) => {
                let instant = instant.parse::<jiff::Timestamp>().map_err(|error| error.to_string())?;
                Ok(Self::Virtual(Some(Timestamp::from_millis(instant.as_millisecond()))))
            }
            Some(_) | None => Err("use `real`, `virtual` or `virtual@2026-11-27T00:00:00Z`".into()),
        }
    }
}

impl ClockChoice {
    fn clock(self) -> EmulatorClock {
        match self {
            Self::Real => EmulatorClock::Real,
            Self::Virtual(instant) => {
                EmulatorClock::FrozenAt(instant.unwrap_or_else(|| SystemClock::new().now()))
            }
        }
    }
}

pub(crate) async fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let ended = shutdown::signal()?;
    let scenario = scenario(&arguments)?;
    let emulator = Emulator::builder()
        .listen(arguments.listen)
        .seed(arguments.seed)
        .clock(arguments.clock.clock())
        .world(world(arguments.orders))
        .data_dir(arguments.data_dir.clone())
        .explain(arguments.explain)
        .control_hosts(arguments.control_host.clone());
    let emulator = emulator.start().await.map_err(|error| {
        Failure::of("failed to start the emulator", &error)
            .remedy("choose another port with `--listen`, or another `--data-dir`")
    })?;
    if let Some(scenario) = scenario {
        let title = emulator.play(&scenario).map_err(|error| Failure::usage(error.to_string()))?;
        output.note(format!("playing: {title}"));
    }
    let connection = emulator.connection();
    if let Some(name) = &arguments.write_profile {
        let path = ProfileDir::of_user()?.save(name, &profile(&connection))?;
        output.note(format!("wrote the profile `{}`", path.display()));
    }
    if output.wants_json() {
        output.json(&connection)?;
    } else {
        introduce(&connection, arguments.write_profile.as_deref(), output)?;
    }
    ended.await;
    emulator.shutdown().await.map_err(|error| Failure::of("failed to save the world", &error))
}

/// The file of the scenario that is to be played.
fn scenario(arguments: &Arguments) -> Result<Option<String>, Failure> {
    if let Some(name) = &arguments.scenario {
        let Some(text) = RunningEmulator::shipped_scenario(name) else {
            let known: Vec<&str> = RunningEmulator::shipped_scenarios().collect();
            return Err(Failure::usage(format!("no scenario is called `{name}`"))
                .remedy(format!("the scenarios are {}", known.join(", "))));
        };
        return Ok(Some(text.to_owned()));
    }
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|error| {
            Failure::of(format!("failed to read `{}`", path.display()), &error)
                .remedy("name a scenario file; docs/emulator.md shows one")
        })
    };
    arguments.scenario_file.as_ref().map(read).transpose()
}

fn world(orders: Option<u32>) -> WorldSpec {
    let mut world = WorldSpec::two_shops();
    let shops = world.sellers.iter_mut().flat_map(|seller| &mut seller.shops);
    for shop in shops {
        shop.orders = orders.unwrap_or(shop.orders);
    }
    world
}

fn profile(connection: &Connection) -> Profile {
    let shops = connection.shops.iter().map(|shop| ProfileShop {
        alias: String::new(),
        shop_id: shop.shop_id.as_str().into(),
        region: shop.region.clone(),
        cipher: shop.cipher.as_str().into(),
        access_token: shop.access_token.clone().unwrap_or_default().into(),
        refresh_token: shop.refresh_token.clone().unwrap_or_default().into(),
    });
    let mut profile = Profile {
        api_url: connection.api_url.clone(),
        auth_url: connection.auth_url.clone(),
        app_key: connection.app_key.as_str().into(),
        app_secret: connection.app_secret.as_str().into(),
        shops: shops.collect(),
    };
    profile.name_shops();
    profile
}

fn introduce(connection: &Connection, profile_name: Option<&str>, output: Output) -> Result<(), Failure> {
    let mut rows = TableRows::new(&["what", "value"]);
    for (what, value) in [
        ("API", &connection.api_url),
        ("tokens", &connection.auth_url),
        ("consent page", &connection.consent_url),
        ("control", &connection.control_url),
        ("app key", &connection.app_key),
        ("app secret", &connection.app_secret),
        ("service id", &connection.service_id),
    ] {
        rows.toned([(what.to_owned(), Tone::Faint), (value.clone(), Tone::Plain)]);
    }
    output.table(rows)?;
    let named = profile(connection);
    let mut shops = TableRows::new(&["shop", "alias", "region", "connected"]);
    for (shop, known) in named.shops.iter().zip(&connection.shops) {
        let connected = if known.access_token.is_some() { "yes" } else { "no" };
        shops.row([shop.shop_id.as_str(), &shop.alias, &shop.region, connected]);
    }
    output.table(shops)?;
    let alias = named.shops.first().map_or("us", |shop| &shop.alias);
    let call = match profile_name {
        Some(name) => {
            format!("ttshop call order.search_orders --profile {name} --shop {alias} -p page_size=5")
        }
        None => "(with --write-profile NAME: ttshop call order.search_orders --profile NAME ...)".to_owned(),
    };
    output.line(format!(
        "\ntry:\n  {call}\n  curl -s {control}/state\n  TTSHOP_APP_SECRET={secret} ttshop hub --app-key {key} --service-id \
         {service} --api-url {api} --auth-url {auth} --consent-url {api}\n\nCtrl-C ends it.",
        control = connection.control_url,
        secret = connection.app_secret,
        key = connection.app_key,
        service = connection.service_id,
        api = connection.api_url,
        auth = connection.auth_url,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_real_or_virtual() {
        assert_eq!("real".parse(), Ok(ClockChoice::Real));
        assert_eq!("virtual".parse(), Ok(ClockChoice::Virtual(None)));
        let instant = Timestamp::from_seconds(1_795_737_600);
        assert_eq!("virtual@2026-11-27T00:00:00Z".parse(), Ok(ClockChoice::Virtual(Some(instant))));
        assert!("virtual@noon".parse::<ClockChoice>().is_err());
        assert!("lunar".parse::<ClockChoice>().is_err());
    }
}
