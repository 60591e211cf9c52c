//! `type.__new__`: making a class of its name, bases and namespace.

use viv_heap::{Object, Ref, TypeFlags};

use super::slot_defs;
use crate::args::{Args, NamedArgs};
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{
    CellObject, Dict, Function, MemberDescriptor, NativeFunction, Slot, Str, Tuple, Type,
    TypeTraits, kinds,
};
use crate::protocol::{self, type_name};
use crate::result::{PyResult, Raised};
use crate::types::spec::{ClassLayout, allocate_class};
use crate::vm::Vm;

/// `__new__` of every builtin type: its receiver is the type.
pub static NEW: MethodDef = MethodDef::new(
    "__new__",
    "($type, *args, **kwargs)",
    NativeCall::Raw(call_new),
    "Create and return a new object.  See help(type) for accurate signature.",
);

/// The `__new__` of a builtin type.
pub fn new_function(vm: &Vm, ty: &Ref<Type>) -> PyResult {
    let function = vm.place(NativeFunction {
        head: Object::new(vm.types.native_function.type_head_of()),
        def: &NEW,
        receiver: Slot::full(ty.clone().upcast()),
        module: Slot::default(),
        parameters: Default::default(),
        weakrefs: Default::default(),
    })?;
    vm.heap.track(&function);
    Ok(function.upcast())
}

fn call_new(vm: &Vm, owner: &Object, args: Args<'_>) -> PyResult {
    let Some(owner) = owner.downcast::<Type>() else {
        return Err(vm.system_error("__new__() called with non-type 'self'"));
    };
    // Names are asked for where there is an error to tell.
    let name = || owner.display_name();
    let Some(class) = args.pos().first() else {
        return Err(vm.type_error(format!("{}.__new__(): not enough arguments", name())));
    };
    let Some(class) = class.downcast::<Type>() else {
        let got = type_name(class);
        return Err(vm.type_error(format!(
            "{}.__new__(X): X is not a type object ({got})",
            name()
        )));
    };
    let wanted = || class.display_name();
    if !class.is_subtype(owner) {
        return Err(vm.type_error(format!(
            "{name}.__new__({wanted}): {wanted} is not a subtype of {name}",
            name = name(),
            wanted = wanted()
        )));
    }
    if class.has(TypeTraits::NO_NEW) {
        return Err(vm.type_error(format!("cannot create '{}' instances", wanted())));
    }
    // The most derived builtin base must be the one to make the object.
    let mut base = Ref::of(class);
    while base.has(TypeTraits::HEAP) {
        let Some(next) = base.base.get() else { break };
        base = next;
    }
    let address = |t: &Type| t.slots.new.get().map_or(0, |f| f as usize);
    if address(&base) != address(owner) {
        let safe = base.display_name();
        return Err(vm.type_error(format!(
            "{}.__new__({}) is not safe, use {safe}.__new__()",
            name(),
            wanted()
        )));
    }
    match owner.slots.new.get() {
        Some(new) => new(vm, class, args.skip_first().args()),
        None => Err(vm.type_error(format!("cannot create '{}' instances", wanted()))),
    }
}

/// The class whose layout a class really extends: the nearest that adds something to the instances.
pub fn solid_base(ty: &Type) -> Ref<Type> {
    let mut at = Ref::of(ty);
    while let Some(base) = at.base.get() {
        let adds = !std::ptr::eq(at.info.layout.get(), base.info.layout.get())
            || at.info.fixed_size() != base.info.fixed_size();
        if adds {
            break;
        }
        at = base;
    }
    at
}

