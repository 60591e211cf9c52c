//! The entries of a folder: `posix.DirEntry` and the iterator of `posix.scandir`.
//!
//! The folder is read at once. What sort of thing an entry is comes with its name from most file systems, so that
//! `is_dir` and its like ask the system only for symbolic links, and where it was not told.

use nix::dir::{Dir, Type as SortOfEntry};
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use viv_runtime::modules::io::system::os_error;
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Bytes, Inner, Slot, Str, Tuple, Type, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use super::path::{self, Accepts, Given, Name};
use super::{stat, text};
use crate::kinds;

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
    /// Those still to come.
    rest: Inner<Listing>,
    /// The type of entries.
    entry: Ref<Type>,
    /// What the path of an entry begins with.
    start: Ref,
    bytes: bool,
}
object_layout!(
    Entries = kinds::SCANDIR_ITERATOR,
    traverse | this,
    visit | {
        visit.visit(&this.entry);
        visit.visit(&this.start);
    }
);

/// The entries of a folder that have no object yet: their names one behind the other, and what else is known of them.
#[derive(Default)]
struct Listing {
    names: Vec<u8>,
    found: Vec<Found>,
    /// How many have been given out.
    given: usize,
}

/// What is known of an entry.
#[derive(Clone, Copy)]
struct Found {
    /// Where its name ends.
    end: usize,
    sort: Sort,
    inode: u64,
}

impl Listing {
    /// Reads a folder.
    fn read(folder: &mut Dir) -> nix::Result<Listing> {
        let mut listing = Listing::default();
        for entry in folder.iter() {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            listing.names.extend_from_slice(name);
            let sort = match entry.file_type() {
                Some(SortOfEntry::Directory) => Sort::Folder,
                Some(SortOfEntry::File) => Sort::File,
                Some(SortOfEntry::Symlink) => Sort::Link,
                Some(_) => Sort::Other,
                None => Sort::Unknown,
            };
            listing.found.push(Found {
                end: listing.names.len(),
                sort,
                inode: entry.ino(),
            });
        }
        Ok(listing)
    }

    /// The next one, with where its name begins.
    fn next(&mut self) -> Option<(usize, Found)> {
        let found = *self.found.get(self.given)?;
        let start = match self.given.checked_sub(1) {
            Some(before) => self.found.get(before).map_or(0, |f| f.end),
            None => 0,
        };
        self.given += 1;
        Some((start, found))
    }

    fn name(&self, start: usize, end: usize) -> &[u8] {
        self.names.get(start..end).unwrap_or_default()
    }
}

