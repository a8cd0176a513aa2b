"""Every rule runs; what should be found is found once, with its amount and place; what is in order is not."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from dashebao.decision.supervision.api import Rule, register_rule, rules, run_rule, run_rules
from dashebao.decision.supervision.models import Finding, RuleRun
from dashebao.kernel.identity.api import Office, User
from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting, ensure_partition
from dashebao.kernel.registry.api import BankAccount, Person, PersonFact
from dashebao.kernel.secrecy.api import Family, person_holder, seal

MONTH = 202611
COUNTY = "440106"


@pytest.fixture
def system(db):
    with acting(SYSTEM, "test"):
        yield


def person(birth: date = date(1958, 5, 5), **changed) -> int:
    return Person.objects.create(**{"name": "某人", "sex": "1", "birth_on": birth, "region_code": COUNTY, **changed}).pk


def paid(who: int, amount_fen: int = 300_000, **changed) -> None:
    """A payment that reached its payee, written as the bank's answer leaves it."""
    row = {
        "month": MONTH, "scheme": "110", "fund": "110", "kind": "pension", "seq": 1, "account": f"6217{who:012d}", **changed,
    }  # fmt: skip
    for table in ("fund_paymentline", "fund_paymentbatchline", "fund_paymentresult"):
        ensure_partition(table, row["month"])
    row["account"] = seal(Family.ACCOUNT, person_holder(who), row["account"])
    with connection.cursor() as cursor:
        for table in ("fund_paymentbatchline", "fund_paymentresult"):  # the guards are tested where they stand
            cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute(
            "insert into fund_paymentline (month, run_month, person_id, payee_person_id, region_code, scheme, fund, pool_region,"
            " benefit_kind, seq, amount_fen, source, bank_code, account_number, account_name, end_to_end_id)"
            " values (%s, %s, %s, %s, %s, %s, %s, '440000', %s, %s, %s, '', '102', %s, '', '') returning id",
            [
                row["month"],
                MONTH,
                who,
                who,
                COUNTY,
                row["scheme"],
                row["fund"],
                row["kind"],
                row["seq"],
                amount_fen,
                row["account"],
            ],
        )
        line = cursor.fetchone()[0]
        cursor.execute(
            "insert into fund_paymentbatchline (month, batch_id, line_id, person_id, attempt, amount_fen, end_to_end_id,"
            " bank_code, account_number, account_name) values (%s, 1, %s, %s, 1, %s, '', '102', %s, '')",
            [row["month"], line, who, amount_fen, row["account"]],
        )
        cursor.execute(
            "insert into fund_paymentresult (month, batch_id, line_id, person_id, attempt, status, reason, message, on_date)"
            " values (%s, 1, %s, %s, 1, 'paid', '', '', '2026-11-20')",
            [row["month"], line, who],
        )


def found(code: str) -> list[Finding]:
    run_rule(rules()[code], MONTH)
    return list(Finding.objects.filter(rule=code).order_by("id"))


@pytest.mark.parametrize("code", sorted(rules()))
def test_every_rule_is_one_statement_that_runs(system, code):
    with CaptureQueriesContext(connection) as asked:
        run_rule(rules()[code], MONTH)
    assert len(asked) == 2  # the rule, and the line about its run
    assert RuleRun.objects.get(rule=code).found == 0


@pytest.mark.parametrize("code", sorted(rules()))
def test_every_rule_says_its_question_and_its_law(code):
    rule = rules()[code]
    assert str(rule.title)
    assert str(rule.question)
    assert rule.law


def test_a_payment_after_death_is_found_once_and_one_for_the_month_of_death_is_not(system):
    late, in_time = person(died_on=date(2026, 8, 21)), person(died_on=date(2026, 11, 2))
    paid(late)
    paid(in_time)
    only = found("paid_after_death")
    assert [(f.person_id, f.region_code, f.amount_fen, f.month) for f in only] == [(late, COUNTY, 300_000, MONTH)]
    assert only[0].facts["died_on"] == "2026-08-21"
    assert len(found("paid_after_death")) == 1
    assert list(RuleRun.objects.order_by("id").values_list("found", "fresh")) == [(1, 1), (1, 0)]


