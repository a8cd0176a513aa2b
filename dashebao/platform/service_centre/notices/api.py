"""The door of notices: what the portal shows of them."""

from dashebao.platform.service_centre.notices.actions import NoticeRefused, Wording, publish, withdraw, write
from dashebao.platform.service_centre.notices.queries import NoticeView, newest, published, search_notices

__all__ = [
    "NoticeRefused",
    "NoticeView",
    "Wording",
    "newest",
    "publish",
    "published",
    "search_notices",
    "withdraw",
    "write",
]
