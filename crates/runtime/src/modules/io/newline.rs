//! Line ends: their translation while text is read, and the type `IncrementalNewlineDecoder`.

use std::cell::Cell;

use viv_heap::{Object, ObjectLayout, Ref, object_layout};

use super::{plain_type, uninitialized};
use crate::args::Args;
use crate::native::bind::Parameters;
use crate::native::{GetSetDef, MethodDef, NativeCall};
use crate::object::{Int, Slot, Str, StrData, Tuple, Type, TypeTraits, kinds};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::sequence::{place_tracked, receiver};
use crate::types::spec::TypeSpec;
use crate::vm::Vm;

/// The kinds of line ends that have been seen, as bits.
mod seen {
    pub const CR: u8 = 1;
    pub const LF: u8 = 2;
    pub const CRLF: u8 = 4;
}

/// The state of the translation of line ends.
#[derive(Default)]
pub struct Newlines {
    /// Whether line ends become `\n`.
    pub translate: Cell<bool>,
    /// Whether a `\r` has been held back, for a `\n` may follow.
    pub pending_cr: Cell<bool>,
    seen: Cell<u8>,
}

impl Newlines {
    /// Nothing seen, nothing held back.
    pub fn new(translate: bool) -> Newlines {
        Newlines {
            translate: Cell::new(translate),
            ..Newlines::default()
        }
    }

    /// Forgets everything that was seen.
    pub fn reset(&self) {
        self.pending_cr.set(false);
        self.seen.set(0);
    }

    /// Takes the next piece of text: holds a last `\r` back unless the piece is the last, translates if wanted.
    ///
    /// # Errors
    /// MemoryError
    pub fn take(&self, vm: &Vm, input: Ref<Str>, last: bool) -> PyResult<Ref<Str>> {
        if !self.pending_cr.get() {
            let has = |c: u8| match input.data() {
                StrData::One(text) => memchr::memchr(c, text).is_some(),
                StrData::Two(text) => text.contains(&u16::from(c)),
                StrData::Four(text) => text.contains(&u32::from(c)),
            };
            if !has(b'\r') {
                if self.seen.get() & seen::LF == 0 && has(b'\n') {
                    self.seen.set(self.seen.get() | seen::LF);
                }
                return Ok(input);
            }
        }
        let mut points: Vec<u32> = Vec::with_capacity(input.len() + 1);
        if self.pending_cr.get() && (last || !input.is_empty()) {
            points.push(u32::from(b'\r'));
            self.pending_cr.set(false);
        }
        points.extend(input.chars());
        if !last && points.last() == Some(&u32::from(b'\r')) {
            points.pop();
            self.pending_cr.set(true);
        }
        let translate = self.translate.get();
        let (mut out, mut seen) = (Vec::with_capacity(points.len()), self.seen.get());
        let mut at = 0;
        while let Some(&c) = points.get(at) {
            at += 1;
            let (kind, pair) = match c {
                0x0d if points.get(at) == Some(&0x0a) => (seen::CRLF, true),
                0x0d => (seen::CR, false),
                0x0a => (seen::LF, false),
                _ => (0, false),
            };
            seen |= kind;
            if kind == 0 {
                out.push(c);
                continue;
            }
            if pair {
                at += 1;
            }
            match (translate, pair) {
                (true, _) => out.push(0x0a),
                (false, true) => out.extend([0x0d, 0x0a]),
                (false, false) => out.push(c),
            }
        }
        self.seen.set(seen);
        vm.new_str_points(&out)
    }

    /// The attribute `newlines`: None, a string, or a tuple of strings.
    ///
    /// # Errors
    /// MemoryError
    pub fn seen(&self, vm: &Vm) -> PyResult {
        let mut kinds = Vec::new();
        for (bit, text) in [(seen::CR, "\r"), (seen::LF, "\n"), (seen::CRLF, "\r\n")] {
            if self.seen.get() & bit != 0 {
                kinds.push(vm.new_str(text)?.upcast());
            }
        }
        match kinds.len() {
            0 => Ok(vm.none_ref()),
            1 => Ok(kinds.swap_remove(0)),
            _ => Ok(vm.new_tuple(kinds)?.upcast()),
        }
    }
}

/// What ends a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineEnd {
    /// `\n` alone.
    Lf,
    /// `\r` alone.
    Cr,
    /// `\r\n`.
    CrLf,
    /// Any of the three.
    Any,
}

