"""`dashebao fund`: the statements of a month, the payment batches, what is not reconciled, and the proof of it all."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashebao.business.fund import api as fund
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.site.commands import DIFFERENCES, Command, CommandError


def yuan(fen: int) -> str:
    """Fen as yuan with separators."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def month_number(text: str) -> int:
    """A month as yyyymm from 2026-11 or 202611."""
    digits = text.replace("-", "")
    if len(digits) != 6 or not digits.isdigit() or not 1 <= int(digits[4:]) <= 12:
        raise CommandError(_("“%(text)s” is not a month; write it as 2026-11.") % {"text": text})
    return int(digits)


class Command(Command):  # type: ignore[no-redef]
    help = "Statements, payment batches and open items of the funds."

    def add_arguments(self, parser: Any) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        statements = commands.add_parser("statements", help="balance sheet and income statement of a month")
        statements.add_argument("month")
        statements.add_argument("--book", default="", help="fund-region, such as 110-440000; all books if left out")
        batches = commands.add_parser("batches", help="payment batches of a month")
        batches.add_argument("month", nargs="?", default="")
        batches.add_argument("--state", default="", help="drafted, made, checked, approved, sent, answered, rejected")
        unreconciled = commands.add_parser("unreconciled", help="items on which ledger, bank and finance differ")
        unreconciled.add_argument("month")
        proof = commands.add_parser("verify", help="recompute what was signed, sent, stated and published")
        proof.add_argument("month")
        totals = commands.add_parser("run", help="figures of a payment run")
        totals.add_argument("month")
        for command in (statements, batches, unreconciled, proof, totals):
            command.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, as_json: bool, **options: Any) -> None:
        month = month_number(options["month"]) if options["month"] else 0
        with acting(SYSTEM, f"fund {what}"):
            if what == "statements":
                self._statements(month, options["book"], as_json)
            elif what == "batches":
                self._batches(month, options["state"], as_json)
            elif what == "run":
                self._run(month, as_json)
            elif what == "verify":
                self._verify(month, as_json)
            else:
                self._unreconciled(month, as_json)

    def _statements(self, month: int, wanted: str, as_json: bool) -> None:
        rows = [row for row in fund.running_books() if wanted in ("", str(row))]
        if not rows:
            raise CommandError(_("There are no such books. Books are named fund-region, such as 110-440000."))
        found = [statement for row in rows for statement in fund.both_statements(row.book, month)]
        self.show("\n\n".join(map(_printed, found)), [statement.as_json() for statement in found], as_json)

    def _batches(self, month: int, state: str, as_json: bool) -> None:
        found = fund.batches(month or None, state=state)
        lines = [
            f"{b.msg_id}  {b.region_code} {b.bank_code}  {b.line_count:>8}  {yuan(b.total_fen):>18}  {b.state}"
            for b in found
        ]
        text = "\n".join(lines) or _("There are no payment batches.")
        self.show(text, [dataclasses.asdict(b) for b in found], as_json)

    def _run(self, month: int, as_json: bool) -> None:
        data = dataclasses.asdict(fund.run_totals(month))
        text = _(
            "%(lines)s payments: %(batched)s in batches, %(paid)s paid, %(failed)s failed or returned, %(waiting)s waiting, "
            "%(withdrawn)s withdrawn."
        )
        self.show(text % data, data, as_json)

    def _verify(self, month: int, as_json: bool) -> None:
        found = fund.proof(month)
        self.show("\n".join(found) or _("No difference."), {"differences": found}, as_json)
        if found:
            self.leave(DIFFERENCES)

    def _unreconciled(self, month: int, as_json: bool) -> None:
        found = fund.unreconciled(month)
        items = [{"fund": c.fund, "region": c.region, **i.as_json()} for c in found for i in c.items]
        row = "%(fund)s-%(region)s  %(account)s  %(reference)s  %(side)s  %(ledger_fen)s  %(outside_fen)s"
        text = "\n".join(row % item for item in items) or _("Ledger, bank and finance office agree.")
        self.show(text, items, as_json)
        if items:
            self.leave(DIFFERENCES)


def _printed(statement: fund.Statement) -> str:
    chinese = (get_language() or "").startswith("zh")
    lines = [f"{statement.form}  {statement.fund}-{statement.region}  {statement.month}"]
    for row in statement.rows:
        if row.first_fen or row.second_fen or not row.code:
            name = row.name if chinese else row.name_en
            lines.append(f"  {row.code:4} {yuan(row.first_fen):>20} {yuan(row.second_fen):>20}  {name}")
    return "\n".join(lines)
