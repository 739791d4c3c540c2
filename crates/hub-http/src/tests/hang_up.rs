//! Clients that hang up at any byte: never an event without its work, never work without its event.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::fixture::{RunningHub, notification, signature};

const CLIENTS: u32 = 5_000;
const AT_ONCE: usize = 64;
const SEED: u64 = 20_261_123;

/// How one client goes away.
#[derive(Clone, Copy, Debug)]
struct HangUp {
    /// After how many bytes of the request.
    sent: usize,
    /// Whether it reads the answer first, if it sent everything.
    reads: bool,
    /// Whether it resets the connection in place of closing it.
    resets: bool,
}

fn request(number: u32) -> Vec<u8> {
    let body = notification(&format!("n{number}"), &format!("{number}"));
    let head = format!(
        "POST /webhooks/main HTTP/1.1\r\nhost: hub\r\nauthorization: {}\r\ncontent-length: {}\r\n\r\n",
        signature(&body),
        body.len()
    );
    [head.into_bytes(), body].concat()
}

/// Whether the client saw a 200.
async fn client(hub: &RunningHub, number: u32, hang_up: HangUp) -> bool {
    let request = request(number);
    let mut stream = TcpStream::connect(hub.server.address()).await.unwrap();
    if hang_up.resets {
        stream.set_zero_linger().unwrap();
    }
    stream.write_all(&request[..hang_up.sent]).await.unwrap();
    if hang_up.sent < request.len() || !hang_up.reads {
        return false;
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.is_ok() && answer == *b"HTTP/1.1 200"
}

fn hang_ups() -> Vec<HangUp> {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    (0..CLIENTS)
        .map(|number| {
            let length = request(number).len();
            // A third sends everything; the others stop anywhere before.
            let whole = random.next_u32().is_multiple_of(3);
            let part = usize::try_from(random.next_u32()).unwrap() % length;
            let (reads, resets) = (random.next_u32().is_multiple_of(2), random.next_u32().is_multiple_of(2));
            HangUp { sent: if whole { length } else { part }, reads, resets }
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_clients_that_hang_up_leave_no_half_done_thing() {
    println!("seed {SEED}");
    let hub = Arc::new(RunningHub::start().await);
    let numbered = (0..CLIENTS).zip(hang_ups());
    let answered: Vec<u32> = stream::iter(numbered)
        .map(|(number, hang_up)| {
            let hub = Arc::clone(&hub);
            async move { client(&hub, number, hang_up).await.then_some(number) }
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    let (events, work) = hub.events_and_work().await;
    println!("{} clients saw 200, {events} events stored, {work} jobs", answered.len());
    assert_eq!(events, work);
    assert!(events >= u64::try_from(answered.len()).unwrap());
    // The platform sends everything again: each one is there exactly once in the end.
    let whole = |number| HangUp { sent: request(number).len(), reads: true, resets: false };
    let again = stream::iter(0..CLIENTS).map(|number| client(&hub, number, whole(number)));
    assert!(again.buffer_unordered(AT_ONCE).all(std::future::ready).await);
    assert_eq!(hub.events_and_work().await, (u64::from(CLIENTS), u64::from(CLIENTS)));
    Arc::into_inner(hub).unwrap().stop().await;
}
