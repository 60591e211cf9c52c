//! Layout of type objects, and where instances keep their attributes.

use std::cell::{Cell, RefCell};

use viv_heap::layout::TypeHead;
use viv_heap::{Object, Ref, TypeInfo, object_layout};

use super::slot::Slot;
use super::{Dict, Function, Str, Tuple, kinds};
use crate::result::PyResult;
use crate::slots::Slots;
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// A type object.
#[repr(C)]
pub struct Type {
    /// The header.
    pub head: Object,
    /// What the heap knows of the instances.
    pub info: TypeInfo,
    /// The operations.
    pub slots: Slots,
    /// `__name__`
    pub name: Slot<Str>,
    /// `__qualname__`
    pub qualname: Slot<Str>,
    /// The dict behind `__dict__`; of a builtin type nothing while `pending` holds its spec. See [`Type::dict`].
    pub(crate) namespace: Slot<Dict>,
    /// What the namespace of a builtin type is made of when somebody first asks for it.
    pub(crate) pending: Cell<Option<&'static TypeSpec>>,
    /// `__bases__`
    pub bases: Slot<Tuple>,
    /// `__base__`: the base whose layout this type extends.
    pub base: Slot<Type>,
    /// `__mro__`
    pub mro: Slot<Tuple>,
    /// Changes with every change of the type or of a base; 0 where nobody has asked for it since. Never used twice.
    pub version: Cell<u32>,
    /// Offset of the slot that holds `__dict__` in the instances of a builtin layout, or 0.
    pub dict_offset: Cell<u32>,
    /// The Python function that is the `__init__` of instances made in the plain way, as of version `init_version`.
    pub(crate) init: Cell<*const Function>,
    /// See `init`.
    pub(crate) init_version: Cell<u32>,
    /// See [`TypeTraits`].
    pub traits: Cell<u32>,
    /// The module name of a builtin type (`builtins`, `itertools` …); types made by class statements keep it in their dict.
    pub module: Cell<&'static str>,
    /// The documentation of a builtin type.
    pub doc: Cell<&'static str>,
    /// The direct subclasses, not owned: each takes itself out when it goes.
    pub subclasses: RefCell<Vec<*const Type>>,
    /// Names of the attributes that instances keep inline, in the order in which they were first set. A name's place never
    /// changes, so `version` and place together are a valid cache.
    pub inline_names: RefCell<Vec<Ref<Str>>>,
    /// `__slots__` in order of their offsets: name and byte offset from the header (only those of this class itself).
    pub slot_names: RefCell<Vec<(Ref<Str>, u32)>>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    Type = kinds::TYPE,
    traverse | this,
    visit | {
        this.name.visit(visit);
        this.qualname.visit(visit);
        this.namespace.visit(visit);
        this.bases.visit(visit);
        this.base.visit(visit);
        this.mro.visit(visit);
    },
    clear | this | {
        // As CPython: the dict and the MRO break any cycle that a type is part of; bases stay for those who still look.
        this.modified();
        if let Some(dict) = this.namespace.get() {
            dict.clear();
        }
        this.mro.set(None);
    }
);

/// Bits of [`Type::traits`].
pub struct TypeTraits;

impl TypeTraits {
    /// Subclasses may be made.
    pub const BASE: u32 = 1;
    /// The type's attributes may not be set.
    pub const IMMUTABLE: u32 = 1 << 1;
    /// Abstract methods are left: no instances.
    pub const ABSTRACT: u32 = 1 << 2;
    /// `match` treats instances as sequences.
    pub const SEQUENCE: u32 = 1 << 3;
    /// `match` treats instances as mappings.
    pub const MAPPING: u32 = 1 << 4;
    /// A positional class pattern matches the subject itself (`int(x)`, `str(s)` …).
    pub const MATCH_SELF: u32 = 1 << 5;
    /// Calling the type is refused ("cannot create 'x' instances").
    pub const NO_NEW: u32 = 1 << 6;
    /// Some class of the MRO defines `__getattr__` or overrides `__getattribute__`.
    pub const CUSTOM_GETATTR: u32 = 1 << 7;
    /// Instances are unhashable.
    pub const UNHASHABLE: u32 = 1 << 8;
    /// A function-like descriptor: a lookup through an instance may skip making a bound method.
    pub const METHOD_DESCRIPTOR: u32 = 1 << 9;
    /// The class was made by a class statement or `type()`.
    pub const HEAP: u32 = 1 << 10;
    /// Somebody holds the namespace itself: it may change unnoticed, and the type is given no version.
    pub const EXPOSED: u32 = 1 << 11;
    /// An object that became an instance later, by its `__class__`, has less room than there are inline places with a name:
    /// no cache may hold such a place.
    pub const CRAMPED: u32 = 1 << 12;
}

impl Drop for Type {
    fn drop(&mut self) {
        self.unregister();
    }
}

