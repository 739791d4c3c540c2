//! A page for people.

use std::fmt::Write as _;

use crate::control::Reply;
use crate::gateway::Answer;
use crate::oauth::{HTML, escape, page_of};
use crate::platform::Platform;

/// What can be looked at in a browser.
const LINKS: [(&str, &str); 7] = [
    ("state", "apps, sellers, shops"),
    ("clock", "the platform's time"),
    ("deliveries", "webhooks and their attempts"),
    ("journal", "the last calls"),
    ("switches", "where the documentation is silent"),
    ("faults", "what goes wrong on request"),
    ("webhook_chaos", "what happens to webhooks on the way"),
];

pub(super) fn index(platform: &Platform) -> Reply {
    let world = platform.world();
    let mut body = String::from("<p>An emulated TikTok Shop platform; unofficial.</p><ul>");
    let mut push = |text: std::fmt::Arguments<'_>| {
        body.write_fmt(text).expect("writing to a string does not fail");
    };
    for (path, what) in LINKS {
        push(format_args!("<li><a href=\"/_emulator/{path}\">{path}</a> <small>{what}</small></li>"));
    }
    for shop in world.shops.values() {
        push(format_args!(
            "<li><a href=\"/_emulator/truth/orders?shop_id={}\">orders of {}</a> <small>{} of them</small></li>",
            shop.number,
            escape(&shop.name),
            shop.book.len()
        ));
    }
    for app in &world.apps {
        push(format_args!(
            "<li><a href=\"/open/authorize?service_id={}&amp;state=by-hand\">connect {}</a></li>",
            escape(&app.service_id),
            escape(&app.name)
        ));
    }
    push(format_args!("</ul>"));
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
    let mut answer = Answer { content_type: HTML, ..Answer::json(200, page_of("ttshop emulator", &body)) };
    answer.headers.push(("content-security-policy", policy.into()));
    Reply::Answer(answer)
}
