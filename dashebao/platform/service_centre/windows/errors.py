"""What can go wrong at the windows, in words for the user."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class QueueError(Exception):
    """A refused act on the queue; ``str()`` is the sentence for the user."""

    message: Any = _("This cannot be done with the number.")

    def __str__(self) -> str:
        return str(self.message)


class NobodyWaits(QueueError):
    """The queue is empty."""

    message = _("Nobody is waiting for these kinds of business.")


class StillServing(QueueError):
    """The officer has a number already."""

    message = _("You still serve a number. Finish it, or record that nobody came, before you call the next.")


class NotYours(QueueError):
    """The number is not at this officer's window."""

    message = _("This number is not at your window. Load the page again.")


class NoWindow(QueueError):
    """The officer has not said at which window he sits."""

    message = _("Enter the number of your window first.")


class NoSuchBusiness(QueueError):
    """No number is given for this kind of business."""

    message = _("There are no numbers for this kind of business. Choose one of those shown.")
