//! Calls and returns.

use viv_bytecode::Op;
use viv_heap::{Object, Raw, Ref};

use super::{Sp, drop_next, fail, generator, handler, last, next, quick, slow};
use crate::eval::call as general;
use crate::eval::regs::{Regs, owned};
use crate::eval::stack::{Record, record_flags};
use crate::native::NativeCall;
use crate::object::{
    BoundMethod, Code, Function, Generator, GeneratorKind, Instance, MethodDescriptor,
    NativeFunction, Tuple, Type, TypeTraits,
};
use crate::result::PyResult;
use crate::vm::Vm;

/// Words of a call's cache.
const CACHE: usize = 2;

/// Starts the frame of a function whose `given` arguments lie from `fp` on, the words of the call from `base` on.
/// Gives the registers as they were where there is no room.
#[inline(always)]
#[allow(clippy::too_many_arguments, reason = "inlined: they stay in registers")]
pub(in crate::eval) unsafe fn push(
    vm: &Vm,
    r: &mut Regs,
    function: &Function,
    code: &Code,
    base: Sp,
    fp: Sp,
    given: usize,
    flags: u32,
) -> bool {
    // SAFETY: the arguments lie below the stack's top; room for the frame is checked before it is used.
    unsafe {
        let locals = code.local_count as usize;
        let frame = r.frame.add(1);
        let top = fp.add(locals);
        if fp.add(code.frame_words as usize) > vm.stack.words_end() || frame >= vm.frame_limit.get()
        {
            return false;
        }
        let mut at = fp.add(given);
        while at < top {
            // Word for word: most functions have few, and a call of `memset` would cost more.
            at.write_volatile(Raw::NULL);
            at = at.add(1);
        }
        (*r.frame).pc = r.pc;
        *r = Record::start(frame, function, code, base, fp, flags);
        r.sp = top;
        if !vm.hot.breaker_set() {
            r.pc = code.entry.get();
        }
        vm.stack.frame.set(frame);
        true
    }
}

quick! {
    /// CALL of a Python function that takes exactly the given arguments; others go to [`call_value`].
    pub(super) unsafe fn call(vm, pc, sp, fp, frame, ins) {
        // SAFETY: the verifier has shown that callable, self-or-null and arguments are on the stack.
        unsafe {
            let r = Regs { pc, sp, fp, frame };
            let n = (ins as u32 >> 8) as usize;
            let base = sp.sub(n + 2);
            let callable = (*base).object();
            if callable.is_exact::<Function>() {
                let function = callable.downcast_unchecked::<Function>();
                if let Some(code) = function.code.peek_as() {
                    // Twice the same, that the number of arguments is no sum.
                    if (*base.add(1)).is_null() {
                        if code.simple_args as usize == n {
                            return call_simple(vm, r, function, code, base, base.add(2), n);
                        }
                    } else if code.simple_args as usize == n + 1 {
                        return call_simple(vm, r, function, code, base, base.add(1), n + 1);
                    }
                }
            }
            call_other(vm, pc, sp, fp, frame, ins)
        }
    }
}

/// Starts the frame of a function that takes exactly the given arguments.
#[inline(always)]
unsafe fn call_simple(
    vm: &Vm,
    before: Regs,
    function: &Function,
    code: &Code,
    base: Sp,
    first: Sp,
    given: usize,
) -> u32 {
    // SAFETY: as for `call`.
    unsafe {
        let mut r = before;
        r.skip(CACHE);
        if push(vm, &mut r, function, code, base, first, given, 0) {
            return next(vm, r);
        }
        slow(vm, before)
    }
}

quick! {
    /// CALL of what is no function in Python: the instruction becomes that for such callables.
    unsafe fn call_other(vm, pc, sp, fp, frame, ins) {
        // SAFETY: as for `call`.
        unsafe {
            let r = Regs { pc, sp, fp, frame };
            let base = sp.sub((ins as u32 >> 8) as usize + 2);
            let callable = (*base).object();
            if callable.is_exact::<NativeFunction>() || callable.is_exact::<MethodDescriptor>() {
                r.respecialize(Op::CALL_NATIVE);
                return call_native(vm, pc, sp, fp, frame, ins);
            }
            if callable.downcast::<Type>().is_some() && (*base.add(1)).is_null() {
                r.respecialize(Op::CALL_CLASS_INIT);
                return call_class_init(vm, pc, sp, fp, frame, ins);
            }
            call_value(vm, pc, sp, fp, frame, ins)
        }
    }
}

