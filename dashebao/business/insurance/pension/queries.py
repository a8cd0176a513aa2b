"""Reads of the employees' pension: a person's career, the facts of an award, estimates, stored awards explained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashebao.business.insurance.common.api import YearSoFar, year_so_far
from dashebao.business.insurance.pension.models import (
    ArchiveFinding,
    Award,
    Category,
    DeathGrant,
    DeemedService,
    DisabilityAward,
    OutsideYear,
    RetirementCategory,
    RetirementChoice,
    Transfer,
)
from dashebao.business.insurance.pension.sheet import (
    AwardFacts,
    DeemedMonths,
    PaidYear,
    Sheet,
    Side,
    award_sheet,
    counted_months,
)
from dashebao.business.levy.api import pension_history
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.records.api import SYSTEM, acting, as_known, read_once
from dashebao.kernel.registry.api import Person, home_province, person
from dashebao.kernel.rules.api import explain

SCHEME = "110"


def own_province() -> str:
    """The first digits of the province this installation serves, as years paid and transfers name it."""
    return home_province().scope


def own_region() -> str:
    """The region code of that province."""
    return home_province().code


@dataclass(frozen=True)
class Career:
    """Years paid and months deemed of one person, in all places."""

    person_id: int
    years: tuple[PaidYear, ...]
    deemed: tuple[DeemedMonths, ...]

    @property
    def paid_months(self) -> int:
        """Distinct months paid."""
        return counted_months(self.years)

    @property
    def deemed_months(self) -> int:
        """Months deemed paid."""
        return sum(row.months for row in self.deemed)

    @property
    def months(self) -> int:
        """Paid and deemed months together (社会保险法 art. 16)."""
        return self.paid_months + self.deemed_months


def careers_of(person_ids: Sequence[int]) -> dict[int, Career]:
    """Careers of many people, in three queries whatever their number."""
    ids = list(person_ids)
    with acting(SYSTEM, why="whole careers"):  # years paid in other cities count, whoever decides here
        return _careers(ids)


def _careers(ids: list[int]) -> dict[int, Career]:
    years: dict[int, list[PaidYear]] = {pid: [] for pid in ids}
    home = own_province()
    history = pension_history(ids)
    for pid, year, months, total in zip(
        history.person_id, history.year, history.months, history.base_total_fen, strict=True
    ):
        if months:
            years[int(pid)].append(PaidYear(int(year), int(months), int(total), home))
    for row in OutsideYear.objects.filter(person_id__in=ids):
        years[row.person_id].append(PaidYear(row.year, row.months, row.base_total_fen, row.paid_region))
    deemed: dict[int, list[DeemedMonths]] = {pid: [] for pid in ids}
    for service in DeemedService.objects.filter(person_id__in=ids).order_by("from_month"):
        deemed[service.person_id].append(
            DeemedMonths(service.kind, service.from_month, service.months, service.index_e4)
        )
    return {
        pid: Career(pid, tuple(sorted(years[pid], key=lambda row: (row.year, row.place))), tuple(deemed[pid]))
        for pid in ids
    }


@read_once
def career_of(person_id: int) -> Career:
    """The career of one person."""
    return careers_of([person_id])[person_id]


@read_once
def category_of(human: Person) -> str:
    """The retirement category: the decided one, else M60 for men and "" for women, whose post must be proven."""
    decided = RetirementCategory.objects.filter(person_id=human.id).first()
    if decided is not None:
        return str(decided.category)
    return str(Category.M60) if human.sex == "1" else ""


def birth_of(human: Person) -> date:
    """The day of birth that decides about retirement: the file's where it was found to differ, else the register's."""
    found = ArchiveFinding.objects.filter(person_id=human.id, birth_on__isnull=False).first()
    return found.birth_on if found and found.birth_on else human.birth_on


def finding_of(person_id: int) -> ArchiveFinding | None:
    """What the personnel file was found to prove."""
    return ArchiveFinding.objects.filter(person_id=person_id).first()


def choice_of(person_id: int) -> RetirementChoice | None:
    """The month of retirement chosen last."""
    return RetirementChoice.objects.filter(person_id=person_id).order_by("-id").first()


def allowance_of(person_id: int) -> DisabilityAward | None:
    """The disability allowance decided last."""
    return DisabilityAward.objects.filter(person_id=person_id).order_by("-id").first()


@read_once
def award_facts(human: Person, retire_month: int, category: str) -> AwardFacts:
    """What an award for a retirement in `retire_month` (yyyymm) would rest on today."""
    career = career_of(human.id)
    sides = year_so_far(human.id, human.region_code, retire_month // 100)
    return AwardFacts(
        region=human.region_code,
        category=category,
        birth_month=month_of(birth_of(human)),
        retire_month=retire_month,
        years=career.years,
        deemed=career.deemed,
        worker=_side(sides["worker"]),
        employer=_side(sides["employer"]),
    )


def _side(year: YearSoFar) -> Side:
    return Side(year.opening_fen, dict(sorted(year.credits.items())))


def current_award(person_id: int) -> Award | None:
    """The award in force: the one no later award supersedes."""
    return Award.objects.filter(person_id=person_id, superseded_by__isnull=True).order_by("-id").first()


def award_then(person_id: int, on: date, known_on: date) -> Award | None:
    """The award that a pension rested on in the month of a day, of those decided by the day whose knowledge counts."""
    rows = Award.objects.filter(person_id=person_id, start_month__lte=month_of(on), decided_on__lte=known_on)
    return rows.order_by("-id").first()


def award(award_id: int) -> Award:
    """An award by id; Award.DoesNotExist if there is none the reader may see."""
    row: Award = Award.objects.get(pk=award_id)
    return row


def explained(row: Award) -> tuple[dict[str, Any], ...]:
    """The traces of an award; those of an award taken over without its lines are calculated again from its inputs."""
    stored = row.trace.get("sheet")
    if stored:
        return tuple(stored)
    given = row.inputs
    trace = explain(given["formula"], given["inputs"], on=date.fromisoformat(given["on"]), region=row.region_code)
    return (trace.as_json(),)


@dataclass(frozen=True)
class Choice:
    """One retirement month a person could choose, with its sheet."""

    retire_month: int
    label: str
    sheet: Sheet


def preview(person_id: int, retire_month: int, category: str = "") -> Sheet:
    """The sheet of an award as it would come out today."""
    human = person(person_id)
    return award_sheet(award_facts(human, retire_month, category or category_of(human) or str(Category.F50)))


def death_grant_of(person_id: int) -> DeathGrant | None:
    """The grant paid after a person's death."""
    return DeathGrant.objects.filter(person_id=person_id).first()


def transfers_of(person_id: int) -> list[Transfer]:
    """Transfers of a person, newest first."""
    return list(Transfer.objects.filter(person_id=person_id).order_by("-id").prefetch_related("steps"))


def transfers_then(person_id: int, known_at: datetime | None) -> list[Transfer]:
    """Transfers of a person as recorded now or at an earlier moment, newest first."""
    if known_at is None:
        return transfers_of(person_id)
    return sorted(as_known(Transfer, known_at, of=("person_id", person_id)), key=lambda row: -row.pk)
