//! Images that are not trusted: header, checksum, form, and the verifier over each code object.

use std::borrow::Cow;
use std::sync::Arc;

use compact_str::CompactString;

use super::read::{Constant, Head, Maker, Parts, read_body, read_head};
use super::{DEPTH, FORMAT, HEADER, ImageError, MARK, OPCODES, checksum};
use crate::code::{Code, Const};

/// The body in an image that this opcode table and this compiler made. Everything in it has been read once, and its code has
/// passed the verifier.
///
/// # Errors
/// What is wrong with the bytes.
pub fn verified_body(image: &[u8], compiler: u64) -> Result<&[u8], ImageError> {
    let (header, body) = image
        .split_first_chunk::<HEADER>()
        .ok_or(ImageError::Short)?;
    let mut first = [0; 8];
    first[..4].copy_from_slice(&MARK);
    first[4..].copy_from_slice(&FORMAT.to_le_bytes());
    let expected = [u64::from_le_bytes(first), OPCODES, compiler];
    let (words, _) = header.as_chunks::<8>();
    let mut found = words.iter().map(|w| u64::from_le_bytes(*w));
    if !expected.iter().all(|n| found.next() == Some(*n)) {
        return Err(ImageError::Foreign);
    }
    if found.next() != Some(checksum(body)) {
        return Err(ImageError::Damaged("checksum"));
    }
    let unit = read_head(body, &mut Checker)?;
    match read_body(
        &unit.names,
        &unit.constants,
        unit.code,
        None,
        DEPTH,
        &mut Checker,
    )? {
        Kind::Code => Ok(body),
        Kind::Other => Err(ImageError::Damaged("code")),
    }
}

struct Checker;

/// All that the verifier needs to know of a constant.
#[derive(Clone, Copy)]
enum Kind {
    Code,
    Other,
}

impl<'a> Maker<'a> for Checker {
    type Name = CompactString;
    type Value = Kind;
    type Error = ImageError;

    fn name(&mut self, text: &'a str) -> Result<CompactString, ImageError> {
        Ok(CompactString::new(text))
    }

    fn constant(&mut self, constant: Constant<'a, Kind>) -> Result<Kind, ImageError> {
        match constant {
            Constant::BigInt(digits) if !is_integer(digits) => Err(ImageError::Damaged("number")),
            _ => Ok(Kind::Other),
        }
    }

    fn code(
        &mut self,
        head: Head<'a, CompactString>,
        parts: Parts<'a, CompactString, Kind>,
    ) -> Result<Kind, ImageError> {
        let mut instrs = Vec::with_capacity(parts.instrs.len());
        parts.instrs.try_each(|word| instrs.push(word))?;
        let code = Code {
            name: head.name,
            qualname: head.qualname,
            filename: Arc::from(""),
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
            consts: vec![Const::None; parts.consts.len()],
            instrs,
            exceptions: head.exceptions,
            locations: Cow::Borrowed(&[]),
        };
        // Those in its constants have had their turn.
        match crate::verify(&code) {
            Ok(()) => Ok(Kind::Code),
            Err(_) => Err(ImageError::Damaged("instructions")),
        }
    }
}

/// Whether digits are those of [`Const::BigInt`].
fn is_integer(digits: &str) -> bool {
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    match digits.strip_prefix("0x") {
        Some(hex) => !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()),
        None => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()),
    }
}
