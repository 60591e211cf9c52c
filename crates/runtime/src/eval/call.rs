//! Calls: pushing frames, binding arguments to parameters, leaving frames.

use viv_bytecode::CodeFlags;
use viv_heap::{Object, Raw, Ref};

use super::bind::bind_in_place;
use super::regs::{Flow, Regs, failed, owned};
use super::run;
use super::stack::{Record, record_flags};
use crate::args::{Args, NamedArgs};
use crate::native::NativeCall;
use crate::object::{
    BoundMethod, Code, Dict, Function, Instance, List, MethodDescriptor, NativeFunction, Str,
    Tuple, Type,
};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// Whether a function takes exactly `given` positional arguments and nothing else.
#[inline(always)]
pub(super) fn takes_exactly(code: &Code, given: usize) -> bool {
    code.simple_args as usize == given
}

/// Starts the frame of a function whose arguments are in place: `args` of them from `fp` on.
///
/// On failure the words are left as they are.
#[allow(
    clippy::too_many_arguments,
    reason = "they stay in registers; a struct would go through memory at each call"
)]
pub(super) unsafe fn push_frame(
    vm: &Vm,
    r: &mut Regs,
    function: &Function,
    code: &Code,
    base: *mut Raw,
    fp: *mut Raw,
    args: usize,
    flags: u32,
) -> Result<(), Raised> {
    // SAFETY: the arguments lie below the stack's top; room for the frame is checked before it is used.
    unsafe {
        let locals = code.local_count as usize;
        let frame = r.frame.add(1);
        let top = fp.add(locals);
        if top.add(code.stack_size as usize + 8) > vm.stack.words_end() || !vm.frame_allowed(frame)
        {
            return Err(recursion(vm));
        }
        for i in args..locals {
            *fp.add(i) = Raw::NULL;
        }
        let caller = r.frame;
        if caller >= vm.stack.first() {
            (*caller).pc = r.pc;
        }
        *r = Record::start(frame, function, code, base, fp, flags);
        r.sp = top;
        vm.stack.frame.set(frame);
        Ok(())
    }
}

#[cold]
pub(super) fn recursion(vm: &Vm) -> Raised {
    vm.recursion_error("maximum recursion depth exceeded")
}

impl Vm {
    /// Whether a frame record may be used: the recursion limit, and the end of the array.
    #[inline(always)]
    fn frame_allowed(&self, frame: *mut Record) -> bool {
        frame < self.frame_limit.get()
    }

    /// Takes a new recursion limit over.
    pub fn apply_recursion_limit(&self, limit: usize) {
        self.recursion_limit.set(limit);
        let end = self.stack.first().wrapping_add(limit);
        self.frame_limit.set(end.min(self.stack.records_end()));
    }
}

/// CALL: `n` arguments above callable and self-or-null.
pub(super) unsafe fn call(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: the verifier has shown that the words are there.
    unsafe {
        let base = r.sp.sub(n + 2);
        let callable = (*base).object();
        let first = if (*base.add(1)).is_null() {
            base.add(2)
        } else {
            base.add(1)
        };
        let given = r.sp.offset_from(first) as usize;
        if callable.is_exact::<Function>() {
            let function = callable.downcast_unchecked::<Function>();
            if let Some(code) = function.code.peek_as()
                && takes_exactly(code, given)
            {
                return match push_frame(vm, r, function, code, base, first, given, 0) {
                    Ok(()) => Flow::Next,
                    Err(raised) => drop_call(vm, r, base, raised),
                };
            }
        }
        r.save(vm);
        call_other(vm, r, base, None)
    }
}

/// Gives up the words of a call that cannot be made.
#[cold]
unsafe fn drop_call(vm: &Vm, r: &mut Regs, base: *mut Raw, raised: Raised) -> Flow {
    // SAFETY: the words from `base` on are owned by the stack.
    unsafe { clear_words(vm, r, base) };
    failed(raised)
}

