"""The operations of the open interface, made from the catalogue and from the register of queries."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Body, Header, NinjaAPI, Path, Query
from ninja.responses import Status
from pydantic import BaseModel, Field, ValidationError

from dashebao.kernel.cases.api import Answer as CaseAnswer
from dashebao.kernel.cases.api import Filter, NotFound, State, answer_correction, case_view, cases_of_program, withdraw
from dashebao.kernel.catalogue.api import ServiceItem, item
from dashebao.platform.service_centre.open_api.answers import Strict, changes_model, raw_answers
from dashebao.platform.service_centre.open_api.callers import Bearer, Caller
from dashebao.platform.service_centre.open_api.problems import Problem, field_errors
from dashebao.platform.service_centre.open_api.references import CURSOR, after, cursor, reference
from dashebao.platform.service_centre.open_api.scopes import CASES, FIND, open_items, submit_scope
from dashebao.platform.service_centre.open_api.serving import IDEMPOTENCY_KEY, header, look, once, serving
from dashebao.platform.service_centre.open_api.shown import (
    CasePage,
    CaseShown,
    ItemGuide,
    ItemList,
    ResultShown,
    SubjectShown,
    case_row,
    case_shown,
    item_guide,
    item_line,
    result_shown,
)
from dashebao.platform.service_centre.open_api.submitting import (
    PaperSent,
    PersonApplies,
    UnitApplies,
    hand_in,
    papers_of,
    person_of,
    submission_model,
    unit_of,
)

ITEMS, CASE_TAG, SUBJECTS = gettext_noop("Service items"), gettext_noop("Cases"), gettext_noop("Persons and units")
PAGE_SIZE = 50
CASE_NO = r"^[0-9]{22}$"
ITEM_CODE = r"^[A-Z]{2,4}-[0-9]{2,4}$"
CaseNo = Annotated[str, Path(..., pattern=CASE_NO, description=gettext_noop("Number of the case"))]
OnceKey = Annotated[
    str,
    Header(
        ...,
        alias="Idempotency-Key",
        pattern=IDEMPOTENCY_KEY,
        description=gettext_noop("A new value for every new request, the same value when the request is sent again"),
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match", pattern=r'^"[0-9]{1,9}"$', description=gettext_noop("The ETag of the case as it was read")
    ),
]


class Withdrawal(Strict):
    """Why an application is withdrawn."""

    reason: Annotated[str, Field(max_length=200)] = ""


class Completion(Strict):
    """What completes an application: changed answers by field name as in the item, and papers."""

    answers: Annotated[
        dict[str, Any], Field(description=gettext_noop("Only what changes; the fields are those of the item"))
    ] = {}
    papers: Annotated[list[PaperSent], Field(max_length=20)] = []


def add_items(api: NinjaAPI) -> None:
    """List, guides, and one operation to hand in for every item open to programs."""

    @api.get("/items", response=ItemList, tags=[ITEMS], auth=Bearer("listItems"), operation_id="listItems",
             summary=gettext_noop("Items open to programs"))  # fmt: skip
    def list_items(request: HttpRequest) -> Any:
        with serving(request):
            return ItemList(items=[item_line(one) for one in open_items()])

    @api.get("/items/{code}", response=ItemGuide, tags=[ITEMS], auth=Bearer("getItem"), operation_id="getItem",
             summary=gettext_noop("Guide of an item"))  # fmt: skip
    def get_item(request: HttpRequest, code: Annotated[str, Path(..., pattern=ITEM_CODE)]) -> Any:
        with serving(request):
            found = next((one for one in open_items() if one.code == code), None)
            if found is None:
                raise Problem(404, _("There is no item with this code that programs may hand in."))
            return item_guide(found)

    for found in open_items():
        _add_submission(api, found)


def _add_submission(api: NinjaAPI, found: ServiceItem) -> None:
    model = submission_model(found)
    operation = f"submit{found.code.replace('-', '')}"

    def hand_item_in(request: HttpRequest, body: BaseModel, idempotency_key: str) -> Any:
        return Status(201, hand_in(request, found, body, idempotency_key))

    serve = served(hand_item_in, {"body": Annotated[model, Body(...)], "idempotency_key": OnceKey})
    api.post(
        f"/items/{found.code}/cases",
        response={201: CaseShown},
        tags=[ITEMS],
        auth=Bearer(operation, submit_scope(found)),
        operation_id=operation,
        summary=str(found.title),
        description=str(found.summary),
        openapi_extra={"x-item": found.code, "x-scope": submit_scope(found)},
    )(serve)


def served(view: Callable[..., Any], parameters: dict[str, Any]) -> Callable[..., Any]:
    """A view with the parameters the framework is to read from the request."""
    given = [inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)]
    given += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in parameters.items()
    ]

    def serve(request: HttpRequest, **values: Any) -> Any:
        return view(request, **values)

    serve.__signature__ = inspect.Signature(given)  # type: ignore[attr-defined]
    serve.__name__ = view.__name__
    return serve


def add_cases(api: NinjaAPI) -> None:
    """The caller's cases: list, progress, result."""
    states = Literal[tuple(State.values)]

    @api.get("/cases", response=CasePage, tags=[CASE_TAG], auth=Bearer("listCases", CASES), operation_id="listCases", openapi_extra={"x-scope": CASES},
             summary=gettext_noop("Own cases, newest first"))  # fmt: skip
    def list_cases(
        request: HttpRequest,
        state: Annotated[states | None, Query()] = None,  # type: ignore[valid-type]
        item_code: Annotated[str | None, Query(pattern=ITEM_CODE)] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = PAGE_SIZE,
        cursor: Annotated[str | None, Query(pattern=CURSOR)] = None,
    ) -> Any:
        with serving(request) as caller:
            narrowed = Filter(item_code=item_code or "", size=limit + 1)
            before = after(caller, "cases", cursor) or ""
            return _page(caller, cases_of_program(caller.actor, narrowed, state or "", before), limit)

    @api.get("/cases/{case_no}", response=CaseShown, tags=[CASE_TAG], auth=Bearer("getCase", CASES),
             operation_id="getCase", openapi_extra={"x-scope": CASES}, summary=gettext_noop("Progress of a case"))  # fmt: skip
    def get_case(request: HttpRequest, case_no: CaseNo) -> Any:
        with serving(request) as caller:
            shown = case_shown(_own(caller, case_no))
        header(request, "ETag", f'"{shown.version}"')
        return shown

    @api.get("/cases/{case_no}/result", response=ResultShown, tags=[CASE_TAG], auth=Bearer("getResult", CASES),
             operation_id="getResult", summary=gettext_noop("Decision, explanation and letters of a case"))  # fmt: skip
    def get_result(request: HttpRequest, case_no: CaseNo) -> Any:
        with serving(request) as caller:
            return result_shown(_own(caller, case_no))


