//! Iteration, exceptions, context managers, generators and awaiting.

use viv_heap::{Object, Raw, Ref};

use super::generator::{self, Resumed};
use super::regs::{Flow, Regs, attempt, failed, owned};
use super::stack::record_flags;
use super::unwind::swap_handled;
use crate::object::iterator::{ListIterator, RangeIterator, TupleIterator};
use crate::object::{Exception, Generator, GeneratorKind, List, Str, Tuple, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::types::generator::asynchronous::{self, AsyncStep};
use crate::vm::Vm;

/// The next value of the iterator on top: fast for lists, tuples, ranges.
#[inline(always)]
unsafe fn next_value(vm: &Vm, r: &Regs, iterator: &Object) -> PyResult<Option<Ref>> {
    if let Some(range) = iterator.downcast_exact::<RangeIterator>() {
        return match advance_range(range) {
            Some(n) => vm.new_int(n).map(Some),
            None => Ok(None),
        };
    }
    // At its end an iterator gives up what it iterates over, which may run code.
    // SAFETY: the registers are those of the running frame.
    unsafe { r.save(vm) };
    if let Some(list) = iterator.downcast_exact::<ListIterator>() {
        return Ok(advance_list(list));
    }
    if let Some(tuple) = iterator.downcast_exact::<TupleIterator>() {
        return Ok(advance_tuple(tuple));
    }
    next_slow(vm, iterator)
}

#[inline(always)]
fn advance_range(range: &RangeIterator) -> Option<i64> {
    let left = range.remaining.get();
    if left == 0 {
        return None;
    }
    range.remaining.set(left - 1);
    let value = range.start.get();
    range.start.set(value.wrapping_add(range.step.get()));
    Some(value)
}

#[inline(always)]
fn advance_list(iterator: &ListIterator) -> Option<Ref> {
    // SAFETY: no code runs while the list is looked at.
    let item = unsafe { iterator.list.peek_as() }.and_then(|list| list.get(iterator.index.get()));
    match item {
        Some(_) => iterator.index.set(iterator.index.get() + 1),
        None => iterator.list.set(None),
    }
    item
}

#[inline(always)]
fn advance_tuple(iterator: &TupleIterator) -> Option<Ref> {
    // SAFETY: no code runs while the tuple is looked at.
    let item = unsafe { iterator.tuple.peek_as() }
        .and_then(|tuple| tuple.get(iterator.index.get()).map(Object::to_ref));
    match item {
        Some(_) => iterator.index.set(iterator.index.get() + 1),
        None => iterator.tuple.set(None),
    }
    item
}

/// The next value of an iterator of any other type, always by a call: what it keeps in memory would be the handler's otherwise, which
/// could then not end in a jump.
#[inline(never)]
pub(super) fn next_slow(vm: &Vm, iterator: &Object) -> PyResult<Option<Ref>> {
    if let Some(generator) = iterator.downcast::<Generator>()
        && generator.kind == GeneratorKind::Generator
    {
        return match generator::send(vm, generator, vm.none_ref())? {
            Resumed::Yielded(value) => Ok(Some(value)),
            Resumed::Returned(_) => Ok(None),
        };
    }
    protocol::next(vm, iterator)
}

/// Whether the iterator on top is a generator whose frame has been put on the stack: it gives the value when it yields.
unsafe fn enter_generator(vm: &Vm, r: &mut Regs) -> PyResult<bool> {
    // SAFETY: the iterator is owned by the stack.
    unsafe {
        let Some(generator) = r.top(1).downcast::<Generator>() else {
            return Ok(false);
        };
        match generator::resume_here(vm, r, generator, vm.none_ref()) {
            Ok(result) => result.map(|()| true),
            Err(_) => Ok(false),
        }
    }
}

/// FOR_ITER
pub(super) unsafe fn for_iter(vm: &Vm, r: &mut Regs, target: usize) -> Flow {
    // SAFETY: the iterator is owned by the stack.
    unsafe {
        if attempt!(enter_generator(vm, r)) {
            return Flow::Next;
        }
        match attempt!(next_value(vm, r, r.top(1))) {
            Some(value) => r.push_ref(value),
            None => {
                let iterator = r.pop();
                r.jump(target);
                r.save(vm);
                iterator.object().dec();
            }
        }
        Flow::Next
    }
}

/// FOR_ITER_STORE
pub(super) unsafe fn for_iter_store(vm: &Vm, r: &mut Regs, local: usize) -> Flow {
    // SAFETY: as above.
    unsafe {
        if attempt!(enter_generator(vm, r)) {
            return Flow::Next;
        }
        match attempt!(next_value(vm, r, r.top(1))) {
            Some(value) => {
                r.skip(1);
                let old = std::mem::replace(&mut *r.local(local), value.into_raw());
                super::arith::release(vm, r, old);
            }
            None => {
                let target = r.extra(0) as usize;
                let iterator = r.pop();
                r.jump(target);
                r.save(vm);
                iterator.object().dec();
            }
        }
        Flow::Next
    }
}

pub(super) unsafe fn get_iter(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: the value is owned by the stack.
    unsafe {
        r.save(vm);
        let result = protocol::iter(vm, r.top(1));
        r.finish(1, result)
    }
}

pub(super) unsafe fn get_yield_from_iter(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        if let Some(generator) = r.top(1).downcast::<Generator>() {
            match generator.kind {
                GeneratorKind::Generator => return Flow::Next,
                GeneratorKind::Coroutine => {
                    let flags = (*(*r.frame).code).flags.0;
                    let allowed = viv_bytecode::CodeFlags::COROUTINE
                        | viv_bytecode::CodeFlags::ITERABLE_COROUTINE;
                    if flags & allowed == 0 {
                        r.save(vm);
                        return failed(vm.type_error(
                            "cannot 'yield from' a coroutine object in a non-coroutine generator",
                        ));
                    }
                    return Flow::Next;
                }
                GeneratorKind::AsyncGenerator => {}
            }
        }
        get_iter(vm, r)
    }
}

