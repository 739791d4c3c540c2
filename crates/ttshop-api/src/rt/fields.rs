//! The names of a model's fields, found without comparing them one by one.

/// Marks a slot that no name took.
const FREE: u8 = u8::MAX;

/// Names on the wire; a field's place in the list is its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    names: &'static [&'static str],
    /// Numbers, each at the slot of its name or at the next free one; half of the slots stay free.
    slots: &'static [u8],
}

/// [`Fields`] of these names; the slots are filled when the crate is built.
macro_rules! fields {
    ($($name:literal),* $(,)?) => {{
        const NAMES: &[&str] = &[$($name),*];
        const SLOTS: [u8; $crate::rt::slot_count(NAMES.len())] = $crate::rt::fill_slots(NAMES);
        $crate::rt::Fields::new(NAMES, &SLOTS)
    }};
}

pub(crate) use fields;

impl Fields {
    pub(crate) const fn new(names: &'static [&'static str], slots: &'static [u8]) -> Self {
        Self { names, slots }
    }

    /// The name of a field.
    #[inline]
    pub(crate) fn name(&self, field: usize) -> Option<&'static str> {
        self.names.get(field).copied()
    }

    /// The number of the field called `name`.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let last = self.slots.len() - 1;
        let mut slot = slot_of(name.as_bytes()) & last;
        loop {
            // A free slot is no number of a name.
            let field = usize::from(self.slots[slot]);
            if *self.names.get(field)? == name {
                return Some(field);
            }
            slot = (slot + 1) & last;
        }
    }
}

/// A power of two, at least twice the number of names.
pub(crate) const fn slot_count(names: usize) -> usize {
    (2 * names + 1).next_power_of_two()
}

/// The slots of `names`.
pub(crate) const fn fill_slots<const N: usize>(names: &[&str]) -> [u8; N] {
    assert!(names.len() < 255, "numbers are bytes");
    let mut slots = [FREE; N];
    let mut field = 0;
    let mut number: u8 = 0;
    while field < names.len() {
        let mut slot = slot_of(names[field].as_bytes()) % N;
        while slots[slot] != FREE {
            slot = (slot + 1) % N;
        }
        slots[slot] = number;
        number += 1;
        field += 1;
    }
    slots
}

/// Length, first, middle and last letter tell most names of a model apart.
#[inline]
const fn slot_of(name: &[u8]) -> usize {
    let [first, .., last] = name else { return name.len() };
    let middle = name[name.len() / 2];
    // `usize::from` cannot be called in constants.
    name.len() * 5 + *first as usize * 3 + middle as usize * 17 + *last as usize * 29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        const FIELDS: Fields = fields!["", "a", "b", "ab", "ba", "aab", "abb", "total", "totals", "é"];
        for (number, name) in FIELDS.names.iter().enumerate() {
            assert_eq!(FIELDS.find(name), Some(number));
        }
        for name in ["c", "bb", "aaab", "Total", "e", "totalz"] {
            assert_eq!(FIELDS.find(name), None, "{name}");
        }
    }

    #[test]
    fn a_model_without_fields_finds_nothing() {
        const FIELDS: Fields = fields![];
        assert_eq!(FIELDS.find("a"), None);
        assert_eq!(FIELDS.name(0), None);
    }
}
