//! Reading: the loop over the opcodes, and the opcodes of values and of the stack.
//!
//! **Invariant.** `fence` is the place of the last mark, or 0: nothing below it is taken from the stack.

use std::cell::Cell;

use viv_runtime::object::{ByteArray, Bytes, Dict, Inner, List, Set, Str, Tuple};
use viv_runtime::protocol;
use viv_runtime::types::codec;
use viv_runtime::{Object, PyResult, Raised, Ref, Vm};

use super::build::LoadMemo;
use super::cannot_unpickle;
use super::input::Source;
use super::opcodes::*;

/// What an unpickler has been told about pickles of Python 2.
pub struct Old<'a> {
    /// Whether names are those of Python 2.
    pub fix_imports: bool,
    /// How strings are encoded; `bytes` leaves them as they are.
    pub encoding: &'a str,
    /// What is done where they are not.
    pub errors: &'a str,
}

/// The reading of one pickle.
pub struct Loader<'a, S> {
    /// The interpreter.
    pub vm: &'a Vm,
    /// The bytes.
    pub source: S,
    /// The objects that opcodes can get again.
    pub memo: &'a Inner<LoadMemo>,
    /// What is known about pickles of Python 2.
    pub old: Old<'a>,
    /// The unpickler, where it may have methods of its own.
    pub unpickler: Option<&'a Object>,
    /// What finds the objects behind persistent ids.
    pub persistent_load: Option<Ref>,
    /// The buffers that are not in the pickle, an iterator.
    pub buffers: Option<Ref>,
    /// The values.
    pub stack: Vec<Ref>,
    /// The places of the marks.
    pub marks: Vec<usize>,
    /// The place of the last mark.
    pub fence: usize,
    /// The protocol that the pickle announces.
    pub protocol: u8,
    /// Where the unpickler keeps it.
    pub announced: Option<&'a Cell<u8>>,
}

/// `int(text)`, the text given as bytes.
fn int_of(vm: &Vm, text: &[u8]) -> PyResult {
    if let Some(small) = small_int(text.strip_suffix(b"\n").unwrap_or(text)) {
        return vm.new_int(small);
    }
    // As in C a zero byte ends the text, and what is shown of a bad one is UTF-8.
    let end = text.iter().position(|byte| *byte == 0);
    let text = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let text = codec::utf8::decode(vm, text, "strict", true)?.0;
    protocol::call_one(vm, vm.types.int.as_object(), &text)
}

fn small_int(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(digit - b'0');
    }
    Some(if negative { -value } else { value })
}

