//! The builtin type `property`.

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Slot, Str, Type, TypeTraits, kinds};
use crate::protocol;
use crate::result::{PyResult, Raised};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A computed attribute.
#[repr(C)]
pub struct Property {
    /// The header.
    pub head: Object,
    get: Slot,
    set: Slot,
    delete: Slot,
    doc: Slot,
    name: Slot,
    /// Whether the documentation is that of the getter.
    getter_doc: std::cell::Cell<bool>,
}
object_layout!(Property = kinds::PROPERTY, traverse |this, visit| {
    this.get.visit(visit);
    this.set.visit(visit);
    this.delete.visit(visit);
    this.doc.visit(visit);
    this.name.visit(visit);
}, clear |this| {
    this.get.set(None);
    this.set.set(None);
    this.delete.set(None);
    this.doc.set(None);
});

/// The type `property`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "property",
    doc: "Property attribute.\n\n  fget\n    function to be used for getting an attribute value\n  fset\n    function to be used for setting an attribute value\n  fdel\n    function to be used for del'ing an attribute\n  doc\n    docstring",
    signature: "(fget=None, fset=None, fdel=None, doc=None)",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| empty(vm, ty)));
        s.init.set(Some(init));
        s.descr_get.set(Some(get));
        s.descr_set.set(Some(set));
    },
    methods: &[METHODS],
    getset: GETSET,
    ..TypeSpec::new(Property::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new("getter", "", NativeCall::One(|vm, o, f| copy(vm, o, Some(f), None, None)), "Descriptor to obtain a copy of the property with a different getter."),
    MethodDef::new("setter", "", NativeCall::One(|vm, o, f| copy(vm, o, None, Some(f), None)), "Descriptor to obtain a copy of the property with a different setter."),
    MethodDef::new("deleter", "", NativeCall::One(|vm, o, f| copy(vm, o, None, None, Some(f))), "Descriptor to obtain a copy of the property with a different deleter."),
    MethodDef::new("__set_name__", "", NativeCall::Positional { min: 2, max: 2, call: |vm, o, a| {
        this(vm, o)?.name.set(Some(a[1].to_ref()));
        Ok(vm.none_ref())
    } }, ""),
];

const GETSET: &[GetSetDef] = &[
    GetSetDef::member("fget", |vm, o| Ok(this(vm, o)?.get.get().unwrap_or_else(|| vm.none_ref())), ""),
    GetSetDef::member("fset", |vm, o| Ok(this(vm, o)?.set.get().unwrap_or_else(|| vm.none_ref())), ""),
    GetSetDef::member("fdel", |vm, o| Ok(this(vm, o)?.delete.get().unwrap_or_else(|| vm.none_ref())), ""),
    GetSetDef::get_set("__doc__", |vm, o| Ok(this(vm, o)?.doc.get().unwrap_or_else(|| vm.none_ref())), |vm, o, v| {
        this(vm, o)?.doc.set(v.map(Object::to_ref));
        Ok(())
    }, ""),
    GetSetDef::get_set("__name__", name, |vm, o, v| {
        this(vm, o)?.name.set(v.map(Object::to_ref));
        Ok(())
    }, ""),
    GetSetDef::get("__isabstractmethod__", |vm, o| {
        let p = this(vm, o)?;
        for part in [&p.get, &p.set, &p.delete] {
            if let Some(function) = part.get()
                && let Some(flag) = protocol::get_attr_opt(vm, &function, &vm.names.__isabstractmethod__)?
                && protocol::is_true(vm, &flag)?
            {
                return Ok(vm.bool(true));
            }
        }
        Ok(vm.bool(false))
    }, ""),
];

fn this<'a>(vm: &Vm, object: &'a Object) -> PyResult<&'a Property> {
    object.downcast::<Property>().ok_or_else(|| vm.type_error("descriptor requires a 'property' object"))
}

fn empty(vm: &Vm, ty: &Type) -> PyResult {
    let made = vm.place(Property {
        head: Object::new(ty.type_head_of()),
        get: Slot::default(),
        set: Slot::default(),
        delete: Slot::default(),
        doc: Slot::default(),
        name: Slot::default(),
        getter_doc: Default::default(),
    })?;
    vm.heap.track(&made);
    Ok(made.upcast())
}

