"""The pension's papers: award sheet (基本养老金核定表) and statement of rights (个人权益记录单)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dashebao.business.insurance.pension.items.parts import today
from dashebao.business.insurance.pension.models import Award
from dashebao.business.insurance.pension.queries import current_award, explained
from dashebao.business.insurance.pension.statement import statement
from dashebao.business.insurance.pension.views import PART_NAMES, award_lines, year_table
from dashebao.kernel.registry.api import Person, id_number_of, person, region_name
from dashebao.platform.screens.api import Column, Face, Fact, Facts, Table
from dashebao.platform.service_centre.papers.api import (
    Content,
    Holder,
    NothingToPrint,
    NotYours,
    PaperKind,
    Part,
    Wanted,
    register_paper,
)

YEARS_BACK = 10
FIRST_YEAR = 1992  # individual accounts begin nowhere earlier
BOTH = frozenset({Face.COUNTER, Face.PORTAL})


def years() -> list[tuple[int, str]]:
    """The years a statement can be made for."""
    now = today().year
    return [(year, str(year)) for year in range(now, now - YEARS_BACK, -1)]


class Year(forms.Form):
    """Which year."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), choices=years, coerce=int)


def statement_content(wanted: Wanted) -> Content:
    """Months paid, bases and the personal account of one year (社会保险法 §74)."""
    human = person(wanted.subject_id)
    year = wanted.answers.get("year") or (wanted.source if wanted.source.isdecimal() else wanted.on.year)
    found = statement(human.pk, min(max(int(year), FIRST_YEAR), wanted.on.year))
    if not found.total_months and not found.closing.total:
        raise NothingToPrint(_("No pension insurance is on record, so there is no statement."))
    facts = [
        *_heads(human),
        Fact(_("Year"), str(found.year)),
        Fact(_("As of"), wanted.on, "date"),
        Fact(_("Months paid this year"), len(found.months), "number"),
        Fact(_("Months in all"), found.total_months, "number"),
        Fact(_("Entered this year"), found.credited_fen, "money"),
        Fact(_("Interest entered this year"), found.interest_fen, "money"),
    ]
    account = Table(
        [
            Column(_("Part of the account")),
            Column(_("Opening"), "money", total=True),
            Column(_("Closing"), "money", total=True),
        ],
        [(str(PART_NAMES[part]), opening, closing) for part, opening, closing in found.parts],
    )
    bases = Table(
        [Column(_("Month"), "month"), Column(_("Base paid on"), "money", total=True)],
        [(row.month, row.base_fen) for row in found.months],
        empty=_("No month of this year has been paid."),
    )
    return Content(
        holder=_holder(human),
        parts=[Part("", Facts(facts, 2)), Part(_("Personal account"), account), Part(_("Bases by month"), bases)],
        note=_("Whoever finds an entry wrong may ask the office to check it."),
    )


def award_content(wanted: Wanted) -> Content:
    """The award in force, or the one a case made, with every line of its calculation."""
    row = _award(wanted)
    human, traces = person(row.person_id), explained(row)
    parts = [Part("", Facts([*_heads(human), *_award_facts(row, human)], 2))]
    parts.append(Part(_("How the pension is made up"), award_lines(traces, row.monthly_fen)))
    table = year_table(traces)
    if table is not None:
        parts.append(Part(_("Index of every year"), table))
    return Content(
        holder=_holder(human),
        case_no=row.case_no,
        parts=parts,
        note=_(
            "Whoever disagrees may apply for administrative review within sixty days, or go to court within six months."
        ),
        dated=row.decided_on,
    )


def _award(wanted: Wanted) -> Award:
    case = wanted.case
    if case is not None:
        found = Award.objects.filter(case_no=case.case_no).order_by("-id").first()
        subject = case.person_id
    else:
        found, subject = current_award(wanted.subject_id), wanted.subject_id
        if wanted.source.isdecimal():
            found = Award.objects.filter(pk=int(wanted.source)).first()
            if found is None:
                raise NotYours
    if found is None:
        raise NothingToPrint(_("No pension has been awarded yet."))
    if found.person_id != subject:
        raise NotYours
    return found


def _award_facts(row: Award, human: Person) -> list[Fact]:
    months = str(row.paid_months + row.deemed_months)
    if row.deemed_months:
        months += _(" (%(deemed)d deemed)") % {"deemed": row.deemed_months}
    return [
        Fact(_("Born on"), human.birth_on, "date"),
        Fact(_("Retirement category"), row.get_category_display()),
        Fact(_("Retired in"), row.retire_month, "month"),
        Fact(_("Paid from"), row.start_month, "month"),
        Fact(_("Months counted"), months),
        Fact(_("Average index"), f"{row.average_index_e4 // 10_000}.{row.average_index_e4 % 10_000:04d}"),
        Fact(_("Calculation base"), row.calc_base_fen, "money"),
        Fact(_("Account at the award"), row.account_balance_fen, "money"),
        Fact(_("Payout months"), f"{row.payout_months_e1 // 10}.{row.payout_months_e1 % 10}"),
        Fact(_("Law as of"), row.law_on, "date"),
        Fact(_("Decided on"), row.decided_on, "date"),
        Fact(_("Monthly pension"), row.monthly_fen, "money"),
    ]


def _heads(human: Person) -> list[Fact]:
    return [
        Fact(_("Name"), human.name),
        Fact(_("Identity number"), id_number_of(human.pk), "masked"),
        Fact(pgettext("insured", "Place"), region_name(human.region_code)),
    ]


def _holder(human: Person) -> Holder:
    return Holder(name=human.name, region_code=human.region_code, person_id=human.pk)


def _kind(code: str, mark: str, title: Any, provide: Any, **more: Any) -> None:
    register_paper(PaperKind(code=code, mark=mark, title=title, provide=provide, faces=BOTH, **more))


_kind(
    "pension.statement",
    "QY",
    gettext_lazy("Statement of social insurance rights"),
    statement_content,
    summary=gettext_lazy("Months paid, bases and the personal account of one year."),
    form=Year,
    icon="wallet",
    order=15,
)
_kind(
    "pension.award",
    "HDB",
    gettext_lazy("Pension award sheet"),
    award_content,
    summary=gettext_lazy("How the monthly pension was calculated, line by line with its law."),
    items=("SI-401",),
    icon="calculator",
    order=17,
)
