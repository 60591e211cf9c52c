//! Code objects made of compiled code, and functions made of code objects.
//!
//! Compiled code comes as a body of [`viv_bytecode::image`], which objects are made of directly. What the compiler has just
//! made is brought into that form first: so constants are shared alike, whether code was compiled now or long ago.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::sync::Arc;

use viv_bytecode::image::{self, Constant, Head, ImageError, Maker, Names, Parts};
use viv_bytecode::{CodeFlags, CodeInfo, Instr, Op};
use viv_heap::{HVec, HeapAlloc, Object, Ref};

use crate::object::function::{CodeBody, LateBody};
use crate::object::{Code, Dict, Function, GivenCode, Slot, Str, Tuple};
use crate::result::{PyResult, Raised};
use crate::vm::Vm;

/// Makes a code object, nested ones and constants included.
///
/// # Errors
/// MemoryError; ValueError where a constant is damaged.
pub fn make_code(vm: &Vm, source: &viv_bytecode::Code) -> PyResult<Ref<Code>> {
    let body = image::encode_body(source).map_err(|error| vm.system_error(error.to_string()))?;
    let keep = |bytes: &[u8]| Cow::Owned(bytes.to_vec());
    from_body(vm, &body, Some(&source.filename), usize::MAX, keep)
}

/// Makes the code object of a body that the build has made. Its positions stay where they are, and what only running code
/// needs is read when it is first called.
///
/// # Errors
/// MemoryError; ValueError where the body is damaged.
pub fn embedded_code(vm: &Vm, body: &'static [u8], filename: &str) -> PyResult<Ref<Code>> {
    let mut eager = HeapMaker {
        vm,
        keep: Cow::Borrowed,
        filename: None,
    };
    let unit = image::read_head(body, &mut eager).map_err(|failure| failure.raise(vm))?;
    let constants = vm.new_tuple(unit.constants)?;
    let mut maker = LateMaker {
        eager,
        names: Rc::new(unit.names),
        constants,
    };
    let names = maker.names.clone();
    let constants = maker.constants.clone();
    let filename = Some(vm.intern(filename)?);
    let constants = constants.as_slice();
    let made = image::read_body(
        &names,
        constants,
        unit.code,
        filename,
        image::DEPTH,
        &mut maker,
    );
    code_of(vm, made)
}

impl Code {
    /// The body, which is read now if it has not been yet.
    ///
    /// # Errors
    /// MemoryError; ValueError where the bytes are damaged.
    #[inline]
    pub fn ready(&self, vm: &Vm) -> PyResult<&CodeBody> {
        match self.body.get() {
            Some(body) => Ok(body),
            None => self.read_body(vm),
        }
    }

    #[cold]
    fn read_body(&self, vm: &Vm) -> PyResult<&CodeBody> {
        let late = self.late.take();
        let known = late.as_ref().map(|late| (late.names.clone(), late.rest));
        self.late.set(late);
        let (Some((names, rest)), Some(constants)) = (known, self.late_constants.get()) else {
            return self
                .body
                .get()
                .ok_or_else(|| vm.system_error("code without a body"));
        };
        let mut maker = LateMaker {
            eager: HeapMaker {
                vm,
                keep: Cow::Borrowed,
                filename: Some((self.filename.clone(), self.source.filename.clone())),
            },
            names: names.clone(),
            constants: constants.clone(),
        };
        let values = constants.as_slice();
        let parts = image::read_rest(&names, values, rest, &self.filename, &mut maker)
            .map_err(|failure| failure.raise(vm))?;
        let body =
            make_body(vm, parts, &self.source.cell_locals).map_err(|failure| failure.raise(vm))?;
        // What was done on the way may have run the code, which then has its body; this one is given up.
        if self.body.set(body).is_ok() {
            self.point_to_body();
            self.late.set(None);
            self.late_constants.set(None);
            crate::modules::import::library_was_read(vm, 1);
        }
        self.body
            .get()
            .ok_or_else(|| vm.system_error("code without a body"))
    }

    /// Lets frames start at the body's first instruction.
    fn point_to_body(&self) {
        match self.body.get() {
            Some(body) => {
                let start = body.instrs.as_ptr();
                self.start.set(start);
                let resumes = body
                    .instrs
                    .first()
                    .is_some_and(|i| Instr(i.get()).op() == Some(Op::RESUME));
                self.entry.set(start.wrapping_add(usize::from(resumes)));
                self.const_words.set(body.consts.as_slice().as_ptr().cast());
            }
            None => {
                self.start.set(&raw const self.unread);
                self.entry.set(&raw const self.unread);
            }
        }
    }
}

