"""The service desk at the counter: ratings, and the answers bad ones must get in time."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.kernel.cases.api import today
from dashebao.kernel.catalogue.api import UnknownItem, item
from dashebao.platform.screens.api import paged
from dashebao.platform.service_centre.portal.actions.ratings import BAD, answer_rating
from dashebao.platform.service_centre.portal.models import Rating


class ReplyForm(forms.Form):
    """What the citizen is told."""

    rating = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write what the citizen is told")},
    )


def ratings(request: HttpRequest) -> HttpResponse:
    """Ratings of the officer's area: bad ones without an answer first, by their last day."""
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer_rating(form.cleaned_data["rating"], form.cleaned_data["text"], by=request.user)
        messages.success(request, _("The answer is sent to the citizen."))
        return redirect("portal_ratings")
    listed = request.GET.get("list", "open")
    rows = Rating.objects.all()
    if listed == "open":
        rows = rows.filter(stars__lte=BAD, answered_at__isnull=True).order_by("due_on", "id")
    else:
        rows = rows.order_by("-id")
    page = paged(request, rows, 30)
    context = {
        "paged": page,
        "rows": [(row, _label(row.item_code)) for row in page.rows],
        "listed": listed,
        "form": form,
        "today": today(),
    }
    return render(request, "portal/ratings.html", context, status=422 if form.errors else 200)


def _label(code: str) -> str:
    try:
        return item(code).label
    except UnknownItem:
        return code
