//! The tree of categories and the brands that everybody may name: a small sample of what a market has.

use crate::dice::hash;

/// One category.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Category {
    pub(crate) id: u64,
    /// Zero at the top.
    pub(crate) parent: u64,
    pub(crate) name: &'static str,
    pub(crate) needs: Needs,
}

/// What a listing in a category must bring.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Needs {
    Nothing,
    /// Clothes: a size chart is supported.
    SizeChart,
    /// Electronics: a certificate.
    Certificate,
    /// Nobody lists here without an invitation.
    Invitation,
}

/// One brand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Brand {
    pub(crate) id: u64,
    pub(crate) name: &'static str,
}

const fn category(id: u64, parent: u64, name: &'static str, needs: Needs) -> Category {
    Category { id, parent, name, needs }
}

/// Parents before their children.
pub(crate) const CATEGORIES: [Category; 36] = [
    category(600_001, 0, "Home Supplies", Needs::Nothing),
    category(600_010, 600_001, "Home Decor", Needs::Nothing),
    category(600_011, 600_010, "Desk Lamps", Needs::Certificate),
    category(600_012, 600_010, "Candles", Needs::Nothing),
    category(600_020, 600_001, "Bathroom Supplies", Needs::Nothing),
    category(600_021, 600_020, "Towels", Needs::Nothing),
    category(600_022, 600_020, "Soap Dishes", Needs::Nothing),
    category(600_024, 0, "Kitchenware", Needs::Nothing),
    category(600_025, 600_024, "Tea & Coffeeware", Needs::Nothing),
    category(600_026, 600_025, "Coffee Makers", Needs::Nothing),
    category(600_027, 600_025, "Travel Mugs", Needs::Nothing),
    category(600_028, 600_024, "Kitchen Linen", Needs::Nothing),
    category(600_029, 600_028, "Aprons", Needs::SizeChart),
    category(601_152, 0, "Womenswear & Underwear", Needs::Nothing),
    category(601_153, 601_152, "Accessories", Needs::Nothing),
    category(601_154, 601_153, "Scarves", Needs::SizeChart),
    category(601_155, 601_153, "Hats", Needs::SizeChart),
    category(601_160, 601_152, "Tops", Needs::Nothing),
    category(601_161, 601_160, "T-shirts", Needs::SizeChart),
    category(601_739, 0, "Phones & Electronics", Needs::Nothing),
    category(601_740, 601_739, "Phone Accessories", Needs::Nothing),
    category(601_741, 601_740, "Phone Stands", Needs::Nothing),
    category(601_742, 601_740, "Chargers", Needs::Certificate),
    category(602_118, 0, "Stationery", Needs::Nothing),
    category(602_119, 602_118, "Paper", Needs::Nothing),
    category(602_120, 602_119, "Notebooks", Needs::Nothing),
    category(603_014, 0, "Sports & Outdoor", Needs::Nothing),
    category(603_015, 603_014, "Yoga & Pilates", Needs::Nothing),
    category(603_016, 603_015, "Yoga Mats", Needs::Nothing),
    category(604_206, 0, "Garden", Needs::Nothing),
    category(604_207, 604_206, "Plants", Needs::Nothing),
    category(604_208, 604_207, "Herb Kits", Needs::Nothing),
    category(605_196, 0, "Jewelry", Needs::Nothing),
    category(605_197, 605_196, "Fine Jewelry", Needs::Nothing),
    category(605_198, 605_197, "Gold", Needs::Invitation),
    category(605_199, 605_197, "Pearls", Needs::Nothing),
];

/// Brands that no seller made.
pub(crate) const BRANDS: [Brand; 8] = [
    Brand { id: 7_082_427_311_584_347_905, name: "Northlight" },
    Brand { id: 7_082_427_311_584_347_912, name: "Kettle & Co" },
    Brand { id: 7_082_427_311_584_347_926, name: "Fieldnote" },
    Brand { id: 7_082_427_311_584_347_933, name: "Mossbank" },
    Brand { id: 7_082_427_311_584_347_947, name: "Lumo" },
    Brand { id: 7_082_427_311_584_347_954, name: "Ridgeway" },
    Brand { id: 7_082_427_311_584_347_961, name: "Sandpiper" },
    Brand { id: 7_082_427_311_584_347_978, name: "Tidewater" },
];

/// The category of this id.
pub(crate) fn find(id: u64) -> Option<&'static Category> {
    CATEGORIES.iter().find(|category| category.id == id)
}

/// The category of a product that the seed drew: the one whose name shares a word with the title.
pub(crate) fn guess(title: &str) -> &'static Category {
    let leaves = || CATEGORIES.iter().filter(|category| category.is_leaf());
    let fits = |category: &&Category| {
        let stem = |word: &str| word.trim_end_matches('s').to_lowercase();
        let words: Vec<String> = title.split_whitespace().map(stem).collect();
        category.name.split_whitespace().any(|word| words.contains(&stem(word)))
    };
    let drawn = usize::try_from(hash(title.as_bytes()) % 7).unwrap_or(0);
    leaves().find(fits).or_else(|| leaves().nth(drawn)).unwrap_or(&CATEGORIES[2])
}

/// The brand of this id that no seller made.
pub(crate) fn brand(id: u64) -> Option<&'static Brand> {
    BRANDS.iter().find(|brand| brand.id == id)
}

impl Category {
    pub(crate) fn is_leaf(&self) -> bool {
        !CATEGORIES.iter().any(|category| category.parent == self.id)
    }

    /// From the top to this one.
    pub(crate) fn chain(&self) -> Vec<&'static Self> {
        let mut chain: Vec<&'static Self> = find(self.id).into_iter().collect();
        while let Some(parent) = chain.last().and_then(|category| find(category.parent)) {
            chain.push(parent);
        }
        chain.reverse();
        chain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_hangs_together() {
        for (place, category) in CATEGORIES.iter().enumerate() {
            let above = CATEGORIES[..place].iter().any(|parent| parent.id == category.parent);
            assert!(category.parent == 0 || above, "{}", category.name);
            assert_eq!(CATEGORIES.iter().filter(|other| other.id == category.id).count(), 1);
        }
        assert_eq!(guess("Yoga Mat").name, "Yoga Mats");
        assert_eq!(find(600_026).unwrap().chain().len(), 3);
        assert!(guess("Something else").is_leaf());
    }
}
