"""The case page as values: one fixed set of reads, whatever the service."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import get_language, pgettext

from dashebao.kernel.cases.clock import today
from dashebao.kernel.cases.desk_page import notes_of, second_entries
from dashebao.kernel.cases.errors import NotFound
from dashebao.kernel.cases.hands import By, hand_of
from dashebao.kernel.cases.marked import blind_fields
from dashebao.kernel.cases.models import (
    Case,
    CaseEvent,
    CaseLetter,
    CaseMaterial,
    CaseStep,
    Decision,
    Signature,
)
from dashebao.kernel.cases.permitted import acts_open
from dashebao.kernel.cases.readable import answers_shown, assess, fields_shown
from dashebao.kernel.cases.rows import case_row, confirmed_in, open_pauses, parties_of, signatures_of
from dashebao.kernel.cases.states import (
    LetterKind,
    Outcome,
    PaperState,
    ReentryState,
    State,
    StepState,
)
from dashebao.kernel.cases.timing import worst
from dashebao.kernel.cases.values import (
    Assessment,
    CaseView,
    DecisionView,
    EventView,
    LetterView,
    MaterialView,
    PartyView,
    ReentryView,
    StepView,
)
from dashebao.kernel.cases.verbs import verb_label
from dashebao.kernel.catalogue.api import (
    PartyRole,
    ServiceItem,
    Step,
    StepKind,
    guide,
    item,
)
from dashebao.kernel.records.api import audit, current_actor


def case_view(case_no: str, by: By | None = None) -> CaseView:
    """Everything the page of a case shows; with a reader ``by`` also what that reader may do now."""
    case = case_row(case_no)
    found = item(case.item_code)
    steps = list(CaseStep.objects.filter(case=case).order_by("position"))
    current = next((step for step in steps if step.state in (StepState.OPEN, StepState.RUNNING)), None)
    declared = found.step(current.key) if current is not None else None
    reader = hand_of(by).actor if by is not None else current_actor()
    officer = reader is not None and reader.kind == "officer"
    answers, rows = answers_shown(found, case.answers, blind_fields(case, current) if officer else frozenset())
    entries = second_entries(case, found, steps) if officer else ()
    return CaseView(
        case_no=case.case_no,
        version=case.version,
        item_code=case.item_code,
        item_label=found.label,
        state=case.state,
        state_label=str(State(case.state).label),
        channel=case.channel,
        region_code=case.region_code,
        applicant_kind=case.applicant_kind,
        applicant_id=case.applicant_id,
        applicant_name=case.applicant_name,
        person_id=case.person_id or 0,
        unit_id=case.unit_id or 0,
        household_id=case.household_id or 0,
        submitted_at=case.submitted_at,
        accepted_on=case.accepted_on,
        due_on=case.due_on,
        promised_on=case.promised_on,
        closed_at=case.closed_at,
        light=worst(case.state, (case.due_on, case.promised_on, current.due_on if current else None), today()),
        raw_answers=case.answers,
        answers=answers,
        rows=rows,
        parties=_parties(case, current),
        steps=tuple(_step(found, step, signatures_of(case)) for step in steps),
        materials=_materials(case, found),
        letters=_letters(case),
        events=_events(case, found),
        decision=_decision(case),
        guide=guide(found),
        can=acts_open(case, current, by) if by is not None else frozenset(),
        pause=_pause(case),
        step_form=_step_form(declared, current),
        reentries=entries,
        corrections=_to_correct(entries, current),
        notes=notes_of(case) if officer else (),
    )


def _pause(case: Case) -> str:
    """Why the clock stands still now: what must be completed, or the reason of the suspension."""
    return next((row.reason for row in open_pauses(case)), "")


def _to_correct(entries: tuple[ReentryView, ...], current: CaseStep | None) -> tuple[ReentryView, ...]:
    """The newest differences sent back to the open step."""
    if current is None or current.state != StepState.OPEN:
        return ()
    later = {one.field: one for one in entries if one.position > current.position}
    return tuple(one for one in later.values() if one.state == ReentryState.RETURNED)


def paper_file(case_no: str, name: str) -> tuple[str, str, bytes]:
    """File name, media type and content of a paper of a case; raises NotFound. The reading is audited."""
    row = CaseMaterial.objects.filter(case__case_no=case_no, name=name).select_related("file").first()
    if row is None or row.file is None:
        raise NotFound
    case = case_row(case_no)
    audit("cases.paper_read", case, region=case.region_code, person=case.person_id, paper=name)
    return row.file.file_name, row.file.media_type, bytes(row.file.content)


def assessment(case_no: str) -> Assessment:
    """What the item's rules say of the case today: checks, refusals, trace; computed, not stored."""
    case = case_row(case_no)
    return assess(case, item(case.item_code))


