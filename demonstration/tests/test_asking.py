"""What the demonstration's people ask for, when the month is killed in the midst of it."""

from dataclasses import replace
from datetime import date

import pytest

from dashebao.business.fund.api import FundSetup, set_up_fund
from dashebao.business.fund.tests.conftest import public_key
from dashebao.business.insurance.pension.tests.world import make_person
from dashebao.business.insurance.residents.loading import MemberColumns, load_members
from dashebao.business.insurance.residents.models import YearAssessment
from dashebao.kernel.cases.api import take, team_tasks
from dashebao.kernel.cases.models import Case
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.asking import Wish, hand_in
from demonstration.deciding import decide_claims, wait_for_decisions
from demonstration.officers import KEY

ITEM, YEAR = "SI-1048", 2026
THIS_YEAR = {"for_year": YEAR, "tier": "500"}


@pytest.fixture
def robots(db, monkeypatch):
    """The officers who decide, by role."""
    found = {role: officer(role) for role in ("pension.clerk", "pension.assessor", "pension.approver")}
    monkeypatch.setattr("demonstration.deciding.ROBOTS", {role: user.username for role, user in found.items()})
    return found


@pytest.fixture
def wishes(robots):
    """Two members of the residents' scheme, at the counter."""
    with acting(SYSTEM, why="test"):
        for partner in ("tax", "finance", "bank"):
            register_partner(partner, partner, public_key())
        set_up_fund(FundSetup("170", "440106", 202610, 50_000_000))
        people = [make_person(name, date(1980, 1, 10), sequence=n) for n, name in enumerate(("蓝秋田", "韦岭光"), 1)]
        ids, regions = [one.id for one in people], [one.region_code for one in people]
        load_members(MemberColumns(ids, regions, [date(2017, 1, 1)] * 2, [50_000] * 2))
    clerk = actor_of(robots["pension.clerk"])
    return [Wish(ITEM, one.id, one.name, one.region_code, THIS_YEAR, clerk) for one in people]


def stand():
    with acting(SYSTEM, why="test"):
        return Case.objects.filter(key__startswith=f"{KEY}{ITEM}-{YEAR}-").count()


def killed_after(wishes):
    yield from wishes
    raise KeyboardInterrupt


def test_all_ask_or_none_and_only_once(wishes):
    with pytest.raises(KeyboardInterrupt):
        hand_in(ITEM, YEAR, killed_after(wishes[:1]))
    assert stand() == 0
    assert hand_in(ITEM, YEAR, iter(wishes)) == 2
    assert hand_in(ITEM, YEAR, iter(wishes)) == 0
    assert stand() == 2


def test_who_may_not_is_told_and_the_others_stand(wishes, capsys):
    elsewhere = replace(wishes[0], clerk=actor_of(officer("levy.clerk", region="440305")))
    assert hand_in(ITEM, YEAR, [elsewhere, wishes[1]]) == 1
    assert capsys.readouterr().out.startswith(f"  {wishes[0].name}: ")


def test_officers_go_on_with_what_they_had_taken(wishes, robots, monkeypatch):
    monkeypatch.setattr("demonstration.deciding.PATIENCE_SECONDS", 0)
    monkeypatch.setattr("demonstration.deciding.POLL_SECONDS", 0)
    hand_in(ITEM, YEAR, wishes)
    clerk: User = robots["pension.clerk"]
    with acting(actor_of(clerk), "test"):
        first = team_tasks(clerk)[0]
    take(first.case_no, clerk)  # and then the month is killed
    assert not wait_for_decisions(KEY)
    while decide_claims(KEY):
        continue
    assert wait_for_decisions(KEY)
    with acting(SYSTEM, why="test"):
        assert YearAssessment.objects.count() == 2
