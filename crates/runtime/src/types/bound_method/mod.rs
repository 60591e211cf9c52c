//! The builtin type `method`: a callable bound to its first argument.

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout};

use crate::args::{Args, NamedArgs};
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{BoundMethod, Str, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::sequence::{constructor_args, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `method`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "method",
    signature: "(function, instance, /)",
    doc: "Create a bound instance method object.",
    weaklist_offset: std::mem::offset_of!(BoundMethod, weakrefs) as u32,
    slots: |s| {
        s.new.set(Some(new));
        s.repr.set(Some(repr));
        s.call.set(Some(call));
        s.hash.set(Some(hash));
        s.compare.set(Some(compare));
        s.getattr.set(Some(get_attr));
        s.descr_get.set(Some(|_, this, _, _| Ok(this.to_ref())));
    },
    methods: &[&[MethodDef::new(
        "__reduce__",
        "($self, /)",
        NativeCall::NoArgs(reduce),
        "",
    )]],
    getset: &[
        GetSetDef::member(
            "__func__",
            |vm, o| Ok(own(vm, o)?.function.clone()),
            "the function (or other callable) implementing a method",
        ),
        GetSetDef::member(
            "__self__",
            |vm, o| Ok(own(vm, o)?.receiver.clone()),
            "the instance to which a method is bound",
        ),
        GetSetDef::get(
            "__doc__",
            |vm, o| protocol::get_attr(vm, &own(vm, o)?.function, &vm.names.__doc__),
            "",
        ),
    ],
    ..TypeSpec::new(BoundMethod::layout, true)
};

fn own<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a BoundMethod> {
    receiver(vm, object)
}

fn new(vm: &Vm, _ty: &Type, args: Args<'_>) -> PyResult {
    let [function, receiver] = constructor_args(vm, "method", args, 2, 2)? else {
        return Err(vm.type_error("method expected 2 arguments"));
    };
    if !protocol::is_callable(function) {
        return Err(vm.type_error("first argument must be callable"));
    }
    if vm.is_none(receiver) {
        return Err(vm.type_error("instance must not be None"));
    }
    crate::types::function::bind(vm, function, receiver)
}

fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let method = own(vm, this)?;
    let mut values = Vec::with_capacity(args.values().len() + 1);
    values.push(method.receiver.as_object());
    values.extend_from_slice(args.values());
    protocol::call(
        vm,
        &method.function,
        NamedArgs::new(&values, args.names()).args(),
    )
}

/// Attributes of the method, then those of its function.
fn get_attr(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let ty = Type::of(this);
    if let Some(found) = vm.type_lookup(ty, name) {
        return match Type::of(&found).slots.descr_get.get() {
            Some(get) => get(vm, &found, Some(this), Some(&ty.head)),
            None => Ok(found),
        };
    }
    let function = own(vm, this)?.function.clone();
    protocol::get_attr(vm, &function, name)
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let method = own(vm, this)?;
    let name = match protocol::get_attr_opt(vm, &method.function, &vm.names.__qualname__)? {
        Some(name) => Some(name),
        None => protocol::get_attr_opt(vm, &method.function, &vm.names.__name__)?,
    };
    let name = name
        .as_ref()
        .and_then(|n| n.downcast::<Str>())
        .map_or("?".into(), |n| n.to_text());
    let receiver = protocol::repr(vm, &method.receiver)?;
    Ok(vm
        .new_str(&format!("<bound method {name} of {}>", receiver.to_text()))?
        .upcast())
}

fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let method = own(vm, this)?;
    let hash = (method.receiver.address() >> 4) as i64 ^ protocol::hash(vm, &method.function)?;
    Ok(if hash == -1 { -2 } else { hash })
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<BoundMethod>(), b.downcast::<BoundMethod>()) else {
        return Ok(vm.not_implemented());
    };
    let equal = x.receiver.is(&y.receiver) && protocol::compare_eq(vm, &x.function, &y.function)?;
    protocol::compare::identity(vm, equal, op)
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let method = own(vm, this)?;
    let getattr = vm
        .builtins
        .get_text(vm, "getattr")?
        .unwrap_or_else(|| vm.none_ref());
    let name = protocol::get_attr(vm, &method.function, &vm.names.__name__)?;
    let args = vm.new_tuple(vec![method.receiver.clone(), name])?;
    Ok(vm.new_tuple(vec![getattr, args.upcast()])?.upcast())
}
