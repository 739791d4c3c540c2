//! How refunds, returns and replacements go on.

use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::world::aftersale::book::CaseNo;
use crate::world::aftersale::case::{Arbitration, Offer, Record, ReturnCase, ReturnParcel, Words};
use crate::world::aftersale::group::{RequestStatus, Rma, RmaStatus};
use crate::world::aftersale::stage::{ReturnAct, ReturnStatus};
use crate::world::due::Due;
use crate::world::machine::Act;
use crate::world::order::Actor;
use crate::world::{OrderNo, ReturnNo, RmaNo, Shop, ShopNo, World};

/// An act with everything that was said about it.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(crate) act: ReturnAct,
    pub(crate) by: Actor,
    pub(crate) words: Words,
    /// What is offered instead of the whole sum.
    pub(crate) offer: Option<Minor>,
    /// Tracking number and provider, where the buyer ships.
    pub(crate) parcel: Option<(Box<str>, Box<str>)>,
}

impl ReturnAct {
    /// The act without a word.
    pub(crate) fn by(self, by: Actor) -> Deed {
        Deed { act: self, by, words: Words::default(), offer: None, parcel: None }
    }
}

/// Why nothing happens to a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum DeedError {
    #[error("the return does not exist")]
    NoReturn,
    #[error("a case in `{}` does not allow this", .0.as_str())]
    Status(ReturnStatus),
    #[error("the platform arbitrates, or has done so")]
    Arbitration,
    #[error("the buyer has turned down an offer already")]
    OfferedBefore,
    #[error("an offer is more than nothing and less than the whole sum")]
    OfferAmount,
    #[error("the parcel has not arrived")]
    NotArrived,
    #[error("a quick refund cannot be refused")]
    Quick,
}

/// What the returns of one case's neighbours looked like before.
struct Before {
    request: Option<RequestStatus>,
    rma: Option<RmaStatus>,
}

impl World {
    /// Lets something happen to a return, and announces what changed. What the carrier does happens to the whole parcel.
    pub(crate) fn act_on_return(
        &mut self,
        shop: ShopNo,
        number: ReturnNo,
        deed: &Deed,
        now: Timestamp,
    ) -> Result<(), DeedError> {
        let found = self.shops.get(&shop).ok_or(DeedError::NoReturn)?;
        let case = found.aftersales.returns.get(&number).ok_or(DeedError::NoReturn)?;
        let before = Before {
            request: found.aftersales.request_status(case.request),
            rma: case.rma.and_then(|rma| found.aftersales.rma_status(rma)),
        };
        let together = parcel_mates(found, case, deed.act);
        self.change_return(shop, number, deed, now)?;
        for mate in together {
            // Each was found in the state that the act was just possible in.
            let happened = self.change_return(shop, mate, deed, now);
            debug_assert!(happened.is_ok(), "a parcel travels as one: {happened:?}");
        }
        self.announce_groups(shop, number, &before, now);
        Ok(())
    }

    /// Carries out what a case's clock says, unless the case has moved on.
    pub(crate) fn run_out_case(&mut self, shop: ShopNo, case: CaseNo, at: Timestamp) {
        let number = match case {
            CaseNo::Cancellation(number) => return self.run_out_cancellation(shop, number, at),
            CaseNo::Return(number) => number,
        };
        let found = self.shops.get(&shop).and_then(|shop| shop.aftersales.returns.get(&number));
        let clock = found.and_then(|case| case.clock(&self.switches));
        let Some((act, due)) = clock else { return };
        if due <= at {
            let happened = self.act_on_return(shop, number, &act.by(Actor::System), at);
            debug_assert!(happened.is_ok(), "{act:?} ran out: {happened:?}");
        }
    }

