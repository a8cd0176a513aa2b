"""The tax office takes bills over, collects them and adds up, always the same way for the same seed."""

import json

import pytest

from demonstration.partners import mailbox
from demonstration.partners.finance import Finance
from demonstration.partners.tax_office import TaxOffice
from demonstration.partners.tests.product import Product, json_lines


def bill(payer: int, scheme: str = "110", month: int = 202611, **changes: object) -> dict[str, object]:
    row = {
        "item": f"BI-{month}-{payer}-{scheme}", "payer_kind": "unit", "payer_id": payer, "credit_code": f"C{payer}",
        "name": f"单位{payer}", "region": "440106", "scheme": scheme, "pool": "440000", "month": month,
        "kind": "normal", "due_on": f"{month // 100}-{month % 100:02d}-15",
        "employer_fen": 160_000, "worker_fen": 80_000, "late_fee_fen": 0,
    }  # fmt: skip
    return row | changes


def send_bills(product, rows, *, month=202611, sequence=1, of=1, due=None):
    total = sum(
        int(row[name]) for row in rows for name in ("employer_fen", "worker_fen", "late_fee_fen") if name in row
    )
    data = {"month": month, "run": "regular", "sequence": sequence, "of": of, "rows": len(rows)}
    data["due_fen"] = total if due is None else due
    file = "".join(json.dumps(row | {"line": n}, ensure_ascii=False) + "\n" for n, row in enumerate(rows, 1)).encode()
    return product.send("tax", "T02", f"T02:{month}:regular:{sequence}", data, file)


@pytest.fixture
def product(tmp_path):
    return Product(tmp_path)


def test_bills_are_taken_over_paid_and_added_up(product, tmp_path):
    office = TaxOffice(tmp_path)
    rows = [bill(payer, scheme) for payer in range(1, 1001) for scheme in ("110", "310")]
    send_bills(product, rows)
    office.turn()
    taken, paid, totals = (product.last("tax", kind) for kind in ("T03", "T04", "T07"))
    assert taken["data"] == {"month": 202611, "run": "regular", "rows": 2000, "accepted": 2000, "refused": 0}
    lines = json_lines(paid)
    full = [
        row for row in lines if row["item"] and row["principal_fen"] == 240_000 and row["treasury_on"] <= "2026-11-15"
    ]
    assert 1900 < len(full) < 2000
    assert [row for row in lines if row["kind"] == "unmatched"]
    tickets = [row["ticket"] for row in lines if row["ticket"]]
    assert len(set(tickets)) == len(tickets)
    assert all(row["code"] in ("01", "02", "03") and not row["principal_fen"] for row in lines if not row["ticket"])
    assert totals["data"]["total_fen"] == sum(row["principal_fen"] + row["late_fee_fen"] for row in lines)
    assert (
        sum(t["principal_fen"] for day in totals["data"]["days"] for t in day["totals"])
        == paid["data"]["principal_fen"]
    )
    assert all(product.receipts("tax").values())


def test_who_pays_late_pays_next_month_with_a_late_fee(product, tmp_path):
    office = TaxOffice(tmp_path)
    for month in (202611, 202612):
        send_bills(product, [bill(payer, month=month) for payer in range(1, 601)], month=month)
        office.turn()
    late = [row for row in json_lines(product.last("tax", "T04")) if row["month"] == 202611 and row["item"]]
    assert late
    for row in late:
        assert row["treasury_on"] > "2026-11-15"
        assert row["late_fee_fen"] > 0
        days = (
            (int(row["treasury_on"][8:]) - 15) if row["treasury_on"] < "2026-12" else 15 + int(row["treasury_on"][8:])
        )
        assert row["late_fee_fen"] == (row["principal_fen"] * 5 * days + 5000) // 10000


