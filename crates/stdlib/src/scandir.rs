//! The entries of a folder: `posix.DirEntry` and the iterator of `posix.scandir`.
//!
//! The folder is read at once. What sort of thing an entry is comes with its name from most file systems, so that
//! `is_dir` and its like ask the system only for symbolic links, and where it was not told.

use std::os::unix::fs::{DirEntryExt, FileTypeExt};

use viv_runtime::modules::io::system::os_error;
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Bytes, Inner, Slot, Str, Type, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use crate::kinds;
use crate::posix::{path, text};

/// What an entry is, as far as the system has told with its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Folder,
    File,
    Link,
    Other,
    Unknown,
}

/// A `posix.DirEntry`.
#[repr(C)]
pub struct Entry {
    /// The header.
    pub head: Object,
    name: Ref,
    path: Ref,
    sort: Sort,
    inode: u64,
    /// The results of `stat`: of what a link leads to, and of itself.
    followed: Slot,
    own: Slot,
}
object_layout!(
    Entry = kinds::DIR_ENTRY,
    traverse | this,
    visit | {
        visit.visit(&this.name);
        visit.visit(&this.path);
        this.followed.visit(visit);
        this.own.visit(visit);
    }
);

/// The iterator.
#[repr(C)]
pub struct Entries {
    /// The header.
    pub head: Object,
    /// Those still to come, the next one last.
    rest: Inner<Vec<Found>>,
    /// What the path of an entry begins with.
    start: Ref,
    bytes: bool,
}
object_layout!(
    Entries = kinds::SCANDIR_ITERATOR,
    traverse | this,
    visit | {
        visit.visit(&this.start);
    }
);

/// An entry that has no object yet.
struct Found {
    name: std::ffi::OsString,
    sort: Sort,
    inode: u64,
}

static ENTRY: TypeSpec = TypeSpec {
    name: "DirEntry",
    module: "posix",
    traits: TypeTraits::NO_NEW,
    slots: |s| {
        s.repr.set(Some(|vm, this| {
            let name = protocol::repr(vm, &receiver::<Entry>(vm, this)?.name)?;
            Ok(vm
                .new_str(&format!("<DirEntry {}>", name.to_text()))?
                .upcast())
        }));
    },
    methods: &[&[
        MethodDef::new(
            "__fspath__",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| Ok(receiver::<Entry>(vm, this)?.path.clone())),
            "Return the path for the entry.",
        ),
        MethodDef::new(
            "stat",
            "($self, /, *, follow_symlinks=True)",
            NativeCall::Bound(|vm, this, args| {
                let follow = follows(vm, args)?;
                stat(vm, receiver(vm, this)?, follow)
            }),
            "Return stat_result object for the entry; cached per entry.",
        ),
        MethodDef::new(
            "inode",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| {
                let inode = receiver::<Entry>(vm, this)?.inode;
                match i64::try_from(inode) {
                    Ok(small) => vm.new_int(small),
                    Err(_) => vm.new_big_int(&inode.into()),
                }
            }),
            "Return inode of the entry; cached per entry.",
        ),
        MethodDef::new(
            "is_dir",
            "($self, /, *, follow_symlinks=True)",
            NativeCall::Bound(|vm, this, args| {
                let follow = follows(vm, args)?;
                is(vm, receiver(vm, this)?, Sort::Folder, follow)
            }),
            "Return True if the entry is a directory; cached per entry.",
        ),
        MethodDef::new(
            "is_file",
            "($self, /, *, follow_symlinks=True)",
            NativeCall::Bound(|vm, this, args| {
                let follow = follows(vm, args)?;
                is(vm, receiver(vm, this)?, Sort::File, follow)
            }),
            "Return True if the entry is a file; cached per entry.",
        ),
        MethodDef::new(
            "is_symlink",
            "($self, /)",
            NativeCall::NoArgs(|vm, this| is(vm, receiver(vm, this)?, Sort::Link, false)),
            "Return True if the entry is a symbolic link; cached per entry.",
        ),
        MethodDef::new(
            "is_junction",
            "($self, /)",
            NativeCall::NoArgs(|vm, _| Ok(vm.bool(false))),
            "Return True if the entry is a junction; cached per entry.",
        ),
        MethodDef::class(
            "__class_getitem__",
            "($type, object, /)",
            NativeCall::One(viv_runtime::types::class_getitem),
            "See PEP 585",
        ),
    ]],
    getset: &[
        GetSetDef::member(
            "name",
            |vm, this| Ok(receiver::<Entry>(vm, this)?.name.clone()),
            "the entry's base filename, relative to scandir() \"path\" argument",
        ),
        GetSetDef::member(
            "path",
            |vm, this| Ok(receiver::<Entry>(vm, this)?.path.clone()),
            "the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)",
        ),
    ],
    ..TypeSpec::new(Entry::layout, true)
};

