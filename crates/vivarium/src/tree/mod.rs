//! Syntax trees as scripts see them: nodes of the classes in `_ast`, made from the parser's tree.

mod statements;
mod to_python;

use viv_runtime::{PyResult, Ref, Vm};
use viv_syntax::ast::Mod;

/// The module `_ast`.
fn ast_module(vm: &Vm) -> PyResult<Ref> {
    viv_runtime::modules::import::import_name(vm, "_ast")
}

/// The node of a tree.
pub(crate) fn to_python(vm: &Vm, tree: &Mod) -> PyResult {
    to_python::Builder::new(vm)?.module(tree)
}
