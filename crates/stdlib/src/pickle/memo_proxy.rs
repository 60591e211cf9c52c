//! What the attribute `memo` of picklers and unpicklers gives.

use viv_runtime::object::{Dict, Int, Slot, Tuple, Type, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver, reduce_call};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::build::LoadMemo;
use super::memo::Memo;
use super::pickler::Pickler;
use super::unpickler::Unpickler;
use crate::kinds;

/// A `_pickle.PicklerMemoProxy`.
#[repr(C)]
pub struct PicklerMemo {
    /// The header.
    pub head: Object,
    owner: Slot<Pickler>,
}
object_layout!(
    PicklerMemo = kinds::PICKLER_MEMO,
    traverse | this,
    visit | {
        this.owner.visit(visit);
    },
    clear | this | {
        this.owner.set(None);
    }
);

/// A `_pickle.UnpicklerMemoProxy`.
#[repr(C)]
pub struct UnpicklerMemo {
    /// The header.
    pub head: Object,
    owner: Slot<Unpickler>,
}
object_layout!(
    UnpicklerMemo = kinds::UNPICKLER_MEMO,
    traverse | this,
    visit | {
        this.owner.visit(visit);
    },
    clear | this | {
        this.owner.set(None);
    }
);

macro_rules! methods {
    ($copy:expr, $clear:expr) => {
        &[
            MethodDef::new(
                "clear",
                "($self, /)",
                NativeCall::NoArgs(|vm, this| {
                    $clear(vm, this)?;
                    Ok(vm.none_ref())
                }),
                "Remove all items from memo.",
            ),
            MethodDef::new(
                "copy",
                "($self, /)",
                NativeCall::NoArgs(|vm, this| Ok($copy(vm, this)?.upcast())),
                "Copy the memo to a new object.",
            ),
            MethodDef::new(
                "__reduce__",
                "($self, /)",
                NativeCall::NoArgs(|vm, this| {
                    let copy: Ref<Dict> = $copy(vm, this)?;
                    reduce_call(vm, &vm.types.dict, &[&copy], None)
                }),
                "Implement pickle support.",
            ),
        ]
    };
}

static PICKLER_SPEC: TypeSpec = TypeSpec {
    name: "PicklerMemoProxy",
    module: "_pickle",
    traits: TypeTraits::UNHASHABLE | TypeTraits::NO_NEW,
    methods: &[methods!(copy_pickler, clear_pickler)],
    ..TypeSpec::new(PicklerMemo::layout, true)
};

static UNPICKLER_SPEC: TypeSpec = TypeSpec {
    name: "UnpicklerMemoProxy",
    module: "_pickle",
    traits: TypeTraits::UNHASHABLE | TypeTraits::NO_NEW,
    methods: &[methods!(copy_unpickler, clear_unpickler)],
    ..TypeSpec::new(UnpicklerMemo::layout, true)
};

fn copy_pickler(vm: &Vm, this: &Object) -> PyResult<Ref<Dict>> {
    let copy = vm.new_dict()?;
    let Some(owner) = receiver::<PicklerMemo>(vm, this)?.owner.get() else {
        return Ok(copy);
    };
    for (object, number) in owner.memo.read(Memo::snapshot) {
        let key = vm.new_usize(object.address())?;
        let pair = vm.new_tuple(vec![vm.new_int(i64::from(number))?, object])?;
        copy.set(vm, &key, &pair)?;
    }
    Ok(copy)
}

fn clear_pickler(vm: &Vm, this: &Object) -> PyResult<()> {
    if let Some(owner) = receiver::<PicklerMemo>(vm, this)?.owner.get() {
        drop(owner.replace_memo(Memo::default()));
    }
    Ok(())
}

fn copy_unpickler(vm: &Vm, this: &Object) -> PyResult<Ref<Dict>> {
    let copy = vm.new_dict()?;
    let Some(owner) = receiver::<UnpicklerMemo>(vm, this)?.owner.get() else {
        return Ok(copy);
    };
    for (number, object) in owner.memo.read(LoadMemo::snapshot) {
        copy.set(vm, &*vm.new_usize(number)?, &object)?;
    }
    Ok(copy)
}

