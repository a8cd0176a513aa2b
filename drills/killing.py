"""kill -9 of PostgreSQL, of the month, of the worker and of the web, at random points."""

import subprocess
import time

from dashebao.site.postgres import Cluster
from drills.declaring import Found, drill
from drills.folders import running
from drills.ground import Ground, proofs
from drills.months import KILLED, MARKED_TOO_EARLY, MONTH_UNCHANGED, Breaking, kill_month, months_held
from drills.posting import faults, posting
from drills.product import Product, kill
from drills.recovery import kill_cluster


@drill(
    "kill-postgres",
    breaks=(
        "kill -9 of PostgreSQL with all its processes, again and again, while clients post.",
        "记账过程中反复强制终止 PostgreSQL 全部进程。",
    ),
    claim=(
        "No acknowledged posting is lost, none is there twice, none is torn.",
        "已确认的记账不丢失、不重复、不残缺。",
    ),
    control=(
        "Commits that do not wait for the disk: lost postings must be seen.",
        "提交不等待落盘：必须发现丢失的记账。",
    ),
)
def kill_postgres(ground: Ground, *, guarded: bool) -> Found:
    """Post, kill, start, and count what is there."""
    found, data, back = Found(), ground.copy(), []
    kills = 2 if ground.small else 100 if guarded else 12
    with running(data) as cluster:
        with posting(data, 8, "on" if guarded else "off") as posters:
            for _kill in range(kills):
                posters.wait_for(ground.chance.randrange(20, 200))
                kill_cluster(cluster)
                begun = time.monotonic()
                cluster.start()
                posters.wait_for(1)
                back.append(round(time.monotonic() - begun, 2))
        found.wrong += faults(data, posters) + proofs(data)
    found.figures = {"kills": kills, "acknowledged": len(posters.acknowledged), "unknown": len(posters.unknown)}
    found.figures |= {"back_seconds_median": sorted(back)[len(back) // 2], "back_seconds_worst": max(back)}
    ground.drop(data)
    return found


@drill(
    "kill-the-month",
    breaks=(
        "kill -9 of the month's run, of the worker, of the web and of PostgreSQL at random points of the month.",
        "在月度主流程的随机时刻强制终止主流程、后台进程、网页进程和 PostgreSQL。",
    ),
    claim=MONTH_UNCHANGED,
    control=MARKED_TOO_EARLY,
)
def kill_the_month(ground: Ground, *, guarded: bool) -> Found:
    """Kill until the month is done, on as many copies as it takes; compare with the unbroken month."""
    return months_held(ground, Breaking(kill_something, "kills", 2, 30, end=KILLED), guarded=guarded)


def kill_something(ground: Ground, product: Product, month: "subprocess.Popen[bytes]") -> str:
    """kill -9 of one part; the run lives through the death of another part, and then dies as well."""
    victim = ground.chance.choice(("month", "month", "worker", "web", "postgres"))
    kill_one(product, month, victim)
    product.wait_until_up()
    kill_month(month)
    return victim


def kill_one(product: Product, month: "subprocess.Popen[bytes]", victim: str) -> None:
    """kill -9 of one part of the product."""
    if victim == "month":
        kill_month(month)
    elif victim == "postgres":
        kill_cluster(Cluster(product.data))
    else:
        kill(product.part(victim))
