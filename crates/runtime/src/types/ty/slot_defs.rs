//! The one table between special method names and slots.
//!
//! For a class statement, a slot whose method some class of the MRO defines in Python becomes a function that looks the
//! method up and calls it. For a builtin type, each filled slot gives wrappers under its names.

use viv_bytecode::CompareOp;
use viv_heap::{Object, Ref};

use crate::args::Args;
use crate::native::bind::check_count;
use crate::object::{Int, Str, Type, TypeTraits};
use crate::protocol;
use crate::result::PyResult;
use crate::slots::{Binary, Slots};
use crate::vm::Vm;

/// What calling a wrapper does: the slots of the type that owns it, self, arguments.
pub type Wrapper = fn(&Vm, &Slots, &Object, &[&Object], Args<'_>) -> PyResult;

/// One special method.
pub struct SlotDef {
    /// Its name.
    pub name: &'static str,
    /// Fewest and most arguments of the wrapper.
    pub arguments: (usize, usize),
    /// Whether the slot is filled.
    pub filled: fn(&Slots) -> bool,
    /// Fills the slot with the function that looks the method up.
    pub install: fn(&Slots),
    /// Copies the slot from another type.
    pub copy: fn(&Slots, &Slots),
    /// Whether two types have the very same function in the slot.
    pub same: fn(&Slots, &Slots) -> bool,
    /// Calls the slot.
    pub wrap: Wrapper,
}

fn method(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    match protocol::lookup_special(vm, object, name)? {
        Some(method) => Ok(method),
        None => Err(protocol::attribute::no_attribute(vm, object, name)),
    }
}

/// Calls a special method, its function unbound where it is one.
fn call_special(vm: &Vm, object: &Object, name: &Str, args: &[&Object]) -> PyResult {
    let ty = Type::of(object);
    match ty.lookup(vm, name) {
        Some(found) if Type::of(&found).has(TypeTraits::METHOD_DESCRIPTOR) => {
            let mut all = Vec::with_capacity(args.len() + 1);
            all.push(object);
            all.extend_from_slice(args);
            protocol::call_args(vm, &found, &all)
        }
        Some(found) if vm.is_none(&found) => Err(vm.type_error("'NoneType' object is not callable")),
        Some(found) => match Type::of(&found).slots.descr_get.get() {
            Some(get) => {
                let bound = get(vm, &found, Some(object), Some(&ty.head))?;
                protocol::call_args(vm, &bound, args)
            }
            None => protocol::call_args(vm, &found, args),
        },
        None => Err(protocol::attribute::no_attribute(vm, object, name)),
    }
}

/// `a op b` where at least one side defines it in Python.
fn binary_slot(vm: &Vm, a: &Object, b: &Object, op: usize, own: Binary, name: &Str, reflected: &Str) -> PyResult {
    let (ta, tb) = (Type::of(a), Type::of(b));
    let uses = |t: &Type| t.slots.binary[op].get().is_some_and(|f| std::ptr::fn_addr_eq(f, own));
    let mut other = !ta.is(tb) && uses(tb);
    if uses(ta) {
        if other && tb.is_subtype(ta) && overrides(vm, ta, tb, reflected) {
            let result = call_special(vm, b, reflected, &[a])?;
            if !vm.is_not_implemented(&result) {
                return Ok(result);
            }
            other = false;
        }
        if ta.lookup(vm, name).is_some() {
            let result = call_special(vm, a, name, &[b])?;
            if !vm.is_not_implemented(&result) || ta.is(tb) {
                return Ok(result);
            }
        }
    }
    if other && tb.lookup(vm, reflected).is_some() {
        return call_special(vm, b, reflected, &[a]);
    }
    Ok(vm.not_implemented())
}

/// Whether the right operand's class has a reflected method of its own.
fn overrides(vm: &Vm, left: &Type, right: &Type, reflected: &Str) -> bool {
    match (left.lookup(vm, reflected), right.lookup(vm, reflected)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(a), Some(b)) => !a.is(&b),
    }
}

