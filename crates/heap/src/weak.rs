//! Weak references and proxies.
//!
//! The weak references of an object form a list whose head is in the object: in its managed prefix, or at an offset of
//! its payload. The shared reference without callback comes first, the shared proxy next, then the others, newest first.
//!
//! **Invariants.**
//! - A weak reference is in the list of its target, or its target is null.
//! - The target is never owned; it is cleared before the target's block is freed.
//! - [`Flags::WEAKLY_REFERENCED`] is set on every object that may have a list.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::handle::Ref;
use crate::heap::Heap;
use crate::layout::{TypeFlags, TypeHead};
use crate::object::{Flags, Kind, Object, ObjectLayout};
use crate::object_layout;

/// What every kind of weak reference has behind its header.
#[repr(C)]
pub struct WeakBody {
    target: Cell<*const Object>,
    next: Cell<*const Object>,
    prev: Cell<*const Object>,
    callback: Cell<Option<Ref>>,
    /// The hash of the target, once it was asked for; -1 until then.
    pub hash: Cell<i64>,
}

/// A weak reference: `weakref.ref` and its subclasses.
#[repr(C)]
pub struct WeakRef {
    /// The header.
    pub head: Object,
    /// Target, callback and list.
    pub body: WeakBody,
}

/// A weak proxy of an object that cannot be called.
#[repr(C)]
pub struct WeakProxy {
    /// The header.
    pub head: Object,
    /// Target, callback and list.
    pub body: WeakBody,
}

/// A weak proxy of an object that can be called.
#[repr(C)]
pub struct WeakCallableProxy {
    /// The header.
    pub head: Object,
    /// Target, callback and list.
    pub body: WeakBody,
}

object_layout!(
    WeakRef = 1,
    traverse | this,
    visit | { this.body.traverse(visit) },
    clear | this | { detach(&this.head) }
);
object_layout!(
    WeakProxy = 2,
    traverse | this,
    visit | { this.body.traverse(visit) },
    clear | this | { detach(&this.head) }
);
object_layout!(
    WeakCallableProxy = 3,
    traverse | this,
    visit | { this.body.traverse(visit) },
    clear | this | { detach(&this.head) }
);

const _: () = assert!(
    std::mem::offset_of!(WeakRef, body) == std::mem::offset_of!(WeakProxy, body)
        && std::mem::offset_of!(WeakRef, body) == std::mem::offset_of!(WeakCallableProxy, body)
);

impl Drop for WeakRef {
    fn drop(&mut self) {
        unlink(&self.head, &self.body);
    }
}

impl Drop for WeakProxy {
    fn drop(&mut self) {
        unlink(&self.head, &self.body);
    }
}

impl Drop for WeakCallableProxy {
    fn drop(&mut self) {
        unlink(&self.head, &self.body);
    }
}

/// Why there is no weak reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WeakError {
    /// Objects of the target's type cannot be weakly referenced.
    NotSupported,
    /// There is no memory.
    NoMemory,
}

impl WeakBody {
    fn new(target: &Object, callback: Option<Ref>) -> WeakBody {
        WeakBody {
            target: Cell::new(target),
            next: Cell::new(ptr::null()),
            prev: Cell::new(ptr::null()),
            callback: Cell::new(callback),
            hash: Cell::new(-1),
        }
    }

    /// The body of any weak reference or proxy.
    #[inline]
    pub fn of(object: &Object) -> Option<&WeakBody> {
        if (WeakRef::KIND..=WeakCallableProxy::KIND).contains(&object.kind()) {
            // SAFETY: one of the three layouts, which have the body at the same offset.
            Some(unsafe { &(*(object as *const Object).cast::<WeakRef>()).body })
        } else {
            None
        }
    }

    /// The target, if it is alive.
    #[inline]
    pub fn target(&self) -> Option<Ref> {
        // SAFETY: the target is cleared before its block is freed.
        let target = unsafe { self.target.get().as_ref() }?;
        if target.raw_count() == 0 {
            None
        } else {
            Some(target.to_ref())
        }
    }

    /// The callback, as long as it may still be called.
    pub fn callback(&self) -> Option<Ref> {
        crate::instance::peek(&self.callback)
    }

    /// Whether the target is gone, or about to be.
    pub fn is_dead(&self) -> bool {
        // SAFETY: as in `target`.
        unsafe { self.target.get().as_ref() }.is_none_or(|t| t.raw_count() == 0)
    }

