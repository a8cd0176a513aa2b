"""`dashebao keys list | rotate`: the keys of sealed values."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashebao.kernel.records import api as records
from dashebao.kernel.records.api import SYSTEM, acting, audit
from dashebao.kernel.secrecy.api import add_key, current_keys
from dashebao.site.commands import DIFFERENCES, WAITING, Command, CommandError


class Command(Command):  # type: ignore[no-redef]
    help = "List the keys that bank accounts and other long numbers are sealed with, or put a new one in their place."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["list", "rotate"])
        parser.add_argument("--json", action="store_true", dest="as_json")
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="drop the older key without waiting an hour; only while no other program of the product runs",
        )

    def handle(self, *args: Any, what: str, as_json: bool, at_once: bool, **options: Any) -> None:
        if what == "list":
            self._list(as_json)
            return
        try:
            with records.one_at_a_time():
                self._rotate(as_json, timedelta(0) if at_once else records.GRACE)
        except records.RotationRuns as error:
            raise CommandError(_("The keys are being rotated by another program.")) from error

    def _list(self, as_json: bool) -> None:
        found = [
            {
                "number": key.number,
                "made_at": key.made_at,
                "superseded_at": key.superseded_at,
                "rows": records.rows_under(key.number),
            }
            for key in current_keys(make=True).numbered.values()
        ]
        lines = [
            _("Key %(number)s, made %(made_at)s: %(rows)s rows.") % one
            + (" " + _("Superseded %(superseded_at)s.") % one if one["superseded_at"] else "")
            for one in found
        ]
        self.show("\n".join(lines), found, as_json)

    def _rotate(self, as_json: bool, grace: timedelta) -> None:
        """Finish the rotation that was begun, or begin one; an older key goes when no row and no program needs it."""
        with acting(SYSTEM, "keys rotate"):
            fresh = all(key.superseded_at is None for key in current_keys(make=True).numbered.values())
            if fresh:
                audit("audit.key_added", ("secrecy.key", add_key().number))
            rows = records.reseal()
            newest = current_keys().newest
            audit("audit.resealed", ("secrecy.key", newest), rows=rows)
            dropped = records.drop_unused(grace)
            for number in dropped:
                audit("audit.key_dropped", ("secrecy.key", number))
        needed = {number: records.rows_under(number) for number in sorted(set(current_keys().numbered) - {newest})}
        data = {"newest": newest, "resealed": rows, "dropped": dropped, "kept": list(needed)}
        text = ngettext(
            "%(resealed)s row was sealed again; key %(newest)s is in use.",
            "%(resealed)s rows were sealed again; key %(newest)s is in use.",
            rows,
        )
        hint = [_("Take a backup now: older ones do not hold the new key.")] if fresh else []
        self.show("\n".join([text % data, *self._told(dropped, needed), *hint]), data, as_json)
        if needed:
            self.leave(DIFFERENCES if any(needed.values()) else WAITING)

    def _told(self, dropped: list[int], needed: dict[int, int]) -> list[str]:
        out = [_("Key %(number)s is destroyed.") % {"number": number} for number in dropped]
        for number, rows in needed.items():
            if rows:
                text = _("Key %(number)s is still needed by %(rows)s rows.")
            else:
                text = _("Key %(number)s is needed by no row. Run the command again in an hour to destroy it.")
            out.append(text % {"number": number, "rows": rows})
        return out
