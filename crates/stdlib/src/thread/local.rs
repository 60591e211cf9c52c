//! The type `_local`: an object with a `__dict__` for each thread.
//!
//! While an attribute is looked up, the slot of `__dict__` holds the dict of the thread that looks; nothing runs Python code
//! between that and the look into the dict.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Dict, Slot, Str, Tuple, Type, TypeTraits, kinds};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::object::{generic_get_attr, generic_set_attr};
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::vm::threads::local::PerThread;
use viv_runtime::{Args, NamedArgs, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

/// A `threading.local`.
#[repr(C)]
pub struct Local {
    /// The header.
    pub head: Object,
    /// The dict of the thread that looks.
    dict: Slot<Dict>,
    /// The dicts of all threads.
    dicts: PerThread,
    /// What `__init__` is called with in each thread: the values, and the names of the last of them.
    args: Slot<Tuple>,
    names: Slot<Tuple>,
    weakrefs: std::cell::Cell<*const Object>,
}
object_layout!(
    Local = kinds::THREAD_LOCAL,
    traverse | this,
    visit | {
        this.dict.visit(visit);
        this.dicts.visit(visit);
        this.args.visit(visit);
        this.names.visit(visit);
    },
    clear | this | {
        this.args.set(None);
        this.names.set(None);
        this.dict.set(None);
        this.dicts.clear();
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "_local",
    module: "_thread",
    signature: "()",
    doc: "Thread-local data",
    weaklist_offset: std::mem::offset_of!(Local, weakrefs) as u32,
    dict_offset: std::mem::offset_of!(Local, dict) as u32,
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(construct));
        s.getattr.set(Some(get_attr));
        s.setattr.set(Some(set_attr));
    },
    getset: &[GetSetDef::get(
        "__dict__",
        |vm, this| Ok(dict_of(vm, receiver(vm, this)?)?.upcast()),
        "",
    )],
    ..TypeSpec::new(Local::layout, true)
};

/// The type `_thread._local`.
pub fn local_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn construct(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    if !args.values().is_empty() && !has_init(vm, ty) {
        return Err(vm.type_error("Initialization arguments are not supported"));
    }
    let values = args.values().iter().map(|v| v.to_ref()).collect();
    let made = place_tracked(
        vm,
        Local {
            head: Object::new(ty.type_head_of()),
            dict: Slot::default(),
            dicts: PerThread::default(),
            args: Slot::full(vm.new_tuple(values)?),
            names: Slot::new(args.names().map(Ref::of)),
            weakrefs: Default::default(),
        },
    )?;
    // The first thread's `__init__` is called by the type.
    receiver::<Local>(vm, &made)?.dicts.set(vm, vm.new_dict()?);
    Ok(made)
}

/// Whether a class has an `__init__` of its own.
fn has_init(vm: &Vm, ty: &Type) -> bool {
    match (ty.slots.init.get(), vm.types.object.slots.init.get()) {
        (Some(own), Some(plain)) => !std::ptr::fn_addr_eq(own, plain),
        (own, _) => own.is_some(),
    }
}

/// This thread's dict; `__init__` fills a new one.
fn dict_of(vm: &Vm, local: &Local) -> PyResult<Ref<Dict>> {
    if let Some(dict) = local.dicts.get(vm) {
        return Ok(dict);
    }
    let dict = vm.new_dict()?;
    local.dicts.set(vm, dict.clone());
    let ty = Type::of(&local.head);
    if has_init(vm, ty)
        && let (Some(init), Some(args)) = (ty.slots.init.get(), local.args.get())
    {
        let names = local.names.get();
        let values: Vec<&Object> = args.iter().collect();
        if let Err(raised) = init(
            vm,
            &local.head,
            NamedArgs::new(&values, names.as_deref()).args(),
        ) {
            local.dicts.remove(vm);
            return Err(raised);
        }
    }
    Ok(dict)
}

fn get_attr(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let local = receiver::<Local>(vm, this)?;
    let dict = dict_of(vm, local)?;
    if name.as_ascii() == Some("__dict__") {
        return Ok(dict.upcast());
    }
    drop(local.dict.replace(Some(dict)));
    let found = generic_get_attr(vm, this, name);
    local.dict.set(None);
    found
}

fn set_attr(vm: &Vm, this: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    let local = receiver::<Local>(vm, this)?;
    let dict = dict_of(vm, local)?;
    if name.as_ascii() == Some("__dict__") {
        let owner = protocol::type_name(this);
        return Err(vm.raise(
            &vm.exceptions.AttributeError,
            &format!("'{owner}' object attribute '__dict__' is read-only"),
        ));
    }
    drop(local.dict.replace(Some(dict)));
    let done = generic_set_attr(vm, this, name, value);
    local.dict.set(None);
    done
}
