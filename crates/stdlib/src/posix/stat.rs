//! `os.stat` and its like, and what they give: `os.stat_result`.

use nix::sys::stat::FileStat;
use viv_runtime::modules::io::system::os_error;
use viv_runtime::modules::struct_sequence::{
    self, Shape, construct, field, hidden, make_whole, reduce,
};
use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Tuple, Type};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, protocol};

use super::path::{self, Accepts, Given, Name};

const SHAPE: Shape = Shape {
    title: "os.stat_result",
    fields: &[
        "st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size",
    ],
    unnamed: 3,
    hidden: &[
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime_ns",
        "st_mtime_ns",
        "st_ctime_ns",
        "st_blksize",
        "st_blocks",
        "st_rdev",
    ],
};

static SPEC: TypeSpec = TypeSpec {
    name: "stat_result",
    module: "os",
    doc: "stat_result: Result from stat, fstat, or lstat.\n\nThis object may be accessed either as a tuple of\n  (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime)\nor via the attributes st_mode, st_ino, st_dev, st_nlink, and so on.\n\nPosix/windows: If your platform supports st_blksize, st_blocks, st_rdev,\nor st_flags, they are available as attributes only.\n\nSee os.stat for more information.",
    exact: false,
    methods: &[&[
        MethodDef::new(
            "__reduce__",
            "",
            NativeCall::NoArgs(|vm, this| reduce(vm, this, &SHAPE)),
            "",
        ),
        MethodDef::new(
            "__replace__",
            "",
            NativeCall::Raw(|vm, this, args| struct_sequence::replace(vm, this, args, &SHAPE)),
            "Return a copy of the structure with new values for the specified fields.",
        ),
    ]],
    slots: |s| {
        s.repr
            .set(Some(|vm, this| struct_sequence::repr(vm, this, &SHAPE)));
        s.new.set(Some(new));
    },
    getset: &[
        GetSetDef::member("st_mode", field::<0>, "protection bits"),
        GetSetDef::member("st_ino", field::<1>, "inode"),
        GetSetDef::member("st_dev", field::<2>, "device"),
        GetSetDef::member("st_nlink", field::<3>, "number of hard links"),
        GetSetDef::member("st_uid", field::<4>, "user ID of owner"),
        GetSetDef::member("st_gid", field::<5>, "group ID of owner"),
        GetSetDef::member("st_size", field::<6>, "total size, in bytes"),
        GetSetDef::member("st_atime", hidden::<0>, "time of last access"),
        GetSetDef::member("st_mtime", hidden::<1>, "time of last modification"),
        GetSetDef::member("st_ctime", hidden::<2>, "time of last change"),
        GetSetDef::member(
            "st_atime_ns",
            hidden::<3>,
            "time of last access in nanoseconds",
        ),
        GetSetDef::member(
            "st_mtime_ns",
            hidden::<4>,
            "time of last modification in nanoseconds",
        ),
        GetSetDef::member(
            "st_ctime_ns",
            hidden::<5>,
            "time of last change in nanoseconds",
        ),
        GetSetDef::member("st_blksize", hidden::<6>, "blocksize for filesystem I/O"),
        GetSetDef::member("st_blocks", hidden::<7>, "number of blocks allocated"),
        GetSetDef::member("st_rdev", hidden::<8>, "device type (if inode device)"),
    ],
    ..TypeSpec::new(Tuple::layout, true)
};

/// The type `os.stat_result`.
pub(super) fn result_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.tuple)
}

/// Enters the type's numbers of fields.
pub(super) fn describe(vm: &Vm) -> PyResult<Ref<Type>> {
    let ty = result_type(vm)?;
    struct_sequence::describe(vm, &ty, &SHAPE)?;
    Ok(ty)
}

/// The constructor: times that are not given as fractions of seconds are the items without a name.
fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let made = construct(vm, ty, args, &SHAPE)?;
    let tuple = receiver::<Tuple>(vm, &made)?;
    if tuple.hidden().iter().take(3).all(|time| !vm.is_none(time)) {
        return Ok(made);
    }
    let (items, hidden) = (tuple.as_slice(), tuple.hidden());
    let values: Vec<Ref> = items
        .iter()
        .chain(hidden)
        .enumerate()
        .map(|(i, value)| match i {
            10..13 if vm.is_none(value) => items.get(i - 3).unwrap_or(value).clone(),
            _ => value.clone(),
        })
        .collect();
    let whole = make_whole(vm, ty, values, hidden.len())?;
    vm.heap.track(&whole);
    Ok(whole)
}

