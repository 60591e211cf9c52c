//! `lru_cache`'s wrapper: a dict from the arguments to the results or, where their number is bounded, to links.
//!
//! The links' order is kept beside the dict (`order.rs`), so that a hit leaves the dict as it is: the comparison of keys may
//! call the wrapper again in the midst of a lookup.
//!
//! **Invariant.** With a bound, each value of the dict is a [`Link`], and each link of the order is in the dict, but for
//! the moments in which Python code runs between the two changes; then the order is without the link.

use std::cell::Cell;

use viv_runtime::native::GetSetDef;
use viv_runtime::object::{Dict, Inner, Int, Slot, Str, Tuple, Type, TypeTraits, kinds};
use viv_runtime::protocol;
use viv_runtime::types::extra::extra_type_with_dict;
use viv_runtime::types::sequence::{place_tracked, receiver};
use viv_runtime::types::spec::TypeSpec;
use viv_runtime::{
    Args, MethodDef, NativeCall, Object, ObjectLayout, PyResult, Ref, Vm, object_layout,
};

use super::lru_order::{Link, Order, link_type};

/// A `functools._lru_cache_wrapper`.
#[repr(C)]
pub struct LruCache {
    /// The header.
    pub head: Object,
    function: Ref,
    cache: Ref<Dict>,
    order: Inner<Order>,
    info: Slot,
    /// Greatest number of results, below zero for any.
    maxsize: i64,
    typed: bool,
    hits: Cell<i64>,
    misses: Cell<i64>,
}
object_layout!(
    LruCache = kinds::LRU_CACHE,
    traverse | this,
    visit | {
        visit.visit(&this.function);
        visit.visit(this.cache.as_object());
        // The links are too plain for the collector to watch: what they hold is this object's.
        this.order.read(|order| {
            order.each(|link| {
                visit.visit(link);
                visit.visit(&link.key);
                visit.visit(&link.result);
            });
        });
        this.info.visit(visit);
    },
    clear | this | {
        drop(this.order.write(Order::take));
        this.cache.clear();
        this.info.set(None);
    }
);

static SPEC: TypeSpec = TypeSpec {
    name: "_lru_cache_wrapper",
    module: "functools",
    doc: "Create a cached callable that wraps another function.\n\nuser_function:      the function being cached\n\nmaxsize:  0         for no caching\n          None      for unlimited cache size\n          n         for a bounded cache\n\ntyped:    False     cache f(3) and f(3.0) as identical calls\n          True      cache f(3) and f(3.0) as distinct calls\n\ncache_info_type:    namedtuple class with the fields:\n                        hits misses currsize maxsize\n",
    traits: TypeTraits::BASE | TypeTraits::METHOD_DESCRIPTOR,
    slots: |s| {
        s.new.set(Some(new));
        s.call.set(Some(call));
        s.descr_get
            .set(Some(|vm, this, instance, _| match instance {
                Some(instance) if !vm.is_none(instance) => {
                    viv_runtime::types::function::bind(vm, this, instance)
                }
                _ => Ok(this.to_ref()),
            }));
    },
    methods: &[METHODS],
    getset: &[GetSetDef::get_set(
        "__dict__",
        viv_runtime::types::object::get_dict,
        viv_runtime::types::object::set_dict,
        "",
    )],
    ..TypeSpec::new(LruCache::layout, true)
};

const METHODS: &[MethodDef] = &[
    MethodDef::new(
        "cache_info",
        "($self, /)",
        NativeCall::NoArgs(cache_info),
        "Report cache statistics",
    ),
    MethodDef::new(
        "cache_clear",
        "($self, /)",
        NativeCall::NoArgs(cache_clear),
        "Clear the cache and cache statistics",
    ),
    MethodDef::new(
        "__reduce__",
        "",
        NativeCall::NoArgs(|vm, this| protocol::get_attr(vm, this, &vm.names.__qualname__)),
        "",
    ),
    MethodDef::new(
        "__copy__",
        "",
        NativeCall::Raw(|_, this, _| Ok(this.to_ref())),
        "",
    ),
    MethodDef::new(
        "__deepcopy__",
        "",
        NativeCall::Raw(|_, this, _| Ok(this.to_ref())),
        "",
    ),
];

/// The type `functools._lru_cache_wrapper`.
pub fn wrapper_type(vm: &Vm) -> PyResult<Ref<Type>> {
    extra_type_with_dict(vm, &SPEC, &vm.types.object)
}

fn new(vm: &Vm, ty: &Type, args: Args<'_>) -> PyResult {
    let names = ["user_function", "maxsize", "typed", "cache_info_type"];
    let mut values: [Option<&Object>; 4] = [None; 4];
    for (place, value) in values.iter_mut().zip(args.pos()) {
        *place = Some(value);
    }
    for (name, value) in args.keywords() {
        if let Some(i) = names.iter().position(|n| name.eq_text(n)) {
            values[i] = Some(value);
        }
    }
    let [Some(function), Some(maxsize), Some(typed), Some(info)] = values else {
        return Err(vm.type_error("_lru_cache_wrapper() missing required argument"));
    };
    if !protocol::is_callable(function) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    let maxsize = if vm.is_none(maxsize) {
        -1
    } else if Type::of(maxsize).slots.index.get().is_some() {
        protocol::to_i64(vm, maxsize)?.max(0)
    } else {
        return Err(vm.type_error("maxsize should be integer or None"));
    };
    place_tracked(
        vm,
        LruCache {
            head: Object::new(ty.type_head_of()),
            function: function.to_ref(),
            cache: vm.new_dict()?,
            order: Inner::new(Order::default()),
            info: Slot::full(info.to_ref()),
            maxsize,
            typed: protocol::is_true(vm, typed)?,
            hits: Cell::new(0),
            misses: Cell::new(0),
        },
    )
}

