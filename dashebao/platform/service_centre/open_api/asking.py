"""One operation for each registered query."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Path
from ninja import Query as InQuery
from pydantic import create_model

from dashebao.kernel.cases.api import today
from dashebao.kernel.registry.api import person, unit
from dashebao.platform.service_centre.open_api.callers import Bearer, Caller
from dashebao.platform.service_centre.open_api.operations import PAGE_SIZE, SUBJECTS, served
from dashebao.platform.service_centre.open_api.problems import Problem
from dashebao.platform.service_centre.open_api.references import CURSOR, PERSON, UNIT, after, cursor, referred
from dashebao.platform.service_centre.open_api.register import About, Answer, Asked, Query, queries
from dashebao.platform.service_centre.open_api.serving import look, serving

PLACES = {About.PERSON: "/persons/{person}/", About.UNIT: "/units/{unit}/", About.NOBODY: "/"}
PATTERNS = {About.PERSON: PERSON, About.UNIT: UNIT}
HINTS = {
    About.PERSON: gettext_noop("Reference of the person, from findPerson"),
    About.UNIT: gettext_noop("Reference of the unit, from findUnit; “own” for the unit the key acts for"),
}
REFERENCE = gettext_noop("Reference data")


def add_queries(api: NinjaAPI) -> None:
    """Every query that a business registered."""
    for query in queries():
        _add(api, query)


def operation_of(query: Query) -> str:
    """The name of a query's operation: contribution-record -> getContributionRecord."""
    return "get" + "".join(word.capitalize() for word in query.name.split("-"))


def page_model(query: Query) -> type[Answer]:
    """What a query answers with: its answer, or a page of them."""
    if not query.paged:
        return query.answer
    return create_model(
        f"{query.answer.__name__}Page", __base__=Answer, items=(list[query.answer], ...), next_cursor=(str | None, ...)
    )  # type: ignore[no-any-return]


def _add(api: NinjaAPI, query: Query) -> None:
    model, operation = page_model(query), operation_of(query)

    def ask(request: HttpRequest, **given: Any) -> Any:
        with serving(request) as caller:
            return _answered(caller, query, model, given)

    scope = query.scope if query.about is not About.NOBODY else ""
    api.get(
        f"{PLACES[query.about]}{query.name}",
        response=model,
        tags=[REFERENCE if query.about is About.NOBODY else SUBJECTS],
        auth=Bearer(operation, scope),
        operation_id=operation,
        summary=str(query.title),
        description=str(query.description),
        openapi_extra={"x-scope": scope},
    )(served(ask, _parameters(query)))


def _parameters(query: Query) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if query.about is not About.NOBODY:
        place = Path(..., pattern=PATTERNS[query.about], description=HINTS[query.about])
        found[query.about.value] = Annotated[str, place]
    if query.question is not None:
        found["question"] = Annotated[query.question, InQuery(...)]
    if query.paged:
        found["limit"] = Annotated[int, InQuery(PAGE_SIZE, ge=1, le=100)]
        found["cursor"] = Annotated[str | None, InQuery(None, pattern=CURSOR)]
    return found


def _answered(caller: Caller, query: Query, model: type[Answer], given: dict[str, Any]) -> Any:
    subject = _subject(caller, query, given)
    limit = given.get("limit", 0)
    start = after(caller, f"{query.name}:{subject}", given.get("cursor")) if query.paged else None
    try:
        found = query.provide(Asked(subject, today(), given.get("question"), start, limit))
    except query.missing as error:
        raise Problem(404, str(error)) from error
    if found is None:
        raise Problem(404)
    if query.paged:
        more = cursor(caller, f"{query.name}:{subject}", found.after)
        return model(items=list(found.items), next_cursor=more)
    return found


def _subject(caller: Caller, query: Query, given: dict[str, Any]) -> int:
    """The subject's registry key, seen through the caller's row scope and recorded."""
    if query.about is About.NOBODY:
        return 0
    key = referred(caller, query.about.value, given[query.about.value])
    if query.about is About.UNIT:
        caller.touch(unit_id=key)
        return int(unit(key).pk)
    human = person(key)
    look(caller, human.pk, human.region_code)
    return int(human.pk)
