//! The builtin functions on code and namespaces: `compile`, `eval`, `exec`, `globals`, `locals`, `__import__`.

use std::sync::Arc;

use viv_heap::{Object, Ref};

use crate::eval;
use crate::native::{MethodDef, NativeCall};
use crate::object::{ByteArray, Bytes, CellObject, Code, Dict, NativeFunction, Str, Tuple, Type};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::buffer::{copy_bytes, require_contiguous};
use crate::vm::interp::SymbolBlock;
use crate::vm::{CompileMode, CompileRequest, Vm};

pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "compile",
        "($module, source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
        NativeCall::Bound(compile),
        "Compile source into a code object that can be executed by exec() or eval().\n\nThe source code may represent a Python module, statement or expression.\nThe filename will be used for run-time error messages.\nThe mode must be 'exec' to compile a module, 'single' to compile a\nsingle (interactive) statement, or 'eval' to compile an expression.\nThe flags argument, if present, controls which future statements influence\nthe compilation of the code.\nThe dont_inherit argument, if true, stops the compilation inheriting\nthe effects of any future statements in effect in the code calling\ncompile; if absent or false these statements do influence the compilation,\nin addition to any features explicitly specified.",
    ),
    MethodDef::new(
        "eval",
        "($module, source, /, globals=None, locals=None)",
        NativeCall::Bound(eval_function),
        "Evaluate the given source in the context of globals and locals.\n\nThe source may be a string representing a Python expression\nor a code object as returned by compile().\nThe globals must be a dictionary and locals can be any mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to it.",
    ),
    MethodDef::new(
        "exec",
        "($module, source, /, globals=None, locals=None, *, closure=None)",
        NativeCall::Bound(exec_function),
        "Execute the given source in the context of globals and locals.\n\nThe source may be a string representing one or more Python statements\nor a code object as returned by compile().\nThe globals must be a dictionary and locals can be any mapping,\ndefaulting to the current globals and locals.\nIf only globals is given, locals defaults to it.\nThe closure must be a tuple of cellvars, and can only be used\nwhen source is a code object requiring exactly that many cellvars.",
    ),
    MethodDef::new(
        "globals",
        "($module, /)",
        NativeCall::NoArgs(globals),
        "Return the dictionary containing the current scope's global variables.\n\nNOTE: Updates to this dictionary *will* affect name lookups in the current\nglobal scope and vice-versa.",
    ),
    MethodDef::new(
        "locals",
        "($module, /)",
        NativeCall::NoArgs(|vm, _| eval::frame::locals_of_current(vm)),
        "Return a dictionary containing the current scope's local variables.\n\nNOTE: Whether or not updates to this dictionary will affect name lookups in\nthe local scope and vice-versa is *implementation dependent* and not\ncovered by any backwards compatibility guarantees.",
    ),
    MethodDef::new(
        "__import__",
        "($module, name, globals=None, locals=None, fromlist=(), level=0)",
        NativeCall::Bound(import),
        "Import a module.\n\nBecause this function is meant for use by the Python\ninterpreter and not for general use, it is better to use\nimportlib.import_module() to programmatically import a module.",
    ),
];

/// The flags of `__future__` features and of `ast.PyCF_*` that are known.
const KNOWN_FLAGS: i64 = 0x01ff_0000 | 0xfe00 | 0x0410 | 0x2000 | SOURCE_IS_TEXT as i64;
/// `PyCF_IGNORE_COOKIE`: the source was a string, not the bytes of a file.
const SOURCE_IS_TEXT: u32 = 0x0800;
/// The part of `ast.PyCF_OPTIMIZED_AST` that is its own.
const OPTIMIZED_AST: u32 = 0x8000;
/// `ast.PyCF_ONLY_AST`
const ONLY_AST: u32 = 0x0400;
const FUTURE_ANNOTATIONS: u32 = 0x0100_0000;