quick! {
    /// CALL_NATIVE: of a native function or of a method of a builtin type.
    pub(super) unsafe fn call_native(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        // SAFETY: as for `call`; the stack owns the arguments while they are used.
        unsafe {
            let n = (ins as u32 >> 8) as usize;
            let base = sp.sub(n + 2);
            let callable = (*base).object();
            let own = *base.add(1);
            let (def, receiver) = if callable.is_exact::<NativeFunction>() {
                let function = callable.downcast_unchecked::<NativeFunction>();
                if !own.is_null() {
                    return call_native_as_it_is(vm, pc, sp, fp, frame, ins);
                }
                let receiver = function.borrowed_receiver().unwrap_or(vm.none());
                (function.def, receiver)
            } else if callable.is_exact::<MethodDescriptor>() {
                let method = callable.downcast_unchecked::<MethodDescriptor>();
                if own.is_null() || !Type::of(own.object()).is_subtype(&method.owner) {
                    return call_native_as_it_is(vm, pc, sp, fp, frame, ins);
                }
                (method.def, own.object())
            } else {
                r.respecialize(Op::CALL);
                return call(vm, pc, sp, fp, frame, ins);
            };
            let args = base.add(2);
            r.skip(CACHE);
            r.save(vm);
            // Nothing here may have an address: what follows the call would not be a jump then, and the native stack grow.
            let result = match &def.call {
                NativeCall::One(f) if n == 1 => f(vm, receiver, (*args).object()),
                NativeCall::NoArgs(f) if n == 0 => f(vm, receiver),
                NativeCall::Positional { min, max, call } if n >= *min && n <= *max => {
                    call(vm, receiver, general::words(args, n))
                }
                _ => {
                    let first = if own.is_null() { args } else { base.add(1) };
                    general::invoke_native(vm, callable, first, r.sp.offset_from(first) as usize)
                }
            };
            finish_call(vm, r, base, result)
        }
    }
}

quick! {
    /// The same where the receiver is not where it usually is: `list.append(items, item)`.
    unsafe fn call_native_as_it_is(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        // SAFETY: as for `call`.
        unsafe {
            let base = sp.sub((ins as u32 >> 8) as usize + 2);
            let first = base.add(2 - !(*base.add(1)).is_null() as usize);
            r.skip(CACHE);
            r.save(vm);
            let given = sp.offset_from(first) as usize;
            let result = general::invoke_native(vm, (*base).object(), first, given);
            finish_call(vm, r, base, result)
        }
    }
}

quick! {
    /// CALL_CLASS_INIT: of a class, whose `__init__` in Python gets its frame at once.
    pub(super) unsafe fn call_class_init(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        // SAFETY: as for `call`.
        unsafe {
            let n = (ins as u32 >> 8) as usize;
            let base = sp.sub(n + 2);
            let class = (*base).object().downcast::<Type>();
            let Some(class) = class.filter(|_| (*base.add(1)).is_null()) else {
                r.respecialize(Op::CALL);
                return call(vm, pc, sp, fp, frame, ins);
            };
            if class.has(TypeTraits::IMMUTABLE) && class.head.is_exact::<Type>() {
                return call_class(vm, pc, sp, fp, frame, ins);
            }
            let Some((init, code, object)) = class.python_init(vm).and_then(|init| {
                let code = init.code.peek_as()?;
                let fits = code.simple_args as usize == n + 1;
                let object = fits.then(|| Instance::place_quick(vm, class))??;
                Some((init, code, object))
            }) else {
                return call_value(vm, pc, sp, fp, frame, ins);
            };
            // class null x₁ … xₙ → instance function self x₁ … xₙ
            let first = base.add(2);
            let mut at = sp;
            while at > first {
                *at = *at.sub(1);
                at = at.sub(1);
            }
            *base = object;
            *base.add(1) = owned(&init.head);
            *first = super::share(object);
            let gone = Raw(std::ptr::from_ref(&class.head).cast_mut());
            r.skip(CACHE);
            r.sp = sp.add(1);
            if push(vm, &mut r, init, code, base, first, n + 1, record_flags::INIT) {
                return drop_next(vm, r, gone);
            }
            // No room: the words as they were, for the general handler to raise.
            let mut at = first;
            while at < sp {
                *at = *at.add(1);
                at = at.add(1);
            }
            (*base.add(1)).object().dec();
            *base.add(1) = Raw::NULL;
            *base = gone;
            object.object().dec();
            object.object().dec();
            slow(vm, Regs { pc, sp, fp, frame })
        }
    }
}

