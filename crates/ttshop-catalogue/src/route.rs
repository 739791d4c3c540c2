//! From a request line to its operation: a tree of path segments, walked without allocation.

use crate::generated::ROOT;
use crate::operation::{Method, Operation};

/// Most parameters in one path.
pub const PATH_PARAMS_MAX: usize = 4;

/// One segment of the tree.
#[derive(Debug)]
pub(crate) struct Node {
    /// Next segments by their text, sorted.
    pub(crate) literals: &'static [(&'static str, &'static Self)],
    /// What follows when no literal fits.
    pub(crate) parameter: Option<&'static Self>,
    /// What may be called here.
    pub(crate) operations: &'static [&'static Operation],
}

/// Values of the parameters of one path, as they stood in it (not percent-decoded).
#[derive(Clone, Copy, Default, Debug)]
pub struct PathParams<'path> {
    names: &'static [&'static str],
    values: [&'path str; PATH_PARAMS_MAX],
}

impl<'path> PathParams<'path> {
    /// The value of the parameter `name`.
    pub fn get(&self, name: &str) -> Option<&'path str> {
        self.iter().find(|(candidate, _)| *candidate == name).map(|(_, value)| value)
    }

    /// Names and values in the path's order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'path str)> {
        self.names.iter().copied().zip(self.values)
    }
}

/// The operation behind a method and a path, and the path's parameters. Literal segments win over parameters.
pub fn route<'path>(method: Method, path: &'path str) -> Option<(&'static Operation, PathParams<'path>)> {
    let mut values = [""; PATH_PARAMS_MAX];
    let node = walk(&ROOT, path.strip_prefix('/')?, &mut values, 0, &|node| {
        node.operations.iter().any(|operation| operation.method == method)
    })?;
    let operation = node.operations.iter().copied().find(|operation| operation.method == method)?;
    Some((operation, PathParams { names: operation.path_params, values }))
}

/// Whether the path exists under any method: a wrong method differs from a wrong path.
pub fn path_exists(path: &str) -> bool {
    let mut values = [""; PATH_PARAMS_MAX];
    path.strip_prefix('/').is_some_and(|path| walk(&ROOT, path, &mut values, 0, &has_operations).is_some())
}

/// Versions in which the path's resource exists, whatever version the path names: a path of a known resource in an
/// unknown version differs from an unknown path.
pub fn versions_of(path: &str) -> Vec<&'static str> {
    let mut segments = path.strip_prefix('/').unwrap_or_default().splitn(3, '/');
    let (Some(family), Some(_), Some(resource)) = (segments.next(), segments.next(), segments.next()) else {
        return Vec::new();
    };
    let versions = ROOT.literal(family).map(|family| family.literals).unwrap_or_default();
    let exists =
        |node: &'static Node| walk(node, resource, &mut [""; PATH_PARAMS_MAX], 0, &has_operations).is_some();
    versions.iter().filter(|(_, node)| exists(node)).map(|(version, _)| *version).collect()
}

fn has_operations(node: &Node) -> bool {
    !node.operations.is_empty()
}

impl Node {
    fn literal(&self, segment: &str) -> Option<&'static Self> {
        let place = self.literals.binary_search_by(|(text, _)| (*text).cmp(segment)).ok()?;
        self.literals.get(place).map(|(_, node)| *node)
    }
}

/// Walks down `path`; on a dead end below a literal it tries the parameter, so the depth of the tree bounds the work.
fn walk<'path>(
    node: &'static Node,
    path: &'path str,
    values: &mut [&'path str; PATH_PARAMS_MAX],
    depth: usize,
    accepts: &dyn Fn(&Node) -> bool,
) -> Option<&'static Node> {
    let (segment, rest) = path.split_once('/').map_or((path, None), |(segment, rest)| (segment, Some(rest)));
    let descend = |next: &'static Node, values: &mut [&'path str; PATH_PARAMS_MAX], depth| match rest {
        Some(rest) => walk(next, rest, values, depth, accepts),
        None => Some(next).filter(|next| accepts(next)),
    };
    if let Some(found) = node.literal(segment).and_then(|next| descend(next, values, depth)) {
        return Some(found);
    }
    let next = node.parameter.filter(|_| !segment.is_empty())?;
    *values.get_mut(depth)? = segment;
    descend(next, values, depth + 1)
}
