//! Positions in text: `tell`, `seek` and `truncate`.
//!
//! A position is a number that holds a place in the file below, the state of the decoder there, and how many bytes to
//! decode and how many characters to skip from there on: where nothing of this is needed it is just the place.

use viv_heap::Object;

use super::super::bytes_io::whence_argument;
use super::super::{file_io, no_args, one_or_two, unsupported, up_to_one};
use super::codec::State;
use super::{TextIo, open};
use crate::native::MethodDef;
use crate::object::{Bytes, Int};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::vm::Vm;

pub(super) const METHODS: &[MethodDef] = &[
    one_or_two(
        "seek",
        "($self, cookie, whence=os.SEEK_SET, /)",
        seek,
        "Set the stream position, and return the new stream position.\n\n  cookie\n    Zero or an opaque number returned by tell().\n  whence\n    The relative position to seek from.\n\nFour operations are supported, given by the following argument\ncombinations:\n\n- seek(0, SEEK_SET): Rewind to the start of the stream.\n- seek(cookie, SEEK_SET): Restore a previous position;\n  'cookie' must be a number returned by tell().\n- seek(0, SEEK_END): Fast-forward to the end of the stream.\n- seek(0, SEEK_CUR): Leave the current stream position unchanged.\n\nAny other argument combinations are invalid,\nand may raise exceptions.",
    ),
    no_args(
        "tell",
        tell,
        "Return the stream position as an opaque number.\n\nThe return value of tell() can be given as input to seek(), to\nrestore a previous stream position.",
    ),
    up_to_one("truncate", "($self, pos=None, /)", truncate, ""),
];

/// The parts of a position.
#[derive(Clone, Copy, Default)]
struct Cookie {
    start: i64,
    flags: u32,
    feed: u32,
    skip: u32,
    at_end: bool,
}

impl Cookie {
    fn pack(self, vm: &Vm) -> PyResult {
        let mut bytes = Vec::with_capacity(21);
        bytes.extend_from_slice(&self.start.to_le_bytes());
        for part in [self.flags, self.feed, self.skip] {
            bytes.extend_from_slice(&part.to_le_bytes());
        }
        bytes.push(u8::from(self.at_end));
        vm.new_int_from_le_bytes(&bytes)
    }

    /// # Errors
    /// ValueError for numbers below zero; OverflowError
    fn unpack(vm: &Vm, number: &Object) -> PyResult<Cookie> {
        let Some(int) = number.downcast::<Int>() else {
            return Err(vm.type_error("an integer is required"));
        };
        if int.signum() < 0 {
            let shown = protocol::repr(vm, number)?;
            return Err(vm.value_error(format!("negative seek position {}", shown.to_text())));
        }
        let bytes = int.to_big().into_parts().1.to_le_bytes();
        if bytes.len() > 21 {
            return Err(vm.overflow_error("int too big to convert"));
        }
        let mut all = [0_u8; 21];
        if let Some(place) = all.get_mut(..bytes.len()) {
            place.copy_from_slice(&bytes);
        }
        let word = |at: usize| {
            let mut word = [0_u8; 4];
            word.copy_from_slice(all.get(at..at + 4).unwrap_or(&[0; 4]));
            u32::from_le_bytes(word)
        };
        Ok(Cookie {
            start: (u64::from(word(0)) | u64::from(word(4)) << 32) as i64,
            flags: word(8),
            feed: word(12),
            skip: word(16),
            at_end: all[20] != 0,
        })
    }
}

fn seekable<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a TextIo> {
    let file = open(vm, this)?;
    if !file.seekable.get() {
        return Err(unsupported(vm, "underlying stream is not seekable"));
    }
    Ok(file)
}

impl TextIo {
    /// How many characters some bytes become.
    fn decode_count(&self, vm: &Vm, bytes: &[u8], last: bool) -> PyResult<usize> {
        let bytes = vm.new_bytes(bytes)?;
        Ok(self.decode(vm, &bytes, last)?.len())
    }

    /// Finds a position from which `skip` characters lead to the present one; moves the decoder.
    fn find(&self, vm: &Vm, input: &[u8], mut cookie: Cookie, skip: usize) -> PyResult<Cookie> {
        let mut skip = skip;
        let state = |flags: u32| State {
            bytes: Vec::new(),
            flags: i64::from(flags),
        };
        // A guess by the average, made smaller until the decoder stands between two characters there.
        let mut at = ((self.ratio.get() * skip as f64) as usize).min(input.len());
        let mut back = 1;
        let mut started = false;
        while at > 0 {
            self.set_decoder_state(vm, &state(cookie.flags))?;
            let count = self.decode_count(vm, input.get(..at).unwrap_or_default(), false)?;
            if count > skip {
                at = at.saturating_sub(back);
                back *= 2;
                continue;
            }
            let now = self.decoder_state(vm)?;
            if now.bytes.is_empty() {
                cookie.flags = now.flags as u32;
                skip -= count;
                started = true;
                break;
            }
            at = at.saturating_sub(now.bytes.len());
            back = 1;
        }
        if !started {
            at = 0;
            self.set_decoder_state(vm, &state(cookie.flags))?;
        }
        cookie.start += at as i64;
        let (mut fed, mut count, mut reached) = (0_usize, 0, skip == 0);
        for byte in input.get(at..).unwrap_or_default() {
            if reached {
                break;
            }
            fed += 1;
            count += self.decode_count(vm, std::slice::from_ref(byte), false)?;
            let now = self.decoder_state(vm)?;
            if now.bytes.is_empty() && count <= skip {
                cookie.start += fed as i64;
                cookie.flags = now.flags as u32;
                skip -= count;
                (fed, count) = (0, 0);
            }
            reached = count >= skip;
        }
        if !reached {
            count += self.decode_count(vm, &[], true)?;
            cookie.at_end = true;
            if count < skip {
                return Err(vm.os_error("can't reconstruct logical file position"));
            }
        }
        cookie.feed = fed as u32;
        cookie.skip = skip as u32;
        Ok(cookie)
    }
}