static ENTRIES: TypeSpec = TypeSpec {
    name: "ScandirIterator",
    module: "posix",
    traits: TypeTraits::NO_NEW,
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    methods: &[&[
        MethodDef::new(
            "__enter__",
            "($self, /)",
            NativeCall::NoArgs(|_, this| Ok(this.to_ref())),
            "",
        ),
        MethodDef::new(
            "__exit__",
            "($self, /, *args)",
            NativeCall::Raw(|vm, this, _: Args<'_>| close(vm, this)),
            "",
        ),
        MethodDef::new("close", "($self, /)", NativeCall::NoArgs(close), ""),
    ]],
    ..TypeSpec::new(Entries::layout, true)
};

/// The type of entries.
pub fn entry_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &ENTRY, &vm.types.object)
}

/// `scandir(path, shown, start)`: the entries of a folder, whose paths begin with `start`; errors tell `shown`.
pub fn scandir(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let folder = path(vm, args[0])?;
    let (shown, start) = (args[1], args[2]);
    let mut rest = Vec::new();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return Err(os_error(vm, &error, Some(shown))),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return Err(os_error(vm, &error, Some(shown))),
        };
        let sort = match entry.file_type() {
            Ok(kind) if kind.is_dir() => Sort::Folder,
            Ok(kind) if kind.is_file() => Sort::File,
            Ok(kind) if kind.is_symlink() => Sort::Link,
            Ok(kind) if kind.is_fifo() || kind.is_socket() => Sort::Other,
            Ok(kind) if kind.is_block_device() || kind.is_char_device() => Sort::Other,
            _ => Sort::Unknown,
        };
        rest.push(Found {
            name: entry.file_name(),
            sort,
            inode: entry.ino(),
        });
    }
    rest.reverse();
    let ty = extra_type(vm, &ENTRIES, &vm.types.object)?;
    place_tracked(
        vm,
        Entries {
            head: Object::new(ty.type_head_of()),
            rest: Inner::new(rest),
            bytes: start.downcast::<Bytes>().is_some(),
            start: start.to_ref(),
        },
    )
}

fn close(vm: &Vm, this: &Object) -> PyResult {
    receiver::<Entries>(vm, this)?.rest.write(Vec::clear);
    Ok(vm.none_ref())
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    use std::os::unix::ffi::OsStrExt;
    let this = receiver::<Entries>(vm, this)?;
    let Some(found) = this.rest.write(Vec::pop) else {
        return Ok(None);
    };
    let name = if this.bytes {
        vm.new_bytes(found.name.as_bytes())?.upcast()
    } else {
        text(vm, &found.name)?
    };
    let path = match (this.start.downcast::<Str>(), name.downcast::<Str>()) {
        (Some(start), Some(name)) => viv_runtime::types::str::concat(vm, start, name)?,
        _ => protocol::binary(vm, &this.start, &name, viv_runtime::BinaryOp::Add)?,
    };
    let ty = entry_type(vm)?;
    let entry = place_tracked(
        vm,
        Entry {
            head: Object::new(ty.type_head_of()),
            name,
            path,
            sort: found.sort,
            inode: found.inode,
            followed: Slot::default(),
            own: Slot::default(),
        },
    )?;
    Ok(Some(entry))
}

fn follows(vm: &Vm, args: &[Option<&Object>]) -> PyResult<bool> {
    match args {
        [Some(follow)] => protocol::is_true(vm, follow),
        _ => Ok(true),
    }
}

/// `os.stat` of the entry, once for each way.
fn stat(vm: &Vm, this: &Entry, follow: bool) -> PyResult {
    let links = matches!(this.sort, Sort::Link | Sort::Unknown);
    let kept = if follow && links {
        &this.followed
    } else {
        &this.own
    };
    if let Some(known) = kept.get() {
        return Ok(known);
    }
    let module = viv_runtime::modules::import::import_name(vm, "posix")?;
    let function =
        protocol::get_attr_str(vm, &module, if follow && links { "stat" } else { "lstat" })?;
    let result = protocol::call_one(vm, &function, &this.path)?;
    kept.set(Some(result.clone()));
    Ok(result)
}

/// Whether the entry is of a sort; what is not there is of none.
fn is(vm: &Vm, this: &Entry, sort: Sort, follow: bool) -> PyResult {
    const FORMAT: i64 = 0o170_000;
    let told = match this.sort {
        Sort::Unknown => None,
        Sort::Link if follow => None,
        known => Some(known == sort),
    };
    if let Some(told) = told {
        return Ok(vm.bool(told));
    }
    let found = match stat(vm, this, follow) {
        Ok(found) => found,
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.FileNotFoundError)?;
            return Ok(vm.bool(false));
        }
    };
    let mode = protocol::to_i64(vm, &*protocol::get_attr_str(vm, &found, "st_mode")?)?;
    let wanted = match sort {
        Sort::Folder => 0o040_000,
        Sort::File => 0o100_000,
        _ => 0o120_000,
    };
    Ok(vm.bool(mode & FORMAT == wanted))
}
