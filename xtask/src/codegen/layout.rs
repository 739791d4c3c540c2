//! Lays out long literals. rustfmt takes seconds for the static tables, because their literals nest deeply; this takes
//! milliseconds, and `#[rustfmt::skip]` on the modules keeps the two apart.

/// Longest line.
const WIDTH: usize = 110;

/// Breaks an item such as `static X: T = T { … };` at commas until every line fits.
pub(crate) fn lay_out(item: &str) -> String {
    let mut text = String::new();
    put(&mut text, item.trim(), 0);
    text
}

/// Writes `source` at `indent`: on one line if it fits, else its last outermost bracket broken into lines.
fn put(text: &mut String, source: &str, indent: usize) {
    if indent + source.len() <= WIDTH {
        text.push_str(source);
        return;
    }
    let Some((open, close)) = widest_bracket(source) else {
        text.push_str(source);
        return;
    };
    text.push_str(&source[..=open]);
    text.push('\n');
    for element in elements(&source[open + 1..close]) {
        text.extend(std::iter::repeat_n(' ', indent + 4));
        put(text, element, indent + 4);
        // A base such as `..Schema::ANY` takes no comma.
        text.push_str(if element.starts_with("..") { "\n" } else { ",\n" });
    }
    text.extend(std::iter::repeat_n(' ', indent));
    text.push_str(&source[close..]);
}

/// Places of the outermost brackets that hold the most.
fn widest_bracket(source: &str) -> Option<(usize, usize)> {
    let mut widest: Option<(usize, usize)> = None;
    let mut open = Vec::new();
    scan(source, |place, letter| match letter {
        '(' | '[' | '{' => open.push(place),
        ')' | ']' | '}' => {
            let start = open.pop().unwrap_or_default();
            if open.is_empty() && widest.is_none_or(|(from, to)| place - start > to - from) {
                widest = Some((start, place));
            }
        }
        _ => {}
    });
    widest
}

/// What stands between the outermost commas.
fn elements(source: &str) -> Vec<&str> {
    let mut cuts = Vec::new();
    let mut depth = 0_usize;
    scan(source, |place, letter| match letter {
        '(' | '[' | '{' => depth += 1,
        ')' | ']' | '}' => depth = depth.saturating_sub(1),
        ',' if depth == 0 => cuts.push(place),
        _ => {}
    });
    let mut elements = Vec::new();
    let mut from = 0;
    for cut in cuts.into_iter().chain([source.len()]) {
        elements.push(source[from..cut].trim());
        from = (cut + 1).min(source.len());
    }
    elements.retain(|element| !element.is_empty());
    elements
}

/// Visits every letter outside text literals.
fn scan(source: &str, mut visit: impl FnMut(usize, char)) {
    let (mut quoted, mut escaped) = (false, false);
    for (place, letter) in source.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if !quoted => visit(place, letter),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_on_one_line() {
        assert_eq!(lay_out("static A: B = C { d: 1 };"), "static A: B = C { d: 1 };");
    }

    #[test]
    fn what_does_not_fit_is_broken_at_its_own_commas() {
        let long = "x".repeat(WIDTH);
        let item = format!("static A: B = C {{ d: &[1, 2], e: \"{long}, }}\", ..C::ANY }};");
        let expected =
            format!("static A: B = C {{\n    d: &[1, 2],\n    e: \"{long}, }}\",\n    ..C::ANY\n}};");
        assert_eq!(lay_out(&item), expected);
    }
}
