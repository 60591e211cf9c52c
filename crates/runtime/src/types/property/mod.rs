//! The builtin type `property`.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::args::Args;
use crate::native::bind::Parameters;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Slot, Str, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::sequence::receiver;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A `property`.
#[repr(C)]
pub struct Property {
    /// The header.
    pub head: Object,
    /// `fget`
    pub get: Slot,
    /// `fset`
    pub set: Slot,
    /// `fdel`
    pub delete: Slot,
    /// `__doc__`
    pub doc: Slot,
    /// `__name__`, where the class body or a script has given one.
    pub name: Slot,
    /// The documentation is that of the getter.
    pub getter_doc: Cell<bool>,
}
object_layout!(
    Property = kinds::PROPERTY,
    traverse | this,
    visit | {
        this.get.visit(visit);
        this.set.visit(visit);
        this.delete.visit(visit);
        this.doc.visit(visit);
        this.name.visit(visit);
    },
    clear | this | {
        this.get.set(None);
        this.set.set(None);
        this.delete.set(None);
        this.doc.set(None);
        this.name.set(None);
    }
);

/// The type `property`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "property",
    signature: "(fget=None, fset=None, fdel=None, doc=None)",
    doc: "Property attribute.\n\n  fget\n    function to be used for getting an attribute value\n  fset\n    function to be used for setting an attribute value\n  fdel\n    function to be used for del'ing an attribute\n  doc\n    docstring\n\nTypical use is to define a managed attribute x:\n\nclass C(object):\n    def getx(self): return self._x\n    def setx(self, value): self._x = value\n    def delx(self): del self._x\n    x = property(getx, setx, delx, \"I'm the 'x' property.\")\n\nDecorators make defining new properties or modifying existing ones easy:\n\nclass C(object):\n    @property\n    def x(self):\n        \"I am the 'x' property.\"\n        return self._x\n    @x.setter\n    def x(self, value):\n        self._x = value\n    @x.deleter\n    def x(self):\n        del self._x",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.descr_get.set(Some(descr_get));
        s.descr_set.set(Some(descr_set));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(Property::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "getter",
        "",
        NativeCall::One(|vm, p, f| copy(vm, p, 0, f)),
        "Descriptor to obtain a copy of the property with a different getter.",
    ),
    MethodDef::new(
        "setter",
        "",
        NativeCall::One(|vm, p, f| copy(vm, p, 1, f)),
        "Descriptor to obtain a copy of the property with a different setter.",
    ),
    MethodDef::new(
        "deleter",
        "",
        NativeCall::One(|vm, p, f| copy(vm, p, 2, f)),
        "Descriptor to obtain a copy of the property with a different deleter.",
    ),
    MethodDef::new(
        "__set_name__",
        "",
        NativeCall::Raw(set_name),
        "Method to set name of a property.",
    ),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef::member("fget", |vm, o| or_none(vm, &property(vm, o)?.get), ""),
    GetSetDef::member("fset", |vm, o| or_none(vm, &property(vm, o)?.set), ""),
    GetSetDef::member("fdel", |vm, o| or_none(vm, &property(vm, o)?.delete), ""),
    GetSetDef::get_set(
        "__doc__",
        |vm, o| or_none(vm, &property(vm, o)?.doc),
        |vm, o, v| {
            property(vm, o)?.doc.set(v.map(Object::to_ref));
            Ok(())
        },
        "",
    ),
    GetSetDef::get_set(
        "__name__",
        get_name,
        |vm, o, v| {
            property(vm, o)?.name.set(v.map(Object::to_ref));
            Ok(())
        },
        "",
    ),
    GetSetDef::get("__isabstractmethod__", is_abstract, ""),
];

fn property<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Property> {
    receiver(vm, object)
}

fn or_none(vm: &Vm, slot: &Slot) -> PyResult {
    Ok(slot.get().unwrap_or_else(|| vm.none_ref()))
}

/// The truth of a callable's `__isabstractmethod__`.
pub fn abstract_flag(vm: &Vm, function: &Object) -> PyResult {
    match protocol::get_attr_opt(vm, function, &vm.names.__isabstractmethod__)? {
        Some(flag) => Ok(vm.bool(protocol::is_true(vm, &flag)?)),
        None => Ok(vm.bool(false)),
    }
}

fn is_abstract(vm: &Vm, this: &Object) -> PyResult {
    let this = property(vm, this)?;
    for function in [this.get.get(), this.set.get(), this.delete.get()]
        .into_iter()
        .flatten()
    {
        let flag = abstract_flag(vm, &function)?;
        if flag.is(&vm.true_.head) {
            return Ok(flag);
        }
    }
    Ok(vm.bool(false))
}

fn get_name(vm: &Vm, this: &Object) -> PyResult {
    match name_of(vm, property(vm, this)?)? {
        Some(name) => Ok(name),
        None => {
            let text = format!(
                "'{}' object has no attribute '__name__'",
                protocol::type_name(this)
            );
            Err(crate::types::exception::attribute_error(
                vm,
                &text,
                this,
                &vm.names.__name__,
            ))
        }
    }
}

