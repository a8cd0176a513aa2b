"""Files that come twice, out of order, cut off, altered or hostile."""

import base64
import gzip
import io
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

import xlsxwriter

from dashebao.business.fund.bank_files import camt_053, pain_002
from dashebao.business.fund.bank_files.stream import BadBankFile
from dashebao.business.levy import workbooks
from dashebao.business.levy.workbooks import FileRefused, read_sheet
from dashebao.platform.screens.spreadsheets import workbook
from dashebao.platform.screens.values import Column, Table
from dashebao.site.commands import DIFFERENCES
from demonstration.partners.mailbox import write_atomically
from demonstration.partners.signing import private_key, seal
from drills.declaring import Found, drill
from drills.folders import program, rows, running
from drills.ground import Ground

PUT_ASIDE = "select reason, count(*) from exchange_quarantined group by 1 order by 1"


def sheet(cells: list[list[Any]], formula: str = "") -> bytes:
    """An .xlsx with these cells; a formula in the wage column if wanted."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, line in enumerate(cells):
            for column, value in enumerate(line):
                page.write(number, column, value)
        if formula:
            page.write_formula(1, 2, formula, None, 6_000)
    return out.getvalue()


HEADERS = ["证件号码", "姓名", "月工资（元）"]
PERSON = ["440101199003070018", "张示例", 6_500]
XXE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
TOTALS = {"month": 202610, "run": "1", "rows": 0, "principal_fen": 0, "late_fee_fen": 0}
LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 9 + '"><!ENTITY c "' + "&b;" * 9 + '">]>'


def bank_answer(document_type: str = "", message: str = "M1") -> bytes:
    """A pain.002 that is well formed but for what is put into it."""
    return (
        f'<?xml version="1.0"?>{document_type}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">'
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-11-20T10:00:00</CreDtTm></GrpHdr>"
        "<OrgnlGrpInfAndSts><OrgnlMsgId>B</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        "<OrgnlNbOfTxs>1</OrgnlNbOfTxs><OrgnlCtrlSum>1</OrgnlCtrlSum><GrpSts>ACSC</GrpSts></OrgnlGrpInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()


def bomb(megabytes: int) -> bytes:
    """An .xlsx package that unpacks to very much."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        package.writestr("xl/workbook.xml", b"<x/>")
        package.writestr("xl/worksheets/sheet1.xml", bytes(megabytes * 2**20))
    return out.getvalue()


def row_refused(content: bytes) -> bool:
    """Whether the file, or every row of it, is refused."""
    try:
        return all(row.problem for row in read_sheet(content))
    except FileRefused:
        return True


def bank_refused(content: bytes, read: Callable[[bytes], Any] = pain_002.read) -> bool:
    """Whether a bank file is refused as a whole."""
    try:
        read(content)
    except BadBankFile:
        return True
    return False


