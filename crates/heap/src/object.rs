//! The object header and what can be asked of any object.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::handle::Ref;
use crate::layout::{Managed, TypeFlags, TypeHead, TypeInfo};

/// Which layout an object has: the number of its payload's Rust type. Objects of subclasses share the kind of the
/// builtin they derive from.
pub type Kind = u16;

/// The bits of [`Object::flags`].
pub struct Flags;

impl Flags {
    /// Mask of the [`Kind`].
    pub const KIND: u32 = 0xfff;
    /// The object's type is the builtin type of its kind itself, no subclass.
    pub const EXACT: u32 = 1 << 12;
    /// Kind and exactness together: one comparison tells an exact builtin.
    pub const EXACT_KIND: u32 = Self::KIND | Self::EXACT;
    /// The block has a collector prefix (16 bytes before the header).
    pub const GC: u32 = 1 << 13;
    /// The block has a prefix for `__dict__` and the weak-reference list (16 bytes before the collector's).
    pub const MANAGED: u32 = 1 << 14;
    /// The block came from the raw domain, not from a pool.
    pub const RAW: u32 = 1 << 15;
    /// The finaliser has run.
    pub const FINALIZED: u32 = 1 << 16;
    /// Somebody asked for the object's identity; its block may not be reused in place.
    pub const ID_SEEN: u32 = 1 << 17;
    /// The object may have weak references.
    pub const WEAKLY_REFERENCED: u32 = 1 << 18;
    /// The object is being released: a count that reaches zero again does nothing.
    pub const RELEASING: u32 = 1 << 19;
    /// The object is of a builtin type without prefixes, finaliser and slots, and its payload has nothing to drop: its end
    /// is to give the block back. Set in [`TypeInfo::object_flags`] of such types.
    pub const SIMPLE: u32 = 1 << 31;
    /// The first of the bits that each kind uses as it likes (20 to 30).
    pub const KIND_BITS_SHIFT: u32 = 20;
    /// Of an object of a builtin type with a finaliser (one of the bits of kinds): the finaliser would find nothing to do.
    pub const QUIET: u32 = 1 << 30;
    /// Of an object with inline values: one more than the last place that has ever been filled.
    pub const INLINE_FILLED_SHIFT: u32 = 26;
    /// Of plain instances with inline values: how many there is room for (six of the kind's bits).
    pub const INLINE_CAPACITY: u32 = 0x3f << Self::KIND_BITS_SHIFT;
    /// The largest number of inline values.
    pub const INLINE_CAPACITY_MAX: u32 = 0x3f;
}

/// Count from which an object is immortal.
pub const IMMORTAL: u32 = 0x8000_0000;
/// What `sys.getrefcount` reports of an immortal object, as CPython 3.14 does.
pub const IMMORTAL_COUNT: u32 = 0xc000_0000;

/// The header of every object; `&Object` is the borrowed handle of an object of any kind.
#[repr(C, align(16))]
pub struct Object {
    rc: Cell<u32>,
    flags: Cell<u32>,
    ty: Cell<NonNull<TypeHead>>,
}

/// A Rust struct that is an object: `#[repr(C)]` with the header as its first field.
///
/// # Safety
/// Only [`object_layout!`](crate::object_layout) may implement it: it checks that `Self` starts with an [`Object`].
pub unsafe trait ObjectLayout: Sized + 'static {
    /// The number of this layout, unique among all.
    const KIND: Kind;
    /// The functions over this layout.
    fn layout() -> &'static crate::layout::Layout;
}

impl Object {
    /// A header of an object that is about to be placed into its block, with a count of one.
    #[inline]
    pub fn new(ty: &TypeHead) -> Object {
        Object {
            rc: Cell::new(1),
            flags: Cell::new(ty.info.object_flags.get()),
            ty: Cell::new(NonNull::from(ty)),
        }
    }

    /// The same for the builtin type of layout `T` itself, where that has no prefixes: the flags are a constant.
    ///
    /// # Safety
    /// `ty` is that type.
    #[inline(always)]
    pub unsafe fn exact<T: ObjectLayout>(ty: &TypeHead) -> Object {
        let flags = const {
            T::KIND as u32
                | Flags::EXACT
                | if std::mem::needs_drop::<T>() {
                    0
                } else {
                    Flags::SIMPLE
                }
        };
        debug_assert_eq!(flags, ty.info.object_flags.get());
        Object {
            rc: Cell::new(1),
            flags: Cell::new(flags),
            ty: Cell::new(NonNull::from(ty)),
        }
    }

