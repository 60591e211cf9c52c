//! The builtin type `str`.

pub mod case;
pub mod iterator;
pub mod methods;
pub mod ops;
pub mod search;
pub mod text;

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::bind::unexpected_keyword;
use crate::object::{Str, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{Subscript, receiver, subscript, wrap_index};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

pub use ops::{concat, concat_all, join};

/// The type `str`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "str",
    doc: "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nCreate a new string object from the given object. If encoding or\nerrors is specified, then the object must expose a data buffer\nthat will be decoded using the given encoding and error handler.\nOtherwise, returns the result of object.__str__() (if defined)\nor repr(object).\nencoding defaults to 'utf-8'.\nerrors defaults to 'strict'.",
    traits: TypeTraits::BASE | TypeTraits::MATCH_SELF,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(|vm, this| {
            Ok(text::repr(vm, receiver(vm, this)?)?.upcast())
        }));
        s.str.set(Some(own_str));
        s.hash.set(Some(|vm, this| {
            Ok(receiver::<Str>(vm, this)?.hash_value(vm))
        }));
        s.compare.set(Some(compare));
        s.iter.set(Some(iterator::iter));
        s.len
            .set(Some(|vm, this| Ok(receiver::<Str>(vm, this)?.len())));
        s.getitem.set(Some(getitem));
        s.contains.set(Some(contains));
        s.concat.set(Some(concat_slot));
        s.repeat.set(Some(|vm, this, count| {
            ops::repeat(vm, receiver(vm, this)?, count)
        }));
        s.binary[BinaryOp::Mod as usize].set(Some(modulo));
    },
    methods: &[methods::METHODS, case::METHODS],
    ..TypeSpec::new(Str::layout, false)
};

/// The string itself, or one of exactly the type `str`.
pub fn own_str(vm: &Vm, this: &Object) -> PyResult {
    if this.is_exact::<Str>() {
        return Ok(this.to_ref());
    }
    Ok(exact(vm, receiver(vm, this)?)?.upcast())
}

/// The string itself, or one of exactly the type `str`.
pub fn exact(vm: &Vm, string: &Str) -> PyResult<Ref<Str>> {
    if string.head.is_exact::<Str>() {
        return Ok(Ref::of(string));
    }
    ops::slice(vm, string, 0, string.len())
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let pos = args.pos();
    let given = pos.len() + args.keyword_count();
    if given > 3 {
        return Err(vm.type_error(if args.keyword_count() == 0 {
            format!("str expected at most 3 arguments, got {given}")
        } else {
            format!("str() takes at most 3 arguments ({given} given)")
        }));
    }
    let (mut object, mut encoding, mut errors) = (
        pos.first().copied(),
        pos.get(1).copied(),
        pos.get(2).copied(),
    );
    for (name, value) in args.keywords() {
        let (place, index) = match name.as_ascii() {
            Some("object") => (&mut object, 1),
            Some("encoding") => (&mut encoding, 2),
            Some("errors") => (&mut errors, 3),
            _ => {
                return Err(unexpected_keyword(
                    vm,
                    "str",
                    name,
                    &["object", "encoding", "errors"],
                ));
            }
        };
        if place.is_some() {
            let name = name.to_text();
            return Err(vm.type_error(format!(
                "argument for str() given by name ('{name}') and position ({index})"
            )));
        }
        *place = Some(value);
    }
    let made = match object {
        None => vm.empty_str.clone(),
        Some(object) if encoding.is_none() && errors.is_none() => protocol::str(vm, object)?,
        Some(object) => text::decode_object(vm, object, encoding, errors)?,
    };
    if ty.is(&vm.types.str) {
        return Ok(made.upcast());
    }
    Ok(Str::place_copy(vm, ty, &made)?.upcast())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Str>(), b.downcast::<Str>()) else {
        return Ok(vm.not_implemented());
    };
    let holds = match op {
        CompareOp::Eq => x.eq_str(y),
        CompareOp::Ne => !x.eq_str(y),
        _ => crate::types::int::order_holds(ops::order(x, y), op),
    };
    Ok(vm.bool(holds))
}

/// `string[key]`
pub fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let string = receiver::<Str>(vm, this)?;
    match string_subscript(vm, key)? {
        Subscript::Index(index) => match wrap_index(index, string.len()) {
            Some(i) => Ok(vm.new_char(string.data().at(i))?.upcast()),
            None => Err(vm.index_error("string index out of range")),
        },
        Subscript::Slice(raw) => {
            let indices = raw.adjust(string.len());
            if indices.step == 1 {
                let start = indices.start as usize;
                return Ok(ops::slice(vm, string, start, start + indices.len)?.upcast());
            }
            let data = string.data();
            let points: Vec<u32> = indices.iter().map(|i| data.at(i)).collect();
            Ok(vm.new_str_points(&points)?.upcast())
        }
    }
}

/// The wording for str differs from that of the other sequences: it puts the type's name into quotes.
fn string_subscript(vm: &Vm, key: &Object) -> PyResult<Subscript> {
    let fine = key.downcast::<crate::object::Int>().is_some()
        || key.downcast::<crate::object::Slice>().is_some()
        || Type::of(key).slots.index.get().is_some();
    if !fine {
        return Err(vm.type_error(format!(
            "string indices must be integers, not '{}'",
            protocol::type_name(key)
        )));
    }
    subscript(vm, key, "string")
}

fn contains(vm: &Vm, this: &Object, item: &Object) -> PyResult<bool> {
    let string = receiver::<Str>(vm, this)?;
    match item.downcast::<Str>() {
        Some(part) => Ok(search::find(string, part, 0, string.len()).is_some()),
        None => Err(vm.type_error(format!(
            "'in <string>' requires string as left operand, not {}",
            protocol::type_name(item)
        ))),
    }
}

fn concat_slot(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let x = receiver::<Str>(vm, a)?;
    match b.downcast::<Str>() {
        Some(y) => concat(vm, x, y),
        None => Err(vm.type_error(format!(
            "can only concatenate str (not \"{}\") to str",
            protocol::type_name(b)
        ))),
    }
}

fn modulo(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    match a.downcast::<Str>() {
        Some(format) => Ok(crate::types::format::percent::format_str(vm, format, b)?.upcast()),
        None => Ok(vm.not_implemented()),
    }
}