/// The base whose layout a class with these bases extends.
pub fn best_base(vm: &Vm, bases: &Tuple) -> PyResult<Ref<Type>> {
    let mut best: Option<(Ref<Type>, Ref<Type>)> = None;
    for base in bases.iter() {
        let Some(base) = base.downcast::<Type>() else {
            return Err(vm.type_error("bases must be types"));
        };
        if !base.has(TypeTraits::BASE) {
            return Err(vm.type_error(format!(
                "type '{}' is not an acceptable base type",
                base.display_name()
            )));
        }
        let solid = solid_base(base);
        match &best {
            Some((_, winner)) if winner.is_subtype_by_base(&solid) => {}
            Some((_, winner)) if !solid.is_subtype_by_base(winner) => {
                return Err(vm.type_error("multiple bases have instance lay-out conflict"));
            }
            _ => best = Some((Ref::of(base), solid)),
        }
    }
    match best {
        Some((base, _)) => Ok(base),
        None => Ok(vm.types.object.clone()),
    }
}

/// The most derived metaclass of the wanted one and those of the bases.
pub fn calculate_metaclass(vm: &Vm, wanted: &Type, bases: &Tuple) -> PyResult<Ref<Type>> {
    let mut winner = Ref::of(wanted);
    for base in bases.iter() {
        let meta = Type::of(base);
        if winner.is_subtype(meta) {
            continue;
        }
        if meta.is_subtype(&winner) {
            winner = Ref::of(meta);
            continue;
        }
        return Err(vm.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

/// `type.__new__`
pub fn type_new(vm: &Vm, meta: &Type, args: Args<'_>) -> PyResult {
    let [name, bases, namespace] = args.pos() else {
        return Err(vm.type_error(format!(
            "type.__new__() takes exactly 3 arguments ({} given)",
            args.pos().len()
        )));
    };
    let wrong = |i: usize, what: &str, got: &Object| {
        vm.type_error(format!(
            "type.__new__() argument {i} must be {what}, not {}",
            type_name(got)
        ))
    };
    let Ok(name) = name.to_ref().cast::<Str>() else {
        return Err(wrong(1, "str", name));
    };
    let Ok(mut bases) = bases.to_ref().cast::<Tuple>() else {
        return Err(wrong(2, "tuple", bases));
    };
    let Some(namespace) = namespace.downcast::<Dict>() else {
        return Err(wrong(3, "dict", namespace));
    };
    let mut meta = Ref::of(meta);
    if bases.is_empty() {
        bases = vm.new_tuple(vec![vm.types.object.clone().upcast()])?;
    } else {
        for base in bases.iter() {
            if base.downcast::<Type>().is_none()
                && protocol::get_attr_opt(vm, base, &vm.names.__mro_entries__)?.is_some()
            {
                return Err(vm.type_error(
                    "type() doesn't support MRO entry resolution; use types.new_class()",
                ));
            }
        }
        let winner = calculate_metaclass(vm, &meta, &bases)?;
        if !winner.is(&meta) {
            if let Some(new) = winner.slots.new.get()
                && !std::ptr::fn_addr_eq(new, type_new as crate::slots::New)
            {
                return new(vm, &winner, args);
            }
            meta = winner;
        }
    }
    let base = best_base(vm, &bases)?;
    let ty = build(vm, &meta, &name, &bases, &base, namespace)?;
    set_names(vm, &ty)?;
    init_subclass(vm, &ty, args)?;
    Ok(ty.upcast())
}

/// Whether instances of a builtin layout have a dict of their own, and whether the layout ends in a variable tail.
fn layout_facts(base: &Type) -> (bool, bool) {
    let kind = base.info.layout.get().kind;
    let own_dict = matches!(
        kind,
        kinds::TYPE
            | kinds::FUNCTION
            | kinds::EXCEPTION
            | kinds::MODULE
            | kinds::SIMPLE_NAMESPACE
            | kinds::SITE_BUILTIN
            | kinds::STATIC_METHOD
            | kinds::CLASS_METHOD
    );
    let tail = matches!(
        kind,
        kinds::TYPE | kinds::INT | kinds::STR | kinds::BYTES | kinds::TUPLE
    );
    (own_dict, tail)
}

/// What `__slots__` (or its absence) adds to the instances.
struct Additions {
    /// Names in the order of their offsets, mangled.
    slots: Vec<Ref<Str>>,
    dict: bool,
    weakrefs: bool,
}

fn has_dict(ty: &Type) -> bool {
    ty.info.flags.get() & TypeFlags::MANAGED_DICT != 0 || layout_facts(ty).0
}

fn has_weakrefs(ty: &Type) -> bool {
    ty.info.flags.get() & TypeFlags::MANAGED_WEAKREF != 0 || ty.info.weaklist_offset.get() != 0
}

fn additions(vm: &Vm, name: &Str, bases: &Tuple, base: &Type, dict: &Dict) -> PyResult<Additions> {
    let (_, tail) = layout_facts(base);
    let (may_dict, may_weak) = (!has_dict(base), !has_weakrefs(base) && !no_weakrefs(base));
    let Some(declared) = dict.get_str(vm, &vm.names.__slots__) else {
        return Ok(Additions {
            slots: Vec::new(),
            dict: may_dict,
            weakrefs: may_weak,
        });
    };
    let items = if declared.downcast::<Str>().is_some() {
        vec![declared]
    } else {
        protocol::collect(vm, &declared)?
    };
    let mut made = Additions {
        slots: Vec::new(),
        dict: false,
        weakrefs: false,
    };
    let mut names: Vec<Ref<Str>> = Vec::new();
    // Strings keep their characters where slots would be, which is no business of scripts: their slots are entries of a dict.
    let text = base.is_subtype(&vm.types.str);
    if tail && !text && !items.is_empty() {
        return Err(vm.type_error(format!(
            "nonempty __slots__ not supported for subtype of '{}'",
            base.display_name()
        )));
    }
    for item in items {
        let item = item.cast::<Str>().map_err(|other| {
            vm.type_error(format!(
                "__slots__ items must be strings, not '{}'",
                type_name(&other)
            ))
        })?;
        if !is_identifier(&item) {
            return Err(vm.type_error("__slots__ must be identifiers"));
        }
        if item.eq_text("__dict__") {
            if !may_dict || made.dict {
                return Err(vm.type_error("__dict__ slot disallowed: we already got one"));
            }
            made.dict = true;
            continue;
        }
        if item.eq_text("__weakref__") {
            if !may_weak || made.weakrefs {
                return Err(vm.type_error("__weakref__ slot disallowed: we already got one"));
            }
            made.weakrefs = true;
            continue;
        }
        let mangled = mangle(vm, name, &item)?;
        let special = ["__qualname__", "__classcell__", "__classdictcell__"]
            .iter()
            .any(|s| mangled.eq_text(s));
        if !special && dict.get_str(vm, &mangled).is_some() {
            let repr = protocol::repr(vm, &mangled)?;
            return Err(vm.value_error(format!(
                "{} in __slots__ conflicts with class variable",
                repr.to_text()
            )));
        }
        names.push(mangled);
    }
    names.sort_by(|a, b| a.chars().cmp(b.chars()));
    if text {
        made.dict |= may_dict && !names.is_empty();
    } else {
        made.slots = names;
    }
    // Another base may bring a dict or weak references along.
    for other in bases
        .iter()
        .filter_map(|b| b.downcast::<Type>())
        .filter(|b| !b.is(base))
    {
        made.dict |= may_dict && has_dict(other);
        made.weakrefs |= may_weak && has_weakrefs(other);
    }
    Ok(made)
}

/// Types with a variable tail of which CPython's subclasses have no weak references.
fn no_weakrefs(base: &Type) -> bool {
    matches!(
        base.info.layout.get().kind,
        kinds::INT | kinds::BYTES | kinds::TUPLE
    )
}

fn is_identifier(name: &Str) -> bool {
    let mut chars = name.chars().map(|c| char::from_u32(c).unwrap_or('\0'));
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}

/// `__x` in class `C` is `_C__x`.
fn mangle(vm: &Vm, class: &Str, name: &Str) -> PyResult<Ref<Str>> {
    let text = name.to_text();
    let class = class.to_text();
    let class = class.trim_start_matches('_');
    if !text.starts_with("__") || text.ends_with("__") || text.contains('.') || class.is_empty() {
        return vm.intern_str(name);
    }
    vm.intern(&format!("_{class}{text}"))
}

/// The computed attribute `__dict__` of classes that add one.
pub static DICT: GetSetDef = GetSetDef::get_set(
    "__dict__",
    get_instance_dict,
    set_instance_dict,
    "dictionary for instance variables",
);

/// The `__dict__` of the builtin type under a class whose instances have a dict of their own: it decides then.
fn builtin_dict(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let mut base = Ref::of(Type::of(this));
    while base.has(TypeTraits::HEAP) {
        let Some(next) = base.base.get() else {
            return Ok(None);
        };
        base = next;
    }
    if !layout_facts(&base).0 {
        return Ok(None);
    }
    match vm.type_lookup(&base, &vm.names.__dict__) {
        Some(found) if Type::of(&found).slots.descr_set.get().is_some() => Ok(Some(found)),
        _ => Err(vm.type_error(format!(
            "this __dict__ descriptor does not support '{}' objects",
            type_name(this)
        ))),
    }
}

fn get_instance_dict(vm: &Vm, this: &Object) -> PyResult {
    if let Some(found) = builtin_dict(vm, this)?
        && let Some(get) = Type::of(&found).slots.descr_get.get()
    {
        return get(vm, &found, Some(this), Some(&Type::of(this).head));
    }
    super::super::object::get_dict(vm, this)
}

fn set_instance_dict(vm: &Vm, this: &Object, value: Option<&Object>) -> PyResult<()> {
    if let Some(found) = builtin_dict(vm, this)?
        && let Some(set) = Type::of(&found).slots.descr_set.get()
    {
        return set(vm, &found, this, value);
    }
    super::super::object::set_dict(vm, this, value)
}

/// The computed attribute `__weakref__` of classes that add it.
pub static WEAKREF: GetSetDef = GetSetDef::get(
    "__weakref__",
    get_weakref,
    "list of weak references to the object",
);

fn get_weakref(vm: &Vm, object: &Object) -> PyResult {
    Ok(viv_heap::weak::weakrefs(object)
        .into_iter()
        .next()
        .unwrap_or_else(|| vm.none_ref()))
}

fn build(
    vm: &Vm,
    meta: &Type,
    name: &Str,
    bases: &Ref<Tuple>,
    base: &Ref<Type>,
    namespace: &Dict,
) -> PyResult<Ref<Type>> {
    let dict = vm.new_dict()?;
    crate::types::dict::merge::merge(vm, &dict, &namespace.head, true)?;
    if name.chars().any(|c| c == 0) {
        return Err(vm.value_error("type name must not contain null characters"));
    }
    check_encodable(vm, &name.head)?;
    if let Some(doc) = dict.get_str(vm, &vm.names.__doc__) {
        check_encodable(vm, &doc)?;
    }
    let added = additions(vm, name, bases, base, &dict)?;
    let qualname = match dict.get_str(vm, &vm.names.__qualname__) {
        Some(given) => {
            let given = given.cast::<Str>().map_err(|other| {
                vm.type_error(format!(
                    "type __qualname__ must be a str, not {}",
                    type_name(&other)
                ))
            })?;
            drop(dict.remove(vm, &vm.names.__qualname__)?);
            given
        }
        None => Ref::of(name),
    };
    let layout = ClassLayout {
        slots: added.slots.len(),
        dict: added.dict,
        weakrefs: added.weakrefs,
    };
    let inline = inline_hint(vm, &dict);
    let ty = allocate_class(vm, meta, base, &layout, inline)?;
    ty.name.set(Some(Ref::of(name)));
    ty.qualname.set(Some(qualname));
    ty.bases.set(Some(bases.clone()));
    ty.base.set(Some(base.clone()));
    ty.namespace.set(Some(dict.clone()));
    let inherited = base.traits.get() & TypeTraits::MATCH_SELF;
    ty.traits
        .set(TypeTraits::BASE | TypeTraits::HEAP | inherited);
    if base.info.flags.get() & TypeFlags::INLINE_VALUES != 0 {
        *ty.inline_names.borrow_mut() = base.inline_names.borrow().clone();
    }
    fill_dict(vm, &ty, &dict)?;
    take_cells(vm, &ty, &dict)?;
    add_members(vm, &ty, &dict, &added)?;
    if dict.get_str(vm, &vm.names.__doc__).is_none() {
        dict.set_str(vm, &vm.names.__doc__, vm.none())?;
    }
    if dict.get_str(vm, &vm.names.__hash__).is_none()
        && dict.get_str(vm, &vm.names.__eq__).is_some()
    {
        dict.set_str(vm, &vm.names.__hash__, vm.none())?;
    }
    let mro = super::mro::compute(vm, &ty)?;
    ty.mro.set(Some(mro.clone()));
    // A sequence or a mapping: what the first class of the MRO is that is one of them.
    for other in mro.iter().filter_map(|b| b.downcast::<Type>()) {
        let sequence = other.traits.get() & (TypeTraits::SEQUENCE | TypeTraits::MAPPING);
        if ty.traits.get() & (TypeTraits::SEQUENCE | TypeTraits::MAPPING) == 0 {
            ty.traits.set(ty.traits.get() | sequence);
        }
    }
    slot_defs::fill_slots(vm, &ty)?;
    ty.register_with_bases();
    if (dict.snapshot().iter()).any(|(key, _)| key.downcast::<Str>().is_none()) {
        let text = format!(
            "non-string key in the __dict__ of class {}",
            ty.display_name()
        );
        vm.warn(&vm.exceptions.RuntimeWarning, &text, 1)?;
    }
    Ok(ty)
}

/// Names and documentation of classes have to have a UTF-8 form.
///
/// # Errors
/// UnicodeEncodeError
pub(super) fn check_encodable(vm: &Vm, text: &Object) -> PyResult<()> {
    if let Some(text) = text.downcast::<Str>()
        && text.to_utf8().is_none()
    {
        drop(crate::types::codec::encode(vm, text, Some("utf-8"), None)?);
    }
    Ok(())
}

/// How many inline values an instance has room for at least, beside those that the base has named: as many as the class
/// body's methods assign.
fn inline_hint(vm: &Vm, dict: &Dict) -> usize {
    dict.get_str(vm, &vm.names.__static_attributes__)
        .and_then(|t| t.cast::<Tuple>().ok())
        .map_or(0, |t| t.len())
}

/// `__module__`, and the functions that are class or static methods without saying so.
fn fill_dict(vm: &Vm, ty: &Type, dict: &Dict) -> PyResult<()> {
    if dict.get_str(vm, &vm.names.__module__).is_none()
        && let Some(globals) = crate::eval::frame::globals_of_current(vm)
        && let Some(module) = globals.get_str(vm, &vm.names.__name__)
    {
        dict.set_str(vm, &vm.names.__module__, &module)?;
    }
    if let Some(new) = dict.get_str(vm, &vm.names.__new__)
        && new.downcast::<Function>().is_some()
    {
        let new = crate::types::static_method::make(vm, &new)?;
        dict.set_str(vm, &vm.names.__new__, &new)?;
    }
    for name in [&vm.names.__init_subclass__, &vm.names.__class_getitem__] {
        if let Some(method) = dict.get_str(vm, name)
            && method.downcast::<Function>().is_some()
        {
            let method = crate::types::class_method::make(vm, &method)?;
            dict.set_str(vm, name, &method)?;
        }
    }
    let _ = ty;
    Ok(())
}

/// Descriptors of the slots, `__dict__` and `__weakref__`.
fn add_members(vm: &Vm, ty: &Ref<Type>, dict: &Dict, added: &Additions) -> PyResult<()> {
    let end = ty.info.basicsize.get();
    let first = end - 8 * added.slots.len() as u32;
    for (i, name) in added.slots.iter().enumerate() {
        let offset = first + 8 * i as u32;
        ty.slot_names.borrow_mut().push((name.clone(), offset));
        let head = Object::new(vm.types.member_descriptor.type_head_of());
        let member = vm.place(MemberDescriptor {
            head,
            name: name.clone(),
            owner: ty.clone(),
            offset,
        })?;
        vm.heap.track(&member);
        if dict.get_str(vm, name).is_none() {
            dict.set_str(vm, name, &member)?;
        }
    }
    if added.dict && dict.get_str(vm, &vm.names.__dict__).is_none() {
        dict.set_str(
            vm,
            &vm.names.__dict__,
            &*crate::vm::create::getset_descriptor(vm, ty, &DICT)?,
        )?;
    }
    if added.weakrefs && dict.get_str(vm, &vm.names.__weakref__).is_none() {
        dict.set_str(
            vm,
            &vm.names.__weakref__,
            &*crate::vm::create::getset_descriptor(vm, ty, &WEAKREF)?,
        )?;
    }
    Ok(())
}

/// Fills the cells of `__class__` and `__classdict__`.
fn take_cells(vm: &Vm, ty: &Ref<Type>, dict: &Ref<Dict>) -> PyResult<()> {
    let cells: [(&Ref<Str>, Ref); 2] = [
        (&vm.names.__classcell__, ty.clone().upcast()),
        (&vm.names.__classdictcell__, dict.clone().upcast()),
    ];
    for (name, value) in cells {
        let Some(cell) = dict.get_str(vm, name) else {
            continue;
        };
        let Some(cell) = cell.downcast::<CellObject>() else {
            let repr = protocol::repr(vm, &Type::of(&cell).head)?;
            let name = name.to_text();
            return Err(vm.type_error(format!(
                "{name} must be a nonlocal cell, not {}",
                repr.to_text()
            )));
        };
        cell.contents.set(Some(value));
        drop(dict.remove(vm, name)?);
    }
    Ok(())
}

/// Calls `__set_name__` of everything in the class's dict that has it.
fn set_names(vm: &Vm, ty: &Type) -> PyResult<()> {
    let Some(dict) = ty.dict(vm) else {
        return Ok(());
    };
    for (key, value) in dict.snapshot() {
        let Some(method) = protocol::lookup_special(vm, &value, &vm.names.__set_name__)? else {
            continue;
        };
        if let Err(raised) = protocol::call_args(vm, &method, &[&ty.head, &key]) {
            let key = protocol::repr(vm, &key)?;
            let note = format!(
                "Error calling __set_name__ on '{}' instance {} in '{}'",
                type_name(&value),
                key.to_text(),
                ty.display_name()
            );
            return Err(add_note(vm, raised, &note));
        }
    }
    Ok(())
}

/// Adds a line to the notes of the exception on its way.
fn add_note(vm: &Vm, raised: Raised, note: &str) -> Raised {
    let exception = vm.take_raised(raised);
    let added = vm.new_str(note).and_then(|note| {
        let name = vm.intern("add_note")?;
        protocol::call_method(vm, &exception, &name, &[&note])
    });
    if let Err(raised) = added {
        drop(vm.take_raised(raised));
    }
    vm.restore(exception)
}

/// `super(cls, cls).__init_subclass__(**kwargs)`
fn init_subclass(vm: &Vm, ty: &Ref<Type>, args: Args<'_>) -> PyResult<()> {
    let in_order = (ty.mro.get()).is_some_and(|order| order.iter().any(|class| class.is(ty)));
    if !in_order {
        // An `mro()` of the metaclass has left the class out.
        let name = ty.display_name();
        return Err(vm.type_error(format!(
            "super(type, obj): obj (type {name}) is not an instance or subtype of type ({name})."
        )));
    }
    let (method, _) = crate::types::super_::super_lookup(
        vm,
        &ty.head,
        &ty.head,
        &vm.names.__init_subclass__,
        false,
    )?;
    let keywords = &args.values()[args.pos().len()..];
    protocol::call(vm, &method, NamedArgs::new(keywords, args.names()).args())?;
    Ok(())
}
