//! A seller connects a shop to a hub, by the steps of a browser.

use anyhow::{Context as _, ensure};
use serde_json::json;

use crate::Control;

/// Opens the hub's link for `app`, lets the seller consent, and goes back to the hub.
///
/// # Errors
/// The hub or the platform does not play along; the text says what they answered.
pub async fn connect_seller(
    control: &Control,
    hub_url: &str,
    app: &str,
    seller_id: &str,
) -> anyhow::Result<()> {
    let no_redirects = reqwest::redirect::Policy::none();
    let client = reqwest::Client::builder().redirect(no_redirects).no_proxy().build()?;
    let link = client.get(format!("{hub_url}/connect/{app}")).send().await?;
    let header =
        |name: &str| link.headers().get(name).and_then(|value| value.to_str().ok()).context("a header");
    let location = reqwest::Url::parse(header("location")?)?;
    let cookie = header("set-cookie")?.split(';').next().unwrap_or_default().to_owned();
    let state = location.query_pairs().find(|(key, _)| key == "state").map(|(_, state)| state.into_owned());
    let consent = control.post("consent", &json!({"seller_id": seller_id, "state": state})).await?;
    let back = consent["location"].as_str().context("a way back")?;
    let page = client.get(back).header("cookie", cookie).send().await?;
    let (status, text) = (page.status(), page.text().await?);
    ensure!(status.is_success() || status.is_redirection(), "the hub answered {status}: {text}");
    Ok(())
}
