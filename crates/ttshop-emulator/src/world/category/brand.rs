//! Brands that the platform knows by itself; sellers add their own.

/// One brand.
#[derive(Debug)]
pub(crate) struct Brand {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// The platform asks for the owner's consent before such goods are listed.
    pub(crate) protected: bool,
}

const fn brand(id: &'static str, name: &'static str, protected: bool) -> Brand {
    Brand { id, name, protected }
}

/// By name.
pub(crate) static BRANDS: [Brand; 8] = [
    brand("7082427311584347001", "Acorn & Ash", false),
    brand("7082427311584347002", "Birchwood", false),
    brand("7082427311584347003", "Copperline", true),
    brand("7082427311584347004", "Drift Goods", false),
    brand("7082427311584347005", "Ember", true),
    brand("7082427311584347006", "Fernweh", false),
    brand("7082427311584347007", "Greyfold", false),
    brand("7082427311584347008", "Halden", true),
];
