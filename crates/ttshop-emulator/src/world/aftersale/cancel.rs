//! How cancellations come about and go on.

use ttshop_types::{Region, Timestamp};

use crate::world::aftersale::book::CaseNo;
use crate::world::aftersale::cancellation::{CancelAct, CancelKind, CancelStatus, Cancellation};
use crate::world::aftersale::case::ReturnCase;
use crate::world::aftersale::refund::{CaseLine, whole};
use crate::world::aftersale::stage::ReturnAct;
use crate::world::due::Due;
use crate::world::machine::{Act, Forbidden};
use crate::world::order::{Actor, Line, Order, OrderStatus};
use crate::world::{ActError, CancelNo, LineNo, OrderNo, ReturnNo, Shop, ShopNo, World};

/// A cancellation as somebody wants it.
#[derive(Clone, Debug)]
pub(crate) struct CancelWish {
    pub(crate) by: Actor,
    pub(crate) reason: Box<str>,
    /// All that are left if empty.
    pub(crate) lines: Vec<LineNo>,
}

/// Why a cancellation does not go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum CancelError {
    #[error("the cancellation does not exist")]
    NoCancellation,
    #[error("a cancellation in `{}` does not allow this", .0.as_str())]
    Status(CancelStatus),
    #[error(transparent)]
    Order(#[from] ActError),
}

impl World {
    /// Cancels an order or some of its lines, and announces it.
    pub(crate) fn cancel(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        wish: &CancelWish,
        now: Timestamp,
    ) -> Result<CancelNo, ActError> {
        let pending = self.shops.get(&shop).and_then(|shop| shop.aftersales.pending_cancel(order));
        if let (Some(pending), Actor::Buyer) = (pending, wish.by) {
            return match self.act_on_cancellation(shop, pending, CancelAct::Approve, None, now) {
                Err(CancelError::Order(error)) => Err(error),
                Ok(()) | Err(CancelError::NoCancellation | CancelError::Status(_)) => Ok(pending),
            };
        }
        let plan = self.plan(shop, order, wish)?;
        self.act_on_order(shop, order, &plan.act, now)?;
        let filed = self.file_plan(shop, order, wish, &plan, now)?;
        for status in filed.statuses {
            self.announce_cancellation(shop, filed.number, status, now);
        }
        Ok(filed.number)
    }

    /// The same without a word.
    pub(crate) fn cancel_silently(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        wish: &CancelWish,
        now: Timestamp,
    ) -> Result<(), ActError> {
        let plan = self.plan(shop, order, wish)?;
        self.apply_act(shop, order, &plan.act, now)?;
        self.file_plan(shop, order, wish, &plan, now).map(drop)
    }

    /// Writes down that the platform has cancelled lines whose order was changed already.
    pub(crate) fn note_cancelled(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        lines: Vec<LineNo>,
        reason: &str,
        now: Timestamp,
    ) {
        let wish = CancelWish { by: Actor::System, reason: reason.into(), lines };
        let act = Act::CancelLines { by: wish.by, reason: wish.reason.clone(), lines: wish.lines.clone() };
        let plan = Plan { kind: CancelKind::Cancel, lines: wish.lines.clone(), act };
        let filed = self.file_plan(shop, order, &wish, &plan, now);
        debug_assert!(filed.is_ok(), "the shop was just looked at: {filed:?}");
        for (number, status) in
            filed.iter().flat_map(|it| it.statuses.iter().map(|status| (it.number, *status)))
        {
            self.announce_cancellation(shop, number, status, now);
        }
    }

    /// What a wish amounts to, before anything has happened.
    fn plan(&self, shop: ShopNo, order: OrderNo, wish: &CancelWish) -> Result<Plan, ActError> {
        let shop = self.shops.get(&shop).ok_or(ActError::NoShop)?;
        let order = shop.book.get(order).ok_or(ActError::NoOrder)?;
        let reviewed = wish.by == Actor::Buyer && order.status == OrderStatus::AwaitingShipment;
        let kind = if reviewed { CancelKind::BuyerCancel } else { CancelKind::Cancel };
        let lines = open_lines(order, &wish.lines);
        let all_open = wish.lines.is_empty() || wish.lines.len() == lines.len();
        if lines.is_empty() || !all_open {
            return Err(Forbidden { status: order.status, act: "cancel" }.into());
        }
        let (by, reason) = (wish.by, reasons_text(&wish.reason));
        let act = if lines.len() == order.open_lines().count() {
            Act::Cancel { by, reason }
        } else {
            Act::CancelLines { by, reason, lines: lines.clone() }
        };
        Ok(Plan { kind, lines, act })
    }

