//! What the Unicode database says about characters, as far as the syntax asks.

use crate::ast::Name;
use unicode_normalization::UnicodeNormalization;

/// Whether `repr` would show the character as itself.
#[must_use]
pub fn is_printable(c: char) -> bool {
    if c == ' ' {
        return true;
    }
    use unicode_general_category::GeneralCategory as G;
    !matches!(
        unicode_general_category::get_general_category(c),
        G::Control
            | G::Format
            | G::Surrogate
            | G::PrivateUse
            | G::Unassigned
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::SpaceSeparator
    )
}

/// An identifier in its normal form (NFKC).
#[must_use]
pub fn normalize(name: &str) -> Name {
    if name.is_ascii() {
        Name::new(name)
    } else {
        name.nfkc().collect()
    }
}

/// The character of a `\N{...}` escape.
#[must_use]
pub fn by_name(name: &str) -> Option<char> {
    unicode_names2::character(name)
}
