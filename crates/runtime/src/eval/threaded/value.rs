//! Locals, constants, cells, globals, the evaluation stack, jumps.

use viv_bytecode::Op;
use viv_heap::Raw;

use super::{
    drop_next, drop_opt_next, drop_two_next, fail, general, handler, last, next, quick,
    release_all, share, slow,
};
use crate::eval::regs::Regs;
use crate::object::CellObject;
use crate::vm::Vm;

handler! {
    nop |vm, r, i| { next(vm, r) }
}
handler! {
    resume |vm, r, i| {
        if vm.hot.breaker_set() {
            return slow(vm, r);
        }
        next(vm, r)
    }
}
handler! {
    jump |vm, r, i| {
        r.jump(i.w());
        next(vm, r)
    }
}
handler! {
    jump_backward |vm, r, i| {
        if vm.hot.breaker_set() {
            return slow(vm, r);
        }
        r.jump(i.w());
        next(vm, r)
    }
}
handler! {
    pop_top |vm, r, i| {
        let word = r.pop();
        drop_opt_next(vm, r, word)
    }
}
handler! {
    copy |vm, r, i| {
        let word = r.peek(i.w());
        if !word.is_null() {
            word.object().inc();
        }
        r.push(word);
        next(vm, r)
    }
}
handler! {
    swap |vm, r, i| {
        let (top, other) = (r.peek(1), r.peek(i.w()));
        r.put(1, other);
        r.put(i.w(), top);
        next(vm, r)
    }
}
handler! {
    push_null |vm, r, i| {
        r.push(Raw::NULL);
        next(vm, r)
    }
}
handler! {
    load_const |vm, r, i| {
        let word = r.constant_word(i.w());
        r.push(share(word));
        next(vm, r)
    }
}
handler! {
    /// LOAD_FAST and LOAD_CLOSURE
    load_fast |vm, r, i| {
        let word = *r.local(i.w());
        if word.is_null() {
            return slow(vm, r);
        }
        r.push(share(word));
        next(vm, r)
    }
}
handler! {
    load_fast_and_clear |vm, r, i| {
        let word = std::mem::replace(&mut *r.local(i.w()), Raw::NULL);
        r.push(word);
        next(vm, r)
    }
}
handler! {
    store_fast |vm, r, i| {
        let word = r.pop();
        let old = std::mem::replace(&mut *r.local(i.w()), word);
        drop_opt_next(vm, r, old)
    }
}
handler! {
    load_fast_load_fast |vm, r, i| {
        let (a, b) = (*r.local(i.a()), *r.local(i.b()));
        if a.is_null() || b.is_null() {
            return slow(vm, r);
        }
        r.push(share(a));
        r.push(share(b));
        next(vm, r)
    }
}
handler! {
    load_fast_load_const |vm, r, i| {
        let a = *r.local(i.a());
        if a.is_null() {
            return slow(vm, r);
        }
        r.push(share(a));
        let b = r.constant_word(i.b());
        r.push(share(b));
        next(vm, r)
    }
}
handler! {
    store_fast_load_fast |vm, r, i| {
        let word = r.pop();
        let old = std::mem::replace(&mut *r.local(i.a()), word);
        if !old.is_null() && last(old) {
            return release_then_load(vm, r.pc, r.sp, r.fp, r.frame, old.0.expose_provenance() as u64);
        }
        let value = *r.local(i.b());
        if value.is_null() {
            return release_then_load(vm, r.pc, r.sp, r.fp, r.frame, 0);
        }
        r.push(share(value));
        next(vm, r)
    }
}

quick! {
    /// The second half of STORE_FAST_LOAD_FAST where something is to be released before, or the local may be unbound.
    unsafe fn release_then_load(vm, pc, sp, fp, frame, dead) {
        // SAFETY: as for `release_then_next`; the instruction is the one before `pc`.
        unsafe {
            let mut r = Regs { pc, sp, fp, frame };
            r.save(vm);
            if dead != 0 {
                let dead = std::ptr::with_exposed_provenance::<viv_heap::Object>(dead as usize);
                viv_heap::release::release(&*dead);
            }
            let local = viv_bytecode::Instr((*pc.sub(1)).get()).b();
            let value = *r.local(local);
            if value.is_null() {
                let _ = crate::eval::names::unbound(vm, r, local);
                return fail(vm, pc, sp, fp, frame, 0);
            }
            r.push(share(value));
            next(vm, r)
        }
    }
}

