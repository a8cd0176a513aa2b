"""Runs the partners: python -m demonstration.partners DATA [--once] [--seed N]."""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from demonstration.partners.bank import Bank
from demonstration.partners.finance import Finance
from demonstration.partners.tax_office import TaxOffice
from demonstration.partners.transfer_platform import TransferPlatform

POLL_SECONDS = 0.3


def main(arguments: list[str] | None = None) -> int:
    """Loop until stopped, or until nothing is left to do with --once."""
    parser = argparse.ArgumentParser(prog="python -m demonstration.partners", description=__doc__)
    parser.add_argument("data", type=Path, help="the data folder shared with the product")
    parser.add_argument("--once", action="store_true", help="work off what is there and stop")
    parser.add_argument("--seed", type=int, default=1, help="decides who pays late and which accounts are bad")
    options = parser.parse_args(arguments)
    partners = (
        TaxOffice(options.data, options.seed),
        Finance(options.data),
        Bank(options.data, options.seed),
        TransferPlatform(options.data, options.seed),
    )
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda caught, _frame: stopped.append(caught))
    parent = os.getppid()

    def ended() -> bool:
        """Told to stop, or whoever started us was killed."""
        return bool(stopped) or os.getppid() != parent

    with only_one(options.data / "partners" / "running", ended):
        while not ended():
            done = sum(partner.turn() for partner in partners)
            if not done:
                if options.once:
                    break
                time.sleep(POLL_SECONDS)
    return 0


@contextmanager
def only_one(path: Path, stopped: Callable[[], bool]) -> Iterator[None]:
    """Wait until no other process plays the partners of this data folder; bin/up and a month run may both start one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        while not stopped():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(POLL_SECONDS)
        yield


if __name__ == "__main__":
    raise SystemExit(main())
