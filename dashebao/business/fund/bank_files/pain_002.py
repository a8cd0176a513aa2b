"""Reads pain.002.001.10: the bank's answer to one payment batch, transaction by transaction."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from .stream import BadBankFile, children, elements, fen, text

NAME = "pain.002.001.10"


@dataclass
class StatusReport:
    """The answer to one pain.001: whose answer, the counts it repeats, and the transactions it itemises (columns)."""

    msg_id: str = ""
    original_msg_id: str = ""
    original_count: int = 0
    original_total_fen: int = 0
    group_status: str = ""
    group_reason: str = ""
    tallies: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    end_to_end_ids: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    amounts_fen: list[int] = field(default_factory=list)

    @property
    def whole_file_refused(self) -> bool:
        """The bank took nothing of the file (format, totals or account), so no transaction is itemised."""
        return self.group_status == "RJCT" and not self.end_to_end_ids


def read(content: bytes) -> StatusReport:
    """The report in the file; raises BadBankFile if it breaks the schema or contradicts itself."""
    report, payment_tallies = StatusReport(), []
    tags = ("GrpHdr", "OrgnlGrpInfAndSts", "TxInfAndSts", "NbOfTxsPerSts")
    for local, element in elements(content, NAME, tags):
        if local == "GrpHdr":
            report.msg_id = text(element, "MsgId", NAME)
        elif local == "NbOfTxsPerSts":
            total = text(element, "DtldCtrlSum", NAME, "")
            row = (
                text(element, "DtldSts", NAME),
                int(text(element, "DtldNbOfTxs", NAME)),
                fen(total) if total else None,
            )
            payment_tallies.append(row)
        elif local == "OrgnlGrpInfAndSts":
            _group(report, element)
        else:
            _transaction(report, element)
    report.tallies = {status: (count, total) for status, count, total in payment_tallies}
    _agrees_with_itself(report)
    return report


def _group(report: StatusReport, element: etree._Element) -> None:
    if text(element, "OrgnlMsgNmId", NAME) != "pain.001.001.09":
        raise BadBankFile("the answer is to another kind of message")
    report.original_msg_id = text(element, "OrgnlMsgId", NAME)
    report.original_count = int(text(element, "OrgnlNbOfTxs", NAME))
    report.original_total_fen = fen(text(element, "OrgnlCtrlSum", NAME))
    report.group_status = text(element, "GrpSts", NAME, "")
    for reason in children(element, "StsRsnInf", NAME):
        report.group_reason = text(reason, "Rsn/Cd", NAME, "") or text(reason, "Rsn/Prtry", NAME, "")


def _transaction(report: StatusReport, element: etree._Element) -> None:
    status = text(element, "TxSts", NAME)
    if status not in ("ACSC", "RJCT"):
        raise BadBankFile(f"a transaction cannot be {status}")
    amount = text(element, "OrgnlTxRef/Amt/InstdAmt", NAME, "")
    report.end_to_end_ids.append(text(element, "OrgnlEndToEndId", NAME))
    report.statuses.append(status)
    report.reasons.append(text(element, "StsRsnInf/Rsn/Cd", NAME, "") or text(element, "StsRsnInf/Rsn/Prtry", NAME, ""))
    report.amounts_fen.append(fen(amount) if amount else -1)


def _agrees_with_itself(report: StatusReport) -> None:
    """Counts and control sums of the report match its own transactions; no transaction is answered twice."""
    if len(set(report.end_to_end_ids)) != len(report.end_to_end_ids):
        raise BadBankFile(f"{report.msg_id}: a transaction is answered twice")
    if len(report.end_to_end_ids) > report.original_count:
        raise BadBankFile(f"{report.msg_id}: more answers than transactions")
    rejected = [a for a, s in zip(report.amounts_fen, report.statuses, strict=True) if s == "RJCT"]
    if report.whole_file_refused:
        return
    if report.group_status == "RJCT" and len(rejected) != report.original_count:
        raise BadBankFile(
            f"{report.msg_id}: refused as a whole, yet {len(rejected)} of {report.original_count} itemised"
        )
    if report.group_status == "ACSC" and rejected:
        raise BadBankFile(f"{report.msg_id}: accepted as a whole, yet {len(rejected)} rejected")
    if "RJCT" in report.tallies:
        count, total = report.tallies["RJCT"]
        known = all(a >= 0 for a in rejected)
        if count != len(rejected) or (total is not None and known and total != sum(rejected)):
            raise BadBankFile(f"{report.msg_id}: rejected transactions do not add up to the tally")
    if sum(count for count, _ in report.tallies.values()) not in (0, report.original_count):
        raise BadBankFile(f"{report.msg_id}: the tallies do not add up to {report.original_count}")