    fn traverse(&self, visitor: &mut crate::layout::Visitor<'_>) {
        // SAFETY: visitors do not run code that changes the cell.
        visitor.visit_opt(unsafe { &*self.callback.as_ptr() }.as_ref());
    }

    fn has_callback(&self) -> bool {
        // SAFETY: only looked at.
        unsafe { &*self.callback.as_ptr() }.is_some()
    }
}

/// The head of an object's list of weak references.
pub(crate) fn list_of(object: &Object) -> Option<&Cell<*const Object>> {
    let info = object.type_info();
    let offset = info.weaklist_offset.get() as usize;
    if offset != 0 {
        // SAFETY: the type says that there is a list head at this offset of its instances.
        return Some(unsafe {
            &*(object as *const Object)
                .cast::<u8>()
                .add(offset)
                .cast::<Cell<*const Object>>()
        });
    }
    if info.flags.get() & TypeFlags::MANAGED_WEAKREF != 0 {
        object.managed().map(|m| &m.weakrefs)
    } else {
        None
    }
}

fn body(object: &Object) -> &WeakBody {
    debug_assert!(WeakBody::of(object).is_some());
    // SAFETY: only weak references are in these lists.
    unsafe { &(*(object as *const Object).cast::<WeakRef>()).body }
}

/// Takes a weak reference out of its target's list; its target is gone for it then.
pub(crate) fn unlink(object: &Object, this: &WeakBody) {
    // SAFETY: the target of a linked reference lives; so do its neighbours.
    unsafe {
        let Some(target) = this.target.replace(ptr::null()).as_ref() else {
            return;
        };
        let (prev, next) = (
            this.prev.replace(ptr::null()),
            this.next.replace(ptr::null()),
        );
        match prev.as_ref() {
            Some(prev) => body(prev).next.set(next),
            None => {
                if let Some(list) = list_of(target) {
                    debug_assert!(ptr::eq(list.get(), object));
                    list.set(next);
                }
            }
        }
        if let Some(next) = next.as_ref() {
            body(next).prev.set(prev);
        }
    }
}

/// Gives up target and callback.
fn detach(object: &Object) {
    if let Some(this) = WeakBody::of(object) {
        unlink(object, this);
        drop(this.callback.take());
    }
}

fn insert_after(list: &Cell<*const Object>, after: Option<&Object>, object: &Object) {
    let this = body(object);
    let next = match after {
        Some(after) => body(after).next.replace(object),
        None => list.replace(object),
    };
    this.prev.set(after.map_or(ptr::null(), |a| a));
    this.next.set(next);
    // SAFETY: members of the list live.
    if let Some(next) = unsafe { next.as_ref() } {
        body(next).prev.set(object);
    }
}

/// The weak references of an object, in the order of their list.
struct Members(*const Object);

impl Iterator for Members {
    type Item = &'static Object;

    fn next(&mut self) -> Option<&'static Object> {
        // SAFETY: members of the list live as long as they are in it; the users below take care of that.
        let object = unsafe { self.0.as_ref() }?;
        self.0 = body(object).next.get();
        Some(object)
    }
}

impl Heap {
    /// A weak reference of type `ty` (whose layout is one of the three here) to `target`. Without a callback, exact
    /// references and proxies are shared: the one that exists is given.
    ///
    /// # Errors
    /// Where the target's type does not support it, or there is no memory.
    pub fn new_weakref(
        &self,
        ty: &TypeHead,
        target: &Object,
        callback: Option<Ref>,
    ) -> Result<Ref, WeakError> {
        let Some(list) = list_of(target) else {
            return Err(WeakError::NotSupported);
        };
        let kind = (ty.info.object_flags.get() & Flags::KIND) as Kind;
        let exact = ty.info.object_flags.get() & Flags::EXACT != 0;
        let shared = callback.is_none() && exact;
        if shared && let Some(found) = self.shared(list, kind == WeakRef::KIND) {
            return Ok(found.to_ref());
        }
        let body = WeakBody::new(target, callback);
        let head = Object::new(ty);
        // The body must not unlink itself where placing fails: it is in no list yet.
        let placed = match kind {
            WeakRef::KIND => self
                .place(WeakRef { head, body })
                .map(Ref::upcast)
                .map_err(|w| w.body.target.set(ptr::null())),
            WeakProxy::KIND => self
                .place(WeakProxy { head, body })
                .map(Ref::upcast)
                .map_err(|w| w.body.target.set(ptr::null())),
            _ => self
                .place(WeakCallableProxy { head, body })
                .map(Ref::upcast)
                .map_err(|w| w.body.target.set(ptr::null())),
        };
        let Ok(weakref) = placed else {
            return Err(WeakError::NoMemory);
        };
        let basic_ref = self.shared(list, true);
        let after = match (shared, kind) {
            (true, WeakRef::KIND) => None,
            (true, _) => basic_ref,
            (false, _) => self.shared(list, false).or(basic_ref),
        };
        insert_after(list, after, &weakref);
        target.set_flags(Flags::WEAKLY_REFERENCED);
        self.track(&weakref);
        Ok(weakref)
    }

