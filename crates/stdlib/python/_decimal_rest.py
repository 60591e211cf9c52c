"""The operations of decimal that are rare: done by the library's own implementation in Python, for the native one.

Numbers go and come as text, which tells them exactly; conditions come back as names.
"""

import collections

DecimalTuple = collections.namedtuple("DecimalTuple", "sign digits exponent", module="decimal")
DecimalTuple.__doc__ = "DecimalTuple(sign, digits, exponent)"

_CONTEXTS = {}


def register(decimal):
    """Says that decimals are numbers."""
    import numbers

    numbers.Number.register(decimal)


class ContextManager:
    """Sets a context at the start of a with statement, the one before at its end."""

    __module__ = "decimal"

    def __init__(self, context):
        self.context = context

    def __enter__(self):
        from _decimal import getcontext, setcontext

        self.before = getcontext()
        setcontext(self.context)
        return self.context

    def __exit__(self, *exc):
        from _decimal import setcontext

        setcontext(self.before)


def _locale(override):
    """The parts of a locale that a format takes from a dict: the grouping is a string of small characters."""
    parts = {"decimal_point": ".", "thousands_sep": "", "grouping": "", **override}
    if not all(isinstance(part, str) for part in parts.values()):
        raise ValueError("invalid override dict")
    return {**parts, "grouping": [ord(c) for c in parts["grouping"]]}


def call(name, operands, arguments, context):
    """The method `name` of the first operand: what it gives (text of a number, or a value), and the conditions it met."""
    import _pydecimal

    key = context
    known = _CONTEXTS.get(key)
    if known is None:
        if len(_CONTEXTS) > 50:
            _CONTEXTS.clear()
        prec, rounding, emin, emax, capitals, clamp = context
        known = _CONTEXTS[key] = _pydecimal.Context(
            prec=prec, rounding=rounding, Emin=emin, Emax=emax, capitals=capitals, clamp=clamp, flags=[], traps=[])
    known.clear_flags()
    first, *others = [_pydecimal.Decimal(text) for text in operands]
    method = getattr(first, name)
    if name == "__format__":
        if len(arguments) == 3:
            arguments = (*arguments[:2], _locale(arguments[2]))
        before = _pydecimal.getcontext()
        _pydecimal.setcontext(known)
        try:
            result = method(*arguments)
        finally:
            _pydecimal.setcontext(before)
    else:
        result = method(*others, *arguments, context=known)
    met = [signal.__name__ for signal, on in known.flags.items() if on]
    if isinstance(result, _pydecimal.Decimal):
        return str(result), None, met
    return None, result, met
