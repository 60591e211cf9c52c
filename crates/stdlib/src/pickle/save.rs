//! Writing objects: the dispatch by type, and the types whose values stand in the stream themselves.

use viv_runtime::object::{
    ByteArray, Bytes, Dict, Float, Function, Inner, Int, List, MemoryView, Set, Str, Tuple, Type,
};
use viv_runtime::protocol;
use viv_runtime::types::codec;
use viv_runtime::types::format::double;
use viv_runtime::types::memoryview::{is_contiguous, with_view_bytes};
use viv_runtime::{Object, PyResult, Raised, Ref, Vm};

use super::buffer::{self, PickleBuffer};
use super::memo::Memo;
use super::opcodes::*;
use super::output::Output;
use super::{cannot_pickle, module_attr, shown_type};

/// Containers nested deeper than this are watched for circles in fast mode.
const FAST_NESTING: usize = 50;

/// For `held`: the container may be written more than once before it is in the memo, so its items are not fresh.
pub const MANY: u32 = u32::MAX - 1;

/// What a pickler has been told.
pub struct Settings {
    /// The protocol.
    pub protocol: u8,
    /// Whether names are given as Python 2 has them.
    pub fix_imports: bool,
    /// What is asked about each buffer.
    pub buffer_callback: Option<Ref>,
}

/// The writing of one pickle.
pub struct Saver<'a> {
    /// The interpreter.
    pub vm: &'a Vm,
    /// What has been written.
    pub memo: &'a Inner<Memo>,
    /// The bytes.
    pub out: Output,
    /// The protocol.
    pub protocol: u8,
    /// Whether arguments are binary: the attribute `bin`.
    pub binary: bool,
    /// Whether there is no memo: the attribute `fast`.
    pub fast: bool,
    /// Whether names are given as Python 2 has them.
    pub fix_imports: bool,
    /// What is asked about each buffer.
    pub buffer_callback: Option<Ref>,
    /// The file's `write`; nothing for `dumps`.
    pub write: Option<Ref>,
    /// What is asked for each object's persistent id.
    pub persistent_id: Option<Ref>,
    /// What is asked first how an object is to be reduced.
    pub reducer_override: Option<Ref>,
    /// The pickler's own dispatch table, a mapping.
    pub dispatch_table: Option<Ref>,
    /// That of `copyreg`, once it was needed.
    pub shared_table: Option<Ref<Dict>>,
    /// Whether all objects go into the memo's table at once: Python code has run or may run any time.
    pub eager: bool,
    /// The containers that are being written in fast mode.
    pub nested: Vec<usize>,
}

/// An object that may be in the memo, looked at for the first time.
#[derive(Clone, Copy)]
pub struct Seen<'o> {
    /// The object.
    pub object: &'o Object,
    /// Whether nobody but one container has it; see [`Memo`].
    pub fresh: bool,
}

