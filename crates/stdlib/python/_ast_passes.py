"""What compile() does with the nodes it gives out: it refuses what an earlier version of the language did not have, and
simplifies trees that are asked for optimised."""

import _ast
import re

_STRINGS = (_ast.JoinedStr, _ast.TemplateStr)
_DOCUMENTED = (_ast.Module, _ast.FunctionDef, _ast.AsyncFunctionDef, _ast.ClassDef)


def finish(tree, filename, minor, level, own):
    """A tree for the version 3.minor, below 0 for the newest; optimised where the level is not below 0. A tree that is not
    the caller's own is copied before it changes."""
    if minor >= 0:
        _check(tree, filename, minor)
    if level >= 0:
        if not own:
            import copy

            tree = copy.deepcopy(tree)
        _optimise(tree, level)
    return tree


def _children(node):
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, _ast.AST):
                    yield item
        elif isinstance(value, _ast.AST):
            yield value


def _walk(tree):
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed([*_children(node)]))


def _bare_tuple(handler):
    kind = handler.type
    return isinstance(kind, _ast.Tuple) and kind.elts and kind.col_offset == kind.elts[0].col_offset


# Node class, a further condition, the first version, what it is called.
_SINCE = (
    (_ast.AsyncFunctionDef, None, 5, "Async functions are"),
    (_ast.AsyncFor, None, 5, "Async for loops are"),
    (_ast.AsyncWith, None, 5, "Async with statements are"),
    (_ast.Await, None, 5, "Await expressions are"),
    ((_ast.BinOp, _ast.AugAssign), lambda n: isinstance(n.op, _ast.MatMult), 5, "The '@' operator is"),
    (_ast.AnnAssign, None, 6, "Variable annotation syntax is"),
    (_ast.comprehension, lambda n: n.is_async, 6, "Async comprehensions are"),
    (_ast.NamedExpr, None, 8, "Assignment expressions are"),
    (_ast.arguments, lambda n: n.posonlyargs, 8, "Positional-only parameters are"),
    (_ast.Match, None, 10, "Pattern matching is"),
    (_ast.TryStar, None, 11, "Exception groups are"),
    (_ast.TypeAlias, None, 12, "Type statement is"),
    (
        (_ast.FunctionDef, _ast.AsyncFunctionDef, _ast.ClassDef),
        lambda n: n.type_params,
        12,
        "Type parameter lists are",
    ),
    (_ast.type_param, lambda n: n.default_value, 13, "Type parameter defaults are"),
    (_ast.TemplateStr, None, 14, "t-strings are"),
    (_ast.ExceptHandler, _bare_tuple, 14, "except expressions without parentheses are"),
)


def _check(tree, filename, minor):
    rules = [rule for rule in _SINCE if rule[2] > minor]
    last = None
    for node in _walk(tree) if rules else ():
        # Some nodes have no place of their own.
        last = node if hasattr(node, "lineno") else last
        for kind, condition, since, what in rules:
            if isinstance(node, kind) and (condition is None or condition(node)):
                place = (filename, last.end_lineno, last.end_col_offset + 1, None, last.end_lineno, last.end_col_offset + 2)
                raise SyntaxError(f"{what} only supported in Python 3.{since} and greater", place)


def _moved(new, old):
    for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
        setattr(new, name, getattr(old, name))
    return new


def _constant(value, old):
    return _moved(_ast.Constant(value), old)


def _number(node):
    """A number in a pattern, folded."""
    if isinstance(node, _ast.UnaryOp) and isinstance(node.op, _ast.USub) and isinstance(node.operand, _ast.Constant):
        return _constant(-node.operand.value, node)
    if isinstance(node, _ast.BinOp) and isinstance(node.op, (_ast.Add, _ast.Sub)):
        left, right = _number(node.left), node.right
        if isinstance(left, _ast.Constant) and isinstance(right, _ast.Constant):
            added = isinstance(node.op, _ast.Add)
            return _constant(left.value + right.value if added else left.value - right.value, node)
    return node


def _format(node):
    """`'…' % (a, b)` as an f-string, where it asks for nothing that an f-string would do otherwise."""
    if not (isinstance(node.op, _ast.Mod) and isinstance(node.right, _ast.Tuple)):
        return node
    if not (isinstance(node.left, _ast.Constant) and isinstance(node.left.value, str)):
        return node
    waiting = list(node.right.elts)
    if any(isinstance(item, _ast.Starred) for item in waiting):
        return node
    values, text = [], ""
    for plain, percent, minus, width, precision, kind in re.findall(
        r"([^%]+)|(%%)|%(-?)(\d{0,2})(?:\.(\d{0,2}))?([sra])|%.?", node.left.value, re.DOTALL
    ):
        if plain or percent:
            text += plain or "%"
            continue
        if not kind or not waiting:
            return node
        if text:
            values.append(_constant(text, node.left))
            text = ""
        spec = ("<" if minus else ">") + width if width else ""
        spec += f".{precision}" if precision else ""
        spec = _moved(_ast.JoinedStr([_constant(spec, node.left)]), node.left) if spec else None
        values.append(_moved(_ast.FormattedValue(waiting.pop(0), ord(kind), spec), node.left))
    if waiting:
        return node
    if text:
        values.append(_constant(text, node.left))
    return _moved(_ast.JoinedStr(values), node)


def _replacement(node, level):
    if isinstance(node, _ast.Name) and node.id == "__debug__" and isinstance(node.ctx, _ast.Load) and level > 0:
        return _constant(False, node)
    if isinstance(node, _ast.BinOp):
        return _format(node)
    return node


def _optimise(tree, level):
    for node in _walk(tree):
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                value[:] = [_replacement(item, level) for item in value]
            elif isinstance(value, _ast.AST):
                new = _replacement(value, level)
                if new is not value:
                    setattr(node, name, new)
        if isinstance(node, _ast.MatchValue):
            node.value = _number(node.value)
        elif isinstance(node, _ast.MatchMapping):
            node.keys = [_number(key) for key in node.keys]
        elif level > 1 and isinstance(node, _DOCUMENTED):
            _without_text(node)


def _without_text(node):
    """Takes the documentation away; a body that it was alone gets a `pass`."""
    first = node.body[0] if node.body else None
    if not (isinstance(first, _ast.Expr) and isinstance(first.value, _ast.Constant) and isinstance(first.value.value, str)):
        return
    del node.body[0]
    if not node.body and not isinstance(node, _ast.Module):
        place = {"lineno": first.lineno, "col_offset": first.col_offset}
        end = {"end_lineno": first.lineno, "end_col_offset": first.col_offset + 4}
        node.body.append(_ast.Pass(**place, **end))
