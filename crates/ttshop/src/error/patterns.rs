//! Remedies for codes that [`codes`](super::codes) does not list one by one: by what their meanings say.
//!
//! The first rule whose words occur in the meaning counts. A rule says no more than its words allow: where a code's one line is
//! all that is known, the remedy names what to look at.

use ttshop_catalogue::error_code;

use super::Actor::{self, Developer, Operator, Platform, Seller, Time};
use super::Cause::{
    self, AlreadyDone, DataWrong, NotFound, NotPermitted, Other, ParameterWrong, QuotaUsedUp, StateForbids,
    Throttled, Transient,
};

/// Codes whose meanings hold one of some words.
pub(super) struct Pattern {
    words: &'static [&'static str],
    pub(super) cause: Cause,
    pub(super) actor: Actor,
    pub(super) remedy: &'static str,
}

impl Pattern {
    const fn new(words: &'static [&'static str], cause: Cause, actor: Actor, remedy: &'static str) -> Self {
        Self { words, cause, actor, remedy }
    }

    fn fits(&self, text: &str) -> bool {
        self.words.iter().any(|word| text.contains(word))
    }
}

/// What is left to do about a refusal of which nothing is known.
pub(super) static UNTOLD: Pattern = Pattern::new(
    &[],
    Other,
    Platform,
    "read what the operation's documentation says about this code; if it is silent, send support the request id",
);

/// The rule for a code of the catalogue, by its meaning.
pub(super) fn of_code(code: i64) -> Option<&'static Pattern> {
    let known = error_code(code)?;
    Some(of_text(known.meaning))
}

/// The rule for a message of a code that nobody knows.
pub(super) fn of_text(text: &str) -> &'static Pattern {
    let text = text.to_ascii_lowercase();
    PATTERNS.iter().find(|pattern| pattern.fits(&text)).unwrap_or(&UNTOLD)
}

