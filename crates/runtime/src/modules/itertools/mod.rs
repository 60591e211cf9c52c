//! The module `itertools`.
//!
//! Each iterator is a type of its own; those that take one item at a time stand in [`single`], endless ones in
//! [`infinite`], those over several iterables in [`several`], and so on.

pub mod combine;
pub mod grouping;
pub mod infinite;
pub mod product;
pub mod several;
pub mod single;
pub mod tee;

use super::make::ModuleSpec;
use crate::args::Args;
use crate::native::bind::Parameters;
use crate::native::{MethodDef, NativeCall};
use crate::object::Module;
use crate::result::PyResult;
use crate::vm::Vm;

/// The module.
pub static MODULE: ModuleSpec = ModuleSpec {
    name: "itertools",
    doc: "Functional tools for creating and using iterators.\n\nInfinite iterators:\ncount(start=0, step=1) --> start, start+step, start+2*step, ...\ncycle(p) --> p0, p1, ... plast, p0, p1, ...\nrepeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times\n\nIterators terminating on the shortest input sequence:\naccumulate(p[, func]) --> p0, p0+p1, p0+p1+p2\nbatched(p, n) --> [p0, p1, ..., p_n-1], [p_n, p_n+1, ..., p_2n-1], ...\nchain(p, q, ...) --> p0, p1, ... plast, q0, q1, ...\nchain.from_iterable([p, q, ...]) --> p0, p1, ... plast, q0, q1, ...\ncompress(data, selectors) --> (d[0] if s[0]), (d[1] if s[1]), ...\ndropwhile(predicate, seq) --> seq[n], seq[n+1], starting when predicate fails\ngroupby(iterable[, keyfunc]) --> sub-iterators grouped by value of keyfunc(v)\nfilterfalse(predicate, seq) --> elements of seq where predicate(elem) is False\nislice(seq, [start,] stop [, step]) --> elements from\n       seq[start:stop:step]\npairwise(s) --> (s[0],s[1]), (s[1],s[2]), (s[2], s[3]), ...\nstarmap(fun, seq) --> fun(*seq[0]), fun(*seq[1]), ...\ntee(it, n=2) --> (it1, it2 , ... itn) splits one iterator into n\ntakewhile(predicate, seq) --> seq[0], seq[1], until predicate fails\nzip_longest(p, q, ...) --> (p[0], q[0]), (p[1], q[1]), ...\n\nCombinatoric generators:\nproduct(p, q, ... [repeat=1]) --> cartesian product\npermutations(p[, r])\ncombinations(p, r)\ncombinations_with_replacement(p, r)\n",
    functions: &[FUNCTIONS],
    fill,
};

const FUNCTIONS: &[MethodDef] = &[MethodDef::new(
    "tee",
    "($module, iterable, n=2, /)",
    NativeCall::Positional {
        min: 1,
        max: 2,
        call: tee::tee,
    },
    "Returns a tuple of n independent iterators.",
)];

fn fill(vm: &Vm, module: &Module) -> PyResult<()> {
    let t = &vm.types;
    for (name, ty) in [
        ("accumulate", &t.accumulate),
        ("batched", &t.batched),
        ("chain", &t.chain),
        ("combinations", &t.combinations),
        (
            "combinations_with_replacement",
            &t.combinations_with_replacement,
        ),
        ("compress", &t.compress),
        ("count", &t.count),
        ("cycle", &t.cycle),
        ("dropwhile", &t.dropwhile),
        ("filterfalse", &t.filterfalse),
        ("groupby", &t.groupby),
        ("islice", &t.islice),
        ("pairwise", &t.pairwise),
        ("permutations", &t.permutations),
        ("product", &t.product),
        ("repeat", &t.repeat),
        ("starmap", &t.starmap),
        ("takewhile", &t.takewhile),
        ("zip_longest", &t.zip_longest),
        ("_grouper", &t.grouper),
        ("_tee", &t.tee),
        ("_tee_dataobject", &t.tee_data),
    ] {
        module.dict.set_text(vm, name, ty.as_object())?;
    }
    Ok(())
}

/// Declares the spec of an iterator type.
macro_rules! iterator_type {
    ($spec:ident, $layout:ident, $name:literal, $signature:literal, $doc:literal, $new:expr, $next:expr $(, repr: $repr:expr)? $(, methods: $methods:expr)? $(,)?) => {
        #[doc = concat!("The type `itertools.", $name, "`.")]
        pub static $spec: $crate::types::spec::TypeSpec = $crate::types::spec::TypeSpec {
            name: $name,
            module: "itertools",
            signature: $signature,
            doc: $doc,
            traits: $crate::object::TypeTraits::BASE,
            slots: |s| {
                s.new.set(Some($new));
                s.iter.set(Some(|_, this| Ok(this.to_ref())));
                s.next.set(Some($next));
                $(s.repr.set(Some($repr));)?
            },
            $(methods: $methods,)?
            ..$crate::types::spec::TypeSpec::new(<$layout as viv_heap::ObjectLayout>::layout, true)
        };
    };
}
pub(crate) use iterator_type;

/// Binds the arguments of a constructor to the parameters of its signature.
pub(crate) fn bind<'a>(
    vm: &Vm,
    name: &str,
    signature: &'static str,
    args: Args<'a>,
) -> PyResult<crate::native::bind::Bound<'a>> {
    Parameters::of(signature).bind(vm, name, args)
}
