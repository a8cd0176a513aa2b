"""Every message: each English text in the code has one Chinese translation, none is fuzzy."""

import io
from functools import cache
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract
from django.apps import apps
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
APPS = [config for config in apps.get_app_configs() if config.name.startswith("dashebao.")]


def texts(folder: Path):
    """(context, message) of every marked text below a folder, from Python and from templates."""
    for path in sorted(folder.rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            yield from marked(path.read_bytes())
    for path in sorted(folder.rglob("templates/**/*")):
        if path.suffix in (".html", ".txt"):
            yield from marked(templatize(path.read_text(), origin=str(path)).encode())


def marked(source: bytes):
    for _line, message, _comments, context in extract(
        "python", io.BytesIO(source), keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        for text in message if isinstance(message, tuple) else (message,):
            if text:
                yield context or None, text


@cache
def translated() -> frozenset:
    """What any of our catalogues, or Django's own, translates into Chinese."""
    done = set()
    for path in [*ROOT.glob("dashebao/**/locale/zh_Hans/LC_MESSAGES/django.po"), *django_catalogues()]:
        for entry in polib.pofile(str(path)):
            if entry.translated() and not entry.fuzzy:
                done.add((entry.msgctxt, entry.msgid))
                if entry.msgid_plural:
                    done.add((entry.msgctxt, entry.msgid_plural))
    return frozenset(done)


def django_catalogues() -> list[Path]:
    import django

    return sorted(Path(django.__file__).parent.glob("**/locale/zh_Hans/LC_MESSAGES/django.po"))


@pytest.mark.parametrize("config", APPS, ids=lambda c: c.label)
def test_every_text_of_the_app_is_translated(config):
    missing = sorted({text for text in texts(Path(config.path)) if text not in translated()}, key=str)
    assert missing == []


def test_a_text_is_translated_in_one_way_in_all_systems():
    """Django reads all catalogues as one, so the first of two translations is shown everywhere; a context parts them."""
    ways: dict = {}
    for path in sorted(ROOT.glob("dashebao/**/*.po")):
        for entry in polib.pofile(str(path)):
            chinese = str(entry.msgstr_plural) if entry.msgid_plural else entry.msgstr
            ways.setdefault((entry.msgctxt, entry.msgid), {}).setdefault(chinese, path.parts[-5])
    assert {text: found for text, found in ways.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", sorted(ROOT.glob("dashebao/**/*.po")), ids=lambda p: p.parts[-5])
def test_no_translation_is_fuzzy_or_empty(path):
    catalogue = polib.pofile(str(path))
    assert [e.msgid for e in catalogue if e.fuzzy] == []
    assert [e.msgid for e in catalogue if not e.obsolete and not e.translated()] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("dashebao/**/*.po")), ids=lambda p: p.parts[-5])
def test_placeholders_survive_translation(path):
    import re

    names = re.compile(r"%\(\w+\)[sd]")
    for entry in polib.pofile(str(path)):
        texts_in_chinese = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wanted = set(names.findall(entry.msgid)) | set(names.findall(entry.msgid_plural or ""))
        for text in texts_in_chinese:
            assert set(names.findall(text)) <= wanted, entry.msgid
            if not entry.msgid_plural:
                assert set(names.findall(text)) == wanted, entry.msgid