quick! {
    /// CALL of a builtin type.
    unsafe fn call_class(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        // SAFETY: as for `call`; as in `call_native`, nothing has an address.
        unsafe {
            let n = (ins as u32 >> 8) as usize;
            let base = sp.sub(n + 2);
            r.skip(CACHE);
            r.save(vm);
            let result = general::invoke_class(vm, (*base).object(), base.add(2), n);
            finish_call(vm, r, base, result)
        }
    }
}

/// Gives up the words of a call from `base` to the top, and goes on with its result.
#[inline(always)]
unsafe fn finish_call(vm: &Vm, mut r: Regs, base: Sp, result: PyResult) -> u32 {
    // The stack owns the result while the call's words go: a variable of its own, to be released if that should be broken off, would
    // keep the last call from being a jump in builds with counters.
    let result = result.map_or(Raw::NULL, Ref::into_raw);
    // SAFETY: as for `call`.
    unsafe {
        let callable = std::mem::replace(&mut *base, result);
        callable.object().dec();
        let mut at = base.add(1);
        while at < r.sp {
            let word = std::mem::replace(&mut *at, Raw::NULL);
            if !word.is_null() && last(word) && !viv_heap::release::release_simple(word.object()) {
                viv_heap::release::release(word.object());
            }
            at = at.add(1);
        }
        r.sp = base;
        if result.is_null() {
            return fail(vm, r.pc, r.sp, r.fp, r.frame, 0);
        }
        r.sp = base.add(1);
        next(vm, r)
    }
}

quick! {
    /// CALL of anything else: methods, classes with a Python `__init__`, functions with defaults, native callables.
    unsafe fn call_value(vm, pc, sp, fp, frame, ins) {
        let mut r = Regs { pc, sp, fp, frame };
        // SAFETY: as for `call`.
        unsafe {
            let n = (ins as u32 >> 8) as usize;
            let base = sp.sub(n + 2);
            let callable = (*base).object();
            if (*base.add(1)).is_null()
                && let Some(method) = callable.downcast_exact::<BoundMethod>()
            {
                // The method's self takes the empty place, its function that of the method, which goes.
                let old = *base;
                *base.add(1) = owned(&method.receiver);
                *base = owned(&method.function);
                r.save(vm);
                old.object().dec();
                return call(vm, pc, sp, fp, frame, ins);
            }
            let first = base.add(2 - !(*base.add(1)).is_null() as usize);
            let given = sp.offset_from(first) as usize;
            r.skip(CACHE);
            if let Some(function) = callable.downcast_exact::<Function>() {
                return call_with_defaults(vm, r, function, base, first, given);
            }
            if let Some((function, code)) = call_method(vm, callable, given)
                && (*base.add(1)).is_null()
            {
                return call_instance(vm, r, function, code, base, given);
            }
            if general::initialised(vm, base).is_some() {
                // Its arguments do not lie as its `__init__` wants them.
                return slow(vm, Regs { pc, sp, fp, frame });
            }
            r.save(vm);
            let result = general::invoke(vm, callable, first, given, None);
            finish_call(vm, r, base, result)
        }
    }
}

/// The `__call__` of an object's class, if it is a function in Python that takes exactly the object and `given` arguments.
#[inline(always)]
unsafe fn call_method<'a>(
    vm: &Vm,
    callable: &'a Object,
    given: usize,
) -> Option<(&'a Function, &'a Code)> {
    let found = vm.type_lookup_borrowed(Type::of(callable), &vm.names.__call__)?;
    let function = found.downcast_exact::<Function>()?;
    // SAFETY: nothing runs before the function has a count of its own.
    let code = unsafe { function.code.peek_as()? };
    (code.simple_args as usize == given + 1).then_some((function, code))
}

