//! Decoding and encoding, with the state that a decoder keeps between two pieces.

use viv_heap::Object;
use viv_heap::Ref;

use super::super::newline::{decoded, decoder_state};
use super::TextIo;
use crate::object::{Bytes, Str};
use crate::protocol::{self, type_name};
use crate::result::PyResult;
use crate::types::buffer::copy_bytes;
use crate::vm::Vm;

/// The state of a decoder: the bytes that wait for others, and a number.
pub(super) struct State {
    pub bytes: Vec<u8>,
    pub flags: i64,
}

impl TextIo {
    /// Decodes the next bytes.
    pub(super) fn decode(&self, vm: &Vm, bytes: &Bytes, last: bool) -> PyResult<Ref<Str>> {
        let Some(codec) = self.codec.get() else {
            let Some(decoder) = self.decoder.get() else {
                return Err(super::super::unsupported(vm, "not readable"));
            };
            let last_object = vm.bool(last);
            let text = protocol::call_method(
                vm,
                &decoder,
                &vm.names.decode,
                &[&bytes.head, &last_object],
            )?;
            return self.ends(vm, decoded(vm, text)?, last);
        };
        let waiting = self.undecoded.read(|undecoded| !undecoded.is_empty());
        let joined;
        let all = if waiting {
            let mut all = self.undecoded.read(Vec::clone);
            all.extend_from_slice(bytes.as_slice());
            joined = all;
            &joined
        } else {
            bytes.as_slice()
        };
        let (text, used) = match self.errors.get() {
            None => codec.decode(vm, all, "strict", last)?,
            Some(errors) => codec.decode(vm, all, &errors.to_text(), last)?,
        };
        if waiting || used < all.len() {
            let rest = all.get(used..).unwrap_or_default().to_vec();
            self.undecoded.write(|undecoded| *undecoded = rest);
        }
        self.ends(vm, text, last)
    }

    /// Treats the line ends of a piece of text.
    fn ends(&self, vm: &Vm, text: Ref<Str>, last: bool) -> PyResult<Ref<Str>> {
        if self.universal.get() {
            self.newlines.take(vm, text, last)
        } else {
            Ok(text)
        }
    }

    /// The decoder's state.
    pub(super) fn decoder_state(&self, vm: &Vm) -> PyResult<State> {
        let (bytes, mut flags) = match (self.codec.get(), self.decoder.get()) {
            (None, Some(decoder)) => {
                let state = protocol::call_method(vm, &decoder, &vm.names.getstate, &[])?;
                let (bytes, flags) = decoder_state(vm, &state)?;
                let Some(bytes) = bytes.downcast::<Bytes>() else {
                    return Err(vm.type_error(format!(
                        "illegal decoder state: the first item should be a bytes object, not '{}'",
                        type_name(&bytes)
                    )));
                };
                (bytes.as_slice().to_vec(), protocol::to_i64(vm, &flags)?)
            }
            _ => (self.undecoded.read(Vec::clone), 0),
        };
        if self.universal.get() {
            flags = flags << 1 | i64::from(self.newlines.pending_cr.get());
        }
        Ok(State { bytes, flags })
    }

    /// Puts the decoder into a state.
    pub(super) fn set_decoder_state(&self, vm: &Vm, state: &State) -> PyResult<()> {
        let mut flags = state.flags;
        if self.universal.get() {
            self.newlines.pending_cr.set(flags & 1 != 0);
            flags >>= 1;
        }
        match (self.codec.get(), self.decoder.get()) {
            (None, Some(decoder)) => {
                let bytes = vm.new_bytes(&state.bytes)?;
                let flags = vm.new_int(flags)?;
                let state = vm.tuple_of(&[&bytes.head, &flags])?;
                protocol::call_method(vm, &decoder, &vm.names.setstate, &[&state.head]).map(drop)
            }
            _ => {
                let bytes = state.bytes.clone();
                self.undecoded.write(|undecoded| *undecoded = bytes);
                Ok(())
            }
        }
    }

    /// Puts the decoder into its first state.
    pub(super) fn reset_decoder(&self, vm: &Vm) -> PyResult<()> {
        if !self.reads.get() {
            return Ok(());
        }
        self.newlines.reset();
        self.undecoded.write(Vec::clear);
        match self.decoder.get() {
            Some(decoder) => protocol::call_method(vm, &decoder, &vm.names.reset, &[]).map(drop),
            None => Ok(()),
        }
    }

    /// Tells the encoder whether it stands at the beginning of the file, where some encodings write a mark.
    pub(super) fn reset_encoder(&self, vm: &Vm, start: bool) -> PyResult<()> {
        let Some(encoder) = self.encoder.get() else {
            return Ok(());
        };
        if start {
            protocol::call_method(vm, &encoder, &vm.names.reset, &[]).map(drop)
        } else {
            let zero = vm.new_int(0)?;
            protocol::call_method(vm, &encoder, &vm.names.setstate, &[&zero]).map(drop)
        }
    }

    /// Encodes text that is not all ASCII, or for a codec that is not built in here.
    pub(super) fn encode(&self, vm: &Vm, text: &Str) -> PyResult<Ref<Bytes>> {
        if let Some(codec) = self.codec.get() {
            return match self.errors.get() {
                None => codec.encode(vm, text, "strict"),
                Some(errors) => codec.encode(vm, text, &errors.to_text()),
            };
        }
        let Some(encoder) = self.encoder.get() else {
            return Err(super::super::unsupported(vm, "not writable"));
        };
        let bytes = protocol::call_method(vm, &encoder, &vm.names.encode, &[&text.head])?;
        bytes.cast::<Bytes>().map_err(|other| {
            vm.type_error(format!(
                "encoder should return a bytes object, not '{}'",
                type_name(&other)
            ))
        })
    }
}

/// What the file below has given for a read, as a bytes object.
///
/// # Errors
/// BlockingIOError where it has given None; TypeError
pub(super) fn read_result(vm: &Vm, method: &str, result: Ref) -> PyResult<Ref<Bytes>> {
    if vm.is_none(&result) {
        return Err(vm.raise(&vm.exceptions.BlockingIOError, "Read returned None."));
    }
    match result.cast::<Bytes>() {
        Ok(bytes) => Ok(bytes),
        Err(other) => match copy_bytes(vm, &other)? {
            Some(bytes) => vm.new_bytes(&bytes),
            None => Err(not_bytes(vm, method, &other)),
        },
    }
}

#[cold]
fn not_bytes(vm: &Vm, method: &str, given: &Object) -> crate::result::Raised {
    vm.type_error(format!(
        "underlying {method}() should have returned a bytes-like object, not '{}'",
        type_name(given)
    ))
}
