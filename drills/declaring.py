"""What a drill is: something that is broken, a claim that must hold, and a control that must not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from drills.ground import Ground

FULL, SMALL = "full", "small"


class Skipped(Exception):
    """This machine cannot run the drill; the text says what is missing."""


@dataclass
class Found:
    """What one run found: sentences on what was wrong (none where the claim held) and figures."""

    wrong: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note `otherwise` where something does not hold."""
        if not holds:
            self.wrong.append(otherwise)

    def equal(self, what: str, have: Any, want: Any) -> None:
        """Note a difference between what is there and what must be."""
        self.expect(have == want, f"{what}: {_short(have)} instead of {_short(want)}")


class Trial(Protocol):
    """One run of a drill. With `guarded` off it makes the same checks on a system whose guard was taken away."""

    def __call__(self, ground: Ground, *, guarded: bool) -> Found: ...


@dataclass(frozen=True)
class Drill:
    """One drill; `breaks`, `claim` and `control` are sentences in English and Chinese."""

    name: str
    breaks: tuple[str, str]
    claim: tuple[str, str]
    control: tuple[str, str]
    trial: Trial


DRILLS: dict[str, Drill] = {}


def drill(
    name: str, *, breaks: tuple[str, str], claim: tuple[str, str], control: tuple[str, str]
) -> Callable[[Trial], Trial]:
    """Register a trial as a drill."""

    def register(trial: Trial) -> Trial:
        if name in DRILLS:
            raise ValueError(f"there are two drills named {name}")
        DRILLS[name] = Drill(name, breaks, claim, control, trial)
        return trial

    return register


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 200 else f"{text[:200]}…"