fn compare_slot(vm: &Vm, a: &Object, b: &Object, op: CompareOp) -> PyResult {
    let n = &vm.names;
    let name = match op {
        CompareOp::Lt => &n.__lt__,
        CompareOp::Le => &n.__le__,
        CompareOp::Eq => &n.__eq__,
        CompareOp::Ne => &n.__ne__,
        CompareOp::Gt => &n.__gt__,
        CompareOp::Ge => &n.__ge__,
    };
    match Type::of(a).lookup(vm, name) {
        Some(_) => call_special(vm, a, name, &[b]),
        None => Ok(vm.not_implemented()),
    }
}

fn hash_slot(vm: &Vm, object: &Object) -> PyResult<i64> {
    let result = call_special(vm, object, &vm.names.__hash__, &[])?;
    match result.downcast::<Int>() {
        Some(int) => {
            let hash = match int.as_i64() {
                Some(n) => n,
                None => protocol::hash(vm, &result)?,
            };
            Ok(if hash == -1 { -2 } else { hash })
        }
        None => Err(vm.type_error("__hash__ method should return an integer")),
    }
}

fn bool_slot(vm: &Vm, object: &Object) -> PyResult<bool> {
    let result = call_special(vm, object, &vm.names.__bool__, &[])?;
    if result.is(&vm.true_.head) {
        return Ok(true);
    }
    if result.is(&vm.false_.head) {
        return Ok(false);
    }
    Err(vm.type_error(format!("__bool__ should return bool, returned {}", protocol::type_name(&result))))
}

fn len_slot(vm: &Vm, object: &Object) -> PyResult<usize> {
    let result = call_special(vm, object, &vm.names.__len__, &[])?;
    let index = protocol::index(vm, &result)?;
    match index.downcast::<Int>() {
        Some(int) if int.signum() < 0 => Err(vm.value_error("__len__() should return >= 0")),
        Some(int) => match int.as_i64() {
            Some(n) => Ok(n as usize),
            None => Err(vm.overflow_error("cannot fit 'int' into an index-sized integer")),
        },
        None => Err(vm.type_error("an integer is required")),
    }
}

fn next_slot(vm: &Vm, object: &Object) -> PyResult<Option<Ref>> {
    match call_special(vm, object, &vm.names.__next__, &[]) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => Err(raised),
    }
}

fn getattr_slot(vm: &Vm, object: &Object, name: &Str) -> PyResult {
    let ty = Type::of(object);
    let custom = ty.lookup(vm, &vm.names.__getattribute__);
    let first = match custom {
        Some(found) if found.downcast::<super::wrapper::SlotWrapper>().is_none() => {
            call_special(vm, object, &vm.names.__getattribute__, &[name])
        }
        Some(found) => match found.downcast::<super::wrapper::SlotWrapper>().and_then(|w| w.owner.slots.getattr.get()) {
            Some(native) => native(vm, object, name),
            None => crate::types::object::generic_get_attr(vm, object, name),
        },
        None => crate::types::object::generic_get_attr(vm, object, name),
    };
    match first {
        Err(raised) if vm.raised_is(&raised, &vm.exceptions.AttributeError) && Type::of(object).lookup(vm, &vm.names.__getattr__).is_some() => {
            drop(vm.take_raised(raised));
            call_special(vm, object, &vm.names.__getattr__, &[name])
        }
        other => other,
    }
}

fn setattr_slot(vm: &Vm, object: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(value) => call_special(vm, object, &vm.names.__setattr__, &[name, value]).map(drop),
        None => call_special(vm, object, &vm.names.__delattr__, &[name]).map(drop),
    }
}

fn setitem_slot(vm: &Vm, object: &Object, key: &Object, value: Option<&Object>) -> PyResult<()> {
    let (name, args): (_, &[&Object]) = match &value {
        Some(value) => (&vm.names.__setitem__, &[key, value]),
        None => (&vm.names.__delitem__, &[key]),
    };
    if Type::of(object).lookup(vm, name).is_none() {
        let what = if value.is_some() { "does not support item assignment" } else { "doesn't support item deletion" };
        return Err(vm.type_error(format!("'{}' object {what}", protocol::type_name(object))));
    }
    call_special(vm, object, name, args).map(drop)
}