handler! {
    store_fast_store_fast |vm, r, i| {
        let (first, second) = (r.peek(1), r.peek(2));
        r.sp = r.sp.sub(2);
        let old = std::mem::replace(&mut *r.local(i.a()), first);
        let other = std::mem::replace(&mut *r.local(i.b()), second);
        if !old.is_null() && last(old) {
            return release_all(vm, r, old, [other, Raw::NULL]);
        }
        drop_opt_next(vm, r, other)
    }
}
handler! {
    move_fast |vm, r, i| {
        let value = *r.local(i.a());
        if value.is_null() {
            return slow(vm, r);
        }
        let old = std::mem::replace(&mut *r.local(i.b()), share(value));
        drop_opt_next(vm, r, old)
    }
}
handler! {
    store_const_fast |vm, r, i| {
        let value = r.constant_word(i.b());
        let old = std::mem::replace(&mut *r.local(i.a()), share(value));
        drop_opt_next(vm, r, old)
    }
}
handler! {
    load_deref |vm, r, i| {
        let word = *r.local(i.w());
        if word.is_null() || !word.object().is_exact::<CellObject>() {
            return slow(vm, r);
        }
        match word.object().downcast_unchecked::<CellObject>().contents.peek() {
            Some(value) => {
                r.push(crate::eval::regs::owned(value));
                next(vm, r)
            }
            None => slow(vm, r),
        }
    }
}
handler! {
    copy_free_vars |vm, r, i| {
        let Some(closure) = (*(*r.frame).function).closure.peek_as() else {
            return slow(vm, r);
        };
        let cells = closure.as_slice();
        if cells.len() != i.w() {
            return slow(vm, r);
        }
        let first = (*(*r.frame).code).local_count as usize - cells.len();
        let mut at = 0;
        while at < cells.len() {
            *r.local(first + at) = crate::eval::regs::owned(cells.get_unchecked(at));
            at += 1;
        }
        next(vm, r)
    }
}
handler! {
    is_op |vm, r, i| {
        let (b, a) = (r.pop(), r.pop());
        r.push(vm.hot.bool((a.0 == b.0) == (i.w() == 0)));
        drop_two_next(vm, r, b, a)
    }
}
handler! {
    unary_not |vm, r, i| {
        let a = r.peek(1);
        let (yes, no) = (vm.hot.bool(true), vm.hot.bool(false));
        if a.0 == yes.0 {
            r.put(1, no);
        } else if a.0 == no.0 || a.0 == vm.hot.none().0 {
            r.put(1, yes);
        } else {
            return general::unary_not(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0));
        }
        next(vm, r)
    }
}

/// The truth of a word, where it can be told at a look: `True`, `False`, `None`, ints.
macro_rules! truth {
    ($vm:expr, $word:expr, $other:expr) => {{
        let word: Raw = $word;
        if word.0 == $vm.hot.bool(true).0 {
            true
        } else if word.0 == $vm.hot.bool(false).0 || word.0 == $vm.hot.none().0 {
            false
        } else if let Some(n) = super::number::small(word.object()) {
            n != 0
        } else if let Some(list) = word.object().downcast_exact::<crate::object::List>() {
            list.len() != 0
        } else {
            return $other;
        }
    }};
}

handler! {
    pop_jump_if_false |vm, r, i| {
        let word = r.peek(1);
        if !truth!(vm, word, general::pop_jump(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0))) {
            r.jump(i.w());
        }
        r.sp = r.sp.sub(1);
        drop_next(vm, r, word)
    }
}
handler! {
    pop_jump_if_true |vm, r, i| {
        let word = r.peek(1);
        if truth!(vm, word, general::pop_jump(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0))) {
            r.jump(i.w());
        }
        r.sp = r.sp.sub(1);
        drop_next(vm, r, word)
    }
}
/// Ends a jump whose target stands in the next word.
#[inline(always)]
unsafe fn jump_if(vm: &Vm, mut r: Regs, taken: bool) -> u32 {
    // SAFETY: the opcode has one word.
    unsafe {
        if taken {
            r.jump(r.extra(0) as usize);
        } else {
            r.skip(1);
        }
        next(vm, r)
    }
}

