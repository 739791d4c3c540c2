//! What the sources of PLATFORM.md disagree on, and what this emulator leaves to the reader. Defaults are the stricter side.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_catalogue::Reading;

/// How the emulated platform behaves where its documentation is silent or contradicts itself.
///
/// Section numbers in the fields' texts are those of PLATFORM.md. All of them can be changed while it runs, through
/// `PUT /_emulator/switches`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// HTTP status of 106001, wrong signature: 401 was recorded live, 500 was reported (13 #6). Default 401.
    pub wrong_sign_status: u16,
    /// What a refresh does to the refresh token it was given (1.7, 13 #4). Default: it is replaced and dies at once.
    pub refresh_rotation: RefreshRotation,
    /// Whether the access token of before a refresh keeps working until its own expiry (1.7, 13 #4). Default false: it
    /// answers 105002 from then on.
    pub old_access_token_survives: bool,
    /// Life of an access token (1.7). Default 7 days.
    pub access_token_seconds: u64,
    /// Life of a grant, which is the life of its refresh tokens (1.7); a century passes 2^32. Default 365 days.
    pub grant_seconds: u64,
    /// The `error` of a refused consent (1.2, 13 #3). Default `access_denied`, the newer source.
    pub refusal_error: RefusalError,
    /// Calls per second for each app, shop and operation (5, 13 #5). Default 50.
    pub quota_per_second: u32,
    /// How the quota is counted (5). Default a token bucket.
    pub quota_window: QuotaWindow,
    /// Hourly quota of a sandbox shop (5): 1000 there, then 36009037. Default off.
    pub sandbox_calls_per_hour: Option<u32>,
    /// `Retry-After` on 429 (3.1: honoured if present, no source shows it). Default absent.
    pub retry_after_seconds: Option<u32>,
    /// Caller addresses the app accepts (4.2, 36009033). Default all.
    pub ip_allow_list: Option<Vec<String>>,
    /// Whether a call without a body needs a content type (3.1: declared required, seen working without). Default false.
    pub content_type_on_empty_body: bool,
    /// Whether uploads are held to limits that no source states for their operation, or that one states and another contradicts
    /// (`catalogue/uploads.toml`). Default true.
    pub assumed_upload_limits: bool,
    /// How long a page token lives (6.1, 13 #12: unknown). Default one hour.
    pub page_token_seconds: u64,
    /// For how long a fresh order is missing from search (12 #9). Default 0; detail by id always finds it.
    pub search_delay_seconds: u64,
    /// The remorse window after payment (8.1); 0 where On-Hold is not in force. Default one hour.
    pub on_hold_seconds: u64,
    /// After how long an unpaid order is cancelled (8.1: market dependent). Default one day.
    pub payment_timeout_seconds: u64,
    /// From payment to `rts_sla_time` (8.1; the length is ours). Default 2 days.
    pub rts_sla_seconds: u64,
    /// From payment to `tts_sla_time` (8.1; the length is ours). Default 3 days.
    pub tts_sla_seconds: u64,
    /// From payment to `cancel_order_sla_time` (8.1; the length is ours). Default 5 days.
    pub cancel_sla_seconds: u64,
    /// From payment to `delivery_sla_time` (8.1; the length is ours). Default 12 days.
    pub delivery_sla_seconds: u64,
    /// From arranging to `collection_due_time`, when an unscanned parcel is cancelled (8.1; the length is ours). Default 7
    /// days.
    pub collection_due_seconds: u64,
    /// From delivery to COMPLETED (8.1; the length is ours). Default 15 days.
    pub after_sale_seconds: u64,
    /// How long before its release a pre-order leaves ON_HOLD (8.1: "just before release"). Default one hour.
    pub pre_order_lead_seconds: u64,
    /// How long a shipping document is in the making (12 #16: asynchronous, 11034037 until then). Default 2 seconds.
    pub document_delay_seconds: u64,
    /// How many parcels may travel under one tracking number of a seller's own carrier (4.4: 21011025 a duplicate, 21011026 used
    /// too often). Default 1.
    pub tracking_number_uses_max: u32,
    /// For how long after shipping a seller may change the tracking number (12 #17: 72 hours in the US). Default 72 hours, in
    /// every market.
    pub tracking_change_seconds: u64,
    /// How often a seller may change it (4.4: once, or a limited number of times). Default once.
    pub tracking_changes_max: u8,
    /// Whether the detail of a package says `TO FULFILL` with a space, as its page does; search says `TO_FULFILL`. Default
    /// true.
    pub package_detail_status_with_space: bool,
    /// For how long a package that was rebuilt after a partial cancellation answers ship with 21011027 (8.3, seen live).
    /// Default 4 seconds.
    pub package_rebuild_seconds: u64,
    /// How long a seller may leave a request to cancel, refund or return, or a returned parcel, unanswered before it is
    /// approved (8.4). Default 48 hours.
    pub aftersale_response_seconds: u64,
    /// The same for a request to replace (8.4). Default 24 hours.
    pub replacement_response_seconds: u64,
    /// From approval to the end of a return whose goods were not sent (8.5; the length is ours). Default 10 days.
    pub return_ship_seconds: u64,
    /// How long a returned parcel travels unless the control API says so (8.5; the length is ours). Default 3 days.
    pub return_transit_seconds: u64,
    /// From the seller's no to the end of a case that nobody disputes (8.5; the length is ours). Default 7 days.
    pub arbitration_seconds: u64,
    /// From an approved refund to the money being back: SUCCESS to COMPLETE (8.4, 8.5; the length is ours). Default one
    /// minute.
    pub refund_seconds: u64,
    /// From delivery to the day whose statement collects a sale (8.6: 4 to 15 days after the sale were seen). Default 7
    /// days.
    pub settlement_delay_seconds: u64,
    /// From a statement to its payment (the length is ours). Default one day.
    pub payment_delay_seconds: u64,
    /// Where "market policy" lets buyers and sellers start refunds and returns (8.4). Default the United States, whose
    /// reasons for it are listed.
    pub aftersale_market_policy: MarketPolicy,
    /// Whether sellers may cancel unpaid orders: the overview says no, and reasons for it are listed (8.4). Default false.
    pub seller_cancels_unpaid: bool,
    /// Whether sellers may cancel single lines in every market and for every reason (8.4: documented for out of stock in
    /// the US and the UK; refused and accepted in MX). Default false.
    pub line_cancellation_everywhere: bool,
    /// How types 64 and 65 name their times: with a prefix as in the table, or without as in the sample (7.4). Default
    /// true, with.
    pub prefixed_webhook_times: bool,
    /// Whether webhook addresses may be `http` and loopback (7.1: https and a domain name only). Default true, because an
    /// emulator's peers run on the same machine; set it to false to be held to the platform's rule.
    pub webhook_loopback_http: bool,
    /// How long a product is under review (8.6; the length is ours). Default one minute.
    pub product_audit_seconds: u64,
    /// A product whose title holds one of these, in lower case, fails its review (ours). Default `counterfeit` and `replica`.
    pub audit_fail_words: Vec<String>,
    /// How many products a shop may list in one day (4.6: 12052093; the number depends on the shop). Default 1,000.
    pub daily_listing_quota: u32,
    /// Whether quantity 0 is taken (12 #22: the documented range starts at 1, integrators do send 0). Default false.
    pub zero_quantity: bool,
    /// Whether the quota is the newer, dynamic one (5: it grows with authorisations, reads get more than writes, load takes
    /// from it; no source gives numbers). Default false. Our numbers: a fifth of `quota_per_second` and one call more for each
    /// authorised shop, at most `quota_per_second`; writes get half; load takes up to a half, another part every minute.
    pub dynamic_quota: bool,
    /// How changed inventory is announced (7.4). Default as type 71 with `shop_id`, which the catalogue has.
    pub inventory_webhook: InventoryWebhook,
    /// Every operation answers by contract, also those with behaviour of their own: for trying a client's models on all
    /// operations, whatever is in the shop. Default false.
    pub contract_only: bool,
}

