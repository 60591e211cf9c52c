//! Code objects written as bytes and read again: nothing is lost, and bytes that are not what was written are refused.

use std::path::Path;

use compact_str::CompactString;
use viv_bytecode::image::{self, Constant, Head, ImageError, Maker, Parts};
use viv_bytecode::{Code, Const, dis};
use viv_compiler::{Options, compile_source};
use viv_syntax::Mode;

const COMPILER: u64 = 0x1234_5678_9abc_def0;

/// Makes plain code objects.
struct Plain;

impl<'a> Maker<'a> for Plain {
    type Name = CompactString;
    type Value = Const;
    type Error = ImageError;

    fn name(&mut self, text: &'a str) -> Result<CompactString, ImageError> {
        Ok(CompactString::new(text))
    }

    fn constant(&mut self, constant: Constant<'a, Const>) -> Result<Const, ImageError> {
        Ok(match constant {
            Constant::None => Const::None,
            Constant::True => Const::True,
            Constant::False => Const::False,
            Constant::Ellipsis => Const::Ellipsis,
            Constant::Int(n) => Const::Int(n),
            Constant::BigInt(digits) => Const::BigInt(digits.into()),
            Constant::Float(x) => Const::Float(x),
            Constant::Complex(re, im) => Const::Complex(re, im),
            Constant::Str(text) => Const::Str(text.as_bytes().into()),
            Constant::Surrogates(text) => Const::Str(text.into()),
            Constant::Bytes(bytes) => Const::Bytes(bytes.into()),
            Constant::Tuple(items) => Const::Tuple(items),
            Constant::FrozenSet(items) => Const::FrozenSet(items),
            Constant::Slice(parts) => Const::Slice(Box::new(parts)),
        })
    }

    fn code(
        &mut self,
        head: Head<'a, CompactString>,
        parts: Parts<'a, CompactString, Const>,
    ) -> Result<Const, ImageError> {
        let mut instrs = Vec::new();
        let words = parts.instrs.len();
        parts.instrs.try_each(|word| instrs.push(word))?;
        assert_eq!(instrs.len(), words);
        Ok(Const::Code(
            Code {
                name: head.name,
                qualname: head.qualname,
                filename: head.filename.as_str().into(),
                firstlineno: head.firstlineno,
                argcount: head.argcount,
                posonlyargcount: head.posonlyargcount,
                kwonlyargcount: head.kwonlyargcount,
                flags: head.flags,
                stacksize: head.stacksize,
                varnames: parts.varnames,
                cellvars: parts.cellvars,
                freevars: parts.freevars,
                cell_locals: head.cell_locals,
                nlocalsplus: head.nlocalsplus,
                names: parts.names,
                consts: parts.consts,
                instrs,
                exceptions: head.exceptions,
                locations: head.locations.to_vec().into(),
            }
            .into(),
        ))
    }
}

fn read(body: &[u8], filename: Option<CompactString>) -> Result<Const, ImageError> {
    let unit = image::read_head(body, &mut Plain)?;
    let (names, constants) = (&unit.names, &unit.constants);
    image::read_body(
        names,
        constants,
        unit.code,
        filename,
        usize::MAX,
        &mut Plain,
    )
}

