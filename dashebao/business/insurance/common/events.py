"""What running benefits and accounts tell others."""

from dataclasses import dataclass
from datetime import date

from dashebao.kernel.events.api import Event


@dataclass(frozen=True)
class SchemesLinked(Event):
    """A person's account goes from one pension scheme to the other; `months` of the old one count in the new."""

    person_id: int
    region_code: str
    from_scheme: str
    to_scheme: str
    months: int
    on: date