fn init(vm: &Vm, object: &Object, args: crate::Args<'_>) -> PyResult<()> {
    let parameters = crate::native::bind::Parameters::parse(SPEC.signature);
    let bound = parameters.bind(vm, "property", args)?;
    let property = this(vm, object)?;
    let given = |i: usize| bound[i].filter(|o| !vm.is_none(o)).map(Object::to_ref);
    property.get.set(given(0));
    property.set.set(given(1));
    property.delete.set(given(2));
    property.getter_doc.set(false);
    let doc = match (bound[3], given(0)) {
        (Some(doc), _) => Some(doc.to_ref()),
        (None, Some(getter)) => {
            let doc = protocol::get_attr_opt(vm, &getter, &vm.names.__doc__)?.filter(|d| !vm.is_none(d));
            property.getter_doc.set(doc.is_some());
            doc
        }
        (None, None) => None,
    };
    property.doc.set(doc.clone());
    if !object.is_exact::<Property>()
        && property.getter_doc.get()
        && let Some(doc) = doc
    {
        protocol::set_attr(vm, object, &vm.names.__doc__, &doc)?;
    }
    Ok(())
}

fn copy(vm: &Vm, object: &Object, get: Option<&Object>, set: Option<&Object>, delete: Option<&Object>) -> PyResult {
    let old = this(vm, object)?;
    let part = |new: Option<&Object>, slot: &Slot| {
        new.filter(|n| !vm.is_none(n)).map(Object::to_ref).or_else(|| slot.get()).unwrap_or_else(|| vm.none_ref())
    };
    let (get, set, delete) = (part(get, &old.get), part(set, &old.set), part(delete, &old.delete));
    let doc = if old.getter_doc.get() { None } else { old.doc.get() };
    let mut args: Vec<&Object> = vec![&get, &set, &delete];
    if let Some(doc) = &doc {
        args.push(doc);
    }
    let made = protocol::call_args(vm, &Type::of(object).head, &args)?;
    if let Some(made) = made.downcast::<Property>() {
        made.name.set(old.name.get());
    }
    Ok(made)
}

fn name(vm: &Vm, object: &Object) -> PyResult {
    let property = this(vm, object)?;
    if let Some(name) = property.name.get() {
        return Ok(name);
    }
    match property.get.get() {
        Some(getter) => protocol::get_attr(vm, &getter, &vm.names.__name__),
        None => Err(protocol::attribute::no_attribute(vm, object, &vm.names.__name__)),
    }
}

/// AttributeError of an operation that the property has no function for.
fn refused(vm: &Vm, property: &Property, instance: &Object, what: &str) -> Raised {
    let kind = protocol::type_name(instance);
    let name = property.name.get().and_then(|n| n.cast::<Str>().ok());
    let text = match name {
        Some(name) => format!("property '{}' of '{kind}' object has no {what}", name.to_text()),
        None => format!("property of '{kind}' object has no {what}"),
    };
    vm.raise(&vm.exceptions.AttributeError, &text)
}

fn get(vm: &Vm, object: &Object, instance: Option<&Object>, _owner: Option<&Object>) -> PyResult {
    let Some(instance) = instance.filter(|i| !vm.is_none(i)) else { return Ok(object.to_ref()) };
    let property = this(vm, object)?;
    match property.get.get() {
        Some(getter) => protocol::call_one(vm, &getter, instance),
        None => Err(refused(vm, property, instance, "getter")),
    }
}

fn set(vm: &Vm, object: &Object, instance: &Object, value: Option<&Object>) -> PyResult<()> {
    let property = this(vm, object)?;
    match (value, property.set.get(), property.delete.get()) {
        (Some(value), Some(setter), _) => protocol::call_args(vm, &setter, &[instance, value]).map(drop),
        (Some(_), None, _) => Err(refused(vm, property, instance, "setter")),
        (None, _, Some(deleter)) => protocol::call_one(vm, &deleter, instance).map(drop),
        (None, _, None) => Err(refused(vm, property, instance, "deleter")),
    }
}
