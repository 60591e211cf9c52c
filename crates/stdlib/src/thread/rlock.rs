//! The type `RLock`.

use std::cell::Cell;

use viv_runtime::object::{Tuple, Type, TypeTraits, kinds};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::vm::threads::wait::WaitQueue;
use viv_runtime::{MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::timeout::{Patience, patience};

/// A lock that its owner may lock again.
#[repr(C)]
pub struct RLock {
    /// The header.
    pub head: Object,
    /// The thread that has it, 0 where none does.
    owner: Cell<u64>,
    count: Cell<u64>,
    waiting: WaitQueue,
    weakrefs: Cell<*const Object>,
}
object_layout!(RLock = kinds::RLOCK);

static SPEC: TypeSpec = TypeSpec {
    name: "RLock",
    module: "_thread",
    weaklist_offset: std::mem::offset_of!(RLock, weakrefs) as u32,
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| {
            place_tracked(
                vm,
                RLock {
                    head: Object::new(ty.type_head_of()),
                    owner: Cell::new(0),
                    count: Cell::new(0),
                    waiting: WaitQueue::default(),
                    weakrefs: Cell::new(std::ptr::null()),
                },
            )
        }));
        s.repr.set(Some(repr));
    },
    methods: &[METHODS],
    ..TypeSpec::new(RLock::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "acquire",
        "($self, /, blocking=True, timeout=-1)",
        NativeCall::Bound(acquire),
        "Lock the lock.  `blocking` indicates whether we should wait\nfor the lock to be available or not.  If `blocking` is False\nand another thread holds the lock, the method will return False\nimmediately.  If `blocking` is True and another thread holds\nthe lock, the method will wait for the lock to be released,\ntake it and then return True.\n(note: the blocking operation is interruptible.)\n\nIn all other cases, the method will return True immediately.\nPrecisely, if the current thread already holds the lock, its\ninternal counter is simply incremented. If nobody holds the lock,\nthe lock is taken and its internal counter initialized to 1.",
    ),
    MethodDef::new(
        "release",
        "($self, /)",
        NativeCall::NoArgs(release),
        "Release the lock, allowing another thread that is blocked waiting for\nthe lock to acquire the lock.  The lock must be in the locked state,\nand must be locked by the same thread that unlocks it; otherwise a\n`RuntimeError` is raised.\n\nDo note that if the lock was acquire()d several times in a row by the\ncurrent thread, release() needs to be called as many times for the lock\nto be available for other threads.",
    ),
    MethodDef::new(
        "locked",
        "",
        NativeCall::NoArgs(|vm, this| Ok(vm.bool(receiver::<RLock>(vm, this)?.owner.get() != 0))),
        "locked()\n\nReturn a boolean indicating whether this object is locked right now.",
    ),
    MethodDef::new(
        "_is_owned",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| Ok(vm.bool(receiver::<RLock>(vm, this)?.is_mine(vm)))),
        "For internal use by `threading.Condition`.",
    ),
    MethodDef::new(
        "_acquire_restore",
        "($self, state, /)",
        NativeCall::One(acquire_restore),
        "For internal use by `threading.Condition`.",
    ),
    MethodDef::new(
        "_release_save",
        "($self, /)",
        NativeCall::NoArgs(release_save),
        "For internal use by `threading.Condition`.",
    ),
    MethodDef::new(
        "_recursion_count",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let lock = receiver::<RLock>(vm, this)?;
            vm.new_usize(if lock.is_mine(vm) {
                lock.count.get() as usize
            } else {
                0
            })
        }),
        "For internal use by reentrancy checks.",
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
            let lock = receiver::<RLock>(vm, this)?;
            lock.waiting.forget();
            lock.owner.set(0);
            lock.count.set(0);
            Ok(vm.none_ref())
        }),
        "",
    ),
];

/// The type `_thread.RLock`.
pub fn rlock_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

impl RLock {
    fn is_mine(&self, vm: &Vm) -> bool {
        self.owner.get() == vm.thread_ident()
    }

    /// Takes the lock for a thread that does not have it.
    fn take(&self, vm: &Vm, patience: Patience) -> PyResult<bool> {
        let me = vm.thread_ident();
        let take = |granted: bool| {
            if !granted && self.owner.get() != 0 {
                return None;
            }
            self.owner.set(me);
            Some(())
        };
        let taken = match patience {
            Patience::None => take(false),
            Patience::Until(deadline) => self.waiting.until(vm, deadline, take)?,
        };
        Ok(taken.is_some())
    }

    /// Lets go of the lock.
    fn free(&self) {
        self.count.set(0);
        // Where the lock is handed over it stays somebody's, and the one who gets it writes itself down.
        if self.waiting.is_empty() || !self.waiting.wake_one(true) {
            self.owner.set(0);
        } else {
            self.owner.set(u64::MAX);
        }
    }
}

fn acquire(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let lock = receiver::<RLock>(vm, this)?;
    let patience = patience(vm, args)?;
    if lock.is_mine(vm) {
        lock.count.set(lock.count.get() + 1);
        return Ok(vm.bool(true));
    }
    let taken = lock.take(vm, patience)?;
    if taken {
        lock.count.set(1);
    }
    Ok(vm.bool(taken))
}

fn release(vm: &Vm, this: &Object) -> PyResult {
    let lock = receiver::<RLock>(vm, this)?;
    if !lock.is_mine(vm) {
        return Err(vm.runtime_error("cannot release un-acquired lock"));
    }
    match lock.count.get() {
        0 | 1 => lock.free(),
        more => lock.count.set(more - 1),
    }
    Ok(vm.none_ref())
}

fn release_save(vm: &Vm, this: &Object) -> PyResult {
    let lock = receiver::<RLock>(vm, this)?;
    if !lock.is_mine(vm) {
        return Err(vm.runtime_error("cannot release un-acquired lock"));
    }
    let state = vec![
        vm.new_usize(lock.count.get() as usize)?,
        vm.new_usize(lock.owner.get() as usize)?,
    ];
    let state = vm.new_tuple(state)?;
    lock.free();
    Ok(state.upcast())
}

fn acquire_restore(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let lock = receiver::<RLock>(vm, this)?;
    let wrong =
        |found: String| vm.type_error(format!("_acquire_restore() argument 1 must be {found}"));
    let Some(state) = state.downcast::<Tuple>() else {
        let found = protocol::type_name(state);
        return Err(wrong(format!("2-item tuple, not {found}")));
    };
    let (2, Some(count), Some(owner)) = (state.len(), state.get(0), state.get(1)) else {
        return Err(wrong(format!("tuple of length 2, not {}", state.len())));
    };
    let count = protocol::to_i64(vm, count)? as u64;
    let owner = protocol::to_i64(vm, owner)? as u64;
    lock.take(vm, Patience::Until(None))?;
    lock.owner.set(owner);
    lock.count.set(count);
    Ok(vm.none_ref())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let lock = receiver::<RLock>(vm, this)?;
    let text = format!(
        "<{} {} object owner={} count={} at {:#x}>",
        if lock.owner.get() == 0 {
            "unlocked"
        } else {
            "locked"
        },
        protocol::type_name(this),
        lock.owner.get(),
        lock.count.get(),
        this.address()
    );
    Ok(vm.new_str(&text)?.upcast())
}