fn contains_slot(vm: &Vm, object: &Object, item: &Object) -> PyResult<bool> {
    match Type::of(object).lookup(vm, &vm.names.__contains__) {
        Some(found) if vm.is_none(&found) => {
            Err(vm.type_error(format!("'{}' object is not a container", protocol::type_name(object))))
        }
        _ => {
            let result = call_special(vm, object, &vm.names.__contains__, &[item])?;
            protocol::is_true(vm, &result)
        }
    }
}

fn iter_slot(vm: &Vm, object: &Object) -> PyResult {
    match Type::of(object).lookup(vm, &vm.names.__iter__) {
        Some(found) if vm.is_none(&found) => {
            Err(vm.type_error(format!("'{}' object is not iterable", protocol::type_name(object))))
        }
        _ => call_special(vm, object, &vm.names.__iter__, &[]),
    }
}

fn call_slot(vm: &Vm, object: &Object, args: Args<'_>) -> PyResult {
    let method = method(vm, object, &vm.names.__call__)?;
    protocol::call(vm, &method, args)
}

fn new_slot(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let function = protocol::get_attr(vm, &ty.head, &vm.names.__new__)?;
    let mut values = Vec::with_capacity(args.values().len() + 1);
    values.push(&ty.head);
    values.extend_from_slice(args.values());
    protocol::call(vm, &function, Args::new(&values, args.names()))
}

fn init_slot(vm: &Vm, object: &Object, args: Args<'_>) -> PyResult<()> {
    let ty = Type::of(object);
    let Some(found) = ty.lookup(vm, &vm.names.__init__) else { return Ok(()) };
    let result = if Type::of(&found).has(TypeTraits::METHOD_DESCRIPTOR) {
        let mut values = Vec::with_capacity(args.values().len() + 1);
        values.push(object);
        values.extend_from_slice(args.values());
        protocol::call(vm, &found, Args::new(&values, args.names()))?
    } else {
        let method = method(vm, object, &vm.names.__init__)?;
        protocol::call(vm, &method, args)?
    };
    if vm.is_none(&result) {
        return Ok(());
    }
    Err(vm.type_error(format!("__init__() should return None, not '{}'", protocol::type_name(&result))))
}

fn descr_get_slot(vm: &Vm, descriptor: &Object, instance: Option<&Object>, owner: Option<&Object>) -> PyResult {
    let (instance, owner) = (instance.unwrap_or(vm.none()), owner.unwrap_or(vm.none()));
    if Type::of(descriptor).lookup(vm, &vm.names.__get__).is_none() {
        return Ok(descriptor.to_ref());
    }
    call_special(vm, descriptor, &vm.names.__get__, &[instance, owner])
}

fn descr_set_slot(vm: &Vm, descriptor: &Object, instance: &Object, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(value) => call_special(vm, descriptor, &vm.names.__set__, &[instance, value]).map(drop),
        None => call_special(vm, descriptor, &vm.names.__delete__, &[instance]).map(drop),
    }
}

fn finalize_slot(vm: &Vm, object: &Object) {
    if let Err(raised) = call_special(vm, object, &vm.names.__del__, &[]) {
        let exception = vm.take_raised(raised);
        let method = Type::of(object).lookup(vm, &vm.names.__del__);
        crate::types::exception::report_unraisable(vm, &exception, method.as_deref());
    }
}

fn pow_slot(vm: &Vm, x: &Object, y: &Object, z: &Object) -> PyResult {
    if vm.is_none(z) {
        return protocol::binary(vm, x, y, viv_bytecode::BinaryOp::Pow);
    }
    call_special(vm, x, &vm.names.__pow__, &[y, z])
}

/// A slot wrapper's missing slot; wrappers only exist for filled ones.
fn absent(vm: &Vm) -> crate::result::Raised {
    vm.type_error("the type has no such operation")
}

macro_rules! unary_defs {
    ($($name:literal $slot:ident $field:ident;)+) => { &[$(
        SlotDef {
            name: $name,
            arguments: (0, 0),
            filled: |s| s.$slot.get().is_some(),
            install: |s| s.$slot.set(Some(|vm, o| call_special(vm, o, &vm.names.$field, &[]))),
            copy: |s, from| s.$slot.set(from.$slot.get()),
            same: |s, other| s.$slot.get().map(|f| f as usize) == other.$slot.get().map(|f| f as usize),
            wrap: |vm, s, o, _, _| match s.$slot.get() { Some(f) => f(vm, o), None => Err(absent(vm)) },
        },
    )+] };
}

