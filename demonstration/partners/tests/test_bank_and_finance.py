"""Requested money reaches the bank, payment files are paid and answered, and statements tie day by day."""

import pytest
from lxml import etree

from demonstration.partners.__main__ import main
from demonstration.partners.bank import Bank
from demonstration.partners.finance import Finance
from demonstration.partners.payment_files import fen, yuan
from demonstration.partners.tests.product import Product

BOOK = {
    "scheme": "110", "pool": "440000", "on": "2026-10-31", "special_account": "CZ1", "expenditure_account": "ZC1",
    "treasury_account": "GK1", "name": "养老", "special_opening_fen": 900_000_000, "expenditure_opening_fen": 5_000,
    "treasury_opening_fen": 0,
}  # fmt: skip


def pain_001(message, payments, *, count=None, debtor="ZC1", on="2026-11-20"):
    total = sum(amount for _, amount, _ in payments)
    rows = "".join(
        f"<CdtTrfTxInf><PmtId><InstrId>I{e}</InstrId><EndToEndId>{e}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="CNY">{yuan(amount)}</InstdAmt></Amt><Cdtr><Nm>张{e}</Nm></Cdtr>'
        f"<CdtrAcct><Id><Othr><Id>{account}</Id></Othr></Id></CdtrAcct></CdtTrfTxInf>"
        for e, amount, account in payments
    )
    head = f"<MsgId>{message}</MsgId><NbOfTxs>{count or len(payments)}</NbOfTxs><CtrlSum>{yuan(total)}</CtrlSum>"
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>'
        f"<GrpHdr>{head}</GrpHdr><PmtInf><PmtInfId>{message}-1</PmtInfId><ReqdExctnDt><Dt>{on}</Dt></ReqdExctnDt>"
        f"<DbtrAcct><Id><Othr><Id>{debtor}</Id></Othr></Id></DbtrAcct>{rows}</PmtInf></CstmrCdtTrfInitn></Document>"
    ).encode()


def payments(count, message="M1"):
    return [(f"{message}E{n}", 300_000 + n, f"62220000{n:08d}") for n in range(count)]


class Town:
    """The product, a bank and a finance department on one data folder."""

    def __init__(self, data):
        self.product, self.bank, self.finance = Product(data), Bank(data), Finance(data)

    def turn(self):
        while self.finance.turn() + self.bank.turn():
            for partner in ("finance", "bank"):
                assert all(self.product.receipts(partner).values())

    def fund(self, amount, request="YK-1"):
        body = {"request": request, "month": 202611, "scheme": "110", "pool": "440000", "amount_fen": amount}
        self.product.send("finance", "F01", f"F01:{request}", body | {"on": "2026-11-19"})
        self.turn()
        return self.product.last("finance", "F02")["data"]

    def pay(self, message, content):
        self.product.send("bank", "pain.001", f"pain.001:{message}", {"message": message}, content)
        self.turn()
        report = self.product.last("bank", "pain.002")
        states = {
            node.findtext("{*}OrgnlEndToEndId"): node.findtext("{*}TxSts")
            for node in etree.fromstring(report["plain"]).iter("{*}TxInfAndSts")
        }
        return report["data"], states

    def statements(self, number, through):
        self.product.send("bank", "B01", f"B01:{number}", {"through": through})
        self.turn()
        answer = self.product.last("bank", "camt.053")
        return [read_statement(node) for node in etree.fromstring(answer["plain"]).iter("{*}Stmt")]


def read_statement(node):
    def signed(part):
        return fen(part.findtext("{*}Amt")) * (1 if part.findtext("{*}CdtDbtInd") == "CRDT" else -1)

    balances = {part.findtext("{*}Tp/{*}CdOrPrtry/{*}Cd"): signed(part) for part in node.iter("{*}Bal")}
    entries = [(part.findtext("{*}BkTxCd/{*}Prtry/{*}Cd"), signed(part)) for part in node.iter("{*}Ntry")]
    day = node.findtext("{*}FrToDt/{*}FrDtTm")[:10]
    return {"day": day, "opening": balances["OPBD"], "closing": balances["CLBD"], "entries": entries}


@pytest.fixture
def town(tmp_path):
    town = Town(tmp_path)
    town.product.send("finance", "F00", "F00:110:440000", BOOK)
    town.product.send("bank", "B00", "B00:110:440000", BOOK)
    town.turn()
    return town


def test_a_fund_request_moves_money_and_too_much_is_refused(town):
    assert town.fund(1_000_000)["ok"] is True
    refused = town.fund(2_000_000_000, "YK-2")
    assert (refused["ok"], refused["code"]) == (False, "AM04")


