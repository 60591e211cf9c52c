"""importlib._bootstrap_external, with finders for the library that the program carries."""

import sys
import _frozen_importlib
import _vivarium

import marshal

# importlib itself warns, even where a script has forbidden the module.
_no_warnings = sys.modules.get("_warnings", sys) is None
if _no_warnings:
    del sys.modules["_warnings"]
_path, _name = "importlib/_bootstrap_external.py", "<frozen importlib._bootstrap_external>"
exec(_vivarium.library_code(_path, _name) or compile(_vivarium.library_source(_path), _name, "exec"), globals())
if _no_warnings:
    sys.modules["_warnings"] = None
_set_bootstrap_module(_frozen_importlib)
_frozen_importlib._bootstrap_external = sys.modules[__name__]

_LIBRARY = "<vivarium>"
_ModuleSpec = _frozen_importlib.ModuleSpec


_classify = _classify_pyc


def _classify_pyc(data, name, exc_details):
    """As importlib's own; code that is damaged or of another compiler counts as another magic number does."""
    flags = _classify(data, name, exc_details)
    try:
        marshal.loads(memoryview(data)[16:])
    except (EOFError, ValueError, TypeError) as exc:
        raise ImportError(f"bad code in {name!r}: {exc}", **exc_details) from None
    return flags


def _compile_bytecode(data, name=None, bytecode_path=None, source_path=None):
    """The code of a bytecode file, under the name of the source that it was found for."""
    code = marshal.loads(data)
    if not isinstance(code, _code_type):
        raise ImportError(f"Non-code object in {bytecode_path!r}", name=name, path=bytecode_path)
    _bootstrap._verbose_message("code object from {!r}", bytecode_path)
    if source_path is not None and code.co_filename != source_path:
        code = _renamed(code, code.co_filename, source_path)
    return code


def _renamed(code, old, new):
    """A code object, and those in it, with another file's name."""
    consts = tuple(_renamed(c, old, new) if isinstance(c, _code_type) else c for c in code.co_consts)
    return code.replace(co_filename=new if code.co_filename == old else code.co_filename, co_consts=consts)


class LibraryLoader(SourceFileLoader):
    """Loads a module of the library."""

    def get_data(self, path):
        return _vivarium.library_source(path[len(_LIBRARY) + 1:])

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return _vivarium.library_code(path[len(_LIBRARY) + 1:], path) or self.source_to_code(self.get_data(path), path)

    def path_stats(self, path):
        raise OSError("a module of the library has no times")


def _library_spec(fullname, path, loader, folders):
    # As spec_from_file_location, but the place is no folder of the system: it does not become absolute.
    spec = _ModuleSpec(fullname, loader, origin=path)
    spec._set_fileattr = True
    spec.submodule_search_locations = folders
    return spec


class LibraryFinder:
    """Finds modules in a folder of the library."""

    def __init__(self, path):
        # The module site makes all places absolute: what stands before the folder's name says nothing.
        before, found, rest = path.partition(_LIBRARY)
        if not found or before and not (before[0] == before[-1] == "/") or rest and rest[0] != "/":
            raise ImportError("only the library itself", path=path)
        self.path = _LIBRARY + rest

    def find_spec(self, fullname, target=None):
        base = f"{self.path}/{fullname.rpartition('.')[2]}"
        for path, package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
            if _vivarium.library_has(path[len(_LIBRARY) + 1:]):
                loader = LibraryLoader(fullname, path)
                folders = [base] if package else None
                return _library_spec(fullname, path, loader, folders)
        return None

    def invalidate_caches(self):
        """The library does not change."""


def fill(module):
    """Gives a module that the interpreter has imported itself its spec and loader."""
    space = module.__dict__
    name = space.get("__name__")
    path = space.get("__file__")
    if not isinstance(name, str):
        return
    if name == "__main__":
        _fill_main(space, path)
        return
    if space.get("__spec__") is not None:
        return
    if path is not None and path.startswith(_LIBRARY):
        folders = list(space["__path__"]) if "__path__" in space else None
        spec = _library_spec(name, path, LibraryLoader(name, path), folders)
    elif path is None and "__path__" in space:
        spec = _frozen_importlib.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = _NamespacePath(name, list(space["__path__"]), PathFinder._get_spec)
        spec.loader = NamespaceLoader.__new__(NamespaceLoader)
        spec.loader._path = spec.submodule_search_locations
        space["__path__"] = spec.submodule_search_locations
    elif path is None:
        if name not in sys.builtin_module_names:
            return
        spec = _frozen_importlib.spec_from_loader(name, _frozen_importlib.BuiltinImporter, origin="built-in")
    else:
        folders = list(space["__path__"]) if "__path__" in space else None
        loader = SourceFileLoader(name, path)
        spec = spec_from_file_location(name, path, loader=loader, submodule_search_locations=folders)
    space["__spec__"] = spec
    space["__loader__"] = spec.loader


def _fill_main(space, path):
    """Gives the program its loader, and its spec where it is a module."""
    if space.get("__loader__") is not None:
        return
    spec = space.get("__spec__")
    if path is None:
        space["__loader__"] = _frozen_importlib.BuiltinImporter
        return
    name = "__main__" if spec is None else spec.name
    if path.startswith(_LIBRARY):
        kind = LibraryLoader
    else:
        kind = SourcelessFileLoader if path.endswith(".pyc") else SourceFileLoader
    space["__loader__"] = kind(name, path)
    if spec is not None:
        spec = space["__spec__"] = spec_from_file_location(name, path, loader=space["__loader__"])
        space["__cached__"] = spec.cached


def _zipimporter(path):
    """Stands for zipimport.zipimporter until a path asks for it, which then takes this place."""
    import zipimport

    hooks = sys.path_hooks
    if _zipimporter in hooks:
        hooks[hooks.index(_zipimporter)] = zipimport.zipimporter
    return zipimport.zipimporter(path)


def _take_over():
    """Puts the finders in the places that the interpreter keeps for them."""
    finders = {finder.__name__: finder for finder in (_frozen_importlib.BuiltinImporter,
                                                      _frozen_importlib.FrozenImporter, PathFinder)}
    path = sys.meta_path
    for place, finder in enumerate(path):
        if isinstance(finder, type) and getattr(finder, "__module__", None) == "_vivarium":
            path[place] = finders[finder.__name__]
    for finder in finders.values():
        if finder not in path:
            path.append(finder)
    files = FileFinder.path_hook(*_get_supported_file_loaders())
    sys.path_hooks.extend([_zipimporter, LibraryFinder, files])
    for module in list(sys.modules.values()):
        if isinstance(module, type(sys)):
            fill(module)


_take_over()
