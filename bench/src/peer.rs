//! The emulator that is called, in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt as _;
use ttshop_emulator::{Emulator, Switches, WorldSpec};

/// Enough for several different pages of 100.
const ORDERS: u32 = 400;

/// More than any contender can use.
const QUOTA_PER_SECOND: u32 = 1_000_000;

/// How to reach the emulator, and one shop of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Peer {
    pub(crate) api_url: String,
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    pub(crate) service_id: String,
    pub(crate) shop: Shop,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Shop {
    pub(crate) shop_id: String,
    pub(crate) cipher: String,
    pub(crate) access_token: String,
}

impl Peer {
    /// Starts this program again as the emulator; it lives until the child's input is closed.
    ///
    /// # Errors
    /// The program cannot be started, or does not say where it listens.
    pub fn start() -> Result<(Self, Child)> {
        let program = std::env::current_exe().context("this program has no path")?;
        let mut child = Command::new(program)
            .arg("platform")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("failed to start the emulator")?;
        let mut line = String::new();
        let output = child.stdout.take().context("the child's output is piped")?;
        BufReader::new(output).read_line(&mut line).context("failed to read where the emulator is")?;
        Ok((serde_json::from_str(&line).context("the emulator did not start")?, child))
    }
}

/// Is the emulator: prints one line for [`Peer::start`] and serves until the input ends.
///
/// # Errors
/// It cannot listen.
pub fn serve() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut world = WorldSpec::two_shops();
        world.sellers[0].shops[0].orders = ORDERS;
        let switches = Switches { quota_per_second: QUOTA_PER_SECOND, ..Switches::default() };
        let emulator = Emulator::builder().world(world).switches(switches).start().await?;
        let connection = emulator.connection();
        let shop = connection.shops.first().context("the world has shops")?;
        let peer = Peer {
            api_url: connection.api_url.clone(),
            app_key: connection.app_key.clone(),
            app_secret: connection.app_secret.clone(),
            service_id: connection.service_id.clone(),
            shop: Shop {
                shop_id: shop.shop_id.clone(),
                cipher: shop.cipher.clone(),
                access_token: shop.access_token.clone().context("the shop is connected")?,
            },
        };
        let mut out = std::io::stdout();
        writeln!(out, "{}", serde_json::to_string(&peer)?)?;
        out.flush()?;
        tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
        emulator.shutdown().await?;
        Ok(())
    })
}