def add_acts(api: NinjaAPI) -> None:
    """What the applicant may do with a case."""

    @api.post("/cases/{case_no}/answer-correction", response=CaseShown, tags=[CASE_TAG],
              auth=Bearer("answerCorrection", CASES), operation_id="answerCorrection", openapi_extra={"x-scope": CASES},
              summary=gettext_noop("Complete what the office asked for"))  # fmt: skip
    def complete(
        request: HttpRequest, case_no: CaseNo, body: Completion, idempotency_key: OnceKey, if_match: IfMatch = None
    ) -> Any:
        def act(caller: Caller) -> CaseShown:
            found = item(_own(caller, case_no).item_code)
            answer = CaseAnswer(_changes(found, body.answers), papers_of(body.papers))
            answer_correction(case_no, caller.actor, answer, _version(if_match))
            return case_shown(case_view(case_no, caller.actor))

        return once(request, idempotency_key, body, act)

    @api.post("/cases/{case_no}/withdraw", response=CaseShown, tags=[CASE_TAG], auth=Bearer("withdrawCase", CASES),
              operation_id="withdrawCase", summary=gettext_noop("Withdraw an undecided application"))  # fmt: skip
    def take_back(
        request: HttpRequest, case_no: CaseNo, body: Withdrawal, idempotency_key: OnceKey, if_match: IfMatch = None
    ) -> Any:
        def act(caller: Caller) -> CaseShown:
            _own(caller, case_no)
            withdraw(case_no, caller.actor, 0, body.reason, _version(if_match))
            return case_shown(case_view(case_no, caller.actor))

        return once(request, idempotency_key, body, act)


def add_subjects(api: NinjaAPI) -> None:
    """Find the person or unit that a query is about."""

    @api.post("/persons/find", response=SubjectShown, tags=[SUBJECTS], auth=Bearer("findPerson", FIND),
              operation_id="findPerson", summary=gettext_noop("Find a person by ID number and name"))  # fmt: skip
    def find_person(request: HttpRequest, body: PersonApplies) -> Any:
        with serving(request) as caller:
            human = person_of(body.id_number, body.name)
            look(caller, human.pk, human.region_code)
            return SubjectShown(
                reference=reference(caller, "person", human.pk), name=human.name, region_code=human.region_code
            )

    @api.post("/units/find", response=SubjectShown, tags=[SUBJECTS], auth=Bearer("findUnit", FIND),
              operation_id="findUnit", summary=gettext_noop("Find a unit by credit code"))  # fmt: skip
    def find_a_unit(request: HttpRequest, body: UnitApplies) -> Any:
        with serving(request) as caller:
            firm = unit_of(caller, body.credit_code)
            caller.touch(unit_id=firm.pk)
            return SubjectShown(
                reference=reference(caller, "unit", firm.pk), name=firm.name, region_code=firm.region_code
            )


def _own(caller: Caller, case_no: str) -> Any:
    """A case of this caller; NotFound for anybody else's, whatever its row scope would show."""
    caller.touch(case_no=case_no)
    if not cases_of_program(caller.actor, Filter(text=case_no, size=1)):
        raise NotFound
    view = case_view(case_no, caller.actor)
    if view.person_id and not view.unit_id:
        look(caller, view.person_id, view.region_code)
    return view


def _page(caller: Caller, lines: list[Any], limit: int) -> CasePage:
    more = cursor(caller, "cases", lines[limit - 1].case_no) if len(lines) > limit else None
    return CasePage(items=[case_row(line) for line in lines[:limit]], next_cursor=more)


def _version(if_match: str | None) -> int | None:
    return int(if_match.strip('"')) if if_match else None


def _changes(found: ServiceItem, given: dict[str, Any]) -> dict[str, Any]:
    try:
        return raw_answers(changes_model(found).model_validate(given))
    except ValidationError as error:
        errors = field_errors([dict(one) for one in error.errors()], "answers")
        raise Problem(
            422, _("Correct the values named in “errors” and send the request again."), errors=errors
        ) from error
