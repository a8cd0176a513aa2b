"""Every service item open to programs: handed in over HTTP as its example says, driven to its result, read over HTTP."""

from datetime import date

import pytest

from dashebao.business.insurance.pension.tests import test_examples_of_items as pensions
from dashebao.business.insurance.pension.tests.test_examples_of_items import province  # noqa: F401  a fixture
from dashebao.business.levy.tests import test_items as levies
from dashebao.business.levy.tests.conftest import world as levy_world  # noqa: F401  a fixture
from dashebao.kernel.cases.api import State, advance, at, case_view
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import ApplicantKind, Channel, item, items_for
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import Person, id_number_of, unit
from dashebao.platform.service_centre.open_api.api import ClientEntry, create_client, issue_key
from dashebao.platform.service_centre.open_api.examples import sample_body
from dashebao.platform.service_centre.open_api.scopes import open_items, submit_scope
from dashebao.platform.service_centre.open_api.tests.conftest import Program

OPEN = open_items()
LEVY = [one.code for one in OPEN if type(one).__module__.startswith("dashebao.business.levy")]
PENSION = [one.code for one in pensions.MINE if Channel.API in one.channels]


def example_of(found):
    return next(example for example in found.examples if example.expect == "granted")


def program(found, **place) -> Program:
    """A client that may hand this item in and see its cases, and nothing else."""
    entry = ClientEntry(
        name="program", owner="somebody", purpose="test", scopes=[submit_scope(found), "cases.read"],
        calls_per_minute=6000, **place,
    )  # fmt: skip
    with acting(SYSTEM, "test"):
        client = create_client(entry)
        key, text = issue_key(client, "form")
    return Program(client, key, text)


def handed_in(found, caller, body) -> str:
    """Send it twice; one case, one answer."""
    path = f"items/{found.code}/cases"
    made = caller.post(path, body, once="once")
    assert made.status_code == 201, made.content.decode()
    assert caller.post(path, body, once="once").content == made.content
    assert len(caller.get("cases").json()["items"]) == 1
    return made.json()["case_no"]


def driven(found, caller, number) -> None:
    """Officers of each step act until it is decided; the program reads how it went."""
    reader = officer("levy.clerk", "pension.clerk")
    while (view := case_view(number, reader)).state in (State.SUBMITTED, State.ACCEPTED):
        step = found.step(view.current.key)
        again = {one.field: view.raw_answers.get(one.field) for one in step.again}
        if again:
            pytest.skip("fields typed again belong to the counter's own test")
        advance(number, officer(view.current.role, level=step.level or "county"), "ok")
    result = caller.get(f"cases/{number}/result").json()
    assert result["outcome"] == "granted"
    assert {"receipt", "grant"} <= {letter["kind"] for letter in result["letters"]}
    assert caller.get(f"cases/{number}").json()["state"] in ("granted", "delivered")


def test_every_item_with_the_channel_is_offered_and_tried_here():
    assert {one.code for one in OPEN} == {one.code for one in items_for(Channel.API)}
    assert {one.code for one in OPEN} - {"SI-402"} <= set(LEVY) | set(PENSION)  # SI-402 has its own journey


@pytest.mark.parametrize("code", LEVY)
def test_an_item_of_the_levy_comes_to_its_result(levy_world, code):  # noqa: F811
    found = item(code)
    example = example_of(found)
    body = sample_body(found, example)
    with at(date(2026, 12, 2)):
        if found.applicant is ApplicantKind.UNIT:
            firm = levies.unit_with(levy_world, example.facts)
            caller = program(found, unit_id=unit(firm).pk)
        else:
            human = Person.objects.get(pk=levies.person_with(levy_world, example.facts))
            body["applicant"] = {"id_number": id_number_of(human.pk), "name": human.name}
            caller = program(found, regions=(human.region_code,))
        driven(found, caller, handed_in(found, caller, body))


@pytest.mark.parametrize("code", PENSION)
@pytest.mark.usefixtures("province")
def test_an_item_of_the_pensions_comes_to_its_result(code, monkeypatch):
    found = item(code)
    example = example_of(found)
    body = sample_body(found, example)
    with at(pensions.TODAY):
        with acting(SYSTEM, "test"):
            human = pensions.given(example.facts, monkeypatch)
        body["applicant"] = {"id_number": id_number_of(human.pk), "name": human.name}
        caller = program(found, regions=(human.region_code,))
        driven(found, caller, handed_in(found, caller, body))
