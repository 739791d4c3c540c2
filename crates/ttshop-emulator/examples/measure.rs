//! Prints how fast the emulator is on this machine: `cargo run --release -p ttshop-emulator --example measure`.
//!
//! Client and emulator share one thread, so each figure is the CPU time of both. The client sends prepared bytes.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#![expect(clippy::unwrap_used, reason = "a measurement ends at the first surprise")]

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_emulator::{Connection, Emulator, Switches, WorldSpec};
use ttshop_sign::RequestSigner;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let clock = SystemClock::new();
    let begun = clock.monotonic();
    let emulator = Emulator::builder().start().await.unwrap();
    println!("start of the default world: {:?}", clock.monotonic() - begun);
    emulator.shutdown().await.unwrap();

    for orders in [8, 100_000, 1_000_000] {
        let mut world = WorldSpec::two_shops();
        world.sellers[0].shops[0].orders = orders;
        let switches = Switches { quota_per_second: 1_000_000, ..Switches::default() };
        let before = resident_kib();
        let begun = clock.monotonic();
        let emulator = Emulator::builder().world(world).switches(switches).start().await.unwrap();
        let bytes = (resident_kib().saturating_sub(before)) * 1_024 / u64::from(orders);
        println!("{orders} orders: started in {:?}, {bytes} bytes an order", clock.monotonic() - begun);
        let connection = emulator.connection();
        let shops = get(&connection, "/authorization/202309/shops", &[]);
        println!("  signed read of the shops: {:?}", measure(&connection, &shops, 20_000, &clock).await);
        let cipher = ("shop_cipher", &*connection.shops[0].cipher);
        let product = get(&connection, "/product/202309/products/1729000000000000001", &[cipher]);
        println!(
            "  a product of the contract tier: {:?}",
            measure(&connection, &product, 5_000, &clock).await
        );
        let page = [cipher, ("page_size", "100"), ("sort_field", "statement_time")];
        let statements = get(&connection, "/finance/202309/statements", &page);
        println!(
            "  statements of the contract tier: {:?}",
            measure(&connection, &statements, 5_000, &clock).await
        );
        let search = post(&connection, "/order/202309/orders/search", &[("page_size", "100")], "{}");
        println!("  search of 100 orders: {:?}", measure(&connection, &search, 1_000, &clock).await);
        let paid = "{\"order_status\":\"AWAITING_SHIPMENT\"}";
        let search = post(&connection, "/order/202309/orders/search", &[("page_size", "100")], paid);
        println!("  the same of one status: {:?}", measure(&connection, &search, 1_000, &clock).await);
        emulator.shutdown().await.unwrap();
    }
    deliveries(20_000, &clock).await;
}

fn get(connection: &Connection, path: &str, params: &[(&str, &str)]) -> Vec<u8> {
    request(connection, "GET", path, params, "")
}

fn post(connection: &Connection, path: &str, params: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut params = params.to_vec();
    params.push(("shop_cipher", &connection.shops[0].cipher));
    request(connection, "POST", path, &params, body)
}

fn request(
    connection: &Connection,
    method: &str,
    path: &str,
    params: &[(&str, &str)],
    body: &str,
) -> Vec<u8> {
    let timestamp = SystemClock::new().now().as_seconds().to_string();
    let mut params = params.to_vec();
    params.extend([("app_key", &*connection.app_key), ("timestamp", &*timestamp)]);
    let signer = RequestSigner::new(connection.app_secret.as_str().into());
    let sign = signer.sign(path, &mut params, (!body.is_empty()).then_some(body.as_bytes()));
    params.push(("sign", &sign));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    let token = connection.shops[0].access_token.as_deref().unwrap();
    format!(
        "{method} {path}?{query} HTTP/1.1\r\nhost: emulator\r\nx-tts-access-token: {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

async fn measure(connection: &Connection, request: &[u8], rounds: u32, clock: &SystemClock) -> Duration {
    let address = connection.api_url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut buffer = vec![0; 1 << 20];
    let begun = clock.monotonic();
    for _ in 0..rounds {
        stream.write_all(request).await.unwrap();
        let mut read = 0;
        loop {
            read += stream.read(&mut buffer[read..]).await.unwrap();
            if is_whole(&buffer[..read]) {
                break;
            }
        }
        assert!(buffer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&buffer[..read.min(600)]));
    }
    let each = (clock.monotonic() - begun) / rounds;
    println!("  {} bytes an answer", buffer.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1));
    each
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
    bytes.len() >= end + 4 + length.unwrap().parse::<usize>().unwrap()
}

/// Places orders and waits until a receiver in the same thread has been told of each.
async fn deliveries(count: u32, clock: &SystemClock) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut world = WorldSpec::two_shops();
    world.apps[0].webhook_url = Some(format!("http://{}/", listener.local_addr().unwrap()));
    let emulator = Emulator::builder().world(world).start().await.unwrap();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut connections = JoinSet::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            connections.spawn(async move {
                let mut buffer = vec![0; 1 << 16];
                let mut read = 0;
                while let Ok(more) = stream.read(&mut buffer[read..]).await {
                    read += more;
                    if more == 0 {
                        break;
                    }
                    if is_whole(&buffer[..read]) {
                        read = 0;
                        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
                    }
                }
            });
        }
    });
    let connection = emulator.connection();
    for _ in 0..count / 10_000 {
        let body = format!("{{\"shop_id\":\"{}\",\"count\":10000}}", connection.shops[0].shop_id);
        let url = format!("{}/orders", connection.control_url);
        reqwest::Client::builder().build().unwrap().post(url).body(body).send().await.unwrap();
    }
    let begun = clock.monotonic();
    emulator.settle().await;
    let took = clock.monotonic() - begun;
    println!("{count} deliveries: {took:?}, {:?} each", took / count);
    emulator.shutdown().await.unwrap();
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