/// Starts the frame of an object's `__call__`, on counts of its own: those of the call belong to the caller, as they do where
/// a native function is in between.
#[inline(always)]
unsafe fn call_instance(
    vm: &Vm,
    mut r: Regs,
    function: &Function,
    code: &Code,
    base: Sp,
    given: usize,
) -> u32 {
    // SAFETY: as for `call`; `r` is behind the cache.
    unsafe {
        let before = Regs {
            pc: r.pc.sub(CACHE),
            ..r
        };
        if r.sp.add(given + code.stack_size as usize + 8) > vm.stack.words_end() {
            return slow(vm, before);
        }
        // callable null x₁ … xₙ → callable function x₁ … xₙ | self x₁ … xₙ
        let first = r.sp;
        *base.add(1) = owned(&function.head);
        r.push(super::share(*base));
        let mut at = base.add(2);
        while at < first {
            r.push(super::share(*at));
            at = at.add(1);
        }
        let flags = record_flags::WORDS;
        if push(vm, &mut r, function, code, base, first, given + 1, flags) {
            return next(vm, r);
        }
        while r.sp > first {
            r.pop().object().dec();
        }
        function.head.dec();
        *base.add(1) = Raw::NULL;
        slow(vm, before)
    }
}

/// A Python function with fewer arguments than parameters, whose defaults fill the rest.
#[inline(always)]
unsafe fn call_with_defaults(
    vm: &Vm,
    mut r: Regs,
    function: &Function,
    base: Sp,
    first: Sp,
    given: usize,
) -> u32 {
    // SAFETY: as for `call`; `r` is behind the cache.
    unsafe {
        let before = Regs {
            pc: r.pc.sub(CACHE),
            ..r
        };
        let Some(code) = function.code.peek_as() else {
            return slow(vm, before);
        };
        let wanted = code.simple_args as usize;
        if wanted == given {
            if push(vm, &mut r, function, code, base, first, given, 0) {
                return next(vm, r);
            }
            return slow(vm, before);
        }
        // A code without simple arguments wants more than there can be.
        let Some(missing) = wanted.checked_sub(given) else {
            return slow(vm, before);
        };
        let defaults = function.defaults.peek_as().map_or(&[][..], Tuple::as_slice);
        let Some(skip) = defaults.len().checked_sub(missing) else {
            return slow(vm, before);
        };
        if r.sp.add(missing + code.stack_size as usize + 8) > vm.stack.words_end() {
            return slow(vm, before);
        }
        let sp = r.sp;
        let mut at = skip;
        while at < defaults.len() {
            r.push(owned(&defaults[at]));
            at += 1;
        }
        if push(vm, &mut r, function, code, base, first, wanted, 0) {
            return next(vm, r);
        }
        while r.sp > sp {
            r.pop().object().dec();
        }
        slow(vm, before)
    }
}

handler! {
    return_value |vm, r, i| {
        if (*r.frame).flags != 0 {
            return return_value_flagged(vm, r.pc, r.sp, r.fp, r.frame, 0);
        }
        let result = r.pop();
        leave_plain(vm, r, result)
    }
}
handler! {
    return_value_flagged |vm, r, i| {
        let result = r.peek(1);
        leave(vm, r, Regs { sp: r.sp.sub(1), ..r }, result)
    }
}
handler! {
    return_const |vm, r, i| {
        if (*r.frame).flags != 0 {
            return return_const_flagged(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0));
        }
        leave_plain(vm, r, super::share(r.constant_word(i.w())))
    }
}
handler! {
    return_const_flagged |vm, r, i| {
        let result = r.constant_word(i.w());
        if result.object().is_immortal() {
            return leave(vm, r, r, result);
        }
        if !plain(&r) && !delivers(vm, &r) {
            return slow(vm, r);
        }
        leave(vm, r, r, super::share(result))
    }
}
handler! {
    return_fast |vm, r, i| {
        let place = r.local(i.w());
        let result = *place;
        if (*r.frame).flags != 0 || result.is_null() {
            return return_fast_flagged(vm, r.pc, r.sp, r.fp, r.frame, u64::from(i.0));
        }
        *place = Raw::NULL;
        leave_plain(vm, r, result)
    }
}
handler! {
    return_fast_flagged |vm, r, i| {
        let place = r.local(i.w());
        let result = *place;
        if result.is_null() || !plain(&r) && !delivers(vm, &r) {
            return slow(vm, r);
        }
        *place = Raw::NULL;
        leave(vm, r, r, result)
    }
}