/// Makes the code object of an image; gives why not, where it comes from elsewhere or is damaged. A filename that is given
/// takes the place of the one in the image.
///
/// # Errors
/// MemoryError
pub fn read_image(
    vm: &Vm,
    bytes: &[u8],
    filename: Option<&str>,
) -> PyResult<Result<Ref<Code>, ImageError>> {
    let body = match image::verified_body(bytes, vm.compiler_number()) {
        Ok(body) => body,
        Err(error) => return Ok(Err(error)),
    };
    let keep = |bytes: &[u8]| Cow::Owned(bytes.to_vec());
    from_body(vm, body, filename, image::DEPTH, keep).map(Ok)
}

fn from_body<'a>(
    vm: &Vm,
    body: &'a [u8],
    filename: Option<&str>,
    deepest: usize,
    keep: fn(&'a [u8]) -> Cow<'static, [u8]>,
) -> PyResult<Ref<Code>> {
    let mut maker = HeapMaker {
        vm,
        keep,
        filename: None,
    };
    let filename = filename.map(|name| vm.intern(name)).transpose()?;
    let made = (|| {
        let unit = image::read_head(body, &mut maker)?;
        let (names, constants) = (&unit.names, &unit.constants);
        image::read_body(names, constants, unit.code, filename, deepest, &mut maker)
    })();
    code_of(vm, made)
}

fn code_of(vm: &Vm, made: Result<Ref, Failure>) -> PyResult<Ref<Code>> {
    made.map_err(|failure| failure.raise(vm))?
        .cast::<Code>()
        .map_err(|_| vm.system_error("the code of a body is no code object"))
}

/// Why a body gives no code object.
enum Failure {
    Image(ImageError),
    Raised(Raised),
}

impl Failure {
    fn raise(self, vm: &Vm) -> Raised {
        match self {
            Failure::Raised(raised) => raised,
            Failure::Image(error) => vm.value_error(error.to_string()),
        }
    }
}

impl From<ImageError> for Failure {
    fn from(error: ImageError) -> Failure {
        Failure::Image(error)
    }
}

impl From<Raised> for Failure {
    fn from(raised: Raised) -> Failure {
        Failure::Raised(raised)
    }
}

/// Makes objects of what stands in a body.
struct HeapMaker<'v, 'a> {
    vm: &'v Vm,
    /// What becomes of packed positions.
    keep: fn(&'a [u8]) -> Cow<'static, [u8]>,
    /// The last filename, which most code objects share, as an object and as plain text.
    filename: Option<(Ref<Str>, Arc<str>)>,
}

impl<'a> Maker<'a> for HeapMaker<'_, 'a> {
    type Name = Ref<Str>;
    type Value = Ref;
    type Error = Failure;

    fn name(&mut self, text: &'a str) -> Result<Ref<Str>, Failure> {
        Ok(self.vm.intern(text)?)
    }

    fn constant(&mut self, constant: Constant<'a, Ref>) -> Result<Ref, Failure> {
        Ok(make_const(self.vm, constant)?)
    }

    fn code(
        &mut self,
        head: Head<'a, Ref<Str>>,
        parts: Parts<'a, Ref<Str>, Ref>,
    ) -> Result<Ref, Failure> {
        let body = make_body(self.vm, parts, &head.cell_locals)?;
        Ok(self.place(head, Body::Ready(body))?)
    }
}

impl<'a> HeapMaker<'_, 'a> {
    /// Places a code object.
    fn place(&mut self, head: Head<'a, Ref<Str>>, body: Body) -> PyResult {
        let vm = self.vm;
        let filename = match self.filename.take() {
            Some((object, text)) if object.is(&head.filename.head) => text,
            _ => Arc::from(&*head.filename.to_text()),
        };
        self.filename = Some((head.filename.clone(), filename.clone()));
        let info = CodeInfo {
            filename,
            firstlineno: head.firstlineno,
            argcount: head.argcount,
            posonlyargcount: head.posonlyargcount,
            kwonlyargcount: head.kwonlyargcount,
            flags: head.flags,
            stacksize: head.stacksize,
            nlocalsplus: head.nlocalsplus,
            nlocals: head.nlocals,
            nfreevars: head.nfreevars,
            cell_locals: head.cell_locals.into(),
            exceptions: head.exceptions.into(),
            locations: (self.keep)(head.locations),
        };
        let names = [head.name, head.qualname, head.filename];
        Ok(place(vm, names, info, body, None)?.upcast())
    }
}

