"""What the certificate of a person's insurance and contributions says (社会保险法 §74, 社会保险经办条例 §32)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from dashebao.business.levy.queries.enrolments import Relation, relations_of
from dashebao.business.levy.queries.histories import LineView, contribution_years_before, contributions_of
from dashebao.business.levy.schemes import SCHEMES
from dashebao.business.levy.screens_panels import paid_tag, payer_names
from dashebao.business.levy.words import scheme_name
from dashebao.kernel.legal_time.api import month_of, month_plus, month_text
from dashebao.kernel.registry.api import id_number_of, person, region_name
from dashebao.platform.screens.api import Column, Fact, Facts, Table
from dashebao.platform.service_centre.papers.api import Content, Holder, NothingToPrint, Part, Wanted

PENSION, MEDICAL = "110", "310"
USUAL_MONTHS = 12
HOLDS_MONTHS = 3


def certificate(wanted: Wanted) -> Content:
    """Insurances with their months in all, and every month of the period."""
    human = person(wanted.subject_id)
    relations, lines = relations_of(human.pk), contributions_of(human.pk)
    if not relations and not lines:
        raise NothingToPrint(_("No social insurance is on record, so there is nothing to certify."))
    first, last = period(wanted)
    shown = [line for line in lines if first <= line.for_month <= last]
    payers = payer_names([*(row.unit_id for row in relations), *(line.unit_id for line in shown)])
    active = [row for row in relations if _active(row, month_of(wanted.on))]
    employer = next((payers.get(row.unit_id, "") for row in active), "")
    heads = [
        Fact(_("Name"), human.name),
        Fact(_("Identity number"), id_number_of(human.pk), "masked"),
        Fact(_("Payer"), employer or (_("Pays alone") if active else _("None at present"))),
        Fact(_("Place of insurance"), region_name(human.region_code)),
        Fact(_("Period"), f"{month_text(first)} – {month_text(last)}"),
        Fact(_("As of"), wanted.on, "date"),
    ]
    return Content(
        holder=Holder(name=human.name, region_code=human.region_code, person_id=human.pk),
        case_no=wanted.case.case_no if wanted.case else "",
        parts=[
            Part("", Facts(heads, 2)),
            Part(_("Insurances"), _insurances(human.pk, relations, lines, month_of(wanted.on))),
            Part(_("Contributions by month"), _months(shown, payers)),
        ],
        note=_("Made by the system from the contribution records. If a record is wrong, ask the office to check it."),
        valid_months=HOLDS_MONTHS,
    )


def period(wanted: Wanted) -> tuple[int, int]:
    """The months asked for, by the form or by the case it prints; the last twelve where none is named."""
    result = wanted.case.decision.result if wanted.case is not None and wanted.case.decision is not None else {}
    given = dict(result or {}) | {name: value for name, value in wanted.answers.items() if value}
    last = int(given.get("until_month") or month_of(wanted.on))
    return int(given.get("from_month") or month_plus(last, 1 - USUAL_MONTHS)), last


def _insurances(person_id: int, relations: Sequence[Relation], lines: Sequence[LineView], now: int) -> Table:
    before = contribution_years_before(person_id)
    rows = []
    for scheme in SCHEMES:
        held = [row for row in relations if scheme.code in row.schemes]
        paid = {line.for_month for line in lines if line.paid_month.get(scheme.code)}
        earlier = sum(count for _year, count, _total in before) if scheme.code == PENSION else 0
        if not held and not paid:
            continue
        newest = next((line for line in lines if line.base_fen.get(scheme.code)), None)
        rows.append(
            [
                scheme_name(scheme.code),
                _("Insured") if any(_active(row, now) for row in held) else _("Stopped"),
                month_text(min(row.from_month for row in held)) if held else "—",
                len(paid) + earlier,
                newest.base_fen[scheme.code] if newest is not None else None,
            ]
        )
    columns = [
        Column(_("Insurance")),
        Column(_("State")),
        Column(_("First insured")),
        Column(_("Months paid on record"), "number"),
        Column(_("Newest base"), "money"),
    ]
    return Table(columns, rows)


def _months(lines: Sequence[LineView], payers: dict[int, str]) -> Table:
    rows = [
        [
            line.for_month,
            payers.get(line.unit_id) or _("Pays alone"),
            line.base_fen[PENSION],
            line.base_fen[MEDICAL],
            line.by_unit_fen,
            line.by_person_fen,
            paid_tag(line),
        ]
        for line in lines
    ]
    columns = [
        Column(_("Month"), "month"),
        Column(_("Payer")),
        Column(_("Pension base"), "money"),
        Column(_("Medical base"), "money"),
        Column(_("Employer pays"), "money", total=True),
        Column(_("Worker pays"), "money", total=True),
        Column(_("State"), "tag"),
    ]
    return Table(columns, rows, empty=_("No contributions in these months."))


def _active(row: Relation, now: int) -> bool:
    return row.from_month <= now and (row.until_month is None or row.until_month >= now)
