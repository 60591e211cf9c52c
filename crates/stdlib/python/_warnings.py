"""What importlib and native code call to warn: the module warnings, which needs nothing of this one, does it."""


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    import warnings

    warnings.warn(message, category, stacklevel + 1, source, skip_file_prefixes=skip_file_prefixes)


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    import warnings

    warnings.warn_explicit(message, category, filename, lineno, module, registry, module_globals, source)
