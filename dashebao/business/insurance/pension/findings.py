"""Writes of what is found before an award: facts of the personnel file, and the month of retirement chosen."""

from dataclasses import dataclass
from datetime import date

from dashebao.business.insurance.pension.models import ArchiveFinding, RetirementChoice
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.registry.api import person


@dataclass(frozen=True)
class FileFacts:
    """What the file proves: birth, first month of work (yyyymm), by which papers, on which case and day."""

    person_id: int
    birth_on: date | None
    work_start_month: int | None
    evidence: str
    case_no: str
    decided_on: date


def find_in_file(facts: FileFacts, *, by: Actor) -> int:
    """Store what the file proves (劳社部发〔1999〕8号 part 2); an earlier finding is replaced, history keeps it."""
    human = person(facts.person_id)
    with acting(by, why=f"file finding {facts.case_no}"):
        row, _created = ArchiveFinding.objects.update_or_create(
            person_id=human.id,
            defaults={
                "region_code": human.region_code,
                "birth_on": facts.birth_on,
                "work_start_month": facts.work_start_month,
                "evidence": facts.evidence,
                "decided_on": facts.decided_on,
                "case_no": facts.case_no,
            },
        )
        audit("pension.file_found", row, person=human.id)
        return int(row.pk)


@dataclass(frozen=True)
class Choice:
    """A month of retirement chosen in writing: early by notice, late by agreement, or late retirement ended."""

    person_id: int
    kind: RetirementChoice.Kind
    retire_month: int
    notice_on: date
    unit_id: int
    case_no: str
    decided_on: date


def choose_month(choice: Choice, *, by: Actor) -> int:
    """Record the month chosen (国务院关于渐进式延迟法定退休年龄的办法 art. 3); the last choice counts."""
    human = person(choice.person_id)
    with acting(by, why=f"month of retirement chosen {choice.case_no}"):
        row = RetirementChoice.objects.create(
            person_id=human.id,
            region_code=human.region_code,
            unit_id=choice.unit_id,
            kind=choice.kind,
            retire_month=choice.retire_month,
            notice_on=choice.notice_on,
            case_no=choice.case_no,
            decided_on=choice.decided_on,
        )
        audit("pension.month_chosen", row, person=human.id, month=choice.retire_month, kind=str(choice.kind))
        return int(row.pk)
