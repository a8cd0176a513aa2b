"""Partners whose files come damaged, twice, late and in another order while the month runs."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from dashebao.kernel.exchange.transport import write_atomically
from drills.declaring import Found, drill
from drills.folders import MONTH, ROOT, environment, program, rows
from drills.ground import Ground, proofs
from drills.months import MONTH_UNCHANGED, compare, told, unbroken
from drills.product import served

WHOLE, TWICE, LATE, CUT, ALTERED = "whole", "twice", "late", "cut off", "altered"
DAMAGED = (CUT, ALTERED)
OUR_KEY = "dashebao.pub.pem"
REFUSED = "select count(*) from exchange_quarantined"


@drill(
    "month-damaged-files",
    breaks=(
        "While the month runs, files of all partners arrive twice, late, overtaken by others, cut off or altered; "
        "the partner sends the good one again.",
        "月度主流程运行期间，各合作单位的文件重复到达、迟到、乱序、截断或被改动；对方随后重发完好的文件。",
    ),
    claim=MONTH_UNCHANGED,
    control=(
        "Damaged files are not sent again: what they told must be missing.",
        "损坏的文件不再重发：必须发现缺失的内容。",
    ),
)
def month_damaged_files(ground: Ground, *, guarded: bool) -> Found:
    """A carrier between the partners and the product, who is not to be trusted."""
    want, found, data = unbroken(ground), Found(), ground.copy()
    carrier = Carrier(data, Random(ground.chance.random()), sends_again=guarded)
    with own_partners(carrier), served(data), carrier:
        program(data, "month", "run", MONTH, "--wait", "120" if guarded else "5", check=guarded)
        carrier.deliver_everything()
        found.wrong += proofs(data)
        if guarded:
            refused = rows(data, REFUSED)[0][0]
            found.expect(refused >= carrier.damaged, f"{carrier.damaged} files were damaged, {refused} were put aside")
        compare(found, told(data), want)
    found.figures = dict(carrier.fates)
    ground.drop(data)
    return found


class Carrier(threading.Thread):
    """Carries files from `side`, where the partners lay them out, to the folders that the product reads."""

    def __init__(self, data: Path, chance: Random, *, sends_again: bool) -> None:
        super().__init__(daemon=True)
        self.data, self.chance, self.sends_again = data, chance, sends_again
        self.side = data.parent / "side"
        self.fates: Counter[str] = Counter()
        self.waiting: list[tuple[float, Path, bytes]] = []
        self.lost: set[str] = set()
        self.over = threading.Event()

    @property
    def damaged(self) -> int:
        """How many files were damaged on the way."""
        return sum(self.fates[fate] for fate in DAMAGED)

    def __enter__(self) -> "Carrier":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()

    def run(self) -> None:
        """Carry until it is over."""
        while not self.over.is_set():
            for path in sorted(self.side.glob("exchange/*/from/*.jws")):
                self._carry(path)
                path.unlink()
            self._deliver(time.monotonic())
            time.sleep(0.02)

    def deliver_everything(self) -> None:
        """Return when nothing is on the way and the product has taken everything."""
        while self.waiting or any(any(at.glob("exchange/*/from/*.jws")) for at in (self.side, self.data)):
            time.sleep(0.1)

    def _carry(self, path: Path) -> None:
        content, name = path.read_bytes(), path.name
        target = self.data / path.relative_to(self.side)
        if name in self.lost:
            return
        fate = self.chance.choices((WHOLE, TWICE, LATE, *DAMAGED), (5, 2, 2, 1, 1))[0]
        self.fates[fate] += 1
        if fate == LATE:
            self._later(target, content)
            return
        if fate not in DAMAGED:
            write_atomically(target, content)
            if fate == TWICE:
                self._later(target.with_name(f"again-{name}"), content)
            return
        at = self.chance.randrange(len(content) // 4, len(content))
        other = b"A" if content[at : at + 1] != b"A" else b"B"
        write_atomically(target, content[:at] if fate == CUT else content[:at] + other + content[at + 1 :])
        if self.sends_again:
            self._later(target, content)
        else:
            self.lost.add(name)

    def _later(self, target: Path, content: bytes) -> None:
        self.waiting.append((time.monotonic() + self.chance.uniform(0.2, 3), target, content))

    def _deliver(self, now: float) -> None:
        for letter in list(self.waiting):
            due, target, content = letter
            if due <= now and not target.exists():
                write_atomically(target, content)
                self.waiting.remove(letter)


@contextmanager
def own_partners(carrier: Carrier) -> Iterator[None]:
    """The partners, who take from the product themselves but hand what they send to the carrier.

    They hold the lock of the data folder's partners, so those that the product starts stand by.
    """
    data, side = carrier.data, carrier.side
    (side / "exchange").mkdir(parents=True)
    (side / "partners").symlink_to(data / "partners")
    (side / "exchange" / OUR_KEY).symlink_to(data / "exchange" / OUR_KEY)
    for partner in (data / "partners").iterdir():
        post, theirs = data / "exchange" / partner.name, side / "exchange" / partner.name
        for folder in (post / "to", post / "from", theirs / "from"):
            folder.mkdir(parents=True, exist_ok=True)
        (theirs / "to").symlink_to(post / "to")
    process = subprocess.Popen(
        [sys.executable, "-m", "demonstration.partners", str(side)], cwd=ROOT, env=environment(data)
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait()
