"""Finding records that may be one person, and merging two of them so that it can be undone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.events.api import publish
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry import events
from dashebao.kernel.registry.errors import MergeRefused
from dashebao.kernel.registry.models import Duplicate, Merge, Person, PersonIdentifier
from dashebao.kernel.registry.queries import RESIDENT_ID, person
from dashebao.kernel.registry.rules import ID_NUMBER_LENGTH, LOOK_AT, likeness, near_id_numbers
from dashebao.kernel.secrecy.api import Family, digest, open_


@dataclass(frozen=True)
class Likeness:
    """A record that may be the same person: score 0-100 and the reasons for it."""

    person_id: int
    score: int
    reasons: tuple[str, ...]


def possible_duplicates(person_id: int) -> list[Likeness]:
    """Records that may be the same person as this one, most alike first; index reads only."""
    who = person(person_id)
    numbers = list(PersonIdentifier.objects.filter(person=who).values_list("kind", "value"))
    values = [value for _kind, value in numbers]
    near = [other for kind, value in numbers if kind == RESIDENT_ID for other in near_id_numbers(value)]
    reasons: dict[int, set[str]] = {}
    for holder in PersonIdentifier.objects.filter(value__in=values).values_list("person_id", flat=True):
        reasons.setdefault(holder, set()).add("number")
    slips = PersonIdentifier.objects.filter(value__in=near, person__name=who.name)
    for holder in slips.values_list("person_id", flat=True):
        reasons.setdefault(holder, set()).add("near_number")
    for namesake in Person.objects.filter(name=who.name, birth_on=who.birth_on).values_list("pk", flat=True):
        reasons.setdefault(namesake, set()).add("name_birth")
    reasons.pop(who.pk, None)
    found = []
    for other in Person.objects.filter(pk__in=reasons, merged_into__isnull=True):
        why = reasons[other.pk] | _alike(who, other)
        found.append(Likeness(other.pk, likeness(sorted(why)), tuple(sorted(why))))
    alike = [one for one in found if one.score >= LOOK_AT]
    return sorted(alike, key=lambda one: (-one.score, one.person_id))


def _alike(one: Person, other: Person) -> set[str]:
    out = set()
    if one.mobile and one.mobile == other.mobile:
        out.add("mobile")
    if one.region_code == other.region_code:
        out.add("region")
    if one.sex == other.sex:
        out.add("sex")
    return out


def detect_duplicates() -> int:
    """Look through the whole registry and keep new pairs for an officer; returns how many are new.

    Pairs: same number of any kind; same name and birth; same name and citizen's numbers that differ in
    one of their first 17 digits.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        near = list(_near_pairs(cursor))
        ones, others = [one for one, _other in near], [other for _one, other in near]
        cursor.execute(FIND_PAIRS, {"near_one": ones, "near_other": others, "look_at": LOOK_AT})
        found = int(cursor.rowcount)
        audit("registry.duplicates_looked_for", ("registry.duplicate", "all"), found=found)
    return found


# Numbers lie sealed. Two that differ in one place agree in their first half or in their second: halves are compared by
# keyed digests, and only pairs of namesakes that share a half are opened.
PIECES = (
    "create temporary table registry_piece (identifier bigint, person_id bigint, half int, piece text) on commit drop"
)
PIECES_AT_ONCE = 50_000
NUMBERS = """
select id, person_id, value from registry_personidentifier where kind = %s and id > %s order by id limit %s
"""
ADD_PIECES = "insert into registry_piece select * from unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[])"
SHARED_HALVES = """
select a.person_id, b.person_id, i.value, j.value
from registry_piece a join registry_piece b on b.half = a.half and b.piece = a.piece and b.person_id > a.person_id
join registry_person p on p.id = a.person_id join registry_person q on q.id = b.person_id and q.name = p.name
join registry_personidentifier i on i.id = a.identifier join registry_personidentifier j on j.id = b.identifier
where p.merged_into_id is null and q.merged_into_id is null
"""


def _near_pairs(cursor: Any) -> Iterator[tuple[int, int]]:
    """Namesakes whose citizen's numbers differ in one of their first 17 digits, the lower key first."""
    cursor.execute("drop table if exists registry_piece")
    cursor.execute(PIECES)
    last = 0
    while rows := _numbers_behind(cursor, last):
        if pieces := list(_pieces(rows)):
            cursor.execute(ADD_PIECES, [list(column) for column in zip(*pieces, strict=True)])
        last = rows[-1][0]
    cursor.execute("analyze registry_piece")
    cursor.execute(SHARED_HALVES)
    for one, other, *sealed in cursor.fetchall():
        first, second = map(open_, sealed)
        if sum(a != b for a, b in zip(first[:17], second[:17], strict=True)) == 1:
            yield one, other


def _numbers_behind(cursor: Any, last: int) -> list[tuple[int, int, str]]:
    cursor.execute(NUMBERS, [RESIDENT_ID, last, PIECES_AT_ONCE])
    rows: list[tuple[int, int, str]] = cursor.fetchall()
    return rows


