"""Messages come in exactly once, whatever is repeated, reordered, altered or interrupted."""

import psycopg
import pytest
from django.db import OperationalError, transaction
from psycopg.errors import AdminShutdown, DiskFull

from dashebao.kernel.exchange import actions
from dashebao.kernel.exchange.api import Refused, answers_to, bad_rows, fetch, handle_waiting, handles, received, status
from dashebao.kernel.exchange.models import InboxMessage, InboxResult, Partner, Quarantined
from dashebao.kernel.exchange.rules import peek
from dashebao.kernel.exchange.tests.partner import Outsider


@pytest.fixture
def seen(known_handlers):
    """Keys of the messages handled, in order."""
    keys = []
    handles("tax", "T04")(lambda message: keys.append(message.key))
    return keys


def test_a_message_is_handled_and_receipted(tax, seen):
    path = tax.send(key="T04:1", data={"rows": 0}, answers="T02:1")
    assert (fetch().new, seen) == (1, ["T04:1"])
    assert not path.exists()
    (receipt, _token), *others = tax.receipts().values()
    assert (receipt["to"], others) == ("tax", [])
    assert [message.key for message in answers_to("T02:1", "T04")] == ["T04:1"]
    assert received("tax", "T04", "T04:1").data == {"rows": 0}


def test_a_replayed_file_gets_the_original_receipt_and_is_not_handled_again(tax, seen):
    identity, token = tax.sealed()
    tax.lay(identity, token)
    fetch()
    first = tax.receipts()[identity]
    tax.lay(identity, token)
    counts = fetch()
    assert (counts.new, counts.repeated, seen) == (0, 1, ["T04:1"])
    assert tax.receipts()[identity] == first


def test_files_in_any_order_are_all_handled(tax, seen):
    for number in (3, 1, 2):
        tax.send(key=f"T04:{number}")
    fetch()
    assert sorted(seen) == ["T04:1", "T04:2", "T04:3"]


