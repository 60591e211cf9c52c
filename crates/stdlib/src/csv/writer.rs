//! `_csv.writer`: lines from rows.

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Complex, Slot, Str, Type};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol,
};

use super::dialect::{self, Dialect};
use super::error;
use crate::kinds;

/// A `_csv.writer`.
#[repr(C)]
pub struct Writer {
    /// The header.
    pub head: Object,
    write: Slot,
    dialect: Slot<Dialect>,
}
object_layout!(
    Writer = kinds::CSV_WRITER,
    traverse | this,
    visit | {
        this.write.visit(visit);
        this.dialect.visit(visit);
    },
    clear | this | {
        this.write.set(None);
        this.dialect.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "writer",
    module: "_csv",
    doc: "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from sequence input.\n",
    methods: &[&[
        MethodDef::new(
            "writerow",
            "($self, row, /)",
            NativeCall::One(write_row),
            "Construct and write a CSV record from an iterable of fields.\n\nNon-string elements will be converted to string.",
        ),
        MethodDef::new(
            "writerows",
            "($self, rows, /)",
            NativeCall::One(|vm, this, rows| {
                let rows = protocol::iter(vm, rows)?;
                while let Some(row) = protocol::next(vm, &rows)? {
                    write_row(vm, this, &row)?;
                }
                Ok(vm.none_ref())
            }),
            "Construct and write a series of iterables to a csv file.\n\nNon-string elements will be converted to string.",
        ),
    ]],
    getset: &[GetSetDef::member(
        "dialect",
        |vm, this| {
            let dialect = receiver::<Writer>(vm, this)?.dialect.get();
            Ok(dialect.map_or_else(|| vm.none_ref(), Ref::upcast))
        },
        "",
    )],
    ..TypeSpec::new(Writer::layout, true)
};

/// The type of writers.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// `_csv.writer(file, dialect, **options)`
pub fn new(vm: &Vm, args: Args<'_>) -> PyResult {
    let (file, rest) = super::first_argument(vm, "writer", args)?;
    let write = protocol::get_attr_opt(vm, file, &*vm.intern("write")?)?;
    let Some(write) = write.filter(|write| protocol::is_callable(write)) else {
        return Err(vm.type_error("argument 1 must have a \"write\" method"));
    };
    let dialect = dialect::of_arguments(vm, rest.args())?;
    let made = vm.place(Writer {
        head: Object::new(own_type(vm)?.type_head_of()),
        write: Slot::full(write),
        dialect: Slot::full(dialect),
    })?;
    vm.heap.track(made.as_object());
    Ok(made.upcast())
}

/// Whether an object is a number, as far as its type says so.
fn is_number(object: &Object) -> bool {
    let slots = &Type::of(object).slots;
    slots.index.get().is_some()
        || slots.int.get().is_some()
        || slots.float.get().is_some()
        || object.downcast::<Complex>().is_some()
}

/// A line that is being written.
struct Line<'a> {
    vm: &'a Vm,
    dialect: &'a Dialect,
    out: Vec<u32>,
    fields: usize,
}

impl Line<'_> {
    /// Adds a field; `None` is the object None.
    fn add(&mut self, text: Option<&Str>, mut quoted: bool) -> PyResult<()> {
        let d = self.dialect;
        let without_null = matches!(d.quoting, dialect::STRINGS | dialect::NOTNULL);
        if text.is_none_or(Str::is_empty) && d.delimiter == u32::from(b' ') && d.skip_initial_space
        {
            if d.quoting == dialect::NONE || text.is_none() && without_null {
                return Err(error(
                    self.vm,
                    "empty field must be quoted if delimiter is a space and skipinitialspace is true",
                ));
            }
            quoted = true;
        }
        let mut body = Vec::new();
        for c in text.into_iter().flat_map(Str::chars) {
            let special = c == d.delimiter
                || Some(c) == d.escape
                || Some(c) == d.quote
                || c == 10
                || c == 13
                || d.terminator
                    .get()
                    .is_some_and(|end| end.chars().any(|e| e == c));
            let mut escape = false;
            if special {
                if d.quoting == dialect::NONE {
                    escape = true;
                } else {
                    if Some(c) == d.quote {
                        if d.double_quote {
                            body.push(c);
                        } else {
                            escape = true;
                        }
                    } else if Some(c) == d.escape {
                        escape = true;
                    }
                    quoted |= !escape;
                }
                if escape {
                    let Some(sign) = d.escape else {
                        return Err(error(self.vm, "need to escape, but no escapechar set"));
                    };
                    body.push(sign);
                }
            }
            body.push(c);
        }
        if self.fields > 0 {
            self.out.push(d.delimiter);
        }
        self.fields += 1;
        let quote = d.quote.filter(|_| quoted);
        self.out.extend(quote);
        self.out.append(&mut body);
        self.out.extend(quote);
        Ok(())
    }
}

fn write_row(vm: &Vm, this: &Object, row: &Object) -> PyResult {
    let this = receiver::<Writer>(vm, this)?;
    let (Some(write), Some(dialect)) = (this.write.get(), this.dialect.get()) else {
        return Ok(vm.none_ref());
    };
    let iterator = match protocol::iter(vm, row) {
        Ok(iterator) => iterator,
        Err(raised) => {
            vm.swallow::<()>(raised, &vm.exceptions.TypeError)?;
            return Err(error(
                vm,
                format!("iterable expected, not {}", protocol::type_name(row)),
            ));
        }
    };
    let mut line = Line {
        vm,
        dialect: &dialect,
        out: Vec::new(),
        fields: 0,
    };
    let mut null = false;
    while let Some(field) = protocol::next(vm, &iterator)? {
        null = vm.is_none(&field);
        let quoted = match dialect.quoting {
            dialect::ALL => true,
            dialect::NONNUMERIC => !is_number(&field),
            dialect::STRINGS => field.downcast::<Str>().is_some(),
            dialect::NOTNULL => !null,
            _ => false,
        };
        if null {
            line.add(None, quoted)?;
        } else if let Some(text) = field.downcast::<Str>() {
            line.add(Some(text), quoted)?;
        } else {
            let text = protocol::str(vm, &field)?;
            line.add(Some(&*text), quoted)?;
        }
    }
    if line.fields > 0 && line.out.is_empty() {
        if dialect.quoting == dialect::NONE
            || null && matches!(dialect.quoting, dialect::STRINGS | dialect::NOTNULL)
        {
            return Err(error(vm, "single empty field record must be quoted"));
        }
        line.out.extend(dialect.quote);
        line.out.extend(dialect.quote);
    }
    if let Some(terminator) = dialect.terminator.get() {
        line.out.extend(terminator.chars());
    }
    let text = vm.new_str_points(&line.out)?;
    protocol::call_one(vm, &write, &text)
}
