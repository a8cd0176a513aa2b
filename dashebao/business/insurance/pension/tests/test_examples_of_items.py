"""Every example of every service item of the pensions, through every open channel, from application to effect."""

from contextlib import suppress
from datetime import date

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dashebao.business.fund.api import FundSetup, LineView, lines_of, set_up_fund
from dashebao.business.insurance.common import reissue
from dashebao.business.insurance.common.api import Reclaimed, live_benefit, owe_back
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.actions import Claim, ServiceMonths, award_pension, recognise_service
from dashebao.business.insurance.pension.models import Transfer, TransferLetter
from dashebao.business.insurance.pension.tests.world import COUNTY, credit, make_person, steady_career
from dashebao.business.insurance.residents.actions import Enrolling, YearReceipt, enrol_resident, receive_year
from dashebao.kernel.cases.api import (
    Application,
    CaseError,
    Paper,
    State,
    advance,
    assessment,
    at,
    case_view,
    reenter,
    refuse,
    submit,
)
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, Channel, item, items
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.kernel.registry.api import id_number_of

TODAY = date(2026, 11, 20)
ROLES = ("pension.clerk", "pension.assessor", "pension.approver")
MINE = [
    found
    for found in items()
    if type(found).__module__.startswith("dashebao.business.insurance") and found.code != "SI-402"
]
RUNS = [
    pytest.param(found.code, number, channel, id=f"{found.code} {example.title} {channel.name}")
    for found in MINE
    for number, example in enumerate(found.examples)
    for channel in Channel
    if channel in found.channels and (number == 0 or channel is Channel.COUNTER)
]


@pytest.fixture
def province(db, settings, tmp_path):
    """Funds with money and the partners' addresses."""
    settings.DATA = tmp_path
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    with acting(SYSTEM, why="test"):
        for code in ("bank", "finance", "tax", "transfer_platform"):
            register_partner(code, code, pem)
        for scheme, place in (("110", "440000"), ("170", "440100")):
            set_up_fund(FundSetup(scheme, place, 202610, 900_000_000))


def given(facts, monkeypatch):
    """A person as an example's facts want it."""
    pension = facts.get("pension") or "debt" in facts or "failed_payments" in facts
    born = date.fromisoformat(facts.get("birth_on", "1966-04-10" if pension else "1990-04-10"))
    human = make_person("韦岭光", born, facts.get("sex", "1"))
    years = facts.get("paid_years", 26 if pension else 9 if facts.get("questioned") else 0)
    if years:
        steady_career(human, 2026 - years, years)
        credit(human, 202512, worker_principal=4_000_000, worker_interest=500_000)
    if "resident_years" in facts:
        enrol_resident(Enrolling(human.id, date(2010, 1, 1), 50_000), by=SYSTEM)
        for number in range(facts["resident_years"]):
            receive_year(YearReceipt(human.id, 2025 - number, 50_000, TODAY, f"R{number}"), by=SYSTEM)
    if pension:
        pensioner(human, facts, monkeypatch)
    if facts.get("questioned"):
        Transfer.objects.create(
            person_id=human.id, region_code=COUNTY, direction="out", other_region="430000", state="questioned",
            requested_on=TODAY, letter=letter(human), pool_fen=1,
        )  # fmt: skip
    return human


def letter(human):
    return TransferLetter.objects.create(
        number="43L1", person_id=human.id, region_code=COUNTY, from_region="440000", to_region="430000", office="湖南",
        bank_code="103", account_number="994300000001", account_name="湖南基金", issued_on=TODAY, message_key="Z02:43L1",
    )  # fmt: skip


def pensioner(human, facts, monkeypatch):
    """A pension that was paid for two months, with what an example wants to have gone wrong."""
    award_pension(Claim(human.id, 202608, "M60", date(2026, 8, 20)), by=SYSTEM)
    for month in (202609, 202610):
        activate(month, 1, 10**9)
        entitle(month, 1, 10**9)
    benefit = live_benefit(human.id)
    if "debt" in facts:
        owe_back(Reclaimed(benefit.id, 202609, 202610, facts["debt"]), by=SYSTEM)
    if "deemed_later" in facts:
        months = facts["deemed_later"]
        recognise_service(ServiceMonths(human.id, "service", 199001, 199412, months, 12_000, "档案"), by=SYSTEM)
    if "failed_payments" in facts:
        failed = [
            LineView(**(vars(line) | {"state": "failed", "attempt": 2, "reason": "AC04"}))
            for line in lines_of(human.id)
        ]
        monkeypatch.setattr(reissue, "lines_of", lambda person_id: failed if person_id == human.id else [])


def applied(found, example, channel, human):
    """Submit an example; None if the rules refused it at once."""
    applicant = Applicant.of_person(human.id, human.name, human.region_code)
    outside = channel in (Channel.COUNTER, Channel.KIOSK, Channel.API)
    by = officer("pension.clerk") if outside else Actor("person", human.id)
    papers = {paper.name: Paper() for paper in found.materials if paper.required and not paper.fetched_from}
    answers = dict(example.answers)
    if "deceased" in answers:
        answers["deceased"] = answers["deceased"] or id_number_of(human.id)
    try:
        return submit(Application(found.code, applicant, answers, channel, "k", papers), by).case_no
    except CaseError:
        return None


def decide(case_no, found, example):
    """One officer a step; whoever decides grants or refuses."""
    while (view := case_view(case_no, officer(ROLES[0]))).state in (State.SUBMITTED, State.ACCEPTED):
        user, step = officer(view.current.role), next(s for s in found.steps if s.name == view.current.key)
        if step.reenter:
            with suppress(CaseError):  # a condition may not ask for it; if it does, the step cannot go on without
                reenter(case_no, user, dict(example.answers))
        if view.current.kind != "decide":
            advance(case_no, user, "同意")
            continue
        grounds = [str(row.sentence) for row in assessment(case_no).refusals]
        assert bool(grounds) is (example.expect == "refused"), grounds
        if grounds:
            refuse(case_no, user, "不符合条件")
        else:
            advance(case_no, user, "同意")


@pytest.mark.parametrize(("code", "number", "channel"), RUNS)
def test_an_example_ends_as_it_says(province, monkeypatch, code, number, channel):
    found = item(code)
    example = found.examples[number]
    with acting(SYSTEM, why="test"):
        human = given(example.facts, monkeypatch)
    with at(TODAY):
        case_no = applied(found, example, channel, human)
        if case_no is None:
            assert example.expect == "refused"
            return
        reader = officer(ROLES[0])
        decide(case_no, found, example)
        state = case_view(case_no, reader).state
    assert state in ((State.REFUSED,) if example.expect == "refused" else (State.GRANTED, State.DELIVERED))
