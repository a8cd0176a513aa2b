"""Run inside an installation: hostile text in every column and every entry, and what the pages make of it.

Everything happens in one transaction of the database's superuser with triggers off, and is undone: the installation is
the same afterwards. `python -m tests.security.sweep [--thorough]` prints JSON; thorough takes many minutes.
"""

import json
import os
import sys

import django

HOSTILE, CHEWED = '"><xss', "&lt;xss"


def main() -> None:
    """Sweep, tell, undo."""
    os.environ.update(DJANGO_SETTINGS_MODULE="dashebao.site.settings", DASHEBAO_ROLE="owner")
    django.setup()
    from django.conf import settings
    from django.db import connection, transaction

    from tests.security.crawling import swept

    connection.settings_dict.update(USER="postgres", PASSWORD=settings.SECRETS["passwords"]["postgres"])
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
        told = swept(HOSTILE, CHEWED, thorough="--thorough" in sys.argv)
        transaction.set_rollback(True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
