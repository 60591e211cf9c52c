"""Trains readers of settings and source: tomllib, configparser, argparse, shlex, ast, compile."""

import argparse
import ast
import configparser
import contextlib
import io
import shlex
import sys
import tomllib

TOML = """
title = "Job {seed}"
when = 2024-05-{day:02}T07:32:00Z
[server]
ports = [8000, {port}, 0x1F]
ratio = {seed}.25
"quoted key" = 'C:\\path'
[[server.host]]
name = "alpha"   # the first
limits = {{ low = 1, high = {seed} }}
[[server.host]]
name = "\\u03b2eta"
text = \"\"\"
two
lines\"\"\"
"""
INI = """
[DEFAULT]
home = /srv/{seed}
level = %(depth)s
depth = 3
[build]
target = %(home)s/out
flags = -O2
    -g
debug = yes
[test : unit]
count = {seed}
rate: 2.5
; a remark
"""
SOURCE = '''
"""Module {seed}."""
import math
from os import path as p

LIMIT: int = {seed}

class Box[T](list):
    """A box."""
    size = 3

    def __init__(self, *items, name=None, **rest):
        super().__init__(items)
        self.name = name or f"box {{len(items)!r:>3}}"
        self.rest = {{key: value for key, value in rest.items() if value}}

    @property
    def total(self) -> float:
        result = 0
        for item in self:
            if item is None or not item > {low}:
                continue
            elif item in (1, 2, 3):
                result += item ** 2
            else:
                result -= item // 3
        else:
            result = result if result < LIMIT else -result
        return result

def visit(box, /, depth=0, *, action=lambda x: x + 1):
    try:
        with open(p.join("a", "b")) as file:
            return [action(n) for line in file for n in line]
    except (OSError, ValueError) as error:
        while depth < 10 and (depth := depth + 1):
            assert depth, "never"
    finally:
        box[1:2], last = [action(box[0])], box[-1]
    match box:
        case [1, *others] if others:
            return others
        case _:
            yield from box
    return math.floor(depth) @ box if False else (~depth, *box)[0]

box = Box(1, {seed}, 7, name="n", a=1, b=0)
RESULT = box.total + len(box.name) + len(box.rest) + sum(visit(box))
'''


def read_toml(seed):
    found = tomllib.loads(TOML.format(seed=seed, day=seed % 28 + 1, port=seed * 3))
    server = found["server"]
    try:
        tomllib.loads(f"a = {seed}\nb = [1,, 2]\n")
    except tomllib.TOMLDecodeError as error:
        seed += len(str(error))
    return (sum(server["ports"]) + server["host"][0]["limits"]["high"] + found["when"].day
            + len(server["host"][1]["name"] + server["host"][1]["text"]) + int(server["ratio"]) + seed)


def read_ini(seed):
    parser = configparser.ConfigParser()
    parser.read_string(INI.format(seed=seed))
    parser["extra"] = {"a": "1", "b": "%(home)s/b"}
    out = io.StringIO()
    parser.write(out)
    return (parser.getint("test : unit", "count") + int(parser["test : unit"].getfloat("rate"))
            + parser.getboolean("build", "debug") + len(parser["build"]["flags"].split())
            + len(parser["extra"]["b"]) + parser["build"].getint("level") + len(out.getvalue())
            + parser.getint("build", "none", fallback=4) + len(parser.sections()))


def make_arguments():
    parser = argparse.ArgumentParser("job", description="Runs a job.")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("-v", "--verbose", action="count", default=0)
    parser.add_argument("-n", "--number", type=int, choices=range(5), default=1)
    parser.add_argument("--level", dest="depth", type=float, help="how deep (%(default)s)")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--fast", action="store_true")
    group.add_argument("--slow", action="store_const", const=9)
    return parser


def read_arguments(parser, seed):
    line = f"-vv 'a file.txt' b{seed}.txt --number={seed % 5} --level {seed}.5 " + (
        "--fast" if seed % 2 else "--slow")
    options = parser.parse_args(shlex.split(line))
    complaint = io.StringIO()
    with contextlib.redirect_stderr(complaint), contextlib.suppress(SystemExit):
        parser.parse_args(["x", "--number", "7"])
    return (len(" ".join(options.files)) + options.verbose + options.number + int(options.depth)
            + (options.slow or 0) + options.fast + ("invalid choice" in complaint.getvalue()))


class Doubler(ast.NodeTransformer):
    def visit_Constant(self, node):
        if type(node.value) is int and node.value > 5:
            return ast.copy_location(ast.Constant(node.value * 2), node)
        return node


class Names(ast.NodeVisitor):
    def __init__(self):
        self.loaded = set()
        self.depth = 0

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Load):
            self.loaded.add(node.id)

    def visit_FunctionDef(self, node):
        self.depth += 1
        self.generic_visit(node)


def read_source(seed):
    text = SOURCE.format(seed=seed, low=seed % 3)
    tree = ast.parse(text, f"source{seed}.py")
    kinds = {}
    for node in ast.walk(tree):
        kinds[type(node).__name__] = kinds.get(type(node).__name__, 0) + 1
    names = Names()
    names.visit(tree)
    plain, doubled = {"__name__": "plain"}, {"__name__": "doubled"}
    exec(compile(tree, "<plain>", "exec"), plain)
    changed = ast.fix_missing_locations(Doubler().visit(tree))
    again = ast.parse(ast.unparse(changed))
    exec(compile(again, "<doubled>", "exec"), doubled)
    try:
        compile(text.replace("finally:", "finaly:"), "<wrong>", "exec")
    except SyntaxError as error:
        seed += error.lineno
    return (plain["RESULT"] + doubled["RESULT"] * 3 + kinds["Name"] + kinds["Call"] * 5 + len(kinds)
            + len(names.loaded) + names.depth + eval(f"({seed} + 3) * 2 - len('abc')")
            + ast.literal_eval(f"[1, {{'k': {seed}}}, (2,)]")[1]["k"])


def main(scale):
    total = 0
    parser = make_arguments()
    for seed in range(5 * scale):
        for figure in (read_toml(seed), read_ini(seed), read_arguments(parser, seed), read_source(seed)):
            total = (total * 101 + figure) % 1_000_003
    print("configuring", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
