//! `print`, `input` and `breakpoint`.

use viv_heap::{Object, Ref};

use super::numbers::text_or_none;
use crate::args::Args;
use crate::modules::io;
use crate::native::bind::unexpected_keyword;
use crate::native::{MethodDef, NativeCall};
use crate::object::Str;
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    MethodDef::new(
        "print",
        "($module, *args, sep=' ', end='\\n', file=None, flush=False)",
        NativeCall::Raw(print),
        "Prints the values to a stream, or to sys.stdout by default.\n\n  sep\n    string inserted between values, default a space.\n  end\n    string appended after the last value, default a newline.\n  file\n    a file-like object (stream); defaults to the current sys.stdout.\n  flush\n    whether to forcibly flush the stream.",
    ),
    MethodDef::new(
        "input",
        "($module, prompt='', /)",
        NativeCall::Positional {
            min: 0,
            max: 1,
            call: input,
        },
        "Read a string from standard input.  The trailing newline is stripped.\n\nThe prompt string, if given, is printed to standard output without a\ntrailing newline before reading input.\n\nIf the user hits EOF (*nix: Ctrl-D, Windows: Ctrl-Z+Return), raise EOFError.\nOn *nix systems, readline is used if available.",
    ),
    MethodDef::new(
        "breakpoint",
        "($module, /, *args, **kws)",
        NativeCall::Raw(breakpoint),
        "Call sys.breakpointhook(*args, **kws).\n\nsys.breakpointhook() must accept whatever arguments are passed.\n\nBy default, this drops you into the pdb debugger.",
    ),
];

fn print(vm: &Vm, _module: &Object, args: Args<'_>) -> PyResult {
    for (keyword, _) in args.keywords() {
        if !["sep", "end", "file", "flush"]
            .iter()
            .any(|known| keyword.eq_text(known))
        {
            return Err(unexpected_keyword(
                vm,
                "print",
                keyword,
                &["sep", "end", "file", "flush"],
            ));
        }
    }
    let file = match args.keyword("file").filter(|f| !vm.is_none(f)) {
        Some(file) => file.to_ref(),
        None => match vm.sys.get_str(vm, &vm.names.stdout) {
            Some(file) if vm.is_none(&file) => return Ok(file),
            Some(file) => file,
            None => return Err(vm.runtime_error("lost sys.stdout")),
        },
    };
    let separator = text_or_none(vm, args, "sep")?;
    let end = text_or_none(vm, args, "end")?;
    let space = vm.new_char(u32::from(b' '))?;
    let newline = vm.new_char(u32::from(b'\n'))?;
    for (i, value) in args.pos().iter().enumerate() {
        if i > 0 {
            write(vm, &file, separator.as_deref().unwrap_or(&space))?;
        }
        let text: Ref<Str> = protocol::str(vm, value)?;
        write(vm, &file, &text)?;
    }
    write(vm, &file, end.as_deref().unwrap_or(&newline))?;
    if let Some(flush) = args.keyword("flush")
        && protocol::is_true(vm, flush)?
    {
        protocol::call_method(vm, &file, &vm.names.flush, &[])?;
    }
    Ok(vm.none_ref())
}

/// Writes text to a file object; the interpreter's own text files directly.
pub(crate) fn write(vm: &Vm, file: &Object, text: &Str) -> PyResult<()> {
    if io::text::plain(vm, file).is_some() {
        return io::text::write_text(vm, file, text);
    }
    if io::string_io::plain(file) {
        return io::string_io::write_text(vm, file, text);
    }
    protocol::call_method(vm, file, &vm.names.write, &[&text.head]).map(drop)
}

fn stream(vm: &Vm, name: &Str) -> PyResult {
    match vm.sys.get_str(vm, name).filter(|s| !vm.is_none(s)) {
        Some(stream) => Ok(stream),
        None => Err(vm.runtime_error(format!("input(): lost sys.{}", name.to_text()))),
    }
}

/// Flushes a stream that may have no such method; what goes wrong is no matter of the input.
fn flush_quietly(vm: &Vm, stream: &Object) {
    if let Err(raised) = protocol::call_method(vm, stream, &vm.names.flush, &[]) {
        drop(vm.take_raised(raised));
    }
}

fn input(vm: &Vm, _module: &Object, args: &[&Object]) -> PyResult {
    let stdin = stream(vm, &vm.names.stdin)?;
    let stdout = stream(vm, &vm.names.stdout)?;
    let stderr = stream(vm, &vm.names.stderr)?;
    flush_quietly(vm, &stderr);
    if let Some(prompt) = args.first() {
        let prompt = protocol::str(vm, prompt)?;
        write(vm, &stdout, &prompt)?;
    }
    flush_quietly(vm, &stdout);
    let line = protocol::call_method(vm, &stdin, &vm.names.readline, &[])?;
    let Ok(line) = line.cast::<Str>() else {
        return Err(vm.type_error("object.readline() returned non-string"));
    };
    if line.is_empty() {
        return Err(vm.eof_error("EOF when reading a line"));
    }
    let len = line.len();
    if line.char_at(len - 1) == Some(u32::from(b'\n')) {
        return Ok(crate::types::str::ops::slice(vm, &line, 0, len - 1)?.upcast());
    }
    Ok(line.upcast())
}

fn breakpoint(vm: &Vm, _module: &Object, args: Args<'_>) -> PyResult {
    match vm.sys.get_text(vm, "breakpointhook")? {
        Some(hook) => protocol::call(vm, &hook, args),
        None => Err(vm.runtime_error("lost sys.breakpointhook")),
    }
}
