"""`dashebao drill NAME|all|list`: breaks a copy of a small province and says whether it held, and whether the control failed."""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from random import SystemRandom
from typing import Any

import django

from dashebao.site.commands import language

FAMILIES = ("recovery", "killing", "partners", "files", "clock", "concurrency", "outages", "corruption", "tampering")
PEOPLE = "200"
SAYINGS = {
    "province": ("Making a province of {people} people …", "正在生成 {people} 人的省份 …"),
    "seed": ("seed {seed}", "随机种子 {seed}"),
    "begin": ("{name}: {breaks}", "{name}：{breaks}"),
    "held": ("  held: {claim} {figures} {seconds}s", "  成立：{claim} {figures} {seconds} 秒"),
    "failed": ("  FAILED: {claim} {wrong}", "  不成立：{claim} {wrong}"),
    "seen": ("  control, seen as it must be: {control} {wrong}", "  对照，如期发现：{control} {wrong}"),
    "unseen": ("  CONTROL NOT SEEN: {control} The drill proves nothing.", "  对照未发现：{control} 本演练无效。"),
    "skipped": ("  skipped: {why}", "  跳过：{why}"),
    "broken": ("  the drill itself broke: {why}", "  演练本身出错：{why}"),
    "end": (
        "{passed} passed, {failed} failed, {skipped} skipped",
        "通过 {passed} 项，失败 {failed} 项，跳过 {skipped} 项",
    ),
}


@dataclass
class Result:
    """What became of one drill."""

    name: str
    passed: bool
    seed: int
    seconds: float
    figures: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    control_saw: list[str] = field(default_factory=list)
    skipped: str = ""
    broken: str = ""


class Teller:
    """Prints in the terminal's language, or keeps silent where JSON is wanted."""

    def __init__(self, silent: bool) -> None:
        self.silent, self.chinese = silent, language() != "en"

    def say(self, key: str, **values: object) -> None:
        """One line; pairs of (English, Chinese) among the values become the right one."""
        if not self.silent:
            chosen = {k: v[self.chinese] if isinstance(v, tuple) else v for k, v in values.items()}
            print(SAYINGS[key][self.chinese].format(**chosen), flush=True)


def main(arguments: list[str]) -> int:
    """Run drills; exit code 1 where a claim failed or a control was not seen."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped on the way out
    scratch = Path(tempfile.mkdtemp(prefix="dashebao-drill-"))
    scratch.chmod(0o755)
    province = options.province.resolve() if options.province else scratch / "province"
    os.environ.update(
        DASHEBAO_DATA=str(province), DASHEBAO_ROLE="worker", DJANGO_SETTINGS_MODULE="dashebao.site.settings"
    )
    django.setup()  # the secrets made here become those of the province
    for family in FAMILIES:
        import_module(f"drills.{family}")
    try:
        return run(options, province, scratch)
    finally:
        if options.keep:
            print(scratch, file=sys.stderr)
        else:
            shutil.rmtree(scratch, ignore_errors=True)


def run(options: argparse.Namespace, province: Path, scratch: Path) -> int:
    """List the drills, or run the chosen ones one after the other."""
    from drills.declaring import DRILLS  # noqa: PLC0415  needs the settings
    from drills.ground import Ground  # noqa: PLC0415

    teller = Teller(options.as_json)
    if options.names == ["list"]:
        listed(DRILLS, teller)
        return 0
    names = list(DRILLS) if options.names == ["all"] else options.names
    if unknown := [name for name in names if name not in DRILLS]:
        print(f"{unknown[0]}: {', '.join(DRILLS)}", file=sys.stderr)
        return 2
    if not options.province:
        build(province, teller)
    teller.say("seed", seed=options.seed)
    ground = Ground(province, scratch, options.small, options.seed, options.finished)
    results = []
    for name in names:
        teller.say("begin", name=name, breaks=DRILLS[name].breaks)
        results.append(one(DRILLS[name], ground, teller))
    counted = {
        "passed": sum(r.passed for r in results),
        "skipped": sum(bool(r.skipped) for r in results),
        "failed": sum(not (r.passed or r.skipped) for r in results),
    }
    if options.as_json:
        print(json.dumps(counted | {"drills": [asdict(r) for r in results]}, ensure_ascii=False, indent=2, default=str))
    teller.say("end", **counted)
    return 1 if counted["failed"] else 0


def one(drill: Any, ground: Any, teller: Teller) -> Result:
    """The claim, then the control."""
    from drills.declaring import Skipped  # noqa: PLC0415

    begun = time.monotonic()
    result = Result(drill.name, False, ground.seed, 0.0)
    try:
        ground.begin()
        claim = drill.trial(ground, guarded=True)
        result.figures, result.wrong, result.seconds = claim.figures, claim.wrong, round(time.monotonic() - begun, 1)
        ground.begin()
        result.control_saw = drill.trial(ground, guarded=False).wrong
    except Skipped as why:
        result.skipped = str(why)
        teller.say("skipped", why=why)
        return result
    except Exception as error:
        result.broken = "".join(traceback.format_exception(error))[-3_000:]
        teller.say("broken", why=result.broken)
        return result
    result.passed = not result.wrong and bool(result.control_saw)
    told = {"claim": drill.claim, "control": drill.control, "figures": result.figures, "seconds": result.seconds}
    teller.say("failed" if result.wrong else "held", wrong=result.wrong[:5], **told)
    teller.say("seen" if result.control_saw else "unseen", wrong=result.control_saw[:2], **told)
    return result


def build(data: Path, teller: Teller) -> None:
    """A small province in which no month has run."""
    from drills.ground import python  # noqa: PLC0415

    teller.say("province", people=PEOPLE)
    python(data, "-m", "dashebao.site.up", "--data", str(data), "--people", PEOPLE, "--no-serve", "--no-month")


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(prog="dashebao drill", description=__doc__)
    parser.add_argument("names", metavar="NAME|all|list", nargs="+")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000))
    parser.add_argument("--small", action="store_true", help="the size for continuous integration")
    parser.add_argument("--province", type=Path, help="a stopped data folder to copy instead of making one")
    parser.add_argument("--finished", type=Path, help="the same province after the month, stopped")
    parser.add_argument("--keep", action="store_true", help="leave the broken copies for looking at them")
    parser.add_argument("--json", action="store_true", dest="as_json")
    return parser.parse_args(arguments)


def listed(drills: dict[str, Any], teller: Teller) -> None:
    """Every drill with what it breaks, what it claims and what its control is."""
    if teller.silent:
        told = [{"name": d.name, "breaks": d.breaks, "claim": d.claim, "control": d.control} for d in drills.values()]
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for d in drills.values():
        print("\n    ".join([d.name, *(words[teller.chinese] for words in (d.breaks, d.claim, d.control))]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
