"""The open interface as one object of the framework, with our errors and our description."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as RequestInvalid
from ninja.renderers import JSONRenderer

from dashebao.kernel.cases.api import CaseError, ForbiddenByLaw, KeyReused, NotAllowed, NotFound, StaleCase
from dashebao.kernel.catalogue.api import AnswersInvalid
from dashebao.kernel.registry.api import NoSuchPerson, NoSuchUnit, RegistryError
from dashebao.platform.service_centre.open_api.asking import add_queries
from dashebao.platform.service_centre.open_api.callers import CHALLENGE
from dashebao.platform.service_centre.open_api.operations import add_acts, add_cases, add_items, add_subjects
from dashebao.platform.service_centre.open_api.problems import Problem, answers_problem, field_errors, problem_response
from dashebao.platform.service_centre.open_api.register import told

TITLE = gettext_noop("DaShebao open interface")
ABOUT = gettext_noop(
    "Service items and queries for the programs of employers and partners. Money is whole fen in fields named *_fen; "
    "errors are application/problem+json; lists are paged by cursor; texts follow Accept-Language."
)


class Readable(JSONRenderer):
    """JSON in which Chinese stays readable."""

    json_dumps_params: ClassVar[dict[str, Any]] = {"ensure_ascii": False}


def build(namespace: str = "open-api-1") -> NinjaAPI:
    """All operations, made anew from what is registered now."""
    api = NinjaAPI(
        title=TITLE,
        version="1",
        description=ABOUT,
        docs_url=None,
        openapi_url=None,
        urls_namespace=namespace,
        renderer=Readable(),
    )
    _handle_errors(api)
    add_items(api)
    add_cases(api)
    add_acts(api)
    add_subjects(api)
    add_queries(api)
    return api


def problem_of(error: Exception) -> Problem:
    """What an exception means for the calling program."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, AnswersInvalid):
        return answers_problem(error.errors)
    if isinstance(error, RequestInvalid):
        detail = _("Correct the values named in “errors” and send the request again.")
        return Problem(422, detail, errors=field_errors(error.errors))
    if isinstance(error, NotFound | NoSuchPerson | NoSuchUnit):
        return Problem(404, str(error))
    if isinstance(error, StaleCase):
        return Problem(412, str(error))
    if isinstance(error, KeyReused):
        return Problem(422, str(error), code="idempotency-key-reused")
    if isinstance(error, NotAllowed):
        return Problem(403, str(error))
    if isinstance(error, ForbiddenByLaw):
        return Problem(409, str(error), code="forbidden-by-law")
    return Problem(409, str(error))


def _handle_errors(api: NinjaAPI) -> None:
    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        return problem_response(problem_of(error), getattr(request, "api_request_id", ""))

    for kind in (Problem, AnswersInvalid, RequestInvalid, CaseError, RegistryError, *told()):
        api.add_exception_handler(kind, answer)

    @api.exception_handler(AuthenticationError)
    def nobody(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        problem = Problem(401, headers=CHALLENGE)
        return problem_response(problem, getattr(request, "api_request_id", ""))

    @api.exception_handler(Http404)
    def nothing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem_response(Problem(404), getattr(request, "api_request_id", ""))

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem_response(Problem(error.status_code), getattr(request, "api_request_id", ""))
