"""The register of all service items, filled at start-up by the systems that own them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashebao.kernel.catalogue.declaration import DeclarationError
from dashebao.kernel.catalogue.item import ServiceItem
from dashebao.kernel.catalogue.parts import ApplicantKind, Channel, Text
from dashebao.kernel.identity.api import roles


class UnknownItem(LookupError):
    """No service item has this code."""


@dataclass(frozen=True)
class Category:
    """A heading of the service menus."""

    code: str
    title: Text
    order: int = 100


_items: dict[str, ServiceItem] = {}
_categories: dict[str, Category] = {}


def register(item: type[ServiceItem]) -> type[ServiceItem]:
    """Put a service item into the register (also usable as a class decorator); raises DeclarationError.

    The same class may register again; another class under a used code, or a step role identity does not know, is
    refused.
    """
    present = _items.get(item.code)
    if present is not None and type(present) is not item:
        raise DeclarationError(f"the code {item.code} belongs to {type(present).__qualname__} already")
    _check_roles(item)
    if present is None:
        _items[item.code] = item()
    return item


def _check_roles(item: type[ServiceItem]) -> None:
    named = {step.role for step in item.steps if step.role}
    named |= {step.extension.role for step in item.steps if step.extension is not None}
    if item.extension is not None:
        named.add(item.extension.role)
    unknown = sorted(role for role in named if role not in roles())
    if unknown:
        raise DeclarationError(f"{item.__qualname__} names roles nobody registered: {', '.join(unknown)}")


def register_category(code: str, title: Text, order: int = 100) -> None:
    """Name a heading of the menus; items refer to it by ``category``."""
    _categories[code] = Category(code, title, order)


def item(code: str) -> ServiceItem:
    """The service item with this code; raises UnknownItem."""
    try:
        return _items[code]
    except KeyError:
        raise UnknownItem(_("There is no service item %(code)s.") % {"code": code}) from None


def items() -> tuple[ServiceItem, ...]:
    """All service items, in the order of their codes."""
    return tuple(_items[code] for code in sorted(_items))


def items_for(channel: Channel, kind: ApplicantKind | None = None) -> tuple[ServiceItem, ...]:
    """The items open on a channel, for one kind of applicant or for all."""
    return tuple(found for found in items() if channel in found.channels and (kind is None or found.applicant is kind))


def categories(channel: Channel | None = None) -> tuple[tuple[Category, tuple[ServiceItem, ...]], ...]:
    """The menu: each heading with its items (of one channel or of all), headings without items left out."""
    groups: dict[str, list[ServiceItem]] = {}
    for found in items():
        if channel is None or channel in found.channels:
            groups.setdefault(found.category, []).append(found)
    headed = [(_categories.get(code) or Category(code, code), tuple(group)) for code, group in groups.items()]
    return tuple(sorted(headed, key=lambda pair: (pair[0].order, pair[0].code)))


@contextmanager
def registered(*declared: type[ServiceItem]) -> Iterator[None]:
    """Items registered only for the length of a block; for tests."""
    before = dict(_items)
    try:
        for one in declared:
            register(one)
        yield
    finally:
        _items.clear()
        _items.update(before)
