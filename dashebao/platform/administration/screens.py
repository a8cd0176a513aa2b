"""The administrators' and auditors' pages, in the same register the businesses use."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.identity.api import NotPermitted
from dashebao.platform.administration import (
    screens_audit,
    screens_calendars,
    screens_duties,
    screens_offices,
    screens_parameters,
    screens_proposals,
    screens_references,
    screens_running,
)
from dashebao.platform.administration.errors import AdministrationRefused
from dashebao.platform.screens.api import Face, Group, Page, register_group, register_page
from dashebao.platform.screens.desks import duties

register_group(Group("people_and_rights", _("Offices and officers"), order=72, icon="users-round"))
register_group(Group("reference", _("Reference data"), order=74, icon="scale"))
register_group(Group("operation", pgettext_lazy("menu", "Operation"), order=76, icon="activity"))
register_group(Group("admin", _("Administration"), order=78, icon="settings"))
register_group(Group("control", _("Control"), order=80))

USERS = ("admin.users",)
REFERENCE = ("admin.parameters", "admin.approver")
READERS = (*REFERENCE, *duties("audit"))
PROPOSERS = ("admin.parameters",)
OPERATIONS = ("admin.operations",)
AUDIT = duties("audit")
TOLD = (AdministrationRefused, NotPermitted)


def _page(path: str, name: str, title: object, view: object, **more: Any) -> None:
    register_page(Page(face=Face.COUNTER, path=path, name=name, title=title, view=view, told=TOLD, **more))


def _users(path: str, name: str, title: object, view: object, **more: Any) -> None:
    _page(path, name, title, view, roles=USERS, **more)


_users("admin/offices/", "admin_offices", pgettext_lazy("administration", "Offices"), screens_offices.offices, icon="landmark",
       group="people_and_rights", order=1)  # fmt: skip
_users("admin/office/new/", "admin_office_new", _("New office"), screens_offices.office)
_users("admin/office/<int:key>/", "admin_office", _("Office"), screens_offices.office)
_users("admin/officers/", "admin_officers", _("Officers"), screens_offices.officers, icon="users",
       group="people_and_rights", order=2)  # fmt: skip
_users("admin/officer/new/", "admin_officer_new", _("New officer"), screens_offices.new_officer)
_users("admin/officer/<int:key>/", "admin_officer", _("Officer"), screens_offices.officer)
_page("admin/roles/", "admin_roles", _("Roles"), screens_duties.role_list, icon="key-round", roles=(*USERS, *AUDIT),
      group="people_and_rights", order=3)  # fmt: skip
_page("admin/delegations/", "admin_delegations", _("Standing in"), screens_duties.delegations, icon="handshake",
      roles=duties("business", "finance", "information", "audit"), group="work", order=90)  # fmt: skip

_page("admin/proposals/", "admin_proposals", _("Proposed changes"), screens_proposals.proposals, icon="git-pull-request",
      roles=READERS, group="reference", order=1)  # fmt: skip
_page("admin/proposal/<int:key>/", "admin_proposal", _("Proposed change"), screens_proposals.proposal, roles=READERS)
_page("admin/parameters/", "admin_parameters", _("Parameters of the law"), screens_parameters.parameters, icon="scale",
      roles=READERS, group="reference", order=2)  # fmt: skip
_page("admin/parameter/<str:name>/", "admin_parameter", _("Parameter"), screens_parameters.parameter, roles=READERS)
_page("admin/parameter/<str:name>/propose/", "admin_parameter_propose", _("Propose a change"),
      screens_parameters.propose_parameter, roles=PROPOSERS)  # fmt: skip
_page("admin/parameter/<str:name>/export/", "admin_parameter_export", _("Export"), screens_parameters.export,
      roles=READERS)  # fmt: skip
_page("admin/codes/", "admin_codes", _("Code tables"), screens_references.code_tables, icon="list-ordered",
      roles=READERS, group="reference", order=3)  # fmt: skip
_page("admin/code/<str:name>/", "admin_code", _("Code table"), screens_references.code_table, roles=READERS)
_page("admin/code/<str:name>/propose/", "admin_code_propose", _("Propose a code"), screens_references.propose_code,
      roles=PROPOSERS)  # fmt: skip
_page("admin/calendars/", "admin_calendars", _("Working days"), screens_calendars.years, icon="calendar-days",
      roles=READERS, group="reference", order=4)  # fmt: skip
_page("admin/calendars/load/", "admin_calendar_load", _("Load a year"), screens_calendars.load, roles=PROPOSERS)
_page(
    "admin/calendar/<int:year>/", "admin_calendar", _("Working days of a year"), screens_calendars.year, roles=READERS
)
_page("admin/letters/", "admin_letters", _("Texts of letters"), screens_references.letters, icon="mail",
      roles=READERS, group="reference", order=5)  # fmt: skip
_page("admin/letter/", "admin_letter", _("Text of a letter"), screens_references.letter, roles=READERS)

_page("admin/jobs/", "admin_jobs", _("Jobs"), screens_running.jobs, icon="cog", roles=OPERATIONS, group="operation",
      order=1)  # fmt: skip
_page("admin/job/<int:key>/", "admin_job", _("Job"), screens_running.job, roles=OPERATIONS)
_page("admin/sessions/", "admin_sessions", _("Who is signed in"), screens_running.sessions, icon="monitor-check",
      roles=(*OPERATIONS, *USERS), group="operation", order=2)  # fmt: skip
_page("admin/health/", "admin_health", _("Health"), screens_running.health, icon="heart-pulse", roles=OPERATIONS,
      group="operation", order=3)  # fmt: skip

_page("audit/", "counter_audit", _("Audit trail"), screens_audit.trail, icon="history", roles=AUDIT, group="control")
_page("audit/rows/", "counter_history", _("Row history"), screens_audit.rows, icon="git-compare", roles=AUDIT,
      group="control")  # fmt: skip
_page("audit/verify/", "counter_verify", _("Check of the seals"), screens_audit.check, icon="shield-check", roles=AUDIT,
      group="control")  # fmt: skip
