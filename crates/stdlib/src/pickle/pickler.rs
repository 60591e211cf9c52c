//! The type `Pickler`.

use std::cell::Cell;

use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Inner, NativeFunction, Slot, Str, Type, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Raised, Ref, Vm, object_layout,
};

use super::memo::Memo;
use super::opcodes::{DEFAULT_PROTOCOL, HIGHEST_PROTOCOL};
use super::save::{Saver, Settings, given};
use super::{cannot_pickle, memo_proxy};
use crate::kinds;

/// A `_pickle.Pickler`.
#[repr(C)]
pub struct Pickler {
    /// The header.
    pub head: Object,
    /// What has been written to the file.
    pub memo: Inner<Memo>,
    protocol: Cell<u8>,
    bin: Cell<i64>,
    fast: Cell<i64>,
    fix_imports: Cell<bool>,
    running: Cell<bool>,
    /// The file's `write`; nothing before `__init__`.
    write: Slot,
    buffer_callback: Slot,
    dispatch_table: Slot,
    /// What was assigned to the attribute of that name.
    persistent_id: Slot,
}
object_layout!(
    Pickler = kinds::PICKLER,
    traverse | this,
    visit | {
        this.write.visit(visit);
        this.buffer_callback.visit(visit);
        this.dispatch_table.visit(visit);
        this.persistent_id.visit(visit);
        this.memo
            .read(|memo| memo.objects().for_each(|object| visit.visit(object)));
    },
    clear | this | {
        this.write.set(None);
        this.buffer_callback.set(None);
        this.dispatch_table.set(None);
        this.persistent_id.set(None);
        drop(this.replace_memo(Memo::default()));
    }
);

const SIGNATURE: &str = "(file, protocol=None, fix_imports=True, buffer_callback=None)";

static SPEC: TypeSpec = TypeSpec {
    name: "Pickler",
    module: "_pickle",
    doc: "This takes a binary file for writing a pickle data stream.\n\nThe optional *protocol* argument tells the pickler to use the given\nprotocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default\nprotocol is 5. It was introduced in Python 3.8, and is incompatible\nwith previous versions.\n\nSpecifying a negative protocol version selects the highest protocol\nversion supported.  The higher the protocol used, the more recent the\nversion of Python needed to read the pickle produced.\n\nThe *file* argument must have a write() method that accepts a single\nbytes argument. It can thus be a file object opened for binary\nwriting, an io.BytesIO instance, or any other custom object that meets\nthis interface.\n\nIf *fix_imports* is True and protocol is less than 3, pickle will try\nto map the new Python 3 names to the old module names used in Python\n2, so that the pickle data stream is readable with Python 2.\n\nIf *buffer_callback* is None (the default), buffer views are\nserialized into *file* as part of the pickle stream.\n\nIf *buffer_callback* is not None, then it can be called any number\nof times with a buffer view.  If the callback returns a false value\n(such as None), the given buffer is out-of-band; otherwise the\nbuffer is serialized in-band, i.e. inside the pickle stream.\n\nIt is an error if *buffer_callback* is not None and *protocol*\nis None or smaller than 5.",
    signature: SIGNATURE,
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.init.set(Some(init));
        s.getattr.set(Some(getattr));
        s.setattr.set(Some(setattr));
    },
    methods: &[METHODS],
    getset: ATTRIBUTES,
    ..TypeSpec::new(Pickler::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "persistent_id",
        "($self, obj, /)",
        NativeCall::One(|vm, _, _| Ok(vm.none_ref())),
        "",
    ),
    MethodDef::new(
        "dump",
        "($self, obj, /)",
        NativeCall::One(dump),
        "Write a pickled representation of the given object to the open file.",
    ),
    MethodDef::new(
        "clear_memo",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            drop(receiver::<Pickler>(vm, this)?.replace_memo(Memo::default()));
            Ok(vm.none_ref())
        }),
        "Clears the pickler's \"memo\".\n\nThe memo is the data structure that remembers which objects the\npickler has already seen, so that shared or recursive objects are\npickled by reference and not by value.  This method is useful when\nre-using picklers.",
    ),
    MethodDef::new(
        "__sizeof__",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let memo = receiver::<Pickler>(vm, this)?.memo.read(Memo::bytes);
            vm.new_usize(Type::of(this).info.fixed_size() + memo)
        }),
        "Returns size in memory, in bytes.",
    ),
];