static UNARY: &[SlotDef] = unary_defs! {
    "__repr__" repr __repr__;
    "__str__" str __str__;
    "__neg__" neg __neg__;
    "__pos__" pos __pos__;
    "__invert__" invert __invert__;
    "__abs__" abs __abs__;
    "__int__" int __int__;
    "__float__" float __float__;
    "__index__" index __index__;
    "__await__" awaitable __await__;
    "__aiter__" aiter __aiter__;
    "__anext__" anext __anext__;
};

macro_rules! compare_defs {
    ($($name:literal $op:ident;)+) => { &[$(
        SlotDef {
            name: $name,
            arguments: (1, 1),
            filled: |s| s.compare.get().is_some(),
            install: |s| s.compare.set(Some(compare_slot)),
            copy: |s, from| s.compare.set(from.compare.get()),
            same: |s, other| s.compare.get().map(|f| f as usize) == other.compare.get().map(|f| f as usize),
            wrap: |vm, s, o, a, _| match s.compare.get() { Some(f) => f(vm, o, a[0], CompareOp::$op), None => Err(absent(vm)) },
        },
    )+] };
}

static COMPARE: &[SlotDef] = compare_defs! {
    "__lt__" Lt; "__le__" Le; "__eq__" Eq; "__ne__" Ne; "__gt__" Gt; "__ge__" Ge;
};

macro_rules! binary_defs {
    ($($index:literal $name:literal $field:ident $rname:literal $rfield:ident $iname:literal $ifield:ident;)+) => {
        static BINARY: &[SlotDef] = &[$(
            SlotDef {
                name: $name,
                arguments: if $index == 6 { (1, 2) } else { (1, 1) },
                filled: |s| s.binary[$index].get().is_some(),
                install: |s| s.binary[$index].set(Some($field)),
                copy: |s, from| s.binary[$index].set(from.binary[$index].get()),
                same: |s, other| s.binary[$index].get().map(|f| f as usize) == other.binary[$index].get().map(|f| f as usize),
                wrap: |vm, s, o, a, _| {
                    if let (6, Some(modulus), Some(f)) = ($index, a.get(1), s.pow.get()) {
                        return f(vm, o, a[0], modulus);
                    }
                    match s.binary[$index].get() { Some(f) => f(vm, o, a[0]), None => Err(absent(vm)) }
                },
            },
            SlotDef {
                name: $rname,
                arguments: (1, 1),
                filled: |s| s.binary[$index].get().is_some(),
                install: |s| s.binary[$index].set(Some($field)),
                copy: |s, from| s.binary[$index].set(from.binary[$index].get()),
                same: |s, other| s.binary[$index].get().map(|f| f as usize) == other.binary[$index].get().map(|f| f as usize),
                wrap: |vm, s, o, a, _| match s.binary[$index].get() { Some(f) => f(vm, a[0], o), None => Err(absent(vm)) },
            },
            SlotDef {
                name: $iname,
                arguments: (1, 1),
                filled: |s| s.inplace[$index].get().is_some(),
                install: |s| s.inplace[$index].set(Some(|vm, a, b| call_special(vm, a, &vm.names.$ifield, &[b]))),
                copy: |s, from| s.inplace[$index].set(from.inplace[$index].get()),
                same: |s, other| s.inplace[$index].get().map(|f| f as usize) == other.inplace[$index].get().map(|f| f as usize),
                wrap: |vm, s, o, a, _| match s.inplace[$index].get() { Some(f) => f(vm, o, a[0]), None => Err(absent(vm)) },
            },
        )+];
        $(
            fn $field(vm: &Vm, a: &Object, b: &Object) -> PyResult {
                binary_slot(vm, a, b, $index, $field, &vm.names.$field, &vm.names.$rfield)
            }
        )+
    };
}

