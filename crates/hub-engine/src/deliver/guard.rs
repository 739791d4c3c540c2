//! Which addresses a sink may have.
//!
//! A sink's URL comes from whoever configures the hub, and through it from customers; it must not reach what only the hub
//! can reach. The URL is checked when the sink is made, and every address that its name resolves to is checked when a
//! connection is opened; only checked addresses are dialled, so a name that changes its mind in between gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// How many addresses of one name are looked at.
const ADDRESSES_MAX: usize = 16;
/// How long a URL may be.
const URL_BYTES_MAX: usize = 2048;
/// Ports of services that take HTTP for something else.
const PORTS_REFUSED: [u16; 14] = [0, 7, 9, 19, 22, 23, 25, 53, 110, 143, 389, 3306, 5432, 6379];

/// Which targets a sink may have.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum AddressPolicy {
    /// Public addresses, over HTTPS.
    #[default]
    PublicOnly,
    /// Loopback and private addresses and plain HTTP too: for a receiver beside the hub. Say so for one sink at a time.
    AllowPrivate,
}

/// Why a URL may not be a sink's.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SinkUrlError {
    /// It does not read, or is too long.
    #[error("the URL does not read")]
    Malformed,
    /// Another scheme than `https`, or `http` where private targets are allowed.
    #[error("the scheme `{0}` is not allowed")]
    Scheme(String),
    /// It carries a user name or a password.
    #[error("the URL carries a user name or a password")]
    Credentials,
    /// The port belongs to another protocol.
    #[error("the port {0} is not allowed")]
    Port(u16),
    /// The address is not a public one.
    #[error("the address `{0}` is not allowed")]
    Address(String),
}

/// Reads and checks a sink's URL.
///
/// # Errors
/// The URL may not be used; see [`SinkUrlError`].
pub(super) fn check_url(text: &str, policy: AddressPolicy) -> Result<Url, SinkUrlError> {
    let is_plain = |letter: char| !letter.is_control() && !letter.is_whitespace() && letter != '\\';
    if text.len() > URL_BYTES_MAX || !text.chars().all(is_plain) {
        return Err(SinkUrlError::Malformed);
    }
    let url = Url::parse(text).map_err(|_| SinkUrlError::Malformed)?;
    match (url.scheme(), policy) {
        ("https", _) | ("http", AddressPolicy::AllowPrivate) => {}
        (scheme, _) => return Err(SinkUrlError::Scheme(scheme.into())),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(SinkUrlError::Credentials);
    }
    if let Some(port) = url.port().filter(|port| PORTS_REFUSED.contains(port)) {
        return Err(SinkUrlError::Port(port));
    }
    let refused = |host: String| Err(SinkUrlError::Address(host));
    match url.host().ok_or(SinkUrlError::Malformed)? {
        Host::Ipv4(address) if !is_allowed(address.into(), policy) => refused(address.to_string()),
        Host::Ipv6(address) if !is_allowed(address.into(), policy) => refused(address.to_string()),
        Host::Domain(name) if policy == AddressPolicy::PublicOnly && is_local_name(name) => {
            refused(name.into())
        }
        Host::Ipv4(_) | Host::Ipv6(_) | Host::Domain(_) => Ok(url),
    }
}

fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let local = ["localhost", "local", "internal", "home.arpa"];
    let is_under =
        |zone: &str| name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !name.contains('.') || local.into_iter().any(is_under)
}

/// Whether an address may be dialled.
pub(super) fn is_allowed(address: IpAddr, policy: AddressPolicy) -> bool {
    match (address, policy) {
        (IpAddr::V4(address), AddressPolicy::PublicOnly) => is_public_v4(address),
        (IpAddr::V6(address), AddressPolicy::PublicOnly) => is_public_v6(address),
        // Even beside the hub, the cloud's metadata service is nobody's sink.
        (IpAddr::V4(address), AddressPolicy::AllowPrivate) => !address.is_link_local(),
        (IpAddr::V6(address), AddressPolicy::AllowPrivate) => {
            !address.is_unicast_link_local()
                && embedded_v4(address).is_none_or(|inner| !inner.is_link_local())
        }
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// Only global unicast, and of it neither tunnels nor what carries an IPv4 address inside.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let is_global = (segments[0] & 0xe000) == 0x2000;
    let is_special = match segments {
        // 2001::/23: Teredo, benchmarking, ORCHID and other protocol assignments.
        [0x2001, second, ..] if second < 0x0200 => true,
        // Documentation.
        [0x2001, 0x0db8, ..] | [0x3fff, ..] => true,
        // 6to4.
        [0x2002, ..] => true,
        _ => false,
    };
    is_global && !is_special && embedded_v4(address).is_none()
}

/// The IPv4 address inside a mapped, compatible or translated one.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

/// Resolves names to checked addresses only.
#[derive(Clone, Copy, Debug)]
pub(super) struct GuardedResolver {
    pub(super) policy: AddressPolicy,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.policy;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.take(ADDRESSES_MAX);
            Ok(Box::new(checked(found, policy)?.into_iter()) as Addrs)
        })
    }
}

