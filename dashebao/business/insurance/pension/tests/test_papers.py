"""Award sheet and statement of rights on paper."""

from datetime import date

import pytest

from dashebao.business.insurance.pension.actions import Claim, award_pension
from dashebao.business.insurance.pension.models import Award
from dashebao.business.insurance.pension.tests.world import credit, make_person, open_fund, steady_career
from dashebao.kernel.cases.api import at
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.tests.scene import make_user
from dashebao.platform.service_centre.papers.api import NothingToPrint, NotYours, Wanted, issue, paper_kind
from dashebao.platform.service_centre.papers.tests.reading import text_of

pytestmark = pytest.mark.django_db
TODAY = date(2031, 8, 20)


@pytest.fixture
def human(settings, tmp_path):
    settings.DATA = tmp_path
    with acting(SYSTEM, why="test"):
        open_fund()
        someone = make_person("欧阳䶮", date(1970, 3, 10))
        steady_career(someone, 2000, 26)
        credit(someone, 202512, worker_principal=6_000_000, worker_interest=2_000_000)
        return someone


@pytest.fixture
def citizen(human):
    return make_user("me", "citizen", name=human.name, person_id=human.id)


def printed(code, by, language="zh", **wanted):
    with at(TODAY):
        paper = issue(paper_kind(code), Wanted(on=TODAY, **wanted), language=language, by=by)
    return text_of(bytes(paper.pdf))


def test_the_award_sheet_prints_every_line_with_its_law(human, citizen):
    with pytest.raises(NothingToPrint):
        printed("pension.award", citizen, subject_id=human.id)
    with acting(SYSTEM, why="test"):
        award_pension(Claim(human.id, 203107, "M60", date(2031, 7, 20)), by=SYSTEM)
        award = Award.objects.get()
    text = printed("pension.award", citizen, subject_id=human.id, source=str(award.pk))
    yuan = format_yuan(award.monthly_fen)
    for words in ("基本养老金核定表", "欧阳䶮", "基础养老金", "平均缴费", "2031-08", "2005〕38号", yuan.split(".")[1]):
        assert words in text, (words, text)
    assert "Pensionawardsheet" in printed("pension.award", citizen, "en", subject_id=human.id)


def test_the_statement_of_rights_shows_the_year_and_the_account(human, citizen):
    text = printed("pension.statement", citizen, subject_id=human.id, answers={"year": 2025})
    for words in ("社会保险个人权益记录单", "60,000.00", "20,000.00", "80,000.00"):
        assert words in text, (words, text)


def test_papers_of_another_person_or_another_region_are_refused(human):
    with acting(SYSTEM, why="test"):
        award_pension(Claim(human.id, 203107, "M60", date(2031, 7, 20)), by=SYSTEM)
        award = Award.objects.get()
        other = make_person("王二", date(1980, 1, 1))
    stranger = make_user("other", "citizen", name=other.name, person_id=other.id)
    for subject in (other.id, human.id):
        with pytest.raises(NotYours):
            printed("pension.award", stranger, subject_id=subject, source=str(award.pk))
    away = officer("pension.clerk", region="440300", level="city")
    with pytest.raises(NotYours):
        printed("pension.award", away, subject_id=human.id, source=str(award.pk))
    near = officer("pension.clerk", region=human.region_code)
    assert "核定表" in printed("pension.award", near, subject_id=human.id, source=str(award.pk))
