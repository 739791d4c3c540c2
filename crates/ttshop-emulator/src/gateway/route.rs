//! Path, method and version.

use ttshop_catalogue::{Method, Operation, PathParams};

use crate::gateway::{Call, Refusal};

/// The operation that the request line names.
pub(crate) fn operation<'c>(call: &'c Call<'c>) -> Result<(&'static Operation, PathParams<'c>), Refusal> {
    let method = Method::parse(call.method);
    if let Some(found) = method.and_then(|method| ttshop_catalogue::route(method, call.path)) {
        return Ok(found);
    }
    if ttshop_catalogue::path_exists(call.path) {
        return Err(Refusal::method());
    }
    Err(unknown_path(call.path))
}

/// A stray `version` is answered like an invalid one (PLATFORM.md 3.2).
pub(crate) fn no_stray_version(call: &Call<'_>) -> Result<(), Refusal> {
    if call.param("version").is_some() { Err(Refusal::stray_version()) } else { Ok(()) }
}

fn unknown_path(path: &str) -> Refusal {
    let mut segments = path.split('/').skip(1);
    let (family, version) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    if !ttshop_catalogue::families().any(|known| known == family) {
        return Refusal::unknown_family();
    }
    // A version that the family has never had is named as such; a known version without this path is a wrong path.
    let known = ttshop_catalogue::by_family(family).iter().any(|operation| operation.version == version);
    if known { Refusal::path() } else { Refusal::version() }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::gateway::Content;

    fn refused(method: &str, path: &str) -> (u16, Option<i64>) {
        let headers = HeaderMap::new();
        let caller = std::net::Ipv4Addr::LOCALHOST.into();
        let call = Call::new(method, path, "", &headers, Content::Whole(&[]), caller);
        let refusal = operation(&call).unwrap_err();
        (refusal.status, refusal.code)
    }

    #[test]
    fn each_unknown_thing_has_its_own_answer() {
        assert_eq!(refused("GET", "/reverse/202309/reverse_orders"), (404, None));
        assert_eq!(refused("GET", "/order/202309/orders/576461413038785752"), (404, Some(36_009_009)));
        assert_eq!(refused("GET", "/order/209901/orders"), (400, Some(36_009_014)));
        assert_eq!(refused("GET", "/order/202309/orders/search"), (400, Some(36_009_010)));
        assert_eq!(refused("PATCH", "/order/202309/orders/search"), (400, Some(36_009_010)));
        assert_eq!(refused("GET", "/"), (404, None));
    }
}
