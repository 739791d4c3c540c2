//! The client, and the one pipeline behind every call.

use std::ops::Range;
use std::sync::Arc;

use futures_core::Stream;
use futures_core::future::BoxFuture;
use serde_json::Value;
use tracing::Instrument as _;
use ttshop_api::{FileUpload, Paged, Parts, Request};
use ttshop_catalogue::{Cipher, Operation};
use ttshop_sign::WebhookVerifier;
use ttshop_types::{SecretText, Timestamp};

use crate::attempts::{Attempts, Failure, Next};
use crate::budget::{Ask, BudgetKey, Priority, Usage};
use crate::core::Core;
use crate::error::{Context, Error, ErrorKind, InvalidCall, failures_of};
use crate::page::{Pages, RawPages, RawWindows, Windows};
use crate::reply::{RawReply, Reply};
use crate::request::{Call, choose_cipher, facts};
use crate::tokens::{AccessToken, Stale, TokenError, TokenSource};
use crate::wire::{Opener, Typed, Unread};
use crate::{App, ClientBuilder, OAuth, ShopAccess, dynamic};

/// Calls the platform for one app. Cloning is cheap, and clones share connections, budgets and the learnt time.
///
/// A client built without tokens can only authorise ([`Client::oauth`]); [`Client::with_tokens`] and [`Client::with_shop`]
/// give clients for one grant and one shop.
#[derive(Clone, Debug)]
pub struct Client {
    core: Arc<Core>,
    tokens: Arc<dyn TokenSource>,
    shop: Option<Arc<ShopAccess>>,
    category_asset: Option<Arc<SecretText>>,
    priority: Priority,
}

impl Client {
    /// Starts building a client for `app`.
    pub fn builder(app: App) -> ClientBuilder {
        ClientBuilder::new(app)
    }

    pub(crate) fn new(core: Arc<Core>, tokens: Arc<dyn TokenSource>) -> Self {
        Self { core, tokens, shop: None, category_asset: None, priority: Priority::default() }
    }

    /// The same client with other tokens, and no shop.
    #[must_use]
    pub fn with_tokens(&self, tokens: Arc<dyn TokenSource>) -> Self {
        Self { priority: self.priority, ..Self::new(Arc::clone(&self.core), tokens) }
    }

    /// The same client, acting on `shop`.
    #[must_use]
    pub fn with_shop(&self, shop: ShopAccess) -> Self {
        Self { shop: Some(Arc::new(shop)), ..self.clone() }
    }

    /// The same client, acting on the category asset with this cipher.
    #[must_use]
    pub fn with_category_asset(&self, cipher: SecretText) -> Self {
        Self { category_asset: Some(Arc::new(cipher)), ..self.clone() }
    }

    /// The same client, with calls of this urgency.
    #[must_use]
    pub fn with_priority(&self, priority: Priority) -> Self {
        Self { priority, ..self.clone() }
    }

    /// The app that calls.
    pub fn app(&self) -> &App {
        &self.core.app
    }

    /// The shop that calls act on.
    pub fn shop(&self) -> Option<&ShopAccess> {
        self.shop.as_deref()
    }

    /// Authorises: links, code exchange, refresh.
    pub fn oauth(&self) -> OAuth {
        OAuth::new(Arc::clone(&self.core))
    }

    /// Makes a call: `client.send(order::GetOrderDetail::new(ids))`.
    ///
    /// # Errors
    /// The platform refused the call or a part of it, or gave no usable answer in time; see [`Error`].
    pub async fn send<R: Request>(&self, request: R) -> Result<Reply<R::Response>, Error> {
        let mut opener = Typed::<R>(None);
        let raw = self.send_opened(R::OPERATION, request.parts(), &mut opener).await?;
        match opener.0 {
            Some(data) => Ok(Reply::new(data, raw)),
            None => Reply::read::<R>(raw),
        }
    }

    /// Reads all pages of a list, starting with the one that `request` asks for.
    pub fn pages<R: Request>(&self, request: &R) -> Pages<R> {
        Pages::new(self.clone(), request)
    }

