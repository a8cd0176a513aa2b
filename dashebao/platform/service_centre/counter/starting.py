"""Starting a service for an applicant at the counter: find who applies, ask the item's questions, hand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.kernel.cases.api import Application, CaseError, add_note, case_view, submit
from dashebao.kernel.catalogue.api import (
    AnswersInvalid,
    Applicant,
    ApplicantKind,
    Channel,
    Party,
    PartyRole,
    ServiceItem,
    UnknownItem,
    categories,
    guide,
    item,
)
from dashebao.kernel.registry.api import Person, find_person, find_unit, household_of, members_of, persons
from dashebao.platform.screens.applying import LONGEST_KEY, Questions, new_key, paper_fields, papers_sent


def choose(request: HttpRequest) -> HttpResponse:
    """All services open at the counter, by heading, narrowed by a text."""
    text = request.GET.get("q", "").strip().lower()
    groups = [
        (category, [found for found in items if text in f"{found.code} {found.label} {found.name}".lower()])
        for category, items in categories(Channel.COUNTER)
    ]
    who = request.GET.get("who", "")
    return render(request, "counter/start.html", {"groups": [g for g in groups if g[1]], "text": text, "who": who})


def counter_item(code: str) -> ServiceItem:
    """The item with this code if it is open at the counter; 404 otherwise."""
    try:
        found = item(code)
    except UnknownItem as error:
        raise Http404(str(error)) from error
    if Channel.COUNTER not in found.channels:
        raise Http404
    return found


def apply(request: HttpRequest, code: str) -> HttpResponse:
    """The application of one item: the applicant first, then the questions on the same page."""
    found = counter_item(code)
    sent = request.POST if request.method == "POST" else request.GET
    wanted = Wanted.of(sent.get("who", ""), sent.get("against", ""), sent.get("agent", ""))
    applicant, problem = (None, "")
    if wanted.numbers or sent.get("new"):
        applicant, problem = applicant_for(found, wanted, _place(request, sent))
    agent = Agent.of(wanted, sent)
    if applicant is not None and agent is not None:
        applicant, problem = agent.joined(applicant)
    questions = Questions(found, request.POST if request.method == "POST" else None)
    context = {
        "item": found,
        "guide": guide(found),
        "who": sent.get("who", ""),
        "against": sent.get("against", ""),
        "agent": sent.get("agent", ""),
        "authority": sent.get("authority", ""),
        "authorities": AUTHORITIES,
        "new": sent.get("new", ""),
        "kind": found.applicant.value,
        "problem": problem,
        "applicant": applicant,
        "questions": questions,
        "papers": paper_fields(found),
        "key": request.POST.get("key") or new_key(),
        "menu_name": "counter_start",
    }
    if request.method == "POST" and applicant is not None and questions.is_valid():
        answer = _handed_in(request, Entry(found, applicant, questions, agent))
        if answer is not None:
            return answer
    invalid = request.method == "POST"
    context["row_errors"] = any(row.errors for row in questions.rows) if invalid else False
    return render(request, "counter/apply.html", context, status=422 if invalid else 200)


@dataclass(frozen=True)
class Entry:
    """An application ready to be handed in."""

    item: ServiceItem
    applicant: Applicant
    questions: Questions
    agent: Agent | None


def _handed_in(request: HttpRequest, entry: Entry) -> HttpResponse | None:
    found, questions = entry.item, entry.questions
    try:
        papers = papers_sent(found, request.POST, request.FILES)
        key = request.POST.get("key", "")[:LONGEST_KEY] or new_key()
        application = Application(found.code, entry.applicant, questions.answers, Channel.COUNTER, key, papers)
        made = submit(application, request.user)
    except AnswersInvalid as error:
        questions.take_errors(error.errors)
        return None
    except (ValidationError, CaseError) as error:
        text = error if isinstance(error, ValidationError) else str(error)
        questions.form.add_error(None, text)
        return None
    if entry.agent is not None and not case_view(made.case_no).notes:
        add_note(made.case_no, request.user, entry.agent.words)
    messages.success(request, _("Handed in as case %(number)s.") % {"number": made.case_no})
    return redirect("counter_case", made.case_no)


def _place(request: HttpRequest, sent: object) -> tuple[str, str]:
    office = request.user.office
    return str(sent.get("new", "")).strip(), office.region_code if office else ""  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Wanted:
    """The numbers an officer typed: of the applicants, and of the unit the application is against."""

    numbers: tuple[str, ...]
    against: str
    agent: str = ""

    @classmethod
    def of(cls, who: str, against: str, agent: str = "") -> Wanted:
        """Split what was typed: numbers stand on lines or between commas."""
        parts = who.replace("，", ",").replace("\n", ",").split(",")
        return cls(tuple(part.strip() for part in parts if part.strip()), against.strip(), agent.strip())


AUTHORITIES = (
    ("power", gettext_lazy("Power of attorney")),
    ("guardian", gettext_lazy("Guardianship")),
    ("family", gettext_lazy("Family book or marriage certificate")),
    ("duty", gettext_lazy("Letter of the unit or community")),
)


@dataclass(frozen=True)
class Agent:
    """Who stands at the window for the applicant, and by what paper (民法典 §161–§165)."""

    person: Person | None
    number: str
    authority: str

    @classmethod
    def of(cls, wanted: Wanted, sent: Mapping[str, str]) -> Agent | None:
        """The agent typed in, None if the applicant came in person."""
        if not wanted.agent:
            return None
        return cls(find_person(wanted.agent), wanted.agent, sent.get("authority", ""))

    def joined(self, applicant: Applicant) -> tuple[Applicant | None, str]:
        """The applicant with the agent as a party, or the sentence saying what is missing."""
        if self.person is None:
            return None, _("Nobody in your area has the agent's number %(number)s. Check it.") % {"number": self.number}
        if self.person.pk in applicant.person_ids:
            return None, _("The applicant cannot be the own agent. Leave the agent empty.")
        if self.authority not in dict(AUTHORITIES):
            return None, _("Say which paper gives the agent authority, and look at it.")
        party = Party(self.person.name, person_id=self.person.pk, role=PartyRole.AGENT)
        return replace(applicant, parties=(*applicant.parties, party)), ""

    @property
    def words(self) -> str:
        """The note kept with the case."""
        name = self.person.name if self.person else self.number
        return _("Handed in by the agent %(name)s; authority seen at the counter: %(paper)s.") % {
            "name": name,
            "paper": dict(AUTHORITIES)[self.authority],
        }


def applicant_for(found: ServiceItem, wanted: Wanted, place: tuple[str, str]) -> tuple[Applicant | None, str]:
    """The applicant of the item's kind behind the numbers, or the sentence saying who was not found."""
    name, region_code = place
    if found.applicant is ApplicantKind.UNIT:
        return _unit(wanted, name, region_code)
    people: list[Person] = []
    for number in wanted.numbers:
        person = find_person(number)
        if person is None:
            return None, _("Nobody in your area has the number %(number)s. Check it.") % {"number": number}
        people.append(person)
    if not people:
        return None, _("Enter the number of the applicant.")
    first = people[0]
    if found.applicant is ApplicantKind.PERSON:
        return Applicant.of_person(first.pk, first.name, first.region_code), ""
    if found.applicant is ApplicantKind.HOUSEHOLD:
        return _household(first)
    parties = [Party(person.name, person_id=person.pk) for person in people]
    if wanted.against:
        unit = find_unit(wanted.against)
        if unit is None:
            return None, _("No unit has the credit code %(number)s. Check it.") % {"number": wanted.against}
        parties.append(Party(unit.name, unit_id=unit.pk, role=PartyRole.RESPONDENT))
    return Applicant.of_persons(first.region_code, *parties), ""


def _unit(wanted: Wanted, name: str, region_code: str) -> tuple[Applicant | None, str]:
    for number in wanted.numbers[:1]:
        unit = find_unit(number)
        if unit is not None:
            return Applicant.of_unit(unit.pk, unit.name, unit.region_code), ""
        return None, _("No unit has the credit code %(number)s. Check it, or enter a new unit.") % {"number": number}
    return Applicant.of_unit(0, name, region_code), ""


def _household(head: Person) -> tuple[Applicant | None, str]:
    household = household_of(head.pk)
    if household is None:
        return None, _("%(name)s is in no household on record. Record the household first.") % {"name": head.name}
    rows = members_of(household.pk)
    known = persons([row.person_id for row in rows])
    others = [
        Party(known[row.person_id].name, person_id=row.person_id, role=PartyRole.MEMBER)
        for row in rows
        if row.person_id != head.pk and row.person_id in known
    ]
    return Applicant.of_household(household.pk, household.region_code, Party(head.name, person_id=head.pk), *others), ""