binary_defs! {
    0 "__add__" __add__ "__radd__" __radd__ "__iadd__" __iadd__;
    1 "__sub__" __sub__ "__rsub__" __rsub__ "__isub__" __isub__;
    2 "__mul__" __mul__ "__rmul__" __rmul__ "__imul__" __imul__;
    3 "__truediv__" __truediv__ "__rtruediv__" __rtruediv__ "__itruediv__" __itruediv__;
    4 "__floordiv__" __floordiv__ "__rfloordiv__" __rfloordiv__ "__ifloordiv__" __ifloordiv__;
    5 "__mod__" __mod__ "__rmod__" __rmod__ "__imod__" __imod__;
    6 "__pow__" __pow__ "__rpow__" __rpow__ "__ipow__" __ipow__;
    7 "__lshift__" __lshift__ "__rlshift__" __rlshift__ "__ilshift__" __ilshift__;
    8 "__rshift__" __rshift__ "__rrshift__" __rrshift__ "__irshift__" __irshift__;
    9 "__and__" __and__ "__rand__" __rand__ "__iand__" __iand__;
    10 "__or__" __or__ "__ror__" __ror__ "__ior__" __ior__;
    11 "__xor__" __xor__ "__rxor__" __rxor__ "__ixor__" __ixor__;
    12 "__matmul__" __matmul__ "__rmatmul__" __rmatmul__ "__imatmul__" __imatmul__;
}

macro_rules! def {
    ($name:literal, ($min:expr, $max:expr), $slot:ident = $generic:expr, $wrap:expr) => {
        SlotDef {
            name: $name,
            arguments: ($min, $max),
            filled: |s| s.$slot.get().is_some(),
            install: |s| s.$slot.set(Some($generic)),
            copy: |s, from| s.$slot.set(from.$slot.get()),
            same: |s, other| s.$slot.get().map(|f| f as usize) == other.$slot.get().map(|f| f as usize),
            wrap: $wrap,
        }
    };
}

fn name_argument<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Str> {
    object.downcast::<Str>().ok_or_else(|| {
        vm.type_error(format!("attribute name must be string, not '{}'", protocol::type_name(object)))
    })
}

static OTHER: &[SlotDef] = &[
    def!("__hash__", (0, 0), hash = hash_slot, |vm, s, o, _, _| match s.hash.get() { Some(f) => vm.new_int(f(vm, o)?), None => Err(absent(vm)) }),
    def!("__call__", (0, usize::MAX), call = call_slot, |vm, s, o, _, args| match s.call.get() { Some(f) => f(vm, o, args), None => Err(absent(vm)) }),
    def!("__init__", (0, usize::MAX), init = init_slot, |vm, s, o, _, args| match s.init.get() { Some(f) => f(vm, o, args).map(|()| vm.none_ref()), None => Err(absent(vm)) }),
    def!("__getattribute__", (1, 1), getattr = getattr_slot, |vm, s, o, a, _| match s.getattr.get() { Some(f) => f(vm, o, name_argument(vm, a[0])?), None => Err(absent(vm)) }),
    def!("__setattr__", (2, 2), setattr = setattr_slot, |vm, s, o, a, _| match s.setattr.get() { Some(f) => f(vm, o, name_argument(vm, a[0])?, Some(a[1])).map(|()| vm.none_ref()), None => Err(absent(vm)) }),
    def!("__delattr__", (1, 1), setattr = setattr_slot, |vm, s, o, a, _| match s.setattr.get() { Some(f) => f(vm, o, name_argument(vm, a[0])?, None).map(|()| vm.none_ref()), None => Err(absent(vm)) }),
    def!("__iter__", (0, 0), iter = iter_slot, |vm, s, o, _, _| match s.iter.get() { Some(f) => f(vm, o), None => Err(absent(vm)) }),
    def!("__next__", (0, 0), next = next_slot, |vm, s, o, _, _| match s.next.get() {
        Some(f) => match f(vm, o)? { Some(value) => Ok(value), None => Err(vm.stop_iteration(None)) },
        None => Err(absent(vm)),
    }),
    def!("__get__", (1, 2), descr_get = descr_get_slot, |vm, s, o, a, _| match s.descr_get.get() {
        Some(f) => {
            let given = |i: usize| a.get(i).copied().filter(|x| !vm.is_none(x));
            if given(0).is_none() && given(1).is_none() {
                return Err(vm.type_error("__get__(None, None) is invalid"));
            }
            f(vm, o, given(0), given(1))
        }
        None => Err(absent(vm)),
    }),
    def!("__set__", (2, 2), descr_set = descr_set_slot, |vm, s, o, a, _| match s.descr_set.get() { Some(f) => f(vm, o, a[0], Some(a[1])).map(|()| vm.none_ref()), None => Err(absent(vm)) }),
    def!("__delete__", (1, 1), descr_set = descr_set_slot, |vm, s, o, a, _| match s.descr_set.get() { Some(f) => f(vm, o, a[0], None).map(|()| vm.none_ref()), None => Err(absent(vm)) }),
    def!("__len__", (0, 0), len = len_slot, |vm, s, o, _, _| match s.len.get() { Some(f) => vm.new_usize(f(vm, o)?), None => Err(absent(vm)) }),
    def!("__getitem__", (1, 1), getitem = |vm, o, k| call_special(vm, o, &vm.names.__getitem__, &[k]), |vm, s, o, a, _| match s.getitem.get() { Some(f) => f(vm, o, a[0]), None => Err(absent(vm)) }),
    def!("__setitem__", (2, 2), setitem = setitem_slot, |vm, s, o, a, _| match s.setitem.get() { Some(f) => f(vm, o, a[0], Some(a[1])).map(|()| vm.none_ref()), None => Err(absent(vm)) }),
    def!("__delitem__", (1, 1), setitem = setitem_slot, |vm, s, o, a, _| match s.setitem.get() { Some(f) => f(vm, o, a[0], None).map(|()| vm.none_ref()), None => Err(absent(vm)) }),
    def!("__contains__", (1, 1), contains = contains_slot, |vm, s, o, a, _| match s.contains.get() { Some(f) => Ok(vm.bool(f(vm, o, a[0])?)), None => Err(absent(vm)) }),
    def!("__bool__", (0, 0), bool = bool_slot, |vm, s, o, _, _| match s.bool.get() { Some(f) => Ok(vm.bool(f(vm, o)?)), None => Err(absent(vm)) }),
    def!("__del__", (0, 0), finalize = finalize_slot, |vm, s, o, _, _| match s.finalize.get() { Some(f) => { f(vm, o); Ok(vm.none_ref()) } None => Err(absent(vm)) }),
];

