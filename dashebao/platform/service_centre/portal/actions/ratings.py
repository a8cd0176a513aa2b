"""Rating a finished case (好差评), and the office's answer to a bad rating within its time."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import case_view, now, today
from dashebao.kernel.catalogue.api import item
from dashebao.kernel.identity.api import User, require_role
from dashebao.kernel.records.api import audit
from dashebao.platform.service_centre.portal.actions.inbox import Told, tell
from dashebao.platform.service_centre.portal.errors import PortalRefused
from dashebao.platform.service_centre.portal.models import Rating
from dashebao.platform.service_centre.portal.rules import rating_answer_by

BAD = 2
RATABLE = ("granted", "refused", "delivered")
CLERK = "service.clerk"


def rate(case_no: str, stars: int, text: str, *, by: User) -> Rating:
    """Rate a finished case once; a bad rating (1 or 2 stars) must be answered within the promised working days."""
    view = case_view(case_no, by)
    if view.state not in RATABLE:
        raise PortalRefused(_("A case can be rated when it is finished."))
    try:
        with transaction.atomic():
            row = Rating.objects.create(
                case_no=case_no,
                item_code=view.item_code,
                person_id=by.person_id or 0,
                region_code=view.region_code,
                stars=stars,
                text=text.strip(),
                due_on=rating_answer_by(view.region_code, today()) if stars <= BAD else None,
            )
    except IntegrityError as error:
        if "portal_rating_once" not in str(error):
            raise
        raise PortalRefused(_("You have rated this case already. Thank you.")) from error
    audit("portal.rated", row, region=row.region_code, person=row.person_id, stars=stars)
    return row


def answer_rating(rating_id: int, text: str, *, by: User) -> Rating:
    """Answer a bad rating as an officer of the service desk; the applicant is told. Raises PortalRefused."""
    require_role(by, CLERK)
    row = Rating.objects.select_for_update().filter(pk=rating_id).first()
    if row is None or row.answered_at is not None:
        raise PortalRefused(_("This rating has been answered already. Load the page again."))
    row.answer, row.answered_at, row.answered_by, row.answered_name = text.strip(), now(), by.pk, by.name
    row.save()
    audit("portal.rating_answered", row, region=row.region_code, person=row.person_id)
    values = {"item": item(row.item_code).label, "answer": row.answer}
    tell(row.person_id, Told("rating_answered", f"rating {row.pk}", row.case_no, values))
    return row


def rating_of(case_no: str, person_id: int) -> Rating | None:
    """What this person said of the case, or None."""
    return Rating.objects.filter(case_no=case_no, person_id=person_id).first()
