"""What the levy shows of a person and of a unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.business.fund.api import personal_balances
from dashebao.business.levy.models import Identity, UnitKind
from dashebao.business.levy.queries.arrears import owed_by
from dashebao.business.levy.queries.enrolments import (
    Relation,
    headcount_of,
    injury_rate_at,
    open_month,
    registration_at,
    registration_of,
    relations_of,
)
from dashebao.business.levy.queries.histories import (
    FOREVER,
    LineView,
    bills_of,
    contributions_known,
    contributions_of,
    pension_history,
)
from dashebao.business.levy.schemes import MEDICAL, PENSION, codes
from dashebao.business.levy.words import kind_name, person_of, scheme_names
from dashebao.kernel.cases.api import today
from dashebao.kernel.legal_time.api import first_day_of, month_of, month_plus
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import Unit, person, region_name
from dashebao.platform.screens.api import (
    Ask,
    Column,
    Face,
    Fact,
    Facts,
    Figure,
    Figures,
    Link,
    Table,
    Tag,
)

RECENT = 12


def person_figures(ask: Ask) -> Figures | None:
    """Paid months and the newest of them, of months posted until the day asked for."""
    history = pension_history([ask.subject_id], until=_until(ask))
    if not len(history.months):
        return None
    last = int(history.last_month.max())
    return Figures(
        [
            Figure(_("Pension months paid"), int(history.months.sum()), unit=_("months")),
            Figure(_("Last paid month"), last, "month"),
        ]
    )


def relations(ask: Ask) -> Table | None:
    """A person's insurances: with whom, as what, since when."""
    found = relations_of(ask.subject_id, ask.known_at)
    if not found:
        return None
    payers = payer_names(row.unit_id for row in found)
    now = month_of(ask.on)
    rows = [
        [
            payers.get(row.unit_id) or _("Pays alone"),
            scheme_names(row.schemes),
            Identity(row.identity).label,
            row.from_month,
            row.until_month,
            _state(row, now),
        ]
        for row in found
    ]
    columns = [
        Column(_("Payer")),
        Column(_("Insurances")),
        Column(_("Insured as")),
        Column(_("From month"), "month"),
        Column(_("Until month"), "month"),
        Column(_("State"), "tag"),
    ]
    return Table(columns, rows)


def _state(row: Relation, now: int) -> Tag:
    if row.from_month > now:
        return Tag(_("Begins later"), "info")
    return (
        Tag(pgettext("insured", "Active"), "ok")
        if row.until_month is None or row.until_month >= now
        else Tag(_("Ended"))
    )


def _until(ask: Ask) -> int:
    """The last month that counts: all of them today, else the month of the day, or of what was known, asked for."""
    return min(month_of(ask.on), month_of(ask.known_on)) if ask.past else FOREVER


def contributions(ask: Ask) -> Table | None:
    """The twelve months before the day asked for, one row per month; the past is known to the month."""
    first, last = month_plus(month_of(ask.on), -RECENT), month_of(ask.on) if ask.past else FOREVER
    known = month_of(ask.known_on) if ask.known_at else FOREVER
    lines = contributions_known(ask.subject_id, first, last, known)
    if not lines:
        return None
    more = reverse("levy_record") if ask.face is Face.PORTAL else reverse("levy_person", args=[ask.subject_id])
    return record_table(lines, more=Link(_("Whole record"), more))


def payer_names(unit_ids: Iterable[int]) -> dict[int, str]:
    """Names of a person's payers, which the person may know without seeing the units' records."""
    with acting(SYSTEM, "names of payers"):
        return {row.pk: row.name for row in Unit.objects.filter(pk__in={number for number in unit_ids if number})}


def record_table(lines: Sequence[LineView], *, more: Link | None = None) -> Table:
    """Contribution rows: month, payer, base and amounts of each insurance, and whether they were posted."""
    rows = []
    payers = payer_names(line.unit_id for line in lines)
    for line in lines:
        rows.append(
            [
                line.for_month,
                payers.get(line.unit_id) or _("Pays alone"),
                kind_name(line.kind),
                line.base_fen[PENSION],
                line.base_fen[MEDICAL],
                line.by_unit_fen,
                line.by_person_fen,
                line.worker_fen[PENSION],
                paid_tag(line),
            ]
        )
    columns = [
        Column(_("Month"), "month"),
        Column(_("Payer")),
        Column(_("Kind")),
        Column(_("Pension base"), "money"),
        Column(_("Medical base"), "money"),
        Column(_("Employer pays"), "money", total=True),
        Column(_("Worker pays"), "money", total=True),
        Column(_("To pension account"), "money", total=True),
        Column(_("State"), "tag"),
    ]
    return Table(columns, rows, empty=_("No contributions in these months."), more=more)


def paid_tag(line: LineView) -> Tag:
    """Whether everything of a row, a part, or nothing was posted."""
    due = [code for code in line.base_fen if line.employer_fen[code] or line.worker_fen[code]]
    paid = [code for code in due if line.paid_month[code]]
    if len(paid) == len(due):
        return Tag(pgettext("contribution", "Posted"), "ok")
    if paid:
        return Tag(_("Posted in part"), "warn")
    return Tag(_("Not paid yet"), "warn")


