//! Links to the consent page.

use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::App;

/// Who is asked to authorise, and where.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Grantor {
    /// A seller whose shop is in the United States.
    SellerUs,
    /// A seller anywhere else.
    Seller,
    /// A partner agency in the United States.
    PartnerUs,
    /// A partner agency anywhere else.
    Partner,
    /// A creator.
    Creator,
}

/// The hosts of consent pages, each with its scheme.
///
/// The platform's own pages disagree about the host for sellers in the United States: the newer one is the default here, the
/// older one is `https://services.us.tiktokshop.com`.
#[derive(Clone, Debug)]
pub struct AuthorizeHosts {
    /// For [`Grantor::SellerUs`].
    pub seller_us: String,
    /// For [`Grantor::Seller`].
    pub seller: String,
    /// For [`Grantor::PartnerUs`].
    pub partner_us: String,
    /// For [`Grantor::Partner`].
    pub partner: String,
    /// For [`Grantor::Creator`].
    pub creator: String,
}

impl Default for AuthorizeHosts {
    fn default() -> Self {
        Self {
            seller_us: "https://services.tiktokshops.us".into(),
            seller: "https://services.tiktokshop.com".into(),
            partner_us: "https://partner.us.tiktokshop.com".into(),
            partner: "https://partner.tiktokshop.com".into(),
            creator: "https://shop.tiktok.com".into(),
        }
    }
}

impl AuthorizeHosts {
    /// One host for everybody: an emulator.
    pub fn all_at(host: impl Into<String>) -> Self {
        let host = host.into();
        let host = host.trim_end_matches('/');
        Self {
            seller_us: host.into(),
            seller: host.into(),
            partner_us: host.into(),
            partner: host.into(),
            creator: host.into(),
        }
    }

    /// The link that `grantor` opens to authorise `app`. The consent page hands `state` back; a creator's page does not open
    /// without one.
    pub fn link(&self, app: &App, grantor: Grantor, state: &str) -> String {
        let (host, path, key, value) = match grantor {
            Grantor::SellerUs => (&self.seller_us, "/open/authorize", "service_id", app.service_id.as_str()),
            Grantor::Seller => (&self.seller, "/open/authorize", "service_id", app.service_id.as_str()),
            Grantor::PartnerUs => {
                (&self.partner_us, "/open/authorize", "service_id", app.service_id.as_str())
            }
            Grantor::Partner => (&self.partner, "/open/authorize", "service_id", app.service_id.as_str()),
            Grantor::Creator => (&self.creator, "/alliance/creator/auth", "app_key", app.key.as_str()),
        };
        let mut link = format!("{host}{path}?{key}={}", encode(value));
        let state = state.trim();
        if !state.is_empty() {
            write!(link, "&state={}", encode(state)).expect("a String takes everything");
        }
        link
    }
}

fn encode(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
}
