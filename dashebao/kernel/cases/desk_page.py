"""What only officers see on a case page: second entries, notes, and the draft of a refusing letter."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms

from dashebao.kernel.cases.errors import NotFound
from dashebao.kernel.cases.hands import By, hand_of
from dashebao.kernel.cases.letters import drafted
from dashebao.kernel.cases.models import Case, CaseNote, CaseStep, Reentry
from dashebao.kernel.cases.readable import assess, fields_shown
from dashebao.kernel.cases.rows import case_row, entries_of
from dashebao.kernel.cases.states import LetterKind, ReentryState, StepState
from dashebao.kernel.cases.values import NoteView, ReentryView
from dashebao.kernel.catalogue.api import ServiceItem, StepKind, item, law_text


def second_entries(case: Case, found: ServiceItem, steps: list[CaseStep]) -> tuple[ReentryView, ...]:
    """Every field of a case typed a second time, newest round last; what is still to be typed shows neither entry."""
    by_key = {step.pk: step for step in steps}
    return tuple(_entry(found, row, by_key[row.step_id]) for row in entries_of(case))


def _entry(found: ServiceItem, row: Reentry, step: CaseStep) -> ReentryView:
    form = found.Form(prefix="again")
    titles = {one.name: str(one.title) for one in found.steps}
    shown = {}
    for name, value in (("first", row.first), ("second", row.second)):
        shown[name] = next(
            (one.value for one in fields_shown(found.Form(), {row.field: value}) if one.name == row.field), ""
        )
    known = row.state != ReentryState.WANTED
    return ReentryView(
        field=row.field,
        label=str(form[row.field].label) if row.field in form.fields else row.field,
        state=row.state,
        state_label=str(ReentryState(row.state).label),
        step_title=titles.get(step.key, step.key),
        first=shown["first"] if known else "",
        second=shown["second"] if known else "",
        entered_name=row.entered_name,
        reason=row.reason,
        bound=_box(form, row.field) if row.field in form.fields else None,
        step_key=step.key,
        current=row.round == step.round and step.state == StepState.OPEN,
        position=step.position,
    )


def _box(form: forms.Form, name: str) -> forms.BoundField:
    field = form.fields[name]
    field.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
    field.required = True
    return form[name]


def notes_of(case: Case) -> tuple[NoteView, ...]:
    """The officers' notes on a case, newest first; nothing for anybody else (row-level security)."""
    rows = CaseNote.objects.filter(case=case).order_by("-id")
    return tuple(NoteView(row.author_name, row.written_at, row.text) for row in rows)


@dataclass(frozen=True)
class LetterDraft:
    """A letter as it would be issued now, and the grounds it would rest on; nothing is kept."""

    label: str
    body: str
    grounds: tuple[tuple[str, str], ...]


def refusal_draft(case_no: str, by: By, opinion: str = "") -> LetterDraft:
    """The letter a refusal of this case would send today, in the reader's language; raises NotFound."""
    case = case_row(case_no)
    if not hand_of(by).is_officer:
        raise NotFound
    found = item(case.item_code)
    refusals = assess(case, found).refusals
    step = CaseStep.objects.filter(case=case, state__in=(StepState.OPEN, StepState.RUNNING)).first()
    intake = step is not None and step.kind == StepKind.INTAKE
    kind = LetterKind.NOT_ACCEPTED if intake else LetterKind.REFUSAL
    grounds = tuple((str(one.sentence), law_text(one.article)) for one in refusals)
    facts = {
        "opinion": opinion,
        "grounds": [{"sentence": sentence, "article": article} for sentence, article in grounds],
    }
    return LetterDraft(str(kind.label), drafted(case, found, kind, facts), grounds)
