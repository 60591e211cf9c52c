//! Second pass of the symbol table: settles where each name lives.
//!
//! The rules are CPython's (`analyze_block` in `symtable.c`): a block is analysed with the names bound around it, its
//! children afterwards with what it adds; the free names of the children come back and turn its own locals into cells.

use rustc_hash::{FxHashMap, FxHashSet};
use viv_syntax::ast::Name;

use super::{Block, BlockId, BlockKind, CompKind, Scope, Symbol, SymbolTable, flags};
use crate::error::{Result, syntax_error};

type Names = FxHashSet<Name>;

pub(super) fn analyze(table: &mut SymbolTable) -> Result<()> {
    let mut free = Names::default();
    let mut context = Context {
        global: Names::default(),
        type_params: Names::default(),
    };
    block(&mut table.blocks, 0, None, &mut free, &mut context, None)
}

#[derive(Clone)]
struct Context {
    global: Names,
    type_params: Names,
}

/// Analyses one block; what it leaves unresolved is added to `free`.
fn block(
    blocks: &mut Vec<Block>,
    id: BlockId,
    bound: Option<Names>,
    free: &mut Names,
    context: &mut Context,
    class: Option<BlockId>,
) -> Result<()> {
    crate::stack::deeper(|| block_inner(blocks, id, bound, free, context, class))
}

fn block_inner(
    blocks: &mut Vec<Block>,
    id: BlockId,
    mut bound: Option<Names>,
    free: &mut Names,
    context: &mut Context,
    class: Option<BlockId>,
) -> Result<()> {
    let kind = blocks[id].kind;
    let is_class = kind == BlockKind::Class;
    let mut local = Names::default();
    let mut scopes: FxHashMap<Name, Scope> = FxHashMap::default();
    let mut inlined_cells = Names::default();
    let mut new_free = Names::default();
    let (mut new_bound, mut new_global) = (Names::default(), Names::default());

    // A class body's own names are invisible to the blocks inside it, so these are taken before.
    if is_class {
        new_global.extend(context.global.iter().cloned());
        if let Some(bound) = &bound {
            new_bound.extend(bound.iter().cloned());
        }
    }
    for at in 0..blocks[id].symbols.len() {
        let Some((name, symbol)) = blocks[id]
            .symbols
            .get_index(at)
            .map(|(n, s)| (n.clone(), *s))
        else {
            continue;
        };
        let class_flags = class.map(|c| blocks[c].get(&name).flags);
        let scope = analyze_name(
            &blocks[id],
            &name,
            symbol.flags,
            bound.as_mut(),
            &mut local,
            free,
            context,
            class_flags,
        )?;
        scopes.insert(name, scope);
    }
    if is_class {
        for name in ["__class__", "__classdict__", "__conditional_annotations__"] {
            new_bound.insert(Name::const_new(name));
        }
    } else {
        if blocks[id].is_function_like() {
            new_bound.extend(local.iter().cloned());
        }
        if let Some(bound) = &bound {
            new_bound.extend(bound.iter().cloned());
        }
        new_global.extend(context.global.iter().cloned());
    }

    let children = std::mem::take(&mut blocks[id].children);
    let mut spliced = Vec::with_capacity(children.len());
    for child in children {
        let class_entry = match blocks[child].can_see_class_scope {
            true if is_class => Some(id),
            true => class,
            false => None,
        };
        let mut child_free = Names::default();
        let mut child_context = Context {
            global: new_global.clone(),
            type_params: context.type_params.clone(),
        };
        block(
            blocks,
            child,
            Some(new_bound.clone()),
            &mut child_free,
            &mut child_context,
            class_entry,
        )?;
        let inline = matches!(blocks[child].comprehension, Some(kind) if kind != CompKind::Generator)
            && !blocks[id].can_see_class_scope;
        if inline {
            inline_comprehension(
                blocks,
                id,
                child,
                &mut scopes,
                &mut child_free,
                &mut inlined_cells,
            );
            blocks[child].inlined = true;
            spliced.extend(blocks[child].children.iter().copied());
        } else {
            spliced.push(child);
        }
        new_free.extend(child_free);
    }
    blocks[id].children = spliced;

    if blocks[id].is_function_like() {
        for (name, scope) in &mut scopes {
            if *scope == Scope::Local && (new_free.contains(name) || inlined_cells.contains(name)) {
                *scope = Scope::Cell;
                new_free.remove(name);
            }
        }
    } else if is_class {
        let block = &mut blocks[id];
        block.needs_class_closure |= new_free.remove("__class__");
        block.needs_classdict |= new_free.remove("__classdict__");
        block.has_conditional_annotations |= new_free.remove("__conditional_annotations__");
    }
    update(
        &mut blocks[id],
        &scopes,
        bound.as_ref(),
        &new_free,
        &inlined_cells,
        is_class,
    );
    free.extend(new_free);
    Ok(())
}

