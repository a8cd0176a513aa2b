"""The month of running benefits, set-based: start what is due, turn months owed into payments."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from dashebao.business.fund.api import (
    PaymentLines,
    PersonalEntries,
    add_payment_lines,
    personal_balances,
    pool_region,
    post_personal,
)
from dashebao.business.insurance.common.queries import OwedRow, Withholding, owed_in, withholdings_in
from dashebao.business.insurance.common.rules import DRAW_ORDER, drawn_parts, withheld
from dashebao.kernel.secrecy.api import Sealed

_ACTIVATE = """
update common_benefit set state = 'running'
where state = 'granted' and start_month <= %(month)s and person_id between %(low)s and %(high)s
"""

# A benefit granted for a time ends with its last month once nothing of that time is owed any more.
_RUN_OUT = """
update common_benefit set state = 'ended', end_month = until_month, end_reason = 'term'
where state = 'running' and until_month < %(month)s and arrears_from_month is null
  and person_id between %(low)s and %(high)s
"""

_EXPIRE = """
with expired as (
    update common_benefit b set state = 'suspended', arrears_from_month = coalesce(b.arrears_from_month, %(month)s)
    where state = 'running' and qualified_until_on < to_date(%(month)s::text, 'YYYYMM')
      and person_id between %(low)s and %(high)s
    returning id, person_id, region_code
)
insert into common_suspension (benefit_id, person_id, region_code, reason, months_lost, from_month, case_no, note)
select id, person_id, region_code, 'unproven', false, %(month)s, '', '' from expired
"""

_TAKE_DUES = """
with taken as (
    update common_due set run_month = %(month)s
    where run_month is null and month <= %(month)s and person_id between %(low)s and %(high)s
    returning month, person_id, payee_person_id, region_code, scheme, benefit_kind, seq, amount_fen, source,
              bank_code, account_number, account_name
)
select * from taken order by person_id, month, benefit_kind, seq
"""

_CAUGHT_UP = "update common_benefit set arrears_from_month = null where id = any(%s)"

_RECOVERED = """
with taken as (
    select * from unnest(%(instalment)s::bigint[], %(overpayment)s::bigint[], %(amount)s::bigint[])
           as t(instalment_id, overpayment_id, amount_fen)
), done as (
    update common_instalment i set done_fen = i.done_fen + t.amount_fen from taken t where i.id = t.instalment_id
), logged as (
    insert into common_recovery (overpayment_id, person_id, region_code, way, month, amount_fen, source)
    select o.id, o.person_id, o.region_code, 'withheld', %(month)s, t.amount_fen, 'instalment:' || t.instalment_id
    from taken t join common_overpayment o on o.id = t.overpayment_id
)
update common_overpayment o
set recovered_fen = o.recovered_fen + s.amount_fen,
    state = case when o.recovered_fen + s.amount_fen = o.amount_fen then 'closed' else o.state end