/// Resumes whatever is delegated to: a value it yielded, or its return value.
///
/// # Errors
/// What it raises; a StopIteration is a return.
pub fn send_to(vm: &Vm, receiver: &Object, value: Ref) -> PyResult<Resumed> {
    if let Some(generator) = receiver.downcast::<Generator>()
        && generator.kind != GeneratorKind::AsyncGenerator
    {
        return generator::send(vm, generator, value);
    }
    if let Some(step) = receiver.downcast_exact::<AsyncStep>() {
        return asynchronous::send_step(vm, step, &value);
    }
    let result = if vm.is_none(&value) && Type::of(receiver).slots.next.get().is_some() {
        match Type::of(receiver).slots.next.get() {
            Some(slot) => match slot(vm, receiver) {
                Ok(Some(value)) => return Ok(Resumed::Yielded(value)),
                Ok(None) => return Ok(Resumed::Returned(vm.none_ref())),
                Err(raised) => Err(raised),
            },
            None => Ok(vm.none_ref()),
        }
    } else {
        protocol::call_method(vm, receiver, &vm.names.send, &[&value])
    };
    match result {
        Ok(value) => Ok(Resumed::Yielded(value)),
        Err(raised) if vm.raised_is(&raised, &vm.exceptions.StopIteration) => {
            let exception = vm.take_raised(raised);
            Ok(Resumed::Returned(stop_value(vm, &exception)))
        }
        Err(raised) => Err(raised),
    }
}

/// The value of a StopIteration.
pub(super) fn stop_value(vm: &Vm, exception: &Object) -> Ref {
    crate::types::exception::stop_iteration_value(vm, exception)
}