impl<'a, S: Source> Loader<'a, S> {
    /// The reading of a source.
    pub fn new(vm: &'a Vm, source: S, memo: &'a Inner<LoadMemo>, old: Old<'a>) -> Loader<'a, S> {
        Loader {
            vm,
            source,
            memo,
            old,
            unpickler: None,
            persistent_load: None,
            buffers: None,
            stack: Vec::with_capacity(32),
            marks: Vec::new(),
            fence: 0,
            protocol: 0,
            announced: None,
        }
    }

    /// Reads one pickle.
    pub fn load(&mut self) -> PyResult {
        let vm = self.vm;
        loop {
            let Some(opcode) = self.source.opcode(vm)? else {
                return Err(vm.eof_error("Ran out of input"));
            };
            if opcode == STOP {
                return self.pop();
            }
            self.step(opcode)?;
        }
    }

    #[inline]
    fn step(&mut self, opcode: u8) -> PyResult<()> {
        let vm = self.vm;
        match opcode {
            NONE => self.push(vm.none_ref()),
            BININT1 => {
                let [value] = self.array()?;
                self.push(vm.new_int(i64::from(value))?);
            }
            BININT2 => {
                let value = u16::from_le_bytes(self.array()?);
                self.push(vm.new_int(i64::from(value))?);
            }
            BININT => {
                let value = i32::from_le_bytes(self.array()?);
                self.push(vm.new_int(i64::from(value))?);
            }
            BINFLOAT => {
                let value = f64::from_be_bytes(self.array()?);
                self.push(vm.new_float(value)?);
            }
            NEWTRUE => self.push(vm.bool(true)),
            NEWFALSE => self.push(vm.bool(false)),
            SHORT_BINUNICODE => {
                let [len] = self.array()?;
                self.text(usize::from(len))?;
            }
            BINUNICODE => {
                let len = u32::from_le_bytes(self.array()?);
                self.text(len as usize)?;
            }
            BINUNICODE8 => {
                let len = self.length("BINUNICODE")?;
                self.text(len)?;
            }
            MEMOIZE => {
                let number = self.memo.read(LoadMemo::len);
                self.put(number)?;
            }
            BINPUT => {
                let [number] = self.array()?;
                self.put(usize::from(number))?;
            }
            LONG_BINPUT => {
                let number = u32::from_le_bytes(self.array()?);
                self.put(number as usize)?;
            }
            BINGET => {
                let [number] = self.array()?;
                self.get(i64::from(number))?;
            }
            LONG_BINGET => {
                let number = u32::from_le_bytes(self.array()?);
                self.get(i64::from(number))?;
            }
            MARK => {
                self.fence = self.stack.len();
                self.marks.push(self.fence);
            }
            EMPTY_LIST => self.push(vm.new_list(Vec::new())?.upcast()),
            EMPTY_DICT => self.push(vm.new_dict()?.upcast()),
            EMPTY_TUPLE => self.push(vm.empty_tuple.clone().upcast()),
            EMPTY_SET => self.push(Set::place(vm, &vm.types.set)?.upcast()),
            APPEND => self.append()?,
            APPENDS => self.appends()?,
            SETITEM => self.set_item()?,
            SETITEMS => self.set_items()?,
            ADDITEMS => self.add_items()?,
            TUPLE1 => self.short_tuple(1)?,
            TUPLE2 => self.pair()?,
            TUPLE3 => self.short_tuple(3)?,
            TUPLE => {
                let mark = self.pop_mark()?;
                let tuple = if mark == self.stack.len() {
                    vm.empty_tuple.clone()
                } else {
                    Tuple::place(vm, &vm.types.tuple, self.stack.drain(mark..))?
                };
                self.stack.push(tuple.upcast());
            }
            FRAME => {
                let len = self.length("FRAME length")?;
                self.source.frame(vm, len)?;
            }
            PROTO => {
                let [protocol] = self.array()?;
                if protocol > HIGHEST_PROTOCOL {
                    return Err(vm.value_error(format!("unsupported pickle protocol: {protocol}")));
                }
                self.protocol = protocol;
                if let Some(announced) = self.announced {
                    announced.set(protocol);
                }
            }
            _ => return self.rare_step(opcode),
        }
        Ok(())
    }

    #[inline(never)]
    fn rare_step(&mut self, opcode: u8) -> PyResult<()> {
        let vm = self.vm;
        match opcode {
            GLOBAL => self.global(),
            STACK_GLOBAL => self.stack_global(),
            REDUCE => self.reduce(),
            NEWOBJ => self.new_object(false),
            NEWOBJ_EX => self.new_object(true),
            BUILD => self.build(),
            INST => self.instance(),
            OBJ => self.object(),
            EXT1 => {
                let [code] = self.array()?;
                self.extension(i64::from(code))
            }
            EXT2 => {
                let code = u16::from_le_bytes(self.array()?);
                self.extension(i64::from(code))
            }
            EXT4 => {
                let code = i32::from_le_bytes(self.array()?);
                self.extension(i64::from(code))
            }
            FROZENSET => {
                let mark = self.pop_mark()?;
                let items = self.stack.drain(mark..).collect();
                let set = viv_runtime::types::frozenset::from_items(vm, items)?;
                self.push(set);
                Ok(())
            }
            LIST => {
                let mark = self.pop_mark()?;
                let items = self.stack.drain(mark..).collect();
                self.push(vm.new_list(items)?.upcast());
                Ok(())
            }
            DICT => self.dict(),
            POP => self.pop_any(),
            POP_MARK => {
                let mark = self.pop_mark()?;
                self.cut(mark);
                Ok(())
            }
            DUP => {
                let top = self.top()?.to_ref();
                self.push(top);
                Ok(())
            }
            NEXT_BUFFER => self.next_buffer(),
            READONLY_BUFFER => self.readonly_buffer(),
            PERSID => {
                let line = self.line(1)?;
                if !line.is_ascii() {
                    return Err(cannot_unpickle(
                        vm,
                        "persistent IDs in protocol 0 must be ASCII strings",
                    ));
                }
                let id = codec::single::decode_latin1(vm, &line)?;
                self.persistent(&id)
            }
            BINPERSID => {
                let id = self.pop()?;
                self.persistent(&id)
            }
            _ => self.value_step(opcode),
        }
    }

    /// The opcodes of values that are seldom met.
    fn value_step(&mut self, opcode: u8) -> PyResult<()> {
        let vm = self.vm;
        let value = match opcode {
            SHORT_BINBYTES => {
                let [len] = self.array()?;
                self.bytes(usize::from(len))?
            }
            BINBYTES => {
                let len = u32::from_le_bytes(self.array()?);
                self.bytes(len as usize)?
            }
            BINBYTES8 => {
                let len = self.length("BINBYTES")?;
                self.bytes(len)?
            }
            BYTEARRAY8 => {
                let len = self.length("BYTEARRAY8")?;
                let bytes = self.source.take(vm, len)?;
                ByteArray::place(vm, &vm.types.bytearray, bytes)?.upcast()
            }
            LONG1 => {
                let [len] = self.array()?;
                self.long(usize::from(len))?
            }
            LONG4 => {
                let len = i32::from_le_bytes(self.array()?);
                let Ok(len) = usize::try_from(len) else {
                    return Err(cannot_unpickle(vm, "LONG pickle has negative byte count"));
                };
                self.long(len)?
            }
            SHORT_BINSTRING => {
                let [len] = self.array()?;
                let bytes = self.source.take(vm, usize::from(len))?.to_vec();
                self.old_string(&bytes)?
            }
            BINSTRING => {
                let len = i32::from_le_bytes(self.array()?);
                let Ok(len) = usize::try_from(len) else {
                    return Err(cannot_unpickle(
                        vm,
                        "BINSTRING pickle has negative byte count",
                    ));
                };
                let bytes = self.source.take(vm, len)?.to_vec();
                self.old_string(&bytes)?
            }
            STRING => self.quoted()?,
            UNICODE => {
                let line = self.line(1)?;
                let text = codec::escape::decode_raw(vm, &line, "strict", true)?.0;
                text.upcast()
            }
            INT => self.int_line()?,
            LONG => {
                let line = self.line(2)?;
                match line.strip_suffix(b"L") {
                    Some(digits) => int_of(vm, digits)?,
                    None => int_of(vm, &[&line[..], b"\n"].concat())?,
                }
            }
            FLOAT => self.float_line()?,
            GET => {
                let number = self.number_line()?;
                return self.get(number);
            }
            PUT => {
                let number = self.number_line()?;
                self.top()?;
                let Ok(number) = usize::try_from(number) else {
                    return Err(vm.value_error("negative PUT argument"));
                };
                return self.put(number);
            }
            _ => return Err(self.unknown(opcode)),
        };
        self.push(value);
        Ok(())
    }

    #[cold]
    fn unknown(&self, opcode: u8) -> Raised {
        let shown = match opcode {
            b'\'' | b'\\' => format!("\\x{opcode:02x}"),
            0x20..=0x7e => char::from(opcode).to_string(),
            _ => format!("\\x{opcode:02x}"),
        };
        cannot_unpickle(self.vm, format!("invalid load key, '{shown}'."))
    }

    /// The next bytes as an array.
    #[inline]
    fn array<const N: usize>(&mut self) -> PyResult<[u8; N]> {
        let bytes = self.source.take(self.vm, N)?;
        Ok(bytes.first_chunk().copied().unwrap_or([0; N]))
    }

    /// A length of eight bytes.
    fn length(&mut self, what: &str) -> PyResult<usize> {
        let len = i64::from_le_bytes(self.array()?);
        usize::try_from(len).map_err(|_| {
            self.vm.overflow_error(if what == "FRAME length" {
                format!("{what} exceeds system's maximum of {} bytes", isize::MAX)
            } else {
                format!(
                    "{what} exceeds system's maximum size of {} bytes",
                    isize::MAX
                )
            })
        })
    }

    /// The next line without its end, if with it it is at least so long.
    pub fn line(&mut self, least: usize) -> PyResult<Vec<u8>> {
        let line = self.source.line(self.vm)?;
        if line.len() < least {
            return Err(cannot_unpickle(self.vm, "pickle data was truncated"));
        }
        Ok(line.strip_suffix(b"\n").unwrap_or(line).to_vec())
    }

    /// The number in the next line.
    fn number_line(&mut self) -> PyResult<i64> {
        let line = self.line(2)?;
        if let Some(small) = small_int(&line) {
            return Ok(small);
        }
        let number = int_of(self.vm, &[&line[..], b"\n"].concat())?;
        protocol::to_index(self.vm, &number)
    }

    #[inline]
    fn text(&mut self, len: usize) -> PyResult<()> {
        let vm = self.vm;
        let bytes = self.source.take(vm, len)?;
        // The empty string and those of one character exist already.
        let fresh = if len > 1 {
            Str::place_ascii(vm, bytes)
        } else {
            None
        };
        let text = match fresh {
            Some(text) => text?,
            None => codec::utf8::decode(vm, bytes, "surrogatepass", true)?.0,
        };
        self.push(text.upcast());
        Ok(())
    }

    fn bytes(&mut self, len: usize) -> PyResult {
        let vm = self.vm;
        if len > isize::MAX as usize - size_of::<Bytes>() {
            return Err(vm.overflow_error("byte string is too large"));
        }
        Ok(vm.new_bytes(self.source.take(vm, len)?)?.upcast())
    }

    /// An int in two's complement, the least byte first.
    fn long(&mut self, len: usize) -> PyResult {
        let vm = self.vm;
        let bytes = self.source.take(vm, len)?;
        let negative = bytes.last().is_some_and(|last| *last >= 0x80);
        let fill = if negative { 0xff } else { 0 };
        if len <= 8 {
            let mut small = [fill; 8];
            small[..len].copy_from_slice(bytes);
            return vm.new_int(i64::from_le_bytes(small));
        }
        let mut limbs: Vec<u64> = bytes
            .chunks(8)
            .map(|chunk| {
                let mut limb = [fill; 8];
                limb[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(limb)
            })
            .collect();
        if negative {
            let mut carry = true;
            for limb in &mut limbs {
                (*limb, carry) = (!*limb).overflowing_add(u64::from(carry));
            }
        }
        viv_runtime::object::Int::from_limbs(vm, negative, &limbs)
    }

    /// A string of Python 2.
    fn old_string(&self, bytes: &[u8]) -> PyResult {
        let vm = self.vm;
        if self.old.encoding == "bytes" {
            return Ok(vm.new_bytes(bytes)?.upcast());
        }
        let object = vm.new_bytes(bytes)?;
        let (encoding, errors) = (Some(self.old.encoding), Some(self.old.errors));
        Ok(codec::decode(vm, &object, bytes, encoding, errors)?.upcast())
    }

    /// A string between quotes.
    fn quoted(&mut self) -> PyResult {
        let vm = self.vm;
        let line = self.line(1)?;
        let (Some(first), Some(last)) = (line.first(), line.last()) else {
            return Err(unquoted(vm));
        };
        if line.len() < 2 || first != last || !matches!(first, b'"' | b'\'') {
            return Err(unquoted(vm));
        }
        let inner = vm.new_bytes(&line[1..line.len() - 1])?;
        let decode = super::module_attr(vm, "_codecs", "escape_decode")?;
        let pair = protocol::call_one(vm, &decode, &inner)?;
        let bytes = pair.downcast::<Tuple>().and_then(|pair| pair.get(0));
        match bytes.and_then(|bytes| bytes.downcast::<Bytes>()) {
            Some(bytes) => self.old_string(bytes.as_slice()),
            None => Err(unquoted(vm)),
        }
    }

    fn int_line(&mut self) -> PyResult {
        let vm = self.vm;
        let line = self.line(2)?;
        match &line[..] {
            b"00" => return Ok(vm.bool(false)),
            b"01" => return Ok(vm.bool(true)),
            _ => {}
        }
        if let Some(small) = small_int(&line) {
            return vm.new_int(small);
        }
        let made = int_of(vm, &line);
        made.map_err(|raised| {
            if !vm.raised_is(&raised, &vm.exceptions.ValueError) {
                return raised;
            }
            drop(vm.take_raised(raised));
            vm.value_error("could not convert string to int")
        })
    }

    fn float_line(&mut self) -> PyResult {
        let vm = self.vm;
        let line = self.line(2)?;
        let text = String::from_utf8_lossy(&line);
        let plain = !text.contains(|c: char| c.is_whitespace() || c == '_');
        match text.parse::<f64>() {
            Ok(value) if plain => vm.new_float(value),
            _ => Err(vm.value_error(format!("could not convert string to float: '{text}\n'"))),
        }
    }

    /// Pushes a value.
    #[inline]
    pub fn push(&mut self, value: Ref) {
        self.stack.push(value);
    }

    /// Takes the value on top of the stack.
    #[inline]
    pub fn pop(&mut self) -> PyResult {
        if self.stack.len() > self.fence
            && let Some(value) = self.stack.pop()
        {
            return Ok(value);
        }
        Err(self.underflow())
    }

    /// The value on top of the stack.
    #[inline]
    pub fn top(&self) -> PyResult<&Object> {
        match self.stack.last() {
            Some(top) if self.stack.len() > self.fence => Ok(top),
            _ => Err(self.underflow()),
        }
    }

    /// UnpicklingError for a stack that is too short.
    #[cold]
    pub fn underflow(&self) -> Raised {
        cannot_unpickle(
            self.vm,
            if self.marks.is_empty() {
                "unpickling stack underflow"
            } else {
                "unexpected MARK found"
            },
        )
    }

    /// Takes the last mark away and gives its place.
    #[inline]
    pub fn pop_mark(&mut self) -> PyResult<usize> {
        let Some(mark) = self.marks.pop() else {
            return Err(cannot_unpickle(self.vm, "could not find MARK"));
        };
        self.fence = self.marks.last().copied().unwrap_or(0);
        Ok(mark.min(self.stack.len()))
    }

    /// Takes all values from a place on away.
    pub fn cut(&mut self, place: usize) {
        // Releasing them may run code that does not come back here.
        drop(self.stack.split_off(place));
    }

    fn pop_any(&mut self) -> PyResult<()> {
        if self.marks.last() == Some(&self.stack.len()) {
            self.pop_mark()?;
            return Ok(());
        }
        drop(self.pop()?);
        Ok(())
    }

    #[inline]
    fn put(&mut self, number: usize) -> PyResult<()> {
        let top = self.top()?.to_ref();
        drop(self.memo.write(|memo| memo.put(number, top)));
        Ok(())
    }

    #[inline]
    fn get(&mut self, number: i64) -> PyResult<()> {
        let known = usize::try_from(number).ok();
        match known.and_then(|number| self.memo.read(|memo| memo.get(number))) {
            Some(value) => {
                self.push(value);
                Ok(())
            }
            None => Err(cannot_unpickle(
                self.vm,
                format!("Memo value not found at index {number}"),
            )),
        }
    }

    fn short_tuple(&mut self, len: usize) -> PyResult<()> {
        let vm = self.vm;
        let Some(start) = (self.stack.len().checked_sub(len)).filter(|at| *at >= self.fence) else {
            return Err(self.underflow());
        };
        let tuple = Tuple::place(vm, &vm.types.tuple, self.stack.drain(start..))?;
        self.push(tuple.upcast());
        Ok(())
    }

    fn pair(&mut self) -> PyResult<()> {
        if self.stack.len() < self.fence + 2 {
            return Err(self.underflow());
        }
        let second = self.pop()?;
        let first = self.pop()?;
        self.push(Tuple::pair(self.vm, first, second)?.upcast());
        Ok(())
    }

    fn dict(&mut self) -> PyResult<()> {
        let vm = self.vm;
        let mark = self.pop_mark()?;
        if !(self.stack.len() - mark).is_multiple_of(2) {
            return Err(cannot_unpickle(vm, "odd number of items for DICT"));
        }
        let dict = vm.new_dict()?;
        self.fill_dict(&dict, mark)?;
        self.push(dict.upcast());
        Ok(())
    }

    /// Enters the pairs from a place of the stack on into a dict and takes them from the stack.
    pub fn fill_dict(&mut self, dict: &Dict, start: usize) -> PyResult<()> {
        let vm = self.vm;
        let count = self.stack.len().saturating_sub(start) / 2;
        if count > 1 && dict.is_empty() {
            dict.reserve(count);
        }
        let mut pairs = self.stack.drain(start..);
        while let (Some(key), Some(value)) = (pairs.next(), pairs.next()) {
            match key.downcast_exact::<Str>() {
                Some(name) => dict.set_hashed(vm, name, name.hash_value(vm), value)?,
                None => dict.set(vm, &key, &value)?,
            }
        }
        Ok(())
    }

    /// Appends the values from a place of the stack on to a list and takes them from the stack.
    pub fn fill_list(&mut self, list: &List, start: usize) -> PyResult<()> {
        list.append_from(self.vm, &mut self.stack, start)
    }
}

#[cold]
fn unquoted(vm: &Vm) -> Raised {
    cannot_unpickle(vm, "the STRING opcode argument must be quoted")
}