    /// The shared reference or the shared proxy of a list.
    fn shared(&self, list: &Cell<*const Object>, reference: bool) -> Option<&'static Object> {
        Members(list.get())
            .take(2)
            .find(|w| {
                (w.kind() == WeakRef::KIND) == reference
                    && w.flags() & Flags::EXACT != 0
                    && !body(w).has_callback()
            })
            .filter(|w| w.raw_count() != 0)
    }
}

/// Whether objects of the target's type can be weakly referenced.
pub fn supports_weakrefs(object: &Object) -> bool {
    list_of(object).is_some()
}

/// The living weak references of an object, in the order of their list.
pub fn weakrefs(object: &Object) -> Vec<Ref> {
    match list_of(object) {
        Some(list) => Members(list.get())
            .filter(|w| w.raw_count() != 0)
            .map(Object::to_ref)
            .collect(),
        None => Vec::new(),
    }
}

/// Number of the living weak references of an object.
pub fn weakref_count(object: &Object) -> usize {
    list_of(object).map_or(0, |list| {
        Members(list.get()).filter(|w| w.raw_count() != 0).count()
    })
}

/// Clears all weak references of an object, then calls their callbacks, in the order of the list.
#[cold]
#[inline(never)]
pub(crate) fn clear_all(heap: &Heap, object: &Object) {
    let Some(list) = list_of(object) else { return };
    let mut calls: Vec<(Ref, Ref)> = Vec::new();
    // SAFETY: members of the list live.
    while let Some(weakref) = unsafe { list.get().as_ref() } {
        let this = body(weakref);
        unlink(weakref, this);
        if let Some(callback) = this.callback.take() {
            if weakref.raw_count() != 0 {
                calls.push((callback, weakref.to_ref()));
            } else {
                // The reference is being released itself: its callback goes with it, uncalled.
                this.callback.set(Some(callback));
            }
        }
    }
    let Some(hooks) = heap.hooks.get() else {
        return;
    };
    for (callback, weakref) in calls {
        hooks.weakref_callback(&callback, &weakref);
    }
}

/// For the collector: clears all weak references of an object that is about to be collected; those with callbacks that are
/// reachable themselves are put into `calls`.
pub(crate) fn clear_for_collection(
    object: &Object,
    is_garbage: impl Fn(&Object) -> bool,
    calls: &mut Vec<Ref>,
) {
    let Some(list) = list_of(object) else { return };
    // SAFETY: members of the list live.
    while let Some(weakref) = unsafe { list.get().as_ref() } {
        let this = body(weakref);
        unlink(weakref, this);
        if this.has_callback() && !is_garbage(weakref) {
            calls.push(weakref.to_ref());
        }
    }
}

/// For the collector: clears all weak references of an object that is about to be collected, and calls nobody.
pub(crate) fn clear_uncalled(object: &Object) {
    let Some(list) = list_of(object) else { return };
    // SAFETY: members of the list live.
    while let Some(weakref) = unsafe { list.get().as_ref() } {
        unlink(weakref, body(weakref));
    }
}

/// Calls the callback of a weak reference that was cleared by the collector.
pub(crate) fn call(heap: &Heap, weakref: &Object) {
    if let (Some(this), Some(hooks)) = (WeakBody::of(weakref), heap.hooks.get())
        && let Some(callback) = this.callback()
    {
        hooks.weakref_callback(&callback, weakref);
    }
}

/// The address of a weak reference's target, for the audit.
pub(crate) fn target_address(weakref: &Object) -> Option<NonNull<Object>> {
    NonNull::new(WeakBody::of(weakref)?.target.get().cast_mut())
}

/// Members of an object's list, for the audit.
pub(crate) fn members(object: &Object) -> Vec<&Object> {
    list_of(object).map_or_else(Vec::new, |list| {
        Members(list.get()).map(|w| w as &Object).collect()
    })
}