from (select overpayment_id, sum(amount_fen)::bigint as amount_fen from taken group by 1) s
where o.id = s.overpayment_id
"""


DueRow = tuple[int, int, int, str, str, str, int, int, str, str, str, str]


@dataclass(frozen=True)
class Entitled:
    """What a range of people was entitled to: payment lines made, their total, what the accounts bore of it."""

    lines: int
    amount_fen: int
    from_accounts_fen: int


def _execute(statement: str, **arguments: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return int(cursor.rowcount)


def activate(month: int, low: int, high: int) -> tuple[int, int]:
    """Start what is due by `month`, end what was granted for a time, suspend what is unproven; (started, suspended)."""
    started = _execute(_ACTIVATE, month=month, low=low, high=high)
    _execute(_RUN_OUT, month=month, low=low, high=high)
    return started, _execute(_EXPIRE, month=month, low=low, high=high)


def entitle(month: int, low: int, high: int) -> Entitled:
    """Make the payment lines of the run `month` for the people low..high and draw their personal accounts.

    Runs inside the caller's transaction; a second run finds the same lines and changes nothing.
    """
    owed = owed_in(month, low, high)
    net = _withhold(owed, withholdings_in(month, low, high), month)
    lines = _lines(month, owed, net, _dues(month, low, high))
    added = add_payment_lines(lines) if lines.person_id else None
    drawn = sum(
        _draw(scheme, pool, month, rows, f"{month}:{low}") for (scheme, pool), rows in _by_pool(owed, month).items()
    )
    caught_up = sorted({row.benefit_id for row in owed})
    with connection.cursor() as cursor:
        cursor.execute(_CAUGHT_UP + " and arrears_from_month is not null", [caught_up])
    return Entitled(added.inserted if added else 0, added.amount_fen if added else 0, drawn)


def _withhold(owed: Sequence[OwedRow], plans: Sequence[Withholding], month: int) -> list[int]:
    """Net amount of every owed row after instalments; records what was taken."""
    net = [row.amount_fen for row in owed]
    if not plans:
        return net
    places: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, row in enumerate(owed):
        places[row.person_id, row.scheme].append(place)
    taken: list[tuple[int, int, int]] = []
    for plan in plans:
        got = 0
        for place in places.get((plan.person_id, plan.scheme), ()):
            part = withheld(net[place], plan.left_fen - got)
            net[place] -= part
            got += part
        if got:
            taken.append((plan.instalment_id, plan.overpayment_id, got))
    if taken:
        instalments, overpayments, amounts = (list(column) for column in zip(*taken, strict=True))
        _execute(_RECOVERED, instalment=instalments, overpayment=overpayments, amount=amounts, month=month)
    return net


def _dues(month: int, low: int, high: int) -> list[DueRow]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_DUES, {"month": month, "low": low, "high": high})
        taken: list[DueRow] = cursor.fetchall()
    return taken


def _lines(
    month: int,
    owed: Sequence[OwedRow],
    net: Sequence[int],
    dues: Sequence[DueRow],
) -> PaymentLines:
    """Columns of payment lines: the months owed, then the amounts owed once."""
    paid = [(row, amount) for row, amount in zip(owed, net, strict=True) if amount > 0]
    blank = [""] * len(paid)
    return PaymentLines(
        month=[row.month for row, _ in paid] + [due[0] for due in dues],
        run_month=month,
        person_id=[row.person_id for row, _ in paid] + [due[1] for due in dues],
        payee_person_id=[row.person_id for row, _ in paid] + [due[2] for due in dues],
        region_code=[row.region_code for row, _ in paid] + [due[3] for due in dues],
        scheme=[row.scheme for row, _ in paid] + [due[4] for due in dues],
        benefit_kind=[row.kind for row, _ in paid] + [due[5] for due in dues],
        seq=[1] * len(paid) + [due[6] for due in dues],
        amount_fen=[amount for _, amount in paid] + [due[7] for due in dues],
        source=[f"benefit:{row.benefit_id}" for row, _ in paid] + [due[8] for due in dues],
        bank_code=blank + [due[9] for due in dues],
        account_number=blank + [Sealed(due[10]) for due in dues],
        account_name=blank + [due[11] for due in dues],
    )


def _by_pool(owed: Sequence[OwedRow], month: int) -> dict[tuple[str, str], list[OwedRow]]:
    """Rows whose account bears a part, by scheme and pooling region (one set of books each)."""
    pools: dict[tuple[str, str], str] = {}
    groups: dict[tuple[str, str], list[OwedRow]] = defaultdict(list)
    for row in owed:
        if row.account_fen <= 0:
            continue
        where = (row.scheme, row.region_code)
        if where not in pools:
            pools[where] = pool_region(row.scheme, row.region_code)
        groups[row.scheme, pools[where]].append(row)
    return dict(sorted(groups.items()))


def _draw(scheme: str, pool: str, month: int, rows: Sequence[OwedRow], key: str) -> int:
    """Draw the account parts of these rows from the personal accounts; the pool bears what an empty account cannot."""
    wanted: dict[int, int] = defaultdict(int)
    for row in rows:
        wanted[row.person_id] += row.account_fen
    people = sorted(wanted)
    place = {person: n for n, person in enumerate(people)}
    balances = {part: np.zeros(len(people), np.int64) for part in DRAW_ORDER}
    held = personal_balances(scheme, pool, people)
    for person, part, balance in zip(held.person_id, held.part, held.balance_fen, strict=True):
        if part in balances:
            balances[part][place[person]] = balance
    drawn = drawn_parts(np.array([wanted[person] for person in people], np.int64), [balances[p] for p in DRAW_ORDER])
    entries: tuple[list[int], list[str], list[int]] = ([], [], [])
    for part, column in zip(DRAW_ORDER, drawn, strict=True):
        for n in np.flatnonzero(column):
            entries[0].append(people[n])
            entries[1].append(part)
            entries[2].append(-int(column[n]))
    if entries[0]:
        post_personal(PersonalEntries(scheme, pool, month, "benefit.account_part", key, *entries))
    return -sum(entries[2])
