//! `ttshop profile`: the saved connections.

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::connection::{DirectFlags, WayFlags};
use crate::failure::Failure;
use crate::output::{Output, TableRows};
use crate::profile::{Profile, ProfileDir};

const EXAMPLES: &str = "\
Examples:
  ttshop emulate --write-profile emulator
  ttshop profile list
  ttshop profile show emulator
  ttshop profile remove emulator";

#[derive(Subcommand, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Profiles {
    /// Name every profile.
    List,
    /// Show a profile, without its secrets.
    Show(Name),
    /// Save a connection from flags and variables; the platform is asked for its shops.
    Add(Add),
    /// Forget a profile.
    Remove(Name),
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  ttshop profile add live --app-key K --secret-file app.secret")]
pub(crate) struct Add {
    /// The profile.
    name: String,
    #[command(flatten)]
    connection: DirectFlags,
    #[command(flatten)]
    way: WayFlags,
}

#[derive(Args, Debug)]
pub(crate) struct Name {
    /// The profile.
    name: String,
}

/// A profile without its secrets.
#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    api_url: &'a str,
    auth_url: &'a str,
    app_key: &'a str,
    shops: Vec<ShopView<'a>>,
}

#[derive(Serialize)]
struct ShopView<'a> {
    alias: &'a str,
    shop_id: &'a str,
    region: &'a str,
}

pub(crate) async fn run(profiles: Profiles, output: Output) -> Result<(), Failure> {
    let dir = ProfileDir::of_user()?;
    match profiles {
        Profiles::List => list(&dir, output),
        Profiles::Show(Name { name }) => show(&name, &dir.load(&name)?, output),
        Profiles::Add(add) => {
            let profile = add.connection.look_up(&add.way).await?;
            let path = dir.save(&add.name, &profile)?;
            output.note(format!("wrote `{}`", path.display()));
            show(&add.name, &profile, output)
        }
        Profiles::Remove(Name { name }) => dir.remove(&name),
    }
}

fn list(dir: &ProfileDir, output: Output) -> Result<(), Failure> {
    let names = dir.names()?;
    if output.wants_json() {
        return output.json(&names);
    }
    if names.is_empty() {
        output.note(format!("no profiles in `{dir}`"));
        return Ok(());
    }
    output.line(names.join("\n"))
}

fn show(name: &str, profile: &Profile, output: Output) -> Result<(), Failure> {
    let shops = profile.shops.iter().map(|shop| ShopView {
        alias: &shop.alias,
        shop_id: shop.shop_id.as_str(),
        region: &shop.region,
    });
    if output.wants_json() {
        return output.json(&View {
            name,
            api_url: &profile.api_url,
            auth_url: &profile.auth_url,
            app_key: profile.app_key.as_str(),
            shops: shops.collect(),
        });
    }
    output.line(format!(
        "{name}: app {} at {} (tokens at {})",
        profile.app_key, profile.api_url, profile.auth_url
    ))?;
    let mut rows = TableRows::new(&["alias", "shop", "region"]);
    for shop in shops {
        rows.row([shop.alias, shop.shop_id, shop.region]);
    }
    output.table(rows)
}
