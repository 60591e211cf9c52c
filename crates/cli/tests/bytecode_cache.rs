//! The files in `__pycache__`: when they are written, when they are believed, and that no state of them disturbs a program.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("viv-cache-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the folder for temporary files can be written");
        Folder(path)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("the folder can be written");
        path
    }

    fn cache(&self, name: &str) -> PathBuf {
        self.0.join("__pycache__").join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const CACHE: &str = "m.vivarium-314.pyc";

fn viv(folder: &Folder, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_viv"));
    command
        .args(args)
        .current_dir(&folder.0)
        .env_remove("PYTHONDONTWRITEBYTECODE")
        .env_remove("PYTHONPYCACHEPREFIX")
        .env("VIV_CHECK_SHUTDOWN", "1");
    command
}

fn said(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn run(folder: &Folder, args: &[&str]) -> String {
    said(&viv(folder, args).output().expect("viv runs"))
}

fn set_time(path: &Path, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let file = File::options().write(true).open(path).expect("it exists");
    file.set_modified(time).expect("its time can be set");
}

#[test]
fn code_is_kept_and_believed_until_the_source_changes() {
    let folder = Folder::new("kept");
    let import = [
        "-c",
        "import m; print(m.x, m.__cached__.rpartition('/')[2])",
    ];
    let source = folder.write("m.py", "x = 'one'\n");
    set_time(&source, 1_000_000_000);
    assert_eq!(run(&folder, &import), format!("one {CACHE}"));
    assert!(folder.cache(CACHE).is_file());
    // The same time and size: the source is not looked at.
    folder.write("m.py", "x = 'two'\n");
    set_time(&source, 1_000_000_000);
    assert_eq!(run(&folder, &import), format!("one {CACHE}"));
    // Another time, then another size.
    set_time(&source, 1_000_000_001);
    assert_eq!(run(&folder, &import), format!("two {CACHE}"));
    folder.write("m.py", "x = 'three'\n");
    set_time(&source, 1_000_000_001);
    assert_eq!(run(&folder, &import), format!("three {CACHE}"));
}

#[test]
fn files_that_are_no_good_are_written_anew() {
    let folder = Folder::new("bad");
    let import = ["-c", "import m; print(m.f(2))"];
    folder.write(
        "m.py",
        "def f(x):\n    return [x, 'text', 1.5, (x, None)]\n",
    );
    let expected = run(&folder, &import);
    let good = fs::read(folder.cache(CACHE)).expect("it was written");
    let mut bad = vec![
        Vec::new(),
        b"\xa7\r\r\n".to_vec(),
        vec![0; 100],
        vec![0xff; 100],
    ];
    bad.extend((0..good.len()).step_by(7).map(|n| good[..n].to_vec()));
    for at in (0..good.len()).step_by(11) {
        let mut other = good.clone();
        other[at] ^= 0x55;
        bad.push(other);
    }
    for bytes in bad {
        fs::write(folder.cache(CACHE), &bytes).expect("it can be written");
        assert_eq!(run(&folder, &import), expected);
        assert!(fs::read(folder.cache(CACHE)).expect("it is there") == good);
    }
}

#[test]
fn importlib_reads_and_writes_the_same_files() {
    let folder = Folder::new("importlib");
    folder.write("m.py", "def f():\n    return 'text'\n");
    let program = "
import importlib.util as u
spec = u.spec_from_file_location('m', 'm.py')
m = u.module_from_spec(spec)
spec.loader.exec_module(m)
print(m.f(), m.__cached__ == u.cache_from_source(m.__file__), m.f.__code__.co_filename.rpartition('/')[2])
";
    let expected = "text True m.py";
    assert_eq!(run(&folder, &["-c", program]), expected);
    let written = fs::read(folder.cache(CACHE)).expect("importlib has written it");
    assert_eq!(run(&folder, &["-c", "import m; print(m.f())"]), "text");
    assert!(fs::read(folder.cache(CACHE)).expect("it is there") == written);
    for length in [0, 10, 16, 17, 30, written.len() - 1] {
        fs::write(folder.cache(CACHE), &written[..length]).expect("it can be written");
        assert_eq!(run(&folder, &["-c", program]), expected);
        assert!(fs::read(folder.cache(CACHE)).expect("it is there").len() == written.len());
    }
    let compile = "
import py_compile, os
for mode in py_compile.PycInvalidationMode:
    path = py_compile.compile('m.py', invalidation_mode=mode)
    before = open(path, 'rb').read()
    import sys, m
    del sys.modules['m']
    print(mode.name, m.f(), open(path, 'rb').read() == before)
";
    assert_eq!(
        run(&folder, &["-c", compile]),
        "TIMESTAMP text True\nCHECKED_HASH text True\nUNCHECKED_HASH text True"
    );
    // The last one is believed whatever the source says; one that is checked is not.
    folder.write("m.py", "def f():\n    return 'other'\n");
    assert_eq!(run(&folder, &["-c", "import m; print(m.f())"]), "text");
    let checked = compile.replace(
        "py_compile.PycInvalidationMode:",
        "[py_compile.PycInvalidationMode.CHECKED_HASH]:",
    );
    assert_eq!(run(&folder, &["-c", &checked]), "CHECKED_HASH other True");
    folder.write("m.py", "def f():\n    return 'third'\n");
    assert_eq!(run(&folder, &["-c", "import m; print(m.f())"]), "third");
}

#[test]
fn nothing_is_written_where_it_is_forbidden() {
    let folder = Folder::new("forbidden");
    folder.write("m.py", "x = 1\n");
    let import = "import m; print(m.x)";
    assert_eq!(run(&folder, &["-B", "-c", import]), "1");
    let mut command = viv(&folder, &["-c", import]);
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    assert_eq!(said(&command.output().expect("viv runs")), "1");
    let program = format!("import sys; sys.dont_write_bytecode = True; {import}");
    assert_eq!(run(&folder, &["-c", &program]), "1");
    let program = format!("import sys; sys.implementation.cache_tag = None; {import}");
    assert_eq!(run(&folder, &["-c", &program]), "1");
    assert!(!folder.0.join("__pycache__").exists());
}

#[test]
fn other_places_and_other_levels() {
    let folder = Folder::new("places");
    let prefix = Folder::new("prefix");
    let place = prefix.0.to_string_lossy().into_owned();
    folder.write("m.py", "assert 0\nx = 1\n");
    let import = "import m; print(m.x, m.__cached__)";
    let inner = folder.0.canonicalize().expect("it is there");
    let inner = inner.strip_prefix("/").expect("it is absolute");
    let expected = prefix.0.join(inner).join("m.vivarium-314.opt-1.pyc");
    let option = format!("pycache_prefix={place}");
    let told = format!("1 {}", expected.display());
    assert_eq!(run(&folder, &["-O", "-X", &option, "-c", import]), told);
    assert!(expected.is_file());
    fs::remove_file(&expected).expect("it is there");
    let mut command = viv(&folder, &["-O", "-c", import]);
    command.env("PYTHONPYCACHEPREFIX", &place);
    assert_eq!(said(&command.output().expect("viv runs")), told);
    assert!(expected.is_file() && !folder.0.join("__pycache__").exists());
    run(&folder, &["-OO", "-c", import]);
    assert!(folder.cache("m.vivarium-314.opt-2.pyc").is_file());
}

#[test]
fn what_cannot_be_written_is_not_missed() {
    let folder = Folder::new("unwritable");
    folder.write("m.py", "x = 1\n");
    folder.write("__pycache__", "a file where the folder would be");
    assert_eq!(run(&folder, &["-c", "import m; print(m.x)"]), "1");
    assert_eq!(
        run(
            &folder,
            &["-c", "import importlib, m; print(importlib.reload(m).x)"]
        ),
        "1"
    );
}

#[test]
fn many_at_once() {
    let folder = Folder::new("many");
    let names: Vec<String> = (0..6).map(|i| format!("m{i}")).collect();
    for name in &names {
        let body: String = (0..200)
            .map(|i| format!("def f{i}(): return {i}\n"))
            .collect();
        folder.write(&format!("{name}.py"), body);
    }
    let program = format!(
        "import {0}\nprint(sum(m.f7() for m in [{0}]))",
        names.join(", ")
    );
    for _ in 0..3 {
        let children: Vec<_> = (0..12)
            .map(|_| {
                let mut command = viv(&folder, &["-c", &program]);
                command
                    .stdout(std::process::Stdio::piped())
                    .stderr(std::process::Stdio::piped());
                command.spawn().expect("viv runs")
            })
            .collect();
        for child in children {
            let output = child.wait_with_output().expect("viv ends");
            assert_eq!(said(&output), "42");
        }
        let files = fs::read_dir(folder.0.join("__pycache__")).expect("it was made");
        let names_of = files.flatten().map(|f| f.file_name());
        let mut files: Vec<_> = names_of.map(|n| n.to_string_lossy().into_owned()).collect();
        files.sort();
        let expected: Vec<_> = names
            .iter()
            .map(|n| format!("{n}.vivarium-314.pyc"))
            .collect();
        assert_eq!(files, expected);
        // The next round finds some of them broken.
        fs::write(folder.cache("m3.vivarium-314.pyc"), b"VV").expect("it can be written");
        fs::remove_file(folder.cache("m4.vivarium-314.pyc")).expect("it is there");
    }
}

#[test]
fn marshal_writes_code() {
    let folder = Folder::new("marshal");
    let program = "
import marshal
def f(a, *b, c=1, **d):
    'doc'
    def g(): return a, b, c, d, 10**30, 'x y', -0.0, 1j, 'a' in {'a', 2}, b'b'
    try:
        return g()
    finally:
        del a
for i in range(300): f(i)  # fills caches
data = marshal.dumps(f.__code__)
code = marshal.loads(data)
print(code == f.__code__, marshal.dumps(code) == data)
f.__code__ = code
print(f(1, 2, d=3), f.__doc__, code.co_filename, code.co_firstlineno)
print(list(code.co_positions()) == list(f.__code__.co_positions()))
for n in range(len(data)):
    try: marshal.loads(data[:n])
    except (EOFError, ValueError): pass
    else: print('no error', n)
for what in (lambda: marshal.dumps(code, allow_code=False), lambda: marshal.loads(data, allow_code=False)):
    try: what()
    except ValueError as e: print(e)
print(marshal.loads(marshal.dumps([code, code, 1]))[2])
";
    assert_eq!(
        run(&folder, &["-c", program]),
        "True True\n(1, (2,), 1, {'d': 3}, 1000000000000000000000000000000, 'x y', -0.0, 1j, True, b'b') doc <string> 3\nTrue\nmarshalling code objects is disallowed\nunmarshalling code objects is disallowed\n1"
    );
}

#[test]
fn starting_runs_no_python_code_of_the_library() {
    let folder = Folder::new("start");
    let program =
        "import sys; print([n for n, m in sys.modules.items() if getattr(m, '__file__', None)])";
    assert_eq!(run(&folder, &["-c", program]), "[]");
    folder.write("main.py", program);
    let found = run(&folder, &["main.py"]);
    assert_eq!(found, "['__main__']");
}

#[test]
fn code_files_are_programs_and_modules() {
    let folder = Folder::new("sourceless");
    folder.write(
        "m.py",
        "import sys\nprint(__name__, __file__.rpartition('/')[2], sys.argv[1:])\n",
    );
    let compile = "import py_compile; py_compile.compile('m.py', 'm.pyc')";
    run(&folder, &["-c", compile]);
    let good = fs::read(folder.0.join("m.pyc")).expect("it was written");
    assert_eq!(run(&folder, &["m.pyc", "a"]), "__main__ m.pyc ['a']");
    folder.write("other", &good);
    assert_eq!(run(&folder, &["other"]), "__main__ other []");
    fs::remove_file(folder.0.join("m.py")).expect("it is there");
    assert_eq!(run(&folder, &["-c", "import m"]), "m m.pyc []");
    assert_eq!(run(&folder, &["-m", "m"]), "__main__ m.pyc []");
    fs::create_dir(folder.0.join("p")).expect("it can be made");
    folder.write("p/__init__.pyc", &good);
    folder.write("p/__main__.pyc", &good);
    assert_eq!(run(&folder, &["-c", "import p"]), "p __init__.pyc []");
    assert_eq!(run(&folder, &["p"]), "__main__ __main__.pyc []");
    for (bytes, text) in [
        (&good[..4], "RuntimeError: Bad code object in .pyc file"),
        (
            &good[..good.len() - 9],
            "RuntimeError: Bad code object in .pyc file",
        ),
        (&[0; 40][..], "RuntimeError: Bad magic number in .pyc file"),
    ] {
        folder.write("m.pyc", bytes);
        let output = viv(&folder, &["m.pyc"]).output().expect("viv runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), errors.trim()), (Some(1), text));
    }
}

#[test]
fn modules_that_are_programs_are_kept() {
    let folder = Folder::new("module");
    let source = folder.write("m.py", "print('one')\n");
    set_time(&source, 1_000_000_000);
    assert_eq!(run(&folder, &["-m", "m"]), "one");
    folder.write("m.py", "print('two')\n");
    set_time(&source, 1_000_000_000);
    assert_eq!(run(&folder, &["-m", "m"]), "one");
    // A script is always compiled.
    assert_eq!(run(&folder, &["m.py"]), "two");
}

#[test]
fn the_option_overrules_what_files_say_of_checks() {
    let folder = Folder::new("checks");
    let compile = |mode: &str| {
        folder.write("m.py", "x = 'old'\n");
        let mode = format!("py_compile.PycInvalidationMode.{mode}");
        let program =
            format!("import py_compile; py_compile.compile('m.py', invalidation_mode={mode})");
        run(&folder, &["-c", &program]);
        folder.write("m.py", "x = 'new'\n");
    };
    let import = |when: &str| {
        run(
            &folder,
            &[
                "-B",
                "--check-hash-based-pycs",
                when,
                "-c",
                "import m; print(m.x)",
            ],
        )
    };
    compile("UNCHECKED_HASH");
    assert_eq!(
        ["default", "never", "always"].map(import),
        ["old", "old", "new"]
    );
    compile("CHECKED_HASH");
    assert_eq!(
        ["default", "never", "always"].map(import),
        ["new", "old", "new"]
    );
}
