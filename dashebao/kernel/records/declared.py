"""What a table says of itself: its history, who may see its rows, which columns hold personal data."""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

from django.db import models


class History(Enum):
    """How the database keeps a table's past."""

    TRACKED = "tracked"  # every insert, update and delete leaves a history row, bulk SQL included
    FROZEN = "frozen"  # insert only: the rows are their own history
    NONE = "none"  # technical state without legal meaning


class Mark(Enum):
    """Kinds of personal data (GB/T 35273): decides masking on screens and what a leak would cost."""

    NAME = "name"
    IDENTITY = "identity"  # number, birth, sex, nation
    CONTACT = "contact"
    ADDRESS = "address"
    BANK = "bank"
    WAGE = "wage"
    BENEFIT = "benefit"
    HEALTH = "health"
    STATUS = "status"  # death, prison, marriage, employment
    INCOME = "income"
    SECRET = "secret"  # noqa: S105  password hashes, second-factor secrets
    COPY = "copy"  # a copy of other marked columns


@dataclass(frozen=True)
class Scope:
    """Whose rows these are: names of the columns that row-level security compares with the signed context.

    `region`: a 6-digit code, seen by officers whose prefix it starts with; `person`, `unit`: ids seen by that person
    and by that unit's operators; `parent`: "column:table" of the row this one belongs to (its policy decides);
    `author`: "kind column:id column" of the actor who wrote the row and may see it again.
    """

    region: str = ""
    person: str = ""
    unit: str = ""
    parent: str = ""
    author: str = ""
    everybody: bool = False
    staff: bool = False

    PUBLIC: ClassVar["Scope"]
    STAFF: ClassVar["Scope"]


Scope.PUBLIC = Scope(everybody=True)
Scope.STAFF = Scope(staff=True)


class Record(models.Model):
    """Base of every table of the product; `history`, `scope` and `personal` must be declared, a test sees to it.

    `rights` is "write" (web and worker may insert, update, delete as far as history and scope allow) or "read" (only
    functions of the database write the table).
    """

    history: ClassVar[History]
    scope: ClassVar[Scope]
    personal: ClassVar[dict[str, Mark]]
    rights: ClassVar[str] = "write"

    class Meta:
        abstract = True
