//! `compile` of a syntax tree: what is compiled is the tree's text, as `ast.unparse` gives it.
//!
//! Lines count from that of the first statement; the other positions in the tree are not used, so that the lines of a statement
//! of several lines may differ from those of the source that the tree came from.

use viv_heap::Object;

use crate::object::{List, Str};
use crate::protocol;
use crate::result::PyResult;
use crate::vm::{CompileMode, Vm};

/// Whether an object is a node of a syntax tree.
pub fn is_node(vm: &Vm, object: &Object) -> PyResult<bool> {
    let Some(module) = vm.modules.get_text(vm, "_ast")? else {
        return Ok(false);
    };
    let class = protocol::get_attr_str(vm, &module, "AST")?;
    crate::types::ty::check::is_instance(vm, object, &class)
}

/// The text of a tree.
///
/// # Errors
/// TypeError where it is no tree for the mode; what `ast.unparse` raises.
pub fn text(vm: &Vm, tree: &Object, mode: CompileMode) -> PyResult<String> {
    let expected = match mode {
        CompileMode::Exec => "Module",
        CompileMode::Eval => "Expression",
        CompileMode::Single => "Interactive",
    };
    let nodes = super::super::import::import_name(vm, "_ast")?;
    let class = protocol::get_attr_str(vm, &nodes, expected)?;
    if !crate::types::ty::check::is_instance(vm, tree, &class)? {
        return Err(vm.type_error(format!(
            "expected {expected} node, got {}",
            protocol::type_name(tree)
        )));
    }
    let line = first_line(vm, tree)?;
    let ast = super::super::import::import_name(vm, "ast")?;
    let unparse = protocol::get_attr_str(vm, &ast, "unparse")?;
    let text = protocol::call_one(vm, &unparse, tree)?;
    let text = match text.downcast::<Str>() {
        Some(text) => text.to_text().into_owned(),
        None => return Err(vm.type_error("ast.unparse() must return a str")),
    };
    Ok(format!("{}{text}\n", "\n".repeat(line.saturating_sub(1))))
}

/// The line of the first statement, or of the expression.
fn first_line(vm: &Vm, tree: &Object) -> PyResult<usize> {
    let Some(body) = protocol::get_attr_opt(vm, tree, &*vm.intern("body")?)? else {
        return Ok(1);
    };
    let first = match body.downcast::<List>() {
        Some(list) => match list.get(0) {
            Some(first) => first,
            None => return Ok(1),
        },
        None => body,
    };
    let line = match protocol::get_attr_opt(vm, &first, &*vm.intern("lineno")?)? {
        Some(line) => protocol::to_i64(vm, &line)?,
        None => 1,
    };
    // A tree with lines beyond all reason is not followed there.
    Ok(usize::try_from(line).unwrap_or(1).clamp(1, 1_000_000))
}
