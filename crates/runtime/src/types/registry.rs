//! The list of the builtin types.
//!
//! To add one: write its folder with a `SPEC`, then a row here. Bases stand before the types that extend them.

use viv_heap::{Heap, Ref};

use super::spec::{TypeSpec, allocate};
use crate::object::Type;

macro_rules! builtin_types {
    ($($field:ident = $spec:path, base $base:ident;)+) => {
        /// Every builtin type of an interpreter.
        #[allow(missing_docs)]
        pub struct Types { $(pub $field: Ref<Type>,)+ }

        impl Types {
            /// Allocates all of them, empty: [`fill`](super::spec::fill) does the rest once there is a `Vm`.
            pub(crate) fn allocate(heap: &Heap) -> Option<Types> {
                let meta = super::spec::allocate_meta(heap);
                const SPECS: &[&TypeSpec] = &[$(&$spec,)+];
                // All of them first, then the fields at once; see `Names::new`.
                let made: Option<Vec<_>> = SPECS.iter().map(|spec| allocate(heap, &meta, spec)).collect();
                let [$($field,)+]: [Ref<Type>; SPECS.len()] = made?.try_into().ok()?;
                let types = Types { $($field,)+ };
                types.all().iter().for_each(|(_, ty, _)| ty.set_type(types.type_.type_head_of()));
                Some(types)
            }

            /// All of them with their specs and bases (the base of `object` is `object`), in order.
            pub(crate) fn all(&self) -> Vec<(&'static TypeSpec, &Ref<Type>, &Ref<Type>)> {
                vec![$((&$spec, &self.$field, &self.$base),)+]
            }
        }
    };
}