def record_view(request: HttpRequest) -> HttpResponse:
    """A citizen's own record, by year, to read or to print."""
    return _record(request, person_of(request), "screens/portal.html")


def counter_record_view(request: HttpRequest, person: int) -> HttpResponse:
    """A person's record at the counter."""
    return _record(request, person, "screens/staff.html")


def _record(request: HttpRequest, person_id: int, shell: str) -> HttpResponse:
    human = person(person_id)
    history = pension_history([person_id])
    years = [int(year) for year in history.year]
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else (years[-1] if years else today().year)
    lines = contributions_of(person_id, year * 100 + 1, year * 100 + 12)
    with acting(SYSTEM, "the person's own account"):  # the books are not the person's to see, the balance is
        balances = personal_balances(PENSION, human.region_code, [person_id])
    by_year = Table(
        [Column(_("Year")), Column(_("Months"), "number", total=True), Column(_("Sum of bases"), "money")],
        [
            [int(year_), int(count), int(base)]
            for year_, count, base in zip(history.year, history.months, history.base_total_fen, strict=True)
        ],
        empty=_("No pension contributions have been paid yet."),
    )
    context = {
        "shell": shell,
        "human": human,
        "years": sorted(set(years), reverse=True),
        "year": year,
        "table": record_table(lines),
        "by_year": by_year,
        "months": int(history.months.sum()),
        "balance_fen": int(sum(balances.balance_fen)),
        "today": today(),
    }
    return render(request, "levy/record.html", context)


def unit_figures(ask: Ask) -> Figures | None:
    """Headcount, what is owed, and the open month."""
    if registration_of(ask.subject_id) is None:
        return None
    month = open_month(ask.on)
    owed = owed_by(ask.subject_id)
    return Figures(
        [
            Figure(_("Enrolled staff"), headcount_of(ask.subject_id, month), unit=_("people")),
            Figure(_("To pay"), owed, "money", unit=_("yuan"), tone="warn" if owed else ""),
            Figure(_("Open month"), month, "month"),
        ]
    )


def unit_registration(ask: Ask) -> Facts | None:
    """The unit's registration and its injury rate, as they stood on the day asked for."""
    past = registration_at(ask.subject_id, ask.on, ask.known_at) if ask.past else None
    row = past if ask.past else registration_of(ask.subject_id)
    if row is None:
        return None
    day = ask.on if ask.past else first_day_of(open_month(ask.on))
    rate = injury_rate_at(ask.subject_id, day, ask.known_at)
    shown = _("Class %(risk)d, %(percent)d %%") % {"risk": rate[0], "percent": rate[1]} if rate else "—"
    return Facts(
        [
            Fact(_("Kind of unit"), UnitKind(row.unit_kind).label),
            Fact(_("Place"), region_name(row.region_code)),
            Fact(_("Insurances"), scheme_names(codes(row.schemes))),
            Fact(_("Registered on"), row.registered_on, "date"),
            Fact(_("Injury rate"), shown),
            Fact(_("Account for the debit"), row.debit_account, "masked"),
        ]
    )


def unit_bills(ask: Ask) -> Table | None:
    """The newest bills of a unit."""
    found = bills_of(ask.subject_id, first=month_plus(month_of(ask.on), -6), last=_until(ask))
    if not found:
        return None
    name = "levy_counter_slip" if ask.face is Face.COUNTER else "levy_slip"
    rows = [
        [
            Link(f"{bill.month // 100}-{bill.month % 100:02d}", reverse(name, args=[bill.bill_id])),
            kind_name(bill.kind),
            bill.headcount,
            bill.due_fen,
            bill.paid_fen,
            bill.due_on,
            Tag(pgettext("bill", "Paid"), "ok") if bill.settled else Tag(pgettext("bill", "Open"), "warn"),
        ]
        for bill in found
    ]
    columns = [
        Column(_("Month"), "link"),
        Column(_("Kind")),
        Column(_("People"), "number"),
        Column(pgettext("bill", "Due"), "money"),
        Column(pgettext("bill", "Paid"), "money"),
        Column(_("Due on"), "date"),
        Column(_("State"), "tag"),
    ]
    return Table(columns, rows)


def own_bills(ask: Ask) -> Table | None:
    """What a flexible worker is billed, newest first."""
    found = bills_of(0, ask.subject_id, first=month_plus(month_of(ask.on), -6), last=_until(ask))
    if not found:
        return None
    rows = [
        [
            bill.month,
            scheme_names(item.scheme for item in bill.items),
            bill.due_fen,
            bill.paid_fen,
            bill.due_on,
            Tag(pgettext("bill", "Paid"), "ok") if bill.settled else Tag(pgettext("bill", "Open"), "warn"),
        ]
        for bill in found
    ]
    columns = [
        Column(_("Month"), "month"),
        Column(_("Insurances")),
        Column(pgettext("bill", "Due"), "money"),
        Column(pgettext("bill", "Paid"), "money"),
        Column(_("Due on"), "date"),
        Column(_("State"), "tag"),
    ]
    return Table(columns, rows)
