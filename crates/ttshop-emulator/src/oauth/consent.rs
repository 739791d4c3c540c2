//! The page on which a seller agrees, and where it leads (PLATFORM.md 1.2).

use std::fmt::Write as _;
use std::sync::Arc;

use url::Url;

use crate::gateway::Answer;
use crate::oauth::html::{HTML, escape, page_of};
use crate::platform::Platform;
use crate::world::{App, Holder, Seller, World};
use crate::worlds::Worlds;

/// Why consent leads nowhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum ConsentError {
    #[error("the service id belongs to no app")]
    UnknownApp,
    #[error("the app has no redirect URL: set one with PUT /_emulator/app")]
    RedirectMissing,
    #[error("the seller, creator or partner does not exist")]
    UnknownHolder,
}

/// `GET /open/authorize?service_id=&state=`
pub(crate) fn page(query: &str, worlds: &Worlds) -> (Arc<Platform>, Answer) {
    let field = |name: &str| form_field(query.as_bytes(), name);
    let platform = worlds.of_app(field("service_id").as_deref());
    let answer = consent_page(&field, &platform.world());
    (platform, answer)
}

fn consent_page(field: &dyn Fn(&str) -> Option<String>, world: &World) -> Answer {
    let app = world.app_by_service(&field("service_id").unwrap_or_default());
    let Some(app) = app.map(|app| &world.apps[app]) else { return failure(ConsentError::UnknownApp) };
    let Some(redirect) = redirect_of(app) else { return failure(ConsentError::RedirectMissing) };
    let body = form(app, world, &field("state").unwrap_or_default());
    let mut answer = html(200, page_of(&format!("Authorize {}", app.name), &body));
    // Browsers hold a form's redirects to its policy, so the app's origin has to be in it.
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' {}; base-uri 'none'; frame-ancestors 'none'",
        redirect.origin().ascii_serialization()
    );
    answer.headers.push(("content-security-policy", policy));
    answer
}

/// `POST /open/authorize`: the form was sent.
pub(crate) fn decide(form: &[u8], worlds: &Worlds) -> (Arc<Platform>, Answer) {
    let field = |name: &str| form_field(form, name).unwrap_or_default();
    let state = Some(field("state")).filter(|state| !state.is_empty());
    let service_id = field("service_id");
    let platform = worlds.of_app(Some(&service_id));
    let now = platform.now();
    let mut world = platform.world();
    let Some(app) = world.app_by_service(&service_id) else {
        drop(world);
        return (platform, failure(ConsentError::UnknownApp));
    };
    let target = if field("decision") == "authorize" {
        let holder = Holder::from_form(&field("seller")).ok_or(ConsentError::UnknownHolder);
        holder.and_then(|holder| agree(&mut world, app, holder, state.as_deref(), now))
    } else {
        refuse(&world, app, state.as_deref())
    };
    drop(world);
    let answer = match target {
        Ok(target) => {
            let mut answer = html(302, Vec::new());
            answer.headers.push(("location", target.into()));
            answer
        }
        Err(error) => failure(error),
    };
    (platform, answer)
}

/// Where the browser goes after consent: back to the app, with a code.
pub(crate) fn agree(
    world: &mut World,
    app: usize,
    holder: Holder,
    state: Option<&str>,
    now: ttshop_types::Timestamp,
) -> Result<Url, ConsentError> {
    let mut target = redirect_of(&world.apps[app]).ok_or(ConsentError::RedirectMissing)?;
    let code = world.consent(app, holder, now).ok_or(ConsentError::UnknownHolder)?;
    target.query_pairs_mut().append_pair("code", &code);
    add_state(&mut target, state);
    Ok(target)
}

/// Where the browser goes after a refusal: back to the app, with `code=null` and an error.
pub(crate) fn refuse(world: &World, app: usize, state: Option<&str>) -> Result<Url, ConsentError> {
    let mut target = redirect_of(&world.apps[app]).ok_or(ConsentError::RedirectMissing)?;
    let error = world.switches.refusal_error.as_str();
    target.query_pairs_mut().append_pair("code", "null").append_pair("error", error);
    add_state(&mut target, state);
    Ok(target)
}

/// An installation from the App Store carries no state.
fn add_state(target: &mut Url, state: Option<&str>) {
    if let Some(state) = state {
        target.query_pairs_mut().append_pair("state", state);
    }
}

fn redirect_of(app: &App) -> Option<Url> {
    let url = Url::parse(app.redirect_url.as_deref()?).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn form(app: &App, world: &World, state: &str) -> String {
    let mut body = format!(
        "<p><b>{}</b> asks for access to a seller's shops. This is an emulated platform; no real account is involved.</p>\
         <form method=\"post\" action=\"/open/authorize\"><input type=\"hidden\" name=\"service_id\" value=\"{}\">\
         <input type=\"hidden\" name=\"state\" value=\"{}\">",
        escape(&app.name),
        escape(&app.service_id),
        escape(state)
    );
    body.push_str("<fieldset><legend>Seller</legend>");
    for (place, seller) in world.sellers.values().enumerate() {
        push_seller(&mut body, seller, place == 0, world);
    }
    if world.sellers.is_empty() {
        body.push_str("<p>There is no seller yet.</p>");
    }
    body.push_str("</fieldset><fieldset><legend>Creator or partner</legend>");
    for creator in world.creators.values() {
        push_choice(&mut body, Holder::Creator(creator.number), &creator.name, "creator", "");
    }
    for partner in world.partners.values() {
        push_choice(&mut body, Holder::Partner(partner.number), &partner.name, "partner", "");
    }
    body.push_str("</fieldset><details><summary>Scopes</summary><ul>");
    for scope in &app.scopes {
        push(&mut body, format_args!("<li><code>{}</code></li>", escape(scope)));
    }
    body.push_str(
        "</ul></details><p><button class=\"yes\" name=\"decision\" value=\"authorize\">Authorize</button>\
         <button name=\"decision\" value=\"cancel\">Cancel</button></p></form>",
    );
    body
}

fn push_seller(body: &mut String, seller: &Seller, checked: bool, world: &World) {
    let shops = seller.shops.iter().filter_map(|shop| world.shops.get(shop));
    let shops: Vec<String> =
        shops.map(|shop| format!("{} ({})", escape(&shop.name), escape(shop.region.code()))).collect();
    let checked = if checked { " checked" } else { "" };
    push_choice(body, Holder::Seller(seller.number), &seller.name, &shops.join(", "), checked);
}

/// One choice; `note` is HTML.
fn push_choice(body: &mut String, holder: Holder, name: &str, note: &str, checked: &str) {
    push(
        body,
        format_args!(
            "<p><label><input type=\"radio\" name=\"seller\" value=\"{}\"{checked}> {}</label><br><small>{note}</small></p>",
            holder.form_value(),
            escape(name),
        ),
    );
}

fn push(body: &mut String, text: std::fmt::Arguments<'_>) {
    body.write_fmt(text).expect("writing to a string does not fail");
}

fn failure(error: ConsentError) -> Answer {
    html(400, page_of("This authorization cannot go on", &format!("<p>{}</p>", escape(&error.to_string()))))
}

fn html(status: u16, body: Vec<u8>) -> Answer {
    Answer { content_type: HTML, ..Answer::json(status, body) }
}

fn form_field(form: &[u8], name: &str) -> Option<String> {
    url::form_urlencoded::parse(form).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