/// Releases the words from `base` to the top, lowest first.
pub(super) unsafe fn clear_words(vm: &Vm, r: &mut Regs, base: *mut Raw) {
    // SAFETY: as above; what is released may run code, which uses the stack above.
    unsafe {
        vm.stack.top.set(r.sp);
        let mut at = base;
        while at < r.sp {
            let word = std::mem::replace(&mut *at, Raw::NULL);
            if !word.is_null() {
                word.object().dec();
            }
            at = at.add(1);
        }
        r.sp = base;
    }
}

/// The words of a call as borrowed arguments.
pub(super) unsafe fn words<'a>(first: *mut Raw, n: usize) -> &'a [&'a Object] {
    // SAFETY: a non-null word and a reference have the same representation; the stack owns the objects.
    unsafe { std::slice::from_raw_parts(first.cast::<&'a Object>(), n) }
}

/// Any call that is no exact match of a Python function: the words from `base` to the top are callable, self-or-null and
/// arguments, the last of which belong to `names`.
#[inline(never)]
pub(super) unsafe fn call_other(
    vm: &Vm,
    r: &mut Regs,
    base: *mut Raw,
    names: Option<&Tuple>,
) -> Flow {
    // SAFETY: as for `call`.
    unsafe {
        let mut first = if (*base.add(1)).is_null() {
            base.add(2)
        } else {
            base.add(1)
        };
        let mut callable = (*base).object();
        if (*base.add(1)).is_null()
            && let Some(method) = callable.downcast_exact::<BoundMethod>()
        {
            // The method's self takes the empty place, its function that of the method, which goes.
            let old = *base;
            *base.add(1) = owned(&method.receiver);
            *base = owned(&method.function);
            first = base.add(1);
            old.object().dec();
            callable = (*base).object();
        }
        let given = r.sp.offset_from(first) as usize;
        if let Some(function) = callable.downcast_exact::<Function>() {
            let Some(code) = function.code.get() else {
                return drop_call(vm, r, base, vm.system_error("function without code"));
            };
            let keywords = names.map_or(0, Tuple::len);
            if keywords == 0 && takes_exactly(&code, given) {
                return match push_frame(vm, r, function, &code, base, first, given, 0) {
                    Ok(()) => Flow::Next,
                    Err(raised) => drop_call(vm, r, base, raised),
                };
            }
            return match bind_in_place(vm, r, function, &code, base, first, given, names, 0) {
                Ok(()) => {
                    if !code.source.flags.has(CodeFlags::OPTIMIZED) {
                        // A function of a module's code: its names are the globals.
                        (*r.frame).set_locals(owned(&function.globals.head));
                    }
                    Flow::Next
                }
                Err(raised) => drop_call(vm, r, base, raised),
            };
        }
        if let Some((class, init)) = initialised(vm, base)
            && let Some(code) = init.code.get()
            && !code.source.flags.has(CodeFlags::GENERATOR)
            && !code.source.flags.has(CodeFlags::COROUTINE)
            && !code.source.flags.has(CodeFlags::ASYNC_GENERATOR)
            && r.sp.add(8) <= vm.stack.words_end()
            && let Some(object) = Instance::place_quick(vm, class)
        {
            // class null x₁ … xₙ → instance function self x₁ … xₙ
            let mut at = r.sp;
            while at > first {
                *at = *at.sub(1);
                at = at.sub(1);
            }
            *base = object;
            *base.add(1) = owned(&init.head);
            *first = owned(object.object());
            r.sp = r.sp.add(1);
            vm.stack.top.set(r.sp);
            // The instance has its class: nothing goes here.
            class.head.dec();
            let flags = record_flags::INIT;
            return match bind_in_place(vm, r, init, &code, base, first, given + 1, names, flags) {
                Ok(()) => Flow::Next,
                Err(raised) => drop_call(vm, r, base, raised),
            };
        }
        let result = invoke(vm, callable, first, given, names);
        clear_words(vm, r, base);
        match result {
            Ok(value) => {
                r.push_ref(value);
                Flow::Next
            }
            Err(raised) => failed(raised),
        }
    }
}

/// The class of a call whose words begin here, with its `__init__` in Python, where the call is to make a plain instance
/// and to call that.
pub(super) unsafe fn initialised<'a>(vm: &Vm, base: *mut Raw) -> Option<(&'a Type, &'a Function)> {
    // SAFETY: the stack owns the class, which has the function as long as nothing runs.
    unsafe {
        let class: *const Type = (*base).object().downcast::<Type>()?;
        if !(*base.add(1)).is_null() {
            return None;
        }
        (*class).python_init(vm).map(|init| (&*class, init))
    }
}

/// Calls a native function, or a method of a builtin type together with its self, with arguments that lie on the stack and
/// belong to no names.
///
/// # Safety
/// The callable is exactly one of the two; the `given` words from `first` on are arguments, owned by the stack.
#[inline(never)]
pub(super) unsafe fn invoke_native(
    vm: &Vm,
    callable: &Object,
    first: *mut Raw,
    given: usize,
) -> PyResult {
    // SAFETY: the caller's promise.
    let args = unsafe { words(first, given) };
    let (def, receiver, args, parameters) = match callable.downcast_exact::<NativeFunction>() {
        Some(function) => {
            let receiver = function.borrowed_receiver().unwrap_or(vm.none());
            (function.def, receiver, args, &function.parameters)
        }
        None => {
            // SAFETY: the caller's promise.
            let method = unsafe { callable.downcast_unchecked::<MethodDescriptor>() };
            match args.split_first() {
                Some((this, rest)) if Type::of(this).is_subtype(&method.owner) => {
                    (method.def, *this, rest, &method.parameters)
                }
                _ => {
                    return crate::types::method_descriptor::call(
                        vm,
                        method,
                        Args::positional(args),
                    );
                }
            }
        }
    };
    match (&def.call, args) {
        (NativeCall::NoArgs(f), []) => f(vm, receiver),
        (NativeCall::One(f), [arg]) => f(vm, receiver, arg),
        (NativeCall::Positional { min, max, call }, args)
            if args.len() >= *min && args.len() <= *max =>
        {
            call(vm, receiver, args)
        }
        (NativeCall::Bound(f), args) => {
            crate::native::bind::call_positional(vm, def, *f, receiver, args, parameters)
        }
        (NativeCall::Raw(f), args) => call_raw(vm, *f, receiver, args),
        // SAFETY: the caller's promise. Whatever is wrong with the arguments is said there.
        _ => unsafe { invoke(vm, callable, first, given, None) },
    }
}

/// Calls a class whose metaclass is `type`, with positional arguments that lie on the stack.
///
/// # Safety
/// The `given` words from `first` on are arguments, owned by the stack.
#[inline(never)]
pub(super) unsafe fn invoke_class(
    vm: &Vm,
    class: &Object,
    first: *mut Raw,
    given: usize,
) -> PyResult {
    // SAFETY: the caller's promise.
    let args = unsafe { words(first, given) };
    // SAFETY: the caller's promise.
    let class = unsafe { class.downcast_unchecked::<Type>() };
    crate::types::ty::construct(vm, class, args)
}

/// A native function that takes the arguments as they come: apart, as their description takes room.
#[inline(never)]
fn call_raw(
    vm: &Vm,
    function: fn(&Vm, &Object, Args<'_>) -> PyResult,
    receiver: &Object,
    args: &[&Object],
) -> PyResult {
    function(vm, receiver, Args::positional(args))
}

/// Calls what is no Python function, with arguments that lie on the stack.
///
/// Handlers call this and the functions beside it, and none may be inlined into them: what is passed on by its address would
/// then keep the handler's last call from being a jump.
#[inline(never)]
pub(super) unsafe fn invoke(
    vm: &Vm,
    callable: &Object,
    first: *mut Raw,
    given: usize,
    names: Option<&Tuple>,
) -> PyResult {
    // SAFETY: the words are arguments, owned by the stack.
    let args = NamedArgs::new(unsafe { words(first, given) }, names);
    let args = args.args();
    if let Some(native) = callable.downcast_exact::<NativeFunction>() {
        return crate::types::native_function::call(vm, native, args);
    }
    if let Some(method) = callable.downcast_exact::<MethodDescriptor>() {
        return crate::types::method_descriptor::call(vm, method, args);
    }
    if callable.downcast::<Type>().is_some()
        && let Some(slot) = Type::of(callable).slots.call.get()
    {
        return slot(vm, callable, args);
    }
    protocol::call(vm, callable, args)
}

/// CALL_KW: as CALL, with the tuple of the keyword names on top.
pub(super) unsafe fn call_kw(vm: &Vm, r: &mut Regs, n: usize) -> Flow {
    // SAFETY: as for `call`.
    unsafe {
        let names = r.pop_ref();
        let base = r.sp.sub(n + 2);
        r.save(vm);
        match names.cast::<Tuple>() {
            Ok(names) => call_other(vm, r, base, Some(&names)),
            Err(_) => drop_call(vm, r, base, vm.system_error("keyword names are no tuple")),
        }
    }
}

/// CALL_FUNCTION_EX: callable, null, iterable of arguments, perhaps a mapping of keywords.
pub(super) unsafe fn call_ex(vm: &Vm, r: &mut Regs, with_keywords: bool) -> Flow {
    // SAFETY: as for `call`.
    unsafe {
        r.save(vm);
        let keywords = if with_keywords {
            Some(r.pop_ref())
        } else {
            None
        };
        let args = r.pop_ref();
        vm.stack.top.set(r.sp);
        let base = r.sp.sub(2);
        let callable = (*base).object();
        let without_names = keywords
            .as_ref()
            .is_none_or(|k| k.downcast_exact::<Dict>().is_some_and(Dict::is_empty));
        let positional = match args.cast::<Tuple>() {
            Ok(tuple) if tuple.is_exact::<Tuple>() => tuple,
            given => {
                let given = given.map_or_else(|other| other, Ref::upcast);
                if without_names && let Some(list) = given.downcast_exact::<List>() {
                    if !push_list(vm, r, list) {
                        return drop_call(vm, r, base, recursion(vm));
                    }
                    vm.stack.top.set(r.sp);
                    drop((given, keywords));
                    return call_other(vm, r, base, None);
                }
                match unpack_args(vm, callable, given) {
                    Ok(items) => items,
                    Err(raised) => return drop_call(vm, r, base, raised),
                }
            }
        };
        let in_python = callable.is_exact::<Function>()
            || callable.is_exact::<BoundMethod>()
            || initialised(vm, base).is_some();
        if without_names && !in_python {
            // What is not in Python takes the items where they are. The stack has the tuple meanwhile: a thread that never
            // comes back from the call leaves nothing behind.
            drop(keywords);
            let items = positional.as_slice();
            let (first, count) = (items.as_ptr().cast::<Raw>().cast_mut(), items.len());
            r.push_ref(positional.upcast());
            vm.stack.top.set(r.sp);
            let result = invoke(vm, callable, first, count, None);
            drop(r.pop_ref());
            clear_words(vm, r, base);
            return match result {
                Ok(value) => {
                    r.push_ref(value);
                    Flow::Next
                }
                Err(raised) => failed(raised),
            };
        }
        let mut names = None;
        let mut entries = Vec::new();
        if let Some(keywords) = keywords
            && let Some(dict) = keywords.downcast::<Dict>()
            && !dict.is_empty()
        {
            entries = dict.snapshot();
            if entries
                .iter()
                .any(|(key, _)| key.downcast::<Str>().is_none())
            {
                let raised = vm.type_error("keywords must be strings");
                return drop_call(vm, r, base, raised);
            }
            let keys = entries.iter().map(|(key, _)| key.clone());
            match Tuple::place(vm, &vm.types.tuple, keys) {
                Ok(tuple) => names = Some(tuple),
                Err(raised) => return drop_call(vm, r, base, raised),
            }
        }
        if r.sp.add(positional.len() + entries.len() + 8) > vm.stack.words_end() {
            return drop_call(vm, r, base, recursion(vm));
        }
        for value in positional.iter() {
            r.push(owned(value));
        }
        drop(positional);
        for (_, value) in entries {
            r.push_ref(value);
        }
        vm.stack.top.set(r.sp);
        call_other(vm, r, base, names.as_deref())
    }
}

/// Pushes the items of a list; false where there is no room for them.
unsafe fn push_list(vm: &Vm, r: &mut Regs, list: &List) -> bool {
    // SAFETY: there is room above the top for what is pushed; nothing runs meanwhile.
    unsafe {
        if r.sp.add(list.len() + 8) > vm.stack.words_end() {
            return false;
        }
        list.items.read(|items| {
            for item in items.iter() {
                r.push(owned(item));
            }
        });
        true
    }
}

/// The positional arguments of CALL_FUNCTION_EX as a tuple.
fn unpack_args(vm: &Vm, callable: &Object, args: Ref) -> PyResult<Ref<Tuple>> {
    if Type::of(&args).slots.iter.get().is_none() && Type::of(&args).slots.getitem.get().is_none() {
        return Err(vm.type_error(format!(
            "{} argument after * must be an iterable, not {}",
            describe(vm, callable),
            protocol::type_name(&args)
        )));
    }
    let items = protocol::collect(vm, &args)?;
    vm.new_tuple(items)
}

/// How messages about the arguments of a call name the callable: `module.qualname()`.
pub(super) fn describe(vm: &Vm, callable: &Object) -> String {
    let Some(name) = protocol::get_attr_opt(vm, callable, &vm.names.__qualname__)
        .ok()
        .flatten()
    else {
        return protocol::str(vm, callable).map_or_else(
            |r| {
                drop(vm.take_raised(r));
                String::new()
            },
            |s| s.to_text().into_owned(),
        );
    };
    let name = name
        .downcast::<Str>()
        .map_or_else(String::new, |n| n.to_text().into_owned());
    let module = protocol::get_attr_opt(vm, callable, &vm.names.__module__)
        .ok()
        .flatten();
    match module.as_ref().and_then(|m| m.downcast::<Str>()) {
        Some(module) if !module.eq_text("builtins") => format!("{}.{name}()", module.to_text()),
        _ => format!("{name}()"),
    }
}

/// Leaves the running frame with a result on top of its stack; the words of the call are given up.
///
/// The caller's registers come back, unless the frame was the one that the run began with.
pub(super) unsafe fn leave(vm: &Vm, r: &mut Regs, result: Raw) -> Flow {
    // SAFETY: the frame is the running one.
    unsafe {
        let frame = r.frame;
        if (*frame).flags == 0 {
            let base = (*frame).base;
            vm.stack.top.set(r.sp);
            // The last local goes first, as on CPython.
            let fp = (*frame).fp;
            let mut at = fp.add((*(*frame).code).local_count as usize);
            while at > fp {
                at = at.sub(1);
                let word = *at;
                if !word.is_null() {
                    *at = Raw::NULL;
                    word.object().dec();
                }
            }
            if !(*frame).frame_object.is_null() {
                // Somebody has asked for the frame while the locals went.
                super::frame::detach(vm, frame, fp);
            }
            let caller = frame.sub(1);
            vm.stack.frame.set(caller);
            *r = Regs {
                pc: (*caller).pc,
                sp: base,
                fp: (*caller).fp,
                frame: caller,
            };
            let mut at = base;
            while at < (*frame).fp {
                let word = *at;
                if !word.is_null() {
                    word.object().dec();
                }
                at = at.add(1);
            }
            r.push(result);
            return Flow::Next;
        }
        leave_slow(vm, r, result)
    }
}

/// As [`leave`], for frames with more to do.
#[inline(never)]
unsafe fn leave_slow(vm: &Vm, r: &mut Regs, mut result: Raw) -> Flow {
    // SAFETY: the frame is the running one.
    unsafe {
        let flags = (*r.frame).flags;
        let base = (*r.frame).base;
        let mut error = None;
        if flags & record_flags::INIT != 0 {
            // The instance stands where the class stood.
            let value = result.into_ref();
            let instance = std::mem::replace(&mut *base, Raw::NULL);
            if vm.is_none(&value) {
                result = instance;
            } else {
                let name = protocol::type_name(&value);
                error = Some(vm.type_error(format!("__init__() should return None, not '{name}'")));
                drop(value);
                instance.object().dec();
                result = Raw::NULL;
            }
        }
        let saved = error.is_some().then(|| vm.pending.take()).flatten();
        if flags & record_flags::GENERATOR != 0 {
            super::generator::ended(r);
        }
        close_frame(vm, r);
        if let Some(exception) = saved {
            let _ = vm.restore(exception);
            if flags & record_flags::ENTRY != 0 {
                return Flow::Exit;
            }
            return Flow::Error;
        }
        if flags & record_flags::DELIVERS != 0 {
            return super::generator::deliver(vm, r, result, true);
        }
        if flags & record_flags::OPERATOR != 0 {
            return super::operator::finish(vm, r, flags, result);
        }
        r.push(result);
        if flags & record_flags::ENTRY != 0 {
            Flow::Exit
        } else {
            Flow::Next
        }
    }
}

/// Takes the running frame off the stack: locals go to the frame object if somebody holds it, else they are released,
/// then the words of the call. The registers become those of the caller, its stack at the place of the result.
pub(super) unsafe fn close_frame(vm: &Vm, r: &mut Regs) {
    // SAFETY: the frame is the running one.
    unsafe {
        let frame = r.frame;
        let (base, fp) = ((*frame).base, (*frame).fp);
        vm.stack.top.set(r.sp);
        if !(*frame).frame_object.is_null() {
            super::frame::detach(vm, frame, r.sp);
        }
        // From the top down, as CPython does: what is still on the evaluation stack, then the locals, last one first.
        while r.sp > fp {
            r.sp = r.sp.sub(1);
            let word = std::mem::replace(&mut *r.sp, Raw::NULL);
            if !word.is_null() {
                word.object().dec();
            }
        }
        let locals = std::mem::replace(&mut (*frame).locals, Raw::NULL);
        if !locals.is_null() {
            locals.object().dec();
        }
        if (*frame).flags & record_flags::GENERATOR != 0 {
            let saved = std::mem::replace(&mut (*frame).saved_handled, Raw::NULL);
            let saved = if saved.is_null() {
                None
            } else {
                Some(saved.into_ref())
            };
            vm.handled.set(saved);
        }
        if !(*frame).frame_object.is_null() {
            // Somebody has asked for the frame while the locals went.
            super::frame::detach(vm, frame, fp);
        }
        let caller = frame.sub(1);
        vm.stack.frame.set(caller);
        let mut at = base;
        while at < fp {
            let word = std::mem::replace(&mut *at, Raw::NULL);
            if !word.is_null() {
                word.object().dec();
            }
            at = at.add(1);
        }
        if let Some(generator) = super::generator::generator_of(frame)
            && generator.state.get() == crate::object::GeneratorState::Done
        {
            generator.function.set(None);
        }
        if caller >= vm.stack.first() {
            *r = Regs {
                pc: (*caller).pc,
                sp: base,
                fp: (*caller).fp,
                frame: caller,
            };
        } else {
            *r = Regs {
                pc: std::ptr::null(),
                sp: base,
                fp: std::ptr::null_mut(),
                frame: caller,
            };
        }
        vm.stack.top.set(base);
    }
}

/// Registers for native code that is about to start a run.
pub(super) fn outer(vm: &Vm) -> Regs {
    let frame = vm.stack.frame.get();
    // SAFETY: a record at or above the first is live.
    let (pc, fp) = if vm.stack.is_empty() {
        (std::ptr::null(), std::ptr::null_mut())
    } else {
        unsafe { ((*frame).pc, (*frame).fp) }
    };
    Regs {
        pc,
        sp: vm.stack.top.get(),
        fp,
        frame,
    }
}

/// Calls a Python function from native code: the slot of `function` types.
pub fn call_function(vm: &Vm, function: &Function, args: Args<'_>) -> PyResult {
    let _depth = vm.enter_native("")?;
    // SAFETY: the words are pushed above all that is in use, with counts of their own.
    unsafe {
        let mut r = outer(vm);
        let outer_top = r.sp;
        if r.sp.add(args.values().len() + 16) > vm.stack.words_end() {
            return Err(recursion(vm));
        }
        let base = r.sp;
        r.push(owned(&function.head));
        r.push(Raw::NULL);
        for value in args.values() {
            r.push(owned(value));
        }
        vm.stack.top.set(r.sp);
        let flow = call_other(vm, &mut r, base, args.names());
        if flow != Flow::Next {
            vm.stack.top.set(outer_top);
            return Err(Raised(()));
        }
        (*r.frame).flags |= record_flags::ENTRY;
        let result = run::run(vm, r.reread());
        vm.stack.top.set(outer_top);
        result
    }
}

/// Runs the code of a module, a class body or an `eval`, with the given namespaces.
pub fn run_code(vm: &Vm, code: &Code, globals: &Ref<Dict>, locals: Option<&Object>) -> PyResult {
    let builtins = builtins_of(vm, globals)?;
    let function = super::code::new_function(vm, code, globals, builtins, None)?;
    run_function_with_locals(vm, &function, locals)
}

/// Runs a function without arguments whose names live in a mapping (a class body), or a module's code.
pub fn run_function_with_locals(vm: &Vm, function: &Function, locals: Option<&Object>) -> PyResult {
    let _depth = vm.enter_native("")?;
    let Some(code) = function.code.get() else {
        return Err(vm.system_error("function without code"));
    };
    // SAFETY: as for `call_function`.
    unsafe {
        let mut r = outer(vm);
        let outer_top = r.sp;
        if r.sp.add(16) > vm.stack.words_end() {
            return Err(recursion(vm));
        }
        let base = r.sp;
        r.push(owned(&function.head));
        r.push(Raw::NULL);
        let fp = r.sp;
        vm.stack.top.set(fp);
        if let Err(raised) = push_frame(
            vm,
            &mut r,
            function,
            &code,
            base,
            fp,
            0,
            record_flags::ENTRY,
        ) {
            clear_words(vm, &mut r, base);
            vm.stack.top.set(outer_top);
            return Err(raised);
        }
        if !code.source.flags.has(CodeFlags::NEWLOCALS) || locals.is_some() {
            let mapping = locals.unwrap_or(&function.globals.head);
            (*r.frame).set_locals(owned(mapping));
        }
        let result = run::run(vm, r.reread());
        vm.stack.top.set(outer_top);
        result
    }
}

/// The builtins that code with these globals sees: the dict of `__builtins__`, or the interpreter's.
pub fn builtins_of(vm: &Vm, globals: &Dict) -> PyResult<Ref<Dict>> {
    match globals.get_str(vm, &vm.names.__builtins__) {
        Some(found) => {
            if let Some(module) = found.downcast::<crate::object::Module>() {
                return Ok(module.dict.clone());
            }
            Ok(found.cast::<Dict>().unwrap_or_else(|_| vm.builtins.clone()))
        }
        None => Ok(vm.builtins.clone()),
    }
}

/// Makes the exception of a failed run ready for the caller: nothing but the sign.
pub(super) fn raised() -> Raised {
    Raised(())
}
