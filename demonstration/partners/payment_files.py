"""ISO 20022 files of the bank: pain.001 read as a stream, pain.002 and camt.053 written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

BANK_NAME = "DEMOCNBG"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}{schema}">'


class FileRefused(Exception):
    """The whole payment file is refused; `code` is the ISO reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Payment:
    """One credit transfer of a pain.001; `code` is set when the bank refuses it."""

    instruction: str
    end_to_end: str
    amount_fen: int
    bank_code: str
    account: str
    name: str
    text: str = ""
    code: str = ""


@dataclass
class PaymentGroup:
    """One PmtInf: a debtor account, a day and its payments."""

    id: str
    debtor: str
    on: str
    payments: list[Payment] = field(default_factory=list)


@dataclass
class PaymentFile:
    """A whole pain.001 with the totals its header claims."""

    message: str
    count: int
    sum_fen: int
    groups: list[PaymentGroup]


def fen(text: str | None) -> int:
    """Yuan with at most two decimals as fen; refuses anything else."""
    whole, _, part = (text or "").strip().partition(".")
    if not whole.isdigit() or len(part) > 2 or (part and not part.isdigit()):
        raise FileRefused("FF01", f"amount {text!r} is not yuan with two decimals")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def yuan(amount_fen: int) -> str:
    """Fen as yuan with two decimals, without a sign."""
    whole, part = divmod(abs(amount_fen), 100)
    return f"{whole}.{part:02d}"


def read_pain_001(content: bytes) -> PaymentFile:
    """Read a pain.001; raises FileRefused FF01 when it is not one."""
    groups: list[PaymentGroup] = []
    payments: list[Payment] = []
    head: tuple[str, int, int] | None = None
    tags = ("{*}GrpHdr", "{*}CdtTrfTxInf", "{*}PmtInf")
    try:
        for _, node in etree.iterparse(BytesIO(content), tag=tags, resolve_entities=False, no_network=True):
            kind = etree.QName(node).localname
            if kind == "GrpHdr":
                head = _text(node, "MsgId"), int(_text(node, "NbOfTxs")), fen(_text(node, "CtrlSum"))
            elif kind == "CdtTrfTxInf":
                payments.append(_payment(node))
                node.clear()
            else:
                day = _text(node, "ReqdExctnDt", "Dt")
                group = PaymentGroup(
                    _text(node, "PmtInfId"), _text(node, "DbtrAcct", "Id", "Othr", "Id"), day, payments
                )
                groups.append(group)
                payments = []
                node.clear()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FileRefused("FF01", str(error)) from error
    if head is None or not groups:
        raise FileRefused("FF01", "group header or payments missing")
    return PaymentFile(*head, groups)


def _payment(node: etree._Element) -> Payment:
    return Payment(
        instruction=_text(node, "PmtId", "InstrId", default=""),
        end_to_end=_text(node, "PmtId", "EndToEndId"),
        amount_fen=fen(_text(node, "Amt", "InstdAmt")),
        bank_code=_text(node, "CdtrAgt", "FinInstnId", "ClrSysMmbId", "MmbId", default=""),
        account=_text(node, "CdtrAcct", "Id", "Othr", "Id", default=""),
        name=_text(node, "Cdtr", "Nm", default=""),
        text=_text(node, "RmtInf", "Ustrd", default=""),
    )


def _text(node: etree._Element, *path: str, default: str | None = None) -> str:
    for name in path:
        found = node.find(f"{{*}}{name}")
        if found is None:
            if default is None:
                raise FileRefused("FF01", f"{'/'.join(path)} is missing")
            return default
        node = found
    return (node.text or "").strip()


def write_pain_002(original: PaymentFile | None, message: str, refused: FileRefused | None = None) -> bytes:
    """The status report: every payment with ACSC or RJCT, or the refusal of the whole file."""
    out = [HEAD.format(namespace=NAMESPACE, schema="pain.002.001.10"), "<CstmrPmtStsRpt><GrpHdr>"]
    out.append(f"<MsgId>{escape(message)[:33]}-S</MsgId><CreDtTm>{_now()}</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>")
    out.append(f"<OrgnlMsgId>{escape(message)}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>")
    if original is not None:
        out.append(
            f"<OrgnlNbOfTxs>{original.count}</OrgnlNbOfTxs><OrgnlCtrlSum>{yuan(original.sum_fen)}</OrgnlCtrlSum>"
        )
    if refused is not None:
        reason = f"<Rsn><Cd>{refused.code}</Cd></Rsn><AddtlInf>{escape(str(refused))[:105]}</AddtlInf>"
        out.append(f"<GrpSts>RJCT</GrpSts><StsRsnInf>{reason}</StsRsnInf></OrgnlGrpInfAndSts>")
    else:
        assert original is not None
        payments = [payment for group in original.groups for payment in group.payments]
        out.append(f"<GrpSts>{status_of(payments)}</GrpSts></OrgnlGrpInfAndSts>")
        out += (part for group in original.groups for part in _group_status(group))
    out.append("</CstmrPmtStsRpt></Document>")
    return "".join(out).encode()


def status_of(payments: Iterable[Payment]) -> str:
    """ACSC if all are settled, RJCT if none is, PART otherwise."""
    codes = [bool(payment.code) for payment in payments]
    return "ACSC" if not any(codes) else "RJCT" if all(codes) else "PART"


