//! One code object in the making: its instructions, constants, names and open blocks.

use std::collections::BTreeSet;

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use viv_bytecode::asm::{Handler, HandlerId, Item, Label, NO_HANDLER};
use viv_bytecode::{Code, Const, Location};
use viv_syntax::ast::{Expr, Name, Stmt};

use crate::symtable::BlockId;

/// What a code object is the code of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnitKind {
    /// A module, expression or interactive statement.
    Module,
    /// A class body.
    Class,
    /// A `def`.
    Function,
    /// An `async def`.
    AsyncFunction,
    /// A lambda.
    Lambda,
    /// A comprehension that is not inlined.
    Comprehension,
    /// The scope of type parameters.
    TypeParams,
    /// An `__annotate__` function, or another lazily evaluated expression.
    Annotations,
}

/// A block whose leaving needs code: loops, `try`, `with` …
#[derive(Clone, Copy)]
pub enum Frame<'a> {
    /// `while`
    While { start: Label, end: Label },
    /// `for`: the iterator is on the stack.
    For { start: Label, end: Label },
    /// The body of a `try` with handlers.
    Try { outer: HandlerId },
    /// The body of a `try` with a `finally`.
    FinallyTry { outer: HandlerId, body: &'a [Stmt] },
    /// A `finally` clause that handles an exception.
    FinallyEnd { outer: HandlerId },
    /// The body of a `with`: the exit function and its self are on the stack.
    With {
        outer: HandlerId,
        is_async: bool,
        loc: Location,
    },
    /// The body of an `except` clause.
    HandlerBody {
        outer: HandlerId,
        name: Option<&'a Name>,
    },
    /// The `except` clauses.
    Handlers,
    /// The `except*` clauses.
    GroupHandlers,
    /// A value on the stack to be dropped.
    Value,
}

/// A module's or class's annotation, kept for its `__annotate__` function.
#[derive(Clone, Copy)]
pub struct Deferred<'a> {
    /// The statement.
    pub stmt: &'a Stmt,
    /// The name.
    pub name: &'a Name,
    /// The annotation.
    pub annotation: &'a Expr,
    /// Its number in `__conditional_annotations__`, if it stands in conditional code.
    pub condition: Option<u32>,
}

/// The kind of a fast local in an operand before the numbers are known, in the upper bits.
pub const CELL: u32 = 1 << 30;
/// See [`CELL`].
pub const FREE: u32 = 1 << 31;

type Names = IndexSet<Name, FxBuildHasher>;

/// One code object in the making.
pub struct Unit<'a> {
    pub kind: UnitKind,
    pub block: BlockId,
    pub name: Name,
    pub qualname: Name,
    pub private: Option<Name>,
    pub firstlineno: u32,
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub items: Vec<Item>,
    pub handlers: Vec<Handler>,
    pub labels: u32,
    /// The handler that guards what is emitted now.
    pub handler: HandlerId,
    pub consts: Consts,
    pub names: Names,
    pub varnames: Names,
    pub cellvars: Names,
    pub freevars: Names,
    pub frames: Vec<Frame<'a>>,
    pub static_attributes: BTreeSet<Name>,
    pub deferred: Vec<Deferred<'a>>,
    pub conditional_annotations: u32,
    pub conditional: bool,
    pub fast_hidden: FxHashSet<Name>,
    pub inlined_comp: bool,
    pub docstring: bool,
    /// In a `finally` clause: whether in a loop inside it.
    pub finally: Option<bool>,
    /// Whether a handler around the whole body turns StopIteration into RuntimeError.
    pub stop_iteration: Option<Label>,
    pub flags: u32,
}

impl<'a> Unit<'a> {
    pub fn new(kind: UnitKind, block: BlockId, name: Name, firstlineno: u32) -> Unit<'a> {
        Unit {
            kind,
            block,
            qualname: name.clone(),
            name,
            private: None,
            firstlineno,
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            items: Vec::new(),
            handlers: Vec::new(),
            labels: 0,
            handler: NO_HANDLER,
            consts: Consts::default(),
            names: Names::default(),
            varnames: Names::default(),
            cellvars: Names::default(),
            freevars: Names::default(),
            frames: Vec::new(),
            static_attributes: BTreeSet::new(),
            deferred: Vec::new(),
            conditional_annotations: 0,
            conditional: false,
            fast_hidden: FxHashSet::default(),
            inlined_comp: false,
            docstring: false,
            finally: None,
            stop_iteration: None,
            flags: 0,
        }
    }

    /// The number of a local variable.
    pub fn var(&mut self, name: &Name) -> u32 {
        number(&mut self.varnames, name)
    }

    /// The number of a name.
    pub fn name(&mut self, name: &Name) -> u32 {
        number(&mut self.names, name)
    }

    /// The slot of a variable that lives in a cell; one that is received from outside and also made here is looked up
    /// where `received` says.
    pub fn deref(&self, name: &str, received: bool) -> Option<u32> {
        let own = || {
            let at = self.cellvars.get_index_of(name)?;
            Some(at as u32 | CELL)
        };
        let free = || {
            let at = self.freevars.get_index_of(name)?;
            Some(at as u32 | FREE)
        };
        if received {
            free().or_else(own)
        } else {
            own().or_else(free)
        }
    }
}

