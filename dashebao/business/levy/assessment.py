"""From a roster with wages to contribution rows: the same columns for one person and for a batch."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dashebao.business.levy.columns import Column, Columns
from dashebao.business.levy.models import Identity
from dashebao.business.levy.rates import RegionRates, parameter_set_of, rates_of
from dashebao.business.levy.rules_columns import contribution_columns, flexible_columns, premium_columns
from dashebao.business.levy.schemes import BY_CODE, INJURY, MATERNITY, MEDICAL, PENSION, SCHEMES, UNEMPLOYMENT

MILLION = 1_000_000
ROSTER = {
    "unit_id": "int8",
    "person_id": "int8",
    "region_code": "code6",
    "identity": "int2",
    "wage_fen": "int8",
    "medical_wage_fen": "int8",
    "risk_class": "int2",
    "float_percent": "int2",
    "declared": "bool",
    **{scheme.prefix: "bool" for scheme in SCHEMES},
}
AMOUNTS = tuple(name for scheme in SCHEMES for name in (scheme.base, *scheme.amounts))
LINE = {
    "month": "int4",
    "unit_id": "int8",
    "person_id": "int8",
    "kind": "int2",
    "seq": "int2",
    "for_month": "int4",
    "region_code": "code6",
    "identity": "int2",
    "parameter_set_id": "int4",
    "wage_fen": "int8",
    **dict.fromkeys(AMOUNTS, "int8"),
}


@dataclass(frozen=True)
class LineKey:
    """What all rows of one assessment have in common: billing month, month they count for, kind, sequence."""

    month: int
    for_month: int
    kind: int
    seq: int = 0


def lines_of(roster: Columns, key: LineKey) -> Columns:
    """Contribution rows for the people of a roster, in its order, at the rates and limits of `key.for_month`.

    `roster` has the columns of ROSTER; a False scheme column gives zero in all of that scheme's columns.
    """
    count = len(roster["person_id"])
    lines: Columns = {name: np.zeros(count, dtype=np.int64) for name in LINE if name not in ("region_code", "identity")}
    for name, value in (("month", key.month), ("for_month", key.for_month), ("kind", key.kind), ("seq", key.seq)):
        lines[name][:] = value
    for name in ("unit_id", "person_id", "region_code", "identity", "wage_fen"):
        lines[name] = roster[name]
    flexible = roster["identity"] == Identity.FLEXIBLE
    rural = roster["identity"] == Identity.RURAL_CONTRACT
    for region in np.unique(roster["region_code"]):
        rates = rates_of(str(region), key.for_month)
        here = roster["region_code"] == region
        lines["parameter_set_id"][here] = parameter_set_of(rates)
        _employees(lines, roster, here & ~flexible, rates)
        _flexible(lines, roster, here & flexible, rates)
        _rural_unemployment(lines, here & rural, rates)
    return lines


def _employees(lines: Columns, roster: Columns, rows: Column, rates: RegionRates) -> None:
    for code in (PENSION, MEDICAL, MATERNITY, UNEMPLOYMENT):
        scheme = BY_CODE[code]
        joined = rows & roster[scheme.prefix]
        if not joined.any():
            continue
        result = contribution_columns(_wage(roster, code, joined), rates.terms[code])
        lines[scheme.base][joined] = result.base_fen
        lines[scheme.employer][joined] = result.employer_fen
        if scheme.worker_pays:
            lines[scheme.worker][joined] = result.worker_fen
    _injury(lines, roster, rows & roster[BY_CODE[INJURY].prefix], rates)


def _injury(lines: Columns, roster: Columns, rows: Column, rates: RegionRates) -> None:
    if not rows.any():
        return
    base = contribution_columns(roster["wage_fen"][rows], rates.terms[INJURY]).base_fen
    table = np.zeros((9, 201), dtype=np.int64)
    classes, floats = roster["risk_class"][rows], roster["float_percent"][rows]
    for number, percent in {(int(c), int(f)) for c, f in np.unique(np.stack([classes, floats], axis=1), axis=0)}:
        table[number, percent] = _millionths(rates.injury_rates[number] * Fraction(percent, 100))
    lines["injury_base_fen"][rows] = base
    lines["injury_employer_fen"][rows] = premium_columns(base, table[classes, floats])


def _flexible(lines: Columns, roster: Columns, rows: Column, rates: RegionRates) -> None:
    pension = rows & roster["pension"]
    if pension.any():
        result = flexible_columns(roster["wage_fen"][pension], rates.flexible)
        lines["pension_base_fen"][pension] = result.base_fen
        lines["pension_employer_fen"][pension] = result.pool_fen
        lines["pension_worker_fen"][pension] = result.account_fen
    medical = rows & roster["medical"]
    if medical.any():
        base = contribution_columns(_wage(roster, MEDICAL, medical), rates.terms[MEDICAL]).base_fen
        lines["medical_base_fen"][medical] = base
        lines["medical_worker_fen"][medical] = premium_columns(base, _constant(base, rates.flexible_medical))


def _rural_unemployment(lines: Columns, rows: Column, rates: RegionRates) -> None:
    """失业保险条例 6: workers on rural contracts pay nothing themselves."""
    if rows.any():
        base = lines["unemployment_base_fen"][rows]
        lines["unemployment_worker_fen"][rows] = premium_columns(base, _constant(base, rates.rural_unemployment))


def _wage(roster: Columns, code: str, rows: Column) -> Column:
    wage = roster["wage_fen"][rows]
    if code != MEDICAL:
        return wage
    chosen = roster["medical_wage_fen"][rows]
    return np.where(chosen > 0, chosen, wage)


def _constant(like: Column, rate: Fraction) -> Column:
    return np.full(len(like), _millionths(rate), dtype=np.int64)


def _millionths(rate: Fraction) -> int:
    scaled = rate * MILLION
    if scaled.denominator != 1:
        raise ValueError(f"rate {rate} is finer than a millionth")
    return int(scaled)


def totals_by_unit(lines: Columns) -> dict[str, Columns]:
    """Sums per unit and scheme: {scheme code: {"unit_id", "employer_fen", "worker_fen"}}, units in ascending order."""
    units, place = np.unique(lines["unit_id"], return_inverse=True)
    out: dict[str, Columns] = {}
    for scheme in SCHEMES:
        sums = {}
        for part, name in (("employer_fen", scheme.employer), ("worker_fen", scheme.worker)):
            total = np.zeros(len(units), dtype=np.int64)
            if part == "employer_fen" or scheme.worker_pays:
                np.add.at(total, place, lines[name])
            sums[part] = total
        out[scheme.code] = {"unit_id": units, **sums}
    return out
