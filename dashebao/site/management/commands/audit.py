"""`dashebao audit verify` and `dashebao audit seal`: the audit trail's proof."""

from typing import Any

from django.utils.translation import gettext as _

from dashebao.kernel.records import api as records
from dashebao.site.commands import DIFFERENCES, Command


class Command(Command):  # type: ignore[no-redef]
    help = "Seal the audit trail and the row history, or verify that nobody changed them."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["verify", "seal"])
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, as_json: bool, **options: Any) -> None:
        sealed = records.seal()
        if what == "seal":
            self.show(_("%(rows)s rows sealed.") % {"rows": sealed}, {"sealed": sealed}, as_json)
            return
        found = records.verify()
        data = {"rows": found.rows, "seals": found.seals, "differences": list(found.differences)}
        text = _("%(rows)s rows under %(seals)s seals verified.") % data
        if found.differences:
            text = "\n".join([_("The audit trail was changed:"), *found.differences])
        self.show(text, data, as_json)
        if found.differences:
            self.leave(DIFFERENCES)
