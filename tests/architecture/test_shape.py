"""The shape of the tree: sizes, names, doors and what must not be in a file."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINES, FUNCTION, PARAMETERS = 400, 50, 5
EMPTY_NAMES = {"utils", "helpers", "common_utils", "misc", "manager", "managers"}


@cache
def files(suffix: str = ".py") -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return tuple(ROOT / name for name in listed if name.endswith(suffix) and (ROOT / name).is_file())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def source() -> list[Path]:
    return [path for path in files() if "migrations" not in path.parts]


def functions():
    for path in source():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_no_file_is_longer_than_four_hundred_lines():
    long = [(str(p.relative_to(ROOT)), n) for p in source() if (n := len(p.read_text().splitlines())) > LINES]
    assert long == []


def test_no_function_is_longer_than_fifty_lines():
    long = [
        f"{p.relative_to(ROOT)}:{n.lineno} {n.name}" for p, n in functions() if n.end_lineno - n.lineno + 1 > FUNCTION
    ]
    assert long == []


def test_no_function_takes_more_than_five_positional_parameters():
    many = []
    for path, node in functions():
        if "tests" in path.parts:
            continue
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
        if len(names) > PARAMETERS:
            many.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}({', '.join(names)})")
    assert many == []


def test_every_module_says_in_a_sentence_what_it_is():
    silent = [str(p.relative_to(ROOT)) for p in source() if p.read_text().strip() and not ast.get_docstring(tree(p))]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing():
    assert [str(p) for p in source() if p.stem in EMPTY_NAMES] == []


def test_nothing_is_left_for_later():
    pattern = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK|SCAFFOLD|for now|simplified)\b", re.I)
    left = [
        f"{p.relative_to(ROOT)}:{n}"
        for p in source()
        if p != Path(__file__)
        for n, line in enumerate(p.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert left == []


def test_another_system_is_entered_only_by_its_api():
    """`from dashebao.business.fund.models …` is refused outside fund; kernel's pure packages may be imported whole."""
    open_modules = {"api", "rules", "jobs", "apps"}
    wrong = []
    for path in source():
        own = system_of(".".join(path.relative_to(ROOT).with_suffix("").parts))
        if "tests" in path.parts or own in ("", "dashebao.site"):
            continue
        for node in ast.walk(tree(path)):
            names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                other = system_of(name)
                rest = name[len(other) + 1 :].split(".")[0] if other else ""
                if other.startswith("dashebao.business") and other != own and rest and rest not in open_modules:
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} imports {name}")
    assert wrong == []


def system_of(module: str) -> str:
    parts = module.split(".")
    if parts[:3] == ["dashebao", "business", "insurance"]:
        return ".".join(parts[:4]) if len(parts) > 3 else ""
    return ".".join(parts[:3]) if parts[:2] in (["dashebao", "business"], ["dashebao", "kernel"]) else ""


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.zh-CN.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "LICENSE",
        "docs/glossary.md",
        "bin/up",
        "bin/test",
        "bin/dashebao",
        ".ci/run",
    ],
)
def test_the_project_has(name):
    assert (ROOT / name).is_file()


def test_every_system_has_a_readme():
    systems = {path.parent for path in files("apps.py")}
    assert [str(s.relative_to(ROOT)) for s in sorted(systems) if not (s / "README.md").is_file()] == []


def test_no_lock_file_names_a_host():
    assert [
        line
        for lock in ("run", "test")
        for line in (ROOT / f"requirements/{lock}.lock").read_text().splitlines()
        if "://" in line
    ] == []
