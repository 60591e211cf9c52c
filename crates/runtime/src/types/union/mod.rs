//! `typing.Union`, also known as `types.UnionType`: `int | str`.

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Slot, Str, Tuple, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::types::generic_alias::{GenericAlias, argument_text, parameters};
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A union.
#[repr(C)]
pub struct Union {
    /// The header.
    pub head: Object,
    /// `__args__`: the members, each once.
    pub args: Ref<Tuple>,
    /// `__parameters__`, once somebody has asked.
    pub parameters: Slot<Tuple>,
    /// The head of the list of weak references.
    pub weakrefs: std::cell::Cell<*const Object>,
}
object_layout!(
    Union = kinds::UNION,
    traverse | this,
    visit | {
        visit.visit(this.args.as_object());
        this.parameters.visit(visit);
    }
);

/// The type `typing.Union`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "Union",
    module: "typing",
    doc: "Represent a union type\n\nE.g. for int | str",
    weaklist_offset: std::mem::offset_of!(Union, weakrefs) as u32,
    slots: |s| {
        s.repr.set(Some(repr));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.getitem.set(Some(subscript));
        s.binary[BinaryOp::Or as usize].set(Some(or));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(Union::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "__mro_entries__",
        "($self, bases, /)",
        NativeCall::One(|vm, this, _| {
            let text = protocol::repr(vm, this)?;
            Err(vm.type_error(format!("Cannot subclass {}", text.to_text())))
        }),
        "",
    ),
    MethodDef::new(
        "__instancecheck__",
        "($self, instance, /)",
        NativeCall::One(|vm, this, instance| {
            check(vm, this, |class| {
                crate::modules::builtins::objects::is_instance(vm, instance, class)
            })
        }),
        "",
    ),
    MethodDef::new(
        "__subclasscheck__",
        "($self, subclass, /)",
        NativeCall::One(|vm, this, derived| {
            check(vm, this, |class| {
                crate::types::ty::check::is_subclass(vm, derived, class)
            })
        }),
        "",
    ),
    MethodDef::class(
        "__class_getitem__",
        "($type, object, /)",
        NativeCall::One(|vm, _, item| match item.downcast_exact::<Tuple>() {
            Some(items) => from_arguments(vm, items.as_slice()),
            None => from_arguments(vm, &[item.to_ref()]),
        }),
        "",
    ),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef::member(
        "__args__",
        |vm, o| Ok(own(vm, o)?.args.clone().upcast()),
        "",
    ),
    GetSetDef::get(
        "__parameters__",
        |vm, o| Ok(parameters_of(vm, own(vm, o)?)?.upcast()),
        "Type variables in the types.UnionType.",
    ),
    GetSetDef::get("__name__", |vm, _| Ok(vm.intern("Union")?.upcast()), ""),
    GetSetDef::get("__module__", |vm, _| Ok(vm.intern("typing")?.upcast()), ""),
    GetSetDef::get("__qualname__", |vm, _| Ok(vm.intern("Union")?.upcast()), ""),
    GetSetDef::get(
        "__origin__",
        |vm, _| Ok(vm.types.union.head.to_ref()),
        "Always returns the type",
    ),
];

fn own<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Union> {
    receiver(vm, object)
}

fn parameters_of(vm: &Vm, union: &Union) -> PyResult<Ref<Tuple>> {
    if let Some(known) = union.parameters.get() {
        return Ok(known);
    }
    let found = parameters::of_arguments(vm, union.args.as_slice())?;
    union.parameters.set(Some(found.clone()));
    Ok(found)
}

/// Whether an object may stand beside `|` as it is.
fn may_unite(vm: &Vm, object: &Object) -> bool {
    vm.is_none(object)
        || object.downcast::<crate::object::Type>().is_some()
        || object.downcast::<GenericAlias>().is_some()
        || object.downcast::<Union>().is_some()
        || crate::types::typing::is_type_alias(vm, object)
}

/// `X | Y` of types, aliases, unions and None.
///
/// # Errors
/// What comparing the members raises.
pub fn or(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    if a.downcast::<Union>().is_some() || b.downcast::<Union>().is_some() {
        // Beside a union anything may stand; a string is a type still to be found.
        return from_types(vm, &[member(vm, a)?, member(vm, b)?]);
    }
    if !may_unite(vm, a) || !may_unite(vm, b) {
        return Ok(vm.not_implemented());
    }
    from_types(vm, &[a.to_ref(), b.to_ref()])
}

fn member(vm: &Vm, object: &Object) -> PyResult {
    if object.downcast::<Str>().is_none() {
        return Ok(object.to_ref());
    }
    let typing = crate::modules::import::import_name(vm, "typing")?;
    let convert = protocol::get_attr_str(vm, &typing, "_type_convert")?;
    protocol::call_one(vm, &convert, object)
}

