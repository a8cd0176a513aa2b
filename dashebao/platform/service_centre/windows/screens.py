"""The pages of the windows and the chip in the staff shell."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.platform.screens.api import Bar, Face, Page, register_bar, register_page
from dashebao.platform.screens.desks import duties
from dashebao.platform.service_centre.windows import views
from dashebao.platform.service_centre.windows.errors import QueueError


def _page(path: str, name: str, title: object, view: object, **more: object) -> None:
    register_page(
        Page(
            face=Face.COUNTER,
            path=f"windows/{path}",
            name=f"windows_{name}",
            title=title,
            view=view,
            roles=duties("business"),
            told=(QueueError,),
            **more,
        )
    )


_page("", "desk", _("Window and numbers"), views.desk, icon="ticket", group="work", order=4)
_page("terminal/", "terminal", _("Take a number"), views.terminal)
_page("number/<int:ticket>/", "number", pgettext_lazy("queue", "Number"), views.number)
_page("board/", "board", _("Screen of the hall"), views.board)
register_bar(Bar(Face.COUNTER, "windows/_chip.html", views.chip))
