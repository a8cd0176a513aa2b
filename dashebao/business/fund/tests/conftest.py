"""Officers, a fund with money, pensioners with accounts, and a bank that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from dashebao.business.fund import api
from dashebao.business.fund.actions import funding
from dashebao.business.fund.bank_files.stream import yuan
from dashebao.business.fund.models import FundRequest, PaymentBatch, PaymentBatchLine
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.identity.api import Grant, Office, User
from dashebao.kernel.records.api import SYSTEM, acting

MONTH, FUND, POOL, COUNTY = 202611, "110", "440000", "440106"


def public_key() -> str:
    """A fresh P-256 public key as text."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def system(db) -> Iterator[None]:
    with acting(SYSTEM, "test"):
        yield


def make_book() -> int:
    """The province's pension fund with 10 million yuan on the fiscal special account."""
    for code in ("bank", "finance", "tax"):
        register_partner(code, code, public_key())
    return api.set_up_fund(api.FundSetup("110", COUNTY, 202610, 1_000_000_000))


def make_officers() -> dict[str, User]:
    """One officer of the province for each of the three roles."""
    office = Office.objects.create(code="GD", name="省局", name_en="Province", level="province", region_code="440000")
    out = {}
    for stage in ("maker", "checker", "approver"):
        user = User.objects.create_user(f"fund-{stage}", kind="officer", name=stage, office=office)
        since = (date(2020, 1, 1), None)
        Grant.objects.create(user=user, role=f"fund.{stage}", family="finance", valid_during=since)
        out[stage] = user
    return out


@pytest.fixture
def book(system) -> int:
    return make_book()


@pytest.fixture
def officers(system) -> dict[str, User]:
    return make_officers()


def lines(people: Sequence[int], amount_fen: int = 312_345, **changed) -> api.PaymentLines:
    """Payment lines of one month's pension for these people, with accounts of their own."""
    count = len(people)
    columns = {
        "run_month": MONTH, "month": [MONTH] * count, "person_id": list(people), "region_code": [COUNTY] * count,
        "scheme": ["110"] * count, "benefit_kind": ["pension"] * count, "amount_fen": [amount_fen] * count,
        "source": [f"award-{p}" for p in people], "bank_code": ["102"] * count,
        "account_number": [f"62220{p:08d}" for p in people], "account_name": [f"人{p}" for p in people],
    }  # fmt: skip
    return api.PaymentLines(**{**columns, **changed})


@dataclass
class Bank:
    """Plays the bank: writes the answer to a batch."""

    def answer(self, batch: PaymentBatch, rejected: Sequence[str] = (), **changed) -> bytes:
        rows = list(PaymentBatchLine.objects.filter(batch_id=batch.pk).order_by("month", "line_id"))
        bad = [row for row in rows if row.end_to_end_id in rejected]
        values = {
            "message": batch.msg_id, "count": batch.line_count, "sum": batch.total_fen,
            "status": "PART" if bad else "ACSC", "bad": len(bad), "bad_sum": sum(r.amount_fen for r in bad),
            "answer_id": f"S-{batch.pk}", "document_type": "",
            **changed,
        }  # fmt: skip
        items = "".join(
            f"<TxInfAndSts><OrgnlInstrId>{r.end_to_end_id}/{r.attempt}</OrgnlInstrId><OrgnlEndToEndId>{r.end_to_end_id}"
            "</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf><OrgnlTxRef><Amt>"
            f'<InstdAmt Ccy="CNY">{yuan(r.amount_fen)}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>'
            for r in bad
        )
        items = values.pop("items", items)
        good, good_sum = values["count"] - values["bad"], values["sum"] - values["bad_sum"]
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>{values["document_type"]}'
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr>'
            f"<MsgId>{values['answer_id']}</MsgId><CreDtTm>2026-11-20T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
            f"<OrgnlMsgId>{values['message']}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
            f"<OrgnlNbOfTxs>{values['count']}</OrgnlNbOfTxs><OrgnlCtrlSum>{yuan(values['sum'])}</OrgnlCtrlSum>"
            f"<GrpSts>{values['status']}</GrpSts>"
            f"<NbOfTxsPerSts><DtldNbOfTxs>{good}</DtldNbOfTxs><DtldSts>ACSC</DtldSts>"
            f"<DtldCtrlSum>{yuan(good_sum)}</DtldCtrlSum></NbOfTxsPerSts>"
            f"<NbOfTxsPerSts><DtldNbOfTxs>{values['bad']}</DtldNbOfTxs><DtldSts>RJCT</DtldSts>"
            f"<DtldCtrlSum>{yuan(values['bad_sum'])}</DtldCtrlSum></NbOfTxsPerSts>"
            f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{values['message']}</OrgnlPmtInfId>{items}"
            "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
        ).encode()


