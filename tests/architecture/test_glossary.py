"""The glossary: every word it explains is in the code, and every table and event of the code is in it."""

import re
from functools import cache
from pathlib import Path

from django.apps import apps

from dashebao.kernel.events.api import Event
from tests.architecture.test_shape import ROOT, source, tree

GLOSSARY = ROOT / "docs/glossary.md"


@cache
def rows() -> dict[str, str]:
    """Identifier -> Chinese term, from the tables of the glossary."""
    found = re.findall(r"^\| `([\w.]+)` \| ([^|]+) \|", GLOSSARY.read_text(), re.M)
    return {name: chinese.strip() for name, chinese in found}


def test_every_entry_has_a_chinese_term():
    assert [name for name, chinese in rows().items() if not re.search(r"[\u4e00-\u9fff]", chinese)] == []


def test_every_meaning_is_a_whole_sentence():
    meanings = re.findall(r"^\| `[\w.]+` \| [^|]+ \| (.+) \|$", GLOSSARY.read_text(), re.M)
    assert len(meanings) > 100
    assert [meaning for meaning in meanings if meaning[0].islower() or meaning[-1] not in ".…)"] == []


def test_every_entry_is_defined_in_the_code():
    import ast

    defined = set()
    for path in source():
        defined |= {
            node.name for node in ast.walk(tree(Path(path))) if isinstance(node, ast.ClassDef | ast.FunctionDef)
        }
        defined |= set(path.relative_to(ROOT).parts) | {path.stem}
    assert sorted(name for name in rows() if name not in defined) == []


def test_every_table_and_every_event_is_explained():
    tables = {m.__name__ for m in apps.get_models() if m.__module__.startswith("dashebao.")}
    assert sorted(tables - set(rows())) == []
    events = {
        kind.__name__
        for kind in Event.__subclasses__()
        if kind.__module__.startswith("dashebao.") and ".tests." not in kind.__module__
    }
    assert sorted(events - set(rows())) == []
