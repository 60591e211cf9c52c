inner = ExceptionGroup("inner", [KeyError("k"), OSError(2, "No such file", "name")])
inner.add_note("a note on the inner group")
try:
    raise inner
except ExceptionGroup as e:
    raise ExceptionGroup("outer", [e, ValueError("v")]) from None
