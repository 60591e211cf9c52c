//! Writing values.

use std::collections::HashMap;

use viv_runtime::modules::import::cache::MARSHAL_CODE;
use viv_runtime::object::{
    Bytes, Code, Complex, Dict, Float, Int, List, Set, Slice, Str, Tuple, Type,
};
use viv_runtime::types::buffer::copy_bytes;
use viv_runtime::types::code::image::to_image;
use viv_runtime::{BinaryOp, Object, PyResult, Vm, protocol};

use super::DEPTH;

struct Writer<'a> {
    vm: &'a Vm,
    version: i64,
    allow_code: bool,
    out: Vec<u8>,
    /// The places of the objects that were written with a mark, by address.
    seen: HashMap<usize, u32>,
}

/// The bytes of a value.
///
/// # Errors
/// ValueError for what has no format, and for what is nested too deeply.
pub fn dumps(vm: &Vm, value: &Object, version: i64, allow_code: bool) -> PyResult<Vec<u8>> {
    let mut writer = Writer {
        vm,
        version,
        allow_code,
        out: Vec::new(),
        seen: HashMap::new(),
    };
    writer.value(value, 1, 0)?;
    Ok(writer.out)
}

impl Writer<'_> {
    fn long(&mut self, n: usize) -> PyResult<()> {
        let n = i32::try_from(n).map_err(|_| self.unfit())?;
        self.out.extend(n.to_le_bytes());
        Ok(())
    }

    #[cold]
    fn unfit(&self) -> viv_runtime::Raised {
        self.vm.value_error("unmarshallable object")
    }

    /// A float with seventeen digits: old formats have them as text.
    fn seventeen(&self, value: f64) -> PyResult<String> {
        let vm = self.vm;
        let (format, value) = (vm.intern("%.17g")?, vm.new_float(value)?);
        let text = protocol::binary(vm, format.as_object(), &value, BinaryOp::Mod)?;
        Ok(text
            .downcast::<Str>()
            .map_or_else(String::new, |text| text.to_text().into_owned()))
    }

    fn short_text(&mut self, text: &str) {
        self.out.push(text.len().min(255) as u8);
        self.out.extend(text.bytes().take(255));
    }

    /// Writes a value; `held` is the number of its owners that are only the writer's.
    fn value(&mut self, object: &Object, depth: usize, held: u32) -> PyResult<()> {
        let vm = self.vm;
        if depth > DEPTH {
            return Err(vm.value_error("object too deeply nested to marshal"));
        }
        let _depth = vm.enter_native("")?;
        let simple = if vm.is_none(object) {
            Some(b'N')
        } else if object.is(&vm.bool(true)) {
            Some(b'T')
        } else if object.is(&vm.bool(false)) {
            Some(b'F')
        } else if object.is(vm.ellipsis.as_object()) {
            Some(b'.')
        } else if object.is(&vm.exceptions.StopIteration) {
            Some(b'S')
        } else {
            None
        };
        if let Some(code) = simple {
            self.out.push(code);
            return Ok(());
        }
        // What has one owner cannot come again; the place of an interned string may be wanted by others.
        let mut flag = 0;
        let interned = object.downcast_exact::<Str>().is_some_and(Str::is_interned);
        if self.version >= 3 && (object.refcount() != 1 + held || interned) {
            if let Some(place) = self.seen.get(&object.address()) {
                let place = *place;
                self.out.push(b'r');
                return self.long(place as usize);
            }
            self.seen.insert(object.address(), self.seen.len() as u32);
            flag = 0x80;
        }
        if let Some(int) = object.downcast_exact::<Int>() {
            return self.int(int, flag);
        }
        if let Some(float) = object.downcast_exact::<Float>() {
            if self.version > 1 {
                self.out.push(b'g' | flag);
                self.out.extend(float.value().to_le_bytes());
            } else {
                self.out.push(b'f' | flag);
                let text = self.seventeen(float.value())?;
                self.short_text(&text);
            }
            return Ok(());
        }
        if let Some(complex) = object.downcast_exact::<Complex>() {
            if self.version > 1 {
                self.out.push(b'y' | flag);
                self.out.extend(complex.re.to_le_bytes());
                self.out.extend(complex.im.to_le_bytes());
            } else {
                self.out.push(b'x' | flag);
                let (re, im) = (self.seventeen(complex.re)?, self.seventeen(complex.im)?);
                self.short_text(&re);
                self.short_text(&im);
            }
            return Ok(());
        }
        if let Some(bytes) = object.downcast_exact::<Bytes>() {
            return self.bytes(b's' | flag, bytes.as_slice());
        }
        if let Some(text) = object.downcast_exact::<Str>() {
            return self.text(text, flag);
        }
        if let Some(tuple) = object.downcast_exact::<Tuple>() {
            if self.version >= 4 && tuple.len() < 256 {
                self.out.extend([b')' | flag, tuple.len() as u8]);
            } else {
                self.out.push(b'(' | flag);
                self.long(tuple.len())?;
            }
            return tuple
                .iter()
                .try_for_each(|item| self.value(item, depth + 1, 0));
        }
        if let Some(list) = object.downcast_exact::<List>() {
            self.out.push(b'[' | flag);
            self.long(list.len())?;
            for item in list.snapshot() {
                self.value(&item, depth + 1, 1)?;
            }
            return Ok(());
        }
        if let Some(dict) = object.downcast_exact::<Dict>() {
            self.out.push(b'{' | flag);
            for (key, value) in dict.snapshot() {
                self.value(&key, depth + 1, 1)?;
                self.value(&value, depth + 1, 1)?;
            }
            self.out.push(b'0');
            return Ok(());
        }
        if let Some(set) = object.downcast::<Set>() {
            let ty = Type::of(object);
            if !ty.is(&vm.types.set) && !ty.is(&vm.types.frozenset) {
                return Err(self.unfit());
            }
            self.out
                .push(if set.is_frozen() { b'>' } else { b'<' } | flag);
            self.long(set.len())?;
            // In the order of their bytes, so that equal sets give equal bytes.
            let mut items = Vec::new();
            for (item, _) in set.snapshot() {
                items.push((dumps(vm, &item, self.version, self.allow_code)?, item));
            }
            items.sort_by(|a, b| a.0.cmp(&b.0));
            for (_, item) in items {
                self.value(&item, depth + 1, 1)?;
            }
            return Ok(());
        }
        if let Some(slice) = object.downcast_exact::<Slice>()
            && self.version >= 5
        {
            self.out.push(b':' | flag);
            for part in [&slice.start, &slice.stop, &slice.step] {
                self.value(part, depth + 1, 0)?;
            }
            return Ok(());
        }
        if let Some(code) = object.downcast_exact::<Code>() {
            if !self.allow_code {
                return Err(vm.value_error("marshalling code objects is disallowed"));
            }
            let image = to_image(vm, code)?.ok_or_else(|| self.unfit())?;
            return self.bytes(MARSHAL_CODE | flag, &image);
        }
        match copy_bytes(vm, object)? {
            Some(bytes) => self.bytes(b's' | flag, &bytes),
            None => Err(self.unfit()),
        }
    }

    fn bytes(&mut self, code: u8, bytes: &[u8]) -> PyResult<()> {
        self.out.push(code);
        self.long(bytes.len())?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn int(&mut self, int: &Int, flag: u8) -> PyResult<()> {
        if let Some(small) = int.as_i64()
            && let Ok(small) = i32::try_from(small)
        {
            self.out.push(b'i' | flag);
            self.out.extend(small.to_le_bytes());
            return Ok(());
        }
        // Digits of 15 bits, the least first.
        let words: Vec<u64> = match int.as_i64() {
            Some(small) => vec![small.unsigned_abs()],
            None => int.limbs().to_vec(),
        };
        let bit = |i: usize| {
            words
                .get(i / 64)
                .is_some_and(|word| word >> (i % 64) & 1 == 1)
        };
        let mut digits: Vec<u16> = (0..(words.len() * 64).div_ceil(15))
            .map(|d| (0..15).fold(0, |digit, i| digit | u16::from(bit(d * 15 + i)) << i))
            .collect();
        while digits.last() == Some(&0) {
            digits.pop();
        }
        self.out.push(b'l' | flag);
        let count = i32::try_from(digits.len()).map_err(|_| self.unfit())?;
        let count = if int.signum() < 0 { -count } else { count };
        self.out.extend(count.to_le_bytes());
        self.out.extend(digits.iter().flat_map(|d| d.to_le_bytes()));
        Ok(())
    }

    fn text(&mut self, text: &Str, flag: u8) -> PyResult<()> {
        let interned = text.is_interned() && self.version >= 3;
        if self.version >= 4
            && let Some(ascii) = text.as_ascii()
        {
            if ascii.len() < 256 {
                self.out.push(if interned { b'Z' } else { b'z' } | flag);
                self.out.push(ascii.len() as u8);
                self.out.extend(ascii.bytes());
                return Ok(());
            }
            return self.bytes(if interned { b'A' } else { b'a' } | flag, ascii.as_bytes());
        }
        let mut utf8 = Vec::with_capacity(text.len());
        for c in text.chars() {
            match char::from_u32(c) {
                Some(c) => utf8.extend(c.encode_utf8(&mut [0; 4]).bytes()),
                // Lone surrogates are written as if they were characters.
                None => utf8.extend([
                    0xe0 | (c >> 12) as u8,
                    0x80 | (c >> 6 & 63) as u8,
                    0x80 | (c & 63) as u8,
                ]),
            }
        }
        self.bytes(if interned { b't' } else { b'u' } | flag, &utf8)
    }
}
