//! The type `lock`.

use std::cell::Cell;

use viv_runtime::object::{Type, kinds};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{constructor_args, place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::vm::threads::wait::WaitQueue;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::timeout::{Patience, patience};

/// A lock that any thread may unlock.
#[repr(C)]
pub struct Lock {
    /// The header.
    pub head: Object,
    held: Cell<bool>,
    waiting: WaitQueue,
    weakrefs: Cell<*const Object>,
}
object_layout!(Lock = kinds::LOCK);

static SPEC: TypeSpec = TypeSpec {
    name: "lock",
    module: "_thread",
    signature: "()",
    doc: "A lock object is a synchronization primitive.  To create a lock,\ncall threading.Lock().  Methods are:\n\nacquire() -- lock the lock, possibly blocking until it can be obtained\nrelease() -- unlock of the lock\nlocked() -- test whether the lock is currently locked\n\nA lock is not owned by the thread that locked it; another thread may\nunlock it.  A thread attempting to lock a lock that it has already locked\nwill block until another thread unlocks it.  Deadlocks may ensue.",
    weaklist_offset: std::mem::offset_of!(Lock, weakrefs) as u32,
    slots: |s| {
        s.new.set(Some(construct));
        s.repr.set(Some(repr));
    },
    methods: &[METHODS],
    ..TypeSpec::new(Lock::layout, true)
};

const ACQUIRE: &str = "Lock the lock.  Without argument, this blocks if the lock is already\nlocked (even by the same thread), waiting for another thread to release\nthe lock, and return True once the lock is acquired.\nWith an argument, this will only block if the argument is true,\nand the return value reflects whether the lock is acquired.\nThe blocking operation is interruptible.";

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "acquire_lock",
        "($self, /, blocking=True, timeout=-1)",
        NativeCall::Bound(acquire),
        "An obsolete synonym of acquire().",
    ),
    MethodDef::new(
        "acquire",
        "($self, /, blocking=True, timeout=-1)",
        NativeCall::Bound(acquire),
        ACQUIRE,
    ),
    MethodDef::new(
        "release_lock",
        "($self, /)",
        NativeCall::NoArgs(release),
        "An obsolete synonym of release().",
    ),
    MethodDef::new(
        "release",
        "($self, /)",
        NativeCall::NoArgs(release),
        "Release the lock, allowing another thread that is blocked waiting for\nthe lock to acquire the lock.  The lock must be in the locked state,\nbut it needn't be locked by the same thread that unlocks it.",
    ),
    MethodDef::new(
        "locked_lock",
        "($self, /)",
        NativeCall::NoArgs(locked),
        "An obsolete synonym of locked().",
    ),
    MethodDef::new(
        "locked",
        "($self, /)",
        NativeCall::NoArgs(locked),
        "Return whether the lock is in the locked state.",
    ),
    MethodDef::new(
        "__enter__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| acquire(vm, this, &[])),
        "Lock the lock.",
    ),
    MethodDef::new(
        "__exit__",
        "($self, /, *exc_info)",
        NativeCall::Raw(|vm, this, _| release(vm, this)),
        "Release the lock.",
    ),
    MethodDef::new(
        "_at_fork_reinit",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let lock = receiver::<Lock>(vm, this)?;
            lock.waiting.forget();
            lock.held.set(false);
            Ok(vm.none_ref())
        }),
        "",
    ),
];

/// The type `_thread.lock`.
pub fn lock_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// A new lock.
pub fn new(vm: &Vm) -> PyResult {
    let ty = lock_type(vm)?;
    place_tracked(
        vm,
        Lock {
            head: Object::new(ty.type_head_of()),
            held: Cell::new(false),
            waiting: WaitQueue::default(),
            weakrefs: Cell::new(std::ptr::null()),
        },
    )
}

fn construct(vm: &Vm, _ty: &Type, args: Args<'_>) -> PyResult {
    constructor_args(vm, "lock", args, 0, 0)?;
    new(vm)
}

fn acquire(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let lock = receiver::<Lock>(vm, this)?;
    if args.iter().all(Option::is_none) && !lock.held.replace(true) {
        return Ok(vm.bool(true));
    }
    let patience = patience(vm, args)?;
    let take = |granted: bool| (granted || !lock.held.replace(true)).then_some(());
    let taken = match patience {
        Patience::None => take(false),
        Patience::Until(deadline) => lock.waiting.until(vm, deadline, take)?,
    };
    Ok(vm.bool(taken.is_some()))
}

fn release(vm: &Vm, this: &Object) -> PyResult {
    let lock = receiver::<Lock>(vm, this)?;
    if !lock.held.get() {
        return Err(vm.runtime_error("release unlocked lock"));
    }
    if lock.waiting.is_empty() || !lock.waiting.wake_one(true) {
        lock.held.set(false);
    }
    Ok(vm.none_ref())
}

fn locked(vm: &Vm, this: &Object) -> PyResult {
    Ok(vm.bool(receiver::<Lock>(vm, this)?.held.get()))
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let state = if receiver::<Lock>(vm, this)?.held.get() {
        "locked"
    } else {
        "unlocked"
    };
    let text = format!("<{state} _thread.lock object at {:#x}>", this.address());
    Ok(vm.new_str(&text)?.upcast())
}