/// SEND
pub(super) unsafe fn send(vm: &Vm, r: &mut Regs, target: usize) -> Flow {
    // SAFETY: receiver and value are owned by the stack.
    unsafe {
        let mut value = r.pop_ref();
        r.save(vm);
        if let Some(generator) = r.top(1).downcast::<Generator>()
            && generator.kind != GeneratorKind::AsyncGenerator
        {
            match generator::resume_here(vm, r, generator, value) {
                Ok(Ok(())) => return Flow::Next,
                Ok(Err(raised)) => {
                    r.push_ref(vm.none_ref());
                    return failed(raised);
                }
                Err(back) => value = back,
            }
        }
        match attempt_send(vm, r, value) {
            Ok(Resumed::Yielded(value)) => r.push_ref(value),
            Ok(Resumed::Returned(value)) => {
                r.push_ref(value);
                r.jump(target);
            }
            Err(raised) => {
                // The handler expects receiver and value below the exception.
                r.push_ref(vm.none_ref());
                return failed(raised);
            }
        }
        Flow::Next
    }
}

unsafe fn attempt_send(vm: &Vm, r: &Regs, value: Ref) -> PyResult<Resumed> {
    // SAFETY: the receiver is owned by the stack.
    unsafe { send_to(vm, r.top(1), value) }
}

pub(super) unsafe fn end_send(r: &mut Regs) -> Flow {
    // SAFETY: receiver and result are owned by the stack.
    unsafe {
        let result = r.pop();
        r.drop_top();
        r.push(result);
        Flow::Next
    }
}

/// CLEANUP_THROW: receiver, last sent value, exception.
pub(super) unsafe fn cleanup_throw(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let exception = r.pop_ref();
        if Type::of(&exception).is_subtype(&vm.exceptions.StopIteration) {
            // The receiver stays for END_SEND, which comes next.
            let value = stop_value(vm, &exception);
            r.drop_top();
            r.push_ref(value);
            drop(exception);
            return Flow::Next;
        }
        let _ = failed(vm.restore(exception));
        Flow::Reraise
    }
}

pub(super) unsafe fn get_awaitable(vm: &Vm, r: &mut Regs, context: usize) -> Flow {
    // SAFETY: the value is owned by the stack.
    unsafe {
        r.save(vm);
        let object = r.top(1);
        let result = awaitable_iterator(vm, object, context);
        r.finish(1, result)
    }
}

/// The iterator of an awaitable.
pub fn awaitable_iterator(vm: &Vm, object: &Object, context: usize) -> PyResult {
    if let Some(generator) = object.downcast::<Generator>() {
        let iterable = generator
            .code
            .source
            .flags
            .has(viv_bytecode::CodeFlags::ITERABLE_COROUTINE);
        match generator.kind {
            GeneratorKind::Coroutine => {
                if generator::delegate(generator).is_some() {
                    return Err(vm.runtime_error("coroutine is being awaited already"));
                }
                return Ok(object.to_ref());
            }
            GeneratorKind::Generator if iterable => return Ok(object.to_ref()),
            _ => {}
        }
    }
    let Some(slot) = Type::of(object).slots.awaitable.get() else {
        let name = protocol::type_name(object);
        return Err(match context {
            1 => vm.type_error(format!(
                "'async with' received an object from __aenter__ that does not implement __await__: {name}"
            )),
            2 => vm.type_error(format!(
                "'async with' received an object from __aexit__ that does not implement __await__: {name}"
            )),
            _ => vm.type_error(format!("'{name}' object can't be awaited")),
        });
    };
    let iterator = slot(vm, object)?;
    if let Some(generator) = iterator.downcast::<Generator>()
        && generator.kind == GeneratorKind::Coroutine
    {
        return Err(vm.type_error("__await__() returned a coroutine"));
    }
    if Type::of(&iterator).slots.next.get().is_none() {
        return Err(vm.type_error(format!(
            "__await__() returned non-iterator of type '{}'",
            protocol::type_name(&iterator)
        )));
    }
    Ok(iterator)
}