fn clear_unpickler(vm: &Vm, this: &Object) -> PyResult<()> {
    if let Some(owner) = receiver::<UnpicklerMemo>(vm, this)?.owner.get() {
        drop(owner.replace_memo(LoadMemo::default()));
    }
    Ok(())
}

/// `pickler.memo`
pub fn of_pickler(vm: &Vm, this: &Object) -> PyResult {
    let owner = Ref::of(receiver::<Pickler>(vm, this)?);
    let ty: Ref<Type> = extra_type(vm, &PICKLER_SPEC, &vm.types.object)?;
    place_tracked(
        vm,
        PicklerMemo {
            head: Object::new(ty.type_head_of()),
            owner: Slot::full(owner),
        },
    )
}

/// `unpickler.memo`
pub fn of_unpickler(vm: &Vm, this: &Object) -> PyResult {
    let owner = Ref::of(receiver::<Unpickler>(vm, this)?);
    let ty: Ref<Type> = extra_type(vm, &UNPICKLER_SPEC, &vm.types.object)?;
    place_tracked(
        vm,
        UnpicklerMemo {
            head: Object::new(ty.type_head_of()),
            owner: Slot::full(owner),
        },
    )
}

/// The value that is assigned to a memo.
fn assigned<'a>(vm: &Vm, value: Option<&'a Object>) -> PyResult<&'a Object> {
    value.ok_or_else(|| vm.type_error("attribute deletion is not supported"))
}

/// `pickler.memo = value`
pub fn set_pickler(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let value = assigned(vm, value)?;
    let mut memo = Memo::default();
    let mut unneeded = Vec::new();
    if let Some(proxy) = value.downcast::<PicklerMemo>() {
        let pairs = proxy
            .owner
            .get()
            .map(|owner| owner.memo.read(Memo::snapshot));
        for (object, number) in pairs.unwrap_or_default() {
            unneeded.extend(memo.set(object, number));
        }
    } else if let Some(dict) = value.downcast::<Dict>() {
        for (_, pair) in dict.snapshot() {
            let pair = pair.downcast::<Tuple>().map(Tuple::as_slice);
            let Some([number, object]) = pair else {
                return Err(vm.type_error("'memo' values must be 2-item tuples"));
            };
            let number = protocol::to_index(vm, number)?;
            let Ok(number) = u32::try_from(number) else {
                return Err(vm.value_error("'memo' numbers must be from 0 to 4294967295"));
            };
            unneeded.extend(memo.set(object.clone(), number));
        }
    } else {
        return Err(vm.type_error(format!(
            "'memo' attribute must be a PicklerMemoProxy object or dict, not {}",
            protocol::type_name(value)
        )));
    }
    drop(receiver::<Pickler>(vm, this)?.replace_memo(memo));
    Ok(())
}

/// `unpickler.memo = value`
pub fn set_unpickler(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    let value = assigned(vm, value)?;
    let mut memo = LoadMemo::default();
    let mut unneeded = Vec::new();
    if let Some(proxy) = value.downcast::<UnpicklerMemo>() {
        let pairs = proxy.owner.get();
        let pairs = pairs.map(|owner| owner.memo.read(LoadMemo::snapshot));
        for (number, object) in pairs.unwrap_or_default() {
            unneeded.extend(memo.put(number, object));
        }
    } else if let Some(dict) = value.downcast::<Dict>() {
        for (key, object) in dict.snapshot() {
            if key.downcast::<Int>().is_none() {
                return Err(vm.type_error("memo key must be integers"));
            }
            let Ok(number) = usize::try_from(protocol::to_index(vm, &key)?) else {
                return Err(vm.value_error("memo key must be positive integers."));
            };
            unneeded.extend(memo.put(number, object));
        }
    } else {
        return Err(vm.type_error(format!(
            "'memo' attribute must be an UnpicklerMemoProxy object or dict, not {}",
            protocol::type_name(value)
        )));
    }
    drop(receiver::<Unpickler>(vm, this)?.replace_memo(memo));
    Ok(())
}