builtin_types! {
    object = super::object::SPEC, base object;
    type_ = super::ty::SPEC, base object;
    int = super::int::SPEC, base object;
    bool = super::bool::SPEC, base int;
    float = super::float::SPEC, base object;
    complex = super::complex::SPEC, base object;
    str = super::str::SPEC, base object;
    str_iterator = super::str::iterator::SPEC, base object;
    str_ascii_iterator = super::str::iterator::ASCII_SPEC, base object;
    bytes = super::bytes::SPEC, base object;
    bytes_iterator = super::bytes::iterator::SPEC, base object;
    bytearray = super::bytearray::SPEC, base object;
    bytearray_iterator = super::bytes::iterator::ARRAY_SPEC, base object;
    memoryview = super::memoryview::SPEC, base object;
    memory_iterator = super::memoryview::iterator::SPEC, base object;
    tuple = super::tuple::SPEC, base object;
    list = super::list::SPEC, base object;
    list_iterator = super::list::iterator::ITERATOR_SPEC, base object;
    list_reverse_iterator = super::list::iterator::REVERSE_ITERATOR_SPEC, base object;
    tuple_iterator = super::tuple::iterator::ITERATOR_SPEC, base object;
    dict = super::dict::SPEC, base object;
    dict_key_iterator = super::dict::iterator::KEY_ITERATOR_SPEC, base object;
    dict_value_iterator = super::dict::iterator::VALUE_ITERATOR_SPEC, base object;
    dict_item_iterator = super::dict::iterator::ITEM_ITERATOR_SPEC, base object;
    dict_reverse_key_iterator = super::dict::iterator::REVERSE_KEY_ITERATOR_SPEC, base object;
    dict_reverse_value_iterator = super::dict::iterator::REVERSE_VALUE_ITERATOR_SPEC, base object;
    dict_reverse_item_iterator = super::dict::iterator::REVERSE_ITEM_ITERATOR_SPEC, base object;
    dict_keys = super::dict::view::KEYS_SPEC, base object;
    dict_values = super::dict::view::VALUES_SPEC, base object;
    dict_items = super::dict::view::ITEMS_SPEC, base object;
    set = super::set::SPEC, base object;
    frozenset = super::frozenset::SPEC, base object;
    set_iterator = super::set::iterator::SPEC, base object;
    range = super::range::SPEC, base object;
    range_iterator = super::range::iterator::ITERATOR_SPEC, base object;
    long_range_iterator = super::range::iterator::LONG_ITERATOR_SPEC, base object;
    slice = super::slice::SPEC, base object;
    sequence_iterator = super::iterators::SEQUENCE_SPEC, base object;
    callable_iterator = super::iterators::CALLABLE_SPEC, base object;
    enumerate = super::enumerate::SPEC, base object;
    reversed = super::reversed::SPEC, base object;
    zip = super::zip::SPEC, base object;
    map = super::map::SPEC, base object;
    filter = super::filter::SPEC, base object;
    function = super::function::SPEC, base object;
    code = super::code::SPEC, base object;
    cell = super::cell::SPEC, base object;
    bound_method = super::bound_method::SPEC, base object;
    native_function = super::native_function::SPEC, base object;
    method_descriptor = super::method_descriptor::METHOD_DESCRIPTOR_SPEC, base object;
    class_method_descriptor = super::method_descriptor::CLASS_METHOD_DESCRIPTOR_SPEC, base object;
    getset_descriptor = super::getset_descriptor::SPEC, base object;
    getset_member = super::getset_descriptor::MEMBER_SPEC, base object;
    slot_wrapper = super::ty::slot_wrapper::WRAPPER_SPEC, base object;
    method_wrapper = super::ty::slot_wrapper::METHOD_WRAPPER_SPEC, base object;
    mapping_proxy = super::mapping_proxy::SPEC, base object;
    frame_locals_proxy = super::frame::locals::SPEC, base object;
    generic_alias = super::generic_alias::SPEC, base object;
    union = super::union::SPEC, base object;
    simple_namespace = super::simple_namespace::SPEC, base object;
    site_quitter = super::site_builtins::QUITTER, base object;
    site_printer = super::site_builtins::PRINTER, base object;
    site_helper = super::site_builtins::HELPER, base object;
    class_method = super::class_method::SPEC, base object;
    static_method = super::static_method::SPEC, base object;
    property = super::property::SPEC, base object;
    super_ = super::super_::SPEC, base object;
    member_descriptor = super::member_descriptor::SPEC, base object;
    module = super::module::SPEC, base object;
    frame = super::frame::SPEC, base object;
    traceback = super::traceback::SPEC, base object;
    generator = super::generator::GENERATOR_SPEC, base object;
    coroutine = super::generator::COROUTINE_SPEC, base object;
    async_generator_wrapped = super::generator::asynchronous::WRAPPED_SPEC, base object;
    async_generator_asend = super::generator::asynchronous::ASEND_SPEC, base object;
    async_generator_athrow = super::generator::asynchronous::ATHROW_SPEC, base object;
    anext_awaitable = super::generator::anext::SPEC, base object;
    coroutine_wrapper = super::generator::asynchronous::COROUTINE_WRAPPER_SPEC, base object;
    async_generator = super::generator::ASYNC_GENERATOR_SPEC, base object;
    base_exception = super::exception::SPEC, base object;
    weak_ref = super::weakref::reference::SPEC, base object;
    weak_proxy = super::weakref::proxy::SPEC, base object;
    weak_callable_proxy = super::weakref::proxy::CALLABLE_SPEC, base object;
    sys_version_info = crate::modules::sys::structs::VERSION_INFO, base tuple;
    sys_flags = crate::modules::sys::structs::FLAGS, base tuple;
    sys_float_info = crate::modules::sys::structs::FLOAT_INFO, base tuple;
    sys_int_info = crate::modules::sys::structs::INT_INFO, base tuple;
    sys_hash_info = crate::modules::sys::structs::HASH_INFO, base tuple;
    sys_asyncgen_hooks = crate::modules::sys::structs::ASYNCGEN_HOOKS, base tuple;
    sys_thread_info = crate::modules::sys::structs::THREAD_INFO, base tuple;
    sys_unraisable_hook_args = crate::modules::sys::structs::UNRAISABLE_HOOK_ARGS, base tuple;
    none_type = super::singletons::NONE_TYPE_SPEC, base object;
    ellipsis_type = super::singletons::ELLIPSIS_TYPE_SPEC, base object;
    not_implemented_type = super::singletons::NOT_IMPLEMENTED_TYPE_SPEC, base object;
    accumulate = crate::modules::itertools::single::ACCUMULATE_SPEC, base object;
    batched = crate::modules::itertools::single::BATCHED_SPEC, base object;
    chain = crate::modules::itertools::several::CHAIN_SPEC, base object;
    combinations = crate::modules::itertools::combine::COMBINATIONS_SPEC, base object;
    combinations_with_replacement = crate::modules::itertools::combine::COMBINATIONS_WITH_REPLACEMENT_SPEC, base object;
    compress = crate::modules::itertools::several::COMPRESS_SPEC, base object;
    count = crate::modules::itertools::infinite::COUNT_SPEC, base object;
    cycle = crate::modules::itertools::infinite::CYCLE_SPEC, base object;
    dropwhile = crate::modules::itertools::single::DROPWHILE_SPEC, base object;
    filterfalse = crate::modules::itertools::single::FILTERFALSE_SPEC, base object;
    groupby = crate::modules::itertools::grouping::GROUPBY_SPEC, base object;
    grouper = crate::modules::itertools::grouping::GROUPER_SPEC, base object;
    islice = crate::modules::itertools::single::ISLICE_SPEC, base object;
    pairwise = crate::modules::itertools::single::PAIRWISE_SPEC, base object;
    permutations = crate::modules::itertools::combine::PERMUTATIONS_SPEC, base object;
    product = crate::modules::itertools::product::PRODUCT_SPEC, base object;
    repeat = crate::modules::itertools::infinite::REPEAT_SPEC, base object;
    starmap = crate::modules::itertools::single::STARMAP_SPEC, base object;
    takewhile = crate::modules::itertools::single::TAKEWHILE_SPEC, base object;
    tee = crate::modules::itertools::tee::TEE_SPEC, base object;
    tee_data = crate::modules::itertools::tee::DATA_SPEC, base object;
    zip_longest = crate::modules::itertools::several::ZIP_LONGEST_SPEC, base object;
}