fn tell(vm: &Vm, this: &Object) -> PyResult {
    let file = seekable(vm, this)?;
    if !file.telling.get() {
        return Err(vm.os_error("telling position disabled by next() call"));
    }
    file.pass_on(vm)?;
    protocol::call_method(vm, this, &vm.names.flush, &[])?;
    let buffer = file.buffer(vm)?;
    let at = protocol::call_method(vm, &buffer, &vm.names.tell, &[])?;
    let Some(input) = file.snapshot.get().filter(|_| file.reads.get()) else {
        return Ok(at);
    };
    let input = input.as_slice().to_vec();
    let cookie = Cookie {
        start: file_io::offset(vm, &at)? - input.len() as i64,
        flags: file.snapshot_flags.get() as u32,
        ..Cookie::default()
    };
    let skip = file.used.get();
    if skip == 0 || file.decoded.is_none() {
        return cookie.pack(vm);
    }
    let saved = file.decoder_state(vm)?;
    let found = file.find(vm, &input, cookie, skip);
    match found {
        Ok(cookie) => {
            file.set_decoder_state(vm, &saved)?;
            cookie.pack(vm)
        }
        Err(raised) => {
            let earlier = vm.take_raised(raised);
            file.set_decoder_state(vm, &saved)?;
            Err(vm.restore(earlier))
        }
    }
}

fn seek(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let whence = whence_argument(vm, args)?;
    let file = seekable(vm, this)?;
    let mut target = args[0].to_ref();
    let is_zero = |target: &Object| {
        let zero = vm.new_int(0)?;
        protocol::compare_eq(vm, target, &zero)
    };
    match whence {
        0 => {}
        1 => {
            if !is_zero(&target)? {
                return Err(unsupported(vm, "can't do nonzero cur-relative seeks"));
            }
            // What was decoded ahead is given up.
            target = protocol::call_method(vm, this, &vm.names.tell, &[])?;
        }
        2 => {
            if !is_zero(&target)? {
                return Err(unsupported(vm, "can't do nonzero end-relative seeks"));
            }
            protocol::call_method(vm, this, &vm.names.flush, &[])?;
            file.forget();
            file.reset_decoder(vm)?;
            let buffer = file.buffer(vm)?;
            let (zero, two) = (vm.new_int(0)?, vm.new_int(2)?);
            let at = protocol::call_method(vm, &buffer, &vm.names.seek, &[&zero, &two])?;
            file.reset_encoder(vm, is_zero(&at)?)?;
            return Ok(at);
        }
        _ => {
            return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    }
    let cookie = Cookie::unpack(vm, &*protocol::index(vm, &target)?)?;
    protocol::call_method(vm, this, &vm.names.flush, &[])?;
    let buffer = file.buffer(vm)?;
    let start = vm.new_int(cookie.start)?;
    protocol::call_method(vm, &buffer, &vm.names.seek, &[&start])?;
    file.forget();
    if file.reads.get() {
        if cookie.start == 0 && cookie.flags == 0 {
            file.reset_decoder(vm)?;
        } else {
            let state = State {
                bytes: Vec::new(),
                flags: i64::from(cookie.flags),
            };
            file.set_decoder_state(vm, &state)?;
        }
    }
    if cookie.skip == 0 {
        file.snapshot.set(Some(vm.new_bytes(&[])?));
    } else {
        let count = vm.new_usize(cookie.feed as usize)?;
        let input = protocol::call_method(vm, &buffer, &vm.names.read, &[&count])?;
        let input = match input.cast::<Bytes>() {
            Ok(input) => input,
            Err(other) => {
                return Err(vm.type_error(format!(
                    "underlying read() should have returned a bytes object, not '{}'",
                    type_name(&other)
                )));
            }
        };
        let text = file.decode(vm, &input, cookie.at_end)?;
        let count = text.len();
        file.snapshot.set(Some(input));
        file.decoded.set(Some(text));
        if count < cookie.skip as usize {
            return Err(vm.os_error("can't restore logical file position"));
        }
        file.used.set(cookie.skip as usize);
    }
    file.snapshot_flags.set(i64::from(cookie.flags));
    file.reset_encoder(vm, cookie.start == 0 && cookie.flags == 0)?;
    Ok(target)
}

fn truncate(vm: &Vm, this: &Object, args: &[&Object]) -> PyResult {
    let file = super::receive(vm, this)?;
    file.buffer(vm)?;
    protocol::call_method(vm, this, &vm.names.flush, &[])?;
    let buffer = file.buffer(vm)?;
    protocol::call_method(vm, &buffer, &vm.names.truncate, args)
}