    fn change_return(
        &mut self,
        shop: ShopNo,
        number: ReturnNo,
        deed: &Deed,
        now: Timestamp,
    ) -> Result<(), DeedError> {
        let found = self.shops.get_mut(&shop).ok_or(DeedError::NoReturn)?;
        let Shop { aftersales, chance, .. } = found;
        let case = aftersales.returns.get_mut(&number).ok_or(DeedError::NoReturn)?;
        check(case, deed)?;
        let before = case.status;
        let status = case.stage().after(deed.act).ok_or(DeedError::Status(before))?;
        apply(case, deed, status, now);
        if status == ReturnStatus::AwaitingBuyerShip && case.rma.is_none() {
            let (order_request, number) = (case.request, case.number);
            let waiting = aftersales.rmas.values().find(|rma| {
                rma.request == order_request
                    && aftersales.rma_status(rma.number) == Some(RmaStatus::AwaitingBuyerReturn)
            });
            let rma = waiting.map(|rma| rma.number).unwrap_or_else(|| {
                let rma = chance.mint.rma(&mut chance.dice);
                let package = chance.mint.package(&mut chance.dice);
                let returns = Vec::new();
                let made =
                    Rma { number: rma, request: order_request, package, created: now, updated: now, returns };
                aftersales.rmas.insert(rma, made);
                rma
            });
            join(aftersales, rma, number);
        }
        let case = &aftersales.returns[&number];
        if let Some((_, at)) = case.clock(&self.switches) {
            self.due.put(at, Due::Case { shop, case: CaseNo::Return(number) });
        }
        if status != before {
            self.announce_return(shop, number, now);
        }
        self.follow_up(shop, number, before, now);
        Ok(())
    }

    /// What a new state brings about.
    fn follow_up(&mut self, shop: ShopNo, number: ReturnNo, before: ReturnStatus, now: Timestamp) {
        let found = self.shops.get(&shop).and_then(|shop| shop.aftersales.returns.get(&number));
        let Some((order, status)) = found.map(|case| (case.order, case.status)) else { return };
        if status == before {
            return;
        }
        if status.is_refunded() {
            self.announce_refund(shop, number, now);
            self.post_refund(shop, number, now);
            self.after_refund(shop, order, now);
        }
        if status == ReturnStatus::ReplacementComplete {
            let replacement = self.place_replacement(shop, order, number, now);
            let shop = self.shops.get_mut(&shop);
            if let Some(case) = shop.and_then(|shop| shop.aftersales.returns.get_mut(&number)) {
                case.replacement = replacement;
            }
        }
    }

    /// An order whose last unit was paid back is completed (PLATFORM.md 8.1).
    pub(super) fn after_refund(&mut self, shop: ShopNo, order: OrderNo, now: Timestamp) {
        let found = self.shops.get(&shop);
        let done = found.is_some_and(|shop| {
            let order = shop.book.get(order);
            order.is_some_and(|order| order.can_end_by_refund() && shop.aftersales.is_fully_refunded(order))
        });
        if done {
            let happened = self.act(shop, order, &Act::EndByRefund, now);
            debug_assert!(happened.is_ok(), "the order was just looked at: {happened:?}");
        }
    }

    fn announce_groups(&mut self, shop: ShopNo, number: ReturnNo, before: &Before, now: Timestamp) {
        let Some(found) = self.shops.get_mut(&shop) else { return };
        let Some(case) = found.aftersales.returns.get(&number) else { return };
        let (request, rma) = (case.request, case.rma);
        let request_changed = found.aftersales.request_status(request) != before.request;
        let rma_changed = rma.is_some_and(|rma| found.aftersales.rma_status(rma) != before.rma);
        if request_changed && let Some(request) = found.aftersales.requests.get_mut(&request) {
            request.updated = now;
        }
        if let Some(rma) = rma.filter(|_| rma_changed)
            && let Some(rma) = found.aftersales.rmas.get_mut(&rma)
        {
            rma.updated = now;
        }
        if request_changed {
            self.announce_request(shop, request, now);
        }
        if let Some(rma) = rma.filter(|_| rma_changed) {
            self.announce_rma(shop, rma, now);
        }
    }
}