def sheets() -> dict[str, bytes]:
    """Spreadsheets that must not be taken as they are."""
    good = sheet([HEADERS, PERSON])
    return {
        "18 digits as a number": sheet([HEADERS, [440101199003070018, *PERSON[1:]]]),
        "a formula": sheet([HEADERS, PERSON], "=1+1"),
        "a formula that calls out": sheet([HEADERS, PERSON], '=HYPERLINK("http://x.invalid","x")'),
        "a zip bomb": bomb(61),
        "cut off": good[: len(good) // 2],
        "not a spreadsheet": "证件号码,姓名\n440101199003070018,张示例".encode("gb18030"),
        "text in UTF-16": "证件号码,姓名\n440101199003070018,张示例".encode("utf-16"),
        "text with a byte order mark": "证件号码,姓名\n440101199003070018,张示例".encode("utf-8-sig"),
        "too many bytes": bytes(workbooks.MAX_BYTES + 1),
        "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        "macros": with_part(good, "xl/vbaProject.bin"),
        "a foreign entity": with_part(good, "xl/sharedStrings.xml", XXE.encode() + b"<sst>&x;</sst>"),
    }


def with_part(package: bytes, name: str, content: bytes = b"x") -> bytes:
    """The same package with one part more, or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def bank_files() -> dict[str, bytes]:
    """Bank answers that must be refused."""
    return {
        "a foreign entity": bank_answer(XXE, "&x;"),
        "entities that grow": bank_answer(LAUGHS, "&c;"),
        "a document type": bank_answer(XXE),
        "wrong encoding": bank_answer().decode().replace("M1", "张").encode("gb18030"),
        "wrong encoding under its declaration": bank_answer()
        .replace(b"?>", b' encoding="utf-8"?>')
        .replace(b"M1", b"\xd5\xc5"),
        "cut off": bank_answer()[:-40],
        "zero bytes": bytes(1_000),
        "empty": b"",
    }


@drill(
    "hostile-files",
    breaks=(
        "Zip bombs, numbers as floats, formulas, wrong encodings, foreign entities, poisoned envelopes.",
        "压缩炸弹、浮点证件号、公式注入、错误编码、外部实体、有毒信封。",
    ),
    claim=(
        "Each is refused with a reason, and what comes after it is still taken in.",
        "逐一拒收并说明原因，其后的文件照常接收。",
    ),
    control=("Readers without their limits: what slips through must be seen.", "去掉读取器的限制：必须发现漏网文件。"),
)
def hostile_files(ground: Ground, *, guarded: bool) -> Found:
    """Every file to its reader; envelopes through the folders of a running copy."""
    found = Found()
    limits = {"MAX_UNPACKED": workbooks.MAX_UNPACKED, "MAX_BYTES": workbooks.MAX_BYTES}
    with nullcontext() if guarded else patch.object(workbooks, "_formula_cells", lambda content: frozenset()):
        for name, content in sheets().items():
            found.expect(row_refused(content), f"spreadsheet with {name} was taken")
    for name, content in bank_files().items():
        found.expect(bank_refused(content), f"pain.002 with {name} was taken")
        found.expect(bank_refused(content, camt_053.read), f"camt.053 with {name} was taken")
    found.expect(b"<f>" not in exported(), "an exported text became a formula")
    found.figures = {"spreadsheets": len(sheets()), "bank files": 2 * len(bank_files()), **limits}
    if guarded:
        envelopes_taken(ground, found)
    return found


def exported() -> bytes:
    """The sheet of an Excel file made of entries that begin like formulas."""
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x.invalid","x")', "\t=1", "{=1}"]
    with zipfile.ZipFile(io.BytesIO(workbook([("x", Table([Column("x")], [[text] for text in texts]))], "=1"))) as made:
        return made.read("xl/worksheets/sheet1.xml")


def poisoned(key: Any) -> dict[str, str]:
    """Messages with a good signature and an evil inside."""
    base = {"source": "tax", "to": "dashebao", "type": "T04", "answers": "", "time": "2026-11-20T10:00:00", "data": {}}

    def sealed(name: str, **changed: Any) -> str:
        return seal({**base, "id": f"evil-{name}", "key": f"evil-{name}", **changed}, key)

    deep: Any = 1
    for _level in range(900):
        deep = [deep]
    broken = bytearray(gzip.compress(b"x" * 10_000))
    broken[20] ^= 0xFF
    return {
        "a file that unpacks to two gigabytes": sealed("bomb", file=grown(2_048), encoding="gzip"),
        "a file that cannot be unpacked": sealed("deflate", file=encoded(bytes(broken)), encoding="gzip"),
        "a zero character": sealed("nul", data={"text": "a\0b"}),
        "a number that is none": sealed("nan", data={"n": float("nan")}),
        "a very long kind": sealed("long", type="T" * 500),
        "a very long key": sealed("key", key="k" * 5_000),
        "a zero character in its id": sealed("id", id="a\0b"),
        "very deep data": sealed("deep", data={"deep": deep}),
        "a list as data": sealed("list", data=[1]),
    }


def envelopes_taken(ground: Ground, found: Found) -> None:
    """All of them in the tax office's folder, and a good one behind them; one look must be enough."""
    data = ground.copy()
    key = private_key(data / "partners" / "tax" / "key.pem")
    folder = data / "exchange" / "tax" / "from"
    bad = poisoned(key)
    for number, token in enumerate(bad.values()):
        write_atomically(folder / f"{number:012d}-evil.jws", token.encode())
    good = {"id": "good", "source": "tax", "to": "dashebao", "type": "T07", "key": "good", "data": TOTALS}
    write_atomically(folder / "000000009999-good.jws", seal(good, key).encode())
    with running(data):
        done = program(data, "exchange", "fetch", check=False)
        found.expect(done.returncode in (0, DIFFERENCES), f"fetching broke: {(done.stdout + done.stderr)[-300:]}")
        kept = {row[0] for row in rows(data, "select message_id from exchange_inboxmessage")}
        found.expect("good" in kept, "the good message behind the poisoned ones was not taken in")
        left = sorted(path.name for path in folder.glob("*.jws"))
        found.expect(not left, f"files still lie there: {left[:3]}")
        found.figures["envelopes"] = len(bad)
        found.figures["put_aside"] = dict(rows(data, PUT_ASIDE))
    ground.drop(data)


def grown(megabytes: int) -> str:
    """A gzip file of zeros, as it travels."""
    return encoded(gzip.compress(bytes(2**20), 9) * megabytes)


def encoded(raw: bytes) -> str:
    """Base64, as a file travels in an envelope."""
    return base64.b64encode(raw).decode()