/// Narrow rules stand before wide ones.
#[rustfmt::skip]
static PATTERNS: [Pattern; 90] = [
    Pattern::new(&["request succeeded"], Other, Time, "nothing to do: the call succeeded"),

    // The platform's own failures, and its pace.
    Pattern::new(&["internal error", "system error", "system exception", "system busy", "server error", "database access", "failed, retry"], Transient, Platform, "try again later; if it lasts, send support the request id with this code"),
    Pattern::new(&["lookup failed", "order info unavailable", "permission check failed"], NotFound, Developer, "the platform could not read what the call names: check its ids; if they are right, send support the request id"),
    Pattern::new(&["generation failed", "save failed", "workflow error"], Other, Platform, "nothing says whether it passes: read the state back before calling again, and send support the request id"),
    Pattern::new(&["slow down", "qps", "too often", "rate limit"], Throttled, Time, "call less often; the client backs off by itself"),
    Pattern::new(&["request limit reached", "too many running tasks"], QuotaUsedUp, Time, "let running tasks end, or go on tomorrow"),
    Pattern::new(&["post quota cut"], QuotaUsedUp, Seller, "the creator's violations cut the quota: clear them in the creator's account"),
    Pattern::new(&["post quota", "too frequent", "precheck quota", "im quota", "online campaign limit"], QuotaUsedUp, Time, "the allowance is used up: go on tomorrow, or end what runs"),
    Pattern::new(&["showcase product limit"], QuotaUsedUp, Seller, "take products out of the showcase first"),
    Pattern::new(&["coupon claim limit"], QuotaUsedUp, Seller, "this buyer claimed all he can: offer another coupon"),

    // Who is called for, and what was agreed.
    Pattern::new(&["unsigned"], NotPermitted, Seller, "the creator has to sign the agreement that the meaning names"),
    Pattern::new(&["age unverified", "pay account", "payment account", "privacy control"], NotPermitted, Seller, "the account has to be completed by its owner: age, payment or privacy, as the meaning says"),
    Pattern::new(&["banned", "suspended", "deactivated", "seller abnormal", "account cleared", "shop status invalid", "restricted by platform", "creator may not post"], NotPermitted, Seller, "the platform restricted this account or thing: appeal in Seller Center or in the creator's account, and stop calling for it"),
    Pattern::new(&["spam check", "risk control", "risk check", "offensive"], NotPermitted, Seller, "the platform's check stopped it: change the content, and do not repeat the same call"),
    Pattern::new(&["onboarding", "deposit balance", "fbt bill"], StateForbids, Seller, "the seller has something to settle in Seller Center first: onboarding, deposit or bill"),
    Pattern::new(&["test and real accounts", "test accounts cannot"], NotPermitted, Developer, "keep test accounts and real ones apart: take an account of the other kind"),
    Pattern::new(&["selection region", "sale region"], NotPermitted, Seller, "the creator has to choose a region in the creator's account"),
    Pattern::new(&["region mismatch", "region differs"], NotPermitted, Developer, "creator and seller must be of one region: choose another creator"),
    Pattern::new(&["blocked by seller", "excluded creators", "follower count", "already linked to a shop", "own official creator"], NotPermitted, Seller, "this creator cannot be invited: leave him out, or change what the seller excluded"),
    Pattern::new(&["creator inaccessible", "creator lacks", "creator auth lacks", "creator deactivated"], NotPermitted, Seller, "the creator has to grant or regain the permission"),
    Pattern::new(&["not to app", "does not match app", "to one merchant", "not allow-listed", "allowlist", "not permitted for self-delivery", "not authorized for skpp"], NotPermitted, Operator, "ask the platform to allow-list this app, provider or merchant for the service"),
    Pattern::new(&["another merchant", "another shop", "another seller", "not authorised for resource", "no permission on these orders"], NotPermitted, Developer, "it belongs to somebody else: use its owner's token and cipher"),
    Pattern::new(&["permission denied", "operation denied", "no permission", "agency sample"], NotPermitted, Seller, "ask its owner to do it, or to grant the right to this account"),

    // Promotions.
    Pattern::new(&["needs discount, got price"], ParameterWrong, Developer, "the activity is one of discounts: send discounts, not prices"),
    Pattern::new(&["needs price, got discount"], ParameterWrong, Developer, "the activity is one of prices: send prices, not discounts"),
    Pattern::new(&["conflicting promotion", "another buy-more", "overlap blocks"], StateForbids, Seller, "a product is in another promotion: take it out there, or choose other dates"),
    Pattern::new(&["gift sku out of stock", "stock insufficient", "stock over limit"], DataWrong, Seller, "correct the stock: check what is left, then send a quantity within it"),
    Pattern::new(&["flash sale", "immutable", "cannot decrease", "not republishable", "not interchangeable", "target quota below"], StateForbids, Seller, "this cannot change any more while the activity runs: end it, and make a new one"),
    Pattern::new(&["gift product creation"], NotPermitted, Seller, "this seller may not create gift products: ask for the right in Seller Center"),
    Pattern::new(&["gift"], DataWrong, Seller, "correct the gift: its SKU, its price and how often it occurs in each tier"),
    Pattern::new(&["title duplicated"], DataWrong, Seller, "give the promotion another title"),
    Pattern::new(&["request serial number"], ParameterWrong, Developer, "send a new serial number with each request, and the same one with a repeated try"),
    Pattern::new(&["at variation level", "sku discount required", "sku activity price", "product discount required", "product activity price"], ParameterWrong, Developer, "give discount or price where the activity expects it: for the product, or for each SKU"),
    Pattern::new(&["id duplicated"], ParameterWrong, Developer, "name each product and each SKU once"),
    Pattern::new(&["activity price", "discount", "promotion over threshold", "threshold invalid"], DataWrong, Seller, "correct price, discount or threshold: within the activity's bounds"),
    Pattern::new(&["activity type", "activity version", "promotion type"], ParameterWrong, Developer, "take a kind of activity that this operation and region support"),
    Pattern::new(&["too many products in promotion"], DataWrong, Seller, "split the promotion: it has too many products"),
    Pattern::new(&["not sellable", "product status", "auction product", "product category invalid", "product unavailable", "coupon card conditions"], StateForbids, Seller, "the product does not qualify now: read it again, and leave it out or make it sellable"),
    Pattern::new(&["online campaign"], StateForbids, Developer, "wait until the campaign is online, or choose one that is"),
    Pattern::new(&["campaign warehouse", "campaign stock", "distribution stock"], StateForbids, Seller, "a campaign or distribution holds this stock: wait for its end"),
    Pattern::new(&["period invalid", "seller scope"], ParameterWrong, Developer, "correct the campaign's periods and scope: in the future, in order, within each other"),
    Pattern::new(&["commission"], DataWrong, Seller, "correct the commission plan: the product's owner must have accepted it"),
    Pattern::new(&["not in showcase"], NotFound, Developer, "add the products to the showcase first"),

    // Parcels and inbound goods.
    Pattern::new(&["package not found", "matches tracking number", "provider id"], NotFound, Developer, "read the package again: its number, carrier and order must belong together"),
    Pattern::new(&["tracking", "carton"], DataWrong, Seller, "check the tracking number, its carrier and the cartons"),
    Pattern::new(&["unavailable for status", "not cancellable", "not in shipped", "not yet at warehouse", "order update failed", "business scene", "no orders to fulfil"], StateForbids, Developer, "it is in another state than the call needs: read it again before acting"),
    Pattern::new(&["goods unknown", "product info unavailable", "unsynced"], NotFound, Time, "the goods are not known there yet: check their ids, and try again when they are synchronised"),
    Pattern::new(&["over 99 goods", "too many orders", "too many", "more ids than"], ParameterWrong, Developer, "send fewer in one call"),
    Pattern::new(&["external orders"], NotPermitted, Seller, "ask the platform for the right to fulfil orders of other channels"),
    Pattern::new(&["partial refund"], DataWrong, Developer, "refund the whole, or name a single SKU and an amount that is left"),

    // Products.
    Pattern::new(&["external order already", "already exists", "already pushed", "already uploaded"], AlreadyDone, Developer, "it exists: read it, and treat it as done"),
    Pattern::new(&["brand not found", "brand id"], NotFound, Developer, "fetch the brands again and take one of them"),
    Pattern::new(&["brand expired", "brand authorization", "brand not authorized", "receipt brand"], NotPermitted, Seller, "get the brand's authorisation in Seller Center, or take another brand"),
    Pattern::new(&["brand name"], DataWrong, Seller, "correct the brand's name: 2 to 30 characters, no special ones, not taken"),
    Pattern::new(&["energy label", "gpr product"], DataWrong, Seller, "complete what the European Union asks for: label data, warehouse and responsible persons"),
    Pattern::new(&["responsible person", "manufacturer", "trade name", "not an eu country"], DataWrong, Seller, "correct the manufacturer or responsible person: name, address and country"),
    Pattern::new(&["phone", "email", "address length", "name length", "contact info", "zip code"], DataWrong, Seller, "correct the contact that the meaning names: phone, email, name or address"),
    Pattern::new(&["parcel", "package weight", "package size", "weight and dimension", "package unit", "dimension unit", "imperial units", "package parameter"], DataWrong, Seller, "correct weight and measures: numbers above zero, in units that the region takes"),
    Pattern::new(&["url "], DataWrong, Developer, "correct the link: https, at most 200 characters, no unsafe parts"),
    Pattern::new(&["image uri"], DataWrong, Developer, "upload the image first, and use the uri that the upload answered"),
    Pattern::new(&["image", "pdf"], DataWrong, Developer, "check the file's format, size and resolution"),
    Pattern::new(&["translation", "target language", "locale", "optimization mode"], ParameterWrong, Developer, "take a language, a mode and a task that the operation lists"),
    Pattern::new(&["video", "cover_timestamp"], ParameterWrong, Developer, "upload the video first; its id and its times must be of that upload"),
    Pattern::new(&["link title"], DataWrong, Developer, "correct the link's title: at most 30 characters, plain words"),
    Pattern::new(&["description"], DataWrong, Seller, "correct the description that the meaning is about"),
    Pattern::new(&["no category", "category format", "category invalid"], DataWrong, Developer, "fetch the categories again and take a leaf"),
    Pattern::new(&["category cannot change", "category upgrade", "category disallows", "product category unsupported"], NotPermitted, Seller, "the category does not permit it: keep the old one, or list the product anew"),
    Pattern::new(&["attributes locked", "sku addition", "sku removal", "field edit", "draft save", "no version under review", "cross-border seller", "manage local product"], StateForbids, Seller, "this field or product is locked for this seller now: read it again, and change only what is open"),
    Pattern::new(&["sales attribute", "attribute", "variations"], DataWrong, Seller, "correct the attributes by what the category asks for"),
    Pattern::new(&["unique item"], DataWrong, Seller, "a unique item has one SKU and a quantity of one"),
    Pattern::new(&["sku count", "sku list", "sku id required", "sku id invalid", "sku unit count", "sku not of that product", "single sku"], ParameterWrong, Developer, "read the product again and name its SKUs, all and only those that it has"),
    Pattern::new(&["deposit"], DataWrong, Seller, "correct the deposit: send it only where the country has one, with its packaging type"),
    Pattern::new(&["not-for-sale", "pre-order", "presale", "backorder", "handling time", "scheduled listing", "sale type"], DataWrong, Seller, "correct the way of selling: what the region and this seller may offer, within its times"),
    Pattern::new(&["order quantity", "minimum quantity"], DataWrong, Seller, "correct the quantities an order may have: the maximum not below the minimum"),
    Pattern::new(&["combo", "bundle"], DataWrong, Seller, "correct the combined product: its parts and their quantities"),
    Pattern::new(&["return warehouse"], StateForbids, Seller, "set up a return warehouse in Seller Center"),
    Pattern::new(&["logistics", "shipping template"], StateForbids, Seller, "set up the delivery options of the warehouse in Seller Center"),
    Pattern::new(&["warehouse"], DataWrong, Developer, "fetch the warehouses again, and take one that is enabled and fits the market"),
    Pattern::new(&["listing mode"], ParameterWrong, Developer, "send the listing mode that the meaning names"),
    Pattern::new(&["region inactive", "tokopedia", "second-hand", "product kind", "subscribe-and-save", "base unit value", "unit price", "on chosen platform", "global seller", "external_id"], DataWrong, Seller, "leave this out or correct it: not every region, platform and seller has it"),
    Pattern::new(&["seller tax number", "seller id"], DataWrong, Seller, "correct the seller's data that the meaning names"),

    Pattern::new(&["address"], DataWrong, Seller, "correct the address: it cannot be verified or reached"),

    // What is left says little more than its kind.
    Pattern::new(&["room id", "return id", "cancel reason"], ParameterWrong, Developer, "check the id or reason against what a list operation answers now"),
    Pattern::new(&["page size", "page token"], ParameterWrong, Developer, "correct the page: take the token of the page before, and a size within the bounds"),
    Pattern::new(&["not found", "no inbound orders"], NotFound, Developer, "check the id and its shop: nothing there has it"),
    Pattern::new(&["invalid", "malformed", "bad or missing", "format wrong", "parameters", "wrong"], ParameterWrong, Developer, "correct the parameter that the message names, by the operation's documentation"),
    Pattern::new(&["empty", "required", "missing"], ParameterWrong, Developer, "send what is missing: the message names it"),
    Pattern::new(&["not permitted", "may not", "not supported", "unsupported", "disallowed"], NotPermitted, Seller, "not offered for this market, product or account: look in Seller Center whether it can be enabled"),
    Pattern::new(&["task creation failed"], DataWrong, Developer, "check the audience and the template of the task; if both are right, send support the request id"),
    Pattern::new(&["check failed"], DataWrong, Developer, "the message names the rule that failed: correct the field, then send the whole product again"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes that neither stand in a row nor have a cause of their own.
    fn codes() -> impl Iterator<Item = (i64, &'static str)> {
        let open = |code| super::super::codes::row(code).is_none() && Cause::of_gateway(code).is_none();
        ttshop_catalogue::ERRORS
            .iter()
            .filter(move |known| open(known.code))
            .map(|known| (known.code, known.meaning))
    }

    #[test]
    fn each_rule_serves_a_code() {
        for (index, pattern) in PATTERNS.iter().enumerate() {
            assert!(
                codes().any(|(_, meaning)| std::ptr::eq(of_text(meaning), pattern)),
                "rule {index} of {:?} is never reached",
                pattern.words
            );
        }
    }

    /// What may be sent again by itself has to say so.
    #[test]
    fn only_a_meaning_that_speaks_of_pace_or_of_the_platform_itself_is_worth_a_retry() {
        let passing = ["internal error", "system", "server error", "database", "retry", "rate limited"];
        for (code, meaning) in codes() {
            if matches!(of_text(meaning).cause, Throttled | Transient | Cause::NotReady | Cause::TokenExpired)
            {
                assert!(passing.iter().any(|word| meaning.contains(word)), "{code}: {meaning}");
            }
        }
    }

    #[test]
    fn hardly_a_code_is_left_untold() {
        let untold: Vec<_> = codes().filter(|(_, meaning)| std::ptr::eq(of_text(meaning), &UNTOLD)).collect();
        assert!(untold.len() * 100 <= ttshop_catalogue::ERRORS.len(), "{untold:?}");
    }

    #[test]
    fn a_message_of_an_unknown_code_is_read_as_well() {
        assert_eq!(of_text("Brand name is taken").actor, Seller);
        assert_eq!(of_text("Internal error, please retry").actor, Platform);
        assert!(std::ptr::eq(of_text("hm"), &UNTOLD));
    }
}
