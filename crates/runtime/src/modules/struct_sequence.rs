//! Struct sequences: tuples whose items have names (`sys.version_info`, `time.struct_time`).

use viv_heap::{Object, Ref};

use crate::object::{Dict, Str, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::object::attributes;
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

/// Makes a struct sequence of these values, and of those of its hidden fields.
pub fn make_whole(vm: &Vm, ty: &Type, values: Vec<Ref>, hidden: &[(&str, Ref)]) -> PyResult {
    let made = Tuple::place(vm, ty, values)?.upcast();
    if !hidden.is_empty()
        && let Some(dict) = attributes::dict_of(vm, &made)?
    {
        for (name, value) in hidden {
            dict.set_text(vm, name, value)?;
        }
    }
    Ok(made)
}

/// The value of a field that has only a name.
pub fn hidden(vm: &Vm, this: &Object, name: &str) -> PyResult {
    let found = match attributes::existing_dict(this) {
        Some(dict) => dict.get_text(vm, name)?,
        None => None,
    };
    Ok(found.unwrap_or_else(|| vm.none_ref()))
}

/// Setting an attribute of a sequence whose dict is not the scripts'.
pub fn set_attr(vm: &Vm, this: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    let found = vm.type_lookup_borrowed(Type::of(this), name);
    if found.is_some_and(|found| Type::of(found).slots.descr_set.get().is_some()) {
        return attributes::generic_set_attr(vm, this, name, value);
    }
    Err(attributes::no_place(vm, this, name, found.is_some()))
}

/// The names of a struct sequence.
pub struct Shape {
    /// The class with its module.
    pub title: &'static str,
    /// The fields that are items.
    pub fields: &'static [&'static str],
    /// The fields that have only a name.
    pub hidden: &'static [&'static str],
}

/// `type(sequence, dict={})`: the constructor that scripts may call.
pub fn construct(vm: &Vm, ty: &Type, args: crate::Args<'_>, shape: &Shape) -> PyResult {
    if ty.is(&vm.types.sys_version_info) || ty.is(&vm.types.sys_flags) {
        let name = ty.display_name();
        return Err(vm.type_error(format!("cannot create '{name}' instances")));
    }
    let args = constructor_args(vm, "structseq", args, &["sequence", "dict"])?;
    let [Some(items), named] = args[..] else {
        return Err(vm.type_error("structseq() missing required argument 'sequence' (pos 1)"));
    };
    let title = shape.title;
    let mut items = match protocol::collect(vm, items) {
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            return Err(vm.type_error("constructor requires a sequence"));
        }
        Ok(items) => items,
    };
    let (least, most) = (shape.fields.len(), shape.fields.len() + shape.hidden.len());
    let given = items.len();
    let bound = match (given < least, given > most) {
        _ if least == most && given != least => "a",
        (true, _) => "an at least",
        (_, true) => "an at most",
        _ => "",
    };
    if !bound.is_empty() {
        let bound_at = if given < least { least } else { most };
        return Err(vm.type_error(format!(
            "{title}() takes {bound} {bound_at}-sequence ({given}-sequence given)"
        )));
    }
    let mut values: Vec<Option<Ref>> = items.drain(least..).map(Some).collect();
    let mut used = 0;
    if let Some(named) = named {
        let Some(named) = named.downcast::<Dict>() else {
            return Err(vm.type_error(format!("{title}() takes a dict as second arg, if any")));
        };
        for name in shape.hidden.iter().skip(values.len()) {
            let value = named.get_text(vm, name)?;
            used += usize::from(value.is_some());
            values.push(value);
        }
        if used < named.len() {
            return Err(vm.type_error(format!(
                "{title}() got duplicate or unexpected field name(s)"
            )));
        }
    }
    let hidden: Vec<(&str, Ref)> = shape
        .hidden
        .iter()
        .copied()
        .zip(values)
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    make_whole(vm, ty, items, &hidden)
}

/// The arguments of a constructor by the names of its parameters.
fn constructor_args<'a>(
    vm: &Vm,
    function: &str,
    args: crate::Args<'a>,
    names: &[&str],
) -> PyResult<Vec<Option<&'a Object>>> {
    let given = args.values().len();
    if given > names.len() {
        return Err(vm.type_error(format!(
            "{function}() takes at most {} arguments ({given} given)",
            names.len()
        )));
    }
    let mut places: Vec<Option<&Object>> = args.pos().iter().copied().map(Some).collect();
    places.resize(names.len(), None);
    for (name, value) in args.keywords() {
        match names.iter().position(|n| name.eq_text(n)) {
            Some(i) => places[i] = Some(value),
            None => {
                return Err(vm.type_error(format!(
                    "{function}() got an unexpected keyword argument '{}'",
                    name.to_text()
                )));
            }
        }
    }
    Ok(places)
}

/// `__reduce__`: the class, its items as a plain tuple, and the hidden fields as a dict.
pub fn reduce(vm: &Vm, this: &Object, shape: &Shape) -> PyResult {
    let items = receiver::<Tuple>(vm, this)?.as_slice().to_vec();
    let named = vm.new_dict()?;
    for name in shape.hidden {
        named.set_text(vm, name, &*hidden(vm, this, name)?)?;
    }
    let args = vec![vm.new_tuple(items)?.upcast(), named.upcast()];
    let class = Ref::of(Type::of(this)).upcast();
    let args = vm.new_tuple(args)?.upcast();
    Ok(vm.new_tuple(vec![class, args])?.upcast())
}

