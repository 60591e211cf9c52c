"""C's data types, kept in bytes of Python: numbers, characters, arrays, structures, unions, and pointers to such data.

There is no way to code or memory of C: loading a library raises OSError, calling a function or using an address raises
NotImplementedError."""

import struct
import sys

__version__ = "1.1.0"
RTLD_LOCAL, RTLD_GLOBAL = 0, 256
FUNCFLAG_CDECL, FUNCFLAG_PYTHONAPI, FUNCFLAG_USE_ERRNO, FUNCFLAG_USE_LASTERROR = 1, 4, 8, 16
SIZEOF_TIME_T = 8
CTYPES_MAX_ARGCOUNT = 1024

# What the library asks for by address. None of these can be called.
_memmove_addr, _memset_addr, _string_at_addr, _cast_addr, _memoryview_at_addr, _wstring_at_addr = range(1, 7)

_INTEGERS = "bBhHiIlLqQ"
_REFERENCES = "OPzZ"
_errno = 0


class ArgumentError(Exception):
    __module__ = "ctypes"


def _no_c(what):
    return NotImplementedError(f"{what}: this interpreter has no C interface")


class _Kind(type):
    """The metaclass of all data types."""

    def __mul__(cls, length):
        if not isinstance(length, int):
            raise TypeError(f"can't multiply sequence by non-int of type '{type(length).__name__}'")
        if length < 0:
            raise ValueError("Array length must be >= 0, not %d" % length)
        key = (cls, length)
        made = _arrays.get(key)
        if made is None:
            made = _arrays[key] = type(Array)(f"{cls.__name__}_Array_{length}", (Array,), {"_type_": cls, "_length_": length})
        return made

    __rmul__ = __mul__

    def from_buffer(cls, source, offset=0):
        view = memoryview(source._bytes() if isinstance(source, _CData) else source)
        if view.readonly:
            raise TypeError("underlying buffer is not writable")
        view = view.cast("B")
        if offset < 0:
            raise ValueError("offset cannot be negative")
        if len(view) < cls._size + offset:
            raise ValueError(
                f"Buffer size too small ({len(view)} instead of at least {cls._size + offset} bytes)"
            )
        return cls._at(view[offset:offset + cls._size], {}, 0, source)

    def from_buffer_copy(cls, source, offset=0):
        data = bytes(source)
        if offset < 0:
            raise ValueError("offset cannot be negative")
        if len(data) < cls._size + offset:
            raise ValueError(
                f"Buffer size too small ({len(data)} instead of at least {cls._size + offset} bytes)"
            )
        made = cls._blank()
        made._view[:] = data[offset:offset + cls._size]
        return made

    def from_address(cls, address):
        raise _no_c("from_address()")

    def in_dll(cls, library, name):
        raise _no_c("in_dll()")

    def from_param(cls, value):
        if isinstance(value, cls):
            return value
        inner = getattr(value, "_as_parameter_", None)
        if inner is not None:
            return cls.from_param(inner)
        if hasattr(cls, "_convert"):
            return cls(value)
        raise TypeError(f"expected {cls.__name__} instance instead of {type(value).__name__}")

    def _at(cls, view, objects, offset, base=None):
        """Data that stands in other data."""
        made = cls.__new__(cls)
        made._view, made._refs, made._offset, made._base = view, objects, offset, base
        return made

    def _blank(cls):
        return cls._at(memoryview(bytearray(cls._size)), {}, 0)


_arrays = {}


class _CData(metaclass=_Kind):
    _size, _align = 0, 1
    _b_needsfree_ = 1

    def __new__(cls, *args, **kwargs):
        made = object.__new__(cls)
        made._view, made._refs, made._offset, made._base = memoryview(bytearray(cls._size)), {}, 0, None
        return made

    @property
    def _b_base_(self):
        return self._base

    @property
    def _objects(self):
        return self._refs or None

    def _bytes(self):
        return self._view

    def __buffer__(self, flags):
        return self._view

    def __bytes__(self):
        return bytes(self._view)

    def __reduce__(self):
        raise ValueError("ctypes objects containing pointers cannot be pickled")


