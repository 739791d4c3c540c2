//! The emulated platform with SDK clients for it.

use std::sync::Arc;

use anyhow::Context as _;
use ttshop::{App, Client, FixedToken, RetryPolicy, ShopAccess, TokenSource};
use ttshop_clock::{Clock, SystemClock, VirtualClock};
use ttshop_emulator::{
    ConnectedShop, Connection, Emulator, EmulatorClock, RunningEmulator, Switches, WorldSpec,
};
use ttshop_types::Timestamp;

use crate::Control;

/// When virtual worlds begin.
const BEGINNING: Timestamp = Timestamp::from_seconds(1_795_000_000);

/// What kind of platform to start.
#[derive(Clone, Debug)]
pub struct PlatformOptions {
    /// Same seed, same world.
    pub seed: u64,
    /// Who lives in it.
    pub world: WorldSpec,
    /// How it behaves where its documentation is silent.
    pub switches: Switches,
    /// Time stands still until the test moves it; otherwise it is the machine's.
    pub is_virtual: bool,
}

impl Default for PlatformOptions {
    fn default() -> Self {
        // Tests call as fast as they can; those about quotas set their own.
        let switches = Switches { quota_per_second: 1_000_000, ..Switches::default() };
        Self { seed: 1, world: WorldSpec::two_shops(), switches, is_virtual: false }
    }
}

/// An emulated platform on a free port.
#[derive(Debug)]
pub struct TestPlatform {
    /// The emulator itself, to advance and settle.
    pub emulator: RunningEmulator,
    /// Its control API.
    pub control: Control,
    /// Its clock; clients share it.
    pub clock: Arc<dyn Clock>,
    is_virtual: bool,
}

impl TestPlatform {
    /// Starts a platform.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(options: PlatformOptions) -> anyhow::Result<Self> {
        let (clock, emulator_clock): (Arc<dyn Clock>, _) = if options.is_virtual {
            let clock = VirtualClock::at(BEGINNING);
            (Arc::new(clock.clone()), EmulatorClock::Virtual(clock))
        } else {
            (Arc::new(SystemClock::new()), EmulatorClock::Real)
        };
        let builder = Emulator::builder().seed(options.seed).world(options.world).switches(options.switches);
        let emulator = builder.clock(emulator_clock).start().await?;
        let control = Control::at(&emulator.connection().control_url)?;
        Ok(Self { emulator, control, clock, is_virtual: options.is_virtual })
    }

    /// Whether time stands still until the test moves it.
    pub fn is_virtual(&self) -> bool {
        self.is_virtual
    }

    /// Where it is and how to connect.
    pub fn connection(&self) -> Connection {
        self.emulator.connection()
    }

    /// The app as its developer knows it.
    pub fn app(&self) -> App {
        let connection = self.connection();
        App {
            key: connection.app_key.as_str().into(),
            secret: connection.app_secret.as_str().into(),
            service_id: connection.service_id.as_str().into(),
        }
    }

    /// The shop in this market.
    ///
    /// # Errors
    /// There is none.
    pub fn shop(&self, region: &str) -> anyhow::Result<ConnectedShop> {
        let shops = self.connection().shops;
        shops.into_iter().find(|shop| shop.region == region).with_context(|| format!("no shop in {region}"))
    }

    /// A client of the platform with these tokens and the default retries.
    ///
    /// # Errors
    /// The client cannot be set up.
    pub fn client(&self, tokens: Arc<dyn TokenSource>) -> anyhow::Result<Client> {
        self.client_with(tokens, RetryPolicy::default(), Arc::clone(&self.clock))
    }

    /// A client with its own retries and clock.
    ///
    /// # Errors
    /// The client cannot be set up.
    pub fn client_with(
        &self,
        tokens: Arc<dyn TokenSource>,
        retry: RetryPolicy,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Client> {
        let connection = self.connection();
        let builder = Client::builder(self.app()).base_url(connection.api_url).auth_url(connection.auth_url);
        Ok(builder.tokens(tokens).retry(retry).clock(clock).seed(1).build()?)
    }

    /// A client that acts on the shop in this market, with the token it has now.
    ///
    /// # Errors
    /// There is no such shop, or it is not connected.
    pub fn shop_client(&self, region: &str) -> anyhow::Result<Client> {
        let shop = self.shop(region)?;
        let token = shop.access_token.context("the shop is connected")?;
        let client = self.client(Arc::new(FixedToken::new(token.into())))?;
        Ok(client.with_shop(ShopAccess::new(shop.shop_id.into(), shop.cipher.into())))
    }
}
