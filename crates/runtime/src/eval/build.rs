//! Displays, unpacking, formatting, subscripts, functions.

use viv_heap::{Object, Raw, Ref};

use super::arith::small;
use super::regs::{Flow, Regs, attempt, failed, owned};
use crate::object::{Bytes, Code, Dict, Function, List, Set, Str, Tuple, Type};
use crate::protocol;
use crate::result::PyResult;
use crate::types::list;
use crate::types::sequence::RawSlice;
use crate::vm::Vm;

/// Takes the top `n` words as references, lowest first.
unsafe fn take(r: &mut Regs, n: usize) -> Vec<Ref> {
    // SAFETY: the words are values owned by the stack, which is lowered below them.
    unsafe {
        r.sp = r.sp.sub(n);
        (0..n).map(|i| (*r.sp.add(i)).into_ref()).collect()
    }
}

/// Gives up the top `n` words, lowest first.
unsafe fn release_top(vm: &Vm, r: &mut Regs, n: usize) {
    // SAFETY: the words are values owned by the stack.
    unsafe {
        let base = r.sp.sub(n);
        super::call::clear_words(vm, r, base);
    }
}

pub(super) unsafe fn build_tuple(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: the operand counts words of the stack.
    unsafe {
        r.save(vm);
        let tuple = attempt!(Tuple::place_words(vm, r.sp.sub(n), n));
        r.sp = r.sp.sub(n);
        r.push_ref(tuple.upcast());
        Flow::Next
    }
}

pub(super) unsafe fn build_list(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let list = attempt!(List::place_words(vm, r.sp.sub(n), n));
        r.sp = r.sp.sub(n);
        r.push_ref(list.upcast());
        Flow::Next
    }
}

pub(super) unsafe fn build_set(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let first = r.sp.sub(n);
        let set = attempt!(Set::place(vm, &vm.types.set));
        for i in 0..n {
            attempt!(set.add(vm, (*first.add(i)).object()));
        }
        release_top(vm, r, n);
        r.push_ref(set.upcast());
        Flow::Next
    }
}

pub(super) unsafe fn build_map(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let dict = attempt!(vm.new_dict());
        dict.reserve(n);
        let first = r.sp.sub(2 * n);
        for i in 0..n {
            attempt!(dict.set(
                vm,
                (*first.add(2 * i)).object(),
                (*first.add(2 * i + 1)).object()
            ));
        }
        release_top(vm, r, 2 * n);
        r.push_ref(dict.upcast());
        Flow::Next
    }
}

pub(super) unsafe fn build_string(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let first = r.sp.sub(n);
        let parts = std::slice::from_raw_parts(first, n);
        let result =
            crate::types::str::join(vm, &vm.empty_str, parts, |w| w.object().downcast::<Str>());
        r.finish(n, result.map(Ref::upcast))
    }
}

pub(super) unsafe fn list_append(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: the operand is a depth of the stack.
    unsafe {
        let item = r.pop_ref();
        match r.top(n).downcast::<List>() {
            Some(list) => attempt!(list.push(vm, item)),
            None => return failed(vm.system_error("LIST_APPEND without list")),
        }
        Flow::Next
    }
}

pub(super) unsafe fn set_add(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let item = r.pop_ref();
        attempt!(crate::types::set::add(vm, r.top(n), &item));
        Flow::Next
    }
}

pub(super) unsafe fn map_add(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let value = r.pop_ref();
        let key = r.pop_ref();
        match r.top(n).downcast::<Dict>() {
            Some(dict) => attempt!(dict.set(vm, &key, &value)),
            None => return failed(vm.system_error("MAP_ADD without dict")),
        }
        Flow::Next
    }
}

