//! Iteration, subscripts, building and unpacking of lists and tuples.

use viv_bytecode::Instr;
use viv_heap::Raw;

use super::generator::for_iter_other;
use super::number::{Left, Right, reusable, small};
use super::{
    drop_next, drop_opt_next, drop_two_next, general, handler, last, next, quick, release_all,
    share, slow,
};
use crate::eval::arith::INT;
use crate::eval::regs::Regs;
use crate::object::iterator::{ListIterator, RangeIterator, TupleIterator};
use crate::object::{Dict, Int, List, Set, Tuple};
use crate::vm::Vm;

/// What an iterator gave.
enum Next {
    /// A value, with a count of its own.
    Value(Raw),
    /// The end; the iterator is as it was.
    End,
    /// It is for the general handler.
    Other,
}

/// The next value of an iterator over a range, a list or a tuple. An int may go into the box `old`.
#[inline(always)]
unsafe fn advance(vm: &Vm, iterator: Raw, old: Raw) -> Next {
    // SAFETY: no code runs while items are looked at.
    unsafe {
        let object = iterator.object();
        if let Some(range) = object.downcast_exact::<RangeIterator>() {
            let left = range.remaining.get();
            if left == 0 {
                return Next::End;
            }
            let value = range.start.get();
            let word = match vm.hot.small_int(value) {
                Some(word) => word,
                None if !old.is_null() && reusable(vm, old, INT) => {
                    (*old.0.cast::<Int>()).set_in_place(value);
                    // The local keeps its count: it gives one up for the value that it gets.
                    old.object().set_raw_count(2);
                    old
                }
                None => match Int::place_quick(vm, value) {
                    Some(word) => word,
                    None => return Next::Other,
                },
            };
            range.remaining.set(left - 1);
            range.start.set(value.wrapping_add(range.step.get()));
            return Next::Value(word);
        }
        if let Some(list) = object.downcast_exact::<ListIterator>() {
            let Some(items) = list.list.peek_as() else {
                return Next::End;
            };
            let index = list.index.get();
            let items: &[viv_heap::Ref] = &*items.items.as_ptr();
            return match items.get(index) {
                Some(item) => {
                    list.index.set(index + 1);
                    Next::Value(crate::eval::regs::owned(item))
                }
                None => Next::Other,
            };
        }
        if let Some(tuple) = object.downcast_exact::<TupleIterator>() {
            let Some(items) = tuple.tuple.peek_as() else {
                return Next::End;
            };
            let index = tuple.index.get();
            return match items.as_slice().get(index) {
                Some(item) => {
                    tuple.index.set(index + 1);
                    Next::Value(crate::eval::regs::owned(item))
                }
                None => Next::Other,
            };
        }
        Next::Other
    }
}

