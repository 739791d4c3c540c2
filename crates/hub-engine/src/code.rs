//! The codes that operators see, each with a page in `docs/errors/`.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $number:literal $title:literal)*) => {
        /// A stable code of an error that an operator can act on.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum HubCode {
            $($(#[$doc])* $name,)*
        }

        impl HubCode {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as printed.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => concat!("HUB", $number),)*
                }
            }

            /// What it says, in a few words.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }
        }
    };
}

codes! {
    /// A secret was sealed under a master key that is not loaded.
    MasterKeyUnknown "0001" "the master key of a sealed secret is not loaded"
    /// A secret does not open: wrong key, damaged bytes, or moved from another row.
    SecretDoesNotOpen "0002" "a sealed secret does not open"
    /// A notification's signature fits no loaded secret.
    WebhookSignature "0003" "the webhook signature is wrong"
    /// The app of a URL is not configured.
    AppUnknown "0004" "the app is not configured"
    /// The app's secret is not loaded.
    AppSecretMissing "0005" "the app secret is not loaded"
    /// More notifications are being stored than the bound allows.
    DoorBusy "0006" "too many webhooks at once"
    /// The store did not answer in time or is gone.
    StoreUnavailable "0007" "the store is not available"
    /// A signed notification could not be read; it is kept for a person.
    NotificationUnreadable "0008" "a signed notification could not be read"
    /// A request to the door is not a notification: wrong method, too large, encoded.
    NotANotification "0009" "the request is not a notification"
    /// Work names a shop that is not connected.
    ShopNotConnected "0010" "the shop is not connected"
    /// A grant needs a person to authorise again.
    NeedsReauthorization "0011" "the authorization has to be renewed by the seller"
    /// A seller took a grant back.
    AuthorizationRevoked "0012" "the seller revoked the authorization"
    /// The platform does not return an order that was announced.
    OrderMissing "0013" "the platform does not return the order"
    /// The platform refuses a call for good.
    PlatformRefused "0014" "the platform refuses the call"
    /// The platform cannot be reached or answers errors that pass.
    PlatformUnavailable "0015" "the platform is not available"
    /// The platform's answer is not what was asked for.
    PlatformAnswerUnreadable "0016" "the platform's answer could not be read"
    /// The platform says that the shop or its seller is inactive.
    ShopInactive "0017" "the shop is inactive"
    /// An app store began a connection that the hub did not begin.
    ConnectWithoutState "0018" "the connection was not begun here"
    /// A connection is expired, finished, or foreign.
    ConnectExpired "0019" "the connection is expired or was finished already"
    /// Another browser finishes a connection than began it.
    ConnectOtherBrowser "0020" "the connection was begun in another browser"
    /// The seller said no.
    ConnectDenied "0021" "the seller refused"
    /// The platform did not accept the authorization code.
    ConnectExchange "0022" "the authorization code could not be exchanged"
    /// The grant opens no shop.
    ConnectNoShops "0023" "the authorization opens no shop"
    /// A sink's URL may not be used.
    SinkUrl "0024" "the sink URL is not allowed"
    /// A sink's name resolved to an address that may not be dialled.
    SinkAddress "0025" "the sink address is not allowed"
    /// A sweep could not finish; its cursor stays where it was.
    SweepIncomplete "0026" "a sweep could not finish"
    /// A request carries no valid API key.
    ApiKey "0027" "the API key is missing or wrong"
    /// A request's parameters do not read.
    BadRequest "0028" "the request is not valid"
    /// What was asked for does not exist.
    NotFound "0029" "not found"
    /// Stored data does not read back.
    StoreDamaged "0030" "stored data is damaged"
    /// The hub's own code failed on a job.
    WorkerPanicked "0031" "a worker of the hub failed"
}

impl fmt::Display for HubCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_code_has_its_page_and_every_page_its_code() {
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        for code in HubCode::ALL {
            let page = pages.join(format!("{code}.md"));
            let text =
                std::fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
            assert!(
                text.starts_with(&format!("# {code}: {}", code.title())),
                "{code}: the page has another title"
            );
            for part in ["## Meaning", "## Checks", "## Cure"] {
                assert!(text.contains(part), "{code}: `{part}` is missing");
            }
        }
        let count = std::fs::read_dir(&pages).unwrap().filter(|entry| {
            entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("HUB"))
        });
        assert_eq!(count.count(), HubCode::ALL.len());
    }

    #[test]
    fn codes_are_distinct() {
        let mut texts: Vec<_> = HubCode::ALL.iter().map(|code| code.as_str()).collect();
        texts.dedup();
        assert_eq!(texts.len(), HubCode::ALL.len());
    }
}
