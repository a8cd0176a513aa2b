"""Writes the first version of a service item: a file that runs, a test that passes, and what must be registered."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

import polib
from django.utils.translation import gettext as _

CLASS_NAME = re.compile(r"([A-Z][a-z0-9]+){2,}")


class ScaffoldRefused(ValueError):
    """The item cannot be made; the text says what to change."""


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """What an item is made from: its system, names in both languages, and the two duties that handle it."""

    module: str
    folder: Path
    code: str
    name: str
    zh: str
    title: str
    person: bool
    clerk: str
    decider: str

    @property
    def stem(self) -> str:
        """The file's name, from the class name."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()


ITEM = Template('''"""$title ($code)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Example,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES
from dashebao.kernel.legal_time.api import Terms, WorkingDays
from dashebao.kernel.records.api import audit


@register
class $name(ServiceItem):
    """$zh"""

    code = "$code"
    title = gettext_lazy("$title")
    summary = gettext_lazy("$title")
    category = "$category"
    law = (HANDLING_RULES[10],)
    channels = Channel.COUNTER | $channel
    applicant = ApplicantKind.$applicant
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(5, Terms(basis=HANDLING_RULES[10]))
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="$clerk"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Review and decision"), role="$decider"),
    )
    result = gettext_lazy("Decision: $title")
    examples = (
        Example("a reason is given", {"reason": "示例"}),
        Example("the reason is too short", {"reason": "?"}, expect="refused"),
    )

    class Form(forms.Form):
        """Why it is asked for."""

        reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A reason of at least two signs."""
        if len(answers["reason"].strip()) < 2:
            yield Refusal(_("Give the reason in a few words."), HANDLING_RULES[10])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Keep that it was granted; call one action of the system here."""
        audit("$label.$stem", ("$label.$kind", case.applicant.id), case_no=case.case_no)
        return {"$kind": case.applicant.id}
''')
TEST = Template('''"""$title: its examples end as they say, at the counter and in both languages."""

from datetime import date

import pytest
from django.utils import translation

from dashebao.kernel.cases.api import Application, CaseError, State, advance, at, case_view, refuse, submit
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, Channel, guide, item

CODE = "$code"


def test_the_guide_names_it_in_both_languages():
    with translation.override("zh-hans"):
        assert guide(item(CODE)).label == "$zh"
    with translation.override("en"):
        assert guide(item(CODE)).label == "$title"


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(len(item(CODE).examples)))
def test_an_example_ends_as_it_says(number):
    example, clerk = item(CODE).examples[number], officer("$clerk")
    applicant = Applicant.of_$kind(1, "示例", "440106")
    with at(date(2026, 12, 2)):
        try:
            case_no = submit(Application(CODE, applicant, example.answers, Channel.COUNTER, "k"), clerk).case_no
        except CaseError:
            assert example.expect == "refused"
            return
        advance(case_no, clerk)
        decider = officer("$decider")
        if example.expect == "refused":
            refuse(case_no, decider)
        else:
            advance(case_no, decider)
        state = case_view(case_no, by=clerk).state
    assert state == State.REFUSED if example.expect == "refused" else state in (State.GRANTED, State.DELIVERED)
''')


def write_item(wanted: NewItem) -> list[Path]:
    """Write item, test, import and catalogue entries; returns the files touched. ScaffoldRefused changes nothing."""
    item = wanted.folder / "items" / f"{wanted.stem}.py"
    test = wanted.folder / "tests" / f"test_{wanted.stem}.py"
    door = wanted.folder / "items" / "__init__.py"
    words = wanted.folder / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    if not CLASS_NAME.fullmatch(wanted.name):
        raise ScaffoldRefused(_("Name the class by a verb and its object, e.g. CheckArrears."))
    for path in (door, words):
        if not path.exists():
            raise ScaffoldRefused(_("%(path)s is missing: make the system's items folder first.") % {"path": path})
    for path in (item, test):
        if path.exists():
            raise ScaffoldRefused(_("%(path)s exists already.") % {"path": path})
    values = _values(wanted)
    opened = with_import(door.read_text(), f"{wanted.module}.items", wanted.stem)
    item.write_text(ITEM.substitute(values))
    test.write_text(TEST.substitute(values))
    door.write_text(opened)
    _translate(words, wanted)
    return [item, test, door, words]


def _values(wanted: NewItem) -> dict[str, str]:
    kind = "person" if wanted.person else "unit"
    label = wanted.module.rpartition(".")[2]
    return {
        "title": wanted.title,
        "code": wanted.code,
        "name": wanted.name,
        "zh": wanted.zh,
        "category": label,
        "label": label,
        "stem": wanted.stem,
        "kind": kind,
        "applicant": kind.upper(),
        "channel": "Channel.PORTAL" if wanted.person else "Channel.EMPLOYER",
        "clerk": wanted.clerk,
        "decider": wanted.decider,
    }


def with_import(source: str, package: str, name: str) -> str:
    """The text of an items package that also imports `name`, in its import and in `__all__`, both sorted."""
    tree = ast.parse(source)
    imported = next((n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == package), None)
    listed = next(
        (n for n in tree.body if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "__all__"), None
    )
    if imported is None or listed is None:
        raise ScaffoldRefused(_("The items package must import its items in one line and list them in __all__."))
    names = sorted({alias.name for alias in imported.names} | {name})
    lines = source.splitlines()
    for node, text in ((listed, _listed(names)), (imported, _imported(package, names))):  # from the end upward
        lines[node.lineno - 1 : node.end_lineno] = text.splitlines()
    return "\n".join(lines) + "\n"


def _imported(package: str, names: list[str]) -> str:
    line = f"from {package} import {', '.join(names)}"
    return line if len(line) <= 120 else f"from {package} import (\n" + "".join(f"    {n},\n" for n in names) + ")"


def _listed(names: list[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    line = f"__all__ = [{', '.join(quoted)}]"
    return line if len(line) <= 120 else "__all__ = [\n" + "".join(f"    {n},\n" for n in quoted) + "]"


def _translate(path: Path, wanted: NewItem) -> None:
    catalogue = polib.pofile(str(path))
    for english, chinese in (
        (wanted.title, wanted.zh),
        (f"Decision: {wanted.title}", f"{wanted.zh}决定书"),
        ("Acceptance", "受理"),
        ("Review and decision", "复核并决定"),
        ("Reason", "原因"),
        ("Give the reason in a few words.", "请简要写明原因。"),
    ):
        if catalogue.find(english) is None:
            catalogue.append(polib.POEntry(msgid=english, msgstr=chinese))
    catalogue.save()
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