/// What a code object runs.
pub(crate) enum Body {
    /// It is there.
    Ready(CodeBody),
    /// It is to be read from here, with these constants of its module.
    Late(LateBody, Ref<Tuple>),
}

/// Places a code object of its name, qualified name and file, and what else it is made of.
pub(crate) fn place(
    vm: &Vm,
    [name, qualname, filename]: [Ref<Str>; 3],
    info: CodeInfo,
    body: Body,
    given: Option<Box<GivenCode>>,
) -> PyResult<Ref<Code>> {
    let (body, late, constants) = match body {
        Body::Ready(body) => (OnceCell::from(body), None, None),
        Body::Late(late, constants) => (OnceCell::new(), Some(late), Some(constants)),
    };
    let code = vm.place(Code {
        head: Object::new(vm.types.code.type_head_of()),
        body,
        start: Cell::new(std::ptr::null()),
        entry: Cell::new(std::ptr::null()),
        const_words: Cell::new(std::ptr::null()),
        unread: Cell::new(Instr::wide(Op::READ_BODY, 0).0),
        late: Cell::new(late),
        late_constants: Slot::new(constants),
        shown_consts: Slot::empty(),
        name,
        qualname,
        filename,
        local_count: info.nlocalsplus,
        stack_size: info.stacksize,
        frame_words: info
            .nlocalsplus
            .saturating_add(info.stacksize)
            .saturating_add(8),
        flags: info.flags,
        simple_args: simple_args(&info),
        source: Arc::new(info),
        given,
        weakrefs: Cell::new(std::ptr::null()),
    })?;
    code.point_to_body();
    Ok(code)
}

fn make_body(
    vm: &Vm,
    parts: Parts<'_, Ref<Str>, Ref>,
    cell_locals: &[u32],
) -> Result<CodeBody, Failure> {
    let names = |names: Vec<Ref<Str>>| vm.new_tuple(names.into_iter().map(Ref::upcast).collect());
    let mut instrs = HVec::new_in(HeapAlloc);
    if instrs.try_reserve_exact(parts.instrs.len()).is_err() {
        return Err(vm.no_memory().into());
    }
    parts.instrs.try_each(|word| instrs.push(Cell::new(word)))?;
    let mut locals = parts.varnames;
    let nlocals = locals.len();
    let cells = parts.cellvars.into_iter().zip(cell_locals);
    let own = cells.filter(|(_, local)| **local as usize >= nlocals);
    locals.extend(own.map(|(name, _)| name));
    locals.extend(parts.freevars);
    Ok(CodeBody {
        instrs,
        consts: vm.new_tuple(parts.consts)?,
        names: names(parts.names)?,
        local_names: names(locals)?,
    })
}

/// Makes code objects whose bodies are read later.
struct LateMaker<'v> {
    eager: HeapMaker<'v, 'static>,
    names: Rc<Names<'static, Ref<Str>>>,
    constants: Ref<Tuple>,
}

impl Maker<'static> for LateMaker<'_> {
    type Name = Ref<Str>;
    type Value = Ref;
    type Error = Failure;

    fn name(&mut self, text: &'static str) -> Result<Ref<Str>, Failure> {
        self.eager.name(text)
    }

    fn constant(&mut self, constant: Constant<'static, Ref>) -> Result<Ref, Failure> {
        self.eager.constant(constant)
    }

    fn code(
        &mut self,
        head: Head<'static, Ref<Str>>,
        parts: Parts<'static, Ref<Str>, Ref>,
    ) -> Result<Ref, Failure> {
        self.eager.code(head, parts)
    }

    fn leaves_rest(&self) -> bool {
        true
    }

    fn late_code(
        &mut self,
        head: Head<'static, Ref<Str>>,
        rest: &'static [u8],
    ) -> Result<Ref, Failure> {
        let late = LateBody {
            names: self.names.clone(),
            rest,
            docstring: head.docstring,
        };
        let body = Body::Late(late, self.constants.clone());
        Ok(self.eager.place(head, body)?)
    }
}