fn name_of(vm: &Vm, this: &Property) -> PyResult<Option<Ref>> {
    if let Some(name) = this.name.get() {
        return Ok(Some(name));
    }
    match this.get.get() {
        Some(get) => protocol::get_attr_opt(vm, &get, &vm.names.__name__),
        None => Ok(None),
    }
}

fn new(vm: &Vm, ty: &Type, _args: Args<'_>) -> PyResult {
    let empty = Slot::default;
    let made = vm.place(Property {
        head: Object::new(ty.type_head_of()),
        get: empty(),
        set: empty(),
        delete: empty(),
        doc: empty(),
        name: empty(),
        getter_doc: Cell::new(false),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let bound = Parameters::of(SPEC.signature).bind(vm, "property", args)?;
    let given = |i: usize| {
        bound
            .get(i)
            .copied()
            .flatten()
            .filter(|o| !vm.is_none(o))
            .map(Object::to_ref)
    };
    let own = property(vm, this)?;
    own.get.set(given(0));
    own.set.set(given(1));
    own.delete.set(given(2));
    own.name.set(None);
    own.getter_doc.set(false);
    let mut doc = given(3);
    if doc.is_none()
        && let Some(get) = given(0)
    {
        doc = protocol::get_attr_opt(vm, &get, &vm.names.__doc__)?.filter(|d| !vm.is_none(d));
        own.getter_doc.set(doc.is_some());
    }
    if Type::of(this).is(&vm.types.property) {
        own.doc.set(doc);
        return Ok(());
    }
    // A subclass has a `__doc__` of its own in its dict, which would hide the property's.
    let doc = doc.unwrap_or_else(|| vm.none_ref());
    match protocol::set_attr(vm, this, &vm.names.__doc__, &doc) {
        Ok(()) => Ok(()),
        // Dropped in silence where no getter gave it, as CPython has done since before it looked.
        Err(raised) if !own.getter_doc.get() => {
            vm.swallow::<()>(raised, &vm.exceptions.AttributeError)?;
            Ok(())
        }
        Err(raised) => Err(raised),
    }
}

fn copy(vm: &Vm, this: &Object, which: usize, function: &Object) -> PyResult {
    let own = property(vm, this)?;
    let mut parts = [
        or_none(vm, &own.get)?,
        or_none(vm, &own.set)?,
        or_none(vm, &own.delete)?,
    ];
    if !vm.is_none(function) {
        parts[which] = function.to_ref();
    }
    let doc = if own.getter_doc.get() && !vm.is_none(&parts[0]) {
        vm.none_ref()
    } else {
        or_none(vm, &own.doc)?
    };
    let made = protocol::call_args(
        vm,
        &Type::of(this).head,
        &[&parts[0], &parts[1], &parts[2], &doc],
    )?;
    if let (Some(copy), Some(name)) = (made.downcast::<Property>(), own.name.get()) {
        copy.name.set(Some(name));
    }
    Ok(made)
}

fn set_name(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    match args.pos() {
        [_, name] => {
            property(vm, this)?.name.set(Some(name.to_ref()));
            Ok(vm.none_ref())
        }
        other => Err(vm.type_error(format!(
            "__set_name__() takes 2 positional arguments but {} were given",
            other.len()
        ))),
    }
}

/// "property 'x' of 'C' object has no getter"
#[cold]
fn lacks(vm: &Vm, this: &Property, object: &Object, what: &str) -> PyResult<Raised> {
    let class = Type::of(object).qualname.get();
    let class = class
        .as_ref()
        .map_or("?".into(), |n: &Ref<Str>| n.to_text());
    let text = match name_of(vm, this)? {
        Some(name) => {
            let name = protocol::repr(vm, &name)?;
            format!(
                "property {} of '{class}' object has no {what}",
                name.to_text()
            )
        }
        None => format!("property of '{class}' object has no {what}"),
    };
    Ok(vm.raise(&vm.exceptions.AttributeError, &text))
}

fn descr_get(
    vm: &Vm,
    this: &Object,
    instance: Option<&Object>,
    _owner: Option<&Object>,
) -> PyResult {
    let Some(instance) = instance.filter(|o| !vm.is_none(o)) else {
        return Ok(this.to_ref());
    };
    let own = property(vm, this)?;
    match own.get.get() {
        Some(get) => protocol::call_one(vm, &get, instance),
        None => Err(lacks(vm, own, instance, "getter")?),
    }
}

fn descr_set(vm: &Vm, this: &Object, instance: &Object, value: Option<&Object>) -> PyResult<()> {
    let own = property(vm, this)?;
    let function = if value.is_some() {
        own.set.get()
    } else {
        own.delete.get()
    };
    let Some(function) = function else {
        return Err(lacks(
            vm,
            own,
            instance,
            if value.is_some() { "setter" } else { "deleter" },
        )?);
    };
    match value {
        Some(value) => protocol::call_args(vm, &function, &[instance, value])?,
        None => protocol::call_one(vm, &function, instance)?,
    };
    Ok(())
}
