//! What stands in the slots of classes whose special methods are Python functions: look the method up in the type, call it.

use viv_bytecode::{BinaryOp, CompareOp};
use viv_heap::{Object, Ref};

use crate::args::{Args, NamedArgs};
use crate::object::{Int, Str, Type, TypeTraits};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::slots::Binary;
use crate::vm::Vm;

/// A special method of an object, not yet bound: the function and whether the object goes before the arguments.
pub fn lookup(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<(Ref, bool)>> {
    let ty = Type::of(object);
    let Some(found) = vm.type_lookup_borrowed(ty, name) else {
        return Ok(None);
    };
    let found = found.to_ref();
    let class = Type::of(&found);
    if class.has(TypeTraits::METHOD_DESCRIPTOR) {
        return Ok(Some((found, true)));
    }
    match class.slots.descr_get.get() {
        Some(get) => Ok(Some((
            get(vm, &found, Some(object), Some(&Ref::of(ty).head))?,
            false,
        ))),
        None => Ok(Some((found, false))),
    }
}

/// As [`lookup`]: a descriptor that raises AttributeError has no such method either.
fn lookup_maybe(vm: &Vm, object: &Object, name: &Str) -> PyResult<Option<(Ref, bool)>> {
    match lookup(vm, object, name) {
        Err(raised) if vm.raised_is(&raised, &vm.exceptions.AttributeError) => {
            drop(vm.take_raised(raised));
            Ok(None)
        }
        found => found,
    }
}

/// Calls a method found by [`lookup`].
pub fn call_found(vm: &Vm, object: &Object, method: &(Ref, bool), args: &[&Object]) -> PyResult {
    if !method.1 {
        return protocol::call_args(vm, &method.0, args);
    }
    match args {
        [] => protocol::call_args(vm, &method.0, &[object]),
        [a] => protocol::call_args(vm, &method.0, &[object, a]),
        [a, b] => protocol::call_args(vm, &method.0, &[object, a, b]),
        _ => {
            let mut all = vec![object];
            all.extend_from_slice(args);
            protocol::call_args(vm, &method.0, &all)
        }
    }
}

fn call(vm: &Vm, object: &Object, name: &Str, args: &[&Object]) -> PyResult {
    match lookup(vm, object, name)? {
        Some(method) => call_found(vm, object, &method, args),
        None => Err(protocol::attribute::no_attribute(vm, object, name)),
    }
}

/// As [`call`]; NotImplemented where there is no such method.
fn call_maybe(vm: &Vm, object: &Object, name: &Str, args: &[&Object]) -> PyResult {
    match lookup_maybe(vm, object, name)? {
        Some(method) => call_found(vm, object, &method, args),
        None => Ok(vm.not_implemented()),
    }
}

macro_rules! unary {
    ($($function:ident $name:ident;)+) => {
        $(pub(super) fn $function(vm: &Vm, this: &Object) -> PyResult {
            call(vm, this, &vm.names.$name, &[])
        })+
    };
}

unary! {
    neg __neg__;
    pos __pos__;
    invert __invert__;
    abs __abs__;
    int __int__;
    float __float__;
    index __index__;
    awaitable __await__;
    aiter __aiter__;
    anext __anext__;
    str __str__;
}

pub(super) fn repr(vm: &Vm, this: &Object) -> PyResult {
    match lookup_maybe(vm, this, &vm.names.__repr__)? {
        Some(method) => call_found(vm, this, &method, &[]),
        None => super::super::object::repr(vm, this),
    }
}

pub(super) fn hash(vm: &Vm, this: &Object) -> PyResult<i64> {
    let Some(method) = lookup_maybe(vm, this, &vm.names.__hash__)?.filter(|(m, _)| !vm.is_none(m))
    else {
        return Err(vm.type_error(format!("unhashable type: '{}'", type_name(this))));
    };
    let result = call_found(vm, this, &method, &[])?;
    let Some(int) = result.downcast::<Int>() else {
        return Err(vm.type_error("__hash__ method should return an integer"));
    };
    match int.as_i64() {
        Some(-1) => Ok(-2),
        Some(n) => Ok(n),
        None => match vm.types.int.slots.hash.get() {
            Some(hash) => hash(vm, &result),
            None => Ok(0),
        },
    }
}

pub(super) fn call_slot(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let Some(method) = lookup(vm, this, &vm.names.__call__)? else {
        return Err(vm.type_error(format!("'{}' object is not callable", type_name(this))));
    };
    call_full(vm, this, &method, args)
}

/// Calls a found method with keywords too.
pub(super) fn call_full(vm: &Vm, this: &Object, method: &(Ref, bool), args: Args<'_>) -> PyResult {
    if !method.1 {
        return protocol::call(vm, &method.0, args);
    }
    let mut values = Vec::with_capacity(args.values().len() + 1);
    values.push(this);
    values.extend_from_slice(args.values());
    protocol::call(vm, &method.0, NamedArgs::new(&values, args.names()).args())
}

pub(super) fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let function = protocol::get_attr(vm, &ty.head, &vm.names.__new__)?;
    let mut values = Vec::with_capacity(args.values().len() + 1);
    values.push(&ty.head);
    values.extend_from_slice(args.values());
    protocol::call(vm, &function, NamedArgs::new(&values, args.names()).args())
}

