"""Queries that no business owns: regions, code tables, the caller's own admission."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from dashebao.kernel.codes.api import UnknownCode, table, tables
from dashebao.kernel.registry.api import home_province, regions
from dashebao.platform.service_centre.open_api.register import (
    About,
    Answer,
    Asked,
    Query,
    Question,
    Rows,
    register_query,
    register_scope,
)

register_scope("reference.read", _("Regions and code tables (every key may)"))


class RegionShown(Answer):
    """One administrative division in force (GB/T 2260)."""

    code: str = Field(examples=["440106"])
    name: str
    name_en: str
    level: str = Field(description=gettext_noop("province, city or county"))
    parent_code: str


class Within(Question):
    """Which divisions."""

    within: str = Field(
        "",
        pattern="^([0-9]{2,6})?$",
        description=gettext_noop("First digits of the codes; without them the province served here"),
    )


def _regions(asked: Asked) -> Rows:
    found = regions(within=asked.question.within or home_province().code, on=asked.on)
    rows = [one for one in found if not asked.after or one.code > asked.after]
    shown = [
        RegionShown(code=r.code, name=r.name, name_en=r.name_en, level=r.level, parent_code=r.parent_code)
        for r in rows[: asked.limit]
    ]
    return Rows(shown, shown[-1].code if len(rows) > asked.limit else None)


class CodeShown(Answer):
    """One value of a code table."""

    code: str
    zh: str
    en: str
    since: date | None
    until: date | None = Field(description=gettext_noop("The first day on which it may not be used"))


class CodeTable(Answer):
    """A code table of a standard."""

    name: str
    zh: str
    en: str
    standard: str
    codes: list[CodeShown]


class CodeTables(Answer):
    """Code tables, one or all."""

    items: list[CodeTable]


class Which(Question):
    """Which table."""

    table: str | None = Field(
        None, pattern="^[a-z_]{1,40}$", description=gettext_noop("Name of one table; all without")
    )


def _tables(asked: Asked) -> CodeTables:
    wanted = asked.question.table
    return CodeTables(items=[_table(name) for name in ([wanted] if wanted else tables())])


def _table(name: str) -> CodeTable:
    found = table(name)
    codes = [
        CodeShown(code=one.code, zh=one.zh, en=one.en, since=one.since, until=one.until) for one in found.codes.values()
    ]
    return CodeTable(name=found.name, zh=found.zh, en=found.en, standard=found.standard, codes=codes)


register_query(
    Query(
        name="regions",
        title=_("Regions"),
        description=_("Administrative divisions in force today, by code."),
        scope="reference.read",
        about=About.NOBODY,
        answer=RegionShown,
        question=Within,
        provide=_regions,
        paged=True,
    )
)
register_query(
    Query(
        name="code-tables",
        title=_("Code tables"),
        description=_("The codes that stand in answers, with their names."),
        scope="reference.read",
        about=About.NOBODY,
        answer=CodeTables,
        question=Which,
        provide=_tables,
        missing=(UnknownCode,),
    )
)
