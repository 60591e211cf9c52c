//! `decimal.Context`, and the context of a thread.

use std::cell::Cell;
use std::rc::Rc;

use viv_runtime::native::GetSetDef;
use viv_runtime::native::bind::Parameters;
use viv_runtime::object::{Int, List, Slot, Str, Tuple, Type, TypeTraits};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Raised, Ref, Vm, object_layout,
    protocol,
};

use super::number::{Number, Rounding, Rules, Work, flags};
use super::signals;
use crate::kinds;

/// A `decimal.Context`.
#[repr(C)]
pub struct Context {
    /// The header.
    pub head: Object,
    prec: Cell<i64>,
    rounding: Cell<Rounding>,
    emin: Cell<i64>,
    emax: Cell<i64>,
    capitals: Cell<bool>,
    clamp: Cell<bool>,
    /// The conditions that were met; the mapping of flags has them too.
    pub status: Rc<Cell<u32>>,
    /// Those that raise exceptions.
    pub traps: Rc<Cell<u32>>,
    flags_view: Slot,
    traps_view: Slot,
}
object_layout!(
    Context = kinds::DECIMAL_CONTEXT,
    traverse | this,
    visit | {
        this.flags_view.visit(visit);
        this.traps_view.visit(visit);
    },
    clear | this | {
        this.flags_view.set(None);
        this.traps_view.set(None);
    }
);

const MOST: i64 = 999_999_999_999_999_999;

/// The ways of rounding by name.
pub const ROUNDINGS: [(&str, Rounding); 8] = [
    ("ROUND_CEILING", Rounding::Ceiling),
    ("ROUND_FLOOR", Rounding::Floor),
    ("ROUND_UP", Rounding::Up),
    ("ROUND_DOWN", Rounding::Down),
    ("ROUND_HALF_UP", Rounding::HalfUp),
    ("ROUND_HALF_DOWN", Rounding::HalfDown),
    ("ROUND_HALF_EVEN", Rounding::HalfEven),
    ("ROUND_05UP", Rounding::ZeroFiveUp),
];

/// The name of a way of rounding.
pub fn rounding_name(rounding: Rounding) -> &'static str {
    let found = ROUNDINGS.iter().find(|(_, r)| *r == rounding);
    found.map_or("", |(name, _)| name)
}

/// A way of rounding by its name.
///
/// # Errors
/// TypeError
pub fn rounding_of(vm: &Vm, name: &Object) -> PyResult<Rounding> {
    let text = name.downcast::<Str>();
    let found = ROUNDINGS
        .iter()
        .find(|(known, _)| text.is_some_and(|text| text.eq_text(known)));
    found.map(|(_, rounding)| *rounding).ok_or_else(|| {
        vm.type_error(
            "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]",
        )
    })
}

