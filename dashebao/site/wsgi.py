"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
os.environ.setdefault("DASHEBAO_ROLE", "web")
application = get_wsgi_application()
