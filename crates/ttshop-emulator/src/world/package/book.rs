//! A shop's packages, found by id and by time.

use std::collections::HashMap;
use std::ops::Range;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ttshop_types::Timestamp;

use crate::world::PackageNo;
use crate::world::book::SortField;
use crate::world::carrier::PLATFORM;
use crate::world::package::{Package, PackageStatus};
use crate::world::time_index::TimeIndex;

/// A place in a search: seconds since 1970, then the package.
pub(crate) type PackageKey = (i64, PackageNo);

/// All packages of one shop.
#[derive(Debug, Default)]
pub(crate) struct PackageBook {
    packages: HashMap<PackageNo, Box<Package>>,
    by_created: Indexes,
    by_updated: Indexes,
    /// How often sellers used the numbers of their own carriers.
    own_tracking: HashMap<Box<str>, u32>,
}

/// One index over all packages, and one for each status.
#[derive(Debug, Default)]
struct Indexes {
    all: TimeIndex<PackageNo>,
    by_status: [TimeIndex<PackageNo>; PackageStatus::ALL.len()],
}

/// What a search asks for.
#[derive(Clone, Debug)]
pub(crate) struct PackageFilter {
    pub(crate) status: Option<PackageStatus>,
    /// Seconds since 1970; the end is exclusive.
    pub(crate) created: Range<i64>,
    pub(crate) updated: Range<i64>,
    pub(crate) field: SortField,
    pub(crate) descending: bool,
    /// The last entry of the page before.
    pub(crate) after: Option<PackageKey>,
}

impl PackageBook {
    pub(crate) fn len(&self) -> usize {
        self.packages.len()
    }

    pub(crate) fn get(&self, number: PackageNo) -> Option<&Package> {
        self.packages.get(&number).map(Box::as_ref)
    }

    pub(crate) fn insert(&mut self, package: Package) {
        self.by_created.insert(package.status, key(package.created, package.number));
        self.by_updated.insert(package.status, key(package.updated, package.number));
        if let Some(used) = own_tracking(&package) {
            *self.own_tracking.entry(used.into()).or_default() += 1;
        }
        self.packages.insert(package.number, Box::new(package));
    }

    /// Changes one package and keeps the index true.
    pub(crate) fn change<T>(
        &mut self,
        number: PackageNo,
        change: impl FnOnce(&mut Package) -> T,
    ) -> Option<T> {
        let package = self.packages.get_mut(&number)?;
        let (status, updated) = (package.status, key(package.updated, number));
        let used: Option<Box<str>> = own_tracking(package).map(Into::into);
        let result = change(package);
        let created = key(package.created, number);
        let (status_now, updated_now) = (package.status, key(package.updated, number));
        if (status, updated) != (status_now, updated_now) {
            self.by_created.remove(status, created);
            self.by_created.insert(status_now, created);
            self.by_updated.remove(status, updated);
            self.by_updated.insert(status_now, updated_now);
        }
        let used_now: Option<Box<str>> = own_tracking(package).map(Into::into);
        if used != used_now {
            if let Some(used) = used {
                self.forget_tracking(&used);
            }
            if let Some(used) = used_now {
                *self.own_tracking.entry(used).or_default() += 1;
            }
        }
        Some(result)
    }

    /// Takes a package out: its lines have gone into another.
    pub(crate) fn remove(&mut self, number: PackageNo) {
        let Some(package) = self.packages.remove(&number) else { return };
        if let Some(used) = own_tracking(&package) {
            self.forget_tracking(used);
        }
        self.by_created.remove(package.status, key(package.created, number));
        self.by_updated.remove(package.status, key(package.updated, number));
    }

    /// How many parcels travel under this number of a seller's own carrier.
    pub(crate) fn uses_of(&self, tracking_number: &str) -> u32 {
        self.own_tracking.get(tracking_number).copied().unwrap_or(0)
    }

    fn forget_tracking(&mut self, tracking_number: &str) {
        if let Some(uses) = self.own_tracking.get_mut(tracking_number) {
            *uses -= 1;
            if *uses == 0 {
                self.own_tracking.remove(tracking_number);
            }
        }
    }

