//! Making an interpreter.
//!
//! First everything is allocated that other objects' headers point to (types, then exceptions, names and constants), with
//! nothing but the heap; then there is a [`Vm`], and the types are filled: names, dicts, bases, methods.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::AtomicU32;

use viv_heap::layout::TypeHead;
use viv_heap::{HVec, Heap, HeapAlloc, Object, Ref, TypeFlags};

use super::exceptions::Exceptions;
use super::intern::InternTable;
use super::interp::Config;
use super::names::Names;
use super::threads::{ThisThread, Threads};
use super::{Compiler, Interp, Vm};
use crate::eval::CallStack;
use crate::native::{GetSetDef, MethodDef, Receiver};
use crate::object::{
    Dict, Exception, GetSetDescriptor, Inner, Int, MethodDescriptor, Singleton, Slot, Str, Tuple,
    Type, TypeTraits,
};
use crate::result::PyResult;
use crate::types::registry::Types;
use crate::types::spec::TypeSpec;

/// Ints that always exist: from -5 to 256, as on CPython.
const SMALL_INTS: std::ops::RangeInclusive<i64> = -5..=256;

/// Native stack that calls may use by default, in bytes.
const NATIVE_STACK: usize = 6 << 20;

/// Makes an interpreter and the state of its first thread, which the caller enters with [`Vm::enter`] to use it.
///
/// Its values live in `heap`, a new one. Nothing where there is not even memory for the builtin types.
pub fn create(heap: Box<Heap>, config: Config, compiler: Box<dyn Compiler>) -> Option<Box<Vm>> {
    let previous = heap.enter();
    let made = create_in(heap, config, compiler);
    Heap::leave(previous);
    made
}

fn create_in(heap: Box<Heap>, config: Config, compiler: Box<dyn Compiler>) -> Option<Box<Vm>> {
    let types = Types::allocate(&heap)?;
    let exceptions = Exceptions::allocate(&heap, &types)?;
    let names = Names::new(&heap, &types.str)?;
    let singleton = |ty: &Type| {
        immortal(
            heap.place(Singleton {
                head: Object::new(ty.type_head_of()),
            })
            .ok(),
        )
    };
    let int = |ty: &Type, n: i64| {
        immortal(
            heap.place(Int::small(Object::new(ty.type_head_of()), n))
                .ok(),
        )
    };
    let empty_tuple = immortal(Tuple::bootstrap(&heap, &types.tuple))?;
    let memory_error = immortal(
        heap.place(new_memory_error(
            exceptions.MemoryError.type_head_of(),
            &empty_tuple,
        ))
        .ok(),
    )?;
    let hash_key = hash_key(config.hash_seed);
    let int_max_str_digits = Cell::new(config.settings.int_max_str_digits);
    // Four bytes that live as long as the process: the heap and signal handlers keep the address.
    let breaker = Box::leak(Box::new(AtomicU32::new(0)));
    let interp = Interp {
        plain: Cell::new(false),
        exception_members: RefCell::default(),
        library_read: Cell::new(0),
        types_complete: Cell::new(false),
        none: singleton(&types.none_type)?,
        not_implemented: singleton(&types.not_implemented_type)?,
        ellipsis: singleton(&types.ellipsis_type)?,
        true_: int(&types.bool, 1)?,
        false_: int(&types.bool, 0)?,
        small_ints: SMALL_INTS
            .map(|n| int(&types.int, n))
            .collect::<Option<Vec<_>>>()?,
        empty_str: immortal(Str::bootstrap(&heap, &types.str, ""))?,
        latin1: [const { Slot::empty() }; 256],
        small_bytes: [const { Slot::empty() }; 257],
        memory_error: memory_error.upcast(),
        builtins: Dict::bootstrap(&heap, &types.dict)?,
        sys: Dict::bootstrap(&heap, &types.dict)?,
        modules: Dict::bootstrap(&heap, &types.dict)?,
        empty_tuple,
        config,
        native_modules: RefCell::default(),
        library: Cell::new(None),
        compiler,
        extra_types: RefCell::default(),
        interned: RefCell::new(InternTable::default()),
        lookup_cache: crate::object::lookup::LookupCache::default(),
        last_version: Cell::new(0),
        hash_key,
        breaker,
        threads: Threads::new(breaker),
        recursion_limit: Cell::new(1000),
        finalizing: Cell::new(false),
        int_max_str_digits,
        sources: RefCell::default(),
        explain: RefCell::default(),
        run_isolated: Cell::default(),
        typed: RefCell::default(),
        codecs: Default::default(),
        event_loops: Default::default(),
        slot_names: std::cell::OnceCell::new(),
        exit_functions: RefCell::default(),
        coroutine_origin_depth: Cell::new(0),
        signal_handlers: Default::default(),
        audit_hooks: RefCell::default(),
        dlopen_flags: Cell::new(libc::RTLD_NOW),
        tracer: RefCell::default(),
        main_code: Slot::default(),
        importing: RefCell::default(),
        import_clock: Default::default(),
        io: Default::default(),
        warnings: Default::default(),
        memory: Default::default(),
        types,
        exceptions,
        names,
        heap: Rc::new(heap),
    };
    let interp = Rc::new(interp);
    let vm = Box::new(Vm::new(interp, ThisThread::main(), CallStack::new()));
    vm.threads.add(&*vm);
    vm.heap
        .set_breaker(vm.breaker, super::interp::breaker::COLLECT);
    vm.stack.set_native_size(NATIVE_STACK);
    vm.apply_recursion_limit(1000);
    let entered = vm.enter();
    vm.intern_first(&vm.empty_str);
    vm.names
        .all()
        .into_iter()
        .for_each(|name| vm.intern_first(name));
    let filled = fill_types(&vm);
    drop(entered);
    filled.ok()?;
    Some(vm)
}

