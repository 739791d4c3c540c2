//! The apps that this hub serves.

use ttshop_types::{AppKey, SecretText, ServiceId};

use hub_core::AppName;
use ttshop_sign::WebhookVerifier;

/// One app of Partner Center, as the operator configured it.
#[derive(Clone, Debug)]
pub struct HubApp {
    /// The hub's own name for it; part of its URLs.
    pub name: AppName,
    /// Its public key.
    pub key: AppKey,
    /// Its secret. `None` while it could not be loaded: the door then answers 503 and never 401.
    pub secret: Option<SecretText>,
    /// Earlier secrets that notifications may still be signed with, newest first.
    pub previous_secrets: Vec<SecretText>,
    /// The id in its authorise URL.
    pub service_id: ServiceId,
    /// Where its platform is.
    pub hosts: AppHosts,
    /// What to do with callbacks that the hub did not begin.
    pub stateless_callbacks: StatelessCallbacks,
}

impl HubApp {
    /// What checks this app's notifications, if its secret is loaded.
    pub(crate) fn verifier(&self) -> Option<WebhookVerifier> {
        let verifier = WebhookVerifier::new(self.key.clone(), self.secret.as_ref()?);
        Some(self.previous_secrets.iter().rev().fold(verifier, WebhookVerifier::or_previous))
    }
}

/// Base URLs without a slash at the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppHosts {
    /// Signed calls.
    pub api: String,
    /// Token endpoints.
    pub auth: String,
    /// Where sellers give their consent.
    pub consent: String,
}

impl AppHosts {
    /// The platform, for sellers outside the United States.
    pub fn rest_of_world() -> Self {
        Self {
            api: "https://open-api.tiktokglobalshop.com".into(),
            auth: "https://auth.tiktok-shops.com".into(),
            consent: "https://services.tiktokshop.com".into(),
        }
    }

    /// The platform, for sellers in the United States.
    pub fn united_states() -> Self {
        Self { consent: "https://services.tiktokshops.us".into(), ..Self::rest_of_world() }
    }
}

/// Installations from the platform's app store come back without the `state` that binds a callback to a browser.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum StatelessCallbacks {
    /// Refuse them with a page that says how to connect instead.
    #[default]
    Refuse,
    /// Accept them: whoever can make a browser open the callback can connect a shop of their own to this hub.
    Accept,
}
