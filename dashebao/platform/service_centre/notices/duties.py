"""The duties of those who write and publish notices."""

from django.utils.translation import gettext_lazy as _

from dashebao.kernel.identity.api import Role, register_role

EDITOR = register_role(Role("notices.editor", _("Notices: editor")))
PUBLISHER = register_role(Role("notices.publisher", _("Notices: publisher")))
