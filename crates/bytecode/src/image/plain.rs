//! Bodies read as the compiler's own code objects.

use compact_str::CompactString;

use super::{Constant, DEPTH, ImageError, Maker, Parts, read_body};
use crate::code::{Code, Const};

/// Makes code objects of the compiler's kind.
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
            Constant::Str(text) => Const::Str(text.into()),
            Constant::Bytes(bytes) => Const::Bytes(bytes.into()),
            Constant::Tuple(items) => Const::Tuple(items),
            Constant::FrozenSet(items) => Const::FrozenSet(items),
            Constant::Slice(parts) => Const::Slice(Box::new(parts)),
        })
    }

    fn code(&mut self, parts: Parts<'a, CompactString, Const>) -> Result<Const, ImageError> {
        let filename = parts.filename.as_str().into();
        let locations = parts.locations.to_vec().into();
        let code = parts.into_code(filename, |consts| consts, locations)?;
        Ok(Const::Code(code.into()))
    }
}

/// The code object of a body, with the filename that is given in the place of its own. It is not verified.
///
/// # Errors
/// What is wrong with the bytes.
pub fn decode(body: &[u8], filename: Option<&str>) -> Result<std::sync::Arc<Code>, ImageError> {
    let filename = filename.map(CompactString::new);
    match read_body(body, filename, DEPTH, &mut Plain)? {
        Const::Code(code) => Ok(code),
        _ => Err(ImageError::Damaged("no code object")),
    }
}
