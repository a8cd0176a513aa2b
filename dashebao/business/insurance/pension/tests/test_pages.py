"""The pages open for those who may see them and show the figures."""

from datetime import date

import pytest
from django.test import Client

from dashebao.business.insurance.pension.actions import Claim, award_pension
from dashebao.business.insurance.pension.estimate import estimate
from dashebao.business.insurance.pension.models import Award
from dashebao.business.insurance.pension.tests.world import credit, make_person, open_fund, steady_career
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import SYSTEM, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def human():
    with acting(SYSTEM, why="test"):
        open_fund()
        someone = make_person("韦岭光", date(1970, 3, 10))
        steady_career(someone, 2000, 26)
        credit(someone, 202512, worker_principal=6_000_000, worker_interest=2_000_000)
        return someone


def citizen(someone):
    with acting(SYSTEM, why="test"):
        user = User(username="citizen", kind="citizen", name=someone.name, person_id=someone.id)
        user.set_unusable_password()
        user.save()
    return user


def test_later_retirement_gives_more_and_the_window_is_the_laws(human):
    with acting(SYSTEM, why="test"):
        found = estimate(human.id, date(2026, 11, 20))
    months = [row.retire_month for row in found.choices]
    assert (months[0], months[-1]) == (203003, 203407)
    assert next(row.retire_month for row in found.choices if row.kind == "statutory") == 203107
    amounts = [row.sheet.monthly_fen for row in found.choices]
    assert amounts == sorted(amounts)
    assert found.choices[0].sheet.total_months == 312 + 40


@pytest.mark.parametrize("path", ["pension/statement/", "pension/estimate/", "pension/award/"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_citizen_sees_statement_estimate_and_sheet(human, path, language):
    client = Client(headers={"accept-language": language})
    client.force_login(citizen(human))
    answer = client.get(f"/my/{path}")
    assert answer.status_code == 200, answer.content[:500]


def test_the_award_sheet_shows_every_line_with_its_law(human):
    with acting(SYSTEM, why="test"):
        award_pension(Claim(human.id, 203107, "M60", date(2031, 7, 20)), by=SYSTEM)
        award = Award.objects.get()
    client = Client()
    client.force_login(officer("pension.assessor"))
    text = client.get(f"/counter/pension/award/{award.pk}/").content.decode()
    assert "国发〔2005〕38号" in text or "完善企业职工基本养老保险制度" in text
    assert f"{award.monthly_fen // 100 % 1000:03d}" in text


def test_officers_without_the_role_are_kept_out(human):
    client = Client()
    client.force_login(officer("levy.clerk"))
    assert client.get("/counter/pension/overpayments/").status_code in (403, 404)
