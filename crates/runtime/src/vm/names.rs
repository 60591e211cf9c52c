//! Names that the interpreter itself uses, interned once for each interpreter.

use viv_heap::{Heap, Ref};

use crate::object::{Str, Type};

macro_rules! names {
    ($($name:ident)+) => {
        /// Interned names, each in a field of its own name.
        #[allow(missing_docs)]
        pub struct Names { $(pub $name: Ref<Str>,)+ }

        impl Names {
            pub(crate) fn new(heap: &Heap, str_type: &Type) -> Option<Names> {
                const TEXTS: &[&str] = &[$(stringify!($name),)+];
                // All of them first, then the fields at once: a failure between two fields would have to release those
                // before it, which is code that grows with the square of the fields' number.
                let made: Option<Vec<_>> = TEXTS.iter().map(|text| Str::bootstrap(heap, str_type, text)).collect();
                let [$($name,)+]: [Ref<Str>; TEXTS.len()] = made?.try_into().ok()?;
                Some(Names { $($name,)+ })
            }

            pub(crate) fn all(&self) -> Vec<&Ref<Str>> {
                vec![$(&self.$name,)+]
            }
        }
    };
}

names! {
    __abs__ __add__ __aenter__ __aexit__ __aiter__ __all__ __and__ __anext__ __annotate__ __annotations__ __args__ __await__
    __bases__ __bool__ __build_class__ __builtins__ __bytes__ __cached__ __call__ __cause__ __ceil__ __class__
    __class_getitem__ __classcell__ __classdict__ __classdictcell__ __complex__ __contains__ __context__ __copy__ __debug__
    __deepcopy__ __del__ __delattr__ __delete__ __delitem__ __dict__ __dir__ __divmod__ __doc__ __enter__ __eq__ __exit__
    __file__ __firstlineno__ __float__ __floor__ __floordiv__ __format__ __fspath__ __ge__ __get__ __getattr__
    __getattribute__ __getitem__ __getnewargs__ __getnewargs_ex__ __getstate__ __gt__ __hash__ __iadd__ __iand__
    __ifloordiv__ __ilshift__ __imatmul__ __imod__ __import__ __imul__ __index__ __init__ __init_subclass__
    __instancecheck__ __int__ __invert__ __ior__ __ipow__ __irshift__ __isub__ __iter__ __itruediv__ __ixor__ __le__
    __len__ __length_hint__ __loader__ __lshift__ __lt__ __main__ __match_args__ __matmul__ __missing__ __mod__ __module__ __mro__
    __mro_entries__ __mul__ __name__ __ne__ __neg__ __new__ __next__ __notes__ __objclass__ __or__ __orig_bases__ __orig_class__ __origin__ __package__
    __parameters__ __path__ __pos__ __pow__ __prepare__ __qualname__ __radd__ __rand__ __rdivmod__ __reduce__ __reduce_ex__
    __repr__ __reversed__ __rfloordiv__ __rlshift__ __rmatmul__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__
    __rshift__ __rsub__ __rtruediv__ __rxor__ __self__ __set__ __set_name__ __setattr__ __setitem__ __setstate__ __sizeof__ __slots__
    __spec__ __static_attributes__ __str__ __sub__ __subclasscheck__ __subclasses__ __subclasshook__ __text_signature__ __truediv__ __trunc__
    __type_params__ __weakref__ __wrapped__ __xor__ __isabstractmethod__ __abstractmethods__ __traceback__ __conditional_annotations__
    __typing_subst__ __typing_prepare_subst__ __typing_unpacked_tuple_args__ __unpacked__ __set_typeparams__ __thisclass__ __self_class__
    args builtins close copy displayhook excepthook encoding errors exc_info fileno flush get items join keys metaclass
    mro modules name obj path print_file_and_line read readline send sort stderr stdin stdout strict sys throw update value values
    warnoptions write sep end file key reverse default start format cls object_ base msg filename lineno offset text end_lineno end_offset
    unraisablehook ps1 ps2 last_exc last_type last_value last_traceback tracebacklimit importlib _bootstrap namedtuple pop append add
    _finalizing _dealloc_warn closed seekable readable writable isatty seek tell truncate readall readinto readinto1 read1
    raw buffer mode writelines newlines setstate getstate reset decode encode detach
    fget fset fdel doc code globals level fromlist locals closure step stop co_name f_back
    set _variable call_soon call_exception_handler get_debug is_running context cancel add_done_callback result get_loop _loop
    _asyncio_future_blocking
}
