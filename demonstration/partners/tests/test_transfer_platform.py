"""Relations move between provinces: the product and the other provinces' simulator over the real exchange."""

import json
from datetime import date

import pytest

from dashebao.business.fund.api import (
    FundSetup,
    books,
    lines_of,
    make_batches,
    request_funds,
    send_batches,
    set_up_fund,
    sign_batches,
)
from dashebao.business.fund.models import PaymentBatch
from dashebao.business.insurance.common.api import balances_of
from dashebao.business.insurance.common.monthly import entitle
from dashebao.business.insurance.pension.models import OutsideYear, Transfer, TransferMoney, TransferStep
from dashebao.business.insurance.pension.queries import career_of
from dashebao.business.insurance.pension.tests.world import credit, make_person, pay_years, steady_career
from dashebao.kernel.cases.api import Application, advance, assessment, at, submit
from dashebao.kernel.cases.models import Case
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.exchange.api import register_partner, status, turn
from dashebao.kernel.exchange.models import InboxResult
from dashebao.kernel.ledger.api import trial_balance
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import id_number_of
from demonstration.partners.bank import Bank
from demonstration.partners.finance import Finance
from demonstration.partners.introduction import introduce
from demonstration.partners.mailbox import transaction
from demonstration.partners.tax_office import TaxOffice
from demonstration.partners.transfer_platform import TransferPlatform, Wishes

TODAY = date(2026, 11, 20)
MONTH = 202611
KIND = Wishes(unknown=0, questioned=0, wrong_sum=0, short_money=0)
ALWAYS = 1_000_000
HUNAN = {"other_region": "430000", "home_region": "430000"}
TO_US = {"other_region": "430000", "home_region": "440000"}


class Wire:
    """The product with its four partners on one data folder."""

    def __init__(self, data, wishes):
        self.provinces = TransferPlatform(data, wishes=wishes)
        self.partners = [TaxOffice(data), Finance(data), Bank(data), self.provinces]

    def run(self):
        for _ in range(5):
            turn()
            for partner in self.partners:
                partner.turn()
        turn()


@pytest.fixture
def wire(db, settings, tmp_path):
    settings.DATA = tmp_path

    def build(**wishes):
        with acting(SYSTEM, why="test"):
            for code, title, key in introduce(tmp_path):
                register_partner(code, title, key)
            set_up_fund(FundSetup("110", "440000", 202610, 900_000_000_00))
        found = Wire(tmp_path, Wishes(**(vars(KIND) | wishes)))
        found.run()
        return found

    return build


@pytest.fixture
def officers():
    return officer("pension.clerk"), officer("pension.assessor"), officer("pension.approver")


def worker(birth_on=date(1990, 4, 10), years=9):
    with acting(SYSTEM, why="test"):
        human = make_person("韦岭光", birth_on)
        steady_career(human, 2017, years)
        credit(human, 202512, worker_principal=4_000_000, worker_interest=500_000)
    return human


def decided(human, code, answers, officers):
    applicant = Applicant.of_person(human.id, human.name, human.region_code)
    with at(TODAY):
        no = submit(
            Application(code, applicant, answers, Channel.COUNTER, f"{code}-{len(answers)}"), officers[0]
        ).case_no
        grounds = [str(row.sentence) for row in assessment(no).refusals]
        assert grounds == []
        for user in officers:
            advance(no, user, "同意")
    return no


def the_transfer():
    with acting(SYSTEM, why="test"):
        return Transfer.objects.get()


def states():
    with acting(SYSTEM, why="test"):
        return list(TransferStep.objects.order_by("id").values_list("state", flat=True))


def pay_the_run(wire, fund="110", pool="440000"):
    """Entitle, batch, sign, fund and pay the month's run of one fund."""
    with acting(SYSTEM, why="test"):
        entitle(MONTH, 1, 10**9)
        make_batches(MONTH, fund, pool)
        batches = list(PaymentBatch.objects.values_list("pk", flat=True))
    for stage in ("maker", "checker", "approver"):
        sign_batches(stage, batches, by=officer(f"fund.{stage}", region="44"))
    with acting(SYSTEM, why="test"):
        request_funds(MONTH, fund, pool)
    wire.run()
    with acting(SYSTEM, why="test"):
        send_batches(MONTH, fund, pool, 1)
    wire.run()


def all_handled():
    with acting(SYSTEM, why="test"):
        assert {row.partner: row.unhandled for row in status()}["transfer_platform"] == 0
        refused = InboxResult.objects.filter(outcome="refused").values_list("code", "text")
        return list(refused)


def test_a_relation_moves_out_from_certificate_to_receipt(wire, officers):
    there, human = wire(), worker()
    no = decided(human, "SI-3021", HUNAN, officers)
    assert (the_transfer().state, the_transfer().case_no) == ("requested", no)
    there.run()
    row = the_transfer()
    assert (row.state, row.months, row.letter.account_number[:8]) == ("sent", 108, "99430000")
    assert row.pool_fen == 9 * 12 * 600_000 * 12 // 100
    assert row.trace["place"]["results"]["places"] == ["43"]
    assert states() == ["accepted", "sent"]
    with acting(SYSTEM, why="test"):
        assert balances_of(human.id, human.region_code).total == 0
    pay_the_run(there)
    with acting(SYSTEM, why="test"):
        [line] = lines_of(human.id)
        assert (line.benefit_kind, line.amount_fen, line.state) == ("transfer", row.total_fen, "paid")
        paid_out = [r for r in trial_balance(books("110", "440100"), MONTH) if r.code == "5201"]
        assert sum(r.closing_fen for r in paid_out) == row.total_fen
    assert states() == ["accepted", "sent", "posted"]
    assert the_transfer().next_limit_on is None
    assert all_handled() == []


