//! What becomes of an activity, and who hears of it.

use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::webhook::Topic;
use crate::world::due::Due;
use crate::world::promotion::{Activity, ActivityKind, ActivityStatus};
use crate::world::{ActivityNo, ShopNo, World};

/// What the seller did, as type 63 tells it.
#[derive(Clone, Debug)]
pub(crate) struct ActivityNews {
    /// CREATE, UPDATE or DEACTIVATE.
    pub(crate) change: &'static str,
    /// `product_update_list`.
    pub(crate) updated: Option<Value>,
    /// `product_remove_list`.
    pub(crate) removed: Option<Value>,
}

impl ActivityNews {
    /// News without products.
    pub(crate) fn of(change: &'static str) -> Self {
        Self { change, updated: None, removed: None }
    }
}

impl World {
    /// Sets the alarms of an activity whose times are new. Those of its former times mean nothing any more.
    pub(crate) fn schedule_activity(&mut self, shop: ShopNo, activity: ActivityNo) {
        let Some(known) = self.activity(shop, activity) else { return };
        let (begin, end, indefinite) = (known.begin, known.end, known.indefinite);
        self.due.put(begin, Due::Activity { shop, activity });
        if !indefinite {
            self.due.put(end, Due::Activity { shop, activity });
        }
    }

    /// An activity's begin or end has come.
    pub(crate) fn activity_falls_due(&mut self, shop: ShopNo, activity: ActivityNo, at: Timestamp) {
        let found = self.shops.get_mut(&shop).and_then(|shop| shop.promotions.activities.get_mut(&activity));
        if found.is_some_and(|activity| activity.settle(at)) {
            self.announce_activity_status(shop, activity, at);
        }
    }

    /// Type 39. It knows neither all states nor all kinds.
    pub(crate) fn announce_activity_status(&mut self, shop: ShopNo, activity: ActivityNo, now: Timestamp) {
        let Some(known) = self.activity(shop, activity) else { return };
        let told = matches!(
            known.status,
            ActivityStatus::Ongoing | ActivityStatus::Expired | ActivityStatus::Deactivated
        ) && !matches!(known.kind, ActivityKind::GiftWithPurchase | ActivityKind::BuyXGetY);
        if told {
            let data = json!({
                "activity_id": activity.to_string(),
                "update_time": known.updated.as_seconds(),
                "activity_type": known.kind,
                "product_level": known.level,
                "status": known.status,
            });
            self.announce(Topic::ACTIVITY_STATUS_CHANGE, shop, &data, now);
        }
    }

    /// Type 63.
    pub(crate) fn announce_activity(
        &mut self,
        shop: ShopNo,
        activity: ActivityNo,
        news: ActivityNews,
        now: Timestamp,
    ) {
        let mut data = json!({
            "activity_id": activity.to_string(),
            "update_time": now.as_seconds(),
            "change_type": news.change,
        });
        for (name, list) in [("product_update_list", news.updated), ("product_remove_list", news.removed)] {
            if let Some(list) = list {
                data[name] = list;
            }
        }
        self.announce(Topic::ACTIVITY_CHANGE, shop, &data, now);
    }

    fn activity(&self, shop: ShopNo, activity: ActivityNo) -> Option<&Activity> {
        self.shops.get(&shop)?.promotions.activities.get(&activity)
    }
}
