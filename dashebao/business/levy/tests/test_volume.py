"""The month does the same for one and for many, in the same number of statements, and never twice."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashebao.business.levy import jobs
from dashebao.business.levy.actions.assessing import assess_range
from dashebao.business.levy.actions.billing import bill_range
from dashebao.business.levy.actions.posting import post_range
from dashebao.business.levy.api import Declared, Leaving, Starting, declare, enrol, stop
from dashebao.business.levy.assessment import AMOUNTS, LineKey, lines_of
from dashebao.business.levy.models import Bill, BillItem, ContributionLine, Settlement
from dashebao.business.levy.queries.histories import contributions_of
from dashebao.business.levy.queries.rosters import LAST_ID, PayerRange, payer_ranges, roster_of
from dashebao.business.levy.tests import tax_office
from dashebao.business.levy.tests.test_month import run_step
from dashebao.kernel.batches.api import pipeline, register_pipeline, run
from dashebao.kernel.ledger.models import Journal, SubEntry

MONTH = 202611
EVERYBODY = PayerRange(1, LAST_ID)
WAGES = [250_000, 551_000, 600_001, 2_000_003, 9_999_999]


def statements(work):
    """How many statements some work sends."""
    with CaptureQueriesContext(
        connection,
    ) as caught:
        work()
    return len(caught)


def test_statements_do_not_grow_with_people(world):
    units = [world.unit() for _number in range(3)]
    for unit, size in zip(units, (1, 1, 40), strict=True):
        world.staff(unit, [600_000] * size)
        declare(Declared(unit, MONTH))
    counts = [month_of(unit) for unit in units]
    assert counts[1] == counts[2]
    assert sum(counts[2]) < 100
    assert ContributionLine.objects.filter(month=MONTH).count() == 42


def month_of(unit):
    """Assess, bill, collect and post a month of one unit; returns statements per step."""
    payers = PayerRange(unit, unit)
    counts = [statements(lambda: assess_range(payers, MONTH)), statements(lambda: bill_range(payers, MONTH))]
    rows = [tax_office.paid_row(item) for item in BillItem.objects.filter(unit_id=unit).order_by("id")]
    counts.append(statements(lambda: tax_office.report(MONTH, rows, sequence=unit)))
    counts.append(statements(lambda: post_range(payers, MONTH)))
    return counts


def test_many_people_cost_the_statements_of_one(world):
    first, second = world.unit(), world.unit()
    world.staff(first, [600_000])
    world.staff(second, [600_000] * 60)
    for unit in (first, second):
        declare(Declared(unit, MONTH))
    assess_range(PayerRange(first, first), MONTH)
    one = statements(lambda: assess_range(PayerRange(first, first), MONTH))
    many = statements(lambda: assess_range(PayerRange(second, second), MONTH))
    assert many == one


def test_enrolling_and_stopping_cost_the_same_for_one_and_for_many(world):
    unit = world.unit()
    one, many = world.people(1), world.people(50)
    few = statements(lambda: enrol(unit, [Starting(person, 600_000) for person in one], MONTH))
    more = statements(lambda: enrol(unit, [Starting(person, 600_000) for person in many], MONTH))
    assert more == few
    few = statements(lambda: stop(unit, [Leaving(person, 202612) for person in one]))
    more = statements(lambda: stop(unit, [Leaving(person, 202612) for person in many]))
    assert more == few


def test_one_person_is_assessed_as_in_the_batch(world):
    units = [world.unit(), world.unit("440305", risk_class=7, float_percent=150)]
    people = [person for unit in units for person in world.staff(unit, WAGES)]
    everybody = lines_of(roster_of(EVERYBODY, MONTH), LineKey(MONTH, MONTH, 1))
    for place, person in enumerate(people):
        alone = lines_of(roster_of(EVERYBODY, MONTH, person_id=person), LineKey(MONTH, MONTH, 1))
        assert [int(alone[name][0]) for name in AMOUNTS] == [int(everybody[name][place]) for name in AMOUNTS]


def test_a_second_run_of_each_step_adds_nothing(world):
    unit = world.unit()
    world.staff(unit, WAGES)
    world.flexible(600_000)
    declare(Declared(unit, MONTH))
    for _again in range(2):
        for step in jobs.STEPS[:3]:
            run_step(step())
    counted = (ContributionLine.objects.count(), Bill.objects.count(), BillItem.objects.count())
    assert counted == (6, 2, 7)
    tax_office.pay_everything(MONTH)
    for _again in range(2):
        run_step(jobs.PostStep())
    assert Settlement.objects.count() == 7
    posted = Journal.objects.filter(kind="levy.accounts").values_list("id", flat=True)
    assert len(posted) == 2
    assert SubEntry.objects.filter(journal_id__in=list(posted)).count() == 6


def test_ranges_cover_every_payer_once(world):
    units = [world.unit() for _number in range(5)]
    for unit in units:
        world.staff(unit, [600_000] * 3)
    world.flexible(600_000)
    ranges = payer_ranges(MONTH, 6)
    of_units = [found for found in ranges if not found.alone]
    assert len(of_units) > 1
    assert all(sum(found.low <= unit <= found.high for found in of_units) == 1 for unit in units)
    assert of_units[0].low == 1
    assert of_units[-1].high == LAST_ID
    assert all(a.high + 1 == b.low for a, b in pairwise(of_units))


def test_one_persons_rows_are_one_query(world):
    unit = world.unit()
    person = world.staff(unit, [600_000])[0]
    declare(Declared(unit, MONTH))
    assess_range(EVERYBODY, MONTH)
    assert statements(lambda: contributions_of(person)) == 1
    assert contributions_of(person)[0].base_fen["110"] == 600_000


class Broken(Exception):
    """A crash in the middle of a chunk."""


def test_a_month_that_breaks_down_goes_on_to_the_same_result(world, monkeypatch):
    for _number in range(4):
        unit = world.unit()
        world.staff(unit, WAGES)
        declare(Declared(unit, MONTH))
    before = pipeline("month")
    monkeypatch.setattr(jobs, "PEOPLE_PER_CHUNK", 5)
    register_pipeline("month", [jobs.AssessStep(), jobs.BillStep(), jobs.SendStep()])
    try:
        for step in (jobs.AssessStep, jobs.BillStep):
            break_once(monkeypatch, step, after=2)
            with pytest.raises(Broken):
                run("month", MONTH)
            monkeypatch.undo()
            monkeypatch.setattr(jobs, "PEOPLE_PER_CHUNK", 5)
        assert run("month", MONTH).state == "done"
        assert run("month", MONTH).state == "done"
    finally:
        register_pipeline("month", before)
    assert ContributionLine.objects.filter(month=MONTH).count() == 20
    assert Bill.objects.filter(month=MONTH).count() == 4
    assert BillItem.objects.filter(month=MONTH).count() == 20


def break_once(monkeypatch, step, after):
    """Let a step's chunk fail after its writes."""
    real, done = step.execute, []

    def failing(self, period, args):
        counts = real(self, period, args)
        done.append(args)
        if len(done) == after:
            raise Broken
        return counts

    monkeypatch.setattr(step, "execute", failing)