pub(super) unsafe fn get_aiter(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let object = r.top(1);
        let name = protocol::type_name(object);
        let result = match Type::of(object).slots.aiter.get() {
            Some(slot) => slot(vm, object).and_then(|iterator| {
                if Type::of(&iterator).slots.anext.get().is_some() {
                    return Ok(iterator);
                }
                Err(vm.type_error(format!(
                    "'async for' received an object from __aiter__ that does not implement __anext__: {}",
                    protocol::type_name(&iterator)
                )))
            }),
            None => Err(vm.type_error(format!("'async for' requires an object with __aiter__ method, got {name}"))),
        };
        r.finish(1, result)
    }
}

pub(super) unsafe fn get_anext(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let object = r.top(1);
        let Some(slot) = Type::of(object).slots.anext.get() else {
            let name = protocol::type_name(object);
            return failed(vm.type_error(format!(
                "'async for' requires an iterator with __anext__ method, got {name}"
            )));
        };
        let next = attempt!(slot(vm, object));
        let awaitable = match awaitable_iterator(vm, &next, 0) {
            Ok(awaitable) => awaitable,
            Err(raised) => {
                let cause = vm.take_raised(raised);
                let text = format!(
                    "'async for' received an invalid object from __anext__: {}",
                    protocol::type_name(&next)
                );
                let error = vm.take_raised(vm.type_error(text));
                if let Some(fields) = error.downcast::<Exception>() {
                    fields.cause.set(Some(cause.clone()));
                    fields.context.set(Some(cause));
                    fields.suppress_context.set(true);
                }
                return failed(vm.restore(error));
            }
        };
        r.push_ref(awaitable);
        Flow::Next
    }
}

/// END_ASYNC_FOR: aiter, exception.
pub(super) unsafe fn end_async_for(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let exception = r.pop_ref();
        if Type::of(&exception).is_subtype(&vm.exceptions.StopAsyncIteration) {
            drop(exception);
            r.drop_top();
            return Flow::Next;
        }
        let _ = failed(vm.restore(exception));
        Flow::Reraise
    }
}

/// RAISE_VARARGS
pub(super) unsafe fn raise(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: the operand counts words of the stack.
    unsafe {
        r.save(vm);
        let cause = if n == 2 { Some(r.pop_ref()) } else { None };
        if n == 0 {
            return match current_exception(vm) {
                Some(exception) => {
                    let _ = failed(vm.restore(exception));
                    Flow::Reraise
                }
                None => failed(vm.runtime_error("No active exception to reraise")),
            };
        }
        let exception = r.pop_ref();
        let exception = attempt!(instance_of(
            vm,
            &exception,
            "exceptions must derive from BaseException"
        ));
        if let Some(cause) = cause
            && let Some(fields) = exception.downcast::<Exception>()
        {
            let cause = if vm.is_none(&cause) {
                None
            } else {
                Some(attempt!(instance_of(
                    vm,
                    &cause,
                    "exception causes must derive from BaseException"
                )))
            };
            fields.suppress_context.set(true);
            fields.cause.set(cause);
        }
        failed(vm.raise_object(exception))
    }
}

/// The exception that `raise x` means: `x` itself, or an instance of the class `x`.
fn instance_of(vm: &Vm, object: &Object, refusal: &str) -> PyResult {
    if object.downcast::<Exception>().is_some() {
        return Ok(object.to_ref());
    }
    if let Some(class) = object.downcast::<Type>()
        && class.is_subtype(&vm.types.base_exception)
    {
        if let Some(made) = crate::types::exception::new_plain(vm, class) {
            return made.map(Ref::upcast);
        }
        let made = protocol::call_no_args(vm, object)?;
        if made.downcast::<Exception>().is_none() {
            return Err(vm.type_error(format!(
                "calling {} should have returned an instance of BaseException, not {}",
                protocol::repr(vm, object)?.to_text(),
                protocol::repr(vm, &Type::of(&made).head)?.to_text()
            )));
        }
        return Ok(made);
    }
    Err(vm.type_error(refusal))
}

