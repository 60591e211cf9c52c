//! Formatting: the format-spec mini-language, `%` formatting and `str.format`.

pub mod double;
pub mod number;
pub mod percent;
mod quick;
pub mod spec;
pub mod template;

pub use number::{format_complex, format_float, format_int};
pub use spec::format_str;
