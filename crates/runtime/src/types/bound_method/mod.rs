//! The builtin type `method`: a function bound to its self.

use viv_bytecode::CompareOp;
use viv_heap::{Object, ObjectLayout, Ref};

use crate::args::Args;
use crate::native::GetSetDef;
use crate::object::{BoundMethod, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The type `method`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "method",
    doc: "Create a bound instance method object.",
    weaklist_offset: std::mem::offset_of!(BoundMethod, weakrefs) as u32,
    slots: |s| {
        s.call.set(Some(call));
        s.new.set(Some(|vm, _, args| match args.pos() {
            [function, receiver] if protocol::is_callable(function) && !vm.is_none(receiver) => {
                crate::types::function::bind(vm, function, receiver)
            }
            [function, _] if !protocol::is_callable(function) => Err(vm.type_error("first argument must be callable")),
            [_, _] => Err(vm.type_error("instance must not be None")),
            other => Err(vm.type_error(format!("method expected 2 arguments, got {}", other.len()))),
        }));
        s.repr.set(Some(repr));
        s.hash.set(Some(|vm, o| {
            let m = this(vm, o)?;
            Ok(crate::types::object::hash(vm, &m.receiver)? ^ protocol::hash(vm, &m.function)?)
        }));
        s.compare.set(Some(|vm, a, b, op| match (op, a.downcast::<BoundMethod>(), b.downcast::<BoundMethod>()) {
            (CompareOp::Eq | CompareOp::Ne, Some(x), Some(y)) => {
                let same = x.receiver.is(&y.receiver) && protocol::compare_is_or_eq(vm, &x.function, &y.function)?;
                Ok(vm.bool(same == (op == CompareOp::Eq)))
            }
            _ => Ok(vm.not_implemented()),
        }));
        s.getattr.set(Some(get_attr));
    },
    getset: &[
        GetSetDef::member("__func__", |vm, o| Ok(this(vm, o)?.function.clone()), "the function (or other callable) implementing a method"),
        GetSetDef::member("__self__", |vm, o| Ok(this(vm, o)?.receiver.clone()), "the instance to which a method is bound"),
    ],
    ..TypeSpec::new(BoundMethod::layout, true)
};

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a BoundMethod> {
    object.downcast::<BoundMethod>().ok_or_else(|| vm.type_error("descriptor requires a 'method' object"))
}

fn call(vm: &Vm, object: &Object, args: Args<'_>) -> PyResult {
    let method = this(vm, object)?;
    let mut values = Vec::with_capacity(args.values().len() + 1);
    values.push(&*method.receiver);
    values.extend_from_slice(args.values());
    protocol::call(vm, &method.function, Args::new(&values, args.names()))
}

/// Attributes of the method itself, then those of its function.
fn get_attr(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    match crate::types::object::attributes::find(vm, object, name)? {
        Some(found) if !name.eq_text("__doc__") => Ok(found),
        _ => protocol::get_attr(vm, &this(vm, object)?.function, name),
    }
}

fn repr(vm: &Vm, object: &Object) -> PyResult {
    let method = this(vm, object)?;
    let name = match protocol::get_attr_opt(vm, &method.function, &vm.names.__qualname__)? {
        Some(name) => Some(name),
        None => protocol::get_attr_opt(vm, &method.function, &vm.names.__name__)?,
    };
    let name = name.as_ref().and_then(|n| n.downcast::<Str>()).map_or("?".into(), |n| n.to_text());
    let receiver = protocol::repr(vm, &method.receiver)?;
    vm.new_str(&format!("<bound method {name} of {}>", receiver.to_text())).map(Ref::upcast)
}