    /// Packages that fit, in the filter's direction.
    pub(crate) fn search<'a>(&'a self, filter: &'a PackageFilter) -> impl Iterator<Item = &'a Package> {
        let index = self.index(filter);
        let (from, until) = filter.bounds();
        let (ascending, descending) = if filter.descending {
            (None, Some(index.descending(from, until)))
        } else {
            (Some(index.ascending(from, until)), None)
        };
        let keys = ascending.into_iter().flatten().chain(descending.into_iter().flatten());
        keys.filter_map(|(_, number)| self.get(number)).filter(|package| filter.fits(package))
    }

    /// How many packages fit, wherever a page begins.
    pub(crate) fn count(&self, filter: &PackageFilter) -> usize {
        let whole = PackageFilter { after: None, ..filter.clone() };
        if whole.is_one_range() {
            let (from, until) = whole.bounds();
            return self.index(&whole).count(from, until);
        }
        self.search(&whole).count()
    }

    /// Packages from the oldest to the newest.
    pub(crate) fn walk(&self) -> impl Iterator<Item = &Package> {
        let keys = self.by_created.all.ascending((i64::MIN, PackageNo(0)), (i64::MAX, PackageNo(0)));
        keys.filter_map(|(_, number)| self.get(number))
    }

    fn index(&self, filter: &PackageFilter) -> &TimeIndex<PackageNo> {
        let indexes = match filter.field {
            SortField::Created => &self.by_created,
            SortField::Updated => &self.by_updated,
        };
        filter.status.map_or(&indexes.all, |status| &indexes.by_status[status.index()])
    }
}

impl Indexes {
    fn insert(&mut self, status: PackageStatus, key: PackageKey) {
        self.all.insert(key);
        self.by_status[status.index()].insert(key);
    }

    fn remove(&mut self, status: PackageStatus, key: PackageKey) {
        self.all.remove(key);
        self.by_status[status.index()].remove(key);
    }
}

impl Default for PackageFilter {
    fn default() -> Self {
        Self {
            status: None,
            created: 0..i64::MAX,
            updated: 0..i64::MAX,
            field: SortField::Created,
            descending: true,
            after: None,
        }
    }
}

impl PackageFilter {
    fn bounds(&self) -> (PackageKey, PackageKey) {
        let range = match self.field {
            SortField::Created => &self.created,
            SortField::Updated => &self.updated,
        };
        let (from, until) = ((range.start, PackageNo(0)), (range.end, PackageNo(0)));
        match self.after {
            Some(after) if self.descending => (from, until.min(after)),
            Some((time, number)) => (from.max((time, PackageNo(number.0.saturating_add(1)))), until),
            None => (from, until),
        }
    }

    /// Whether the index alone answers.
    fn is_one_range(&self) -> bool {
        let other = match self.field {
            SortField::Created => &self.updated,
            SortField::Updated => &self.created,
        };
        *other == (0..i64::MAX)
    }

    fn fits(&self, package: &Package) -> bool {
        self.created.contains(&package.created.as_seconds())
            && self.updated.contains(&package.updated.as_seconds())
    }

    /// Where the search goes on after `package`.
    pub(crate) fn key_of(&self, package: &Package) -> PackageKey {
        match self.field {
            SortField::Created => key(package.created, package.number),
            SortField::Updated => key(package.updated, package.number),
        }
    }
}

/// The number of the seller's own carrier; the platform's are unique anyway.
fn own_tracking(package: &Package) -> Option<&str> {
    let shipment = package.shipment.as_deref()?;
    (shipment.provider != PLATFORM.id).then_some(&*shipment.tracking_number)
}

fn key(time: Timestamp, number: PackageNo) -> PackageKey {
    (time.as_seconds(), number)
}

impl Serialize for PackageBook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.walk())
    }
}

impl<'de> Deserialize<'de> for PackageBook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut book = Self::default();
        for package in Vec::<Package>::deserialize(deserializer)? {
            if book.packages.contains_key(&package.number) {
                return Err(D::Error::custom("a package is there twice"));
            }
            book.insert(package);
        }
        Ok(book)
    }
}