impl LineEnd {
    /// What ends a line under an argument `newline=`.
    pub fn of(newline: Option<&str>) -> LineEnd {
        match newline {
            Some("") => LineEnd::Any,
            Some("\r") => LineEnd::Cr,
            Some("\r\n") => LineEnd::CrLf,
            // Universal newlines have been translated.
            _ => LineEnd::Lf,
        }
    }

    /// Where the first line of a text from `start` on ends (behind its end), if it does.
    pub fn find(self, text: StrData<'_>, start: usize) -> Option<usize> {
        match text {
            StrData::One(bytes) => self.find_narrow(bytes.get(start..)?).map(|i| i + start),
            StrData::Two(points) => self.find_wide(points.get(start..)?).map(|i| i + start),
            StrData::Four(points) => self.find_wide(points.get(start..)?).map(|i| i + start),
        }
    }

    /// As [`LineEnd::find`], for text of one byte a character.
    #[inline]
    pub fn find_narrow(self, bytes: &[u8]) -> Option<usize> {
        match self {
            LineEnd::Lf => memchr::memchr(b'\n', bytes).map(|i| i + 1),
            LineEnd::Cr => memchr::memchr(b'\r', bytes).map(|i| i + 1),
            LineEnd::CrLf => memchr::memmem::find(bytes, b"\r\n").map(|i| i + 2),
            LineEnd::Any => {
                let i = memchr::memchr2(b'\r', b'\n', bytes)?;
                let pair = bytes.get(i..i + 2) == Some(b"\r\n");
                Some(if pair { i + 2 } else { i + 1 })
            }
        }
    }

    /// As [`LineEnd::find`], for wider text.
    pub fn find_wide<T: Copy + Into<u32>>(self, points: &[T]) -> Option<usize> {
        let mut at = 0;
        while let Some(&c) = points.get(at) {
            at += 1;
            let follows = || points.get(at).copied().map(Into::into) == Some(0x0a_u32);
            match (c.into(), self) {
                (0x0a, LineEnd::Lf | LineEnd::Any) | (0x0d, LineEnd::Cr) => return Some(at),
                (0x0d, LineEnd::Any) => return Some(if follows() { at + 1 } else { at }),
                (0x0d, LineEnd::CrLf) if follows() => return Some(at + 1),
                _ => {}
            }
        }
        None
    }
}

/// An `IncrementalNewlineDecoder`.
#[repr(C)]
pub struct NewlineDecoder {
    /// The header.
    pub head: Object,
    decoder: Slot,
    errors: Slot,
    newlines: Newlines,
}
object_layout!(
    NewlineDecoder = kinds::NEWLINE_DECODER,
    traverse | this,
    visit | {
        this.decoder.visit(visit);
        this.errors.visit(visit);
    },
    clear | this | {
        this.decoder.set(None);
        this.errors.set(None);
    }
);

/// The type `io.IncrementalNewlineDecoder`.
pub static SPEC: TypeSpec = TypeSpec {
    name: "IncrementalNewlineDecoder",
    module: "_io",
    doc: "Codec used when reading a file in universal newlines mode.\n\nIt wraps another incremental decoder, translating \\r\\n and \\r into \\n.\nIt also records the types of newlines encountered.  When used with\ntranslate=False, it ensures that the newline sequence is returned in\none piece. When used with decoder=None, it expects unicode strings as\ndecode input and translates newlines without first invoking an external\ndecoder.",
    signature: "(decoder, translate, errors='strict')",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| {
            place_tracked(
                vm,
                NewlineDecoder {
                    head: Object::new(ty.type_head_of()),
                    decoder: Slot::empty(),
                    errors: Slot::empty(),
                    newlines: Newlines::default(),
                },
            )
        }));
        s.init.set(Some(init));
    },
    methods: &[METHODS],
    getset: &[GetSetDef::get(
        "newlines",
        |vm, this| ready(vm, this)?.newlines.seen(vm),
        "",
    )],
    ..TypeSpec::new(NewlineDecoder::layout, true)
};

