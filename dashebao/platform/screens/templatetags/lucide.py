"""Icons: `{% lucide "search" size=16 %}` draws a Lucide icon; each drawing is made once and then kept."""

from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide as drawing

register = template.Library()


@register.simple_tag
def lucide(name: str, *, size: int = 24, **attributes: object) -> str:
    """The icon of this name; attributes as in the templates (`aria_hidden="true"`)."""
    return _drawn(str(name), size, tuple(attributes.items()))


@lru_cache(maxsize=4096)
def _drawn(name: str, size: int, attributes: tuple[tuple[str, object], ...]) -> SafeString:
    return SafeString(drawing(name, size=size, **dict(attributes)))
