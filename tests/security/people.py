"""Run inside an installation: what stands behind every address, and accounts with open sessions, told as JSON."""

import json
import os

import django


def main() -> None:
    """Make everybody and print `{"things": {name: [values, word, owner]}, "sessions": {label: key}}`."""
    os.environ.update(DJANGO_SETTINGS_MODULE="dashebao.site.settings", DASHEBAO_ROLE="owner")
    django.setup()
    from tests.security import preparing

    preparing.keep_file()
    preparing.hand_in_for_a_unit()
    things = preparing.things()
    print(json.dumps({"things": things, "sessions": preparing.sessions(things)}))


if __name__ == "__main__":
    main()
