"""What the demonstration's people ask for, handed in once a period: all together or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashebao.kernel.cases.api import Application, CaseError, submit
from dashebao.kernel.cases.models import Case
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from demonstration.officers import KEY


@dataclass(frozen=True)
class Wish:
    """One application to come: the item, the person with name and place, the answers; the clerk if at the counter."""

    item: str
    person_id: int
    name: str
    region: str
    answers: dict[str, object]
    clerk: Actor | None = None


def hand_in(item: str, period: int, wishes: Iterable[Wish]) -> int:
    """Hand in what is asked for in a period (a month or a year), once; returns how many stand.

    `item` marks what was handed in before. All or none, in one transaction: what stands changes who may ask, so half of
    the wishes of a period could not be completed later. `wishes` is looked at in that transaction, and only if needed.
    """
    with acting(SYSTEM, "what people ask for"):
        if Case.objects.filter(key__startswith=f"{KEY}{item}-{period}-").exists():
            return 0
        return sum(_stands(wish, period) for wish in wishes)


def _stands(wish: Wish, period: int) -> bool:
    channel = Channel.COUNTER if wish.clerk else Channel.PORTAL
    applicant = Applicant.of_person(wish.person_id, wish.name, wish.region)
    key = f"{KEY}{wish.item}-{period}-{wish.person_id}"
    try:
        submit(
            Application(wish.item, applicant, wish.answers, channel, key),
            wish.clerk or Actor("person", wish.person_id, name=wish.name),
        )
    except CaseError as error:
        print(f"  {wish.name}: {error}", flush=True)
        return False
    return True


def people_who_sign_in() -> set[int]:
    """The people whose accounts visitors use: nobody asks for anything in their name."""
    return set(User.objects.filter(kind="citizen").values_list("person_id", flat=True))