    /// Whether two handles are of the same object.
    #[inline]
    pub fn is(&self, other: &Object) -> bool {
        std::ptr::eq(self, other)
    }

    /// The address: what `id()` gives.
    #[inline]
    pub fn address(&self) -> usize {
        self as *const Object as usize
    }

    /// The reference count; immortal objects report [`IMMORTAL_COUNT`].
    #[inline]
    pub fn refcount(&self) -> u32 {
        if self.is_immortal() {
            IMMORTAL_COUNT
        } else {
            self.rc.get()
        }
    }

    /// Whether counting skips the object.
    #[inline]
    pub fn is_immortal(&self) -> bool {
        self.rc.get() >= IMMORTAL
    }

    /// Makes the object immortal: it is released only with its heap.
    pub fn make_immortal(&self) {
        self.rc.set(IMMORTAL_COUNT);
    }

    /// Ends immortality, with the given count: for the teardown of a heap.
    pub fn make_mortal(&self, count: u32) {
        self.rc.set(count);
    }

    /// The flags, see [`Flags`].
    #[inline]
    pub fn flags(&self) -> u32 {
        self.flags.get()
    }

    /// Sets bits of the flags.
    #[inline]
    pub fn set_flags(&self, bits: u32) {
        self.flags.set(self.flags.get() | bits);
    }

    /// Clears bits of the flags.
    #[inline]
    pub fn clear_flags(&self, bits: u32) {
        self.flags.set(self.flags.get() & !bits);
    }

    /// Whether the block has a collector prefix.
    #[inline]
    pub(crate) fn has_links(&self) -> bool {
        self.flags.get() & (Flags::GC | Flags::MANAGED) != 0
    }

    /// The kind of the object's layout.
    #[inline]
    pub fn kind(&self) -> Kind {
        (self.flags.get() & Flags::KIND) as Kind
    }

    /// Whether this is exactly the builtin type of layout `T`, no subclass.
    #[inline]
    pub fn is_exact<T: ObjectLayout>(&self) -> bool {
        self.flags.get() & Flags::EXACT_KIND == T::KIND as u32 | Flags::EXACT
    }

    /// The object as a `T`, if that is its layout (subclasses included).
    #[inline]
    pub fn downcast<T: ObjectLayout>(&self) -> Option<&T> {
        if self.kind() == T::KIND {
            // SAFETY: the kind is the layout's own number, so the block holds a `T` that starts at this header.
            Some(unsafe { &*(self as *const Object).cast::<T>() })
        } else {
            None
        }
    }

    /// The object as a `T`, if it is exactly the builtin of that layout.
    #[inline]
    pub fn downcast_exact<T: ObjectLayout>(&self) -> Option<&T> {
        if self.is_exact::<T>() {
            // SAFETY: as in `downcast`.
            Some(unsafe { &*(self as *const Object).cast::<T>() })
        } else {
            None
        }
    }

    /// The object as a `T`.
    ///
    /// # Safety
    /// The object has the layout `T`.
    #[inline]
    pub unsafe fn downcast_unchecked<T: ObjectLayout>(&self) -> &T {
        debug_assert_eq!(self.kind(), T::KIND);
        // SAFETY: the caller's promise.
        unsafe { &*(self as *const Object).cast::<T>() }
    }

    /// The type's head: the header of the type object and the part of it that the heap knows.
    #[inline]
    pub fn type_head(&self) -> &TypeHead {
        // SAFETY: an object owns its type (or the type is immortal), so it outlives the borrow of the object; a change of
        // the type (`__class__`) is only done where no such borrow is held across it.
        unsafe { self.ty.get().as_ref() }
    }

    /// The type object.
    #[inline]
    pub fn type_object(&self) -> &Object {
        &self.type_head().head
    }

    /// What the heap knows of the type.
    #[inline]
    pub fn type_info(&self) -> &TypeInfo {
        &self.type_head().info
    }

    /// Changes the type; the caller has checked that the layouts agree. The counts of both types are kept here.
    pub fn set_type(&self, ty: &TypeHead) {
        let old = self.ty.replace(NonNull::from(ty));
        if ty.info.flags.get() & TypeFlags::HEAP_TYPE != 0 {
            ty.head.inc();
        }
        // SAFETY: the object owned its old type until here.
        let old = unsafe { old.as_ref() };
        if old.info.flags.get() & TypeFlags::HEAP_TYPE != 0 {
            // SAFETY: the count that the object held.
            unsafe { old.head.dec() };
        }
    }