/// The number of parameters where all are positional, so that arguments may simply stay where they are.
pub(crate) fn simple_args(info: &CodeInfo) -> u32 {
    let special = CodeFlags::VARARGS | CodeFlags::VARKEYWORDS;
    let simple = info.flags.0 & special == 0
        && info.kwonlyargcount == 0
        && info.flags.has(CodeFlags::OPTIMIZED);
    if simple { info.argcount } else { u32::MAX }
}

fn make_const(vm: &Vm, constant: Constant<'_, Ref>) -> PyResult {
    match constant {
        Constant::None => Ok(vm.none_ref()),
        Constant::True => Ok(vm.bool(true)),
        Constant::False => Ok(vm.bool(false)),
        Constant::Ellipsis => Ok(vm.ellipsis.head.to_ref()),
        Constant::Int(n) => vm.new_int(n),
        Constant::BigInt(digits) => match big(digits) {
            Some(value) => vm.new_big_int(&value),
            None => Err(vm.value_error("invalid integer constant")),
        },
        Constant::Float(x) => vm.new_float(x),
        Constant::Complex(re, im) => vm.new_complex(re, im),
        Constant::Str(text) => make_str(vm, text).map(Ref::upcast),
        Constant::Surrogates(text) => Ok(vm.new_str_points(&decode_wtf8(text))?.upcast()),
        Constant::Bytes(bytes) => vm.new_bytes(bytes).map(Ref::upcast),
        Constant::Tuple(items) => {
            let tuple = vm.new_tuple(items)?;
            if !tuple.is_immortal() {
                // Watched until a collection finds that it need not be, as on CPython.
                vm.heap.track(&tuple);
            }
            Ok(tuple.upcast())
        }
        Constant::FrozenSet(items) => crate::types::frozenset::from_items(vm, items),
        Constant::Slice([start, stop, step]) => crate::types::slice::new(vm, &start, &stop, &step),
    }
}

fn big(digits: &str) -> Option<dashu_int::IBig> {
    let (negative, digits) = digits
        .strip_prefix('-')
        .map_or((false, digits), |d| (true, d));
    let value = match digits.strip_prefix("0x") {
        Some(hex) => dashu_int::IBig::from_str_radix(hex, 16),
        None => dashu_int::IBig::from_str_radix(digits, 10),
    }
    .ok()?;
    Some(if negative { -value } else { value })
}

/// A string constant; those that look like names are interned, as CPython does.
fn make_str(vm: &Vm, text: &str) -> PyResult<Ref<Str>> {
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        vm.intern(text)
    } else {
        vm.new_str(text)
    }
}

/// The code points of WTF-8, lone surrogates included.
fn decode_wtf8(mut bytes: &[u8]) -> Vec<u32> {
    let mut points = Vec::with_capacity(bytes.len());
    while let Some(&lead) = bytes.first() {
        let (len, first) = match lead {
            0..0x80 => (1, u32::from(lead)),
            0x80..0xe0 => (2, u32::from(lead & 0x1f)),
            0xe0..0xf0 => (3, u32::from(lead & 0x0f)),
            _ => (4, u32::from(lead & 0x07)),
        };
        let len = len.min(bytes.len());
        points.push(
            bytes[1..len]
                .iter()
                .fold(first, |c, b| c << 6 | u32::from(b & 0x3f)),
        );
        bytes = &bytes[len..];
    }
    points
}

/// A function of a code object, without defaults and closure.
pub fn new_function(
    vm: &Vm,
    code: &Code,
    globals: &Ref<Dict>,
    builtins: Ref<Dict>,
    qualname: Option<Ref<Str>>,
) -> PyResult<Ref<Function>> {
    let module = globals.get_str(vm, &vm.names.__name__);
    let doc = code.docstring();
    let function = vm.place(Function {
        head: Object::new(vm.types.function.type_head_of()),
        code: Slot::full(Ref::of(code)),
        globals: globals.clone(),
        builtins,
        name: Slot::full(code.name.clone()),
        qualname: Slot::full(qualname.unwrap_or_else(|| code.qualname.clone())),
        defaults: Slot::default(),
        kwdefaults: Slot::default(),
        closure: Slot::default(),
        doc: Slot::new(doc),
        module: Slot::new(module),
        annotations: Slot::default(),
        annotate: Slot::default(),
        type_params: Slot::default(),
        dict: Slot::default(),
        weakrefs: Cell::new(std::ptr::null()),
        version: Cell::new(0),
    })?;
    vm.heap.track(&function);
    Ok(function)
}
