"""What the levy tells others."""

from dataclasses import dataclass

from dashebao.kernel.events.api import Event


@dataclass(frozen=True)
class PersonEnrolled(Event):
    """A person's insurance began from `month`; `unit_id` 0 = pays alone."""

    person_id: int
    unit_id: int
    schemes: tuple[str, ...]
    month: int


@dataclass(frozen=True)
class PersonLeft(Event):
    """A person's insurance with this payer ends; `month` is the first month no longer due, `kind` the movement kind."""

    person_id: int
    unit_id: int
    schemes: tuple[str, ...]
    month: int
    kind: str


@dataclass(frozen=True)
class ContributionsPosted(Event):
    """The receipts of a month are in the books and on the personal accounts."""

    month: int
