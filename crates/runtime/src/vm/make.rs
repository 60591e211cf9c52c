//! Making objects of the builtin types.

use viv_heap::{Object, ObjectLayout, Ref};

use super::Vm;
use crate::object::{Bytes, Complex, Dict, Float, Int, List, Slot, Str, Tuple};
use crate::result::PyResult;

impl Vm {
    /// Places an object into the heap, or raises MemoryError.
    #[inline]
    pub fn place<T: ObjectLayout>(&self, value: T) -> PyResult<Ref<T>> {
        self.heap.place(value).map_err(|_| self.no_memory())
    }

    /// Places an object with `tail` zeroed bytes behind it, or raises MemoryError.
    #[inline]
    pub fn place_var<T: ObjectLayout>(&self, value: T, tail: usize) -> PyResult<Ref<T>> {
        self.heap
            .place_var(value, tail)
            .map_err(|_| self.no_memory())
    }

    /// The hash of the bytes of a string or bytes object: SipHash 1-3 with the interpreter's key, as CPython's.
    pub fn hash_bytes(&self, bytes: &[u8]) -> i64 {
        if bytes.is_empty() {
            return 0;
        }
        match super::sip::hash(self.hash_key, bytes) as i64 {
            -1 => -2,
            hash => hash,
        }
    }

    /// An int; those from -5 to 256 are always the same objects.
    #[inline]
    pub fn new_int(&self, value: i64) -> PyResult {
        if (-5..=256).contains(&value) {
            return Ok(self.small_ints[(value + 5) as usize].head.to_ref());
        }
        Int::place_exact(self, value).map(Ref::upcast)
    }

    /// An int of any size.
    pub fn new_big_int(&self, value: &dashu_int::IBig) -> PyResult {
        match i64::try_from(value) {
            Ok(small) => self.new_int(small),
            Err(_) => Int::place_big(self, &self.types.int, value).map(Ref::upcast),
        }
    }

    /// An int that is not negative from its bytes, the least first.
    pub fn new_int_from_le_bytes(&self, bytes: &[u8]) -> PyResult {
        self.new_big_int(&dashu_int::UBig::from_le_bytes(bytes).into())
    }

    /// An int from a size or count.
    pub fn new_usize(&self, value: usize) -> PyResult {
        match i64::try_from(value) {
            Ok(small) => self.new_int(small),
            Err(_) => self.new_big_int(&value.into()),
        }
    }

    /// A float.
    #[inline]
    pub fn new_float(&self, value: f64) -> PyResult {
        Float::place_exact(self, value).map(Ref::upcast)
    }

    /// A complex number.
    pub fn new_complex(&self, re: f64, im: f64) -> PyResult {
        let head = Object::new(self.types.complex.type_head_of());
        self.place(Complex { head, re, im }).map(Ref::upcast)
    }

    /// A string. The empty one and those of one character below U+0100 are always the same objects.
    pub fn new_str(&self, text: &str) -> PyResult<Ref<Str>> {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Ok(self.empty_str.clone()),
            (Some(c), None) if (c as u32) < 0x100 => self.new_char(c as u32),
            _ => Str::place(self, &self.types.str, text),
        }
    }

    /// A string of bytes that are ASCII.
    pub(crate) fn new_ascii(&self, text: &[u8]) -> PyResult<Ref<Str>> {
        match text {
            [] => Ok(self.empty_str.clone()),
            [c] => self.new_char(u32::from(*c)),
            _ => Str::place_latin1(self, &self.types.str, text),
        }
    }

    /// A string of code points, surrogates allowed.
    pub fn new_str_points(&self, points: &[u32]) -> PyResult<Ref<Str>> {
        match points {
            [] => Ok(self.empty_str.clone()),
            [c] => self.new_char(*c),
            _ => Str::place_points(self, &self.types.str, points),
        }
    }

    /// A string of one code point.
    pub fn new_char(&self, c: u32) -> PyResult<Ref<Str>> {
        let Some(place) = self.latin1.get(c as usize) else {
            return Str::place_points(self, &self.types.str, &[c]);
        };
        if let Some(known) = place.get() {
            return Ok(known);
        }
        let made = Str::place_latin1(self, &self.types.str, &[c as u8])?;
        made.make_immortal();
        made.mark_interned();
        place.set(Some(made.clone()));
        Ok(made)
    }

    /// A bytes object; the empty one and those of one byte exist once.
    pub fn new_bytes(&self, bytes: &[u8]) -> PyResult<Ref<Bytes>> {
        let place = match bytes {
            [] => self.small_bytes.last(),
            [byte] => self.small_bytes.get(*byte as usize),
            _ => return Bytes::place(self, &self.types.bytes, bytes),
        };
        if let Some(known) = place.and_then(Slot::get) {
            return Ok(known);
        }
        let made = Bytes::place(self, &self.types.bytes, bytes)?;
        if let Some(place) = place {
            made.make_immortal();
            place.set(Some(made.clone()));
        }
        Ok(made)
    }

    /// A tuple; the empty one is always the same object.
    pub fn new_tuple(&self, items: Vec<Ref>) -> PyResult<Ref<Tuple>> {
        if items.is_empty() {
            Ok(self.empty_tuple.clone())
        } else {
            Tuple::place(self, &self.types.tuple, items)
        }
    }

    /// A tuple of borrowed objects.
    pub fn tuple_of(&self, items: &[&Object]) -> PyResult<Ref<Tuple>> {
        if items.is_empty() {
            return Ok(self.empty_tuple.clone());
        }
        let items = items.iter().map(|o| o.to_ref());
        Tuple::place(self, &self.types.tuple, items)
    }

    /// A list.
    pub fn new_list(&self, items: Vec<Ref>) -> PyResult<Ref<List>> {
        let Some(mut own) = List::room(self, items.len()) else {
            return Err(self.no_memory());
        };
        own.extend(items);
        List::exact(self, own)
    }

    /// An empty dict.
    pub fn new_dict(&self) -> PyResult<Ref<Dict>> {
        Dict::place(self, &self.types.dict)
    }
}
