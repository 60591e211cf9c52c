//! The modules `pwd` and `grp`: the system's users and groups.

use nix::unistd::{Gid, Group, Uid, User};
use viv_runtime::modules::io::system::os_error;
use viv_runtime::modules::make::ModuleSpec;
use viv_runtime::modules::struct_sequence::make;
use viv_runtime::object::Str;
use viv_runtime::struct_sequence;
use viv_runtime::types::extra::extra_type;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Raised, Ref, Vm, protocol};

use crate::posix::text;

struct_sequence!(
    /// An entry of the user database.
    USER, "pwd", "struct_passwd", 0 "pw_name", 1 "pw_passwd", 2 "pw_uid", 3 "pw_gid", 4 "pw_gecos", 5 "pw_dir", 6 "pw_shell"
);

struct_sequence!(
    /// An entry of the group database.
    GROUP, "grp", "struct_group", 0 "gr_name", 1 "gr_passwd", 2 "gr_gid", 3 "gr_mem"
);

/// The module `pwd`.
pub static PWD: ModuleSpec = ModuleSpec {
    name: "pwd",
    doc: "This module provides access to the Unix password database.\nIt is available on all Unix versions.\n\nPassword database entries are reported as 7-tuples containing the following\nitems from the password database (see `<pwd.h>'), in order:\npw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.\nThe uid and gid items are integers, all others are strings. An\nexception is raised if the entry asked for cannot be found.",
    functions: &[&[
        MethodDef::new(
            "getpwuid",
            "($module, uidobj, /)",
            NativeCall::One(|vm, _, id| {
                let found = match id_of(vm, id, "uid")? {
                    Some(id) => User::from_uid(Uid::from_raw(id)),
                    None => Ok(None),
                };
                match found.map_err(|error| os_error(vm, &error.into(), None))? {
                    Some(found) => user(vm, &found),
                    None => Err(unknown(vm, "getpwuid(): uid not found: ", id)),
                }
            }),
            "Return the password database entry for the given numeric user ID.\n\nSee `help(pwd)` for more on password database entries.",
        ),
        MethodDef::new(
            "getpwnam",
            "($module, name, /)",
            NativeCall::One(|vm, _, name| {
                let wanted = name_of(vm, "getpwnam", name)?;
                match User::from_name(&wanted).map_err(|e| os_error(vm, &e.into(), None))? {
                    Some(found) => user(vm, &found),
                    None => Err(unknown_name(vm, "getpwnam", name)),
                }
            }),
            "Return the password database entry for the given user name.\n\nSee `help(pwd)` for more on password database entries.",
        ),
        MethodDef::new(
            "getpwall",
            "($module, /)",
            NativeCall::NoArgs(|vm, _| {
                every(vm, "/etc/passwd", |name| {
                    match User::from_name(name).unwrap_or_default() {
                        Some(found) => user(vm, &found).map(Some),
                        None => Ok(None),
                    }
                })
            }),
            "Return a list of all available password database entries, in arbitrary order.\n\nSee help(pwd) for more on password database entries.",
        ),
    ]],
    fill: |vm, module| {
        let ty = extra_type(vm, &USER, &vm.types.tuple)?;
        module.dict.set_text(vm, "struct_passwd", ty.as_object())
    },
};

/// The module `grp`.
pub static GRP: ModuleSpec = ModuleSpec {
    name: "grp",
    doc: "Access to the Unix group database.\n\nGroup entries are reported as 4-tuples containing the following fields\nfrom the group database, in order:\n\n  name   - name of the group\n  passwd - group password (encrypted); often empty\n  gid    - numeric ID of the group\n  mem    - list of members\n\nThe gid is an integer, name and password are strings.  (Note that most\nusers are not explicitly listed as members of the groups they are in\naccording to the password database.  Check both databases to get\ncomplete membership information.)",
    functions: &[&[
        MethodDef::new(
            "getgrgid",
            "($module, /, id)",
            NativeCall::Bound(|vm, _, args| {
                let id = args[0].unwrap_or(vm.none());
                let found = match id_of(vm, id, "gid")? {
                    Some(id) => Group::from_gid(Gid::from_raw(id)),
                    None => Ok(None),
                };
                match found.map_err(|error| os_error(vm, &error.into(), None))? {
                    Some(found) => group(vm, &found),
                    None => Err(unknown(vm, "getgrgid(): gid not found: ", id)),
                }
            }),
            "Return the group database entry for the given numeric group ID.\n\nIf id is not valid, raise KeyError.",
        ),
        MethodDef::new(
            "getgrnam",
            "($module, /, name)",
            NativeCall::Bound(|vm, _, args| {
                let name = args[0].unwrap_or(vm.none());
                let wanted = name_of(vm, "getgrnam", name)?;
                match Group::from_name(&wanted).map_err(|e| os_error(vm, &e.into(), None))? {
                    Some(found) => group(vm, &found),
                    None => Err(unknown_name(vm, "getgrnam", name)),
                }
            }),
            "Return the group database entry for the given group name.\n\nIf name is not valid, raise KeyError.",
        ),
        MethodDef::new(
            "getgrall",
            "($module, /)",
            NativeCall::NoArgs(|vm, _| {
                every(vm, "/etc/group", |name| {
                    match Group::from_name(name).unwrap_or_default() {
                        Some(found) => group(vm, &found).map(Some),
                        None => Ok(None),
                    }
                })
            }),
            "Return a list of all available group entries, in arbitrary order.\n\nAn entry whose name starts with '+' or '-' represents an instruction\nto use YP/NIS and may not be accessible via getgrnam or getgrgid.",
        ),
    ]],
    fill: |vm, module| {
        let ty = extra_type(vm, &GROUP, &vm.types.tuple)?;
        module.dict.set_text(vm, "struct_group", ty.as_object())
    },
};