/// What a refresh does to the refresh token it was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshRotation {
    /// A new one is issued, the old one is unknown from then on.
    RotateAndKill,
    /// A new one is issued, the old one works for these many seconds more.
    RotateWithGrace(u64),
    /// The same one is answered again.
    Keep,
}

/// Where the platform's table says "market policy".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketPolicy {
    /// It is allowed in the United States only.
    UnitedStates,
    /// It is allowed in every market.
    Everywhere,
    /// It is allowed nowhere.
    Nowhere,
}

/// The envelope of changed inventory: the sources have three.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InventoryWebhook {
    /// Type 71 with `shop_id`.
    ByShop,
    /// Type 68 with `seller_open_id`, as it was delivered live.
    BySeller,
    /// No envelope, as one page prints it.
    Bare,
}

/// The spelling of a refused consent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalError {
    /// `error=access_denied`.
    AccessDenied,
    /// `error=auth_denied`.
    AuthDenied,
}

impl RefusalError {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::AuthDenied => "auth_denied",
        }
    }
}

/// How calls are counted against the quota.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaWindow {
    /// One second's calls may come at once, then they flow in evenly.
    TokenBucket,
    /// Never more than the quota within any second.
    Sliding,
    /// Never more than the quota within one second of the wall clock.
    Tumbling,
}

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

