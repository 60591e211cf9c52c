//! What the diagnosis remembers of an expression: its kind and place.

use std::rc::Rc;

/// A recognised expression.
#[derive(Debug)]
pub struct Node {
    pub kind: NodeKind,
    /// Its first token, and the one after its last.
    pub l: usize,
    pub r: usize,
    /// Elements of a list or tuple, the value of a star, the left side of a comparison.
    pub kids: Vec<N>,
}

pub type N = Rc<Node>;

/// The kinds that messages tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    Attribute,
    Subscript,
    Starred,
    Name,
    List,
    Tuple,
    Lambda,
    Call,
    Operation,
    Generator,
    Yield,
    Await,
    ListComp,
    SetComp,
    DictComp,
    Dict,
    Set,
    FString,
    TString,
    None,
    False,
    True,
    Ellipsis,
    Literal,
    /// A comparison; `is_in` if its first operator is `in`.
    Compare {
        is_in: bool,
    },
    IfExp,
    Named,
    /// A pattern or another piece that no message names.
    Other,
}

impl NodeKind {
    /// How messages call it.
    pub fn name(self) -> &'static str {
        use NodeKind as K;
        match self {
            K::Attribute => "attribute",
            K::Subscript => "subscript",
            K::Starred => "starred",
            K::Name => "name",
            K::List => "list",
            K::Tuple => "tuple",
            K::Lambda => "lambda",
            K::Call => "function call",
            K::Operation | K::Other => "expression",
            K::Generator => "generator expression",
            K::Yield => "yield expression",
            K::Await => "await expression",
            K::ListComp => "list comprehension",
            K::SetComp => "set comprehension",
            K::DictComp => "dict comprehension",
            K::Dict => "dict literal",
            K::Set => "set display",
            K::FString => "f-string expression",
            K::TString => "t-string expression",
            K::None => "None",
            K::False => "False",
            K::True => "True",
            K::Ellipsis => "ellipsis",
            K::Literal => "literal",
            K::Compare { .. } => "comparison",
            K::IfExp => "conditional expression",
            K::Named => "named expression",
        }
    }
}

/// What a target is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Assign,
    For,
    Delete,
}

/// The part of a would-be target that cannot be one.
pub fn invalid_target(node: &N, wanted: Use) -> Option<N> {
    match node.kind {
        NodeKind::List | NodeKind::Tuple => {
            node.kids.iter().find_map(|kid| invalid_target(kid, wanted))
        }
        NodeKind::Starred if wanted == Use::Delete => Some(node.clone()),
        NodeKind::Starred => node
            .kids
            .first()
            .and_then(|kid| invalid_target(kid, wanted)),
        // `for a in b` without its `for` reads as a comparison.
        NodeKind::Compare { is_in } if wanted == Use::For => node
            .kids
            .first()
            .filter(|_| is_in)
            .and_then(|kid| invalid_target(kid, wanted)),
        NodeKind::Name | NodeKind::Subscript | NodeKind::Attribute => None,
        _ => Some(node.clone()),
    }
}
