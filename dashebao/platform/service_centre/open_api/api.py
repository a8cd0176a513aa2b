"""The door of the open interface: what a business needs to answer programs."""

from dashebao.platform.service_centre.open_api.actions import (
    ClientEntry,
    ClientError,
    change_client,
    create_client,
    issue_key,
    revoke_key,
    rotate_key,
)
from dashebao.platform.service_centre.open_api.models import ApiCall, ApiClient, ApiKey, ClientKind, ClientState
from dashebao.platform.service_centre.open_api.months import MonthText, month_number, month_text
from dashebao.platform.service_centre.open_api.register import (
    About,
    Answer,
    Asked,
    Query,
    Question,
    Rows,
    queries,
    register_query,
    register_scope,
    register_told,
)

__all__ = [
    "About",
    "Answer",
    "ApiCall",
    "ApiClient",
    "ApiKey",
    "Asked",
    "ClientEntry",
    "ClientError",
    "ClientKind",
    "ClientState",
    "MonthText",
    "Query",
    "Question",
    "Rows",
    "change_client",
    "create_client",
    "issue_key",
    "month_number",
    "month_text",
    "queries",
    "register_query",
    "register_scope",
    "register_told",
    "revoke_key",
    "rotate_key",
]
