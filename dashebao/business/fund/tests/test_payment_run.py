"""A payment run from lines to results: batches, signatures, bank file, failures, one re-sending."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction

from dashebao.business.fund import api
from dashebao.business.fund.actions import bank, funding
from dashebao.business.fund.jobs import ApproveStep, BatchStep, PayStep, ReconcileStep, ResultsStep
from dashebao.business.fund.models import PaymentBatch, PaymentBatchLine, PaymentResult
from dashebao.business.insurance.pension.tests.world import id_number
from dashebao.kernel.batches.api import Waiting
from dashebao.kernel.exchange.api import Refused
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.registry.api import AccountEntry, PersonEntry, register_person, set_bank_account

from .conftest import COUNTY, FUND, MONTH, POOL, grant_funds, lines, sign_all


def closing(book: int, code: str, month: int = MONTH) -> int:
    return sum(row.closing_fen for row in ledger.trial_balance(book, month) if row.code == code)


def test_a_payment_line_is_entered_once(book):
    first = api.add_payment_lines(lines([1, 2, 3]))
    again = api.add_payment_lines(lines([1, 2, 3, 4]))
    assert (first.inserted, first.existed, first.amount_fen) == (3, 0, 3 * 312_345)
    assert (again.inserted, again.existed, again.amount_fen) == (1, 3, 312_345)


def test_the_same_benefit_with_another_amount_is_refused(book):
    api.add_payment_lines(lines([1]))
    with pytest.raises(api.PaymentConflict):
        api.add_payment_lines(lines([1], amount_fen=1))
    with pytest.raises(api.PaymentConflict):
        api.add_payment_lines(lines([1], payee_person_id=[2]))


def test_a_paid_batch_books_expense_and_empties_the_expenditure_account(book, sent_batch, the_bank):
    batch = sent_batch()
    assert (batch.line_count, batch.total_fen) == (10, 3_123_450)
    bank.take_answer(the_bank.answer(batch), "answer-1")
    assert (closing(book, "5001"), closing(book, "1004")) == (3_123_450, 0)
    assert closing(book, "1003") == 1_000_000_000 - 3_123_450
    assert api.run_totals(MONTH) == api.RunTotals(10, 3_123_450, 10, 10, 3_123_450, 0, 0, 0)


def test_failed_payments_are_held_and_sent_again_once(book, officers, sent_batch, the_bank):
    batch = sent_batch()
    ends = list(PaymentBatchLine.objects.filter(batch_id=batch.pk).values_list("end_to_end_id", flat=True))
    bank.take_answer(the_bank.answer(batch, ends[:2]), "answer-1")
    assert closing(book, "2001") == -2 * 312_345
    assert closing(book, "1004") == 2 * 312_345

    assert api.make_batches(MONTH, FUND, POOL, only_again=True).lines == 2
    sign_all(officers)
    moved = api.send_batches(MONTH, FUND, POOL, 2)
    assert (moved.lines, closing(book, "2001"), closing(book, "1004")) == (2, 0, 0)
    again = PaymentBatch.objects.get(attempt=2)
    resent = PaymentBatchLine.objects.filter(batch_id=again.pk)
    assert set(resent.values_list("end_to_end_id", flat=True)) == set(ends[:2])

    bank.take_answer(the_bank.answer(again, ends[:1]), "answer-2")
    assert closing(book, "2001") == -312_345
    assert api.make_batches(MONTH, FUND, POOL).lines == 0
    assert [line.state for line in api.lines_of(1)] + [line.state for line in api.lines_of(3)] == ["failed", "paid"]


def test_a_whole_file_refused_by_the_bank_is_sent_again(book, officers, sent_batch, the_bank):
    batch = sent_batch()
    refused = the_bank.answer(batch, status="RJCT", items="", bad=10, bad_sum=batch.total_fen)
    bank.take_answer(refused, "answer-1")
    assert PaymentResult.objects.filter(status="failed").count() == 10
    assert api.make_batches(MONTH, FUND, POOL).lines == 10


def test_an_answer_that_comes_twice_books_once(book, sent_batch, the_bank):
    batch = sent_batch()
    end = PaymentBatchLine.objects.filter(batch_id=batch.pk).first().end_to_end_id
    bank.take_answer(the_bank.answer(batch, [end]), "answer-1")
    bank.take_answer(the_bank.answer(batch, [end], answer_id="S-other"), "answer-2")
    assert closing(book, "2001") == -312_345
    assert PaymentResult.objects.count() == 10
    with pytest.raises(Refused):
        bank.take_answer(the_bank.answer(batch), "answer-3")


def test_lines_without_an_account_wait(book):
    blank = {"bank_code": (), "account_number": (), "account_name": ()}
    api.add_payment_lines(lines([1, 2], **blank))
    assert api.make_batches(MONTH, FUND, POOL).lines == 0
    assert api.run_totals(MONTH).waiting == 2


def test_a_chunk_reads_the_accounts_of_its_own_payees_only(book):
    """A plan that reads all accounts of the day for every chunk of people looks cheap: few are expected on one day."""
    people = []
    for number in range(300):
        entry = PersonEntry(f"人{number}", COUNTY, id_number(date(1960, 1, 1), number + 1, "1"), since=date(1960, 1, 1))
        people.append(register_person(entry).id)
        set_bank_account(people[-1], AccountEntry("102", f"62220000{number:08d}", "人"), date(2020, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("analyze registry_bankaccount")
    before = _accounts_read()
    blank = {"bank_code": (), "account_number": (), "account_name": ()}
    api.add_payment_lines(lines(people[:20], **blank))
    assert 20 <= _accounts_read() - before <= 40
    assert api.make_batches(MONTH, FUND, POOL).lines == 20


def _accounts_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select sum(pg_stat_get_xact_tuples_returned(oid)) from pg_class where oid = 'registry_bankaccount'::regclass"
            " or oid in (select indexrelid from pg_index where indrelid = 'registry_bankaccount'::regclass)"
        )
        return int(cursor.fetchone()[0])


def test_a_withdrawn_line_is_not_paid_and_a_batched_one_not_withdrawn(book):
    api.add_payment_lines(lines([1, 2]))
    [line] = api.lines_of(1)
    assert api.withdraw_payment_lines([(line.month, line.line_id)], "died") == 1
    assert api.make_batches(MONTH, FUND, POOL).lines == 1
    [other] = api.lines_of(2)
    with pytest.raises(api.BatchNotOpen):
        api.withdraw_payment_lines([(other.month, other.line_id)], "too late")
    assert [api.lines_of(1)[0].state, api.lines_of(2)[0].state] == ["withdrawn", "batched"]


def test_batches_are_split_by_city_and_bank(book):
    two = lines([1, 2, 3], region_code=["440106", "440305", "440305"], bank_code=["102", "102", "103"])
    api.add_payment_lines(two)
    drafted = api.make_batches(MONTH, FUND, POOL)
    places = sorted(PaymentBatch.objects.values_list("region_code", "bank_code"))
    assert (drafted.batches, places) == (3, [("440100", "102"), ("440300", "102"), ("440300", "103")])


def test_cities_are_batched_in_any_order_and_nothing_is_left_or_taken_twice(book):
    names = []
    for order in (list, lambda chunks: chunks[::-1]):
        with transaction.atomic():
            places = {
                "region_code": ["440106", "440305", "440305", "440183"],
                "bank_code": ["102", "102", "103", "102"],
            }
            api.add_payment_lines(lines([1, 2, 3, 4], **places))
            plans = list(BatchStep().plan(MONTH))
            api.add_payment_lines(lines([5, 6], region_code=["440604", "440305"]))  # after the plan: what is left
            assert [plan.key for plan in plans][:2] == ["110-440000-440100", "110-440000-440300"]
            assert sum(BatchStep().execute(MONTH, args).rows for args in _in_order(plans, order)) == 6
            names.append(sorted(PaymentBatch.objects.values_list("msg_id", "line_count", "bank_code")))
            transaction.set_rollback(True)
    assert names[0] == names[1]
    assert names[0] == [
        ("B202611110-440000-440100-1", 2, "102"),
        ("B202611110-440000-440300-1", 2, "102"),
        ("B202611110-440000-440300-2", 1, "103"),
        ("B202611110-440000-440600-1", 1, "102"),
    ]


def test_files_go_out_some_at_a_time_and_what_was_rejected_meanwhile_does_not(book, officers, settings):
    settings.BATCH_PEOPLE = 2
    banks = ["102", "103", "104", "105"]
    api.add_payment_lines(lines([1, 2, 3, 4], bank_code=banks))
    BatchStep().execute(MONTH, {"fund": FUND, "pool": POOL, "city": "440100"})
    sign_all(officers)
    api.request_funds(MONTH, FUND, POOL)
    money, *groups, rest = list(PayStep().plan(MONTH))
    with pytest.raises(Waiting, match="waits for the finance office"):
        PayStep().execute(MONTH, money.args)
    assert [len(group.args["batches"]) for group in groups] == [2, 2]
    assert [PayStep().beside(plan.args) for plan in (money, *groups, rest)] == [False, True, True, False]
    grant_funds()
    api.reject_batch(groups[1].args["batches"][0], officers["maker"], "wrong")
    assert [PayStep().execute(MONTH, plan.args).rows for plan in (money, *groups, *groups, rest)] == [0, 2, 1, 0, 0, 0]
    assert closing(book, "5001") == 3 * 312_345


def _in_order(plans, order):
    """Chunks that are done at once in this order, then the others."""
    step = BatchStep()
    at_once = [plan.args for plan in plans if step.beside(plan.args)]
    return [*order(at_once), *(plan.args for plan in plans if not step.beside(plan.args))]


def test_one_request_covers_the_run(book, officers):
    api.add_payment_lines(lines([1, 2]))
    api.make_batches(MONTH, FUND, POOL)
    sign_all(officers)
    request = api.request_funds(MONTH, FUND, POOL)
    assert (request.amount_fen, request.number) == (2 * 312_345, "YK-202611-110-440000-1")
    assert api.request_funds(MONTH, FUND, POOL) is None
    grant_funds()
    grant_funds()
    assert closing(book, "1004") == 2 * 312_345


def test_the_number_of_queries_does_not_grow_with_people(book, officers, django_assert_max_num_queries):
    api.add_payment_lines(lines(list(range(1, 3001))))
    with django_assert_max_num_queries(12):
        api.make_batches(MONTH, FUND, POOL)
    sign_all(officers)
    api.request_funds(MONTH, FUND, POOL)
    grant_funds()
    with django_assert_max_num_queries(40):
        moved = api.send_batches(MONTH, FUND, POOL, 1)
    assert moved.lines == 3000


def test_a_refused_request_is_asked_again_for_what_is_missing(book, officers):
    api.add_payment_lines(lines([1]))
    api.make_batches(MONTH, FUND, POOL)
    sign_all(officers)
    first = api.request_funds(MONTH, FUND, POOL)
    funding.take_answer({"request": first.number, "ok": False, "code": "AM04", "message": "no money"})
    with pytest.raises(Waiting, match="no money"):
        PayStep().execute(MONTH, {"fund": FUND, "pool": POOL})
    second = api.request_funds(MONTH, FUND, POOL)
    assert (second.number, second.amount_fen) == ("YK-202611-110-440000-2", 312_345)
    grant_funds()
    assert PayStep().execute(MONTH, {"fund": FUND, "pool": POOL}).rows == 1


def test_the_steps_wait_for_people_and_answers(book, officers, the_bank):
    place = {"fund": FUND, "pool": POOL}
    api.add_payment_lines(lines([1, 2]))
    assert BatchStep().execute(MONTH, place).rows == 2
    with pytest.raises(Waiting, match="wait for signatures: 1"):
        ApproveStep().execute(MONTH, place)
    sign_all(officers)
    assert ApproveStep().execute(MONTH, place).fen == 2 * 312_345
    with pytest.raises(Waiting, match="waits for the finance office"):
        PayStep().execute(MONTH, place)
    grant_funds()
    assert PayStep().execute(MONTH, place).rows == 2
    with pytest.raises(Waiting, match="without an answer: 1"):
        ResultsStep().execute(MONTH, {**place, "phase": "answers"})
    bank.take_answer(the_bank.answer(PaymentBatch.objects.get()), "answer")
    for phase in ("answers", "resend", "last", "statements"):
        ResultsStep().execute(MONTH, {**place, "phase": phase})
    with pytest.raises(Waiting, match="have not all come"):
        ReconcileStep().execute(MONTH, place)
