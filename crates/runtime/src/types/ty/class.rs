//! Making classes: what `type(name, bases, namespace)` and the class statement do.

use std::cell::{Cell, RefCell};

use viv_heap::layout::TypeInfo;
use viv_heap::{Flags, Object, Ref, TypeFlags};

use super::slot_defs::fix_slots;
use crate::args::Args;
use crate::object::{CellObject, Dict, Function, Instance, MemberDescriptor, Slot, Str, Tuple, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::PyResult;
use crate::slots::Slots;
use crate::vm::Vm;

/// `type.__new__(metatype, name, bases, namespace, **keywords)`
pub fn new(vm: &Vm, metatype: &Type, args: Args<'_>) -> PyResult {
    let pos = args.pos();
    if metatype.is(&vm.types.type_) && pos.len() == 1 && args.keyword_count() == 0 {
        return Ok(Type::of(pos[0]).head.to_ref());
    }
    let [name, bases, namespace] = pos else {
        if metatype.is(&vm.types.type_) && pos.len() != 3 {
            return Err(vm.type_error("type() takes 1 or 3 arguments"));
        }
        return Err(vm.type_error(format!("type.__new__() takes exactly 3 arguments ({} given)", pos.len())));
    };
    let expected = |i: usize, what: &str, got: &Object| {
        vm.type_error(format!("type.__new__() argument {i} must be {what}, not {}", protocol::type_name(got)))
    };
    let Ok(name) = name.to_ref().cast::<Str>() else { return Err(expected(1, "str", name)) };
    let Ok(bases) = bases.to_ref().cast::<Tuple>() else { return Err(expected(2, "tuple", bases)) };
    let Some(namespace) = namespace.downcast::<Dict>() else { return Err(expected(3, "dict", namespace)) };
    for base in bases.iter() {
        if base.downcast::<Type>().is_none() {
            if protocol::get_attr_opt(vm, base, &vm.names.__mro_entries__)?.is_some() {
                return Err(vm.type_error(
                    "type() doesn't support MRO entry resolution; use types.new_class()",
                ));
            }
            return Err(vm.type_error("bases must be types"));
        }
    }
    let winner = calculate_metaclass(vm, metatype, &bases)?;
    if !winner.is(metatype)
        && winner.slots.new.get().map(|f| f as usize) != vm.types.type_.slots.new.get().map(|f| f as usize)
        && let Some(new) = winner.slots.new.get()
    {
        return new(vm, &winner, args);
    }
    let bases = if bases.is_empty() { vm.new_tuple(vec![vm.types.object.clone().upcast()])? } else { bases };
    let class = make(vm, &winner, name, bases, namespace)?;
    set_names(vm, &class)?;
    init_subclass(vm, &class, args)?;
    Ok(class.upcast())
}

/// The most derived metaclass of the bases' and the given one.
///
/// # Errors
/// TypeError where two of them are not related.
pub fn calculate_metaclass(vm: &Vm, metatype: &Type, bases: &Tuple) -> PyResult<Ref<Type>> {
    let mut winner = Ref::of(metatype);
    for base in bases.iter() {
        let of_base = Type::of(base);
        if winner.is_subtype(of_base) {
            continue;
        }
        if of_base.is_subtype(&winner) {
            winner = Ref::of(of_base);
            continue;
        }
        return Err(vm.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

/// The builtin type (or class with slots) whose memory layout a class extends.
fn solid_base(ty: &Type) -> Ref<Type> {
    let mut at = Ref::of(ty);
    loop {
        let Some(base) = at.base.get() else { return at };
        let extends = !std::ptr::eq(at.info.layout.get(), base.info.layout.get())
            || at.info.basicsize.get() != base.info.basicsize.get();
        if extends {
            return at;
        }
        at = base;
    }
}

/// The base whose layout the class extends.
fn best_base(vm: &Vm, bases: &Tuple) -> PyResult<Ref<Type>> {
    let mut winner: Option<(Ref<Type>, Ref<Type>)> = None;
    for base in bases.iter().filter_map(|b| b.downcast::<Type>()) {
        if !base.has(TypeTraits::BASE) {
            return Err(vm.type_error(format!("type '{}' is not an acceptable base type", base.display_name())));
        }
        let candidate = solid_base(base);
        winner = match winner {
            None => Some((Ref::of(base), candidate)),
            Some((best, solid)) => {
                if solid.is_subtype(&candidate) {
                    Some((best, solid))
                } else if candidate.is_subtype(&solid) {
                    Some((Ref::of(base), candidate))
                } else {
                    return Err(vm.type_error("multiple bases have instance lay-out conflict"));
                }
            }
        };
    }
    Ok(winner.map_or_else(|| vm.types.object.clone(), |(best, _)| best))
}

/// What `__slots__` asks for.
struct SlotNames {
    names: Vec<Ref<Str>>,
    dict: bool,
    weakref: bool,
}

fn slot_names(vm: &Vm, class_name: &Str, base: &Type, namespace: &Dict) -> PyResult<Option<SlotNames>> {
    let Some(slots) = namespace.get_str(vm, &vm.names.__slots__) else { return Ok(None) };
    let items = if slots.downcast::<Str>().is_some() { vec![slots] } else { protocol::collect(vm, &slots)? };
    let mut wanted = SlotNames { names: Vec::new(), dict: false, weakref: false };
    for item in items {
        let Ok(name) = item.clone().cast::<Str>() else {
            return Err(vm.type_error(format!("__slots__ items must be strings, not '{}'", protocol::type_name(&item))));
        };
        let text = name.to_text();
        let mut chars = text.chars();
        let identifier = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_') && chars.all(|c| c.is_alphanumeric() || c == '_');
        if !identifier {
            return Err(vm.type_error("__slots__ must be identifiers"));
        }
        if name.eq_text("__dict__") {
            if wanted.dict || base.info.flags.get() & TypeFlags::MANAGED_DICT != 0 {
                return Err(vm.type_error("__dict__ slot disallowed: we already got one"));
            }
            wanted.dict = true;
            continue;
        }
        if name.eq_text("__weakref__") {
            if wanted.weakref || has_weakrefs(base) {
                return Err(vm.type_error("__weakref__ slot disallowed: we already got one"));
            }
            wanted.weakref = true;
            continue;
        }
        let name = mangle(vm, class_name, &name)?;
        if !name.eq_text("__qualname__") && !name.eq_text("__classcell__") && namespace.contains(vm, &name)? {
            return Err(vm.value_error(format!("'{}' in __slots__ conflicts with class variable", name.to_text())));
        }
        wanted.names.push(vm.intern_str(&name)?);
    }
    if !wanted.names.is_empty() && is_variable(base) {
        return Err(vm.type_error(format!("nonempty __slots__ not supported for subtype of '{}'", base.display_name())));
    }
    wanted.names.sort_by(|a, b| a.to_text().cmp(&b.to_text()));
    Ok(Some(wanted))
}

fn has_weakrefs(ty: &Type) -> bool {
    ty.info.flags.get() & TypeFlags::MANAGED_WEAKREF != 0 || ty.info.weaklist_offset.get() != 0
}

/// Whether instances have data of varying size behind their struct.
fn is_variable(ty: &Type) -> bool {
    matches!(ty.info.layout.get().kind, kinds::INT | kinds::STR | kinds::BYTES | kinds::TUPLE)
}

/// `__name` becomes `_Class__name`.
fn mangle(vm: &Vm, class: &Str, name: &Str) -> PyResult<Ref<Str>> {
    let text = name.to_text();
    if !text.starts_with("__") || text.ends_with("__") {
        return Ok(Ref::of(name));
    }
    let class = class.to_text();
    let class = class.trim_start_matches('_');
    if class.is_empty() { Ok(Ref::of(name)) } else { vm.intern(&format!("_{class}{text}")) }
}

fn make(vm: &Vm, metatype: &Type, name: Ref<Str>, bases: Ref<Tuple>, namespace: &Dict) -> PyResult<Ref<Type>> {
    let base = best_base(vm, &bases)?;
    let slots = slot_names(vm, &name, &base, namespace)?;
    let base_flags = base.info.flags.get();
    let own_dict_place = matches!(base.info.layout.get().kind, kinds::EXCEPTION | kinds::MODULE | kinds::TYPE | kinds::FUNCTION);
    let other_bases = |flag: u32| {
        bases.iter().filter_map(|b| b.downcast::<Type>()).any(|b| b.info.flags.get() & flag != 0)
    };
    let with_dict = !own_dict_place
        && (base_flags & TypeFlags::MANAGED_DICT != 0
            || slots.as_ref().is_none_or(|s| s.dict)
            || other_bases(TypeFlags::MANAGED_DICT));
    let with_weakrefs = base.info.weaklist_offset.get() == 0
        && (base_flags & TypeFlags::MANAGED_WEAKREF != 0
            || slots.as_ref().is_none_or(|s| s.weakref)
            || other_bases(TypeFlags::MANAGED_WEAKREF));
    let inline = with_dict && base.info.layout.get().kind == kinds::INSTANCE;
    let mut flags = TypeFlags::HEAP_TYPE | base_flags & TypeFlags::HAS_FINALIZER;
    let mut object_flags = base.info.object_flags.get() & Flags::KIND | Flags::GC;
    if with_dict {
        flags |= TypeFlags::MANAGED_DICT;
    }
    if with_weakrefs {
        flags |= TypeFlags::MANAGED_WEAKREF;
    }
    if inline {
        flags |= TypeFlags::INLINE_VALUES;
    }
    if with_dict || with_weakrefs {
        object_flags |= Flags::MANAGED;
    }
    let first = base.info.basicsize.get().next_multiple_of(8);
    let own_slots = slots.as_ref().map_or(&[][..], |s| &s.names);
    let info = TypeInfo {
        heap: Cell::new(&*vm.heap),
        layout: Cell::new(base.info.layout.get()),
        object_flags: Cell::new(object_flags),
        flags: Cell::new(flags),
        basicsize: Cell::new(first + 8 * own_slots.len() as u32),
        slots_offset: Cell::new(base.info.slots_offset.get()),
        base: Cell::new(base.type_head_of()),
        weaklist_offset: Cell::new(base.info.weaklist_offset.get()),
        inline_values: Cell::new(if inline { 3 } else { 0 }),
    };
    let dict = namespace.copy(vm)?;
    let class = vm.place(Type {
        head: Object::new(metatype.type_head_of()),
        info,
        slots: Slots::default(),
        qualname: Slot::full(qualname(vm, &dict, &name)?),
        name: Slot::full(name),
        dict: Slot::full(dict.clone()),
        bases: Slot::full(bases.clone()),
        base: Slot::full(base.clone()),
        mro: Slot::default(),
        version: Cell::new(0),
        traits: Cell::new(TypeTraits::HEAP | TypeTraits::BASE | inherited_traits(&bases)),
        module: Cell::new(""),
        doc: Cell::new(""),
        subclasses: RefCell::default(),
        inline_names: RefCell::default(),
        slot_names: RefCell::default(),
        weakrefs: Cell::new(std::ptr::null()),
    })?;
    vm.heap.track(&class);
    class.register_with_bases();
    add_slots(vm, &class, own_slots, first)?;
    set_mro(vm, &class, metatype)?;
    fill_namespace(vm, &class, &dict)?;
    class.slots.inherit(&base.slots);
    for other in class.mro.get().iter().flat_map(|m| m.as_slice().to_vec()).skip(1) {
        if let Some(other) = other.downcast::<Type>() {
            class.slots.inherit(&other.slots);
        }
    }
    fix_slots(vm, &class)?;
    Ok(class)
}

fn inherited_traits(bases: &Tuple) -> u32 {
    let bits = TypeTraits::SEQUENCE | TypeTraits::MAPPING | TypeTraits::MATCH_SELF;
    bases.iter().filter_map(|b| b.downcast::<Type>()).fold(0, |traits, b| traits | b.traits.get() & bits)
}

fn qualname(vm: &Vm, dict: &Dict, name: &Ref<Str>) -> PyResult<Ref<Str>> {
    match dict.get_str(vm, &vm.names.__qualname__) {
        None => Ok(name.clone()),
        Some(given) => {
            let given = given.cast::<Str>().map_err(|other| {
                vm.type_error(format!("type __qualname__ must be a str, not {}", protocol::type_name(&other)))
            })?;
            drop(dict.remove(vm, &vm.names.__qualname__)?);
            Ok(given)
        }
    }
}

fn add_slots(vm: &Vm, class: &Ref<Type>, names: &[Ref<Str>], first: u32) -> PyResult<()> {
    let Some(dict) = class.dict.get() else { return Ok(()) };
    for (i, name) in names.iter().enumerate() {
        let offset = first + 8 * i as u32;
        let member = vm.place(MemberDescriptor {
            head: Object::new(vm.types.member_descriptor.type_head_of()),
            name: name.clone(),
            owner: class.clone(),
            offset,
        })?;
        vm.heap.track(&member);
        dict.set_str(vm, name, &member)?;
        class.slot_names.borrow_mut().push((name.clone(), offset));
    }
    Ok(())
}

/// Computes the MRO, through the metaclass's `mro()` where it has its own.
pub fn set_mro(vm: &Vm, class: &Ref<Type>, metatype: &Type) -> PyResult<()> {
    let default = |vm: &Vm| -> PyResult<Vec<Ref>> {
        let mut order = vec![class.clone().upcast()];
        if let Some(bases) = class.bases.get() {
            order.extend(super::mro::linearize(vm, &bases)?);
        }
        Ok(order)
    };
    let order = if metatype.is(&vm.types.type_) {
        default(vm)?
    } else {
        let own = metatype.lookup(vm, &vm.names.mro);
        let builtin = vm.types.type_.lookup(vm, &vm.names.mro);
        match (own, builtin) {
            (Some(own), Some(builtin)) if !own.is(&builtin) => {
                let result = protocol::call_method(vm, class.as_object(), &vm.names.mro, &[])?;
                protocol::collect(vm, &result)?
            }
            _ => default(vm)?,
        }
    };
    class.mro.set(Some(vm.new_tuple(order)?));
    Ok(())
}

/// What a class's dict gets beside what the namespace had.
fn fill_namespace(vm: &Vm, class: &Ref<Type>, dict: &Ref<Dict>) -> PyResult<()> {
    let n = &vm.names;
    if dict.get_str(vm, &n.__module__).is_none()
        && let Some(globals) = crate::eval::frame::globals_of_current(vm)
        && let Some(module) = globals.get_str(vm, &n.__name__)
    {
        dict.set_str(vm, &n.__module__, &module)?;
    }
    if dict.get_str(vm, &n.__doc__).is_none() {
        dict.set_str(vm, &n.__doc__, vm.none())?;
    }
    if let Some(new) = dict.get_str(vm, &n.__new__)
        && new.is_exact::<Function>()
    {
        let wrapped = crate::types::static_method::of(vm, &new)?;
        dict.set_str(vm, &n.__new__, &wrapped)?;
    }
    for name in [&n.__init_subclass__, &n.__class_getitem__] {
        if let Some(function) = dict.get_str(vm, name)
            && function.is_exact::<Function>()
        {
            let wrapped = crate::types::class_method::of(vm, &function)?;
            dict.set_str(vm, name, &wrapped)?;
        }
    }
    if dict.get_str(vm, &n.__eq__).is_some() && dict.get_str(vm, &n.__hash__).is_none() {
        dict.set_str(vm, &n.__hash__, vm.none())?;
    }
    for name in [&n.__classcell__, &n.__classdictcell__] {
        let Some(cell) = dict.remove(vm, name)? else { continue };
        let Some(place) = cell.downcast::<CellObject>() else {
            return Err(vm.type_error(format!(
                "type.__new__: {} must be a nonlocal cell, not {}",
                name.to_text(),
                crate::types::ty::repr_of_type(vm, Type::of(&cell))?
            )));
        };
        let value = if std::ptr::eq(name, &n.__classcell__) { class.clone().upcast() } else { dict.clone().upcast() };
        place.contents.set(Some(value));
    }
    Ok(())
}

/// Calls `__set_name__` of everything in the class's dict.
fn set_names(vm: &Vm, class: &Ref<Type>) -> PyResult<()> {
    let entries = class.dict.get().map(|d| d.snapshot()).unwrap_or_default();
    for (key, value) in entries {
        let Some(method) = protocol::lookup_special(vm, &value, &vm.names.__set_name__)? else { continue };
        if let Err(raised) = protocol::call_args(vm, &method, &[class.as_object(), &key]) {
            let exception = vm.take_raised(raised);
            let key = protocol::repr(vm, &key)?;
            let note = format!(
                "Error calling __set_name__ on '{}' instance {} in '{}'",
                protocol::type_name(&value),
                key.to_text(),
                class.display_name()
            );
            let note = vm.new_str(&note)?;
            let add = vm.intern("add_note")?;
            protocol::call_method(vm, &exception, &add, &[&note])?;
            return Err(vm.restore(exception));
        }
    }
    Ok(())
}

/// Calls `super(class, class).__init_subclass__(**keywords)`.
fn init_subclass(vm: &Vm, class: &Ref<Type>, args: Args<'_>) -> PyResult<()> {
    let Some(mro) = class.mro.get() else { return Ok(()) };
    for above in mro.iter().skip(1).filter_map(|c| c.downcast::<Type>()) {
        let Some(found) = above.dict.get().and_then(|d| d.get_str(vm, &vm.names.__init_subclass__)) else { continue };
        let bound = match Type::of(&found).slots.descr_get.get() {
            Some(get) => get(vm, &found, None, Some(class.as_object()))?,
            None => found,
        };
        let values: Vec<&Object> = args.keywords().map(|(_, v)| v).collect();
        return protocol::call(vm, &bound, Args::new(&values, args.names())).map(drop);
    }
    Ok(())
}

/// Whether a type's instances are plain ones.
pub fn has_plain_instances(ty: &Type) -> bool {
    std::ptr::eq(ty.info.layout.get(), <Instance as viv_heap::ObjectLayout>::layout())
}