static SPEC: TypeSpec = TypeSpec {
    name: "Context",
    module: "decimal",
    doc: "The context affects almost all operations and controls rounding,\nOver/Underflow, raising of exceptions and much more.  A new context\ncan be initialized as follows:\n\n    >>> c = Context(prec=28, Emin=-425000000, Emax=425000000,\n    ...             rounding=ROUND_HALF_EVEN, capitals=1, clamp=1,\n    ...             traps=[InvalidOperation, DivisionByZero, Overflow],\n    ...             flags=[])\n    >>>\n\n\n",
    signature: "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None,\n        clamp=None, flags=None, traps=None)",
    traits: TypeTraits::BASE,
    slots: |s| {
        s.new.set(Some(|vm, ty, _| {
            let context = place(vm, ty)?;
            Ok(context.upcast())
        }));
        s.init.set(Some(init));
        s.repr.set(Some(repr));
        s.setattr.set(Some(set_attribute));
    },
    methods: &[METHODS, super::operations::CONTEXT_METHODS],
    getset: &[
        GetSetDef::get_set(
            "prec",
            |vm, this| vm.new_int(own(vm, this)?.prec.get()),
            |vm, this, value| {
                own(vm, this)?.prec.set(number(
                    vm,
                    value,
                    1,
                    MOST,
                    "valid range for prec is [1, MAX_PREC]",
                )?);
                Ok(())
            },
            "",
        ),
        GetSetDef::get_set(
            "Emax",
            |vm, this| vm.new_int(own(vm, this)?.emax.get()),
            |vm, this, value| {
                own(vm, this)?.emax.set(number(
                    vm,
                    value,
                    0,
                    MOST,
                    "valid range for Emax is [0, MAX_EMAX]",
                )?);
                Ok(())
            },
            "",
        ),
        GetSetDef::get_set(
            "Emin",
            |vm, this| vm.new_int(own(vm, this)?.emin.get()),
            |vm, this, value| {
                own(vm, this)?.emin.set(number(
                    vm,
                    value,
                    -MOST,
                    0,
                    "valid range for Emin is [MIN_EMIN, 0]",
                )?);
                Ok(())
            },
            "",
        ),
        GetSetDef::get_set(
            "capitals",
            |vm, this| vm.new_int(i64::from(own(vm, this)?.capitals.get())),
            |vm, this, value| {
                let given = number(vm, value, 0, 1, "valid values for capitals are 0 or 1")?;
                own(vm, this)?.capitals.set(given == 1);
                Ok(())
            },
            "",
        ),
        GetSetDef::get_set(
            "clamp",
            |vm, this| vm.new_int(i64::from(own(vm, this)?.clamp.get())),
            |vm, this, value| {
                let given = number(vm, value, 0, 1, "valid values for clamp are 0 or 1")?;
                own(vm, this)?.clamp.set(given == 1);
                Ok(())
            },
            "",
        ),
        GetSetDef::get_set(
            "rounding",
            |vm, this| {
                let name = rounding_name(own(vm, this)?.rounding.get());
                Ok(vm.intern(name)?.upcast())
            },
            |vm, this, value| {
                let value = value.ok_or_else(|| not_deleted(vm))?;
                own(vm, this)?.rounding.set(rounding_of(vm, value)?);
                Ok(())
            },
            "",
        ),
        GetSetDef::get_set(
            "flags",
            |vm, this| {
                let this = own(vm, this)?;
                view(vm, &this.flags_view, &this.status)
            },
            |vm, this, value| {
                let value = value.ok_or_else(|| not_deleted(vm))?;
                own(vm, this)?
                    .status
                    .set(super::signal_dict::bits(vm, value)?);
                Ok(())
            },
            "",
        ),
        GetSetDef::get_set(
            "traps",
            |vm, this| {
                let this = own(vm, this)?;
                view(vm, &this.traps_view, &this.traps)
            },
            |vm, this, value| {
                let value = value.ok_or_else(|| not_deleted(vm))?;
                own(vm, this)?
                    .traps
                    .set(super::signal_dict::bits(vm, value)?);
                Ok(())
            },
            "",
        ),
    ],
    ..TypeSpec::new(Context::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "Etiny",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let context = own(vm, this)?;
            vm.new_int(context.emin.get() - (context.prec.get() - 1))
        }),
        "Return a value equal to Emin - prec + 1, which is the minimum exponent value\nfor subnormal results.  When underflow occurs, the exponent is set to Etiny.",
    ),
    MethodDef::new(
        "Etop",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            let context = own(vm, this)?;
            vm.new_int(context.emax.get() - (context.prec.get() - 1))
        }),
        "Return a value equal to Emax - prec + 1.  This is the maximum exponent\nif the _clamp field of the context is set to 1 (IEEE clamp mode).  Etop()\nmust not be negative.",
    ),
    MethodDef::new(
        "clear_flags",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            own(vm, this)?.status.set(0);
            Ok(vm.none_ref())
        }),
        "Reset all flags to False.",
    ),
    MethodDef::new(
        "clear_traps",
        "($self, /)",
        NativeCall::NoArgs(|vm, this| {
            own(vm, this)?.traps.set(0);
            Ok(vm.none_ref())
        }),
        "Set all traps to False.",
    ),
    MethodDef::new(
        "copy",
        "($self, /)",
        NativeCall::NoArgs(copy),
        "Return a duplicate of the context with all flags cleared.",
    ),
    MethodDef::new("__copy__", "($self, /)", NativeCall::NoArgs(copy), ""),
    MethodDef::new("__reduce__", "($self, /)", NativeCall::NoArgs(reduce), ""),
];

