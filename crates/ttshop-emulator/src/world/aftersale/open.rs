//! How refunds, returns and replacements are applied for.

use std::collections::BTreeMap;

use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::aftersale::case::{Arbitration, Record, ReturnCase, ReturnWay, Words};
use crate::world::aftersale::eligibility::{Wish, may_start};
use crate::world::aftersale::group::AftersaleRequest;
use crate::world::aftersale::refund::CaseLine;
use crate::world::aftersale::stage::{ReturnAct, ReturnKind, ReturnStatus};
use crate::world::order::{Actor, Order, OrderStatus};
use crate::world::{LineNo, OrderNo, RequestNo, ReturnNo, Shop, ShopNo, World};

/// What somebody applies for.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) order: OrderNo,
    pub(crate) kind: ReturnKind,
    pub(crate) by: Actor,
    pub(crate) reason: Box<str>,
    /// All that can be given back if empty.
    pub(crate) lines: Vec<LineNo>,
    /// A return for each variant instead of one for all.
    pub(crate) by_sku: bool,
    /// Less than the units are worth.
    pub(crate) total: Option<Minor>,
    pub(crate) way: ReturnWay,
    pub(crate) quick: bool,
    pub(crate) words: Words,
}

/// Why an application is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("the shop does not exist")]
    NoShop,
    #[error("the order does not exist")]
    NoOrder,
    #[error("the order has no such line item")]
    NoLine,
    #[error("a line item is in another case already")]
    InProgress,
    #[error("a line item was paid back or cancelled already")]
    Finished,
    #[error("an order in `{}` does not allow this", .0.as_str())]
    Order(OrderStatus),
    #[error("the refund is more than what was paid")]
    TooMuch,
}

/// What came of an application.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) request: RequestNo,
    pub(crate) returns: Vec<ReturnNo>,
}

impl World {
    /// Takes an application and announces what came of it. What a seller applies for is approved at once.
    pub(crate) fn open_return(
        &mut self,
        shop: ShopNo,
        wanted: &Application,
        now: Timestamp,
    ) -> Result<Opened, OpenError> {
        let lines = self.returnable_lines(shop, wanted)?;
        self.close_rejected(shop, wanted.order, &lines, now);
        let drafts = self.draft_lines(shop, wanted.order, &lines);
        let worth: Minor = drafts.iter().map(|line| line.refund.total()).sum();
        if wanted.total.is_some_and(|total| total > worth || total.0 <= 0) {
            return Err(OpenError::TooMuch);
        }
        let opened = self.file_returns(shop, wanted, drafts, now).ok_or(OpenError::NoShop)?;
        for number in &opened.returns {
            self.announce_return(shop, *number, now);
        }
        self.announce_request(shop, opened.request, now);
        if wanted.by == Actor::Seller {
            let act = match wanted.kind {
                ReturnKind::Refund => ReturnAct::ApproveRefund,
                ReturnKind::ReturnAndRefund => ReturnAct::ApproveReturn,
                ReturnKind::Replacement => ReturnAct::ApproveReplacement,
            };
            for number in &opened.returns {
                let happened = self.act_on_return(shop, *number, &act.by(Actor::System), now);
                debug_assert!(happened.is_ok(), "a fresh request can be approved: {happened:?}");
            }
        }
        Ok(opened)
    }

    /// The wanted lines, if all of them can be given back.
    fn returnable_lines(&self, shop: ShopNo, wanted: &Application) -> Result<Vec<LineNo>, OpenError> {
        let shop = self.shops.get(&shop).ok_or(OpenError::NoShop)?;
        let order = shop.book.get(wanted.order).ok_or(OpenError::NoOrder)?;
        if !may_start(Wish::Return(wanted.kind), wanted.by, order.status, &shop.region, &self.switches) {
            return Err(OpenError::Order(order.status));
        }
        if wanted.lines.is_empty() {
            let open = |line: &LineNo| obstacle(shop, order, *line).is_none();
            let lines: Vec<LineNo> = order.lines.iter().map(|line| line.number).filter(open).collect();
            let first = order.lines.first().and_then(|line| obstacle(shop, order, line.number));
            return if lines.is_empty() { Err(first.unwrap_or(OpenError::NoLine)) } else { Ok(lines) };
        }
        match wanted.lines.iter().find_map(|line| obstacle(shop, order, *line)) {
            Some(obstacle) => Err(obstacle),
            None => Ok(wanted.lines.clone()),
        }
    }