impl<'a> Saver<'a> {
    /// A pickle to be written.
    pub fn new(vm: &'a Vm, memo: &'a Inner<Memo>, settings: Settings) -> Saver<'a> {
        Saver {
            vm,
            memo,
            out: Output::new(),
            protocol: settings.protocol,
            binary: settings.protocol > 0,
            fast: false,
            fix_imports: settings.fix_imports,
            buffer_callback: settings.buffer_callback,
            write: None,
            persistent_id: None,
            reducer_override: None,
            dispatch_table: None,
            shared_table: None,
            eager: false,
            nested: Vec::new(),
        }
    }

    /// Writes the whole pickle of an object, which is in the output afterwards.
    pub fn dump(&mut self, object: &Object) -> PyResult<()> {
        self.eager = self.persistent_id.is_some() || self.reducer_override.is_some();
        if self.protocol >= 2 {
            self.out.push(&[PROTO, self.protocol]);
            self.out.framing = self.protocol >= 4;
        }
        self.save(object, 0)?;
        self.out.push(&[STOP]);
        self.out.close_frame();
        self.out.framing = false;
        Ok(())
    }

    /// To be called before Python code may run: from now on every object of the memo can be found.
    pub fn expect_python(&mut self) {
        if !self.eager {
            self.eager = true;
            self.memo.write(Memo::index_all);
        }
    }

    /// Writes what there is to the file.
    pub fn flush(&mut self) -> PyResult<()> {
        let Some(write) = self.write.clone() else {
            return Ok(());
        };
        self.expect_python();
        let bytes = self.out.take();
        let object = self.vm.new_bytes(&bytes)?;
        self.out.reuse(bytes);
        protocol::call_one(self.vm, &write, &object)?;
        Ok(())
    }

    /// Writes an object, of which the caller holds `held` handles besides those of its container, or [`MANY`].
    pub fn save(&mut self, object: &Object, held: u32) -> PyResult<()> {
        if self.out.frame_is_full() {
            self.out.close_frame();
            self.flush()?;
        }
        if self.persistent_id.is_some() && self.save_persistent(object)? {
            return Ok(());
        }
        self.save_value(object, held)
    }

    /// Writes an object that has no persistent id.
    fn save_value(&mut self, object: &Object, held: u32) -> PyResult<()> {
        let vm = self.vm;
        if let Some(int) = object.downcast_exact::<Int>() {
            return self.save_int(object, int);
        }
        if let Some(float) = object.downcast_exact::<Float>() {
            self.save_float(float.value());
            return Ok(());
        }
        if vm.is_none(object) {
            self.out.push(&[NONE]);
            return Ok(());
        }
        if Type::of(object).is(&vm.types.bool) {
            self.save_bool(object.is(&vm.bool(true)));
            return Ok(());
        }
        let fresh = object.refcount() == held + 1 && !self.eager;
        if !fresh && let Some(number) = self.memo.read(|memo| memo.find(object)) {
            self.put_get(number);
            return Ok(());
        }
        let seen = Seen { object, fresh };
        if let Some(string) = object.downcast_exact::<Str>() {
            return self.save_str(seen, string);
        }
        if let Some(bytes) = object.downcast_exact::<Bytes>() {
            return self.save_bytes(seen, bytes);
        }
        let _depth = vm.enter_native(" while pickling an object")?;
        if let Some(dict) = object.downcast_exact::<Dict>() {
            return self.save_dict(seen, dict);
        }
        if let Some(list) = object.downcast_exact::<List>() {
            return self.save_list(seen, list);
        }
        if let Some(tuple) = object.downcast_exact::<Tuple>() {
            return self.save_tuple(seen, tuple);
        }
        let ty = Type::of(object);
        if (ty.is(&vm.types.set) || ty.is(&vm.types.frozenset))
            && let Some(set) = object.downcast::<Set>()
        {
            return self.save_set(seen, set);
        }
        if let Some(array) = object.downcast_exact::<ByteArray>() {
            return self.save_bytearray(seen, array);
        }
        if let Some(buffer) = object.downcast_exact::<PickleBuffer>() {
            return self.save_buffer(seen, buffer);
        }
        self.save_other(object)
    }

    /// Writes the persistent id of an object, if it has one.
    fn save_persistent(&mut self, object: &Object) -> PyResult<bool> {
        let vm = self.vm;
        let Some(function) = self.persistent_id.clone() else {
            return Ok(false);
        };
        let id = protocol::call_one(vm, &function, object)?;
        if vm.is_none(&id) {
            return Ok(false);
        }
        if self.binary {
            self.save_value(&id, 0)?;
            self.out.push(&[BINPERSID]);
            return Ok(true);
        }
        let text = protocol::str(vm, &id)?;
        let Some(text) = text.as_ascii() else {
            return Err(cannot_pickle(
                vm,
                "persistent IDs in protocol 0 must be ASCII strings",
            ));
        };
        self.out.push_with(&[PERSID], text.as_bytes());
        self.out.push(b"\n");
        Ok(true)
    }

    /// The object behind a number of the memo.
    pub fn put_get(&mut self, number: u32) {
        if !self.binary {
            self.out.push(format!("g{number}\n").as_bytes());
        } else if let Ok(short) = u8::try_from(number) {
            self.out.push(&[BINGET, short]);
        } else {
            self.out.push_with(&[LONG_BINGET], &number.to_le_bytes());
        }
    }

    /// Enters an object into the memo.
    #[inline]
    pub fn memoize(&mut self, seen: Seen<'_>) {
        if self.fast {
            return;
        }
        let fresh = seen.fresh && !self.eager;
        let number = self.memo.write(|memo| memo.add(seen.object, fresh));
        if self.protocol >= 4 {
            self.out.push(&[MEMOIZE]);
        } else if !self.binary {
            self.out.push(format!("p{number}\n").as_bytes());
        } else if let Ok(short) = u8::try_from(number) {
            self.out.push(&[BINPUT, short]);
        } else {
            self.out.push_with(&[LONG_BINPUT], &number.to_le_bytes());
        }
    }

    /// The number of an object that may have got one since it was first looked at.
    pub fn number_now(&self, seen: Seen<'_>) -> Option<u32> {
        if seen.fresh && !self.eager {
            return None;
        }
        self.memo.read(|memo| memo.find(seen.object))
    }

    /// Enters a container in fast mode, where nothing else notices circles.
    pub fn enter_fast(&mut self, object: &Object) -> PyResult<()> {
        if self.nested.len() >= FAST_NESTING
            && self.nested[FAST_NESTING..].contains(&object.address())
        {
            return Err(self.vm.value_error(format!(
                "fast mode: can't pickle cyclic objects including object type {} at {:#x}",
                protocol::type_name(object),
                object.address()
            )));
        }
        self.nested.push(object.address());
        Ok(())
    }

    fn save_bool(&mut self, value: bool) {
        self.out.push(match (self.protocol >= 2, value) {
            (true, true) => &[NEWTRUE],
            (true, false) => &[NEWFALSE],
            (false, true) => b"I01\n",
            (false, false) => b"I00\n",
        });
    }

    fn save_int(&mut self, object: &Object, int: &Int) -> PyResult<()> {
        let small = int.as_i64();
        if let Some(short) = small.and_then(|value| i32::try_from(value).ok()) {
            let bytes = short.to_le_bytes();
            if !self.binary {
                self.out.push(format!("I{short}\n").as_bytes());
            } else if (0..=0xff).contains(&short) {
                self.out.push(&[BININT1, bytes[0]]);
            } else if (0..=0xffff).contains(&short) {
                self.out.push(&[BININT2, bytes[0], bytes[1]]);
            } else {
                self.out
                    .push(&[BININT, bytes[0], bytes[1], bytes[2], bytes[3]]);
            }
            return Ok(());
        }
        if self.protocol < 2 {
            let text = protocol::repr(self.vm, object)?;
            self.out.push_with(&[LONG], text.to_text().as_bytes());
            self.out.push(b"L\n");
            return Ok(());
        }
        let bytes = twos_complement(int);
        if let Ok(short) = u8::try_from(bytes.len()) {
            self.out.push_with(&[LONG1, short], &bytes);
        } else if let Ok(long) = i32::try_from(bytes.len()) {
            self.out.push_with(&[LONG4], &long.to_le_bytes());
            self.out.push(&bytes);
        } else {
            return Err(self.vm.overflow_error("int too large to pickle"));
        }
        Ok(())
    }

    fn save_float(&mut self, value: f64) {
        if self.binary {
            self.out.push_with(&[BINFLOAT], &value.to_be_bytes());
        } else {
            self.out
                .push(format!("F{}\n", double::repr(value)).as_bytes());
        }
    }

    /// Writes the head and the bytes of a long value: many bytes stand in no frame and go to the file directly.
    fn push_payload(
        &mut self,
        head: &[u8],
        payload: &[u8],
        object: Option<&Object>,
    ) -> PyResult<()> {
        if payload.len() < FRAME_TARGET {
            self.out.push_with(head, payload);
            return Ok(());
        }
        self.out.close_frame();
        let framing = std::mem::replace(&mut self.out.framing, false);
        self.out.push(head);
        match self.write.clone() {
            None => self.out.push(payload),
            Some(write) => {
                self.flush()?;
                match object {
                    Some(object) => protocol::call_one(self.vm, &write, object)?,
                    None => {
                        let bytes = self.vm.new_bytes(payload)?;
                        protocol::call_one(self.vm, &write, &bytes)?
                    }
                };
            }
        }
        self.out.framing = framing;
        Ok(())
    }

    fn save_str(&mut self, seen: Seen<'_>, string: &Str) -> PyResult<()> {
        let vm = self.vm;
        if let Some(text) = string.as_ascii()
            && self.protocol >= 4
            && let Ok(short) = u8::try_from(text.len())
        {
            self.out
                .push_with(&[SHORT_BINUNICODE, short], text.as_bytes());
            self.memoize(seen);
            return Ok(());
        }
        if !self.binary {
            let text = raw_escaped(string);
            self.out.push_with(&[UNICODE], &text);
            self.out.push(b"\n");
            self.memoize(seen);
            return Ok(());
        }
        let encoded;
        let text = match string.as_ascii() {
            Some(text) => text.as_bytes(),
            None => {
                encoded = codec::utf8::encode(vm, string, "surrogatepass")?;
                encoded.as_slice()
            }
        };
        let (long, huge) = (u32::try_from(text.len()), (text.len() as u64).to_le_bytes());
        match (u8::try_from(text.len()), long) {
            (Ok(short), _) if self.protocol >= 4 => {
                self.push_payload(&[SHORT_BINUNICODE, short], text, None)?;
            }
            (_, Ok(long)) => {
                let [a, b, c, d] = long.to_le_bytes();
                self.push_payload(&[BINUNICODE, a, b, c, d], text, None)?;
            }
            _ if self.protocol >= 4 => {
                self.push_payload(&long_head(BINUNICODE8, huge), text, None)?;
            }
            _ => {
                return Err(vm.overflow_error(
                    "serializing a string larger than 4 GiB requires pickle protocol 4 or higher",
                ));
            }
        }
        self.memoize(seen);
        Ok(())
    }

    fn save_bytes(&mut self, seen: Seen<'_>, bytes: &Bytes) -> PyResult<()> {
        if self.protocol >= 3 {
            return self.put_bytes(seen, bytes.as_slice(), Some(bytes));
        }
        let vm = self.vm;
        if bytes.as_slice().is_empty() {
            return self.reduce_to(&vm.types.bytes.clone().upcast(), &[], seen.object);
        }
        let text = codec::single::decode_latin1(vm, bytes.as_slice())?;
        let encode = module_attr(vm, "codecs", "encode")?;
        let name = vm.intern("latin1")?;
        self.reduce_to(&encode, &[&text, &name], seen.object)
    }

    /// Writes bytes under the number of an object.
    fn put_bytes(&mut self, seen: Seen<'_>, bytes: &[u8], object: Option<&Object>) -> PyResult<()> {
        let huge = (bytes.len() as u64).to_le_bytes();
        if let Ok(short) = u8::try_from(bytes.len()) {
            self.push_payload(&[SHORT_BINBYTES, short], bytes, object)?;
        } else if let Ok(long) = u32::try_from(bytes.len()) {
            let [a, b, c, d] = long.to_le_bytes();
            self.push_payload(&[BINBYTES, a, b, c, d], bytes, object)?;
        } else if self.protocol >= 4 {
            self.push_payload(&long_head(BINBYTES8, huge), bytes, object)?;
        } else {
            return Err(self.vm.overflow_error(
                "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher",
            ));
        }
        self.memoize(seen);
        Ok(())
    }

    fn put_bytearray(
        &mut self,
        seen: Seen<'_>,
        bytes: &[u8],
        object: Option<&Object>,
    ) -> PyResult<()> {
        let length = (bytes.len() as u64).to_le_bytes();
        self.push_payload(&long_head(BYTEARRAY8, length), bytes, object)?;
        self.memoize(seen);
        Ok(())
    }

    fn save_bytearray(&mut self, seen: Seen<'_>, array: &ByteArray) -> PyResult<()> {
        let bytes = array.to_vec();
        if self.protocol >= 5 {
            return self.put_bytearray(seen, &bytes, Some(seen.object));
        }
        let vm = self.vm;
        let ty = vm.types.bytearray.clone().upcast();
        if bytes.is_empty() {
            return self.reduce_to(&ty, &[], seen.object);
        }
        let bytes = vm.new_bytes(&bytes)?;
        self.reduce_to(&ty, &[&bytes], seen.object)
    }

    fn save_buffer(&mut self, seen: Seen<'_>, buffer: &PickleBuffer) -> PyResult<()> {
        let vm = self.vm;
        if self.protocol < 5 {
            return Err(cannot_pickle(
                vm,
                "PickleBuffer can only be pickled with protocol >= 5",
            ));
        }
        let object = buffer::view(vm, buffer)?;
        let view = object
            .downcast::<MemoryView>()
            .ok_or_else(|| vm.type_error("a PickleBuffer without a view"))?;
        if !is_contiguous(view) {
            return Err(cannot_pickle(
                vm,
                "PickleBuffer can not be pickled when pointing to a non-contiguous buffer",
            ));
        }
        let readonly = buffer::is_readonly(&object);
        let mut in_band = true;
        if let Some(callback) = self.buffer_callback.clone() {
            self.expect_python();
            let answer = protocol::call_one(vm, &callback, seen.object)?;
            in_band = protocol::is_true(vm, &answer)?;
        }
        if !in_band {
            self.out.push(&[NEXT_BUFFER]);
            if readonly {
                self.out.push(&[READONLY_BUFFER]);
            }
            return Ok(());
        }
        let bytes = with_view_bytes(vm, view, <[u8]>::to_vec)?;
        if readonly {
            self.put_bytes(seen, &bytes, None)
        } else {
            self.put_bytearray(seen, &bytes, None)
        }
    }

    /// Writes an object of a class, a class, a function, or what else is written by how it can be made.
    fn save_other(&mut self, object: &Object) -> PyResult<()> {
        let vm = self.vm;
        self.expect_python();
        let ty = Type::of(object);
        if let Some(reducer) = self.reducer_override.clone() {
            let reduced = protocol::call_one(vm, &reducer, object)?;
            if !vm.is_not_implemented(&reduced) {
                return self.save_reduced(object, &reduced);
            }
        }
        if ty.is(&vm.types.type_) {
            return self.save_type(object);
        }
        if object.downcast_exact::<Function>().is_some() {
            return self.save_global(object, None);
        }
        let reduced = if let Some(function) = self.dispatched(ty)? {
            protocol::call_one(vm, &function, object)?
        } else if ty.is_subtype(&vm.types.type_) {
            return self.save_global(object, None);
        } else if let Some(reduce) = protocol::get_attr_opt(vm, object, &vm.names.__reduce_ex__)? {
            let protocol = vm.new_int(i64::from(self.protocol))?;
            protocol::call_one(vm, &reduce, &protocol)?
        } else if let Some(reduce) = protocol::get_attr_opt(vm, object, &vm.names.__reduce__)? {
            protocol::call_no_args(vm, &reduce)?
        } else {
            let name = shown_type(vm, object);
            return Err(cannot_pickle(vm, format!("Can't pickle {name} object")));
        };
        self.save_reduced(object, &reduced)
    }

    /// The function that a dispatch table has for a type.
    fn dispatched(&mut self, ty: &Type) -> PyResult<Option<Ref>> {
        let vm = self.vm;
        if let Some(table) = &self.dispatch_table {
            return match protocol::get_item(vm, table, ty) {
                Ok(function) => Ok(Some(function)),
                Err(raised) => vm.swallow(raised, &vm.exceptions.KeyError),
            };
        }
        let table = match &self.shared_table {
            Some(table) => table.clone(),
            None => {
                let table = super::module_dict(vm, "copyreg", "dispatch_table")?;
                self.shared_table = Some(table.clone());
                table
            }
        };
        table.get(vm, ty)
    }

    fn save_type(&mut self, object: &Object) -> PyResult<()> {
        let vm = self.vm;
        let not_implemented = vm.not_implemented();
        for single in [vm.none_ref(), not_implemented, vm.ellipsis.clone().upcast()] {
            if object.is(Type::of(&single)) {
                let ty = vm.types.type_.clone().upcast();
                return self.reduce_to(&ty, &[&single], object);
            }
        }
        self.save_global(object, None)
    }

    /// Adds a note to an exception that says what was being written.
    #[cold]
    pub fn note(&self, raised: Raised, object: &Object, what: &str) -> Raised {
        let vm = self.vm;
        let exception = vm.take_raised(raised);
        let add = || -> PyResult<()> {
            let text = format!("when serializing {} {what}", shown_type(vm, object));
            let text = vm.new_str(&text)?;
            let add_note = vm.intern("add_note")?;
            protocol::call_method(vm, &exception, &add_note, &[text.as_object()])?;
            Ok(())
        };
        // A note that cannot be added, as at the end of the stack, is left out.
        if let Err(raised) = add() {
            drop(vm.take_raised(raised));
        }
        vm.restore(exception)
    }
}

