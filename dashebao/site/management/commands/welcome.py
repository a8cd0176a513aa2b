"""`dashebao welcome`: addresses, demonstration accounts and what to try first."""

import json
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashebao.site.commands import Command
from dashebao.site.companions import FILE


class Command(Command):  # type: ignore[no-redef]
    help = "Print the addresses, the demonstration's sign-in accounts and what to try first."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, port: int, as_json: bool, **options: Any) -> None:
        path = settings.DATA / FILE
        told = json.loads(path.read_text()) if path.exists() else {}
        base = f"http://127.0.0.1:{port}"
        addresses = {"portal": f"{base}/", "employer": f"{base}/employer/", "counter": f"{base}/counter/"}
        data = {"addresses": addresses, "password": told.get("password", ""), "accounts": told.get("accounts", [])}
        self.show(_text(data), data, as_json)


def _text(data: dict[str, Any]) -> str:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    lines = [
        "",
        _("Citizen portal   %(address)s") % {"address": data["addresses"]["portal"]},
        _("Employer portal  %(address)s") % {"address": data["addresses"]["employer"]},
        _("Counter          %(address)s") % {"address": data["addresses"]["counter"]},
    ]
    if data["accounts"]:
        lines += ["", _("Demonstration accounts, all with the password %(password)s:") % {"password": data["password"]}]
        lines += [f"  {account['username']:<20} {account[language]}" for account in data["accounts"]]
        lines += [
            "",
            _("Try first: sign in as citizen-retiring, apply for the pension, then decide it as pension-clerk,"),
            _("pension-assessor and pension-approver; look at the month's progress as fund-maker."),
        ]
    return "\n".join([*lines, ""])
