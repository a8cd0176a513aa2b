"""The demonstration's own officers: they decide its people's claims and sign its payment batches, nothing else."""

import os
import signal
import time

import django

KEY = "demonstration-"
POLL_SECONDS = 0.5


def main() -> None:
    """Work until stopped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
    os.environ.setdefault("DASHEBAO_ROLE", "worker")
    django.setup()
    from demonstration.deciding import decide_claims, sign_payment_batches  # noqa: PLC0415  needs the settings

    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, frame: stopping.append(got))
    parent = os.getppid()
    while not stopping and os.getppid() == parent:  # a month that was killed leaves nobody at work
        decide_claims(KEY)
        sign_payment_batches()
        time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    main()
