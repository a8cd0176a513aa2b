"""Applications by several persons: begun by one, confirmed by each, handed in with the last confirmation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import Application, submit
from dashebao.kernel.catalogue.api import Applicant, Channel, Party, item
from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry.api import person
from dashebao.platform.service_centre.portal.actions.inbox import Told, tell
from dashebao.platform.service_centre.portal.errors import PortalRefused
from dashebao.platform.service_centre.portal.models import Draft, Joint


def begin(draft: Draft, partner_ids: Sequence[Mapping[str, Any]], *, by: User) -> Joint:
    """Begin a joint application from a checked draft: it waits for the others and is handed in when all confirmed."""
    known = Joint.objects.filter(key=draft.key).first()
    if known is not None:
        return known
    mine = person(by.person_id or 0)
    others = [(int(one["person_id"]), str(one["name"])) for one in partner_ids if one["person_id"] != mine.pk]
    if not others:
        raise PortalRefused(_("Name the other person who applies together with you."))
    row = Joint.objects.create(
        item_code=draft.item_code,
        key=draft.key,
        starter_id=mine.pk,
        person_ids=[mine.pk, *(pk for pk, _name in others)],
        names=[mine.name, *(name for _pk, name in others)],
        confirmed_ids=[mine.pk],
        region_code=mine.region_code,
        answers=draft.answers,
    )
    audit("portal.joint_begun", row, region=row.region_code, person=mine.pk, item=row.item_code)
    for pk, _name in others:
        audit("portal.joint_begun", row, person=pk, item=row.item_code)
        values = {"name": mine.name, "item": item(row.item_code).label}
        tell(pk, Told("joint", f"joint {row.pk}", values=values))
    return row


def confirm_joint(joint_id: int, *, by: User) -> Joint:
    """Confirm for oneself; the last confirmation hands the application in. Twice is once."""
    row = _waiting(joint_id)
    me = by.person_id or 0
    if me not in row.person_ids:
        raise PortalRefused(_("You are not named in this application."))
    if me not in row.confirmed_ids:
        row.confirmed_ids = [*row.confirmed_ids, me]
        row.save()
        audit("portal.joint_confirmed", row, region=row.region_code, person=me)
    if set(row.confirmed_ids) != set(row.person_ids):
        return row
    parties = [Party(name, person_id=pk) for pk, name in zip(row.person_ids, row.names, strict=True)]
    applicant = Applicant.of_persons(row.region_code, *parties)
    made = submit(Application(row.item_code, applicant, row.answers, Channel.PORTAL, row.key), by)
    row.state, row.case_no = Joint.State.SUBMITTED, made.case_no
    row.save()
    for pk in row.person_ids:
        values = {"item": item(row.item_code).label, "case_no": made.case_no}
        tell(pk, Told("joint_submitted", f"joint {row.pk} submitted", made.case_no, values))
    return row


def decline_joint(joint_id: int, *, by: User) -> Joint:
    """Decline: nothing is handed in, the others are told."""
    row = _waiting(joint_id)
    me = by.person_id or 0
    if me not in row.person_ids:
        raise PortalRefused(_("You are not named in this application."))
    row.state = Joint.State.DECLINED
    row.save()
    audit("portal.joint_declined", row, region=row.region_code, person=me)
    name = row.names[row.person_ids.index(me)]
    for pk in row.person_ids:
        if pk != me:
            values = {"name": name, "item": item(row.item_code).label}
            tell(pk, Told("joint_declined", f"joint {row.pk} declined", values=values))
    return row


def _waiting(joint_id: int) -> Joint:
    row = Joint.objects.select_for_update().filter(pk=joint_id).first()
    if row is None or row.state != Joint.State.WAITING:
        raise PortalRefused(_("This application no longer waits for confirmation. Load the page again."))
    return row


def joints_of(person_id: int) -> list[Joint]:
    """The applications by several persons that wait and in which this person takes part, newest first."""
    return list(Joint.objects.filter(person_ids__contains=[person_id], state=Joint.State.WAITING).order_by("-id")[:20])
