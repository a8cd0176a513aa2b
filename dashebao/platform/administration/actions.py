"""Proposing, enacting, rejecting and withdrawing changes of reference data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.template import TemplateSyntaxError, engines
from django.utils.translation import gettext as _

from dashebao.kernel.codes.api import CodeError, table
from dashebao.kernel.identity.api import User, require_role
from dashebao.kernel.legal_time.api import TimeError, YearCalendar, read_calendar
from dashebao.kernel.records.api import audit, lock
from dashebao.kernel.rules.api import STORE, Parameter, RulesError, check_amendment, nearest, read_value
from dashebao.platform.administration import texts
from dashebao.platform.administration.errors import AdministrationRefused, told
from dashebao.platform.administration.impact import months_begun
from dashebao.platform.administration.loading import amendment_of, stored
from dashebao.platform.administration.models import Change, Closure, Enactment, Kind, Proposal

PROPOSER, APPROVER = "admin.parameters", "admin.approver"


@dataclass(frozen=True)
class Grounds:
    """The act a change rests on, why it is proposed, and the reason where it reaches back into months begun."""

    act_title: str
    act_article: str
    reason: str
    act_url: str = ""
    backdated_reason: str = ""


@dataclass(frozen=True)
class Wanted:
    """A change as an officer asks for it: kind, subject, part of the subject, region (prefix), first day, content."""

    kind: Kind
    subject: str
    since: date
    content: dict[str, Any] = field(default_factory=dict)
    part: str = ""
    region_prefix: str = ""


def propose(wanted: Wanted, grounds: Grounds, *, by: User) -> Proposal:
    """Store a proposal; AdministrationRefused with the sentence for the officer if it could never be enacted."""
    require_role(by, PROPOSER)
    if wanted.region_prefix or wanted.kind is not Kind.PARAMETER:
        _require_area(wanted, by)
    proposal = Proposal(
        kind=wanted.kind,
        subject=wanted.subject,
        part=wanted.part,
        region_prefix=wanted.region_prefix,
        since=wanted.since,
        content=wanted.content,
        act_title=grounds.act_title.strip(),
        act_article=grounds.act_article.strip(),
        act_url=grounds.act_url.strip(),
        backdated_reason=grounds.backdated_reason.strip(),
        reason=grounds.reason.strip(),
        proposed_by=by.pk,
        proposed_name=by.name,
    )
    if not proposal.act_title or not proposal.act_article:
        raise AdministrationRefused(_("A change rests on an act: enter its title and article."))
    check(proposal)
    proposal.save()
    proposal.refresh_from_db(fields=["digest"])
    audit("administration.proposed", proposal, kind=wanted.kind, about=wanted.subject, since=wanted.since.isoformat())
    return proposal


def _require_area(wanted: Wanted, by: User) -> None:
    office = by.office.region_code if by.office else ""
    while office.endswith("00"):
        office = office[:-2]
    if wanted.region_prefix and not wanted.region_prefix.startswith(office):
        raise AdministrationRefused(_("This region lies outside your area. Ask the officer of that region."))
    if not wanted.region_prefix and len(office) > 2:
        raise AdministrationRefused(_("What holds for everybody is proposed at the province."))


def check(change: Change) -> None:
    """Raise AdministrationRefused for what cannot be enacted as things stand now."""
    taken = Enactment.objects.filter(
        kind=change.kind,
        subject=change.subject,
        part=change.part,
        region_prefix=change.region_prefix,
        since=change.since,
    )
    if taken.exists():
        raise AdministrationRefused(
            _("A change from %(day)s is in force already; two cannot begin on one day. Choose another date.")
            % {"day": change.since.isoformat()}
        )
    try:
        _CHECKS[Kind(change.kind)](change)
    except (RulesError, CodeError, TimeError) as error:
        raise told(error) from error


def _check_parameter(change: Change) -> None:
    check_amendment(STORE.parameters, amendment_of(change))
    months = months_begun(change.region_prefix, change.since)
    if months and not change.backdated_reason:
        listed = _(", ").join(f"{m.month // 100}-{m.month % 100:02d}" for m in months)
        raise AdministrationRefused(
            _(
                "From %(day)s on these months have begun or are closed: %(months)s. Their results stay as they were decided. "
                "Give the reason for reaching back, or choose a later day."
            )
            % {"day": change.since.isoformat(), "months": listed}
        )


def _check_code(change: Change) -> None:
    table(change.subject)
    content = change.content
    if not content.get("zh") or not content.get("en"):
        raise AdministrationRefused(_("A code needs a Chinese and an English label."))
    if content.get("since") and content.get("until") and content["until"] <= content["since"]:
        raise AdministrationRefused(_("The code would end before it begins. Check the two days."))


def _check_calendar(change: Change) -> None:
    content = change.content
    if not content.get("holidays"):
        raise AdministrationRefused(_("The file holds no holidays."))


def _check_text(change: Change) -> None:
    text = str(change.content.get("text", ""))
    if change.subject not in texts.names():
        raise AdministrationRefused(_("There is no letter named %(name)s.") % {"name": change.subject})
    strange = texts.unknown_tokens(change.subject, text)
    if strange:
        raise AdministrationRefused(
            _("The letter is not filled with %(tokens)s. Use only the placeholders listed beside the text.")
            % {"tokens": _(", ").join(strange)}
        )
    try:
        engines["django"].from_string(text)
    except TemplateSyntaxError as error:
        raise AdministrationRefused(
            _("The placeholders do not fit together: %(why)s. Keep every “if”, “for” and its end.") % {"why": error}
        ) from error
    if text.strip() == texts.current(change.subject).strip():
        raise AdministrationRefused(_("This is the text in force already."))


_CHECKS = {
    Kind.PARAMETER: _check_parameter,
    Kind.CODE: _check_code,
    Kind.CALENDAR: _check_calendar,
    Kind.TEXT: _check_text,
}


def enact(proposal: Proposal, *, by: User, digest: str, opinion: str = "") -> Enactment:
    """Approve a proposal: the database writes the frozen row if `by` is another officer who saw `digest`.

    Every process computes with it from its next request or chunk on. Raises AdministrationRefused with the sentence.
    """
    require_role(by, APPROVER)
    lock(Proposal, proposal.pk)
    if proposal.proposed_by == by.pk:
        raise AdministrationRefused(_("Nobody approves an own proposal. Ask another approver."))
    if outcome_of(proposal):
        raise AdministrationRefused(_("This proposal is decided already."))
    check(proposal)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select administration_enact(%s, %s, %s, %s)", [proposal.pk, digest, opinion, by.name])
            made = cursor.fetchone()[0]
    except (IntegrityError, DatabaseError) as error:
        raise AdministrationRefused(
            _("The database refused the approval: %(why)s. Load the page again.") % {"why": str(error).splitlines()[0]}
        ) from error
    enacted = Enactment.objects.get(pk=made)
    audit(
        "administration.enacted",
        enacted,
        kind=enacted.kind,
        about=enacted.subject,
        since=enacted.since.isoformat(),
        act=f"{enacted.act_title} {enacted.act_article}",
    )
    return enacted


def reject(proposal: Proposal, *, by: User, reason: str) -> Closure:
    """Turn a proposal down; its proposer cannot do that (he withdraws)."""
    require_role(by, APPROVER)
    return _close(proposal, Closure.Outcome.REJECTED, by, reason)


def withdraw(proposal: Proposal, *, by: User, reason: str = "") -> Closure:
    """Take an own proposal back before it is decided."""
    if proposal.proposed_by != by.pk:
        raise AdministrationRefused(_("Only its proposer withdraws a proposal."))
    return _close(proposal, Closure.Outcome.WITHDRAWN, by, reason)


def _close(proposal: Proposal, outcome: str, by: User, reason: str) -> Closure:
    lock(Proposal, proposal.pk)
    if outcome_of(proposal):
        raise AdministrationRefused(_("This proposal is decided already."))
    if outcome == Closure.Outcome.REJECTED and not reason.strip():
        raise AdministrationRefused(_("Say why the proposal is rejected."))
    if outcome == Closure.Outcome.REJECTED and proposal.proposed_by == by.pk:
        raise AdministrationRefused(_("Withdraw an own proposal instead of rejecting it."))
    made = Closure.objects.create(
        proposal=proposal, outcome=outcome, reason=reason.strip(), closed_by=by.pk, closed_name=by.name
    )
    audit(f"administration.{outcome}", proposal, kind=proposal.kind, about=proposal.subject)
    return made


def outcome_of(proposal: Proposal) -> str:
    """enacted, rejected, withdrawn, or "" while it is open."""
    if Enactment.objects.filter(proposal=proposal).exists():
        return "enacted"
    closed = Closure.objects.filter(proposal=proposal).first()
    return closed.outcome if closed else ""


def parameter_wanted(name: str, region_prefix: str, since: date, text: str, part: str = "") -> Wanted:
    """A change of a parameter from what was typed; AdministrationRefused where the value cannot be read."""
    regions = STORE.parameters.get(name, {})
    base: Parameter | None = regions.get(region_prefix) or nearest(regions, region_prefix)
    if base is None and regions:
        base = next(iter(regions.values()))
    if base is None:
        raise AdministrationRefused(_("There is no parameter %(name)s.") % {"name": name})
    try:
        value = read_value(base, text)
    except RulesError as error:
        raise told(error) from error
    return Wanted(Kind.PARAMETER, name, since, {"value": stored(value)}, part, region_prefix)


def calendar_wanted(content: bytes, today: date) -> tuple[Wanted, YearCalendar]:
    """A calendar from an uploaded file in the layout of the repository; AdministrationRefused names what is wrong."""
    try:
        document = yaml.safe_load(content.decode("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise AdministrationRefused(
            _("The file cannot be read as YAML: %(why)s") % {"why": str(error).splitlines()[0]}
        ) from error
    try:
        calendar = read_calendar(document)
    except TimeError as error:
        raise told(error) from error
    plain = {
        "notice": {"title": calendar.notice, "number": calendar.number},
        "holidays": [
            {"name": str(h["name"]), "from": h["from"].isoformat(), "to": h["to"].isoformat()}
            for h in document["holidays"]
        ],
        "worked": sorted(day.isoformat() for day in calendar.worked),
    }
    return Wanted(Kind.CALENDAR, str(calendar.year), today, plain), calendar
