//! Where goods are sent from and returned to (PLATFORM.md 6, logistics).

use serde::{Deserialize, Serialize};

use crate::world::{Chance, WarehouseNo};

/// One warehouse of one shop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Warehouse {
    pub(crate) number: WarehouseNo,
    pub(crate) name: String,
    pub(crate) kind: WarehouseKind,
    pub(crate) is_default: bool,
}

/// What a warehouse is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum WarehouseKind {
    SalesWarehouse,
    ReturnWarehouse,
}

impl Warehouse {
    /// `sales` warehouses that send and one that takes back; the first of each is the default.
    pub(crate) fn draw(sales: u32, chance: &mut Chance) -> Vec<Self> {
        let mut warehouse = |kind, name: String, is_default| Self {
            number: chance.mint.warehouse(&mut chance.dice),
            name,
            kind,
            is_default,
        };
        let mut all: Vec<Self> = (1..=sales.max(1))
            .map(|place| {
                warehouse(WarehouseKind::SalesWarehouse, format!("Sales warehouse {place}"), place == 1)
            })
            .collect();
        all.push(warehouse(WarehouseKind::ReturnWarehouse, "Return warehouse".into(), true));
        all
    }

    pub(crate) fn sells(&self) -> bool {
        self.kind == WarehouseKind::SalesWarehouse
    }
}
