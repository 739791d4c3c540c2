//! Apps of developers.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ttshop_sign::{RequestSigner, WebhookSigner};
use ttshop_types::{AppKey, SecretText};

/// One app.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "AppRecord", into = "AppRecord")]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) service_id: String,
    /// Enabled in the app, sorted.
    pub(crate) scopes: Vec<String>,
    pub(crate) redirect_url: Option<String>,
    pub(crate) webhook_url: Option<String>,
    pub(crate) credentials: Arc<Credentials>,
}

/// What identifies an app, with the signers made from it once.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) app_key: String,
    pub(crate) app_secret: SecretText,
    pub(crate) request_signer: RequestSigner,
    pub(crate) webhook_signer: WebhookSigner,
}

impl Credentials {
    pub(crate) fn new(app_key: String, app_secret: SecretText) -> Self {
        let request_signer = RequestSigner::new(app_secret.clone());
        let webhook_signer = WebhookSigner::new(&AppKey::new(app_key.clone()), &app_secret);
        Self { app_key, app_secret, request_signer, webhook_signer }
    }
}

/// An app in a snapshot.
#[derive(Serialize, Deserialize)]
struct AppRecord {
    name: String,
    app_key: String,
    app_secret: String,
    service_id: String,
    scopes: Vec<String>,
    redirect_url: Option<String>,
    webhook_url: Option<String>,
}

impl From<AppRecord> for App {
    fn from(record: AppRecord) -> Self {
        Self {
            name: record.name,
            service_id: record.service_id,
            scopes: record.scopes,
            redirect_url: record.redirect_url,
            webhook_url: record.webhook_url,
            credentials: Arc::new(Credentials::new(record.app_key, record.app_secret.into())),
        }
    }
}

impl From<App> for AppRecord {
    fn from(app: App) -> Self {
        Self {
            name: app.name,
            app_key: app.credentials.app_key.clone(),
            app_secret: app.credentials.app_secret.expose().clone(),
            service_id: app.service_id,
            scopes: app.scopes,
            redirect_url: app.redirect_url,
            webhook_url: app.webhook_url,
        }
    }
}
