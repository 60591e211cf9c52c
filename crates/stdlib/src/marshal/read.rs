//! Reading values.

use viv_runtime::eval::code::read_image;
use viv_runtime::modules::import::cache::MARSHAL_CODE;
use viv_runtime::object::{Int, Set, Slice, Str};
use viv_runtime::types::sequence::place_tracked;
use viv_runtime::{Object, PyResult, Raised, Ref, Vm, protocol};

use super::DEPTH;

/// Where the bytes come from.
pub trait Source {
    /// The next bytes; nothing where there are fewer.
    fn take(&mut self, count: usize) -> PyResult<Option<Vec<u8>>>;
}

/// Bytes in memory.
pub struct Memory<'a>(&'a [u8]);

impl<'a> Memory<'a> {
    /// The source of these bytes.
    pub fn new(bytes: &'a [u8]) -> Memory<'a> {
        Memory(bytes)
    }
}

impl Source for Memory<'_> {
    fn take(&mut self, count: usize) -> PyResult<Option<Vec<u8>>> {
        let Some((taken, rest)) = self.0.split_at_checked(count) else {
            return Ok(None);
        };
        self.0 = rest;
        Ok(Some(taken.to_vec()))
    }
}

/// Reads one value.
///
/// # Errors
/// EOFError, ValueError and TypeError for what is no value.
pub fn loads(vm: &Vm, source: &mut dyn Source, allow_code: bool) -> PyResult {
    let mut reader = Reader {
        vm,
        allow_code,
        source,
        refs: Vec::new(),
    };
    reader.required(1, "object")
}

struct Reader<'a> {
    vm: &'a Vm,
    allow_code: bool,
    source: &'a mut dyn Source,
    /// The objects that may come again; nothing while one is being read.
    refs: Vec<Option<Ref>>,
}

