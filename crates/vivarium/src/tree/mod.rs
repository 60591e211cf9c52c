//! Syntax trees as scripts see them: nodes of the classes in `_ast`, made from the parser's tree.

mod from_parts;
mod from_patterns;
mod from_python;
mod from_statements;
mod statements;
mod to_python;

use viv_runtime::vm::CompileMode;
use viv_runtime::{Object, PyResult, Ref, Vm};
use viv_syntax::ast::Mod;

/// The module `_ast`.
fn ast_module(vm: &Vm) -> PyResult<Ref> {
    viv_runtime::modules::import::import_name(vm, "_ast")
}

/// The node of a tree.
pub(crate) fn to_python(vm: &Vm, tree: &Mod) -> PyResult {
    to_python::Builder::new(vm)?.module(tree)
}

/// The compiler's tree of a node that a script has made.
///
/// # Errors
/// TypeError and ValueError for what is no good tree, RecursionError for one that is too deep.
pub(crate) fn from_python(vm: &Vm, node: &Object, mode: CompileMode) -> PyResult<Mod> {
    let wanted = match mode {
        CompileMode::Exec => "Module",
        CompileMode::Eval => "Expression",
        CompileMode::Single => "Interactive",
    };
    from_python::Reader::new(vm)?.root(node, wanted)
}

/// Whether an object is a node of the module `ast`.
pub(crate) fn is_node(vm: &Vm, object: &Object) -> PyResult<bool> {
    // Without the module there are no nodes.
    let Some(module) = vm.modules.get_text(vm, "_ast")? else {
        return Ok(false);
    };
    // While the module itself is being loaded there are no nodes.
    let class = viv_runtime::protocol::get_attr_opt(vm, &module, &*vm.intern("AST")?)?;
    let Some(class) = class else {
        return Ok(false);
    };
    viv_runtime::modules::builtins::objects::is_instance(vm, object, &class)
}
