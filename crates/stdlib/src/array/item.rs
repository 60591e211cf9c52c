//! The items of arrays: what a type code stands for, and the way between objects and bytes.

use viv_runtime::object::{Float, Int, Str};
use viv_runtime::protocol;
use viv_runtime::{Object, PyResult, Vm};

/// A type code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// `b`
    I8,
    /// `B`
    U8,
    /// `u`
    Wide,
    /// `w`
    Char,
    /// `h`
    I16,
    /// `H`
    U16,
    /// `i`
    I32,
    /// `I`
    U32,
    /// `l`
    Long,
    /// `L`
    ULong,
    /// `q`
    I64,
    /// `Q`
    U64,
    /// `f`
    F32,
    /// `d`
    F64,
}

/// All codes with their letters.
pub const CODES: &[(char, Code)] = &[
    ('b', Code::I8),
    ('B', Code::U8),
    ('u', Code::Wide),
    ('w', Code::Char),
    ('h', Code::I16),
    ('H', Code::U16),
    ('i', Code::I32),
    ('I', Code::U32),
    ('l', Code::Long),
    ('L', Code::ULong),
    ('q', Code::I64),
    ('Q', Code::U64),
    ('f', Code::F32),
    ('d', Code::F64),
];

/// The bytes of an item, the first `size` of them.
pub type Item = [u8; 8];

impl Code {
    /// The code of a letter.
    pub fn of(letter: u32) -> Option<Code> {
        CODES
            .iter()
            .find(|(c, _)| *c as u32 == letter)
            .map(|(_, code)| *code)
    }

    /// The letter.
    pub fn letter(self) -> char {
        CODES
            .iter()
            .find(|(_, code)| *code == self)
            .map_or('b', |(c, _)| *c)
    }

    /// Bytes of an item.
    #[inline]
    pub const fn size(self) -> usize {
        match self {
            Code::I8 | Code::U8 => 1,
            Code::I16 | Code::U16 => 2,
            Code::Wide | Code::Char | Code::I32 | Code::U32 | Code::F32 => 4,
            Code::Long | Code::ULong | Code::I64 | Code::U64 | Code::F64 => 8,
        }
    }

    /// Whether the items are characters.
    pub fn is_text(self) -> bool {
        matches!(self, Code::Wide | Code::Char)
    }

