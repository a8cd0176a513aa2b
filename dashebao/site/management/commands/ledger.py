"""`dashebao ledger verify | seal | trial-balance`: the proof of the books, and what stands in them."""

import dataclasses
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.legal_time.api import Month
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.site.commands import DIFFERENCES, Command, CommandError, published_seals


class Command(Command):  # type: ignore[no-redef]
    help = "Recompute the books and name every difference, seal them, or show a trial balance."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["verify", "seal", "trial-balance"])
        parser.add_argument("--fund", help="fund scheme of the books, for example 110 (trial-balance)")
        parser.add_argument("--region", help="pooling region of the books, for example 440000 (trial-balance)")
        parser.add_argument("--month", metavar="YYYY-MM", help="month of the trial balance")
        parser.add_argument(
            "--published", type=Path, help="verify: file with seals that were kept outside (seal --json)"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, as_json: bool, **options: Any) -> None:
        with acting(SYSTEM, why=f"ledger {what}"):
            if what == "trial-balance":
                clean = self._trial_balance(options, as_json)
            elif what == "seal":
                clean = self._seal(as_json)
            else:
                clean = self._verify(options["published"], as_json)
        if not clean:
            self.leave(DIFFERENCES)

    def _seal(self, as_json: bool) -> bool:
        sealed = ledger.seal()
        self.show(
            _("%(journals)s journals sealed.") % {"journals": sealed},
            {"sealed": sealed, "seals": ledger.newest_seal()},
            as_json,
        )
        return True

    def _verify(self, published: Path | None, as_json: bool) -> bool:
        report = ledger.verify(published=published_seals(published))
        data = dataclasses.asdict(report)
        lines = [
            _(
                "%(months)s months, %(journals)s journals, %(entries)s lines and %(sub_entries)s sub-lines recomputed; "
                "%(seals)s seals verified, %(unsealed)s journals not sealed yet."
            )
            % data
        ]
        if report.differences:
            lines.append(_("%(count)s differences:") % {"count": len(report.differences)})
            lines += [f"  {difference}" for difference in report.differences]
        else:
            lines.append(_("No difference."))
        self.show("\n".join(lines), data, as_json)
        return not report.differences

    def _trial_balance(self, options: dict[str, Any], as_json: bool) -> bool:
        if not (options["fund"] and options["region"] and options["month"]):
            raise CommandError(_("Say which books and which month: --fund 110 --region 440000 --month 2026-11."))
        try:
            month = Month.parse(options["month"]).yyyymm
        except ValueError as error:
            raise CommandError(_("“%(month)s” is not a month; write it as 2026-11.") % options) from error
        book = ledger.find_books(options["fund"], options["region"])
        if book is None:
            raise CommandError(_("There are no books of fund %(fund)s in region %(region)s.") % options)
        rows = ledger.trial_balance(book, month)
        difference = sum(row.closing_fen for row in rows)
        data = {
            "book": book,
            "month": month,
            "rows": [dataclasses.asdict(row) for row in rows],
            "difference_fen": difference,
        }
        self.show("\n".join(_as_table(rows)), data, as_json)
        return difference == 0


def _as_table(rows: list[ledger.TrialRow]) -> list[str]:
    heads = (pgettext("ledger", "Account"), _("Opening"), _("Debit"), _("Credit"), _("Closing"))
    out = [f"{heads[0]:<34}" + "".join(f"{head:>22}" for head in heads[1:])]
    for row in rows:
        amounts = (row.opening_fen, row.debit_fen, row.credit_fen, row.closing_fen)
        out.append(
            f"{row.code + ' ' + row.detail:<34}"
            + "".join(f"{format_yuan(amount, grouped=True):>22}" for amount in amounts)
        )
    return out
