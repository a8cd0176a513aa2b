"""The papers every case has: its letters, and the sheet of its result drawn from declaration, case and trace."""

from __future__ import annotations

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import AnswerView, CaseView, LetterKind, Outcome, State
from dashebao.kernel.catalogue.api import item
from dashebao.kernel.registry.api import credit_code_of, id_number_of, region_name
from dashebao.platform.screens.api import Column, Fact, Facts, Table, TraceSheet
from dashebao.platform.screens.templatetags.screens import result_name, trace_sheet
from dashebao.platform.screens.values import Text
from dashebao.platform.service_centre.papers.errors import NothingToPrint, NotYours
from dashebao.platform.service_centre.papers.register import PaperKind, register_paper
from dashebao.platform.service_centre.papers.values import Content, Holder, Part, Prose, Wanted

LETTER_SOURCE, RESULT_SOURCE = "letter", "result"
REACHED = (State.GRANTED, State.DELIVERED)


def holder_of(view: CaseView) -> Holder:
    """Whose the papers of a case are: the applicant's, and those who take part in it may read them."""
    readers = tuple(sorted({party.person_id for party in view.parties if party.person_id and party.state == "active"}))
    names = [party.name for party in view.parties if party.role == "applicant"]
    return Holder(
        name=_(", ").join(names) or view.applicant_name,
        region_code=view.region_code,
        person_id=view.person_id,
        unit_id=view.unit_id,
        reader_ids=readers,
    )


def letter_content(wanted: Wanted) -> Content:
    """A letter of a case; its text was frozen when it was written, the paper only sets it."""
    view = _case(wanted)
    found = next((one for one in view.letters if str(one.id) == wanted.source), None)
    if found is None:
        raise NotYours
    body = found.body_zh if (get_language() or "zh").startswith("zh") else found.body_en
    lines = [line for line in body.splitlines() if line.strip()]
    addressee = lines[2].strip() if len(lines) > 3 else ""
    middle = lines[3:-1] if len(lines) > 4 else lines[2:]
    return Content(
        holder=holder_of(view),
        title=LetterKind(found.kind).label,
        heading=lines[0].strip(),
        own_number=found.number,
        case_no=view.case_no,
        parts=[Part("", Prose(middle, addressee))],
        letter=True,
        dated=found.issued_at.date(),
    )


def result_content(wanted: Wanted) -> Content:
    """The result of a granted application: what was asked, what was decided on which law, how it was calculated."""
    view = _case(wanted)
    decision = view.decision
    if decision is None or decision.outcome != Outcome.GRANTED:
        raise NothingToPrint(_("The application has not been granted, so there is no result to print."))
    found = item(view.item_code)
    parts = [Part("", Facts(_heads(view), 2)), Part(_("Decision"), Facts(_decided(view), 1))]
    if view.answers:
        parts.append(Part(_("What was applied for"), Facts([_fact(one) for one in view.answers], 2)))
    if view.rows:
        parts.append(Part(found.row_title, _roster(view.rows)))
    if decision.trace:
        parts += _calculated(decision.trace)
    return Content(
        holder=holder_of(view),
        title=found.result,
        heading=str(found.result),
        case_no=view.case_no,
        parts=parts,
        wide=bool(view.rows) and len(view.rows[0]) > 8,
        note=_("Drawn from the record of the case. It can be checked with the QR code or the check code."),
        dated=decision.decided_at.date(),
    )


def _case(wanted: Wanted) -> CaseView:
    if wanted.case is None:
        raise NotYours
    return wanted.case


def _heads(view: CaseView) -> list[Fact]:
    facts = [Fact(_("Applicant"), holder_of(view).name)]
    if view.person_id:
        facts.append(Fact(_("Identity number"), id_number_of(view.person_id), "masked"))
    if view.unit_id:
        facts.append(Fact(_("Credit code"), credit_code_of(view.unit_id)))
    facts.append(Fact(_("Case number"), view.case_no))
    facts.append(Fact(_("Service"), f"{view.item_label} ({view.item_code})"))
    facts.append(Fact(_("Place"), region_name(view.region_code)))
    facts.append(Fact(_("Received"), view.submitted_at, "date"))
    return facts


def _decided(view: CaseView) -> list[Fact]:
    decision = view.decision
    facts = [Fact(_("Decision"), decision.outcome_label), Fact(_("Decided on"), decision.decided_at, "date")]
    if decision.opinion:
        facts.append(Fact(_("Opinion"), decision.opinion))
    facts.append(Fact(_("Legal basis"), _("; ").join(view.guide.law)))
    return facts


def _fact(answer: AnswerView) -> Fact:
    return Fact(answer.label, answer.value)


def _roster(rows: tuple[tuple[AnswerView, ...], ...]) -> Table:
    return Table([Column(answer.label) for answer in rows[0]], [[answer.value for answer in row] for row in rows])


def _calculated(trace: dict[str, object]) -> list[Part]:
    """The results as a table and the lines below it; a trace of a foreign shape is left out."""
    if not isinstance(trace, dict) or not trace.get("lines"):
        return []
    sheet: TraceSheet = trace_sheet(trace)
    results = trace.get("results") or {}
    pairs = [(result_name(str(name)), value) for name, value in results.items() if not isinstance(value, dict | list)]
    parts = (
        [Part(_("Result of the calculation"), Facts([Fact(name, value) for name, value in pairs], 2))] if pairs else []
    )
    return [*parts, Part(_("How it was calculated"), sheet)]


def _kind(code: str, mark: str, title: Text, provide: object) -> None:
    register_paper(PaperKind(code=code, mark=mark, title=title, provide=provide, listed=False, icon="mail"))


_kind("case.letter", "WS", gettext_lazy("Letter of a case"), letter_content)
_kind("case.result", "JG", gettext_lazy("Result of an application"), result_content)
