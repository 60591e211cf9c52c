//! Struct sequences: tuples whose items have names (`sys.version_info`, `time.struct_time`).

use viv_heap::{Object, Ref};

use crate::object::{Dict, Tuple, Type};
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
pub fn repr(vm: &Vm, this: &Object, shape: &Shape) -> PyResult {
    let items = receiver::<Tuple>(vm, this)?.as_slice().to_vec();
    let mut out = protocol::TextBuilder::new();
    out.push(shape.title);
    out.push("(");
    for (i, (name, item)) in shape.names().zip(&items).enumerate() {
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

/// Makes a struct sequence of these values, the last `hidden` of which are those of the fields that have only a name. The
/// collector does not watch it, as CPython's.
pub fn make_whole(
    vm: &Vm,
    ty: &Type,
    values: impl IntoIterator<Item = Ref, IntoIter: ExactSizeIterator>,
    hidden: usize,
) -> PyResult {
    Ok(Tuple::place_record(vm, ty, values, hidden)?.upcast())
}

/// The value of the field at a fixed index among those that have only a name: its getter.
pub fn hidden<const I: usize>(vm: &Vm, this: &Object) -> PyResult {
    let hidden = receiver::<Tuple>(vm, this)?.hidden();
    Ok(hidden.get(I).map_or_else(|| vm.none_ref(), Ref::clone))
}

/// The names of a struct sequence.
pub struct Shape {
    /// The class with its module.
    pub title: &'static str,
    /// The fields that are items.
    pub fields: &'static [&'static str],
    /// How many items without a name follow them.
    pub unnamed: usize,
    /// The fields that have only a name.
    pub hidden: &'static [&'static str],
}

impl Shape {
    /// The number of items.
    pub const fn visible(&self) -> usize {
        self.fields.len() + self.unnamed
    }

    /// The names in order; `repr` shows items without a name by the names that come next.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().chain(self.hidden).copied()
    }
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
    let least = shape.visible();
    let most = least + shape.hidden.len();
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
    let mut used = 0;
    if let Some(named) = named {
        let Some(named) = named.downcast::<Dict>() else {
            return Err(vm.type_error(format!("{title}() takes a dict as second arg, if any")));
        };
        for name in shape.hidden.iter().skip(given - least) {
            let value = named.get_text(vm, name)?;
            used += usize::from(value.is_some());
            items.push(value.unwrap_or_else(|| vm.none_ref()));
        }
        if used < named.len() {
            return Err(vm.type_error(format!(
                "{title}() got duplicate or unexpected field name(s)"
            )));
        }
    }
    items.resize(most, vm.none_ref());
    let made = make_whole(vm, ty, items, shape.hidden.len())?;
    vm.heap.track(&made);
    Ok(made)
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
    let this_tuple = receiver::<Tuple>(vm, this)?;
    let items = this_tuple.as_slice().to_vec();
    let named = vm.new_dict()?;
    for (name, value) in shape.hidden.iter().zip(this_tuple.hidden()) {
        named.set_text(vm, name, value)?;
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
    if shape.unnamed > 0 {
        return Err(vm.type_error(format!(
            "__replace__() is not supported for {} because it has unnamed field(s)",
            shape.title
        )));
    }
    let tuple = receiver::<Tuple>(vm, this)?;
    let mut values = tuple.as_slice().to_vec();
    values.extend_from_slice(tuple.hidden());
    let mut unknown = Vec::new();
    for (name, value) in args.keywords() {
        let place = shape.names().position(|n| name.eq_text(n));
        match place.and_then(|i| values.get_mut(i)) {
            Some(place) => *place = value.to_ref(),
            None => unknown.push(format!("'{}'", name.to_text())),
        }
    }
    if !unknown.is_empty() {
        return Err(vm.type_error(format!(
            "Got unexpected field name(s): [{}]",
            unknown.join(", ")
        )));
    }
    let made = make_whole(vm, Type::of(this), values, shape.hidden.len())?;
    vm.heap.track(&made);
    Ok(made)
}

/// Enters the class attributes `n_fields`, `n_sequence_fields`, `n_unnamed_fields` and `__match_args__`.
pub fn describe(vm: &Vm, ty: &Type, shape: &Shape) -> PyResult<()> {
    let Some(dict) = ty.dict(vm) else {
        return Ok(());
    };
    let count = shape.visible();
    dict.set_text(vm, "n_sequence_fields", &*vm.new_usize(count)?)?;
    dict.set_text(vm, "n_fields", &*vm.new_usize(count + shape.hidden.len())?)?;
    dict.set_text(vm, "n_unnamed_fields", &*vm.new_usize(shape.unnamed)?)?;
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
/// follows after semicolons (`; "field" getter`) is no item of the sequence and is computed; fields that have only a name
/// and whose values are kept stand behind an arrow (`=> 0 "field" 1 "field" …`).
#[macro_export]
macro_rules! struct_sequence {
    ($(#[$doc:meta])* $spec:ident, $module:literal, $name:literal, $($index:literal $field:literal),+ $(,)? $(; $named:literal $get:expr)* $(=> $($place:literal $hidden:literal)+)?) => {
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
                s.repr.set(Some(|vm, this| $crate::modules::struct_sequence::repr(vm, this, &$crate::struct_sequence_shape!($module, $name, [$($field)+], [$($($hidden)+)?]))));
                s.new.set(Some(|vm, ty, args| $crate::modules::struct_sequence::construct(vm, ty, args, &$crate::struct_sequence_shape!($module, $name, [$($field)+], [$($($hidden)+)?]))));
            },
            getset: &[
                $($crate::native::GetSetDef::member($field, $crate::modules::struct_sequence::field::<$index>, ""),)+
                $($crate::native::GetSetDef::member($named, $get, ""),)*
                $($($crate::native::GetSetDef::member($hidden, $crate::modules::struct_sequence::hidden::<$place>, ""),)+)?
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
            unnamed: 0,
            hidden: &[$($hidden),*],
        }
    };
}