/// The type `io.IncrementalNewlineDecoder`.
///
/// # Errors
/// MemoryError
pub fn newline_decoder(vm: &Vm) -> PyResult<Ref<Type>> {
    plain_type(vm, &SPEC)
}

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "decode",
        "($self, /, input, final=False)",
        NativeCall::Bound(decode),
        "",
    ),
    super::no_args("getstate", get_state, ""),
    super::one("setstate", "($self, state, /)", set_state, ""),
    super::no_args("reset", reset, ""),
];

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    let this = receiver::<NewlineDecoder>(vm, this)?;
    let bound = Parameters::of("(decoder, translate, errors='strict')").bind(
        vm,
        "IncrementalNewlineDecoder",
        args,
    )?;
    let [Some(decoder), Some(translate), errors] = bound[..] else {
        return Err(vm.system_error("IncrementalNewlineDecoder: bad arguments"));
    };
    this.newlines
        .translate
        .set(protocol::is_true(vm, translate)?);
    this.newlines.reset();
    this.decoder.set(Some(decoder.to_ref()));
    this.errors.set(errors.map(Object::to_ref));
    Ok(())
}

fn ready<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a NewlineDecoder> {
    let this = receiver::<NewlineDecoder>(vm, this)?;
    if this.decoder.is_none() {
        return Err(vm.value_error("IncrementalNewlineDecoder.__init__() not called"));
    }
    Ok(this)
}

/// The string that a decoder has given.
///
/// # Errors
/// TypeError: "decoder should return a string result, not 'x'"
pub fn decoded(vm: &Vm, result: Ref) -> PyResult<Ref<Str>> {
    result.cast::<Str>().map_err(|other| {
        vm.type_error(format!(
            "decoder should return a string result, not '{}'",
            type_name(&other)
        ))
    })
}

fn decode(vm: &Vm, this: &Object, args: &[Option<&Object>]) -> PyResult {
    let this = ready(vm, this)?;
    let [Some(input), last] = args else {
        return Err(uninitialized(vm));
    };
    let last = last.map_or(Ok(false), |last| protocol::is_true(vm, last))?;
    let output = match this.decoder.get().filter(|decoder| !vm.is_none(decoder)) {
        Some(decoder) => {
            protocol::call_method(vm, &decoder, &vm.names.decode, &[input, &vm.bool(last)])?
        }
        None => input.to_ref(),
    };
    Ok(this.newlines.take(vm, decoded(vm, output)?, last)?.upcast())
}

/// What a decoder's `getstate` has given: the bytes that wait, and a number.
///
/// # Errors
/// TypeError: "illegal decoder state"
pub fn decoder_state(vm: &Vm, state: &Object) -> PyResult<(Ref, Ref)> {
    match state.downcast::<Tuple>().map(Tuple::as_slice) {
        Some([bytes, flags]) if flags.downcast::<Int>().is_some() => {
            Ok((bytes.clone(), flags.clone()))
        }
        _ => Err(vm.type_error("illegal decoder state")),
    }
}

fn get_state(vm: &Vm, this: &Object) -> PyResult {
    let this = ready(vm, this)?;
    let (bytes, flags) = match this.decoder.get().filter(|decoder| !vm.is_none(decoder)) {
        Some(decoder) => {
            let state = protocol::call_method(vm, &decoder, &vm.names.getstate, &[])?;
            let (bytes, flags) = decoder_state(vm, &state)?;
            (bytes, protocol::to_i64(vm, &flags)?)
        }
        None => (vm.new_bytes(&[])?.upcast(), 0),
    };
    let flags = flags << 1 | i64::from(this.newlines.pending_cr.get());
    Ok(vm.tuple_of(&[&bytes, &*vm.new_int(flags)?])?.upcast())
}

fn set_state(vm: &Vm, this: &Object, state: &Object) -> PyResult {
    let this = ready(vm, this)?;
    let Some(parts) = state.downcast::<Tuple>() else {
        return Err(vm.type_error("state argument must be a tuple"));
    };
    let [bytes, flags] = parts.as_slice() else {
        return Err(vm.type_error("setstate(): illegal state argument"));
    };
    let flags = protocol::to_i64(vm, flags)?;
    this.newlines.pending_cr.set(flags & 1 != 0);
    match this.decoder.get().filter(|decoder| !vm.is_none(decoder)) {
        Some(decoder) => {
            let state = vm.tuple_of(&[bytes, &*vm.new_int(flags >> 1)?])?;
            protocol::call_method(vm, &decoder, &vm.names.setstate, &[&state.head])
        }
        None => Ok(vm.none_ref()),
    }
}

fn reset(vm: &Vm, this: &Object) -> PyResult {
    let this = ready(vm, this)?;
    this.newlines.reset();
    match this.decoder.get().filter(|decoder| !vm.is_none(decoder)) {
        Some(decoder) => protocol::call_method(vm, &decoder, &vm.names.reset, &[]),
        None => Ok(vm.none_ref()),
    }
}