    /// Files what the order has gone through.
    fn file_plan(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        wish: &CancelWish,
        plan: &Plan,
        now: Timestamp,
    ) -> Result<Filed, ActError> {
        self.void_pending_cancel(shop, order, now);
        self.end_requests(shop, order, &plan.lines, now);
        let unclaimed = self.unclaimed(shop, order, &plan.lines);
        let lines = self.draft_lines(shop, order, &unclaimed);
        let paid = lines.iter().any(|line| line.refund.total().0 > 0);
        let reviewed = plan.kind == CancelKind::BuyerCancel;
        let mut statuses = if reviewed { vec![CancelStatus::Pending] } else { Vec::new() };
        statuses.push(CancelStatus::Success);
        // Where nothing was paid there is nothing to wait for.
        statuses.extend((!paid).then_some(CancelStatus::Complete));
        let status = if paid { CancelStatus::Success } else { CancelStatus::Complete };
        let draft = Draft { order, kind: plan.kind, status, by: wish.by, reason: wish.reason.clone(), lines };
        let number = self.file_cancellation(shop, draft, now).ok_or(ActError::NoShop)?;
        Ok(Filed { number, statuses })
    }

    /// The buyer asks; the seller has until the deadline to answer.
    pub(crate) fn request_cancel(
        &mut self,
        shop: ShopNo,
        order: OrderNo,
        reason: &str,
        now: Timestamp,
    ) -> Result<CancelNo, ActError> {
        self.apply_act(shop, order, &Act::RequestCancel, now)?;
        let found = self.shops.get(&shop).ok_or(ActError::NoShop)?;
        if let Some(pending) = found.aftersales.pending_cancel(order) {
            return Ok(pending);
        }
        let lines = found.book.get(order).map(|order| open_lines(order, &[])).unwrap_or_default();
        let lines = self.draft_lines(shop, order, &lines);
        let (kind, status, by) = (CancelKind::BuyerCancel, CancelStatus::Pending, Actor::Buyer);
        let draft = Draft { order, kind, status, by, reason: reason.into(), lines };
        let number = self.file_cancellation(shop, draft, now).ok_or(ActError::NoShop)?;
        self.announce_cancellation(shop, number, CancelStatus::Pending, now);
        Ok(number)
    }