def test_a_crash_before_the_receipt_is_laid_out_only_repeats_the_receipt(tax, seen, monkeypatch):
    identity, token = tax.sealed()
    path = tax.lay(identity, token)
    with monkeypatch.context() as patch:
        patch.setattr(actions.Folder, "put_receipt", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fetch()
    assert path.exists()
    counts = fetch()
    assert (counts.repeated, seen, list(tax.receipts())) == (1, ["T04:1"], [identity])


def test_a_failing_handler_leaves_nothing_behind_and_is_tried_again(tax, known_handlers):
    calls = []

    def handler(message):
        calls.append(message.key)
        Partner.objects.filter(code="tax").update(title="changed")
        if len(calls) == 1:
            raise RuntimeError("no luck")

    handles("tax", "T04")(handler)
    tax.send()
    assert fetch().failed == 1
    assert Partner.objects.get().title == "税务局"
    assert (InboxResult.objects.count(), status()[0].failed) == (0, 1)
    assert fetch().handled == 1
    assert Partner.objects.get().title == "changed"
    assert fetch().handled == 0
    assert len(calls) == 2


def test_a_message_that_always_fails_is_left_alone_until_asked(tax, known_handlers):
    calls = []

    def handler(message):
        calls.append(message)
        raise RuntimeError

    handles("tax", "T04")(handler)
    tax.send()
    for _ in range(8):
        fetch()
    assert len(calls) == actions.ATTEMPTS
    assert handle_waiting(retry=True) == (0, 1)


@pytest.mark.parametrize("cause", [DiskFull(), AdminShutdown(), psycopg.OperationalError("cut off")])
def test_a_database_that_cannot_work_is_no_failure_of_the_message(tax, known_handlers, cause):
    causes = [cause] * (actions.ATTEMPTS + 1)

    def handler(message):
        if causes:
            raise OperationalError from causes.pop()

    handles("tax", "T04")(handler)
    tax.send()
    while causes:
        with pytest.raises(OperationalError):
            fetch()
    assert fetch().handled == 1
    assert status()[0].failed == 0


def test_a_refused_message_keeps_its_reason_and_undoes_its_writes(tax, known_handlers):
    def handler(message):
        Partner.objects.filter(code="tax").update(title="changed")
        raise Refused("F01", "totals differ")

    handles("tax", "T04")(handler)
    tax.send()
    fetch()
    result = InboxResult.objects.get()
    assert (result.outcome, result.code, result.text) == ("refused", "F01", "totals differ")
    assert Partner.objects.get().title == "税务局"
    assert received("tax", "T04", "T04:1") is None


def test_rows_fail_one_by_one(tax, known_handlers):
    def handler(message):
        for line, row in message.rows():
            if row["fen"] < 0:
                message.row(line, ok=False, code="E03", text="negative")
            else:
                message.passed(1)

    handles("tax", "T04")(handler)
    tax.send(file=b'{"fen": 1}\n{"fen": -1}\nnot json\n{"fen": 2}\n[]\n')
    fetch()
    result = InboxResult.objects.get()
    assert (result.rows_good, result.rows_bad) == (2, 3)
    assert [(row.line, row.code) for row in bad_rows(result.pk)] == [(2, "E03"), (3, "E01"), (5, "E01")]


def test_a_message_nobody_handles_yet_waits_for_its_handler(tax, known_handlers):
    tax.send()
    assert (fetch().handled, status()[0].unhandled) == (0, 1)
    keys = []
    handles("tax", "T04")(lambda message: keys.append(message.key))
    assert fetch().handled == 1
    assert keys == ["T04:1"]


def altered(tax):
    identity, token = tax.sealed(data={"fen": 1})
    head, body, signature = token.split(".")
    tail = "A" if body[20] != "A" else "B"
    return identity, f"{head}.{body[:20]}{tail}{body[21:]}.{signature}"


def unsigned(tax):
    identity, token = tax.sealed()
    return identity, "eyJhbGciOiJub25lIn0" + token[token.index(".") :]


@pytest.mark.parametrize(
    ("make", "reasons"),
    [
        (altered, {"bad_signature", "malformed"}),
        (unsigned, {"malformed"}),
        (lambda tax: tax.sealed(signer=Outsider(tax.data).key), {"bad_signature"}),
        (lambda tax: tax.sealed(source="bank"), {"wrong_address"}),
        (lambda tax: tax.sealed(to="finance"), {"wrong_address"}),
        (lambda tax: ("x", "abc"), {"malformed"}),
        (lambda tax: ("x", "a.b.c"), {"malformed"}),
        (lambda tax: tax.sealed(key=""), {"incomplete"}),
    ],
)
def test_what_is_not_a_message_of_this_partner_is_put_aside(tax, seen, make, reasons):
    path = tax.lay(*make(tax))
    assert fetch().quarantined == 1
    row = Quarantined.objects.get()
    assert row.reason in reasons
    assert (path.exists(), seen, tax.receipts()) == (False, [], {})
    assert [kept.name.split("-", 1)[1] for kept in (tax.folder / "quarantine").iterdir()] == [path.name]


def while_it_is_judged(monkeypatch, act):
    """Let something happen to a file between reading and refusing it, as another process or the partner would."""
    judge = actions.unseal

    def unseal(*given):
        monkeypatch.setattr(actions, "unseal", judge)
        act()
        return judge(*given)

    monkeypatch.setattr(actions, "unseal", unseal)


def test_a_file_that_another_process_put_aside_meanwhile_is_left_to_it(tax, seen, monkeypatch):
    path = tax.lay(*altered(tax))
    while_it_is_judged(monkeypatch, path.unlink)
    assert fetch().quarantined == 0
    assert Quarantined.objects.count() == 0


def test_a_good_file_sent_again_while_the_damaged_one_is_refused_is_taken(tax, seen, monkeypatch):
    identity, token = tax.sealed(key="T04:1")
    path = tax.lay(identity, token[:-20])
    while_it_is_judged(monkeypatch, lambda: path.write_text(token))
    assert (fetch().quarantined, seen) == (0, [])
    assert (fetch().new, seen) == (1, ["T04:1"])


def test_a_folder_of_nobody_is_put_aside(tax, seen):
    Outsider(tax.data, "stranger").send()
    assert fetch().quarantined == 1
    assert Quarantined.objects.get().reason == "unknown_sender"


def test_an_id_or_key_used_for_another_message_is_put_aside(tax, seen):
    identity, token = tax.sealed(key="T04:1")
    tax.lay(identity, token)
    fetch()
    tax.lay(*tax.sealed(key="T04:2", id=identity))
    tax.lay(*tax.sealed(key="T04:1", data={"other": 1}))
    assert fetch().quarantined == 2
    assert {row.reason for row in Quarantined.objects.all()} == {"used_twice"}
    assert seen == ["T04:1"]


def test_a_message_is_kept_as_it_came(tax, seen):
    identity, token = tax.sealed(data={"a": 1})
    tax.lay(identity, token)
    fetch()
    assert peek(InboxMessage.objects.get().token) == peek(token)


def test_two_functions_cannot_handle_one_kind(known_handlers):
    def first(message): ...

    def second(message): ...

    handles("tax", "T04")(first)
    with pytest.raises(ValueError, match="first"):
        handles("tax", "T04")(second)


@pytest.mark.django_db(transaction=True)
def test_files_are_not_touched_inside_somebody_elses_transaction(settings, tmp_path):
    settings.DATA = tmp_path
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        actions.deliver()