/// The exception being handled: the innermost, the resumers of generators included.
pub fn current_exception(vm: &Vm) -> Option<Ref> {
    if let Some(exception) = vm.handled.get() {
        return Some(exception);
    }
    let mut record = vm.stack.frame.get();
    while record >= vm.stack.first() {
        // SAFETY: records from the first to the innermost are live.
        unsafe {
            if (*record).flags & record_flags::GENERATOR != 0 && !(*record).saved_handled.is_null()
            {
                return Some((*record).saved_handled.object().to_ref());
            }
            record = record.sub(1);
        }
    }
    None
}

/// RERAISE: the traceback already says where the exception was raised, so nothing is added to it.
pub(super) unsafe fn reraise(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let exception = r.pop_ref();
        let _ = failed(vm.restore(exception));
        Flow::Reraise
    }
}

pub(super) unsafe fn push_exc_info(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: the exception is owned by the stack.
    unsafe {
        let exception = r.pop_ref();
        let previous = swap_handled(vm, Some(exception.clone()));
        r.push_ref(previous.unwrap_or_else(|| vm.none_ref()));
        r.push_ref(exception);
        Flow::Next
    }
}

pub(super) unsafe fn pop_except(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        let previous = r.pop_ref();
        r.save(vm);
        let previous = if vm.is_none(&previous) {
            None
        } else {
            Some(previous)
        };
        drop(swap_handled(vm, previous));
        Flow::Next
    }
}

pub(super) unsafe fn check_exc_match(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let class = r.pop_ref();
        let matches = attempt!(exception_matches(vm, r.top(1), &class));
        r.push_ref(vm.bool(matches));
        Flow::Next
    }
}

const CANNOT_CATCH: &str = "catching classes that do not inherit from BaseException is not allowed";

/// Whether an exception is caught by `except class`.
fn exception_matches(vm: &Vm, exception: &Object, class: &Object) -> PyResult<bool> {
    let is_class = |c: &Object| {
        c.downcast::<Type>()
            .is_some_and(|t| t.is_subtype(&vm.types.base_exception))
    };
    if let Some(classes) = class.downcast::<Tuple>() {
        if !classes.iter().all(is_class) {
            return Err(vm.type_error(CANNOT_CATCH));
        }
        return Ok(classes
            .iter()
            .filter_map(|c| c.downcast::<Type>())
            .any(|t| Type::of(exception).is_subtype(t)));
    }
    if !is_class(class) {
        return Err(vm.type_error(CANNOT_CATCH));
    }
    Ok(class
        .downcast::<Type>()
        .is_some_and(|t| Type::of(exception).is_subtype(t)))
}

/// CHECK_EG_MATCH: group, class → rest, match.
pub(super) unsafe fn check_eg_match(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let (rest, matched) =
            attempt!(crate::types::exception::group_match(vm, r.top(2), r.top(1)));
        r.drop_top();
        r.drop_top();
        if let Some(matched) = &matched {
            drop(swap_handled(vm, Some(matched.clone())));
        }
        r.push_ref(rest.unwrap_or_else(|| vm.none_ref()));
        r.push_ref(matched.unwrap_or_else(|| vm.none_ref()));
        Flow::Next
    }
}

