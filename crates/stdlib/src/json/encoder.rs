//! `_json.make_encoder`: writes JSON texts in one go.

use std::cell::RefCell;

use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{
    Dict, Float, Int, List, NativeFunction, Slot, Str, Tuple, Type, TypeTraits,
};
use viv_runtime::protocol::{self, TextBuilder};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::format::double;
use viv_runtime::types::int::limbs::with_decimal;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, Object, ObjectLayout, PyResult, Raised, Ref, Vm, object_layout};

use super::text::push_quoted;
use crate::kinds;

/// A `_json.Encoder`.
#[repr(C)]
pub struct Encoder {
    /// The header.
    pub head: Object,
    markers: Slot,
    default: Slot,
    encoder: Slot,
    indent: Slot,
    key_separator: Slot,
    item_separator: Slot,
    sort_keys: bool,
    skip_keys: bool,
    allow_nan: bool,
}
object_layout!(
    Encoder = kinds::JSON_ENCODER,
    traverse | this,
    visit | {
        this.markers.visit(visit);
        this.default.visit(visit);
        this.encoder.visit(visit);
        this.indent.visit(visit);
        this.key_separator.visit(visit);
        this.item_separator.visit(visit);
    },
    clear | this | {
        this.markers.set(None);
        this.default.set(None);
        this.encoder.set(None);
        this.indent.set(None);
    }
);

macro_rules! member {
    ($name:ident) => {
        GetSetDef::member(
            stringify!($name),
            |vm, this| {
                let slot = &receiver::<Encoder>(vm, this)?.$name;
                Ok(slot.get().unwrap_or_else(|| vm.none_ref()))
            },
            stringify!($name),
        )
    };
}

const PARAMETERS: &str = "(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)";

static SPEC: TypeSpec = TypeSpec {
    name: "Encoder",
    module: "_json",
    doc: "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(new));
        s.call.set(Some(call));
    },
    getset: &[
        member!(markers),
        member!(default),
        member!(encoder),
        member!(indent),
        member!(key_separator),
        member!(item_separator),
        GetSetDef::member(
            "sort_keys",
            |vm, this| Ok(vm.bool(receiver::<Encoder>(vm, this)?.sort_keys)),
            "sort_keys",
        ),
        GetSetDef::member(
            "skipkeys",
            |vm, this| Ok(vm.bool(receiver::<Encoder>(vm, this)?.skip_keys)),
            "skipkeys",
        ),
    ],
    ..TypeSpec::new(Encoder::layout, true)
};

/// The type `_json.Encoder`.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let bound = Parameters::of(PARAMETERS).bind(vm, "make_encoder", args)?;
    let given: Vec<&Object> = bound.into_iter().flatten().collect();
    let &[
        markers,
        default,
        encoder,
        indent,
        key,
        item,
        sort,
        skip,
        nan,
    ] = &given[..]
    else {
        return Err(vm.type_error("make_encoder() takes nine arguments"));
    };
    if markers.downcast::<Dict>().is_none() && !vm.is_none(markers) {
        return Err(vm.type_error(format!(
            "make_encoder() argument 1 must be dict or None, not {}",
            protocol::type_name(markers)
        )));
    }
    for (place, text) in [(5, key), (6, item)] {
        if text.downcast::<Str>().is_none() {
            return Err(vm.type_error(format!(
                "make_encoder() argument {place} must be str, not {}",
                protocol::type_name(text)
            )));
        }
    }
    let full = |object: &Object| Slot::full(object.to_ref());
    let made = vm.place(Encoder {
        head: Object::new(ty.type_head_of()),
        markers: full(markers),
        default: full(default),
        encoder: full(encoder),
        indent: full(indent),
        key_separator: full(key),
        item_separator: full(item),
        sort_keys: protocol::is_true(vm, sort)?,
        skip_keys: protocol::is_true(vm, skip)?,
        allow_nan: protocol::is_true(vm, nan)?,
    })?;
    vm.heap.track(made.as_object());
    Ok(made.upcast())
}

fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let bound = Parameters::of("(obj, _current_indent_level)").bind(vm, "_iterencode", args)?;
    let &[Some(object), Some(level)] = &bound[..] else {
        return Err(vm.type_error("_iterencode() needs an object and a level"));
    };
    let level = usize::try_from(protocol::to_i64(vm, level)?).unwrap_or(0);
    let this = receiver::<Encoder>(vm, this)?;
    let text = |slot: &Slot| -> Ref<Str> {
        let text = slot.get().and_then(|text| text.cast::<Str>().ok());
        text.unwrap_or_else(|| vm.empty_str.clone())
    };
    let none = |slot: &Slot| slot.get().filter(|object| !vm.is_none(object));
    let quote = match none(&this.encoder) {
        Some(encoder) => match encoder
            .downcast::<NativeFunction>()
            .map(|function| function.def.name)
        {
            Some("encode_basestring_ascii") => Quote::Ascii,
            Some("encode_basestring") => Quote::Plain,
            _ => Quote::Call(encoder),
        },
        None => Quote::Plain,
    };
    let writing = Writing {
        vm,
        encoder: this,
        quote,
        default: none(&this.default),
        indent: none(&this.indent).and_then(|indent| indent.cast::<Str>().ok()),
        key_separator: text(&this.key_separator),
        item_separator: text(&this.item_separator),
        markers: none(&this.markers).map(|_| RefCell::default()),
    };
    let mut out = TextBuilder::new();
    writing.value(&mut out, object, level)?;
    Ok(vm.new_tuple(vec![out.finish(vm)?.upcast()])?.upcast())
}