    /// One more owner.
    #[inline]
    pub fn inc(&self) {
        let rc = self.rc.get();
        if rc < IMMORTAL {
            self.rc.set(rc + 1);
        }
    }

    /// One owner less; releases the object when it was the last.
    ///
    /// # Safety
    /// The caller gives up a count that it owned.
    #[inline]
    pub unsafe fn dec(&self) {
        let rc = self.rc.get();
        if rc < IMMORTAL {
            self.rc.set(rc.wrapping_sub(1));
            if rc == 1 {
                // SAFETY: the last owner is gone.
                unsafe { crate::release::release(self) };
            }
        }
    }

    /// Sets the count as it is: for the collector, resurrection and reuse in place.
    #[inline]
    pub fn set_raw_count(&self, count: u32) {
        self.rc.set(count);
    }

    /// The count word as it is, immortal objects included.
    #[inline]
    pub fn raw_count(&self) -> u32 {
        self.rc.get()
    }

    /// A new owning handle.
    #[inline]
    pub fn to_ref(&self) -> Ref {
        self.inc();
        // SAFETY: the count was just raised for the new handle.
        unsafe { Ref::from_raw_ptr(NonNull::from(self)) }
    }

    /// The words kept before the header for `__dict__` and weak references, if the type has them.
    #[inline]
    pub fn managed(&self) -> Option<&Managed> {
        if self.flags() & Flags::MANAGED == 0 {
            return None;
        }
        // SAFETY: a block with this flag was allocated with the prefix: 32 bytes before the header.
        Some(unsafe {
            &*(self as *const Object)
                .cast::<u8>()
                .sub(32)
                .cast::<Managed>()
        })
    }
}

/// Declares that a `#[repr(C)]` struct, whose first field is `head: Object`, is an object's layout.
///
/// `object_layout!(List = 7, traverse |this, visit| { … }, clear |this| { … });` The traverse part shows every
/// reference that the object owns to `visit`; the clear part gives them up.
#[macro_export]
macro_rules! object_layout {
    ($ty:ident = $kind:expr $(, traverse |$this:ident, $visit:ident| $traverse:block)? $(, clear |$cthis:ident| $clear:block)? $(,)?) => {
        const _: () = assert!(::core::mem::offset_of!($ty, head) == 0);
        // SAFETY: the assertion above: the struct starts with its header.
        #[allow(unsafe_code)]
        unsafe impl $crate::ObjectLayout for $ty {
            const KIND: $crate::Kind = $kind;
            fn layout() -> &'static $crate::Layout {
                static LAYOUT: $crate::Layout = $crate::Layout {
                    name: stringify!($ty),
                    kind: $kind,
                    size: ::core::mem::size_of::<$ty>(),
                    needs_drop: ::core::mem::needs_drop::<$ty>(),
                    drop: {
                        unsafe fn drop_payload(object: *const $crate::Object) {
                            // SAFETY: called once, by release, for an object of this layout.
                            unsafe { ::core::ptr::drop_in_place(object.cast_mut().cast::<$ty>()) }
                        }
                        drop_payload
                    },
                    traverse: {
                        #[allow(unused_mut, unused_assignments)]
                        let mut shows: ::core::option::Option<fn(&$crate::Object, &mut $crate::Visitor<'_>)> =
                            ::core::option::Option::None;
                        $(
                            fn traverse(object: &$crate::Object, visitor: &mut $crate::Visitor<'_>) {
                                if let Some($this) = object.downcast::<$ty>() { let $visit = visitor; $traverse }
                            }
                            shows = ::core::option::Option::Some(traverse);
                        )?
                        shows
                    },
                    clear: {
                        #[allow(unused_variables)]
                        fn clear(object: &$crate::Object) {
                            $( if let Some($cthis) = object.downcast::<$ty>() { $clear } )?
                        }
                        clear
                    },
                };
                &LAYOUT
            }
        }
        impl ::core::ops::Deref for $ty {
            type Target = $crate::Object;
            #[inline]
            fn deref(&self) -> &$crate::Object { &self.head }
        }
        impl ::core::convert::AsRef<$crate::Object> for $ty {
            #[inline]
            fn as_ref(&self) -> &$crate::Object { &self.head }
        }
    };
}