/// A special method of an object, and whether it is bound to it; nothing where the type has none.
fn special_method(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<(Ref, bool)>> {
    let ty = Type::of(object);
    let Some(found) = ty.lookup(vm, name) else {
        return Ok(None);
    };
    let class = Type::of(&found);
    if class.has(TypeTraits::METHOD_DESCRIPTOR) {
        return Ok(Some((found, false)));
    }
    match class.slots.descr_get.get() {
        Some(get) => Ok(Some((get(vm, &found, Some(object), Some(&ty.head))?, true))),
        None => Ok(Some((found, true))),
    }
}

/// BEFORE_WITH and BEFORE_ASYNC_WITH
pub(super) unsafe fn before_with(vm: &Vm, r: &mut Regs, is_async: bool) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let manager = r.top(1).to_ref();
        let (enter_name, exit_name, what) = if is_async {
            (
                &vm.names.__aenter__,
                &vm.names.__aexit__,
                "asynchronous context manager",
            )
        } else {
            (&vm.names.__enter__, &vm.names.__exit__, "context manager")
        };
        let missing = |name: &Str, other: bool| {
            let kind = protocol::type_name(&manager);
            let mut text = format!(
                "'{kind}' object does not support the {what} protocol (missed {} method)",
                name.to_text()
            );
            let b = if is_async { "with" } else { "async with" };
            if other
                && Type::of(&manager)
                    .lookup(
                        vm,
                        if is_async {
                            &vm.names.__enter__
                        } else {
                            &vm.names.__aenter__
                        },
                    )
                    .is_some()
            {
                let article = if is_async {
                    "the context manager"
                } else {
                    "the asynchronous context manager"
                };
                text = format!(
                    "{text} but it supports {article} protocol. Did you mean to use '{b}'?"
                );
            }
            vm.type_error(text)
        };
        // The exit method is looked up first.
        let Some((exit, bound)) = attempt!(special_method(vm, &manager, exit_name)) else {
            return failed(missing(exit_name, true));
        };
        let Some((enter, enter_bound)) = attempt!(special_method(vm, &manager, enter_name)) else {
            return failed(missing(enter_name, true));
        };
        let this = |bound: bool| match bound {
            true => Raw::NULL,
            false => owned(&manager),
        };
        r.drop_top();
        r.push_ref(exit);
        r.push(this(bound));
        // Its result takes the place of the words of the call.
        let base = r.sp;
        r.push_ref(enter);
        r.push(this(enter_bound));
        r.save(vm);
        drop(manager);
        super::call::call_other(vm, r, base, None)
    }
}

/// WITH_EXCEPT_START: exit, self-or-null, lasti, previous, exception.
pub(super) unsafe fn with_except_start(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let exception = r.top(1);
        let exit = r.top(5);
        let receiver = r.peek(4);
        let traceback = exception
            .downcast::<Exception>()
            .and_then(|e| e.traceback.get())
            .unwrap_or_else(|| vm.none_ref());
        let class = &Type::of(exception).head;
        let args: [&Object; 4] = [
            if receiver.is_null() {
                vm.none()
            } else {
                receiver.object()
            },
            class,
            exception,
            &traceback,
        ];
        let args = if receiver.is_null() {
            &args[1..]
        } else {
            &args[..]
        };
        let result = attempt!(protocol::call_args(vm, exit, args));
        // Perhaps the last reference, whose release runs Python code above what is saved of the stack: before the push.
        drop(traceback);
        r.push_ref(result);
        Flow::Next
    }
}

/// MATCH_MAPPING and MATCH_SEQUENCE
pub(super) unsafe fn match_trait(vm: &Vm, r: &mut Regs, bit: u32) -> Flow {
    // SAFETY: as above.
    unsafe {
        let matches = Type::of(r.top(1)).has(bit);
        r.push_ref(vm.bool(matches));
        Flow::Next
    }
}

/// The traits that patterns test.
pub(super) const SEQUENCE: u32 = TypeTraits::SEQUENCE;
/// As above.
pub(super) const MAPPING: u32 = TypeTraits::MAPPING;

/// Pushes the length of the value on top.
pub(super) unsafe fn get_len(vm: &Vm, r: &mut Regs) -> Flow {
    // SAFETY: as above.
    unsafe {
        r.save(vm);
        let n = attempt!(protocol::len(vm, r.top(1)));
        r.push_ref(attempt!(vm.new_usize(n)));
        Flow::Next
    }
}

/// A list's items as a tuple.
pub(super) fn list_to_tuple(vm: &Vm, list: &Object) -> PyResult {
    match list.downcast::<List>() {
        Some(list) => vm.new_tuple(list.snapshot()).map(Ref::upcast),
        None => Err(vm.system_error("LIST_TO_TUPLE without list")),
    }
}
