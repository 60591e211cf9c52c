//! An interactive session: statements one after the other in `__main__`, as a prompt reads them.
//!
//! **Invariant.** Nothing that is typed ends the session but `SystemExit`: every other exception is shown, and forgotten once
//! it has been shown, but for `sys.last_exc`.

use std::collections::BTreeSet;

use viv_runtime::modules::typed_source;
use viv_runtime::object::{Dict, Module, Str, Type};
use viv_runtime::types::object::attributes::dict_of;
use viv_runtime::vm::{CompileMode, CompileRequest};
use viv_runtime::{PyResult, Ref, Vm, eval, modules, protocol};
use viv_syntax::{Mode, ast, parse_str};

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The prompt goes on.
    Continue,
    /// `SystemExit`: the exit code.
    Exit(i32),
}

/// What the heap held at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Blocks in use.
    pub blocks: usize,
    /// Their bytes.
    pub bytes: usize,
    /// References to objects that live as long as they have any.
    pub references: u64,
    /// Containers that the collector knows.
    pub containers: usize,
    /// Collections so far, of each generation.
    pub collections: [usize; 3],
    /// Objects that they have collected.
    pub collected: usize,
}

impl Memory {
    /// What the heap holds now.
    pub fn now(vm: &Vm) -> Memory {
        let stats = vm.heap.stats();
        let generations = vm.heap.gc_stats();
        let mut collections = [0; 3];
        for (count, generation) in collections.iter_mut().zip(&generations) {
            *count = generation.collections;
        }
        let mut references = 0;
        vm.heap.for_each_object(&mut |object| {
            if !object.is_immortal() {
                references += u64::from(object.refcount());
            }
        });
        Memory {
            references,
            blocks: stats.blocks,
            bytes: stats.bytes,
            containers: vm.heap.gc_objects(None).len(),
            collections,
            collected: generations.iter().map(|g| g.collected).sum(),
        }
    }
}

/// A session in the module `__main__`.
pub struct Session<'v> {
    pub(crate) vm: &'v Vm,
    main: Ref<Module>,
}

