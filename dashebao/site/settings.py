"""Settings of the whole product; what differs between installations comes from the environment and the data folder."""

import os
from pathlib import Path

from dashebao.site import businesses, secrets
from dashebao.site.databases import database_settings

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DASHEBAO_DATA", ROOT / ".data")).resolve()
SECRETS = secrets.load(DATA)
SECRET_KEY = SECRETS["secret_key"]
CONTEXT_KEY = bytes.fromhex(SECRETS["context_key"])
BATCH_WORKERS = int(os.environ.get("DASHEBAO_WORKERS", min(os.cpu_count() or 1, 8)))  # chunks done at once
BATCH_PEOPLE = int(os.environ.get("DASHEBAO_CHUNK", 0))  # people in a chunk; 0: as many as each step finds usual
ROLE = os.environ.get("DASHEBAO_ROLE", "worker")

DEBUG = False
ALLOWED_HOSTS = os.environ.get("DASHEBAO_HOSTS", "127.0.0.1,localhost,testserver").split(",")
INTERNAL_IPS: list[str] = []
PUBLIC_ADDRESS = os.environ.get("DASHEBAO_ADDRESS", "http://127.0.0.1:8000").rstrip("/")  # printed in QR codes

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    *businesses.APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dashebao.platform.screens.security.ContentSecurityPolicyMiddleware",
    "dashebao.platform.service_centre.open_api.middleware.OpenApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dashebao.kernel.identity.middleware.SessionLimitMiddleware",
    "dashebao.kernel.identity.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "dashebao.site.urls"
WSGI_APPLICATION = "dashebao.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                "dashebao.platform.administration.texts.Loader",  # letters changed by two persons; never cached
                ("django.template.loaders.cached.Loader", ["django.template.loaders.app_directories.Loader"]),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashebao.platform.screens.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "dashebao.platform.screens.forms.Renderer"

DATABASES = {"default": database_settings(DATA, SECRETS, ROLE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["dashebao.kernel.identity.backends.PasswordBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "sign_in"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "dashebao.platform.screens.errors.csrf_failure"
SECURE_HTTPS = os.environ.get("DASHEBAO_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE_HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": os.environ.get("DASHEBAO_STATIC", "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = DATA / "papers"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
