"""Every address that names something × everybody who has no business there: refused, and no word of it told."""

import json

import pytest

from dashebao.kernel.identity.api import roles
from dashebao.platform.screens.api import Face
from drills.folders import python
from tests.security.addresses import API, OF_FACES, OF_THE_INTERFACE
from tests.security.objects import BY_DUTY, OWNED, PUBLIC
from tests.security.visitor import Visitor

NAMING = {one.name: one for one in OF_FACES if "<" in one.path}
FAMILIES = ("business", "finance", "information", "audit")
ONLY_BY_POST = {"counter_reveal"}
SHOWN = (200, 302)  # 302: a page that leads back where nothing can be done
ABSENT = {"uuid": "00000000-0000-0000-0000-000000000000"}


@pytest.fixture(scope="module")
def prepared(product):
    """What stands behind each address, and everybody's session."""
    told: dict = json.loads(python(product.data, "-m", "tests.security.people").stdout.splitlines()[-1])
    return told


@pytest.fixture(scope="module")
def things(prepared):
    """Values, a word of its page and its owner for every address that names something."""
    return prepared["things"]


@pytest.fixture(scope="module")
def visitors(product, prepared):
    """Everybody with a session: officers of every family here and in a far county, owners, other citizens and units."""
    made = {label: Visitor(product.url, session) for label, session in prepared["sessions"].items()}
    return made | {"nobody": Visitor(product.url)}


def strangers(page, by_duty):
    """Labels of those who must be refused at a page."""
    families = {roles()[role].family for role in page.roles if role in roles()}
    found = ["nobody"]
    if page.face is Face.COUNTER:
        found += ["citizen", "operator", *(f"{one}-440000" for one in FAMILIES if one not in families)]
        found += [] if by_duty else [f"{one}-440305" for one in FAMILIES if one in families]
    elif page.face is Face.PORTAL:
        found += ["operator", "business-440000", *([] if by_duty else ["citizen"])]
    else:
        found += ["citizen", "business-440000", *([] if by_duty else ["operator"])]
    return found


def owner_of(name, page, owner):
    """The label of somebody who may open the page."""
    if page.face is not Face.COUNTER:
        kind = "person" if page.face is Face.PORTAL else "unit"
        return f"{kind}-{owner}" if owner else {"person": "citizen", "unit": "operator"}[kind]
    family = roles()[next(role for role in page.roles if role in roles())].family
    return f"{family}-{'440100' if name == 'windows_number' else '440000'}"


def refused(answer):
    """403 and 404, or the way to the sign-in (401: with the entries kept)."""
    return answer.status in (401, 403, 404) or (answer.status == 302 and answer.leads_to.startswith("/sign-in/"))


def absent(address, values):
    """The same address for something that is not there."""
    kinds = [part.split(":")[0] for part in address.path.split("<")[1:]]
    return [ABSENT.get(kind, "9" * min(len(value), 18)) for kind, value in zip(kinds, values, strict=True)]


def test_every_address_that_names_something_is_tried_here():
    assert set(NAMING) == set(OWNED) | set(BY_DUTY) | PUBLIC
    assert all(NAMING[name].page.public for name in PUBLIC)


def test_the_province_holds_something_behind_every_address(things):
    assert set(OWNED) | set(BY_DUTY) == set(things)


@pytest.mark.parametrize("name", sorted(set(NAMING) - PUBLIC))
def test_strangers_are_refused(things, visitors, name):
    (values, secret, owner), address = things[name], NAMING[name]
    path, page = address.filled(values), address.page
    mine = visitors[owner_of(name, page, owner)].ask(path, {} if name in ONLY_BY_POST else None)
    assert mine.status in SHOWN, mine.body[:2000]
    assert mine.status == 302 or secret in mine.body
    leaks = []
    for label in strangers(page, name in BY_DUTY):
        for entries in (None, {}):
            answer = visitors[label].ask(path, entries)
            if not refused(answer) or (secret and secret in answer.body):
                leaks.append((label, "GET" if entries is None else "POST", answer.status, answer.leads_to))
    assert leaks == []


@pytest.mark.parametrize("name", sorted(OWNED))
def test_what_is_anothers_is_answered_like_what_is_not_there(things, visitors, name):
    (values, _secret, _owner), address = things[name], NAMING[name]
    other = next(label for label in reversed(strangers(address.page, False)) if label != "nobody")
    foreign, missing = (visitors[other].ask(address.filled(v)) for v in (values, absent(address, values)))
    assert foreign.status == missing.status


@pytest.mark.parametrize(
    "name", [one.name for one in OF_FACES if one.page and "<" not in one.path and not one.page.public]
)
def test_pages_without_an_object_refuse_other_kinds_of_accounts(visitors, name):
    page = next(one.page for one in OF_FACES if one.name == name)
    path = "/" + next(one.path for one in OF_FACES if one.name == name)
    leaks = []
    for label in strangers(page, True):
        answers = [visitors[label].ask(path, entries) for entries in ((None, {}) if label == "nobody" else (None,))]
        leaks += [(label, answer.status, answer.leads_to) for answer in answers if not refused(answer)]
    assert leaks == []


def test_the_interface_answers_nobody_without_a_key(visitors):
    told = []
    for one in OF_THE_INTERFACE:
        if one.path in (API, f"{API}openapi.json"):
            continue  # the description is public
        path = one.filled(["1"] * one.path.count("<"))
        told += [(one.path, a.status) for a in (visitors["nobody"].ask(path), visitors["citizen"].ask(path, {}))
                 if a.status not in (401, 405, 415)]  # fmt: skip
    assert told == []