/// Gives up the words of the running frame from the top of its stack to its first local, those that are released by giving
/// their block back at once; whether there was no other. Their places are empty then, and still part of the stack: finalisers of
/// what is left run above them and may look at the locals.
#[inline(always)]
unsafe fn drop_words(r: &Regs) -> bool {
    // SAFETY: the words are owned by the frame that is left.
    unsafe {
        // The last local goes first, as on CPython.
        let mut at = r.sp;
        while at > r.fp {
            let place = at.sub(1);
            let word = *place;
            if !word.is_null() && last(word) && !viv_heap::release::release_at_once(word.object()) {
                word.object().set_raw_count(1);
                return false;
            }
            *place = Raw::NULL;
            at = place;
        }
        true
    }
}

/// Leaves the running frame, which has no flags, with a result, which is owned.
#[inline(always)]
unsafe fn leave_plain(vm: &Vm, mut r: Regs, result: Raw) -> u32 {
    // SAFETY: the frame is the running one, and the caller's lies below it.
    unsafe {
        let frame = r.frame;
        if !drop_words(&r) {
            return leave_releasing(vm, r.pc, r.sp, r.fp, frame, to_bits(result));
        }
        let base = (*frame).base;
        let callable = *base;
        // Only frames with a flag have been started without one.
        debug_assert!(!callable.is_null());
        if last(callable) {
            callable.object().set_raw_count(1);
            return leave_releasing(vm, r.pc, r.sp, r.fp, frame, to_bits(result));
        }
        let caller = frame.sub(1);
        vm.stack.frame.set(caller);
        r = Regs {
            pc: (*caller).pc,
            sp: base,
            fp: (*caller).fp,
            frame: caller,
        };
        r.push(result);
        next(vm, r)
    }
}

quick! {
    /// Leaves the frame of a generator that was resumed by its caller's instruction, if there is nothing to see to but its
    /// locals.
    unsafe fn leave_generator(vm, pc, sp, fp, frame, result) {
        // SAFETY: the frame is the running one; what a release runs uses the stack above `sp`.
        unsafe {
            let r = Regs { pc, sp, fp, frame };
            r.save(vm);
            let mut at = sp;
            while at > fp {
                at = at.sub(1);
                let word = std::mem::replace(&mut *at, Raw::NULL);
                if !word.is_null() {
                    word.object().dec();
                }
            }
            if !(*frame).frame_object.is_null() {
                crate::eval::frame::detach(vm, frame, fp);
            }
            let generator = (*frame)
                .generator
                .object()
                .downcast_unchecked::<Generator>();
            generator.set_done();
            let caller = frame.sub(1);
            vm.stack.frame.set(caller);
            generator.function.set(None);
            let r = Regs {
                pc: (*caller).pc,
                sp: fp,
                fp: (*caller).fp,
                frame: caller,
            };
            if generator.kind == GeneratorKind::AsyncGenerator {
                return super::generator::end_step(vm, r.pc, r.sp, r.fp, caller, result);
            }
            let result = Raw(std::ptr::with_exposed_provenance_mut::<Object>(
                result as usize,
            ));
            super::generator::deliver_end(vm, r, result)
        }
    }
}

/// The flags of frames that only the general handlers leave, generators excepted.
const GENERAL: u32 = record_flags::GENERATOR | record_flags::DELIVERS;

/// Whether the running frame has nothing that the general handler must see to when it is left.
#[inline(always)]
unsafe fn plain(r: &Regs) -> bool {
    // SAFETY: the frame is the running one.
    unsafe {
        (*r.frame).flags & GENERAL == 0
            && (*r.frame).frame_object.is_null()
            && (*r.frame).locals.is_null()
    }
}

/// Whether the running frame is that of a generator that [`leave_generator`] leaves.
#[inline(always)]
unsafe fn delivers(vm: &Vm, r: &Regs) -> bool {
    // SAFETY: the frame is the running one.
    unsafe { generator::suspends(vm, r.frame, generator::DELIVERS) }
}

