"""Texts of letters that were changed by two persons, served to Django's templates before the files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from django.apps import apps
from django.template import Origin, TemplateDoesNotExist
from django.template.loaders.base import Loader as BaseLoader
from django.utils import timezone

TOKEN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_changed: dict[str, list[tuple[date, str]]] = {}


class Loader(BaseLoader):
    """Finds a text that was changed; everything else is left to the next loader."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        """At most one source: the changed text in force today."""
        if template_name in _changed and in_force(template_name) is not None:
            yield Origin(name=f"administration:{template_name}", template_name=template_name, loader=self)

    def get_contents(self, origin: Origin) -> str:
        """The text in force today."""
        found = in_force(str(origin.template_name))
        if found is None:
            raise TemplateDoesNotExist(origin)
        return found


def replace_all(rows: Iterable[tuple[str, date, str]]) -> None:
    """Use these (name, since, text) instead of those before."""
    made: dict[str, list[tuple[date, str]]] = {}
    for name, since, text in rows:
        made.setdefault(name, []).append((since, text))
    _changed.clear()
    _changed.update({name: sorted(versions) for name, versions in made.items()})


def in_force(name: str, on: date | None = None) -> str | None:
    """The changed text in force on a day (today), None where the file's counts."""
    day = on or timezone.localdate()
    found = [text for since, text in _changed.get(name, ()) if since <= day]
    return found[-1] if found else None


def names() -> list[str]:
    """Names of all texts that may be changed: the letters of every system."""
    return sorted(_files())


def original(name: str) -> str:
    """The text as the program ships it; KeyError for a name that is not a letter."""
    return _files()[name].read_text(encoding="utf-8")


def current(name: str) -> str:
    """The text as letters are written today."""
    return in_force(name) or original(name)


def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("dashebao."):
            folder = Path(config.path) / "templates"
            for path in folder.rglob("letters/*.txt"):
                found[str(path.relative_to(folder))] = path
    return found


def tokens(text: str) -> list[str]:
    """The placeholders and instructions of a text, as written."""
    return TOKEN.findall(text)


def unknown_tokens(name: str, text: str) -> list[str]:
    """Placeholders the shipped text does not have: a letter is filled with nothing else, and runs nothing else."""
    known = {_plain(token) for token in tokens(original(name))}
    return sorted({token for token in tokens(text) if _plain(token) not in known})


def _plain(token: str) -> str:
    return re.sub(r"\s+", " ", token)
