//! What codes mean beyond the gateway's own: who can help, and how. One row a remedy.
//!
//! The meaning of each code is the catalogue's; this says what to do about it.

use super::Actor::{self, Developer, Operator, Platform, Seller, Time};
use super::Cause::{
    self, AlreadyDone, DataWrong, NotFound, NotPermitted, NotReady, ParameterWrong, QuotaUsedUp,
    ResultTooLarge, StateForbids, Transient,
};

/// Codes with one remedy.
pub(super) struct Row {
    /// Single codes.
    pub(super) codes: &'static [i64],
    /// Spans of codes, both ends included.
    pub(super) spans: &'static [(i64, i64)],
    pub(super) cause: Cause,
    pub(super) actor: Actor,
    pub(super) remedy: &'static str,
}

impl Row {
    const fn new(codes: &'static [i64], cause: Cause, actor: Actor, remedy: &'static str) -> Self {
        Self { codes, spans: &[], cause, actor, remedy }
    }

    const fn and(self, spans: &'static [(i64, i64)]) -> Self {
        Self { spans, ..self }
    }

    fn holds(&self, code: i64) -> bool {
        self.codes.contains(&code) || self.spans.iter().any(|(first, last)| (*first..=*last).contains(&code))
    }
}

/// The row of a code.
pub(super) fn row(code: i64) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.holds(code))
}