macro_rules! number {
    ($name:ident) => {
        GetSetDef {
            member: true,
            ..GetSetDef::get_set(
                stringify!($name),
                |vm, this| vm.new_int(receiver::<Pickler>(vm, this)?.$name.get()),
                |vm, this, value| {
                    let Some(value) = value else {
                        return Err(vm.type_error("can't delete numeric/char attribute"));
                    };
                    let number = protocol::to_i64(vm, &*protocol::index(vm, value)?)?;
                    receiver::<Pickler>(vm, this)?.$name.set(number);
                    Ok(())
                },
                "",
            )
        }
    };
}

const ATTRIBUTES: &[GetSetDef] = &[
    number!(bin),
    number!(fast),
    GetSetDef {
        member: true,
        ..GetSetDef::get_set(
            "dispatch_table",
            |vm, this| match receiver::<Pickler>(vm, this)?.dispatch_table.get() {
                Some(table) => Ok(table),
                None => {
                    let name = vm.intern("dispatch_table")?;
                    Err(protocol::attribute::no_attribute(vm, this, &name))
                }
            },
            |vm, this, value| {
                let slot = &receiver::<Pickler>(vm, this)?.dispatch_table;
                if value.is_none() && slot.is_none() {
                    let name = vm.intern("dispatch_table")?;
                    return Err(protocol::attribute::no_attribute(vm, this, &name));
                }
                slot.set(value.map(Object::to_ref));
                Ok(())
            },
            "",
        )
    },
    GetSetDef::get_set("memo", memo_proxy::of_pickler, memo_proxy::set_pickler, ""),
];

/// The type `_pickle.Pickler`.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

impl Pickler {
    /// Puts another memo in; gives the old one.
    pub fn replace_memo(&self, memo: Memo) -> Memo {
        self.memo.write(|old| std::mem::replace(old, memo))
    }
}

fn new(vm: &Vm, ty: &Type, _: Args<'_>) -> PyResult {
    place_tracked(
        vm,
        Pickler {
            head: Object::new(ty.type_head_of()),
            memo: Inner::new(Memo::default()),
            protocol: Cell::new(0),
            bin: Cell::new(0),
            fast: Cell::new(0),
            fix_imports: Cell::new(false),
            running: Cell::new(false),
            write: Slot::empty(),
            buffer_callback: Slot::empty(),
            dispatch_table: Slot::empty(),
            persistent_id: Slot::empty(),
        },
    )
}

/// Checks what a pickler is told.
pub fn settings(
    vm: &Vm,
    protocol: Option<&Object>,
    fix_imports: Option<&Object>,
    buffer_callback: Option<&Object>,
) -> PyResult<Settings> {
    let protocol = match protocol.filter(|protocol| !vm.is_none(protocol)) {
        None => DEFAULT_PROTOCOL,
        Some(protocol) => match protocol::to_index(vm, protocol)? {
            ..0 => HIGHEST_PROTOCOL,
            number if number <= i64::from(HIGHEST_PROTOCOL) => number as u8,
            _ => {
                return Err(
                    vm.value_error(format!("pickle protocol must be <= {HIGHEST_PROTOCOL}"))
                );
            }
        },
    };
    let fix_imports = match fix_imports {
        Some(fix) => protocol::is_true(vm, fix)?,
        None => true,
    };
    let buffer_callback = given(vm, buffer_callback);
    if buffer_callback.is_some() && protocol < 5 {
        return Err(vm.value_error("buffer_callback needs protocol >= 5"));
    }
    Ok(Settings {
        protocol,
        fix_imports: fix_imports && protocol < 3,
        buffer_callback,
    })
}