/// How strings are written.
enum Quote {
    Ascii,
    Plain,
    Call(Ref),
}

/// The writing of one text.
struct Writing<'a> {
    vm: &'a Vm,
    encoder: &'a Encoder,
    quote: Quote,
    default: Option<Ref>,
    indent: Option<Ref<Str>>,
    key_separator: Ref<Str>,
    item_separator: Ref<Str>,
    /// The addresses of the containers that are being written, where circles are looked for.
    markers: Option<RefCell<Vec<usize>>>,
}

/// The name of an object's type with its module, as in the notes of exceptions.
fn full_name(vm: &Vm, object: &Object) -> String {
    let ty = Type::of(object);
    if !ty.has(TypeTraits::HEAP) {
        return ty.display_name();
    }
    let part = |name: &str| match protocol::get_attr_str(vm, ty, name) {
        Ok(part) => part
            .downcast::<Str>()
            .map_or_else(String::new, |part| part.to_text().into_owned()),
        Err(raised) => {
            drop(vm.take_raised(raised));
            String::new()
        }
    };
    let (module, name) = (part("__module__"), part("__qualname__"));
    if module.is_empty() || module == "builtins" {
        name
    } else {
        format!("{module}.{name}")
    }
}

impl Writing<'_> {
    /// Adds a note that says what was being written.
    #[cold]
    fn note(&self, raised: Raised, what: &str, item: Option<&Object>) -> Raised {
        let vm = self.vm;
        let exception = vm.take_raised(raised);
        let add = || -> PyResult<()> {
            let mut text = TextBuilder::new();
            text.push("when serializing ");
            text.push(what);
            if let Some(item) = item {
                text.push_repr(vm, item)?;
            }
            let add_note = vm.intern("add_note")?;
            let text = text.finish(vm)?;
            protocol::call_method(vm, &exception, &add_note, &[text.as_object()])?;
            Ok(())
        };
        match add() {
            Ok(()) => vm.restore(exception),
            Err(raised) => raised,
        }
    }

    /// Enters a container; the exception where it is being written already.
    fn enter(&self, container: &Object) -> PyResult<()> {
        if let Some(markers) = &self.markers {
            if markers.borrow().contains(&container.address()) {
                return Err(self.vm.value_error("Circular reference detected"));
            }
            markers.borrow_mut().push(container.address());
        }
        Ok(())
    }

    fn leave(&self) {
        if let Some(markers) = &self.markers {
            markers.borrow_mut().pop();
        }
    }

    fn string(&self, out: &mut TextBuilder, object: &Object, text: &Str) -> PyResult<()> {
        let vm = self.vm;
        match &self.quote {
            Quote::Ascii => push_quoted(out, text, true),
            Quote::Plain => push_quoted(out, text, false),
            Quote::Call(encoder) => {
                let made = protocol::call_one(vm, encoder, object)?;
                let Some(made) = made.downcast::<Str>() else {
                    return Err(vm.type_error(format!(
                        "encoder() must return a string, not {}",
                        protocol::type_name(&made)
                    )));
                };
                out.push_str(made);
            }
        }
        Ok(())
    }

    fn float_text(&self, object: &Object, value: f64) -> PyResult<String> {
        if value.is_finite() {
            return Ok(double::repr(value));
        }
        if !self.encoder.allow_nan {
            let shown = protocol::repr(self.vm, object)?;
            return Err(self.vm.value_error(format!(
                "Out of range float values are not JSON compliant: {}",
                shown.to_text()
            )));
        }
        Ok(if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned())
    }

    fn int_text(&self, int: &Int) -> PyResult<String> {
        match int.as_i64() {
            Some(small) => Ok(small.to_string()),
            None => viv_runtime::types::int::decimal(self.vm, int),
        }
    }

    /// The text of what is no container and no string, if it is such.
    fn atom(&self, object: &Object) -> PyResult<Option<String>> {
        let vm = self.vm;
        if vm.is_none(object) {
            Ok(Some("null".to_owned()))
        } else if object.is(&vm.bool(true)) {
            Ok(Some("true".to_owned()))
        } else if object.is(&vm.bool(false)) {
            Ok(Some("false".to_owned()))
        } else if let Some(int) = object.downcast::<Int>() {
            self.int_text(int).map(Some)
        } else if let Some(float) = object.downcast::<Float>() {
            self.float_text(object, float.value()).map(Some)
        } else {
            Ok(None)
        }
    }

    fn value(&self, out: &mut TextBuilder, object: &Object, level: usize) -> PyResult<()> {
        let vm = self.vm;
        if let Some(text) = object.downcast::<Str>() {
            return self.string(out, object, text);
        }
        if let Some(int) = object.downcast_exact::<Int>()
            && let Some(()) = with_decimal(int, |text| out.push_ascii(text.as_bytes()))
        {
            return Ok(());
        }
        if vm.is_none(object) {
            out.push_ascii(b"null");
            return Ok(());
        }
        if let Some(text) = self.atom(object)? {
            out.push(&text);
            return Ok(());
        }
        let _depth = vm.enter_native(" while encoding a JSON object")?;
        if object.downcast::<List>().is_some() || object.downcast::<Tuple>().is_some() {
            return self.list(out, object, level);
        }
        if let Some(dict) = object.downcast::<Dict>() {
            return self.dict(out, object, dict, level);
        }
        self.enter(object)?;
        let Some(default) = &self.default else {
            return Err(vm.type_error("'NoneType' object is not callable"));
        };
        let replaced = protocol::call_one(vm, default, object)?;
        self.value(out, &replaced, level).map_err(|raised| {
            self.note(raised, &format!("{} object", full_name(vm, object)), None)
        })?;
        self.leave();
        Ok(())
    }

    /// A line end and the indentation of a level, where there is any.
    fn new_line(&self, out: &mut TextBuilder, level: usize) {
        if let Some(indent) = &self.indent {
            out.push("\n");
            for _ in 0..level {
                out.push_str(indent);
            }
        }
    }

    fn list(&self, out: &mut TextBuilder, object: &Object, level: usize) -> PyResult<()> {
        let vm = self.vm;
        let item_at = |i: usize| match object.downcast::<List>() {
            Some(list) => list.get(i),
            None => object
                .downcast::<Tuple>()
                .and_then(|tuple| tuple.get(i).map(Object::to_ref)),
        };
        if item_at(0).is_none() {
            out.push("[]");
            return Ok(());
        }
        self.enter(object)?;
        out.push("[");
        self.new_line(out, level + 1);
        let mut i = 0;
        while let Some(item) = item_at(i) {
            if i > 0 {
                out.push_str(&self.item_separator);
                self.new_line(out, level + 1);
            }
            self.value(out, &item, level + 1).map_err(|raised| {
                self.note(raised, &format!("{} item {i}", full_name(vm, object)), None)
            })?;
            i += 1;
        }
        self.leave();
        self.new_line(out, level);
        out.push("]");
        Ok(())
    }

    /// Writes a member; `first` says whether it is the first.
    fn member(
        &self,
        out: &mut TextBuilder,
        dict: &Object,
        (key, value): (&Object, &Object),
        first: &mut bool,
        level: usize,
    ) -> PyResult<()> {
        let vm = self.vm;
        let holder;
        let text = match key.downcast::<Str>() {
            Some(text) => text,
            None => match self.atom(key)? {
                Some(text) => {
                    holder = vm.new_str(&text)?;
                    &*holder
                }
                None if self.encoder.skip_keys => return Ok(()),
                None => {
                    return Err(vm.type_error(format!(
                        "keys must be str, int, float, bool or None, not {}",
                        protocol::type_name(key)
                    )));
                }
            },
        };
        if !*first {
            out.push_str(&self.item_separator);
        }
        if *first || self.indent.is_some() {
            self.new_line(out, level + 1);
        }
        *first = false;
        self.string(out, text, text)?;
        out.push_str(&self.key_separator);
        self.value(out, value, level + 1).map_err(|raised| {
            self.note(raised, &format!("{} item ", full_name(vm, dict)), Some(key))
        })
    }

    fn dict(
        &self,
        out: &mut TextBuilder,
        object: &Object,
        dict: &Dict,
        level: usize,
    ) -> PyResult<()> {
        let vm = self.vm;
        if dict.is_empty() {
            out.push("{}");
            return Ok(());
        }
        self.enter(object)?;
        out.push("{");
        let mut first = true;
        if self.encoder.sort_keys || object.downcast_exact::<Dict>().is_none() {
            let items = vm.intern("items")?;
            let items = protocol::call_method(vm, object, &items, &[])?;
            let items = vm.new_list(protocol::collect(vm, &items)?)?;
            if self.encoder.sort_keys {
                viv_runtime::types::list::sort::sort_list(vm, &items, None, false)?;
            }
            for item in items.snapshot() {
                let pair = item.downcast::<Tuple>().map(Tuple::as_slice);
                let Some([key, value]) = pair else {
                    return Err(vm.value_error("items must return 2-tuples"));
                };
                self.member(out, object, (key, value), &mut first, level)?;
            }
        } else {
            let mut at = 0;
            while let Some((next, key, value)) = dict.next_entry(at) {
                self.member(out, object, (&key, &value), &mut first, level)?;
                at = next + 1;
            }
        }
        self.leave();
        // Where all keys were passed over there is no line to end.
        if !first {
            self.new_line(out, level);
        }
        out.push("}");
        Ok(())
    }
}
