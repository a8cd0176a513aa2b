"""Pages of the identity centre: the seals for the administration, root and list of withdrawn seals for everybody."""

from __future__ import annotations

from cryptography.hazmat.primitives import serialization
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.platform.identity_centre import keeping
from dashebao.platform.identity_centre.actions import DUTY, renew_seal, withdraw_seal
from dashebao.platform.identity_centre.errors import SealError
from dashebao.platform.identity_centre.sealing import current_seal
from dashebao.platform.screens.api import Face, Page, register_page


def seals_view(request: HttpRequest) -> HttpResponse:
    """All seals; a POST renews or withdraws one."""
    if request.method == "POST":
        reason, number = request.POST.get("reason", "").strip()[:200], request.POST.get("seal", "")
        if request.POST.get("act") == "withdraw":
            withdraw_seal(int(number) if number.isdecimal() else 0, reason, by=request.user)
        else:
            renew_seal(reason, by=request.user)
        messages.success(request, _("Done and recorded."))
        return redirect("identity_centre_seals")
    context = {"current": current_seal(), "seals": keeping.seals()}
    return render(request, "identity_centre/seals.html", context)


def root_view(request: HttpRequest) -> HttpResponse:
    """The root certificate, for those who check papers with a program of their own."""
    content = keeping.root().certificate.public_bytes(serialization.Encoding.PEM)
    return _file(content, "application/x-pem-file", "dashebao-root.crt")


def withdrawn_view(request: HttpRequest) -> HttpResponse:
    """The list of withdrawn seals, signed by the root."""
    return _file(keeping.revocation_list(), "application/pkix-crl", "dashebao-seals.crl")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)


register_page(
    Page(
        face=Face.COUNTER,
        path="seals/",
        name="identity_centre_seals",
        title=gettext_lazy("Seals"),
        view=seals_view,
        icon="stamp",
        group="admin",
        order=80,
        roles=(DUTY,),
        told=(SealError,),
    )
)
register_page(
    Page(
        face=Face.PORTAL,
        path="/seals/root.crt",
        name="identity_centre_root",
        title=gettext_lazy("Root certificate"),
        view=root_view,
        public=True,
    )
)
register_page(
    Page(
        face=Face.PORTAL,
        path="/seals/withdrawn.crl",
        name="identity_centre_withdrawn",
        title=gettext_lazy("Withdrawn seals"),
        view=withdrawn_view,
        public=True,
    )
)
