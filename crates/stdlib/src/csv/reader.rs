//! `_csv.reader`: rows from lines.

use std::cell::Cell;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Slot, Str, Type};
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::receiver;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Args, Object, ObjectLayout, PyResult, Ref, Vm, object_layout, protocol};

use super::dialect::{self, Dialect};
use super::error;
use crate::kinds;

/// A `_csv.reader`.
#[repr(C)]
pub struct Reader {
    /// The header.
    pub head: Object,
    input: Slot,
    dialect: Slot<Dialect>,
    lines: Cell<i64>,
    /// Number of rows that were begun.
    begun: Cell<u64>,
}
object_layout!(
    Reader = kinds::CSV_READER,
    traverse | this,
    visit | {
        this.input.visit(visit);
        this.dialect.visit(visit);
    },
    clear | this | {
        this.input.set(None);
        this.dialect.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "reader",
    module: "_csv",
    doc: "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.\n",
    slots: |s| {
        s.iter.set(Some(|_, this| Ok(this.to_ref())));
        s.next.set(Some(next));
    },
    getset: &[
        GetSetDef::member(
            "dialect",
            |vm, this| {
                let dialect = receiver::<Reader>(vm, this)?.dialect.get();
                Ok(dialect.map_or_else(|| vm.none_ref(), Ref::upcast))
            },
            "",
        ),
        GetSetDef::member(
            "line_num",
            |vm, this| vm.new_int(receiver::<Reader>(vm, this)?.lines.get()),
            "",
        ),
    ],
    ..TypeSpec::new(Reader::layout, true)
};

/// The type of readers.
pub fn own_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type(vm, &SPEC, &vm.types.object)
}

/// `_csv.reader(iterable, dialect, **options)`
pub fn new(vm: &Vm, args: Args<'_>) -> PyResult {
    let (iterable, rest) = super::first_argument(vm, "reader", args)?;
    let input = protocol::iter(vm, iterable)?;
    let dialect = dialect::of_arguments(vm, rest.args())?;
    let made = vm.place(Reader {
        head: Object::new(own_type(vm)?.type_head_of()),
        input: Slot::full(input),
        dialect: Slot::full(dialect),
        lines: Cell::new(0),
        begun: Cell::new(0),
    })?;
    vm.heap.track(made.as_object());
    Ok(made.upcast())
}

/// Where in a row the reading is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    StartRow,
    StartField,
    Escaped,
    InField,
    InQuotes,
    EscapedInQuotes,
    QuoteInQuotes,
    LineEnd,
    AfterEscapedLineEnd,
}

/// A row that is being read.
struct Row<'a> {
    vm: &'a Vm,
    dialect: &'a Dialect,
    limit: usize,
    state: State,
    field: Vec<u32>,
    /// Whether the field had no quotes.
    unquoted: bool,
    fields: Vec<Ref>,
}

const NEW_LINE: u32 = 10;
const RETURN: u32 = 13;

