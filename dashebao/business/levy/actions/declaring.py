"""Taking a unit's declaration: its rows, and the wages that count from then on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dashebao.business.levy.errors import MonthClosed, NotRegistered
from dashebao.business.levy.models import Bill, Channel, Declaration, DeclarationKind, LineKind, WageSource
from dashebao.business.levy.queries.checks import DeclaredRow
from dashebao.business.levy.queries.enrolments import registration_of
from dashebao.kernel.records.api import audit
from dashebao.kernel.secrecy.api import Family, seal_many, unit_holder


@dataclass(frozen=True)
class Declared:
    """A unit's statement for a month. No rows = everything as last month (unchanged)."""

    unit_id: int
    month: int
    rows: Sequence[DeclaredRow] = field(default_factory=tuple)
    channel: str = Channel.FORM
    kind: str = DeclarationKind.MONTHLY
    case_no: str = ""


# Columns travel as one text each and are split by the server: quoting arrays on the client costs ten times as much.
# A single empty text comes out as an empty array, hence the coalesces.
SEPARATOR = "\x1f"
INSERT_ROWS = """
insert into levy_declarationrow (declaration_id, unit_id, region_code, row_no, person_id, id_number, name, wage_fen,
                                 accepted, problem, notices)
select %(declaration)s, %(unit)s, %(region)s, x.row_no, x.person, coalesce(x.number, ''), coalesce(x.name, ''), x.wage,
       coalesce(x.problem, '') = '', coalesce(x.problem, ''), x.notices::jsonb
from unnest(
  string_to_array(%(row_nos)s, chr(31))::int[], string_to_array(%(persons)s, chr(31), '')::bigint[],
  string_to_array(%(numbers)s, chr(31)), string_to_array(%(names)s, chr(31)),
  string_to_array(%(wages)s, chr(31), '')::bigint[], string_to_array(%(problems)s, chr(31)),
  string_to_array(%(notices)s, chr(31))) as x(row_no, person, number, name, wage, problem, notices)
"""
INSERT_CHANGED_WAGES = """
insert into levy_wage (unit_id, person_id, region_code, from_month, wage_fen, source, declaration_id)
select %(unit)s, x.person, %(region)s, %(month)s, x.wage, %(source)s, %(declaration)s
from unnest(string_to_array(%(persons)s, chr(31), '')::bigint[], string_to_array(%(wages)s, chr(31), '')::bigint[],
            string_to_array(%(problems)s, chr(31))) as x(person, wage, problem)
left join lateral (
  select wage_fen from levy_wage w where w.unit_id = %(unit)s and w.person_id = x.person and w.from_month <= %(month)s
  order by w.from_month desc, w.id desc limit 1
) w on true
where coalesce(x.problem, '') = '' and w.wage_fen is distinct from x.wage
"""

# A yearly base also replaces wages declared since the year began: the newest month of a wage counts.
INSERT_YEARLY_WAGES = """
insert into levy_wage (unit_id, person_id, region_code, from_month, wage_fen, source, declaration_id)
select %(unit)s, x.person, %(region)s, later.from_month, x.wage, %(source)s, %(declaration)s
from unnest(string_to_array(%(persons)s, chr(31), '')::bigint[], string_to_array(%(wages)s, chr(31), '')::bigint[],
            string_to_array(%(problems)s, chr(31))) as x(person, wage, problem)
cross join lateral (
  select max(w.from_month) as from_month from levy_wage w
  where w.unit_id = %(unit)s and w.person_id = x.person and w.from_month > %(month)s
) later
where coalesce(x.problem, '') = '' and later.from_month is not null
"""


def declare(given: Declared) -> Declaration:
    """Keep a declaration and the wages of its accepted rows; a fixed number of statements for any number of rows.

    Raises NotRegistered; MonthClosed where the month was already assessed on a declaration (then only a base
    difference is possible). A month assessed without declaration may still be declared: assess_unit settles it.
    """
    registration = registration_of(given.unit_id)
    if not registration:
        raise NotRegistered(_("The unit is not registered for social insurance. Register it first."))
    if given.kind == DeclarationKind.MONTHLY and billed(given.unit_id, given.month):
        raise MonthClosed(
            _("Month %(month)s has been assessed already. Ask for a base difference or a back-payment.")
            % {"month": given.month}
        )
    accepted = [row for row in given.rows if not row.problem]
    declaration: Declaration = Declaration.objects.create(
        unit_id=given.unit_id,
        region_code=registration.region_code,
        month=given.month,
        kind=given.kind,
        channel=given.channel,
        row_count=len(accepted),
        refused_count=len(given.rows) - len(accepted),
        wage_total_fen=sum(row.wage_fen or 0 for row in accepted),
        unchanged=not given.rows,
        case_no=given.case_no,
    )
    if given.rows:
        _keep_rows(declaration, given)
    audit("levy.declared", declaration, month=given.month, rows=len(accepted), refused=declaration.refused_count)
    return declaration


def billed(unit_id: int, month: int) -> bool:
    """Whether the month of a unit was assessed on its own declaration."""
    return Bill.objects.filter(unit_id=unit_id, person_id=0, month=month, kind=LineKind.NORMAL).exists()


def choose_base(
    person_id: int, region_code: str, month: int, wage_fen: int, medical_wage_fen: int | None = None
) -> None:
    """A flexible worker chooses the base from a month on (粤人社规〔2026〕14号 art 6); limits are applied at assessment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into levy_wage (unit_id, person_id, region_code, from_month, wage_fen, medical_wage_fen, source)"
            " values (0, %s, %s, %s, %s, %s, %s)",
            [person_id, region_code, month, wage_fen, medical_wage_fen, int(WageSource.CHOSEN)],
        )
    audit("levy.base_chosen", ("registry.person", person_id), region=region_code, person=person_id, month=month)


def _keep_rows(declaration: Declaration, given: Declared) -> None:
    rows = given.rows
    annual = given.kind == DeclarationKind.ANNUAL
    holders = repeat(unit_holder(given.unit_id), len(rows))
    values: dict[str, Any] = {
        "declaration": declaration.pk,
        "unit": given.unit_id,
        "region": declaration.region_code,
        "month": given.month,
        "source": int(WageSource.ANNUAL if annual else WageSource.MONTHLY),
        "row_nos": _text(row.row_no for row in rows),
        "persons": _text(row.person_id for row in rows),
        "numbers": _text(seal_many(Family.IDENTITY, holders, [row.id_number for row in rows])),
        "names": _text(row.name for row in rows),
        "wages": _text(row.wage_fen for row in rows),
        "problems": _text(row.problem for row in rows),
        "notices": _text(_json(row.notices) for row in rows),
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT_ROWS, values)
        cursor.execute(INSERT_CHANGED_WAGES, values)
        if annual:
            cursor.execute(INSERT_YEARLY_WAGES, values)


def _text(column: Iterable[object]) -> str:
    """A column as one text; None is an empty value, which stands for NULL among numbers."""
    return SEPARATOR.join("" if value is None else str(value).replace(SEPARATOR, " ") for value in column)


def _json(notices: Sequence[str]) -> str:
    return "[" + ",".join(f'"{notice}"' for notice in notices) + "]"