/// Sources of all kinds: the scripts of the corpus, and some that it does not have.
fn sources() -> Vec<Vec<u8>> {
    let mut sources: Vec<Vec<u8>> = [
        "",
        "x = 1e309, -0.0, 0.0, 1j, -0j, 10**40, -(10**40), 2**63, -2**63, True, 1, ...",
        "x = 'a', b'a', '\\ud800x', 'é', ((), ((1, 2), 'a')), 1 in {1, 'b', (2, 3)}, a[1:2:3]",
        "def f(a, /, b=1, *c, d, **e):\n  'doc'\n  def g(): return a, b\n  return g",
        "try:\n  f()\nexcept* E as e:\n  pass\nfinally:\n  with a as b: yield_()",
        "async def f():\n  async with a as b:\n    async for x in y: await z\n  return [i async for i in b]",
        "class A[T: int = str](B):\n  x: T\n  def m(self): return super().m(), __class__",
        "match x:\n  case {'a': 1, **r}: pass\n  case [1, *_] | A(b=2): pass",
        "lambda: (lambda: (lambda: f'{x!r:>{y}}'))",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    let root =
        Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("../../tests");
    for area in ["lang", "types"] {
        let folder = std::fs::read_dir(root.join(area)).expect("the corpus is there");
        let mut files: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
        files.sort();
        let scripts = files
            .iter()
            .filter(|f| f.extension().is_some_and(|e| e == "py"));
        sources.extend(scripts.filter_map(|file| std::fs::read(file).ok()));
    }
    sources
}

fn compiled() -> impl Iterator<Item = std::sync::Arc<Code>> {
    sources().into_iter().filter_map(|text| {
        let output = compile_source(&text, "dir/file.py", Mode::Exec, &Options::default());
        Some(output.ok()?.code)
    })
}

/// Everything that a code object holds, nested ones included.
fn told(code: &Code) -> String {
    format!("{}\n{code:?}", dis(code))
}

#[test]
fn nothing_is_lost() {
    let mut count = 0;
    for code in compiled() {
        let body = image::encode_body(&code).expect("compiled code can be written");
        let name = Some(CompactString::from("dir/file.py"));
        let Ok(Const::Code(again)) = read(&body, name) else {
            panic!("what was written can be read");
        };
        assert_eq!(told(&code), told(&again));
        let bytes = image::encode(&code, COMPILER).expect("compiled code can be written");
        let body = image::verified_body(&bytes, COMPILER).expect("what was written is sound");
        let Ok(Const::Code(again)) = read(body, None) else {
            panic!("what was written can be read");
        };
        assert_eq!(told(&code), told(&again));
        count += 1;
    }
    assert!(count > 50, "only {count} sources");
}

#[test]
fn a_filename_takes_the_place_of_all() {
    let code = compile_source(b"def f(): pass", "old", Mode::Exec, &Options::default());
    let code = code.expect("it compiles").code;
    let bytes = image::encode(&code, COMPILER).expect("compiled code can be written");
    let body = image::verified_body(&bytes, COMPILER).expect("what was written is sound");
    let read = read(body, Some("new".into()));
    let Ok(Const::Code(again)) = read else {
        panic!("what was written can be read");
    };
    assert_eq!(&*again.filename, "new");
    let Const::Code(inner) = &again.consts[0] else {
        panic!("the function's code comes first");
    };
    assert_eq!(&*inner.filename, "new");
}

#[test]
fn other_versions_and_damage_are_refused() {
    let code = compile_source(b"x = [1, 'two']", "f", Mode::Exec, &Options::default());
    let code = code.expect("it compiles").code;
    let good = image::encode(&code, COMPILER).expect("compiled code can be written");
    let refused = image::verified_body(&good, COMPILER + 1).expect_err("another compiler");
    assert_eq!(refused, ImageError::Foreign);
    for length in 0..good.len() {
        assert!(image::verified_body(&good[..length], COMPILER).is_err());
    }
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bad = good.clone();
            bad[at] ^= 1 << bit;
            assert!(image::verified_body(&bad, COMPILER).is_err(), "byte {at}");
        }
    }
}

/// A xorshift generator: the same bytes in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

#[test]
fn any_bytes_are_an_error_and_never_a_panic() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for code in compiled().step_by(7) {
        let body = image::encode_body(&code).expect("compiled code can be written");
        for _ in 0..200 {
            let mut bad = body.clone();
            for _ in 0..=random.below(4) {
                let at = random.below(bad.len());
                match random.below(4) {
                    0 => bad[at] ^= 1 << random.below(8),
                    1 => bad[at] = random.below(256) as u8,
                    2 => bad.truncate(at.max(1)),
                    _ => bad.insert(at, random.below(256) as u8),
                }
            }
            // With the right checksum, so that the reader and the verifier see them.
            let sealed = image::seal(&bad, COMPILER);
            if let Ok(body) = image::verified_body(&sealed, COMPILER) {
                assert_eq!(body, bad);
            }
        }
    }
    for _ in 0..2000 {
        let bytes: Vec<u8> = (0..random.below(60))
            .map(|_| random.below(256) as u8)
            .collect();
        let _ = image::verified_body(&image::seal(&bytes, COMPILER), COMPILER);
        let _ = image::verified_body(&bytes, COMPILER);
    }
}