/// The source text of `compile`, `eval` and `exec`.
fn source_bytes(vm: &Vm, source: &Object, function: &str, what: &str) -> PyResult<(Vec<u8>, u32)> {
    let flags = if source.downcast::<Str>().is_some() {
        SOURCE_IS_TEXT
    } else {
        0
    };
    let bytes = if let Some(text) = source.downcast::<Str>() {
        match text.to_utf8() {
            Some(text) => text.as_bytes().to_vec(),
            None => {
                let encode = vm.intern("encode")?;
                // Lone surrogates: the codec raises the error.
                let encoded = protocol::call_method(vm, source, &encode, &[])?;
                encoded
                    .downcast::<Bytes>()
                    .map(|b| b.as_slice().to_vec())
                    .unwrap_or_default()
            }
        }
    } else if let Some(bytes) = source.downcast::<Bytes>() {
        bytes.as_slice().to_vec()
    } else if let Some(array) = source.downcast::<ByteArray>() {
        array.data.read(|d| d.to_vec())
    } else {
        let found = match require_contiguous(vm, source) {
            Ok(()) => copy_bytes(vm, source)?,
            Err(_) => None,
        };
        let wrong = || vm.type_error(format!("{function}() arg 1 must be a {what}"));
        found.ok_or_else(wrong)?
    };
    if bytes.contains(&0) {
        return Err(vm.raise(
            &vm.exceptions.SyntaxError,
            "source code string cannot contain null bytes",
        ));
    }
    Ok((bytes, flags))
}

/// What the calling code has imported from `__future__`.
fn inherited_flags(vm: &Vm) -> u32 {
    eval::frame::current_position(vm).map_or(0, |(code, _)| code.flags.0 & FUTURE_ANNOTATIONS)
}

fn compile_to_code(vm: &Vm, request: &CompileRequest<'_>) -> PyResult<Ref<Code>> {
    let code: Arc<viv_bytecode::Code> = vm.compiler.compile(vm, request)?;
    eval::make_code(vm, &code)
}

fn path_text(vm: &Vm, path: &Object) -> PyResult<String> {
    if let Some(text) = path.downcast::<Str>() {
        return Ok(text.to_text().into_owned());
    }
    if let Some(bytes) = path.downcast::<Bytes>() {
        return Ok(String::from_utf8_lossy(bytes.as_slice()).into_owned());
    }
    if let Some(found) = protocol::call_special(vm, path, &vm.names.__fspath__, &[])?
        && let Some(text) = found.downcast::<Str>()
    {
        return Ok(text.to_text().into_owned());
    }
    Err(vm.type_error(format!(
        "expected str, bytes or os.PathLike object, not {}",
        type_name(path)
    )))
}

/// The blocks of a source text with their names: `_symtable.symtable`.
///
/// # Errors
/// TypeError and ValueError for bad arguments; those of the compiler.
pub fn symbol_blocks(vm: &Vm, args: &[&Object; 3]) -> PyResult<Vec<SymbolBlock>> {
    let filename = path_text(vm, args[1])?;
    let Some(mode) = args[2].downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "symtable() argument 3 must be str, not {}",
            type_name(args[2])
        )));
    };
    let (source, flags) = source_bytes(vm, args[0], "symtable", "string or bytes object")?;
    let mode = match &*mode.to_text() {
        "exec" => CompileMode::Exec,
        "eval" => CompileMode::Eval,
        "single" => CompileMode::Single,
        _ => {
            return Err(vm.value_error("symtable() arg 3 must be 'exec' or 'eval' or 'single'"));
        }
    };
    let request = CompileRequest {
        source: &source,
        filename: &filename,
        mode,
        flags,
        optimize: 0,
    };
    vm.compiler.symbols(vm, &request)
}