/// The name of an entry as an object.
fn name_object(vm: &Vm, name: &[u8], bytes: bool) -> PyResult {
    use std::os::unix::ffi::OsStrExt;
    if bytes {
        return Ok(vm.new_bytes(name)?.upcast());
    }
    text(vm, std::ffi::OsStr::from_bytes(name))
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
                asked(vm, receiver(vm, this)?, follow)
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

/// Reads the folder that a function is given.
fn read(vm: &Vm, function: &'static str, path: Option<&Object>) -> PyResult<(Listing, Given)> {
    let accepts = Accepts {
        number: true,
        none: true,
        ..Accepts::path(function)
    };
    let given = match path {
        Some(path) => path::given(vm, accepts, path)?,
        None => Given::Nothing,
    };
    const FLAGS: OFlag = OFlag::O_RDONLY
        .union(OFlag::O_DIRECTORY)
        .union(OFlag::O_CLOEXEC);
    let opened = match &given {
        Given::Name(name) => Dir::open(name.as_bytes(), FLAGS, Mode::empty()),
        Given::Nothing => Dir::open(".", FLAGS, Mode::empty()),
        // A copy of the number: what is opened here is closed here. Both share the place in the folder.
        Given::Number(number) => nix::unistd::dup(*number).and_then(Dir::from_fd),
    };
    match opened.and_then(|mut folder| Listing::read(&mut folder)) {
        Ok(listing) => Ok((listing, given)),
        Err(error) => {
            let name = match &given {
                Given::Name(name) => Some(&*name.object),
                Given::Number(_) | Given::Nothing => None,
            };
            Err(os_error(vm, &error.into(), name))
        }
    }
}

/// `listdir(path=None)`
pub(super) fn listdir(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let (mut listing, given) = read(vm, "listdir", args.first().copied().flatten())?;
    let bytes = matches!(&given, Given::Name(name) if name.is_bytes());
    let mut names = Vec::with_capacity(listing.found.len());
    while let Some((start, found)) = listing.next() {
        names.push(name_object(vm, listing.name(start, found.end), bytes)?);
    }
    Ok(vm.new_list(names)?.upcast())
}

/// What the paths of a folder's entries begin with.
fn start_of(vm: &Vm, name: &Name) -> PyResult {
    if name.as_bytes().last().is_none_or(|last| *last == b'/') {
        return Ok(name.object.clone());
    }
    let slash = if name.is_bytes() {
        vm.new_bytes(b"/")?.upcast()
    } else {
        vm.new_str("/")?.upcast()
    };
    protocol::binary(vm, &name.object, &slash, viv_runtime::BinaryOp::Add)
}

/// `scandir(path=None)`: the entries of a folder.
pub(super) fn scandir(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let (listing, given) = read(vm, "scandir", args.first().copied().flatten())?;
    let start = match &given {
        Given::Name(name) => start_of(vm, name)?,
        Given::Nothing => vm.new_str("./")?.upcast(),
        Given::Number(_) => vm.new_str("")?.upcast(),
    };
    let ty = extra_type(vm, &ENTRIES, &vm.types.object)?;
    place_tracked(
        vm,
        Entries {
            head: Object::new(ty.type_head_of()),
            rest: Inner::new(listing),
            entry: entry_type(vm)?,
            bytes: start.downcast::<Bytes>().is_some(),
            start,
        },
    )
}

fn close(vm: &Vm, this: &Object) -> PyResult {
    let rest = &receiver::<Entries>(vm, this)?.rest;
    rest.write(|rest| *rest = Listing::default());
    Ok(vm.none_ref())
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Entries>(vm, this)?;
    let Some((start, found)) = this.rest.write(Listing::next) else {
        return Ok(None);
    };
    let name = this
        .rest
        .read(|rest| name_object(vm, rest.name(start, found.end), this.bytes))?;
    let path = match (this.start.downcast::<Str>(), name.downcast::<Str>()) {
        (Some(start), Some(name)) => viv_runtime::types::str::concat(vm, start, name)?,
        _ => protocol::binary(vm, &this.start, &name, viv_runtime::BinaryOp::Add)?,
    };
    // The collector does not watch entries: nothing in them leads back.
    let entry = vm.place(Entry {
        head: Object::new(this.entry.type_head_of()),
        name,
        path,
        sort: found.sort,
        inode: found.inode,
        followed: Slot::default(),
        own: Slot::default(),
    })?;
    Ok(Some(entry.upcast()))
}

fn follows(vm: &Vm, args: &[Option<&Object>]) -> PyResult<bool> {
    match args {
        [Some(follow)] => protocol::is_true(vm, follow),
        _ => Ok(true),
    }
}

/// `os.stat` of the entry, once for each way.
fn asked(vm: &Vm, this: &Entry, follow: bool) -> PyResult {
    let links = matches!(this.sort, Sort::Link | Sort::Unknown);
    let kept = if follow && links {
        &this.followed
    } else {
        &this.own
    };
    if let Some(known) = kept.get() {
        return Ok(known);
    }
    let name = path::name(vm, "stat", &this.path)?;
    let result = stat::of_name(vm, &name, follow && links)?;
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
    let found = match asked(vm, this, follow) {
        Ok(found) => found,
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.FileNotFoundError)?;
            return Ok(vm.bool(false));
        }
    };
    let mode = match found.downcast::<Tuple>().and_then(|found| found.get(0)) {
        Some(mode) => protocol::to_i64(vm, mode)?,
        None => 0,
    };
    let wanted = match sort {
        Sort::Folder => 0o040_000,
        Sort::File => 0o100_000,
        _ => 0o120_000,
    };
    Ok(vm.bool(mode & FORMAT == wanted))
}
