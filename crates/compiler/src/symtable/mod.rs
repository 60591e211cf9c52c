//! The symbol table: which names each block binds and uses, and where each name of a block lives.
//!
//! Two passes, as in CPython's `symtable.c`: [`build`] walks the tree and records every binding and use with its
//! flags; [`analyze`] then settles the scope of every name, propagates free variables outwards and inlines
//! comprehensions (PEP 709).
//!
//! **Invariant.** Blocks are found again by the address of the node that made them, so the tree must not move between
//! the two uses of a [`SymbolTable`].

mod analyze;
mod build;

pub(crate) use build::parameters_for_annotations;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use viv_syntax::SyntaxError;
use viv_syntax::ast::{Mod, Name, Span};

use crate::future::Features;

/// What a name is used for in a block: CPython's `DEF_*` bits.
pub mod flags {
    /// Declared `global`.
    pub const GLOBAL: u32 = 1;
    /// Assigned.
    pub const LOCAL: u32 = 2;
    /// A parameter.
    pub const PARAM: u32 = 4;
    /// Declared `nonlocal`.
    pub const NONLOCAL: u32 = 8;
    /// Read.
    pub const USE: u32 = 16;
    /// Free in a class, and bound there too.
    pub const FREE_CLASS: u32 = 64;
    /// Bound by an import.
    pub const IMPORT: u32 = 128;
    /// Annotated.
    pub const ANNOT: u32 = 256;
    /// The target of a comprehension.
    pub const COMP_ITER: u32 = 512;
    /// A type parameter.
    pub const TYPE_PARAM: u32 = 1024;
    /// A cell inside an inlined comprehension.
    pub const COMP_CELL: u32 = 2048;
    /// Bound in the block in some way.
    pub const BOUND: u32 = LOCAL | PARAM | IMPORT | TYPE_PARAM;
}

/// Where a name lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Scope {
    /// Not known to the block.
    #[default]
    Unknown,
    /// A local of the block.
    Local,
    /// Declared `global`.
    GlobalExplicit,
    /// Global because nothing else binds it.
    GlobalImplicit,
    /// A cell of an enclosing function.
    Free,
    /// A local that inner functions use.
    Cell,
}

/// One name of a block.
#[derive(Clone, Copy, Debug, Default)]
pub struct Symbol {
    /// The [`flags`].
    pub flags: u32,
    /// The scope, once analysed.
    pub scope: Scope,
}

/// The kind of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockKind {
    /// A module, expression or interactive statement.
    Module,
    /// A class body.
    Class,
    /// A function, lambda or comprehension.
    Function,
    /// The `__annotate__` function of a block (PEP 649).
    Annotation,
    /// The lazy value of a type parameter's bound or default.
    TypeVariable,
    /// The lazy value of a type alias.
    TypeAlias,
    /// The scope of type parameters (PEP 695).
    TypeParameters,
}

/// The kind of a comprehension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompKind {
    /// `[…]`
    List,
    /// `{…}`
    Set,
    /// `{k: v …}`
    Dict,
    /// `(…)`
    Generator,
}

impl CompKind {
    /// How errors name it.
    pub fn text(self) -> &'static str {
        match self {
            CompKind::List => "list comprehension",
            CompKind::Set => "set comprehension",
            CompKind::Dict => "dict comprehension",
            CompKind::Generator => "generator expression",
        }
    }
}

/// The number of a block.
pub type BlockId = usize;