/// Marks an attempt that was refused before anything was dialled.
#[derive(Debug, thiserror::Error)]
#[error("the name resolves to the address `{0}`, which is not allowed")]
pub(super) struct AddressRefused(IpAddr);

/// All addresses if each may be dialled: a mixed answer is an attempt to slip one through.
fn checked(
    found: impl Iterator<Item = SocketAddr>,
    policy: AddressPolicy,
) -> Result<Vec<SocketAddr>, AddressRefused> {
    found
        .map(
            |address| {
                if is_allowed(address.ip(), policy) { Ok(address) } else { Err(AddressRefused(address.ip())) }
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_behind_the_hub_are_refused_in_every_spelling() {
        let hosts = [
            "127.0.0.1",
            "127.1",
            "0.0.0.0",
            "0",
            "2130706433",
            "0x7f.1",
            "0177.0.0.1",
            "0x7f000001",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "[::1]",
            "[::]",
            "[::ffff:7f00:1]",
            "[::ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "[fd00::1]",
            "[fc00::1]",
            "[fe80::1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::a9fe:a9fe]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[64:ff9b:1::1]",
            "localhost",
            "localhost.",
            "LOCALHOST",
            "a.localhost",
            "printer.local",
            "metadata.google.internal",
            "intranet",
            "\u{ff11}27.0.0.1",
            "127。0。0。1",
        ];
        for host in hosts {
            let url = format!("https://{host}/hook");
            let refused = check_url(&url, AddressPolicy::PublicOnly);
            assert!(
                matches!(refused, Err(SinkUrlError::Address(_) | SinkUrlError::Malformed)),
                "{host}: {refused:?}"
            );
        }
    }

    #[test]
    fn public_targets_are_allowed() {
        for url in [
            "https://example.com/hook?x=1",
            "https://example.com:8443/",
            "https://93.184.216.34/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(check_url(url, AddressPolicy::PublicOnly).is_ok(), "{url}");
        }
    }

    #[test]
    fn tricks_in_urls_are_refused() {
        let table = [
            ("http://example.com/", SinkUrlError::Scheme("http".into())),
            ("file:///etc/passwd", SinkUrlError::Scheme("file".into())),
            ("gopher://example.com/", SinkUrlError::Scheme("gopher".into())),
            ("https://user:pass@example.com/", SinkUrlError::Credentials),
            ("https://example.com@127.0.0.1/", SinkUrlError::Credentials),
            ("https://example.com:22/", SinkUrlError::Port(22)),
            ("https://example.com:25/", SinkUrlError::Port(25)),
            ("https://example.com:6379/", SinkUrlError::Port(6379)),
            ("https://example.com\\@127.0.0.1/", SinkUrlError::Malformed),
            ("https://example.com/\nhost: x", SinkUrlError::Malformed),
            ("https://exa\tmple.com/", SinkUrlError::Malformed),
            ("example.com", SinkUrlError::Malformed),
            ("", SinkUrlError::Malformed),
        ];
        for (url, error) in table {
            assert_eq!(check_url(url, AddressPolicy::PublicOnly).unwrap_err(), error, "{url}");
        }
    }

    #[test]
    fn a_receiver_beside_the_hub_has_to_be_allowed() {
        for url in
            ["http://127.0.0.1:9000/", "http://[::1]:9000/", "http://10.1.2.3/", "http://localhost:9000/"]
        {
            assert!(check_url(url, AddressPolicy::AllowPrivate).is_ok(), "{url}");
            assert!(check_url(url, AddressPolicy::PublicOnly).is_err(), "{url}");
        }
        for url in ["http://169.254.169.254/", "http://[fe80::1]/", "http://[::ffff:169.254.169.254]/"] {
            assert!(check_url(url, AddressPolicy::AllowPrivate).is_err(), "{url}");
        }
    }

    #[test]
    fn one_bad_address_spoils_the_answer() {
        let public = SocketAddr::from(([93, 184, 216, 34], 443));
        let private = SocketAddr::from(([10, 0, 0, 1], 443));
        assert_eq!(checked([public].into_iter(), AddressPolicy::PublicOnly).unwrap(), [public]);
        assert!(checked([public, private].into_iter(), AddressPolicy::PublicOnly).is_err());
    }
}
