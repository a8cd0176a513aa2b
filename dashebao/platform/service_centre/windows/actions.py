"""Taking a number, calling it, passing it on and finishing it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Max

from dashebao.kernel.cases.api import now, today
from dashebao.kernel.identity.api import Office, User
from dashebao.kernel.records.api import audit, lock
from dashebao.platform.service_centre.windows.errors import (
    NobodyWaits,
    NoSuchBusiness,
    NotYours,
    NoWindow,
    StillServing,
)
from dashebao.platform.service_centre.windows.models import Ticket, TicketState
from dashebao.platform.service_centre.windows.queries import business, called_of


def take_number(office: Office, code: str, *, first: bool = False, person_id: int | None = None) -> Ticket:
    """Give the next number of a kind of business in an office; `first` goes before others (old, disabled, with child)."""
    wanted = business(code)
    if wanted is None:
        raise NoSuchBusiness
    with transaction.atomic():
        lock(Office, office.pk)
        last = Ticket.objects.filter(office=office, day=today(), letter=wanted.letter).aggregate(last=Max("serial"))
        return Ticket.objects.create(
            office=office,
            region_code=office.region_code,
            day=today(),
            business=wanted.code,
            letter=wanted.letter,
            serial=(last["last"] or 0) + 1,
            first=first,
            person_id=person_id,
            taken_at=now(),
            queued_at=now(),
        )


def call_next(user: User, codes: Sequence[str] = ()) -> Ticket:
    """Call the next number of the officer's office to his window; two windows never get the same one.

    ``codes`` narrow it to kinds of business. Raises NoWindow, StillServing or NobodyWaits.
    """
    if not user.window:
        raise NoWindow
    if called_of(user) is not None:
        raise StillServing
    with transaction.atomic():
        waiting = Ticket.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            office=user.office, day=today(), state=TicketState.WAITING
        )
        if codes:
            waiting = waiting.filter(business__in=list(codes))
        ticket = waiting.order_by("-first", "queued_at", "pk").first()
        if ticket is None:
            raise NobodyWaits
        ticket.state, ticket.window = TicketState.CALLED, user.window
        ticket.officer_id, ticket.officer_name = user.pk, user.name
        ticket.called_at, ticket.calls = now(), 1
        try:
            with transaction.atomic():
                ticket.save()
        except IntegrityError as error:  # the same officer called twice at once
            raise StillServing from error
        _note("called", ticket)
    return ticket


def recall(user: User) -> Ticket:
    """Call the own number once more."""
    with transaction.atomic():
        ticket = _own(user)
        ticket.calls += 1
        ticket.save(update_fields=["calls"])
        return ticket


def finish(user: User) -> Ticket:
    """The person was served."""
    return _end(user, TicketState.SERVED)


def miss(user: User) -> Ticket:
    """Nobody came to the window."""
    return _end(user, TicketState.MISSED)


def transfer(user: User, code: str) -> Ticket:
    """Pass the person on to another kind of business: the number keeps its place as the next one there."""
    wanted = business(code)
    if wanted is None:
        raise NoSuchBusiness
    with transaction.atomic():
        ticket = _own(user)
        ticket.business, ticket.state = wanted.code, TicketState.WAITING
        ticket.officer_id, ticket.officer_name, ticket.window = None, "", ""
        ticket.called_at, ticket.first = None, True
        ticket.save()
        _note("transferred", ticket)
        return ticket


def sit_at(user: User, window: str) -> None:
    """Note at which window the officer sits from now on."""
    user.window = window.strip()[:20]
    user.save(update_fields=["window"])


def _end(user: User, state: TicketState) -> Ticket:
    with transaction.atomic():
        ticket = _own(user)
        ticket.state, ticket.ended_at = state, now()
        ticket.save(update_fields=["state", "ended_at"])
        _note(state.value, ticket)
        return ticket


def _own(user: User) -> Ticket:
    mine = Ticket.objects.select_for_update(of=("self",)).filter(officer_id=user.pk, state=TicketState.CALLED)
    ticket = mine.first()
    if ticket is None:
        raise NotYours
    return ticket


def _note(verb: str, ticket: Ticket) -> None:
    audit(f"windows.{verb}", ticket, region=ticket.region_code, person=ticket.person_id, number=ticket.number)
