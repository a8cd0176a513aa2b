"""Every example of every service item of the levy, through every open channel, from application to effect."""

import json
from contextlib import suppress
from datetime import date

import pytest

from dashebao.business.levy.actions import sending
from dashebao.business.levy.actions.assessing import assess_range
from dashebao.business.levy.actions.billing import bill_range
from dashebao.business.levy.actions.relieving import Deferring, defer, end_deferral
from dashebao.business.levy.api import Declared, Starting, declare, enrol, relations_of, staff_of
from dashebao.business.levy.errors import LevyRefused
from dashebao.business.levy.models import Declaration, Refund, UnitRegistration
from dashebao.business.levy.queries.rosters import LAST_ID, PayerRange
from dashebao.business.levy.screens_overview import unit_deferrals
from dashebao.business.levy.tests import tax_office
from dashebao.business.levy.tests.conftest import GUANGZHOU
from dashebao.kernel.cases.api import (
    Application,
    CaseError,
    Paper,
    State,
    advance,
    at,
    case_view,
    reenter,
    refuse,
    submit,
)
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, ApplicantKind, Channel, item, items
from dashebao.kernel.records.api import Actor
from dashebao.kernel.registry.api import PersonEntry, changes_of_unit, register_person
from dashebao.kernel.registry.api import unit as registered_unit
from dashebao.platform.screens.api import Ask, Face

MINE = [found for found in items() if type(found).__module__.startswith("dashebao.business.levy")]
RUNS = [
    pytest.param(found.code, number, channel, id=f"{found.code} {example.title} {channel.name}")
    for found in MINE
    for number, example in enumerate(found.examples)
    for channel in Channel
    if channel in found.channels
]
ALL = ("110", "210", "310", "410", "510")
NAMES = {"440101199003070018": "张示例", "440305197604120022": "李示例"}


def human(number):
    """The person with a number, registered now."""
    return register_person(PersonEntry(name=NAMES[number], region_code=GUANGZHOU, number=number)).pk


def unit_with(world, facts):
    """A unit as an example's facts want it: registered, with staff, a sister unit, months billed, paid or paid late."""
    registered = any(name in facts for name in ("registered", "staff", "paid", "owes", "late", "deferred", "schemes"))
    schemes = tuple(facts.get("schemes", ALL))
    unit = world.unit(schemes=schemes) if registered else world.bare_unit()
    staff = facts.get("staff", [])
    if isinstance(staff, int):
        world.staff(unit, [600_000] * staff, 202610)
    elif staff:
        enrol(unit, [Starting(human(number), 600_000, schemes) for number in staff], 202610)
    if "person" in facts:
        human(facts["person"])
    if "sister" in facts:
        world.unit(code=facts["sister"])
    if "deferred" in facts:
        days = {"from_month": 202610, "until_month": 202611, "valid_until_on": date(2026, 12, 31)}
        defer(Deferring(unit, schemes, **days, legal_basis="社会保险法第六十三条", case_no=facts["deferred"]))
    for name in ("paid", "owes", "late"):
        if name in facts:
            bill_october(unit, facts[name][0])
            if name != "owes":
                tax_office.pay_everything(202610)  # the office books it after the due day
    return unit


def bill_october(unit, number):
    """One person enrolled, declared and billed for October 2026."""
    enrol(unit, [Starting(human(number), 600_000)], 202610)
    declare(Declared(unit, 202610))
    assess_range(PayerRange(unit, unit), 202610)
    bill_range(PayerRange(unit, unit), 202610)


def person_with(world, facts):
    """A person as an example's facts want it."""
    if facts.get("flexible"):
        person = world.flexible(600_000, 202610)
        if "paid_alone" in facts:
            assess_range(PayerRange(0, LAST_ID, alone=True), 202610)
            bill_range(PayerRange(0, LAST_ID, alone=True), 202610)
            tax_office.pay_everything(202610)
        return person
    person = world.people(1)[0]
    if facts.get("employed"):
        enrol(world.unit(), [Starting(person, 600_000)], 202610)
    if facts.get("taken"):
        twin = human("440305197604120022")
        if facts.get("twin_enrolled"):
            enrol(world.unit(), [Starting(twin, 600_000)], 202610)
    return person


def applied(world, code, number, channel):
    """Submit an example; returns the case number, or None if the rules refused it at once."""
    found = item(code)
    example = found.examples[number]
    if found.applicant is ApplicantKind.UNIT:
        unit = unit_with(world, example.facts)
        applicant = Applicant.of_unit(unit, f"Unit {unit}", GUANGZHOU)
        by = Actor("unit", 900 + unit, unit_id=unit)
    else:
        person = person_with(world, example.facts)
        applicant = Applicant.of_person(person, f"P{person}", GUANGZHOU)
        by = Actor("person", person)
    if channel in (Channel.COUNTER, Channel.KIOSK, Channel.API):
        by = officer("levy.clerk")
    papers = {paper.name: Paper() for paper in found.materials if paper.required and not paper.fetched_from}
    try:
        return submit(Application(code, applicant, dict(example.answers), channel, "k", papers), by).case_no
    except CaseError:
        return None


@pytest.mark.parametrize(("code", "number", "channel"), RUNS)
def test_an_example_ends_as_it_says(world, code, number, channel):
    example = item(code).examples[number]
    with at(date(2026, 12, 2)):
        case_no = applied(world, code, number, channel)
        if case_no is None:
            assert example.expect == "refused"
            return
        reader = officer("levy.clerk")
        if case_view(case_no, by=reader).state == State.SUBMITTED:
            decide(case_no, example.expect, reader, example)
        state = case_view(case_no, by=reader).state
    assert state in ((State.REFUSED,) if example.expect == "refused" else (State.GRANTED, State.DELIVERED))


