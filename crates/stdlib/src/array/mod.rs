//! The module `array`: sequences of numbers or characters of one C type.
//!
//! **Invariant.** The number of bytes is a multiple of the item's size, and does not change while a view is exported.

pub mod construct;
pub mod item;
pub mod iterator;
pub mod methods;

use std::cell::Cell;

use viv_runtime::modules::make::{ModuleSpec, add_str};
use viv_runtime::object::{Float, Inner, Int, Type, TypeTraits, kinds};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::buffer::{BufferInfo, BufferProcs};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{
    Indices, Subscript, compare_items, receiver, subscript, wrap_index,
};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    CompareOp, HVec, HeapAlloc, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use item::{CODES, Code, Item};

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "array",
    doc: "This module defines an object type which can efficiently represent\nan array of basic values: characters, integers, floating-point\nnumbers.  Arrays are sequence types and behave very much like lists,\nexcept that the type of objects stored in them is constrained.\n",
    functions: &[construct::FUNCTIONS],
    fill: |vm, module| {
        let array = extra_type(vm, &SPEC, &vm.types.object)?;
        module.dict.set_text(vm, "array", array.as_object())?;
        module.dict.set_text(vm, "ArrayType", array.as_object())?;
        let abc = viv_runtime::modules::import::import_name(vm, "_collections_abc")?;
        let class = protocol::get_attr_str(vm, &abc, "MutableSequence")?;
        protocol::call_method(vm, &class, &*vm.intern("register")?, &[array.as_object()])?;
        let letters: String = CODES.iter().map(|(letter, _)| *letter).collect();
        add_str(vm, module, "typecodes", &letters)
    },
};

/// An `array.array`.
#[repr(C)]
pub struct Array {
    /// The header.
    pub head: Object,
    data: Inner<HVec<u8>>,
    /// What the items are.
    pub code: Code,
    exports: Cell<usize>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(Array = kinds::ARRAY);

static BUFFER: BufferProcs = BufferProcs {
    info: |this| {
        let array = this.downcast::<Array>();
        BufferInfo {
            format: array.map_or("B", |a| a.code.format()).to_owned(),
            itemsize: array.map_or(1, |a| a.code.size()),
            len: array.map_or(0, |a| a.data.read(|data| data.len())),
            readonly: false,
        }
    },
    read: |this, f| match this.downcast::<Array>() {
        Some(array) => array.data.read(|data| f(data)),
        None => f(&[]),
    },
    write: |this, f| {
        if let Some(array) = this.downcast::<Array>() {
            array.data.write(|data| f(data));
        }
    },
    export: |this, change| {
        if let Some(array) = this.downcast::<Array>() {
            let now = array.exports.get().saturating_add_signed(change);
            array.exports.set(now);
        }
    },
    view: None,
};

pub(crate) static SPEC: TypeSpec = TypeSpec {
    name: "array",
    module: "array",
    doc: construct::DOC,
    traits: TypeTraits::BASE | TypeTraits::SEQUENCE | TypeTraits::UNHASHABLE,
    weaklist_offset: std::mem::offset_of!(Array, weakrefs) as u32,
    slots: |s| {
        s.new.set(Some(construct::new));
        s.repr.set(Some(repr));
        s.compare.set(Some(compare));
        s.iter.set(Some(iterator::iter));
        s.len
            .set(Some(|vm, this| Ok(receiver::<Array>(vm, this)?.len())));
        s.getitem.set(Some(getitem));
        s.setitem.set(Some(setitem));
        s.contains.set(Some(methods::contains));
        s.concat.set(Some(concat));
        s.repeat.set(Some(repeat));
        s.inplace_concat.set(Some(inplace_concat));
        s.inplace_repeat.set(Some(inplace_repeat));
        s.buffer.set(Some(&BUFFER));
    },
    methods: &[methods::METHODS],
    getset: methods::GETSET,
    ..TypeSpec::new(Array::layout, true)
};

impl Array {
    /// An array of type `ty` with these bytes.
    ///
    /// # Errors
    /// MemoryError
    pub fn place(vm: &Vm, ty: &Type, code: Code, bytes: &[u8]) -> PyResult<Ref<Array>> {
        let mut data = HVec::new_in(HeapAlloc);
        if data.try_reserve_exact(bytes.len()).is_err() {
            return Err(vm.no_memory());
        }
        data.extend_from_slice(bytes);
        let array = vm.place(Array {
            head: Object::new(ty.type_head_of()),
            data: Inner::new(data),
            code,
            exports: Cell::new(0),
            weakrefs: Cell::new(std::ptr::null()),
        })?;
        vm.heap.track(array.as_object());
        Ok(array)
    }