fn long_head(opcode: u8, length: [u8; 8]) -> [u8; 9] {
    let [a, b, c, d, e, f, g, h] = length;
    [opcode, a, b, c, d, e, f, g, h]
}

/// The least bytes that hold an int in two's complement, the least byte first.
fn twos_complement(int: &Int) -> Vec<u8> {
    let mut bytes: Vec<u8> = match int.as_i64() {
        Some(small) => small.to_le_bytes().to_vec(),
        None => {
            let mut magnitude: Vec<u8> = int
                .limbs()
                .iter()
                .flat_map(|limb| limb.to_le_bytes())
                .collect();
            magnitude.push(0);
            if int.signum() < 0 {
                let mut carry = true;
                for byte in &mut magnitude {
                    let (sum, over) = (!*byte).overflowing_add(u8::from(carry));
                    (*byte, carry) = (sum, over);
                }
            }
            magnitude
        }
    };
    // A byte at the end that only repeats the sign is not needed.
    while let [.., before, last] = bytes[..]
        && (last == 0 && before < 0x80 || last == 0xff && before >= 0x80)
    {
        bytes.pop();
    }
    bytes
}

/// A string in one line: what would end the line or be taken for an escape is escaped.
fn raw_escaped(string: &Str) -> Vec<u8> {
    let mut out = Vec::with_capacity(string.len());
    for c in string.chars() {
        match c {
            0x1_0000.. => out.extend_from_slice(format!("\\U{c:08x}").as_bytes()),
            0x100.. | 0 | 0x0a | 0x0d | 0x1a | 0x5c => {
                out.extend_from_slice(format!("\\u{c:04x}").as_bytes());
            }
            _ => out.push(c as u8),
        }
    }
    out
}

/// An empty slot or what was given, None being nothing.
pub fn given(vm: &Vm, value: Option<&Object>) -> Option<Ref> {
    value.filter(|value| !vm.is_none(value)).map(Object::to_ref)
}
