"""The indicators tie to their sources: the ledger's trial balance, the statements, the records of people."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from dashebao.business.fund import api as fund
from dashebao.decision.indicators.api import (
    Indicator,
    Ratio,
    by_region,
    compute,
    history,
    indicators,
    readings,
    register_indicator,
)
from dashebao.decision.indicators.models import IndicatorValue
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import Person
from dashebao.platform.data_centre.api import Subject, UnknownSubject, composed, register_subject, subjects

MONTH = 202611


def public_key() -> str:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def system(db):
    with acting(SYSTEM, "test"):
        yield


@pytest.fixture
def books(system) -> int:
    """The province's pension fund and a city's medical fund with two months of money."""
    for code in ("bank", "finance", "tax"):
        register_partner(code, code, public_key())
    book = fund.set_up_fund(fund.FundSetup("110", "440106", 202609, 90_000_000))
    fund.set_up_fund(fund.FundSetup("310", "440106", 202609, 10_000_000))
    for month, amount in ((202610, 5_000_000), (MONTH, 6_000_000)):
        fund.post_entry(fund.Entry("tax_receipt", month, "110", "440106", f"in-{month}", amount, "worker"))
        fund.post_entry(fund.Entry("treasury_transfer", month, "110", "440106", f"on-{month}", amount))
        fund.post_entry(fund.Entry("fund_request", month, "110", "440106", f"ask-{month}", 4_000_000))
        fund.post_entry(fund.Entry("benefit", month, "110", "440106", f"out-{month}", 4_000_000, "pension"))
    fund.post_entry(fund.Entry("tax_receipt", MONTH, "310", "440106", "in-310", 700_000, "employer"))
    return book


@pytest.fixture
def people(system) -> list[int]:
    """Three employees in two counties of one city, one in another, one of them drawing a pension."""
    ids = []
    for place, (region, birth) in enumerate(
        (("440106", 1990), ("440104", 1985), ("440106", 1961), ("440304", 2000)), 1
    ):
        person = Person.objects.create(name=f"人{place}", sex="1", birth_on=date(birth, 6, 1), region_code=region)
        ids.append(person.pk)
    with connection.cursor() as cursor:
        for who, region in zip(ids, ("440106", "440104", "", "440304"), strict=True):
            if region:
                cursor.execute(
                    "insert into levy_enrolment (person_id, unit_id, region_code, schemes, identity, valid_during)"
                    " values (%s, null, %s, '{110,310,510}', 1, %s)",
                    [who, region, DateRange(date(2020, 1, 1), None)],
                )
        cursor.execute(
            "insert into common_benefit (person_id, scheme, kind, region_code, award_id, case_no, state, start_month,"
            " end_reason, monthly_fen, account_fen) values (%s, '110', 'pension', '440106', 1, '', 'running', 202107, '', 350000, 0)"
            " returning id",
            [ids[2]],
        )
        benefit = cursor.fetchone()[0]
        for kind, since, amount in (("basic", 202107, 300_000), ("increase", 202601, 50_000), ("increase2", 202701, 9)):
            cursor.execute(
                "insert into common_benefitcomponent (benefit_id, person_id, region_code, kind, from_month, amount_fen, source)"
                " values (%s, %s, '440106', %s, %s, %s, '')",
                [benefit, ids[2], kind, since, amount],
            )
    return ids


def value(code: str, region: str, scheme: str = "110", month: int = MONTH) -> int | None:
    row = IndicatorValue.objects.filter(code=code, region_code=region, scheme=scheme, month=month, part="").first()
    return row.value if row else None


def test_income_expense_and_balance_are_those_of_the_statements(books):
    compute(MONTH)
    sheet, income = fund.both_statements(books, MONTH)
    assert value("income", "440000") == income.row("income_total").first_fen == 6_000_000
    assert value("income_year", "440000") == income.row("income_total").second_fen == 11_000_000
    assert value("expense_year", "440000") == income.row("expense_total").second_fen == 8_000_000
    assert value("balance", "440000") == income.row("closing").second_fen == sheet.row("net_total").second_fen
    rows = ledger.trial_balance(books, MONTH)
    assert value("balance", "440000") == sum(r.closing_fen for r in rows if r.code < "3")
    assert value("months_payable", "440000") == fund.budget_report(books, MONTH).payable_tenths


def test_all_funds_together_are_the_sum_of_the_funds(books):
    compute(MONTH)
    assert value("income", "440000", "") == 6_700_000
    assert value("income", "440100", "310") == value("income", "440000", "310") == 700_000
    assert value("income", "440100", "110") is None  # the books are the province's


def test_the_closing_of_a_year_changes_no_figure_of_december(books):
    compute(202611)
    fund.post_entry(fund.Entry("tax_receipt", 202612, "110", "440106", "in-12", 1_000_000, "worker"))
    fund.close_year("110", "440000", 2026)
    compute(202612)
    assert value("income_year", "440000", month=202612) == 12_000_000
    assert value("balance", "440000", month=202612) == value("balance", "440000") + 1_000_000


def test_people_are_counted_in_their_county_city_and_province(people):
    compute(MONTH)
    assert [value("insured", code) for code in ("440106", "440104", "440100", "440300", "440000")] == [1, 1, 2, 1, 3]
    assert value("insured", "440000", "") == 6  # two insurances each; maternity is kept with medical
    assert value("pensioners", "440106") == 1
    assert value("dependency", "440100") == 200
    assert value("dependency", "440000", "") is None


def test_an_average_pension_has_the_parts_in_force_in_the_month(people):
    compute(MONTH)
    compute(202512)
    assert value("average_pension", "440106") == 350_000
    assert value("average_pension", "440106", month=202512) == 300_000


def test_ages_add_up_to_the_whole(people):
    compute(MONTH)
    rows = IndicatorValue.objects.filter(code="insured_age", region_code="440000", scheme="110", month=MONTH)
    assert dict(rows.values_list("part", "value")) == {"20": 1, "30": 1, "40": 1}


def test_computing_again_replaces_and_costs_the_same_number_of_statements(people):
    compute(MONTH)
    before = IndicatorValue.objects.count()
    with CaptureQueriesContext(
        connection,
    ) as few:
        compute(MONTH)
    assert IndicatorValue.objects.count() == before
    assert len(few) == len(indicators()) + 1


def test_readings_have_the_value_of_a_year_before(people):
    for month in (202511, 202512, MONTH):
        compute(month)
    found = readings(["insured", "average_pension"], "440000", "110", MONTH)
    assert (found["insured"].value, found["insured"].year_before, len(found["insured"].line)) == (3, 3, 3)
    assert found["average_pension"].year_before == 300_000
    assert list(history(["insured"], "440000", "110", MONTH)["insured"]) == [202511, 202512, MONTH]
    assert by_region(["insured"], ["440100", "440500"], "110", MONTH) == {"440100": {"insured": 2}, "440500": {}}


def test_every_indicator_says_what_it_counts_and_by_which_law():
    for one in indicators().values():
        assert all(str(text) for text in (one.title, one.formula, one.source, one.period)), one.code
        assert one.law, one.code
        if one.ratio:
            assert {one.ratio.above, one.ratio.below} <= set(indicators())


def test_an_indicator_is_a_measure_or_a_ratio_and_its_code_is_taken_once():
    given = {"title": "x", "formula": "x", "unit": "persons", "source": "x", "period": "x", "law": "x"}
    with pytest.raises(ValueError, match="either sql or ratio"):
        Indicator(code="test.none", **given)
    with pytest.raises(ValueError, match="registered twice"):
        register_indicator(Indicator(code="insured", ratio=Ratio("a", "b", 1), **given))


def test_subjects_give_the_columns_they_promise(system):
    for subject in subjects().values():
        with connection.cursor() as cursor:
            cursor.execute(f"select * from ({subject.sql}) s limit 0")
            assert tuple(column.name for column in cursor.description) == subject.columns, subject.name


def test_an_unknown_subject_and_a_second_one_of_a_name_are_refused():
    with pytest.raises(UnknownSubject):
        composed("select * from {nobody.knows}")
    with pytest.raises(ValueError, match="registered twice"):
        register_subject(Subject(name="fund.paid", title="x", sql="select 1 as a", columns=("a",)))
