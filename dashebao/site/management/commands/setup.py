"""`dashebao setup`: tables, regions and static files of an installation; safe to run again."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry import api as registry
from dashebao.kernel.secrecy.api import current_keys, key_file
from dashebao.site import translations
from dashebao.site.commands import Command, CommandError


class Command(Command):  # type: ignore[no-redef]
    help = "Bring the tables, the code data and the static files of this installation up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        translations.compile_all()
        with ThreadPoolExecutor(1) as beside:  # packing the static files needs no database and takes seconds
            packed = beside.submit(_collect_static)
            call_command("migrate", verbosity=0, interactive=False)
            _make_keys()
            with acting(SYSTEM, "setup"):
                registry.load_regions()
            packed.result()
        self.stdout.write(_("Tables, code data and static files are up to date."))


def _make_keys() -> None:
    """The keys of sealed values at first start; never new ones in the place of keys that were lost."""
    if not key_file().exists() and registry.BankAccount.objects.exists():
        text = _("%(file)s is missing: accounts cannot be read. Put it back from a backup; nothing was changed.")
        raise CommandError(text % {"file": key_file()})
    current_keys(make=True)


def _collect_static() -> None:
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    digest = hashlib.sha256()
    for path in sorted((settings.ROOT / "dashebao").rglob("static/**/*")):
        if path.is_file():
            digest.update(str(path).encode() + path.read_bytes())
    digest.update((settings.ROOT / "requirements/run.lock").read_bytes())
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(digest.hexdigest())
