//! How fast notifications go out.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_emulator::{Emulator, WorldSpec};

use crate::client::head_of_whole;

/// Places orders and waits until a receiver in the same thread has been told of each.
pub(crate) async fn measure(count: u32, as_json: bool) {
    let clock = SystemClock::new();
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
                    if head_of_whole(&buffer[..read]).is_some() {
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
    let each = took / count;
    if as_json {
        println!("{}", json!({ "deliveries": count, "wall_us_each": each.as_secs_f64() * 1e6 }));
    } else {
        println!("\n{count} signed deliveries, the receiver in the same thread: {took:.2?}, {each:.1?} each");
    }
    emulator.shutdown().await.unwrap();
}