impl Row<'_> {
    fn save(&mut self) -> PyResult<()> {
        let vm = self.vm;
        let text = vm.new_str_points(&self.field)?;
        let quoting = self.dialect.quoting;
        let empty = self.field.is_empty();
        self.field.clear();
        let field = if !self.unquoted {
            text.upcast()
        } else if empty && (quoting == dialect::NOTNULL || quoting == dialect::STRINGS) {
            vm.none_ref()
        } else if !empty && (quoting == dialect::NONNUMERIC || quoting == dialect::STRINGS) {
            protocol::call_one(vm, &vm.types.float, &text)?
        } else {
            text.upcast()
        };
        self.fields.push(field);
        Ok(())
    }

    fn add(&mut self, c: u32) -> PyResult<()> {
        if self.field.len() >= self.limit {
            return Err(error(
                self.vm,
                format!("field larger than field limit ({})", self.limit),
            ));
        }
        self.field.push(c);
        Ok(())
    }

    /// Takes a character up, or the end of a line (`None`).
    fn take(&mut self, c: Option<u32>) -> PyResult<()> {
        let d = self.dialect;
        let line_end = matches!(c, None | Some(NEW_LINE | RETURN));
        let after_line = match c {
            None => State::StartRow,
            Some(_) => State::LineEnd,
        };
        let quotes = c.is_some() && c == d.quote && d.quoting != dialect::NONE;
        let escapes = c.is_some() && c == d.escape;
        if self.state == State::StartRow {
            match c {
                None => return Ok(()),
                Some(_) if line_end => {
                    self.state = State::LineEnd;
                    return Ok(());
                }
                Some(_) => self.state = State::StartField,
            }
        }
        if self.state == State::AfterEscapedLineEnd {
            if c.is_none() {
                return Ok(());
            }
            self.state = State::InField;
        }
        match (self.state, c) {
            (State::StartField, _) => {
                self.unquoted = true;
                if line_end {
                    self.save()?;
                    self.state = after_line;
                } else if quotes {
                    self.unquoted = false;
                    self.state = State::InQuotes;
                } else if escapes {
                    self.state = State::Escaped;
                } else if c == Some(u32::from(b' ')) && d.skip_initial_space {
                } else if c == Some(d.delimiter) {
                    self.save()?;
                } else if let Some(c) = c {
                    self.add(c)?;
                    self.state = State::InField;
                }
            }
            (State::Escaped, Some(c @ (NEW_LINE | RETURN))) => {
                self.add(c)?;
                self.state = State::AfterEscapedLineEnd;
            }
            (State::Escaped, c) => {
                self.add(c.unwrap_or(NEW_LINE))?;
                self.state = State::InField;
            }
            (State::InField, _) if line_end => {
                self.save()?;
                self.state = after_line;
            }
            (State::InField, Some(c)) => {
                if escapes {
                    self.state = State::Escaped;
                } else if c == d.delimiter {
                    self.save()?;
                    self.state = State::StartField;
                } else {
                    self.add(c)?;
                }
            }
            (State::InQuotes, Some(c)) => {
                if escapes {
                    self.state = State::EscapedInQuotes;
                } else if quotes {
                    self.state = if d.double_quote {
                        State::QuoteInQuotes
                    } else {
                        State::InField
                    };
                } else {
                    self.add(c)?;
                }
            }
            (State::EscapedInQuotes, c) => {
                self.add(c.unwrap_or(NEW_LINE))?;
                self.state = State::InQuotes;
            }
            (State::QuoteInQuotes, _) if line_end => {
                self.save()?;
                self.state = after_line;
            }
            (State::QuoteInQuotes, Some(c)) => {
                if quotes {
                    self.add(c)?;
                    self.state = State::InQuotes;
                } else if c == d.delimiter {
                    self.save()?;
                    self.state = State::StartField;
                } else if !d.strict {
                    self.add(c)?;
                    self.state = State::InField;
                } else {
                    let shown = |c: Option<u32>| c.and_then(char::from_u32).unwrap_or('\u{fffd}');
                    return Err(error(
                        self.vm,
                        format!(
                            "'{}' expected after '{}'",
                            shown(Some(d.delimiter)),
                            shown(d.quote)
                        ),
                    ));
                }
            }
            (State::LineEnd, None) => self.state = State::StartRow,
            (State::LineEnd, _) if line_end => {}
            (State::LineEnd, Some(_)) => {
                return Err(error(
                    self.vm,
                    "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                ));
            }
            (
                State::InQuotes
                | State::InField
                | State::QuoteInQuotes
                | State::StartRow
                | State::AfterEscapedLineEnd,
                _,
            ) => {}
        }
        Ok(())
    }
}

fn next(vm: &Vm, this: &Object) -> PyResult<Option<Ref>> {
    let this = receiver::<Reader>(vm, this)?;
    let (Some(input), Some(dialect)) = (this.input.get(), this.dialect.get()) else {
        return Ok(None);
    };
    let mut row = Row {
        vm,
        dialect: &dialect,
        limit: usize::try_from(super::field_limit(vm)?).unwrap_or(0),
        state: State::StartRow,
        field: Vec::new(),
        unquoted: false,
        fields: Vec::new(),
    };
    let begun = this.begun.get() + 1;
    this.begun.set(begun);
    loop {
        let line = protocol::next(vm, &input)?;
        if this.begun.get() != begun {
            return Err(error(vm, "iterator has already advanced the reader"));
        }
        let Some(line) = line else {
            if row.field.is_empty() && row.state != State::InQuotes {
                return Ok(None);
            }
            if dialect.strict {
                return Err(error(vm, "unexpected end of data"));
            }
            row.save()?;
            break;
        };
        let Some(text) = line.downcast::<Str>() else {
            return Err(error(
                vm,
                format!(
                    "iterator should return strings, not {} (the file should be opened in text mode)",
                    protocol::type_name(&line)
                ),
            ));
        };
        this.lines.set(this.lines.get() + 1);
        for c in text.chars() {
            row.take(Some(c))?;
        }
        row.take(None)?;
        if row.state == State::StartRow {
            break;
        }
    }
    Ok(Some(vm.new_list(row.fields)?.upcast()))
}
