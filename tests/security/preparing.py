"""Parts of `people` and `sweep` that need Django set up: objects, duties, accounts, sessions."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from dashebao.kernel.cases.api import Application, submit
from dashebao.kernel.cases.models import Case, CaseMaterial, PaperFile
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.identity.api import Grant, Office, User, roles
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import unit
from tests.security.objects import BY_DUTY, EMPLOYER, OWNED, PORTAL

FAMILIES = ("business", "finance", "information", "audit")
HERE, HALL, FAR = "440000", "440100", "440305"
BACKEND = "dashebao.kernel.identity.backends.PasswordBackend"
Things = dict[str, tuple[list[str], str, int]]


def keep_file() -> None:
    """A file handed in with some case, unless there is one."""
    with acting(SYSTEM, "a file for the security tests"):
        if PaperFile.objects.exists():
            return
        paper = CaseMaterial.objects.exclude(case__region_code=FAR).select_related("case").order_by("id").first()
        assert paper is not None
        paper.state, paper.received_at = "received", timezone.now()
        paper.file = PaperFile.objects.create(
            case=paper.case, file_name="card.pdf", media_type="application/pdf", digest="0" * 64, content=b"%PDF-1.4",
            received_at=paper.received_at,
        )  # fmt: skip
        paper.save()


def hand_in_for_a_unit() -> None:
    """A certificate for the demonstration's employer, unless a unit has a case already."""
    with acting(SYSTEM, "a unit's case for the security tests"):
        if Case.objects.filter(applicant_kind="unit").exclude(region_code=FAR).exists():
            return
        operator = User.objects.get(username="employer")
        firm = unit(operator.unit_id or 0)
    applicant = Applicant.of_unit(firm.pk, firm.name, firm.region_code)
    submit(Application("SI-3012", applicant, {}, Channel.EMPLOYER, "security tests"), operator)


def things() -> Things:
    """Values, word and owner of every address that names something; those of which there is nothing are left out."""
    found: Things = {}
    with connection.cursor() as cursor:
        for name, query in (OWNED | BY_DUTY).items():
            cursor.execute(f"{query} {'order by 1' if name in OWNED else ''} limit 1")
            row = cursor.fetchone()
            if row is not None and None not in row[0]:
                found[name] = (row[0], *row[1:]) if name in OWNED else (row[0], "", 0)
    return found


def officer(family: str, place: str) -> User:
    """An officer with every duty of a family."""
    office = Office.objects.get(code=f"SI-{place}")
    defaults = {"kind": "officer", "name": f"{family} {place}", "office": office}
    user, _made = User.objects.get_or_create(username=f"security-{family}-{place}", defaults=defaults)
    _grant(user, [role.code for role in roles().values() if role.family == family])
    return user


def owner(kind: str, key: int) -> User:
    """A citizen ("person"), or the main operator of a unit."""
    account, field = {"person": ("citizen", "person_id"), "unit": ("operator", "unit_id")}[kind]
    defaults: dict[str, Any] = {"kind": account, "name": f"{kind} {key}", field: key}
    user, _made = User.objects.get_or_create(username=f"security-{kind}-{key}", defaults=defaults)
    if kind == "unit":
        _grant(user, ["unit.main"])
    return user


def _grant(user: User, duties: Iterable[str]) -> None:
    held = set(Grant.objects.filter(user=user).values_list("role", flat=True))
    since = DateRange(date(2020, 1, 1), None)
    Grant.objects.bulk_create(
        Grant(user=user, role=role, family=roles()[role].family, valid_during=since)
        for role in duties
        if role not in held
    )


def sessions(found: Things) -> dict[str, str]:
    """Open sessions by label: officers of every family here and far away, every owner, another citizen and unit."""
    with acting(SYSTEM, "people of the security tests"):
        places = [(family, place) for family in FAMILIES for place in (HERE, FAR)] + [("business", HALL)]
        told = {f"{family}-{place}": _session(officer(family, place)) for family, place in places}
        for kind, names, other, table in (
            ("person", PORTAL, "citizen", "registry_person"), ("unit", EMPLOYER, "operator", "registry_unit"),
        ):  # fmt: skip
            keys = {found[name][2] for name in names if name in found}
            told |= {f"{kind}-{key}": _session(owner(kind, key)) for key in sorted(keys)}
            with connection.cursor() as cursor:
                cursor.execute(f"select max(id) from {table} where id <> all(%s)", [sorted(keys)])
                told[other] = _session(owner(kind, cursor.fetchone()[0]))
    return told


def _session(user: User) -> str:
    """The key of a session as the sign-in makes it."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)