/// The type `decimal.Context`.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

fn own<'a>(vm: &Vm, this: &'a Object) -> PyResult<&'a Context> {
    receiver(vm, this)
}

/// The mapping of flags or traps, made when it is first asked for.
fn view(vm: &Vm, slot: &Slot, bits: &Rc<Cell<u32>>) -> PyResult {
    if let Some(known) = slot.get() {
        return Ok(known);
    }
    let made = super::signal_dict::of_bits(vm, Rc::clone(bits))?;
    slot.set(Some(made.clone()));
    Ok(made)
}

#[cold]
fn not_deleted(vm: &Vm) -> Raised {
    vm.raise(
        &vm.exceptions.AttributeError,
        "context attributes cannot be deleted",
    )
}

fn number(vm: &Vm, value: Option<&Object>, least: i64, most: i64, what: &str) -> PyResult<i64> {
    let value = value.ok_or_else(|| not_deleted(vm))?;
    if value.downcast::<Int>().is_none() {
        return Err(vm.type_error(format!(
            "an integer is required (got type {})",
            protocol::type_name(value)
        )));
    }
    match value.downcast::<Int>().and_then(Int::as_i64) {
        Some(n) if (least..=most).contains(&n) => Ok(n),
        _ => Err(vm.value_error(what)),
    }
}

fn set_attribute(vm: &Vm, this: &Object, name: &Str, value: Option<&Object>) -> PyResult<()> {
    if value.is_none() {
        return Err(not_deleted(vm));
    }
    if Type::of(this).is(&*own_type(vm)?) && Type::of(this).lookup(vm, name).is_none() {
        let text = format!(
            "'decimal.Context' object has no attribute '{}'",
            name.to_text()
        );
        return Err(vm.raise(&vm.exceptions.AttributeError, &text));
    }
    viv_runtime::types::object::attributes::generic_set_attr(vm, this, name, value)
}

/// A context with the rules of the default one.
pub fn place(vm: &Vm, ty: &Type) -> PyResult<Ref<Context>> {
    let made = vm.place(Context {
        head: Object::new(ty.type_head_of()),
        prec: Cell::new(28),
        rounding: Cell::new(Rounding::HalfEven),
        emin: Cell::new(-999_999),
        emax: Cell::new(999_999),
        capitals: Cell::new(true),
        clamp: Cell::new(false),
        status: Rc::default(),
        traps: Rc::new(Cell::new(
            flags::ANY_INVALID | flags::DIVISION_BY_ZERO | flags::OVERFLOW,
        )),
        flags_view: Slot::default(),
        traps_view: Slot::default(),
    })?;
    vm.heap.track(made.as_object());
    Ok(made)
}