/// Sequence operators: wrapped under the names of the number protocol where that slot is empty.
static SEQUENCE: &[SlotDef] = &[
    def!("__add__", (1, 1), concat = |vm, a, b| call_special(vm, a, &vm.names.__add__, &[b]), |vm, s, o, a, _| match s.concat.get() { Some(f) => f(vm, o, a[0]), None => Err(absent(vm)) }),
    def!("__iadd__", (1, 1), inplace_concat = |vm, a, b| call_special(vm, a, &vm.names.__iadd__, &[b]), |vm, s, o, a, _| match s.inplace_concat.get() { Some(f) => f(vm, o, a[0]), None => Err(absent(vm)) }),
    def!("__mul__", (1, 1), repeat = repeat_unused, |vm, s, o, a, _| match s.repeat.get() { Some(f) => f(vm, o, protocol::to_index(vm, a[0])?), None => Err(absent(vm)) }),
    def!("__rmul__", (1, 1), repeat = repeat_unused, |vm, s, o, a, _| match s.repeat.get() { Some(f) => f(vm, o, protocol::to_index(vm, a[0])?), None => Err(absent(vm)) }),
    def!("__imul__", (1, 1), inplace_repeat = repeat_unused, |vm, s, o, a, _| match s.inplace_repeat.get() { Some(f) => f(vm, o, protocol::to_index(vm, a[0])?), None => Err(absent(vm)) }),
];

fn repeat_unused(vm: &Vm, object: &Object, n: i64) -> PyResult {
    let n = vm.new_int(n)?;
    call_special(vm, object, &vm.names.__mul__, &[&n])
}

fn all() -> impl Iterator<Item = &'static SlotDef> {
    UNARY.iter().chain(COMPARE).chain(BINARY).chain(OTHER)
}

/// Whether a name is that of a special method with a slot.
pub fn has_slot(name: &str) -> bool {
    name.starts_with("__") && (matches!(name, "__new__" | "__getattr__") || all().any(|d| d.name == name))
}

