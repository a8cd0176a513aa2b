"""The service items with the web process's own database login: row-level security and rights apply to every statement."""

from datetime import date

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dashebao.business.levy.api import Starting, enrol, open_month, staff_of
from dashebao.business.levy.models import BackPayment, Enrolment
from dashebao.business.levy.tests.conftest import GUANGZHOU, World
from dashebao.business.levy.tests.test_items import human
from dashebao.kernel.cases.api import Application, advance, at, submit
from dashebao.kernel.cases.tests.conftest import signed_in_as
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, Channel, item
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.records.api import SYSTEM, Actor, acting

DAY = date(2026, 12, 2)


@pytest.fixture
def prepared(transactional_db, settings, tmp_path):
    """A unit with one worker, the officers, and from then on the web login."""
    settings.DATA = tmp_path
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    with acting(SYSTEM, "test"):
        register_partner("tax", "税务局", pem)
        unit = World().unit()
        person = human("440101199003070018")
        enrol(unit, [Starting(person, 600_000)], 202610)
        human("440305197604120022")
    officers = officer("levy.clerk"), officer("levy.reviewer")
    with signed_in_as("dashebao_web"):
        yield unit, officers


def apply(code, unit, by, channel, **answers):
    """Hand an application of a unit in."""
    applicant = Applicant.of_unit(unit, "Unit 1", GUANGZHOU)
    given = dict(item(code).examples[0].answers) | answers
    return submit(Application(code, applicant, given, channel, f"key {code}"), by).case_no


def test_a_unit_adds_staff_and_declares_at_its_portal(prepared):
    unit, _officers = prepared
    operator = Actor("unit", 77, unit_id=unit)
    rows = [{"id_number": "440305197604120022", "name": "李示例", "wage_fen": "9000"}]
    with at(DAY):
        apply("SI-103", unit, operator, Channel.EMPLOYER, rows=rows)
        apply("SI-201", unit, operator, Channel.EMPLOYER)
    with acting(SYSTEM):
        assert Enrolment.objects.filter(unit_id=unit).count() == 2
        assert {row.wage_fen for row in staff_of(unit, open_month(DAY))} == {600_000, 900_000}
    with acting(Actor("unit", 78, unit_id=unit + 1)):
        assert Enrolment.objects.count() == 0


def test_two_officers_grant_a_back_payment(prepared):
    unit, (clerk, reviewer) = prepared
    with at(DAY):
        case_no = apply("SI-202", unit, clerk, Channel.COUNTER)
        advance(case_no, clerk)
        advance(case_no, reviewer)
    with acting(SYSTEM):
        assert BackPayment.objects.get().case_no == case_no
