//! Keeps web pages of other sites away from the control API.
//!
//! The emulator has no login. A page on another site could still make a browser send requests to this machine, directly or
//! after pointing its own name here (DNS rebinding). So the host must be this machine by name, and a browser must say that
//! the request comes from the same site.

use http::HeaderMap;

/// Whether the request may use the control API.
pub(crate) fn is_same_site(headers: &HeaderMap, base_url: &str, allowed: &[String]) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text("host").unwrap_or_default();
    let own = base_url.strip_prefix("http://").is_some_and(|authority| authority == host);
    if !own && !is_loopback(host) && !allowed.iter().any(|name| name == name_of(host)) {
        return false;
    }
    let same_origin = text("origin").is_none_or(|origin| origin.strip_prefix("http://") == Some(host));
    let same_site = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    same_origin && same_site
}

fn is_loopback(host: &str) -> bool {
    let name = name_of(host);
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The host without its port and without the brackets of IPv6.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, _)) => name,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(headers: &[(&'static str, &'static str)]) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        is_same_site(&headers, "http://192.168.7.7:4000", &["emulator".into()])
    }

    #[test]
    fn this_machine_and_named_hosts_pass() {
        for host in
            ["127.0.0.1:4000", "localhost:4000", "[::1]:4000", "192.168.7.7:4000", "emulator:80", "localhost"]
        {
            assert!(passes(&[("host", host)]), "{host}");
        }
    }

    #[test]
    fn other_sites_do_not_pass() {
        assert!(!passes(&[("host", "evil.example:4000")]));
        assert!(!passes(&[("host", "192.168.7.8:4000")]));
        assert!(!passes(&[]));
        assert!(!passes(&[("host", "localhost:4000"), ("origin", "http://evil.example")]));
        assert!(!passes(&[("host", "localhost:4000"), ("origin", "null")]));
        assert!(!passes(&[("host", "localhost:4000"), ("sec-fetch-site", "cross-site")]));
        assert!(passes(&[("host", "localhost:4000"), ("origin", "http://localhost:4000")]));
    }
}
