"""`dashebao audit verify` and `dashebao audit seal`: the audit trail's proof."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dashebao.kernel.records import api as records
from dashebao.site.commands import DIFFERENCES, Command, published_seals


class Command(Command):  # type: ignore[no-redef]
    help = "Seal the audit trail and the row history, or verify that nobody changed them or a row past its history."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["verify", "seal"])
        parser.add_argument(
            "--published", type=Path, help="verify: file with seals that were kept outside (seal --json)"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, published: Path | None, as_json: bool, **options: Any) -> None:
        known = published_seals(published)
        sealed = records.seal()
        if what == "seal":
            data = {"sealed": sealed, "seals": records.newest()}
            self.show(_("%(rows)s rows sealed.") % {"rows": sealed}, data, as_json)
            return
        found = records.verify(known)
        differences = [*found.differences, *records.changed_rows()]
        data = {"rows": found.rows, "seals": found.seals, "differences": differences}
        text = _("%(rows)s rows under %(seals)s seals verified.") % data
        if differences:
            text = "\n".join([_("These were changed:"), *differences])
        self.show(text, data, as_json)
        if differences:
            self.leave(DIFFERENCES)