def test_a_pension_during_a_sentence_is_found(system):
    inside, outside = person(), person()
    PersonFact.objects.create(
        person_id=inside, kind="imprisonment", valid_during=DateRange(date(2026, 5, 6), None), source="court"
    )
    PersonFact.objects.create(
        person_id=outside,
        kind="imprisonment",
        valid_during=DateRange(date(2020, 5, 6), date(2021, 1, 1)),
        source="court",
    )
    paid(inside)
    paid(outside)
    assert [f.person_id for f in found("paid_in_prison")] == [inside]


def test_two_pensions_for_a_month_are_found_with_both_insurances(system):
    twice, once = person(), person()
    paid(twice)
    paid(twice, 20_000, scheme="170", fund="170")
    paid(once)
    only = found("paid_twice")
    assert [(f.person_id, f.amount_fen, f.facts["schemes"]) for f in only] == [(twice, 320_000, ["110", "170"])]


def test_one_account_for_two_people_is_found(system):
    first, second, third = person(), person(), person()
    for who in (first, second):
        paid(who, account="6217000000000001")
    paid(third)
    only = found("one_account")
    assert [sorted(f.facts["people"]) for f in only] == [[first, second]]
    assert "6217000000000001" not in json.dumps(only[0].facts)


def test_a_pensioner_too_young_is_found_and_a_woman_of_fifty_is_not(system):
    young, woman = person(date(1985, 3, 15)), person(date(1976, 1, 1), sex="2")
    paid(young)
    paid(woman)
    assert [f.person_id for f in found("too_young")] == [young]


def test_an_amount_far_above_the_median_is_found(system):
    for _n in range(20):
        paid(person())
    rich = person()
    paid(rich, 1_600_000)
    assert [(f.person_id, f.facts["median_fen"]) for f in found("too_much")] == [(rich, 300_000)]


def test_an_account_changed_just_before_the_payment_is_found(system):
    moved, settled = person(), person()
    for who, since in ((moved, date(2026, 11, 12)), (settled, date(2026, 3, 1))):
        BankAccount.objects.create(
            person_id=who, bank_code="102", number=f"A{who}", name="甲", valid_during=DateRange(date(2010, 1, 1), since)
        )
        BankAccount.objects.create(
            person_id=who, bank_code="102", number=f"B{who}", name="甲", valid_during=DateRange(since, None)
        )
        paid(who, account=f"B{who}")
    assert [f.person_id for f in found("new_account")] == [moved]


def enrol(who: int, since: date = date(2020, 1, 1)) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into levy_enrolment (person_id, unit_id, region_code, schemes, identity, valid_during)"
            " values (%s, null, %s, '{110}', 3, %s)",
            [who, COUNTY, DateRange(since, None)],
        )


def test_enrolments_of_the_dead_and_without_contributions_are_found(system):
    dead, idle, fresh = person(died_on=date(2026, 9, 3)), person(), person()
    enrol(dead)
    enrol(idle)
    enrol(fresh, date(2026, 10, 1))
    assert [f.person_id for f in found("dead_insured")] == [dead]
    assert [f.person_id for f in found("no_contribution")] == [dead, idle]


def test_a_night_of_looking_people_up_is_found_twice_over(system):
    office = Office.objects.create(code="GZ", name="x", name_en="x", level="city", region_code="440100")
    clerk = User.objects.create_user("clerk", kind="officer", name="陈某", office=office)
    for number in range(130):
        AuditEntry.objects.create(
            at=f"2026-11-08T01:{number % 60:02d}:00+08:00", verb="person.viewed", subject_kind="registry.person", subject_id=str(number),
            subject_person_id=number, actor_kind="officer", actor_id=clerk.pk, actor_name=clerk.name, region_code="440100",
        )  # fmt: skip
    assert [(f.region_code, f.facts["acts"]) for f in found("at_night")] == [("440100", 130)]
    assert [f.facts["people"] for f in found("bulk_query")] == [130]


def test_all_rules_run_together_with_one_line_in_the_trail(system):
    paid(person(died_on=date(2026, 1, 1)))
    assert run_rules(MONTH).fresh >= 1
    assert RuleRun.objects.count() == len(rules())
    assert AuditEntry.objects.filter(verb="supervision.rules_run").count() == 1


def test_a_rule_needs_an_area_a_gravity_and_a_law():
    given = {"code": "x", "title": "x", "question": "x", "sql": "select 1"}
    with pytest.raises(ValueError, match="area, gravity or law"):
        Rule(area="payment", gravity=2, law="", **given)
    with pytest.raises(ValueError, match="registered twice"):
        register_rule(Rule(area="payment", gravity=1, law="x", **{**given, "code": "paid_twice"}))