/// The class of the MRO that defines a name first.
fn definer(vm: &Vm, ty: &Type, name: &Str) -> Option<Ref<Type>> {
    let mro = ty.mro.get()?;
    mro.iter()
        .filter_map(|c| c.downcast::<Type>())
        .find(|c| c.dict.get().is_some_and(|d| d.get_str(vm, name).is_some()))
        .map(Ref::of)
}

/// Sets all slots of a class from what its MRO defines.
pub fn fix_slots(vm: &Vm, ty: &Type) -> PyResult<()> {
    // A slot with several names (comparisons, reflected operators) is generic as soon as one of them is defined in Python.
    for def in all() {
        let name = vm.intern(def.name)?;
        if let Some(class) = definer(vm, ty, &name)
            && !class.has(TypeTraits::HEAP)
        {
            (def.copy)(&ty.slots, &class.slots);
        }
    }
    for def in all() {
        let name = vm.intern(def.name)?;
        if let Some(class) = definer(vm, ty, &name)
            && class.has(TypeTraits::HEAP)
        {
            (def.install)(&ty.slots);
        }
    }
    if let Some(class) = definer(vm, ty, &vm.names.__getattr__)
        && class.has(TypeTraits::HEAP)
    {
        ty.slots.getattr.set(Some(getattr_slot));
    }
    if let Some(class) = definer(vm, ty, &vm.names.__new__) {
        if class.has(TypeTraits::HEAP) {
            ty.slots.new.set(Some(new_slot));
        } else {
            ty.slots.new.set(class.slots.new.get());
        }
    } else if let Some(base) = ty.base.get() {
        ty.slots.new.set(base.slots.new.get());
    }
    if definer(vm, ty, &vm.names.__pow__).is_some_and(|c| c.has(TypeTraits::HEAP)) {
        ty.slots.pow.set(Some(pow_slot));
    }
    let unhashable = ty.lookup(vm, &vm.names.__hash__).is_some_and(|h| vm.is_none(&h));
    let bits = ty.traits.get() & !TypeTraits::UNHASHABLE;
    ty.traits.set(if unhashable { bits | TypeTraits::UNHASHABLE } else { bits });
    let flag = viv_heap::TypeFlags::HAS_FINALIZER;
    let flags = ty.info.flags.get() & !flag;
    ty.info.flags.set(if ty.slots.finalize.get().is_some() { flags | flag } else { flags });
    Ok(())
}

/// The wrappers of a builtin type's own slots, under their names.
pub fn add_slot_wrappers(vm: &Vm, ty: &Ref<Type>) -> PyResult<()> {
    let Some(dict) = ty.dict.get() else { return Ok(()) };
    let base = ty.base.get();
    for def in all().chain(SEQUENCE) {
        if def.name == "__del__" || !(def.filled)(&ty.slots) {
            continue;
        }
        // What is inherited as it is stays with the base.
        let own = match &base {
            Some(base) => !(def.same)(&ty.slots, &base.slots),
            None => true,
        };
        let name = vm.intern(def.name)?;
        if own && dict.get_str(vm, &name).is_none() {
            let wrapper = super::wrapper::new(vm, ty, def)?;
            dict.set_str(vm, &name, &wrapper)?;
        }
    }
    if ty.has(TypeTraits::UNHASHABLE) {
        dict.set_str(vm, &vm.names.__hash__, vm.none())?;
    }
    if ty.slots.new.get().is_some() && base.as_ref().is_none_or(|b| b.slots.new.get().map(|f| f as usize) != ty.slots.new.get().map(|f| f as usize)) {
        let function = super::wrapper::new_function(vm, ty)?;
        dict.set_str(vm, &vm.names.__new__, &function)?;
    }
    Ok(())
}

/// Checks the number of arguments of a wrapper.
pub fn check_arguments(vm: &Vm, def: &SlotDef, given: usize) -> PyResult<()> {
    let (min, max) = def.arguments;
    if min == max && given != min {
        let s = if min == 1 { "" } else { "s" };
        return Err(vm.type_error(format!("expected {min} argument{s}, got {given}")));
    }
    check_count(vm, def.name, given, min, max)
}