/// Leaves the running frame with a result, which is owned. `before` is what the general handler would start from.
#[inline(always)]
unsafe fn leave(vm: &Vm, before: Regs, mut r: Regs, result: Raw) -> u32 {
    // SAFETY: the frame is the running one, and the caller's lies below it.
    unsafe {
        if !plain(&r) {
            let frame = r.frame;
            if delivers(vm, &r) {
                return leave_generator(vm, r.pc, r.sp, r.fp, frame, to_bits(result));
            }
            return slow(vm, before);
        }
        let frame = r.frame;
        let fp = r.fp;
        if !drop_words(&r) {
            return leave_releasing(vm, r.pc, r.sp, fp, frame, to_bits(result));
        }
        let base = (*frame).base;
        let callable = *base;
        let mut result = result;
        let flags = (*frame).flags;
        if flags & record_flags::WORDS != 0 {
            return leave_releasing(vm, r.pc, r.sp, fp, frame, to_bits(result));
        }
        if flags & record_flags::INIT != 0 {
            if result.0 != vm.hot.none().0 {
                return leave_releasing(vm, r.pc, r.sp, fp, frame, to_bits(result));
            }
            // The instance stands where the class stood, the function above it.
            result = callable;
            let function = *base.add(1);
            if last(function) {
                function.object().set_raw_count(1);
                return leave_releasing(vm, r.pc, r.sp, fp, frame, to_bits(vm.hot.none()));
            }
        } else if !callable.is_null() && last(callable) {
            callable.object().set_raw_count(1);
            return leave_releasing(vm, r.pc, r.sp, fp, frame, to_bits(result));
        }
        let caller = frame.sub(1);
        vm.stack.frame.set(caller);
        if flags & record_flags::ENTRY != 0 {
            return done(vm, caller, base, result);
        }
        r = Regs {
            pc: (*caller).pc,
            sp: base,
            fp: (*caller).fp,
            frame: caller,
        };
        if flags & record_flags::OPERATOR != 0 {
            return super::operator::end(vm, r.pc, r.sp, r.fp, caller, to_bits(result));
        }
        r.push(result);
        next(vm, r)
    }
}

/// Ends the run with the result of the frame that it began with. There may be no frame below.
#[inline(always)]
unsafe fn done(vm: &Vm, caller: *mut Record, base: Sp, result: Raw) -> u32 {
    // SAFETY: the result goes where the words of the call were.
    unsafe {
        let mut r = Regs {
            pc: std::ptr::null(),
            sp: base,
            fp: std::ptr::null_mut(),
            frame: caller,
        };
        r.push(result);
        vm.stack.left.set(r);
        super::exit::DONE
    }
}

#[inline(always)]
fn to_bits(word: Raw) -> u64 {
    word.0.expose_provenance() as u64
}

quick! {
    /// As [`leave`], where something is released: the locals that are left, and the callable.
    unsafe fn leave_releasing(vm, pc, sp, fp, frame, result) {
        // SAFETY: the frame is the running one; what a release runs uses the stack above `sp`.
        unsafe {
            let mut r = Regs { pc, sp, fp, frame };
            let mut result = Raw(std::ptr::with_exposed_provenance_mut::<Object>(
                result as usize,
            ));
            if (*frame).flags & record_flags::INIT != 0 && result.0 != vm.hot.none().0 {
                // The general handler raises the TypeError.
                r.push(result);
                vm.stack.left.set(r);
                return super::exit::RETURN;
            }
            r.save(vm);
            let base = (*frame).base;
            let mut at = sp;
            while at > fp {
                at = at.sub(1);
                let word = std::mem::replace(&mut *at, Raw::NULL);
                if !word.is_null() {
                    word.object().dec();
                }
            }
            if !(*frame).frame_object.is_null() {
                // Somebody has asked for the frame meanwhile.
                crate::eval::frame::detach(vm, frame, fp);
            }
            let caller = frame.sub(1);
            vm.stack.frame.set(caller);
            let flags = (*frame).flags;
            if flags & record_flags::INIT != 0 {
                result = std::mem::replace(&mut *base, Raw::NULL);
            }
            let end = fp;
            let mut at = base;
            while at < end {
                let word = std::mem::replace(&mut *at, Raw::NULL);
                if !word.is_null() {
                    word.object().dec();
                }
                at = at.add(1);
            }
            if flags & record_flags::ENTRY != 0 {
                return done(vm, caller, base, result);
            }
            r = Regs {
                pc: (*caller).pc,
                sp: base,
                fp: (*caller).fp,
                frame: caller,
            };
            if flags & record_flags::OPERATOR != 0 {
                // What ran meanwhile may have had a frame of its own there.
                (*frame).flags = flags;
                return super::operator::end(vm, r.pc, r.sp, r.fp, caller, to_bits(result));
            }
            r.push(result);
            next(vm, r)
        }
    }
}