def _group_status(group: PaymentGroup) -> Iterator[str]:
    yield f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(group.id)}</OrgnlPmtInfId>"
    yield f"<PmtInfSts>{status_of(group.payments)}</PmtInfSts>"
    for status, refused in (("ACSC", False), ("RJCT", True)):
        chosen = [payment.amount_fen for payment in group.payments if bool(payment.code) == refused]
        if chosen:
            yield f"<NbOfTxsPerSts><DtldNbOfTxs>{len(chosen)}</DtldNbOfTxs><DtldSts>{status}</DtldSts>"
            yield f"<DtldCtrlSum>{yuan(sum(chosen))}</DtldCtrlSum></NbOfTxsPerSts>"
    for payment in group.payments:
        instruction = f"<OrgnlInstrId>{escape(payment.instruction)}</OrgnlInstrId>" if payment.instruction else ""
        yield f"<TxInfAndSts>{instruction}<OrgnlEndToEndId>{escape(payment.end_to_end)}</OrgnlEndToEndId>"
        if payment.code:
            yield f"<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{payment.code}</Cd></Rsn></StsRsnInf></TxInfAndSts>"
        else:
            yield "<TxSts>ACSC</TxSts></TxInfAndSts>"
    yield "</OrgnlPmtInfAndSts>"


@dataclass
class Statement:
    """One account's day: opening balance, entries (rows of the bank's book) and closing balance."""

    account: str
    day: str
    sequence: int
    opening_fen: int
    closing_fen: int
    entries: list[dict[str, Any]]


def write_camt_053(message: str, statements: Iterable[Statement]) -> bytes:
    """A camt.053 with one Stmt per account and day."""
    out = [HEAD.format(namespace=NAMESPACE, schema="camt.053.001.08"), "<BkToCstmrStmt><GrpHdr>"]
    out.append(f"<MsgId>{escape(message)[:35]}</MsgId><CreDtTm>{_now()}</CreDtTm></GrpHdr>")
    for statement in statements:
        out += _statement(statement)
    out.append("</BkToCstmrStmt></Document>")
    return "".join(out).encode()


def _statement(statement: Statement) -> Iterator[str]:
    day, account = statement.day, escape(statement.account)
    yield f"<Stmt><Id>{account[:22]}-{day.replace('-', '')}</Id><ElctrncSeqNb>{statement.sequence}</ElctrncSeqNb>"
    yield f"<CreDtTm>{_now()}</CreDtTm><FrToDt><FrDtTm>{day}T00:00:00</FrDtTm><ToDtTm>{day}T23:59:59</ToDtTm></FrToDt>"
    yield f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>"
    for code, balance in (("OPBD", statement.opening_fen), ("CLBD", statement.closing_fen)):
        yield f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(balance)}<Dt><Dt>{day}</Dt></Dt></Bal>"
    yield _summary(statement.entries)
    for entry in statement.entries:
        yield f"<Ntry><NtryRef>{entry['id']}</NtryRef>{_amount(entry['amount_fen'])}<Sts><Cd>BOOK</Cd></Sts>"
        yield f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        yield f"<AcctSvcrRef>B{entry['id']:012d}</AcctSvcrRef>"
        yield f"<BkTxCd><Prtry><Cd>{entry['kind']}</Cd></Prtry></BkTxCd>{_details(entry)}</Ntry>"
    yield "</Stmt>"


def _summary(entries: list[dict[str, Any]]) -> str:
    amounts = [entry["amount_fen"] for entry in entries]
    credits = [amount for amount in amounts if amount > 0]
    debits = [amount for amount in amounts if amount < 0]
    return (
        f"<TxsSummry><TtlNtries><NbOfNtries>{len(amounts)}</NbOfNtries></TtlNtries>"
        f"<TtlCdtNtries><NbOfNtries>{len(credits)}</NbOfNtries><Sum>{yuan(sum(credits))}</Sum></TtlCdtNtries>"
        f"<TtlDbtNtries><NbOfNtries>{len(debits)}</NbOfNtries><Sum>{yuan(sum(debits))}</Sum></TtlDbtNtries></TxsSummry>"
    )


def _details(entry: dict[str, Any]) -> str:
    if entry["kind"] == "BATCH":
        return (
            f"<NtryDtls><Btch><MsgId>{escape(entry['message'])}</MsgId><PmtInfId>{escape(entry['reference'])}</PmtInfId>"
            f"<NbOfTxs>{entry['count']}</NbOfTxs>{_amount(entry['amount_fen'], 'TtlAmt')}</Btch></NtryDtls>"
        )
    refs = f"<Refs><EndToEndId>{escape(entry['reference'])}</EndToEndId></Refs>{_amount(entry['amount_fen'])}"
    returned = f"<RtrInf><Rsn><Cd>{entry['reason']}</Cd></Rsn></RtrInf>" if entry["reason"] else ""
    return f"<NtryDtls><TxDtls>{refs}{returned}</TxDtls></NtryDtls>"


def _amount(amount_fen: int, tag: str = "Amt") -> str:
    side = "CRDT" if amount_fen >= 0 else "DBIT"
    return f'<{tag} Ccy="CNY">{yuan(amount_fen)}</{tag}><CdtDbtInd>{side}</CdtDbtInd>'


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
