//! Source text that is in no file: `-c`, standard input and the prompt. Tracebacks show its lines, and `linecache` is told of
//! them, too.
//!
//! Inputs of a prompt may share a file's name and the numbers of their lines, so that each code object is known by its name
//! and first line as well; a later one of the same name and line replaces an earlier one, as in CPython.

use std::collections::HashMap;
use std::rc::Rc;

use viv_bytecode::{Code, Const};

use crate::object::{Dict, Module};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::Vm;

/// What a code object is known by: its file, its qualified name, and its first line.
type Key = (String, String, u32);

/// The source texts, by the code objects that were compiled from them.
#[derive(Default)]
pub struct TypedSources {
    of_code: HashMap<Key, Rc<Source>>,
}

/// A text.
struct Source {
    lines: Rc<[String]>,
    size: usize,
}

impl TypedSources {
    /// The lines of the text that a code object comes from.
    pub fn lines(&self, filename: &str, qualname: &str, first_line: u32) -> Option<Rc<[String]>> {
        if !filename.starts_with('<') {
            return None;
        }
        let key = (filename.to_owned(), qualname.to_owned(), first_line);
        Some(self.of_code.get(&key)?.lines.clone())
    }
}

/// Keeps the text that a code object and those within it come from.
///
/// # Errors
/// MemoryError
pub fn remember(vm: &Vm, code: &Code, text: &str) -> PyResult<()> {
    let source = Rc::new(Source {
        lines: text.lines().map(str::to_owned).collect(),
        size: text.chars().count(),
    });
    let mut keys: Vec<Key> = Vec::new();
    let mut found = vec![code];
    while let Some(code) = found.pop() {
        keys.push((
            code.filename.to_string(),
            code.qualname.to_string(),
            code.firstlineno,
        ));
        found.extend(code.consts.iter().filter_map(|c| match c {
            Const::Code(inner) => Some(&**inner),
            _ => None,
        }));
    }
    {
        let mut sources = vm.typed.borrow_mut();
        for key in &keys {
            sources.of_code.insert(key.clone(), source.clone());
        }
    }
    let linecache = vm.modules.get_text(vm, "linecache")?;
    match linecache.as_ref().and_then(|m| m.downcast::<Module>()) {
        Some(module) => {
            for key in &keys {
                tell_of(vm, module, key, &source)?;
            }
            Ok(())
        }
        None => Ok(()),
    }
}

/// Tells `linecache`, which has just been imported, what is kept so far.
///
/// # Errors
/// MemoryError
pub fn tell(vm: &Vm, linecache: &Module) -> PyResult<()> {
    let all: Vec<(Key, Rc<Source>)> = (vm.typed.borrow().of_code.iter())
        .map(|(key, source)| (key.clone(), source.clone()))
        .collect();
    for (key, source) in &all {
        tell_of(vm, linecache, key, source)?;
    }
    Ok(())
}

/// Adds an entry to `linecache._interactive_cache`; a program may have replaced it by anything else.
fn tell_of(vm: &Vm, linecache: &Module, key: &Key, source: &Source) -> PyResult<()> {
    let Some(cache) = linecache.dict.get_text(vm, "_interactive_cache")? else {
        return Ok(());
    };
    if cache.downcast::<Dict>().is_none() {
        return Ok(());
    }
    let mut lines = Vec::with_capacity(source.lines.len());
    for line in &*source.lines {
        lines.push(vm.new_str(&format!("{line}\n"))?.upcast());
    }
    let filename = vm.new_str(&key.0)?;
    let entry = vm.new_tuple(vec![
        vm.new_int(source.size as i64)?.upcast(),
        vm.none_ref(),
        vm.new_list(lines)?.upcast(),
        filename.clone().upcast(),
    ])?;
    let key = vm.new_tuple(vec![
        filename.upcast(),
        vm.new_str(&key.1)?.upcast(),
        vm.new_int(i64::from(key.2))?.upcast(),
    ])?;
    protocol::set_item(vm, &cache, key.as_object(), entry.as_object())
}
