//! What carriers do with packages.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::family::package_value;
use crate::platform::Platform;
use crate::world::package::{Arrangement, Loss, PackageAct, PackageError, TrackStep};
use crate::world::{PackageNo, ShopNo, World};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct EventRequest {
    /// Found by the package's id if missing.
    shop_id: Option<String>,
    /// For `report`.
    step: Option<TrackStep>,
    /// For `lose`.
    reason: Option<Loss>,
}

/// `POST packages/{id}/{event}`
pub(super) fn act(
    request: &ControlRequest<'_>,
    package: &str,
    event: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let wanted: EventRequest = request.json()?;
    let act = match event {
        "ship" => PackageAct::Arrange(Arrangement::default()),
        "collect" => PackageAct::Collect,
        "report" => PackageAct::Report(step_of(wanted.step)?),
        "deliver" => PackageAct::Deliver,
        "lose" => PackageAct::Lose(wanted.reason.unwrap_or(Loss::PackageLost)),
        _ => return Err(ControlError::NotFound("event of a package")),
    };
    let package: PackageNo = package.parse().map_err(|_| ControlError::NotFound("package"))?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = match &wanted.shop_id {
        Some(shop) => shop_of(shop, &world)?,
        None => shop_with(package, &world)?,
    };
    world.act_on_package(shop, package, &act, now)?;
    let found = world.shops.get(&shop).and_then(|shop| Some((shop, shop.packages.get(package)?)));
    let value = found.map_or(Value::Null, |(shop, package)| package_value(shop, package));
    drop(world);
    platform.baton.nudge();
    ok(&value)
}

/// `GET truth/packages?shop_id=`
pub(super) fn truth(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let world = platform.world();
    let number = shop_of(&request.param("shop_id").unwrap_or_default(), &world)?;
    let shop = world.shops.get(&number).ok_or(ControlError::NotFound("shop"))?;
    let newest = crate::world::package::PackageFilter::default();
    let limit = request.limit(1_000, 100_000);
    let packages: Vec<Value> =
        shop.packages.search(&newest).take(limit).map(|package| package_value(shop, package)).collect();
    ok(&json!({ "total_count": shop.packages.len(), "packages": packages }))
}

/// What a carrier may report besides the events that have a name of their own.
fn step_of(step: Option<TrackStep>) -> Result<TrackStep, ControlError> {
    match step.unwrap_or(TrackStep::OutForDelivery) {
        step @ (TrackStep::SortingCentre | TrackStep::OutForDelivery | TrackStep::DeliveryFailed) => Ok(step),
        TrackStep::Arranged | TrackStep::Collected | TrackStep::Delivered | TrackStep::Lost => {
            Err(ControlError::Invalid(
                "`step` is one of sorting_centre, out_for_delivery, delivery_failed; the others are events"
                    .into(),
            ))
        }
    }
}

fn shop_with(package: PackageNo, world: &World) -> Result<ShopNo, ControlError> {
    let shop = world.shops.values().find(|shop| shop.packages.get(package).is_some());
    shop.map(|shop| shop.number).ok_or(ControlError::NotFound("package"))
}

impl From<PackageError> for ControlError {
    fn from(error: PackageError) -> Self {
        match error {
            PackageError::NoPackage => Self::NotFound("package"),
            PackageError::CancelRequested | PackageError::Forbidden { .. } => {
                Self::Conflict(error.to_string())
            }
        }
    }
}
