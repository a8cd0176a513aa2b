"""How a person wants the portal: language, large text, messages by telephone or post."""

from __future__ import annotations

from dataclasses import dataclass

from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry.api import change_person
from dashebao.platform.service_centre.portal.models import Preference


@dataclass(frozen=True)
class Wishes:
    """What the profile page saves."""

    mobile: str
    address: str
    language: str
    elder: bool
    by_sms: bool
    by_post: bool


def wishes_of(person_id: int) -> Preference:
    """The saved wishes, or the usual ones."""
    return Preference.objects.filter(person_id=person_id).first() or Preference(person_id=person_id)


def keep_wishes(given: Wishes, *, by: User) -> Preference:
    """Save mobile number and address in the registry and the rest here."""
    me = by.person_id or 0
    change_person(me, mobile=given.mobile, address=given.address)
    row, _made = Preference.objects.update_or_create(
        person_id=me,
        defaults={
            "language": given.language,
            "elder": given.elder,
            "by_sms": given.by_sms,
            "by_post": given.by_post,
        },
    )
    audit("portal.profile_changed", row, person=me)
    return row