impl Default for Switches {
    fn default() -> Self {
        Self {
            wrong_sign_status: 401,
            refresh_rotation: RefreshRotation::RotateAndKill,
            old_access_token_survives: false,
            access_token_seconds: 7 * DAY,
            grant_seconds: 365 * DAY,
            refusal_error: RefusalError::AccessDenied,
            quota_per_second: 50,
            quota_window: QuotaWindow::TokenBucket,
            sandbox_calls_per_hour: None,
            retry_after_seconds: None,
            ip_allow_list: None,
            content_type_on_empty_body: false,
            assumed_upload_limits: true,
            page_token_seconds: HOUR,
            search_delay_seconds: 0,
            on_hold_seconds: HOUR,
            payment_timeout_seconds: DAY,
            rts_sla_seconds: 2 * DAY,
            tts_sla_seconds: 3 * DAY,
            cancel_sla_seconds: 5 * DAY,
            delivery_sla_seconds: 12 * DAY,
            collection_due_seconds: 7 * DAY,
            after_sale_seconds: 15 * DAY,
            pre_order_lead_seconds: HOUR,
            document_delay_seconds: 2,
            tracking_number_uses_max: 1,
            tracking_change_seconds: 3 * DAY,
            tracking_changes_max: 1,
            package_detail_status_with_space: true,
            package_rebuild_seconds: 4,
            aftersale_response_seconds: 48 * HOUR,
            replacement_response_seconds: 24 * HOUR,
            return_ship_seconds: 10 * DAY,
            return_transit_seconds: 3 * DAY,
            arbitration_seconds: 7 * DAY,
            refund_seconds: 60,
            settlement_delay_seconds: 7 * DAY,
            payment_delay_seconds: DAY,
            aftersale_market_policy: MarketPolicy::UnitedStates,
            seller_cancels_unpaid: false,
            line_cancellation_everywhere: false,
            prefixed_webhook_times: true,
            webhook_loopback_http: true,
            product_audit_seconds: 60,
            audit_fail_words: vec!["counterfeit".into(), "replica".into()],
            daily_listing_quota: 1_000,
            zero_quantity: false,
            dynamic_quota: false,
            inventory_webhook: InventoryWebhook::ByShop,
            contract_only: false,
        }
    }
}

impl Switches {
    pub(crate) fn access_token_life(&self) -> Duration {
        Duration::from_secs(self.access_token_seconds)
    }

    pub(crate) fn upload_reading(&self) -> Reading {
        if self.assumed_upload_limits { Reading::Strict } else { Reading::Tolerant }
    }

    pub(crate) fn grant_life(&self) -> Duration {
        Duration::from_secs(self.grant_seconds)
    }
}
