"""Pages of relations that move between provinces: what is under way, and one move step by step."""

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.pension.items.parts import today
from dashebao.business.insurance.pension.models import Transfer
from dashebao.business.insurance.pension.queries import transfers_of
from dashebao.business.insurance.pension.views import SHELLS, province_name
from dashebao.kernel.registry.api import person, persons
from dashebao.platform.screens.api import Column, Face, Link, Page, Table, Tag, paged, register_page

OFFICERS = ("pension.clerk", "pension.assessor", "pension.approver")
TONES = {
    Transfer.State.POSTED: "ok",
    Transfer.State.CANCELLED: "",
    Transfer.State.QUESTIONED: "warn",
}


def under_way(request: HttpRequest) -> HttpResponse:
    """Moves that are not finished, the nearest limit first."""
    open_ones = Transfer.objects.exclude(state__in=[Transfer.State.POSTED, Transfer.State.CANCELLED])
    page = paged(request, open_ones.order_by(F("next_limit_on").asc(nulls_last=True), "id"))
    names = persons([row.person_id for row in page.rows])
    rows = [_line(row, names[row.person_id].name) for row in page.rows]
    columns = [
        Column(_("Name"), "link"),
        Column(_("Direction")),
        Column(_("Province")),
        Column(_("Stage"), "tag"),
        Column(_("What was said")),
        Column(_("Next step by"), "date"),
        Column("", "tag"),
    ]
    table = Table(columns, rows, empty=_("No move between provinces is under way."))
    return render(request, "pension/transfers.html", {"shell": SHELLS["counter"], "table": table, "paged": page})


def _line(row: Transfer, name: str) -> tuple[object, ...]:
    late = row.next_limit_on is not None and row.next_limit_on < today()
    return (
        Link(name, reverse("pension_transfer", args=[row.pk])),
        row.get_direction_display(),
        province_name(row.other_region),
        _stage(row),
        row.reason,
        row.next_limit_on,
        Tag(_("Overdue"), "err") if late else Tag(_("In time"), "ok"),
    )


def _stage(row: Transfer) -> Tag:
    return Tag(row.get_state_display(), TONES.get(Transfer.State(row.state), "info"))


def one_transfer(request: HttpRequest, transfer_id: int) -> HttpResponse:
    """One move at the counter."""
    row = Transfer.objects.filter(pk=transfer_id).first()
    if row is None:
        raise Http404
    return _shown(request, [row], "counter")


def my_transfers(request: HttpRequest) -> HttpResponse:
    """The signed-in citizen's own moves."""
    return _shown(request, transfers_of(int(getattr(request.user, "person_id", 0) or 0)), "portal")


def _shown(request: HttpRequest, rows: list[Transfer], face: str) -> HttpResponse:
    shown = [{"row": row, "human": person(row.person_id), **_parts(row)} for row in rows]
    return render(request, "pension/transfer.html", {"shell": SHELLS[face], "shown": shown})


def _parts(row: Transfer) -> dict[str, object]:
    steps = [(step.get_state_display(), step.limit_on, step.done_on, step.note) for step in row.steps.order_by("id")]
    form = row.forms.order_by("-revision").first()
    years = [
        (str(year["year"]), province_name(f"{year['place']}0000"), year["months"], year["base_fen"])
        for year in (form.years if form else [])
    ]
    money = [(part.arrived_on, part.amount_fen) for part in row.money.order_by("id")]
    place = row.trace.get("place", {}).get("results", {}).get("places", [""])[0]
    return {
        "stage": _stage(row),
        "province": province_name(row.other_region),
        "place": province_name(f"{place}0000") if place else "",
        "steps": Table(
            [Column(_("Step")), Column(_("Limit"), "date"), Column(_("Done on"), "date"), Column(_("What was said"))],
            steps,
            empty=_("Waiting for the other province."),
        ),
        "years": Table(
            [
                Column(_("Year")),
                Column(_("Province")),
                Column(_("Months"), "number"),
                Column(_("Wages of the year"), "money"),
            ],
            years,
            empty=_("The information form has not come yet."),
        ),
        "money": Table([Column(_("Arrived on"), "date"), Column(_("Amount"), "money", total=True)], money)
        if money
        else None,
    }


register_page(
    Page(
        face=Face.COUNTER,
        path="pension/transfers/",
        name="pension_transfers",
        title=gettext_lazy("Moves between provinces"),
        view=under_way,
        icon="arrow-left-right",
        group="pension",
        order=40,
        roles=OFFICERS,
    )
)
register_page(
    Page(
        face=Face.COUNTER,
        path="pension/transfers/<int:transfer_id>/",
        name="pension_transfer",
        title=gettext_lazy("Move between provinces"),
        view=one_transfer,
        icon="arrow-left-right",
        roles=OFFICERS,
    )
)
register_page(
    Page(
        face=Face.PORTAL,
        path="pension/transfers/",
        name="pension_my_transfers",
        title=gettext_lazy("Moves between provinces"),
        view=my_transfers,
        icon="arrow-left-right",
        group="me",
        order=36,
    )
)