impl Type {
    /// The type as the heap sees it.
    #[inline]
    pub fn type_head_of(&self) -> &TypeHead {
        // SAFETY: a `Type` starts with exactly the fields of a `TypeHead`, both being `repr(C)`.
        unsafe { &*std::ptr::from_ref(self).cast::<TypeHead>() }
    }

    /// The type of an object.
    #[inline]
    pub fn of(object: &Object) -> &Type {
        // SAFETY: every type object has this layout.
        unsafe { object.type_object().downcast_unchecked::<Type>() }
    }

    /// Whether this is the very type `other`.
    #[inline]
    pub fn is(&self, other: &Type) -> bool {
        std::ptr::eq(self, other)
    }

    /// Sets or clears a trait.
    pub fn set_trait(&self, bit: u32, on: bool) {
        let rest = self.traits.get() & !bit;
        self.traits.set(if on { rest | bit } else { rest });
    }

    /// The dict behind `__dict__`.
    ///
    /// Nothing for a class that the collector has cleared, and for a builtin type whose namespace finds no memory.
    #[inline]
    pub fn dict(&self, vm: &Vm) -> Option<Ref<Dict>> {
        if self.pending.get().is_some() {
            crate::vm::create::fill_namespace(vm, self);
        }
        self.namespace.get()
    }

    /// Whether `other` is this type or one of those whose layout this one extends.
    pub fn is_subtype_by_base(&self, other: &Type) -> bool {
        if self.is(other) {
            return true;
        }
        let mut at = self.base.get();
        while let Some(base) = at {
            if base.is(other) {
                return true;
            }
            at = base.base.get();
        }
        false
    }

    /// Whether a trait is set.
    #[inline]
    pub fn has(&self, bit: u32) -> bool {
        self.traits.get() & bit != 0
    }

    /// The head of a type that is its own type.
    pub(crate) fn type_of_itself(info: TypeInfo) -> Box<TypeHead> {
        let mut head = Box::<TypeHead>::new_uninit();
        let at = head.as_mut_ptr();
        // SAFETY: the header's type pointer is the box's own address, valid as long as the box; both fields are written.
        unsafe {
            (&raw mut (*at).info).write(info);
            let own = Object::new(&*at);
            (&raw mut (*at).head).write(own);
            head.assume_init()
        }
    }

    /// The name, for messages: `__name__` of a class, the dotted name of a builtin type of another module than `builtins`.
    pub fn display_name(&self) -> String {
        let name = self
            .name
            .get()
            .map_or_else(String::new, |n| n.to_text().into_owned());
        let module = self.module.get();
        let own = self.has(TypeTraits::HEAP) && !self.has(TypeTraits::IMMUTABLE);
        if own || module == "builtins" || module.is_empty() {
            name
        } else {
            format!("{module}.{name}")
        }
    }

    /// The name with its module, but for classes of `builtins` and `__main__`.
    pub fn full_name(&self, vm: &Vm) -> String {
        let module = vm.intern("__module__").ok();
        let module = module.and_then(|name| self.dict(vm)?.get_str(vm, &name));
        let module = module.and_then(|module| module.cast::<Str>().ok());
        let name = self.qualname.get();
        let name = name.map_or_else(String::new, |name| name.to_text().into_owned());
        match module {
            Some(module) if !module.eq_text("builtins") && !module.eq_text("__main__") => {
                format!("{}.{name}", module.to_text())
            }
            None if !matches!(self.module.get(), "" | "builtins") => {
                format!("{}.{name}", self.module.get())
            }
            _ => name,
        }
    }

    /// Whether instances of this type are instances of `other`, by the MRO.
    #[inline]
    pub fn is_subtype(&self, other: &Type) -> bool {
        self.is(other) || self.is_below(other)
    }

    fn is_below(&self, other: &Type) -> bool {
        // SAFETY: comparing addresses runs no Python code.
        match unsafe { self.mro.peek_as() } {
            Some(mro) => mro.iter().any(|t| t.is(other)),
            None => {
                let mut at = self.base.get();
                while let Some(t) = at {
                    if t.is(other) {
                        return true;
                    }
                    at = t.base.get();
                }
                false
            }
        }
    }

    /// The attribute of that name in the first class of the MRO that has it.
    #[inline]
    pub fn lookup(&self, vm: &Vm, name: &Str) -> Option<Ref> {
        vm.type_lookup(self, name)
    }

    /// The version, given anew if the type has changed since; 0 where there are no more versions to give.
    #[inline]
    pub fn version(&self, vm: &Vm) -> u32 {
        let version = self.version.get();
        if version != 0 {
            version
        } else {
            vm.assign_type_version(self)
        }
    }

    /// The version that the type has, if it has one.
    pub(crate) fn known_version(&self) -> Option<u32> {
        Some(self.version.get()).filter(|version| *version != 0)
    }

    /// Whether instances have a `__dict__` that is not part of them.
    pub(crate) fn has_lazy_dict(&self) -> bool {
        self.dict_offset.get() != 0
            || self.info.flags.get() & viv_heap::TypeFlags::MANAGED_DICT != 0
    }

