"""Clients and keys: made, changed, rotated and revoked, each by an officer with the duty."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import User, actor_of, require_role
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry.api import region, scope_prefix, unit
from dashebao.platform.service_centre.open_api.keys import new_key
from dashebao.platform.service_centre.open_api.models import ApiClient, ApiKey, ClientKind, ClientState
from dashebao.platform.service_centre.open_api.scopes import allowed_for

DUTY = "api.keys"
GOOD_FOR = datetime.timedelta(days=365)
OVERLAP = datetime.timedelta(days=7)
KEYS_AT_ONCE = 2


class ClientError(Exception):
    """A refused change of a client or key; `str()` is the sentence for the officer."""


@dataclass(frozen=True, kw_only=True)
class ClientEntry:
    """What a client is given; `regions` are 6-digit codes, empty for a unit (then the unit's own place)."""

    name: str
    owner: str
    purpose: str
    scopes: Sequence[str]
    unit_id: int | None = None
    regions: Sequence[str] = ()
    contact: str = ""
    calls_per_minute: int = 60
    expires_on: datetime.date | None = None

    @property
    def kind(self) -> str:
        """A unit's software, or a partner's system."""
        return ClientKind.UNIT if self.unit_id else ClientKind.PARTNER


def create_client(entry: ClientEntry, *, by: User | None = None) -> ApiClient:
    """Admit a client; `by` needs the duty and a scope that covers its places (None only at set-up)."""
    regions = _places(entry)
    _require(by, regions)
    _check(entry)
    client: ApiClient = ApiClient.objects.create(
        name=entry.name,
        kind=entry.kind,
        owner=entry.owner,
        unit_id=entry.unit_id,
        contact=entry.contact,
        purpose=entry.purpose,
        region_code=regions[0],
        regions=regions,
        scopes=sorted(set(entry.scopes)),
        calls_per_minute=entry.calls_per_minute,
        expires_on=entry.expires_on,
    )
    audit("open_api.client_admitted", client, region=client.region_code, scopes=client.scopes, regions=regions)
    return client


def change_client(client: ApiClient, entry: ClientEntry, *, by: User) -> None:
    """Change what a client is given; for whom it acts stays."""
    regions = _places(entry)
    _require(by, [*client.regions, *regions])
    if entry.unit_id != client.unit_id:
        raise ClientError(_("For whom a client acts cannot change. Admit another client."))
    _check(entry)
    client.name, client.owner, client.contact, client.purpose = entry.name, entry.owner, entry.contact, entry.purpose
    client.scopes, client.regions, client.region_code = sorted(set(entry.scopes)), regions, regions[0]
    client.calls_per_minute, client.expires_on = entry.calls_per_minute, entry.expires_on
    client.save()
    audit("open_api.client_changed", client, region=client.region_code, scopes=client.scopes, regions=regions)


def set_state(client: ApiClient, state: str, *, by: User) -> None:
    """Suspend a client, let it call again, or end it; an ended client stays ended and its keys are revoked."""
    _require(by, client.regions)
    if client.state == ClientState.ENDED:
        raise ClientError(_("This client has ended. Admit a new one."))
    client.state = ClientState(state)
    client.save(update_fields=["state"])
    if client.state == ClientState.ENDED:
        for key in client.keys.filter(revoked_at__isnull=True):
            key.revoked_at = timezone.now()
            key.save(update_fields=["revoked_at"])
    audit(f"open_api.client_{client.state}", client, region=client.region_code)


def issue_key(client: ApiClient, form_key: str, *, by: User | None = None) -> tuple[ApiKey, str]:
    """Issue a key; the text is returned this once and never again, "" where this form was answered already.

    At most two keys are good at a time, so that one can replace the other.
    """
    _require(by, client.regions)
    first = ApiKey.objects.filter(form_key=form_key).first()
    if first is not None:
        return first, ""
    if client.state == ClientState.ENDED:
        raise ClientError(_("This client has ended. Admit a new one."))
    if good_keys(client).count() >= KEYS_AT_ONCE:
        raise ClientError(_("Two keys are good already. Revoke one of them first."))
    made = new_key()
    key: ApiKey = ApiKey.objects.create(
        client=client,
        public=made.public,
        digest=made.digest,
        form_key=form_key,
        issued_by=by.pk if by else None,
        expires_at=timezone.now() + GOOD_FOR,
    )
    audit("open_api.key_issued", client, region=client.region_code, key=key.public)
    return key, made.text


def rotate_key(key: ApiKey, form_key: str, *, by: User | None = None) -> tuple[ApiKey, str]:
    """Issue the key that replaces this one; the old one stays good for seven more days at the longest."""
    made, text = issue_key(key.client, form_key, by=by)
    if text:
        key.expires_at = min(key.expires_at, timezone.now() + OVERLAP)
        key.save(update_fields=["expires_at"])
        audit("open_api.key_rotated", key.client, region=key.client.region_code, key=key.public, by=made.public)
    return made, text


def revoke_key(key: ApiKey, *, by: User) -> None:
    """Take a key back; the next call with it is refused."""
    _require(by, key.client.regions)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        audit("open_api.key_revoked", key.client, region=key.client.region_code, key=key.public)


def good_keys(client: ApiClient) -> QuerySet[ApiKey]:
    """Keys of a client that are neither revoked nor expired."""
    return client.keys.filter(Q(revoked_at__isnull=True), expires_at__gt=timezone.now())


def _places(entry: ClientEntry) -> list[str]:
    codes = [unit(entry.unit_id).region_code] if entry.unit_id else list(dict.fromkeys(entry.regions))
    if not codes:
        raise ClientError(_("Name at least one area the client may see."))
    for code in codes:
        region(code)
    return codes


def _check(entry: ClientEntry) -> None:
    beyond = sorted(set(entry.scopes) - allowed_for(entry.kind))
    if beyond:
        raise ClientError(_("This client cannot be given: %(scopes)s.") % {"scopes": ", ".join(beyond)})
    if not entry.scopes:
        raise ClientError(_("Give the client at least one scope."))


def _require(by: User | None, codes: Sequence[str]) -> None:
    if by is None:
        return
    require_role(by, DUTY)
    own = actor_of(by).region
    for code in codes:
        if not own or not scope_prefix(code).startswith(own):
            raise ClientError(_("%(code)s lies outside your area.") % {"code": code})
