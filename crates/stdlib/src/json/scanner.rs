//! `_json.make_scanner`: reads JSON texts.
//!
//! One function stands for all widths of strings; the text is borrowed from the string, which cannot change.

use std::collections::HashMap;

use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Slot, Str, StrData, Type};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, Object, ObjectLayout, PyResult, Raised, Ref, Vm, object_layout, protocol};

use super::text::{Unit, decode_error, scan, simple_end};
use crate::kinds;

/// A `_json.Scanner`.
#[repr(C)]
pub struct Scanner {
    /// The header.
    pub head: Object,
    strict: bool,
    object_hook: Slot,
    object_pairs_hook: Slot,
    parse_float: Slot,
    parse_int: Slot,
    parse_constant: Slot,
}
object_layout!(
    Scanner = kinds::JSON_SCANNER,
    traverse | this,
    visit | {
        this.object_hook.visit(visit);
        this.object_pairs_hook.visit(visit);
        this.parse_float.visit(visit);
        this.parse_int.visit(visit);
        this.parse_constant.visit(visit);
    },
    clear | this | {
        this.object_hook.set(None);
        this.object_pairs_hook.set(None);
        this.parse_float.set(None);
        this.parse_int.set(None);
        this.parse_constant.set(None);
    }
);

macro_rules! member {
    ($name:ident) => {
        GetSetDef::member(
            stringify!($name),
            |vm, this| Ok(or_none(vm, &receiver::<Scanner>(vm, this)?.$name)),
            stringify!($name),
        )
    };
}

fn or_none(vm: &Vm, slot: &Slot) -> Ref {
    slot.get().unwrap_or_else(|| vm.none_ref())
}

static SPEC: TypeSpec = TypeSpec {
    name: "Scanner",
    module: "_json",
    doc: "JSON scanner object",
    slots: |s| {
        s.new.set(Some(new));
        s.call.set(Some(call));
    },
    getset: &[
        GetSetDef::member(
            "strict",
            |vm, this| Ok(vm.bool(receiver::<Scanner>(vm, this)?.strict)),
            "strict",
        ),
        member!(object_hook),
        member!(object_pairs_hook),
        member!(parse_float),
        member!(parse_int),
        member!(parse_constant),
    ],
    ..TypeSpec::new(Scanner::layout, true)
};

/// The type `_json.Scanner`.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = Parameters::of("(context)").bind(vm, "make_scanner", args)?;
    let Some(&Some(context)) = bound.first() else {
        return Err(vm.type_error("make_scanner() needs a context"));
    };
    let attribute = |name: &str| protocol::get_attr_str(vm, context, name);
    let strict = protocol::is_true(vm, &*attribute("strict")?)?;
    let made = vm.place(Scanner {
        head: Object::new(ty.type_head_of()),
        strict,
        object_hook: Slot::full(attribute("object_hook")?),
        object_pairs_hook: Slot::full(attribute("object_pairs_hook")?),
        parse_float: Slot::full(attribute("parse_float")?),
        parse_int: Slot::full(attribute("parse_int")?),
        parse_constant: Slot::full(attribute("parse_constant")?),
    })?;
    vm.heap.track(made.as_object());
    Ok(made.upcast())
}

fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let bound = Parameters::of("(string, idx)").bind(vm, "scan_once", args)?;
    let &[Some(source), Some(start)] = &bound[..] else {
        return Err(vm.type_error("scan_once() needs a string and an index"));
    };
    let start = protocol::to_i64(vm, start)?;
    let Some(text) = source.downcast::<Str>() else {
        return Err(vm.type_error(format!(
            "first argument must be a string, not {}",
            protocol::type_name(source)
        )));
    };
    let Ok(start) = usize::try_from(start) else {
        return Err(vm.value_error("idx cannot be negative"));
    };
    let this = receiver::<Scanner>(vm, this)?;
    let (value, end) = match text.data() {
        StrData::One(text) => Scan::new(vm, source, this, text).value(start),
        StrData::Two(text) => Scan::new(vm, source, this, text).value(start),
        StrData::Four(text) => Scan::new(vm, source, this, text).value(start),
    }?;
    Ok(vm.new_tuple(vec![value, vm.new_usize(end)?])?.upcast())
}

