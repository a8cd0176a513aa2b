"""Pages of operation: runs and their chunks, open sessions, and the health of the installation."""

from __future__ import annotations

import platform
import shutil
import time
from typing import Any

import django
from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.batches.api import Chunk, Run, StepState, ask_for, failed_chunks, pipeline
from dashebao.kernel.identity.api import SignedIn, User, end_sessions, has_role
from dashebao.kernel.records.api import audit
from dashebao.platform.administration.names import office_name, own_prefix
from dashebao.platform.screens.api import Fact, Facts, Figure, Figures, paged, whole

OPERATIONS = "admin.operations"
CHUNKS_ON_A_PAGE = 50


def jobs(request: HttpRequest) -> HttpResponse:
    """Every run with its failures, and the pipelines; one query."""
    chunks = Count("steps__chunks")
    done = Count("steps__chunks", filter=Q(steps__chunks__state="done"))
    failed = Count("steps__chunks", filter=Q(steps__chunks__state="open") & ~Q(steps__chunks__error=""))
    found = Run.objects.annotate(chunks=chunks, done=done, failed=failed).order_by("-period", "pipeline")
    return render(request, "administration/jobs.html", {"paged": paged(request, found)})


def job(request: HttpRequest, key: int) -> HttpResponse:
    """One run: its steps, the chunks of a step (failed ones first), and the wish to carry it on."""
    run = Run.objects.filter(pk=key).first()
    if run is None:
        raise Http404
    if request.method == "POST":
        ask_for(run)
        audit("administration.run_asked", run, pipeline=run.pipeline, period=run.period)
        messages.success(
            request, _("The worker carries the run on within a few seconds; done chunks are not done again.")
        )
        return redirect("admin_job", run.pk)
    states = {state.name: state for state in StepState.objects.filter(run=run).order_by("position")}
    only = request.GET.get("step", "")
    chunks = (
        Chunk.objects.filter(step__run=run).select_related("step").order_by("state", "-error", "step__position", "id")
    )
    if only in states:
        chunks = chunks.filter(step__name=only)
    if request.GET.get("failed"):
        chunks = chunks.exclude(error="").filter(state="open")
    titles = _titles(run.pipeline)
    page = paged(request, chunks.order_by("-step__position", "state", "id"), CHUNKS_ON_A_PAGE)
    context = {
        "run": run,
        "failed": failed_chunks(run),
        "paged": page,
        "rows": [(chunk, titles.get(chunk.step.name, chunk.step.name)) for chunk in page.rows],
        "steps": [(name, titles.get(name, name)) for name in states],
        "only": only,
        "menu_name": "admin_jobs",
    }
    return render(request, "administration/job.html", context)


def _titles(name: str) -> dict[str, str]:
    try:
        return {step.name: str(step.title) for step in pipeline(name)}
    except KeyError:
        return {}


def sessions(request: HttpRequest) -> HttpResponse:
    """Who is signed in: officers of the area by name, citizens and operators only counted."""
    reachable = Q(user__kind="officer", user__office__region_code__startswith=own_prefix(request.user))
    if request.method == "POST":
        user = User.objects.filter(pk=whole(request.POST.get("user"))).select_related("office").first()
        if user is None:
            raise Http404
        messages.success(request, _("%(count)d sessions were ended.") % {"count": end_sessions(user, by=request.user)})
        return redirect("admin_sessions")
    counts = dict(SignedIn.objects.values_list("user__kind").annotate(n=Count("id")))
    found = SignedIn.objects.filter(reachable).select_related("user__office").order_by("-seen_at")
    page = paged(request, found)
    figures = Figures(
        [
            Figure(_("Officers"), counts.get("officer", 0)),
            Figure(_("Citizens"), counts.get("citizen", 0)),
            Figure(_("Unit operators"), counts.get("operator", 0)),
        ]
    )
    context = {
        "paged": page,
        "rows": [(row, office_name(row.user.office)) for row in page.rows],
        "figures": figures,
        "may_end": has_role(request.user, "admin.users"),
    }
    return render(request, "administration/sessions.html", context)


def health(request: HttpRequest) -> HttpResponse:
    """Whether everything runs: database, disk, messages, seals, runs; measured when the page is opened."""
    found = _database()
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    answered_ms = (time.perf_counter() - began) * 1000
    disk = shutil.disk_usage(settings.DATA)
    free = disk.free * 100 // disk.total
    checks = [
        (_("The database answers"), f"{answered_ms:.1f} ms", "ok"),
        (_("Disk space left"), f"{free}% · {disk.free // 2**30} GiB", "ok" if free > 10 else "err"),
        (
            _("Longest open transaction"),
            _("%(n)d seconds") % {"n": found["longest"]},
            "ok" if found["longest"] < 300 else "warn",
        ),
        (_("Waiting locks"), str(found["waiting"]), "ok" if not found["waiting"] else "warn"),
        (_("Messages not delivered"), str(found["undelivered"]), "ok" if found["undelivered"] < 1000 else "warn"),
        (_("Messages put aside"), str(found["quarantined"]), "ok" if not found["quarantined"] else "err"),
        (_("Failed chunks"), str(found["failed"]), "ok" if not found["failed"] else "err"),
        (_("Last seal"), _ago(found["sealed_at"]), "ok" if _fresh(found["sealed_at"]) else "warn"),
    ]
    facts = Facts(
        [
            Fact("PostgreSQL", found["version"]),
            Fact(_("Database size"), f"{found['size'] // 2**20:,} MiB"),
            Fact(_("Running since"), found["started"], "moment"),
            Fact(_("Connections"), found["connections"], "number"),
            Fact(_("Time on the server"), timezone.now(), "moment"),
            Fact("Python", platform.python_version()),
            Fact("Django", django.get_version()),
            Fact(_("Generation of the reference data"), found["generation"], "number"),
        ],
        columns=4,
    )
    return render(request, "administration/health.html", {"checks": checks, "facts": facts})


def _ago(moment: Any) -> str:
    if moment is None:
        return _("never")
    seconds = int((timezone.now() - moment).total_seconds())
    return _("%(n)d minutes ago") % {"n": seconds // 60} if seconds >= 120 else _("%(n)d seconds ago") % {"n": seconds}


def _fresh(moment: Any) -> bool:
    return moment is not None and (timezone.now() - moment).total_seconds() < 3600


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(FIGURES)
        names = [column[0] for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


FIGURES = """
select current_setting('server_version') as version,
       pg_database_size(current_database()) as size,
       pg_postmaster_start_time() as started,
       (select count(*) from pg_stat_activity where datname = current_database()) as connections,
       (select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::int from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()) as longest,
       (select count(*) from pg_locks where not granted) as waiting,
       (select count(*) from exchange_delivery where sent_at is null) as undelivered,
       (select count(*) from exchange_quarantined) as quarantined,
       (select count(*) from batches_chunk where state = 'open' and error <> '') as failed,
       (select max(at) from records_seal) as sealed_at,
       (select coalesce(max(number), 0) from records_generation) as generation
"""