def _pieces(rows: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, int, str]]:
    for key, holder, sealed in rows:
        number = open_(sealed)
        if len(number) == ID_NUMBER_LENGTH:
            for half, piece in ((1, number[:9]), (2, number[9:17])):
                yield key, holder, half, digest(Family.IDENTITY, f"{half}:{piece}")


FIND_PAIRS = """
with alive as (
  select id, name, birth_on, sex, region_code, mobile from registry_person where merged_into_id is null
), numbers as (
  select a.person_id one, b.person_id other from registry_personidentifier a
  join registry_personidentifier b on b.digest = a.digest and b.person_id > a.person_id
), namesakes as (
  select a.id one, b.id other from alive a join alive b
  on b.name = a.name and b.birth_on = a.birth_on and b.id > a.id
), near as (
  select distinct one, other from unnest(%(near_one)s::bigint[], %(near_other)s::bigint[]) n(one, other)
), told as (
  select one, other, 'number' reason, 100 points from numbers
  union select one, other, 'name_birth', 60 from namesakes
  union select one, other, 'near_number', 80 from near
), pairs as (
  select one, other from told group by one, other
), more as (
  select * from told
  union all select one, other, 'sex', 5 from pairs join alive a on a.id = one join alive b on b.id = other
    where a.sex = b.sex
  union all select one, other, 'region', 10 from pairs join alive a on a.id = one join alive b on b.id = other
    where a.region_code = b.region_code
  union all select one, other, 'mobile', 20 from pairs join alive a on a.id = one join alive b on b.id = other
    where a.mobile = b.mobile and a.mobile <> ''
), scored as (
  select one, other, least(100, sum(points)) score, array_agg(reason order by reason) reasons from more
  where one in (select id from alive) and other in (select id from alive) group by one, other
)
insert into registry_duplicate (low_id, high_id, score, reasons, state, found_at)
select one, other, score, reasons, 'open', now() from scored where score >= %(look_at)s
on conflict (low_id, high_id) do nothing
"""


def dismiss_duplicate(duplicate_id: int, why: str) -> None:
    """Keep in mind that two records are two persons."""
    with transaction.atomic():
        row = Duplicate.objects.select_for_update().get(pk=duplicate_id)
        row.state = "dismissed"
        row.save(update_fields=["state"])
        audit("registry.duplicate_dismissed", row, why=why)


def merge(keep_id: int, lose_id: int, why: str) -> Merge:
    """Let one record stand for another from now on; nothing is moved, so `unmerge` restores everything.

    Numbers, facts, accounts and all rows of businesses stay with the record they were written for; reads through
    `person`, `records_of` and `facts_of` join them. A death known of the losing record alone is carried over.
    MergeRefused for a record merged already or two with different days of death.
    """
    with transaction.atomic():
        rows = {
            row.pk: row for row in Person.objects.select_for_update().filter(pk__in=(keep_id, lose_id)).order_by("pk")
        }
        if len(rows) != 2:
            raise MergeRefused(_("Choose two different persons in your scope."))
        keep, lose = rows[keep_id], rows[lose_id]
        if keep.merged_into_id or lose.merged_into_id:
            raise MergeRefused(_("One of the two is merged into another person already."))
        if keep.died_on and lose.died_on and keep.died_on != lose.died_on:
            raise MergeRefused(_("The two have different days of death; correct one first."))
        carried: dict[str, Any] = {}
        if lose.died_on and not keep.died_on:
            carried["died_on"] = lose.died_on.isoformat()
            keep.died_on = lose.died_on
            keep.save(update_fields=["died_on"])
        lose.merged_into = keep
        lose.save(update_fields=["merged_into"])
        row = Merge.objects.create(keep=keep, lose=lose, why=why[:300], carried=carried)
        _mark_pair(keep_id, lose_id, "merged")
        audit("registry.persons_merged", row, person=keep_id, region=keep.region_code, lose=lose_id, why=why)
        publish(events.PersonsMerged(keep_id, lose_id))
        if carried and keep.died_on:
            publish(events.PersonDied(keep_id, keep.died_on))
    return row


def unmerge(lose_id: int, why: str) -> None:
    """Undo the merge of a record: it stands for itself again, and what was carried over goes back."""
    with transaction.atomic():
        row = Merge.objects.select_for_update(of=("self",)).filter(lose_id=lose_id, undone_at__isnull=True).first()
        if row is None:
            raise MergeRefused(_("This record is not merged."))
        Person.objects.filter(pk=lose_id).update(merged_into=None)
        if "died_on" in row.carried:
            Person.objects.filter(pk=row.keep_id, died_on=row.carried["died_on"]).update(died_on=None)
            publish(events.PersonFoundAlive(row.keep_id))
        row.undone_at = timezone.now()
        row.save(update_fields=["undone_at"])
        _mark_pair(row.keep_id, lose_id, "open")
        audit("registry.persons_unmerged", row, person=row.keep_id, lose=lose_id, why=why)
        publish(events.PersonsUnmerged(row.keep_id, lose_id))


def _mark_pair(one: int, other: int, state: str) -> None:
    pair = Q(low_id=min(one, other), high_id=max(one, other))
    for row in Duplicate.objects.filter(pair):
        row.state = state
        row.save(update_fields=["state"])
