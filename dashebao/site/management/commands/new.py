"""`dashebao new item`: scaffolds one service item with its test and catalogue entries into a system."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from dashebao.kernel.catalogue.api import items
from dashebao.kernel.identity.api import roles
from dashebao.site.commands import Command, CommandError
from dashebao.site.scaffolds import NewItem, ScaffoldRefused, write_item

DECIDERS = ("reviewer", "approver", "assessor", "checker")


class Command(Command):  # type: ignore[no-redef]
    help = "Scaffold a new service item into a system."

    def add_arguments(self, parser: Any) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        item = parts.add_parser("item", help=_("One item file, its test and its catalogue entries."))
        item.add_argument("system", help=_("The system's label, e.g. levy."))
        item.add_argument("code", help=_("The item's code, e.g. SI-2028."))
        item.add_argument("name", help=_("Name of the class: verb and object, e.g. CheckArrears."))
        item.add_argument("--zh", required=True, help=_("The official Chinese name."))
        item.add_argument("--title", required=True, help=_("The English title."))
        item.add_argument("--person", action="store_true", help=_("A person applies, not a unit."))
        item.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            config = apps.get_app_config(options["system"])
        except LookupError as error:
            raise CommandError(_("There is no system %(label)s.") % {"label": options["system"]}) from error
        if options["code"] in {found.code for found in items()}:
            raise CommandError(_("The code %(code)s is taken.") % {"code": options["code"]})
        held = [code for code in roles() if code.startswith(f"{config.label}.")]
        decider = next((f"{config.label}.{name}" for name in DECIDERS if f"{config.label}.{name}" in held), "")
        if f"{config.label}.clerk" not in held or not decider:
            raise CommandError(_("%(label)s has no clerk and no deciding role yet.") % {"label": config.label})
        wanted = NewItem(
            module=config.name,
            folder=Path(config.path),
            code=options["code"],
            name=options["name"],
            zh=options["zh"],
            title=options["title"],
            person=options["person"],
            clerk=f"{config.label}.clerk",
            decider=decider,
        )
        try:
            written = [str(path) for path in write_item(wanted)]
        except ScaffoldRefused as error:
            raise CommandError(str(error)) from error
        self.show("\n".join(written), {"files": written}, options["as_json"])
