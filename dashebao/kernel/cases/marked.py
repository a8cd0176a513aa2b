"""Which fields of an application are typed a second time in a step, and how two entries are compared."""

from __future__ import annotations

from typing import Any

from django import forms

from dashebao.kernel.cases.clock import today
from dashebao.kernel.cases.models import Case, CaseStep, Reentry
from dashebao.kernel.cases.rows import entries_of
from dashebao.kernel.cases.rules import is_above
from dashebao.kernel.cases.states import ReentryState
from dashebao.kernel.catalogue.api import Reenter, ServiceItem


def ask_again(case: Case, item: ServiceItem, step: CaseStep) -> None:
    """Write down which fields the officer of a step that opens must type again; nothing where none is marked."""
    wanted = [one for one in item.step(step.key).again if _asked(case, item, one)]
    if wanted:
        Reentry.objects.bulk_create(
            Reentry(case=case, step=step, region_code=case.region_code, round=step.round, field=one.field)
            for one in wanted
        )


def _asked(case: Case, item: ServiceItem, one: Reenter) -> bool:
    value = cleaned(item.Form(), one.field, case.answers.get(one.field))
    if value in (None, "", []):
        return False
    if not one.above:
        return True
    return isinstance(value, int) and is_above(value, one.above, case.region_code, today())


def blind_fields(case: Case, step: CaseStep | None) -> frozenset[str]:
    """The fields nobody sees on the page while they are still to be typed again in the open step."""
    if step is None:
        return frozenset()
    return frozenset(row.field for row in _now(case, step) if row.state == ReentryState.WANTED)


def states_now(case: Case, step: CaseStep) -> frozenset[str]:
    """How the second entries of the open step stand: wanted, different, agreed."""
    return frozenset(row.state for row in _now(case, step))


def _now(case: Case, step: CaseStep) -> list[Reentry]:
    return [row for row in entries_of(case) if (row.step_id, row.round) == (step.pk, step.round)]


def cleaned(form: forms.Form, name: str, raw: Any) -> Any:
    """A raw answer as its field's value; the raw one where it does not fit."""
    try:
        return form.fields[name].clean(raw)
    except forms.ValidationError:
        return raw


def same(first: Any, second: Any) -> bool:
    """Whether two entries agree; blanks inside a text make no difference, account numbers are printed in groups."""
    if isinstance(first, str) and isinstance(second, str):
        return "".join(first.split()) == "".join(second.split())
    return bool(first == second)