fn immortal<T: viv_heap::ObjectLayout>(object: Option<Ref<T>>) -> Option<Ref<T>> {
    let object = object?;
    object.as_object().make_immortal();
    Some(object)
}

fn new_memory_error(ty: &TypeHead, args: &Ref<Tuple>) -> Exception {
    Exception {
        head: Object::new(ty),
        args: Slot::full(args.clone()),
        traceback: Slot::default(),
        context: Slot::default(),
        cause: Slot::default(),
        suppress_context: Cell::new(false),
        dict: Slot::default(),
        extra: Inner::new(HVec::new_in(HeapAlloc)),
    }
}

/// The key of the string hash: from the seed as CPython derives it, or from the process's own randomness.
fn hash_key(seed: Option<u32>) -> (u64, u64) {
    match seed {
        Some(0) => (0, 0),
        Some(seed) => {
            // CPython's generator for PYTHONHASHSEED: the middle bits of a linear congruential sequence, byte by byte.
            let mut x = seed;
            let mut bytes = [0u8; 16];
            for byte in &mut bytes {
                x = x.wrapping_mul(214_013).wrapping_add(2_531_011);
                *byte = (x >> 16) as u8;
            }
            let half = |i: usize| {
                bytes[i..i + 8]
                    .iter()
                    .rev()
                    .fold(0u64, |n, b| n << 8 | u64::from(*b))
            };
            (half(0), half(8))
        }
        None => {
            use std::hash::{BuildHasher, Hasher, RandomState};
            let state = RandomState::new();
            let number = |n: u64| {
                let mut hasher = state.build_hasher();
                hasher.write_u64(n);
                hasher.finish()
            };
            (number(1), number(2))
        }
    }
}

/// Fills all builtin types and exception types, bases first; their namespaces come later, see [`fill_namespace`].
fn fill_types(vm: &Vm) -> PyResult<()> {
    for (spec, ty, base) in vm.types.all() {
        let base = if ty.is(base) { None } else { Some(base) };
        fill_type(vm, ty, base, spec.name)?;
        ty.pending.set(Some(spec));
    }
    for ty in [
        &vm.types.generator,
        &vm.types.coroutine,
        &vm.types.async_generator,
    ] {
        ty.info
            .flags
            .set(ty.info.flags.get() | TypeFlags::WEAKREFS_FIRST);
    }
    let exceptions = vm.exceptions.all();
    for &(name, doc, ty, base) in &exceptions {
        let base = match base {
            "BaseException" => vm.types.base_exception.clone(),
            other => match exceptions.iter().find(|(n, ..)| *n == other) {
                Some((_, _, base, _)) => (*base).clone(),
                None => vm.types.base_exception.clone(),
            },
        };
        ty.doc.set(doc);
        fill_type(vm, ty, Some(&base), name)?;
        ty.pending.set(Some(&EXCEPTION));
    }
    crate::types::exception::finish_types(vm)
}

/// What the namespace of an exception type starts with: the wrappers of slots and the documentation alone.
static EXCEPTION: TypeSpec = TypeSpec::new(<Exception as viv_heap::ObjectLayout>::layout, true);

/// Name, bases, MRO, inherited slots.
pub fn fill_type(vm: &Vm, ty: &Ref<Type>, base: Option<&Ref<Type>>, name: &str) -> PyResult<()> {
    let name = vm.intern(name)?;
    ty.name.set(Some(name.clone()));
    ty.qualname.set(Some(name));
    let above = base.and_then(|base| base.mro.get());
    let above = above.as_ref().map_or(&[][..], |above| above.as_slice());
    let mro = Tuple::of_slices(vm, &[ty.clone().upcast()], above)?;
    if let Some(base) = base {
        ty.base.set(Some(base.clone()));
        ty.bases
            .set(Some(Tuple::single(vm, base.clone().upcast())?));
        if ty.slots.compare.get().is_some() && ty.slots.hash.get().is_none() {
            ty.traits.set(ty.traits.get() | TypeTraits::UNHASHABLE);
        }
        let has_new = ty.slots.new.get().is_some();
        ty.slots.inherit(&base.slots);
        if !has_new && base.is(&vm.types.object) {
            // As on CPython: a builtin type without a constructor does not get that of `object`.
            ty.slots.new.set(None);
            ty.traits.set(ty.traits.get() | TypeTraits::NO_NEW);
        }
        if ty.has(TypeTraits::UNHASHABLE) {
            ty.slots.hash.set(None);
        }
        ty.register_with_bases();
    } else {
        ty.bases.set(Some(vm.empty_tuple.clone()));
    }
    if ty.slots.finalize.get().is_some() {
        ty.info
            .flags
            .set(ty.info.flags.get() | TypeFlags::HAS_FINALIZER);
    }
    ty.mro.set(Some(mro));
    Ok(())
}