pub(super) unsafe fn list_extend(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let iterable = r.pop_ref();
        let Some(list) = r.top(n).downcast::<List>() else {
            return failed(vm.system_error("LIST_EXTEND without list"));
        };
        if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
            attempt!(list.extend_from_slice(vm, tuple.as_slice()));
            return Flow::Next;
        }
        let ty = Type::of(&iterable);
        if ty.slots.iter.get().is_none() && ty.slots.getitem.get().is_none() {
            return failed(vm.type_error(format!(
                "Value after * must be an iterable, not {}",
                protocol::type_name(&iterable)
            )));
        }
        attempt!(protocol::for_each(vm, &iterable, |item| list.push(vm, item)));
        Flow::Next
    }
}

pub(super) unsafe fn set_update(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let iterable = r.pop_ref();
        let Some(set) = r.top(n).downcast::<crate::object::Set>() else {
            return failed(vm.system_error("SET_UPDATE without set"));
        };
        attempt!(crate::types::set::operations::update(vm, set, &iterable));
        Flow::Next
    }
}

pub(super) unsafe fn dict_update(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let mapping = r.pop_ref();
        let Some(dict) = r.top(n).downcast::<Dict>() else {
            return failed(vm.system_error("DICT_UPDATE without dict"));
        };
        if !is_mapping(vm, &mapping) {
            return failed(vm.type_error(format!(
                "'{}' object is not a mapping",
                protocol::type_name(&mapping)
            )));
        }
        if !attempt!(taken(vm, dict, &mapping)) {
            attempt!(merge(vm, &mapping, |key, value| dict.set(vm, key, value)));
        }
        Flow::Next
    }
}

/// Makes an empty dict a copy of a plain one in one go, if the mapping is one.
fn taken(vm: &Vm, dict: &Dict, mapping: &Object) -> PyResult<bool> {
    match mapping.downcast_exact::<Dict>() {
        Some(from) if dict.is_empty() => Ok(from.is_empty() || dict.take_or_reserve(vm, from)?),
        _ => Ok(false),
    }
}

fn is_mapping(vm: &Vm, object: &Object) -> bool {
    object.downcast::<Dict>().is_some()
        || matches!(
            protocol::get_attr_opt(vm, object, &vm.names.keys),
            Ok(Some(_))
        )
}

/// Calls `f` for each entry of a mapping: dicts directly, others through `keys()`.
fn merge(
    vm: &Vm,
    mapping: &Object,
    mut f: impl FnMut(&Object, &Object) -> PyResult<()>,
) -> PyResult<()> {
    if let Some(dict) = mapping.downcast::<Dict>()
        && crate::types::dict::merge::iterates_plainly(vm, mapping)
    {
        return dict.snapshot().iter().try_for_each(|(k, v)| f(k, v));
    }
    let keys = protocol::call_method(vm, mapping, &vm.names.keys, &[])?;
    protocol::for_each(vm, &keys, |key| {
        let value = protocol::get_item(vm, mapping, &key)?;
        f(&key, &value)
    })
}

/// DICT_MERGE: keyword arguments of a call, whose callable stands below for the messages.
pub(super) unsafe fn dict_merge(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: below the dict stand arguments, empty word and callable.
    unsafe {
        r.save(vm);
        let mapping = r.pop_ref();
        let Some(dict) = r.top(n).downcast::<Dict>() else {
            return failed(vm.system_error("DICT_MERGE without dict"));
        };
        let callable = r.top(n + 3);
        if !is_mapping(vm, &mapping) {
            let name = super::call::describe(vm, callable);
            return failed(vm.type_error(format!(
                "{name} argument after ** must be a mapping, not {}",
                protocol::type_name(&mapping)
            )));
        }
        if attempt!(taken(vm, dict, &mapping)) {
            return Flow::Next;
        }
        attempt!(merge(vm, &mapping, |key, value| {
            // That all keys are strings is checked by the call.
            if dict.contains(vm, key)? {
                let name = super::call::describe(vm, callable);
                let key = protocol::str(vm, key)?;
                return Err(vm.type_error(format!(
                    "{name} got multiple values for keyword argument '{}'",
                    key.to_text()
                )));
            }
            dict.set(vm, key, value)
        }));
        Flow::Next
    }
}