fn compile(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let [
        Some(source),
        Some(filename),
        Some(mode),
        flags,
        dont_inherit,
        optimize,
        feature_version,
        ..,
    ] = args
    else {
        return Err(vm.system_error("compile() lost its arguments"));
    };
    let filename = path_text(vm, filename)?;
    let Some(mode) = mode.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "compile() argument 'mode' must be str, not {}",
            type_name(mode)
        )));
    };
    let flags = flags.map_or(Ok(0), |f| protocol::to_i64(vm, f))?;
    if flags & !KNOWN_FLAGS != 0 {
        return Err(vm.value_error("compile(): unrecognised flags"));
    }
    let inherit = !dont_inherit.map_or(Ok(false), |d| protocol::is_true(vm, d))?;
    let optimize = match optimize.map_or(Ok(-1), |o| protocol::to_i64(vm, o))? {
        -1 => vm.config.optimize,
        n @ 0..=2 => n as u8,
        _ => return Err(vm.value_error("compile(): invalid optimize value")),
    };
    let mode = match &*mode.to_text() {
        "exec" => CompileMode::Exec,
        "eval" => CompileMode::Eval,
        "single" => CompileMode::Single,
        _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    if source.downcast::<Code>().is_some() {
        return Ok(source.to_ref());
    }
    let tree = CompileRequest {
        source: &[],
        filename: &filename,
        mode,
        flags: flags as u32 | if inherit { inherited_flags(vm) } else { 0 },
        optimize,
    };
    if source.downcast::<Str>().is_none()
        && let Some(code) = vm.compiler.compile_tree(vm, source, &tree)?
    {
        if flags as u32 & ONLY_AST != 0 {
            return finished_tree(vm, source.to_ref(), &tree, -1, false);
        }
        return Ok(eval::make_code(vm, &code)?.upcast());
    }
    let (source, text) = source_bytes(vm, source, "compile", "string, bytes or AST object")?;
    let flags = flags as u32 | text | if inherit { inherited_flags(vm) } else { 0 };
    let request = CompileRequest {
        source: &source,
        filename: &filename,
        mode,
        flags,
        optimize,
    };
    if flags & ONLY_AST != 0 {
        let minor = feature_version.map_or(Ok(-1), |v| protocol::to_i64(vm, v))?;
        return finished_tree(vm, vm.compiler.parse(vm, &request)?, &request, minor, true);
    }
    Ok(compile_to_code(vm, &request)?.upcast())
}

/// A tree for the version of the language that was asked for, optimised where the flags say so. `own` tells that nobody
/// else has the tree.
fn finished_tree(
    vm: &Vm,
    tree: Ref,
    request: &CompileRequest<'_>,
    minor: i64,
    own: bool,
) -> PyResult {
    let level = if request.flags & OPTIMIZED_AST != 0 {
        i64::from(request.optimize)
    } else {
        -1
    };
    if minor < 0 && level < 0 {
        return Ok(tree);
    }
    let passes = crate::modules::import::import_name(vm, "_ast_passes")?;
    let finish = protocol::get_attr_str(vm, &passes, "finish")?;
    let filename = vm.new_str(request.filename)?;
    let (minor, level) = (vm.new_int(minor)?, vm.new_int(level)?);
    protocol::call_args(
        vm,
        &finish,
        &[&tree, &filename.head, &minor, &level, &*vm.bool(own)],
    )
}

/// The namespaces of `eval` and `exec`.
fn namespaces(
    vm: &Vm,
    function: &str,
    globals: Option<&Object>,
    locals: Option<&Object>,
) -> PyResult<(Ref<Dict>, Ref)> {
    let locals = locals.filter(|l| !vm.is_none(l));
    if let Some(locals) = locals
        && Type::of(locals).slots.getitem.get().is_none()
    {
        return Err(vm.type_error(match function {
            "eval" => "locals must be a mapping".to_owned(),
            _ => format!(
                "{function}() locals must be a mapping or None, not {}",
                type_name(locals)
            ),
        }));
    }
    let Some(globals) = globals.filter(|g| !vm.is_none(g)) else {
        let Some(globals) = eval::frame::globals_of_current(vm) else {
            return Err(vm.system_error("globals and locals cannot be NULL"));
        };
        let locals = match locals {
            Some(locals) => locals.to_ref(),
            None => eval::frame::locals_of_current(vm)?,
        };
        return Ok((globals, locals));
    };
    let Ok(dict) = globals.to_ref().cast::<Dict>() else {
        return Err(vm.type_error(match function {
            "eval" if Type::of(globals).slots.getitem.get().is_some() => {
                "globals must be a real dict; try eval(code, {}, mapping)".to_owned()
            }
            "eval" => "globals must be a dict".to_owned(),
            _ => format!(
                "{function}() globals must be a dict, not {}",
                type_name(globals)
            ),
        }));
    };
    let locals = locals.unwrap_or(globals).to_ref();
    Ok((dict, locals))
}

/// Gives the globals a `__builtins__`, as CPython does before it runs code in them.
fn provide_builtins(vm: &Vm, globals: &Dict) -> PyResult<()> {
    if globals.get_str(vm, &vm.names.__builtins__).is_none() {
        let builtins = eval::frame::builtins_of_current(vm);
        globals.set_str(vm, &vm.names.__builtins__, &builtins.head)?;
    }
    Ok(())
}

