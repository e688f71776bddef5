"""A Django of one page behind the settings of gateway/examples/django. Argument: the port."""

import os
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings

import settings as documented

here = os.path.dirname(os.path.abspath(__file__))
settings.configure(
    SECRET_KEY="only for a test",
    ALLOWED_HOSTS=["*"],
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(here, "kept")}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"],
    ROOT_URLCONF=__name__,
    **{name: getattr(documented, name) for name in dir(documented) if name.isupper()},
)
django.setup()

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
from oauth2_provider.views.generic import ProtectedResourceView


class Page(ProtectedResourceView):
    def get(self, request):
        return HttpResponse("from the service")


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


urlpatterns = [path("", Page.as_view())]
call_command("migrate", verbosity=0)
make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application(), handler_class=Quiet).serve_forever()