pub(super) unsafe fn unpack_sequence(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: the sequence is owned by the stack.
    unsafe {
        r.save(vm);
        let sequence = r.pop_ref();
        if let Some(tuple) = sequence.downcast_exact::<Tuple>()
            && tuple.len() == n
        {
            for item in tuple.iter().rev() {
                r.push(owned(item));
            }
            return Flow::Next;
        }
        if let Some(list) = sequence.downcast_exact::<List>()
            && list.len() == n
        {
            for item in list.snapshot().into_iter().rev() {
                r.push_ref(item);
            }
            return Flow::Next;
        }
        let items = attempt!(unpack(vm, &sequence, n, None));
        for item in items.into_iter().rev() {
            r.push_ref(item);
        }
        Flow::Next
    }
}

/// The values of an iterable for an unpacking assignment: exactly `before`, or at least `before + after` with a star.
fn unpack(vm: &Vm, iterable: &Object, before: usize, after: Option<usize>) -> PyResult<Vec<Ref>> {
    let ty = Type::of(iterable);
    if ty.slots.iter.get().is_none() && ty.slots.getitem.get().is_none() {
        return Err(vm.type_error(format!(
            "cannot unpack non-iterable {} object",
            protocol::type_name(iterable)
        )));
    }
    let iterator = protocol::iter(vm, iterable)?;
    let mut items = Vec::new();
    let wanted = before + after.unwrap_or(0);
    loop {
        if after.is_none() && items.len() == before {
            if protocol::next(vm, &iterator)?.is_some() {
                let count = match protocol::len_opt(vm, iterable) {
                    Ok(Some(n))
                        if iterable.is_exact::<List>()
                            || iterable.is_exact::<Tuple>()
                            || iterable.is_exact::<Dict>() =>
                    {
                        format!(", got {n}")
                    }
                    Ok(_) => String::new(),
                    Err(raised) => return Err(raised),
                };
                return Err(vm.value_error(format!(
                    "too many values to unpack (expected {before}{count})"
                )));
            }
            return Ok(items);
        }
        match protocol::next(vm, &iterator)? {
            Some(item) => items.push(item),
            None if items.len() < wanted => {
                let at_least = if after.is_some() { "at least " } else { "" };
                return Err(vm.value_error(format!(
                    "not enough values to unpack (expected {at_least}{wanted}, got {})",
                    items.len()
                )));
            }
            None => return Ok(items),
        }
    }
}

pub(super) unsafe fn unpack_ex(vm: &Vm, r: &mut Regs, before: usize, after: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let iterable = r.pop_ref();
        let mut items = attempt!(unpack(vm, &iterable, before, Some(after)));
        let tail = items.split_off(items.len() - after);
        let middle = items.split_off(before);
        let list = attempt!(vm.new_list(middle));
        for item in tail.into_iter().rev() {
            r.push_ref(item);
        }
        r.push_ref(list.upcast());
        for item in items.into_iter().rev() {
            r.push_ref(item);
        }
        Flow::Next
    }
}

pub(super) unsafe fn format_simple(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: the value is owned by the stack.
    unsafe {
        if r.top(1).is_exact::<Str>() {
            return Flow::Next;
        }
        r.save(vm);
        let result = protocol::format(vm, r.top(1), &vm.empty_str).map(Ref::upcast);
        r.finish(1, result)
    }
}

pub(super) unsafe fn format_with_spec(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let result = match r.top(1).downcast::<Str>() {
            Some(spec) => protocol::format(vm, r.top(2), spec).map(Ref::upcast),
            None => Err(vm.system_error("format specification is no string")),
        };
        r.finish(2, result)
    }
}

pub(super) unsafe fn convert_value(vm: &Vm, r: &mut Regs, how: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let value = r.top(1);
        let result = match how {
            1 => protocol::str(vm, value),
            2 => protocol::repr(vm, value),
            _ => protocol::ascii(vm, value),
        };
        r.finish(1, result.map(Ref::upcast))
    }
}

