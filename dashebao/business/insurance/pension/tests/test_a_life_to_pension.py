"""A life from contributions to pension: claim, award, run, payment line, account drawn."""

from datetime import date

import pytest

from dashebao.business.fund.api import lines_of
from dashebao.business.insurance.common.api import balances_of, benefits_of
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.actions import Claim, PensionError, award_pension
from dashebao.business.insurance.pension.models import Award
from dashebao.business.insurance.pension.queries import explained
from dashebao.business.insurance.pension.sheet import replayed
from dashebao.business.insurance.pension.tests.world import credit, make_person, open_fund, steady_career
from dashebao.kernel.records.api import SYSTEM, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    with acting(SYSTEM, why="test"):
        open_fund()
        human = make_person("韦岭光", date(1966, 4, 10))
        steady_career(human, 2000, 26)
        credit(human, 202512, worker_principal=6_000_000, worker_interest=2_000_000, employer_principal=300_000)
        yield human


def test_a_claim_becomes_an_award_a_benefit_and_a_payment_line(worker):
    award = Award.objects.get(pk=award_pension(Claim(worker.id, 202610, "M60", date(2026, 10, 20)), by=SYSTEM))
    assert award.start_month == 202611
    assert award.paid_months == 312
    assert award.variant == "guangdong"
    assert award.monthly_fen > 100_000
    [benefit] = benefits_of(worker.id)
    assert (benefit.state, benefit.monthly_fen) == ("granted", award.monthly_fen)
    before = balances_of(worker.id, worker.region_code)
    assert activate(202611, 1, 10**9) == (1, 0)
    done = entitle(202611, 1, 10**9)
    assert (done.lines, done.amount_fen) == (1, award.monthly_fen)
    [line] = lines_of(worker.id)
    assert (line.month, line.amount_fen, line.benefit_kind) == (202611, award.monthly_fen, "pension")
    after = balances_of(worker.id, worker.region_code)
    assert before.total - after.total == done.from_accounts_fen == benefit.account_fen
    assert after.employer_principal < before.employer_principal
    assert after.worker == before.worker


def test_the_award_keeps_every_line_and_can_be_replayed(worker):
    award = Award.objects.get(pk=award_pension(Claim(worker.id, 202610, "M60", date(2026, 10, 20)), by=SYSTEM))
    traces = explained(award)
    assert {trace["formula"] for trace in traces} >= {"pension.average_index", "pension.award_guangdong"}
    assert all(replayed(traces))


def test_late_claims_get_their_arrears_with_the_first_payment(worker):
    award_pension(Claim(worker.id, 202606, "M60", date(2026, 11, 20)), by=SYSTEM)
    activate(202612, 1, 10**9)
    assert entitle(202612, 1, 10**9).lines == 6
    assert sorted(line.month for line in lines_of(worker.id)) == [202607, 202608, 202609, 202610, 202611, 202612]
    assert entitle(202701, 1, 10**9).lines == 1


def test_a_second_award_is_refused(worker):
    award_pension(Claim(worker.id, 202610, "M60", date(2026, 10, 20)), by=SYSTEM)
    with pytest.raises(PensionError):
        award_pension(Claim(worker.id, 202610, "M60", date(2026, 10, 21)), by=SYSTEM)


def test_retirement_outside_the_window_is_refused(worker):
    with pytest.raises(PensionError, match="2026-04"):
        award_pension(Claim(worker.id, 202601, "M60", date(2026, 1, 20)), by=SYSTEM)