class _SimpleKind(_Kind):
    def __init__(cls, name, bases, space):
        super().__init__(name, bases, space)
        code = space.get("_type_")
        if code is None:
            return
        if code == "g" or code in ("G",):
            cls._size, cls._align = (16, 16) if code == "g" else (32, 16)
        elif code in ("F", "D"):
            cls._size, cls._align = (8, 4) if code == "F" else (16, 8)
        elif code == "u":
            cls._size = cls._align = 4
        elif code in _REFERENCES:
            cls._size = cls._align = 8
        elif code == "v":
            cls._size = cls._align = 2
        elif isinstance(code, str) and len(code) == 1 and code in "cbBhHiIlLqQfd?":
            cls._size = cls._align = struct.calcsize(code)
        else:
            raise AttributeError(
                "class must define a '_type_' attribute which must be a single character string containing one of "
                "'cbBhHiIlLdFDGfuzZqQPOg?'."
            )
        cls._code, cls._swapped = code, False
        cls.__ctype_le__ = cls.__ctype_be__ = cls
        if code in "hHiIlLqQfd" and not space.get("_swap_"):
            other = _SimpleKind(name, bases, {"_type_": code, "_swap_": True, "__module__": space.get("__module__")})
            other._swapped = True
            other.__ctype_le__ = cls
            other.__ctype_be__ = cls.__ctype_be__ = other


