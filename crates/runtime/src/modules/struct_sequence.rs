//! Struct sequences: tuples whose items have names (`sys.version_info`, `time.struct_time`).

use viv_heap::{Object, Ref};

use crate::native::{MethodDef, NativeCall};
use crate::object::{Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::receiver;
use crate::vm::Vm;

/// The item at a fixed index: the getter of a named field.
pub fn field<const I: usize>(vm: &Vm, this: &Object) -> PyResult {
    Ok(receiver::<Tuple>(vm, this)?
        .get(I)
        .map_or_else(|| vm.none_ref(), Object::to_ref))
}

/// `sys.version_info(major=3, …)`
pub fn repr(vm: &Vm, this: &Object, title: &str, names: &[&str]) -> PyResult {
    let items = receiver::<Tuple>(vm, this)?.as_slice().to_vec();
    let mut out = protocol::TextBuilder::new();
    out.push(title);
    out.push("(");
    for (i, (name, item)) in names.iter().zip(&items).enumerate() {
        out.push(if i == 0 { "" } else { ", " });
        out.push(name);
        out.push("=");
        out.push_repr(vm, item)?;
    }
    out.push(")");
    Ok(out.finish(vm)?.upcast())
}

/// Makes a struct sequence of these values.
pub fn make(vm: &Vm, ty: &Type, values: Vec<Ref>) -> PyResult {
    Ok(Tuple::place(vm, ty, values)?.upcast())
}

/// `type(sequence)`: the constructor that scripts may call.
pub fn construct(vm: &Vm, ty: &Type, args: crate::Args<'_>, least: usize) -> PyResult {
    if ty.is(&vm.types.sys_version_info) || ty.is(&vm.types.sys_flags) {
        let name = ty.display_name();
        return Err(vm.type_error(format!("cannot create '{name}' instances")));
    }
    // A dict of what has only a name may follow: it comes from a pickle.
    let ([items] | [items, _]) = args.pos() else {
        return Err(vm.type_error(format!(
            "{} expected 1 argument, got {}",
            ty.display_name(),
            args.pos().len()
        )));
    };
    let items = protocol::collect(vm, items)?;
    if items.len() < least {
        return Err(vm.type_error(format!(
            "{}() takes a {least}-sequence ({}-sequence given)",
            ty.display_name(),
            items.len()
        )));
    }
    make(vm, ty, items)
}

/// `__reduce__`: the class, and its items as a plain tuple.
pub const METHODS: &[MethodDef] = &[MethodDef::new(
    "__reduce__",
    "",
    NativeCall::NoArgs(|vm, this| {
        let items = receiver::<Tuple>(vm, this)?.as_slice().to_vec();
        let args = vec![vm.new_tuple(items)?.upcast(), vm.new_dict()?.upcast()];
        let class = Ref::of(Type::of(this)).upcast();
        let args = vm.new_tuple(args)?.upcast();
        Ok(vm.new_tuple(vec![class, args])?.upcast())
    }),
    "",
)];

/// Declares the type of a struct sequence: `struct_sequence!(NAME, "module", "name", 0 "field", 1 "field" …)`; what
/// follows after semicolons (`; "field" getter`) is no item of the sequence and has only a name.
#[macro_export]
macro_rules! struct_sequence {
    ($(#[$doc:meta])* $spec:ident, $module:literal, $name:literal, $($index:literal $field:literal),+ $(,)? $(; $named:literal $get:expr)*) => {
        $(#[$doc])*
        pub static $spec: $crate::types::spec::TypeSpec = $crate::types::spec::TypeSpec {
            name: $name,
            module: $module,
            exact: false,
            methods: &[$crate::modules::struct_sequence::METHODS],
            slots: |s| {
                s.repr.set(Some(|vm, this| $crate::modules::struct_sequence::repr(vm, this, concat!($module, ".", $name), &[$($field),+])));
                s.new.set(Some(|vm, ty, args| $crate::modules::struct_sequence::construct(vm, ty, args, [$($index),+].len())));
            },
            getset: &[
                $($crate::native::GetSetDef::member($field, $crate::modules::struct_sequence::field::<$index>, ""),)+
                $($crate::native::GetSetDef::member($named, $get, ""),)*
            ],
            ..$crate::types::spec::TypeSpec::new(<$crate::object::Tuple as $crate::ObjectLayout>::layout, true)
        };
    };
}