/// A `stat_result` of what the system tells.
fn result(vm: &Vm, s: &FileStat) -> PyResult {
    let unsigned = |n: u64| match i64::try_from(n) {
        Ok(n) => vm.new_int(n),
        Err(_) => vm.new_big_int(&n.into()),
    };
    let fraction = |seconds: i64, rest: i64| vm.new_float(seconds as f64 + 1e-9 * rest as f64);
    let whole = |seconds: i64, rest: i64| {
        let seconds = i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        match i64::try_from(seconds) {
            Ok(n) => vm.new_int(n),
            Err(_) => vm.new_big_int(&seconds.into()),
        }
    };
    #[allow(
        clippy::unnecessary_cast,
        reason = "the widths of these fields differ between machines"
    )]
    let values = [
        vm.new_int(i64::from(s.st_mode))?,
        unsigned(s.st_ino as u64)?,
        unsigned(s.st_dev as u64)?,
        unsigned(s.st_nlink as u64)?,
        vm.new_int(i64::from(s.st_uid))?,
        vm.new_int(i64::from(s.st_gid))?,
        vm.new_int(s.st_size as i64)?,
        vm.new_int(s.st_atime as i64)?,
        vm.new_int(s.st_mtime as i64)?,
        vm.new_int(s.st_ctime as i64)?,
        fraction(s.st_atime as i64, s.st_atime_nsec as i64)?,
        fraction(s.st_mtime as i64, s.st_mtime_nsec as i64)?,
        fraction(s.st_ctime as i64, s.st_ctime_nsec as i64)?,
        whole(s.st_atime as i64, s.st_atime_nsec as i64)?,
        whole(s.st_mtime as i64, s.st_mtime_nsec as i64)?,
        whole(s.st_ctime as i64, s.st_ctime_nsec as i64)?,
        vm.new_int(s.st_blksize as i64)?,
        vm.new_int(s.st_blocks as i64)?,
        unsigned(s.st_rdev as u64)?,
    ];
    make_whole(vm, &*result_type(vm)?, values, SHAPE.hidden.len())
}

/// What the system tells of a name.
pub(super) fn of_name(vm: &Vm, name: &Name, follow: bool) -> PyResult {
    let found = if follow {
        nix::sys::stat::stat(name.as_bytes())
    } else {
        nix::sys::stat::lstat(name.as_bytes())
    };
    match found {
        Ok(found) => result(vm, &found),
        Err(error) => Err(os_error(vm, &error.into(), Some(&name.object))),
    }
}

/// What the system tells of an open file; errors show `shown`.
fn of_number(vm: &Vm, number: i32, shown: Option<&Object>) -> PyResult {
    match nix::sys::stat::fstat(number) {
        Ok(found) => result(vm, &found),
        Err(error) => Err(os_error(vm, &error.into(), shown)),
    }
}

/// `stat(path, *, dir_fd=None, follow_symlinks=True)`
pub(super) fn stat(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    const ACCEPTS: Accepts = Accepts {
        number: true,
        ..Accepts::path("stat")
    };
    let &[Some(path), folder, follow] = args else {
        return Ok(vm.none_ref());
    };
    let given = path::given(vm, ACCEPTS, path)?;
    let follow = match follow {
        Some(follow) => protocol::is_true(vm, follow)?,
        None => true,
    };
    match given {
        Given::Number(_) if folder.is_some_and(|folder| !vm.is_none(folder)) => {
            Err(vm.value_error("stat: can't specify dir_fd without matching path"))
        }
        Given::Number(_) if !follow => {
            Err(vm.value_error("stat: cannot use fd and follow_symlinks together"))
        }
        Given::Number(number) => of_number(vm, number, Some(path)),
        Given::Name(name) => {
            path::no_folder(vm, folder)?;
            of_name(vm, &name, follow)
        }
        Given::Nothing => Ok(vm.none_ref()),
    }
}

/// `lstat(path, *, dir_fd=None)`
pub(super) fn lstat(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    let &[Some(path), folder] = args else {
        return Ok(vm.none_ref());
    };
    let name = path::name(vm, "lstat", path)?;
    path::no_folder(vm, folder)?;
    of_name(vm, &name, false)
}

/// `fstat(fd)`
pub(super) fn fstat(vm: &Vm, _: &Object, args: &[Option<&Object>]) -> PyResult {
    match args {
        [Some(number)] => of_number(vm, super::fd(vm, number)?, None),
        _ => Ok(vm.none_ref()),
    }
}