/// The reading of one text.
struct Scan<'a, T> {
    vm: &'a Vm,
    source: &'a Object,
    text: &'a [T],
    strict: bool,
    object_hook: Option<Ref>,
    pairs_hook: Option<Ref>,
    /// Nothing where it is `float` itself.
    parse_float: Option<Ref>,
    /// Nothing where it is `int` itself.
    parse_int: Option<Ref>,
    parse_constant: Ref,
    /// The keys of this text: equal ones are the same object.
    keys: HashMap<&'a [T], Ref<Str>, foldhash::fast::RandomState>,
}

impl<'a, T: Unit> Scan<'a, T> {
    fn new(vm: &'a Vm, source: &'a Object, scanner: &Scanner, text: &'a [T]) -> Scan<'a, T> {
        let hook = |slot: &Slot| slot.get().filter(|hook| !vm.is_none(hook));
        let other = |slot: &Slot, own: &Ref<Type>| slot.get().filter(|f| !f.is(own));
        Scan {
            vm,
            source,
            text,
            strict: scanner.strict,
            object_hook: hook(&scanner.object_hook),
            pairs_hook: hook(&scanner.object_pairs_hook),
            parse_float: other(&scanner.parse_float, &vm.types.float),
            parse_int: other(&scanner.parse_int, &vm.types.int),
            parse_constant: or_none(vm, &scanner.parse_constant),
            keys: HashMap::default(),
        }
    }

    #[inline]
    fn at(&self, i: usize) -> u8 {
        // Characters beyond Latin-1 mean nothing outside strings; 0xff stands for them and for the end.
        match self.text.get(i) {
            Some(c) => {
                let c: u32 = (*c).into();
                c.min(0xff) as u8
            }
            None => 0xff,
        }
    }

    #[inline]
    fn skip_space(&self, mut i: usize) -> usize {
        while let b' ' | b'\t' | b'\n' | b'\r' = self.at(i) {
            i += 1;
        }
        i
    }

    #[cold]
    fn stop(&self, at: usize) -> Raised {
        match self.vm.new_usize(at) {
            Ok(at) => self.vm.stop_iteration(Some(&at)),
            Err(raised) => raised,
        }
    }

    #[cold]
    fn error(&self, message: &str, at: usize) -> Raised {
        decode_error(self.vm, message, self.source, at)
    }

    fn word(&self, start: usize, word: &str) -> bool {
        let units = self.text.get(start..start + word.len());
        units.is_some_and(|units| {
            units
                .iter()
                .zip(word.bytes())
                .all(|(c, w)| (*c).into() == u32::from(w))
        })
    }

    /// The value that begins at a place, and where the text goes on.
    fn value(&mut self, i: usize) -> PyResult<(Ref, usize)> {
        let vm = self.vm;
        match self.at(i) {
            b'"' => {
                let (string, end) = scan(vm, self.source, self.text, i + 1, self.strict)?;
                Ok((string.upcast(), end))
            }
            b'{' => {
                let _depth =
                    vm.enter_native(" while decoding a JSON object from a unicode string")?;
                self.object(i + 1)
            }
            b'[' => {
                let _depth =
                    vm.enter_native(" while decoding a JSON array from a unicode string")?;
                self.array(i + 1)
            }
            b'n' if self.word(i, "null") => Ok((vm.none_ref(), i + 4)),
            b't' if self.word(i, "true") => Ok((vm.bool(true), i + 4)),
            b'f' if self.word(i, "false") => Ok((vm.bool(false), i + 5)),
            b'N' if self.word(i, "NaN") => self.constant("NaN", i + 3),
            b'I' if self.word(i, "Infinity") => self.constant("Infinity", i + 8),
            b'-' if self.word(i, "-Infinity") => self.constant("-Infinity", i + 9),
            _ => self.number(i),
        }
    }

    fn constant(&self, name: &str, end: usize) -> PyResult<(Ref, usize)> {
        let vm = self.vm;
        let name = vm.intern(name)?;
        let value = protocol::call_one(vm, &self.parse_constant, &name)?;
        Ok((value, end))
    }

    fn number(&self, start: usize) -> PyResult<(Ref, usize)> {
        let vm = self.vm;
        let mut i = start;
        let negative = self.at(i) == b'-';
        i += usize::from(negative);
        let (mut small, first) = (0i64, i);
        match self.at(i) {
            b'0' => i += 1,
            b'1'..=b'9' => {
                while let digit @ b'0'..=b'9' = self.at(i) {
                    small = small.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
                    i += 1;
                }
            }
            _ => return Err(self.stop(start)),
        }
        let digits = i - first;
        let mut float = false;
        if self.at(i) == b'.' && self.at(i + 1).is_ascii_digit() {
            float = true;
            i += 2;
            while self.at(i).is_ascii_digit() {
                i += 1;
            }
        }
        if let b'e' | b'E' = self.at(i) {
            let mut end = i + 1;
            end += usize::from(matches!(self.at(end), b'+' | b'-'));
            if self.at(end).is_ascii_digit() {
                float = true;
                while self.at(end).is_ascii_digit() {
                    end += 1;
                }
                i = end;
            }
        }
        if !float && digits <= 18 && self.parse_int.is_none() {
            return Ok((vm.new_int(if negative { -small } else { small })?, i));
        }
        let text: String = (start..i).map(|i| char::from(self.at(i))).collect();
        let parse = match (float, &self.parse_float, &self.parse_int) {
            (true, None, _) => {
                if let Ok(value) = text.parse::<f64>() {
                    return Ok((vm.new_float(value)?, i));
                }
                vm.types.float.clone().upcast()
            }
            (true, Some(parse), _) | (false, _, Some(parse)) => parse.clone(),
            (false, _, None) => vm.types.int.clone().upcast(),
        };
        let text = vm.new_str(&text)?;
        Ok((protocol::call_one(vm, &parse, &text)?, i))
    }

    /// The items of an array, whose bracket was read.
    fn array(&mut self, start: usize) -> PyResult<(Ref, usize)> {
        let vm = self.vm;
        let mut items = Vec::new();
        let mut i = self.skip_space(start);
        if self.at(i) == b']' {
            return Ok((vm.new_list(items)?.upcast(), i + 1));
        }
        loop {
            let (item, end) = self.value(i)?;
            items.push(item);
            i = self.skip_space(end);
            match self.at(i) {
                b']' => return Ok((vm.new_list(items)?.upcast(), i + 1)),
                b',' => {}
                _ => return Err(self.error("Expecting ',' delimiter", i)),
            }
            let comma = i;
            i = self.skip_space(i + 1);
            if self.at(i) == b']' {
                return Err(self.error("Illegal trailing comma before end of array", comma));
            }
        }
    }

    /// The key whose quote was read.
    fn key(&mut self, start: usize) -> PyResult<(Ref<Str>, usize)> {
        let Some(end) = simple_end(self.text, start) else {
            return scan(self.vm, self.source, self.text, start, self.strict);
        };
        let units = self.text.get(start..end).unwrap_or_default();
        if let Some(known) = self.keys.get(units) {
            return Ok((known.clone(), end + 1));
        }
        let key = T::string(self.vm, units)?;
        self.keys.insert(units, key.clone());
        Ok((key, end + 1))
    }

    /// The members of an object, whose brace was read.
    fn object(&mut self, start: usize) -> PyResult<(Ref, usize)> {
        let vm = self.vm;
        let dict = vm.new_dict()?;
        let mut pairs = Vec::new();
        let mut i = self.skip_space(start);
        if self.at(i) != b'}' {
            loop {
                if self.at(i) != b'"' {
                    return Err(self.error("Expecting property name enclosed in double quotes", i));
                }
                let (key, end) = self.key(i + 1)?;
                i = self.skip_space(end);
                if self.at(i) != b':' {
                    return Err(self.error("Expecting ':' delimiter", i));
                }
                i = self.skip_space(i + 1);
                let (value, end) = self.value(i)?;
                if self.pairs_hook.is_some() {
                    let pair = vm.new_tuple(vec![key.upcast(), value])?;
                    pairs.push(pair.upcast());
                } else {
                    dict.set_str(vm, &key, &value)?;
                }
                i = self.skip_space(end);
                match self.at(i) {
                    b'}' => break,
                    b',' => {}
                    _ => return Err(self.error("Expecting ',' delimiter", i)),
                }
                let comma = i;
                i = self.skip_space(i + 1);
                if self.at(i) == b'}' {
                    return Err(self.error("Illegal trailing comma before end of object", comma));
                }
            }
        }
        let value = match (&self.pairs_hook, &self.object_hook) {
            (Some(hook), _) => {
                let pairs = vm.new_list(pairs)?;
                protocol::call_one(vm, hook, pairs.as_object())?
            }
            (None, Some(hook)) => protocol::call_one(vm, hook, dict.as_object())?,
            (None, None) => dict.upcast(),
        };
        Ok((value, i + 1))
    }
}