fn eval_function(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(source), globals, locals] = args else {
        return Err(vm.system_error("eval() lost its arguments"));
    };
    let (globals, locals) = namespaces(vm, "eval", *globals, *locals)?;
    provide_builtins(vm, &globals)?;
    if let Some(code) = source.downcast::<Code>() {
        if code.source.nfreevars != 0 {
            return Err(
                vm.type_error("code object passed to eval() may not contain free variables")
            );
        }
        return eval::run_code(vm, code, &globals, Some(&locals));
    }
    let (bytes, text) = source_bytes(vm, source, "eval", "string, bytes or code object")?;
    let start = bytes
        .iter()
        .position(|b| !matches!(b, b' ' | b'\t'))
        .unwrap_or(bytes.len());
    let request = CompileRequest {
        source: &bytes[start..],
        filename: "<string>",
        mode: CompileMode::Eval,
        flags: inherited_flags(vm) | text,
        optimize: vm.config.optimize,
    };
    let code = compile_to_code(vm, &request)?;
    eval::run_code(vm, &code, &globals, Some(&locals))
}

fn exec_function(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(source), globals, locals, closure] = args else {
        return Err(vm.system_error("exec() lost its arguments"));
    };
    let (globals, locals) = namespaces(vm, "exec", *globals, *locals)?;
    provide_builtins(vm, &globals)?;
    let closure = closure.filter(|c| !vm.is_none(c));
    if let Some(code) = source.downcast::<Code>() {
        let wanted = code.source.nfreevars as usize;
        if wanted == 0 && closure.is_some() {
            return Err(vm.type_error("cannot use a closure with this code object"));
        }
        if wanted == 0 {
            eval::run_code(vm, code, &globals, Some(&locals))?;
            return Ok(vm.none_ref());
        }
        let cells = closure.and_then(|c| c.to_ref().cast::<Tuple>().ok());
        let good = cells.filter(|c| {
            c.len() == wanted && c.iter().all(|cell| cell.downcast::<CellObject>().is_some())
        });
        let Some(cells) = good else {
            return Err(vm.type_error(format!(
                "code object requires a closure of exactly length {wanted}"
            )));
        };
        let builtins = eval::call::builtins_of(vm, &globals)?;
        let function = eval::code::new_function(vm, code, &globals, builtins, None)?;
        function.closure.set(Some(cells));
        eval::call::run_function_with_locals(vm, &function, Some(&locals))?;
        return Ok(vm.none_ref());
    }
    if closure.is_some() {
        return Err(vm.type_error("closure can only be used when source is a code object"));
    }
    let (bytes, text) = source_bytes(vm, source, "exec", "string, bytes or code object")?;
    let request = CompileRequest {
        source: &bytes,
        filename: "<string>",
        mode: CompileMode::Exec,
        flags: inherited_flags(vm) | text,
        optimize: vm.config.optimize,
    };
    let code = compile_to_code(vm, &request)?;
    eval::run_code(vm, &code, &globals, Some(&locals))?;
    Ok(vm.none_ref())
}

fn globals(vm: &Vm, _module: &Object) -> PyResult {
    match eval::frame::globals_of_current(vm) {
        Some(globals) => Ok(globals.upcast()),
        None => Ok(vm.none_ref()),
    }
}

/// Whether an object is the builtin `__import__`.
pub fn is_import(object: &Object) -> bool {
    object
        .downcast_exact::<NativeFunction>()
        .is_some_and(|function| match function.def.call {
            NativeCall::Bound(call) => {
                type Call = fn(&Vm, &Object, &[Option<&Object>]) -> PyResult;
                std::ptr::fn_addr_eq(call, import as Call)
            }
            _ => false,
        })
}

fn import(vm: &Vm, _module: &Object, args: &[Option<&Object>]) -> PyResult {
    let [Some(name), globals, _locals, from_list, level] = args else {
        return Err(vm.system_error("__import__() lost its arguments"));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(vm.type_error("module name must be a string"));
    };
    let level = level.map_or(Ok(0), |l| protocol::to_i64(vm, l))?;
    crate::modules::import::import_module_level(vm, name, *globals, *from_list, level)
}