/// The union of types; the type itself where there is but one.
fn from_types(vm: &Vm, items: &[Ref]) -> PyResult {
    let mut args: Vec<Ref> = Vec::new();
    for item in items {
        match item.downcast::<Union>() {
            Some(union) => {
                for arg in union.args.as_slice() {
                    add(vm, &mut args, arg)?;
                }
            }
            None if vm.is_none(item) => add(vm, &mut args, &vm.types.none_type.head.to_ref())?,
            None => add(vm, &mut args, item)?,
        }
    }
    if let [only] = args.as_slice() {
        return Ok(only.clone());
    }
    let union = vm.place(Union {
        head: Object::new(vm.types.union.type_head_of()),
        args: vm.new_tuple(args)?,
        parameters: Slot::default(),
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&union);
    Ok(union.upcast())
}

fn add(vm: &Vm, args: &mut Vec<Ref>, item: &Ref) -> PyResult<()> {
    for known in args.iter() {
        let same = known.is(item)
            || Object::type_head(known)
                .head
                .is(&Object::type_head(item).head)
                && protocol::compare_eq(vm, known, item)?;
        if same {
            return Ok(());
        }
    }
    args.push(item.clone());
    Ok(())
}

/// `typing.Union[…]`: other arguments than types are converted as `typing` does it.
///
/// # Errors
/// TypeError for none at all, or what `typing` says of an argument.
pub fn from_arguments(vm: &Vm, items: &[Ref]) -> PyResult {
    if items.is_empty() {
        return Err(vm.type_error("Cannot take a Union of no types."));
    }
    let mut converted = Vec::with_capacity(items.len());
    for item in items {
        if may_unite(vm, item) {
            converted.push(item.clone());
            continue;
        }
        let typing = crate::modules::import::import_name(vm, "typing")?;
        let check = protocol::get_attr_str(vm, &typing, "_type_check")?;
        let message = vm.new_str("Union[arg, ...]: each arg must be a type.")?;
        converted.push(protocol::call_args(vm, &check, &[item, &message.head])?);
    }
    from_types(vm, &converted)
}

fn check(vm: &Vm, this: &Object, test: impl Fn(&Object) -> PyResult<bool>) -> PyResult {
    for class in own(vm, this)?.args.clone().as_slice() {
        if test(class)? {
            return Ok(vm.bool(true));
        }
    }
    Ok(vm.bool(false))
}

fn subscript(vm: &Vm, this: &Object, item: &Object) -> PyResult {
    let union = own(vm, this)?;
    let parameters = parameters_of(vm, union)?;
    let args = parameters::substitute(vm, this, &union.args, &parameters, item)?;
    let mut result: Option<Ref> = None;
    for arg in args.as_slice() {
        result = Some(match result {
            None => arg.clone(),
            Some(so_far) => protocol::binary(vm, &so_far, arg, BinaryOp::Or)?,
        });
    }
    Ok(result.unwrap_or_else(|| vm.none_ref()))
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let _depth = vm.enter_native(" while getting the repr of an object")?;
    let mut parts = Vec::new();
    for arg in own(vm, this)?.args.as_slice() {
        parts.push(if arg.is(&vm.types.none_type.head) {
            "None".to_owned()
        } else {
            argument_text(vm, arg)?
        });
    }
    Ok(vm.new_str(&parts.join(" | "))?.upcast())
}

/// The members that have a hash as a set, for their order tells nothing, and the others.
fn sorted(vm: &Vm, union: &Union) -> PyResult<(Ref, Vec<Ref>)> {
    let (mut hashable, mut others) = (Vec::new(), Vec::new());
    for arg in union.args.as_slice() {
        match protocol::hash(vm, arg) {
            Ok(_) => hashable.push(arg.clone()),
            Err(raised) => {
                vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
                others.push(arg.clone());
            }
        }
    }
    let hashable = vm.new_tuple(hashable)?;
    let set = protocol::call_one(vm, &vm.types.frozenset.head, &hashable.head)?;
    Ok((set, others))
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let (set, others) = sorted(vm, own(vm, this)?)?;
    for other in &others {
        protocol::hash(vm, other)?;
    }
    protocol::hash(vm, &set)
}

fn equal(vm: &Vm, a: &Union, b: &Union) -> PyResult<bool> {
    let ((set, others), (set_b, others_b)) = (sorted(vm, a)?, sorted(vm, b)?);
    if others.len() != others_b.len() || !protocol::compare_eq(vm, &set, &set_b)? {
        return Ok(false);
    }
    for other in &others {
        let mut found = false;
        for candidate in &others_b {
            found = found || protocol::compare_eq(vm, other, candidate)?;
        }
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Union>(), b.downcast::<Union>()) else {
        return Ok(vm.not_implemented());
    };
    match op {
        CompareOp::Eq => Ok(vm.bool(equal(vm, x, y)?)),
        CompareOp::Ne => Ok(vm.bool(!equal(vm, x, y)?)),
        _ => Ok(vm.not_implemented()),
    }
}
