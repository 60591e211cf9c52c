//! What the heap knows of types: the head of every type object and the function table of a layout.

use std::cell::Cell;
use std::ptr;

use crate::handle::Ref;
use crate::heap::Heap;
use crate::links::Links;
use crate::object::{Kind, Object};
use crate::trial;

/// The functions over a payload; one static table for each Rust struct that is an object.
pub struct Layout {
    /// The struct's name, for the audit and the census.
    pub name: &'static str,
    /// The layout's number.
    pub kind: Kind,
    /// Size of the struct in bytes, header included, without a variable tail.
    pub size: usize,
    /// Whether the payload has anything to drop.
    pub needs_drop: bool,
    /// Drops the payload in place.
    ///
    /// # Safety
    /// Called once, with an object of this layout that nobody owns any more.
    pub drop: unsafe fn(*const Object),
    /// Shows every owned reference, the one to the type excepted; nothing where the payload owns none.
    pub traverse: Option<fn(&Object, &mut Visitor<'_>)>,
    /// Gives up the owned references that may be part of a cycle.
    pub clear: fn(&Object),
}

/// Receives the references that an object owns.
pub struct Visitor<'a> {
    mode: Mode<'a>,
}

/// What happens to a reference. The two passes of the collector are cases of their own, because they look at every reference
/// of the heap: a call for each would take longer than the work.
enum Mode<'a> {
    /// The collector takes the reference off the copy of its target's count.
    Subtract,
    /// The collector has found that the owner lives, and so the target does. The ring is that of the living.
    Reach(&'a Links),
    /// Whatever the heap's user wants.
    Call(&'a mut dyn FnMut(&Object)),
}

/// How many references ahead the memory of a target is asked for.
const AHEAD: usize = 8;

impl<'a> Visitor<'a> {
    /// A visitor that calls `visit` for each reference.
    pub fn new(visit: &'a mut dyn FnMut(&Object)) -> Self {
        let mode = Mode::Call(visit);
        Visitor { mode }
    }

    pub(crate) fn subtract() -> Self {
        let mode = Mode::Subtract;
        Visitor { mode }
    }

    pub(crate) fn reach(living: &'a Links) -> Self {
        let mode = Mode::Reach(living);
        Visitor { mode }
    }

    /// Whether references to objects without a collector prefix matter to this visitor. Where they do not, an owner that
    /// knows which of its references are such (the keys of a dict of names) need not show them.
    #[inline]
    pub fn sees_leaves(&self) -> bool {
        matches!(self.mode, Mode::Call(_))
    }

    /// One owned reference.
    #[inline]
    pub fn visit(&mut self, object: &Object) {
        match &mut self.mode {
            Mode::Subtract => trial::subtract(object),
            Mode::Reach(living) => trial::reach(living, object),
            Mode::Call(visit) => visit(object),
        }
    }

    /// One owned reference, if there is one.
    #[inline]
    pub fn visit_opt<T: AsRef<Object>>(&mut self, object: Option<&T>) {
        if let Some(object) = object {
            self.visit(object.as_ref());
        }
    }

    /// The references in words that lie side by side, as far as there are any.
    #[inline]
    pub(crate) fn visit_words(&mut self, words: &[Cell<Option<Ref>>]) {
        match &mut self.mode {
            Mode::Subtract => each(words, trial::subtract),
            Mode::Reach(living) => each(words, |object| trial::reach(living, object)),
            Mode::Call(visit) => each(words, visit),
        }
    }

    /// Owned references that lie side by side, the last first.
    pub fn visit_back(&mut self, objects: &[Ref]) {
        match &mut self.mode {
            Mode::Subtract => back(objects, trial::subtract),
            Mode::Reach(living) => back(objects, |object| trial::reach(living, object)),
            Mode::Call(visit) => back(objects, visit),
        }
    }
}

#[inline(always)]
fn each(words: &[Cell<Option<Ref>>], mut visit: impl FnMut(&Object)) {
    for word in words {
        // SAFETY: visitors do not run code that changes the word.
        if let Some(object) = unsafe { &*word.as_ptr() } {
            visit(object);
        }
    }
}

#[inline(always)]
fn back(objects: &[Ref], mut visit: impl FnMut(&Object)) {
    for (i, object) in objects.iter().enumerate().rev() {
        if let Some(later) = objects.get(i.wrapping_sub(AHEAD)) {
            prefetch(later);
        }
        visit(object);
    }
}

/// Asks the processor for the header of an object and the links before it.
#[inline(always)]
pub(crate) fn prefetch(object: &Object) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: a hint, which may be of any address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>((object as *const Object).cast::<i8>().wrapping_sub(8));
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = object;
}

/// The bits of [`TypeInfo::flags`].
pub struct TypeFlags;