impl<'v> Session<'v> {
    /// Goes on in `__main__`, which is made where there is none yet.
    ///
    /// # Errors
    /// MemoryError
    pub fn new(vm: &'v Vm) -> PyResult<Session<'v>> {
        let main = match vm
            .modules
            .get_text(vm, "__main__")?
            .map(Ref::cast::<Module>)
        {
            Some(Ok(main)) => main,
            _ => {
                vm.complete_types();
                vm.heap.gc_settle();
                modules::main::main_module(vm, "")?
            }
        };
        for (name, text) in [("ps1", ">>> "), ("ps2", "... ")] {
            if vm.sys.get_text(vm, name)?.is_none() {
                vm.sys.set_text(vm, name, vm.new_str(text)?.as_object())?;
            }
        }
        Ok(Session { vm, main })
    }

    /// `str()` of `sys.ps1` or `sys.ps2`; empty where that fails.
    pub fn prompt(&self, name: &str) -> String {
        let text = (|| -> PyResult<String> {
            Ok(match self.vm.sys.get_text(self.vm, name)? {
                Some(prompt) => protocol::str(self.vm, &prompt)?.to_text().into_owned(),
                None => String::new(),
            })
        })();
        text.unwrap_or_else(|raised| {
            drop(self.vm.take_raised(raised));
            String::new()
        })
    }

    /// Whether `__main__` has a name of its own.
    pub fn defines(&self, name: &str) -> bool {
        match self.main.dict.get_text(self.vm, name) {
            Ok(found) => found.is_some(),
            Err(raised) => {
                drop(self.vm.take_raised(raised));
                false
            }
        }
    }

    /// Runs an input of any number of statements; the value of a last expression is displayed.
    pub fn run(&self, source: &str, filename: &str) -> Outcome {
        let (before, last) = split_last(source);
        let done = (|| -> PyResult<()> {
            if !before.is_empty() {
                self.step(&before, source, filename, CompileMode::Exec)?;
            }
            self.step(&last, source, filename, CompileMode::Single)
        })();
        self.judge(done)
    }

    /// Runs an input of one statement, as standard input gives it where nobody edits lines.
    pub fn run_single(&self, source: &str, filename: &str) -> Outcome {
        let done = self.step(source, source, filename, CompileMode::Single);
        self.judge(done)
    }

    /// Runs a whole file, `PYTHONSTARTUP`, in `__main__`.
    pub fn run_file(&self, source: &str, filename: &str) -> Outcome {
        let done = self.step(source, source, filename, CompileMode::Exec);
        self.judge(done)
    }

    /// Runs a part of a text.
    fn step(&self, part: &str, text: &str, filename: &str, mode: CompileMode) -> PyResult<()> {
        let vm = self.vm;
        let request = CompileRequest {
            source: part.as_bytes(),
            filename,
            mode,
            flags: 0,
            optimize: vm.config.optimize,
        };
        // Mistakes are shown within the whole input.
        let lines = text.lines().map(str::to_owned).collect();
        vm.sources.borrow_mut().insert(filename.to_owned(), lines);
        let compiled = vm.compiler.compile(vm, &request);
        // The name of standard input stands for one statement after another.
        if compiled.is_ok() || filename == "<stdin>" {
            vm.sources.borrow_mut().remove(filename);
        }
        let code = compiled?;
        typed_source::remember(vm, &code, text)?;
        let code = eval::make_code(vm, &code)?;
        let globals = self.main.dict.clone();
        eval::run_code(vm, &code, &globals, Some(&globals.head)).map(drop)
    }

    fn judge(&self, done: PyResult<()>) -> Outcome {
        let outcome = match done {
            Ok(()) => Outcome::Continue,
            Err(raised) => {
                let exception = self.vm.take_raised(raised);
                let exits = Type::of(&exception).is_subtype(&self.vm.exceptions.SystemExit);
                if exits {
                    Outcome::Exit(modules::main::exit_code(self.vm, &exception))
                } else {
                    modules::main::report(self.vm, &exception);
                    Outcome::Continue
                }
            }
        };
        modules::main::flush_streams(self.vm);
        outcome
    }

    /// The names that continue `text`, a dotted name whose last part is unfinished; each stands for the last part alone.
    ///
    /// Only dicts are read, never attributes: no property, no `__getattr__` and no `__dir__` runs.
    pub fn completions(&self, text: &str) -> Vec<String> {
        let mut names = BTreeSet::new();
        let found = match text.rsplit_once('.') {
            None => self.global_names(text, &mut names),
            Some((object, prefix)) => self.attribute_names(object, prefix, &mut names),
        };
        if let Err(raised) = found {
            drop(self.vm.take_raised(raised));
        }
        names.into_iter().collect()
    }

    fn global_names(&self, prefix: &str, names: &mut BTreeSet<String>) -> PyResult<()> {
        add_names(&self.main.dict, prefix, names);
        add_names(&self.vm.builtins, prefix, names);
        names.extend(
            KEYWORDS
                .split_ascii_whitespace()
                .filter(|k| k.starts_with(prefix))
                .map(str::to_owned),
        );
        Ok(())
    }

    fn attribute_names(
        &self,
        path: &str,
        prefix: &str,
        names: &mut BTreeSet<String>,
    ) -> PyResult<()> {
        let vm = self.vm;
        let mut parts = path.split('.');
        let first = parts.next().unwrap_or_default();
        let mut object = match self.main.dict.get_text(vm, first)? {
            Some(object) => object,
            None => match vm.builtins.get_text(vm, first)? {
                Some(object) => object,
                None => return Ok(()),
            },
        };
        for part in parts {
            let Some(next) = self.stored(&object, part)? else {
                return Ok(());
            };
            object = next;
        }
        for dict in self.dicts(&object)? {
            add_names(&dict, prefix, names);
        }
        // Private names are shown to who asks for them.
        if matches!(prefix, "" | "_") {
            let hidden = if prefix.is_empty() { "_" } else { "__" };
            names.retain(|name| !name.starts_with(hidden));
        }
        Ok(())
    }

    /// What a dict of the object or of its classes has under a name, as it is: descriptors are not asked.
    fn stored(&self, object: &Ref, name: &str) -> PyResult<Option<Ref>> {
        for dict in self.dicts(object)? {
            if let Some(value) = dict.get_text(self.vm, name)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// The dicts in which attributes of an object may be, the object's own first.
    fn dicts(&self, object: &Ref) -> PyResult<Vec<Ref<Dict>>> {
        let mut dicts: Vec<Ref<Dict>> = Vec::new();
        let of_class = |class: &Type, dicts: &mut Vec<Ref<Dict>>| {
            let Some(mro) = class.mro.get() else { return };
            for base in mro.as_slice() {
                if let Some(dict) = base.downcast::<Type>().and_then(|t| t.dict(self.vm)) {
                    dicts.push(dict);
                }
            }
        };
        if let Some(dict) = protocol::attribute::module_dict(object) {
            dicts.push(dict.clone());
        } else if let Some(class) = object.downcast::<Type>() {
            of_class(class, &mut dicts);
            return Ok(dicts);
        } else if let Some(dict) = dict_of(self.vm, object)? {
            dicts.push(dict);
        }
        of_class(Type::of(object), &mut dicts);
        Ok(dicts)
    }
}

pub(crate) fn add_names(dict: &Dict, prefix: &str, names: &mut BTreeSet<String>) {
    for (key, _) in dict.snapshot() {
        if let Some(name) = key.downcast::<Str>() {
            let name = name.to_text();
            if name.starts_with(prefix) {
                names.insert(name.into_owned());
            }
        }
    }
}

const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except finally for \
    from global if import in is lambda nonlocal not or pass raise return try while with yield";

/// Cuts an input before its last statement. The second part keeps its place: as many line ends stand before it as the
/// first part has.
fn split_last(source: &str) -> (String, String) {
    let whole = || (String::new(), source.to_owned());
    let Ok(parsed) = parse_str(source, Mode::Exec) else {
        return whole();
    };
    let ast::Mod::Module { body, .. } = &parsed.ast else {
        return whole();
    };
    // The last statement that begins on a line of its own.
    let cut = body
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if a.span.end_line < b.span.line => Some(a.span.end_line as usize),
            _ => None,
        })
        .next_back()
        .unwrap_or(0);
    if cut == 0 {
        return whole();
    }
    let at: usize = source.split_inclusive('\n').take(cut).map(str::len).sum();
    let (before, last) = source.split_at(at);
    (before.to_owned(), format!("{}{last}", "\n".repeat(cut)))
}

/// Whether a prompt should ask for another line: the input is unfinished, or its last line may be followed by more of a
/// compound statement. An empty line ends that.
pub fn wants_more(source: &str) -> bool {
    let ended = source
        .rsplit_once('\n')
        .is_some_and(|(_, line)| line.trim().is_empty());
    match parse_str(source, Mode::Exec) {
        Err(error) => {
            error.incomplete && !(ended && error.kind == viv_syntax::ErrorKind::Indentation)
        }
        Ok(parsed) => !ended && ends_in_block(&parsed.ast),
    }
}

/// Whether the last statement may be followed by more of its own.
pub(crate) fn ends_in_block(tree: &ast::Mod) -> bool {
    let ast::Mod::Module { body, .. } = tree else {
        return false;
    };
    body.last().is_some_and(|last| is_compound(&last.kind))
}

fn is_compound(kind: &ast::StmtKind) -> bool {
    use ast::StmtKind as S;
    matches!(
        kind,
        S::FunctionDef { .. }
            | S::AsyncFunctionDef { .. }
            | S::ClassDef { .. }
            | S::For { .. }
            | S::AsyncFor { .. }
            | S::While { .. }
            | S::If { .. }
            | S::With { .. }
            | S::AsyncWith { .. }
            | S::Match { .. }
            | S::Try { .. }
            | S::TryStar { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_with_an_empty_line() {
        for text in [
            "if x:",
            "if x:\n    1",
            "f(",
            "'''a",
            "@d",
            "try:\n    x\n",
            "class A: pass",
            "class A:\n    x = 1\n    @property",
        ] {
            assert!(wants_more(text), "{text:?}");
        }
        for text in [
            "x",
            "",
            "if x:\n    1\n",
            "f(a b",
            ")",
            "x = 1; y = 2",
            "class A: pass\n",
        ] {
            assert!(!wants_more(text), "{text:?}");
        }
    }

    #[test]
    fn the_last_statement_stands_alone() {
        assert_eq!(split_last("x"), (String::new(), "x".to_owned()));
        assert_eq!(
            split_last("x = 1\nx\n"),
            ("x = 1\n".to_owned(), "\nx\n".to_owned())
        );
        assert_eq!(split_last("x; y"), (String::new(), "x; y".to_owned()));
    }
}