def test_the_other_province_asks_for_a_correction_and_gets_the_missing_year(wire, officers):
    there, human = wire(questioned=ALWAYS), worker()
    decided(human, "SI-3021", HUNAN, officers)
    there.run()
    row = the_transfer()
    assert (row.state, row.reason) == ("questioned", "Z15 缺少一个年度的缴费记录，请核对")
    with acting(SYSTEM, why="test"):
        pay_years(human, {2016: (12, 6_000_000)})
    decided(human, "SI-3023", {"finding": "补录2016年缴费"}, officers)
    pay_the_run(there)
    after = the_transfer()
    assert after.pool_fen == row.pool_fen + 720_000
    with acting(SYSTEM, why="test"):
        assert sorted(line.amount_fen for line in lines_of(human.id)) == [720_000, row.total_fen]
    assert states() == ["accepted", "sent", "questioned", "sent", "posted"]
    assert all_handled() == []


def test_a_move_the_other_province_will_not_take_is_cancelled_and_nothing_leaves(wire, officers):
    there, human = wire(unknown=ALWAYS), worker()
    decided(human, "SI-3021", HUNAN, officers)
    there.run()
    row = the_transfer()
    assert (row.state, row.reason) == ("cancelled", "N03 申请人已撤回转入申请")
    with acting(SYSTEM, why="test"):
        assert balances_of(human.id, human.region_code).total == 4_500_000


def test_a_letter_nobody_here_asked_for_becomes_a_case_and_then_goes_through(wire, officers):
    there, human = wire(), worker()
    person = {"id_number": id_number_of(human.id), "name": human.name}
    with transaction(there.provinces.db):
        there.provinces.ask_for(person, "430000", "2026-11-18")
    there.run()
    with acting(SYSTEM, why="test"):
        case = Case.objects.get()
    assert (case.item_code, case.state) == ("SI-3021", "submitted")
    with at(TODAY):
        for user in officers:
            advance(case.case_no, user, "同意")
    there.run()
    assert states() == ["accepted", "sent"]
    with transaction(there.provinces.db):
        there.provinces.ask_for(person | {"name": "别人"}, "430000", "2026-11-18")
    there.run()
    known = there.provinces.db.execute("select state from leaving order by rowid").fetchall()
    assert known == [("form",), ("refused",)]


def test_a_relation_moves_in_from_letter_to_receipt(wire, officers):
    there, human = wire(), worker(years=2)
    decided(human, "SI-3022", TO_US, officers)
    assert the_transfer().state == "accepted"
    there.run()
    row = the_transfer()
    assert row.state == "posted"
    assert states() == ["accepted", "informed", "posted"]
    with acting(SYSTEM, why="test"):
        [money] = TransferMoney.objects.all()
        assert money.amount_fen == row.total_fen
        held = balances_of(human.id, human.region_code)
        assert held.worker_principal == 4_000_000 + row.worker_fen
        assert career_of(human.id).paid_months == 24 + row.months
        income = [r for r in trial_balance(books("110", "440100"), MONTH) if r.code == "4301"]
        assert -sum(r.closing_fen for r in income) == row.total_fen
    assert there.provinces.db.execute("select state from coming").fetchall() == [("entered",)]
    assert all_handled() == []


def test_money_that_does_not_match_the_form_is_asked_for_and_entered_when_whole(wire, officers):
    there, human = wire(short_money=ALWAYS), worker(years=2)
    decided(human, "SI-3022", TO_US, officers)
    there.run()
    there.run()
    assert states() == ["accepted", "informed", "questioned", "posted"]
    with acting(SYSTEM, why="test"):
        amounts = list(TransferMoney.objects.order_by("id").values_list("amount_fen", flat=True))
        assert sum(amounts) == the_transfer().total_fen
        assert len(amounts) == 2
        assert OutsideYear.objects.filter(person_id=human.id).exists()


def test_a_wrong_form_is_sent_back_and_the_next_one_counts(wire, officers):
    there, human = wire(wrong_sum=ALWAYS), worker(years=2)
    decided(human, "SI-3022", TO_US, officers)
    there.run()
    there.run()
    assert states() == ["accepted", "questioned", "informed", "posted"]
    row = the_transfer()
    assert row.forms.get().revision == 2


def test_a_person_unknown_over_there_is_told_so(wire, officers):
    there, human = wire(unknown=ALWAYS), worker(years=2)
    decided(human, "SI-3022", TO_US, officers)
    there.run()
    assert (the_transfer().state, the_transfer().reason) == ("cancelled", "N01 无参保缴费记录")


def test_the_same_form_and_receipt_again_change_nothing(wire, officers, settings):
    there, human = wire(), worker(years=2)
    decided(human, "SI-3022", TO_US, officers)
    turn()
    there.provinces.turn()
    folder = settings.DATA / "exchange/transfer_platform/from"
    kept = {path: path.read_bytes() for path in folder.glob("0*.jws")}
    there.run()
    before = states()
    for path, content in kept.items():
        path.write_bytes(content)
    turn()
    assert states() == before == ["accepted", "informed", "posted"]
    body = json.loads(there.provinces.db.execute("select body from coming").fetchone()[0])
    with transaction(there.provinces.db):
        there.provinces._send_form(body["letter"], "")
    there.run()
    assert states() == before
    assert [code for code, _text in all_handled()] == ["Z02"]
