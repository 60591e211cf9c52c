//! Layouts of str and bytes: immutable, the data in the block's tail. A string that has a single owner may grow while that
//! owner assigns to it, which nobody can see.

use std::borrow::Cow;
use std::cell::Cell;

use viv_heap::{Flags, Heap, Object, Raw, Ref, object_layout};

use super::{Type, kinds};
use crate::result::PyResult;
use crate::vm::Vm;

/// A `str`: code points in one, two or four bytes each, as wide as its widest one needs.
#[repr(C)]
pub struct Str {
    /// The header.
    pub head: Object,
    hash: Cell<i64>,
    len: usize,
}
object_layout!(Str = kinds::STR);

const WIDTH_SHIFT: u32 = Flags::KIND_BITS_SHIFT;
const WIDTH: u32 = 3 << WIDTH_SHIFT;
const ASCII: u32 = 1 << (Flags::KIND_BITS_SHIFT + 2);
const INTERNED: u32 = 1 << (Flags::KIND_BITS_SHIFT + 3);

/// The hash that stands for "not computed yet"; no string hashes to it.
const NO_HASH: i64 = -1;

/// The code points of a string at their width.
#[derive(Clone, Copy)]
pub enum StrData<'a> {
    /// All below U+0100.
    One(&'a [u8]),
    /// All below U+10000, surrogates included.
    Two(&'a [u16]),
    /// Any.
    Four(&'a [u32]),
}

impl StrData<'_> {
    /// The code point at an index, which is in range.
    #[inline]
    pub fn at(&self, i: usize) -> u32 {
        match self {
            StrData::One(d) => u32::from(d[i]),
            StrData::Two(d) => u32::from(d[i]),
            StrData::Four(d) => d[i],
        }
    }

    /// Number of code points.
    pub fn len(&self) -> usize {
        match self {
            StrData::One(d) => d.len(),
            StrData::Two(d) => d.len(),
            StrData::Four(d) => d.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Str {
    /// Number of code points.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the string is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether all code points are below U+0080.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.flags() & ASCII != 0
    }

    /// Whether this object is the interned one of its value.
    #[inline]
    pub fn is_interned(&self) -> bool {
        self.flags() & INTERNED != 0
    }

    pub(crate) fn mark_interned(&self) {
        self.set_flags(INTERNED);
    }

    /// Bytes for each code point.
    #[inline]
    pub fn width(&self) -> usize {
        1 << ((self.flags() & WIDTH) >> WIDTH_SHIFT)
    }

    /// The code points.
    #[inline]
    pub fn data(&self) -> StrData<'_> {
        let tail = std::ptr::from_ref(self).wrapping_add(1);
        // SAFETY: the tail was placed with `len` code points of this width and does not change while it is borrowed.
        unsafe {
            match self.width() {
                1 => StrData::One(std::slice::from_raw_parts(tail.cast(), self.len)),
                2 => StrData::Two(std::slice::from_raw_parts(tail.cast(), self.len)),
                _ => StrData::Four(std::slice::from_raw_parts(tail.cast(), self.len)),
            }
        }
    }

    /// The text, if it is ASCII.
    #[inline]
    pub fn as_ascii(&self) -> Option<&str> {
        match self.data() {
            // SAFETY: the flag says that all bytes are below 0x80.
            StrData::One(bytes) if self.is_ascii() => {
                Some(unsafe { std::str::from_utf8_unchecked(bytes) })
            }
            _ => None,
        }
    }

    /// The code points in order.
    pub fn chars(&self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + '_ {
        let data = self.data();
        (0..self.len).map(move |i| data.at(i))
    }

    /// The code point at an index.
    pub fn char_at(&self, i: usize) -> Option<u32> {
        (i < self.len).then(|| self.data().at(i))
    }

    /// The text as Rust has it; lone surrogates become U+FFFD.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self.as_ascii() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(
                self.chars()
                    .map(|c| char::from_u32(c).unwrap_or('\u{fffd}'))
                    .collect(),
            ),
        }
    }

    /// The text as Rust has it, if there is no lone surrogate.
    pub fn to_utf8(&self) -> Option<Cow<'_, str>> {
        match self.as_ascii() {
            Some(text) => Some(Cow::Borrowed(text)),
            None => self
                .chars()
                .map(char::from_u32)
                .collect::<Option<String>>()
                .map(Cow::Owned),
        }
    }

    /// Whether the string is exactly this text.
    pub fn eq_text(&self, text: &str) -> bool {
        match self.as_ascii() {
            Some(own) => own == text,
            None => self.chars().eq(text.chars().map(u32::from)),
        }
    }

    /// Whether two strings are equal.
    #[inline]
    pub fn eq_str(&self, other: &Str) -> bool {
        if std::ptr::eq(self, other) {
            return true;
        }
        if self.len != other.len {
            return false;
        }
        match (self.data(), other.data()) {
            (StrData::One(a), StrData::One(b)) => a == b,
            (StrData::Two(a), StrData::Two(b)) => a == b,
            (StrData::Four(a), StrData::Four(b)) => a == b,
            // The width is the least that fits, so equal strings have the same.
            _ => false,
        }
    }

    /// The hash, computed once.
    #[inline]
    pub fn hash_value(&self, vm: &Vm) -> i64 {
        let hash = self.hash.get();
        if hash != NO_HASH {
            hash
        } else {
            self.compute_hash(vm)
        }
    }

    /// Sets the hash, which the caller has computed already.
    pub(crate) fn remember_hash(&self, hash: i64) {
        self.hash.set(hash);
    }

    /// The hash as it is known: right for every string that has been used as a key.
    #[inline]
    pub(crate) fn known_hash(&self) -> i64 {
        self.hash.get()
    }

    #[cold]
    fn compute_hash(&self, vm: &Vm) -> i64 {
        let tail = std::ptr::from_ref(self).wrapping_add(1).cast::<u8>();
        // SAFETY: as in `data`.
        let bytes = unsafe { std::slice::from_raw_parts(tail, self.len * self.width()) };
        let hash = vm.hash_bytes(bytes);
        self.hash.set(hash);
        hash
    }

    /// Appends `more` to a string that only the holder of the word has, and gives the string, which may have moved; nothing
    /// where it has to be a new one: then it is as it was. Strings grow as long as nobody has asked for their identity.
    ///
    /// # Safety
    /// The word owns a count of an object that lives, and is not used any more where there is a result.
    pub(crate) unsafe fn append_in_place(vm: &Vm, word: Raw, more: &Str) -> Option<Raw> {
        const TAG: u32 = kinds::STR as u32 | Flags::EXACT;
        // SAFETY: the word's object is a string with one owner, and is not `more`; its block is as long as asked for.
        unsafe {
            let flags = word.object().flags();
            // The mask has everything in it while allocations are listened to, and else a bit of the ints that is a width here.
            let mask = vm.hot.reuse() & !WIDTH;
            if flags & mask != TAG || word.object().raw_count() != 1 || flags & INTERNED != 0 {
                return None;
            }
            let string = word.object().downcast_unchecked::<Str>();
            let width = string.width();
            let len = string.len.checked_add(more.len)?;
            if string.is_empty() || more.width() > width || std::ptr::eq(string, more) {
                return None;
            }
            let end = size_of::<Str>() + string.len * width;
            let size = len.checked_mul(width)?.checked_add(size_of::<Str>())?;
            if size > isize::MAX as usize / 2 {
                return None;
            }
            let word = vm.heap.grow(word, end, size)?;
            let grown = &mut *word.0.cast::<Str>();
            grown.hash.set(NO_HASH);
            if !more.is_ascii() {
                grown.head.clear_flags(ASCII);
            }
            let added = word.0.cast::<u8>().add(end);
            if more.width() == width {
                std::ptr::copy_nonoverlapping(more.as_bytes().as_ptr(), added, more.len * width);
            } else {
                for (i, c) in more.chars().enumerate() {
                    match width {
                        2 => added.cast::<u16>().add(i).write(c as u16),
                        _ => added.cast::<u32>().add(i).write(c),
                    }
                }
            }
            grown.len = len;
            Some(word)
        }
    }

    fn place_data(
        vm: &Vm,
        ty: &Type,
        len: usize,
        width: u32,
        ascii: bool,
        bytes: &[u8],
    ) -> PyResult<Ref<Str>> {
        let head = Object::new(ty.type_head_of());
        head.set_flags(width << WIDTH_SHIFT | if ascii { ASCII } else { 0 });
        // SAFETY: the tail has room for these bytes, is filled at once, and nobody else has the object yet.
        unsafe {
            let string = Str {
                head,
                hash: Cell::new(NO_HASH),
                len,
            };
            let placed = if ty.is(&vm.types.str) {
                vm.heap.place_plain_sized(string, bytes.len())
            } else {
                vm.heap.place_var_uninit(string, bytes.len())
            };
            let string = placed.map_err(|_| vm.no_memory())?;
            let tail = std::ptr::from_ref::<Str>(&string)
                .add(1)
                .cast_mut()
                .cast::<u8>();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), tail, bytes.len());
            Ok(string)
        }
    }

    /// The code points as they lie in memory.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        let tail = std::ptr::from_ref(self).wrapping_add(1).cast::<u8>();
        // SAFETY: as in `data`.
        unsafe { std::slice::from_raw_parts(tail, self.len * self.width()) }
    }

    /// Places a string of `len` code points of `width` bytes (1, 2 or 4) and lets `fill` write them into the zeroed memory.
    /// The width must be the least that fits what is written, and `ascii` must say whether all is below U+0080.
    pub fn build(
        vm: &Vm,
        len: usize,
        width: usize,
        ascii: bool,
        fill: impl FnOnce(&mut [u8]),
    ) -> PyResult<Ref<Str>> {
        let Some(size) = len
            .checked_mul(width)
            .filter(|size| *size <= isize::MAX as usize / 2)
        else {
            return Err(vm.no_memory());
        };
        let head = Object::new(vm.types.str.type_head_of());
        head.set_flags(width.trailing_zeros() << WIDTH_SHIFT | if ascii { ASCII } else { 0 });
        // SAFETY: the tail has room for these bytes, is zeroed at once, and nobody else has the object yet.
        unsafe {
            let string = vm
                .heap
                .place_plain_sized(
                    Str {
                        head,
                        hash: Cell::new(NO_HASH),
                        len,
                    },
                    size,
                )
                .map_err(|_| vm.no_memory())?;
            let tail = std::ptr::from_ref::<Str>(&string)
                .add(1)
                .cast_mut()
                .cast::<u8>();
            std::ptr::write_bytes(tail, 0, size);
            fill(std::slice::from_raw_parts_mut(tail, size));
            Ok(string)
        }
    }

    /// An ASCII string made while the interpreter itself is being made.
    pub(crate) fn bootstrap(heap: &Heap, ty: &Type, text: &'static str) -> Option<Ref<Str>> {
        debug_assert!(text.is_ascii());
        let head = Object::new(ty.type_head_of());
        head.set_flags(ASCII);
        let string = heap
            .place_var(
                Str {
                    head,
                    hash: Cell::new(NO_HASH),
                    len: text.len(),
                },
                text.len(),
            )
            .ok()?;
        // SAFETY: as in `place_data`.
        unsafe {
            let tail = std::ptr::from_ref::<Str>(&string)
                .add(1)
                .cast_mut()
                .cast::<u8>();
            std::ptr::copy_nonoverlapping(text.as_ptr(), tail, text.len());
        }
        Some(string)
    }

    /// A string of type `ty` from Rust text.
    pub fn place(vm: &Vm, ty: &Type, text: &str) -> PyResult<Ref<Str>> {
        if text.is_ascii() {
            return Str::place_data(vm, ty, text.len(), 0, true, text.as_bytes());
        }
        let (mut len, mut most) = (0, 0);
        for c in text.chars() {
            len += 1;
            most |= u32::from(c);
        }
        // The bits of all characters together are as wide as the widest one.
        if ty.is(&vm.types.str) && len > 1 {
            let width = if most < 0x100 {
                1
            } else if most < 0x1_0000 {
                2
            } else {
                4
            };
            return Str::build(vm, len, width, false, |out| {
                let places = out.chunks_exact_mut(width);
                for (place, c) in places.zip(text.chars().map(u32::from)) {
                    match width {
                        1 => place.copy_from_slice(&[c as u8]),
                        2 => place.copy_from_slice(&(c as u16).to_ne_bytes()),
                        _ => place.copy_from_slice(&c.to_ne_bytes()),
                    }
                }
            });
        }
        if most < 0x100 {
            let bytes: Vec<u8> = text.chars().map(|c| c as u8).collect();
            return Str::place_data(vm, ty, len, 0, false, &bytes);
        }
        if most < 0x1_0000 {
            let bytes: Vec<u8> = text
                .chars()
                .flat_map(|c| (c as u32 as u16).to_ne_bytes())
                .collect();
            return Str::place_data(vm, ty, len, 1, false, &bytes);
        }
        let points: Vec<u32> = text.chars().map(u32::from).collect();
        Str::place_points(vm, ty, &points)
    }

    /// A string of type `ty` with the code points of another one.
    pub fn place_copy(vm: &Vm, ty: &Type, from: &Str) -> PyResult<Ref<Str>> {
        Str::place_data(
            vm,
            ty,
            from.len,
            from.width().trailing_zeros(),
            from.is_ascii(),
            from.as_bytes(),
        )
    }

    /// A string of type `ty` from bytes, each a code point (Latin-1).
    pub fn place_latin1(vm: &Vm, ty: &Type, bytes: &[u8]) -> PyResult<Ref<Str>> {
        Str::place_data(vm, ty, bytes.len(), 0, bytes.is_ascii(), bytes)
    }

    /// A new string of these bytes, if all are below U+0080.
    #[inline]
    pub fn place_ascii(vm: &Vm, bytes: &[u8]) -> Option<PyResult<Ref<Str>>> {
        let ascii = bytes.is_ascii();
        ascii.then(|| Str::place_data(vm, &vm.types.str, bytes.len(), 0, true, bytes))
    }

    /// A string of type `ty` from code points, surrogates allowed.
    pub fn place_points(vm: &Vm, ty: &Type, points: &[u32]) -> PyResult<Ref<Str>> {
        let most = points.iter().copied().max().unwrap_or(0);
        if most < 0x100 {
            let bytes: Vec<u8> = points.iter().map(|&c| c as u8).collect();
            Str::place_data(vm, ty, points.len(), 0, most < 0x80, &bytes)
        } else if most < 0x10000 {
            let narrow: Vec<u16> = points.iter().map(|&c| c as u16).collect();
            // SAFETY: plain numbers seen as their bytes.
            let bytes =
                unsafe { std::slice::from_raw_parts(narrow.as_ptr().cast(), narrow.len() * 2) };
            Str::place_data(vm, ty, points.len(), 1, false, bytes)
        } else {
            // SAFETY: as above.
            let bytes =
                unsafe { std::slice::from_raw_parts(points.as_ptr().cast(), points.len() * 4) };
            Str::place_data(vm, ty, points.len(), 2, false, bytes)
        }
    }
}

