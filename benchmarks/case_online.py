"""A service item handed in over HTTP, from the form to the decided case, beside a page that does nothing."""

from __future__ import annotations

import re
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence

from django.contrib.auth.hashers import make_password

from benchmarks.measuring import Figures, percentile
from benchmarks.pages import NOTHING, form_key, served, signed_in
from benchmarks.pension_run import COUNTIES, POOL, pensioners
from benchmarks.registering import write_persons
from benchmarks.scratch import as_owner
from dashebao.business.fund.api import books
from dashebao.business.insurance.common.models import Qualification
from dashebao.business.insurance.pension.loading import load_pensioners
from dashebao.kernel.identity.api import Office, User
from dashebao.kernel.records.api import SYSTEM, acting

SIZES, WARM = (50,), 3
ITEM, ANSWERS = "SI-405", {"method": "face"}
PERSON = 500_000_001
USERNAME, PASSWORD = "bench-citizen", "a password of the benchmark"


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Milliseconds of three requests, form, check and hand-in: the median, which is reported without a reach."""
    [cases] = sizes
    prepare()
    with served() as address:
        visitor = signed_in(address, USERNAME, PASSWORD)
        ours: list[float] = []
        nothing: list[float] = []
        for number in range(cases + WARM):
            for job, taken in ((hand_in, ours), (look, nothing)):
                begun = time.perf_counter()
                job(visitor, address)
                if number >= WARM:
                    taken.append((time.perf_counter() - begun) * 1_000)
    with acting(SYSTEM, "count"):
        proofs = Qualification.objects.filter(person_id=PERSON).exclude(case_no="").count()
    detail = {
        "wrong": cases + WARM - proofs, "requests_of_a_case": 3,
        **{f"p{part}_ms": round(percentile(ours, part), 1) for part in (50, 95, 99)},
        **{f"nothing_p{part}_ms": round(percentile(nothing, part), 1) for part in (50, 95, 99)},
    }  # fmt: skip
    p50, base = percentile(ours, 50), percentile(nothing, 50)
    return [Figures("case-online", cases, "ms", p50, base, p50 / base, None, False, detail)]


def prepare() -> None:
    """A pensioner with an account at the portal."""
    with as_owner(), acting(SYSTEM, "benchmark"):
        books("110", POOL)
        write_persons([PERSON], [COUNTIES[0]])
        load_pensioners(pensioners([PERSON], 202601))
        Office.objects.get_or_create(code="BENCH-C", name="区局", level="county", region_code=COUNTIES[0])
        User(username=USERNAME, password=make_password(PASSWORD), kind="citizen", name="甲", person_id=PERSON).save()


def hand_in(visitor: urllib.request.OpenerDirector, address: str) -> None:
    """Open the form, answer it, and hand it in from the page that shows the answers once more."""
    place = f"{address}/my/apply/{ITEM}/"
    form = _read(visitor, place)
    check = _read(visitor, place, {**form_key(form), **ANSWERS})
    hidden = dict(re.findall(r'name="(key|version)" value="([^"]+)"', check))
    _read(visitor, f"{place}check/", {**form_key(check), **hidden})


def look(visitor: urllib.request.OpenerDirector, address: str) -> None:
    """The page that does nothing, as often as a case takes requests."""
    for _request in range(3):
        _read(visitor, address + NOTHING)


def _read(visitor: urllib.request.OpenerDirector, page: str, fields: dict[str, str] | None = None) -> str:
    given = urllib.parse.urlencode(fields).encode() if fields else None
    with visitor.open(page, given) as answer:
        return str(answer.read().decode())
