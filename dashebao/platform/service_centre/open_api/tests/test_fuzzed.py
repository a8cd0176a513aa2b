"""The whole description against the whole interface: no server error, no answer the description does not know."""

import time
import warnings
from dataclasses import dataclass

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks as known

from dashebao.platform.service_centre.open_api.document import document
from dashebao.platform.service_centre.open_api.interface import interface
from dashebao.platform.service_centre.open_api.tests.conftest import CREDIT_CODE, ID_NUMBER, NAME
from dashebao.site.wsgi import application

pytestmark = pytest.mark.django_db(transaction=True)
EXAMPLES = 2
SECONDS = 10  # after the first round over all operations, further ones begin only within this time
SEED = 20261122
CHECKS = [
    not_a_server_error,
    known.status_code_conformance,
    known.content_type_conformance,
    known.response_headers_conformance,
    known.response_schema_conformance,
    known.negative_data_rejection,
    known.missing_required_header,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
WHO = {"PersonApplies": {"id_number": ID_NUMBER, "name": NAME}, "UnitApplies": {"credit_code": CREDIT_CODE}}


@dataclass(frozen=True)
class Told:
    """What the fuzz knows: a good key, somebody who exists, and the seed of the round."""

    headers: dict[str, str]
    subject: str
    seed: int


def aim(case):
    """Name an applicant who exists, so that the fuzz goes beyond 404."""
    body = case.body
    if isinstance(body, dict) and isinstance(body.get("applicant"), dict):
        keys = set(body["applicant"])
        body["applicant"] = next((who for who in WHO.values() if set(who) == keys), body["applicant"])


@pytest.mark.parametrize("kind", ["partner", "unit"])
def test_nothing_breaks_and_every_answer_is_described(web_world, kind):
    program = web_world.partner() if kind == "partner" else web_world.employer()
    load_all_checks()
    schema = schemathesis.openapi.from_dict(document(interface()))
    schema.app = application
    headers = {"Authorization": f"Bearer {program.text}", "Dashebao-Region": "440106"}
    subject = reference_of(program) if kind == "partner" else "own"
    operations = [found.ok() for found in schema.get_all_operations()]
    if kind == "unit":
        operations = [one for one in operations if "/units/" in one.path or "SI-103/" in one.path]
    began, called, round_ = time.monotonic(), set(), 0
    while round_ == 0 or time.monotonic() - began < SECONDS:
        for operation in operations:
            for mode in MODES:
                called |= fuzz(operation, mode, Told(headers, subject, SEED + round_))
        round_ += 1
    assert 500 not in called
    assert called >= {200, 404, 422}


def reference_of(program):
    """The reference of a person who exists."""
    return program.post("persons/find", WHO["PersonApplies"]).json()["reference"]


def fuzz(operation, mode, told):
    """Send examples of one operation; returns the statuses answered."""
    statuses = set()
    fits = mode is GenerationMode.POSITIVE
    places = [name for name in ("person", "unit") if f"{{{name}}}" in operation.path]
    known_subject = {name: told.subject for name in places if fits and (name == "person") is (told.subject != "own")}
    strategy = operation.as_strategy(mode, path_parameters=known_subject or None, headers=told.headers)

    @seed(told.seed)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=strategy)
    def send(case):
        if fits:
            aim(case)
        response = case.call()
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        send()
    return statuses