/// The namespace of a type that is made while the program runs.
pub fn fill_from_spec(vm: &Vm, ty: &Ref<Type>, spec: &'static TypeSpec) -> PyResult<()> {
    ty.namespace.set(Some(namespace(vm, ty, spec)?));
    Ok(())
}

/// The namespace of a builtin type, made when it is first asked for: most programs look at a fraction of the types.
///
/// It belongs to the basis on which a program stands, as if it had been made at the start: neither counted nor refused.
/// Where the system itself has no more memory the type stays without, and the next one who asks tries again.
#[cold]
#[inline(never)]
pub(crate) fn fill_namespace(vm: &Vm, ty: &Type) {
    let Some(spec) = ty.pending.take() else {
        return;
    };
    let ty = Ref::of(ty);
    let make = || {
        let dict = namespace(vm, &ty, spec)?;
        // What exception classes have beside that.
        let noted = vm.exception_members.borrow();
        for &(_, methods, getset) in noted.iter().filter(|(class, ..)| class.is(&ty)) {
            add_descriptors(vm, &ty, &dict, methods, getset)?;
        }
        Ok(dict)
    };
    match vm.heap.in_basis(make) {
        Ok(dict) => ty.namespace.set(Some(dict)),
        Err(raised) => {
            ty.pending.set(Some(spec));
            drop(vm.take_raised(raised));
        }
    }
}

/// Adds the descriptors of methods and computed attributes to a namespace.
fn add_descriptors(
    vm: &Vm,
    ty: &Ref<Type>,
    dict: &Dict,
    methods: &'static [MethodDef],
    getset: &'static [GetSetDef],
) -> PyResult<()> {
    for def in methods {
        let name = vm.intern(def.name)?;
        dict.set_str(vm, &name, &*method_descriptor(vm, ty, def)?)?;
    }
    for def in getset {
        let name = vm.intern(def.name)?;
        dict.set_str(vm, &name, &*getset_descriptor(vm, ty, def)?)?;
    }
    Ok(())
}

impl Vm {
    /// Makes the namespaces of all builtin types: for those who are about to look at the heap as a whole, so that they see
    /// what the program makes and not what the interpreter puts off.
    pub fn complete_types(&self) {
        if self.types_complete.replace(true) {
            return;
        }
        for (_, ty, _) in self.types.all() {
            fill_namespace(self, ty);
        }
        for (_, _, ty, _) in self.exceptions.all() {
            fill_namespace(self, ty);
        }
    }
}

/// Methods and attributes of a spec, wrappers of the slots, `__doc__`, `__hash__` of None where the type is unhashable.
fn namespace(vm: &Vm, ty: &Ref<Type>, spec: &'static TypeSpec) -> PyResult<Ref<Dict>> {
    let dict = vm.new_dict()?;
    let methods: usize = spec.methods.iter().map(|table| table.len()).sum();
    dict.reserve(methods + spec.getset.len());
    for table in spec.methods {
        add_descriptors(vm, ty, &dict, table, &[])?;
    }
    add_descriptors(vm, ty, &dict, &[], spec.getset)?;
    crate::types::ty::add_slot_wrappers(vm, ty, &dict)?;
    if dict.get_str(vm, &vm.names.__doc__).is_none() {
        let doc = ty.doc.get();
        let doc = if doc.is_empty() {
            vm.none_ref()
        } else {
            vm.new_str(doc)?.upcast()
        };
        dict.set_str(vm, &vm.names.__doc__, &doc)?;
    }
    Ok(dict)
}

/// The descriptor of a native method as it stands in a type's dict.
pub fn method_descriptor(vm: &Vm, ty: &Ref<Type>, def: &'static MethodDef) -> PyResult {
    let class = match def.receiver {
        Receiver::Instance => &vm.types.method_descriptor,
        Receiver::Class => &vm.types.class_method_descriptor,
        Receiver::Static => return crate::types::static_method::of_native(vm, ty, def),
    };
    let made = vm.place(MethodDescriptor {
        head: Object::new(class.type_head_of()),
        def,
        owner: ty.clone(),
        parameters: std::cell::OnceCell::new(),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

/// The descriptor of a computed attribute as it stands in a type's dict.
pub fn getset_descriptor(vm: &Vm, ty: &Ref<Type>, def: &'static GetSetDef) -> PyResult {
    let class = if def.member {
        &vm.types.getset_member
    } else {
        &vm.types.getset_descriptor
    };
    let head = Object::new(class.type_head_of());
    let made = vm.place(GetSetDescriptor {
        head,
        def,
        owner: ty.clone(),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}
