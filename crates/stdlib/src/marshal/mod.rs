//! The module `marshal`: values as bytes, in CPython's format. Code objects are of another kind here: behind CPython's byte
//! for them stand the length and the bytes of an image of `viv_bytecode`, which another version does not read.

pub mod read;
pub mod write;

use viv_runtime::modules::make::{ModuleSpec, add_int};
use viv_runtime::object::Bytes;
use viv_runtime::types::buffer::require_bytes;
use viv_runtime::{MethodDef, NativeCall, Object, PyResult, Vm, protocol};

use crate::binascii::first;
use crate::zlib::number;

/// How deep values may be nested.
const DEPTH: usize = 2000;
const VERSION: i64 = 5;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "marshal",
    doc: "This module contains functions that can read and write Python values in\na binary format. The format is specific to Python, but independent of\nmachine architecture issues.\n\nNot all Python object types are supported; in general, only objects\nwhose value is independent from a particular invocation of Python can be\nwritten and read.\n\nVariables:\n\nversion -- indicates the format that the module uses.\n\nFunctions:\n\ndump() -- write value to a file\nload() -- read value from a file\ndumps() -- marshal value as a bytes object\nloads() -- read value from a bytes-like object",
    functions: &[FUNCTIONS],
    fill: |vm, module| add_int(vm, module, "version", VERSION),
};

const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "dump",
        "($module, value, file, version=version, /, *, allow_code=True)",
        NativeCall::Bound(|vm, _, args| {
            let bytes = write::dumps(
                vm,
                first(vm, args)?,
                number(vm, args, 2, VERSION)?,
                allowed(vm, args, 3)?,
            )?;
            let Some(&Some(file)) = args.get(1) else {
                return Err(vm.type_error("dump() needs a file"));
            };
            let write = vm.intern("write")?;
            protocol::call_method(vm, file, &write, &[vm.new_bytes(&bytes)?.as_object()])
        }),
        "Write the value on the open file.\n\n  value\n    Must be a supported type.\n  file\n    Must be a writeable binary file.\n  version\n    Indicates the data format that dump should use.\n  allow_code\n    Allow to write code objects.\n\nIf the value has (or contains an object that has) an unsupported type, a\nValueError exception is raised - but garbage data will also be written\nto the file. The object will not be properly read back by load().",
    ),
    MethodDef::new(
        "dumps",
        "($module, value, version=version, /, *, allow_code=True)",
        NativeCall::Bound(|vm, _, args| {
            let bytes = write::dumps(
                vm,
                first(vm, args)?,
                number(vm, args, 1, VERSION)?,
                allowed(vm, args, 2)?,
            )?;
            Ok(vm.new_bytes(&bytes)?.upcast())
        }),
        "Return the bytes object that would be written to a file by dump(value, file).\n\n  value\n    Must be a supported type.\n  version\n    Indicates the data format that dumps should use.\n  allow_code\n    Allow to write code objects.\n\nRaise a ValueError exception if value has (or contains an object that has) an\nunsupported type.",
    ),
    MethodDef::new(
        "load",
        "($module, file, /, *, allow_code=True)",
        NativeCall::Bound(|vm, _, args| load(vm, first(vm, args)?, allowed(vm, args, 1)?)),
        "Read one value from the open file and return it.\n\n  file\n    Must be readable binary file.\n  allow_code\n    Allow to load code objects.\n\nIf no valid value is read (e.g. because the data has a different Python\nversion's incompatible marshal format), raise EOFError, ValueError or\nTypeError.\n\nNote: If an object containing an unsupported type was marshalled with\ndump(), load() will substitute None for the unmarshallable type.",
    ),
    MethodDef::new(
        "loads",
        "($module, bytes, /, *, allow_code=True)",
        NativeCall::Bound(|vm, _, args| {
            let bytes = require_bytes(vm, first(vm, args)?, <[u8]>::to_vec)?;
            read::loads(vm, &mut read::Memory::new(&bytes), allowed(vm, args, 1)?)
        }),
        "Convert the bytes-like object to a value.\n\n  allow_code\n    Allow to load code objects.\n\nIf no valid value is found, raise EOFError, ValueError or TypeError.  Extra\nbytes in the input are ignored.",
    ),
];

/// A file whose bytes are read as they are needed, so that it stands behind the value afterwards.
struct File<'a> {
    vm: &'a Vm,
    file: &'a Object,
}

impl read::Source for File<'_> {
    fn take(&mut self, count: usize) -> PyResult<Option<Vec<u8>>> {
        let vm = self.vm;
        let read = vm.intern("read")?;
        let count_object = vm.new_usize(count)?;
        let data = protocol::call_method(vm, self.file, &read, &[&count_object])?;
        let Some(bytes) = data.downcast::<Bytes>() else {
            return Err(vm.type_error(format!(
                "file.read() returned not bytes but {}",
                protocol::type_name(&data)
            )));
        };
        let bytes = bytes.as_slice();
        Ok((bytes.len() == count).then(|| bytes.to_vec()))
    }
}

/// The argument `allow_code`.
fn allowed(vm: &Vm, args: &[Option<&Object>], at: usize) -> PyResult<bool> {
    match args.get(at) {
        Some(Some(allow)) => protocol::is_true(vm, allow),
        _ => Ok(true),
    }
}

fn load(vm: &Vm, file: &Object, allow_code: bool) -> PyResult {
    let read = vm.intern("read")?;
    protocol::get_attr(vm, file, &read)?;
    read::loads(vm, &mut File { vm, file }, allow_code)
}
