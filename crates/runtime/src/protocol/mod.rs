//! Operations on any object: what the bytecode and the native functions ask for, carried out through the slots.

pub mod attribute;
pub mod call;
pub mod compare;
pub mod container;
pub mod convert;
pub mod iterate;
pub mod operator;
pub mod text;

pub use attribute::{
    call_method, call_special, del_attr, get_attr, get_attr_opt, get_attr_str, get_method,
    lookup_special, object_dict, set_attr,
};
pub use call::{call, call_args, call_no_args, call_one, is_callable};
pub use compare::{compare, compare_bool, compare_eq, compare_is_or_eq, hash};
pub use container::{contains, del_item, get_item, len, len_opt, set_item};
pub use convert::{
    argument_name, ascii, format, index, is_true, repr, str, to_f64, to_i64, to_index,
    to_isize_clamped, type_name,
};
pub use iterate::{collect, collect_list, collect_tuple, for_each, iter, length_hint, next};
pub use operator::{binary, inplace, invert, negative, positive};
pub use text::TextBuilder;
