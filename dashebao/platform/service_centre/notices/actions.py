"""Writing, publishing and withdrawing notices."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import User, require_role
from dashebao.kernel.records.api import audit
from dashebao.platform.service_centre.notices.models import Notice

EDITOR, PUBLISHER = "notices.editor", "notices.publisher"


class NoticeRefused(Exception):
    """A notice cannot be written, published or withdrawn; the message says why."""


@dataclass(frozen=True)
class Wording:
    """What a notice says, in both languages."""

    kind: str
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    pinned: bool = False


def write(wording: Wording, *, by: User, notice_id: int | None = None, version: int = 0) -> Notice:
    """Write a new draft, or change a draft that is still as the writer saw it. Raises NoticeRefused."""
    require_role(by, EDITOR)
    if notice_id is None:
        assert by.office is not None  # officers belong to an office
        row = Notice(region_code=by.office.region_code, written_by=by.pk)
    else:
        row = _locked(notice_id, version)
        if row.state != Notice.State.DRAFT:
            raise NoticeRefused(_("A published notice cannot be changed. Withdraw it and write a new one."))
        row.version += 1
        row.written_by = by.pk
    for name, value in asdict(wording).items():
        setattr(row, name, value)
    row.written_at = timezone.now()
    row.save()
    audit("notices.written", row, region=row.region_code, title=row.title_zh)
    return row


def publish(notice_id: int, version: int, *, by: User) -> Notice:
    """Publish a draft somebody else wrote. Raises NoticeRefused."""
    require_role(by, PUBLISHER)
    row = _locked(notice_id, version)
    if row.state != Notice.State.DRAFT:
        raise NoticeRefused(_("Only a draft can be published."))
    if row.written_by == by.pk:
        raise NoticeRefused(_("Another officer must publish what you wrote."))
    row.state, row.published_by, row.published_at = Notice.State.PUBLISHED, by.pk, timezone.now()
    row.version += 1
    row.save()
    audit("notices.published", row, region=row.region_code, title=row.title_zh)
    return row


def withdraw(notice_id: int, version: int, why: str, *, by: User) -> Notice:
    """Withdraw a published notice with a reason the public can read. Raises NoticeRefused."""
    require_role(by, PUBLISHER)
    row = _locked(notice_id, version)
    if row.state != Notice.State.PUBLISHED:
        raise NoticeRefused(_("Only a published notice can be withdrawn."))
    if not why.strip():
        raise NoticeRefused(_("Say why the notice is withdrawn; the public reads it."))
    row.state, row.withdrawn_by, row.withdrawn_at = Notice.State.WITHDRAWN, by.pk, timezone.now()
    row.why_withdrawn = why.strip()
    row.version += 1
    row.save()
    audit("notices.withdrawn", row, region=row.region_code, title=row.title_zh)
    return row


def _locked(notice_id: int, version: int) -> Notice:
    row = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if row is None:
        raise NoticeRefused(_("There is no such notice."))
    if version and row.version != version:
        raise NoticeRefused(_("Somebody else changed this notice meanwhile. Load it again and look before you go on."))
    return row