/// The `write` of a file.
///
/// # Errors
/// TypeError where it has none.
pub fn write_of(vm: &Vm, file: &Object) -> PyResult {
    match protocol::get_attr_opt(vm, file, &vm.names.write)? {
        Some(write) => Ok(write),
        None => Err(vm.type_error("file must have a 'write' attribute")),
    }
}

#[cold]
fn in_use(vm: &Vm) -> Raised {
    vm.runtime_error("Pickler object is already used")
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let bound = Parameters::of(SIGNATURE).bind(vm, "Pickler", args)?;
    let &[Some(file), protocol, fix_imports, buffer_callback] = &bound[..] else {
        return Err(vm.type_error("Pickler() needs a file"));
    };
    let pickler = receiver::<Pickler>(vm, this)?;
    if pickler.running.get() {
        return Err(in_use(vm));
    }
    let settings = settings(vm, protocol, fix_imports, buffer_callback)?;
    let write = write_of(vm, file)?;
    let name = vm.intern("dispatch_table")?;
    let table = protocol::get_attr_opt(vm, this, &name)?;
    pickler.protocol.set(settings.protocol);
    pickler.bin.set(i64::from(settings.protocol > 0));
    pickler.fast.set(0);
    pickler.fix_imports.set(settings.fix_imports);
    pickler.write.set(Some(write));
    pickler.buffer_callback.set(settings.buffer_callback);
    pickler.dispatch_table.set(table);
    Ok(())
}

fn getattr(vm: &Vm, this: &Object, name: &Str) -> PyResult {
    let hook = &receiver::<Pickler>(vm, this)?.persistent_id;
    super::get_attr_or_hook(vm, this, name, ("persistent_id", hook))
}

fn setattr(vm: &Vm, this: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    let hook = &receiver::<Pickler>(vm, this)?.persistent_id;
    super::set_attr_or_hook(vm, this, name, value, ("persistent_id", hook))
}

/// An attribute that a subclass or the script has given; nothing where it is the method of the type itself.
pub fn own_hook(vm: &Vm, this: &Object, name: &str) -> PyResult<Option<Ref>> {
    let name = vm.intern(name)?;
    let found = protocol::get_attr_opt(vm, this, &name)?;
    Ok(found.filter(|hook| {
        let native = hook.downcast::<NativeFunction>();
        !native.is_some_and(|function| METHODS.iter().any(|own| std::ptr::eq(own, function.def)))
    }))
}

fn dump(vm: &Vm, this: &Object, object: &Object) -> PyResult {
    let pickler = receiver::<Pickler>(vm, this)?;
    let Some(write) = pickler.write.get() else {
        return Err(cannot_pickle(
            vm,
            format!(
                "Pickler.__init__() was not called by {}.__init__()",
                Type::of(this).display_name()
            ),
        ));
    };
    if pickler.running.replace(true) {
        return Err(in_use(vm));
    }
    let result = dump_to(vm, this, pickler, write, object);
    pickler.memo.write(Memo::index_all);
    pickler.running.set(false);
    result?;
    Ok(vm.none_ref())
}

fn dump_to(vm: &Vm, this: &Object, pickler: &Pickler, write: Ref, object: &Object) -> PyResult<()> {
    let settings = Settings {
        protocol: pickler.protocol.get(),
        fix_imports: pickler.fix_imports.get(),
        buffer_callback: pickler.buffer_callback.get(),
    };
    let mut saver = Saver::new(vm, &pickler.memo, settings);
    saver.binary = pickler.bin.get() != 0;
    saver.fast = pickler.fast.get() != 0;
    saver.dispatch_table = pickler.dispatch_table.get();
    saver.write = Some(write);
    saver.persistent_id = own_hook(vm, this, "persistent_id")?;
    let name = vm.intern("reducer_override")?;
    saver.reducer_override = protocol::get_attr_opt(vm, this, &name)?;
    saver.dump(object)?;
    saver.flush()
}