/// An id; nothing where no user can have it.
fn id_of(vm: &Vm, object: &Object, what: &str) -> PyResult<Option<u32>> {
    if viv_runtime::object::Type::of(object)
        .slots
        .index
        .get()
        .is_none()
    {
        return Err(vm.type_error(format!(
            "{what} should be integer, not {}",
            protocol::type_name(object)
        )));
    }
    let index = protocol::index(vm, object)?;
    let number = index
        .downcast::<viv_runtime::object::Int>()
        .and_then(|n| n.as_i64());
    Ok(match number {
        Some(-1) => Some(u32::MAX),
        Some(n) => u32::try_from(n).ok(),
        None => None,
    })
}

fn name_of(vm: &Vm, function: &str, name: &Object) -> PyResult<String> {
    let Some(name) = name.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "{function}() argument must be str, not {}",
            protocol::argument_name(vm, name)
        )));
    };
    match name.to_utf8() {
        Some(name) if name.contains('\0') => Err(vm.value_error("embedded null byte")),
        Some(name) => Ok(name.into_owned()),
        None => Err(vm.value_error("surrogates not allowed in a name")),
    }
}

#[cold]
fn unknown(vm: &Vm, text: &str, key: &Object) -> Raised {
    let made =
        protocol::str(vm, key).and_then(|key| vm.new_str(&format!("{text}{}", key.to_text())));
    match made {
        Ok(message) => vm.key_error(&message),
        Err(raised) => raised,
    }
}

#[cold]
fn unknown_name(vm: &Vm, function: &str, name: &Object) -> Raised {
    let made = protocol::repr(vm, name)
        .and_then(|name| vm.new_str(&format!("{function}(): name not found: {}", name.to_text())));
    match made {
        Ok(message) => vm.key_error(&message),
        Err(raised) => raised,
    }
}

fn string(vm: &Vm, value: &str) -> PyResult {
    Ok(vm.new_str(value)?.upcast())
}

fn user(vm: &Vm, found: &User) -> PyResult {
    let password = found.passwd.to_string_lossy();
    let values = vec![
        string(vm, &found.name)?,
        string(vm, &password)?,
        vm.new_int(i64::from(found.uid.as_raw()))?,
        vm.new_int(i64::from(found.gid.as_raw()))?,
        string(vm, &found.gecos.to_string_lossy())?,
        text(vm, found.dir.as_os_str())?,
        text(vm, found.shell.as_os_str())?,
    ];
    make(vm, &*extra_type(vm, &USER, &vm.types.tuple)?, values)
}

fn group(vm: &Vm, found: &Group) -> PyResult {
    let members = found
        .mem
        .iter()
        .map(|name| string(vm, name))
        .collect::<PyResult<Vec<Ref>>>()?;
    let password = found.passwd.to_string_lossy();
    let values = vec![
        string(vm, &found.name)?,
        string(vm, &password)?,
        vm.new_int(i64::from(found.gid.as_raw()))?,
        vm.new_list(members)?.upcast(),
    ];
    make(vm, &*extra_type(vm, &GROUP, &vm.types.tuple)?, values)
}

/// The entries of a database whose names stand in a file of the system.
fn every(vm: &Vm, file: &str, mut entry: impl FnMut(&str) -> PyResult<Option<Ref>>) -> PyResult {
    let lines = std::fs::read(file).map_err(|error| os_error(vm, &error, None))?;
    let mut entries = Vec::new();
    for line in String::from_utf8_lossy(&lines).lines() {
        let name = line.split(':').next().unwrap_or_default();
        if !name.is_empty() && !name.starts_with(['#', '+', '-']) {
            entries.extend(entry(name)?);
        }
    }
    Ok(vm.new_list(entries)?.upcast())
}