/// Every code stands once.
#[rustfmt::skip]
static ROWS: [Row; 77] = [
    // The platform's own passing failures.
    Row::new(&[
        10_002_014, 10_002_015, 10_037_002, 10_037_003, 10_037_004, 11_001_027, 11_001_031, 11_005_010, 11_006_005, 11_006_010,
        11_006_026, 11_034_025, 12_001_000, 12_052_881, 12_056_001, 17_029_055, 21_001_003, 21_001_008, 21_001_011, 21_001_029,
        21_001_043, 21_001_055, 21_004_024, 21_008_300, 21_022_029, 21_022_030, 21_022_032, 21_023_022, 21_023_034, 21_034_006,
        21_042_001, 21_042_076, 25_001_028, 25_001_042, 25_001_058, 25_007_002, 36_009_003, 36_009_007, 45_101_001, 45_101_008,
    ], Transient, Platform, "try again later; if it lasts, send support the request id"),
    Row::new(&[11_034_023, 11_034_037], NotReady, Time, "the document is being made: ask again in a few seconds"),

    // The gateway's own, where the code tells more than its cause.
    Row::new(&[36_009_021], ParameterWrong, Developer, "send a smaller file: the operation's documentation gives the bound"),
    Row::new(&[36_009_022, 36_009_023], ParameterWrong, Developer, "send files as multipart and everything else as JSON, with that content type"),

    // Orders and parcels.
    Row::new(&[10_006_402, 21_011_028, 21_008_111, 25_020_005], NotPermitted, Developer, "use the token and cipher of the shop that owns it"),
    Row::new(&[10_007_002], StateForbids, Time, "the order changes just now: read it again, then retry later"),
    Row::new(&[11_006_021, 21_008_099, 21_011_006, 21_011_020, 21_011_040, 21_023_046, 21_042_056], AlreadyDone, Developer, "it was shipped before: read the package again and treat it as done"),
    Row::new(&[21_011_027, 21_011_030], AlreadyDone, Developer, "read the package again: if it is delivered, it is done; if not, retry once after a few seconds"),
    Row::new(&[11_001_002, 11_050_001, 21_001_001, 21_011_005], ParameterWrong, Developer, "correct what the message names; the market or the reason may forbid it, too"),
    Row::new(&[11_006_013, 11_006_014], DataWrong, Developer, "ship phones and tablets in a package of their own"),
    Row::new(&[11_003_011, 21_004_008], NotFound, Developer, "fetch the shipping services again and take one of them"),
    Row::new(&[11_005_004, 11_034_009, 12_052_115], NotFound, Developer, "fetch the warehouses again: this one does not exist"),
    Row::new(&[11_021_009, 21_011_037], DataWrong, Seller, "no service takes this weight and address: correct the parcel, or cancel"),
    Row::new(&[21_014_009, 21_021_010], DataWrong, Seller, "the address cannot be reached: cancel with that reason, which costs no penalty"),
    Row::new(&[], DataWrong, Seller, "correct the address or the parcel's measures that the message names, or cancel").and(&[(11_021_010, 11_021_025)]),
    Row::new(&[11_028_006, 21_004_012, 21_004_015, 21_004_016, 21_011_022, 21_011_025, 21_011_026, 21_034_012], DataWrong, Seller, "check the tracking number and its carrier: each number is used once"),
    Row::new(&[], StateForbids, Seller, "the tracking number cannot be changed any more").and(&[(21_011_049, 21_011_052)]),
    Row::new(&[21_011_004, 21_011_043, 21_023_035, 21_042_104], StateForbids, Developer, "ship the package first"),
    Row::new(&[21_011_041, 21_011_042, 21_023_059], StateForbids, Developer, "it is cancelled: read it again and do nothing"),
    Row::new(&[21_011_007, 21_008_044], StateForbids, Seller, "decide the pending cancellation or return first"),
    Row::new(&[21_011_003, 21_032_001, 21_011_008, 21_011_012, 21_011_013, 21_011_029, 21_011_031, 21_011_033, 21_011_035, 21_011_036, 21_011_046, 21_030_005, 21_030_006, 21_042_057, 21_042_067], StateForbids, Developer, "the package changed: read it again before acting"),
    Row::new(&[21_011_048], ParameterWrong, Developer, "name the order lines: several packages are possible"),
    Row::new(&[21_011_053, 21_011_054, 21_004_017], ParameterWrong, Developer, "fetch the pickup slots again and take one of them"),
    Row::new(&[21_008_025, 21_008_043, 21_008_117, 25_011_026], NotPermitted, Developer, "the platform fulfils this order: there is nothing to do"),
    Row::new(&[21_008_042, 21_042_102, 21_022_025], AlreadyDone, Developer, "the label exists: use the document that was fetched before"),
    Row::new(&[21_008_017, 11_034_002, 21_008_106, 21_004_010, 21_008_116], NotPermitted, Developer, "not offered for this market or kind of shipping: read the order's shipping type first"),
    Row::new(&[21_004_006, 21_004_019, 21_004_020], StateForbids, Seller, "upload the invoice and wait until it is accepted"),
    Row::new(&[21_022_026, 21_022_028], StateForbids, Time, "the label cannot be bought now: read the package again and retry later"),
    Row::new(&[12_038_002, 12_038_004, 12_038_005, 12_019_116], DataWrong, Developer, "check the file's format, size and resolution"),

    // Cancellations, returns, refunds.
    Row::new(&[25_001_001, 25_005_010, 25_005_011], ParameterWrong, Developer, "correct the parameter that the message names"),
    Row::new(&[25_001_014, 25_001_015, 25_001_016, 25_001_020, 25_001_021, 25_001_057], DataWrong, Developer, "take a reason that this market offers for this order now"),
    Row::new(&[25_001_010], AlreadyDone, Developer, "the return is finished: read it again"),
    Row::new(&[25_005_005], DataWrong, Seller, "refund no more than what is left to refund"),
    Row::new(&[25_007_006], NotFound, Developer, "check the order's id and shop"),
    Row::new(&[25_001_045, 25_001_046, 25_011_010, 25_011_023, 25_011_025, 25_007_007], NotPermitted, Seller, "the platform decides this case: follow it in Seller Center"),
    Row::new(&[25_001_003, 25_001_011, 25_001_044, 25_001_051, 25_011_011, 25_011_012, 25_011_013, 25_011_032, 25_011_035, 25_020_003, 25_020_004], StateForbids, Developer, "the case moved on: read it again before deciding").and(&[(25_020_009, 25_020_012)]),

    // Products.
    Row::new(&[12_052_180, 17_029_059], ResultTooLarge, Developer, "read the list in windows of time, or narrow its filter"),
    Row::new(&[12_009_014, 12_019_114, 12_038_013], NotPermitted, Seller, "ask the platform for this right in Seller Center"),
    Row::new(&[12_052_032, 12_052_260, 12_019_150, 12_019_008, 12_052_031, 12_052_048, 12_052_034], NotFound, Developer, "check the product's id and shop"),
    Row::new(&[12_052_700, 12_019_004, 12_052_704], NotPermitted, Seller, "the seller is not active: sort that out in Seller Center"),
    Row::new(&[12_052_901, 12_019_113, 12_052_308, 12_052_332, 12_052_371, 12_052_307, 12_052_163], StateForbids, Seller, "the product's status locks it: read it again, and clear what locks it first"),
    Row::new(&[12_052_038, 12_019_045, 12_052_146, 12_052_037, 12_052_393], StateForbids, Seller, "a promotion holds price or stock: wait for its end, or take the product out"),
    Row::new(&[12_052_533, 12_052_516, 12_052_530, 12_052_531, 12_052_097, 12_052_403, 12_019_022, 12_052_094, 12_052_143, 12_052_096], DataWrong, Developer, "send every warehouse of the SKU, and only this shop's enabled ones"),
    Row::new(&[12_052_055, 12_019_024, 12_052_921, 12_052_850, 12_052_382], DataWrong, Seller, "this stock is out of range, or is not set here"),
    Row::new(&[12_052_073, 12_052_092, 12_052_570, 12_052_571, 12_052_572, 12_052_012, 12_019_010, 12_052_084, 12_052_424, 12_052_375, 12_052_376, 12_052_383], DataWrong, Seller, "correct the price: within the market's range, in the shop's currency"),
    Row::new(&[12_019_027, 12_019_087, 12_019_120, 12_019_108, 12_019_109, 12_019_123, 12_019_124, 12_019_118, 12_019_119, 12_052_910, 12_052_217], ParameterWrong, Developer, "correct the filter or the page that the message names"),
    Row::new(&[12_052_093, 12_052_202, 12_052_203, 12_038_012], QuotaUsedUp, Time, "today's allowance is used up: go on tomorrow"),
    Row::new(&[12_052_996], AlreadyDone, Developer, "the external id is in use: read the product that has it"),
    Row::new(&[12_052_220, 12_052_221, 12_052_223, 12_052_225, 12_052_226, 12_052_227, 12_052_446], NotPermitted, Seller, "apply for the category in Seller Center, or take another"),
    Row::new(&[12_052_023, 12_052_024, 12_052_025, 12_052_230], DataWrong, Developer, "fetch the categories again and take a leaf"),
    Row::new(&[12_052_050, 12_019_015, 12_052_558], DataWrong, Seller, "split the product: it has too many SKUs"),
    Row::new(&[12_052_051, 12_052_261, 12_052_262, 12_052_263, 12_052_266, 12_052_931], DataWrong, Seller, "correct the title: length, characters, forbidden beginnings"),
    Row::new(&[12_052_013, 12_052_015, 12_052_056, 12_052_932], DataWrong, Seller, "correct the description: at most 10,000 characters and 30 uploaded images").and(&[(12_052_340, 12_052_352)]),
    Row::new(&[12_052_028, 12_052_356, 12_052_357], DataWrong, Seller, "correct the image that the message names: upload it first, and use its uri").and(&[(12_052_300, 12_052_306), (12_052_520, 12_052_524)]),
    Row::new(&[12_052_105, 12_052_385], DataWrong, Seller, "add the certificate that the category asks for").and(&[(12_052_650, 12_052_658)]),
    Row::new(&[12_052_128, 12_052_670, 12_052_671, 12_052_673], DataWrong, Seller, "correct the size chart"),
    Row::new(&[12_052_104, 12_052_182, 12_052_183, 12_052_559, 12_052_560], DataWrong, Seller, "correct the attribute that the message names, by the category's attributes").and(&[(12_052_151, 12_052_153), (12_052_240, 12_052_256), (12_052_525, 12_052_529), (12_052_550, 12_052_557), (12_052_933, 12_052_935)]),
    Row::new(&[12_052_054, 12_019_059], DataWrong, Seller, "shorten the seller's SKU"),
    Row::new(&[], DataWrong, Seller, "correct the identifier code: its kind, its digits, and each code once").and(&[(12_052_291, 12_052_294), (12_052_591, 12_052_600)]),
    Row::new(&[12_052_329, 12_052_702, 12_052_712], DataWrong, Seller, "correct the terms of pre-order, made-to-order or back-order").and(&[(12_019_094, 12_019_100), (12_052_269, 12_052_278), (12_052_310, 12_052_315)]),
    Row::new(&[12_052_295, 12_052_296, 12_052_365, 12_052_366], DataWrong, Seller, "name the manufacturer and the responsible person that the market asks for").and(&[(12_052_282, 12_052_290)]),
    Row::new(&[], DataWrong, Seller, "correct the combined product: its parts and their quantities").and(&[(12_052_831, 12_052_849), (12_052_851, 12_052_864)]),
    Row::new(&[12_052_117, 12_052_141, 12_019_016, 12_019_028, 12_019_212], DataWrong, Developer, "change the global product, or the market's own copy, as the message says").and(&[(12_052_503, 12_052_515)]),
    Row::new(&[12_019_122], DataWrong, Seller, "correct the file: its name, its format, and a video's shape").and(&[(12_019_103, 12_019_105)]),
    Row::new(&[12_038_007, 12_038_010, 17_029_046], ParameterWrong, Developer, "send fewer items in a call"),

    // Promotions, customer service, affiliates.
    Row::new(&[17_029_022], StateForbids, Seller, "the product is in another activity: take it out there first"),
    Row::new(&[17_029_025], DataWrong, Seller, "split the activity: it takes 10,000 products at most"),
    Row::new(&[17_029_023, 17_029_024, 17_029_050], DataWrong, Seller, "correct the discount or the limits that the message names").and(&[(17_029_002, 17_029_008), (17_029_013, 17_029_021)]),
    Row::new(&[45_101_002, 45_101_006, 68_008_004, 68_008_016], DataWrong, Seller, "change the message: its card, its words, or take a template"),
    Row::new(&[45_101_003, 28_001_007, 22_005_007], NotFound, Developer, "check the id and its shop"),
    Row::new(&[28_001_022], ParameterWrong, Developer, "correct the span of dates"),
    Row::new(&[16_003_033], DataWrong, Seller, "set a commission from 1 to 80 %"),
    Row::new(&[], DataWrong, Seller, "correct the collaboration that the message names").and(&[(50_001_700, 50_001_703)]),
    Row::new(&[45_101_004, 16_030_002, 16_024_019], QuotaUsedUp, Time, "the allowance is used up: go on tomorrow"),
    Row::new(&[17_029_082, 17_029_069, 17_003_203, 68_009_001, 68_009_002, 68_009_004, 45_102_007, 45_109_001, 45_109_003, 66_009_315, 16_030_003, 16_003_012, 16_024_022], NotPermitted, Seller, "the platform's rules forbid it for this shop or buyer").and(&[(17_029_009, 17_029_012)]),
    Row::new(&[16_032_012], NotPermitted, Operator, "use the category asset's cipher, with a partner's token"),
    Row::new(&[13_017_003], StateForbids, Time, "the day's data is not there yet: ask again later"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_in_one_row_only() {
        let mut seen = std::collections::BTreeSet::new();
        let spans = |row: &'static Row| row.spans.iter().flat_map(|(first, last)| *first..=*last);
        for code in ROWS.iter().flat_map(|row| row.codes.iter().copied().chain(spans(row))) {
            assert!(seen.insert(code), "{code} stands twice");
        }
    }

    #[test]
    fn a_remedy_is_a_fragment() {
        for row in &ROWS {
            assert!(
                !row.remedy.ends_with('.') && !row.remedy.starts_with(char::is_uppercase),
                "{}",
                row.remedy
            );
        }
    }
}