    /// The format of the items for the buffer protocol.
    pub fn format(self) -> &'static str {
        match self {
            Code::I8 => "b",
            Code::U8 => "B",
            Code::Wide | Code::Char => "w",
            Code::I16 => "h",
            Code::U16 => "H",
            Code::I32 => "i",
            Code::U32 => "I",
            Code::Long => "l",
            Code::ULong => "L",
            Code::I64 => "q",
            Code::U64 => "Q",
            Code::F32 => "f",
            Code::F64 => "d",
        }
    }

    /// The number by which a pickle names the format of the bytes.
    pub fn machine_format(self) -> i64 {
        match self {
            Code::U8 => 0,
            Code::I8 => 1,
            Code::U16 => 2,
            Code::I16 => 4,
            Code::U32 => 6,
            Code::I32 => 8,
            Code::ULong | Code::U64 => 10,
            Code::Long | Code::I64 => 12,
            Code::F32 => 14,
            Code::F64 => 16,
            Code::Wide | Code::Char => 20,
        }
    }

    /// The object of an item's bytes.
    #[inline]
    pub fn load(self, vm: &Vm, raw: Item) -> PyResult {
        let [a, b, c, d, ..] = raw;
        match self {
            Code::F64 => vm.new_float(f64::from_le_bytes(raw)),
            Code::I32 => vm.new_int(i64::from(i32::from_le_bytes([a, b, c, d]))),
            Code::Long | Code::I64 => vm.new_int(i64::from_le_bytes(raw)),
            Code::U8 => vm.new_int(i64::from(a)),
            Code::I8 => vm.new_int(i64::from(a as i8)),
            Code::I16 => vm.new_int(i64::from(i16::from_le_bytes([a, b]))),
            Code::U16 => vm.new_int(i64::from(u16::from_le_bytes([a, b]))),
            Code::U32 => vm.new_int(i64::from(u32::from_le_bytes([a, b, c, d]))),
            Code::ULong | Code::U64 => match i64::try_from(u64::from_le_bytes(raw)) {
                Ok(small) => vm.new_int(small),
                Err(_) => {
                    let mut nine = [0; 9];
                    nine[..8].copy_from_slice(&raw);
                    vm.new_int_from_le_bytes(&nine)
                }
            },
            Code::F32 => vm.new_float(f64::from(f32::from_le_bytes([a, b, c, d]))),
            Code::Wide | Code::Char => {
                let point = u32::from_le_bytes([a, b, c, d]);
                if point > 0x10_ffff {
                    return Err(vm.value_error(format!(
                        "character U+{point:x} is not in range [U+0000; U+10ffff]"
                    )));
                }
                Ok(vm.new_char(point)?.upcast())
            }
        }
    }

    /// The bytes of an object.
    ///
    /// # Errors
    /// TypeError and OverflowError for what the code cannot hold.
    #[inline]
    pub fn store(self, vm: &Vm, value: &Object) -> PyResult<Item> {
        match self {
            Code::F64 => {
                let number = match value.downcast_exact::<Float>() {
                    Some(float) => float.value(),
                    None => protocol::to_f64(vm, value)?,
                };
                Ok(number.to_le_bytes())
            }
            Code::F32 => Ok(widened(
                &(protocol::to_f64(vm, value)? as f32).to_le_bytes(),
            )),
            Code::Wide | Code::Char => match value.downcast::<Str>() {
                Some(text) if text.len() == 1 => {
                    Ok(widened(&text.char_at(0).unwrap_or_default().to_le_bytes()))
                }
                Some(text) => Err(vm.type_error(format!(
                    "array item must be a unicode character, not a string of length {}",
                    text.len()
                ))),
                None => Err(vm.type_error(format!(
                    "array item must be a unicode character, not {}",
                    protocol::type_name(value)
                ))),
            },
            _ => {
                if let Some(small) = value.downcast_exact::<Int>().and_then(Int::as_i64)
                    && self.fits(small)
                {
                    return Ok(small.to_le_bytes());
                }
                self.store_int(vm, value)
            }
        }
    }

    #[inline]
    fn fits(self, value: i64) -> bool {
        match self {
            Code::I8 => i8::try_from(value).is_ok(),
            Code::U8 => u8::try_from(value).is_ok(),
            Code::I16 => i16::try_from(value).is_ok(),
            Code::U16 => u16::try_from(value).is_ok(),
            Code::I32 => i32::try_from(value).is_ok(),
            Code::U32 => u32::try_from(value).is_ok(),
            Code::ULong | Code::U64 => value >= 0,
            _ => true,
        }
    }

    /// Integers that are out of range or no exact ints.
    #[cold]
    fn store_int(self, vm: &Vm, value: &Object) -> PyResult<Item> {
        let index = protocol::index(vm, value)?;
        let Some(int) = index.downcast::<Int>() else {
            return Ok([0; 8]);
        };
        if let Some(small) = int.as_i64()
            && self.fits(small)
        {
            return Ok(small.to_le_bytes());
        }
        let overflow = |message: &str| Err(vm.overflow_error(message));
        let small = int.as_i64();
        let low = int.signum() < 0;
        if let Code::ULong | Code::U64 = self
            && !low
            && let [limb] = int.limbs()
        {
            return Ok(limb.to_le_bytes());
        }
        match self {
            Code::I64 => overflow("int too big to convert"),
            Code::U64 if low => overflow("can't convert negative int to unsigned"),
            Code::U64 => overflow("int too big to convert"),
            Code::U32 | Code::ULong if low => {
                overflow("can't convert negative value to unsigned int")
            }
            Code::ULong => overflow("Python int too large to convert to C unsigned long"),
            Code::U32 if small.is_none() && int.limbs().len() > 1 => {
                overflow("Python int too large to convert to C unsigned long")
            }
            Code::U32 => overflow("unsigned int is greater than maximum"),
            _ => {
                let Some(small) = small else {
                    return overflow("Python int too large to convert to C long");
                };
                // Where a C function of the next wider type reads the number first, that one complains.
                let range = if low {
                    "less than minimum"
                } else {
                    "greater than maximum"
                };
                let name = match self {
                    Code::I8 if i16::try_from(small).is_ok() => "signed char",
                    Code::I8 | Code::I16 => "signed short integer",
                    Code::U8 => "unsigned byte integer",
                    Code::U16 if i32::try_from(small).is_ok() => "unsigned short",
                    _ => "signed integer",
                };
                overflow(&format!("{name} is {range}"))
            }
        }
    }
}

fn widened<const N: usize>(bytes: &[u8; N]) -> Item {
    let mut item = [0; 8];
    for (to, from) in item.iter_mut().zip(bytes) {
        *to = *from;
    }
    item
}