pub(super) fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let Some(method) = lookup(vm, this, &vm.names.__init__)? else {
        return Err(protocol::attribute::no_attribute(
            vm,
            this,
            &vm.names.__init__,
        ));
    };
    let result = call_full(vm, this, &method, args)?;
    if vm.is_none(&result) {
        return Ok(());
    }
    Err(vm.type_error(format!(
        "__init__() should return None, not '{}'",
        type_name(&result)
    )))
}

/// `__getattribute__`, then `__getattr__` where that raises AttributeError.
pub(super) fn getattr(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let ty = Type::of(this);
    if vm.type_lookup(ty, &vm.names.__getattr__).is_none() {
        return match lookup(vm, this, &vm.names.__getattribute__)? {
            Some(method) => call_found(vm, this, &method, &[name]),
            None => super::super::object::generic_get_attr(vm, this, name),
        };
    }
    // A descriptor in this place is asked only when it is needed.
    let fallback = || fall_back(vm, this, name);
    let own = vm.type_lookup(ty, &vm.names.__getattribute__);
    let plain = own
        .as_deref()
        .is_none_or(|m| super::slot_wrapper::is_object_getattribute(vm, m));
    let result = if plain {
        match super::super::object::find_attr(vm, this, name) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => return fallback(),
            Err(raised) => Err(raised),
        }
    } else {
        match lookup(vm, this, &vm.names.__getattribute__)? {
            Some(method) => call_found(vm, this, &method, &[name]),
            None => super::super::object::generic_get_attr(vm, this, name),
        }
    };
    match result {
        Ok(value) => Ok(value),
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.AttributeError)?;
            fallback()
        }
    }
}

/// `__getattr__`; an AttributeError of its own that names nothing gets the name and the object.
fn fall_back(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let found = match lookup(vm, this, &vm.names.__getattr__)? {
        Some(method) => call_found(vm, this, &method, &[name]),
        None => return Err(protocol::attribute::no_attribute(vm, this, name)),
    };
    found.inspect_err(|raised| {
        if vm.raised_is(raised, &vm.exceptions.AttributeError) {
            crate::types::exception::name_attribute_error(vm, this, name);
        }
    })
}

pub(super) fn setattr(vm: &Vm, this: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    match value {
        Some(value) => call(vm, this, &vm.names.__setattr__, &[name, value])?,
        None => call(vm, this, &vm.names.__delattr__, &[name])?,
    };
    Ok(())
}

pub(super) fn compare(vm: &Vm, this: &Object, other: &Object, op: CompareOp) -> PyResult {
    let names = &vm.names;
    let name = match op {
        CompareOp::Lt => &names.__lt__,
        CompareOp::Le => &names.__le__,
        CompareOp::Eq => &names.__eq__,
        CompareOp::Ne => &names.__ne__,
        CompareOp::Gt => &names.__gt__,
        CompareOp::Ge => &names.__ge__,
    };
    call_maybe(vm, this, name, &[other])
}

/// Whether the class of an object has something of that name.
fn has(vm: &Vm, this: &Object, name: &Str) -> bool {
    vm.type_lookup_borrowed(Type::of(this), name).is_some()
}

pub(super) fn iter(vm: &Vm, this: &Object) -> PyResult {
    match lookup_maybe(vm, this, &vm.names.__iter__)? {
        Some((method, _)) if vm.is_none(&method) => {
            Err(vm.type_error(format!("'{}' object is not iterable", type_name(this))))
        }
        Some(method) => call_found(vm, this, &method, &[]),
        None if !has(vm, this, &vm.names.__getitem__) => {
            Err(vm.type_error(format!("'{}' object is not iterable", type_name(this))))
        }
        None => crate::types::iterators::sequence_iterator(vm, this),
    }
}

pub(super) fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    call(vm, this, &vm.names.__next__, &[]).map(Some)
}

pub(super) fn descr_get(
    vm: &Vm,
    this: &Object,
    instance: Option<&Object>,
    owner: Option<&Object>,
) -> PyResult {
    match vm.type_lookup(Type::of(this), &vm.names.__get__) {
        // `__get__` itself is called without being bound, as on CPython.
        Some(get) => protocol::call_args(
            vm,
            &get,
            &[
                this,
                instance.unwrap_or(vm.none()),
                owner.unwrap_or(vm.none()),
            ],
        ),
        None => Ok(this.to_ref()),
    }
}

