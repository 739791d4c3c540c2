//! From what a person typed to one operation.

use ttshop_catalogue::{OPERATIONS, Operation, by_key, by_key_version};

use super::search::ranked;
use crate::failure::Failure;

/// How many near misses are suggested.
const SUGGESTIONS_MAX: usize = 3;

/// The operation named `order.search_orders`, `order.get_order_detail@202309` or by the platform's own title.
pub(crate) fn find(name: &str) -> Result<&'static Operation, Failure> {
    let (key, version) = name.split_once('@').map_or((name, None), |(key, version)| (key, Some(version)));
    let found = match version {
        Some(version) => by_key_version(key, version),
        None => by_key(key).or_else(|| by_title(key)),
    };
    found.ok_or_else(|| unknown(name, key))
}

fn by_title(title: &str) -> Option<&'static Operation> {
    OPERATIONS
        .iter()
        .copied()
        .find(|operation| operation.pinned && operation.title.eq_ignore_ascii_case(title))
}

fn unknown(name: &str, key: &str) -> Failure {
    let failure = Failure::usage(format!("there is no operation `{name}`"));
    let versions: Vec<_> = OPERATIONS
        .iter()
        .filter(|operation| operation.key == key)
        .map(|operation| operation.version)
        .collect();
    if !versions.is_empty() {
        return failure.remedy(format!("`{key}` exists in {}", versions.join(", ")));
    }
    let near: Vec<_> =
        ranked(&[key.to_owned()], SUGGESTIONS_MAX).iter().map(|operation| operation.key).collect();
    if near.is_empty() {
        return failure.remedy("look for it with `ttshop ops search WORDS`");
    }
    failure.remedy(format!("perhaps {}; or look for it with `ttshop ops search WORDS`", near.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found_by_key_version_and_title() {
        assert_eq!(find("order.search_orders").unwrap().path, "/order/202309/orders/search");
        assert_eq!(find("order.get_order_detail@202309").unwrap().version, "202309");
        assert_eq!(find("GetOrderList").unwrap().key, "order.search_orders");
    }

    #[test]
    fn a_near_miss_is_suggested() {
        let failure = find("order.serch_orders").unwrap_err().to_string();
        assert!(failure.contains("order.search_orders"), "{failure}");
        let failure = find("order.get_order_detail@2023").unwrap_err().to_string();
        assert!(failure.contains("202309"), "{failure}");
    }
}
