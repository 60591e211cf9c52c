//! The handles: [`Ref`] owns, `&Object` (or `&T`) borrows, [`Raw`] is a word whose counts are kept by hand.

use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

use crate::object::{Object, ObjectLayout};

/// An owning reference to an object: raises the count when cloned, lowers it when dropped. One machine word.
#[repr(transparent)]
pub struct Ref<T = Object> {
    ptr: NonNull<Object>,
    marker: PhantomData<T>,
}

impl<T> Ref<T> {
    /// Takes over a count.
    ///
    /// # Safety
    /// `ptr` is a live object of layout `T`, and the caller gives up a count that it owned.
    #[inline]
    pub unsafe fn from_raw_ptr(ptr: NonNull<Object>) -> Ref<T> {
        Ref {
            ptr,
            marker: PhantomData,
        }
    }

    /// Gives the count away, to be kept by hand.
    #[inline]
    pub fn into_raw(self) -> Raw {
        let this = ManuallyDrop::new(self);
        Raw(this.ptr.as_ptr())
    }

    /// The object of any kind.
    #[inline]
    pub fn as_object(&self) -> &Object {
        // SAFETY: the handle owns a count, so the object lives.
        unsafe { self.ptr.as_ref() }
    }

    /// The same count under the general type.
    #[inline]
    pub fn upcast(self) -> Ref {
        let this = ManuallyDrop::new(self);
        Ref {
            ptr: this.ptr,
            marker: PhantomData,
        }
    }
}

impl Ref {
    /// The same count under layout `T`, or the handle back.
    ///
    /// # Errors
    /// The handle itself where the object has another layout.
    pub fn cast<T: ObjectLayout>(self) -> Result<Ref<T>, Ref> {
        if self.kind() == T::KIND {
            let this = ManuallyDrop::new(self);
            Ok(Ref {
                ptr: this.ptr,
                marker: PhantomData,
            })
        } else {
            Err(self)
        }
    }
}

impl<T: ObjectLayout> Ref<T> {
    /// A new owning handle of a borrowed object.
    #[inline]
    pub fn of(object: &T) -> Ref<T> {
        // SAFETY: `T` starts with its header.
        let head = unsafe { &*(object as *const T).cast::<Object>() };
        head.inc();
        Ref {
            ptr: NonNull::from(head),
            marker: PhantomData,
        }
    }
}

impl<T> Clone for Ref<T> {
    #[inline]
    fn clone(&self) -> Self {
        self.as_object().inc();
        Ref {
            ptr: self.ptr,
            marker: PhantomData,
        }
    }
}

impl<T> Drop for Ref<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the handle's own count.
        unsafe { self.ptr.as_ref().dec() }
    }
}

impl Deref for Ref<Object> {
    type Target = Object;
    #[inline]
    fn deref(&self) -> &Object {
        self.as_object()
    }
}

impl<T: ObjectLayout> Deref for Ref<T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: a `Ref<T>` is only made of an object of layout `T`.
        unsafe { self.ptr.cast::<T>().as_ref() }
    }
}

impl<T> AsRef<Object> for Ref<T> {
    #[inline]
    fn as_ref(&self) -> &Object {
        self.as_object()
    }
}

impl<T: ObjectLayout> From<Ref<T>> for Ref {
    #[inline]
    fn from(r: Ref<T>) -> Ref {
        r.upcast()
    }
}

impl<T> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<{} at {:p}>",
            self.as_object().type_info().layout.get().name,
            self.ptr
        )
    }
}

/// A word of the call stack: an object whose count is kept by hand, or null.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Raw(pub *mut Object);

impl Raw {
    /// The empty word.
    pub const NULL: Raw = Raw(std::ptr::null_mut());

    /// Whether the word is empty.
    #[inline]
    pub fn is_null(self) -> bool {
        self.0.is_null()
    }

    /// The object.
    ///
    /// # Safety
    /// The word is not null and its object lives as long as `'a`.
    #[inline]
    pub unsafe fn object<'a>(self) -> &'a Object {
        // SAFETY: the caller's promise.
        unsafe { &*self.0 }
    }

    /// The word's count as an owning handle.
    ///
    /// # Safety
    /// The word is not null and owns a count, which the caller gives up.
    #[inline]
    pub unsafe fn into_ref(self) -> Ref {
        // SAFETY: the caller's promise.
        unsafe { Ref::from_raw_ptr(NonNull::new_unchecked(self.0)) }
    }
}
