"""Links to pages that an installation may not have."""

from django import template
from django.urls import NoReverseMatch, reverse

register = template.Library()


@register.simple_tag
def known_url(name: str, *values: object) -> str:
    """The address of a page if some system registered it, else an empty text."""
    try:
        return reverse(name, args=values)
    except NoReverseMatch:
        return ""