    /// The slot that holds the `__dict__` of an instance, where the layout has one.
    #[inline]
    pub(crate) fn dict_slot<'a>(&self, object: &'a Object) -> Option<&'a Slot<Dict>> {
        let offset = self.dict_offset.get() as usize;
        if offset == 0 || !Type::of(object).is(self) {
            return None;
        }
        // SAFETY: the spec of the layout says that such a slot lies there.
        Some(unsafe {
            &*std::ptr::from_ref(object)
                .cast::<u8>()
                .add(offset)
                .cast::<Slot<Dict>>()
        })
    }

    /// The Python function that initialises a new instance, where calling the class does nothing but to make a plain
    /// instance and to call that function.
    #[inline]
    pub(crate) fn python_init(&self, vm: &Vm) -> Option<&Function> {
        if self.init_version.get() != self.version(vm) || self.version.get() == 0 {
            self.find_python_init(vm);
        }
        // SAFETY: while the type has the version, its MRO holds the function.
        unsafe { self.init.get().as_ref() }
    }

    #[cold]
    fn find_python_init(&self, vm: &Vm) {
        let made_plainly = Type::of(&self.head).is(&vm.types.type_)
            && !self.has(TypeTraits::ABSTRACT)
            && self.info.layout.get().kind == super::kinds::INSTANCE
            && self.slots.new.get().is_some_and(|f| {
                std::ptr::fn_addr_eq(f, crate::types::object::new as crate::slots::New)
            });
        let init = made_plainly
            .then(|| self.lookup(vm, &vm.names.__init__))
            .flatten()
            .and_then(|f| f.cast::<Function>().ok());
        self.init
            .set(init.map_or(std::ptr::null(), |f| &raw const *f));
        self.init_version.set(self.version(vm));
    }

    /// Says that the type has changed: this one's version and those of all subclasses end.
    pub fn modified(&self) {
        // A type without a version has no subclass with one: versions are given to the bases first.
        if self.version.replace(0) == 0 {
            return;
        }
        let subclasses: Vec<*const Type> = self.subclasses.borrow().clone();
        for subclass in subclasses {
            // SAFETY: a subclass takes itself out of the list when it is released.
            unsafe { (*subclass).modified() };
        }
    }

    /// The direct subclasses, oldest first.
    pub fn subclass_refs(&self) -> Vec<Ref<Type>> {
        // SAFETY: as in `modified`.
        self.subclasses
            .borrow()
            .iter()
            .map(|t| unsafe { Ref::of(&**t) })
            .collect()
    }

    /// Takes this type out of the lists of its bases.
    pub fn unregister(&self) {
        if let Some(bases) = self.bases.get() {
            for base in bases.iter() {
                if let Some(base) = base.downcast::<Type>() {
                    base.subclasses
                        .borrow_mut()
                        .retain(|t| !std::ptr::eq(*t, self));
                }
            }
        }
    }

    /// Enters this type into the lists of its bases.
    pub fn register_with_bases(&self) {
        if let Some(bases) = self.bases.get() {
            for base in bases.iter() {
                if let Some(base) = base.downcast::<Type>() {
                    base.subclasses.borrow_mut().push(self);
                }
            }
        }
    }

    /// The inline place of an attribute name, if the type has given it one.
    #[inline]
    pub fn inline_index(&self, name: &Str) -> Option<usize> {
        let names = self.inline_names.borrow();
        names
            .iter()
            .position(|n| n.as_object().is(name))
            .or_else(|| {
                if name.is_interned() {
                    None
                } else {
                    names.iter().position(|n| n.eq_str(name))
                }
            })
    }
}

/// An instance of a class whose bases have no layout of their own: only the header; slots and inline values follow.
#[repr(C)]
pub struct Instance {
    /// The header.
    pub head: Object,
}
object_layout!(Instance = kinds::INSTANCE);

impl Instance {
    /// As [`place`](Self::place), for the eval loop: nothing where that fails, and nothing raised.
    #[inline(always)]
    pub(crate) fn place_quick(vm: &Vm, ty: &Type) -> Option<viv_heap::Raw> {
        match vm.hot.heap().place_instance(ty.type_head_of()) {
            Some(instance) => Some(instance),
            None => Instance::place_quietly(vm, ty),
        }
    }

    #[cold]
    #[inline(never)]
    fn place_quietly(vm: &Vm, ty: &Type) -> Option<viv_heap::Raw> {
        match Instance::place(vm, ty) {
            Ok(instance) => Some(instance.upcast().into_raw()),
            Err(raised) => {
                drop(vm.take_raised(raised));
                None
            }
        }
    }

    /// A new instance of a type with this layout.
    pub fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<Instance>> {
        let instance = vm.place(Instance {
            head: Object::new(ty.type_head_of()),
        })?;
        vm.heap.track(&instance);
        Ok(instance)
    }
}