    /// All items of a list, page by page, as a stream that ends with an error when the list cannot be read to its end.
    pub fn items<R: Paged<Item: Send>>(
        &self,
        request: &R,
    ) -> impl Stream<Item = Result<R::Item, Error>> + Send + use<R> {
        self.pages(request).items()
    }

    /// Reads a list whose rows have their `time`, such as `update_time`, in `range`, through windows narrow enough for the
    /// platform to show every row.
    ///
    /// Analytics filter by days of the shop's time zone (`date`): a day is named by its midnight in UTC, and every day that `range` touches is
    /// read. Rows that sum up a span of days sum up the days of their window.
    pub fn windows<R: Request>(&self, request: &R, time: &str, range: Range<Timestamp>) -> Windows<R> {
        Windows::new(self.clone(), request, time, &range)
    }

    /// Makes a call by name: `client.call("order.search_orders", json!({"page_size": 50}))`. All arguments stand side by side;
    /// the catalogue knows which belong into the path, the query and the body. `@202309` behind the name picks a version.
    ///
    /// # Errors
    /// There is no such operation or parameter, or the call fails; see [`Error`].
    pub async fn call(&self, name: &str, arguments: Value) -> Result<RawReply, Error> {
        self.call_with_files(name, arguments, []).await
    }

    /// Makes a call by name that uploads `files`, each under the name of its part; see [`Client::call`].
    ///
    /// # Errors
    /// There is no such operation, parameter or part, a file is not one that the operation takes, or the call fails; see [`Error`].
    pub async fn call_with_files(
        &self,
        name: &str,
        arguments: Value,
        files: impl IntoIterator<Item = (String, FileUpload)>,
    ) -> Result<RawReply, Error> {
        let operation = dynamic::find(name).map_err(unknown)?;
        let files = files.into_iter().collect();
        let parts = dynamic::parts(operation, arguments, files);
        self.send_parts(operation, parts.map_err(|reason| never_sent(operation, reason))?).await
    }

    /// Reads all pages of a list by name; see [`Client::call`].
    ///
    /// # Errors
    /// There is no such operation or parameter.
    pub fn call_pages(&self, name: &str, arguments: Value) -> Result<RawPages, Error> {
        let operation = dynamic::find(name).map_err(unknown)?;
        let parts = dynamic::parts(operation, arguments, Vec::new());
        let parts = parts.map_err(|reason| never_sent(operation, reason))?;
        Ok(RawPages::new(self.clone(), operation, parts))
    }

    /// Reads a list by name through windows of time; see [`Client::call`] and [`Client::windows`].
    ///
    /// # Errors
    /// There is no such operation or parameter.
    pub fn call_windows(
        &self,
        name: &str,
        arguments: Value,
        time: &str,
        range: Range<Timestamp>,
    ) -> Result<RawWindows, Error> {
        let operation = dynamic::find(name).map_err(unknown)?;
        let parts = dynamic::parts(operation, arguments, Vec::new());
        let parts = parts.map_err(|reason| never_sent(operation, reason))?;
        Ok(RawWindows::new(self.clone(), operation, parts, time, &range))
    }

    /// Verifies the notifications that the platform sends to this app.
    pub fn webhook_verifier(&self) -> WebhookVerifier {
        WebhookVerifier::new(self.core.app.key.clone(), &self.core.app.secret)
    }

    /// Sends a request of which only the parts are known.
    pub(crate) async fn send_parts(
        &self,
        operation: &'static Operation,
        parts: Parts,
    ) -> Result<RawReply, Error> {
        self.send_opened(operation, parts, &mut Unread).await
    }

