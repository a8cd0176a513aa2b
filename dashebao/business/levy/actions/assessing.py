"""Assessment: contribution rows of declared units and self payers, estimates for units that did not declare."""

from dataclasses import dataclass

import numpy as np

from dashebao.business.levy.actions.billing import bill_range, insert_estimates
from dashebao.business.levy.actions.matching import move_estimate
from dashebao.business.levy.actions.sending import send_bills
from dashebao.business.levy.assessment import LINE, LineKey, lines_of, totals_by_unit
from dashebao.business.levy.columns import Column, Columns, read_columns, write_columns
from dashebao.business.levy.models import Bill, BillCancellation, LineKind
from dashebao.business.levy.queries.rosters import PayerRange, roster_of
from dashebao.business.levy.rates import undeclared_factor
from dashebao.business.levy.rules_columns import undeclared_columns
from dashebao.business.levy.schemes import SCHEMES
from dashebao.kernel.legal_time.api import month_plus
from dashebao.kernel.records.api import audit, ensure_partition


@dataclass(frozen=True)
class Assessed:
    """How many contribution rows and how many estimates came out."""

    rows: int
    estimates: int
    amount_fen: int


def assess_range(payers: PayerRange, month: int) -> Assessed:
    """Assess everybody of these payers for a month; running it again adds nothing.

    Units with a declaration for the month get one row per person; units without one get a bill of 110 % of last
    month (社会保险法 62), or of the present roster where there is no last month.
    """
    ensure_partition("levy_contributionline", month)
    roster = roster_of(payers, month)
    if not len(roster["person_id"]):
        return Assessed(0, 0, 0)
    lines = lines_of(roster, LineKey(month, month, LineKind.NORMAL))
    declared = np.ones_like(roster["declared"]) if payers.alone else roster["declared"]
    kept = _where(lines, declared)
    rows = write_columns("levy_contributionline", kept, LINE, conflict="on conflict do nothing")
    estimates = 0 if payers.alone or declared.all() else _estimate(payers, month, roster, lines)
    amounts = [name for scheme in SCHEMES for name in scheme.amounts]
    return Assessed(rows, estimates, int(sum(int(kept[name].sum()) for name in amounts)))


def assess_unit(unit_id: int, month: int) -> Assessed:
    """Assess and bill one unit for a month, for a declaration that came after the month's run.

    An estimate of that month is cancelled, and what was paid on it counts for the new bill; the rest is sent.
    """
    payers = PayerRange(unit_id, unit_id)
    for bill in Bill.objects.filter(
        unit_id=unit_id, person_id=0, month=month, kind=LineKind.ESTIMATE, cancellation__isnull=True
    ):
        BillCancellation.objects.create(
            bill=bill, unit_id=unit_id, person_id=0, region_code=bill.region_code, reason="declared"
        )
    assessed = assess_range(payers, month)
    bill_range(payers, month)
    move_estimate(unit_id, month)
    unpaid = Bill.objects.filter(
        unit_id=unit_id, person_id=0, month=month, kind=LineKind.NORMAL, items__settlement__isnull=True
    )
    send_bills(list(unpaid.distinct().values_list("id", flat=True)), month, f"late-{unit_id}")
    audit("levy.unit_assessed", ("levy.unit", unit_id), month=month, rows=assessed.rows, amount_fen=assessed.amount_fen)
    return assessed


LAST_MONTH = """
select i.unit_id, i.scheme::int8, sum(i.employer_fen)::int8, sum(i.worker_fen)::int8
from levy_billitem i join levy_bill b on b.id = i.bill_id
where i.month = %(month)s and i.unit_id between %(low)s and %(high)s and i.person_id = 0 and b.kind in (1, 5)
  and not exists (select 1 from levy_billcancellation c where c.bill_id = b.id)
group by i.unit_id, i.scheme order by 1, 2
"""


def _estimate(payers: PayerRange, month: int, roster: Columns, lines: Columns) -> int:
    missing = ~roster["declared"]
    fresh = totals_by_unit(_where(lines, missing))
    units, first = np.unique(roster["unit_id"][missing], return_index=True)
    regions = roster["region_code"][missing][first]
    people = np.unique(roster["unit_id"][missing], return_counts=True)[1]
    last = read_columns(
        LAST_MONTH,
        {"month": month_plus(month, -1), "low": payers.low, "high": payers.high},
        {"unit_id": "int8", "scheme": "int8", "employer_fen": "int8", "worker_fen": "int8"},
    )
    factor = undeclared_factor(str(regions[0]), month)
    keys = last["unit_id"] * 1000 + last["scheme"]
    items: dict[str, list[Column]] = {
        name: [] for name in ("unit_id", "region_code", "people", "scheme", "employer_fen", "worker_fen")
    }
    for scheme in SCHEMES:
        found, at = _lookup(keys, units * 1000 + scheme.number)
        for name in ("employer_fen", "worker_fen"):
            raised = undeclared_columns(last[name], factor) if len(keys) else last[name]
            amount = fresh[scheme.code][name].copy()
            amount[found] = raised[at[found]]
            items[name].append(amount)
        items["unit_id"].append(units)
        items["region_code"].append(regions)
        items["people"].append(people)
        items["scheme"].append(np.full(len(units), scheme.number, dtype=np.int64))
    return insert_estimates({name: np.concatenate(parts) for name, parts in items.items()}, month)


def _lookup(keys: Column, wanted: Column) -> tuple[Column, Column]:
    if not len(keys):
        return np.zeros(len(wanted), dtype=bool), np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return keys[at] == wanted, at


def _where(columns: Columns, rows: Column) -> Columns:
    return {name: values[rows] for name, values in columns.items()}