    /// An `array.array` of the same code.
    fn like(&self, vm: &Vm, bytes: &[u8]) -> PyResult {
        let ty = extra_type(vm, &SPEC, &vm.types.object)?;
        Ok(Array::place(vm, &ty, self.code, bytes)?.upcast())
    }

    /// Number of items.
    #[inline]
    pub fn len(&self) -> usize {
        self.data.read(|data| data.len()) / self.code.size()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that are allocated, and the address.
    pub fn room(&self) -> (usize, usize) {
        self.data
            .read(|data| (data.capacity(), data.as_ptr().addr()))
    }

    /// A copy of the bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        self.data.read(|data| data.to_vec())
    }

    /// Changes the bytes, not their number.
    pub fn change(&self, f: impl FnOnce(&mut [u8])) {
        self.data.write(|data| f(data));
    }

    /// The bytes of an item.
    #[inline]
    pub fn raw(&self, i: usize) -> Option<Item> {
        self.data.read(|data| match self.code.size() {
            8 => data.as_chunks::<8>().0.get(i).copied(),
            4 => data
                .as_chunks::<4>()
                .0
                .get(i)
                .map(|&[a, b, c, d]| [a, b, c, d, 0, 0, 0, 0]),
            2 => data
                .as_chunks::<2>()
                .0
                .get(i)
                .map(|&[a, b]| [a, b, 0, 0, 0, 0, 0, 0]),
            _ => data.get(i).map(|&a| [a, 0, 0, 0, 0, 0, 0, 0]),
        })
    }

    /// The item at an index.
    #[inline]
    pub fn get(&self, vm: &Vm, i: usize) -> PyResult<Option<Ref>> {
        match self.raw(i) {
            Some(raw) => self.code.load(vm, raw).map(Some),
            None => Ok(None),
        }
    }

    /// Writes the bytes of an item; false past the end.
    #[inline]
    pub fn put(&self, i: usize, raw: Item) -> bool {
        self.data.write(|data| {
            let done = match self.code.size() {
                8 => data.as_chunks_mut::<8>().0.get_mut(i).map(|to| *to = raw),
                size => data
                    .get_mut(i * size..i * size + size)
                    .map(|to| to.copy_from_slice(raw.get(..size).unwrap_or_default())),
            };
            done.is_some()
        })
    }

    /// The item at a small int, of an array of doubles: the commonest sort by far.
    #[inline]
    fn double_at(&self, key: &Object) -> Option<f64> {
        if self.code != Code::F64 {
            return None;
        }
        let index = key.downcast_exact::<Int>()?.as_i64()?;
        self.data.read(|data| {
            let items = data.as_chunks::<8>().0;
            let raw = items.get(wrap_index(index, items.len())?)?;
            Some(f64::from_le_bytes(*raw))
        })
    }

    /// Writes such an item; whether it was one.
    #[inline]
    fn put_double(&self, key: &Object, value: f64) -> bool {
        let index = key.downcast_exact::<Int>().and_then(Int::as_i64);
        let Some(index) = index.filter(|_| self.code == Code::F64) else {
            return false;
        };
        self.data.write(|data| {
            let items = data.as_chunks_mut::<8>().0;
            let place = wrap_index(index, items.len()).and_then(|i| items.get_mut(i));
            place.map(|place| *place = value.to_le_bytes()).is_some()
        })
    }

