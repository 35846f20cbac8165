"""The WSGI application that waitress serves."""

import os

from django.core.wsgi import get_wsgi_application

from guanxi.base.doctor.safety import refuse_unsafe

refuse_unsafe()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.settings")
application = get_wsgi_application()