/// `o[k]`, lists and tuples with small indices and dicts first.
pub(super) unsafe fn subscript(vm: &Vm, r: &Regs, container: &Object, key: &Object) -> PyResult {
    if let Some(i) = small(key) {
        if let Some(list) = container.downcast_exact::<List>() {
            // SAFETY: no code runs while the items are looked at.
            let items = unsafe { &*list.items.as_ptr() };
            let i = if i < 0 {
                i.wrapping_add(items.len() as i64)
            } else {
                i
            };
            if let Some(item) = items.get(i as usize)
                && i >= 0
            {
                return Ok(item.clone());
            }
        } else if let Some(tuple) = container.downcast_exact::<Tuple>() {
            let i = if i < 0 {
                i.wrapping_add(tuple.len() as i64)
            } else {
                i
            };
            if i >= 0
                && let Some(item) = tuple.get(i as usize)
            {
                return Ok(item.to_ref());
            }
        }
    }
    // SAFETY: the registers are those of the running frame.
    unsafe { r.save(vm) };
    subscript_slow(vm, container, key)
}

#[inline(never)]
fn subscript_slow(vm: &Vm, container: &Object, key: &Object) -> PyResult {
    if let Some(dict) = container.downcast_exact::<Dict>() {
        return match dict.get(vm, key)? {
            Some(value) => Ok(value),
            None => Err(vm.key_error(key)),
        };
    }
    protocol::get_item(vm, container, key)
}

/// `o[k] = value`; the value is taken from the stack by the caller.
pub(super) unsafe fn store_subscript(
    vm: &Vm,
    r: &Regs,
    container: &Object,
    key: &Object,
    value: &Object,
) -> PyResult<()> {
    // SAFETY: the registers are those of the running frame.
    unsafe { r.save(vm) };
    if let Some(list) = container.downcast_exact::<List>()
        && let Some(i) = small(key)
    {
        let i = if i < 0 {
            i.wrapping_add(list.len() as i64)
        } else {
            i
        };
        if i >= 0 {
            return match list.set(i as usize, value.to_ref()) {
                Ok(old) => {
                    drop(old);
                    Ok(())
                }
                Err(_) => Err(vm.index_error("list assignment index out of range")),
            };
        }
    } else if let Some(dict) = container.downcast_exact::<Dict>() {
        return dict.set(vm, key, value);
    }
    protocol::set_item(vm, container, key, value)
}

pub(super) unsafe fn build_slice(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: the operand counts words of the stack.
    unsafe {
        r.save(vm);
        let mut parts = take(r, n);
        let step = if n == 3 { parts.pop() } else { None }.unwrap_or_else(|| vm.none_ref());
        let (Some(stop), Some(start)) = (parts.pop(), parts.pop()) else {
            return failed(vm.system_error("slice without bounds"));
        };
        r.push_ref(attempt!(crate::types::slice::new(vm, &start, &stop, &step)));
        Flow::Next
    }
}

/// `container[start:stop]`
#[inline(never)]
pub(super) fn slice_of(vm: &Vm, container: &Object, start: &Object, stop: &Object) -> PyResult {
    if let Some(list) = container.downcast_exact::<List>()
        && let Some(raw) = RawSlice::simple(vm, start, stop)
    {
        return list::slice::get(vm, list, raw).map(Ref::upcast);
    }
    if let Some(string) = container.downcast_exact::<Str>()
        && let Some(raw) = RawSlice::simple(vm, start, stop)
    {
        let indices = raw.adjust(string.len());
        let start = indices.start as usize;
        return crate::types::str::ops::slice(vm, string, start, start + indices.len)
            .map(Ref::upcast);
    }
    if let Some(bytes) = container.downcast_exact::<Bytes>()
        && let Some(raw) = RawSlice::simple(vm, start, stop)
    {
        return crate::types::bytes::part(vm, bytes, raw.adjust(bytes.as_slice().len()));
    }
    let slice = crate::types::slice::new(vm, start, stop, vm.none())?;
    protocol::get_item(vm, container, &slice)
}

