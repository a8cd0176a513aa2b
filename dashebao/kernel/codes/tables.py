"""Code tables with dates and labels in both languages, read from the data files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dashebao.kernel.codes.errors import UnknownCode

FOLDER = Path(__file__).parent / "tables"


@dataclass(frozen=True)
class Code:
    """One value of a table: its labels and the days it may be used (until: first day not)."""

    code: str
    zh: str
    en: str
    since: date | None = None
    until: date | None = None

    def is_valid(self, on: date) -> bool:
        """Whether the code may be used on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def label(self, language: str = "zh") -> str:
        """The label in Chinese for zh…, else in English."""
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True)
class Table:
    """A code table of a standard."""

    name: str
    zh: str
    en: str
    standard: str
    verified: str
    codes: dict[str, Code]

    def get(self, code: str, on: date | None = None) -> Code:
        """The code, checked on a day if one is given; UnknownCode names the table and the value."""
        found = self.codes.get(str(code))
        if found is None or (on is not None and not found.is_valid(on)):
            raise UnknownCode(self.zh, self.en, str(code), on)
        return found

    def label(self, code: str, language: str = "zh") -> str:
        """The label of a code."""
        return self.get(code).label(language)

    def choices(self, language: str = "zh", on: date | None = None) -> list[tuple[str, str]]:
        """(code, label) pairs for a form, only those in use on a day if one is given."""
        return [(c.code, c.label(language)) for c in self.codes.values() if on is None or c.is_valid(on)]

    def __contains__(self, code: object) -> bool:
        return str(code) in self.codes


_amended: dict[str, Table] = {}


def table(name: str) -> Table:
    """The table of that name, e.g. "scheme", "sex", "nation"; UnknownCode if there is none."""
    return _amended.get(name) or _written(name)


def amend_tables(rows: Mapping[str, Iterable[Code]]) -> None:
    """Lay approved codes over the tables, instead of those laid before: a known code is replaced, a new one joins."""
    made = {
        name: replace(_written(name), codes={**_written(name).codes, **{code.code: code for code in codes}})
        for name, codes in rows.items()
    }
    _amended.clear()
    _amended.update(made)


@cache
def _written(name: str) -> Table:
    path = FOLDER / f"{name}.yaml"
    if not name.isidentifier() or not path.exists():
        raise UnknownCode("代码表", "code table", name, None)
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    codes: dict[str, Code] = {}
    for row in document["values"]:
        code = _code(row)
        if code.code in codes:
            raise ValueError(f"{name}: the code {code.code} is written twice")
        codes[code.code] = code
    return Table(name, document["zh"], document["en"], document["standard"], document["verified"], codes)


def _code(row: dict[str, Any]) -> Code:
    return Code(str(row["code"]), row["zh"], row["en"], row.get("since"), row.get("until"))


def tables() -> list[str]:
    """Names of all tables."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))