    fn send_opened<'a>(
        &'a self,
        operation: &'static Operation,
        parts: Parts,
        opener: &'a mut dyn Opener,
    ) -> BoxFuture<'a, Result<RawReply, Error>> {
        let span = tracing::info_span!(
            "ttshop.call",
            operation = operation.key,
            shop = self.shop.as_deref().map(ShopAccess::label),
            attempt = tracing::field::Empty,
            code = tracing::field::Empty,
            request_id = tracing::field::Empty,
        );
        let call = self.prepare(operation, parts).map_err(|reason| never_sent(operation, reason));
        let checked = async move {
            let mut call = call?;
            call.check_files().await.map_err(|reason| never_sent(operation, reason))?;
            self.run(call, opener).await
        };
        Box::pin(checked.instrument(span))
    }

    fn prepare(&self, operation: &'static Operation, parts: Parts) -> Result<Call, InvalidCall> {
        let shop = self.shop.as_deref().map(|shop| &shop.cipher);
        let cipher = choose_cipher(operation, shop, self.category_asset.as_deref())?.cloned();
        let acting_shop = self.shop.as_ref().filter(|_| operation.takes == Cipher::Shop);
        let budget_key = BudgetKey {
            app_key: self.core.app.key.clone(),
            shop_id: acting_shop.map(|shop| shop.shop_id.clone()),
            method: operation.method,
            path: operation.path,
        };
        Call::new(&self.core, operation, parts, cipher, budget_key)
    }

    async fn run(&self, call: Call, opener: &mut dyn Opener) -> Result<RawReply, Error> {
        let core = &*self.core;
        let mut attempts = Attempts::begin(core, call.facts());
        let token = self.tokens.access_token().await;
        let mut token = token.map_err(|error| attempts.stop(ErrorKind::Token(error)))?;
        loop {
            let ask = Ask { key: &call.budget_key, priority: self.priority, patience: attempts.remaining() };
            let permit = core.budget.acquire(ask).await;
            let permit = permit.map_err(|error| attempts.stop(ErrorKind::Budget(error)))?;
            let Some(timeout) = attempts.begin_try() else { return Err(attempts.out_of_time()) };
            let request = call.request(core, &token, timeout).map_err(|reason| attempts.invalid(reason))?;
            let attempt = call.view(self.shop.as_deref().map(ShopAccess::label), attempts.made());
            let outcome = core.hooks.exchange(core, attempt, request, opener).await;
            permit.report(usage(&outcome));
            match outcome {
                Ok(reply) => return whole(call.operation, attempts.succeed(reply)),
                Err(failure) if call.is_spent() => return Err(attempts.fail_spent(failure)),
                Err(failure) => match attempts.next_after(failure).await? {
                    Next::Try => {}
                    Next::Renew(failure, why) => token = self.renew(&attempts, &token, failure, why).await?,
                },
            }
        }
    }

    async fn renew(
        &self,
        attempts: &Attempts<'_>,
        stale: &AccessToken,
        failure: Failure,
        why: Stale,
    ) -> Result<AccessToken, Error> {
        match (self.tokens.renew(stale, why).await, why) {
            (Ok(token), _) => Ok(token),
            // The source has nothing better: then the platform's own answer says most.
            (Err(TokenError::Expired), _) | (Err(TokenError::Reauthorize { .. }), Stale::Unknown) => {
                Err(attempts.fail(failure, None))
            }
            (Err(error), _) => Err(attempts.stop(ErrorKind::Token(error))),
        }
    }
}

/// A reply without failures in places that only this operation has.
fn whole(operation: &'static Operation, reply: RawReply) -> Result<RawReply, Error> {
    match failures_of(operation, reply.data()) {
        failures if failures.is_empty() => Ok(reply),
        failures => Err(facts(operation).partial(failures, reply)),
    }
}

fn usage(outcome: &Result<RawReply, Failure>) -> Usage {
    match outcome {
        Ok(_) => Usage::Accepted,
        Err(failure) => failure.usage(),
    }
}

fn unknown(reason: InvalidCall) -> Error {
    Error::new(
        ErrorKind::Invalid(reason),
        Context { operation: "an unknown operation", clean: true, ..Context::default() },
    )
}

/// The error of a call that could not be made into a request.
pub(crate) fn never_sent(operation: &'static Operation, reason: InvalidCall) -> Error {
    Error::new(ErrorKind::Invalid(reason), facts(operation).context_unsent())
}
