"""The register of pages, panels and menu groups, filled by the businesses at start-up."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from dashebao.platform.screens.values import Content, Text


class Face(enum.StrEnum):
    """The three faces; the value is the folder of the service centre."""

    COUNTER = "counter"
    PORTAL = "portal"
    EMPLOYER = "employer"

    @property
    def user_kind(self) -> str:
        """Who signs in here: the kind of a user."""
        return {"counter": "officer", "portal": "citizen", "employer": "operator"}[self.value]


class Subject(enum.StrEnum):
    """On whose page a panel stands: a person's, a unit's, or an officer's own desk."""

    PERSON = "person"
    UNIT = "unit"
    DESK = "desk"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page only its business can draw.

    `path` is the fragment below the face's address ("fund/batches/<int:batch>/"), `name` the name of its address.
    `roles` (counter only) name the duties that may open it: nobody else may; `()` is allowed for citizens and operators.
    `public` pages need no sign-in (portal only). A page without `group` is in no menu. `told` are exceptions whose text
    is meant for the user: everything the view did is undone and the sentence is shown.
    """

    face: Face
    path: str
    name: str
    title: Text
    view: Callable[..., Any]
    icon: str = "file-text"
    group: str = ""
    order: int = 100
    roles: tuple[str, ...] = ()
    public: bool = False
    told: tuple[type[Exception], ...] = ()

    def __post_init__(self) -> None:
        if self.face is Face.COUNTER and not self.roles:
            raise ValueError(f"the counter page {self.name} names no role")
        if self.public and self.face is not Face.PORTAL:
            raise ValueError(f"only portal pages can be public, not {self.name}")


@dataclass(frozen=True)
class Ask:
    """What a panel is asked: for whom (registry id), by which user, at which face, as of which day.

    ``known_at`` is the moment whose knowledge is wanted (None: now); only panels with ``as_known`` are asked then.
    """

    subject_id: int
    user: Any
    face: Face
    on: date
    known_at: datetime | None = None

    @property
    def past(self) -> bool:
        """Whether another day than today, or earlier knowledge, is asked for."""
        return self.known_at is not None or self.on != localdate()

    @property
    def known_on(self) -> date:
        """The last day of which anything was known: today without an earlier moment."""
        return localdate(self.known_at) if self.known_at else localdate()


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of the page of a person, a unit or a desk; `provide` returns a content value, or None to leave it out.

    `roles` narrow it at the counter (`()` = every officer who may open the page). It must use a fixed number of queries.
    `dated` says that it answers for the day asked for (``Ask.on``), `as_known` that it can also answer what was known at
    an earlier moment; the page says in words which parts stand as of today and which are left out.
    """

    code: str
    subject: Subject
    title: Text
    provide: Callable[[Ask], Content | None]
    faces: frozenset[Face] = frozenset({Face.COUNTER})
    roles: tuple[str, ...] = ()
    icon: str = "layers"
    order: int = 100
    wide: bool = True
    dated: bool = False
    as_known: bool = False


@dataclass(frozen=True)
class Group:
    """A heading of a face's menu."""

    code: str
    title: Text
    order: int = 100
    icon: str = "folder"


@dataclass(frozen=True)
class Bar:
    """A part of the top bar of a face: `provide` is asked with the request and gives the template's values, or None."""

    face: Face
    template: str
    provide: Callable[[Any], dict[str, Any] | None]


_bars: dict[str, Bar] = {}
_pages: dict[str, Page] = {}
_panels: dict[str, Panel] = {}
_groups: dict[str, Group] = {}
_unread: dict[Face, Callable[[Any], int]] = {}


def register_page(page: Page) -> Page:
    """Add a page; its name and its path are unique over the product."""
    known = _pages.get(page.name)
    if known is not None and known != page:
        raise ValueError(f"the page {page.name} is registered twice")
    _pages[page.name] = page
    return page


def register_panel(panel: Panel) -> Panel:
    """Add a panel; its code is unique over the product."""
    known = _panels.get(panel.code)
    if known is not None and known != panel:
        raise ValueError(f"the panel {panel.code} is registered twice")
    _panels[panel.code] = panel
    return panel


def register_bar(bar: Bar) -> Bar:
    """Add a part to a face's top bar, once by its template."""
    _bars[bar.template] = bar
    return bar


def bars(face: Face) -> list[Bar]:
    """The parts of a face's top bar."""
    return [bar for bar in _bars.values() if bar.face is face]


def register_group(group: Group) -> Group:
    """Name a heading of the menus; pages refer to it by `group`."""
    _groups[group.code] = group
    return group


def register_unread(face: Face, count: Callable[[Any], int]) -> None:
    """Say how much waits to be read by a user of a face; the shell shows the number (one query)."""
    _unread[face] = count


def count_unread(face: Face, user: Any) -> int:
    """How much waits to be read by this user; 0 if nobody counts it."""
    count = _unread.get(face)
    return count(user) if count is not None else 0


def pages(face: Face) -> list[Page]:
    """All pages of a face in the order of their menu."""
    return sorted((page for page in _pages.values() if page.face is face), key=lambda page: (page.order, page.name))


def find_page(name: str, face: Face) -> Page | None:
    """The page of this name at a face, None where there is none."""
    page = _pages.get(name)
    return page if page is not None and page.face is face else None


def panels(subject: Subject, face: Face) -> list[Panel]:
    """The panels of a subject at a face, in order."""
    found = (panel for panel in _panels.values() if panel.subject is subject and face in panel.faces)
    return sorted(found, key=lambda panel: (panel.order, panel.code))


def group_of(code: str) -> Group:
    """The heading with this code; an unnamed one shows its code."""
    return _groups.get(code) or Group(code, code)


@dataclass(frozen=True)
class Section:
    """One heading of a menu with its pages."""

    group: Group
    pages: tuple[Page, ...]


def menu(face: Face, held: Iterable[str]) -> list[Section]:
    """The menu of a face for a user who holds these roles."""
    duties = set(held)
    groups: dict[str, list[Page]] = {}
    for page in pages(face):
        free = face is Face.PORTAL or (face is Face.EMPLOYER and not page.roles)
        if page.group and (free or duties & set(page.roles)):
            groups.setdefault(page.group, []).append(page)
    sections = [Section(group_of(code), tuple(found)) for code, found in groups.items()]
    return sorted(sections, key=lambda section: (section.group.order, section.group.code))
