//! What the children do.

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use ttshop_emulator::{Emulator, Switches, WorldSpec};
use ttshop_types::Region;

/// An emulator with `shops=N` shops of the first seller and `orders=N` orders in all, until it is killed.
#[tokio::main(worker_threads = 2)]
pub(crate) async fn emulator(size: &str) {
    let number = |name: &str| {
        let word = size.split(',').find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        word.map(|word| word.parse::<u32>().unwrap())
    };
    let mut world = WorldSpec::two_shops();
    let (shops, orders) = (number("shops").unwrap_or(1), number("orders").unwrap_or(8));
    let seller = &mut world.sellers[0];
    let mut shop = seller.shops[0].clone();
    // Where parcels exist before they are shipped, so that a batch can name them.
    shop.region = Region::Germany;
    seller.shops = (0..shops).map(|_| shop.clone()).collect();
    for shop in &mut seller.shops {
        shop.orders = orders / shops;
    }
    let switches = Switches { quota_per_second: 100_000_000, ..Switches::default() };
    let emulator = Emulator::builder().world(world).switches(switches).start().await.unwrap();
    println!("{}", serde_json::to_string(&emulator.connection()).unwrap());
    std::io::stdout().flush().unwrap();
    std::future::pending::<()>().await;
}

/// The body from standard input, as the answer to everything: the floor of what an HTTP server costs.
#[tokio::main(worker_threads = 2)]
pub(crate) async fn bytes(_: &str) {
    let mut body = Vec::new();
    std::io::stdin().read_to_end(&mut body).unwrap();
    let body = Bytes::from(body);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    std::io::stdout().flush().unwrap();
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        let body = body.clone();
        connections.spawn(async move {
            let answer = service_fn(move |request: Request<Incoming>| {
                let body = body.clone();
                async move {
                    request.into_body().collect().await?;
                    let answer = Response::builder().header("content-type", "application/json");
                    Ok::<_, hyper::Error>(answer.body(Full::new(body)).unwrap())
                }
            });
            // The client hangs up when it is done.
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await);
        });
    }
}
