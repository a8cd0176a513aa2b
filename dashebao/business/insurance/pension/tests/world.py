"""A small world for tests: people with numbers, accounts, careers, officers."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from dashebao.business.fund.api import PersonalEntries, books, lines_of, post_personal
from dashebao.business.fund.queries.payments import LineView
from dashebao.business.insurance.common import recovery
from dashebao.business.insurance.pension.actions import Claim, award_pension
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.records.api import SYSTEM
from dashebao.kernel.registry.api import AccountEntry, Person, PersonEntry, register_person, set_bank_account

COUNTY = "440106"


def id_number(birth_on: date, sequence: int, sex: str) -> str:
    """A citizen's number valid in form."""
    order = sequence * 2 + (1 if sex == "1" else 0)
    head = f"{COUNTY}{birth_on:%Y%m%d}{order % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return head + "10X98765432"[sum(int(c) * w for c, w in zip(head, weights, strict=True)) % 11]


def make_person(name: str, birth_on: date, sex: str = "1", sequence: int = 1, region: str = COUNTY) -> Person:
    """A registered person with a bank account."""
    human = register_person(PersonEntry(name, region, id_number(birth_on, sequence, sex), since=birth_on))
    set_bank_account(human.id, AccountEntry("102", f"62220000{human.id:08d}", name), date(2020, 1, 1))
    return human


def pay_years(human: Person, years: dict[int, tuple[int, int]]) -> None:
    """Yearly summaries: year -> (months, base total fen)."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into levy_contributionyear (person_id, year, region_code, months, pension_base_total_fen,"
            " medical_months, unemployment_months, source) values (%s, %s, %s, %s, %s, 0, 0, 'former')",
            [(human.id, year, human.region_code, months, total) for year, (months, total) in years.items()],
        )


def steady_career(human: Person, first: int, count: int, monthly_fen: int = 600_000) -> None:
    """`count` full years from `first` at one monthly base."""
    pay_years(human, {first + n: (12, monthly_fen * 12) for n in range(count)})


def credit(human: Person, month: int, scheme: str = "110", **parts: int) -> None:
    """Money on the personal account by part."""
    post_personal(
        PersonalEntries(
            scheme, human.region_code, month, "opening", f"{human.id}:{month}", [human.id] * len(parts), list(parts),
            list(parts.values()),
        )
    )  # fmt: skip


def retired(on: date, **parts: int) -> Person:
    """A man of 60 whose pension was awarded that day on 26 full years and what his account holds; for `acting`."""
    open_fund()
    human = make_person("韦岭光", date(1966, 4, 10))
    steady_career(human, 2000, 26)
    credit(human, 202512, **parts)
    award_pension(Claim(human.id, month_of(on), "M60", on), by=SYSTEM)
    return human


def open_fund(scheme: str = "110") -> None:
    """Books with a chart of accounts."""
    books(scheme, COUNTY)


def mark_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the bank has paid every line."""

    def paid(person_id: int, scheme: str | None = None, month_from: int = 0) -> list[LineView]:
        return [replace(line, state="paid") for line in lines_of(person_id, scheme, month_from)]

    monkeypatch.setattr(recovery, "lines_of", paid)
