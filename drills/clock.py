"""A machine whose clock jumps: the product on a clock of its own, moved while the month runs."""

import time
from contextlib import suppress
from pathlib import Path

from drills.declaring import Found, Skipped, drill
from drills.folders import CLOCK, faketime, rows
from drills.ground import Ground, proofs
from drills.months import MOST_CHUNKS, ended_before, kill_month, start_month
from drills.product import Product, served
from drills.web import SignInRefused, Visitor

CLOCK_READ_SECONDS = 3  # within which a running program has noticed that its clock was moved
JUMPS = (-60, 300, -7_200, 86_400, -86_400, 40 * 86_400, -40 * 86_400)
OUT_OF_ORDER = """
    select count(*) from (select at, max(at) over (order by xid, id rows between unbounded preceding and 1 preceding) as before
                            from records_change) c where at < before - interval '30 seconds'"""


@drill(
    "clock-jumps",
    breaks=(
        "The clock of the whole machine jumps by minutes, days and months, forward and back, while the month runs.",
        "月度主流程运行时整机时钟前后跳动数分钟、数日乃至数月。",
    ),
    claim=(
        "All proofs hold, and an account that is locked is not opened by a clock set back.",
        "各项校验通过，回拨时钟不会解锁被锁定的账号。",
    ),
    control=(
        "The order of facts by time stamp instead of by transaction: facts out of order must be seen.",
        "以时间戳而非事务号排序：必须发现次序错乱。",
    ),
)
def clock_jumps(ground: Ground, *, guarded: bool) -> Found:
    """The product on a clock of its own, moved at random points of the month."""
    found, data, jumps = Found(), ground.copy(), 0
    set_clock(data, 0)
    with served(data) as product:
        if guarded:
            locked_out(product, found)
        while jumps < (2 if ground.small or not guarded else 12):
            child = start_month(data)
            if ended_before(data, child, ground.chance.randrange(1, MOST_CHUNKS[False]), 0) and not child.returncode:
                break
            set_clock(data, ground.chance.choice(JUMPS) if jumps % 2 == 0 else 0)
            time.sleep(CLOCK_READ_SECONDS)
            jumps += 1
            ended_before(data, child, ground.chance.randrange(1, MOST_CHUNKS[False]), 0)
            kill_month(child)  # or it was ended by the jump; either way it is run again
        if not guarded:
            early = rows(data, OUT_OF_ORDER)[0][0]
            found.expect(not early, f"{early} changes are older by their time stamp than changes made before them")
            return found
        found.wrong += proofs(data)
    found.figures["jumps"] = jumps
    ground.drop(data)
    return found


def locked_out(product: Product, found: Found) -> None:
    """Wrong guesses lock an account; a clock set back leaves it locked."""
    for _guess in range(6):
        with suppress(SignInRefused):
            Visitor(product, "pension-clerk", "a wrong guess")
    set_clock(product.data, -86_400)
    time.sleep(CLOCK_READ_SECONDS)
    try:
        Visitor(product, "pension-clerk")
        found.wrong.append("a clock set back opened a locked account")
    except SignInRefused:
        pass
    set_clock(product.data, 0)


def set_clock(data: Path, seconds: int) -> None:
    """Move the clock of every program on this copy; Skipped where the library for it is missing."""
    if faketime() is None:
        raise Skipped("libfaketime is missing (Debian: apt-get install libfaketime, or name the file in LIBFAKETIME)")
    temporary = data.parent / f".{CLOCK}"
    temporary.write_text(f"{seconds:+d}\n")
    temporary.chmod(0o644)
    temporary.replace(data.parent / CLOCK)
