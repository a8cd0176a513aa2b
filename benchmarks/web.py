"""The web process with the benchmark's addresses."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
os.environ.setdefault("DASHEBAO_ROLE", "web")
settings.ROOT_URLCONF = "benchmarks.addresses"
application = get_wsgi_application()