/// What the transition table does not know.
fn check(case: &ReturnCase, deed: &Deed) -> Result<(), DeedError> {
    use ReturnAct as A;
    let settled = case.arbitration.is_some_and(|it| it != Arbitration::InProgress);
    let disputed = case.arbitration == Some(Arbitration::InProgress);
    match deed.act {
        _ if case.next.is_some() => Err(DeedError::Status(case.status)),
        A::RejectRefund | A::RejectReturn | A::RejectReceivedPackage | A::RejectReplacement if case.quick => {
            Err(DeedError::Quick)
        }
        A::RejectReceivedPackage | A::OfferPartialRefundAfterReceivingPkg
            if case.status == ReturnStatus::BuyerShippedItem && !case.arrived() =>
        {
            Err(DeedError::NotArrived)
        }
        A::OfferPartialRefund | A::OfferPartialRefundAfterReceivingPkg if case.rejected_offer => {
            Err(DeedError::OfferedBefore)
        }
        A::OfferPartialRefund | A::OfferPartialRefundAfterReceivingPkg
            if !deed.offer.is_some_and(|total| total.0 > 0 && total < case.refund().total()) =>
        {
            Err(DeedError::OfferAmount)
        }
        A::Dispute if disputed || settled => Err(DeedError::Arbitration),
        A::Reapply | A::Lapse if disputed => Err(DeedError::Arbitration),
        A::FavourBuyer | A::FavourSeller if !disputed => Err(DeedError::Arbitration),
        A::Arrive if case.arrived() => Err(DeedError::Status(case.status)),
        _ => Ok(()),
    }
}

fn apply(case: &mut ReturnCase, deed: &Deed, status: ReturnStatus, now: Timestamp) {
    let before = case.status;
    case.status = status;
    case.updated = now;
    match deed.act {
        ReturnAct::ApproveWithoutReturn | ReturnAct::DirectRefund => case.keeps_item = true,
        ReturnAct::OfferPartialRefund | ReturnAct::OfferPartialRefundAfterReceivingPkg => {
            case.offer = deed.offer.map(|total| Offer { total, at: before });
        }
        ReturnAct::AcceptOffer => {
            case.agreed = case.offer.map(|offer| offer.total);
            case.keeps_item |= case.offer.is_some_and(|offer| offer.at == ReturnStatus::RequestPending);
        }
        ReturnAct::DeclineOffer => (case.offer, case.rejected_offer) = (None, true),
        ReturnAct::Ship => case.parcel = Some(parcel(case, deed)),
        ReturnAct::Arrive => {
            if let Some(parcel) = &mut case.parcel {
                parcel.arrived = true;
            }
        }
        ReturnAct::Dispute => case.arbitration = Some(Arbitration::InProgress),
        ReturnAct::FavourBuyer => case.arbitration = Some(Arbitration::SupportBuyer),
        ReturnAct::FavourSeller => case.arbitration = Some(Arbitration::SupportSeller),
        ReturnAct::Lapse => case.arbitration = Some(Arbitration::Closed),
        _ => {}
    }
    case.since = now;
    case.records.push(Record { at: now, role: deed.by, act: Some(deed.act), words: deed.words.clone() });
}

/// Labels of the platform come with a number of their own.
fn parcel(case: &ReturnCase, deed: &Deed) -> ReturnParcel {
    let by_seller = case.parcel.as_ref().filter(|parcel| parcel.by_seller);
    let (tracking_number, provider_id) = match (&deed.parcel, by_seller) {
        (Some((tracking_number, provider_id)), _) => (tracking_number.clone(), provider_id.clone()),
        (None, Some(label)) => (label.tracking_number.clone(), label.provider_id.clone()),
        (None, None) => (format!("EMUR{}", case.number).into(), RETURN_PROVIDER_ID.into()),
    };
    ReturnParcel { tracking_number, provider_id, by_seller: by_seller.is_some(), arrived: false }
}

/// The carrier of every return that the platform arranges.
pub(crate) const RETURN_PROVIDER_ID: &str = "7117858858072016686";

/// Other returns of the same authorization that the carrier handles at the same time.
fn parcel_mates(shop: &Shop, case: &ReturnCase, act: ReturnAct) -> Vec<ReturnNo> {
    let rma = case.rma.filter(|_| matches!(act, ReturnAct::Ship | ReturnAct::Arrive));
    let Some(rma) = rma.and_then(|rma| shop.aftersales.rmas.get(&rma)) else { return Vec::new() };
    let goes_along = |number: &ReturnNo| {
        *number != case.number
            && shop.aftersales.returns.get(number).is_some_and(|mate| {
                mate.status == case.status && mate.arrived() == case.arrived() && mate.next.is_none()
            })
    };
    rma.returns.iter().copied().filter(goes_along).collect()
}

fn join(book: &mut super::book::AftersaleBook, rma: RmaNo, number: ReturnNo) {
    if let Some(case) = book.returns.get_mut(&number) {
        case.rma = Some(rma);
    }
    if let Some(rma) = book.rmas.get_mut(&rma) {
        rma.returns.push(number);
    }
}
