//! The platform's categories: one tree for every world, known by other ids in its two versions (PLATFORM.md 4.6).

mod attribute;
mod brand;
mod tree;

use ttshop_types::Region;

pub(crate) use attribute::{Attribute, AttributeKind, attributes};
pub(crate) use brand::BRANDS;

use tree::TREE;

/// One category, under its id of the second version.
#[derive(Debug)]
pub(crate) struct Category {
    pub(crate) id: u32,
    /// 0 at the top.
    pub(crate) parent: u32,
    pub(crate) name: &'static str,
    /// None where there are categories below.
    pub(crate) trade: Option<Trade>,
    /// What titles of such goods say.
    words: &'static [&'static str],
}

/// What kind of goods a category is for, which decides its rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trade {
    Plain,
    Apparel,
    Electronics,
    Beauty,
    Food,
    /// Sellers must be invited.
    Jewellery,
    /// Nobody may sell these.
    Weapons,
}

/// Which tree an id belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CategoryVersion {
    V1,
    V2,
}

/// An id that names no category of the version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NoCategory {
    /// The other version has it.
    OtherVersion,
    Unknown,
}

/// How far apart the ids of the two versions are.
const VERSION_STEP: u32 = 200_000;

impl CategoryVersion {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "v1" => Some(Self::V1),
            "v2" => Some(Self::V2),
            _ => None,
        }
    }

    /// Whether a market knows the second version only. Ours: the markets that were there before it know both.
    pub(crate) fn is_v2_only(region: &Region) -> bool {
        !matches!(region.code(), "GB" | "ID" | "MY" | "PH" | "SG" | "TH" | "VN")
    }

    fn other(self) -> Self {
        match self {
            Self::V1 => Self::V2,
            Self::V2 => Self::V1,
        }
    }

    /// What this version calls the category with an id of the second version.
    pub(crate) fn id(self, id: u32) -> u32 {
        match self {
            Self::V1 => id.saturating_sub(VERSION_STEP),
            Self::V2 => id,
        }
    }
}

impl Category {
    /// All of them, parents first.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        TREE.iter()
    }

    /// The category that a version calls `id`.
    pub(crate) fn find(id: &str, version: CategoryVersion) -> Result<&'static Self, NoCategory> {
        let number: u32 = id.parse().map_err(|_| NoCategory::Unknown)?;
        let named = |version: CategoryVersion| TREE.iter().find(|it| version.id(it.id) == number);
        named(version).ok_or_else(|| match named(version.other()) {
            Some(_) => NoCategory::OtherVersion,
            None => NoCategory::Unknown,
        })
    }

    /// The category that either version calls `id`.
    pub(crate) fn find_any(id: &str) -> Option<&'static Self> {
        Self::find(id, CategoryVersion::V2).or_else(|_| Self::find(id, CategoryVersion::V1)).ok()
    }

    /// From the top of the tree down to this one.
    pub(crate) fn chain(&'static self) -> Vec<&'static Self> {
        let up = |category: &&'static Self| TREE.iter().find(|parent| parent.id == category.parent);
        let mut chain: Vec<_> = std::iter::successors(Some(self), up).collect();
        chain.reverse();
        chain
    }

    pub(crate) fn is_leaf(&self) -> bool {
        self.trade.is_some()
    }

    /// The API's word for who may sell here.
    pub(crate) fn permission(&self) -> &'static str {
        match self.trade {
            Some(Trade::Jewellery) => "INVITE_ONLY",
            Some(Trade::Weapons) => "PROHIBITED",
            Some(Trade::Plain | Trade::Apparel | Trade::Electronics | Trade::Beauty | Trade::Food) | None => {
                "AVAILABLE"
            }
        }
    }

    /// The leaf that a title speaks of most.
    pub(crate) fn suggest(title: &str) -> Option<&'static Self> {
        let title = title.to_lowercase();
        let spoken: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
        let score = |category: &&Self| {
            category.words.iter().filter(|word| spoken.iter().any(|said| is_word(said, word))).count()
        };
        let best = TREE.iter().rev().filter(|category| category.is_leaf()).max_by_key(score);
        best.filter(|category| score(category) > 0)
    }
}

/// The word itself or its plural.
fn is_word(said: &str, word: &str) -> bool {
    said.strip_prefix(word).is_some_and(|rest| matches!(rest, "" | "s" | "es"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_holds_together() {
        let mut seen = std::collections::BTreeSet::new();
        for category in TREE {
            assert!(seen.insert(category.id), "{}", category.id);
            assert!(category.parent == 0 || seen.contains(&category.parent), "{}", category.id);
            let has_children = TREE.iter().any(|child| child.parent == category.id);
            assert_ne!(category.is_leaf(), has_children, "{}", category.name);
            assert_eq!(category.chain().last().map(|last| last.id), Some(category.id));
            for word in category.words {
                assert_eq!(Category::suggest(word).map(|it| it.id), Some(category.id), "{word}");
            }
        }
        assert!(TREE.iter().all(|category| TREE.iter().all(|other| category.id != other.id - VERSION_STEP)));
    }

    #[test]
    fn an_id_belongs_to_its_version() {
        assert_eq!(Category::find("800221", CategoryVersion::V2).unwrap().name, "Aprons & Oven Gloves");
        assert_eq!(Category::find("600221", CategoryVersion::V1).unwrap().id, 800_221);
        assert_eq!(Category::find("800221", CategoryVersion::V1).err(), Some(NoCategory::OtherVersion));
        assert_eq!(Category::find("17", CategoryVersion::V1).err(), Some(NoCategory::Unknown));
        assert_eq!(Category::find("x", CategoryVersion::V2).err(), Some(NoCategory::Unknown));
    }

    #[test]
    fn a_title_finds_its_category() {
        let name = |title| Category::suggest(title).map(|category| category.name);
        assert_eq!(name("Linen Apron"), Some("Aprons & Oven Gloves"));
        assert_eq!(name("Two YOGA mats, rolled"), Some("Yoga Mats"));
        assert_eq!(name("Something else entirely"), None);
    }
}