handler! {
    for_iter |vm, r, i| {
        let iterator = r.peek(1);
        match advance(vm, iterator, Raw::NULL) {
            Next::Value(word) => {
                r.push(word);
                next(vm, r)
            }
            Next::End => {
                r.sp = r.sp.sub(1);
                r.jump(i.w());
                drop_next(vm, r, iterator)
            }
            Next::Other => for_iter_other(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
handler! {
    for_iter_store |vm, r, i| {
        let iterator = r.peek(1);
        let place = r.local(i.a());
        match advance(vm, iterator, *place) {
            Next::Value(word) => {
                r.skip(1);
                let old = std::mem::replace(&mut *place, word);
                drop_opt_next(vm, r, old)
            }
            Next::End => {
                r.jump(r.extra(0) as usize);
                r.sp = r.sp.sub(1);
                drop_next(vm, r, iterator)
            }
            Next::Other => for_iter_other(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
handler! {
    /// UNPACK_SEQUENCE of a tuple or a list.
    unpack_sequence |vm, r, i| {
        let source = r.peek(1);
        let n = i.w();
        let object = source.object();
        let items: &[viv_heap::Ref] = if let Some(tuple) = object.downcast_exact::<Tuple>() {
            tuple.as_slice()
        } else if let Some(list) = object.downcast_exact::<List>() {
            &*list.items.as_ptr()
        } else {
            return slow(vm, r);
        };
        if items.len() != n {
            return slow(vm, r);
        }
        r.sp = r.sp.sub(1);
        let mut at = n;
        while at > 0 {
            at -= 1;
            r.push(crate::eval::regs::owned(items.get_unchecked(at)));
        }
        drop_next(vm, r, source)
    }
}

/// The item of an exact list or tuple at an int; borrowed.
#[inline(always)]
unsafe fn item(container: Raw, key: Raw) -> Option<Raw> {
    // SAFETY: no code runs while items are looked at.
    unsafe {
        let index = small(key.object())?;
        let object = container.object();
        let items: &[viv_heap::Ref] = if let Some(list) = object.downcast_exact::<List>() {
            &*list.items.as_ptr()
        } else {
            object.downcast_exact::<Tuple>()?.as_slice()
        };
        let index = if index < 0 {
            index.wrapping_add(items.len() as i64)
        } else {
            index
        };
        // A negative index becomes one that is too large.
        let item = items.get(index as usize)?;
        Some(Raw(std::ptr::from_ref(item.as_object()).cast_mut()))
    }
}

quick! {
    /// The handler of a subscript of a list or tuple by an int.
    pub(super) unsafe fn subscript<A: Left, B: Right>(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for all handlers; a local may be unbound.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            if a.is_null() || b.is_null() {
                return slow(vm, r);
            }
            let Some(found) = item(a, b) else {
                return general::subscript::<A, B>(vm, pc, sp, fp, frame, ins);
            };
            share(found);
            r.sp = r.sp.sub(A::STACK as usize + B::STACK as usize);
            r.push(found);
            general::drop_operands::<A, B>(vm, r, a, b)
        }
    }
}

quick! {
    /// The handler of `c = a[b]` of a list or tuple by an int, the operands locals or a constant.
    pub(super) unsafe fn subscript_store<B: Right>(vm, pc, sp, fp, frame, ins) {
        let r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for `subscript`.
        unsafe {
            let (a, b) = (*r.local(i.a()), B::word(&r, i));
            if a.is_null() || b.is_null() {
                return slow(vm, r);
            }
            let Some(found) = item(a, b) else {
                return general::subscript_store::<B>(vm, pc, sp, fp, frame, ins);
            };
            let old = std::mem::replace(&mut *r.local(i.c()), share(found));
            drop_opt_next(vm, r, old)
        }
    }
}

quick! {
    /// The handler of `a[b] = value` for a list and an int, operands of which are locals or constants, the value on top.
    pub(super) unsafe fn store_subscript<A: Left, B: Right>(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        let i = Instr(ins as u32);
        // SAFETY: as for `subscript`.
        unsafe {
            let (a, b) = (A::word::<B>(&r, i), B::word(&r, i));
            if a.is_null() || b.is_null() {
                return slow(vm, r);
            }
            match list_place(a, b) {
                Some(place) => {
                    let value = r.pop();
                    let old = std::mem::replace(&mut *place, value);
                    drop_next(vm, r, old)
                }
                None => general::store_subscript::<A, B>(vm, pc, sp, fp, frame, ins),
            }
        }
    }
}

/// The word of an exact list at an int.
#[inline(always)]
unsafe fn list_place(container: Raw, key: Raw) -> Option<*mut Raw> {
    // SAFETY: no code runs while the items are looked at; a reference and a word have the same representation.
    unsafe {
        let index = small(key.object())?;
        let list = container.object().downcast_exact::<List>()?;
        let items = &mut *list.items.as_ptr();
        let index = if index < 0 {
            index.wrapping_add(items.len() as i64)
        } else {
            index
        };
        if index as u64 >= items.len() as u64 {
            return None;
        }
        Some(items.as_mut_ptr().add(index as usize).cast())
    }
}

handler! {
    /// STORE_SUBSCR of a list at an int, all on the stack.
    store_subscr |vm, r, i| {
        let (key, container, value) = (r.peek(1), r.peek(2), r.peek(3));
        match list_place(container, key) {
            Some(place) => {
                r.sp = r.sp.sub(3);
                let old = std::mem::replace(&mut *place, value);
                if last(old) {
                    return release_all(vm, r, old, [key, container]);
                }
                drop_two_next(vm, r, key, container)
            }
            None => general::store_subscr(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0)),
        }
    }
}
/// Makes room for one more item; whether there is any.
#[inline(never)]
fn grow(list: &List) -> bool {
    list.reserve_one()
}

handler! {
    list_append |vm, r, i| {
        let list = r.peek(i.w() + 1);
        let Some(list) = list.object().downcast_exact::<List>() else {
            return slow(vm, r);
        };
        let items = &mut *list.items.as_ptr();
        if items.len() == items.capacity() && !grow(list) {
            return slow(vm, r);
        }
        (*list.items.as_ptr()).push(r.pop_ref());
        next(vm, r)
    }
}
handler! {
    set_add |vm, r, i| {
        let item = r.peek(1);
        let Some(set) = r.peek(i.w() + 1).object().downcast::<Set>() else {
            return slow(vm, r);
        };
        r.save(vm);
        match set.add(vm, item.object()) {
            Ok(()) => {
                r.sp = r.sp.sub(1);
                super::drop_next(vm, r, item)
            }
            Err(_) => super::fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
handler! {
    map_add |vm, r, i| {
        let (key, value) = (r.peek(2), r.peek(1));
        let Some(dict) = r.peek(i.w() + 2).object().downcast::<Dict>() else {
            return slow(vm, r);
        };
        r.save(vm);
        match dict.set(vm, key.object(), value.object()) {
            Ok(()) => {
                r.sp = r.sp.sub(2);
                drop_two_next(vm, r, key, value)
            }
            Err(_) => super::fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
handler! {
    build_tuple |vm, r, i| {
        r.save(vm);
        match Tuple::place_words(vm, r.sp.sub(i.w()), i.w()) {
            Ok(tuple) => {
                r.sp = r.sp.sub(i.w());
                r.push_ref(tuple.upcast());
                next(vm, r)
            }
            Err(_) => super::fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
handler! {
    build_list |vm, r, i| {
        r.save(vm);
        match List::place_words(vm, r.sp.sub(i.w()), i.w()) {
            Ok(list) => {
                r.sp = r.sp.sub(i.w());
                r.push_ref(list.upcast());
                next(vm, r)
            }
            Err(_) => super::fail(vm, r.pc, r.sp, r.fp, r.frame, 0),
        }
    }
}