pub(super) fn descr_set(
    vm: &Vm,
    this: &Object,
    instance: &Object,
    value: Option<&Object>,
) -> PyResult<()> {
    let name = match value {
        Some(_) => &vm.names.__set__,
        None => &vm.names.__delete__,
    };
    let Some(method) = lookup(vm, this, name)? else {
        return Err(vm.raise(&vm.exceptions.AttributeError, &name.to_text()));
    };
    match value {
        Some(value) => call_found(vm, this, &method, &[instance, value])?,
        None => call_found(vm, this, &method, &[instance])?,
    };
    Ok(())
}

pub(super) fn len(vm: &Vm, this: &Object) -> PyResult<usize> {
    let result = call(vm, this, &vm.names.__len__, &[])?;
    let int = protocol::index(vm, &result)?;
    match int.downcast::<Int>() {
        Some(n) if n.signum() < 0 => Err(vm.value_error("__len__() should return >= 0")),
        Some(n) => match n.as_i64() {
            Some(n) => Ok(n as usize),
            None => Err(vm.overflow_error("cannot fit 'int' into an index-sized integer")),
        },
        None => Ok(0),
    }
}

pub(crate) fn getitem(vm: &Vm, this: &Object, key: &Object) -> PyResult {
    call(vm, this, &vm.names.__getitem__, &[key])
}

pub(crate) fn setitem(
    vm: &Vm,
    this: &Object,
    key: &Object,
    value: Option<&Object>,
) -> PyResult<()> {
    match value {
        Some(value) => call(vm, this, &vm.names.__setitem__, &[key, value])?,
        None => call(vm, this, &vm.names.__delitem__, &[key])?,
    };
    Ok(())
}