def test_payments_are_paid_refused_once_returned_and_the_days_tie(town):
    town.fund(700_000_000)
    rows = payments(2000)
    data, states = town.pay("M1", pain_001("M1", rows))
    refused = [row for row in rows if states[row[0]] == "RJCT"]
    assert len(states) == 2000
    assert 0 < len(refused) == data["rejected"] < 20
    again = [(f"R{e}", amount, account) for e, amount, account in refused]
    data, states = town.pay("M2", pain_001("M2", again, on="2026-11-21").replace("张R".encode(), "张".encode()))
    assert (data["group"], set(states.values())) == ("ACSC", {"ACSC"})
    stated = town.statements(1, "2026-11-30")
    balance = 5_000
    for statement in stated:
        assert statement["opening"] == balance
        balance += sum(amount for _, amount in statement["entries"])
        assert statement["closing"] == balance
    kinds = {kind: amount for statement in stated for kind, amount in statement["entries"]}
    assert kinds["FUND"] == 700_000_000
    assert {"BATCH", "RETURN"} <= kinds.keys()
    returned = sum(amount for s in stated for kind, amount in s["entries"] if kind == "RETURN")
    assert balance == 5_000 + 700_000_000 - sum(amount for _, amount, _ in rows) + returned
    assert town.statements(2, "2026-11-30")[0] == {
        "day": "2026-11-30", "opening": balance, "closing": balance, "entries": []}  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<Document><broken", "FF01"),
        (pain_001("M1", payments(2), count=3), "AM18"),
        (pain_001("M1", payments(2)).replace(b"6000.01</CtrlSum>", b"6000.02</CtrlSum>"), "AM10"),
        (pain_001("M1", payments(2), debtor="ZC9"), "AC02"),
        (pain_001("M1", payments(2000)), "AM04"),
    ],
)
def test_a_wrong_file_is_refused_whole(town, content, code):
    data, states = town.pay("M1", content)
    assert (data["group"], data["code"], states) == ("RJCT", code, {})


def test_a_message_id_is_paid_once_even_in_another_letter(town):
    town.fund(10_000_000)
    content = pain_001("M1", payments(3))
    town.pay("M1", content)
    town.product.send("bank", "pain.001", "pain.001:other", {"message": "M1"}, content)
    town.turn()
    assert town.product.last("bank", "pain.002")["data"]["code"] == "AM05"
    assert [kind for s in town.statements(1, "2026-11-20") for kind, _ in s["entries"]] == ["FUND", "BATCH"]


def test_an_account_that_is_no_number_is_refused_alone(town):
    town.fund(10_000_000)
    data, states = town.pay("M1", pain_001("M1", [("E1", 100, ""), ("E2", 100, "6222001")]))
    assert states == {"E1": "RJCT", "E2": "ACSC"}
    assert (data["group"], data["accepted_fen"], data["rejected_fen"]) == ("PART", 100, 100)


def test_the_special_account_statement_ties(town):
    town.fund(700_000_000)
    income = {"scheme": "110", "pool": "440000", "amount_fen": 500, "kind": "subsidy_in", "on": "2026-11-22"}
    town.product.send("finance", "F06", "F06:1", income)
    town.product.send("finance", "F05", "F05:202611:1", {"month": 202611})
    town.turn()
    (account,) = town.product.last("finance", "F04")["data"]["accounts"]
    assert (account["opening_fen"], account["closing_fen"]) == (900_000_000, 200_000_500)
    assert [entry["kind"] for entry in account["entries"]] == ["request_out", "subsidy_in"]


def test_a_replayed_message_changes_nothing_and_gets_the_same_receipt(town):
    town.fund(10_000_000)
    path = town.product.send("bank", "pain.001", "pain.001:M1", {"message": "M1"}, pain_001("M1", payments(3)))
    token = path.read_text()
    town.turn()
    receipt = town.product.data / "exchange/bank/from" / f"receipt-{path.stem.split('-', 1)[1]}.jws"
    first = receipt.read_text()
    receipt.unlink()
    path.write_text(token)
    before = len(town.product.received("bank"))
    town.turn()
    assert receipt.read_text() == first
    assert len(town.product.received("bank")) == before


def test_a_forged_or_altered_message_is_put_aside(town):
    path = town.product.send("finance", "F06", "F06:2", {"scheme": "110"})
    head, body, signature = path.read_text().split(".")
    path.write_text(f"{head}.{body[:-4]}AAAA.{signature}")
    town.turn()
    assert not path.exists()
    assert (town.finance.mail.refused / path.name).exists()
    assert "signature" in (town.finance.mail.refused / f"{path.name}.reason").read_text()


def test_the_process_works_off_everything_once(tmp_path):
    product = Product(tmp_path)
    product.send("finance", "F00", "F00:110:440000", BOOK)
    product.send("finance", "F05", "F05:202610:1", {"month": 202610})
    assert main([str(tmp_path), "--once"]) == 0
    accounts = product.last("finance", "F04")["data"]["accounts"]
    assert [entry["kind"] for entry in accounts[0]["entries"]] == ["opening"]