fn number(names: &mut Names, name: &Name) -> u32 {
    match names.get_index_of(name.as_str()) {
        Some(at) => at as u32,
        None => names.insert_full(name.clone()).0 as u32,
    }
}

/// The constants of a code object, equal ones kept once.
#[derive(Default)]
pub struct Consts {
    /// The constants.
    pub list: Vec<Const>,
    found: FxHashMap<Box<[u8]>, u32>,
    scratch: Vec<u8>,
}

impl Consts {
    /// The number of a constant.
    pub fn add(&mut self, constant: Const) -> u32 {
        self.scratch.clear();
        if !key(&constant, &mut self.scratch) {
            if let Const::Code(code) = &constant
                && let Some(at) = self
                    .list
                    .iter()
                    .position(|c| matches!(c, Const::Code(other) if same(code, other)))
            {
                return at as u32;
            }
            self.list.push(constant);
            return self.list.len() as u32 - 1;
        }
        if let Some(&at) = self.found.get(&self.scratch[..]) {
            return at;
        }
        let at = self.list.len() as u32;
        self.found.insert(self.scratch.as_slice().into(), at);
        self.list.push(constant);
        at
    }
}

/// Whether two code objects are equal in all that can be seen: a `finally` clause is compiled twice, its functions
/// shall still be the same.
fn same(a: &Code, b: &Code) -> bool {
    a.firstlineno == b.firstlineno
        && a.name == b.name
        && a.instrs == b.instrs
        && a.locations == b.locations
        && a.exceptions == b.exceptions
        && a.flags == b.flags
        && (a.argcount, a.posonlyargcount, a.kwonlyargcount)
            == (b.argcount, b.posonlyargcount, b.kwonlyargcount)
        && a.names == b.names
        && a.varnames == b.varnames
        && a.cellvars == b.cellvars
        && a.freevars == b.freevars
        && a.consts.len() == b.consts.len()
        && a.consts.iter().zip(&b.consts).all(|(x, y)| match (x, y) {
            (Const::Code(x), Const::Code(y)) => same(x, y),
            _ => {
                let (mut left, mut right) = (Vec::new(), Vec::new());
                key(x, &mut left) && key(y, &mut right) && left == right
            }
        })
}

/// Writes what tells a constant from others: type and exact value. Code objects have no key.
fn key(constant: &Const, out: &mut Vec<u8>) -> bool {
    let list = |tag: u8, items: &[Const], out: &mut Vec<u8>| {
        out.push(tag);
        out.extend_from_slice(&(items.len() as u32).to_le_bytes());
        items.iter().all(|item| key(item, out))
    };
    let text = |tag: u8, bytes: &[u8], out: &mut Vec<u8>| {
        out.push(tag);
        out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        out.extend_from_slice(bytes);
    };
    match constant {
        Const::None => out.push(0),
        Const::True => out.push(1),
        Const::False => out.push(2),
        Const::Ellipsis => out.push(3),
        Const::Int(n) => {
            out.push(4);
            out.extend_from_slice(&n.to_le_bytes());
        }
        Const::BigInt(digits) => text(5, digits.as_bytes(), out),
        Const::Float(x) => {
            out.push(6);
            out.extend_from_slice(&x.to_bits().to_le_bytes());
        }
        Const::Complex(re, im) => {
            out.push(7);
            out.extend_from_slice(&re.to_bits().to_le_bytes());
            out.extend_from_slice(&im.to_bits().to_le_bytes());
        }
        Const::Str(bytes) => text(8, bytes, out),
        Const::Bytes(bytes) => text(9, bytes, out),
        Const::Tuple(items) => return list(10, items, out),
        Const::FrozenSet(items) => return list(11, items, out),
        Const::Slice(parts) => return list(12, &parts[..], out),
        Const::Code(_) => return false,
    }
    true
}
