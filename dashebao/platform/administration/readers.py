"""Which formulas and which other functions of the program read a parameter, found in the source itself."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import dashebao
from dashebao.kernel.rules.api import REGISTER, STORE, Formula

ROOT = Path(dashebao.__file__).resolve().parent
SKIPPED = {"tests", "migrations", "locale"}
NAME = re.compile(r"[a-z][a-z_]*(\.[A-Za-z0-9_]+)+")


@dataclass(frozen=True)
class Reader:
    """A function of the program that names a parameter: where it is and the first sentence of its documentation."""

    module: str
    function: str
    says: str


@dataclass(frozen=True)
class _Mention:
    pattern: re.Pattern[str]
    reader: Reader


@cache
def _mentions() -> tuple[_Mention, ...]:
    """Every text in the program that looks like the name of a parameter, and the function or module it stands in."""
    systems = "|".join(sorted({name.split(".")[0] for name in STORE.parameters}))
    begins = re.compile(rf"""["'](?:{systems})\.""")  # a file without such a text is not worth parsing
    found: list[_Mention] = []
    for path in sorted(ROOT.rglob("*.py")):
        if SKIPPED.isdisjoint(path.relative_to(ROOT).parts):
            text = path.read_text(encoding="utf-8")
            if begins.search(text):
                found.extend(_in_file(path, text))
    return tuple(found)


def _in_file(path: Path, text: str) -> Iterator[_Mention]:
    tree = ast.parse(text)
    module = ".".join(("dashebao", *path.relative_to(ROOT).with_suffix("").parts))
    constants: dict[str, list[re.Pattern[str]]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        patterns = list(_patterns(node))
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            constants[node.targets[0].id] = patterns
        else:
            yield from (_Mention(pattern, Reader(module, "", "")) for pattern in patterns)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            doc = (ast.get_docstring(node) or "").split("\n")[0]
            reader = Reader(module, node.name, doc)
            used = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
            for pattern in (*_patterns(node), *(p for name in used for p in constants.get(name, ()))):
                yield _Mention(pattern, reader)


def _patterns(node: ast.AST) -> Iterator[re.Pattern[str]]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and NAME.fullmatch(part.value):
            yield re.compile(re.escape(part.value) + r"(\..+)?")
        elif isinstance(part, ast.JoinedStr):
            pattern = _joined(part)
            if pattern is not None:
                yield pattern


def _joined(node: ast.JoinedStr) -> re.Pattern[str] | None:
    """An f-string as a pattern, if it begins like the name of a parameter: f"levy.{name}.floor"."""
    text = "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[A-Za-z0-9_.]+" for part in node.values
    )
    first = node.values[0] if node.values else None
    if not isinstance(first, ast.Constant) or not re.match(r"[a-z][a-z_]*\.", str(first.value)):
        return None
    return re.compile(text + r"(\..+)?")


def readers_of(name: str) -> list[Reader]:
    """The functions that name the parameter, in the order of their place; a module's constants count where used."""
    found = {mention.reader for mention in _mentions() if mention.pattern.fullmatch(name) and mention.reader.function}
    return sorted(found, key=lambda reader: (reader.module, reader.function))


def formulas_reading(name: str) -> list[Formula]:
    """The registered formulas that read the parameter, directly or through the functions they call."""
    readers = {(reader.module, reader.function) for reader in readers_of(name)}
    return [REGISTER.get(key) for key in REGISTER.names() if readers & _reached(key)]


@cache
def _reached(formula: str) -> frozenset[tuple[str, str]]:
    """(module, function) of everything a formula may call within the program."""
    todo: list[Any] = [inspect.unwrap(REGISTER.get(formula).function)]
    seen: set[tuple[str, str]] = set()
    while todo:
        function = todo.pop()
        place = (function.__module__, function.__name__)
        if place in seen:
            continue
        seen.add(place)
        known = vars(sys.modules[function.__module__])
        for name in _names(function.__code__):
            todo.extend(_functions(known.get(name)))
    return frozenset(seen)


def _names(code: Any) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from _names(constant)


def _functions(value: Any) -> list[FunctionType]:
    """The function of ours behind a global name; the fields of a dataclass are given their methods too."""
    if isinstance(value, ModuleType) or not getattr(value, "__module__", "").startswith("dashebao."):
        return []
    if inspect.isclass(value):
        return [m for m in vars(value).values() if isinstance(m, FunctionType)]
    found = inspect.unwrap(value) if callable(value) else None
    return [found] if isinstance(found, FunctionType) else []
