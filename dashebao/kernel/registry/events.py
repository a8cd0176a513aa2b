"""What the registry tells others: facts about persons and units, in the past tense."""

from dataclasses import dataclass
from datetime import date

from dashebao.kernel.events.api import Event


@dataclass(frozen=True)
class PersonRegistered(Event):
    """A person is in the registry for the first time."""

    person_id: int


@dataclass(frozen=True)
class PersonChanged(Event):
    """Name, birth, number, place or other master data of a person changed; `fields` says which."""

    person_id: int
    fields: list[str]


@dataclass(frozen=True)
class PersonDied(Event):
    """A person's death became known."""

    person_id: int
    died_on: date


@dataclass(frozen=True)
class PersonFoundAlive(Event):
    """A recorded death was withdrawn as wrong."""

    person_id: int


@dataclass(frozen=True)
class PersonImprisoned(Event):
    """A person began to serve a prison sentence."""

    person_id: int
    since: date


@dataclass(frozen=True)
class PersonReleased(Event):
    """A prison sentence ended."""

    person_id: int
    on: date


@dataclass(frozen=True)
class PersonEmployed(Event):
    """A person began to work for an employer."""

    person_id: int
    since: date


@dataclass(frozen=True)
class PersonLeftEmployment(Event):
    """An employment ended."""

    person_id: int
    on: date


@dataclass(frozen=True)
class PersonEnlisted(Event):
    """A person began military service."""

    person_id: int
    since: date


@dataclass(frozen=True)
class PersonDischarged(Event):
    """Military service ended."""

    person_id: int
    on: date


@dataclass(frozen=True)
class PersonSettledAbroad(Event):
    """A person settled abroad."""

    person_id: int
    since: date


@dataclass(frozen=True)
class PersonMarried(Event):
    """A marriage was registered."""

    person_id: int
    since: date


@dataclass(frozen=True)
class PersonDivorced(Event):
    """A marriage ended by divorce."""

    person_id: int
    since: date


@dataclass(frozen=True)
class FactRecorded(Event):
    """A fact of another kind was recorded about a person."""

    person_id: int
    kind: str
    since: date


@dataclass(frozen=True)
class FactEnded(Event):
    """A fact of another kind ended."""

    person_id: int
    kind: str
    on: date


@dataclass(frozen=True)
class BankAccountChanged(Event):
    """A person's or unit's bank account changed (the other number is 0)."""

    person_id: int
    unit_id: int
    since: date


@dataclass(frozen=True)
class PersonsMerged(Event):
    """Two records turned out to be one person; `lose_id` stands for `keep_id` from now on."""

    keep_id: int
    lose_id: int


@dataclass(frozen=True)
class PersonsUnmerged(Event):
    """A merge was undone."""

    keep_id: int
    lose_id: int


@dataclass(frozen=True)
class UnitRegistered(Event):
    """A unit is in the registry for the first time."""

    unit_id: int


@dataclass(frozen=True)
class UnitChanged(Event):
    """Master data of a unit changed."""

    unit_id: int
    fields: list[str]


@dataclass(frozen=True)
class UnitClosed(Event):
    """A unit ended."""

    unit_id: int
    closed_on: date


@dataclass(frozen=True)
class HouseholdChanged(Event):
    """Somebody joined or left a household."""

    household_id: int
