"""The parts a service item is declared with: channels, applicants, papers, checks, refusals and examples."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.law.api import Article

Text: TypeAlias = str | Promise
"""A text for users: a plain string or a lazily translated one."""

Answers: TypeAlias = Mapping[str, Any]
"""Cleaned answers of a form, by field name; the rows of a roster stand under ``"rows"``."""


class Channel(enum.Flag):
    """The doors through which an application may come in."""

    COUNTER = enum.auto()
    PORTAL = enum.auto()
    EMPLOYER = enum.auto()
    KIOSK = enum.auto()
    HOTLINE = enum.auto()
    API = enum.auto()

    @property
    def label(self) -> Text:
        """The name of one single channel in the reader's language."""
        return _CHANNEL_LABELS[self]

    @property
    def code(self) -> str:
        """The lower-case name stored with a case."""
        return (self.name or "").lower()


_CHANNEL_LABELS: dict[Channel, Text] = {
    Channel.COUNTER: _("Service hall counter"),
    Channel.PORTAL: _("Citizen portal"),
    Channel.EMPLOYER: _("Employer portal"),
    Channel.KIOSK: _("Self-service terminal"),
    Channel.HOTLINE: _("Hotline"),
    Channel.API: _("Open interface"),
}


class ApplicantKind(enum.StrEnum):
    """Who applies: one person, a unit (with a roster of persons if rows are declared), a household, several persons."""

    PERSON = "person"
    UNIT = "unit"
    HOUSEHOLD = "household"
    PERSONS = "persons"

    @property
    def label(self) -> Text:
        """The name of the kind in the reader's language."""
        return _APPLICANT_LABELS[self]


_APPLICANT_LABELS: dict[ApplicantKind, Text] = {
    ApplicantKind.PERSON: _("One person"),
    ApplicantKind.UNIT: _("A unit"),
    ApplicantKind.HOUSEHOLD: _("A household"),
    ApplicantKind.PERSONS: _("Several persons together"),
}


class OfficeLevel(enum.StrEnum):
    """The level of the office that must act; ANY leaves it to the officer's scope."""

    ANY = ""
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"

    @property
    def label(self) -> Text:
        """The name of the level in the reader's language."""
        return _LEVEL_LABELS[self]


_LEVEL_LABELS: dict[OfficeLevel, Text] = {
    OfficeLevel.ANY: _("Any office in charge of the place"),
    OfficeLevel.COUNTY: _("County office"),
    OfficeLevel.CITY: _("City office"),
    OfficeLevel.PROVINCE: _("Provincial office"),
}


class PartyRole(enum.StrEnum):
    """The part somebody plays in a case."""

    APPLICANT = "applicant"
    MEMBER = "member"
    RESPONDENT = "respondent"
    AGENT = "agent"

    @property
    def label(self) -> Text:
        """The name of the role in the reader's language."""
        return _ROLE_LABELS[self]


_ROLE_LABELS: dict[PartyRole, Text] = {
    PartyRole.APPLICANT: pgettext_lazy("party", "Applicant"),
    PartyRole.MEMBER: pgettext_lazy("party", "Household or roster member"),
    PartyRole.RESPONDENT: pgettext_lazy("party", "Respondent"),
    PartyRole.AGENT: pgettext_lazy("party", "Agent"),
}


@dataclass(frozen=True)
class Party:
    """One person or unit in a case: exactly one of ``person_id`` and ``unit_id`` is above zero."""

    name: str
    person_id: int = 0
    unit_id: int = 0
    role: PartyRole = PartyRole.APPLICANT


@dataclass(frozen=True)
class Applicant:
    """Who applies and who else is concerned.

    ``id`` is the registry's key of the person, the unit or the household; for several persons that of the first.
    ``region_code`` is the 6-digit code of the place whose office is in charge.
    """

    kind: ApplicantKind
    id: int
    name: str
    region_code: str
    parties: tuple[Party, ...] = ()

    @classmethod
    def of_person(cls, person_id: int, name: str, region_code: str, *others: Party) -> Applicant:
        """One person applying in the person's own name; ``others`` are an agent or a respondent."""
        parties = (Party(name, person_id=person_id), *others)
        return cls(ApplicantKind.PERSON, person_id, name, region_code, parties)

    @classmethod
    def of_unit(cls, unit_id: int, name: str, region_code: str, *roster: Party) -> Applicant:
        """A unit, with the persons on its roster as members."""
        return cls(ApplicantKind.UNIT, unit_id, name, region_code, (Party(name, unit_id=unit_id), *roster))

    @classmethod
    def of_household(cls, household_id: int, region_code: str, *persons: Party) -> Applicant:
        """A household: the first person signs for it, all others are members."""
        name = persons[0].name if persons else ""
        return cls(ApplicantKind.HOUSEHOLD, household_id, name, region_code, persons)

    @classmethod
    def of_persons(cls, region_code: str, *parties: Party) -> Applicant:
        """Several persons together, optionally against a respondent unit."""
        first = next((party for party in parties if party.role is PartyRole.APPLICANT), None)
        if first is None:
            raise ValueError("several persons together need at least one applicant")
        return cls(ApplicantKind.PERSONS, first.person_id, first.name, region_code, parties)

    @property
    def applicants(self) -> tuple[Party, ...]:
        """The parties who sign the application."""
        return tuple(party for party in self.parties if party.role is PartyRole.APPLICANT)

    @property
    def members(self) -> tuple[Party, ...]:
        """Household members, or the persons on a unit's roster."""
        return tuple(party for party in self.parties if party.role is PartyRole.MEMBER)

    @property
    def respondent(self) -> Party | None:
        """The unit or person the case is directed against."""
        return next((party for party in self.parties if party.role is PartyRole.RESPONDENT), None)

    @property
    def person_ids(self) -> tuple[int, ...]:
        """All natural persons of the case, applicants first."""
        return tuple(party.person_id for party in self.parties if party.person_id)


@dataclass(frozen=True)
class Material:
    """One paper asked for, under its official Chinese name, with an English name beside it.

    A paper needs a legal basis (``law``) unless it proves identity or is fetched from another agency, in which case
    the applicant need not bring it (国务院令第765号 §31: nothing beyond the law may be asked).
    """

    name: str
    name_en: str
    law: Article | None = None
    original: bool = False
    copies: int = 0
    fetched_from: Text = ""
    identity: bool = False
    required: bool = True

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name if (get_language() or "zh").startswith("zh") else self.name_en


@dataclass(frozen=True)
class Refusal:
    """Why an application may not be granted: the sentence for the letter, and the article it rests on."""

    sentence: Text
    article: Article


@dataclass(frozen=True)
class Check:
    """One thing the system looked up for the officer; ``blocking`` and not ``ok`` stops the granting decision."""

    title: Text
    detail: Text
    ok: bool
    blocking: bool = False


@dataclass(frozen=True)
class Example:
    """A worked example that drives tests: answers in, ``granted`` or ``refused`` out.

    ``facts`` tell the test what must be true in the registry before (meaning chosen by the item's system); ``recorded``
    maps step keys to what the officer of the step writes down.
    """

    title: str
    answers: Mapping[str, Any]
    expect: str = "granted"
    facts: Mapping[str, Any] = field(default_factory=dict)
    recorded: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class CaseFacts:
    """A case as a service item's effect sees it; ``step_data`` maps step keys to what their forms captured."""

    case_id: int
    case_no: str
    item_code: str
    applicant: Applicant
    answers: Answers
    region_code: str
    submitted_on: date
    decided_on: date
    decided_by: int
    step_data: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