    /// Lets something happen to a cancellation, and announces what changed.
    pub(crate) fn act_on_cancellation(
        &mut self,
        shop: ShopNo,
        number: CancelNo,
        act: CancelAct,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<(), CancelError> {
        let found = self.shops.get(&shop).ok_or(ActError::NoShop)?;
        let cancellation = found.aftersales.cancellations.get(&number).ok_or(CancelError::NoCancellation)?;
        let (order, before) = (cancellation.order, cancellation.status);
        let status = before.after(act).ok_or(CancelError::Status(before))?;
        if act == CancelAct::Approve {
            let reason = reasons_text(&cancellation.reason);
            self.act_on_order(shop, order, &Act::Cancel { by: Actor::Buyer, reason }, now)?;
        }
        self.set_cancel_status(shop, number, status, reason, now);
        if status == CancelStatus::Cancelled {
            self.forget_cancel_request(shop, order, now);
        }
        self.announce_cancellation(shop, number, status, now);
        if act == CancelAct::Refunded {
            self.after_refund(shop, order, now);
        }
        Ok(())
    }

    /// Carries out what a cancellation's clock says, unless the cancellation has moved on.
    pub(super) fn run_out_cancellation(&mut self, shop: ShopNo, number: CancelNo, at: Timestamp) {
        let found = self.shops.get(&shop).and_then(|shop| shop.aftersales.cancellations.get(&number));
        let clock = found.and_then(|cancellation| cancellation.clock(&self.switches));
        let Some((act, due)) = clock else { return };
        if due <= at {
            let happened = self.act_on_cancellation(shop, number, act, None, at);
            debug_assert!(happened.is_ok(), "{act:?} ran out: {happened:?}");
        }
    }

    /// A request that was overtaken: by shipping, or by another cancellation.
    pub(crate) fn void_pending_cancel(&mut self, shop: ShopNo, order: OrderNo, now: Timestamp) {
        let pending = self.shops.get(&shop).and_then(|shop| shop.aftersales.pending_cancel(order));
        if let Some(number) = pending {
            self.set_cancel_status(shop, number, CancelStatus::Cancelled, None, now);
            self.forget_cancel_request(shop, order, now);
            self.announce_cancellation(shop, number, CancelStatus::Cancelled, now);
        }
    }

    /// A request that the order has outlived: nobody cancels what is on its way.
    pub(crate) fn void_outlived_cancel(&mut self, shop: ShopNo, order: OrderNo, now: Timestamp) {
        let found = self.shops.get(&shop).and_then(|shop| shop.book.get(order));
        if found.is_some_and(|order| order.status != OrderStatus::AwaitingShipment) {
            self.void_pending_cancel(shop, order, now);
        }
    }

    /// What each of these units would give back if it were cancelled now.
    pub(crate) fn draft_lines(&mut self, shop: ShopNo, order: OrderNo, lines: &[LineNo]) -> Vec<CaseLine> {
        let Some(shop) = self.shops.get_mut(&shop) else { return Vec::new() };
        let Shop { book, aftersales, chance, .. } = shop;
        let Some(order) = book.get(order) else { return Vec::new() };
        let chosen: Vec<&Line> = order.lines.iter().filter(|line| lines.contains(&line.number)).collect();
        let shipping = aftersales.is_last_claim(order, lines);
        let refunds = whole(order, &chosen, shipping);
        let numbered = chosen.iter().zip(refunds).map(|(line, refund)| CaseLine {
            number: chance.mint.case_line(&mut chance.dice),
            line: line.number,
            refund,
        });
        numbered.collect()
    }

    /// In the United States shipping overrules the buyer's request, elsewhere the request comes first (PLATFORM.md 8.4).
    pub(crate) fn look_at_cancel_request(&self, shop: ShopNo, order: OrderNo) -> Result<(), ActError> {
        let shop = self.shops.get(&shop).ok_or(ActError::NoShop)?;
        let stands = shop.region != Region::UnitedStates && shop.aftersales.pending_cancel(order).is_some();
        if stands { Err(ActError::CancelRequested) } else { Ok(()) }
    }

    /// Requests about goods that will not come end with them, unless they were approved or the platform arbitrates.
    fn end_requests(&mut self, shop: ShopNo, order: OrderNo, lines: &[LineNo], now: Timestamp) {
        let Some(found) = self.shops.get(&shop) else { return };
        let touches = |case: &&ReturnCase| case.lines.iter().any(|line| lines.contains(&line.line));
        let touched: Vec<ReturnNo> =
            found.aftersales.returns_of(order).filter(touches).map(|case| case.number).collect();
        for number in touched {
            use ReturnAct::{DeclineOffer, Lapse, MissDeadline, Withdraw};
            for act in [DeclineOffer, Withdraw, Lapse, MissDeadline] {
                // Those that do not fit the case's state change nothing.
                self.act_on_return(shop, number, &act.by(Actor::System), now).unwrap_or_default();
            }
        }
    }

    /// Units that no return pays back already.
    fn unclaimed(&self, shop: ShopNo, order: OrderNo, lines: &[LineNo]) -> Vec<LineNo> {
        let Some(shop) = self.shops.get(&shop) else { return Vec::new() };
        let free = |line: &&LineNo| shop.aftersales.claim(order, **line).is_none();
        lines.iter().filter(free).copied().collect()
    }

    fn file_cancellation(&mut self, shop: ShopNo, draft: Draft, now: Timestamp) -> Option<CancelNo> {
        let shop = self.shops.get_mut(&shop)?;
        let cancellation = Cancellation {
            number: shop.chance.mint.cancellation(&mut shop.chance.dice),
            order: draft.order,
            kind: draft.kind,
            status: draft.status,
            role: draft.by,
            reason: draft.reason,
            created: now,
            updated: now,
            lines: draft.lines,
            rejected_for: None,
        };
        let number = cancellation.number;
        if let Some((_, at)) = cancellation.clock(&self.switches) {
            self.due.put(at, Due::Case { shop: shop.number, case: CaseNo::Cancellation(number) });
        }
        shop.aftersales.insert_cancellation(cancellation);
        Some(number)
    }

    fn set_cancel_status(
        &mut self,
        shop: ShopNo,
        number: CancelNo,
        status: CancelStatus,
        reason: Option<&str>,
        now: Timestamp,
    ) {
        let Some(shop) = self.shops.get_mut(&shop) else { return };
        let Some(cancellation) = shop.aftersales.cancellations.get_mut(&number) else { return };
        cancellation.status = status;
        cancellation.updated = now;
        cancellation.rejected_for = reason.map(Into::into);
        if let Some((_, at)) = cancellation.clock(&self.switches) {
            self.due.put(at, Due::Case { shop: shop.number, case: CaseNo::Cancellation(number) });
        }
    }

    /// The order is no longer one that its buyer wants cancelled.
    fn forget_cancel_request(&mut self, shop: ShopNo, order: OrderNo, now: Timestamp) {
        let Some(shop) = self.shops.get_mut(&shop) else { return };
        shop.book.change(order, |order| {
            if order.status != OrderStatus::Cancelled {
                order.times.cancel_requested = None;
                order.updated = now;
            }
        });
    }
}

/// What is about to happen.
struct Plan {
    kind: CancelKind,
    lines: Vec<LineNo>,
    act: Act,
}

/// What came of a wish.
#[derive(Debug)]
struct Filed {
    number: CancelNo,
    /// The states that were reached at once, in order.
    statuses: Vec<CancelStatus>,
}

struct Draft {
    order: OrderNo,
    kind: CancelKind,
    status: CancelStatus,
    by: Actor,
    reason: Box<str>,
    lines: Vec<CaseLine>,
}

/// The chosen lines that are not cancelled yet; none chosen means all.
fn open_lines(order: &Order, chosen: &[LineNo]) -> Vec<LineNo> {
    let open = order.lines.iter().filter(|line| !line.is_cancelled()).map(|line| line.number);
    open.filter(|line| chosen.is_empty() || chosen.contains(line)).collect()
}

/// Orders show the reason as text, cancellations show key and text.
fn reasons_text(reason: &str) -> Box<str> {
    super::reasons::text(reason).into()
}
