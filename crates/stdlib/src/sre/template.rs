//! Replacement templates: literals and the numbers of groups in turn.

use viv_runtime::object::{Int, List, Str, TypeTraits};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type;
use viv_runtime::types::sequence::place_tracked;
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{Object, ObjectLayout, PyResult, Ref, Vm, object_layout};

use super::matched::Match;
use super::pattern::Pattern;
use super::replace;
use crate::kinds;

/// A `_sre.SRE_Template`.
#[repr(C)]
pub struct Template {
    /// The header.
    pub head: Object,
    first: Ref,
    /// Each group with the literal behind it.
    rest: Box<[(usize, Ref)]>,
}
object_layout!(
    Template = kinds::SRE_TEMPLATE,
    traverse | this,
    visit | {
        visit.visit(&this.first);
        for (_, literal) in &this.rest {
            visit.visit(literal);
        }
    },
    clear | _this | {}
);

static SPEC: TypeSpec = TypeSpec {
    name: "SRE_Template",
    module: "_sre",
    traits: TypeTraits::NO_NEW,
    ..TypeSpec::new(Template::layout, true)
};

/// `_sre.template(pattern, [literal, group, literal, …])`; a literal alone stays itself.
pub fn make(vm: &Vm, _: &Object, args: &[&Object]) -> PyResult {
    let Some(list) = args.get(1).and_then(|list| list.downcast::<List>()) else {
        return Err(vm.type_error("template() argument 2 must be list"));
    };
    let wrong = || vm.type_error("invalid template");
    let items = list.snapshot();
    let (first, rest) = items.split_first().ok_or_else(wrong)?;
    if rest.is_empty() {
        return Ok(first.clone());
    }
    let mut pairs = Vec::with_capacity(rest.len() / 2);
    for pair in rest.chunks(2) {
        let [group, literal] = pair else {
            return Err(wrong());
        };
        let group = group.downcast::<Int>().and_then(|n| n.as_i64());
        let group = group.and_then(|n| usize::try_from(n).ok());
        pairs.push((group.ok_or_else(wrong)?, literal.clone()));
    }
    let ty = extra_type(vm, &SPEC, &vm.types.object)?;
    place_tracked(
        vm,
        Template {
            head: Object::new(ty.type_head_of()),
            first: first.clone(),
            rest: pairs.into(),
        },
    )
}

/// The template of a replacement text, through `re`, which caches them.
pub fn compile(vm: &Vm, pattern: &Pattern, source: &Object) -> PyResult {
    let re = match vm.modules.get_text(vm, "re")? {
        Some(known) => known,
        None => viv_runtime::modules::import::import_name(vm, "re")?,
    };
    let function = protocol::get_attr_str(vm, &re, "_compile_template")?;
    protocol::call_args(vm, &function, &[&pattern.head, source])
}

/// What a template, or a literal, gives for a match.
pub fn expand(vm: &Vm, template: &Object, matched: &Match) -> PyResult {
    let Some(template) = template.downcast::<Template>() else {
        return Ok(template.to_ref());
    };
    let mut parts = vec![template.first.clone()];
    let empty = replace::empty_like(vm, &template.first)?;
    for (group, literal) in &template.rest {
        if *group > matched.pattern.groups {
            return Err(vm.index_error("no such group"));
        }
        parts.push(matched.group(vm, *group, &empty)?);
        parts.push(literal.clone());
    }
    replace::join(vm, matched.subject.downcast::<Str>().is_some(), parts)
}