handler! {
    jump_if_false_local |vm, r, i| {
        let word = *r.local(i.a());
        if word.is_null() {
            return slow(vm, r);
        }
        let truth = truth!(vm, word, general::jump_on_local(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0)));
        jump_if(vm, r, !truth)
    }
}
handler! {
    jump_if_true_local |vm, r, i| {
        let word = *r.local(i.a());
        if word.is_null() {
            return slow(vm, r);
        }
        let truth = truth!(vm, word, general::jump_on_local(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0)));
        jump_if(vm, r, truth)
    }
}
handler! {
    jump_if_none_local |vm, r, i| {
        let word = *r.local(i.a());
        if word.is_null() {
            return slow(vm, r);
        }
        jump_if(vm, r, word.0 == vm.hot.none().0)
    }
}
handler! {
    jump_if_not_none_local |vm, r, i| {
        let word = *r.local(i.a());
        if word.is_null() {
            return slow(vm, r);
        }
        jump_if(vm, r, word.0 != vm.hot.none().0)
    }
}
handler! {
    pop_jump_if_none |vm, r, i| {
        let word = r.pop();
        if word.0 == vm.hot.none().0 {
            r.jump(i.w());
        }
        drop_next(vm, r, word)
    }
}
handler! {
    pop_jump_if_not_none |vm, r, i| {
        let word = r.pop();
        if word.0 != vm.hot.none().0 {
            r.jump(i.w());
        }
        drop_next(vm, r, word)
    }
}
handler! {
    jump_if_false_or_pop |vm, r, i| {
        let word = r.peek(1);
        if !truth!(vm, word, slow(vm, r)) {
            r.jump(i.w());
            return next(vm, r);
        }
        r.sp = r.sp.sub(1);
        drop_next(vm, r, word)
    }
}
handler! {
    jump_if_true_or_pop |vm, r, i| {
        let word = r.peek(1);
        if truth!(vm, word, slow(vm, r)) {
            r.jump(i.w());
            return next(vm, r);
        }
        r.sp = r.sp.sub(1);
        drop_next(vm, r, word)
    }
}

/// The handlers of globals: found at a cached place while the dicts have the cached versions.
macro_rules! global {
    ($module:ident $builtin:ident $null:expr) => {
        handler! {
            $module |vm, r, i| {
                let globals = r.globals();
                let version = r.extra(0);
                if version != 0
                    && globals.raw_version() == version
                    && let Some(value) = (*globals.table.as_ptr()).value_at(r.extra(2) as usize)
                {
                    if !$null && let Some(r) = super::attribute::of_class(&r, value) {
                        return next(vm, r);
                    }
                    r.push(crate::eval::regs::owned(value));
                    if $null {
                        r.push(Raw::NULL);
                    }
                    r.skip(const { Op::LOAD_GLOBAL.extra_words() });
                    return next(vm, r);
                }
                slow(vm, r)
            }
        }
        handler! {
            $builtin |vm, r, i| {
                let (globals, builtins) = (r.globals(), r.builtins());
                let (version, builtin_version) = (r.extra(0), r.extra(1));
                if version != 0
                    && builtin_version != 0
                    && globals.raw_version() == version
                    && builtins.raw_version() == builtin_version
                    && let Some(value) = (*builtins.table.as_ptr()).value_at(r.extra(2) as usize)
                {
                    r.push(crate::eval::regs::owned(value));
                    if $null {
                        r.push(Raw::NULL);
                    }
                    r.skip(const { Op::LOAD_GLOBAL.extra_words() });
                    return next(vm, r);
                }
                slow(vm, r)
            }
        }
    };
}
global!(load_global_module load_global_builtin false);
global!(load_global_null_module load_global_null_builtin true);
