//! What to do about the platform's codes, and who must do it.

use serde::Serialize;

/// The way out of one failure.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Remedy {
    /// Who must act.
    pub(crate) who: &'static str,
    /// What to do.
    #[serde(rename = "remedy")]
    pub(crate) what: &'static str,
    /// Whether the same call may succeed later without anyone's help.
    pub(crate) retry: bool,
}

/// What helps against a code that can come from any operation.
pub(crate) fn of_code(code: i64) -> Option<Remedy> {
    let place = REMEDIES.iter().find(|(codes, _)| codes.contains(&code));
    place.map(|(_, remedy)| *remedy)
}

const fn act(who: &'static str, what: &'static str) -> Remedy {
    Remedy { who, what, retry: false }
}

const fn wait(what: &'static str) -> Remedy {
    Remedy { who: "nobody", what, retry: true }
}

const OPERATOR: &str = "the operator of the app";
const SELLER: &str = "the seller";
const DEVELOPER: &str = "the developer of the caller";

static REMEDIES: &[(&[i64], Remedy)] = &[
    (
        &[36_009_002, 17_029_054, 600_001_001, 600_001_002],
        wait("slow down: wait with jitter, honour `Retry-After`"),
    ),
    (&[36_009_037], wait("test shops get 1,000 calls an hour: wait for the next full hour")),
    (
        &[36_009_003, 36_009_007],
        wait("repeat reads; repeat writes only if they are safe twice; then ask support with the request_id"),
    ),
    (&[36_009_009], act(DEVELOPER, "correct the path: `ttshop ops search WORDS` lists those that exist")),
    (&[36_009_010], act(DEVELOPER, "correct the method: `ttshop ops show OPERATION` names it")),
    (&[36_009_014], act(DEVELOPER, "move to a newer version: `ttshop ops show OPERATION` names it")),
    (&[36_009_021], act(DEVELOPER, "send a smaller file")),
    (&[36_009_022], act(DEVELOPER, "send JSON with content-type application/json, or multipart/form-data")),
    (&[36_009_023], act(DEVELOPER, "send the file as multipart/form-data")),
    (&[36_009_033], act(OPERATOR, "add this machine's address to the app's allow-list in Partner Center")),
    (&[36_009_043, 36_009_044], act(SELLER, "reactivate the shop; stop asking until then")),
    (
        &[36_009_004],
        act(
            DEVELOPER,
            "the code says several things, the message says which: check sign, app key, the clock (5 minutes behind to \
             30 seconds ahead), the token header, an unexpected cipher, then the parameters",
        ),
    ),
    (
        &[101_000],
        act(OPERATOR, "use the token and the cipher of the same shop, and a token of the right kind of user"),
    ),
    (&[105_001, 105_004, 36_004_001, 36_004_004, 36_004_005], act(SELLER, "authorise the app again")),
    (
        &[105_002],
        Remedy { who: "the token holder", what: "refresh the token and repeat the call once", retry: true },
    ),
    (
        &[105_005],
        act(
            OPERATOR,
            "enable the scope in Partner Center, then have the seller authorise again: old tokens gain nothing",
        ),
    ),
    (
        &[106_001],
        act(
            DEVELOPER,
            "compare with `ttshop sign --explain`; sign the very bytes and parameters that are sent",
        ),
    ),
    (&[106_013], act(DEVELOPER, "send the parameter `shop_cipher`")),
    (&[98_001_004], act(DEVELOPER, "correct the parameter that the message names")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_remedy() {
        let mut codes: Vec<_> = REMEDIES.iter().flat_map(|(codes, _)| codes.iter()).collect();
        let all = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }

    #[test]
    fn an_expired_token_is_worth_another_try_and_a_wrong_sign_is_not() {
        assert!(of_code(105_002).unwrap().retry);
        assert!(!of_code(106_001).unwrap().retry);
        assert_eq!(of_code(1), None);
    }
}