    /// Exchanges the items `start..end`, which are in range, for those of other bytes.
    ///
    /// # Errors
    /// BufferError where the size would change under a view; MemoryError.
    pub fn splice(&self, vm: &Vm, start: usize, end: usize, new: &[u8]) -> PyResult<()> {
        let size = self.code.size();
        let (start, end) = (start * size, end * size);
        if new.len() != end.wrapping_sub(start) && self.exports.get() != 0 {
            return Err(vm.buffer_error("cannot resize an array that is exporting buffers"));
        }
        let done = self.data.write(|data| {
            let len = data.len();
            let Some(kept) = len.checked_sub(end - start) else {
                return true;
            };
            let wanted = kept + new.len();
            if wanted > data.capacity() {
                let items = wanted / size;
                let room = (items >> 4) + if items < 8 { 3 } else { 7 } + items;
                if data.try_reserve_exact(room * size - len).is_err()
                    && data.try_reserve_exact(wanted - len).is_err()
                {
                    return false;
                }
            }
            if wanted > len {
                data.resize(wanted, 0);
            }
            data.copy_within(end..len, start + new.len());
            data.truncate(wanted);
            if wanted * 2 < data.capacity() && wanted < len {
                let items = wanted / size;
                let room = (items >> 4) + if items < 8 { 3 } else { 7 } + items;
                data.shrink_to(if items == 0 { 0 } else { room * size });
            }
            if let Some(place) = data.get_mut(start..start + new.len()) {
                place.copy_from_slice(new);
            }
            true
        });
        if done { Ok(()) } else { Err(vm.no_memory()) }
    }

    /// Adds items behind the last.
    pub fn append(&self, vm: &Vm, bytes: &[u8]) -> PyResult<()> {
        let len = self.len();
        self.splice(vm, len, len, bytes)
    }

    /// The bytes of a slice.
    fn sliced(&self, indices: Indices) -> Vec<u8> {
        let size = self.code.size();
        self.data.read(|data| {
            if indices.step == 1 {
                let start = indices.start as usize * size;
                let part = data.get(start..start + indices.len * size);
                return part.unwrap_or_default().to_vec();
            }
            let mut part = Vec::with_capacity(indices.len * size);
            for i in indices.iter() {
                part.extend_from_slice(data.get(i * size..(i + 1) * size).unwrap_or_default());
            }
            part
        })
    }
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let mut text = TextBuilder::new();
    text.push(&format!(
        "{}('{}'",
        Type::of(this)
            .name
            .get()
            .map_or_else(String::new, |name| name.to_text().into_owned()),
        array.code.letter()
    ));
    if !array.is_empty() {
        text.push(", ");
        let items = if array.code.is_text() {
            methods::text(vm, array)?
        } else {
            methods::list(vm, array)?
        };
        text.push_repr(vm, &items)?;
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}

#[inline]
fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    if let Some(value) = array.double_at(key) {
        return vm.new_float(value);
    }
    match array_subscript(vm, key)? {
        Subscript::Index(index) => {
            match wrap_index(index, array.len()).and_then(|i| array.raw(i)) {
                Some(raw) => array.code.load(vm, raw),
                None => Err(vm.index_error("array index out of range")),
            }
        }
        Subscript::Slice(raw) => array.like(vm, &array.sliced(raw.adjust(array.len()))),
    }
}

#[inline]
fn array_subscript(vm: &Vm, key: &Object) -> PyResult<Subscript> {
    match subscript(vm, key, "array") {
        Ok(subscript) => Ok(subscript),
        Err(raised) if Type::of(key).slots.index.get().is_none() => {
            if key.downcast::<viv_runtime::object::Slice>().is_some() {
                return Err(raised);
            }
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            Err(vm.type_error("array indices must be integers"))
        }
        Err(raised) => Err(raised),
    }
}

#[inline]
fn setitem(vm: &Vm, this: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let array = receiver::<Array>(vm, this)?;
    if let Some(value) = value.and_then(|v| v.downcast_exact::<Float>())
        && array.put_double(key, value.value())
    {
        return Ok(());
    }
    let out_of_range = || vm.index_error("array assignment index out of range");
    match array_subscript(vm, key)? {
        Subscript::Index(index) => {
            let i = wrap_index(index, array.len()).ok_or_else(out_of_range)?;
            let Some(value) = value else {
                return array.splice(vm, i, i + 1, &[]);
            };
            // The conversion may have run code that changed the size.
            let raw = array.code.store(vm, value)?;
            if array.put(i, raw) {
                Ok(())
            } else {
                Err(out_of_range())
            }
        }
        Subscript::Slice(raw) => {
            let new = match value {
                None => None,
                Some(value) => match value.downcast::<Array>() {
                    None => {
                        return Err(vm.type_error(format!(
                            "can only assign array (not \"{}\") to array slice",
                            protocol::type_name(value)
                        )));
                    }
                    Some(other) if other.code != array.code => {
                        return Err(vm.type_error("bad argument type for built-in operation"));
                    }
                    Some(other) => Some(other.to_vec()),
                },
            };
            assign(vm, array, raw.adjust(array.len()), new)
        }
    }
}

fn assign(vm: &Vm, array: &Array, indices: Indices, new: Option<Vec<u8>>) -> PyResult<()> {
    let size = array.code.size();
    if indices.step == 1 {
        let start = indices.start as usize;
        return array.splice(vm, start, start + indices.len, &new.unwrap_or_default());
    }
    let Some(new) = new else {
        let gone: std::collections::HashSet<usize> = indices.iter().collect();
        if gone.is_empty() {
            return Ok(());
        }
        let kept: Vec<u8> = array
            .to_vec()
            .chunks_exact(size)
            .enumerate()
            .filter(|(i, _)| !gone.contains(i))
            .flat_map(|(_, item)| item.iter().copied())
            .collect();
        return array.splice(vm, 0, array.len(), &kept);
    };
    if new.len() / size != indices.len {
        return Err(vm.value_error(format!(
            "attempt to assign array of size {} to extended slice of size {}",
            new.len() / size,
            indices.len
        )));
    }
    array.change(|data| {
        for (i, item) in indices.iter().zip(new.chunks_exact(size)) {
            if let Some(place) = data.get_mut(i * size..(i + 1) * size) {
                place.copy_from_slice(item);
            }
        }
    });
    Ok(())
}

fn compare(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Array>(), b.downcast::<Array>()) else {
        return Ok(vm.not_implemented());
    };
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    if equality && x.len() != y.len() {
        return Ok(vm.bool(op == CompareOp::Ne));
    }
    if equality && x.code == y.code && !matches!(x.code, Code::F32 | Code::F64) {
        let same = x.data.read(|data| data.to_vec()) == y.to_vec();
        return Ok(vm.bool(same == (op == CompareOp::Eq)));
    }
    // Characters out of range have no object and compare as missing.
    compare_items(
        vm,
        op,
        |i| i,
        |i| x.get(vm, i).ok().flatten(),
        |i| y.get(vm, i).ok().flatten(),
        || (x.len(), y.len()),
    )
}