    /// A rejected request ends when its goods are asked for again.
    fn close_rejected(&mut self, shop: ShopNo, order: OrderNo, lines: &[LineNo], now: Timestamp) {
        let Some(found) = self.shops.get(&shop) else { return };
        let rejected: Vec<(ReturnNo, ReturnStatus)> = found
            .aftersales
            .returns_of(order)
            .filter(|case| case.claims_lines() && case.status.is_rejected())
            .filter(|case| case.lines.iter().any(|line| lines.contains(&line.line)))
            .map(|case| (case.number, case.status))
            .collect();
        for (number, status) in rejected {
            if status == ReturnStatus::RequestReject {
                let happened = self.act_on_return(shop, number, &ReturnAct::Reapply.by(Actor::Buyer), now);
                debug_assert!(happened.is_ok(), "a rejected request can be applied for again: {happened:?}");
            }
        }
    }

    fn file_returns(
        &mut self,
        shop: ShopNo,
        wanted: &Application,
        drafts: Vec<CaseLine>,
        now: Timestamp,
    ) -> Option<Opened> {
        let shop = self.shops.get_mut(&shop)?;
        let request = shop.chance.mint.request(&mut shop.chance.dice);
        let groups = if wanted.by_sku { by_sku(shop, wanted.order, drafts) } else { vec![drafts] };
        let mut returns = Vec::with_capacity(groups.len());
        for lines in groups {
            let case = case(shop, request, wanted, lines, now);
            let number = case.number;
            if let Some((_, at)) = case.clock(&self.switches) {
                let case = super::book::CaseNo::Return(number);
                self.due.put(at, crate::world::due::Due::Case { shop: shop.number, case });
            }
            if let Some(previous) = case.previous.and_then(|it| shop.aftersales.returns.get_mut(&it)) {
                previous.next = Some(number);
            }
            shop.aftersales.insert_return(case);
            returns.push(number);
        }
        let filed = AftersaleRequest {
            number: request,
            order: wanted.order,
            role: wanted.by,
            created: now,
            updated: now,
            returns: returns.clone(),
        };
        shop.aftersales.requests.insert(request, filed);
        Some(Opened { request, returns })
    }
}

/// Why a unit cannot be given back; a request that was rejected does not stand in the way of the next one.
pub(crate) fn obstacle(shop: &Shop, order: &Order, line: LineNo) -> Option<OpenError> {
    let Some(found) = order.lines.iter().find(|known| known.number == line) else {
        return Some(OpenError::NoLine);
    };
    if found.is_cancelled() {
        return Some(OpenError::Finished);
    }
    let claim = shop.aftersales.claim(order.number, line)?;
    let again = matches!(claim.status, ReturnStatus::RequestReject | ReturnStatus::ReplacementReject)
        && claim.arbitration != Some(Arbitration::InProgress);
    let done = claim.status.is_refunded() || claim.status == ReturnStatus::ReplacementComplete;
    match (again, done) {
        (true, _) => None,
        (false, true) => Some(OpenError::Finished),
        (false, false) => Some(OpenError::InProgress),
    }
}

fn case(
    shop: &mut Shop,
    request: RequestNo,
    wanted: &Application,
    lines: Vec<CaseLine>,
    now: Timestamp,
) -> ReturnCase {
    let Shop { aftersales, chance, .. } = shop;
    let touches = |case: &&ReturnCase| {
        case.next.is_none() && case.lines.iter().any(|line| lines.iter().any(|it| it.line == line.line))
    };
    let previous = aftersales.returns_of(wanted.order).filter(touches).last().map(|case| case.number);
    let first = Record { at: now, role: wanted.by, act: None, words: wanted.words.clone() };
    ReturnCase {
        number: chance.mint.return_case(&mut chance.dice),
        request,
        rma: None,
        order: wanted.order,
        kind: wanted.kind,
        status: wanted.kind.first_status(),
        role: wanted.by,
        reason: wanted.reason.clone(),
        created: now,
        updated: now,
        since: now,
        lines,
        agreed: wanted.total,
        keeps_item: false,
        quick: wanted.quick,
        offer: None,
        rejected_offer: false,
        arbitration: None,
        way: wanted.way,
        parcel: None,
        previous,
        next: None,
        replacement: None,
        records: vec![first],
    }
}

/// One group a variant, in the order of variants.
fn by_sku(shop: &Shop, order: OrderNo, lines: Vec<CaseLine>) -> Vec<Vec<CaseLine>> {
    let mut groups: BTreeMap<Option<(u16, u16)>, Vec<CaseLine>> = BTreeMap::new();
    for line in lines {
        let found =
            shop.book.get(order).and_then(|order| order.lines.iter().find(|it| it.number == line.line));
        groups.entry(found.map(|found| (found.product, found.sku))).or_default().push(line);
    }
    groups.into_values().collect()
}