#[allow(clippy::too_many_arguments)]
fn analyze_name(
    block: &Block,
    name: &Name,
    symbol: u32,
    bound: Option<&mut Names>,
    local: &mut Names,
    free: &mut Names,
    context: &mut Context,
    class_flags: Option<u32>,
) -> Result<Scope> {
    let directive = |msg: String| {
        let span = block
            .directives
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, span)| *span)
            .unwrap_or_default();
        syntax_error(span, msg)
    };
    if symbol & flags::GLOBAL != 0 {
        if symbol & flags::NONLOCAL != 0 {
            return Err(directive(format!("name '{name}' is nonlocal and global")));
        }
        context.global.insert(name.clone());
        if let Some(bound) = bound {
            bound.remove(name);
        }
        return Ok(Scope::GlobalExplicit);
    }
    if symbol & flags::NONLOCAL != 0 {
        let Some(bound) = bound else {
            return Err(directive(
                "nonlocal declaration not allowed at module level".to_owned(),
            ));
        };
        if !bound.contains(name) {
            return Err(directive(format!("no binding for nonlocal '{name}' found")));
        }
        if context.type_params.contains(name) {
            return Err(directive(format!(
                "nonlocal binding not allowed for type parameter '{name}'"
            )));
        }
        free.insert(name.clone());
        return Ok(Scope::Free);
    }
    if symbol & flags::BOUND != 0 {
        local.insert(name.clone());
        context.global.remove(name);
        if symbol & flags::TYPE_PARAM != 0 {
            context.type_params.insert(name.clone());
        } else {
            context.type_params.remove(name);
        }
        return Ok(Scope::Local);
    }
    // The name under which a block finds the class is never one of the class itself.
    if let Some(class_flags) = class_flags.filter(|_| name != "__classdict__") {
        // Bound by the class around, and perhaps by a function around that: looked up in the class at run time.
        if class_flags & flags::GLOBAL != 0 {
            return Ok(Scope::GlobalExplicit);
        }
        if class_flags & flags::BOUND != 0 && class_flags & flags::NONLOCAL == 0 {
            return Ok(Scope::GlobalImplicit);
        }
    }
    if bound.is_some_and(|bound| bound.contains(name)) {
        free.insert(name.clone());
        return Ok(Scope::Free);
    }
    Ok(Scope::GlobalImplicit)
}

/// Merges the names of a comprehension into the block whose code will contain it (PEP 709).
fn inline_comprehension(
    blocks: &mut [Block],
    outer: BlockId,
    comp: BlockId,
    scopes: &mut FxHashMap<Name, Scope>,
    comp_free: &mut Names,
    inlined_cells: &mut Names,
) {
    let symbols: Vec<(Name, Symbol)> = blocks[comp]
        .symbols
        .iter()
        .map(|(n, s)| (n.clone(), *s))
        .collect();
    let in_class = blocks[outer].kind == BlockKind::Class;
    for (name, symbol) in symbols {
        if symbol.flags & flags::PARAM != 0 {
            continue;
        }
        let mut scope = symbol.scope;
        if scope == Scope::Cell || symbol.flags & flags::COMP_CELL != 0 {
            inlined_cells.insert(name.clone());
        }
        let existing = blocks[outer].symbols.get(&name).map(|s| s.flags);
        match existing {
            None => {
                let special = ["__class__", "__classdict__", "__conditional_annotations__"];
                if scope == Scope::Free && in_class && special.contains(&name.as_str()) {
                    scope = Scope::GlobalImplicit;
                    if !free_in_child(blocks, comp, &name) {
                        comp_free.remove(&name);
                    }
                }
                blocks[outer].symbols.insert(
                    name.clone(),
                    Symbol {
                        flags: symbol.flags,
                        scope,
                    },
                );
                scopes.insert(name, scope);
            }
            Some(known) => {
                // Free in the comprehension, local outside: now simply a local, unless a function inside uses it too.
                if known & flags::BOUND != 0 && !in_class && !free_in_child(blocks, comp, &name) {
                    comp_free.remove(&name);
                }
            }
        }
    }
}

fn free_in_child(blocks: &[Block], id: BlockId, name: &str) -> bool {
    blocks[id]
        .children
        .iter()
        .any(|&child| blocks[child].get(name).scope == Scope::Free)
}

fn update(
    block: &mut Block,
    scopes: &FxHashMap<Name, Scope>,
    bound: Option<&Names>,
    free: &Names,
    inlined_cells: &Names,
    is_class: bool,
) {
    let class_flag = is_class || block.can_see_class_scope;
    for (name, symbol) in &mut block.symbols {
        if let Some(scope) = scopes.get(name) {
            symbol.scope = *scope;
        }
        if inlined_cells.contains(name) {
            symbol.flags |= flags::COMP_CELL;
        }
    }
    let mut new: Vec<&Name> = Vec::new();
    for name in free {
        match block.symbols.get_mut(name) {
            Some(symbol) => {
                if class_flag {
                    symbol.flags |= flags::FREE_CLASS;
                }
            }
            None if bound.is_some_and(|bound| !bound.contains(name)) => {}
            None => new.push(name),
        }
    }
    new.sort();
    for name in new {
        block.symbols.insert(
            name.clone(),
            Symbol {
                flags: 0,
                scope: Scope::Free,
            },
        );
    }
}
