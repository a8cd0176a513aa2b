"""Officers with one duty each, for the administration's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from dashebao.kernel.identity.api import Grant, Office, User, actor_of, roles
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import load_regions
from dashebao.platform.administration import actions
from dashebao.platform.administration.models import Enactment, Proposal

SINCE = DateRange(date(2020, 1, 1), None)
GROUNDS = actions.Grounds("粤人社发〔2026〕99号", "第二条", "年度调整")


def make_offices() -> tuple[Office, Office]:
    """The province's office and one of Guangzhou."""
    load_regions()
    province, _made = Office.objects.get_or_create(
        code="T-44", defaults={"name": "省局", "name_en": "Province", "level": "province", "region_code": "440000"}
    )
    city, _made = Office.objects.get_or_create(
        code="T-4401",
        defaults={
            "name": "广州局",
            "name_en": "Guangzhou",
            "level": "city",
            "region_code": "440100",
            "parent": province,
        },
    )
    return province, city


def officer(username: str, *held: str, office: Office | None = None) -> User:
    """An officer of the province (or `office`) who holds these roles since 2020."""
    with acting(SYSTEM, "test"):
        place = office or make_offices()[0]
        user = User.objects.create(username=username, kind="officer", name=username.title(), office=place)
        for role in held:
            Grant.objects.create(user=user, role=role, family=roles()[role].family, valid_during=SINCE)
    return user


@contextmanager
def as_officer(user: User) -> Iterator[User]:
    """Act as this officer, without what he was found to hold before."""
    fresh = User.objects.select_related("office").get(pk=user.pk)
    with acting(actor_of(fresh), "test"):
        yield fresh


def propose(by: User, wanted: actions.Wanted, grounds: actions.Grounds = GROUNDS) -> Proposal:
    """A proposal made by an officer in a block of his own."""
    with as_officer(by) as user:
        return actions.propose(wanted, grounds, by=user)


def enact(by: User, proposal: Proposal) -> Enactment:
    """An approval in a block of its own; afterwards the next block computes with it."""
    with as_officer(by) as user:
        return actions.enact(proposal, by=user, digest=proposal.digest)
