"""A stand-in for CPython's test extension: see _testcapi in this folder."""

from _testcapi import Missing, call_vectorcall, call_vectorcall_method


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise Missing(f"_testlimitedcapi.{name} tests the C interface")


def object_hasattrstring(value, name):
    return int(hasattr(value, name.decode()))
