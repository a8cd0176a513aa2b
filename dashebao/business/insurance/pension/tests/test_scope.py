"""The whole claim as the web process does it: row-level security applies to every statement."""

from datetime import date

import pytest

from dashebao.business.fund.api import lines_of
from dashebao.business.insurance.common.api import balances_of
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.models import Award, DeathGrant
from dashebao.business.insurance.pension.queries import current_award
from dashebao.business.insurance.pension.tests.world import credit, make_person, open_fund, steady_career
from dashebao.kernel.cases.api import Application, advance, assessment, at, submit
from dashebao.kernel.cases.tests.conftest import signed_in_as
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.kernel.registry.api import died, id_number_of

TODAY = date(2026, 11, 20)


@pytest.fixture
def people(transactional_db):
    with acting(SYSTEM, why="test"):
        open_fund()
        human = make_person("韦岭光", date(1966, 4, 10))
        steady_career(human, 2000, 26)
        credit(human, 202512, worker_principal=6_000_000, worker_interest=2_000_000)
        heir = make_person("韦小满", date(1995, 4, 10), sex="2", sequence=2)
        number = id_number_of(human.id)
    return human, heir, number


@pytest.fixture
def officers(people):
    return officer("pension.clerk"), officer("pension.assessor"), officer("pension.approver")


def as_web(login="dashebao_web"):
    return signed_in_as(login)


def handled(no, officers):
    for user in officers:
        with acting(actor_of(user)):
            seen = assessment(no) if user is officers[0] else None
            if seen is not None:
                assert not seen.refusals, [str(r.sentence) for r in seen.refusals]
            advance(no, user, "同意")


def test_portal_claim_run_and_survivors_under_the_processes_own_logins(people, officers):
    human, heir, number = people
    applicant = Applicant.of_person(human.id, human.name, human.region_code)
    given = {"retire_month": "2026-10", "category": "", "evidence": ""}
    with as_web(), at(TODAY):
        with acting(Actor("person", human.id)):
            no = submit(
                Application("SI-401", applicant, given, Channel.PORTAL, "k1"), Actor("person", human.id)
            ).case_no
        handled(no, officers)
    with as_web("dashebao_worker"), acting(SYSTEM, why="month"):
        assert activate(202611, 1, 10**9) == (1, 0)
        assert entitle(202611, 1, 10**9).lines == 1
        died(human.id, date(2026, 11, 12))
    with as_web(), at(TODAY):
        inherits = Applicant.of_person(heir.id, heir.name, heir.region_code)
        with acting(Actor("person", heir.id)):
            assert current_award(human.id) is None
            no = submit(
                Application("SI-402", inherits, {"deceased": number, "relation": "child"}, Channel.PORTAL, "k2"),
                Actor("person", heir.id),
            ).case_no
        handled(no, officers)
    with as_web("dashebao_worker"), acting(SYSTEM, why="month"):
        assert entitle(202612, 1, 10**9).lines == 3
        grant = DeathGrant.objects.get()
        assert grant.payee_person_id == heir.id
        assert sum(line.amount_fen for line in lines_of(human.id) if line.run_month == 202612) == (
            grant.funeral_fen + grant.survivor_fen + grant.account_fen
        )
        assert balances_of(human.id, human.region_code).total == 0
        assert Award.objects.get().case_no