@pytest.fixture
def the_bank() -> Bank:
    return Bank()


def sign_all(officers: dict[str, User], run_month: int = MONTH) -> None:
    """The three officers sign whatever waits."""
    for stage, user in officers.items():
        waiting = [b.id for b in api.batches_waiting(stage, run_month)]
        if waiting:
            api.sign_batches(stage, waiting, user)


def grant_funds(run_month: int = MONTH) -> None:
    """The finance office grants every open request."""
    for request in FundRequest.objects.filter(run_month=run_month, state="asked"):
        funding.take_answer(
            {"request": request.number, "ok": True, "transfer": f"BK-{request.pk}", "paid_on": "2026-11-18",
             "amount_fen": request.amount_fen}
        )  # fmt: skip


@pytest.fixture
def sent_batch(book, officers) -> Callable[..., PaymentBatch]:
    """Makes, signs and sends one batch for these people."""

    def send(people: Sequence[int] = range(1, 11)) -> PaymentBatch:
        api.add_payment_lines(lines(list(people)))
        api.make_batches(MONTH, FUND, POOL)
        sign_all(officers)
        api.request_funds(MONTH, FUND, POOL)
        grant_funds()
        api.send_batches(MONTH, FUND, POOL, 1)
        return PaymentBatch.objects.get(run_month=MONTH, attempt=1, state="sent")

    return send


def statement_xml(account: str, rows: Sequence[tuple[str, int, str, str]], opening_fen: int = 0, **changed) -> bytes:
    """A camt.053 of one account: rows are (reference, signed fen, kind, inner XML of NtryDtls or "")."""

    def signed(tag: str, fen: int) -> str:
        direction = "CRDT" if fen >= 0 else "DBIT"
        return f'<Amt Ccy="CNY">{yuan(abs(fen))}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'

    closing = changed.get("closing_fen", opening_fen + sum(fen for _r, fen, _k, _d in rows))
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{signed('Bal', fen)}<Dt><Dt>2026-11-30</Dt></Dt></Bal>"
        for code, fen in (("OPBD", opening_fen), ("CLBD", closing))
    )
    entries = "".join(
        f"<Ntry><NtryRef>{reference}</NtryRef>{signed('Ntry', fen)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-23</Dt>"
        f"</BookgDt><BkTxCd><Prtry><Cd>{kind}</Cd></Prtry></BkTxCd>{details}</Ntry>"
        for reference, fen, kind, details in rows
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{changed.get("document_type", "")}'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId>'
        "<CreDtTm>2026-11-30T23:00:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{changed.get('statement', 'ST-1')}</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{balances}"
        f"{entries}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def batch_entry(batch: PaymentBatch, paid_fen: int) -> tuple[str, int, str, str]:
    """The bank's entry for the accepted part of a batch."""
    details = f"<NtryDtls><Btch><MsgId>{batch.msg_id}</MsgId></Btch></NtryDtls>"
    return f"E{batch.pk}", -paid_fen, "BATCH", details


def return_entry(reference: str, end_to_end_id: str, fen: int) -> tuple[str, int, str, str]:
    """The bank's entry for one returned payment."""
    details = (
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{end_to_end_id}</EndToEndId></Refs>"
        f'<Amt Ccy="CNY">{yuan(fen)}</Amt><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls>'
    )
    return reference, fen, "RETURN", details


def fund_entry(request: FundRequest) -> tuple[str, int, str, str]:
    """The bank's entry for money from the fiscal special account."""
    details = f"<NtryDtls><TxDtls><Refs><EndToEndId>{request.number}</EndToEndId></Refs></TxDtls></NtryDtls>"
    return f"F{request.pk}", request.amount_fen, "FUND", details


def finance_statement(requests: Sequence[FundRequest], opening_fen: int = 1_000_000_000) -> dict:
    """The finance office's statement of the fiscal special account of the pension fund."""
    entries = [
        {
            "number": f"N{r.pk}",
            "on": "2026-11-18",
            "kind": "request_out",
            "amount_fen": -r.amount_fen,
            "reference": r.number,
        }
        for r in requests
    ]
    closing = opening_fen + sum(e["amount_fen"] for e in entries)
    row = {
        "scheme": FUND,
        "pool": POOL,
        "account": f"CZ{FUND}{POOL}",
        "opening_fen": opening_fen,
        "closing_fen": closing,
    }
    return {"month": MONTH, "accounts": [{**row, "entries": entries}]}
