//! The declaration of a builtin type, and how a type object is made of it.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU32, Ordering};

use viv_heap::layout::{Layout, TypeHead, TypeInfo};
use viv_heap::{Flags, Heap, Object, ObjectLayout, Ref, TypeFlags};

use crate::native::{GetSetDef, MethodDef};
use crate::object::{Slot, Type, TypeTraits};
use crate::result::PyResult;
use crate::slots::Slots;
use crate::types::object::attributes::INLINE_MAX;
use crate::vm::Vm;

/// The declaration of a builtin type.
pub struct TypeSpec {
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// `__doc__`
    pub doc: &'static str,
    /// `__text_signature__` of the constructor, empty where there is none.
    pub signature: &'static str,
    /// The layout of the instances.
    pub layout: fn() -> &'static Layout,
    /// Whether instances take part in cycles.
    pub gc: bool,
    /// Whether instances count as exactly the builtin of their layout; false for `bool`, which shares that of `int`.
    pub exact: bool,
    /// Offset of the list head of weak references in the instances, or 0.
    pub weaklist_offset: u32,
    /// Offset of the slot that holds `__dict__` in the instances, or 0.
    pub dict_offset: u32,
    /// See [`TypeTraits`]; `IMMUTABLE` is added to all.
    pub traits: u32,
    /// Fills the slots.
    pub slots: fn(&Slots),
    /// Methods, in parts.
    pub methods: &'static [&'static [MethodDef]],
    /// Computed attributes.
    pub getset: &'static [GetSetDef],
    /// The number of the spec among those of types that native modules add.
    pub number: SpecNumber,
}

/// The place of a spec among those of native modules' types: given when it is first asked for, the same in all interpreters.
pub struct SpecNumber(AtomicU32);

impl SpecNumber {
    /// None yet.
    pub const fn unset() -> SpecNumber {
        SpecNumber(AtomicU32::new(u32::MAX))
    }

    /// The number.
    #[inline]
    pub fn get(&self) -> usize {
        match self.0.load(Ordering::Relaxed) {
            u32::MAX => self.give(),
            known => known as usize,
        }
    }

    #[cold]
    fn give(&self) -> usize {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        // Another thread may have been first.
        let order = Ordering::Relaxed;
        match self.0.compare_exchange(u32::MAX, next, order, order) {
            Ok(_) => next as usize,
            Err(known) => known as usize,
        }
    }
}

impl TypeSpec {
    /// A spec with nothing in it but the layout.
    pub const fn new(layout: fn() -> &'static Layout, gc: bool) -> TypeSpec {
        TypeSpec {
            name: "",
            module: "builtins",
            doc: "",
            signature: "",
            layout,
            gc,
            exact: true,
            weaklist_offset: 0,
            dict_offset: 0,
            traits: 0,
            slots: |_| {},
            methods: &[],
            getset: &[],
            number: SpecNumber::unset(),
        }
    }
}

fn info(
    heap: &Heap,
    layout: &'static Layout,
    gc: bool,
    exact: bool,
    weaklist_offset: u32,
) -> TypeInfo {
    let simple = !gc && weaklist_offset == 0 && !layout.needs_drop;
    let bits = if gc { Flags::GC } else { 0 }
        | if exact { Flags::EXACT } else { 0 }
        | if simple { Flags::SIMPLE } else { 0 };
    TypeInfo {
        heap: Cell::new(heap),
        layout: Cell::new(layout),
        object_flags: Cell::new(u32::from(layout.kind) | bits),
        flags: Cell::new(0),
        basicsize: Cell::new(layout.size as u32),
        slots_offset: Cell::new(layout.size as u32),
        weaklist_offset: Cell::new(weaklist_offset),
        base: Cell::new(std::ptr::null()),
        inline_values: Cell::new(0),
        inline_spare: Cell::new(0),
        inline_reserve: Cell::new(0),
    }
}

/// The provisional type of types, needed only until `type` itself exists.
pub(crate) fn allocate_meta(heap: &Heap) -> Box<TypeHead> {
    let weaklist_offset = std::mem::offset_of!(Type, weakrefs) as u32;
    Type::type_of_itself(info(heap, Type::layout(), true, true, weaklist_offset))
}

