//! The token endpoints. They take GET only, so the app secret travels in the query: no address is ever printed.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method};
use ttshop_types::SecretText;

use super::token_set::TokenAnswer;
use super::{AuthorizeHosts, Grantor, TokenSet};
use crate::App;
use crate::attempts::{Attempts, Facts};
use crate::core::Core;
use crate::error::{BadReply, Error, InvalidCall};
use crate::reply::RawReply;
use crate::transport::HttpRequest;
use crate::upload::HttpBody;
use crate::wire::Unread;

const EXCHANGE: Facts = Facts {
    operation: "oauth.exchange_code",
    reads_only: false,
    repeatable: false,
    sending_time: Duration::ZERO,
};

/// The same refresh token may be sent again after a lost answer: whether the first answer voided it, only the platform
/// knows, and if so it says that the seller must authorise again.
const REFRESH: Facts =
    Facts { operation: "oauth.refresh", reads_only: false, repeatable: true, sending_time: Duration::ZERO };

/// Asks the auth host for tokens.
#[derive(Clone, Debug)]
pub struct OAuth {
    pub(crate) core: Arc<Core>,
    hosts: AuthorizeHosts,
}

impl OAuth {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core, hosts: AuthorizeHosts::default() }
    }

    /// Uses other consent pages.
    #[must_use]
    pub fn with_authorize_hosts(mut self, hosts: AuthorizeHosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// The app that is authorised.
    pub fn app(&self) -> &App {
        &self.core.app
    }

    /// The link that `grantor` opens to authorise the app; see [`AuthorizeHosts::link`].
    pub fn authorize_link(&self, grantor: Grantor, state: &str) -> String {
        self.hosts.link(&self.core.app, grantor, state)
    }

    /// Exchanges the code of a [`Callback`](super::Callback) for tokens. A code works once, within half an hour.
    ///
    /// # Errors
    /// The code was used, has expired or is not of this app, or the auth host cannot be reached.
    pub async fn exchange_code(&self, code: &SecretText) -> Result<TokenSet, Error> {
        let query = [("auth_code", code.expose().as_str()), ("grant_type", "authorized_code")];
        self.ask("/api/v2/token/get", query, EXCHANGE, None).await
    }

    /// Exchanges a refresh token for a new pair. Store both before using either: the old ones may be void.
    ///
    /// # Errors
    /// The grant is gone ([`Error::needs_reauthorization`]), or the auth host cannot be reached.
    pub async fn refresh(&self, refresh_token: &SecretText) -> Result<TokenSet, Error> {
        let query = [("refresh_token", refresh_token.expose().as_str()), ("grant_type", "refresh_token")];
        self.ask("/api/v2/token/refresh", query, REFRESH, Some(refresh_token)).await
    }

    async fn ask(
        &self,
        path: &str,
        query: [(&str, &str); 2],
        facts: Facts,
        previous: Option<&SecretText>,
    ) -> Result<TokenSet, Error> {
        let reply = self.send(path, query, facts).await?;
        let answer =
            reply.decode::<TokenAnswer>().map_err(|error| facts.error(BadReply::data(&error), &reply))?;
        let missing = || facts.error(BadReply::Data("missing field `refresh_token`".into()), &reply);
        answer.into_set(previous, self.core.clock.now()).ok_or_else(missing)
    }

    async fn send(&self, path: &str, query: [(&str, &str); 2], facts: Facts) -> Result<RawReply, Error> {
        let mut attempts = Attempts::begin(&self.core, facts);
        loop {
            let Some(timeout) = attempts.begin_try() else { return Err(attempts.out_of_time()) };
            let Some(request) = self.request(path, query, timeout) else {
                return Err(attempts.invalid(InvalidCall::Address));
            };
            match self.core.exchange(request, &mut Unread).await {
                Ok(reply) => return Ok(attempts.succeed(reply)),
                Err(failure) => attempts.pause_after(failure).await?,
            }
        }
    }

    fn request(&self, path: &str, query: [(&str, &str); 2], timeout: Duration) -> Option<HttpRequest> {
        let mut url = self.core.auth_url.join(path).ok()?;
        url.query_pairs_mut()
            .append_pair("app_key", self.core.app.key.as_str())
            .append_pair("app_secret", self.core.app.secret.expose())
            .extend_pairs(query);
        Some(HttpRequest {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: HttpBody::EMPTY,
            timeout,
        })
    }
}