fn concat(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let Some(other) = other.downcast::<Array>() else {
        return Err(vm.type_error(format!(
            "can only append array (not \"{}\") to array",
            protocol::type_name(other)
        )));
    };
    if other.code != array.code {
        return Err(vm.type_error("bad argument type for built-in operation"));
    }
    let mut bytes = array.to_vec();
    bytes.extend(other.to_vec());
    array.like(vm, &bytes)
}

fn repeated(vm: &Vm, array: &Array, count: i64) -> PyResult<Vec<u8>> {
    let bytes = array.to_vec();
    let count = usize::try_from(count).unwrap_or(0);
    let mut all = Vec::new();
    match bytes.len().checked_mul(count) {
        Some(size) if all.try_reserve_exact(size).is_ok() => {}
        _ => return Err(vm.no_memory()),
    }
    for _ in 0..if bytes.is_empty() { 0 } else { count } {
        all.extend_from_slice(&bytes);
    }
    Ok(all)
}

fn repeat(vm: &Vm, this: &Object, count: i64) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    array.like(vm, &repeated(vm, array, count)?)
}

fn inplace_concat(vm: &Vm, this: &Object, other: &Object) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    if other.downcast::<Array>().is_none() {
        return Err(vm.type_error(format!(
            "can only extend with array (not \"{}\")",
            protocol::type_name(other)
        )));
    }
    methods::extend_with(vm, array, other)?;
    Ok(this.to_ref())
}

fn inplace_repeat(vm: &Vm, this: &Object, count: i64) -> PyResult {
    let array = receiver::<Array>(vm, this)?;
    let all = repeated(vm, array, count)?;
    array.splice(vm, 0, array.len(), &all)?;
    Ok(this.to_ref())
}
