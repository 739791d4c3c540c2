//! Reading a page of 100 orders.

use std::rc::Rc;

use anyhow::{Result, ensure};
use serde::de::IgnoredAny;
use serde_json::Value;
use ttshop::api::Request as _;
use ttshop::api::order::{SearchOrders, SearchOrdersResponse};

use crate::calling::PAGE_SIZE;
use crate::{Contender, Contest};

pub(crate) fn contest(page: Vec<u8>) -> Result<Contest> {
    ensure!(ours(&page).orders.len() == PAGE_SIZE, "the page has not {PAGE_SIZE} orders");
    let bytes = u32::try_from(page.len())?;
    let page: Rc<[u8]> = page.into();
    let reading = |name, read: fn(&[u8])| {
        let page = Rc::clone(&page);
        Contender::each(name, move || read(std::hint::black_box(&page)))
    };
    Ok(Contest {
        name: "decode 100 orders",
        bytes: Some(bytes),
        contenders: vec![
            reading("serde_json::Value", |page| {
                std::hint::black_box(serde_json::from_slice::<Value>(page).is_ok());
            }),
            reading("check the JSON only", |page| {
                std::hint::black_box(serde_json::from_slice::<IgnoredAny>(page).is_ok());
            }),
            reading("ttshop", |page| {
                std::hint::black_box(ours(page));
            }),
            #[cfg(feature = "published")]
            crate::published::decoding(Rc::clone(&page))?,
        ],
    })
}

fn ours(page: &[u8]) -> SearchOrdersResponse {
    let (_, data) = SearchOrders::open(page).expect("the emulator answers with envelopes");
    data.expect("the emulator's pages fit the model")
}
