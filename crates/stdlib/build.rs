//! Packs the pure-Python half of the standard library and our own modules in Python (`python/`): each file deflated, one
//! after the other, the code that the compiler makes of each, and an index of them.
//!
//! What the compiler refuses is left without code: importing it compiles it again, and raises its SyntaxError.

use std::fs;
use std::io::Write;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use viv_bytecode::image::{self, Fnv};
use viv_bytecode::{Code, Const, Instr, Op};
use viv_compiler::Options;
use viv_syntax::Mode;

/// What is left out: programs and tests that are no part of a running script, and what needs libraries that are not there.
const LEFT_OUT: &[&str] = &[
    "ensurepip",
    "idlelib",
    "lib2to3",
    "test",
    "tests",
    "tkinter",
    "turtle.py",
    "turtledemo",
    "venv",
    "__hello__.py",
    "__phello__",
    "_dummy_os.py",
    "_dummy_thread.py",
    "dummy_threading.py",
];

fn main() {
    let root = Path::new(rustpython_pylib::LIB_PATH);
    let mut files = Vec::new();
    collect(root, &mut files);
    let mut files: Vec<(String, PathBuf)> = files
        .into_iter()
        .filter_map(|file| {
            let name = file.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
            Some((name, file))
        })
        .collect();
    let mut own = Vec::new();
    for entry in fs::read_dir("python")
        .expect("the package has the folder")
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        files.retain(|(other, _)| *other != name);
        own.push(name.trim_end_matches(".py").to_owned());
        files.push((name, entry.path()));
    }
    files.sort();
    let packed = pack_all(&files);
    let (mut sources, mut code) = (Vec::new(), Vec::new());
    let mut index = String::from("&[\n");
    for ((name, _), file) in files.iter().zip(&packed) {
        let (source, start) = (sources.len(), code.len());
        sources.extend(&file.source);
        code.extend(&file.code);
        index += &format!(
            "({name:?}, {source}, {}, {}, {start}, {}, {}),\n",
            sources.len(),
            file.size,
            code.len(),
            file.names_spec
        );
    }
    index.push(']');
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let compiler = compiler_number(&code);
    fs::write(out.join("compiler.rs"), format!("{compiler:#x}")).expect("OUT_DIR can be written");
    fs::write(out.join("library.bin"), sources).expect("OUT_DIR can be written");
    fs::write(out.join("code.bin"), code).expect("OUT_DIR can be written");
    own.sort();
    fs::write(out.join("own.rs"), format!("&{own:?}")).expect("OUT_DIR can be written");
    fs::write(out.join("library.rs"), index).expect("OUT_DIR can be written");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=python");
}

/// A file of the library.
struct Packed {
    /// The text, deflated.
    source: Vec<u8>,
    /// How long the text is.
    size: usize,
    /// The code; nothing where the compiler refuses the text.
    code: Vec<u8>,
    /// Whether it asks for its own spec or loader.
    names_spec: bool,
}

/// Packs all files, on all processors.
fn pack_all(files: &[(String, PathBuf)]) -> Vec<Packed> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some((name, file)) = files.get(at) else {
                return;
            };
            let packed = pack(name, file);
            done.lock().expect("no thread panics").push((at, packed));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().expect("no thread panics");
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, packed)| packed).collect()
}

fn pack(name: &str, file: &Path) -> Packed {
    let text = fs::read(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&text).expect("memory takes all bytes");
    let compiled = viv_compiler::compile_source(&text, name, Mode::Exec, &Options::default());
    let compiled = compiled.ok();
    let names_spec = compiled
        .as_ref()
        .is_some_and(|output| names_spec(&output.code));
    Packed {
        source: packer.finish().expect("memory takes all bytes"),
        size: text.len(),
        code: compiled.map_or(Vec::new(), |output| body(name, &output.code)),
        names_spec,
    }
}

/// Whether a module, or code in it, looks up the global names that importlib gives it: others get them when they are asked for
/// as attributes.
fn names_spec(code: &Code) -> bool {
    let mut at = 0;
    while let Some(word) = code.instrs.get(at) {
        let Some(op) = Instr(*word).op() else {
            return true;
        };
        let name = match op {
            Op::LOAD_NAME
            | Op::LOAD_GLOBAL
            | Op::LOAD_GLOBAL_NULL
            | Op::LOAD_FROM_DICT_OR_GLOBALS => code.names.get(Instr(*word).w()),
            _ => None,
        };
        if name.is_some_and(|name| name == "__spec__" || name == "__loader__") {
            return true;
        }
        at += 1 + op.extra_words();
    }
    code.consts.iter().any(|constant| match constant {
        Const::Code(inner) => names_spec(inner),
        _ => false,
    })
}

/// The code as it is embedded; checked here, for nobody checks it later.
fn body(name: &str, code: &Code) -> Vec<u8> {
    viv_bytecode::verify(code).unwrap_or_else(|e| panic!("{name}: {e}"));
    image::encode_body(code).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// A number that another compiler does not have, which cached code carries: made of the library's code and, where they are
/// at hand, of the sources of what compiles it.
fn compiler_number(code: &[u8]) -> u64 {
    let mut files = Vec::new();
    for folder in ["syntax", "compiler", "bytecode"] {
        sources(&Path::new("..").join(folder).join("src"), &mut files);
    }
    sources(Path::new("../../grammar"), &mut files);
    files.sort();
    let mut number = Fnv::new()
        .bytes(env!("CARGO_PKG_VERSION").as_bytes())
        .bytes(code);
    for file in files {
        number = number.bytes(&fs::read(&file).unwrap_or_default());
    }
    number.0
}

/// All files below a folder, if there is one.
fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            sources(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// All Python files below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        if LEFT_OUT.contains(&name) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if name.ends_with(".py") {
            files.push(path);
        }
    }
}
