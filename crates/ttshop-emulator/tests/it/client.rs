//! A small client written for these tests: it signs by the published rules, and on request wrongly.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use ttshop_emulator::{Connection, Emulator, EmulatorBuilder, EmulatorClock, RunningEmulator, WorldSpec};
use ttshop_sign::{RequestSigner, is_multipart};
use ttshop_types::Timestamp;

/// When every test begins.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// A running emulator and a client of it.
pub(crate) struct Peer {
    pub(crate) emulator: RunningEmulator,
    pub(crate) connection: Connection,
    pub(crate) http: reqwest::Client,
}

/// One call to the API, right unless told otherwise.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) params: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    /// A multipart body, which need not be text.
    pub(crate) form: Option<Vec<u8>>,
    pub(crate) token: Option<String>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) sign: Sign,
}

#[derive(Clone)]
pub(crate) enum Sign {
    Right,
    Wrong,
    Missing,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

pub(crate) fn frozen() -> EmulatorBuilder {
    Emulator::builder().seed(7).clock(EmulatorClock::FrozenAt(START))
}

/// The default world before anybody ordered anything.
pub(crate) fn quiet() -> WorldSpec {
    let mut world = WorldSpec::two_shops();
    for seller in &mut world.sellers {
        for shop in &mut seller.shops {
            shop.orders = 0;
        }
    }
    world
}

impl Peer {
    pub(crate) async fn start(builder: EmulatorBuilder) -> Self {
        let emulator = builder.start().await.unwrap();
        let connection = emulator.connection();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        Self { emulator, connection, http }
    }

    /// A call for the first shop, complete and signed.
    pub(crate) fn request(&self, method: Method, path: &str) -> Request {
        let shop = &self.connection.shops[0];
        let params = [
            ("app_key", self.connection.app_key.clone()),
            ("timestamp", self.emulator.now().as_seconds().to_string()),
            ("shop_cipher", shop.cipher.clone()),
        ];
        Request {
            method,
            path: path.into(),
            params: params.map(|(key, value)| (key.into(), value)).to_vec(),
            body: None,
            form: None,
            token: shop.access_token.clone(),
            content_type: Some("application/json"),
            sign: Sign::Right,
        }
    }

    pub(crate) async fn send(&self, request: &Request) -> Reply {
        self.send_signed(request, &self.connection.app_secret).await
    }

    /// The same with the secret of another app.
    pub(crate) async fn send_signed(&self, request: &Request, app_secret: &str) -> Reply {
        Reply::read(self.http_request(request, app_secret).send().await.unwrap()).await
    }

    /// A call whose answer may break off.
    pub(crate) async fn try_send(&self, request: &Request) -> Result<String, reqwest::Error> {
        self.http_request(request, &self.connection.app_secret).send().await?.text().await
    }

    fn http_request(&self, request: &Request, app_secret: &str) -> reqwest::RequestBuilder {
        let mut params = request.params.clone();
        let mut signed: Vec<(&str, &str)> = params.iter().map(|(key, value)| (&**key, &**value)).collect();
        let body = request.body.as_deref().map(str::as_bytes);
        let body = body.filter(|_| !request.content_type.is_some_and(is_multipart));
        let signer = RequestSigner::new(app_secret.into());
        let sign = signer.sign(&request.path, &mut signed, body).as_str().to_owned();
        match request.sign {
            Sign::Right => params.push(("sign".into(), sign)),
            Sign::Wrong => params.push(("sign".into(), sign.chars().rev().collect())),
            Sign::Missing => {}
        }
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&params).finish();
        let url = format!("{}{}?{query}", self.connection.api_url, request.path);
        let mut http = self.http.request(request.method.clone(), url);
        if let Some(token) = &request.token {
            http = http.header("x-tts-access-token", token);
        }
        if let Some(content_type) = request.content_type {
            http = http.header("content-type", content_type);
        }
        if let Some(body) = &request.body {
            http = http.body(body.clone());
        }
        if let Some(form) = &request.form {
            http = http.body(form.clone());
        }
        http
    }

    /// A call that must succeed; answers `data`.
    pub(crate) async fn data(&self, request: &Request) -> Value {
        let reply = self.send(request).await;
        let answer = reply.json();
        assert_eq!(answer["code"], 0, "{}", reply.text);
        answer["data"].clone()
    }

    pub(crate) async fn search(&self, params: &[(&str, &str)], body: Value) -> Value {
        self.data(&self.request(Method::POST, "/order/202309/orders/search").with(params).body(&body)).await
    }

    /// A request to the control API that must succeed.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Value {
        let reply = self.try_control(method, path, body).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        reply.json()
    }

    pub(crate) async fn try_control(&self, method: Method, path: &str, body: Value) -> Reply {
        let url = format!("{}/{path}", self.connection.control_url);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        Reply::read(self.http.request(method, url).body(body).send().await.unwrap()).await
    }

    /// Places orders in the first shop.
    pub(crate) async fn place(&self, count: u32, status: &str) -> Vec<String> {
        let body = json!({ "shop_id": self.connection.shops[0].shop_id, "count": count, "status": status });
        let placed = self.control(Method::POST, "orders", body).await;
        serde_json::from_value(placed["order_ids"].clone()).unwrap()
    }
}

impl Request {
    /// Sets parameters; an empty value removes one.
    pub(crate) fn with(mut self, params: &[(&str, &str)]) -> Self {
        for (key, value) in params {
            self.params.retain(|(known, _)| known != key);
            if !value.is_empty() {
                self.params.push(((*key).into(), (*value).into()));
            }
        }
        self
    }

    pub(crate) fn body(mut self, body: &Value) -> Self {
        self.body = Some(body.to_string());
        self
    }

    pub(crate) fn token(mut self, token: Option<String>) -> Self {
        self.token = token;
        self
    }

    pub(crate) fn sign(mut self, sign: Sign) -> Self {
        self.sign = sign;
        self
    }

    pub(crate) fn content_type(mut self, content_type: Option<&'static str>) -> Self {
        self.content_type = content_type;
        self
    }
}

impl Reply {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}