/// A `bytes`.
#[repr(C)]
pub struct Bytes {
    /// The header.
    pub head: Object,
    hash: Cell<i64>,
    len: usize,
}
object_layout!(Bytes = kinds::BYTES);

impl Bytes {
    /// The bytes.
    #[inline]
    pub fn as_slice(&self) -> &[u8] {
        let tail = std::ptr::from_ref(self).wrapping_add(1).cast::<u8>();
        // SAFETY: the tail was placed with `len` bytes and never changes.
        unsafe { std::slice::from_raw_parts(tail, self.len) }
    }

    /// The hash, computed once; equal to that of an ASCII string of the same bytes, as on CPython.
    pub fn hash_value(&self, vm: &Vm) -> i64 {
        if self.hash.get() == NO_HASH {
            self.hash.set(vm.hash_bytes(self.as_slice()));
        }
        self.hash.get()
    }

    /// An exact bytes object of two parts.
    pub fn place_joined(vm: &Vm, first: &[u8], second: &[u8]) -> PyResult<Ref<Bytes>> {
        let Some(len) = first.len().checked_add(second.len()) else {
            return Err(vm.no_memory());
        };
        let object = Bytes {
            head: Object::new(vm.types.bytes.type_head_of()),
            hash: Cell::new(NO_HASH),
            len,
        };
        // SAFETY: the tail has room for both parts and is filled at once, and nobody else has the object yet.
        unsafe {
            let placed = vm.heap.place_plain_sized(object, len);
            let object = placed.map_err(|_| vm.no_memory())?;
            let tail = std::ptr::from_ref::<Bytes>(&object)
                .add(1)
                .cast_mut()
                .cast::<u8>();
            std::ptr::copy_nonoverlapping(first.as_ptr(), tail, first.len());
            std::ptr::copy_nonoverlapping(second.as_ptr(), tail.add(first.len()), second.len());
            Ok(object)
        }
    }

    /// A bytes object of type `ty`.
    pub fn place(vm: &Vm, ty: &Type, bytes: &[u8]) -> PyResult<Ref<Bytes>> {
        let head = Object::new(ty.type_head_of());
        let object = Bytes {
            head,
            hash: Cell::new(NO_HASH),
            len: bytes.len(),
        };
        // SAFETY: the tail has room for these bytes and is filled at once, and nobody else has the object yet.
        unsafe {
            let placed = if ty.is(&vm.types.bytes) {
                vm.heap.place_plain_sized(object, bytes.len())
            } else {
                vm.heap.place_var(object, bytes.len())
            };
            let object = placed.map_err(|_| vm.no_memory())?;
            let tail = std::ptr::from_ref::<Bytes>(&object)
                .add(1)
                .cast_mut()
                .cast::<u8>();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), tail, bytes.len());
            Ok(object)
        }
    }
}
