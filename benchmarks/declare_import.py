"""Declarations of many units: checked, kept, and assessed, beside COPY of the same rows into a bare table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import connection

from benchmarks.measuring import Figures, growth_of, in_turn, median
from benchmarks.registering import FIRST_WORKER, write_persons
from benchmarks.running import done, planned
from benchmarks.scratch import as_owner, settle, sql
from dashebao.business.levy.actions.declaring import Declared, declare
from dashebao.business.levy.api import Starting, UnitEntry, enrol, register_unit
from dashebao.business.levy.jobs import AssessStep
from dashebao.business.levy.queries.checks import check_rows
from dashebao.business.levy.workbooks import SheetRow
from dashebao.kernel.batches.api import side_by_side
from dashebao.kernel.legal_time.api import month_plus
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.secrecy.api import Family, person_holder, seal_many

SIZES = (5_000, 20_000)
STAFF = 500
COUNTY = "440106"
FIRST_MONTH = 202601
FIRST_UNIT = 300_000_001
SCHEMES = ("110", "210", "310", "410", "510")
TABLES = ("levy_enrolment", "levy_wage", "levy_declarationrow", "registry_personidentifier")
NAMES = "declaration_id, unit_id, region_code, row_no, person_id, id_number, name, wage_fen, accepted, problem, notices"


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Seconds of a month's declarations, every wage a new one, for one number of rows after the other."""
    told: list[Figures] = []
    units = Units()
    for size in sizes:
        units.grow_to(size)
        ours, theirs = in_turn(units.declare, units.copy, before=units.prepare)
        detail = {"wrong": units.wrong, "rows_in_a_unit": STAFF, "growth": growth_of(told, size, median(ours))}
        ratio = median(ours) / median(theirs)
        told.append(Figures("declare-import", size, "s", median(ours), median(theirs), ratio, 8.0, False, detail))
    return told


@dataclass
class Units:
    """Units with STAFF people each, and what they declare next."""

    month: int = month_plus(FIRST_MONTH, -1)
    staff: dict[int, list[int]] = field(default_factory=dict)
    sheets: dict[int, list[SheetRow]] = field(default_factory=dict)
    wrong: int = 0

    def grow_to(self, rows: int) -> None:
        """Register units and enrol their people until there are so many rows."""
        with as_owner():
            done = sum(map(len, self.staff.values()))
            for first in range(done, rows, STAFF):
                people = [FIRST_WORKER + n for n in range(first, min(first + STAFF, rows))]
                with acting(SYSTEM, "benchmark"):
                    self._unit(FIRST_UNIT + len(self.staff), people)
        settle(*TABLES)

    def _unit(self, unit: int, people: list[int]) -> None:
        write_persons(people, [COUNTY] * len(people))
        sql(
            "insert into registry_personidentifier (person_id, kind, value, valid_during)"
            " select id, 'resident_id', value, '[1990-01-01,)' from unnest(%s::bigint[], %s::text[]) x(id, value)",
            [people, seal_many(Family.IDENTITY, map(person_holder, people), [f"{COUNTY}{n:012d}" for n in people])],
        )
        sql(
            "insert into registry_unit (id, name, kind, region_code, industry, address, contact, phone)"
            " values (%s, 'Unit ' || %s, 'enterprise', %s, '', '', '', '')",
            [unit, unit, COUNTY],
        )
        register_unit(UnitEntry(unit, COUNTY, "enterprise", SCHEMES, 2, date(2025, 1, 5)))
        enrol(unit, [Starting(person, 600_000) for person in people], FIRST_MONTH)
        self.staff[unit] = people

    def prepare(self) -> None:
        """Write the next month's sheets: every wage differs from the month before."""
        self.month = month_plus(self.month, 1)
        wage = 600_000 + self.month
        self.sheets = {
            unit: [
                SheetRow(number, f"{COUNTY}{person:012d}", f"甲{person}", wage + person % 900_000)
                for number, person in enumerate(people, start=1)
            ]
            for unit, people in self.staff.items()
        }
        settle("levy_wage", "levy_declarationrow")
        with as_owner():
            sql("drop table if exists bench_row")
            sql(f"create table bench_row as select {NAMES} from levy_declarationrow limit 0")
            sql("grant all on bench_row to public")

    def declare(self) -> None:
        """Check, keep and assess, in the product's transactions: one for each unit, one for each chunk of the month.

        As many units declare at once as the machine has cores: employers do not wait for each other.
        """
        list(side_by_side(self._declare_unit, list(self.sheets), settings.BATCH_WORKERS))
        step = AssessStep()
        assessed = sum(counts.rows for counts in done(step, self.month, planned(step, self.month)))
        self.wrong += sum(map(len, self.sheets.values())) - assessed

    def _declare_unit(self, unit: int) -> None:
        with acting(SYSTEM, "declare"):
            declare(Declared(unit, self.month, check_rows(unit, self.month, self.sheets[unit]).rows))

    def copy(self) -> None:
        """The same rows by one COPY, unchecked, into a table without an index."""
        with connection.cursor() as cursor, cursor.copy(f"copy bench_row ({NAMES}) from stdin") as copy:
            for unit, sheet in self.sheets.items():
                for row in sheet:
                    person = FIRST_WORKER + row.row_no
                    values = (
                        unit,
                        unit,
                        COUNTY,
                        row.row_no,
                        person,
                        row.id_number,
                        row.name,
                        row.wage_fen,
                        True,
                        "",
                        "[]",
                    )
                    copy.write_row(values)
