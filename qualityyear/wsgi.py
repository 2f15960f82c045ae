"""Owns the WSGI application that gunicorn, waitress and runserver start."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualityyear.settings")

application = get_wsgi_application()
