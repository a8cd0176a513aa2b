"""What the pages share: names of schemes and kinds, and for whom a signed-in user acts."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.business.levy.models import LineKind

SCHEME_NAMES = {
    "110": pgettext_lazy("scheme", "Pension"),
    "170": pgettext_lazy("scheme", "Residents' pension"),
    "210": gettext_lazy("Unemployment"),
    "310": gettext_lazy("Medical"),
    "410": gettext_lazy("Work injury"),
    "510": gettext_lazy("Maternity"),
}


def scheme_name(code: str) -> str:
    """A scheme's short name in the reader's language."""
    return str(SCHEME_NAMES.get(code, code))


def scheme_names(codes: Iterable[str]) -> str:
    """Several schemes, separated as the reader's language does."""
    return _(", ").join(scheme_name(code) for code in codes)


def kind_name(kind: int) -> str:
    """What a bill or row is for."""
    return str(LineKind(kind).label)


def user_of(request: HttpRequest) -> Any:
    """The signed-in user."""
    return request.user


def unit_of(request: HttpRequest) -> int:
    """The unit an operator acts for."""
    return int(user_of(request).unit_id)


def person_of(request: HttpRequest) -> int:
    """The person a citizen is."""
    return int(user_of(request).person_id)