impl TypeFlags {
    /// The type was made by a class statement (or `type()`): its instances own a reference to it.
    pub const HEAP_TYPE: u32 = 1;
    /// The type has a finaliser (`__del__`, or a native one).
    pub const HAS_FINALIZER: u32 = 1 << 1;
    /// Instances keep attribute values inline behind the layout's struct and the slots.
    pub const INLINE_VALUES: u32 = 1 << 2;
    /// Instances have a `__dict__` (in the managed prefix).
    pub const MANAGED_DICT: u32 = 1 << 3;
    /// Instances can be weakly referenced (list in the managed prefix).
    pub const MANAGED_WEAKREF: u32 = 1 << 4;
    /// Weak references die before the finaliser runs, as those of generators do.
    pub const WEAKREFS_FIRST: u32 = 1 << 5;
    /// Instances of this builtin type have slots behind the layout's struct.
    pub const BUILTIN_SLOTS: u32 = 1 << 6;
    /// The type has a finaliser of the old kind as well (see [`Heap::set_old_finalizer`]).
    pub const OLD_FINALIZER: u32 = 1 << 7;
    /// The first bit that the heap leaves to its user.
    pub const USER_SHIFT: u32 = 8;
}

/// The part of a type that the heap needs, first in every type object after its header.
#[repr(C)]
pub struct TypeInfo {
    /// The heap that the type and its instances live in.
    pub heap: Cell<*const Heap>,
    /// The functions over the instances' payload.
    pub layout: Cell<&'static Layout>,
    /// Initial [`Object::flags`] of an instance.
    pub object_flags: Cell<u32>,
    /// See [`TypeFlags`].
    pub flags: Cell<u32>,
    /// Size of an instance in bytes from its header, slots included, inline values and variable tail excluded.
    pub basicsize: Cell<u32>,
    /// Offset of the first slot (`__slots__`) from the header, in bytes; the slots end at `basicsize`. All slots of the
    /// bases are included.
    pub slots_offset: Cell<u32>,
    /// Offset of a `Cell<*const Object>` list head for weak references inside the payload, or 0 where the type has none
    /// there (then see [`TypeFlags::MANAGED_WEAKREF`]).
    pub weaklist_offset: Cell<u32>,
    /// The type whose instances this one's extend, null where there is none. It lives as long as this type. Slots are given
    /// up (and shown to the collector) class by class, those of the most derived first; each class's own start at its
    /// base's `basicsize`.
    pub base: Cell<*const TypeHead>,
    /// Number of inline places that have a name, where the type has [`TypeFlags::INLINE_VALUES`].
    pub inline_values: Cell<u32>,
    /// Inline places without a name that the next instance gets beside those. Each new instance lowers it by one down to
    /// `inline_reserve`, and naming a place takes one. So the sum of both only ever falls, and every instance has room for
    /// all names that its type will ever have.
    pub inline_spare: Cell<u32>,
    /// See `inline_spare`.
    pub inline_reserve: Cell<u32>,
}

impl TypeInfo {
    /// The capacity for inline values of the next instance.
    #[inline(always)]
    pub(crate) fn next_inline_capacity(&self) -> u32 {
        let spare = self.inline_spare.get();
        let more = u32::from(spare > self.inline_reserve.get());
        self.inline_values.get() + spare - more
    }

    /// An instance was made with that capacity.
    #[inline(always)]
    pub(crate) fn inline_capacity_taken(&self) {
        let spare = self.inline_spare.get();
        if spare > self.inline_reserve.get() {
            self.inline_spare.set(spare - 1);
        }
    }

    /// Names no more inline places than `capacity`, what an object has room for that becomes an instance. False where there
    /// are more with a name already.
    pub fn limit_inline_places(&self, capacity: u32) -> bool {
        let Some(room) = capacity.checked_sub(self.inline_values.get()) else {
            return false;
        };
        self.inline_spare.set(self.inline_spare.get().min(room));
        self.inline_reserve.set(self.inline_reserve.get().min(room));
        true
    }

    /// Gives a name to one more inline place; its number, or nothing where there is none left.
    pub fn name_inline_place(&self) -> Option<u32> {
        let spare = self.inline_spare.get().checked_sub(1)?;
        self.inline_spare.set(spare);
        let reserve = self.inline_reserve.get();
        self.inline_reserve.set(reserve.saturating_sub(1).max(1));
        let index = self.inline_values.get();
        self.inline_values.set(index + 1);
        Some(index)
    }
}

/// A type object as the heap sees it.
#[repr(C)]
pub struct TypeHead {
    /// The type object's own header.
    pub head: Object,
    /// What the heap knows of its instances.
    pub info: TypeInfo,
}

/// The prefix of objects whose type has a managed `__dict__` or weak references; 32 bytes before the header.
#[repr(C)]
pub struct Managed {
    /// The `__dict__`, once it exists. While it is null, attribute values are inline.
    pub dict: Cell<Option<Ref>>,
    /// Head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}

impl Managed {
    /// An empty prefix.
    pub fn empty() -> Managed {
        Managed {
            dict: Cell::new(None),
            weakrefs: Cell::new(ptr::null()),
        }
    }

    /// The `__dict__`, borrowed.
    #[inline]
    pub fn dict(&self) -> Option<&Object> {
        // SAFETY: the reference stays in the cell as long as nobody replaces it; callers do not run code that may while
        // they hold the borrow.
        unsafe { (*self.dict.as_ptr()).as_deref() }
    }
}