pub(super) fn contains(vm: &Vm, this: &Object, item: &Object) -> PyResult<bool> {
    match lookup_maybe(vm, this, &vm.names.__contains__)? {
        Some((method, _)) if vm.is_none(&method) => {
            Err(vm.type_error(format!("'{}' object is not a container", type_name(this))))
        }
        Some(method) => {
            let result = call_found(vm, this, &method, &[item])?;
            protocol::is_true(vm, &result)
        }
        None => {
            let iterator = protocol::iter(vm, this).map_err(|raised| {
                if !vm.raised_is(&raised, &vm.exceptions.TypeError) {
                    return raised;
                }
                drop(vm.take_raised(raised));
                vm.type_error(format!(
                    "argument of type '{}' is not a container or iterable",
                    type_name(this)
                ))
            })?;
            while let Some(value) = protocol::next(vm, &iterator)? {
                if protocol::compare_is_or_eq(vm, &value, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

pub(super) fn bool(vm: &Vm, this: &Object) -> PyResult<bool> {
    let result = match lookup_maybe(vm, this, &vm.names.__bool__)? {
        Some(method) => call_found(vm, this, &method, &[])?,
        None if !has(vm, this, &vm.names.__len__) => return Ok(true),
        None => return Ok(len(vm, this)? != 0),
    };
    if result.is(&vm.true_.head) {
        return Ok(true);
    }
    if result.is(&vm.false_.head) {
        return Ok(false);
    }
    Err(vm.type_error(format!(
        "__bool__ should return bool, returned {}",
        type_name(&result)
    )))
}

pub(super) fn pow(vm: &Vm, x: &Object, y: &Object, z: &Object) -> PyResult {
    if vm.is_none(z) {
        return binary::<{ viv_bytecode::BinaryOp::Pow as usize }>(vm, x, y);
    }
    // As CPython: only the first operand's `__pow__` and the second's `__rpow__` know of a modulus.
    let own = |o: &Object| {
        Type::of(o)
            .slots
            .pow
            .get()
            .is_some_and(|f| std::ptr::fn_addr_eq(f, pow as crate::slots::Ternary))
    };
    let (tx, ty) = (Type::of(x), Type::of(y));
    let (first, name) = (own(x), &vm.names.__rpow__);
    let mut try_right = !tx.is(ty) && own(y);
    if first && try_right && ty.is_subtype(tx) && overrides(vm, tx, ty, name) {
        let result = call_maybe(vm, y, name, &[x, z])?;
        if !vm.is_not_implemented(&result) {
            return Ok(result);
        }
        try_right = false;
    }
    if first {
        let result = call_maybe(vm, x, &vm.names.__pow__, &[y, z])?;
        if !vm.is_not_implemented(&result) || tx.is(ty) {
            return Ok(result);
        }
    }
    if try_right {
        return call_maybe(vm, y, name, &[x, z]);
    }
    Ok(vm.not_implemented())
}

/// Runs `__del__`; what it raises is reported.
pub(super) fn finalize(vm: &Vm, this: &Object) {
    let method = match lookup(vm, this, &vm.names.__del__) {
        Ok(Some(method)) => method,
        Ok(None) => return,
        Err(raised) => return vm.unraisable(raised, "while calling deallocator", Some(this)),
    };
    if let Err(raised) = call_found(vm, this, &method, &[]) {
        vm.unraisable(raised, "while calling deallocator", Some(&method.0));
    }
}

/// The name of a binary operator's method, that of its reflected and that of its in-place form.
fn names<const OP: usize>(vm: &Vm) -> [&Ref<Str>; 3] {
    let n = &vm.names;
    match OP {
        0 => [&n.__add__, &n.__radd__, &n.__iadd__],
        1 => [&n.__sub__, &n.__rsub__, &n.__isub__],
        2 => [&n.__mul__, &n.__rmul__, &n.__imul__],
        3 => [&n.__truediv__, &n.__rtruediv__, &n.__itruediv__],
        4 => [&n.__floordiv__, &n.__rfloordiv__, &n.__ifloordiv__],
        5 => [&n.__mod__, &n.__rmod__, &n.__imod__],
        6 => [&n.__pow__, &n.__rpow__, &n.__ipow__],
        7 => [&n.__lshift__, &n.__rlshift__, &n.__ilshift__],
        8 => [&n.__rshift__, &n.__rrshift__, &n.__irshift__],
        9 => [&n.__and__, &n.__rand__, &n.__iand__],
        10 => [&n.__or__, &n.__ror__, &n.__ior__],
        11 => [&n.__xor__, &n.__rxor__, &n.__ixor__],
        _ => [&n.__matmul__, &n.__rmatmul__, &n.__imatmul__],
    }
}

/// A binary operator: serves both operands, the right one's reflected method first where its class overrides it.
pub(super) fn binary<const OP: usize>(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let [name, reflected, _] = names::<OP>(vm);
    let (ta, tb) = (Type::of(a), Type::of(b));
    let own = |ty: &Type| {
        ty.slots.binary[OP]
            .get()
            .is_some_and(|f| std::ptr::fn_addr_eq(f, binary::<OP> as Binary))
    };
    let mut try_right = !ta.is(tb) && own(tb);
    if own(ta) {
        if try_right && tb.is_subtype(ta) && overrides(vm, ta, tb, reflected) {
            let result = call_maybe(vm, b, reflected, &[a])?;
            if !vm.is_not_implemented(&result) {
                return Ok(result);
            }
            try_right = false;
        }
        let same = ta.is(tb);
        let result = call_maybe(vm, a, name, &[b])?;
        if !vm.is_not_implemented(&result) || same {
            return Ok(result);
        }
    }
    if try_right {
        call_maybe(vm, b, reflected, &[a])
    } else {
        Ok(vm.not_implemented())
    }
}

/// The name of the method by which objects of a type do a plain operator as the left operand, if it is looked up by its name:
/// not for the slots of builtin types.
#[inline]
pub fn operator_method<'a>(vm: &'a Vm, ty: &Type, op: BinaryOp) -> Option<&'a Str> {
    let (slot, name): (Binary, &Ref<Str>) = match op {
        BinaryOp::Add => (binary::<0>, &vm.names.__add__),
        BinaryOp::Sub => (binary::<1>, &vm.names.__sub__),
        BinaryOp::Mul => (binary::<2>, &vm.names.__mul__),
        BinaryOp::TrueDiv => (binary::<3>, &vm.names.__truediv__),
        BinaryOp::FloorDiv => (binary::<4>, &vm.names.__floordiv__),
        BinaryOp::Mod => (binary::<5>, &vm.names.__mod__),
        BinaryOp::LShift => (binary::<7>, &vm.names.__lshift__),
        BinaryOp::RShift => (binary::<8>, &vm.names.__rshift__),
        BinaryOp::And => (binary::<9>, &vm.names.__and__),
        BinaryOp::Or => (binary::<10>, &vm.names.__or__),
        BinaryOp::Xor => (binary::<11>, &vm.names.__xor__),
        BinaryOp::MatMul => (binary::<12>, &vm.names.__matmul__),
        _ => return None,
    };
    let own = ty.slots.binary[op as usize].get()?;
    std::ptr::fn_addr_eq(own, slot).then_some(name)
}

/// Whether the subclass has another method of that name than the base.
fn overrides(vm: &Vm, base: &Type, class: &Type, name: &Str) -> bool {
    match (vm.type_lookup(class, name), vm.type_lookup(base, name)) {
        (Some(_), None) => true,
        (Some(a), Some(b)) => !a.is(&b),
        (None, _) => false,
    }
}

/// An in-place operator.
pub(super) fn inplace<const OP: usize>(vm: &Vm, a: &Object, b: &Object) -> PyResult {
    let [_, _, name] = names::<OP>(vm);
    call(vm, a, name, &[b])
}