/// The key of a call: the only argument itself where it is an int or a string, else a tuple.
fn make_key(vm: &Vm, this: &LruCache, args: Args<'_>) -> PyResult {
    if let ([only], 0, false) = (args.pos(), args.keyword_count(), this.typed)
        && (only.is_exact::<Int>() || only.is_exact::<Str>())
    {
        return Ok(only.to_ref());
    }
    if args.keyword_count() == 0 && !this.typed {
        let parts = args.pos().iter().map(|o| o.to_ref());
        return Ok(Tuple::place(vm, &vm.types.tuple, parts)?.upcast());
    }
    let mut parts: Vec<Ref> = args.pos().iter().map(|o| o.to_ref()).collect();
    if args.keyword_count() > 0 {
        // The type of the wrapper stands for the mark between positional and keyword arguments.
        parts.push(Type::of(this).head.to_ref());
        for (name, value) in args.keywords() {
            parts.push(name.to_ref());
            parts.push(value.to_ref());
        }
    }
    if this.typed {
        parts.extend(args.values().iter().map(|v| Type::of(v).head.to_ref()));
    }
    Ok(vm.new_tuple(parts)?.upcast())
}

fn call(vm: &Vm, this: &Object, args: Args<'_>) -> PyResult {
    let this = receiver::<LruCache>(vm, this)?;
    if this.maxsize == 0 {
        this.misses.set(this.misses.get() + 1);
        return protocol::call(vm, &this.function, args);
    }
    let key = make_key(vm, this, args)?;
    let hash = protocol::hash(vm, &key)?;
    if this.maxsize < 0 {
        return unbounded(vm, this, args, &key, hash);
    }
    if let Some(found) = this.cache.get_hashed(vm, &key, hash)? {
        let Ok(link) = found.cast::<Link>() else {
            return Err(
                vm.type_error("the cache of a bounded lru_cache holds something else than links")
            );
        };
        // The most recently used goes to the end, unless the comparison of keys has taken it out.
        this.order.write(|order| order.renew(&link));
        this.hits.set(this.hits.get() + 1);
        return Ok(link.result.clone());
    }
    this.misses.set(this.misses.get() + 1);
    let result = protocol::call(vm, &this.function, args)?;
    if this.cache.get_hashed(vm, &key, hash)?.is_some() {
        // The call itself has entered the same key.
        return Ok(result);
    }
    if this.cache.len() as i64 >= this.maxsize
        && let Some(oldest) = this.order.write(Order::take_oldest)
    {
        let removed = this.cache.remove_hashed(vm, &oldest.key, oldest.hash);
        if removed.is_err() {
            // A comparison has failed: the link is in the dict still.
            this.order.write(|order| order.append(&oldest));
        }
        removed?;
    }
    let link = Link::place(vm, &*link_type(vm)?, &key, hash, &result)?;
    this.cache
        .set_hashed(vm, &key, hash, link.clone().upcast())?;
    if !this.order.write(|order| order.append(&link)) {
        drop(this.cache.remove_hashed(vm, &key, hash)?);
        return Err(vm.no_memory());
    }
    Ok(result)
}

fn unbounded(vm: &Vm, this: &LruCache, args: Args<'_>, key: &Object, hash: i64) -> PyResult {
    if let Some(result) = this.cache.get_hashed(vm, key, hash)? {
        this.hits.set(this.hits.get() + 1);
        return Ok(result);
    }
    this.misses.set(this.misses.get() + 1);
    let result = protocol::call(vm, &this.function, args)?;
    this.cache.set_hashed(vm, key, hash, result.clone())?;
    Ok(result)
}

fn cache_info(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<LruCache>(vm, this)?;
    let Some(info) = this.info.get() else {
        return Ok(vm.none_ref());
    };
    let maxsize = if this.maxsize < 0 {
        vm.none_ref()
    } else {
        vm.new_int(this.maxsize)?
    };
    let (hits, misses) = (vm.new_int(this.hits.get())?, vm.new_int(this.misses.get())?);
    protocol::call_args(
        vm,
        &info,
        &[&hits, &misses, &maxsize, &*vm.new_usize(this.cache.len())?],
    )
}

fn cache_clear(vm: &Vm, this: &Object) -> PyResult {
    let this = receiver::<LruCache>(vm, this)?;
    this.hits.set(0);
    this.misses.set(0);
    let links = this.order.write(Order::take);
    this.cache.clear();
    drop(links);
    Ok(vm.none_ref())
}
