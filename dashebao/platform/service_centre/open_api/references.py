"""References to persons and units, and cursors: signed for one client, so that nobody can count through them."""

from __future__ import annotations

from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from dashebao.platform.service_centre.open_api.callers import Caller
from dashebao.platform.service_centre.open_api.models import ClientKind
from dashebao.platform.service_centre.open_api.problems import Problem

OWN = "own"
PERSON = r"^[1-9][0-9]{0,17}~[A-Za-z0-9_-]{43}$"
UNIT = r"^(own|[1-9][0-9]{0,17}~[A-Za-z0-9_-]{43})$"
CURSOR = r"^[A-Za-z0-9_=-]{1,300}~[A-Za-z0-9_-]{43}$"


def _signer(caller: Caller, what: str) -> Signer:
    return Signer(sep="~", salt=f"open_api:{caller.client.pk}:{what}")


def reference(caller: Caller, what: str, key: int) -> str:
    """A reference to a person or unit that only this client can use."""
    return _signer(caller, what).sign(str(key))


def referred(caller: Caller, what: str, text: str) -> int:
    """The registry's key behind a reference; "own" is the caller's unit. Problem 404 for another client's reference."""
    if what == "unit" and text == OWN:
        if caller.client.kind != ClientKind.UNIT:
            raise Problem(404, _("This key acts for no unit. Find the unit by its credit code first."))
        return int(caller.client.unit_id or 0)
    try:
        return int(_signer(caller, what).unsign(text))
    except (BadSignature, ValueError) as error:
        raise Problem(404, _("This reference is not one that this client was given.")) from error


def cursor(caller: Caller, what: str, after: Any) -> str | None:
    """A cursor to the page that begins after a JSON value; None if there is none."""
    return None if after is None else _signer(caller, f"cursor:{what}").sign_object(after)


def after(caller: Caller, what: str, text: str | None) -> Any:
    """What a cursor stands for; Problem 422 for one that was not given for this list."""
    if not text:
        return None
    try:
        return _signer(caller, f"cursor:{what}").unsign_object(text)
    except (BadSignature, ValueError) as error:
        place = {"field": "query.cursor", "message": _("Take the cursor from the page before, unchanged.")}
        raise Problem(422, _("This cursor does not belong to this list."), errors=[place]) from error