/// `container[start:stop:step]` of an exact list, with the two or three parts on top of the stack, which are given up. A
/// slice object is made only for parts that are neither None nor small ints.
///
/// # Safety
/// `sp` is the top of the running frame's stack, which the caller lowers by `n`.
#[inline(never)]
pub(super) unsafe fn list_part(vm: &Vm, list: &List, sp: *mut Raw, n: usize) -> PyResult {
    // SAFETY: the parts' counts are the stack's, which gives them up.
    unsafe {
        let part = |depth: usize| (*sp.sub(depth)).into_ref();
        let (start, stop) = (part(n), part(n - 1));
        let step = if n == 3 { part(1) } else { vm.none_ref() };
        if let Some(raw) = RawSlice::stepped(vm, &start, &stop, &step) {
            return list::slice::get(vm, list, raw).map(Ref::upcast);
        }
        let slice = crate::types::slice::new(vm, &start, &stop, &step)?;
        protocol::get_item(vm, list, &slice)
    }
}

/// `container[start:stop] = value`, where `value` is on the stack, which gives it up afterwards. Always called: a handler of which it
/// were a part could not end in a jump.
#[inline(never)]
pub(super) fn set_slice(
    vm: &Vm,
    container: &Object,
    start: &Object,
    stop: &Object,
    value: &Object,
) -> PyResult<()> {
    if let Some(list) = container.downcast_exact::<List>()
        && let Some(raw) = RawSlice::simple(vm, start, stop)
    {
        if let Some(value) = value.downcast_exact::<List>()
            && list::slice::exchange(list, raw, value)
        {
            return Ok(());
        }
        return list::slice::assign(vm, list, raw, value);
    }
    let slice = crate::types::slice::new(vm, start, stop, vm.none())?;
    protocol::set_item(vm, container, &slice, value)
}

pub(super) unsafe fn binary_slice(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let result = slice_of(vm, r.top(3), r.top(2), r.top(1));
        // As on CPython: start, stop, container.
        let (start, stop) = (r.peek(2), r.peek(1));
        r.sp = r.sp.sub(2);
        start.object().dec();
        stop.object().dec();
        r.finish(1, result)
    }
}

pub(super) unsafe fn store_slice(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        attempt!(set_slice(vm, r.top(3), r.top(2), r.top(1), r.top(4)));
        // As on CPython: start, stop, container, value.
        let mut owned = take(r, 4).into_iter();
        let (value, container) = (owned.next(), owned.next());
        owned.for_each(drop);
        drop(container);
        drop(value);
        Flow::Next
    }
}

pub(super) unsafe fn make_function(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: the frame keeps globals and builtins alive.
    unsafe {
        r.save(vm);
        let Some(code) = r.top(1).downcast::<Code>() else {
            return failed(vm.system_error("MAKE_FUNCTION without code"));
        };
        let globals = Ref::of(r.globals());
        let builtins = Ref::of(r.builtins());
        let result = super::code::new_function(vm, code, &globals, builtins, None).map(Ref::upcast);
        r.finish(1, result)
    }
}

pub(super) unsafe fn set_function_attribute(vm: &Vm, r: &mut Regs, which: usize) -> Flow {
    // SAFETY: function and value are owned by the stack.
    unsafe {
        let function = r.pop_ref();
        let value = r.pop_ref();
        if let Some(f) = function.downcast::<Function>() {
            match which {
                1 => f.defaults.set(value.cast::<Tuple>().ok()),
                2 => f.kwdefaults.set(value.cast::<Dict>().ok()),
                4 => f.annotations.set(Some(value)),
                8 => f.closure.set(value.cast::<Tuple>().ok()),
                16 => f.annotate.set(Some(value)),
                _ => return failed(vm.system_error("unknown function attribute")),
            }
        }
        r.push_ref(function);
        Flow::Next
    }
}
