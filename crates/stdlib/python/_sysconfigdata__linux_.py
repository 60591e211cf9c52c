"""What sysconfig asks about how the interpreter was built: there is no makefile, and there are no extension modules."""

build_time_vars = {
    "Py_DEBUG": 0,
    "Py_GIL_DISABLED": 0,
    "WITH_PYMALLOC": 1,
    "WITH_DOC_STRINGS": 1,
    "HAVE_FORK": 1,
    "HAVE_DYNAMIC_LOADING": 0,
    "CC": "",
    "CFLAGS": "",
    "LDFLAGS": "",
    "EXT_SUFFIX": "",
    "MULTIARCH": "",
}
