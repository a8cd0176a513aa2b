"""Reads of the queue: kinds of business, who waits, who is called, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, F, Min, Q

from dashebao.kernel.cases.api import now, today
from dashebao.kernel.catalogue.api import Channel, Text, categories
from dashebao.kernel.identity.api import Office, User
from dashebao.platform.service_centre.windows.models import Ticket, TicketState

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O: they look like digits
SHOWN = 12


@dataclass(frozen=True)
class Business:
    """A kind of business with the letter of its numbers."""

    code: str
    letter: str
    title: Text


@dataclass(frozen=True)
class Waiting:
    """How many wait for a kind of business, since when the first of them, and how long it took today in minutes."""

    business: Business
    waiting: int
    longest_minutes: int
    served: int
    average_minutes: int


def businesses() -> tuple[Business, ...]:
    """The kinds of business with a number of their own: the catalogue's headings at the counter."""
    headings = [heading for heading, _items in categories(Channel.COUNTER)]
    return tuple(Business(one.code, letter, one.title) for one, letter in zip(headings, LETTERS, strict=False))


def business(code: str) -> Business | None:
    """A kind of business by its code."""
    return next((one for one in businesses() if one.code == code), None)


def todays(office: Office, day: date | None = None) -> list[Waiting]:
    """Every kind of business of an office's day, in one query."""
    seconds = F("called_at") - F("taken_at")
    rows = {
        row["business"]: row
        for row in Ticket.objects.filter(office=office, day=day or today())
        .values("business")
        .annotate(
            waiting=Count("id", filter=Q(state=TicketState.WAITING)),
            since=Min("queued_at", filter=Q(state=TicketState.WAITING)),
            served=Count("id", filter=Q(state=TicketState.SERVED)),
            wait=Avg(seconds, filter=Q(called_at__isnull=False)),
        )
    }
    found = []
    for one in businesses():
        row = rows.get(one.code, {})
        since, wait = row.get("since"), row.get("wait")
        longest = int((now() - since).total_seconds() // 60) if since else 0
        average = int(wait.total_seconds() // 60) if wait else 0
        found.append(Waiting(one, row.get("waiting", 0), longest, row.get("served", 0), average))
    return found


def called_of(user: User) -> Ticket | None:
    """The number this officer serves now."""
    return Ticket.objects.filter(officer_id=user.pk, state=TicketState.CALLED).first()


def next_in_line(office: Office, limit: int = SHOWN) -> list[Ticket]:
    """Who comes next, in the order of calling."""
    waiting = Ticket.objects.filter(office=office, day=today(), state=TicketState.WAITING)
    return list(waiting.order_by("-first", "queued_at", "pk")[:limit])


def last_called(office: Office, limit: int = SHOWN) -> list[Ticket]:
    """The numbers called last, newest first."""
    called = Ticket.objects.filter(office=office, day=today(), called_at__isnull=False)
    return list(called.order_by("-called_at")[:limit])


def ahead_of(ticket: Ticket) -> int:
    """How many wait before a number of the same business."""
    before = Ticket.objects.filter(
        office=ticket.office_id, day=ticket.day, business=ticket.business, state=TicketState.WAITING
    ).exclude(pk=ticket.pk)
    earlier = Q(queued_at__lt=ticket.queued_at)
    return before.filter(earlier & Q(first=True) if ticket.first else earlier | Q(first=True)).count()