fn init(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult<()> {
    const SIGNATURE: &str = "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)";
    let bound = Parameters::of(SIGNATURE).bind(vm, "Context", args)?;
    let names = [
        "prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps",
    ];
    for (name, value) in names.iter().zip(bound) {
        let Some(value) = value.filter(|value| !vm.is_none(value)) else {
            continue;
        };
        set_option(vm, own(vm, this)?, name, value)?;
    }
    Ok(())
}

/// Sets one of the parameters of the constructor.
pub fn set_option(vm: &Vm, context: &Context, name: &str, value: &Object) -> PyResult<()> {
    let is_list = value.downcast::<List>().is_some() || value.downcast::<Tuple>().is_some();
    match name {
        "flags" if is_list => context.status.set(signal_list(vm, value)?),
        "traps" if is_list => context.traps.set(signal_list(vm, value)?),
        _ => protocol::set_attr(vm, &context.head, &*vm.intern(name)?, value)?,
    }
    Ok(())
}

/// The bits of a list of signals.
fn signal_list(vm: &Vm, list: &Object) -> PyResult<u32> {
    let mut bits = 0;
    for signal in protocol::collect(vm, list)? {
        match signals::bits_of(vm, &signal)? {
            Some(of_one) => bits |= of_one,
            None => {
                return Err(vm.type_error(
                    "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]",
                ));
            }
        }
    }
    Ok(bits)
}

/// The names of conditions, each signal once, in the order of libmpdec's flags.
fn names(bits: u32) -> String {
    const ORDER: [(u32, &str); 13] = [
        (flags::CLAMPED, "Clamped"),
        (flags::CONVERSION, "InvalidOperation"),
        (flags::DIVISION_BY_ZERO, "DivisionByZero"),
        (flags::IMPOSSIBLE, "InvalidOperation"),
        (flags::UNDEFINED, "InvalidOperation"),
        (flags::INEXACT, "Inexact"),
        (flags::CONTEXT, "InvalidOperation"),
        (flags::INVALID, "InvalidOperation"),
        (flags::FLOAT, "FloatOperation"),
        (flags::OVERFLOW, "Overflow"),
        (flags::ROUNDED, "Rounded"),
        (flags::SUBNORMAL, "Subnormal"),
        (flags::UNDERFLOW, "Underflow"),
    ];
    let mut names: Vec<&str> = Vec::new();
    for (bit, name) in ORDER {
        if bits & bit != 0 && !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

fn repr(vm: &Vm, this: &Object) -> PyResult {
    let c = own(vm, this)?;
    let text = format!(
        "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags=[{}], traps=[{}])",
        c.prec.get(),
        rounding_name(c.rounding.get()),
        c.emin.get(),
        c.emax.get(),
        i32::from(c.capitals.get()),
        i32::from(c.clamp.get()),
        names(c.status.get()),
        names(c.traps.get())
    );
    Ok(vm.new_str(&text)?.upcast())
}

/// A context with the same rules.
pub fn duplicate(vm: &Vm, context: &Context) -> PyResult<Ref<Context>> {
    let made = place(vm, &*own_type(vm)?)?;
    made.prec.set(context.prec.get());
    made.rounding.set(context.rounding.get());
    made.emin.set(context.emin.get());
    made.emax.set(context.emax.get());
    made.capitals.set(context.capitals.get());
    made.clamp.set(context.clamp.get());
    made.traps.set(context.traps.get());
    made.status.set(context.status.get());
    Ok(made)
}

fn copy(vm: &Vm, this: &Object) -> PyResult {
    Ok(duplicate(vm, own(vm, this)?)?.upcast())
}

fn reduce(vm: &Vm, this: &Object) -> PyResult {
    let c = own(vm, this)?;
    let (flags, traps) = (
        signals::signals_of(vm, c.status.get())?,
        signals::signals_of(vm, c.traps.get())?,
    );
    let parts = vec![
        vm.new_int(c.prec.get())?,
        vm.intern(rounding_name(c.rounding.get()))?.upcast(),
        vm.new_int(c.emin.get())?,
        vm.new_int(c.emax.get())?,
        vm.new_int(i64::from(c.capitals.get()))?,
        vm.new_int(i64::from(c.clamp.get()))?,
        vm.new_list(flags)?.upcast(),
        vm.new_list(traps)?.upcast(),
    ];
    let class = Ref::of(Type::of(this)).upcast();
    let parts = vm.new_tuple(parts)?.upcast();
    Ok(vm.new_tuple(vec![class, parts])?.upcast())
}

impl Context {
    /// The rules.
    pub fn rules(&self) -> Rules {
        Rules {
            prec: self.prec.get(),
            rounding: self.rounding.get(),
            emin: self.emin.get(),
            emax: self.emax.get(),
            clamp: self.clamp.get(),
        }
    }

    /// Makes this one of the templates.
    pub fn set_template(&self, prec: i64, rounding: Rounding, traps: u32) {
        self.prec.set(prec);
        self.rounding.set(rounding);
        self.traps.set(traps);
    }

    /// Makes this the context of an interchange format of so many bits.
    pub fn set_ieee(&self, bits: i64) {
        let emax = 3 * (1 << (bits / 16 + 3));
        self.prec.set(9 * (bits / 32) - 2);
        self.emax.set(emax);
        self.emin.set(1 - emax);
        self.clamp.set(true);
        self.traps.set(0);
    }

    /// What the implementation in Python needs to know.
    pub fn parameters(&self, vm: &Vm) -> PyResult<Ref<Tuple>> {
        vm.new_tuple(vec![
            vm.new_int(self.prec.get())?,
            vm.intern(rounding_name(self.rounding.get()))?.upcast(),
            vm.new_int(self.emin.get())?,
            vm.new_int(self.emax.get())?,
            vm.new_int(i64::from(self.capitals.get()))?,
            vm.new_int(i64::from(self.clamp.get()))?,
        ])
    }

    /// Whether exponents are written with a capital letter.
    pub fn capitals(&self) -> bool {
        self.capitals.get()
    }

    /// Runs an operation and raises what it met and the context traps.
    ///
    /// # Errors
    /// The exceptions of trapped conditions; MemoryError for numbers of too many digits.
    #[inline]
    pub fn work<R>(&self, vm: &Vm, f: impl FnOnce(&mut Work) -> R) -> PyResult<R> {
        let mut work = Work::new(self.rules());
        let result = f(&mut work);
        if work.too_big {
            return Err(vm.no_memory());
        }
        self.meet(vm, work.status)?;
        Ok(result)
    }

    /// Notes conditions, and raises the exception of trapped ones.
    #[inline]
    pub fn meet(&self, vm: &Vm, status: u32) -> PyResult<()> {
        if status != 0 {
            self.status.set(self.status.get() | status);
            let trapped = status & self.traps.get();
            if trapped != 0 {
                return Err(signals::raise(vm, trapped));
            }
        }
        Ok(())
    }

    /// As [`Context::work`], for operations that give a number.
    pub fn number(&self, vm: &Vm, f: impl FnOnce(&mut Work) -> Number) -> PyResult {
        super::object::make(vm, self.work(vm, f)?)
    }
}

/// The context variable that holds the current context; it stands in the dict of the type.
fn variable(vm: &Vm) -> PyResult {
    let name = &vm.names._variable;
    let ty = own_type(vm)?;
    let Some(dict) = ty.dict(vm) else {
        return Err(vm.system_error("a type without a dict"));
    };
    if let Some(known) = dict.get_str(vm, name) {
        return Ok(known);
    }
    let module = viv_runtime::modules::import::import_name(vm, "_contextvars")?;
    let class = protocol::get_attr_str(vm, &module, "ContextVar")?;
    let made = protocol::call_one(vm, &class, vm.intern("decimal_context")?.as_object())?;
    dict.set_str(vm, name, &made)?;
    Ok(made)
}

/// The current context.
pub fn current(vm: &Vm) -> PyResult<Ref<Context>> {
    let variable = variable(vm)?;
    let values = crate::contextvars::context::current(vm)?.values(vm)?;
    if let Some(found) = values.get(vm, &variable)?
        && let Ok(context) = found.cast::<Context>()
    {
        return Ok(context);
    }
    let default = super::module_attribute(vm, "DefaultContext")?;
    let made = match default.downcast::<Context>() {
        Some(default) => duplicate(vm, default)?,
        None => place(vm, &*own_type(vm)?)?,
    };
    made.status.set(0);
    install(vm, &made)?;
    Ok(made)
}

fn install(vm: &Vm, context: &Ref<Context>) -> PyResult<()> {
    protocol::call_method(vm, &*variable(vm)?, &vm.names.set, &[context.as_object()])?;
    Ok(())
}

/// Makes a context the current one; one of the three templates is copied first.
pub fn set_current(vm: &Vm, context: &Object) -> PyResult<()> {
    let Some(given) = context.downcast::<Context>() else {
        return Err(vm.type_error("argument must be a context"));
    };
    let mut own = Ref::of(given);
    for name in ["DefaultContext", "BasicContext", "ExtendedContext"] {
        if context.is(&*super::module_attribute(vm, name)?) {
            own = duplicate(vm, given)?;
            own.status.set(0);
        }
    }
    install(vm, &own)
}

/// The context of an optional argument.
pub fn given(vm: &Vm, context: Option<&Object>) -> PyResult<Ref<Context>> {
    match context {
        Some(context) if !vm.is_none(context) => match context.downcast::<Context>() {
            Some(context) => Ok(Ref::of(context)),
            None => Err(vm.type_error("optional argument must be a context")),
        },
        _ => current(vm),
    }
}