def _step_form(declared: Step | None, current: CaseStep | None) -> forms.Form | None:
    """The form of the open step, filled with what an earlier signer recorded."""
    if declared is None or declared.form is None or current is None:
        return None
    return declared.form(initial=current.data)


def _step(found: ServiceItem, row: CaseStep, signatures: Iterable[Signature]) -> StepView:
    declared = next((step for step in found.steps if step.name == row.key), None)
    kind = StepKind(row.kind)
    recorded: tuple[tuple[str, str], ...] = ()
    if declared is not None and declared.form is not None and row.data:
        recorded = tuple((one.label, one.value) for one in fields_shown(declared.form(), row.data))
    return StepView(
        key=row.key,
        title=str(declared.title) if declared is not None else str(kind.label),
        kind=row.kind,
        kind_label=str(kind.label),
        role=row.role,
        state=row.state,
        taken_by=row.taken_by,
        taken_name=row.taken_name,
        done_at=row.done_at,
        done_name=row.done_name,
        opinion=row.opinion,
        due_on=row.due_on,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        extended=row.extended,
        officers=row.officers,
        signed=tuple(one.officer_name for one in signatures if (one.step_id, one.round) == (row.pk, row.round)),
        act=str(declared.act.label) if declared is not None and declared.act is not None else "",
        data=row.data,
        recorded=recorded,
    )


def _parties(case: Case, current: CaseStep | None) -> tuple[PartyView, ...]:
    confirmed = confirmed_in(current) if current is not None else frozenset()
    return tuple(
        PartyView(
            id=row.pk,
            role=row.role,
            role_label=str(PartyRole(row.role).label),
            name=row.name,
            person_id=row.person_id or 0,
            unit_id=row.unit_id or 0,
            state=row.state,
            confirmed=row.pk in confirmed,
        )
        for row in parties_of(case)
    )


def _materials(case: Case, found: ServiceItem) -> tuple[MaterialView, ...]:
    declared = {material.name: material for material in found.materials}
    notes = {line.name: line.note for line in guide(found).papers}
    rows = CaseMaterial.objects.filter(case=case).order_by("id").select_related("file").defer("file__content")
    return tuple(
        MaterialView(
            name=row.name,
            label=declared[row.name].label if row.name in declared else row.name,
            required=row.required,
            state=row.state,
            state_label=str(PaperState(row.state).label),
            file_name=row.file.file_name if row.file is not None else "",
            note=notes.get(declared[row.name].label, "") if row.name in declared else "",
            has_file=row.file is not None,
        )
        for row in rows
    )


def _letters(case: Case) -> tuple[LetterView, ...]:
    chinese = (get_language() or "zh").startswith("zh")
    return tuple(
        LetterView(
            id=row.pk,
            kind=row.kind,
            label=str(LetterKind(row.kind).label),
            number=row.number,
            body=row.body_zh if chinese else row.body_en,
            body_zh=row.body_zh,
            body_en=row.body_en,
            issued_at=row.issued_at,
        )
        for row in CaseLetter.objects.filter(case=case).order_by("id")
    )


def _events(case: Case, found: ServiceItem) -> tuple[EventView, ...]:
    titles = {step.name: str(step.title) for step in found.steps}
    return tuple(
        EventView(
            at=row.at,
            verb=row.verb,
            label=verb_label(row.verb),
            step_title=titles.get(row.step_key, row.step_key),
            actor_name=row.actor_name if row.actor_kind != "system" else pgettext("actor", "System"),
            detail=row.detail,
        )
        for row in CaseEvent.objects.filter(case=case).order_by("id")
    )


def _decision(case: Case) -> DecisionView | None:
    row = Decision.objects.filter(case=case).first()
    if row is None:
        return None
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    grounds = tuple((ground[f"sentence_{language}"], ground[f"article_{language}"]) for ground in row.grounds)
    return DecisionView(
        outcome=row.outcome,
        outcome_label=str(Outcome(row.outcome).label),
        grounds=grounds,
        opinion=row.opinion,
        trace=row.trace,
        result=row.result,
        decided_at=row.decided_at,
        decided_name=row.decided_name,
    )