/// `__replace__`: a copy with some fields of other values.
pub fn replace(vm: &Vm, this: &Object, args: crate::Args<'_>, shape: &Shape) -> PyResult {
    if !args.pos().is_empty() {
        return Err(vm.type_error("__replace__() takes no positional arguments"));
    }
    let mut items = receiver::<Tuple>(vm, this)?.as_slice().to_vec();
    let mut named = Vec::with_capacity(shape.hidden.len());
    for name in shape.hidden {
        named.push((*name, hidden(vm, this, name)?));
    }
    let mut unknown = Vec::new();
    for (name, value) in args.keywords() {
        if let Some(i) = shape.fields.iter().position(|n| name.eq_text(n)) {
            items[i] = value.to_ref();
        } else if let Some((_, place)) = named.iter_mut().find(|(n, _)| name.eq_text(n)) {
            *place = value.to_ref();
        } else {
            unknown.push(format!("'{}'", name.to_text()));
        }
    }
    if !unknown.is_empty() {
        return Err(vm.type_error(format!(
            "Got unexpected field name(s): [{}]",
            unknown.join(", ")
        )));
    }
    make_whole(vm, Type::of(this), items, &named)
}

/// Enters the class attributes `n_fields`, `n_sequence_fields`, `n_unnamed_fields` and `__match_args__`.
pub fn describe(vm: &Vm, ty: &Type, shape: &Shape) -> PyResult<()> {
    let Some(dict) = ty.dict(vm) else {
        return Ok(());
    };
    let count = shape.fields.len();
    dict.set_text(vm, "n_sequence_fields", &*vm.new_usize(count)?)?;
    dict.set_text(vm, "n_fields", &*vm.new_usize(count + shape.hidden.len())?)?;
    dict.set_text(vm, "n_unnamed_fields", &*vm.new_usize(0)?)?;
    let names = shape
        .fields
        .iter()
        .map(|name| Ok(vm.intern(name)?.upcast()))
        .collect::<PyResult<Vec<Ref>>>()?;
    dict.set_text(vm, "__match_args__", &vm.new_tuple(names)?.head)?;
    ty.modified();
    Ok(())
}

/// Declares the type of a struct sequence: `struct_sequence!(NAME, "module", "name", 0 "field", 1 "field" …)`; what
/// follows after semicolons (`; "field" getter`) is no item of the sequence and has only a name; fields that have only a
/// name and whose values are kept stand behind an arrow (`=> "field" …`): their type is made with a dict for them.
#[macro_export]
macro_rules! struct_sequence {
    ($(#[$doc:meta])* $spec:ident, $module:literal, $name:literal, $($index:literal $field:literal),+ $(,)? $(; $named:literal $get:expr)* $(=> $($hidden:literal)+)?) => {
        $(#[$doc])*
        pub static $spec: $crate::types::spec::TypeSpec = $crate::types::spec::TypeSpec {
            name: $name,
            module: $module,
            exact: false,
            methods: &[&[
                $crate::MethodDef::new("__reduce__", "", $crate::NativeCall::NoArgs(|vm, this| {
                    $crate::modules::struct_sequence::reduce(vm, this, &$crate::struct_sequence_shape!($module, $name, [$($field)+], [$($($hidden)+)?]))
                }), ""),
                $crate::MethodDef::new("__replace__", "", $crate::NativeCall::Raw(|vm, this, args| {
                    $crate::modules::struct_sequence::replace(vm, this, args, &$crate::struct_sequence_shape!($module, $name, [$($field)+], [$($($hidden)+)?]))
                }), "Return a copy of the structure with new values for the specified fields."),
            ]],
            slots: |s| {
                s.repr.set(Some(|vm, this| $crate::modules::struct_sequence::repr(vm, this, concat!($module, ".", $name), &[$($field),+])));
                $(
                    const _: &[&str] = &[$($hidden),+];
                    s.setattr.set(Some($crate::modules::struct_sequence::set_attr));
                )?
                s.new.set(Some(|vm, ty, args| $crate::modules::struct_sequence::construct(vm, ty, args, &$crate::struct_sequence_shape!($module, $name, [$($field)+], [$($($hidden)+)?]))));
            },
            getset: &[
                $($crate::native::GetSetDef::member($field, $crate::modules::struct_sequence::field::<$index>, ""),)+
                $($crate::native::GetSetDef::member($named, $get, ""),)*
                $($($crate::native::GetSetDef::member($hidden, |vm, this| $crate::modules::struct_sequence::hidden(vm, this, $hidden), ""),)+)?
            ],
            ..$crate::types::spec::TypeSpec::new(<$crate::object::Tuple as $crate::ObjectLayout>::layout, true)
        };
    };
}

/// The names of a struct sequence, for [`struct_sequence!`].
#[macro_export]
macro_rules! struct_sequence_shape {
    ($module:literal, $name:literal, [$($field:literal)+], [$($hidden:literal)*]) => {
        $crate::modules::struct_sequence::Shape {
            title: concat!($module, ".", $name),
            fields: &[$($field),+],
            hidden: &[$($hidden),*],
        }
    };
}
