//! Which lines lie in which package.

use crate::world::machine::{Forbidden, Scene, follow};
use crate::world::order::{Order, OrderStatus};
use crate::world::package::{Arrangement, Package, PackageStatus, PackageTag, TrackStep};
use crate::world::{LineNo, PackageNo};

/// Arranges shipment of `chosen`, or of all lines that are left.
pub(super) fn arrange(order: &mut Order, chosen: &[LineNo], scene: &mut Scene<'_>) -> Result<(), Forbidden> {
    let forbidden = Forbidden { status: order.status, act: "ship" };
    if !matches!(order.status, OrderStatus::AwaitingShipment | OrderStatus::PartiallyShipping) {
        return Err(forbidden);
    }
    let open: Vec<LineNo> = order
        .open_lines()
        .filter(|line| !order.is_arranged(line, scene.packages))
        .map(|line| line.number)
        .collect();
    let chosen = if chosen.is_empty() { &open[..] } else { chosen };
    if chosen.is_empty() || !chosen.iter().all(|line| open.contains(line)) {
        return Err(forbidden);
    }
    for package in packages_for(order, chosen, scene) {
        scene.packages.change(package, |package| package.arrange(&Arrangement::default(), scene.now));
    }
    order.times.ready_to_ship = Some(scene.now);
    follow(order, scene.packages, scene.now);
    Ok(())
}

/// Packages that hold `chosen` and no other open line of the order: those that are there, and a new one for the rest.
fn packages_for(order: &mut Order, chosen: &[LineNo], scene: &mut Scene<'_>) -> Vec<PackageNo> {
    let stays = |package: &PackageNo| {
        let mut open = order.lines_in(*package).filter(|line| !line.is_cancelled()).peekable();
        open.peek().is_some() && open.all(|line| chosen.contains(&line.number))
    };
    let mut ready: Vec<PackageNo> = order.packages.iter().copied().filter(stays).collect();
    let rest: Vec<LineNo> = chosen
        .iter()
        .copied()
        .filter(|line| !ready.iter().any(|package| order.lines_in(*package).any(|it| it.number == *line)))
        .collect();
    if !rest.is_empty() {
        let splits = order.open_lines().any(|line| !rest.contains(&line.number));
        let tag = if splits { PackageTag::Split } else { PackageTag::Default };
        ready.push(pack(order, tag, scene, |line| rest.contains(&line)));
        drop_empty(order, scene);
    }
    ready
}

/// The package that holds `chosen` and no other open line, or a new one.
pub(crate) fn package_for(order: &mut Order, chosen: &[LineNo], scene: &mut Scene<'_>) -> PackageNo {
    let open_in = |package: PackageNo| {
        let open = order.lines_in(package).filter(|line| !line.is_cancelled());
        open.map(|line| line.number).collect::<Vec<LineNo>>()
    };
    let same =
        |lines: Vec<LineNo>| lines.len() == chosen.len() && lines.iter().all(|line| chosen.contains(line));
    if let Some(there) = order.packages.iter().copied().find(|package| same(open_in(*package))) {
        return there;
    }
    let splits = order.open_lines().any(|line| !chosen.contains(&line.number));
    let tag = if splits { PackageTag::Split } else { PackageTag::Default };
    let package = pack(order, tag, scene, |line| chosen.contains(&line));
    drop_empty(order, scene);
    package
}

/// Forgets packages that nothing of the order lies in any more.
pub(crate) fn drop_empty(order: &mut Order, scene: &mut Scene<'_>) {
    for place in (0..order.packages.len()).rev() {
        if order.lines.iter().any(|line| line.package.map(usize::from) == Some(place)) {
            continue;
        }
        let number = order.packages.remove(place);
        for package in order.lines.iter_mut().filter_map(|line| line.package.as_mut()) {
            if usize::from(*package) > place {
                *package -= 1;
            }
        }
        if scene.packages.get(number).is_some_and(|package| !package.is_combined()) {
            scene.packages.remove(number);
        }
    }
}

/// Puts the lines that `belongs` names into a new package.
pub(crate) fn pack(
    order: &mut Order,
    tag: PackageTag,
    scene: &mut Scene<'_>,
    belongs: impl Fn(LineNo) -> bool,
) -> PackageNo {
    let number = scene.mint.package(scene.dice);
    scene.packages.insert(Package::new(number, vec![order.number], tag, scene.now));
    let place = u8::try_from(order.packages.len()).ok();
    order.packages.push(number);
    for line in order.lines.iter_mut().filter(|line| belongs(line.number)) {
        line.package = place;
    }
    number
}

/// The carrier has every parcel of the order.
pub(super) fn carry_all(
    order: &Order,
    from: PackageStatus,
    to: PackageStatus,
    step: TrackStep,
    scene: &mut Scene<'_>,
) {
    for number in &order.packages {
        scene.packages.change(*number, |package| {
            if package.status == from {
                package.carry(to, step, scene.now);
            }
        });
    }
}

/// The order is cancelled: its own packages with it; from a combined one it goes into a package of its own.
pub(super) fn abandon_packages(order: &mut Order, scene: &mut Scene<'_>) {
    for place in 0..order.packages.len() {
        let number = order.packages[place];
        let combined = scene.packages.get(number).is_some_and(Package::is_combined);
        let own = if combined { leave_combined(order, place, scene) } else { number };
        scene.packages.change(own, |package| {
            package.status = PackageStatus::Cancelled;
            package.updated = scene.now;
        });
    }
}

/// Takes the order out of a combined package into a new one, in the same place of its list.
pub(crate) fn leave_combined(order: &mut Order, place: usize, scene: &mut Scene<'_>) -> PackageNo {
    let own = scene.mint.package(scene.dice);
    scene.packages.insert(Package::new(own, vec![order.number], PackageTag::Default, scene.now));
    let shared = std::mem::replace(&mut order.packages[place], own);
    scene.packages.change(shared, |package| {
        package.orders.retain(|number| *number != order.number);
        package.updated = scene.now;
        if !package.is_combined() {
            package.tag = PackageTag::Default;
        }
    });
    own
}

/// The order no longer goes where its neighbours go.
pub(super) fn leave_all_combined(order: &mut Order, scene: &mut Scene<'_>) {
    for place in 0..order.packages.len() {
        if scene.packages.get(order.packages[place]).is_some_and(Package::is_combined) {
            leave_combined(order, place, scene);
        }
    }
}

/// After some lines were cancelled: what is left of each touched package moves into a new one, and the cancelled lines keep
/// the old one, which never gets a label (PLATFORM.md 8.3).
pub(super) fn rebuild(order: &mut Order, cancelled: &[LineNo], scene: &mut Scene<'_>) {
    for place in 0..order.packages.len() {
        let number = order.packages[place];
        let lines: Vec<LineNo> = order.lines_in(number).map(|line| line.number).collect();
        if !lines.iter().any(|line| cancelled.contains(line)) {
            continue;
        }
        if scene.packages.get(number).is_some_and(Package::is_combined) {
            leave_combined(order, place, scene);
        }
        let left: Vec<LineNo> =
            order.open_lines().map(|line| line.number).filter(|line| lines.contains(line)).collect();
        if !left.is_empty() {
            let tag = scene.packages.get(number).map_or(PackageTag::Default, |package| package.tag);
            let rebuilt = pack(order, tag, scene, |line| left.contains(&line));
            let settles = scene.now + std::time::Duration::from_secs(scene.switches.package_rebuild_seconds);
            scene.packages.change(rebuilt, |package| package.settles = Some(settles));
        }
    }
}
