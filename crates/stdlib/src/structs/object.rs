//! The type `Struct`: a format that was read once.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Slot, Str, Type, TypeTraits, kinds};
use viv_runtime::protocol::TextBuilder;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::format::Layout;

/// A `struct.Struct`.
#[repr(C)]
pub struct StructObject {
    /// The header.
    pub head: Object,
    /// Nothing before `__init__`.
    layout: RefCell<Option<Rc<Layout>>>,
    format: Slot<Str>,
    /// The head of the list of weak references.
    pub weakrefs: Cell<*const Object>,
}
object_layout!(
    StructObject = kinds::STRUCT,
    traverse | this,
    visit | {
        this.format.visit(visit);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "Struct",
    module: "_struct",
    doc: "Struct(fmt) --> compiled struct object\n\n",
    traits: TypeTraits::BASE,
    weaklist_offset: std::mem::offset_of!(StructObject, weakrefs) as u32,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
    },
    methods: &[METHODS],
    getset: &[
        GetSetDef::get(
            "format",
            |vm, this| {
                layout(vm, this)?;
                let format = receiver::<StructObject>(vm, this)?.format.get();
                Ok(format.map_or_else(|| vm.none_ref(), Ref::upcast))
            },
            "struct format string",
        ),
        GetSetDef::member(
            "size",
            |vm, this| {
                let this = receiver::<StructObject>(vm, this)?;
                let size = this.layout.borrow().as_ref().map(|layout| layout.size);
                size.map_or_else(|| vm.new_int(-1), |size| vm.new_usize(size))
            },
            "struct size in bytes",
        ),
    ],
    ..TypeSpec::new(StructObject::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "iter_unpack",
        "($self, buffer, /)",
        NativeCall::One(|vm, this, buffer| {
            super::iterator::iterator(vm, layout(vm, this)?, buffer)
        }),
        "Return an iterator yielding tuples.\n\nTuples are unpacked from the given bytes source, like a repeated\ninvocation of unpack_from().\n\nRequires that the bytes length be a multiple of the struct size.",
    ),
    MethodDef::new(
        "pack",
        "",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: |vm, this, values| super::pack(vm, &*layout(vm, this)?, values),
        },
        "S.pack(v1, v2, ...) -> bytes\n\nReturn a bytes object containing values v1, v2, ... packed according\nto the format string S.format.  See help(struct) for more on format\nstrings.",
    ),
    MethodDef::new(
        "pack_into",
        "",
        NativeCall::Positional {
            min: 0,
            max: usize::MAX,
            call: |vm, this, args| super::pack_into(vm, &*layout(vm, this)?, args),
        },
        "S.pack_into(buffer, offset, v1, v2, ...)\n\nPack the values v1, v2, ... according to the format string S.format\nand write the packed bytes into the writable buffer buf starting at\noffset.  Note that the offset is a required argument.  A negative\noffset counts from the end of the buffer.  See help(struct) for more\non format strings.",
    ),
    MethodDef::new(
        "unpack",
        "($self, buffer, /)",
        NativeCall::One(|vm, this, buffer| super::unpack(vm, &*layout(vm, this)?, buffer)),
        "Return a tuple containing unpacked values.\n\nUnpack according to the format string Struct.format. The buffer's size\nin bytes must be Struct.size.\n\nSee help(struct) for more on format strings.",
    ),
    MethodDef::new(
        "unpack_from",
        "($self, /, buffer, offset=0)",
        NativeCall::Bound(|vm, this, args| match args {
            [Some(buffer), offset] => super::unpack_from(vm, &*layout(vm, this)?, buffer, *offset),
            _ => Err(vm.type_error("unpack_from() takes a buffer")),
        }),
        "Return a tuple containing unpacked values.\n\nValues are unpacked according to the format string Struct.format.\n\nThe buffer's size in bytes, starting at position offset, must be\nat least Struct.size.  A negative offset counts from the end of the\nbuffer.\n\nSee help(struct) for more on format strings.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let fields = layout(vm, this)?.fields.capacity();
            vm.new_usize(size_of::<StructObject>() + fields * size_of::<super::format::Field>())
        }),
        "S.__sizeof__() -> size of S in memory, in bytes",
    ),
];

/// The type `struct.Struct`.
pub fn struct_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn layout(vm: &Vm, this: &Object) -> PyResult<Rc<Layout>> {
    let this = receiver::<StructObject>(vm, this)?;
    this.layout
        .borrow()
        .clone()
        .ok_or_else(|| vm.runtime_error("Struct object is not initialized"))
}

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    let made = vm.place(StructObject {
        head: Object::new(ty.type_head_of()),
        layout: RefCell::default(),
        format: Slot::default(),
        weakrefs: Cell::new(std::ptr::null()),
    })?;
    vm.heap.track(made.as_object());
    Ok(made.upcast())
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let given = args.values().len();
    if given > 1 {
        return Err(vm.type_error(format!("Struct() takes at most 1 argument ({given} given)")));
    }
    let format = match args.pos().first() {
        Some(format) => format,
        None => args
            .keyword("format")
            .ok_or_else(|| vm.type_error("Struct() missing required argument 'format' (pos 1)"))?,
    };
    let text = super::format_text(vm, format)?;
    let layout = Layout::parse(vm, text.as_bytes())?;
    let this = receiver::<StructObject>(vm, this)?;
    this.layout.replace(Some(Rc::new(layout)));
    this.format.set(Some(text));
    Ok(())
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    layout(vm, this)?;
    let mut text = TextBuilder::new();
    let name = Type::of(this).name.get();
    text.push(&name.map_or_else(String::new, |name| name.to_text().into_owned()));
    text.push("(");
    if let Some(format) = receiver::<StructObject>(vm, this)?.format.get() {
        text.push_repr(vm, format.as_object())?;
    }
    text.push(")");
    Ok(text.finish(vm)?.upcast())
}