def decide(case_no, expect, clerk, example=None):
    """Acceptance by the clerk, decision by another officer, who types marked fields again."""
    recorded = dict(example.recorded) if example else {}
    advance(case_no, clerk, data=recorded.get(case_view(case_no, by=clerk).current.key))
    reviewer = officer("levy.reviewer")
    if example and any(step.reenter for step in item(case_view(case_no, by=clerk).item_code).steps):
        with suppress(CaseError):  # a condition may not ask for it; if it does, the decision is refused without
            reenter(case_no, reviewer, dict(example.answers))
    if expect == "refused":
        refuse(case_no, reviewer)
    else:
        advance(case_no, reviewer)


def test_registration_opens_the_relation_and_tells_the_tax_office(world):
    with at(date(2026, 12, 2)):
        case_no = applied(world, "SI-101", 0, Channel.EMPLOYER)
        decide(case_no, "granted", officer("levy.clerk"))
    registration = UnitRegistration.objects.get()
    assert registration.case_no == case_no
    assert registration.schemes == [110, 210, 310, 410, 510]


def decided_change(unit, answers, typed):
    """SI-102 applied for by a unit and decided by a second officer, who types the marked fields again; its number."""
    applicant, by = Applicant.of_unit(unit, f"Unit {unit}", GUANGZHOU), Actor("unit", 900 + unit, unit_id=unit)
    with at(date(2026, 12, 2)):
        case_no = submit(Application("SI-102", applicant, answers, Channel.EMPLOYER, "change"), by).case_no
        advance(case_no, officer("levy.clerk"))
        reviewer = officer("levy.reviewer")
        reenter(case_no, reviewer, typed)
        advance(case_no, reviewer)
    return case_no


def test_a_changed_name_is_on_record_kept_with_what_stood_before_and_told_to_the_tax_office(world, monkeypatch):
    files = []
    monkeypatch.setattr(sending, "send", lambda *_given, file, **_named: files.append(json.loads(file)))
    given = {"name": "广州示例新材料有限公司", "legal_person": "示例甲", "address": "广州市天河区示例路8号"}
    unit = unit_with(world, {"registered": True})
    before = registered_unit(unit).name
    case_no = decided_change(unit, given, {"name": given["name"]})
    found = registered_unit(unit)
    assert {name: getattr(found, name) for name in given} == given
    changes = case_view(case_no, by=officer("levy.clerk")).decision.result["changes"]
    assert [(row["field"], row["after"]) for row in changes] == list(given.items())
    assert changes[0]["before"] == before
    assert [(change.before or {}).get("name") for change in changes_of_unit(unit) if change.op == "U"] == [before]
    assert [row["action"] for row in files] == ["change"]
    assert {name: files[0][name] for name in given} == given


def test_a_name_typed_differently_by_the_second_officer_does_not_go_through(world):
    unit = unit_with(world, {"registered": True})
    with pytest.raises(CaseError):
        decided_change(unit, {"name": "广州示例新材料有限公司"}, {"name": "广州示例新村料有限公司"})
    assert registered_unit(unit).name == f"Unit {world.made}"


def test_a_change_to_what_is_on_record_already_is_refused(world):
    unit = unit_with(world, {"registered": True})
    grounds = [str(row.sentence) for row in item("SI-102").refusals(
        Applicant.of_unit(unit, "U", GUANGZHOU), {"name": registered_unit(unit).name}
    )]  # fmt: skip
    assert grounds == ["All of this is on record already; there is nothing to change."]


def test_added_staff_is_on_the_list_and_enrolled(world):
    with at(date(2026, 12, 2)):
        applied(world, "SI-103", 0, Channel.EMPLOYER)
    unit = UnitRegistration.objects.get().unit_id
    staff = staff_of(unit, 202612)
    assert {row.wage_fen for row in staff} == {650_000, 900_000}
    assert relations_of(staff[0].person_id)[0].from_month == 202612
    assert staff_of(unit, 202611) == []


def test_the_declared_wage_counts_from_its_month(world):
    with at(date(2026, 12, 2)):
        applied(world, "SI-201", 1, Channel.EMPLOYER)
    declaration = Declaration.objects.get()
    assert declaration.row_count == 1
    assert staff_of(declaration.unit_id, 202612)[0].wage_fen == 700_000


def test_a_refund_is_sent_to_the_tax_office(world):
    with at(date(2026, 12, 2)):
        case_no = applied(world, "SI-2022", 0, Channel.COUNTER)
        decide(case_no, "granted", officer("levy.clerk"))
    refund = Refund.objects.get()
    assert (refund.employer_fen, refund.worker_fen, refund.state) == (96_000, 48_000, "ordered")


def test_an_ended_deferral_is_over_and_the_unit_sees_it(world):
    number = "4401062026110200000001"
    unit = unit_with(world, {"deferred": number})
    ask = Ask(unit, None, Face.EMPLOYER, date(2026, 11, 20))
    assert [row[-1].text for row in unit_deferrals(ask).rows] == ["Runs"]
    end_deferral(unit, number, date(2026, 11, 20), reason="missed")
    assert [(row[0], row[-1].text) for row in unit_deferrals(ask).rows] == [(number, "Ended")]
    with pytest.raises(LevyRefused):
        end_deferral(unit, number, date(2026, 11, 21), reason="missed")
