"""The one open interface of this process, made when it is first asked for: everything is registered by then."""

from functools import cache

from django.utils.translation import override
from ninja import NinjaAPI

from dashebao.platform.service_centre.open_api.building import build


@cache
def interface() -> NinjaAPI:
    """All operations of the items and queries registered."""
    with override("en"):  # whoever asks first: names are kept in English and translated where they are shown
        return build()