/// One block.
#[derive(Debug)]
pub struct Block {
    /// The kind.
    pub kind: BlockKind,
    /// What it is called: the name of the definition, or the kind of what has none.
    pub name: Name,
    /// The line where it begins; 0 for a module.
    pub line: u32,
    /// The names in the order of their first appearance.
    pub symbols: IndexMap<Name, Symbol, FxBuildHasher>,
    /// The parameters.
    pub params: Vec<Name>,
    /// The blocks inside.
    pub children: Vec<BlockId>,
    /// Where `global` and `nonlocal` statements stand.
    pub directives: Vec<(Name, Span)>,
    /// Inside a function.
    pub nested: bool,
    /// Contains `yield`.
    pub generator: bool,
    /// `async def`, or contains what makes it one.
    pub coroutine: bool,
    /// The kind of comprehension, if it is one.
    pub comprehension: Option<CompKind>,
    /// Has annotations.
    pub annotations_used: bool,
    /// A class whose methods use `__class__`.
    pub needs_class_closure: bool,
    /// A class whose inner scopes look at its namespace.
    pub needs_classdict: bool,
    /// A comprehension whose code stands in its outer block.
    pub inlined: bool,
    /// A scope that sees the names of the class around it.
    pub can_see_class_scope: bool,
    /// A function directly in a class.
    pub method: bool,
    /// Some annotations stand in conditional code.
    pub has_conditional_annotations: bool,
    /// The block of this block's deferred annotations.
    pub annotation_block: Option<BlockId>,
    /// In the type parameter scope of a class: the only names that are mangled.
    pub mangled_names: Option<FxHashSet<Name>>,
    iter_target: bool,
    iter_expr: u32,
    conditional: bool,
    unevaluated: bool,
    scope_info: &'static str,
}

impl Block {
    fn new(kind: BlockKind, name: Name, line: u32) -> Block {
        Block {
            kind,
            name,
            line,
            symbols: IndexMap::default(),
            params: Vec::new(),
            children: Vec::new(),
            directives: Vec::new(),
            nested: false,
            generator: false,
            coroutine: false,
            comprehension: None,
            annotations_used: false,
            needs_class_closure: false,
            needs_classdict: false,
            inlined: false,
            can_see_class_scope: false,
            method: false,
            has_conditional_annotations: false,
            annotation_block: None,
            mangled_names: None,
            iter_target: false,
            iter_expr: 0,
            conditional: false,
            unevaluated: false,
            scope_info: "",
        }
    }

    /// Whether the block is executed like a function.
    pub fn is_function_like(&self) -> bool {
        !matches!(self.kind, BlockKind::Module | BlockKind::Class)
    }

    /// The symbol of a (mangled) name.
    pub fn get(&self, name: &str) -> Symbol {
        self.symbols.get(name).copied().unwrap_or_default()
    }
}

/// Which of a node's blocks is meant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// The body.
    Body,
    /// The scope of the type parameters.
    TypeParams,
    /// The annotations.
    Annotations,
    /// A type parameter's bound.
    Bound,
    /// A type parameter's default.
    Default,
}

/// The address of a node, by which its blocks are found.
pub fn address<T>(node: &T) -> usize {
    std::ptr::from_ref(node) as usize
}

/// The symbol table of a tree.
#[derive(Debug)]
pub struct SymbolTable {
    /// All blocks; the first is the module.
    pub blocks: Vec<Block>,
    found: FxHashMap<(usize, Part), BlockId>,
}

impl SymbolTable {
    /// The block that a node made.
    pub fn lookup(&self, node: usize, part: Part) -> Option<BlockId> {
        self.found.get(&(node, part)).copied()
    }

    /// Builds and analyses the table of a tree.
    pub(crate) fn build(
        tree: &Mod,
        features: Features,
        top_level_await: bool,
    ) -> Result<SymbolTable, Box<SyntaxError>> {
        let mut table = build::build(tree, features, top_level_await)?;
        analyze::analyze(&mut table)?;
        Ok(table)
    }
}

/// The name under which `name` is stored in a class called `private` (PEP-free rule of private names).
pub fn mangle(private: Option<&str>, name: &Name) -> Name {
    let Some(class) = private else {
        return name.clone();
    };
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return name.clone();
    }
    let class = class.trim_start_matches('_');
    if class.is_empty() {
        return name.clone();
    }
    let mut out = Name::with_capacity(1 + class.len() + name.len());
    out.push('_');
    out.push_str(class);
    out.push_str(name);
    out
}

/// [`mangle`], but in the type parameter scope of a class only for the type parameters themselves.
pub fn maybe_mangle(private: Option<&str>, block: &Block, name: &Name) -> Name {
    match &block.mangled_names {
        Some(names) if !names.contains(name) => name.clone(),
        _ => mangle(private, name),
    }
}
