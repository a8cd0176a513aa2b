"""Bank answers that lie, repeat, mix or attack are refused as a whole and leave nothing behind."""

from __future__ import annotations

import pytest

from dashebao.business.fund.actions import bank
from dashebao.business.fund.bank_files import camt_053, pain_001, pain_002, stream
from dashebao.business.fund.bank_files.stream import BadBankFile
from dashebao.business.fund.models import PaymentBatchLine, PaymentResult
from dashebao.kernel.exchange.api import Refused

from .conftest import statement_xml

XXE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
STRANGER = (
    "<TxInfAndSts><OrgnlEndToEndId>P202611-99999999999</OrgnlEndToEndId><TxSts>RJCT</TxSts><OrgnlTxRef><Amt>"
    '<InstdAmt Ccy="CNY">3123.45</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>'
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"document_type": XXE, "answer_id": "&x;"}, "FF01"),
        ({"document_type": XXE}, "FF01"),
        ({"document_type": BOMB, "answer_id": "&b;"}, "FF01"),
        ({"sum": 1}, "AM10"),
        ({"count": 11}, "AM10"),
        ({"message": "B202611110-999"}, "E21"),
        ({"status": "NICE"}, "FF01"),
        ({"answer_id": ""}, "FF01"),
        ({"items": STRANGER, "bad": 1, "bad_sum": 312_345, "status": "PART"}, "E22"),
        ({"items": STRANGER * 2, "bad": 2, "bad_sum": 624_690, "status": "PART"}, "FF01"),
        ({"items": STRANGER, "bad": 2, "bad_sum": 312_345, "status": "PART"}, "FF01"),
        ({"items": STRANGER, "bad": 1, "bad_sum": 312_346, "status": "PART"}, "FF01"),
        ({"items": STRANGER, "bad": 1, "bad_sum": 312_345, "status": "ACSC"}, "FF01"),
        ({"items": STRANGER, "bad": 1, "bad_sum": 312_345, "status": "RJCT"}, "FF01"),
    ],
)
def test_a_bad_answer_is_refused_as_a_whole(sent_batch, the_bank, change, code):
    batch = sent_batch()
    with pytest.raises(Refused) as refused:
        bank.take_answer(the_bank.answer(batch, **change), "answer")
    batch.refresh_from_db()
    assert (refused.value.code, batch.state) == (code, "sent")
    assert not PaymentResult.objects.exists()


def test_a_failed_payment_with_another_amount_is_refused(sent_batch, the_bank):
    batch = sent_batch()
    end = PaymentBatchLine.objects.filter(batch_id=batch.pk).first().end_to_end_id
    item = STRANGER.replace("P202611-99999999999", end).replace("3123.45", "1.00")
    with pytest.raises(Refused, match="with this amount"):
        bank.take_answer(the_bank.answer(batch, items=item, bad=1, bad_sum=100, status="PART"), "answer")


def test_an_answer_cut_off_in_the_middle_is_refused(sent_batch, the_bank):
    batch = sent_batch()
    content = the_bank.answer(batch)
    with pytest.raises(Refused):
        bank.take_answer(content[: len(content) // 2], "answer")


def test_elements_in_another_order_are_refused(sent_batch, the_bank):
    batch = sent_batch()
    content = the_bank.answer(batch).decode()
    first, second = content.index("<OrgnlMsgId>"), content.index("<OrgnlMsgNmId>")
    end = content.index("<OrgnlNbOfTxs>")
    swapped = content[:first] + content[second:end] + content[first:second] + content[end:]
    with pytest.raises(Refused, match="OrgnlMsg"):
        bank.take_answer(swapped.encode(), "answer")


def test_answers_of_a_batch_that_was_never_sent_are_refused(sent_batch, the_bank):
    batch = sent_batch()
    with pytest.raises(Refused):
        bank.take_answer(the_bank.answer(batch, message="B202611110-0"), "answer")
    assert batch.state == "sent"


def test_transactions_may_come_in_any_order(sent_batch, the_bank):
    batch = sent_batch()
    ends = list(PaymentBatchLine.objects.filter(batch_id=batch.pk).values_list("end_to_end_id", flat=True))
    items = "".join(STRANGER.replace("P202611-99999999999", end) for end in reversed(ends[:3]))
    bank.take_answer(the_bank.answer(batch, items=items, bad=3, bad_sum=3 * 312_345, status="PART"), "answer")
    assert PaymentResult.objects.filter(status="failed").count() == 3


@pytest.mark.parametrize("bad", ["1.001", "-1", "1e5", "", "1,000", "٣", "0x10", "1.2.3"])
def test_only_plain_amounts_are_read(bad):
    with pytest.raises(BadBankFile):
        stream.fen(bad)


@pytest.mark.parametrize(("text", "fen"), [("0", 0), ("5123.45", 512_345), ("7.5", 750), ("+1.00", 100)])
def test_amounts_are_read_to_the_fen(text, fen):
    assert stream.fen(text) == fen
    assert stream.fen(stream.yuan(fen)) == fen


def test_a_file_whose_transfers_are_not_the_header_is_not_written():
    from datetime import UTC, date, datetime

    header = pain_001.Header(
        "B1", datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC), 2, 100, date(2026, 11, 20), "a<b", "1", "102"
    )
    row = pain_001.Transfer("P1-1", 1, 50, "102", "1", "王 & 李 <五>", "PENS", "x")
    with pytest.raises(BadBankFile):
        pain_001.write(header, [row])
    content = pain_001.write(header, [row, row])
    assert "王 &amp; 李 &lt;五&gt;".encode() in content


def test_a_long_answer_is_read_as_a_stream():
    count = 30_000
    one = "<TxInfAndSts><OrgnlEndToEndId>P{}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>"
    items = "".join(one.format(n) for n in range(count))
    content = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>S</MsgId>'
        "<CreDtTm>2026-11-20T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>B</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><OrgnlNbOfTxs>{count}</OrgnlNbOfTxs><OrgnlCtrlSum>1</OrgnlCtrlSum>"
        f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>B</OrgnlPmtInfId>{items}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()
    assert len(pain_002.read(content).end_to_end_ids) == count


ANSWER = (
    b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr>'
    b"<MsgId>M1</MsgId><CreDtTm>2026-11-20T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>B</OrgnlMsgId>"
    b"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><OrgnlNbOfTxs>1</OrgnlNbOfTxs><OrgnlCtrlSum>1</OrgnlCtrlSum>"
    b"<GrpSts>ACSC</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
)
STATEMENT = statement_xml("1", [("B1", -100, "GOVT", "")])


@pytest.mark.parametrize(("content", "read"), [(ANSWER, pain_002.read), (STATEMENT, camt_053.read)])
def test_a_file_is_read_whole_or_not_at_all(content, read):
    read(content)
    cuts = [content[:-cut] for cut in range(1, len(content), 7)]
    for changed in (*cuts, content + b"<Document/>", content + content):
        with pytest.raises(BadBankFile):
            read(changed)