class _SimpleCData(_CData, metaclass=_SimpleKind):
    def __init__(self, value=None):
        if value is not None:
            self.value = value

    @classmethod
    def _convert(cls, value):
        return cls(value)

    def _get(self):
        code = self._code
        if code in _REFERENCES:
            held = self._refs.get(self._offset)
            if code == "O":
                if held is None:
                    raise ValueError("PyObject is NULL")
                return held[0]
            return held[0] if held else None
        raw = bytes(self._view)
        if code == "v":
            return any(raw)
        if code == "u":
            return chr(int.from_bytes(raw, sys.byteorder))
        if code in "gG":
            numbers = struct.unpack("=d8x" * (len(raw) // 16), raw)
            return numbers[0] if code == "g" else complex(*numbers)
        if code in "FD":
            return complex(*struct.unpack("=2f" if code == "F" else "=2d", raw))
        return struct.unpack((">" if self._swapped else "@") + code, raw)[0]

    def _set(self, value):
        code, name = self._code, type(value).__name__
        if code in _REFERENCES:
            if code == "P" and value is not None:
                if not isinstance(value, int):
                    raise TypeError("cannot be converted to pointer")
                value = value & 0xFFFFFFFFFFFFFFFF or None
            elif code == "z" and not isinstance(value, (bytes, int, type(None))):
                raise TypeError(f"bytes or integer address expected instead of {name} instance")
            elif code == "Z" and not isinstance(value, (str, int, type(None))):
                raise TypeError(f"unicode string or integer address expected instead of {name} instance")
            self._refs[self._offset] = (value,)
            return
        if code in _INTEGERS:
            if not isinstance(value, int):
                if not hasattr(type(value), "__index__"):
                    raise TypeError(f"'{name}' object cannot be interpreted as an integer")
                value = value.__index__()
            size = self._size
            raw = (value & (1 << 8 * size) - 1).to_bytes(size, "big" if self._swapped else sys.byteorder)
        elif code == "?":
            raw = bytes([bool(value)])
        elif code == "v":
            raw = b"\xff\xff" if value else b"\0\0"
        elif code == "c":
            if isinstance(value, int) and 0 <= value < 256:
                value = bytes([value])
            if not isinstance(value, (bytes, bytearray)) or len(value) != 1:
                raise TypeError("one character bytes, bytearray, or an integer in range(256) expected")
            raw = bytes(value)
        elif code == "u":
            if not isinstance(value, str):
                raise TypeError(f"a unicode character expected, not instance of {name}")
            if len(value) != 1:
                raise TypeError(f"a unicode character expected, not a string of length {len(value)}")
            raw = ord(value).to_bytes(4, sys.byteorder)
        elif code in "FDG":
            value = complex(value)
            form = {"F": "=2f", "D": "=2d", "G": "=d8xd8x"}[code]
            raw = struct.pack(form, value.real, value.imag)
        elif code == "g":
            raw = struct.pack("=d8x", float(value))
        else:
            if not isinstance(value, (int, float)) and not hasattr(type(value), "__float__"):
                raise TypeError(f"must be real number, not {name}")
            raw = struct.pack((">" if self._swapped else "@") + code, value)
        self._view[:] = raw

    value = property(_get, _set, doc="current value")

    def __bool__(self):
        return bool(self._refs.get(self._offset, (None,))[0]) if self._code in _REFERENCES else any(self._view)

    def __repr__(self):
        if type(self).__bases__ == (_SimpleCData,):
            return f"{type(self).__name__}({self.value!r})"
        return f"<{type(self).__name__} object at {id(self):#x}>"


def _plain(kind):
    """Whether data of a kind is shown as its value where it stands in other data."""
    return isinstance(kind, _SimpleKind) and kind.__bases__ == (_SimpleCData,)


def _load(self, kind, offset):
    part = kind._at(self._view[offset:offset + kind._size], self._refs, self._offset + offset, self)
    return part.value if _plain(kind) else part


def _store(self, kind, offset, value):
    part = kind._at(self._view[offset:offset + kind._size], self._refs, self._offset + offset, self)
    if isinstance(kind, _SimpleKind):
        part.value = value.value if isinstance(value, kind) else value
    elif isinstance(value, kind):
        part._view[:] = value._view
        for place, held in value._refs.items():
            self._refs[part._offset + place - value._offset] = held
    elif issubclass(kind, _Pointer) and (value is None or isinstance(value, Array)):
        self._refs[part._offset] = None if value is None else (value, 0)
    elif isinstance(value, tuple) and issubclass(kind, (Structure, Array)):
        part.__init__(*value)
    else:
        raise TypeError(f"incompatible types, {type(value).__name__} instance instead of {kind.__name__} instance")


class _ArrayKind(_Kind):
    def __init__(cls, name, bases, space):
        super().__init__(name, bases, space)
        if not bases or cls.__name__ == "Array":
            return
        if not hasattr(cls, "_length_"):
            raise AttributeError("class must define a '_length_' attribute")
        if not hasattr(cls, "_type_"):
            raise AttributeError("class must define a '_type_' attribute")
        kind = cls._type_
        cls._size, cls._align = kind._size * cls._length_, kind._align
        if isinstance(kind, _SimpleKind) and kind._code in "cu":
            cls.value = property(_get_text, _set_text, doc="string value")
            if kind._code == "c":
                cls.raw = property(lambda self: bytes(self._view), _set_raw, doc="raw value")


def _get_text(self):
    if self._type_._code == "c":
        return bytes(self._view).partition(b"\0")[0]
    return "".join(self[:]).partition("\0")[0]


def _set_text(self, value):
    wanted = bytes if self._type_._code == "c" else str
    if not isinstance(value, wanted):
        raise TypeError(f"{'bytes' if wanted is bytes else 'unicode string'} expected instead of {type(value).__name__} instance")
    if len(value) > self._length_:
        raise ValueError("byte string too long" if wanted is bytes else "string too long")
    for i in range(len(value)):
        self[i] = value[i:i + 1]
    if len(value) < self._length_:
        self[len(value)] = wanted() or ("\0" if wanted is str else b"\0")


def _set_raw(self, value):
    value = bytes(value)
    if len(value) > self._size:
        raise ValueError("byte string too long")
    self._view[:len(value)] = value


class Array(_CData, metaclass=_ArrayKind):
    """Abstract base class for arrays."""

    def __init__(self, *items):
        if len(items) > self._length_:
            raise IndexError("invalid index")
        for i, item in enumerate(items):
            self[i] = item

    def __len__(self):
        return self._length_

    def _place(self, index):
        index = index.__index__()
        if index < 0:
            index += self._length_
        if not 0 <= index < self._length_:
            raise IndexError("invalid index")
        return index * self._type_._size

    def __getitem__(self, index):
        if isinstance(index, slice):
            items = [self[i] for i in range(*index.indices(self._length_))]
            code = getattr(self._type_, "_code", None)
            return b"".join(items) if code == "c" else "".join(items) if code == "u" else items
        return _load(self, self._type_, self._place(index))

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            places = range(*index.indices(self._length_))
            if len(places) != len(value):
                raise ValueError("Can only assign sequence of same size")
            for place, item in zip(places, value):
                self[place] = item
        else:
            _store(self, self._type_, self._place(index), value)

    def __iter__(self):
        return (self[i] for i in range(self._length_))

    __class_getitem__ = classmethod(type(list[int]))


class CField:
    """Structure/Union member."""

    def __init__(self, name, type, offset):
        self.name, self.type, self.offset = name, type, offset
        self.byte_offset, self.size, self.byte_size = offset, type._size, type._size
        self.is_bitfield, self.is_anonymous, self.bit_offset, self.bit_size = False, False, 0, type._size * 8

    def __get__(self, instance, owner=None):
        return self if instance is None else _load(instance, self.type, self.offset)

    def __set__(self, instance, value):
        _store(instance, self.type, self.offset, value)

    def __repr__(self):
        return f"<ctypes.CField {self.name!r} type={self.type.__name__}, ofs={self.offset}, size={self.size}>"


class _RecordKind(_Kind):
    def __init__(cls, name, bases, space):
        super().__init__(name, bases, space)
        if "_fields_" in space:
            # The metaclass of swapped structures changes what is set.
            cls._fields_ = space["_fields_"]

    def __setattr__(cls, name, value):
        super().__setattr__(name, value)
        if name == "_fields_":
            cls._lay_out(value)

    def _lay_out(cls, fields):
        union, pack = issubclass(cls, Union), getattr(cls, "_pack_", 0)
        base = cls.__mro__[1]
        offset, align = (0, 1) if union else (getattr(base, "_used", 0), 1)
        size, align = base._size if union else 0, max(align, base._align)
        names = list(getattr(base, "_names", ()))
        for field in fields:
            if len(field) > 2:
                raise NotImplementedError("bit fields are not supported")
            name, kind = field
            if not isinstance(kind, _Kind):
                raise TypeError("second item in _fields_ tuple must be a C type")
            step = min(kind._align, pack) if pack else kind._align
            align = max(align, step)
            if not union:
                offset = (offset + step - 1) // step * step
            member = CField(name, kind, 0 if union else offset)
            type.__setattr__(cls, name, member)
            names.append(name)
            if union:
                size = max(size, kind._size)
            else:
                offset += kind._size
            if name in getattr(cls, "_anonymous_", ()):
                member.is_anonymous = True
                for inner in getattr(kind, "_names", ()):
                    of = getattr(kind, inner)
                    type.__setattr__(cls, inner, CField(inner, of.type, member.offset + of.offset))
        cls._used, cls._names = offset, names
        cls._align = align
        size = size if union else offset
        cls._size = (size + align - 1) // align * align


class _Record(_CData):
    def __init__(self, *values, **named):
        names = getattr(self, "_names", ())
        if len(values) > len(names):
            raise TypeError("too many initializers")
        for name, value in zip(names, values):
            if name in named:
                raise TypeError(f"duplicate values for field {name!r}")
            setattr(self, name, value)
        for name, value in named.items():
            setattr(self, name, value)


class Structure(_Record, metaclass=_RecordKind):
    """Structure base class"""


class Union(_Record, metaclass=_RecordKind):
    """Union base class"""


class _PointerKind(_Kind):
    def __init__(cls, name, bases, space):
        super().__init__(name, bases, space)
        cls._size = cls._align = 8
        if "_type_" in space:
            cls.set_type(space["_type_"])

    def set_type(cls, kind):
        type.__setattr__(cls, "_type_", kind)
        kind.__pointer_type__ = cls


class _Pointer(_CData, metaclass=_PointerKind):
    """The target is a piece of data, and how many items of its array stand before the one pointed to."""

    def __init__(self, target=None):
        if target is not None:
            self.contents = target

    def _target(self):
        held = self._refs.get(self._offset)
        if held is None:
            raise ValueError("NULL pointer access")
        return held

    @property
    def contents(self):
        """the object this pointer points to (read-write)"""
        target, index = self._target()
        return target if not isinstance(target, Array) or self._type_ is type(target) else _part(target, index)

    @contents.setter
    def contents(self, target):
        if not isinstance(target, self._type_):
            raise TypeError(f"expected {self._type_.__name__} instead of {type(target).__name__}")
        self._refs[self._offset] = (target, 0)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[i] for i in range(index.start or 0, index.stop, index.step or 1)]
        target, start = self._target()
        if isinstance(target, Array) and self._type_ is not type(target):
            return target[start + index]
        if index:
            raise _no_c("an address behind the target of a pointer")
        return target.value if _plain(self._type_) else target

    def __setitem__(self, index, value):
        target, start = self._target()
        if isinstance(target, Array) and self._type_ is not type(target):
            target[start + index] = value
        elif index:
            raise _no_c("an address behind the target of a pointer")
        elif _plain(self._type_):
            target.value = value
        else:
            _store(target, type(target), 0, value)

    def __bool__(self):
        return self._refs.get(self._offset) is not None


def _part(array, index):
    kind = array._type_
    place = array._place(index)
    return kind._at(array._view[place:place + kind._size], array._refs, array._offset + place, array)


class _FunctionKind(_Kind):
    def __init__(cls, name, bases, space):
        super().__init__(name, bases, space)
        cls._size = cls._align = 8


class CFuncPtr(_CData, metaclass=_FunctionKind):
    """Function Pointer"""

    restype = argtypes = errcheck = None

    def __init__(self, source=None, *flags):
        if isinstance(source, tuple) and source[0] in _PYTHON_API:
            source = _PYTHON_API[source[0]]
        elif isinstance(source, tuple):
            raise AttributeError(f"function {source[0]!r} not found: this interpreter has no C interface")
        self._callable = source if callable(source) else None

    def __call__(self, *args):
        if self._callable is None:
            raise _no_c("a call of a C function")
        return self._callable(*args)

    def __bool__(self):
        return True


# What code objects carry for others: for each index the function that is told when a value goes, and by the address of a
# code object its weak reference and its values.
_extra_free = []
_extras = {}


def _number(value):
    return (value.value if isinstance(value, _SimpleCData) else value) or 0


def _request_extra_index(free):
    _extra_free.append(free)
    return len(_extra_free) - 1


def _extra_gone(index, value):
    if value:
        _extra_free[index](value)


def _known_extras(code):
    if not isinstance(code, _CodeType):
        raise SystemError("bad argument to internal function")
    return _extras.get(id(code), (None, {}))[1]


def _set_extra(code, index, value):
    import _weakref

    values = _known_extras(code)
    index = _number(index)
    if not 0 <= index < len(_extra_free):
        raise SystemError("bad argument to internal function")
    if id(code) not in _extras:
        key = id(code)

        def gone(reference):
            for item in _extras.pop(key)[1].items():
                _extra_gone(*item)

        _extras[key] = _weakref.ref(code, gone), values
    _extra_gone(index, values.pop(index, 0))
    values[index] = _number(value)
    return 0


def _get_extra(code, index, place):
    place.value = _known_extras(code).get(_number(index)) or None
    return 0


_CodeType = type(_get_extra.__code__)

# The functions of CPython's own interface that have a counterpart here, by name.
_PYTHON_API = {
    "PyUnstable_Eval_RequestCodeExtraIndex": _request_extra_index,
    "PyUnstable_Code_SetExtra": _set_extra,
    "PyUnstable_Code_GetExtra": _get_extra,
}


def _kind(thing):
    kind = thing if isinstance(thing, _Kind) else type(thing)
    if not isinstance(kind, _Kind):
        raise TypeError("this type has no size")
    return kind


def sizeof(thing, /):
    """Return the size in bytes of a C instance."""
    return len(thing._view) if isinstance(thing, _CData) else _kind(thing)._size


def alignment(thing, /):
    """Return the alignment requirements of a C instance."""
    try:
        return _kind(thing)._align
    except TypeError:
        raise TypeError("no alignment info") from None


def byref(obj, offset=0, /):
    """Return a pointer lookalike to a C instance, only usable as function argument."""
    if not isinstance(obj, _CData):
        raise TypeError(f"byref() argument must be a ctypes instance, not '{type(obj).__name__}'")
    return _Reference(obj, offset)


class _Reference:
    def __init__(self, obj, offset):
        self._obj, self._offset = obj, offset


def addressof(obj, /):
    """Return the address of the C instance internal buffer."""
    raise _no_c("addressof()")


def resize(obj, size, /):
    if size < type(obj)._size:
        raise ValueError(f"minimum size is {type(obj)._size}")
    view = memoryview(bytearray(size))
    view[:len(obj._view)] = obj._view
    obj._view = view


def get_errno():
    return _errno


def set_errno(value, /):
    global _errno
    _errno, old = value, _errno
    return old


def dlopen(name, flag=RTLD_LOCAL, /):
    """There is nothing to open but the program itself, whose functions cannot be called."""
    if name is None:
        return 0
    raise OSError(f"{name}: cannot open shared object file: this interpreter has no C interface")


def dlsym(handle, name, /):
    raise OSError(f"undefined symbol: {name}: this interpreter has no C interface")


def dlclose(handle, /):
    """Nothing was opened."""


def buffer_info(thing, /):
    """Return buffer interface information."""
    kind, shape = _kind(thing), []
    while issubclass(kind, Array):
        shape.append(kind._length_)
        kind = kind._type_
    return (f"<{getattr(kind, '_code', 'B')}", len(shape), tuple(shape))