def test_bad_rows_are_refused_one_by_one(product, tmp_path):
    rows = [bill(1), bill(2, employer_fen=0, worker_fen=0), bill(3, scheme="999"), bill(4, pool=""), bill(1)]
    send_bills(product, rows)
    TaxOffice(tmp_path).turn()
    answers = json_lines(product.last("tax", "T03"))
    assert [row.get("code", "ok") for row in answers] == ["ok", "E03", "E05", "E02", "E04"]


def test_a_file_that_does_not_fit_its_control_block_is_refused_whole(product, tmp_path):
    office = TaxOffice(tmp_path)
    send_bills(product, [bill(1)], due=5)
    office.turn()
    assert product.received("tax") == []
    assert len(product.receipts("tax")) == 1
    send_bills(product, [bill(1)])
    office.turn()
    assert product.last("tax", "T03")["data"]["accepted"] == 1


def test_a_message_without_its_fields_is_refused_and_the_office_works_on(product, tmp_path):
    office = TaxOffice(tmp_path)
    product.send("tax", "T02", "T02:x", {"month": 202611}, b"")
    product.send("tax", "T99", "T99:x", {})
    send_bills(product, [bill(1)])
    office.turn()
    outcomes = [outcome for (outcome,) in office.db.execute("select outcome from mail_in order by rowid")]
    assert [outcome.split(":")[0] for outcome in outcomes] == ["refused", "refused", "handled"]


def test_a_crash_before_the_receipt_repeats_only_the_receipt(product, tmp_path, monkeypatch):
    office = TaxOffice(tmp_path)
    path = send_bills(product, [bill(1)])
    with monkeypatch.context() as patch:
        patch.setattr(mailbox, "write_atomically", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            office.turn()
    assert path.exists()
    office.turn()
    assert [message["type"] for message in product.received("tax")] == ["T03", "T04", "T07"]
    assert list(product.receipts("tax").values()) == [True]


def test_two_offices_with_one_seed_answer_the_same(tmp_path):
    answers = []
    for name in ("a", "b"):
        product = Product(tmp_path / name)
        send_bills(product, [bill(payer) for payer in range(1, 300)])
        TaxOffice(tmp_path / name, seed=7).turn()
        answers.append(product.last("tax", "T04")["plain"])
    assert answers[0] == answers[1]


def test_totals_come_only_after_the_last_file_and_the_treasury_is_emptied(product, tmp_path):
    office, finance = TaxOffice(tmp_path), Finance(tmp_path)
    send_bills(product, [bill(2)], sequence=2, of=2)
    office.turn()
    assert "T07" not in [message["type"] for message in product.received("tax")]
    send_bills(product, [bill(1)], sequence=1, of=2)
    office.turn()
    finance.turn()
    total = product.last("tax", "T07")["data"]["total_fen"]
    moved = product.last("finance", "F03")["data"]
    assert moved["total_fen"] == total == sum(line["amount_fen"] for line in moved["lines"])
    assert moved["on"] <= "2026-11-30"


def test_a_registration_without_number_is_answered_by_line(product, tmp_path):
    rows = [{"subject": "unit", "action": "register", "unit_id": 1, "name": "甲"}, {"subject": "person"}]
    file = "".join(json.dumps(row) + "\n" for row in rows).encode() + b"not json\n"
    product.send("tax", "T01", "T01:202611:regular:1", {"month": 202611, "rows": 3}, file)
    TaxOffice(tmp_path).turn()
    answer = product.last("tax", "T01R")
    assert answer["data"] == {"rows": 3, "accepted": 1, "refused": 2}
    assert [(row["line"], row["code"]) for row in json_lines(answer)] == [(2, "E02"), (3, "E01")]


def test_a_refund_is_executed(product, tmp_path):
    body = {"refund": "R-1", "amount_fen": 500, "on": "2026-11-20", "ticket": "3"}
    product.send("tax", "T06", "T06:R-1", body)
    TaxOffice(tmp_path).turn()
    assert product.last("tax", "T05")["data"] | {"ok": True} == product.last("tax", "T05")["data"]
    assert product.last("tax", "T05")["data"]["executed_on"] == "2026-11-20"
