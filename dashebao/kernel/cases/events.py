"""What the case machine tells other systems."""

from dataclasses import dataclass

from dashebao.kernel.events.api import Event


@dataclass(frozen=True)
class LetterIssued(Event):
    """A letter of a case was written: its kind and the case it belongs to."""

    letter_id: int
    case_no: str
    kind: str