/// Allocates the type object of a spec: slots filled from the spec, no name, dict, bases or MRO yet.
pub(crate) fn allocate(heap: &Heap, meta: &TypeHead, spec: &'static TypeSpec) -> Option<Ref<Type>> {
    let slots = Slots::default();
    (spec.slots)(&slots);
    let ty = heap
        .place(Type {
            head: Object::new(meta),
            info: info(
                heap,
                (spec.layout)(),
                spec.gc,
                spec.exact,
                spec.weaklist_offset,
            ),
            slots,
            name: Slot::default(),
            qualname: Slot::default(),
            namespace: Slot::default(),
            pending: Cell::new(None),
            bases: Slot::default(),
            base: Slot::default(),
            mro: Slot::default(),
            version: Cell::new(0),
            dict_offset: Cell::new(spec.dict_offset),
            traits: Cell::new(spec.traits | TypeTraits::IMMUTABLE),
            module: Cell::new(spec.module),
            doc: Cell::new(spec.doc),
            subclasses: RefCell::default(),
            init: Cell::new(std::ptr::null()),
            init_version: Cell::new(0),
            inline_names: RefCell::default(),
            slot_names: RefCell::default(),
            weakrefs: Cell::new(std::ptr::null()),
        })
        .ok()?;
    ty.make_immortal();
    heap.track(&ty);
    Some(ty)
}

/// What a class adds to the instances of its base.
pub struct ClassLayout {
    /// Number of `__slots__`.
    pub slots: usize,
    /// A `__dict__`.
    pub dict: bool,
    /// Weak references.
    pub weakrefs: bool,
}

/// Allocates the type object of a class statement: only what the heap knows is filled in.
pub fn allocate_class(
    vm: &Vm,
    meta: &Type,
    base: &Type,
    added: &ClassLayout,
    inline: usize,
) -> PyResult<Ref<Type>> {
    let above = &base.info;
    let layout = above.layout.get();
    let mut flags = TypeFlags::HEAP_TYPE
        | above.flags.get()
            & (TypeFlags::MANAGED_DICT
                | TypeFlags::MANAGED_WEAKREF
                | TypeFlags::INLINE_VALUES
                | TypeFlags::WEAKREFS_FIRST);
    if added.dict {
        flags |= TypeFlags::MANAGED_DICT;
        // Values behind the struct need the flags' kind bits, which only plain instances leave free.
        if layout.kind == crate::object::kinds::INSTANCE {
            flags |= TypeFlags::INLINE_VALUES;
        }
    }
    if added.weakrefs {
        flags |= TypeFlags::MANAGED_WEAKREF;
    }
    let managed = flags & (TypeFlags::MANAGED_DICT | TypeFlags::MANAGED_WEAKREF) != 0;
    // Every instance of a class owns its class, so it may be part of a cycle.
    let bits = Flags::GC | if managed { Flags::MANAGED } else { 0 };
    let size = above.fixed_size() as u32;
    let (named, spare, reserve) = if flags & TypeFlags::INLINE_VALUES != 0 {
        let named = above.inline_values.get();
        let spare = (INLINE_MAX as u32).saturating_sub(named);
        (named, spare, (inline as u32 + 1).min(spare))
    } else {
        (0, 0, 0)
    };
    let info = TypeInfo {
        heap: Cell::new(above.heap.get()),
        layout: Cell::new(layout),
        object_flags: Cell::new(u32::from(layout.kind) | bits),
        flags: Cell::new(flags),
        basicsize: Cell::new(size + 8 * added.slots as u32),
        slots_offset: Cell::new(above.slots_offset.get()),
        weaklist_offset: Cell::new(above.weaklist_offset.get()),
        base: Cell::new(base.type_head_of()),
        inline_values: Cell::new(named),
        inline_spare: Cell::new(spare),
        inline_reserve: Cell::new(reserve),
    };
    let ty = vm.place(Type {
        head: Object::new(meta.type_head_of()),
        info,
        slots: Slots::default(),
        name: Slot::default(),
        qualname: Slot::default(),
        namespace: Slot::default(),
        pending: Cell::new(None),
        bases: Slot::default(),
        base: Slot::default(),
        mro: Slot::default(),
        version: Cell::new(0),
        dict_offset: Cell::new(base.dict_offset.get()),
        init: Cell::new(std::ptr::null()),
        init_version: Cell::new(0),
        traits: Cell::new(TypeTraits::HEAP),
        module: Cell::new(""),
        doc: Cell::new(""),
        subclasses: RefCell::default(),
        inline_names: RefCell::default(),
        slot_names: RefCell::default(),
        weakrefs: Cell::new(std::ptr::null()),
    })?;
    vm.heap.track(&ty);
    Ok(ty)
}