impl Reader<'_> {
    fn take(&mut self, count: usize) -> PyResult<Vec<u8>> {
        let taken = self.source.take(count)?;
        taken.ok_or_else(|| self.vm.eof_error("marshal data too short"))
    }

    fn byte(&mut self) -> PyResult<u8> {
        match self.source.take(1)?.as_deref() {
            Some(&[byte]) => Ok(byte),
            _ => Err(self.vm.eof_error("EOF read where not expected")),
        }
    }

    fn long(&mut self) -> PyResult<i32> {
        let bytes = self.take(4)?;
        Ok(bytes
            .first_chunk::<4>()
            .map_or(0, |four| i32::from_le_bytes(*four)))
    }

    #[cold]
    fn bad(&self, what: &str) -> Raised {
        self.vm.value_error(format!("bad marshal data ({what})"))
    }

    fn size(&mut self, what: &str) -> PyResult<usize> {
        let size = self.long()?;
        usize::try_from(size).map_err(|_| self.bad(&format!("{what} size out of range")))
    }

    fn double(&mut self) -> PyResult<f64> {
        let bytes = self.take(8)?;
        Ok(bytes
            .first_chunk::<8>()
            .map_or(0.0, |eight| f64::from_le_bytes(*eight)))
    }

    fn text_double(&mut self) -> PyResult<f64> {
        let len = usize::from(self.byte()?);
        let bytes = self.take(len)?;
        let text: String = bytes.into_iter().map(char::from).collect();
        let vm = self.vm;
        let float = protocol::call_one(vm, &vm.types.float, vm.new_str(&text)?.as_object())?;
        protocol::to_f64(vm, &float)
    }

    /// A value that must be there.
    fn required(&mut self, depth: usize, what: &str) -> PyResult {
        match self.value(depth)? {
            Some(value) => Ok(value),
            None => Err(self
                .vm
                .type_error(format!("NULL object in marshal data for {what}"))),
        }
    }

    /// A value, or the mark of an end.
    fn value(&mut self, depth: usize) -> PyResult<Option<Ref>> {
        let vm = self.vm;
        if depth > DEPTH {
            return Err(vm.value_error("recursion limit exceeded"));
        }
        let _depth = vm.enter_native("")?;
        let code = match self.source.take(1)?.as_deref() {
            Some(&[code]) => code,
            _ => return Err(vm.eof_error("EOF read where object expected")),
        };
        let place = if code & 0x80 != 0 {
            self.refs.push(None);
            Some(self.refs.len() - 1)
        } else {
            None
        };
        let value = match code & 0x7f {
            b'0' => return Ok(None),
            b'N' => vm.none_ref(),
            b'T' => vm.bool(true),
            b'F' => vm.bool(false),
            b'.' => vm.ellipsis.clone().upcast(),
            b'S' => vm.exceptions.StopIteration.clone().upcast(),
            b'r' => {
                let wanted = usize::try_from(self.long()?).ok();
                let found = wanted.and_then(|i| self.refs.get(i).cloned().flatten());
                return found.map(Some).ok_or_else(|| self.bad("invalid reference"));
            }
            b'[' => return self.list(depth, place).map(Some),
            b'{' => return self.dict(depth, place).map(Some),
            b'<' => return self.set(depth, place).map(Some),
            code => self.immutable(code, depth)?,
        };
        self.keep(place, &value);
        Ok(Some(value))
    }

    fn keep(&mut self, place: Option<usize>, value: &Object) {
        if let Some(slot) = place.and_then(|place| self.refs.get_mut(place)) {
            *slot = Some(value.to_ref());
        }
    }

    fn immutable(&mut self, code: u8, depth: usize) -> PyResult {
        let vm = self.vm;
        match code {
            b'i' => {
                let value = self.long()?;
                vm.new_int(i64::from(value))
            }
            // Written by old versions.
            b'I' => {
                let bytes = self.take(8)?;
                let value = bytes.first_chunk().map_or(0, |b| i64::from_le_bytes(*b));
                vm.new_int(value)
            }
            b'l' => self.int(),
            b'g' => {
                let value = self.double()?;
                vm.new_float(value)
            }
            b'f' => {
                let value = self.text_double()?;
                vm.new_float(value)
            }
            b'y' => {
                let (re, im) = (self.double()?, self.double()?);
                vm.new_complex(re, im)
            }
            b'x' => {
                let (re, im) = (self.text_double()?, self.text_double()?);
                vm.new_complex(re, im)
            }
            b's' => {
                let size = self.size("bytes object")?;
                Ok(vm.new_bytes(&self.take(size)?)?.upcast())
            }
            b'u' | b't' | b'a' | b'A' => {
                let size = self.size("string")?;
                let bytes = self.take(size)?;
                self.text(
                    &bytes,
                    matches!(code, b'a' | b'A'),
                    matches!(code, b't' | b'A'),
                )
            }
            b'z' | b'Z' => {
                let size = usize::from(self.byte()?);
                let bytes = self.take(size)?;
                self.text(&bytes, true, code == b'Z')
            }
            b'(' | b')' => {
                let size = match code {
                    b'(' => self.size("tuple")?,
                    _ => usize::from(self.byte()?),
                };
                let items = self.items(size, depth, "tuple")?;
                Ok(vm.new_tuple(items)?.upcast())
            }
            b'>' => {
                let size = self.size("set")?;
                let items = self.items(size, depth, "set")?;
                let list = vm.new_list(items)?;
                protocol::call_one(vm, &vm.types.frozenset, list.as_object())
            }
            b':' => {
                let start = self.required(depth + 1, "slice")?;
                let stop = self.required(depth + 1, "slice")?;
                let step = self.required(depth + 1, "slice")?;
                let head = Object::new(vm.types.slice.type_head_of());
                place_tracked(
                    vm,
                    Slice {
                        head,
                        start,
                        stop,
                        step,
                    },
                )
            }
            MARSHAL_CODE => self.code(),
            _ => Err(self.bad("unknown type code")),
        }
    }

    fn code(&mut self) -> PyResult {
        if !self.allow_code {
            return Err(self
                .vm
                .value_error("unmarshalling code objects is disallowed"));
        }
        let size = self.size("code")?;
        let image = self.take(size)?;
        match read_image(self.vm, &image, None)? {
            Ok(code) => Ok(code.upcast()),
            Err(error) => Err(self.bad(&error.to_string())),
        }
    }

    fn items(&mut self, count: usize, depth: usize, what: &str) -> PyResult<Vec<Ref>> {
        let mut items = Vec::with_capacity(count.min(1 << 12));
        for _ in 0..count {
            items.push(self.required(depth + 1, what)?);
        }
        Ok(items)
    }

    fn int(&mut self) -> PyResult {
        let vm = self.vm;
        let count = self.long()?;
        if count == i32::MIN {
            return Err(self.bad("long size out of range"));
        }
        let digits = self.take(count.unsigned_abs() as usize * 2)?;
        let mut bytes: Vec<u8> = Vec::with_capacity(digits.len());
        let (mut bits, mut filled) = (0u32, 0);
        let mut last = 1;
        for digit in digits.as_chunks::<2>().0 {
            last = u16::from_le_bytes(*digit);
            if last >> 15 != 0 {
                return Err(self.bad("digit out of range in long"));
            }
            bits |= u32::from(last) << filled;
            filled += 15;
            while filled >= 8 {
                bytes.push(bits as u8);
                bits >>= 8;
                filled -= 8;
            }
        }
        if last == 0 {
            return Err(self.bad("unnormalized long data"));
        }
        bytes.push(bits as u8);
        let magnitude = vm.new_int_from_le_bytes(&bytes)?;
        match magnitude.downcast::<Int>() {
            Some(int) if count < 0 => viv_runtime::types::int::arith::neg(vm, int),
            _ => Ok(magnitude),
        }
    }

    fn text(&self, bytes: &[u8], ascii: bool, interned: bool) -> PyResult {
        let vm = self.vm;
        let text = if ascii {
            match bytes {
                [c] => vm.new_char(u32::from(*c))?,
                [] => vm.new_str("")?,
                _ => Str::place_latin1(vm, &vm.types.str, bytes)?,
            }
        } else if let Ok(text) = std::str::from_utf8(bytes) {
            vm.new_str(text)?
        } else {
            let object = vm.new_bytes(bytes)?;
            let decode = vm.intern("decode")?;
            let (encoding, errors) = (vm.new_str("utf-8")?, vm.new_str("surrogatepass")?);
            let args = [encoding.as_object(), errors.as_object()];
            let text = protocol::call_method(vm, object.as_object(), &decode, &args)?;
            text.cast::<Str>()
                .map_err(|_| self.bad("string of another kind"))?
        };
        if interned {
            return Ok(vm.intern_str(&text)?.upcast());
        }
        Ok(text.upcast())
    }

    fn list(&mut self, depth: usize, place: Option<usize>) -> PyResult {
        let count = self.size("list")?;
        let list = self.vm.new_list(Vec::new())?;
        self.keep(place, list.as_object());
        for _ in 0..count {
            let item = self.required(depth + 1, "list")?;
            list.push(self.vm, item)?;
        }
        Ok(list.upcast())
    }

    fn dict(&mut self, depth: usize, place: Option<usize>) -> PyResult {
        let dict = self.vm.new_dict()?;
        self.keep(place, dict.as_object());
        while let Some(key) = self.value(depth + 1)? {
            let Some(value) = self.value(depth + 1)? else {
                break;
            };
            dict.set(self.vm, &key, &value)?;
        }
        Ok(dict.upcast())
    }

    fn set(&mut self, depth: usize, place: Option<usize>) -> PyResult {
        let count = self.size("set")?;
        let set = Set::place(self.vm, &self.vm.types.set)?;
        self.keep(place, set.as_object());
        for _ in 0..count {
            let item = self.required(depth + 1, "set")?;
            set.add(self.vm, &item)?;
        }
        Ok(set.upcast())
    }
}
