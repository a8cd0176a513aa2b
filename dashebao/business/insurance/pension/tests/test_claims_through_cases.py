"""Claims through cases: portal or counter, three officers, effect, first payment."""

from datetime import date

import pytest

from dashebao.business.fund.api import lines_of
from dashebao.business.insurance.common.api import benefits_of
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.models import Award, RetirementCategory
from dashebao.business.insurance.pension.tests.world import credit, make_person, open_fund, steady_career
from dashebao.kernel.cases.api import Application, advance, assessment, at, case_view, refuse, submit
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.records.api import SYSTEM, Actor, acting

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def officers():
    return officer("pension.clerk"), officer("pension.assessor"), officer("pension.approver")


def insured(name, birth_on, sex="1", years=26):
    with acting(SYSTEM, why="test"):
        open_fund()
        human = make_person(name, birth_on, sex)
        steady_career(human, 2026 - years, years)
        credit(human, 202512, worker_principal=6_000_000, worker_interest=2_000_000)
    return human


def claim(human, **answers):
    given = {"retire_month": "2026-10", "category": "", "evidence": ""} | answers
    applicant = Applicant.of_person(human.id, human.name, human.region_code)
    with at(TODAY):
        return submit(Application("SI-401", applicant, given, Channel.PORTAL, "k1"), Actor("person", human.id)).case_no


def test_a_portal_claim_goes_through_three_officers_to_the_first_payment(officers):
    human = insured("韦岭光", date(1966, 4, 10))
    no = claim(human)
    with at(TODAY):
        seen = assessment(no)
        assert not seen.refusals
        assert all(check.ok for check in seen.checks), [c for c in seen.checks if not c.ok]
        assert seen.trace["results"]["total"]
        for user in officers:
            advance(no, user, "同意")
    with acting(SYSTEM, why="test"):
        award = Award.objects.get(person_id=human.id)
        assert award.case_no == no
        activate(202611, 1, 10**9)
        entitle(202611, 1, 10**9)
        [line] = lines_of(human.id)
        assert line.amount_fen == award.monthly_fen
        assert case_view(no, officers[0]).decision.outcome == "granted"


def test_a_woman_states_her_post_and_the_category_is_kept_with_its_evidence(officers):
    human = insured("苏禾清", date(1976, 3, 5), sex="2")
    no = claim(human, retire_month="2026-10", category="F50", evidence="劳动合同岗位：操作工")
    with at(TODAY):
        for user in officers:
            advance(no, user, "同意")
    with acting(SYSTEM, why="test"):
        decided = RetirementCategory.objects.get(person_id=human.id)
        assert (decided.category, decided.evidence, decided.case_no) == ("F50", "劳动合同岗位：操作工", no)
        assert benefits_of(human.id)[0].start_month == 202611


def test_a_claim_without_enough_years_is_refused_with_the_article(officers):
    human = insured("卢望江", date(1966, 4, 10), years=9)
    no = claim(human)
    clerk, assessor, approver = officers
    with at(TODAY):
        advance(no, clerk, "受理")
        advance(no, assessor, "不足")
        refuse(no, approver, "缴费年限不足")
        view = case_view(no, approver)
    assert view.state == "refused"
    with acting(SYSTEM, why="test"):
        assert not Award.objects.filter(person_id=human.id).exists()
