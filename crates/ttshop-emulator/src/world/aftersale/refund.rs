//! What the buyer gets back, unit by unit and to the cent.

use std::iter::Sum;
use std::ops::Add;

use serde::{Deserialize, Serialize};

use crate::money::Minor;
use crate::world::order::{Line, Order};
use crate::world::{CaseLineNo, LineNo};

/// One unit of an order inside of a case.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct CaseLine {
    pub(crate) number: CaseLineNo,
    pub(crate) line: LineNo,
    pub(crate) refund: Refund,
}

/// Money that goes back to the buyer. The total is always the sum.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Refund {
    /// For the goods, without tax.
    pub(crate) subtotal: Minor,
    /// For shipping, without tax.
    pub(crate) shipping: Minor,
    /// On goods and shipping.
    pub(crate) tax: Minor,
}

impl Refund {
    pub(crate) fn total(self) -> Minor {
        self.subtotal + self.shipping + self.tax
    }

    fn parts(&mut self) -> [&mut Minor; 3] {
        [&mut self.subtotal, &mut self.shipping, &mut self.tax]
    }
}

impl Add for Refund {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            subtotal: self.subtotal + other.subtotal,
            shipping: self.shipping + other.shipping,
            tax: self.tax + other.tax,
        }
    }
}

impl Sum for Refund {
    fn sum<I: Iterator<Item = Self>>(refunds: I) -> Self {
        refunds.fold(Self::default(), Add::add)
    }
}

/// The whole price of each unit; with `shipping`, the last one carries what was paid for shipping. An unpaid order gives
/// nothing back.
pub(crate) fn whole(order: &Order, lines: &[&Line], shipping: bool) -> Vec<Refund> {
    if order.times.paid.is_none() {
        return vec![Refund::default(); lines.len()];
    }
    let goods = |line: &&Line| Refund { subtotal: line.sale_price(), shipping: Minor(0), tax: line.tax };
    let mut refunds: Vec<Refund> = lines.iter().map(goods).collect();
    if let (true, Some(last)) = (shipping, refunds.last_mut()) {
        last.shipping = order.fees.paid();
        last.tax = last.tax + order.fees.tax;
    }
    refunds
}

/// The same refunds cut down to `total`, each part in proportion; what rounding leaves goes to the first parts with room.
/// A total that is not smaller changes nothing.
pub(crate) fn scaled(refunds: &[Refund], total: Minor) -> Vec<Refund> {
    let whole = refunds.iter().copied().sum::<Refund>().total();
    if total >= whole || whole.0 <= 0 {
        return refunds.to_vec();
    }
    let mut left = total;
    let mut cut = refunds.to_vec();
    for part in cut.iter_mut().flat_map(Refund::parts) {
        let share = i128::from(part.0) * i128::from(total.0) / i128::from(whole.0);
        *part = Minor(i64::try_from(share).unwrap_or(0));
        left = left - *part;
    }
    let mut room = refunds.to_vec();
    for (part, most) in cut.iter_mut().flat_map(Refund::parts).zip(room.iter_mut().flat_map(Refund::parts)) {
        let more = left.min(*most - *part);
        *part = *part + more;
        left = left - more;
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::{Dice, Stream};

    #[test]
    fn a_scaled_refund_adds_up_and_no_part_grows() {
        for seed in 0..500 {
            let mut dice = Dice::new(seed, Stream::World);
            let mut amount = |bound| Minor(i64::try_from(dice.below(bound)).unwrap());
            let refunds: Vec<Refund> = (0..4)
                .map(|_| Refund { subtotal: amount(9_000), shipping: amount(700), tax: amount(800) })
                .collect();
            let whole = refunds.iter().copied().sum::<Refund>().total();
            let total = Minor(amount(u64::try_from(whole.0).unwrap() + 1).0);
            let cut = scaled(&refunds, total);
            assert_eq!(cut.iter().copied().sum::<Refund>().total(), total, "seed {seed}");
            for (cut, most) in cut.iter().zip(&refunds) {
                assert!(cut.subtotal <= most.subtotal && cut.shipping <= most.shipping, "seed {seed}");
                assert!(cut.tax <= most.tax && cut.subtotal.0.min(cut.tax.0) >= 0, "seed {seed}");
            }
        }
    }
}
