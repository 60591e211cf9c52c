//! `_excepthook` and the type of its argument: what becomes of an exception that leaves a thread.

use viv_runtime::modules::struct_sequence::{Shape, construct, field, repr};
use viv_runtime::modules::traceback_text;
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Tuple, Type};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Object, ObjectLayout, PyResult, Ref, Vm};

const SHAPE: Shape = viv_runtime::struct_sequence_shape!(
    "_thread",
    "_ExceptHookArgs",
    ["exc_type" "exc_value" "exc_traceback" "thread"],
    []
);

static SPEC: TypeSpec = TypeSpec {
    name: "_ExceptHookArgs",
    module: "_thread",
    doc: "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.",
    exact: false,
    slots: |s| {
        s.repr.set(Some(|vm, this| repr(vm, this, &SHAPE)));
        s.new
            .set(Some(|vm, ty, args| construct(vm, ty, args, &SHAPE)));
    },
    getset: &[
        GetSetDef::member("exc_type", field::<0>, "Exception type"),
        GetSetDef::member("exc_value", field::<1>, "Exception value"),
        GetSetDef::member("exc_traceback", field::<2>, "Exception traceback"),
        GetSetDef::member("thread", field::<3>, "Thread"),
    ],
    ..TypeSpec::new(Tuple::layout, true)
};

/// The type `_thread._ExceptHookArgs`.
pub fn args_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.tuple)
}

/// `_thread._excepthook`
pub fn excepthook(vm: &Vm, _module: &Object, args: &Object) -> PyResult {
    let class = args_type(vm)?;
    let fields = args
        .downcast::<Tuple>()
        .filter(|_| Type::of(args).is(&class))
        .map(|tuple| tuple.as_slice().to_vec());
    let Some([kind, value, _traceback, thread]) = fields.as_deref() else {
        return Err(vm.type_error("_thread.excepthook argument type must be ExceptHookArgs"));
    };
    if kind.is(vm.exceptions.SystemExit.as_object()) {
        return Ok(vm.none_ref());
    }
    let file = match vm.sys.get_text(vm, "stderr")? {
        Some(file) if !vm.is_none(&file) => file,
        _ if vm.is_none(thread) => return Ok(vm.none_ref()),
        _ => {
            // `sys.stderr` as it was when the thread began.
            let file = protocol::get_attr_str(vm, thread, "_stderr")?;
            if vm.is_none(&file) {
                return Ok(vm.none_ref());
            }
            file
        }
    };
    let mut text = String::from("Exception in thread ");
    let name = if vm.is_none(thread) {
        None
    } else {
        protocol::get_attr_opt(vm, thread, &*vm.intern("name")?)?
    };
    match name {
        Some(name) => text.push_str(&protocol::str(vm, &name)?.to_text()),
        None => text.push_str(&vm.thread_ident().to_string()),
    }
    text.push_str(":\n");
    if vm.is_none(value) {
        text.push_str(&format!("{}\n", protocol::str(vm, kind)?.to_text()));
    } else {
        text.push_str(&traceback_text::format_exception(
            vm,
            value,
            traceback_text::Paint::Plain,
        ));
    }
    let text = vm.new_str(&text)?;
    protocol::call_method(vm, &file, &*vm.intern("write")?, &[&text.head])?;
    protocol::call_method(vm, &file, &*vm.intern("flush")?, &[])?;
    Ok(vm.none_ref())
}
